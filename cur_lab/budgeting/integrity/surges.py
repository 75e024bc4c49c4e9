"""How small a boosting the data of this very vote would have shown."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import Ballots
from cur_lab.budgeting.integrity import composition
from cur_lab.budgeting.integrity.windows import all_windows, looks, rises
from cur_lab.inference import FloatArray, IntArray, cauchy, wilson

EXCESS = (15, 30, 50, 100, 200, 400)
HOURS = (1, 6, 24)
_TRIALS = 30
SURE = 0.8
# Corrected p below which a rise passes for one among hundreds of projects.
_ROSE = 1e-4


def surface(ballots: Ballots, *, thresholds: FloatArray, combining: int, seed: int) -> pl.DataFrame:
    """Add votes of one channel to random projects at random hours and count what is found.

    Parameters
    ----------
    ballots
        The votes, their own background.
    thresholds
        Shape (2,): largest combined p that is flagged, of projects that rose and of others.
    combining
        How many tests are combined; those not drawn here see nothing.
    seed
        Of the choice of projects and hours.

    Returns
    -------
    DataFrame
        Table ``integrity_power``. Evenness of gaps and neighbouring numbers are not added, so this
        is what shares alone would show.
    """
    panel = ballots.panel
    _, hours, channels = panel.own.shape
    busy = np.flatnonzero(panel.own.sum(axis=(1, 2)) > 0)
    draw = np.random.default_rng(seed)
    pooled_rise = [rises(panel.total, windows).pooled for windows in all_windows(hours)]
    pooled_channel = [tails.pooled for tails in composition.channel_tails(panel)]
    pooled_night = composition.night_spread(ballots, panel)
    rows = []
    for channel in np.flatnonzero(panel.region.sum(axis=0)):
        # At the hours the channel is used in: spread evenly, a day's surge would betray itself by
        # its votes at night.
        weight = panel.region[:, channel]
        for length in (h for h in HOURS if h < hours):
            for excess in EXCESS:
                chosen = draw.choice(busy, size=_TRIALS)
                added = np.zeros((_TRIALS, hours, channels))
                starts = draw.choice(hours, size=_TRIALS, p=weight / weight.sum())
                starts = np.minimum(starts, hours - length)
                when = starts[:, None] + _clock(draw, weight, starts, length, excess)
                np.add.at(added[:, :, channel], (np.arange(_TRIALS)[:, None], when), 1)
                some = panel.rows(chosen, added=added)
                tails = [
                    rises(some.total, windows, pooled=known)
                    for windows, known in zip(all_windows(hours), pooled_rise, strict=True)
                ]
                rose = np.min([t.p[:, :, 0].min(axis=1) for t in tails], axis=0) * looks(hours)
                found = composition.channel(some, tails, pooled_channel).p
                dark = composition.night(ballots, some, pooled_night).p
                silent = np.ones((combining - 2, _TRIALS))
                p = combined(np.concatenate([[found, dark], silent]))
                hits = int((p <= np.where(rose < _ROSE, *thresholds)).sum())
                low, high = wilson(hits, _TRIALS)
                rows.append(
                    (
                        ballots.channels[channel],
                        excess,
                        length,
                        _TRIALS,
                        hits / _TRIALS,
                        float(low),
                        float(high),
                    )
                )
    frame = pl.DataFrame(rows, schema=c.INTEGRITY_POWER.schema, orient="row")
    return frame.sort(c.CHANNEL, c.HOURS, c.EXCESS)


def _clock(
    draw: np.random.Generator, weight: FloatArray, starts: IntArray, length: int, excess: int
) -> IntArray:
    """Hours since the start of each window at which the votes of a surge come: shape (t, e)."""
    rows = []
    for start in starts:
        usual = weight[start : start + length]
        rows.append(draw.choice(length, size=excess, p=usual / usual.sum()))
    return np.stack(rows)


def detectable(power: pl.DataFrame) -> pl.DataFrame:
    """Read off the size from which four surges of five would have called for a check.

    Parameters
    ----------
    power
        Table ``integrity_power``.

    Returns
    -------
    DataFrame
        Table ``integrity_detectable``. What is found is taken to grow with the size, and between
        two sizes with its logarithm; null where not even the largest is found often enough. A
        standard error is kept back, for a size picked out of noisy shares is too small.
    """
    enough = SURE + np.sqrt(SURE * (1 - SURE) / _TRIALS)
    rows = []
    for (channel, hours), part in power.sort(c.CHANNEL, c.HOURS, c.EXCESS).group_by(
        c.CHANNEL, c.HOURS, maintain_order=True
    ):
        size = part[c.EXCESS].to_numpy()
        found = scipy.optimize.isotonic_regression(part[c.FOUND].to_numpy()).x
        reached = np.flatnonzero(found >= enough)
        votes = None
        if len(reached):
            # Where the smallest is found that often, the smallest is all that can be said.
            last = max(int(reached[0]), 1)
            ends = slice(last - 1, last + 1)
            at = np.interp(enough, found[ends], np.log(size[ends]))
            votes = int(np.ceil(np.exp(at) - 1e-9))
        rows.append((channel, hours, votes))
    return pl.DataFrame(rows, schema=c.INTEGRITY_DETECTABLE.schema, orient="row")


def combined(p: FloatArray) -> FloatArray:
    """Combine over the first axis; 1 where no test was asked."""
    return np.nan_to_num(cauchy(p, most=0.95), nan=1.0)
