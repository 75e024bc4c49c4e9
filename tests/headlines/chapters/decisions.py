"""What holds of sentences about decisions."""

from dataclasses import replace

import polars as pl
from headlines.chapters.reporting import luck
from headlines.entries import case, holds
from headlines.mutations import multiplied, of, only, put, swapped, widened
from headlines.reading import close, digits, numbers, quoted

from cur_lab import columns as c
from cur_lab.headlines import decisions
from cur_lab.trends.decisions import Impact, Rollout

SIDES = {
    "fewer_than_expected": "меньше, чем ожидалось",
    "more_than_expected": "больше, чем ожидалось",
    "usual_swing": "не отличить",
}


def estimates(change, low, high):
    rows = {
        "chosen": [True, False],
        "change": [change, 0.9],
        "change_low": [low, 0.8],
        "change_high": [high, 0.95],
    }
    return pl.DataFrame(rows, schema_overrides=dict.fromkeys(list(rows)[1:], pl.Float64))


def impact_of(verdict, *change, scores=(-3.0, 1.0, -0.5, 2.0)):
    kinds = ["decision", "place", "time", "time"][: len(scores)]
    placebos = pl.DataFrame(
        {"kind": kinds, "score": scores}, schema={"kind": pl.String, "score": pl.Float64}
    )
    others = [pl.DataFrame()] * 3
    return Impact(estimates(*change), placebos, *others, verdict, "not_told_apart")


def rollout_of(verdict, *change):
    return Rollout(estimates(*change), pl.DataFrame(), pl.DataFrame(), verdict)


def found(verdict, *change):
    """A mutation: other numbers with the verdict that goes with them."""

    def other(result):
        name = "estimates" if isinstance(result, Impact) else "overall"
        return replace(result, **{name: estimates(*change)}, verdict=verdict)

    return other


OTHERS = (
    found("more_than_expected", 0.6, 0.2, 1.1),
    found("usual_swing", -0.6, -0.8, 0.1),
    found("nowhere_without", None, None, None),
    found("fewer_than_expected", -0.3, -0.8, -0.2),
)


def says(sentence, verdict, frame):
    """The verdict in words is that of the interval, and its three numbers are printed."""
    rows = [row for row in frame.to_dicts() if row["chosen"] and row["change"] is not None]
    if not rows:
        reason = "не определяется" if verdict in SIDES else c.CODES["verdict"][verdict]
        return reason in sentence.lower() and not numbers(sentence)
    (row,) = rows
    values = [row["change"], row["change_low"], row["change_high"]]
    sides = (row["change_high"] < 0, row["change_low"] > 0)
    right = all((SIDES[code] in sentence) == true for code, true in zip(SIDES, sides, strict=False))
    none = (SIDES["usual_swing"] in sentence) == (not any(sides))
    printed = [value / 100 for value in numbers(sentence.partition(": ")[2])]
    near = len(printed) == 3 and all(close(p, v, 2) for p, v in zip(printed, values, strict=True))
    return right and none and near


@holds(
    decisions.impact,
    case(impact_of("fewer_than_expected", -0.6, -0.8, -0.2), mutations=OTHERS),
    claims="меньше, чем|больше, чем",
)
def impact(sentence, result):
    return says(sentence, result.verdict, result.estimates)


@holds(
    decisions.rollout,
    case(rollout_of("fewer_than_expected", -0.6, -0.8, -0.2), mutations=OTHERS),
    claims="меньше, чем|больше, чем",
)
def rollout(sentence, result):
    return says(sentence, result.verdict, result.overall)


@holds(
    decisions.together,
    case(rollout_of("fewer_than_expected", -0.6, -0.8, -0.2), mutations=OTHERS[:3]),
    claims="меньше, чем|больше, чем",
)
def together(sentence, result):
    rows = [row for row in result.overall.to_dicts() if row["chosen"]]
    fewer, more = (
        any(row["change"] is not None and side(row) for row in rows)
        for side in (lambda row: row["change_high"] < 0, lambda row: row["change_low"] > 0)
    )
    sides = (SIDES["fewer_than_expected"] in sentence, SIDES["more_than_expected"] in sentence)
    return sides == (fewer, more) and sentence.startswith("Все районы вместе: ")


@holds(
    decisions.rank,
    case(
        impact_of("usual_swing", -0.6, -0.8, 0.2),
        mutations=(
            of("placebos", swapped("score")),
            of("placebos", put(score=1.0)),
            of("placebos", only(1)),
        ),
    ),
)
def rank(sentence, result):
    rows = result.placebos.to_dicts()
    own = [abs(row["score"]) for row in rows if row["kind"] == "decision"]
    others = [abs(row["score"]) for row in rows if row["kind"] in ("place", "time")]
    if not own or not others:
        return sentence == "Ложных решений для сравнения нет"
    place = 1 + sum(other >= own[0] for other in others)
    number = 1 + len(others)
    printed = numbers(sentence)
    exact = printed[:2] == [place, number]
    return exact and all(map(close, printed[2:], (place / number, 1 / number), (3, 3)))


def overview_of(*ends):
    rows = [{"change": (a + b) / 2, "change_low": a, "change_high": b} for a, b in ends]
    return pl.DataFrame(rows)


@holds(
    decisions.overview,
    case(
        overview_of((-0.6, -0.1), (0.1, 0.5), (-0.1, 0.3)),
        mutations=(widened("change"), put(change_low=0.01, change_high=0.02), put(change=None)),
    ),
    case(
        overview_of((-0.6, -0.1), *[(-0.1, 0.3)] * 4),
        mutations=(put(change_low=0.01), only(1)),
    ),
    claims="^(?!.*случайно).*отличимо",
)
def overview(sentence, frame):
    rows = [row for row in frame.to_dicts() if row["change"] is not None]
    if not rows:
        return "не определяется" in sentence
    found = sum(not row["change_low"] <= 0 <= row["change_high"] for row in rows)
    said = numbers(sentence) == ([found, len(rows)] if found else [len(rows)])
    by_luck = found > 0 and luck(found, len(rows))
    none = ("ни после одного" in sentence) == (found == 0)
    return said and none and ("случайно" in sentence) == by_luck


def money_of(**columns):
    rows = {
        "rubric": ["Ямы", "Свет", "Вода"],
        "share": [0.2, 0.3, 0.1],
        "share_low": [0.18, 0.28, 0.08],
        "share_high": [0.22, 0.32, 0.12],
        "money_share": [0.5, 0.2, None],
        "money_share_low": [0.4, 0.1, None],
        "money_share_high": [0.5, 0.3, None],
    }
    return pl.DataFrame(rows | columns)


@holds(
    decisions.money,
    case(
        money_of(),
        mutations=(
            swapped("rubric"),
            swapped("money_share", "money_share_low", "money_share_high"),
            multiplied(0.5, "share"),
            put(money_share=None),
        ),
    ),
)
def money(sentence, shares):
    rows = [row for row in shares.to_dicts() if row["money_share"] is not None and row["rubric"]]
    if not rows:
        return "не названо" in sentence and not quoted(sentence)
    best = max(rows, key=lambda row: row["money_share"])
    names = ("share", "money_share")
    values = [100 * best[f"{name}{end}"] for name in names for end in ("", "_low", "_high")]
    printed = numbers(sentence)
    near = len(printed) == 6 and all(map(close, printed, values, digits(sentence)))
    return near and quoted(sentence) == [best["rubric"]]
