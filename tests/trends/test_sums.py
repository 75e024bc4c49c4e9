"""The last period fit to be shown, and a source in the units of public figures."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import tables, trends
from cur_lab.errors import NotEnoughDataError, ParameterError

START = datetime(2025, 1, 1, 9, tzinfo=UTC)
PLACES = c.MUNICIPALITIES.conform(
    pl.DataFrame({"municipality": ["А", "Б", "В"], "population": [6000, 3000, 1000]})
)


def source(**columns: object) -> pl.DataFrame:
    """A hundred days, a message a day: 60 from А, 36 from Б, four of one author from В."""
    days = range(100)
    frame = pl.DataFrame(
        {
            "message_id": [f"m{n:03}" for n in days],
            "published_at": [START + timedelta(days=n) for n in days],
            "author_id": [f"a{n}" for n in days],
            "channel": ["vk" if n % 2 else "hotline" for n in days],
            "municipality": ["А" if n % 25 < 15 else "Б" if n % 25 < 24 else "В" for n in days],
            "rubric_group": ["Дороги" if n % 10 == 1 else "ЖКХ" for n in days],
            "text": [f"сообщение {n}" for n in days],
            # No text is a copy of another.
            "family": [None] * 100,
            "template": [None] * 100,
        },
        schema_overrides={"family": pl.String, "template": pl.String},
    )
    return frame.with_columns(pl.col("published_at").dt.cast_time_unit("us"), **columns)


def test_small_cells_of_the_last_period_are_hidden_with_their_rates():
    found = trends.latest(source(), municipalities=PLACES, k=2)
    # Of April there are ten days: the last whole month is March.
    march = datetime(2025, 2, 28, 21, tzinfo=UTC), datetime(2025, 3, 31, 21, tzinfo=UTC)
    assert found["period_start"].unique().to_list() == [march[0]]
    within = source().filter(pl.col("published_at").is_between(*march, closed="left"))
    sizes = dict(within.group_by("municipality").len().iter_rows())
    for row in found.iter_rows(named=True):
        size = sizes.get(row["municipality"], 0)
        if row["suppressed"]:
            assert row["messages"] is row["rate"] is row["rate_high"] is None
        else:
            assert row["messages"] == size
    assert found.filter(pl.col("suppressed"))["municipality"].len() >= 1
    with pytest.raises(ParameterError):
        trends.latest(source(), by=())


def test_where_no_month_is_whole_the_last_one_is_shown():
    days = source().filter(pl.col("published_at") >= datetime(2025, 3, 20, tzinfo=UTC))
    found = trends.latest(days, municipalities=PLACES)
    assert found["period_start"].unique().to_list() == [datetime(2025, 3, 31, 21, tzinfo=UTC)]


def test_residents_of_whom_some_are_not_known_make_no_rate():
    told = pl.when(pl.col("municipality") != "В").then("population").alias("population")
    places = PLACES.with_columns(told)
    row = trends.totals(source(), municipalities=places).row(0, named=True)
    assert (row["messages"], row["population"], row["yearly_rate"]) == (100, None, None)
    whole = trends.counts(source(), (), "1mo", municipalities=places)
    assert whole["rate"].null_count() == whole.height
    # Of a municipality whose residents are known there is one.
    apart = trends.counts(source(), ("municipality",), "1mo", municipalities=places)
    rated = apart.drop_nulls("rate")["municipality"].unique().sort().to_list()
    assert rated == ["А", "Б"]


def test_every_total_stands_beside_its_denominator():
    row = trends.totals(source(), municipalities=PLACES).row(0, named=True)
    assert (row["messages"], row["incidents"], row["authors"]) == (100, 100, 100)
    # Ten messages about roads, all of them among the fifty of a social network.
    assert (row["social"], row["road_share"]) == (50, pytest.approx(0.2))
    assert row["road_share_low"] < 0.2 < row["road_share_high"]
    # A hundred messages in a hundred days, 10,000 residents.
    assert (row["population"], row["yearly_rate"]) == (10_000, pytest.approx(365.25))
    assert row["yearly_rate_low"] < 365.25 < row["yearly_rate_high"]


def test_copies_are_one_incident_and_one_author_widens_the_interval():
    copied = source(family=pl.lit("f"), template=pl.lit("t"), author_id=pl.lit("a"))
    row = trends.totals(copied, municipalities=PLACES).row(0, named=True)
    assert (row["incidents"], row["authors"]) == (1, 1)
    alone = trends.totals(source(), municipalities=PLACES)["yearly_rate_low"][0]
    assert row["yearly_rate_low"] < alone


def test_a_message_of_nobody_known_is_of_its_own_author():
    some = source(author_id=pl.when(pl.col("message_id") < "m010").then("author_id"))
    assert trends.totals(some)["authors"].to_list() == [100]


@pytest.mark.parametrize(("days", "told"), [(1, False), (27, False), (28, True)])
def test_some_days_are_no_year(days, told):
    found = trends.totals(source().head(days), municipalities=PLACES)
    assert found["population"].to_list() == [10_000]
    assert (found["yearly_rate"][0] is not None) == told


def test_what_has_no_denominator_is_null():
    bare = source().select("message_id", "text", "family", "template")
    row = trends.totals(bare).row(0, named=True)
    known = ("messages", "incidents", "social")
    assert [row.pop(name) for name in known] == [100, 100, 0]
    assert set(row.values()) == {None}
    with pytest.raises(NotEnoughDataError):
        trends.totals(bare.clear())


def test_months_are_named():
    months = trends.counts(source(), (), "1mo", municipalities=PLACES)
    html = tables.trends.months(months, source="n").as_raw_html()
    assert "январь 2025" in html
    assert html.index("январь 2025") < html.index("апрель 2025")
