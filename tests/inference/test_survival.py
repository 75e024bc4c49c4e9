"""Time to an event against lifelines."""

import warnings

import numpy as np
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from cur_lab.inference import survival


@pytest.mark.parametrize("seed", range(6))
def test_incidences_are_those_of_lifelines(seed):
    draw = np.random.default_rng(seed)
    days = draw.exponential(25, 300)
    causes = np.where(draw.random(300) < 0.7, 1 + (draw.random(300) < 0.3), 0)
    for cause in (1, 2):
        fit = AalenJohansenFitter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit.fit(days, causes, event_of_interest=cause)
        for time, found in zip(
            (7, 30), survival.incidences(days, causes, cause, (7, 30)), strict=True
        ):
            band = np.sort(fit.confidence_interval_.loc[:time].iloc[-1].to_numpy())
            assert found[0] == pytest.approx(fit.cumulative_density_.loc[:time].iloc[-1, 0])
            assert list(found[1:]) == pytest.approx(band, rel=1e-9)


def test_incidences_of_all_causes_and_of_none_add_up_to_one_with_ties():
    draw = np.random.default_rng(3)
    days = draw.integers(1, 20, 200).astype(float)
    causes = draw.integers(0, 4, 200)
    total = sum(survival.incidences(days, causes, cause, (10,))[0][0] for cause in (1, 2, 3))
    fit = KaplanMeierFitter().fit(days, causes > 0)
    assert total == pytest.approx(1 - float(fit.predict(10)))


@pytest.mark.parametrize("seed", range(20))
def test_an_incidence_of_one_up_to_rounding_has_no_interval(seed):
    days = np.random.default_rng(seed).integers(1, 30, 100).astype(float)
    ((share, *ends),) = survival.incidences(days, np.ones(100, dtype=np.int64), 1, (30.0,))
    assert share == pytest.approx(1)
    assert ends == [None, None]
