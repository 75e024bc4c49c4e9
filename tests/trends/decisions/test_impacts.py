"""Several decisions side by side say what each says alone."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import figures, tables, trends
from cur_lab.errors import NotEnoughDataError

START = datetime(2023, 12, 31, 21, tzinfo=UTC)


def moment(day):
    return START + timedelta(days=day)


def counted():
    """Six districts of thirty messages a day; in the first they halve on day 400."""
    daily = np.full((600, 6), 30)
    daily[400:, 0] = 15
    return pl.DataFrame(
        {
            "period_start": [moment(day) for day in range(600) for _ in range(6)],
            "municipality": [f"d{place:02}" for _ in range(600) for place in range(6)],
            "rubric": "Ямы",
            "messages": daily.ravel(),
        }
    )


DECISIONS = c.DECISIONS.conform(
    pl.DataFrame(
        {
            "decision_id": ["late", "halved", "unasked", "everywhere"],
            "decided_at": [moment(900), moment(400), moment(410), moment(420)],
            "kind": ["works"] * 4,
            "scope": ["municipality"] * 4,
            "rubric": ["Ямы", "Ямы", "Снег", "Ямы"],
            "municipality": ["d00", "d00", "d00", None],
            "title": ["Поздно", "<b>Ремонт</b>", "Не о том", "Всем"],
            "triggered_by": ["peak", "peak", None, None],
        }
    )
)


@pytest.fixture(scope="module")
def found():
    return trends.impacts(counted(), DECISIONS)


def test_each_decision_has_a_row_by_date(found):
    rows = found.overview.select("decision_id", "verdict").rows()
    assert rows == [
        ("halved", "fewer_than_expected"),
        ("unasked", "outside_data"),
        ("everywhere", "nowhere_without"),
        ("late", "outside_data"),
    ]
    alone = trends.impact(
        counted(),
        decided_at=moment(400),
        treated={"rubric": ["Ямы"], "municipality": ["d00"]},
        decisions=DECISIONS,
    )
    row = found.overview.row(0, named=True)
    assert row["change"] == alone.change == pytest.approx(-0.5, abs=0.005)
    place, number = alone.rank()
    assert (row["p"], row["placebos"]) == (place / number, number - 1)
    assert list(found.each) == ["halved", "everywhere"]


def test_the_clearest_is_the_surest_fall(found):
    assert found.clearest() is found.clearest("peak") is found.each["halved"]
    with pytest.raises(NotEnoughDataError):
        found.clearest("news")


def test_other_horizons_stand_beside(found):
    beside = found.sensitivity("60d")
    # The decision for all has no headline.
    rows = beside.select("decision_id", "horizon_days").rows()
    assert rows == [("halved", 60), ("halved", 90)]


def test_tables_and_pictures_say_what_the_frames_say(found):
    page = tables.of(found, source="n").as_raw_html()
    assert "жалоб стало меньше, чем ожидалось" in page
    assert "fewer_than" not in page
    assert "<b>Ремонт" not in page
    warned = tables.of(found, "checks").as_raw_html()
    assert "в окне есть и другие решения (Всем, с" in warned
    one = found.each["halved"]
    place, number = one.rank()
    assert (
        f"{place}-е место из {number}" in figures.of(one, "placebos", caption="").layout.title.text
    )
    path = figures.of(one, caption="").layout.title.text
    assert path.startswith("Жалоб стало меньше, чем ожидалось: −50")
    checks = tables.of(one, "checks").as_raw_html()
    assert "до решения есть год наблюдений (400 дней)" in checks
    assert tables.of(one, "estimates").as_raw_html().count("−50") >= 1


def test_money_has_bounds_and_no_interval():
    found = trends.responsiveness(counted(), DECISIONS.with_columns(budget=pl.lit(1e6)))
    shares = tables.of(found, "shares").as_raw_html().replace("\u00a0", " ")
    assert "Доля жалоб (95 %-й интервал)" in shares
    assert "Доля названных денег (границы)" in shares
    assert "Решений на 1000 таких месяцев" in tables.of(found, "hazard").as_raw_html()
    assert "дата решения не названа" not in tables.of(found, "ledger").as_raw_html()


def test_no_decisions_are_too_little():
    with pytest.raises(NotEnoughDataError):
        trends.impacts(counted(), DECISIONS.clear())
