"""How a notebook shows things: settings, what is absent, the passport, the versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import plotly.io as pio
import polars as pl
from great_tables import GT
from IPython import get_ipython
from IPython.display import Markdown

from cur_lab import parameters, tables
from cur_lab.figures import theme
from cur_lab.notebook.subject import UNKNOWN, Data, Vote


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


def absent(what: str) -> Markdown:
    """Say in a figure's place that the data lack what it needs; ``what`` in the genitive."""
    return Markdown(f"*В этих данных нет {what}: {UNKNOWN}.*")


def passport(subject: Data | Vote, **given: object) -> GT:
    """Lay out what names a result: the data by their hash, the source, every parameter.

    Parameters
    ----------
    subject
        What was studied; the district and the days it was chosen by are named of themselves.
    **given
        Parameters of the notebook and what else its numbers depend on, such as ``seed=0``.
    """
    facts = {"хеш данных": subject.fingerprint, "источник": subject.source}
    if isinstance(subject, Data):
        facts["взято"] = subject.chosen or "все сообщения"
    for name, value in given.items():
        known = parameters.KNOWN.get(name, parameters.Known(name))
        facts[known.words] = parameters.written(value)
    return _facts(
        facts, "Что", "Значение", title="Паспорт", source=subject.caption, name="passport"
    )


def versions() -> GT:
    """Lay out the versions a result depends on; skip the output in nbval."""
    packages = ("cur-lab", "polars", "numpy", "scikit-learn", "bertopic", "pymorphy3", "plotly")
    facts = {"python": platform.python_version()} | {name: version(name) for name in packages}
    source = "С ними получены числа этой тетради."
    return _facts(facts, "Пакет", "Версия", title="Версии", source=source, name="versions")


def _facts(
    facts: dict[str, str], what: str, value: str, *, title: str, source: str, name: str
) -> GT:
    frame = pl.DataFrame(list(facts.items()), schema=["fact", "value"], orient="row")
    headings = {"fact": what, "value": value}
    return tables.table(frame, headings, title=title, source=source, name=name)
