"""When people write: hours, weekdays, holidays, seasons, and weather shared by neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import numpy as np

from cur_lab.inference import FloatArray
from cur_lab.synthetic import plans
from cur_lab.synthetic.region import region
from cur_lab.synthetic.streams import Dice

FIRST = date(2024, 1, 1)
LAST = date(2025, 12, 31)
DAYS = (LAST - FIRST).days + 1


def day(index: int) -> date:
    """Return the date of a day number."""
    return FIRST + timedelta(days=index)


@cache
def hours(channel: str) -> tuple[float, ...]:
    """Return 24 relative frequencies of writing by local hour."""
    return tuple(plans.read("calendar")["hours"][channel])


@cache
def is_holiday(when: date) -> bool:
    """Whether the day is a Russian public holiday or a bridge day beside one."""
    return when.isoformat() in plans.read("calendar")["holidays"]


@cache
def eagerness(channel: str, when: date) -> float:
    """Return how readily people write on that day, 1 on an ordinary weekday."""
    if is_holiday(when):
        return float(plans.read("calendar")["holiday"][channel])
    return float(plans.read("calendar")["weekday"][channel][when.weekday()])


@cache
def season(months: tuple[float, ...]) -> FloatArray:
    """Return the daily multipliers of a rubric, mean 1; a month of zero is zero throughout."""
    weights = np.empty(DAYS)
    for index in range(DAYS):
        when = day(index)
        here = months[when.month - 1]
        # Between the middles of two months the level moves evenly: a thaw keeps no calendar.
        share = (when.day - 15.5) / 30
        other = months[(when.month - 1 + (1 if share > 0 else -1)) % 12]
        weights[index] = here + (other - here) * abs(share) if here > 0 else 0.0
    return np.asarray(weights / weights.mean(), dtype=float)


@dataclass(frozen=True, slots=True)
class Shock:
    """Weather over neighbouring districts for a few days."""

    shock_id: str
    kind: str
    first: int
    last: int
    municipalities: tuple[int, ...]


def shocks(seed: int) -> tuple[Shock, ...]:
    """Draw the weather of two years: each shock has a centre and covers what lies around it."""
    distances = region().distances()
    found = []
    for kind, plan in plans.read("calendar")["shock"].items():
        dice = Dice(seed, "shocks", kind)
        for number in range(plan["count"]):
            year = dice.pick((2024, 2025))
            month = dice.pick(plan["months"])
            first = (date(year, month, dice.integer(1, 28)) - FIRST).days
            centre = dice.integer(0, len(distances) - 1)
            reach = plan["reach_km"] * (0.7 + 0.6 * dice.uniform())
            hit = tuple(int(i) for i in np.flatnonzero(distances[centre] <= reach))
            last = min(first + dice.integer(plan["days"][0], plan["days"][1]) - 1, DAYS - 1)
            found.append(Shock(f"{kind}-{number + 1}", kind, first, last, hit))
    return tuple(found)
