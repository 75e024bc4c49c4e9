"""Daily counts by district from models the estimator does not assume; shared by tests of impact.

Four kinds of background, each with a yearly and a weekly rhythm and overdispersion:
``wandering`` (autoregressive log-intensity, own and regional), ``contagion`` (INGARCH: yesterday's
messages bring today's), ``switching`` (a two-state Markov regime), ``bursts`` (accidents: heavy
tailed clusters that die down within days).
"""

import numpy as np
from scipy.signal import lfilter

KINDS = ("wandering", "contagion", "switching", "bursts")


def simulate(kind, seed, *, days=730, districts=18, volume=5.0, season=0.3, shared=0.15):
    """Counts of shape (days, districts); district 0 has ``volume`` messages a day on average."""
    draw = np.random.default_rng([KINDS.index(kind), seed])
    day = np.arange(days)
    phase = draw.uniform(0, 365)
    rhythm = season * np.sin(2 * np.pi * (day + phase) / 365.25)
    week = draw.normal(0, 0.15, 7)[day % 7]
    region = autoregression(draw, days, 1, memory=20, spread=shared)
    own_season = draw.normal(1, 0.3, districts)
    level = volume * np.exp(draw.normal(0, 0.9, districts))
    level[0] = volume
    shape = rhythm[:, None] * own_season + week[:, None] + region
    mean = level * np.exp(shape - shape.var() / 2)
    return BACKGROUNDS[kind](draw, mean)


def autoregression(draw, days, series, *, memory, spread):
    keep = np.exp(-1 / memory)
    shocks = draw.normal(0, spread * np.sqrt(1 - keep**2), (days + 400, series))
    return lfilter([1], [1, -keep], shocks, axis=0)[400:]


def negative_binomial(draw, mean, size):
    return draw.poisson(mean * draw.gamma(size, 1 / size, mean.shape)).astype(float)


def wandering(draw, mean):
    memory = draw.uniform(5, 40)
    level = autoregression(draw, *mean.shape, memory=memory, spread=0.3)
    return negative_binomial(draw, mean * np.exp(level - 0.045), 4.0)


def contagion(draw, mean):
    excite, keep = 0.25, draw.uniform(0.4, 0.68)
    base = mean * (1 - excite - keep)
    counts = np.zeros_like(mean)
    intensity, last = mean[0].copy(), mean[0].copy()
    for day in range(len(mean)):
        intensity = base[day] + excite * last + keep * intensity
        last = draw.poisson(intensity * draw.gamma(5.0, 1 / 5.0, intensity.shape))
        counts[day] = last
    return counts


def switching(draw, mean):
    stay = 1 - 1 / draw.uniform(15, 45)
    state = draw.random(mean.shape[1]) < 0.5
    states = np.zeros_like(mean)
    for day in range(len(mean)):
        state = np.where(draw.random(len(state)) < stay, state, ~state)
        states[day] = state
    return negative_binomial(draw, mean * np.where(states > 0, 1.3, 0.7), 6.0)


def bursts(draw, mean):
    starts = draw.random(mean.shape) < 1 / 45
    sizes = starts * draw.pareto(2.2, mean.shape) * 2.0
    decay = np.exp(-1 / 4)
    extra = lfilter([1], [1, -decay], sizes, axis=0)
    return negative_binomial(draw, mean * (0.75 + 0.75 * extra), 6.0)


BACKGROUNDS = {
    "wandering": wandering,
    "contagion": contagion,
    "switching": switching,
    "bursts": bursts,
}


def exogenous(draw, counts, *, earliest, horizon):
    return int(draw.integers(earliest, len(counts) - horizon))


def peak(draw, counts, *, earliest, horizon, width=14):
    """The first day on which the last fortnight tops 97 % of all fortnights before it."""
    sums = np.convolve(counts[:, 0], np.ones(width))[: len(counts)]
    sums[: width - 1] = np.nan
    start = int(draw.integers(earliest, len(counts) - horizon - 60))
    for day in range(start, len(counts) - horizon):
        if sums[day - 1] > np.nanquantile(sums[: day - 1], 0.97):
            return day
    return exogenous(draw, counts, earliest=earliest, horizon=horizon)


def decided(counts, day, change, draw):
    """Thin what district 0 counts after the decision: the truth holds for any background."""
    counts = counts.copy()
    after = counts[day:, 0].astype(int)
    if change <= 0:
        counts[day:, 0] = draw.binomial(after, 1 + change)
    else:
        counts[day:, 0] = after + draw.binomial(after, change)
    return counts
