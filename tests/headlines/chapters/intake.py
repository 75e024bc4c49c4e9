"""What holds of sentences about an intake under attack."""

from datetime import UTC, datetime, timedelta

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, only, put, swapped
from headlines.reading import close, digits, numbers, quoted

from cur_lab import columns as c
from cur_lab.headlines import intake

START = datetime(2025, 3, 1, tzinfo=UTC)


def bins(*rows, step=timedelta(minutes=10)):
    schema = {"in_surge": pl.Boolean, "messages": pl.Int64, "expected": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(period_start=pl.Series([START + n * step for n in range(len(rows))]))


def tried(*rows):
    names = ["filter", "window", "allowed", "attack_share", "honest_share"]
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(
        (pl.col(name) * factor).alias(f"{name}_{end}")
        for name in names[3:]
        for end, factor in (("low", 0.5), ("high", 1.05))
    )


def sizes(*messages):
    return pl.DataFrame({"messages": messages}, schema={"messages": pl.Int64})


@holds(
    intake.volume,
    case(
        bins((False, 3, 0.4), (True, 40, 0.5), (True, 21, 0.74)),
        mutations=(only(2), multiplied(2, "messages"), multiplied(4, "expected")),
    ),
    case(bins((False, 3, 0.4), (False, 0, 0.3)), mutations=(put(in_surge=True),)),
    case(
        bins((True, 12, 0.4), (False, 1, 0.3), (True, 9, 0.5), step=timedelta(hours=1)),
        mutations=(only(2), put(in_surge=True), swapped("messages")),
    ),
    claims="Во? .*всплеск",
)
def volume(sentence, frame):
    loud = [row for row in frame.to_dicts() if row["in_surge"]]
    if not loud:
        return sentence == "Всплесков не найдено"
    surges = []
    for row in sorted(loud, key=lambda row: row["period_start"]):
        if not surges or row["period_start"] - surges[-1][-1]["period_start"] > timedelta(hours=1):
            surges.append([])
        surges[-1].append(row)
    largest = max(surges, key=lambda rows: sum(row["messages"] for row in rows))
    said = numbers(sentence)
    usual = sum(row["expected"] for row in largest)
    total = sum(row["messages"] for row in largest)
    alone = sentence.startswith("Во всплеске ") == (len(surges) == 1)
    return alone and said[:1] == [total] and close(said[1], usual, 1)


@holds(
    intake.filters,
    case(
        tried(
            ("rate", "1h", 1, 0.1, 0.02),
            ("duplicates", "1d", 2, 0.9, 0.001),
            ("duplicates", "1h", 5, 0.8, 0.0005),
        ),
        mutations=(
            put(honest_share=0.01),
            only(1),
            put(attack_share=None),
            multiplied(0.5, "attack_share_low"),
        ),
    ),
    claims="остановлено",
)
def filters(sentence, table):
    rows = [r for r in table.to_dicts() if None not in (r["attack_share"], r["honest_share"])]
    if not rows or "не по чему" in sentence:
        return not rows and "не по чему" in sentence
    (name,) = quoted(sentence)
    best = max(row["attack_share"] - 20 * row["honest_share"] for row in rows)
    for row in rows:
        ends = [
            100 * row[f"{share}{end}"]
            for share in ("attack_share", "honest_share")
            for end in ("", "_low", "_high")
        ]
        told = list(zip(numbers(sentence)[1:], ends, digits(sentence)[1:], strict=True))
        if (
            c.CODES["filter"][row["filter"]] == name
            and f"за {c.CODES['window'][row['window']]}:" in sentence
            and numbers(sentence)[0] == row["allowed"]
            and all(close(said, true, places) for said, true, places in told)
        ):
            return row["attack_share"] - 20 * row["honest_share"] == best
    return False


@holds(
    intake.surges,
    case(sizes(60, 11, 4, 7), mutations=(only(3), put(messages=20)), least=10),
    case(sizes(60, 11), mutations=(put(messages=3),), least=10),
    case(sizes(7, 4), mutations=(put(messages=12), only(1)), least=10),
    claims="^Всплески",
)
def surges(sentence, table, least):
    small = [row for row in table.to_dicts() if row["messages"] < least]
    said = numbers(sentence) == ([least, len(small)] if small else [])
    if small and len(small) == table.height:
        return said and " нет; меньших" in sentence
    return said and sentence.startswith("Всплесков не найдено" if table.is_empty() else "Всплески")
