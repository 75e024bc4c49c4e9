"""Where a notebook's subject comes from: the sample, a region's folder, or one file of a user's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from cur_lab import columns as c
from cur_lab import datasets, prepare, readers
from cur_lab.datasets import unnamed
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.notebook.subject import Data, Vote
from cur_lab.readers import Election

_SAMPLE = "zarechye"


def read(messages_file: str | None = None, *, region: str | datasets.Region | None = None) -> Data:
    """Read the messages of the sample region, or of the user's own; derive nothing.

    Parameters
    ----------
    messages_file
        Any file :func:`cur_lab.readers.read` knows.
    region
        Folder of the user's own region, or what :func:`cur_lab.datasets.load` made of it; the
        sample region «Заречье» when neither is given. One without messages is no error: what asks
        for them is absent.

    Raises
    ------
    ParameterError
        If both are given.
    NotEnoughDataError
        If the file holds no messages, such as an export of a channel's own posts.
    """
    _only_one(region, "messages_file", messages_file)
    if messages_file is not None:
        return _read_file(messages_file)
    own = _loaded(region)
    return Data(
        own.tables.get("messages", c.MESSAGES.empty()),
        own.rejected,
        own.unreadable.height,
        source=_source(own),
        tables=own.tables,
        sample=None if region else _SAMPLE,
    )


def load(
    messages_file: str | None = None,
    *,
    region: str | datasets.Region | None = None,
    municipality: str | None = None,
    since: date | str | None = None,
    until: date | str | None = None,
) -> Data:
    """Load the messages of the sample region, or of the user's own, with what is derived.

    Parameters
    ----------
    messages_file, region
        As :func:`read` takes them.
    municipality, since, until
        As :meth:`Data.choose` takes them. Families are found in the whole stream before anything
        is left out: a copy in another district is a copy all the same.

    Raises
    ------
    NotEnoughDataError
        If the file holds no messages, or none is left.
    ParameterError
        If there is no such district, or a day cannot be read.
    """
    data = read(messages_file, region=region)
    whole = replace(data, messages=prepare.messages(data.messages))
    return whole.choose(municipality=municipality, since=since, until=until)


def load_vote(
    election_file: str | None = None,
    *,
    region: str | datasets.Region | None = None,
    campaign: str | None = None,
) -> Vote:
    """Load a vote of the sample region, or the user's own.

    Parameters
    ----------
    election_file
        A ``.pb`` file, as :func:`cur_lab.readers.read_pabulib` reads it; tables such as
        ``municipalities.csv`` may lie beside it.
    region
        As :func:`read` takes it.
    campaign
        Which of the region's votes, by its name or a part only one has; the last one when None.

    Raises
    ------
    ParameterError
        If a file and a region are given, or there is no such campaign.
    """
    _only_one(region, "election_file", election_file)
    if election_file is not None:
        return Vote(
            unnamed.election(readers.read_pabulib(election_file)),
            source=Path(election_file).name,
            tables=datasets.beside(election_file).tables,
        )
    own = _loaded(region)
    name, election = _campaign(own.elections, campaign)
    return Vote(
        election,
        campaign=name if len(own.elections) > 1 else "",
        campaigns=own.elections or c.Absent.lacking("голосований"),
        source=_source(own),
        tables=own.tables,
        sample=None if region else _SAMPLE,
    )


def _campaign(
    elections: Mapping[str, Election], asked: str | None
) -> tuple[str, Election | c.Absent]:
    if not elections:
        return "", c.Absent.lacking("голосований")
    name = list(elections)[-1] if asked is None else _named(asked, elections)
    return name, elections[name]


def _named(asked: str, known: Iterable[str]) -> str:
    known = list(known)
    fitting = [name for name in known if asked.casefold() in name.casefold()]
    if asked not in known and len(fitting) != 1:
        raise ParameterError(
            f"{asked!r} names no campaign, or several",
            where="campaign",
            remedy=f"There are: {', '.join(fitting or known)}",
        )
    return asked if asked in known else fitting[0]


def _read_file(messages_file: str) -> Data:
    reading = readers.read(messages_file)
    if reading.messages.is_empty():
        raise NotEnoughDataError(
            f"no messages ({reading.posts.height} posts, {reading.rejected.height} rejected rows)",
            where=Path(messages_file).name,
            remedy="This notebook needs what people wrote, not what a page published",
        )
    return Data(
        reading.messages,
        reading.rejected,
        reading.unreadable.height,
        source=Path(messages_file).name,
        tables=datasets.beside(messages_file).tables,
    )


def _loaded(region: str | datasets.Region | None) -> datasets.Region:
    return region if isinstance(region, datasets.Region) else datasets.load(region or _SAMPLE)


def _source(region: datasets.Region) -> str:
    return f"учебный регион «{region.name}» (вымышлен)" if region.fictional else region.name


def _only_one(region: object, name: str, file: str | None) -> None:
    if region is not None and file is not None:
        raise ParameterError(
            f"both a region and {name} are given",
            where="region",
            remedy=f"Give one of them: the folder's own files are read without {name}",
        )
