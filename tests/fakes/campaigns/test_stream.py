"""The stream of messages: places in the week."""

from datetime import UTC, datetime

import numpy as np

from cur_lab.fakes.campaigns.stream import week_places


def test_hours_of_a_working_saturday_are_those_of_a_friday():
    # Russia worked on the 2nd of November 2024, a Saturday, and not a week later.
    noons = [datetime(2024, 11, day, 12, tzinfo=UTC) for day in (1, 2, 3, 9)]
    hours = np.array([int(noon.timestamp()) // 3600 for noon in noons])
    assert week_places(hours).tolist() == [4 * 24 + 12, 4 * 24 + 12, 6 * 24 + 12, 5 * 24 + 12]
    week = np.arange(hours[0] - 30 * 168, hours[0] - 29 * 168)
    assert sorted(week_places(week)) == list(range(168))
