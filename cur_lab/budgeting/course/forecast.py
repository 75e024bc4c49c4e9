"""Forecasts of the final count, judged at earlier moments of the campaign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import exact
from cur_lab.budgeting.ballots.hours import timed
from cur_lab.budgeting.course import competitors
from cur_lab.budgeting.course.origins import (
    FEWEST_PROJECTS,
    FEWEST_VOTES,
    Course,
    Origin,
    course_until,
    origins,
)
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray
from cur_lab.readers.election import Election

LEVEL = 0.9
_SHRINKAGE = (0.25, 0.5, 0.75, 1.0)
# A gain won by picking the best of many shrinks when it is used.
_KEPT = 0.75
_NAIVE = "naive"
# Before campaigns have shown how much their pace changes for all projects together: standard
# deviation of the logarithm of the ratio of the later to the earlier pace, and how many campaigns
# that is worth. What one campaign shows of itself, at origins that overlap, is worth half a one.
_COMMON_SPREAD, _COMMON_WEIGHT, _OWN_WEIGHT = 0.25, 2.0, 0.5
_SMALLEST_VARIANCE = 0.02
# Projects whose paces have parted beyond counting noise go on parting; finished campaigns have
# shown all of it.
_PARTING = 0.4
_TAIL_DEGREES = 6
_DRAWS = 4000
# Of errors that models are compared by: the last digits of a logarithm hang on the processor.
_DECIMALS = 9


@dataclass(frozen=True, eq=False)
class Forecast:
    """Votes expected at the end of a campaign.

    Attributes
    ----------
    projects, total
        Forecast by project and of all votes, with 90 % intervals. The total follows the naive
        forecast unless finished campaigns were given: one campaign cannot tell from its first half
        whether it will speed up.
    models
        Competitors and their errors at earlier origins of the same campaign.
    """

    projects: pl.DataFrame
    total: pl.DataFrame
    models: pl.DataFrame


@c.needs(c.CAST_AT)
def forecast(
    election: Election, *, at: float = 0.5, past: Sequence[Election] = (), seed: int = 0
) -> Forecast:
    """Forecast the final number of votes of each project from the votes of the first days.

    Bass, logistic and Weibull growth, multiplicative growth with decay, and the recent pace compete
    with the naive forecast (all goes on as on average) at earlier origins of this campaign that
    stand to their target as ``at`` stands to the end. A competitor is used as far as it would have
    helped there, and not at all unless its gain exceeds its standard error.

    Parameters
    ----------
    election
        Votes with ``cast_at``; only those of the share ``at`` are looked at.
    at
        Elapsed share of the campaign, between 0 and 1.
    past
        Finished campaigns under the same rules. They say what the last days bring (a rush before
        the deadline, a second wave), which no campaign tells of itself in advance.
    seed
        Of the draws the intervals are made of.

    Raises
    ------
    NotEnoughDataError
        If less than a day is known, or fewer than eight projects have the votes to judge by.
    ParameterError
        If ``at`` is not between 0 and 1.

    Notes
    -----
    Time runs by the voters' clock: an hour counts as much as that hour of day brings on average, so
    a forecast made at noon does not take the night for the rule. Intervals are conformal: errors of
    single projects at earlier origins, scaled by what their counts let expect, and the wider the
    more the projects have parted; a change of pace common to all projects is added. That change is
    the same for all: in one campaign nearly all intervals may hold and in another few, and only
    finished campaigns (``past``) can tell how large it is.

    References
    ----------
    Bass F. M. (1969). A new product growth for model consumer durables. Management Science 15.
    Yasseri T., Hale S. A., Margetts H. Z. (2017). Rapid rise and decay in petition signing.
    EPJ Data Science 6:20.
    Lei J. et al. (2018). Distribution-free predictive inference for regression. JASA 113.
    """
    if not 0 < at < 1:
        raise ParameterError(f"at = {at}", where="forecast", remedy="Name a share between 0 and 1")
    # Threads gain nothing on arrays of this size, and their sums differ in the last digit.
    with exact.one_thread():
        now = course_until(election, at)
        return _forecast(now, [course_until(other, at) for other in past], seed)


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts of a finished campaign beside what came.

    Attributes
    ----------
    shares
        Table ``backtest``: errors and coverage by share of the campaign that was known.
    projects
        Table ``backtest_projects``: forecast and outcome of every project.
    """

    shares: pl.DataFrame
    projects: pl.DataFrame


@c.needs(c.CAST_AT)
def backtest(
    election: Election,
    *,
    at: Sequence[float] = (0.25, 0.5, 0.75),
    past: Sequence[Election] = (),
    seed: int = 0,
) -> Backtest:
    """Forecast a finished campaign as if only its beginning were known, and compare.

    Parameters
    ----------
    election, past, seed
        As for :func:`forecast`.
    at
        Shares of the campaign that are taken for known.

    Raises
    ------
    NotEnoughDataError
        As :func:`forecast`.
    ParameterError
        If `at` names nothing, or no share.
    """
    if not at:
        raise ParameterError("at is empty", where="backtest", remedy="Name a share between 0 and 1")
    final = timed(election).group_by(c.PROJECT_ID).agg(pl.len().cast(pl.Int64).alias(c.FINAL))
    rows, parts = [], [c.BACKTEST_PROJECTS.empty()]
    for share in sorted(set(at)):
        made = forecast(election, at=share, past=past, seed=seed)
        judged = made.projects.drop_nulls(c.FORECAST).join(final, on=c.PROJECT_ID, how="left")
        parts.append(c.BACKTEST_PROJECTS.conform(judged.with_columns(elapsed=pl.lit(share))))
        error = (pl.col(c.FORECAST) / pl.col(c.FINAL)).log().abs().mean()
        naive = (pl.col(c.NAIVE) / pl.col(c.FINAL)).log().abs().mean()
        inside = pl.col(c.FINAL).is_between(c.FORECAST_LOW, c.FORECAST_HIGH).mean()
        found = judged.select(error.alias("e"), naive.alias("n"), inside.alias("i")).row(0)
        model = made.models.filter(pl.col(c.CHOSEN))[c.MODEL][0]
        rows.append((share, judged.height, model, *found))
    shares = pl.DataFrame(rows, schema=c.BACKTEST.schema, orient="row")
    return Backtest(shares, pl.concat(parts).sort(c.ELAPSED, c.PROJECT_ID))


def _forecast(now: Course, past: Sequence[Course], seed: int) -> Forecast:
    noise = competitors.overdispersion(now.counts)
    earlier = origins(now, past, noise)
    if not earlier:
        raise NotEnoughDataError(
            f"fewer than {FEWEST_PROJECTS} projects have {FEWEST_VOTES} votes to judge by",
            where="forecast",
            remedy="Forecast later in the campaign, or give finished campaigns",
            code="few_votes",
        )
    models, chosen, weight = _compete(earlier)
    drifts = np.array([origin.came.mean() for origin in earlier])
    # One campaign cannot tell its own second half; finished ones can, the more the better.
    common = float(drifts.sum() / (len(drifts) + 1)) if past else 0.0
    evidence = len(earlier) if past else _OWN_WEIGHT
    common_variance = (
        _COMMON_WEIGHT * _COMMON_SPREAD**2 + evidence * float(((drifts - common) ** 2).mean())
    ) / (_COMMON_WEIGHT + evidence)
    variance, scaled = _errors(earlier, chosen, weight, noise, 0.0 if past else _PARTING)

    alive = now.counts[:, -1] > 0
    known = now.counts[alive, -1]
    said = competitors.competitors(now.counts[alive], now.share, noise)
    drift = common + (weight * _own(said[chosen]) if chosen != _NAIVE else np.zeros(len(known)))
    draw = np.random.default_rng(seed)
    singles = draw.choice(scaled, _DRAWS)
    shared = draw.standard_t(_TAIL_DEGREES, _DRAWS) * np.sqrt(common_variance)
    spread = np.sqrt(variance + _counting(known, now.share, noise))
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    reach = np.array([np.quantile(s * singles + shared, tails) for s in spread]).reshape(-1, 2)

    def at_the_end(votes: FloatArray, pace: FloatArray | float) -> FloatArray:
        return np.asarray(votes + (votes + 0.5) * (1 / now.share - 1) * np.exp(pace))

    names = [name for name, ok in zip(now.projects, alive, strict=True) if ok]
    table = pl.DataFrame(
        {
            c.PROJECT_ID: names,
            c.FORECAST: at_the_end(known, drift),
            c.FORECAST_LOW: at_the_end(known, drift + reach[:, 0]),
            c.FORECAST_HIGH: at_the_end(known, drift + reach[:, 1]),
            c.NAIVE: known / now.share,
        },
        schema_overrides={c.PROJECT_ID: pl.String},
    )
    everything = pl.DataFrame(
        {c.PROJECT_ID: now.projects, c.VOTES_COUNT: now.counts[:, -1].astype(np.int64)}
    )
    silent = pl.col(c.FORECAST).is_null()
    note = pl.when(silent).then(pl.lit("no_votes_yet")).otherwise(pl.lit(""))
    projects = everything.join(table, on=c.PROJECT_ID, how="left").with_columns(note.alias(c.NOTE))
    votes = known.sum(keepdims=True)
    low, high = common + np.quantile(shared, tails)
    total = pl.DataFrame(
        {
            c.VOTES_COUNT: votes.astype(np.int64),
            c.FORECAST: at_the_end(votes, common),
            c.FORECAST_LOW: at_the_end(votes, low),
            c.FORECAST_HIGH: at_the_end(votes, high),
            c.NAIVE: votes / now.share,
        }
    )
    return Forecast(
        c.FORECASTS.conform(projects.sort(c.PROJECT_ID)), c.FORECAST_TOTAL.conform(total), models
    )


def _own(said: FloatArray) -> FloatArray:
    """Keep what a model says of a project against the others; all together stay as they are."""
    return np.asarray(said - said.mean()) if len(said) else said


def _compete(origins: Sequence[Origin]) -> tuple[pl.DataFrame, str, float]:
    """Judge every competitor at the earlier origins.

    Returns
    -------
    tuple
        Table ``forecast_models``; the name of the model to use and how much of its word to take.
    """

    def errors(origin: Origin, said: FloatArray) -> FloatArray:
        """Error of the log of final votes, the common change of pace known."""
        came = origin.came - origin.came.mean()
        grown = np.log(origin.share + (1 - origin.share) * np.exp(came))
        guessed = np.log(origin.share + (1 - origin.share) * np.exp(said))
        return np.asarray(np.abs(grown - guessed))

    naive = [errors(origin, np.zeros(len(origin.came))) for origin in origins]
    naive_error = round(float(np.mean([error.mean() for error in naive])), _DECIMALS)
    rows = [(_NAIVE, 0.0, naive_error, 0.0, 0.0, 0.0)]
    for model in origins[0].said:
        best: tuple[float, float, float] | None = None
        for weight in _SHRINKAGE:
            made = [errors(origin, weight * _own(origin.said[model])) for origin in origins]
            gains = [before - after for before, after in zip(naive, made, strict=True)]
            gain = round(float(np.mean([g.mean() for g in gains])), _DECIMALS)
            # Projects are independent witnesses, overlapping origins are not.
            error = round(float(np.mean([g.std() / np.sqrt(len(g)) for g in gains])), _DECIMALS)
            if best is None or gain > best[1]:
                best = weight, gain, error
        assert best is not None
        weight, gain, error = best
        low, high = gain - 1.96 * error, gain + 1.96 * error
        ends = (gain / naive_error, low / naive_error, high / naive_error)
        rows.append((model, weight * _KEPT, naive_error - gain, *ends))
    ranked = sorted(rows[1:], key=lambda row: (row[2], row[0]))
    leader = ranked[0]
    # Half the interval is 1.96 standard errors; a gain of one of them is asked for.
    convincing = leader[3] > (leader[5] - leader[4]) / 2 / 1.96
    name = leader[0] if convincing else _NAIVE
    table = pl.DataFrame(
        [(*row, row[0] == name) for row in [*ranked, rows[0]]],
        schema=c.FORECAST_MODELS.schema,
        orient="row",
    ).sort(c.ERROR, c.MODEL)
    return c.FORECAST_MODELS.conform(table), name, leader[1] if convincing else 0.0


def _counting(votes: FloatArray, share: float, noise: float) -> FloatArray:
    """Variance of the log ratio of two counts, were both paces the same."""
    return np.asarray(noise * (1 / (votes + 0.5) + 1 / ((votes + 0.5) * (1 / share - 1))))


def _errors(
    origins: Sequence[Origin], model: str, weight: float, noise: float, parting: float
) -> tuple[float, FloatArray]:
    """Variance of the pace of a single project beyond counting noise; the scaled errors."""
    missed = []
    for origin in origins:
        said = weight * _own(origin.said[model]) if model != _NAIVE else 0.0
        missed.append(origin.came - origin.came.mean() - said)
    noises = [_counting(origin.counts, origin.share, noise) for origin in origins]
    seen = float(np.mean([np.mean(m**2 - n) for m, n in zip(missed, noises, strict=True)]))
    total = float(np.mean([np.mean(m**2) for m in missed]))
    variance = max(seen, _SMALLEST_VARIANCE)
    widened = 1 + parting * max(seen, 0.0) / max(total, _SMALLEST_VARIANCE)
    scaled = [widened * m / np.sqrt(variance + n) for m, n in zip(missed, noises, strict=True)]
    return variance, np.sort(np.concatenate(scaled))
