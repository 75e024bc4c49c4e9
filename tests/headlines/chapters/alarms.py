"""What holds of sentences about alarms."""

from datetime import UTC, datetime

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import only, put
from headlines.reading import numbers

from cur_lab.headlines import alarms

NOTICE = datetime(2025, 3, 1, tzinfo=UTC)


def found(number, noticed=0):
    """Episodes, the most certain last; those are announced."""
    places = range(number)
    return pl.DataFrame(
        {
            "episode": places,
            "chance_per_year": [1 / (place + 1) for place in places],
            "notice_at": [NOTICE if number - place <= noticed else None for place in places],
        },
        schema_overrides={"notice_at": pl.Datetime("us", "UTC")},
    )


@holds(
    alarms.episodes,
    case(found(30, 4), mutations=(only(29), put(notice_at=None)), top=25),
    case(found(30, 30), mutations=(only(3),), top=25),
    case(found(3), mutations=(put(notice_at=NOTICE), only(1)), top=25),
    claims="эпизод",
)
def episodes(sentence, frame, top):
    rows = sorted(frame.to_dicts(), key=lambda row: (row["chance_per_year"], row["episode"]))
    if not rows:
        return sentence == "Тревог не было"
    noticed = sum(row["notice_at"] is not None for row in rows[:top])
    said = [len(rows), *([top] if len(rows) > top else []), *([noticed] if noticed else [])]
    one = len(rows) % 10 == 1 and len(rows) % 100 != 11
    return numbers(sentence) == said and ("эпизод;" in f"{sentence};") == one


@holds(
    alarms.certain,
    case(found(30), mutations=(only(20), only(2)), top=12),
    claims="надёжные",
)
def certain(sentence, frame, top):
    number = len(frame.to_dicts())
    return numbers(sentence) == ([min(top, number), number] if number else [])
