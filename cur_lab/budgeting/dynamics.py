"""The course of a vote: curves, forecasts of the final count, the rush before the deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from scipy import stats
from threadpoolctl import threadpool_limits

from cur_lab import columns as c
from cur_lab.budgeting import campaign, growth
from cur_lab.budgeting.growth import FloatArray
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.readers.pabulib import Election

__all__ = ["Forecast", "backtest", "curves", "deadline", "forecast"]

EVERYBODY = "all"
LEVEL = 0.9
_POINTS = 100
_FEWEST_HOURS = 24
_FEWEST_PROJECTS = 8
_FEWEST_VOTES = 5
_STEPS = 48
_FEWEST_STEPS = 4
# Shares of what is known so far, at the end of which an earlier forecast is judged.
_JUDGED = (1.0, 0.9, 0.8, 0.7, 0.6)
_SHRINKAGE = (0.25, 0.5, 0.75, 1.0)
# A gain won by picking the best of many shrinks when it is used.
_KEPT = 0.75
_NAIVE = "naive"
# Before a campaign has shown how much its pace changes: standard deviation of the logarithm of the
# ratio of the later to the earlier pace, common to all projects and of a single one.
_COMMON_SPREAD, _COMMON_WEIGHT = 0.35, 2.0
_SINGLE_SPREAD = 0.63
_SMALLEST_VARIANCE = 0.02
_TAIL_DEGREES = 6
_DRAWS = 4000
_TOO_WIDE = np.log(10)


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


def curves(election: Election, *, by: str | None = None) -> pl.DataFrame:
    """Count votes cast until each hundredth of the campaign.

    Parameters
    ----------
    election
        Votes with ``cast_at``.
    by
        ``project_id``, ``channel`` or ``municipality``; all votes together by default. Without
        a municipality of the voter, that of the project.

    Returns
    -------
    DataFrame
        Table ``curves``, sorted by group and time. Counts of all votes: they have no interval.

    Raises
    ------
    NotEnoughDataError
        If no vote has a time, or none has the column.
    ParameterError
        If ``by`` is something else.
    """
    votes, opens, hours = _timed_within(election)
    votes = _grouped(election, votes, by)
    grid = np.linspace(0, 1, _POINTS + 1)
    span = timedelta(hours=hours)
    moments = [opens + span * float(share) for share in grid]
    edges = pl.Series(moments).dt.cast_time_unit("us").dt.timestamp("us").to_numpy()
    groups = votes[c.GROUP].unique().sort()
    number = votes[c.GROUP].replace_strict(
        groups, pl.int_range(len(groups), eager=True), return_dtype=pl.Int64
    )
    # A vote at the very moment counts as cast; the last moment takes what came after it.
    cast = votes[c.CAST_AT].dt.timestamp("us").to_numpy()
    reached = np.minimum(np.searchsorted(edges, cast, side="left"), len(grid) - 1)
    counted = np.bincount(
        number.to_numpy() * len(grid) + reached, minlength=len(groups) * len(grid)
    ).reshape(len(groups), len(grid))
    counted = counted.cumsum(axis=1)
    table = pl.DataFrame(
        {
            c.GROUP: np.repeat(groups.to_numpy(), len(grid)),
            c.ELAPSED: np.tile(grid, len(groups)),
            c.AT: np.tile(edges, len(groups)),
            c.VOTES_COUNT: counted.ravel(),
            c.SHARE: (counted / counted[:, [-1]]).ravel(),
        },
        schema_overrides={c.GROUP: pl.String},
    )
    at = pl.col(c.AT).cast(pl.Datetime("us", "UTC"))
    return c.CURVES.conform(table.with_columns(at))


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
    single projects at earlier origins, scaled by what their counts let expect, widened by a change
    of pace common to all projects.

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
    with threadpool_limits(limits=1):
        now = _course(election, at)
        return _forecast(now, [_course(other, at) for other in past], seed)


def backtest(
    election: Election,
    *,
    at: Sequence[float] = (0.25, 0.5, 0.75),
    past: Sequence[Election] = (),
    seed: int = 0,
) -> pl.DataFrame:
    """Forecast a finished campaign as if only its beginning were known, and compare.

    Returns
    -------
    DataFrame
        Table ``backtest``, a row per share of ``at``.
    """
    final = campaign.timed(election).group_by(c.PROJECT_ID).agg(pl.len().alias("final"))
    rows = []
    for share in sorted(at):
        made = forecast(election, at=share, past=past, seed=seed)
        judged = made.projects.drop_nulls(c.FORECAST).join(final, on=c.PROJECT_ID, how="left")
        error = (pl.col(c.FORECAST) / pl.col("final")).log().abs().mean()
        naive = (pl.col(c.NAIVE) / pl.col("final")).log().abs().mean()
        inside = pl.col("final").is_between(c.FORECAST_LOW, c.FORECAST_HIGH).mean()
        found = judged.select(error.alias("e"), naive.alias("n"), inside.alias("i")).row(0)
        model = made.models.filter(pl.col(c.CHOSEN))[c.MODEL][0]
        rows.append((share, judged.height, model, *found))
    return c.BACKTEST.conform(pl.DataFrame(rows, schema=c.BACKTEST.schema, orient="row"))


def deadline(election: Election, *, hours: int = 24) -> pl.DataFrame:
    """Compare the votes of the last hours with those of the days before.

    Parameters
    ----------
    election
        A finished campaign, votes with ``cast_at``.
    hours
        Length of the last stretch; whole days compare like with like.

    Returns
    -------
    DataFrame
        Table ``deadline``: all votes, then each channel. The interval comes from how much the same
        comparison varies at earlier moments of the campaign, where there was no deadline.

    Raises
    ------
    NotEnoughDataError
        If the campaign is shorter than ten such stretches or has not ended.
    ParameterError
        If ``hours`` is not positive.
    """
    if hours < 1:
        raise ParameterError(f"hours = {hours}", where="deadline", remedy="Name one or more")
    votes, opens, length = _timed_within(election)
    stretches = length // hours
    if stretches < 10:
        raise NotEnoughDataError(
            f"{stretches} stretches of {hours} hours", where="deadline", remedy="Ten are needed"
        )
    last = votes[c.CAST_AT].max()
    assert isinstance(last, datetime)
    if last < opens + timedelta(hours=length - hours):
        raise NotEnoughDataError("the campaign has not ended", where="deadline")
    parts = [votes.with_columns(pl.lit(EVERYBODY).alias(c.GROUP))]
    if c.CHANNEL in votes.columns and votes[c.CHANNEL].drop_nulls().n_unique() > 1:
        parts.append(votes.drop_nulls(c.CHANNEL).with_columns(pl.col(c.CHANNEL).alias(c.GROUP)))
    rows = []
    for part in parts:
        groups = sorted(part[c.GROUP].unique())
        grid = campaign.hourly(
            part.with_columns(pl.col(c.GROUP).alias(c.PROJECT_ID)), groups, opens, length
        )
        # Counted from the end, so that the last stretch is whole.
        whole = grid[:, length - stretches * hours :].reshape(len(groups), stretches, hours)
        rows += [_rush(group, days) for group, days in zip(groups, whole.sum(axis=2), strict=True)]
    return c.DEADLINE.conform(pl.DataFrame(rows, infer_schema_length=None))


def _rush(group: str, days: FloatArray) -> dict[str, object]:
    """Compare the last stretch with the seven before it, and each earlier one with its seven."""
    row: dict[str, object] = {c.GROUP: group, c.VOTES_COUNT: int(days[-1]), c.NOTE: ""}
    before = np.array([days[max(0, d - 7) : d].mean() for d in range(3, len(days))])
    logs = np.log((days[3:] + 0.5) / (before + 0.5))
    if days[:-1].sum() < 10 * len(days) / 7:
        return row | {c.NOTE: "до последних часов слишком мало голосов"}
    spread = logs[:-1].std(ddof=1) * stats.t.ppf(0.975, len(logs) - 2)
    spread *= np.sqrt(1 + 1 / (len(logs) - 1))
    if spread > _TOO_WIDE:
        return row | {c.NOTE: "дни слишком непохожи, чтобы отличить наплыв от обычного дня"}
    # What the same comparison gives on an ordinary day is taken off.
    ratio = np.exp(logs[-1] - logs[:-1].mean())
    return row | {
        c.EXPECTED: float((days[-1] + 0.5) / ratio - 0.5),
        c.RATIO: float(ratio),
        c.RATIO_LOW: float(ratio * np.exp(-spread)),
        c.RATIO_HIGH: float(ratio * np.exp(spread)),
    }


@dataclass(frozen=True)
class _Course:
    """Cumulative votes by project on a grid of the voters' clock that ends where knowledge ends.

    ``counts`` has shape (projects, steps + 1); ``share`` is the known share of the campaign by that
    clock; ``final`` are the votes at the end, for campaigns that are over.
    """

    projects: list[str]
    counts: FloatArray
    share: float
    final: FloatArray


def _course(election: Election, at: float) -> _Course:
    votes, opens, hours = _timed_within(election)
    projects = sorted(election.projects[c.PROJECT_ID].drop_nulls().unique())
    known = at * hours
    if known < _FEWEST_HOURS:
        raise NotEnoughDataError(
            f"{known:.0f} hours of the campaign are known",
            where="forecast",
            remedy=f"At least {_FEWEST_HOURS} are needed",
        )
    grid = campaign.hourly(votes, projects, opens, hours)
    start = opens.astimezone(ZoneInfo(campaign.ZONE)).hour
    clock = _clock(grid.sum(axis=0), int(known), start)
    end = float(np.interp(known, np.arange(hours + 1), clock))
    moments = np.interp(np.linspace(0, end, _STEPS + 1), clock, np.arange(hours + 1))
    whole = np.floor(moments).astype(np.int64)
    cumulative = np.concatenate([np.zeros((len(projects), 1)), grid.cumsum(axis=1)], axis=1)
    after = np.minimum(whole + 1, hours)
    counts = cumulative[:, whole] + (moments - whole) * (
        cumulative[:, after] - cumulative[:, whole]
    )
    # An origin within an hour: count the votes cast until that moment and no others.
    cut = votes.filter(pl.col(c.CAST_AT) < opens + timedelta(hours=known))
    counts[:, -1] = campaign.hourly(cut, projects, opens, hours).sum(axis=1)
    counts = np.minimum(counts, counts[:, -1:])
    return _Course(projects, counts, end, cumulative[:, -1])


def _clock(votes: FloatArray, known: int, start: int) -> FloatArray:
    """Elapsed share of the campaign at each hour, by how busy that hour of day has been so far."""
    hour = (start + np.arange(len(votes))) % 24
    seen = np.bincount(hour[:known], weights=votes[:known], minlength=24)
    often = np.bincount(hour[:known], minlength=24)
    mean = votes[:known].sum() / max(known, 1)
    # An average day is mixed in: a night hour with no votes yet still takes time.
    pace = (seen + mean) / (often + 1)
    busy = pace[hour] + 0.02 * mean + 1e-12
    return np.concatenate([[0.0], busy.cumsum() / busy.sum()])


@dataclass(frozen=True)
class _Origin:
    """An earlier forecast and what came of it, both as log ratio of the later to the usual pace."""

    share: float
    counts: FloatArray
    said: dict[str, FloatArray]
    came: FloatArray


def _origin(course: _Course, start: int, stop: int | None, noise: float) -> _Origin:
    """Stand at step ``start`` and look at step ``stop``, or at the end of the campaign."""
    known = course.counts[:, start]
    share = start / stop if stop is not None else course.share * start / _STEPS
    later = (course.counts[:, stop] if stop is not None else course.final) - known
    usual = (known + 0.5) * (1 / share - 1)
    said = growth.competitors(course.counts[:, : start + 1], share, noise)
    return _Origin(share, known, said, np.log((later + 0.5) / usual))


def _enough(course: _Course, start: int) -> _Course:
    chosen = course.counts[:, start] >= _FEWEST_VOTES
    names = [name for name, ok in zip(course.projects, chosen, strict=True) if ok]
    return _Course(names, course.counts[chosen], course.share, course.final[chosen])


def _origins(now: _Course, past: Sequence[_Course], noise: float) -> list[_Origin]:
    """Earlier moments of this campaign, or the same moment of finished ones."""
    stands: list[tuple[_Course, int, int | None, float]] = [
        (_enough(other, _STEPS), _STEPS, None, growth.overdispersion(other.counts))
        for other in past
    ]
    for judged in () if past else _JUDGED:
        stop = round(_STEPS * judged)
        start = round(stop * now.share)
        if _FEWEST_STEPS <= start < stop:
            stands.append((_enough(now, start), start, stop, noise))
    return [_origin(*stand) for stand in stands if len(stand[0].projects) >= _FEWEST_PROJECTS]


def _forecast(now: _Course, past: Sequence[_Course], seed: int) -> Forecast:
    noise = growth.overdispersion(now.counts)
    origins = _origins(now, past, noise)
    if not origins:
        raise NotEnoughDataError(
            f"fewer than {_FEWEST_PROJECTS} projects have {_FEWEST_VOTES} votes to judge by",
            where="forecast",
            remedy="Forecast later in the campaign, or give finished campaigns",
        )
    models, chosen, weight = _compete(origins)
    drifts = np.array([origin.came.mean() for origin in origins])
    # One campaign cannot tell its own second half; finished ones can, the more the better.
    common = float(drifts.sum() / (len(drifts) + 1)) if past else 0.0
    evidence = len(origins) if past else 2.0  # overlapping origins of one campaign
    common_variance = (
        _COMMON_WEIGHT * _COMMON_SPREAD**2 + evidence * float(((drifts - common) ** 2).mean())
    ) / (_COMMON_WEIGHT + evidence)
    variance, scaled = _errors(origins, chosen, weight, noise, now.share)

    alive = now.counts[:, -1] > 0
    known = now.counts[alive, -1]
    said = growth.competitors(now.counts[alive], now.share, noise)
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
    note = (
        pl.when(pl.col(c.FORECAST).is_null()).then(pl.lit("голосов пока нет")).otherwise(pl.lit(""))
    )
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


def _compete(origins: Sequence[_Origin]) -> tuple[pl.DataFrame, str, float]:
    """Judge every competitor at the earlier origins.

    Returns
    -------
    tuple
        Table ``forecast_models``; the name of the model to use and how much of its word to take.
    """

    def errors(origin: _Origin, said: FloatArray) -> FloatArray:
        """Error of the log of final votes, the common change of pace known."""
        came = origin.came - origin.came.mean()
        grown = np.log(origin.share + (1 - origin.share) * np.exp(came))
        guessed = np.log(origin.share + (1 - origin.share) * np.exp(said))
        return np.asarray(np.abs(grown - guessed))

    naive = [errors(origin, np.zeros(len(origin.came))) for origin in origins]
    naive_error = float(np.mean([error.mean() for error in naive]))
    rows = [(_NAIVE, 0.0, naive_error, 0.0, 0.0, 0.0)]
    for model in origins[0].said:
        best: tuple[float, float, float] | None = None
        for weight in _SHRINKAGE:
            made = [errors(origin, weight * _own(origin.said[model])) for origin in origins]
            gains = [before - after for before, after in zip(naive, made, strict=True)]
            gain = float(np.mean([g.mean() for g in gains]))
            # Projects are independent witnesses, overlapping origins are not.
            error = float(np.mean([g.std() / np.sqrt(len(g)) for g in gains]))
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
    origins: Sequence[_Origin], model: str, weight: float, noise: float, share: float
) -> tuple[float, FloatArray]:
    """Variance of the pace of a single project beyond counting noise; the scaled errors."""
    missed = []
    for origin in origins:
        said = weight * _own(origin.said[model]) if model != _NAIVE else 0.0
        missed.append(origin.came - origin.came.mean() - said)
    noises = [_counting(origin.counts, origin.share, noise) for origin in origins]
    seen = float(np.mean([np.mean(m**2 - n) for m, n in zip(missed, noises, strict=True)]))
    # The less of the campaign is known, the less it has shown of how a project's pace may change.
    unseen = (1 - share) ** 2
    variance = max(unseen * _SINGLE_SPREAD**2 + (1 - unseen) * seen, _SMALLEST_VARIANCE)
    scaled = [m / np.sqrt(variance + n) for m, n in zip(missed, noises, strict=True)]
    return variance, np.sort(np.concatenate(scaled))


def _timed_within(election: Election) -> tuple[pl.DataFrame, datetime, int]:
    """Votes with a time, the opening of the campaign, and its length in hours."""
    votes = campaign.timed(election)
    opens, closes = campaign.span(election)
    return votes, opens, round((closes - opens) / campaign.HOUR)


def _grouped(election: Election, votes: pl.DataFrame, by: str | None) -> pl.DataFrame:
    if by is None:
        return votes.with_columns(pl.lit(EVERYBODY).alias(c.GROUP))
    if by not in (c.PROJECT_ID, c.CHANNEL, c.MUNICIPALITY):
        raise ParameterError(
            f"by = {by!r}",
            where="curves",
            remedy=f"Name {c.PROJECT_ID}, {c.CHANNEL} or {c.MUNICIPALITY}",
        )
    if by == c.MUNICIPALITY:
        votes = campaign.with_municipality(election, votes)
    if by not in votes.columns or votes[by].null_count() == votes.height:
        raise NotEnoughDataError(f"no vote has a {by}", where="votes", remedy="Name another column")
    return votes.drop_nulls(by).with_columns(pl.col(by).alias(c.GROUP))
