"""A decision in district after district: known answers, and the usual regression beside them."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
import simulated_counts as simulation
import statsmodels.api as sm

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.trends.decisions import twoway

START = datetime(2023, 12, 31, 21, tzinfo=UTC)


def table(counts):
    days, districts = counts.shape
    return c.COUNTS.conform(
        pl.DataFrame(
            {
                "period_start": [
                    START + timedelta(days=d) for d in range(days) for _ in range(districts)
                ],
                "municipality": [f"d{p:02}" for _ in range(days) for p in range(districts)],
                "messages": counts.ravel().astype(np.int64),
                "incidents": counts.ravel().astype(np.int64),
                "authors": counts.ravel().astype(np.int64),
                "recorded": [True] * counts.size,
            }
        )
    )


def decisions(days):
    return c.DECISIONS.conform(
        pl.DataFrame(
            {
                "decision_id": [f"c{place}" for place in range(len(days))],
                "decided_at": [START + timedelta(days=day, hours=12) for day in days],
                "kind": ["centre"] * len(days),
                "scope": ["municipality"] * len(days),
                "municipality": [f"d{place:02}" for place in range(len(days))],
                "title": ["Открыт центр"] * len(days),
            }
        )
    )


def thinned(counts, days, fall):
    """Leave out what ``fall(days since)`` says; without noise, so that answers are exact."""
    counts = counts.copy()
    for place, day in enumerate(days):
        since = np.arange(len(counts)) - day
        counts[:, place] *= 1 - np.where(since >= 0, fall(np.maximum(since, 0)), 0.0)
    return counts


def product(days=700, districts=14):
    """District times season, without noise; large, so that rounding does not count."""
    season = 1 + 0.4 * np.sin(np.arange(days) / 58)
    return 100_000 * season[:, None] * np.linspace(0.5, 2, districts)[None, :]


def growing(since):
    return 0.5 * np.minimum(since / 180, 1)


DAYS = [200, 240, 280, 320, 360, 400, 440]


def test_without_noise_imputation_is_exact_and_the_two_way_regression_is_not():
    days = np.linspace(150, 500, 13).astype(int).tolist()

    def lasting(since):
        return np.minimum(since / 600, 0.9)

    before = product(districts=17)
    counts = thinned(before, days, lasting)
    result = trends.rollout(table(counts), decisions(days), horizon="546d")
    overall = dict(result.overall.select("method", "change").iter_rows())
    treated = np.arange(700)[:, None] >= np.array(days) + 7
    truth = counts[:, :13][treated].sum() / before[:, :13][treated].sum() - 1
    assert overall["imputation"] == pytest.approx(truth, abs=0.01)
    # The two-way regression takes districts treated long ago for controls.
    assert overall["two_way"] > truth + 0.05
    assert result.verdict == "fewer_than_expected"


def test_the_path_is_flat_before_and_grows_after():
    counts = thinned(product(), DAYS, growing)
    path = trends.rollout(table(counts), decisions(DAYS)).path
    before = path.filter(pl.col("weeks_since") < 0)
    assert before["weeks_since"].to_list() == [-13, -9, -5]
    assert before["change"].abs().max() < 0.001
    after = path.filter(pl.col("weeks_since") >= 0)["change"].to_list()
    assert after == sorted(after, reverse=True)
    assert after[0] == pytest.approx(-growing(np.arange(3, 31)).mean(), abs=0.02)


def test_each_district_is_set_against_those_still_without():
    counts = thinned(product(), DAYS, lambda since: np.full(since.shape, 0.4))
    groups = trends.rollout(table(counts), decisions(DAYS)).groups
    assert groups["municipality"].to_list() == [f"d{place:02}" for place in range(7)]
    assert groups["change"].to_list() == pytest.approx([-0.4] * 7, abs=0.005)


@pytest.mark.parametrize(("fall", "found"), [(0.4, True), (0.0, False)])
def test_a_planted_effect_is_found_and_none_is_not(fall, found):
    draw = np.random.default_rng(5)
    counts = simulation.simulate("wandering", 5, volume=8.0)
    for place, day in enumerate(DAYS):
        counts[day:, place] = draw.binomial(counts[day:, place].astype(int), 1 - fall)
    overall = trends.rollout(table(counts), decisions(DAYS)).overall.row(0, named=True)
    assert overall["change_low"] < -fall < overall["change_high"]
    assert (overall["change_high"] < 0) == found


def test_the_two_factors_are_those_of_a_poisson_regression():
    draw = np.random.default_rng(2)
    counts = draw.poisson(np.outer(draw.gamma(5, 1, 12), draw.gamma(5, 1, 5))).astype(float)
    known = np.ones((12, 5), dtype=bool)
    known[8:, 0] = known[10:, 1] = False
    treated = ~known
    week, district = (place.ravel() for place in np.indices(counts.shape))
    dummies = np.column_stack(
        [week == w for w in range(12)] + [district == d for d in range(1, 5)]
    ).astype(float)
    cells = known.ravel()
    fitted = sm.GLM(counts.ravel()[cells], dummies[cells], family=sm.families.Poisson()).fit()
    mean = twoway.expected(counts, known)
    assert mean.ravel() == pytest.approx(np.exp(dummies @ fitted.params), rel=1e-5)
    design = np.column_stack([dummies, treated.ravel()])
    both = sm.GLM(counts.ravel(), design, family=sm.families.Poisson()).fit()
    everywhere = np.ones_like(known)
    assert twoway.two_way(counts, everywhere, treated) == pytest.approx(both.params[-1], abs=1e-4)


def test_too_few_districts_give_no_number():
    result = trends.rollout(table(product(districts=6)), decisions(DAYS[:3]))
    assert result.verdict == "too_few_districts"
    assert result.overall.is_empty()
    late = trends.rollout(table(product(days=460)), decisions(DAYS))
    assert late.groups["change"].null_count() == 5
    assert late.groups.filter(pl.col("change").is_null())["reason"].to_list() == ["near_edge"] * 5


def test_errors_are_typed():
    counts = table(product(days=60))
    with pytest.raises(SchemaError, match="municipality"):
        trends.rollout(counts.drop("municipality"), decisions(DAYS))
    with pytest.raises(NotEnoughDataError, match="a date and a district"):
        trends.rollout(counts, decisions(DAYS).head(0))
    with pytest.raises(ParameterError, match="no column rubric"):
        trends.rollout(counts, decisions(DAYS), treated={"rubric": ["Ямы"]})
