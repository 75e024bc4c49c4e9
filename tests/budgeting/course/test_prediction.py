"""Curves count exactly; forecasts look only at what is known, and own up to what is not."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import backtest, curves, deadline, forecast
from cur_lab.budgeting.course import competitors
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.readers.election import Election

OPENS = datetime(2025, 10, 14, 21, tzinfo=UTC)  # midnight in Moscow
DAYS = 20
HOURS = 24 * DAYS
CLOCK = 0.1 + np.clip(np.sin((np.arange(24) - 7) / 24 * 2 * np.pi) + 0.4, 0, None)
TIME = (np.arange(HOURS) + 0.5) / HOURS


def campaign(pace: np.ndarray, *, votes: float = 200, seed: int = 0) -> Election:
    """30 projects of different size; ``pace`` has shape (hours,) or (30, hours)."""
    draw = np.random.default_rng(seed)
    shape = np.broadcast_to(pace, (30, HOURS)) * CLOCK[np.arange(HOURS) % 24]
    size = votes * np.exp(draw.normal(0, 0.7, (30, 1)))
    counted = draw.poisson(size * shape / shape.sum(axis=1, keepdims=True))
    unit, hour = (np.repeat(place, counted[counted > 0]) for place in np.nonzero(counted))
    minute = hour * 60 + draw.integers(0, 60, len(hour))
    table = pl.DataFrame(
        {
            c.VOTER_ID: [f"v{number}" for number in range(len(unit))],
            c.PROJECT_ID: [f"p{number:02}" for number in unit],
            c.POINTS: pl.Series([None] * len(unit), dtype=pl.Float64),
            c.RANK: pl.Series([1] * len(unit), dtype=pl.Int64),
            c.CAST_AT: pl.Series(OPENS.timestamp() * 1e6 + minute * 6e7)
            .cast(pl.Int64)
            .cast(pl.Datetime("us", "UTC")),
            c.CHANNEL: np.where(np.arange(len(unit)) % 3 == 0, "sms", "esia"),
        }
    )
    projects = pl.DataFrame(
        {
            c.PROJECT_ID: [f"p{number:02}" for number in range(30)],
            c.COST: [1e6] * 30,
            c.MUNICIPALITY: ["Заречный", "Лесной"] * 15,
        }
    )
    meta = {
        "budget": "1e7",
        "vote_type": "choose-1",
        "date_begin": "15.10.2025",
        "date_end": "03.11.2025",
    }
    return Election(meta, projects, table.select(c.VOTER_ID), table)


STEADY = campaign(np.ones(HOURS))


def until(election: Election, share: float) -> Election:
    """The same campaign before its end: later votes are not cast yet."""
    known = election.votes.filter(pl.col(c.CAST_AT) < OPENS + timedelta(hours=HOURS * share))
    return Election(election.meta, election.projects, known.select(c.VOTER_ID), known)


def three_votes() -> Election:
    cast = [OPENS, OPENS + timedelta(days=1), OPENS + timedelta(days=4, hours=-1)]
    votes = pl.DataFrame(
        {
            c.VOTER_ID: ["a", "b", "c"],
            c.PROJECT_ID: ["x", "y", "x"],
            c.POINTS: pl.Series([None] * 3, dtype=pl.Float64),
            c.RANK: pl.Series([1] * 3, dtype=pl.Int64),
            c.CAST_AT: pl.Series(cast).dt.cast_time_unit("us"),
        }
    )
    projects = pl.DataFrame({c.PROJECT_ID: ["x", "y"], c.COST: [1.0, 1.0]})
    return Election({"budget": "1"}, projects, votes.select(c.VOTER_ID), votes)


def test_a_curve_counts_the_votes_cast_so_far():
    table = curves(three_votes(), by=c.PROJECT_ID)
    x = table.filter(group="x")
    # Four days: the first vote at the very opening, the last an hour before the end.
    assert x[c.VOTES_COUNT].to_list() == [1] * 99 + [2, 2]
    assert x[c.SHARE][-1] == 1
    assert table.filter(group="y", elapsed=0.25)[c.VOTES_COUNT].to_list() == [1]
    assert x[c.AT][-1] == OPENS + timedelta(days=4)


def test_curves_of_all_channels_add_up():
    whole = curves(STEADY)
    parts = curves(STEADY, by=c.CHANNEL).group_by(c.AT).agg(pl.col(c.VOTES_COUNT).sum())
    assert parts.sort(c.AT)[c.VOTES_COUNT].to_list() == whole[c.VOTES_COUNT].to_list()
    assert whole[c.VOTES_COUNT][-1] == STEADY.votes.height


def test_the_district_of_a_vote_is_that_of_its_project_unless_told():
    assert set(curves(STEADY, by=c.MUNICIPALITY)[c.GROUP]) == {"Заречный", "Лесной"}


def test_curves_by_something_else_or_nothing_are_refused():
    with pytest.raises(ParameterError, match="channel"):
        curves(STEADY, by="колонка")
    with pytest.raises(NotEnoughDataError):
        curves(three_votes(), by=c.CHANNEL)
    untimed = three_votes().votes.with_columns(
        pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias(c.CAST_AT)
    )
    with pytest.raises(NotEnoughDataError, match="time"):
        curves(Election({}, three_votes().projects, untimed.select(c.VOTER_ID), untimed))


@pytest.mark.parametrize("at", [0.25, 0.5, 0.52, 0.75])
def test_later_votes_are_not_looked_at(at):
    whole, known = forecast(STEADY, at=at), forecast(until(STEADY, at), at=at)
    for name in ("projects", "total", "models"):
        assert_frame_equal(getattr(whole, name), getattr(known, name))


def test_a_steady_campaign_is_forecast_at_any_hour():
    # Noon and midnight alike: a night ahead is not a share of the campaign like a day.
    for at in (0.5, 0.5 + 12 / HOURS, 0.5 + 6 / HOURS):
        total = forecast(STEADY, at=at).total.row(0, named=True)
        assert total[c.FORECAST] == pytest.approx(STEADY.votes.height, rel=0.05)
        assert total[c.FORECAST_LOW] < STEADY.votes.height < total[c.FORECAST_HIGH]


def test_projects_that_take_off_and_fade_are_told_apart():
    rising = np.arange(30)[:, None] % 2 == 0
    pace = np.where(rising, np.exp(2.5 * TIME), np.exp(-2.5 * TIME))
    election = campaign(pace, votes=600)
    found = backtest(election, at=[0.5, 0.75]).shares
    assert (found[c.ERROR] < 0.85 * found[c.NAIVE_ERROR]).all()
    made = forecast(election, at=0.5)
    chosen = made.models.filter(c.CHOSEN)
    assert chosen[c.MODEL][0] != "naive"
    assert chosen[c.GAIN_LOW][0] > 0
    above = (made.projects[c.FORECAST] > made.projects[c.NAIVE]).to_list()
    assert above == [True, False] * 15


def test_no_model_wins_where_there_is_nothing_to_find():
    won = [
        forecast(campaign(np.ones(HOURS), seed=seed)).models.filter(c.CHOSEN)[c.MODEL][0]
        for seed in range(8)
    ]
    assert won.count("naive") >= 5


def test_intervals_cover_steady_projects():
    covered = [
        backtest(campaign(np.ones(HOURS), seed=seed), at=[0.5]).shares[c.COVERED][0]
        for seed in range(5)
    ]
    assert np.mean(covered) >= 0.85


def test_finished_campaigns_teach_the_rush_before_the_deadline():
    rush = 1 + 12 * np.exp(-(1 - TIME) / 0.05)
    election = campaign(rush, seed=1)
    past = [campaign(rush, seed=seed) for seed in (2, 3, 4)]
    alone, taught = forecast(election, at=0.5), forecast(election, at=0.5, past=past)
    error = [abs(np.log(f.total[c.FORECAST][0] / election.votes.height)) for f in (alone, taught)]
    assert error[1] < error[0] / 2
    assert (
        taught.total[c.FORECAST_LOW][0] < election.votes.height < taught.total[c.FORECAST_HIGH][0]
    )


def test_a_forecast_is_never_below_the_votes_there_are():
    table = forecast(STEADY, at=0.75).projects
    assert (table[c.FORECAST_LOW] >= table[c.VOTES_COUNT]).all()
    assert (table[c.FORECAST_LOW] <= table[c.FORECAST]).all()
    assert (table[c.FORECAST] <= table[c.FORECAST_HIGH]).all()


def test_a_project_without_votes_has_no_forecast_but_a_note():
    votes = STEADY.votes.filter(pl.col(c.PROJECT_ID) != "p07")
    election = Election(STEADY.meta, STEADY.projects, votes.select(c.VOTER_ID), votes)
    row = forecast(election).projects.filter(project_id="p07").row(0, named=True)
    assert (row[c.VOTES_COUNT], row[c.FORECAST], row[c.NOTE]) == (0, None, "no_votes_yet")


def test_rows_in_another_order_give_the_same_forecast():
    other = Election(
        STEADY.meta,
        STEADY.projects.reverse(),
        STEADY.voters,
        STEADY.votes.sample(fraction=1, shuffle=True, seed=3),
    )
    before = other.votes.clone()
    for name, frame in vars(forecast(other)).items():
        assert_frame_equal(frame, getattr(forecast(STEADY), name))
    assert_frame_equal(curves(other, by=c.CHANNEL), curves(STEADY, by=c.CHANNEL))
    assert_frame_equal(deadline(other), deadline(STEADY))
    assert_frame_equal(other.votes, before)


def test_tables_are_as_declared():
    for name, table in c.RESULTS["budgeting.forecast"].items():
        table.check(getattr(forecast(STEADY), name), where=name)
    tested = backtest(STEADY, at=[0.5])
    for name, table in c.RESULTS["budgeting.backtest"].items():
        table.check(getattr(tested, name), where=name)
    votes = STEADY.votes.group_by(c.PROJECT_ID).len()
    assert dict(tested.projects.select(c.PROJECT_ID, c.FINAL).rows()) == dict(votes.rows())
    c.RESULTS["budgeting.deadline"].check(deadline(STEADY), where="deadline")


def test_too_little_is_said_to_be_too_little():
    with pytest.raises(NotEnoughDataError):
        forecast(three_votes(), at=0.5)
    with pytest.raises(NotEnoughDataError, match="hours"):
        forecast(STEADY, at=0.01)
    with pytest.raises(ParameterError):
        forecast(STEADY, at=1.0)
    with pytest.raises(ParameterError, match="at is empty"):
        backtest(STEADY, at=[])
    with pytest.raises(NotEnoughDataError, match="Ten"):
        deadline(three_votes())
    with pytest.raises(NotEnoughDataError, match="not ended"):
        deadline(until(STEADY, 0.8))


def test_a_rush_is_measured_and_none_is_invented():
    steady = [deadline(campaign(np.ones(HOURS), seed=s)).row(0, named=True) for s in range(8)]
    assert sum(not row[c.RATIO_LOW] < 1 < row[c.RATIO_HIGH] for row in steady) <= 1
    rush = np.where(TIME > 1 - 1 / DAYS, 3.0, 1.0)
    found = deadline(campaign(rush))
    assert found[c.GROUP].to_list() == ["all", "esia", "sms"]
    row = found.row(0, named=True)
    assert row[c.RATIO_LOW] > 1
    assert row[c.RATIO] == pytest.approx(3, rel=0.15)


@pytest.mark.parametrize(
    ("family", "later"),
    [
        # Parameters that lie on the grid: log ratio of the later to the earlier pace at half-time.
        ("weibull", lambda t: 1 - np.exp(-(t / 0.5))),
        ("bass", lambda t: (1 - np.exp(-8.3 * t)) / (1 + 8 / 0.3 * np.exp(-8.3 * t))),
    ],
)
def test_a_family_recognises_its_own(family, later):
    steps = np.linspace(0, 0.5, 49)
    counts = 5000 * later(steps) * np.ones((20, 1))
    said = competitors.competitors(counts, 0.5, 1.0)[family]
    truth = np.log((later(1.0) - later(0.5)) / later(0.5))
    assert said == pytest.approx(np.full(20, truth), abs=0.15)
