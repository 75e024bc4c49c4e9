"""Frames as tables for reading: Russian headings, formatted numbers, nothing of a text executed."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import polars as pl
from great_tables import GT, html
from great_tables import style as cell_style
from great_tables.loc import body

from cur_lab import columns as c
from cur_lab.wording import decimal, grouped, percent

NOT_SHOWN = "—"
# Codes of the result frames in the reader's words, by column.
_WORDS: dict[str, dict[str, str]] = {
    c.METHOD: {
        "synthetic_control": "по районам без решения",
        "interrupted_series": "по собственному прошлому",
        "equal_peaks": "против равных пиков",
        "imputation": "по районам, где ещё не введено",
        "two_way": "обычная регрессия",
    },
}


def table(
    frame: pl.DataFrame, headings: Mapping[str, str], *, title: str, source: str, name: str
) -> GT:
    """Lay out the columns named in ``headings``, in that order.

    Parameters
    ----------
    frame
        Text, number and list columns; lists are joined by commas, nulls shown as a dash.
    headings
        Column of the frame → heading in Russian.
    title
        What the table shows.
    source
        Note below the table: number of messages, period, source.
    name
        Identifier of the HTML element; a fixed one keeps the output equal between runs.
    """
    shown = frame.select(
        pl.Series(heading, [_cell(value) for value in frame[column]], dtype=pl.String)
        for column, heading in headings.items()
    )
    numbers = [headings[column] for column in headings if frame.schema[column].is_numeric()]
    laid_out = (
        GT(shown, id=name)
        .tab_header(title=html(escape(title)))
        .tab_source_note(html(escape(source)))
        .opt_align_table_header("left")
        .tab_options(table_font_size="15px", heading_title_font_size="17px", table_margin_left="0")
        .cols_align("left")
        .tab_style(cell_style.css("vertical-align: top"), body())
    )
    return laid_out.cols_align("right", columns=numbers) if numbers else laid_out


def worded(frame: pl.DataFrame) -> pl.DataFrame:
    """Write the codes of rules, channels, tests and models in Russian; unknown ones as found."""
    return frame.with_columns(
        pl.col(column).replace(words) for column, words in _WORDS.items() if column in frame.columns
    )


def shares(*names: str) -> pl.Expr:
    """Write share columns as percent, ``7,4 %``."""
    return pl.col(names).map_elements(percent, return_dtype=pl.String)


def decimals(*names: str, digits: int) -> pl.Expr:
    """Write number columns with so many digits after the comma."""
    return pl.col(names).map_elements(lambda v: _decimal(v, digits), return_dtype=pl.String)


def estimate(value: str, low: str, high: str, *, digits: int = 2) -> pl.Expr:
    """Write three number columns as one text, ``0,26 (0,13–0,37)``; alone without an interval."""

    def written(row: dict[str, float | None]) -> str:
        if row[value] is None:
            return NOT_SHOWN
        known = [number for number in row.values() if number is not None]
        numbers = [_decimal(number, digits) for number in known]
        return f"{numbers[0]} ({numbers[1]}–{numbers[2]})" if len(numbers) == 3 else numbers[0]

    return pl.struct(value, low, high).map_elements(written, return_dtype=pl.String)


def interval(share: str, low: str, high: str) -> pl.Expr:
    """Write three share columns as one text, ``7,4 % (6,1–8,9 %)``; alone without an interval."""
    return pl.struct(share, low, high).map_elements(
        lambda row: NOT_SHOWN if row[share] is None else _interval(row[share], row[low], row[high]),
        return_dtype=pl.String,
    )


def _interval(share: float, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return percent(share)
    ends = f"{percent(low)}–{percent(high)}".replace("\u00a0%–", "–")
    return f"{percent(share)} ({ends})"


def _decimal(value: float, digits: int) -> str:
    # Kopecks of millions say nothing.
    digits = 0 if abs(value) >= 1000 else digits
    return decimal(value, digits=digits)


def _cell(value: object) -> str:
    # Great Tables escapes cells itself; headings and notes it takes as they are.
    if value is None:
        return NOT_SHOWN
    if isinstance(value, pl.Series | list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, int):
        return grouped(value)
    if isinstance(value, float):
        # A small p is not zero.
        return _decimal(value, 4 if 0 < abs(value) < 0.005 else 2)
    return str(value)


def statement(frame: pl.DataFrame, *, caption: str) -> GT:
    """Lay out the data statement of :meth:`cur_lab.notebook.Data.statement`."""
    headings = {"fact": "Что", "value": "Значение"}
    return table(frame, headings, title="Данные", source=caption, name="statement")


def topics(frame: pl.DataFrame, *, caption: str, top: int = 15) -> GT:
    """Lay out the largest topics: share with interval, stability, keywords."""
    shown = (
        frame.sort(c.SHARE, c.TOPIC, descending=[True, False])
        .head(top)
        .with_columns(
            interval(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH).alias(c.SHARE),
            pl.col(c.KEYWORDS).list.head(6),
        )
    )
    headings = {
        c.LABEL: "Тема",
        c.SIZE: "Сообщений",
        c.SHARE: "Доля (95 %-й интервал)",
        c.STABILITY: "Устойчивость",
        c.KEYWORDS: "Ключевые слова",
    }
    title = f"Крупнейшие темы: {shown.height} из {frame.height}"
    return table(shown, headings, title=title, source=caption, name="topics")


def examples(frame: pl.DataFrame, *, caption: str, top: int = 8, each: int = 2) -> GT:
    """Lay out examples of the largest topics, one to a row; they are redacted already."""
    shown = (
        frame.sort(c.SHARE, c.TOPIC, descending=[True, False])
        .head(top)
        .select(c.LABEL, pl.col(c.EXAMPLES).list.head(each))
        .explode(c.EXAMPLES)
    )
    headings = {c.LABEL: "Тема", c.EXAMPLES: "Что пишут"}
    title = "Сообщения, ближайшие к центру своей темы"
    return table(shown, headings, title=title, source=caption, name="examples")


def leading(breakdown: pl.DataFrame, *, by: str, heading: str, caption: str) -> GT:
    """Lay out the leading topic of every group that has one of a publishable size."""
    best = (
        breakdown.filter(pl.col(c.SIZE) > 0)
        .sort(by, c.SHARE, c.TOPIC, descending=[False, True, False])
        .group_by(by, maintain_order=True)
        .first()
        .with_columns(interval(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH).alias(c.SHARE))
    )
    headings = {by: heading, c.LABEL: "Главная тема", c.SHARE: "Доля (95 %-й интервал)"}
    return table(best, headings, title="Главная тема", source=caption, name=f"leading-{by}")


def crosswalk(frame: pl.DataFrame, *, caption: str, top: int = 15) -> GT:
    """Lay out the leading rubric of the largest topics and what the rubricator does with them."""
    best = (
        frame.sort(c.SHARE, c.RUBRIC, descending=[True, False])
        .group_by(c.TOPIC, maintain_order=True)
        .first()
        .sort(c.TOPIC)
        .head(top)
        .with_columns(interval(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH).alias(c.SHARE))
    )
    headings = {
        c.LABEL: "Тема",
        c.RUBRIC: "Чаще всего в рубрике",
        c.SHARE: "Доля темы в этой рубрике",
        c.VERDICT: "Что делает рубрикатор",
    }
    title = "Темы и официальные рубрики"
    return table(best, headings, title=title, source=caption, name="crosswalk")


def deduplicated(frame: pl.DataFrame, *, caption: str, top: int = 10) -> GT:
    """Lay out shares by messages, families and authors, side by side."""
    names = (c.SHARE, c.SHARE_FAMILIES, c.SHARE_AUTHORS)
    shown = (
        frame.sort(c.SHARE, c.TOPIC, descending=[True, False])
        .head(top)
        .with_columns(pl.col(name).map_elements(percent, return_dtype=pl.String) for name in names)
    )
    headings = {
        c.LABEL: "Тема",
        c.SHARE: "По сообщениям",
        c.SHARE_FAMILIES: "Копии за одно",
        c.SHARE_AUTHORS: "Автор за одно",
    }
    title = "Доля темы при разном счёте"
    return table(shown, headings, title=title, source=caption, name="deduplicated")


def numbers(frame: pl.DataFrame, *, caption: str) -> GT:
    """Lay out the numbers of topics that were tried and what spoke for each."""
    headings = {
        c.N_TOPICS: "Тем",
        c.AGREEMENT: "Согласие половин",
        c.SEPARATION: "Разделённость",
        c.SCORE: "Произведение",
        c.STANDARD_ERROR: "Его ошибка",
        c.CHOSEN: "Взято",
    }
    three = (c.AGREEMENT, c.SEPARATION, c.SCORE, c.STANDARD_ERROR)
    shown = frame.with_columns(decimals(*three, digits=3))
    return table(shown, headings, title="Сколько тем", source=caption, name="numbers")


def map_quality(layout: pl.DataFrame, *, caption: str) -> GT:
    """Lay out how well the map keeps the distances of topics, worst and best ones."""
    ranked = layout.sort(c.QUALITY, c.TOPIC, nulls_last=True)
    shown = pl.concat([ranked.head(3), ranked.tail(3)]).unique(c.TOPIC, maintain_order=True)
    headings = {c.LABEL: "Тема", c.SIZE: "Сообщений", c.QUALITY: "Верность места"}
    title = "Каким местам на карте верить: три худших и три лучших"
    return table(shown, headings, title=title, source=caption, name="map-quality")


def hierarchy(topics: pl.DataFrame, joins: pl.DataFrame, *, caption: str, top: int = 8) -> GT:
    """Lay out which topics join first: candidates to be read as one."""
    named = dict(topics.select(c.TOPIC, c.LABEL).iter_rows())
    named |= dict(joins.select(c.NODE, c.LABEL).iter_rows())
    shown = joins.sort(c.DISTANCE, c.NODE).head(top)
    shown = shown.with_columns(
        pl.col(side).replace_strict(named, return_dtype=pl.String) for side in (c.LEFT, c.RIGHT)
    )
    headings = {
        c.LEFT: "Тема или группа",
        c.RIGHT: "Ближайшая к ней",
        c.DISTANCE: "Расстояние",
        c.SIZE: "Сообщений вместе",
    }
    title = "Какие темы сливаются первыми"
    return table(shown, headings, title=title, source=caption, name="hierarchy")
