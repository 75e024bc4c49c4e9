"""From complaints to projects: which subjects became initiatives where, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.effects.filed import bounds, subjects
from cur_lab.columns import BY_WORDS
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import wilson
from cur_lab.parameters import LONGEST

_FEWEST = 30
_FEWEST_DISTRICTS = 6
_DRAWS = 999
# Days from a vote within which nothing it decided is contracted and built.
_SOONEST_BUILT = 90
PROPOSED, FUNDED, UNFUNDED = "proposed", "funded", "unfunded"


@dataclass(frozen=True, eq=False)
class ComplaintsToProjects:
    """Projects by the rubric of complaints like them, cells of district and rubric, and afterwards.

    Attributes
    ----------
    projects
        Rubric of each project, null where neither its category nor its words tell.
    cells, needs
        Complaints and projects of each district and rubric, and of each rubric: complaints without
        a project are the needs nobody proposed to meet. The last row of ``needs`` has no rubric:
        projects of which none is determined.
    afterwards
        Change of complaints where there was a project (or a funded one) against districts without,
        within the same rubric, so that the season cancels; and the same before the decision, when
        no project can have changed anything.
    error
        Share of wrong rubrics among those given by words.
    days
        How long after the decision complaints were compared.
    """

    projects: pl.DataFrame
    cells: pl.DataFrame
    needs: pl.DataFrame
    afterwards: pl.DataFrame
    error: float
    days: int

    @property
    def doubted(self) -> list[str]:
        """Checks of the comparison that failed: ``earlier``, ``unfunded``, ``unbuilt``.

        Each where an interval leaves one out though no project can have been at work: before there
        was a decision; where projects were only proposed; sooner than anything can be built.
        """
        rows = self.afterwards
        apart = {
            name: (pl.col(f"{name}_low") > 1) | (pl.col(f"{name}_high") < 1)
            for name in (c.RATIO, c.EARLIER_RATIO)
        }
        failed = {
            "earlier": rows.filter(apart[c.EARLIER_RATIO]).height > 0,
            "unfunded": rows.filter(apart[c.RATIO], pl.col(c.COMPARED) == UNFUNDED).height > 0,
            "unbuilt": self.days < _SOONEST_BUILT and rows.filter(apart[c.RATIO]).height > 0,
        }
        return [name for name, fails in failed.items() if fails]


@c.needs(c.MESSAGE_ID, c.TEXT, c.MUNICIPALITY)
def complaints_to_projects(
    messages: pl.DataFrame,
    projects: pl.DataFrame,
    *,
    winners: pl.DataFrame | None = None,
    decided_at: datetime | None = None,
    by: Literal["rubric", "rubric_group"] = "rubric",
    recent: int | None = None,
    days: int = 180,
    seed: int = 0,
) -> ComplaintsToProjects:
    """Join complaints and projects by district and subject.

    A project has no official rubric. It gets the one its own category names; where it has none,
    the one a router taught by the messages gives its title and description, if that is sure and
    right where categories tell; else none.

    Parameters
    ----------
    messages
        ``text``, ``municipality``, ``rubric``; ``published_at`` for the change afterwards.
    projects
        Table ``projects`` with a title or a description, and a municipality; ``category`` where
        it is there.
    winners
        Projects that are funded.
    decided_at
        When the projects were decided on; complaints before it count as such. Without it all do,
        and nothing is said of afterwards.
    by
        ``rubric``, or ``rubric_group`` where rubrics are too fine for the wording of projects; the
        tables call it ``rubric``.
    recent
        Only complaints of so many days before the decision count; all if None.
    days
        How long before and after the decision complaints are compared.
    seed
        Of the bootstrap over districts, and of the messages words are learnt from.

    Raises
    ------
    NotEnoughDataError
        If no message has a rubric, no project a text, or they share no district.
    ParameterError
        If ``days`` or ``recent`` is not positive, or over five years.

    References
    ----------
    Mantel N., Haenszel W. (1959). Statistical aspects of the analysis of data from retrospective
    studies. JNCI 22, 719-748.
    """
    if by not in (c.RUBRIC, c.RUBRIC_GROUP):
        raise ParameterError(
            f"by = {by!r}",
            where="complaints_to_projects",
            remedy=f"Name {c.RUBRIC} or {c.RUBRIC_GROUP}",
        )
    c.MESSAGES.require(
        messages, (c.MESSAGE_ID, c.TEXT, c.MUNICIPALITY, by), where="complaints_to_projects"
    )
    c.PROJECTS.require(projects, (c.PROJECT_ID, c.MUNICIPALITY), where="complaints_to_projects")
    for name, value in (("days", days), ("recent", recent)):
        if value is not None and not 1 <= value <= LONGEST:
            where, remedy = "complaints_to_projects", f"From 1 to {LONGEST}"
            raise ParameterError(f"{name} = {value}", where=where, remedy=remedy)
    known = messages.with_columns(pl.col(by).alias(c.RUBRIC)).drop_nulls(
        [c.MUNICIPALITY, c.RUBRIC, c.TEXT, c.MESSAGE_ID]
    )
    earlier = known.sort(c.MESSAGE_ID)
    if decided_at is not None:
        c.MESSAGES.require(messages, (c.PUBLISHED_AT,), where="complaints_to_projects")
        earlier = earlier.filter(pl.col(c.PUBLISHED_AT) < decided_at)
        if recent is not None:
            since = decided_at - timedelta(days=recent)
            earlier = earlier.filter(pl.col(c.PUBLISHED_AT) > since)
    described = _described(projects)
    shared = set(earlier[c.MUNICIPALITY]) & set(described[c.MUNICIPALITY].drop_nulls())
    if not shared:
        raise NotEnoughDataError(
            "no district has both messages with a rubric and projects with a text",
            where="complaints_to_projects",
            remedy="Compare the names of municipalities in both tables",
            code="no_rubrics_with_projects",
        )
    taught = messages.join(earlier, on=c.MESSAGE_ID, how="semi")
    found_subjects = subjects(described, taught, by=by, seed=seed)
    rubrics = found_subjects.projects
    if winners is None:
        rubrics = rubrics.with_columns(pl.lit(None, dtype=pl.Boolean).alias(c.SELECTED))
    else:
        won = pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode())
        rubrics = rubrics.with_columns(won.alias(c.SELECTED))
    cells = _cells(earlier, rubrics)
    counted = cells.select(c.MUNICIPALITY, c.RUBRIC, c.COMPLAINTS)
    found = rubrics.join(counted, on=[c.MUNICIPALITY, c.RUBRIC], how="left").with_columns(
        pl.when(pl.col(c.RUBRIC).is_not_null()).then(pl.col(c.COMPLAINTS).fill_null(0))
    )
    return ComplaintsToProjects(
        c.PROJECT_RUBRICS.conform(found.sort(c.PROJECT_ID)),
        cells,
        _needs(cells, rubrics, found_subjects.error),
        _afterwards(known, rubrics, winners is not None, decided_at, days, seed),
        found_subjects.error,
        days,
    )


def _described(projects: pl.DataFrame) -> pl.DataFrame:
    """Projects with the words they describe themselves by."""
    told = [name for name in (c.TITLE, c.DESCRIPTION) if name in projects.columns]
    if not told:
        raise NotEnoughDataError(
            "projects have neither title nor description",
            where="projects",
            code="no_project_texts",
        )
    wording = pl.concat_str([pl.col(name).fill_null("") for name in told], separator=". ")
    return (
        c.PROJECTS.complete(projects, c.CATEGORY)
        .sort(c.PROJECT_ID)
        .select(c.PROJECT_ID, c.MUNICIPALITY, wording.alias(c.TEXT), c.CATEGORY)
        .filter(pl.col(c.TEXT).str.strip_chars(" .") != "")
    )


def _cells(messages: pl.DataFrame, rubrics: pl.DataFrame) -> pl.DataFrame:
    keys = [c.MUNICIPALITY, c.RUBRIC]
    complaints = messages.group_by(keys).agg(pl.len().cast(pl.Int64).alias(c.COMPLAINTS))
    proposed = (
        rubrics.drop_nulls(keys)
        .group_by(keys)
        .agg(
            pl.len().cast(pl.Int64).alias(c.N_PROJECTS),
            pl.when(pl.col(c.SELECTED).is_not_null().all())
            .then(pl.col(c.SELECTED).sum().cast(pl.Int64))
            .alias(c.N_WINNERS),
        )
    )
    none = 0 if rubrics[c.SELECTED].null_count() == 0 else None
    table = (
        complaints.join(proposed, on=keys, how="full", coalesce=True)
        .with_columns(
            pl.col(c.COMPLAINTS, c.N_PROJECTS).fill_null(0),
            pl.col(c.N_WINNERS).fill_null(none) if none is not None else pl.col(c.N_WINNERS),
        )
        .with_columns(pl.col(c.COMPLAINTS).sum().over(c.MUNICIPALITY).alias("all"))
    )
    low, high = wilson(table[c.COMPLAINTS].to_numpy(), table["all"].to_numpy())
    share = pl.when(pl.col("all") > 0).then(pl.col(c.COMPLAINTS) / pl.col("all")).otherwise(0.0)
    return c.COMPLAINT_CELLS.conform(
        table.with_columns(
            share.alias(c.SHARE), pl.Series(c.SHARE_LOW, low), pl.Series(c.SHARE_HIGH, high)
        )
        .select(c.COMPLAINT_CELLS.schema.names())
        .sort(c.COMPLAINTS, *keys, descending=[True, False, False])
    )


def _needs(cells: pl.DataFrame, rubrics: pl.DataFrame, error: float) -> pl.DataFrame:
    """Sum the cells of each rubric; winners are unknown where those of a cell are."""
    summed = cells.group_by(c.RUBRIC).agg(
        pl.col(c.COMPLAINTS).sum(), (pl.col(c.N_PROJECTS) == 0).sum().alias(c.UNPROPOSED)
    )
    # Of projects without a district, too: those of no rubric are a row of their own.
    by_words = (pl.col(c.TOLD_BY) == BY_WORDS).sum().alias("guessed")
    won = pl.when(pl.col(c.SELECTED).is_not_null().any()).then(pl.col(c.SELECTED).sum())
    counted = rubrics.group_by(c.RUBRIC).agg(
        pl.len().alias(c.N_PROJECTS), by_words, won.alias(c.N_WINNERS)
    )
    known = 0 if rubrics[c.SELECTED].null_count() == 0 else None
    joined = summed.join(counted, on=c.RUBRIC, how="full", coalesce=True, nulls_equal=True)
    table = joined.with_columns(
        pl.col(c.N_PROJECTS, "guessed").fill_null(0).cast(pl.Int64),
        pl.col(c.N_WINNERS).fill_null(known) if known is not None else pl.col(c.N_WINNERS),
    ).sort(c.COMPLAINTS, c.RUBRIC, descending=[True, False], nulls_last=True)
    return c.COMPLAINT_NEEDS.conform(bounds(table, error))


def _afterwards(
    messages: pl.DataFrame,
    rubrics: pl.DataFrame,
    has_winners: bool,
    decided_at: datetime | None,
    days: int,
    seed: int,
) -> pl.DataFrame:
    """Compare the change of complaints in cells with a project and in those without."""
    groups = {PROPOSED: rubrics}
    if has_winners:
        groups |= {FUNDED: rubrics.filter(c.SELECTED), UNFUNDED: _never(rubrics)}
    rows: list[dict[str, object]] = []
    for compared, chosen in groups.items():
        row: dict[str, object] = {
            c.COMPARED: compared,
            c.COMPLAINTS_BEFORE: 0,
            c.COMPLAINTS_AFTER: 0,
            c.NOTE: "",
        }
        rows.append(row)
        if decided_at is None:
            row[c.NOTE] = "no_decision"
            continue
        last = messages[c.PUBLISHED_AT].max()
        treated, control = _parted(_around(messages, decided_at, days), chosen, rubrics)
        before, after = int(treated["before"].sum()), int(treated["after"].sum())
        row |= {c.COMPLAINTS_BEFORE: before, c.COMPLAINTS_AFTER: after}
        if not isinstance(last, datetime) or last < decided_at + timedelta(days=days - 1):
            row[c.NOTE] = "messages_end"
        elif min(before, after) < _FEWEST or control.height < _FEWEST_DISTRICTS:
            row[c.NOTE] = "few_complaints"
        else:
            row |= _mantel_haenszel(treated, control, seed, c.RATIO)
            sooner = _around(messages, decided_at - timedelta(days=days), days)
            check = _mantel_haenszel(*_parted(sooner, chosen, rubrics), seed, c.EARLIER_RATIO)
            row |= {name: value for name, value in check.items() if name != c.NOTE}
    return c.COMPLAINTS_AFTERWARDS.conform(pl.DataFrame(rows, infer_schema_length=None))


def _never(rubrics: pl.DataFrame) -> pl.DataFrame:
    """Projects of districts and rubrics where none was funded."""
    keys = [c.MUNICIPALITY, c.RUBRIC]
    return rubrics.join(rubrics.filter(c.SELECTED).select(keys), on=keys, how="anti")


def _parted(
    counts: pl.DataFrame, chosen: pl.DataFrame, rubrics: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part counts into those where there was a chosen project, and those where there was none."""
    keys = [c.MUNICIPALITY, c.RUBRIC]
    treated = counts.join(chosen.drop_nulls(keys), on=keys, how="semi")
    return treated, counts.join(rubrics.drop_nulls(keys), on=keys, how="anti")


def _around(messages: pl.DataFrame, decided_at: datetime, days: int) -> pl.DataFrame:
    """Complaints of each district and rubric as long before the decision as after it."""
    at, reach = pl.col(c.PUBLISHED_AT), timedelta(days=days)
    return (
        messages.group_by(c.MUNICIPALITY, c.RUBRIC)
        .agg(
            at.is_between(decided_at - reach, decided_at, closed="left").sum().alias("before"),
            at.is_between(decided_at, decided_at + reach, closed="left").sum().alias("after"),
        )
        .sort(c.MUNICIPALITY, c.RUBRIC)
    )


def _mantel_haenszel(
    treated: pl.DataFrame, control: pl.DataFrame, seed: int, name: str
) -> dict[str, object]:
    """Pool the ratio of after to before over the rubrics, with a bootstrap of districts."""
    places = sorted({*treated[c.MUNICIPALITY], *control[c.MUNICIPALITY]})
    names = sorted({*treated[c.RUBRIC], *control[c.RUBRIC]})
    grids = [
        _grid(frame, places, names, period)
        for frame in (treated, control)
        for period in ("after", "before")
    ]
    if len(places) < _FEWEST_DISTRICTS:
        return {c.NOTE: "few_districts"}
    draw = np.random.default_rng(seed)
    weights = draw.multinomial(len(places), np.full(len(places), 1 / len(places)), _DRAWS)
    found = _ratio([grid.sum(axis=0)[None] for grid in grids])[0]
    again = _ratio([weights @ grid for grid in grids])
    again = again[np.isfinite(again)]
    if not np.isfinite(found) or len(again) < _DRAWS / 2:
        return {c.NOTE: "no_rubric_compared"}
    low, high = np.quantile(again, [0.025, 0.975])
    return {name: float(found), f"{name}_low": float(low), f"{name}_high": float(high)}


def _ratio(grids: list[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    after, before, control_after, control_before = grids
    total = np.maximum(after + before + control_after + control_before, 1e-9)
    up = (after * control_before / total).sum(axis=1)
    down = (before * control_after / total).sum(axis=1)
    ratio = np.full(len(up), np.nan)
    np.divide(up, down, out=ratio, where=(down > 0) & (up > 0))
    return ratio


def _grid(
    frame: pl.DataFrame, places: list[str], names: list[str], period: str
) -> npt.NDArray[np.float64]:
    grid = np.zeros((len(places), len(names)))
    for place, rubric, number in frame.select(c.MUNICIPALITY, c.RUBRIC, period).iter_rows():
        grid[places.index(place), names.index(rubric)] = number
    return grid
