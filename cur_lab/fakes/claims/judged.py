"""What an analyst judges of a claim's candidates: a short table, as XLSX too, read back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cur_lab import columns as c
from cur_lab import files, privacy
from cur_lab.errors import InputError, ParameterError, SchemaError
from cur_lab.readers.workbook import sheets
from cur_lab.statements.judgements import NO, YES, item
from cur_lab.statements.learning import FEWEST_JUDGED, is_telling
from cur_lab.statements.stance import stances

__all__ = ["Judging", "judge", "read_judgements"]

# What is farther off than this teaches nothing worth an analyst's time.
_LEAST = 0.05
_CHARACTERS = 400
_KEPT = (c.ITEM, c.CLAIM_ID, c.CLAIM, c.QUOTE, c.JUDGEMENT)
_WORDS = c.CODES[c.JUDGEMENT]
_ITEM = r"^[0-9a-f]{12}$"
_WIDTHS = {c.ITEM: 16, c.CLAIM_ID: 18, c.CLAIM: 50, c.QUOTE: 90, c.JUDGEMENT: 20}


@dataclass(frozen=True)
class Judging:
    """What to judge, and what was judged.

    Attributes
    ----------
    items
        ``columns.CLAIM_JUDGEMENTS``: what to judge next, without author, link or message id.
    claims
        ``columns.CLAIM_JUDGED``: per claim how much was judged, and why that teaches nothing.
    """

    items: pl.DataFrame
    claims: pl.DataFrame

    def write(self, path: str | os.PathLike[str]) -> Path:
        """Write the items as a workbook in which an analyst chooses «да», «нет» or «не ясно».

        Parameters
        ----------
        path
            Where; an earlier file is replaced.

        Returns
        -------
        Path
            The file.
        """
        import xlsxwriter  # type: ignore[import-untyped]

        # What a citizen wrote is text, whatever it begins with.
        plain = {"strings_to_formulas": False, "strings_to_urls": False}
        with files.replacing(path) as temporary, xlsxwriter.Workbook(str(temporary), plain) as book:
            sheet = book.add_worksheet("разметка")
            bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
            for place, name in enumerate(_KEPT):
                sheet.set_column(place, place, _WIDTHS[name], wrapped)
                sheet.write_string(0, place, c.HEADINGS[name].text, bold)
            for row, values in enumerate(self.items.select(_KEPT).rows(), 1):
                for place, value in enumerate(values):
                    told = _WORDS.get(value, value) if _KEPT[place] == c.JUDGEMENT else value
                    sheet.write_string(row, place, told or "", wrapped)
            answer, last = len(_KEPT) - 1, max(self.items.height, 1)
            choice = {"validate": "list", "source": list(_WORDS.values())}
            sheet.data_validation(1, answer, last, answer, choice)
            sheet.freeze_panes(1, 0)
        return Path(path)


@c.needs(c.MESSAGE_ID)
def judge(
    matches: pl.DataFrame,
    messages: pl.DataFrame,
    claims: pl.DataFrame,
    *,
    judgements: pl.DataFrame | None = None,
    per_claim: int = 30,
) -> Judging:
    """Choose of which messages an analyst says whether they state the claim.

    Of each claim's candidates some are taken evenly from the surest to the least likely, so that
    both answers occur. Ten to thirty judgements of a claim let :func:`matches` learn how it is
    told here. An item is named by a code made of claim and text: the table holds no author, no link
    and no message id, and its quotes are redacted.

    Parameters
    ----------
    matches
        What :func:`matches` yields.
    messages, claims
        What it was given.
    judgements
        What :func:`read_judgements` gave so far; judged items are not asked again.
    per_claim
        Items of each claim, at least one.

    Returns
    -------
    Judging
        Items without judgement, by claim, and how far the judgements given teach.

    Raises
    ------
    SchemaError
        If a column is missing.
    ParameterError
        If ``per_claim`` is less than one.
    """
    if per_claim < 1:
        raise ParameterError(
            f"per_claim {per_claim} is less than one", where="fakes.judge", remedy="Try 30"
        )
    where = "fakes.judge"
    c.CLAIM_MATCHES.require(matches, [c.MESSAGE_ID, c.NEAREST_ID, c.SCORE], where=where)
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=where)
    c.CLAIMS.require(claims, [c.CLAIM_ID, c.TEXT], where=where)
    known = c.CLAIM_JUDGEMENTS.empty() if judgements is None else judgements
    c.CLAIM_JUDGEMENTS.require(known, [c.ITEM, c.CLAIM_ID, c.JUDGEMENT], where="judgements")
    listed = matches.select(
        c.MESSAGE_ID, pl.col(c.NEAREST_ID).alias(c.CLAIM_ID), c.SCORE
    ).drop_nulls(c.CLAIM_ID)
    texts = messages.select(c.MESSAGE_ID, pl.col(c.TEXT).cast(pl.String))
    named = (
        listed.filter(pl.col(c.SCORE) >= _LEAST)
        .join(texts.drop_nulls().unique(c.MESSAGE_ID, keep="any"), on=c.MESSAGE_ID)
        .unique([c.CLAIM_ID, c.TEXT], keep="any")
        .sort(c.CLAIM_ID, c.SCORE, c.TEXT, descending=[False, True, False])
    )
    codes = [item(claim, text) for claim, text in named.select(c.CLAIM_ID, c.TEXT).rows()]
    open_ = named.with_columns(pl.Series(c.ITEM, codes, pl.String)).filter(
        ~pl.col(c.ITEM).is_in(known[c.ITEM].implode())
    )
    # Evenly over the ranks: the first of every stretch of equal length.
    place, size = pl.int_range(pl.len()).over(c.CLAIM_ID), pl.len().over(c.CLAIM_ID)
    stretch = (place * per_claim) // pl.max_horizontal(size, per_claim)
    taken = open_.filter(stretch.is_first_distinct().over(c.CLAIM_ID))
    shown = taken.join(claims.select(c.CLAIM_ID, pl.col(c.TEXT).alias(c.CLAIM)), on=c.CLAIM_ID)
    quotes = privacy.excerpts(shown[c.TEXT], characters=_CHARACTERS).alias(c.QUOTE)
    items = shown.with_columns(quotes, pl.lit(None, pl.String).alias(c.JUDGEMENT))
    # By name, not by score: an order that shows what the model thinks would guide the analyst.
    items = items.select(_KEPT).sort(c.CLAIM_ID, c.ITEM)
    items = items.with_columns(stances(items[c.QUOTE]).alias(c.STANCE))
    return Judging(c.CLAIM_JUDGEMENTS.conform(items), _learnt(claims, known))


def read_judgements(path: str | os.PathLike[str]) -> pl.DataFrame:
    """Read a workbook that :meth:`Judging.write` wrote and an analyst filled in.

    Parameters
    ----------
    path
        The file; rows and columns may have been moved, rows left empty.

    Returns
    -------
    DataFrame
        ``columns.CLAIM_JUDGEMENTS``: the rows judged.

    Raises
    ------
    InputError
        If the file is no workbook, or a row holds another answer, a code that was edited, or a
        second answer to one item.
    SchemaError
        If a column is missing.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError("no such file", where=str(path), remedy="Write it with Judging.write")
    found = next(iter(sheets(path)), None)
    rows = [] if found is None else found.rows()
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    places = {}
    for name in _KEPT:
        heading = c.HEADINGS[name].text
        if heading.lower() not in heads:
            raise SchemaError(
                f"no column «{heading}»", where=str(path), remedy="Leave the headings as they were"
            )
        places[name] = heads.index(heading.lower())
    answers = {word: code for code, word in _WORDS.items()} | {code: code for code in _WORDS}
    judged: dict[str, tuple[str, ...]] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = {n: row[p].strip() if p < len(row) else "" for n, p in places.items()}
        answer = cells[c.JUDGEMENT].lower()
        if not answer:
            continue
        where = f"{path}, row {number}"
        if answer not in answers:
            raise InputError(
                f"«{cells[c.JUDGEMENT]}» is no answer",
                where=where,
                remedy="Write «да», «нет» or «не ясно», or leave the cell empty",
            )
        _require_item(cells[c.ITEM], where)
        kept = (*(cells[name] for name in _KEPT[:-1]), answers[answer])
        if judged.setdefault(cells[c.ITEM], kept)[-1] != kept[-1]:
            raise InputError(
                f"a second answer to item {cells[c.ITEM]}",
                where=where,
                remedy="Keep one row of the two",
            )
    table = pl.DataFrame(
        list(judged.values()), schema=dict.fromkeys(_KEPT, pl.String), orient="row"
    )
    return c.CLAIM_JUDGEMENTS.conform(table.sort(c.CLAIM_ID, c.ITEM))


def _require_item(code: str, where: str) -> None:
    if not pl.Series([code]).str.contains(_ITEM)[0]:
        raise InputError(
            f"«{code}» is no code of an item",
            where=where,
            remedy="Leave the first column as it was written",
        )


def _learnt(claims: pl.DataFrame, judgements: pl.DataFrame) -> pl.DataFrame:
    """Per claim: how many judgements, and why they teach nothing where they do not."""
    rows = []
    for name in claims[c.CLAIM_ID].cast(pl.String).sort():
        of_claim = judgements.filter(pl.col(c.CLAIM_ID) == name)[c.JUDGEMENT]
        told = [value == YES for value in of_claim if value in (YES, NO)]
        note = None if is_telling(told) else _why_not(told)
        rows.append((name, len(told), sum(told), len(told) - sum(told), note))
    return c.CLAIM_JUDGED.conform(
        pl.DataFrame(rows, schema=c.CLAIM_JUDGED.schema, orient="row").sort(c.CLAIM_ID)
    )


def _why_not(told: list[bool]) -> str:
    if not told:
        return "not_judged"
    return "too_few" if len(told) < FEWEST_JUDGED else "all_same"
