"""What holds of sentences about campaigns."""

import re

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, only, put, swapped, widened
from headlines.reading import close, digits, numbers, quoted

from cur_lab import columns as c
from cur_lab.headlines import campaigns


def families(*verdicts):
    rows = [
        {
            "family": f"f{n}",
            "verdict": verdict,
            "messages": 20,
            "authors": 15,
            "evidence": [],
            "explanation": "one_place",
            "shared_words": 9,
            "verbatim": 1.0,
            "template": "Верните площадку",
        }
        for n, verdict in enumerate(verdicts)
    ]
    return c.CAMPAIGN_FAMILIES.conform(pl.DataFrame(rows, infer_schema_length=None))


def arrivals(*inside):
    frame = pl.DataFrame({"inside": inside, "beside": [40] * len(inside)})
    return frame.with_columns(pl.col("inside", "beside").cast(pl.Int64))


def rubrics(share, once):
    names = ["Дороги", "Шум, нарушение тишины и покоя граждан в ночное время", "Вода"]
    return pl.DataFrame({"label": names, "share": share, "share_once": once})


def settings(*flagged):
    return pl.DataFrame({"flagged": flagged}, schema={"flagged": pl.Int64})


def plants(**found):
    rows = [(kind, size, share) for kind, by in found.items() for size, share in by.items()]
    schema = {"kind": pl.String, "size": pl.Int64, "found": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def verdicts_table(*names):
    rows = {"verdict": names, "families": [3] * len(names), "messages": [90] * len(names)}
    return pl.DataFrame(rows)


def joint(*rows):
    schema = {"together": pl.Int64, "pairs": pl.Int64, "flagged": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def flags(praise, criticism):
    rows = {
        "tone": ["criticism", "praise"] * 2,
        "coordinated": [False, False, True, True],
        "found": [criticism, praise, 1.0, 0.9],
    }
    return pl.DataFrame(rows).with_columns(
        found_low=(pl.col("found") - 0.05).clip(0), found_high=pl.col("found") + 0.05
    )


def without(name):
    return lambda frame: frame.filter(pl.col("verdict") != name)


@holds(
    campaigns.evidence,
    case(
        families("review", None, "shared_event"),
        mutations=(only(2), put(verdict="review"), put(verdict=None)),
        top=25,
    ),
    case(families("review"), mutations=(put(verdict="synchronous"), put(verdict=None)), top=25),
    case(families("shared_event"), mutations=(put(verdict="review"), put(verdict=None)), top=25),
    case(families(*["review"] * 5, None), mutations=(only(5), only(4)), top=25),
    case(families(*["review"] * 5, None), mutations=(only(2), put(verdict=None)), top=3),
    case(
        families("shared_event", None),
        mutations=(put(verdict=None), put(verdict="review")),
        top=25,
    ),
    case(families(None, None), mutations=(put(verdict="shared_event"), only(1)), top=25),
    claims=r"требу[ею]т (\d|проверки)",
)
def evidence(sentence, table, top):
    said = table["verdict"].to_list()
    if not said or sentence.endswith("нет"):
        return not said and sentence.endswith("нет")
    called = sum(verdict == "review" for verdict in said)
    noticed = sum(verdict is not None for verdict in said)
    if ("не выделяется" in sentence) == bool(noticed) or ("▲" in sentence) != bool(called):
        return False
    if len(said) == 1:
        return numbers(sentence) == [10] and "больше, одна: " in sentence
    counted = [len(said), 10, *([called] if called else [])]
    counted += [top, noticed] if noticed > top else []
    return numbers(sentence) == counted and ("не требует ни одна" in sentence) == (not called)


@holds(
    campaigns.course,
    case(arrivals(1, 7, 13), mutations=(only(2), multiplied(2, "inside")), what="синхронно"),
)
def course(sentence, frame, what):
    number = sum(row["inside"] for row in frame.to_dicts())
    ending = "е" if number % 10 == 1 and number % 100 != 11 else "[йя]"
    return numbers(sentence) == [number] and bool(re.search(f"«{what}».*{ending}$", sentence))


@holds(
    campaigns.shares,
    case(
        rubrics([0.2, 0.01, 0.4], [0.2005, 0.007, 0.401]),
        mutations=(swapped("label"), put(share_once=0.3), only(1)),
    ),
    case(rubrics([0.2] * 3, [0.2] * 3), mutations=(put(share_once=0.21),)),
    case(
        rubrics([0.3, 0.2, 0.1], [0.3, 0.2003, 0.1001]),
        mutations=(swapped("label"), put(share_once=0.2)),
    ),
    claims="Сильнее всего",
)
def shares(sentence, frame):
    rows = frame.to_dicts()
    if not rows or "Рубрик нет" in sentence:
        return not rows and "Рубрик нет" in sentence
    apart = {row["label"]: abs(row["share"] - row["share_once"]) for row in rows}
    most = max(apart.values())
    if "не меняются" in sentence:
        return most < 2e-3
    (label,) = quoted(sentence)
    told = dict(zip(("share_once", "share"), numbers(sentence), strict=True))
    name = label.rstrip("…")
    row = next((row for row in rows if row["label"].startswith(name)), None)
    if row is None:
        return False
    near = all(
        close(told[name], 100 * row[name], places)
        for name, places in zip(told, digits(sentence), strict=True)
    )
    return near and told["share"] != told["share_once"] and apart[row["label"]] == most


@holds(
    campaigns.sensitivity,
    case(settings(3, 5, 4), mutations=(only(1), multiplied(2, "flagged"))),
    case(settings(2, 2), mutations=(put(flagged=0),)),
)
def sensitivity(sentence, grid):
    flagged = grid["flagged"].to_list()
    ends = list(dict.fromkeys([min(flagged), max(flagged)])) if flagged else []
    return numbers(sentence) == ends and ("всегда" in sentence) == (len(ends) == 1)


@holds(
    campaigns.power,
    case(
        plants(old_10m={5: 0.3, 21: 0.9}, new_1h={5: 0.85, 21: 1.0}, new_1d={5: 0.8, 21: 1.0}),
        mutations=(put(found=0.1), put(found=1.0), put(size=8), put(kind="old_1h")),
    ),
    case(plants(old_1h={21: 0.9}, new_1d={30: 1.0}), mutations=(put(found=0.79),)),
    case(plants(old_1h={5: 0.2}), mutations=(put(found=0.95),)),
    case(
        plants(old_10m={5: 0.9}, old_1h={5: 0.9}, new_1h={5: 0.9}, new_1d={5: 0.1, 8: 0.9}),
        mutations=(only(3), only(2), put(size=8), put(found=0.9)),
    ),
)
def power(sentence, frame):
    rows = frame.to_dicts()
    seen = [row for row in rows if row["found"] >= 0.8]
    if not rows or "не подкладывались" in sentence:
        return not rows and "не подкладывались" in sentence
    if not seen or "Ни одна" in sentence:
        return not seen and "Ни одна" in sentence
    size = min(row["size"] for row in seen)
    kinds = [c.CODES["kind"][row["kind"]] for row in seen if row["size"] == size]
    said, _, listed = sentence.rpartition(": ")
    if not said.endswith(f"уже с {size} сообщений") and size % 10 != 1:
        return False
    if len(kinds) <= 2:
        return numbers(said) == [80, size] and sorted(listed.split("; ")) == sorted(kinds)
    tried = len({row["kind"] for row in rows})
    every = listed.startswith("все ")
    of = [tried] if len(kinds) == tried else [len(kinds), tried]
    return numbers(said) == [80, size] and numbers(listed) == of and every == (len(of) == 1)


@holds(
    campaigns.verdicts,
    case(
        verdicts_table("review", "ordinary"),
        mutations=(without("review"), put(verdict="shared_event")),
        expected_false=0.15,
    ),
    case(verdicts_table("ordinary"), mutations=(put(verdict="review"),), expected_false=0.0),
    claims="ложных среди",
)
def verdicts(sentence, table, expected_false):
    if "review" not in table["verdict"].to_list():
        return "не требует ни одна" in sentence and not numbers(sentence)
    (said,) = numbers(sentence) or [-1.0]
    return close(said, expected_false, 2)


@holds(
    campaigns.pairs,
    case(joint((2, 50, 1), (3, 5, 4)), mutations=(only(1), put(flagged=0), put(pairs=9))),
    case(joint((2, 55, 0)), mutations=(put(flagged=2),)),
)
def pairs(sentence, table):
    rows = table.to_dicts()
    counted = [sum(row[name] for row in rows) for name in ("pairs", "flagged")]
    return numbers(sentence) == (counted if rows else [])


@holds(
    campaigns.tones,
    case(
        flags(0.25, 0.084),
        mutations=(put(found=0.5, found_low=0.4, found_high=0.6), widened("found")),
    ),
    case(flags(0.0, 0.0), mutations=(put(found=0.1, found_low=0.05, found_high=0.2),)),
    claims="разница",
)
def tones(sentence, table):
    own = {row["tone"]: row for row in table.to_dicts() if not row["coordinated"]}
    if len(own) < 2 or not numbers(sentence):
        return len(own) < 2 and not numbers(sentence)
    praise, criticism = own["praise"], own["criticism"]
    ends = ("found", "found_low", "found_high")
    true = [100 * row[end] for row in (praise, criticism) for end in ends]
    above = praise["found_low"] > criticism["found_high"]
    if above or criticism["found_low"] > praise["found_high"]:
        true.append(100 * abs(praise["found"] - criticism["found"]))
    if len(true) != len(numbers(sentence)):
        return False
    said = zip(numbers(sentence), true, digits(sentence), strict=True)
    return all(close(number, value, places) for number, value, places in said)
