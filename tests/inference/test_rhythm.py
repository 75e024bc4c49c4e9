"""The shape of a week."""

from datetime import date

import numpy as np
import pytest

from cur_lab.inference import rhythm


def test_the_shape_of_whole_weeks_has_mean_one():
    counts = np.tile(np.arange(7.0), 10)
    found = rhythm.shape(counts, np.arange(70) % 7, length=7)
    np.testing.assert_allclose(found, np.arange(7) / 3)


def test_a_place_seen_once_is_drawn_to_the_average():
    counts = np.array([2.0, 2.0, 2.0, 10.0])
    places = np.array([0, 0, 0, 1])
    wild = rhythm.shape(counts, places, length=2)[1]
    assert wild == pytest.approx(2.5)
    assert 1 < rhythm.shape(counts, places, length=2, prior=1.0)[1] < wild
    assert rhythm.shape(counts, places, length=3, prior=1.0)[2] == pytest.approx(1)


def test_silence_has_no_shape():
    assert np.isfinite(rhythm.shape(np.zeros(5), np.arange(5))).all()


def test_a_working_saturday_is_a_friday():
    # In 2024 Russia worked on the 27th of April, the 2nd of November and the 28th of December.
    first = date(2024, 1, 1)
    found = rhythm.weekdays(first.toordinal() + np.arange(366))
    plain = np.arange(366) % 7
    worked = [(date(2024, *day) - first).days for day in ((4, 27), (11, 2), (12, 28))]
    assert np.flatnonzero(found != plain).tolist() == worked
    assert (found[worked] == 4).all()
