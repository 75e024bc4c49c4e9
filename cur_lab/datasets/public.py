"""Figures named in public and public sets of others."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import polars as pl

from cur_lab import columns as c
from cur_lab.datasets.samples import unknown
from cur_lab.errors import DownloadError
from cur_lab.files import shipped

# What stands at a commit's address never changes.
_ADDRESS = "https://raw.githubusercontent.com"


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
        raise unknown("data set", name, catalogue()[c.NAME])
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


def _files() -> pl.DataFrame:
    """One row for each file of the catalogue, with commit, path and sha256 besides."""
    return pl.read_csv(shipped("datasets", "catalogue.csv")).sort(c.NAME, "path")
