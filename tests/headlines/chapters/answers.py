"""What holds of sentences about answers."""

import polars as pl
from headlines.chapters.topics import first
from headlines.entries import case, holds
from headlines.mutations import only, put, swapped, widened
from headlines.reading import close, digits, numbers

from cur_lab.headlines import answers


def left(*shares, reach=0.02):
    """Groups with the share that waits, those with most messages first."""
    return pl.DataFrame(
        {
            "agency": [f"Ведомство {name}" for name in "АБВГ"[: len(shares)]],
            "n": range(100, 100 - len(shares), -1),
            "still_open": shares,
            "still_open_low": [share - reach for share in shares],
            "still_open_high": [share + reach for share in shares],
        }
    )


@holds(
    answers.waiting,
    case(
        left(0.3, 0.5, 0.1),
        mutations=(swapped("agency"), widened("still_open"), only(2), only(1)),
        event="answer",
        days=60,
    ),
    case(
        left(0.3, 0.31, reach=0.1),
        mutations=(put(still_open_low=0.3, still_open_high=0.2), swapped("agency")),
        event="resolution",
        days=21,
    ),
    claims="^(?!.*не различить)Через .* и у ",
)
def waiting(sentence, left, event, days):
    rows = sorted(left.to_dicts(), key=lambda row: row["still_open"])
    if not rows:
        return "не определяется" in sentence
    what = {"answer": "нет ответа", "resolution": "нет отметки об устранении"}[event]
    shown = [rows[-1], rows[0]] if len(rows) > 1 else rows
    values = [100 * row[f"still_open{end}"] for row in shown for end in ("", "_low", "_high")]
    term, *printed = numbers(sentence)
    near = len(printed) == len(values) and all(map(close, printed, values, digits(sentence)[1:]))
    if not near or any(row["agency"] not in sentence for row in shown):
        return False
    order = sentence.index(shown[0]["agency"]) <= sentence.index(shown[-1]["agency"])
    alike = len(rows) > 1 and rows[-1]["still_open_low"] <= rows[0]["still_open_high"]
    return what in sentence and term == days and order and alike == ("не различить" in sentence)


def again(*shares, reach=0.02):
    return pl.DataFrame(
        {
            "agency": [f"Ведомство {name}" for name in "АБВГ"[: len(shares)]],
            "since": ["fixed"] * len(shares),
            "days": [30] * len(shares),
            "incidence": shares,
            "incidence_low": [share - reach for share in shares],
            "incidence_high": [share + reach for share in shares],
        }
    )


@holds(
    answers.incidence,
    case(
        again(0.2, 0.4, 0.3),
        mutations=(swapped("agency"), widened("incidence"), put(since="written"), only(1)),
        days=30,
    ),
    case(again(0.2), mutations=(put(days=7), put(incidence_low=0.0)), days=30),
    claims="чаще всех",
)
def incidence(sentence, risks, days):
    told = (row for row in risks.to_dicts() if row["since"] == "fixed" and row["days"] == days)
    rows = [row for row in told if row["incidence"] is not None]
    if not rows:
        return sentence.startswith("Что происходит") and numbers(sentence) == [days]
    worst, *rivals = first(rows, "incidence")
    values = [*(100 * worst[f"incidence{end}"] for end in ("", "_low", "_high")), days]
    printed = numbers(sentence)
    near = len(printed) == 4 and all(map(close, printed, values, digits(sentence)))
    alone = ("чаще всех" in sentence) == (not rivals and len(rows) > 1)
    others = ("среди самых частых" in sentence) == bool(rivals)
    return near and alone and others and sentence.startswith(f"{worst['agency']}:")
