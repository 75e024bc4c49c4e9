"""The series a decision is judged by: treated, untreated, and all other messages, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Daily counts around a decision.

    Attributes
    ----------
    begins
        The instant at which day 0 begins.
    treated, others, region
        Shape (days,): messages in the treated cells; all messages of the treated districts that are
        in no treated rubric, zero if there are none; all messages outside the treated cells.
    donors
        Shape (days, districts): the treated rubrics in the untreated districts.
    names
        Of the untreated districts.
    siblings
        Other rubrics of the treated districts: name → shape (days,).
    recorded
        Shape (days,): the source was not silent.
    at
        The first day after the decision. The day it fell on belongs to neither side, unless the
        decision came with its first minute.
    before
        Days before this one precede the decision.
    """

    begins: datetime
    treated: FloatArray
    donors: FloatArray
    names: list[str]
    siblings: Mapping[str, FloatArray]
    others: FloatArray
    region: FloatArray
    recorded: npt.NDArray[np.bool_]
    at: int
    before: int

    @property
    def days(self) -> int:
        """Number of days."""
        return len(self.treated)

    def moment(self, day: float) -> datetime:
        """Return the instant at which a day begins."""
        return self.begins + timedelta(days=day)


def read(
    counts: pl.DataFrame,
    decided_at: datetime,
    treated: Mapping[str, Sequence[str]] | None,
    *,
    where: str,
) -> Panel:
    """Lay counts out by day, treated and untreated apart.

    Raises
    ------
    NotEnoughDataError
        If there are no counts.
    ParameterError
        If the decision is outside the range, a period is longer than a day, or ``treated`` names
        what is not there.
    SchemaError
        If a column is missing.
    """
    c.COUNTS.require(counts, [c.PERIOD_START, c.MESSAGES_COUNT], where=where)
    counts = counts.filter(pl.col(c.PERIOD_START).is_not_null())
    if counts.is_empty():
        raise NotEnoughDataError(
            "there are no counts",
            where=where,
            code="no_counts",
        )
    step = _step(counts, where)
    zero = _zero(counts, decided_at, where)
    chosen, same_rubric, same_place = _chosen(counts, treated or {}, where)
    place = (
        pl.col(c.MUNICIPALITY)
        if c.MUNICIPALITY in counts.columns
        else pl.lit(None, dtype=pl.String)
    )
    kind = pl.col(c.RUBRIC) if c.RUBRIC in counts.columns else pl.lit(None, dtype=pl.String)
    day = ((pl.col(c.PERIOD_START) - zero + step / 2).dt.total_seconds() / 86_400).floor()
    recorded = pl.col(c.RECORDED) if c.RECORDED in counts.columns else pl.lit(True)
    cells = counts.select(
        day.cast(pl.Int64).alias("day"),
        place.alias("place"),
        pl.col(c.MESSAGES_COUNT).fill_null(0).cast(pl.Float64).alias("count"),
        recorded.fill_null(True).alias("recorded"),
        kind.alias("kind"),
        chosen.alias("chosen"),
        same_rubric.alias("same_rubric"),
        same_place.alias("same_place"),
    )
    first = int(cells["day"].min())  # type: ignore[arg-type]
    cells = cells.with_columns(pl.col("day") - first)
    days = int(cells["day"].max()) + 1  # type: ignore[arg-type]
    untreated = cells.filter(
        pl.col("same_rubric") & ~pl.col("same_place") & pl.col("place").is_not_null()
    )
    names = sorted(untreated["place"].unique())
    column = {name: number for number, name in enumerate(names)}
    donors = np.zeros((days, len(names)))
    summed = untreated.group_by("day", "place").agg(pl.col("count").sum())
    for number, name, count in summed.iter_rows():
        donors[number, column[name]] = count
    beside = cells.filter(pl.col("same_place") & ~pl.col("same_rubric"))
    silent = cells.group_by("day").agg(pl.col("recorded").any())
    heard = np.zeros(days, dtype=bool)
    heard[silent["day"].to_numpy()] = silent["recorded"].to_numpy()
    begins = zero + first * _DAY
    return Panel(
        begins,
        _daily(cells.filter("chosen"), days),
        donors,
        names,
        {
            str(name[0]): _daily(cells_of, days)
            for name, cells_of in sorted(
                beside.drop_nulls("kind").partition_by("kind", as_dict=True).items()
            )
        },
        _daily(beside, days),
        _daily(cells.filter(~pl.col("same_rubric")), days),
        heard,
        -first,
        -first - (decided_at != zero),
    )


def aware(moment: datetime) -> datetime:
    """Take a time without a zone for UTC, as all tables do."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def within(frame: pl.DataFrame, treated: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Keep the rows of the treated cells."""
    for column, values in treated.items():
        wanted = [values] if isinstance(values, str) else list(values)
        frame = frame.filter(pl.col(column).is_in(wanted))
    return frame


def _step(counts: pl.DataFrame, where: str) -> timedelta:
    starts = counts[c.PERIOD_START].unique().sort()
    steps = starts.diff().drop_nulls()
    if steps.is_empty():
        raise NotEnoughDataError(
            "counts hold a single period",
            where=where,
            code="few_days",
        )
    step: timedelta = steps.min()  # type: ignore[assignment]
    if step > _DAY + timedelta(hours=2):
        raise ParameterError(
            f"periods are {step} long, longer than a day",
            where=where,
            remedy='Count by day: trends.counts(messages, every="1d")',
        )
    return min(step, _DAY)


def _zero(counts: pl.DataFrame, decided_at: datetime, where: str) -> datetime:
    starts = counts[c.PERIOD_START]
    first: datetime = starts.min()  # type: ignore[assignment]
    last: datetime = starts.max()  # type: ignore[assignment]
    after = starts.filter(starts >= decided_at)
    if decided_at <= first or after.is_empty():
        raise ParameterError(
            f"the decision of {decided_at:%Y-%m-%d} is outside the range of counts",
            where=where,
            remedy=f"They run from {first:%Y-%m-%d} to {last:%Y-%m-%d}",
        )
    zero: datetime = after.min()  # type: ignore[assignment]
    return zero


def _chosen(
    counts: pl.DataFrame, treated: Mapping[str, Sequence[str]], where: str
) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Rows of the treated cells; of the treated rubrics anywhere; of the treated districts."""
    rubric, place = pl.lit(True), pl.lit(True)
    allowed = c.COUNTS.splits(counts)
    for column, values in treated.items():
        if column not in allowed:
            raise ParameterError(
                f"counts have no column {column} to choose by",
                where=where,
                remedy=f"There are {', '.join(allowed) or 'none'}; see by of trends.counts",
            )
        wanted = [values] if isinstance(values, str) else list(values)
        known = set(counts[column].drop_nulls().unique())
        if not wanted or (unknown := sorted(set(wanted) - known)):
            guesses = [g for w in wanted for g in get_close_matches(w, sorted(known), n=1)]
            raise ParameterError(
                f"{column} {', '.join(unknown)} not in the counts"
                if wanted
                else f"{column} is empty",
                where=where,
                remedy=f"Did you mean {', '.join(guesses)}?" if guesses else "Check the spelling",
            )
        match = pl.col(column).is_in(wanted).fill_null(False)
        if column == c.MUNICIPALITY:
            place = match
        else:
            rubric = rubric & match
    return rubric & place, rubric, place


def _daily(cells: pl.DataFrame, days: int) -> FloatArray:
    return np.bincount(
        cells["day"].to_numpy(), weights=cells["count"].to_numpy(), minlength=days
    ).astype(float)
