"""Tables of hot spots: streets, houses, districts, complaints that come back."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.tables import of
from cur_lab.tables.layout import show_part
from cur_lab.trends import Hotspots

_TOP = 12
_COUNTED = (c.MUNICIPALITY, c.RUBRIC, c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS)


@of.register
def _(result: Hotspots, part: str | None = None, *, source: str | None = None) -> GT | c.Absent:
    above = result.streets.filter(pl.col(c.VERDICT) == "above_expected")
    streets = above.sort(c.Q_VALUE, c.MUNICIPALITY, c.STREET, c.RUBRIC).head(_TOP)
    most = [c.MESSAGES_COUNT, c.MUNICIPALITY, c.ADDRESS, c.RUBRIC]
    houses = result.houses.sort(most, descending=[True] + 3 * [False]).head(_TOP)
    repeats = result.repeats.sort(c.CASES, c.RUBRIC, descending=[True, False])
    # Messages without a rubric are no rubric that leads the others.
    unnamed = repeats.filter(pl.col(c.RUBRIC).is_null())
    unnamed = unnamed.with_columns(pl.lit("рубрика не указана").alias(c.RUBRIC))
    repeats = pl.concat([repeats.drop_nulls(c.RUBRIC).head(_TOP), unnamed])
    districts = result.largest.sort(c.RATE, c.MUNICIPALITY, descending=[True, False])
    rated = (c.MUNICIPALITY, c.RUBRIC_GROUP, c.MESSAGES_COUNT, c.POPULATION, c.RATE)
    again = (c.RUBRIC, c.CASES, c.REPEATED, c.SHARE, c.AFTER_ANSWER, c.AFTER_RESOLVED)
    parts = {
        "streets": (
            streets,
            "Улицы, о которых пишут чаще ожидаемого",
            (c.STREET, *_COUNTED, c.EXPECTED, c.RATIO, c.Q_VALUE),
        ),
        "houses": (houses, "Дома, о которых пишут больше всего", (c.ADDRESS, *_COUNTED)),
        "districts": (
            districts,
            "Муниципалитеты в самой большой группе рубрик",
            (*rated, c.Q_VALUE, c.VERDICT),
        ),
        "repeats": (
            repeats,
            "Жалобы по тому же дому снова за 90 дней, самые частые рубрики",
            again,
        ),
        "coverage": (
            result.coverage,
            "Сколько сообщений с адресом",
            tuple(c.HOTSPOT_COVERAGE.schema),
        ),
    }
    return show_part(part, source, parts)
