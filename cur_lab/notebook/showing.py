"""How a notebook asks and shows: settings, what is absent, the passport, the versions."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from inspect import signature
from typing import TypeVar

import plotly.io as pio
import polars as pl
from great_tables import GT

from cur_lab import columns, parameters, tables, translation
from cur_lab.columns import UNKNOWN, Absent
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.figures import theme
from cur_lab.notebook import recording
from cur_lab.notebook.subject import Data, Vote
from cur_lab.tables import numbers
from cur_lab.wording import grouped

_Result = TypeVar("_Result")


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
    recording.begin()


def ask(
    function: Callable[..., _Result], subject: object, *args: object, **options: object
) -> _Result | Absent:
    """Call a public function, or say why these data have no answer.

    Parameters
    ----------
    function
        A public function of the package, such as ``trends.counts``.
    subject
        What it takes first; where that is a frame, it needs the columns of ``by`` too.
    *args, **options
        What else it takes.

    Returns
    -------
    object
        What the function yields; :class:`cur_lab.columns.Absent` where the data lack what it needs,
        where there is too little of them or its tables contradict each other, and where one of the
        arguments is absent itself. Tables and figures pass it through.
    """
    for given in (subject, *args, *options.values()):
        if isinstance(given, Absent):
            return given
    by: tuple[str, ...] = ()
    if isinstance(subject, pl.DataFrame):
        if subject.is_empty():
            return Absent.lacking("обращений" if columns.MESSAGE_ID in subject.columns else "строк")
        call = signature(function).bind(subject, *args, **options)
        call.apply_defaults()
        asked = call.arguments.get("by") or ()
        by = (asked,) if isinstance(asked, str) else tuple(asked)
    if lacking := columns.lacks(function, subject, by=by):
        return Absent.lacking(*columns.missing(lacking))
    try:
        return function(subject, *args, **options)
    except NotEnoughDataError as error:
        reason = columns.CODES[columns.NOT_ENOUGH][error.code]
        return Absent(f"{reason}: {UNKNOWN}", unknown=True)
    except SchemaError as error:
        # Two tables of a user's may not fit each other: a project in a district nobody listed.
        told = translation.error(error, russian=True).rstrip(".")
        return Absent(f"Таблицы не согласуются ({told}): {UNKNOWN}", unknown=True)


def statement(subject: Data | Vote, **counted: pl.DataFrame | Absent) -> GT | Absent:
    """Lay out what was read, what was not, and which columns carry information.

    Parameters
    ----------
    subject
        What is studied.
    **counted
        What else is counted of it, by its name in Russian: frames, such as the winners.
    """
    facts = dict(subject.statement().rows())
    for name, frame in counted.items():
        facts[name] = UNKNOWN if isinstance(frame, Absent) else grouped(frame.height)
    return _laid_out(facts, "fact", "value", title="Данные", source=subject.caption)


def passport(subject: Data | Vote, **given: object) -> GT | Absent:
    """Lay out what names a result: data and tables by their hashes, the source, every parameter.

    Parameters
    ----------
    subject
        What was studied; the district and the days it was chosen by are named of themselves.
    **given
        Parameters of the notebook and what else its numbers depend on, such as ``seed=0``.
    """
    facts = {"хеш данных": subject.fingerprint}
    if (results := recording.shown()) is not None:
        facts["хеш результатов"] = results
    facts["источник"] = subject.source
    if subject.sample is not None:
        facts["условия"] = "создано генератором, людей за данными нет; лицензия CC BY 4.0"
    if isinstance(subject, Data):
        facts["взято"] = subject.chosen or "все сообщения"
    elif subject.campaign:
        facts["кампания"] = subject.campaign
    for name, value in given.items():
        facts[parameters.words(name)] = parameters.written(name, value)
    laid_out = _laid_out(facts, "fact", "value", title="Паспорт", source=subject.caption)
    return _of_the_run(laid_out)


def versions() -> GT | Absent:
    """Lay out the versions a result depends on; skip the output in nbval."""
    packages = ("cur-lab", "polars", "numpy", "scikit-learn", "bertopic", "rumorph", "plotly")
    facts = {"python": platform.python_version()} | {name: version(name) for name in packages}
    source = "С ними получены числа этой тетради."
    laid_out = _laid_out(facts, "package", "version", title="Версии пакетов", source=source)
    return _of_the_run(laid_out)


def _of_the_run(table: GT | Absent) -> GT | Absent:
    return table if isinstance(table, Absent) else numbers.drop(table)


def _laid_out(facts: dict[str, str], *names: str, title: str, source: str) -> GT | Absent:
    frame = pl.DataFrame(list(facts.items()), schema=names, orient="row")
    return tables.show(frame, *names, title=title, source=source)
