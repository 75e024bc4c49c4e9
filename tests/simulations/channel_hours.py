"""Hourly counts of real channels, bursts laid upon them, and textbook detectors to stand beside.

The channels are those of ../shared/data/telegram-news, where that is there. Their days are drawn
anew, workdays for workdays, or kept in their order. Detectors are given counts of shape (hours,
channels) and return scores of the same shape: the higher, the more unusual.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from cur_lab.trends.alarms.events import DAY, Panel, weekdays
from cur_lab.trends.alarms.farrington import farrington, history_needed

NEWS = Path(__file__).parents[3] / "shared" / "data" / "telegram-news" / "posts.csv"
MONDAY = date(2024, 1, 8)  # no public holidays until the 23rd of February
WINDOWS = (1, 2, 3, 6, 12, 24)
YEAR = 365.25


@dataclass(frozen=True)
class Burst:
    """So many messages in a channel, from an hour on, within so many hours; which of its channel's
    bursts it is, 0 first."""

    channel: int
    start: int
    size: int
    hours: int
    turn: int


def channel_days():
    """Of each channel the day of its first whole day, and the hourly counts of its whole days."""
    posts = pl.read_csv(NEWS).with_columns(pl.col("date").str.slice(0, 19).str.to_datetime())
    made = []
    for _, rows in sorted(posts.group_by("channel"), key=lambda item: item[0]):
        first = rows["date"].dt.date().min()
        hour = (
            (rows["date"].dt.date() - first).dt.total_days() * DAY + rows["date"].dt.hour()
        ).to_numpy()
        counts = np.bincount(hour, minlength=(hour.max() // DAY + 1) * DAY).reshape(-1, DAY)
        made.append((first + timedelta(days=1), counts[1:-1]))
    return made


def redrawn(channels, days, draw):
    """Days drawn with replacement, workdays for workdays: hourly counts, (hours, channels)."""
    # A holiday of the calendar the detectors know is drawn from days off.
    weekend = weekdays(MONDAY, days) >= 5
    columns = []
    for first, counts in channels:
        kind = (np.arange(len(counts)) + first.weekday()) % 7 >= 5
        picked = [draw.choice(np.flatnonzero(kind == free)) for free in weekend]
        columns.append(counts[picked].ravel())
    return np.stack(columns, axis=1)


def as_they_were(channels):
    """Hourly counts of one region, its first day, and the days (from, to) of every channel."""
    first = min(begin for begin, _ in channels)
    days = np.array(
        [((begin - first).days, (begin - first).days + len(d)) for begin, d in channels]
    )
    counts = np.zeros((days[:, 1].max() * DAY, len(channels)), dtype=np.int64)
    for k, (begin, end) in enumerate(days):
        counts[begin * DAY : end * DAY, k] = channels[k][1].ravel()
    return counts, first, days


def struck(counts, sizes, hours, draw, *, first_day, bursts=3):
    """Lay bursts upon every channel, one in each part of its days, a week apart or more."""
    counts, planted = counts.copy(), []
    days = counts.shape[0] // DAY
    part = (days - 2 - first_day) // bursts
    for channel in range(counts.shape[1]):
        for turn in range(bursts):
            day = first_day + turn * part + int(draw.integers(0, part - 7))
            start, size = day * DAY + int(draw.integers(7, 21)), int(draw.choice(sizes))
            np.add.at(counts[:, channel], start + draw.integers(0, hours, size), 1)
            planted.append(Burst(channel, start, size, hours, turn))
    return counts, planted


def panel_of(counts, first=MONDAY):
    """Events of channels that are groups of one place."""
    hour, group = np.nonzero(counts)
    times = counts[hour, group]
    hour, group = np.repeat(hour, times), np.repeat(group, times)
    return Panel.of_events(first, hour, group, hour * 0, groups=counts.shape[1], places=1)


# --- detectors ------------------------------------------------------------------------------------


def trailing(counts, window):
    total = np.concatenate([np.zeros((1, counts.shape[1])), np.cumsum(counts, axis=0)])
    start = np.maximum(np.arange(1, len(total)) - window, 0)
    return total[1:] - total[start]


def constant_poisson(counts):
    """Most surprising trailing window against a Poisson with the mean rate of the past."""
    past = np.cumsum(counts, axis=0) / np.arange(1, len(counts) + 1)[:, None]
    rate = np.concatenate([past[:1], past[:-1]])
    tails = [stats.poisson.logsf(trailing(counts, w) - 1, rate * w) for w in WINDOWS]
    return -np.min(tails, axis=0)


def ears(hours, lag, *, least_sigma=1.0):
    """EARS (Hutwagner et al. 2003) on trailing hours against the same hours of seven earlier days.

    C1 has lag 0, C2 lag 2.
    """

    def score(counts):
        y = trailing(counts, hours)
        past = np.stack([np.roll(y, DAY * (lag + k), axis=0) for k in range(1, 8)])
        return (y - past.mean(0)) / np.maximum(past.std(0, ddof=1), least_sigma)

    return score


def ears_daily(lag):
    """EARS on whole days, known when the day is over."""

    def score(counts):
        daily = counts.reshape(-1, DAY, counts.shape[1]).sum(1)
        past = np.stack([np.roll(daily, lag + k, axis=0) for k in range(1, 8)])
        return when_over((daily - past.mean(0)) / np.maximum(past.std(0, ddof=1), 1.0))

    return score


def oracle(channels, days, window):
    """Who knows the length of a burst, and mean and variance of these hours on such days.

    Of redrawn days both are known without error: what it misses, no count of these hours shows.
    """
    free = weekdays(MONDAY, days) >= 5
    moments = []
    for first, counts in channels:
        kind = (np.arange(len(counts)) + first.weekday()) % 7 >= 5
        moments.append([(counts[kind == f].mean(0), np.cov(counts[kind == f].T)) for f in (0, 1)])

    mean, sigma = np.zeros((2, len(channels), 2, 2, DAY))
    for channel, known in enumerate(moments):
        for before, today in np.ndindex(2, 2):
            both = np.concatenate([known[before][0], known[today][0]])
            spread = np.zeros((2 * DAY, 2 * DAY))
            spread[:DAY, :DAY], spread[DAY:, DAY:] = known[before][1], known[today][1]
            for hour in range(DAY):
                last = slice(DAY + hour - window + 1, DAY + hour + 1)
                mean[channel, before, today, hour] = both[last].sum()
                sigma[channel, before, today, hour] = max(spread[last, last].sum(), 0.25) ** 0.5
    kinds = (np.roll(free, 1).astype(int), free.astype(int))

    def score(counts):
        y = trailing(counts, window)
        usual, scatter = (
            part[:, kinds[0], kinds[1]].reshape(len(channels), -1).T for part in (mean, sigma)
        )
        return np.where(y >= 3, (y - usual) / scatter, -np.inf)

    return score


def when_over(daily):
    """Scores of days, at their last hours."""
    hourly = np.full((len(daily) * DAY, daily.shape[1]), -np.inf)
    hourly[DAY - 1 :: DAY] = daily
    return hourly


def farrington_flexible(history, first_day):
    """Farrington Flexible on days, given as many earlier days as it needs, once a week anew."""

    def score(counts):
        daily = counts.reshape(-1, DAY, counts.shape[1]).sum(1)
        earlier = history.reshape(-1, DAY, history.shape[1]).sum(1)
        assert len(earlier) + first_day >= history_needed(YEAR)
        whole = np.concatenate([earlier, daily]).astype(float)
        surprise = np.zeros(daily.shape)
        for day in range(first_day, len(daily), 7):
            week = slice(day, min(day + 7, len(daily)))
            ahead = farrington(whole, np.zeros(len(whole)), len(earlier) + day, per_year=YEAR)
            tails = [ahead.tail(today) for today in daily[week].astype(float)]
            surprise[week] = -np.log(np.maximum(np.stack(tails), 1e-300))
        return when_over(surprise)

    return score


def raised(score, threshold, first_day):
    """Hours, by channel, in which an episode begins: above the threshold after a day below it."""
    begun = []
    for channel in range(score.shape[1]):
        above = np.flatnonzero(score[first_day * DAY :, channel] > threshold) + first_day * DAY
        begun.append(above[np.diff(above, prepend=-DAY) >= DAY])
    return begun


def threshold_for(scores, allowed, first_day):
    """Lowest threshold with at most so many episodes in all."""
    values = np.concatenate([score[first_day * DAY :].ravel() for score in scores])
    values = np.unique(values[np.isfinite(values)])[-20_000:]
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high) // 2
        found = (raised(score, values[middle], first_day) for score in scores)
        if sum(hours.size for begun in found for hours in begun) <= allowed:
            high = middle
        else:
            low = middle + 1
    return values[low]
