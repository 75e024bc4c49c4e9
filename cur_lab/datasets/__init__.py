"""Data to work on: regions, figures named in public, public sets of others.

=====================  ========================================================================
``load("zarechye")``   the sample region «Заречье», as an analyst sees it
``load(folder)``       a region of your own, as ``cur-lab new`` makes it
``beside(path)``       tables a user laid beside an export
``election(…)``        the vote «Вам решать!» of the sample as :mod:`cur_lab.budgeting` takes it
``truth("zarechye")``  what was planted in it, apart, so that no analysis sees it by accident
``published()``        figures regions name in public, one per row
``catalogue()``        public sets of others, with their licences
``fetch(name)``        download one of them, checked against its SHA-256
=====================  ========================================================================
"""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path

from cur_lab.clock import ZONE
from cur_lab.datasets import own_regions, own_tables, samples
from cur_lab.datasets.public import catalogue, fetch, published
from cur_lab.datasets.regions import Region
from cur_lab.datasets.samples import truth
from cur_lab.errors import CurLabError, ParameterError, SchemaError
from cur_lab.readers.election import Election

__all__ = ["Region", "beside", "catalogue", "election", "fetch", "load", "published", "truth"]


def load(name: str | os.PathLike[str] = "zarechye") -> Region:
    """Load a region: the sample, or a folder of your own.

    Parameters
    ----------
    name
        ``"zarechye"``, or the path of a folder such as ``cur-lab new`` makes.

    Returns
    -------
    Region
        ``messages``, ``municipalities`` and what else the region has, in the schemas of
        ``columns``. What of a folder cannot be read is in ``problems``, and the rest is read.

    Raises
    ------
    ParameterError
        If there is no such sample and no such folder.
    InputError
        If the folder is no region: neither settings nor exports, tables or votes lie in it.
    """
    if str(name) in samples.NAMES:
        return samples.read(str(name))
    folder = Path(name)
    if not folder.exists():
        if get_close_matches(str(name), samples.NAMES):
            raise samples.unknown("sample region", str(name), samples.NAMES)
        known = ", ".join(samples.NAMES)
        raise ParameterError(
            "no such folder and no such sample",
            where=str(name),
            remedy=f"Check the path; cur-lab new makes a folder. Samples: {known}",
        )
    return own_regions.read(folder)


def election(name: str | os.PathLike[str] = "zarechye") -> Election:
    """Load the last vote of a region: projects, votes, and what is known of each vote.

    Raises
    ------
    ParameterError
        If there is no such region, or no vote in it.
    """
    region = load(name)
    if not region.elections:
        raise ParameterError(
            "no votes in the region",
            where=str(name),
            remedy="Put a .pb file, or tables of projects and votes, into its folder votes",
        )
    return list(region.elections.values())[-1]


def beside(path: str | os.PathLike[str]) -> Region:
    """Load the tables that lie beside a user's export: such as ``claims.csv``.

    Parameters
    ----------
    path
        The export; it need not be a table itself.

    Returns
    -------
    Region
        Those of the tables of a region's folder that are there.

    Raises
    ------
    SchemaError
        If a file cannot be read as the table it is named for.
    """
    export = Path(path)
    filled = {}
    for table, file in own_tables.files(export.parent):
        if file == export:
            continue
        try:
            filled[table.name] = own_tables.read(file, table, ZONE)
        except CurLabError as error:
            raise SchemaError(
                f"cannot be read as the table {table.name} ({error.problem})",
                where=file.name,
                remedy=f"Columns: {', '.join(table.full_schema)}",
            ) from error
    frames = {name: found.frame for name, found in filled.items() if found.frame.height}
    return Region(export.name, frames, filled=filled)
