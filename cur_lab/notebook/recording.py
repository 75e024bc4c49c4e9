"""What a notebook showed: kept for the hash in its passport, and told to the study that runs it.

A study asks through the environment. Then every table is sent with its cells, and every absent
result with its reason, as metadata of the output, which the study takes out again: a notebook
opened in JupyterLab or committed holds none of it.
"""

from __future__ import annotations

import os
from typing import Any

from great_tables import GT
from IPython import get_ipython

from cur_lab.columns import Absent
from cur_lab.tables import numbers

ASKED = "CUR_LAB_RECORD"
KEY = "cur_lab"

# Table → hash of what it says, in the order shown; a cell executed again replaces its own.
_shown: dict[str, str] = {}
# Why the last of them had no answer: a reader is told a reason once.
_last: list[str] = []
_AGAIN = "*Не определяется по той же причине.*"


def begin() -> None:
    """Forget what was shown and keep what will be; without a notebook nothing is shown."""
    _shown.clear()
    _last.clear()
    if (shell := get_ipython()) is None:
        return
    formatters = shell.display_formatter.formatters
    # A table's own plain form names places in memory, which differ every run.
    formatters["text/plain"].for_type(GT, lambda _, printer, _cycle: printer.text("таблица"))
    formatters["text/html"].for_type(GT, _table)
    formatters["text/markdown"].for_type(Absent, _absent)


def shown() -> str | None:
    """Hash of all tables shown since :func:`begin`; None where there were none."""
    return numbers.together(_shown) if _shown else None


def _table(table: GT) -> object:
    html = table._repr_html_()
    _last.clear()
    if (name := numbers.name_of(table)) is None:
        return html
    _shown[name] = numbers.digest(table)
    title = table._heading.title
    return _with(
        html,
        {
            "name": name,
            "title": str(getattr(title, "text", title)),
            "digest": _shown[name],
            "cells": numbers.stated(table),
        },
    )


def _absent(absent: Absent) -> object:
    again = absent.unknown and _last == [absent.reason]
    _last[:] = [absent.reason]
    form = _AGAIN if again else absent._repr_markdown_()
    return _with(form, {"absent": absent.reason, "unknown": absent.unknown})


def _with(form: str, told: dict[str, Any]) -> object:
    # IPython takes a pair as a form and its metadata.
    return (form, {KEY: told}) if os.environ.get(ASKED) else form
