"""Tables of hot spots: streets, houses, districts, complaints that come back."""

from __future__ import annotations

from functools import partial

from great_tables import GT

from cur_lab import columns as c
from cur_lab.dispatch import chosen
from cur_lab.tables import of, show
from cur_lab.trends import Hotspots

_TOP = 12
_COUNTED = (c.MESSAGES_COUNT, c.INCIDENTS, c.AUTHORS)


@of.register
def _hotspots(
    result: Hotspots, part: str | None = None, *, source: str | None = None
) -> GT | c.Absent:
    most = [c.MESSAGES_COUNT, c.MUNICIPALITY]
    streets = result.streets.sort(c.Q_VALUE, c.MUNICIPALITY, c.STREET, c.RUBRIC).head(_TOP)
    houses = result.houses.sort(*most, c.ADDRESS, c.RUBRIC, descending=[True] + 3 * [False])
    repeats = result.repeats.sort(c.CASES, c.RUBRIC, descending=[True, False]).head(_TOP)
    districts = result.largest.sort(c.RATE, c.MUNICIPALITY, descending=[True, False])
    drawings = {
        "streets": partial(
            show,
            streets,
            *(c.STREET, c.MUNICIPALITY, c.RUBRIC, *_COUNTED),
            *(c.EXPECTED, c.RATIO, c.Q_VALUE, c.VERDICT),
            title="Улицы, о которых пишут чаще ожидаемого",
        ),
        "houses": partial(
            show,
            houses.head(_TOP),
            *(c.ADDRESS, c.MUNICIPALITY, c.RUBRIC, *_COUNTED),
            title="Дома, о которых пишут больше всего",
        ),
        "districts": partial(
            show,
            districts,
            *(c.MUNICIPALITY, c.RUBRIC_GROUP, c.MESSAGES_COUNT, c.POPULATION, c.RATE),
            *(c.Q_VALUE, c.VERDICT),
            title="Муниципалитеты в самой большой группе рубрик",
        ),
        "repeats": partial(
            show,
            repeats,
            *(c.RUBRIC, c.CASES, c.REPEATED, c.SHARE, c.AFTER_ANSWER, c.AFTER_RESOLVED),
            title="Жалобы по тому же дому снова за 90 дней",
        ),
        "coverage": partial(
            show, result.coverage, *c.HOTSPOT_COVERAGE.schema, title="Сколько сообщений с адресом"
        ),
    }
    return chosen(part, {name: partial(draw, source=source) for name, draw in drawings.items()})
