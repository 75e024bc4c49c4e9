r"""Elections of participatory budgeting in the ``.pb`` format of Pabulib, read and written whole.

A ``.pb`` file has three sections, META, PROJECTS and VOTES, each a header and rows of fields
separated by semicolons. Real files bend the rules, so a line is split by what it says and not by
what a CSV library guesses: a quotation mark inside a name stays a quotation mark, and only
``\n`` and ``\r\n`` end a line.

References
----------
Faliszewski P. et al. (2023). Participatory budgeting: data, tools and analysis. IJCAI, 2667-2674.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import polars as pl

from cur_lab import columns as c
from cur_lab import files
from cur_lab.errors import InputError, SchemaError

__all__ = ["Election", "read_pabulib", "write_pabulib"]

_BALLOT = "vote"
_NAME = "name"
_VOTE_COLUMNS = (c.VOTER_ID, c.PROJECT_ID, c.POINTS, c.RANK)
_WHOLE_NUMBERS = (c.VOTES_COUNT, c.SELECTED)
_LINE = "line"
_ALL_BUT_MARKS = bytes(set(range(256)) - set(b";\n"))
_CLOSE_IT = 'Close the quotation mark; one inside a quoted field is doubled ("")'
_RAW_LENGTH = 500
# A name of more lines than this is an unclosed quotation mark, not a name.
_LONGEST_RECORD = 200
_FIELD = re.compile(r'"((?:[^"]|"")*)"(?=;|\Z)|([^;]*)')
_OPEN_FIELD = re.compile(r'"(?:[^"]|"")*\Z')
_MARKER = re.compile(rb"\s*(META|PROJECTS|VOTES)[;\s]*", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Election:
    """Projects, the people who voted, and what they chose.

    Parameters
    ----------
    meta
        Key to value, both as found, in the order of the file; ``budget`` and ``vote_type``
        (approval, choose-1, cumulative, scoring or ordinal) are always there.
    projects
        Table ``projects``; columns the format does not know are kept as strings.
    voters
        One row per ballot, empty ballots too: ``voter_id`` and what is known of the voter, as
        strings (an age may be ``40-59``).
    votes
        Table ``votes``: one row per voter and chosen project.
    rejected
        Rows that were not read, with their line, and statements the file contradicts.
    """

    meta: dict[str, str]
    projects: pl.DataFrame
    voters: pl.DataFrame
    votes: pl.DataFrame
    rejected: pl.DataFrame = field(default_factory=c.REJECTED.empty)

    @property
    def budget(self) -> float:
        """Money to spend."""
        budget = _number(self.meta.get("budget", ""))
        if budget is None:
            raise SchemaError("META has no budget", where="election", remedy="Set meta['budget']")
        return budget

    @property
    def vote_type(self) -> str:
        """Kind of ballot: approval, choose-1, cumulative, scoring or ordinal."""
        return self.meta.get("vote_type", "").strip().lower()


def read_pabulib(path: str | os.PathLike[str]) -> Election:
    """Read a ``.pb`` file without loss.

    Parameters
    ----------
    path
        The file, UTF-8. Beside ``name.pb`` may lie ``name.votes.parquet`` with what the format has
        no place for (channel and time of each vote); it is joined to the votes.

    Returns
    -------
    Election
        ``name`` of a project is our ``title``; every other column keeps its name and place. The
        identifiers of voters in Pabulib are anonymous already and stay as they are.

    Raises
    ------
    InputError
        If a section, the budget or the kind of vote is missing, a project is told twice, costs no
        number or has the wrong number of fields. A fault in a single ballot (an unknown project, a
        repeated voter, an unclosed quotation mark) does not stop the reading: the ballot or the
        choice is in ``rejected``.
    """
    file = _Source(Path(path))
    meta = _read_meta(file)
    projects = _read_projects(file)
    header, ballots = _read_ballots(file)
    voters, votes = _ballots_to_votes(file, header, ballots, projects[c.PROJECT_ID])
    for key, found in (("num_projects", projects.height), ("num_votes", voters.height)):
        if key in meta and _number(meta[key]) != found:
            file.reject(file.meta_lines[key], f"{key} is not {found}, the rows read", meta[key])
    rejected = pl.DataFrame(file.rejected, schema=c.REJECTED.schema, orient="row").sort(
        c.ROW, c.REASON, c.RAW
    )
    return Election(meta, projects, voters, _join_sidecar(file.path, votes), rejected)


def write_pabulib(election: Election, path: str | os.PathLike[str]) -> None:
    """Write a ``.pb`` file that reads back as the same election; complete or not at all.

    Parameters
    ----------
    election
        Columns of ``votes`` that the format has no place for (time, channel, municipality) go to
        ``name.votes.parquet`` beside ``name.pb``. Rejected rows are not written.
    path
        Where to.

    Raises
    ------
    SchemaError
        If budget or kind of vote is missing, or the identifier of a project cannot stand in a list
        of votes (a comma, or blanks around it).
    """
    path = Path(path)
    if "vote_type" not in election.meta:
        raise SchemaError("META has no vote_type", where="election", remedy="Set meta['vote_type']")
    _ = election.budget
    c.PROJECTS.require(election.projects, (c.PROJECT_ID, c.COST), where="projects")
    c.VOTERS.require(election.voters, (c.VOTER_ID,), where="voters")
    c.VOTES.require(election.votes, _VOTE_COLUMNS, where="votes")
    ids = election.projects[c.PROJECT_ID]
    unfit = ids.filter(ids.str.contains(",") | (ids != ids.str.strip_chars()) | (ids == ""))
    if len(unfit):
        raise SchemaError(
            f"project id {unfit[0]!r} cannot stand in a list of votes",
            where="projects",
            remedy="Take out commas and blanks around it",
        )
    meta = pl.DataFrame(
        {"key": list(election.meta), "value": list(election.meta.values())},
        schema={"key": pl.String, "value": pl.String},
    )
    projects = election.projects
    if _NAME not in projects.columns:
        projects = projects.rename({c.TITLE: _NAME}, strict=False)
    extra = [name for name in election.votes.columns if name not in _VOTE_COLUMNS]
    sidecar = _sidecar(path)
    if extra:
        with files.replacing(sidecar) as temporary:
            election.votes.select(c.VOTER_ID, c.PROJECT_ID, *extra).write_parquet(temporary)
    with files.replacing(path) as temporary, temporary.open("wb") as stream:
        for section, frame in (
            (b"META", meta),
            (b"PROJECTS", projects),
            (b"VOTES", _votes_to_ballots(election)),
        ):
            stream.write(section + b"\n")
            _write_rows(frame, stream)
    if not extra:
        # One left from an earlier election would be joined to these votes.
        sidecar.unlink(missing_ok=True)


class _Source:
    """The bytes of one file, read record by record from the front."""

    def __init__(self, path: Path):
        self.path = path
        self.rejected: list[tuple[int, str, str]] = []
        self.meta_lines: dict[str, int] = {}
        self.line = 0
        self._at = 0
        try:
            self._bytes = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
        except OSError as error:
            raise InputError(
                f"cannot be read ({error.strerror})", where=str(path), remedy="Check the path"
            ) from error
        try:
            self._bytes.decode("utf-8")
        except UnicodeDecodeError as error:
            self.line = self._bytes.count(b"\n", 0, error.start) + 1
            raise self.error("not UTF-8", "Save the file as UTF-8") from error

    def error(self, problem: str, remedy: str, line: int | None = None) -> InputError:
        return InputError(
            problem, where=f"{self.path}, line {line or self.line or 1}", remedy=remedy
        )

    def set_aside(
        self, frame: pl.DataFrame, fault: pl.Expr, reason: str, raw: pl.Expr
    ) -> pl.DataFrame:
        """Return the rows without the fault; note the others with their line."""
        bad = frame.select(fault.alias("fault"))["fault"]
        if not bad.any():
            return frame
        for line, text in frame.filter(bad).select(_LINE, raw.alias(c.RAW)).iter_rows():
            self.reject(line, reason, text)
        return frame.filter(~bad)

    def reject(self, line: int, reason: str, raw: str) -> None:
        self.rejected.append((line, reason, raw[:_RAW_LENGTH]))

    def next_line(self) -> str | None:
        """Text up to the next line feed, without it; None at the end of the file."""
        if self._at >= len(self._bytes):
            return None
        stop = self._bytes.find(b"\n", self._at)
        stop = len(self._bytes) if stop < 0 else stop
        line = self._bytes[self._at : stop].decode("utf-8")
        self._at = stop + 1
        self.line += 1
        return line

    def marker(self) -> str | None:
        """Name of the section that the next line opens, if it opens one."""
        stop = self._bytes.find(b"\n", self._at)
        line = self._bytes[self._at : len(self._bytes) if stop < 0 else stop]
        found = _MARKER.fullmatch(line)
        return found.group(1).decode().upper() if found else None

    def enter(self, section: str) -> list[str]:
        """Step over the line that opens a section and return the names of its columns."""
        while self.marker() != section:
            line = self.next_line()
            if line is None or line.strip():
                raise self.error(
                    f"no section {section}" if line is None else f"{section} expected",
                    "A .pb file has the sections META, PROJECTS and VOTES, in this order",
                )
        self.next_line()
        record = next(self.records(width=None), None)
        if record is None or record.fault:
            raise self.error(f"{section} has no header", "Add the line with the column names")
        names = [name.strip() for name in record.fields]
        while names and not names[-1]:
            names.pop()
        if len(set(names)) < len(names) or "" in names:
            raise self.error("a column has no name or one that is taken", "Name every column once")
        return names

    def records(self, width: int | None) -> Iterator[_Record]:
        """Yield the records up to the next section or the end of the file.

        Parameters
        ----------
        width
            Number of fields a record must have; None where any will do.
        """
        while self.marker() is None and (text := self.next_line()) is not None:
            if text.strip():
                yield self._record(text, width)

    def _record(self, text: str, width: int | None) -> _Record:
        line, resume = self.line, (self._at, self.line)
        whole, fields = text, _split(text.removesuffix("\r"))
        # A quoted name may hold line feeds: read on until its mark is closed.
        while fields is None and self.line - line < _LONGEST_RECORD:
            more = self.next_line()
            if more is None:
                break
            whole = f"{whole}\n{more}"
            fields = _split(whole.removesuffix("\r"))
        if fields is not None and width is not None:
            while len(fields) > width and not fields[-1].strip():
                fields.pop()
        if fields is not None and width in (None, len(fields)):
            return _Record(line, whole, fields)
        if self.line > line:
            # Whatever the open mark swallowed is read again as lines of their own.
            self._at, self.line = resume
            return _Record(line, text, [], "a quotation mark is opened and never closed")
        return _Record(line, text, [], f"{len(fields or ())} fields, {width} expected")

    def rest(self) -> bytes:
        """Bytes not yet read."""
        return self._bytes[self._at :]


@dataclass(frozen=True, slots=True)
class _Record:
    line: int
    raw: str
    fields: list[str]
    fault: str | None = None


def _split(record: str) -> list[str] | None:
    """Fields of a record; None where a quotation mark is still open at its end."""
    fields, at = [], 0
    while True:
        if _OPEN_FIELD.match(record, at):
            return None
        found = _FIELD.match(record, at)
        if found is None:  # the second branch of the pattern matches anything
            raise AssertionError(record)
        quoted, plain = found.groups()
        fields.append(plain if quoted is None else quoted.replace('""', '"'))
        if found.end() == len(record):
            return fields
        at = found.end() + 1


def _number(text: str) -> float | None:
    """Value of a finite number, decimal point or comma; None for anything else."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _read_meta(file: _Source) -> dict[str, str]:
    file.enter("META")
    meta: dict[str, str] = {}
    for record in file.records(width=None):
        if record.fault:
            raise file.error(record.fault, _CLOSE_IT, record.line)
        key, *values = record.fields
        key = key.strip()
        if key in meta:
            raise file.error(
                f"META tells {key} again (first on line {file.meta_lines[key]})",
                "Leave one of the two",
                record.line,
            )
        # A comment with semicolons that nobody quoted is still one comment.
        meta[key] = ";".join(values).rstrip(";") if len(values) > 1 else "".join(values)
        file.meta_lines[key] = record.line
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise file.error(f"META has no {key}", f"Add a line {key};…")
    budget = _number(meta["budget"])
    if budget is None or budget < 0:
        raise file.error(
            f"budget {meta['budget']!r} is no amount",
            "Write digits and a decimal point only",
            file.meta_lines["budget"],
        )
    return meta


def _read_projects(file: _Source) -> pl.DataFrame:
    header = file.enter("PROJECTS")
    for name in (c.PROJECT_ID, c.COST):
        if name not in header:
            raise file.error(
                f"PROJECTS has no column {name}", f"Columns found: {', '.join(header)}"
            )
    place = header.index(c.PROJECT_ID)
    lines: dict[str, int] = {}
    rows: list[list[str]] = []
    for record in file.records(width=len(header)):
        if record.fault:
            raise file.error(record.fault, _CLOSE_IT, record.line)
        identifier = record.fields[place].strip()
        if not identifier:
            raise file.error("a project without an id", "Give it one", record.line)
        if identifier in lines:
            raise file.error(
                f"project {identifier} was told on line {lines[identifier]} already",
                "Votes for the two cannot be told apart: rename or remove one",
                record.line,
            )
        lines[identifier] = record.line
        record.fields[place] = identifier
        rows.append(record.fields)
    told_on = list(lines.values())
    projects = pl.DataFrame(
        [_typed(file, name, [row[i] for row in rows], told_on) for i, name in enumerate(header)]
    )
    if c.TITLE not in header:
        projects = projects.rename({_NAME: c.TITLE}, strict=False)
    return projects


def _typed(file: _Source, name: str, cells: list[str], lines: list[int]) -> pl.Series:
    """Return a column of PROJECTS in the type of the table; columns unknown to it as strings."""
    dtype = c.PROJECTS.full_schema.get(name, pl.String)
    if dtype == pl.String:
        return pl.Series(name, [cell or None for cell in cells], dtype=pl.String)
    values: list[float | None] = []
    for cell, line in zip(cells, lines, strict=True):
        value = _number(cell)
        blank_is_fine = not cell.strip() and name != c.COST
        if value is None and not blank_is_fine:
            raise file.error(f"{name} {cell!r} is no number", "Write digits only", line)
        if value is not None and name == c.COST and value < 0:
            raise file.error(f"cost {cell!r} is below zero", "Costs are 0 or more", line)
        if value is not None and name in _WHOLE_NUMBERS and value != int(value):
            raise file.error(f"{name} {cell!r} is no whole number", "Correct the count", line)
        values.append(value)
    return pl.Series(name, values, dtype=pl.Float64).cast(dtype)


def _read_ballots(file: _Source) -> tuple[list[str], pl.DataFrame]:
    """Rows of the VOTES section as strings, with the line of each."""
    header = file.enter("VOTES")
    for name in (c.VOTER_ID, _BALLOT):
        if name not in header:
            raise file.error(f"VOTES has no column {name}", f"Columns found: {', '.join(header)}")
    schema = dict.fromkeys(header, pl.String)
    rest = file.rest()
    body = rest.replace(b"\r\n", b"\n")
    if body and not body.endswith(b"\n"):
        body += b"\n"
    if body and _is_regular(body, len(header)):
        ballots = pl.read_csv(
            body,
            separator=";",
            has_header=False,
            schema=schema,
            quote_char=None,
        ).with_row_index(_LINE, offset=file.line + 1)
        return header, ballots.with_columns(pl.col(_LINE).cast(pl.Int64))
    rows: list[list[str | int | None]] = []
    for record in file.records(width=len(header)):
        if record.fault:
            file.reject(record.line, record.fault, record.raw)
        else:
            rows.append([record.line, *(cell or None for cell in record.fields)])
    return header, pl.DataFrame(rows, schema={_LINE: pl.Int64, **schema}, orient="row")


def _is_regular(body: bytes, width: int) -> bool:
    """Tell whether no quotation mark occurs and every line has the right number of fields."""
    if b'"' in body:
        return False
    marks = body.translate(None, delete=_ALL_BUT_MARKS)
    line = b";" * (width - 1) + b"\n"
    return marks == line * (len(marks) // width)


def _ballots_to_votes(
    file: _Source, header: list[str], ballots: pl.DataFrame, known: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split ballots into voters and one row per choice; set aside what cannot be counted."""
    ballots = ballots.with_columns(pl.col(c.VOTER_ID).str.strip_chars())
    raw = pl.concat_str(pl.col(header).fill_null(""), separator=";")
    without_id = pl.col(c.VOTER_ID).fill_null("") == ""
    ballots = file.set_aside(ballots, without_id, "a ballot without voter_id", raw)
    if ballots[c.VOTER_ID].n_unique() < ballots.height:
        again = ~pl.col(c.VOTER_ID).is_first_distinct()
        ballots = file.set_aside(ballots, again, "voter_id has voted on an earlier line", raw)
    choice = pl.col(_BALLOT).str.split(",")
    if c.POINTS in header:
        points = pl.col(c.POINTS).str.split(",")
        unequal = choice.list.len().fill_null(0) != points.list.len().fill_null(0)
        ballots = file.set_aside(ballots, unequal, "not as many points as projects", raw)
    else:
        points = pl.lit(None, dtype=pl.List(pl.String))
    votes = ballots.filter(pl.col(_BALLOT).is_not_null()).select(
        _LINE,
        c.VOTER_ID,
        choice.alias(c.PROJECT_ID),
        points.alias(c.POINTS),
        pl.int_ranges(1, choice.list.len().cast(pl.Int64) + 1, dtype=pl.Int64).alias(c.RANK),
    )
    exploded = [c.PROJECT_ID, c.RANK, *([c.POINTS] if c.POINTS in header else [])]
    votes = votes.explode(exploded).with_columns(pl.col(c.PROJECT_ID).str.strip_chars())
    raw = pl.format("{};{}", c.VOTER_ID, c.PROJECT_ID)
    unknown = ~pl.col(c.PROJECT_ID).is_in(known.implode())
    votes = file.set_aside(votes, unknown, "a vote for an unknown project", raw)
    if (votes[c.RANK] > 1).any():
        twice = ~pl.struct(c.VOTER_ID, c.PROJECT_ID).is_first_distinct()
        votes = file.set_aside(votes, twice, "the project stands on the ballot already", raw)
    if c.POINTS in header:
        number = pl.col(c.POINTS).str.strip_chars().cast(pl.Float64, strict=False)
        unread = ~number.is_finite().fill_null(False)
        votes = file.set_aside(votes, unread, "points are no number", raw)
        votes = votes.with_columns(number)
    else:
        votes = votes.with_columns(pl.lit(None, dtype=pl.Float64).alias(c.POINTS))
    consumed = (_BALLOT, c.POINTS)
    voters = ballots.select(name for name in header if name not in consumed)
    return voters, votes.select(_VOTE_COLUMNS)


def _votes_to_ballots(election: Election) -> pl.DataFrame:
    """One row per voter, in the order of ``voters``, with the choices in the order of ``rank``."""
    listed = election.votes.sort(c.VOTER_ID, c.RANK, c.PROJECT_ID)
    lists = [pl.col(c.PROJECT_ID).str.join(",").alias(_BALLOT)]
    if election.votes[c.POINTS].is_not_null().any():
        lists.append(_plain(c.POINTS).str.join(",").alias(c.POINTS))
    ballots = listed.group_by(c.VOTER_ID, maintain_order=True).agg(lists)
    others = [name for name in election.voters.columns if name != c.VOTER_ID]
    return election.voters.join(
        ballots, on=c.VOTER_ID, how="left", validate="1:1", maintain_order="left"
    ).select(c.VOTER_ID, *(name for name in ballots.columns if name != c.VOTER_ID), *others)


def _plain(name: str) -> pl.Expr:
    """Numbers as Pabulib writes them: no decimals where there are none."""
    number = pl.col(name)
    whole = number.round() == number
    return (
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .otherwise(number.cast(pl.String))
    )


def _write_rows(frame: pl.DataFrame, stream: IO[bytes]) -> None:
    """Write header and rows, quoting whatever a reader could take for something else."""
    mark = pl.lit('"')

    def cell(name: str) -> pl.Expr:
        text = _plain(name) if frame.schema[name].is_float() else pl.col(name).cast(pl.String)
        quoted = pl.concat_str(mark, text.str.replace_all('"', '""', literal=True), mark)
        return pl.when(text.str.contains('[;"\r\n]')).then(quoted).otherwise(text).alias(name)

    frame.select(cell(name) for name in frame.columns).write_csv(
        stream, separator=";", quote_style="never"
    )


def _sidecar(path: Path) -> Path:
    return path.with_suffix(".votes.parquet")


def _join_sidecar(path: Path, votes: pl.DataFrame) -> pl.DataFrame:
    """Add channel, time and whatever else stands in the file beside to the votes."""
    sidecar = _sidecar(path)
    if not sidecar.exists():
        return votes
    beside = pl.read_parquet(sidecar)
    key = [c.VOTER_ID, c.PROJECT_ID]
    absent = beside.height != votes.height or votes.join(beside, on=key, how="anti").height
    if absent:
        raise InputError(
            "its votes are not those of the .pb file",
            where=str(sidecar),
            remedy="Write the election again, or move the file away to read without it",
        )
    return votes.join(beside, on=key, how="left", validate="1:1", maintain_order="left")
