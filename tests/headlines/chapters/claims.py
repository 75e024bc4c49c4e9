"""What holds of sentences about refuted claims."""

import re
from datetime import UTC, datetime, timedelta

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, only, put
from headlines.reading import close, numbers, quoted

from cur_lab import columns as c
from cur_lab.headlines import claims

START = datetime(2025, 3, 31, tzinfo=UTC)
CLAIM = "Школу объединят с городской, здание закроют, детей станут возить за двадцать километров"


def days(*rows):
    schema = {name: c.SPREAD_CURVES.schema[name] for name in ("period_start", "phase", "messages")}
    told = [(START + timedelta(days=n), *row) for n, row in enumerate(rows)]
    return pl.DataFrame(told, schema=schema, orient="row")


def standing(*rows):
    names = ["messages", "decided", "asks"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row")


BOTH = days(("before_refutation", 12), ("after_refutation", 31), ("after_refutation", 20))


@holds(
    claims.course,
    case(BOTH, mutations=(only(2), only(1), multiplied(2, "messages")), claim=CLAIM, refuted=START),
    case(
        BOTH.with_columns(phase=pl.lit("after_refutation")),
        mutations=(put(phase="before_refutation"),),
        claim="Закроют",
        refuted=START,
    ),
    case(BOTH.with_columns(phase=None), mutations=(only(1),), claim=CLAIM, refuted=None),
)
def course(sentence, curves, claim, refuted):
    rows = curves.to_dicts()
    if not rows or "не найдено" in sentence:
        return not rows and "не найдено" in sentence
    (name,) = quoted(sentence)
    whole = name.rstrip("…")
    named = claim.startswith(whole) and (claim + " ")[len(whole)] in " ,"
    parts = dict.fromkeys(("before_refutation", "after_refutation", None), 0)
    for row in rows:
        parts[row["phase"]] += row["messages"]
    total, late = sum(parts.values()), parts["after_refutation"]
    said = numbers(sentence.replace(name, ""))
    few = {
        "до опровержения — меньше десяти": not parts["before_refutation"],
        "после опровержения — меньше десяти": not late,
    }
    right = all(
        (words in sentence) == (true and refuted is not None) for words, true in few.items()
    )
    if refuted is None or any(few.values()):
        return named and right and said == [total]
    return named and right and said[:2] == [total, late] and close(said[2], 100 * late / total)


@holds(
    claims.stances,
    case(
        standing((91, 86, 17), (8, 2, 1)),
        mutations=(only(1), put(asks=0), put(decided=0), multiplied(2, "messages")),
    ),
    case(standing((1_200, 0, 0)), mutations=(put(decided=9), put(messages=0))),
)
def stances(sentence, table):
    total, decided, asks = (
        sum(row[name] for row in table.to_dicts()) for name in ("messages", "decided", "asks")
    )
    said = numbers(sentence)
    if not total or not decided:
        words = "ни у одного" if total else "не найдено"
        return words in sentence and said == ([total] if total else [])
    printed = re.search(r"(\d+(?:,\d)?)\s%", sentence)
    near = bool(printed) and close(said[0], 100 * decided / total, 1 if "," in printed[1] else 0)
    return near and said[1:] == [decided, total, asks]
