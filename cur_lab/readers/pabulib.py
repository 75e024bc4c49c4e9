r"""Elections of participatory budgeting in the ``.pb`` format of Pabulib, read whole.

A ``.pb`` file has three sections, META, PROJECTS and VOTES, each a header and rows of fields
separated by semicolons. Real files bend the rules, so a line is split by what it says and not by
what a CSV library guesses: a quotation mark inside a name stays a quotation mark, and only
``\n`` and ``\r\n`` end a line.

References
----------
Faliszewski P. et al. (2023). Participatory budgeting: data, tools and analysis. IJCAI, 2667-2674.
"""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError
from cur_lab.readers.amounts import MONEY, amount
from cur_lab.readers.election import Election, finite
from cur_lab.readers.pabulib_records import LINE, Source
from cur_lab.readers.times import utc

# Codes of ``columns.CODES["reason"]``.
_OPEN_QUOTE = "broken_quotes"
BALLOT = "vote"
NAME = "name"
VOTE_COLUMNS = (c.VOTER_ID, c.PROJECT_ID, c.POINTS, c.RANK)
# No count of people is as large.
_LARGE = 2**63
_WHOLE_NUMBERS = (c.VOTES_COUNT, c.SELECTED)
_NEEDED = ("budget", "vote_type")
_ALL_BUT_MARKS = bytes(set(range(256)) - set(b";\n"))
_WRITE_DIGITS = (
    "Write digits, at most two behind the decimal mark (400000.50): three could be thousands"
)
_CLOSE_IT = 'Close the quotation mark; one inside a quoted field is doubled ("")'


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
        repeated voter, an unclosed quotation mark), in a line of META nobody needs or in another
        figure of a project does not stop the reading: what is lost is in ``rejected`` or
        ``unreadable``.

    Notes
    -----
    A project listed twice on a ballot counts once, at its first place; what stands behind it keeps
    its rank, and the repeat is kept in ``uncounted``, so that the file is written as it was.
    ``400,000`` and ``400.000`` are 400 thousand; what could be two amounts is an error.
    """
    file = Source(Path(path))
    meta = _read_meta(file)
    projects = _read_projects(file)
    header, ballots = _read_ballots(file)
    voters, votes, uncounted = _ballots_to_votes(file, header, ballots, projects[c.PROJECT_ID])
    for key, found in (("num_projects", projects.height), ("num_votes", voters.height)):
        if key in meta and amount(meta[key]) != found:
            told = f"{key}: {meta[key]}, прочитано {found}"
            file.reject(file.meta_lines[key], "stated_otherwise", told)
    rejected = pl.DataFrame(file.rejected, schema=c.REJECTED.schema, orient="row").sort(
        c.ROW, c.REASON, c.RAW
    )
    unreadable = pl.DataFrame(file.unreadable, schema=c.UNREADABLE.schema, orient="row")
    return Election(
        meta,
        projects,
        voters,
        _join_sidecar(file.path, votes),
        rejected,
        uncounted,
        unreadable.sort(c.ROW, c.COLUMN),
    )


def _read_meta(file: Source) -> dict[str, str]:
    file.enter("META")
    meta: dict[str, str] = {}
    for record in file.records(width=None):
        if record.fault:
            file.reject(record.line, _OPEN_QUOTE, record.raw)
            continue
        key, *values = record.fields
        key = key.strip()
        # A comment with semicolons that nobody quoted is still one comment.
        value = ";".join(values).rstrip(";") if len(values) > 1 else "".join(values)
        if key in meta and key in _NEEDED and value != meta[key]:
            raise file.error(
                f"META tells {key} again (first on line {file.meta_lines[key]})",
                "Leave one of the two",
                record.line,
            )
        if key in meta:
            file.reject(record.line, "told_twice", record.raw)
            continue
        meta[key] = value
        file.meta_lines[key] = record.line
    for key in _NEEDED:
        if key not in meta:
            raise file.error(f"META has no {key}", f"Add a line {key};…")
    budget = amount(meta["budget"])
    if budget is None or budget < 0:
        raise file.error(
            f"budget {meta['budget']!r} is no amount",
            _WRITE_DIGITS,
            file.meta_lines["budget"],
        )
    return meta


def _read_projects(file: Source) -> pl.DataFrame:
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
        projects = projects.rename({NAME: c.TITLE}, strict=False)
    return projects


def _typed(file: Source, name: str, cells: list[str], lines: list[int]) -> pl.Series:
    """Return a column of PROJECTS in the type of the table; columns unknown to it as strings."""
    dtype = c.PROJECTS.full_schema.get(name, pl.String)
    found = pl.Series(name, [cell if cell.strip() else None for cell in cells], dtype=pl.String)
    if dtype == pl.String:
        return pl.Series(name, [cell or None for cell in cells], dtype=pl.String)
    if isinstance(dtype, pl.Datetime):
        read = utc(found)
    else:
        values = [_number(file, name, cell, line) for cell, line in zip(cells, lines, strict=True)]
        read = pl.Series(name, values, dtype=pl.Float64).cast(dtype)
    lost = zip(lines, found, read, strict=True)
    file.unreadable += [
        (line, name, cell[:100]) for line, cell, value in lost if value is None and cell is not None
    ]
    return read


def _number(file: Source, name: str, cell: str, line: int) -> float | None:
    """Read a figure of a project; without its cost there is no project to vote on."""
    value = amount(cell) if name in (*MONEY, *_WHOLE_NUMBERS) else finite(cell)
    if name == c.COST and value is None:
        raise file.error(f"cost {cell!r} is no number", _WRITE_DIGITS, line)
    if name == c.COST and value is not None and value < 0:
        raise file.error(f"cost {cell!r} is below zero", "Costs are 0 or more", line)
    if name in _WHOLE_NUMBERS and value is not None and (value != int(value) or value >= _LARGE):
        return None
    return value


def _read_ballots(file: Source) -> tuple[list[str], pl.DataFrame]:
    """Rows of the VOTES section as strings, with the line of each."""
    header = file.enter("VOTES")
    for name in (c.VOTER_ID, BALLOT):
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
        ).with_row_index(LINE, offset=file.line + 1)
        return header, ballots.with_columns(pl.col(LINE).cast(pl.Int64))
    rows: list[list[str | int | None]] = []
    for record in file.records(width=len(header)):
        if record.fault:
            file.reject(record.line, _OPEN_QUOTE, record.raw)
        else:
            rows.append([record.line, *(cell or None for cell in record.fields)])
    return header, pl.DataFrame(rows, schema={LINE: pl.Int64, **schema}, orient="row")


def _is_regular(body: bytes, width: int) -> bool:
    """Tell whether no quotation mark occurs and every line has the right number of fields."""
    if b'"' in body:
        return False
    marks = body.translate(None, delete=_ALL_BUT_MARKS)
    line = b";" * (width - 1) + b"\n"
    return marks == line * (len(marks) // width)


def _ballots_to_votes(
    file: Source, header: list[str], ballots: pl.DataFrame, known: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Split ballots into voters, one row per choice, and choices that count for nothing."""
    ballots = ballots.with_columns(pl.col(c.VOTER_ID).str.strip_chars())
    raw = pl.concat_str(pl.col(header).fill_null(""), separator=";")
    without_id = pl.col(c.VOTER_ID).fill_null("") == ""
    ballots = file.set_aside(ballots, without_id, "no_voter", raw)
    if ballots[c.VOTER_ID].n_unique() < ballots.height:
        again = ~pl.col(c.VOTER_ID).is_first_distinct()
        ballots = file.set_aside(ballots, again, "voter_again", raw)
    choice = pl.col(BALLOT).str.split(",")
    if c.POINTS in header:
        points = pl.col(c.POINTS).str.split(",")
        unequal = choice.list.len().fill_null(0) != points.list.len().fill_null(0)
        ballots = file.set_aside(ballots, unequal, "points_unequal", raw)
    else:
        points = pl.lit(None, dtype=pl.List(pl.String))
    votes = ballots.filter(pl.col(BALLOT).is_not_null()).select(
        LINE,
        c.VOTER_ID,
        choice.alias(c.PROJECT_ID),
        points.alias(c.POINTS),
        pl.int_ranges(1, choice.list.len().cast(pl.Int64) + 1, dtype=pl.Int64).alias(c.RANK),
    )
    exploded = [c.PROJECT_ID, c.RANK, *([c.POINTS] if c.POINTS in header else [])]
    votes = votes.explode(exploded).with_columns(pl.col(c.PROJECT_ID).str.strip_chars())
    raw = pl.format("{};{}", c.VOTER_ID, c.PROJECT_ID)
    unknown = ~pl.col(c.PROJECT_ID).is_in(known.implode())
    standing = votes
    votes = file.set_aside(votes, unknown, "unknown_project", raw)
    if (votes[c.RANK] > 1).any():
        twice = ~pl.struct(c.VOTER_ID, c.PROJECT_ID).is_first_distinct()
        votes = file.set_aside(votes, twice, "project_again", raw)
    uncounted = standing.join(votes, on=[c.VOTER_ID, c.RANK], how="anti", maintain_order="left")
    if c.POINTS in header:
        number = pl.col(c.POINTS).str.strip_chars().cast(pl.Float64, strict=False)
        unread = ~number.is_finite().fill_null(False)
        votes = file.set_aside(votes, unread, "points_no_number", raw)
        votes = votes.with_columns(number)
        uncounted = uncounted.with_columns(number).drop_nulls(c.POINTS)
    else:
        no_points = pl.lit(None, dtype=pl.Float64).alias(c.POINTS)
        votes, uncounted = votes.with_columns(no_points), uncounted.with_columns(no_points)
    consumed = (BALLOT, c.POINTS)
    voters = ballots.select(name for name in header if name not in consumed)
    return voters, votes.select(VOTE_COLUMNS), uncounted.select(VOTE_COLUMNS)


def sidecar_of(path: Path) -> Path:
    """Path of the file beside that holds what the format has no place for."""
    return path.with_suffix(".votes.parquet")


def _join_sidecar(path: Path, votes: pl.DataFrame) -> pl.DataFrame:
    """Add channel, time and whatever else stands in the file beside to the votes."""
    sidecar = sidecar_of(path)
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
