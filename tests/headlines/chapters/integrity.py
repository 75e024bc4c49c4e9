"""What holds of sentences about the integrity of votes."""

import math
import re
from datetime import UTC, datetime, timedelta

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, only, put, swapped
from headlines.reading import close, digits, numbers, quoted

from cur_lab import columns as c
from cur_lab.headlines import integrity

START = datetime(2025, 11, 1, 3, tzinfo=UTC)
WAYS = c.CODES["channel"]


def flags(**verdicts):
    rows = [(project, test, verdict) for project, verdict in verdicts.items() for test in "ab"]
    return pl.DataFrame(rows, schema=["project_id", "test", "verdict"], orient="row")


def hours(*votes, title="Ремонт дороги"):
    rows = [
        (START + timedelta(hours=hour), channel, number, title)
        for hour, both in enumerate(votes)
        for channel, number in zip(("esia", "sms"), both, strict=True)
    ]
    return pl.DataFrame(rows, schema=["hour", "channel", "votes", "title"], orient="row")


def beyond(*excess):
    return pl.DataFrame({"excess": excess}, schema={"excess": pl.Float64})


def trials(**found):
    rows = [(way, size, share, 40) for way, by in found.items() for size, share in by.items()]
    return pl.DataFrame(rows, schema=["channel", "excess", "found", "trials"], orient="row")


def marked(*rows):
    schema = {"review": pl.Int64, "natural": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def smallest(**votes):
    rows = [(way, hours, number) for way, number in votes.items() for hours in (1, 6)]
    schema = {"channel": pl.String, "hours": pl.Int64, "detectable": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def wilson(seen, number, z=1.959963984540054):
    share = seen / number
    middle = (share + z**2 / (2 * number)) / (1 + z**2 / number)
    half = z * math.sqrt(share * (1 - share) / number + z**2 / (4 * number**2))
    half /= 1 + z**2 / number
    return share, middle - half, middle + half


@holds(
    integrity.evidence,
    case(
        flags(p1="review", p2="natural", p3="ordinary", p4="review"),
        mutations=(only(2), only(6), put(verdict="ordinary"), put(verdict="natural")),
    ),
    case(flags(p1="natural", p2="ordinary"), mutations=(put(verdict="review"), only(2))),
    case(flags(p1="ordinary", p2="ordinary"), mutations=(put(verdict="natural"), only(2))),
    claims=r"^Проверки требу[ею]т",
)
def evidence(sentence, frame):
    said = {row["project_id"]: row["verdict"] for row in frame.to_dicts()}
    called, risen = (list(said.values()).count(name) for name in ("review", "natural"))
    if not said:
        return not numbers(sentence)
    if not called and not risen:
        many = [len(said)] if len(said) > 1 else []
        return "не выделяется" in sentence and numbers(sentence) == many
    right = ("не требует ни один" in sentence) == ("▲" not in sentence) == (not called)
    return right and numbers(sentence) == [*([called] if called else []), len(said), risen]


@holds(
    integrity.by_hour,
    case(
        hours((3, 1), (20, 16), (4, 9)),
        mutations=(only(2), multiplied(2, "votes"), put(title="Двор"), swapped("hour")),
    ),
    case(
        hours((3, 1), title="Зона отдыха на улице Первомайской: дорожки, скамейки, озеленение"),
        mutations=(put(title="Зона отдыха на улице Лесной"),),
    ),
)
def by_hour(sentence, frame):
    votes = {}
    for row in frame.to_dicts():
        votes[row["hour"]] = votes.get(row["hour"], 0) + row["votes"]
    if not votes or "нет" in sentence:
        return not votes and "нет" in sentence
    most = max(votes.values())
    hour = min(hour for hour, number in votes.items() if number == most)
    said = re.search(r"— (\d+) \((\d\d)\.(\d\d), (\d\d) ч\)", sentence)
    true = [most, hour.day, hour.month, hour.hour]
    title = frame.to_dicts()[0]["title"]
    (named,) = quoted(sentence)
    whole = named == title or (
        named.endswith("…")
        and 40 < len(named) <= 60
        and title.startswith(named[:-1])
        # At a word.
        and not title[len(named) - 1].isalnum()
    )
    return bool(said) and [int(n) for n in said.groups()] == true and whole


@holds(
    integrity.excess,
    case(beyond(88.2, 66.4, 65.0), mutations=(only(2), multiplied(0.5, "excess"))),
    case(beyond(21.0), mutations=(put(excess=22.0),)),
)
def excess(sentence, frame):
    number = sum(row["excess"] for row in frame.to_dicts())
    if frame.is_empty():
        return not numbers(sentence)
    one = round(number) % 10 == 1 and round(number) % 100 != 11
    (said,) = numbers(sentence) or [-1]
    return close(said, number) and sentence.endswith("голоса") == one


@holds(
    integrity.power,
    case(
        trials(esia={10: 0.1, 50: 0.4}, sms={10: 0.8, 50: 1.0}, paper={10: 0.9, 50: 1.0}),
        mutations=(swapped("channel"), put(found=0.5), only(2), put(trials=400)),
    ),
    case(
        trials(esia={10: 0.5}, sms={10: 0.55}, paper={10: 1.0}),
        mutations=(put(trials=4_000), only(1), swapped("channel")),
    ),
    claims="Хуже всего",
)
def power(sentence, frame):
    summed = {}
    for row in frame.to_dicts():
        seen, number = summed.get(row["channel"], (0.0, 0))
        summed[row["channel"]] = (seen + row["found"] * row["trials"], number + row["trials"])
    if not summed or "не определяется" in sentence:
        return not summed and "не определяется" in sentence
    told = {WAYS[way]: wilson(*counted) for way, counted in summed.items()}
    worst = min(told.values())
    apart = [way for way, (_, low, _) in told.items() if low <= worst[2]]
    first = min(told, key=lambda way: told[way])
    near = len(numbers(sentence)) == 3 and all(
        close(one, 100 * value, places)
        for one, value, places in zip(numbers(sentence), worst, digits(sentence), strict=True)
    )
    single = len(told) > 1 and len(apart) == 1
    words = {"Хуже всего": single, "Среди хуже": len(apart) > 1, "виден в среднем": len(told) == 1}
    right = all((said in sentence) == true for said, true in words.items())
    return near and right and sorted(quoted(sentence)) == sorted(apart) and first in sentence


@holds(
    integrity.places,
    case(marked((1, 1), (0, 2), (0, 0)), mutations=(put(review=0, natural=0), only(2)), top=2),
    case(marked((0, 0), (0, 0)), mutations=(put(natural=1),), top=2),
)
def places(sentence, table, top):
    rows = table.to_dicts()
    some = any(row["review"] + row["natural"] for row in rows)
    shown = [top, len(rows)] if len(rows) > top else []
    return sentence.startswith("Отмеченные") == some and numbers(sentence) == shown


@holds(
    integrity.seen,
    case(
        smallest(esia=132, sms=29, paper=None, call_centre=10),
        mutations=(swapped("channel"), put(detectable=50), put(hours=1), multiplied(2, "hours")),
        hours=6,
        least=10,
        most=200,
    ),
)
def seen(sentence, detectable, hours, least, most):
    rows = {r["channel"]: r["detectable"] for r in detectable.to_dicts() if r["hours"] == hours}
    if not rows or "не определяется" in sentence:
        return not rows and "не определяется" in sentence
    words = {None: f"больше {most}", least: f"уже от {least}"}
    told = all(
        f"«{WAYS[way]}» — {words.get(votes, f'от {votes}')}" in sentence
        for way, votes in rows.items()
    )
    return told and len(quoted(sentence)) == len(rows) + 1 and f"за {hours} часов" in sentence
