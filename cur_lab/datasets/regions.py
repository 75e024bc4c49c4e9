"""What a region is, wherever it was read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.clock import ZONE
from cur_lab.datasets.own_tables import Filled
from cur_lab.readers import Reading
from cur_lab.readers.election import Election


@dataclass(frozen=True, repr=False)
class Region:
    """Tables of a region, each an attribute: ``region.messages``.

    Attributes
    ----------
    name
        As people call the region.
    tables
        Name → frame in the schemas of ``columns``; a table without a row is not there. Names of
        municipalities are those of ``municipalities`` where one fits.
    elections
        Name of a vote → the vote, in order of time.
    rejected, unreadable
        Rows of exports and tables that were not read, dates and numbers that could not be.
    parameters
        For the notebooks.
    timezone
        Of dates without one.
    folder
        Where it lies; None for a sample.
    fictional
        Whether it is made up.
    sources
        Every file that was read, with the SHA-256 of its bytes and its rows: ``rows = messages +
        posts + rejected`` of an export. Messages of two files are counted in both; ``in_two_files``
        of them were taken from the other one.
    problems
        What could not be taken, and what to do.
    places
        Every name of a municipality in the data, and which of the list it was taken for.
    readings
        Export → what was read of it, before the exports were put together.
    filled
        Table → what was read of it, and what of it was not taken.
    """

    name: str
    tables: Mapping[str, pl.DataFrame]
    elections: Mapping[str, Election] = field(default_factory=dict)
    rejected: pl.DataFrame = field(default_factory=c.REJECTED.empty)
    unreadable: pl.DataFrame = field(default_factory=c.UNREADABLE.empty)
    parameters: Mapping[str, object] = field(default_factory=dict)
    timezone: str = ZONE
    folder: Path | None = None
    fictional: bool = False
    sources: pl.DataFrame = field(default_factory=c.REGION_SOURCES.empty)
    problems: pl.DataFrame = field(default_factory=c.REGION_PROBLEMS.empty)
    places: pl.DataFrame = field(default_factory=c.PLACE_NAMES.empty)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    filled: Mapping[str, Filled] = field(default_factory=dict)

    def __getattr__(self, table: str) -> pl.DataFrame:
        # Unpickling asks for attributes before there are any.
        tables: Mapping[str, pl.DataFrame] = self.__dict__.get("tables", {})
        if table in tables:
            return tables[table]
        raise AttributeError(f"no table {table!r}; there are {', '.join(tables) or 'none'}")

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        sizes = [f"{name}: {frame.height:,} rows" for name, frame in self.tables.items()]
        votes = [f"{name}: {vote.votes.height:,} votes" for name, vote in self.elections.items()]
        return f"Region({', '.join([repr(self.name), *sizes, *votes])})"
