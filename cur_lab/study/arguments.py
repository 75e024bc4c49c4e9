"""What a study was given, checked against the notebooks and the data before anything runs."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill

from cur_lab import columns as c
from cur_lab import datasets, notebook, parameters
from cur_lab.errors import InputError, ParameterError, SchemaError

_MESSAGES, _ELECTION, _REGION = "messages_file", "election_file", "region"
# What names a user's own data.
DATA = frozenset((_MESSAGES, _ELECTION, _REGION))
# What messages are chosen by, see notebook.Data.choose.
_CHOICE = ("municipality", "since", "until")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A line of a notebook's parameters cell: ``fdr = 0.05  # what it means``.

    Attributes
    ----------
    default
        Value in the notebook.
    annotation
        Type as written, or empty.
    help
        The comment.
    """

    default: object
    annotation: str
    help: str


def of(path: Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook in the order of its cell.

    Raises
    ------
    InputError
        If the file is not a notebook.
    """
    try:
        found = papermill.inspect_notebook(nbformat.read(path, as_version=4))
    except (ValueError, nbformat.ValidationError) as error:
        raise InputError(
            f"not a notebook ({error})", where=str(path), remedy="Name a file Jupyter can open"
        ) from error
    return {
        name: Parameter(
            _value(line["default"]),
            "" if line["inferred_type_name"] == "None" else line["inferred_type_name"],
            line["help"],
        )
        for name, line in found.items()
    }


def own(notebooks: Sequence[Path], given: Iterable[str]) -> list[Path]:
    """Leave out notebooks that would tell of the sample beside a user's own data.

    Parameters
    ----------
    notebooks
        Those that are to run.
    given
        Names of the parameters given.

    Returns
    -------
    list of Path
        All of them where no data are given, or where none reads what is given: then
        :func:`assign` says so.
    """
    read = DATA & set(given)
    data = {path: DATA & of(path).keys() for path in notebooks}
    reading = [path for path in notebooks if not read or not data[path] or data[path] & read]
    return reading if any(data[path] & read for path in reading) else list(notebooks)


def assign(given: Mapping[str, object], notebooks: Sequence[Path]) -> dict[Path, dict[str, object]]:
    """Give every notebook those of the parameters that it has, read and checked.

    Parameters
    ----------
    given
        Name to value, a text as the command line gives it or a Python value. Below them stand
        the parameters a region's folder names in its ``region.toml``.
    notebooks
        Those that are to run.

    Returns
    -------
    dict
        Notebook to name to value, in the order given.

    Raises
    ------
    ParameterError
        If no notebook has such a parameter, a value makes no sense, or a region is given beside a
        file.
    InputError
        If a file or the region's folder does not exist.
    CurLabError
        If the data cannot be read, or hold no such district, column or days.
    """
    known = {path: of(path) for path in notebooks}
    names = {name for has in known.values() for name in has}
    for name in given:
        if name not in names:
            if name == _MESSAGES and _ELECTION in names:
                raise _votes("these notebooks read votes, not messages", "FILE")
            raise parameters.unknown(name, names)
    region = _region(given)
    if region is not None:
        given = {name: region.parameters[name] for name in region.parameters if name in names} | {
            **given
        }
    assigned = {
        path: {
            name: parameters.read(
                name, value, default=has[name].default, annotation=has[name].annotation
            )
            for name, value in given.items()
            if name in has
        }
        for path, has in known.items()
    }
    _check_messages((assigned[path] for path in notebooks if _MESSAGES in known[path]), region)
    _check_votes((assigned[path] for path in notebooks if _ELECTION in known[path]), region)
    return assigned


def _region(given: Mapping[str, object]) -> datasets.Region | None:
    """Load the region once for all checks; it and a file would be two sources of one number."""
    if given.get(_REGION) is None:
        return None
    for name in (_MESSAGES, _ELECTION):
        if given.get(name) is not None:
            raise ParameterError(
                f"both a region and {name} are given",
                where=_REGION,
                remedy=f"Give one of them: the folder's own files are read without {name}",
            )
    folder = parameters.read(_REGION, given[_REGION], default=None)
    return datasets.load(str(folder))


def _check_messages(assigned: Iterable[Mapping[str, Any]], region: datasets.Region | None) -> None:
    """Choose from the messages once, as the notebooks are going to."""
    asked = _merged(assigned, (_MESSAGES, _REGION, "by", "channel", *_CHOICE))
    if asked:
        file = asked.get(_MESSAGES)
        if file is not None and Path(file).suffix.casefold() == ".pb":
            raise _votes(f"{file} holds votes, not messages", file)
        data = notebook.read(file, region=region)
        _check_columns(asked.get("by"), [*data.messages.columns, *c.PREPARED.schema])
        chosen = data.choose(**{name: asked.get(name) for name in _CHOICE}).messages
        if (channel := asked.get("channel")) is not None:
            _check_channel(channel, chosen[c.CHANNEL].drop_nulls().unique().sort().to_list())


def _check_channel(channel: str, known: Sequence[str]) -> None:
    if channel not in known:
        raise ParameterError(
            f"no channel {channel!r} in the messages chosen",
            where="channel",
            remedy=f"There are: {', '.join(known) or 'none'}",
        )


def _votes(problem: str, file: str) -> InputError:
    return InputError(problem, where=_MESSAGES, remedy=f"Give votes as -p {_ELECTION}={file}")


def _check_votes(assigned: Iterable[Mapping[str, Any]], region: datasets.Region | None) -> None:
    asked = _merged(assigned, (_ELECTION, _REGION, "campaign", "by", "municipality"))
    if asked:
        vote = notebook.load_vote(
            asked.get(_ELECTION), region=region, campaign=asked.get("campaign")
        )
        if isinstance(election := vote.election, c.Absent):
            return
        frames = (election.votes, election.projects)
        _check_columns(asked.get("by"), [name for frame in frames for name in frame.columns])
        if "municipality" in asked:
            found = [frame[c.MUNICIPALITY] for frame in frames if c.MUNICIPALITY in frame.columns]
            known = {name for column in found for name in column.drop_nulls().unique()}
            parameters.place(asked["municipality"], known, where="municipality")


def _merged(assigned: Iterable[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    """Gather what the notebooks of one source are given of these; None stands for nothing."""
    given = {name: own[name] for own in assigned for name in names if name in own}
    return {name: value for name, value in given.items() if value is not None}


def _check_columns(by: str | list[str] | None, known: Sequence[str]) -> None:
    asked = {by} if isinstance(by, str) else set(by or ())
    if missing := asked - set(known):
        raise SchemaError.missing(missing, known, where="by")


def _value(written: str) -> object:
    """Read a default; one that is computed is of no type that could be checked."""
    try:
        return literal_eval(written)
    except (ValueError, SyntaxError):
        return None
