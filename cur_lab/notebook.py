"""What every curated notebook needs: display settings, the data, the data statement."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import plotly.io as pio
import polars as pl
from great_tables import GT
from IPython import get_ipython
from IPython.display import Markdown

from cur_lab import datasets, readers
from cur_lab.columns import (
    AUTHOR_ID,
    CHANNEL,
    MESSAGE_ID,
    MUNICIPALITY,
    PUBLISHED_AT,
    REASON,
    REJECTED,
    RUBRIC,
    TEXT,
)
from cur_lab.errors import NotEnoughDataError
from cur_lab.figures import theme
from cur_lab.wording import grouped

__all__ = ["Data", "absent", "fingerprint", "grouped", "load", "setup", "versions"]

UNKNOWN = "не определяется по этим данным"


def setup() -> None:
    """Set how frames and figures are shown; call it in the first cell."""
    pl.Config.set_tbl_hide_dataframe_shape(True)
    pl.Config.set_tbl_hide_column_data_types(True)
    pl.Config.set_tbl_rows(20)
    # An appeal does not fit into the default 32 characters.
    pl.Config.set_fmt_str_lengths(160)
    pl.Config.set_fmt_table_cell_list_len(8)
    # The user's own choice of renderer comes first.
    if "PLOTLY_RENDERER" not in os.environ:
        pio.renderers.default = "plotly_mimetype"
    pio.templates.default = theme.TEMPLATE
    # A table's own plain form names places in memory, which differ every run.
    if (shell := get_ipython()) is not None:
        plain = shell.display_formatter.formatters["text/plain"]
        plain.for_type(GT, lambda _table, printer, _cycle: printer.text("таблица"))


@dataclass(frozen=True, slots=True)
class Data:
    """Messages under study with what a reader must know of them.

    Attributes
    ----------
    messages
        Canonical messages.
    rejected
        Rows of the source that were not read, with reasons; empty for the sample.
    source
        Name of the source as captions print it.
    unreadable
        Number of dates that could not be read; their messages stay, without a date.
    """

    messages: pl.DataFrame
    rejected: pl.DataFrame
    source: str
    unreadable: int = 0

    @property
    def caption(self) -> str:
        """Number of messages, period and source in one line, for figures and tables."""
        return f"n = {grouped(self.messages.height)} сообщений; {self.period}; {self.source}."

    @property
    def period(self) -> str:
        """First and last day in Moscow time, or that the source has no dates."""
        moments = self.messages[PUBLISHED_AT].drop_nulls().sort()
        days = moments.dt.convert_time_zone("Europe/Moscow").dt.strftime("%d.%m.%Y")
        if days.is_empty():
            return "даты в источнике не указаны"
        return f"{days[0]}–{days[-1]}"

    def has(self, column: str) -> bool:
        """Tell whether at least two values of a column are there, so that it can be compared."""
        return column in self.messages.columns and self.messages[column].drop_nulls().n_unique() > 1

    def statement(self) -> pl.DataFrame:
        """Describe the data: what was read, what was not, and which columns carry information."""
        messages = self.messages
        length = messages.select(pl.col(TEXT).str.len_chars().median()).item()
        rows = [
            ("источник", self.source),
            ("прочитано сообщений", grouped(messages.height)),
            ("не прочитано строк", self._refused()),
            ("нечитаемых дат", grouped(self.unreadable)),
            ("период", self.period),
            ("авторов", self._known(AUTHOR_ID)),
            ("каналов", self._known(CHANNEL)),
            ("муниципалитетов", self._known(MUNICIPALITY)),
            ("официальных рубрик", self._known(RUBRIC)),
            ("медиана длины, знаков", grouped(round(length or 0))),
        ]
        return pl.DataFrame(rows, schema=["fact", "value"], orient="row")

    def _known(self, column: str) -> str:
        if column not in self.messages.columns:
            return UNKNOWN
        known = self.messages[column].drop_nulls().n_unique()
        return grouped(known) if known else UNKNOWN

    def _refused(self) -> str:
        reasons = self.rejected[REASON].value_counts(sort=True).rows()
        listed = "; ".join(f"{reason}: {count}" for reason, count in reasons)
        return f"{self.rejected.height} ({listed})" if listed else "0"


def load(messages_file: str | None = None) -> Data:
    """Load the sample region, or the user's own export.

    Parameters
    ----------
    messages_file
        Any file :func:`cur_lab.readers.read` knows; the sample region «Заречье» when None.

    Raises
    ------
    NotEnoughDataError
        If the file holds no messages, such as an export of a channel's own posts.
    """
    if messages_file is None:
        sample = datasets.load("zarechye")
        return Data(sample.messages, REJECTED.empty(), "учебный регион «Заречье» (вымышлен)")
    reading = readers.read(messages_file)
    if reading.messages.is_empty():
        raise NotEnoughDataError(
            f"no messages ({reading.posts.height} posts, {reading.rejected.height} rejected rows)",
            where=Path(messages_file).name,
            remedy="This notebook needs what people wrote, not what a page published",
        )
    return Data(
        reading.messages, reading.rejected, Path(messages_file).name, reading.unreadable.height
    )


def absent(what: str) -> Markdown:
    """Say in a figure's place that the data lack what it needs; ``what`` in the genitive."""
    return Markdown(f"*В этих данных нет {what}: {UNKNOWN}.*")


def fingerprint(messages: pl.DataFrame) -> str:
    """Hash a table of messages: SHA-256 of its rows in the order of their ids, 16 hex digits."""
    ordered = messages.select(sorted(messages.columns)).sort(MESSAGE_ID)
    return sha256(ordered.write_csv().encode("utf-8")).hexdigest()[:16]


def versions() -> pl.DataFrame:
    """Versions of Python and of the packages a result depends on; skip its output in nbval."""
    packages = ("cur-lab", "polars", "numpy", "scikit-learn", "bertopic", "pymorphy3", "plotly")
    rows = [("python", platform.python_version())] + [(name, version(name)) for name in packages]
    return pl.DataFrame(rows, schema=["пакет", "версия"], orient="row")
