"""Data to work on: the sample region, figures named in public, public sets of others.

=====================  ========================================================================
``load("zarechye")``   the sample region «Заречье», as an analyst sees it
``beside(path)``       tables a user laid beside an export
``election(…)``         its vote «Вам решать!» as :mod:`cur_lab.budgeting` takes it
``truth("zarechye")``  what was planted in it, apart, so that no analysis sees it by accident
``published()``        figures regions name in public, one per row
``catalogue()``        public sets of others, with their licences
``fetch(name)``        download one of them, checked against its SHA-256
=====================  ========================================================================
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import quote

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import DownloadError, ParameterError, SchemaError
from cur_lab.files import shipped
from cur_lab.readers.election import Election

__all__ = ["Sample", "beside", "catalogue", "election", "fetch", "load", "published", "truth"]

# What stands at a commit's address never changes.
_ADDRESS = "https://raw.githubusercontent.com"
_SAMPLES = ("zarechye",)
_TABLES = {table.name: table for table in vars(c).values() if isinstance(table, c.Table)}
# What a user may lay beside an export, as name.csv.
_BESIDE = ("broadcasts", "claims", "decisions", "municipalities", "notices")


@dataclass(frozen=True, repr=False)
class Sample:
    """Tables of a sample region, each an attribute: ``sample.messages``.

    Attributes
    ----------
    name
        Of the sample.
    tables
        Name → frame.
    """

    name: str
    tables: Mapping[str, pl.DataFrame]

    def __getattr__(self, table: str) -> pl.DataFrame:
        # Unpickling asks for attributes before there are any.
        tables: Mapping[str, pl.DataFrame] = self.__dict__.get("tables", {})
        if table in tables:
            return tables[table]
        raise AttributeError(f"no table {table!r}; there are {', '.join(tables) or 'none'}")

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}: {frame.height:,} rows" for name, frame in self.tables.items())
        return f"Sample({self.name!r}, {sizes})"


def load(name: str = "zarechye") -> Sample:
    """Load a sample region as an analyst sees it.

    Parameters
    ----------
    name
        ``"zarechye"``.

    Returns
    -------
    Sample
        ``messages``, ``municipalities`` and what else the region has, in the schemas of
        ``columns``.

    Raises
    ------
    ParameterError
        If there is no such sample.
    """
    tables = _frames(_folder(name))
    conformed = {
        table: _TABLES[table].conform(frame) if table in _TABLES else frame
        for table, frame in tables.items()
    }
    return Sample(name, conformed)


def election(name: str = "zarechye") -> Election:
    """Load the vote of a sample region: projects and votes with time, channel and district.

    Raises
    ------
    ParameterError
        If there is no such sample.
    """
    tables = load(name).tables
    votes = tables["votes"]
    meta = dict(tables["election"].rows())
    return Election(meta, tables["projects"], votes.select(c.VOTER_ID), votes)


def beside(path: str | os.PathLike[str]) -> Sample:
    """Load the tables that lie beside a user's export: such as ``claims.csv``.

    Parameters
    ----------
    path
        The export; it need not be a table itself.

    Returns
    -------
    Sample
        Those of ``broadcasts``, ``claims``, ``decisions``, ``municipalities`` and ``notices``
        that are there.

    Raises
    ------
    SchemaError
        If a file cannot be read as the table it is named for.
    """
    found = {name: Path(path).with_name(f"{name}.csv") for name in _BESIDE}
    found = {name: file for name, file in found.items() if file.is_file() and file != Path(path)}
    return Sample(Path(path).name, {name: _own(name, file) for name, file in found.items()})


def truth(name: str = "zarechye") -> Sample:
    """Load what was planted in a sample region, to judge a method by.

    Raises
    ------
    ParameterError
        If there is no such sample.
    """
    return Sample(f"{name}, truth", _frames(_folder(name) / "truth"))


def published() -> pl.DataFrame:
    """Return figures regions name in public, one per row.

    ``metric`` keeps the wording; ``denominator`` is null where none was named, and then neither a
    share nor a comparison between regions can be had from the figure.

    Returns
    -------
    DataFrame
        Schema ``columns.PUBLISHED``, in the order of the file.
    """
    figures = pl.read_csv(
        shipped("datasets", "published", "figures.csv"), schema_overrides=dict(c.PUBLISHED.schema)
    )
    return c.PUBLISHED.conform(figures)


def catalogue() -> pl.DataFrame:
    """List the public sets :func:`fetch` can bring.

    A set whose licence is not stated may be looked at by whoever fetches it, not passed on.

    Returns
    -------
    DataFrame
        Schema ``columns.CATALOGUE``, sorted by name.
    """
    sets = (
        _files()
        .group_by(c.NAME)
        .agg(
            pl.len().alias(c.FILES),
            pl.col(c.BYTES).sum(),
            pl.col(c.LICENCE, c.REPOSITORY, c.NOTE).first(),
        )
    )
    return c.CATALOGUE.conform(sets.sort(c.NAME))


def fetch(name: str) -> list[Path]:
    """Download a public set, or find it where it was downloaded before.

    Parameters
    ----------
    name
        As in :func:`catalogue`.

    Returns
    -------
    list of Path
        Local files, each checked against its SHA-256.

    Raises
    ------
    ParameterError
        If the catalogue has no such set.
    DownloadError
        If a file cannot be had or is not the one that was catalogued.
    """
    # Slow to import, and most studies never download anything.
    import pooch
    from tqdm.auto import tqdm

    files = _files().filter(pl.col(c.NAME) == name)
    if files.is_empty():
        raise _unknown("data set", name, catalogue()[c.NAME])
    pooch.get_logger().setLevel("WARNING")
    folder, paths = Path(pooch.os_cache("cur-lab")) / name, []
    for file in tqdm(files.to_dicts(), desc=name, unit="file"):
        address = "/".join((_ADDRESS, file[c.REPOSITORY], file["commit"], quote(file["path"])))
        place = folder / Path(file["path"]).name
        try:
            pooch.retrieve(
                address, known_hash=f"sha256:{file['sha256']}", fname=place.name, path=folder
            )
        except ValueError:
            raise DownloadError(
                "the file is not the one that was catalogued (SHA-256 differs)",
                where=address,
                remedy="The download was damaged or replaced on the way: try again later or from "
                "another network",
            ) from None
        except OSError as error:  # those of requests are its children
            raise DownloadError(
                f"cannot be downloaded ({type(error).__name__})",
                where=address,
                remedy=f"Check the connection and try again, or save the file as {place} yourself",
            ) from None
        paths.append(place)
    return paths


def _folder(name: str) -> Path:
    if name not in _SAMPLES:
        raise _unknown("sample region", name, _SAMPLES)
    return shipped("datasets", name)


def _frames(folder: Path) -> dict[str, pl.DataFrame]:
    frames = {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    return frames | {path.stem: _csv(path) for path in sorted(folder.glob("*.csv"))}


def _files() -> pl.DataFrame:
    """One row for each file of the catalogue, with commit, path and sha256 besides."""
    return pl.read_csv(shipped("datasets", "catalogue.csv")).sort(c.NAME, "path")


def _csv(path: Path) -> pl.DataFrame:
    table = _TABLES.get(path.stem)
    types = dict(table.full_schema) if table else None
    return pl.read_csv(path, schema_overrides=types)


def _own(name: str, path: Path) -> pl.DataFrame:
    """Read a table of the user's, whose dates are told by their look."""
    try:
        return _TABLES[name].conform(pl.read_csv(path, try_parse_dates=True))
    except (pl.exceptions.PolarsError, SchemaError) as error:
        raise SchemaError(
            f"cannot be read as the table {name} ({error})",
            where=path.name,
            remedy=f"Columns: {', '.join(_TABLES[name].full_schema)}",
        ) from error


def _unknown(what: str, name: str, known: Iterable[str]) -> ParameterError:
    known = list(known)
    guesses = get_close_matches(name, known, n=1)
    hint = f"Did you mean {guesses[0]}? " if guesses else ""
    return ParameterError(
        f"no {what} called {name!r}", where="name", remedy=f"{hint}There are: {', '.join(known)}"
    )
