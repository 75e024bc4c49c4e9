"""Votes by project and hour, with the hours that lie around posts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.budgeting.ballots.hours import hourly, timed_within
from cur_lab.inference import IntArray
from cur_lab.readers.election import Election

BEFORE, AFTER = 24, 72
EVERY_KIND = "all"


@dataclass(frozen=True)
class Events:
    """Posts as places in the panel: unit, hour (may lie outside the campaign), kind."""

    unit: IntArray
    hour: IntArray
    kind: npt.NDArray[np.str_]

    def of(self, kind: str | tuple[str, ...]) -> Events:
        """Keep the posts of a kind, or of some."""
        if kind == EVERY_KIND:
            return self
        chosen = np.isin(self.kind, [kind] if isinstance(kind, str) else list(kind))
        return Events(self.unit[chosen], self.hour[chosen], self.kind[chosen])


class PostPanel:
    """Votes by project and hour, empty projects and hours left out."""

    def __init__(self, election: Election):
        votes, self.opens, self.hours = timed_within(election)
        projects = election.projects.sort(c.PROJECT_ID)
        grid = hourly(votes, projects[c.PROJECT_ID].to_list(), self.opens, self.hours)
        units, alive = grid.sum(axis=1) > 0, grid.sum(axis=0) > 0
        self.known = set(projects[c.PROJECT_ID])
        projects = projects.filter(pl.Series(units))
        self.units = projects[c.PROJECT_ID].to_list()
        self.counts = grid[np.ix_(units, alive)]
        # Where each hour of the campaign stands among those with votes.
        self.column = np.where(alive, np.cumsum(alive) - 1, -1)
        districts = c.MUNICIPALITY in projects.columns and projects[c.MUNICIPALITY].n_unique() > 1
        # Without districts every project stands for itself.
        names = projects[c.MUNICIPALITY if districts else c.PROJECT_ID].fill_null("")
        self.cluster = names.rank("dense").to_numpy().astype(np.int64) - 1
        self.has_neighbours = districts and len(self.cluster) > int(self.cluster.max()) + 1

    def usable(self, posts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Split posts into those whose window meets the campaign, and the others with a reason."""
        since = (pl.col(c.PUBLISHED_AT) - self.opens).dt.total_hours(fractional=True).floor()
        judged = posts.sort(c.PUBLISHED_AT, c.POST_ID).with_columns(
            since.cast(pl.Int64).alias(c.HOUR),
            pl.when(pl.col(c.PROJECT_ID).is_null())
            .then(pl.lit("project_unnamed"))
            .when(~pl.col(c.PROJECT_ID).is_in(list(self.known)))
            .then(pl.lit("project_unknown"))
            .when(~pl.col(c.PROJECT_ID).is_in(self.units))
            .then(pl.lit("project_without_votes"))
            .when(pl.col(c.PUBLISHED_AT).is_null())
            .then(pl.lit("no_time"))
            .when((since < -AFTER) | (since >= self.hours))
            .then(pl.lit("outside_campaign"))
            .alias(c.REASON),
        )
        unused = judged.filter(pl.col(c.REASON).is_not_null())
        return (
            judged.filter(pl.col(c.REASON).is_null()),
            c.UNUSED_POSTS.conform(unused.sort(c.POST_ID, c.REASON)),
        )

    def events(self, used: pl.DataFrame) -> Events:
        """Find the places of usable posts."""
        places = {project: number for number, project in enumerate(self.units)}
        unit = used[c.PROJECT_ID].replace_strict(places, return_dtype=pl.Int64).to_numpy()
        return Events(unit, used[c.HOUR].to_numpy(), used[c.KIND].to_numpy().astype(np.str_))

    def regressor(
        self, events: Events, hours: tuple[int, int], *, others: bool = False
    ) -> scipy.sparse.csr_matrix:
        """Count the posts each cell lies within the given hours of; one row."""
        since = np.arange(hours[0], hours[1] + 1)
        unit, at = events.unit, events.hour
        if others:
            pairs = [
                np.flatnonzero(
                    (self.cluster == self.cluster[u]) & (np.arange(len(self.units)) != u)
                )
                for u in unit
            ]
            at = np.repeat(at, [len(pair) for pair in pairs])
            unit = np.concatenate(pairs) if pairs else unit
        hour = (at[:, None] + since).ravel()
        unit = np.repeat(unit, len(since))
        inside = (hour >= 0) & (hour < self.hours)
        column = np.where(inside, self.column[np.where(inside, hour, 0)], -1)
        kept = column >= 0
        width = self.counts.shape[1]
        cells = unit[kept] * width + column[kept]
        number = np.bincount(cells, minlength=self.counts.size)
        (met,) = np.nonzero(number)
        return scipy.sparse.csr_matrix(
            (number[met].astype(np.float64), met, [0, len(met)]), shape=(1, self.counts.size)
        )

    def votes_in(self, regressor: scipy.sparse.csr_matrix) -> int:
        """Count the votes in the cells of a regressor."""
        return int(self.counts.ravel()[regressor.indices].sum())
