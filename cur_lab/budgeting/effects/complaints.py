"""From complaints to projects: which subjects became initiatives where, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import wilson
from cur_lab.parameters import LONGEST

_ALIKE = 25
_FEWEST_ALIKE = 5
_MAJORITY = 0.5
_LEAST_SIMILARITY = 0.05
_FEWEST = 30
_FEWEST_DISTRICTS = 6
_DRAWS = 999


@dataclass(frozen=True, eq=False)
class ComplaintsToProjects:
    """Projects by the rubric of complaints like them, cells of district and rubric, and afterwards.

    Attributes
    ----------
    projects
        Rubric of each project, null where the complaints like it are of several.
    cells, needs
        Complaints and projects of each district and rubric, and of each rubric: complaints without
        a project are the needs nobody proposed to meet.
    afterwards
        Change of complaints where there was a project (or a funded one) against districts without,
        within the same rubric, so that the season cancels.
    """

    projects: pl.DataFrame
    cells: pl.DataFrame
    needs: pl.DataFrame
    afterwards: pl.DataFrame


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

    A project has no official rubric. It gets that of the messages most like its title and
    description by words (TF-IDF, cosine), of all districts, if they agree.

    Parameters
    ----------
    messages
        ``text``, ``municipality``, ``rubric``; ``published_at`` for the change afterwards.
    projects
        Table ``projects`` with a title or a description, and a municipality.
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
        Of the bootstrap over districts.

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
    rubrics = _rubrics(described, earlier)
    if winners is None:
        rubrics = rubrics.with_columns(pl.lit(None, dtype=pl.Boolean).alias(c.SELECTED))
    else:
        won = pl.col(c.PROJECT_ID).is_in(winners[c.PROJECT_ID].implode())
        rubrics = rubrics.with_columns(won.alias(c.SELECTED))
    cells = _cells(earlier, rubrics)
    own = c.PROJECTS.complete(projects, c.CATEGORY).select(c.PROJECT_ID, c.CATEGORY)
    rubrics = rubrics.join(own.unique(c.PROJECT_ID), on=c.PROJECT_ID, how="left")
    counted = cells.select(c.MUNICIPALITY, c.RUBRIC, c.COMPLAINTS)
    found = rubrics.join(counted, on=[c.MUNICIPALITY, c.RUBRIC], how="left").with_columns(
        pl.when(pl.col(c.RUBRIC).is_not_null()).then(pl.col(c.COMPLAINTS).fill_null(0))
    )
    return ComplaintsToProjects(
        c.PROJECT_RUBRICS.conform(found.sort(c.PROJECT_ID)),
        cells,
        _needs(cells),
        _afterwards(known, rubrics, winners is not None, decided_at, days, seed),
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
        projects.sort(c.PROJECT_ID)
        .select(c.PROJECT_ID, c.MUNICIPALITY, wording.alias(c.TEXT))
        .filter(pl.col(c.TEXT).str.strip_chars(" .") != "")
    )


def _rubrics(described: pl.DataFrame, messages: pl.DataFrame) -> pl.DataFrame:
    """Give each project the rubric of the messages most like it."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    frames = (messages, described)
    bags = [prepare.with_terms(frame)[c.TERM_LIST].to_list() for frame in frames]
    if not any(bags[0]) or not any(bags[1]):
        raise NotEnoughDataError(
            "no words to compare",
            where="complaints_to_projects",
            code="no_shared_words",
        )
    vectorizer = TfidfVectorizer(analyzer=_as_they_are, sublinear_tf=True)
    complaints = vectorizer.fit_transform([bag or [] for bag in bags[0]])
    wishes = vectorizer.transform([bag or [] for bag in bags[1]])
    rubric = messages[c.RUBRIC].to_numpy()
    rows = [_of_one(scipy.sparse.csr_matrix(wish), complaints, rubric) for wish in wishes]
    return described.select(c.PROJECT_ID, c.MUNICIPALITY).with_columns(
        pl.Series(c.RUBRIC, [row[0] for row in rows], dtype=pl.String),
        pl.Series(c.AGREEMENT, [row[1] for row in rows], dtype=pl.Float64),
    )


def _as_they_are(terms: list[str]) -> list[str]:
    return terms


def _of_one(
    wish: scipy.sparse.csr_matrix,
    complaints: scipy.sparse.csr_matrix,
    rubric: npt.NDArray[np.object_],
) -> tuple[str | None, float]:
    """Weigh the rubrics of the most similar messages; null if they are few or disagree."""
    similarity = np.round(np.asarray((complaints @ wish.T).todense()).ravel(), 9)
    # Messages stand in the order of their ids, so a stable sort breaks ties by id.
    nearest = np.argsort(-similarity, kind="stable")[:_ALIKE]
    nearest = nearest[similarity[nearest] > _LEAST_SIMILARITY]
    if len(nearest) < _FEWEST_ALIKE:
        return None, 0.0
    weights: dict[str, float] = {}
    for place in nearest:
        name = str(rubric[place])
        weights[name] = weights.get(name, 0.0) + float(similarity[place])
    best = min(weights, key=lambda name: (-weights[name], name))
    agreement = weights[best] / sum(weights.values())
    return (best if agreement >= _MAJORITY else None), agreement


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


def _needs(cells: pl.DataFrame) -> pl.DataFrame:
    """Sum the cells of each rubric; winners are unknown where those of a cell are."""
    summed = cells.group_by(c.RUBRIC).agg(
        pl.col(c.COMPLAINTS, c.N_PROJECTS).sum(),
        pl.when(pl.col(c.N_WINNERS).is_not_null().any()).then(pl.col(c.N_WINNERS).sum()),
        (pl.col(c.N_PROJECTS) == 0).sum().cast(pl.Int64).alias(c.UNPROPOSED),
    )
    order = [c.COMPLAINTS, c.RUBRIC]
    return c.COMPLAINT_NEEDS.conform(summed.sort(order, descending=[True, False]))


def _afterwards(
    messages: pl.DataFrame,
    rubrics: pl.DataFrame,
    has_winners: bool,
    decided_at: datetime | None,
    days: int,
    seed: int,
) -> pl.DataFrame:
    """Compare the change of complaints in cells with a project and in those without."""
    groups = {"proposed": rubrics}
    if has_winners:
        groups["funded"] = rubrics.filter(c.SELECTED)
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
        counts = _around(messages, decided_at, days)
        last = messages[c.PUBLISHED_AT].max()
        keys = [c.MUNICIPALITY, c.RUBRIC]
        with_project = rubrics.drop_nulls(keys).select(keys).unique()
        treated = counts.join(chosen.drop_nulls(keys).select(keys).unique(), on=keys, how="semi")
        control = counts.join(with_project, on=keys, how="anti")
        before, after = int(treated["before"].sum()), int(treated["after"].sum())
        row |= {c.COMPLAINTS_BEFORE: before, c.COMPLAINTS_AFTER: after}
        if not isinstance(last, datetime) or last < decided_at + timedelta(days=days - 1):
            row[c.NOTE] = "messages_end"
        elif min(before, after) < _FEWEST or control.height < _FEWEST_DISTRICTS:
            row[c.NOTE] = "few_complaints"
        else:
            row |= _mantel_haenszel(treated, control, seed)
    return c.COMPLAINTS_AFTERWARDS.conform(pl.DataFrame(rows, infer_schema_length=None))


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


def _mantel_haenszel(treated: pl.DataFrame, control: pl.DataFrame, seed: int) -> dict[str, object]:
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
    return {c.RATIO: float(found), c.RATIO_LOW: float(low), c.RATIO_HIGH: float(high)}


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
