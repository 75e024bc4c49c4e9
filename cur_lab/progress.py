"""Progress bars for long work."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from tqdm.auto import tqdm

T = TypeVar("T")

# File in which a kernel tells the study that runs it what it is at.
TOLD_VARIABLE = "CUR_LAB_PROGRESS"


def bar(steps: Iterable[T], *, name: str) -> Iterable[T]:
    """Show a bar while the steps are gone through, unless ``TQDM_DISABLE`` is set.

    tqdm heeds the variable in a terminal but not in a notebook, where bars differ every run. A
    notebook that a study runs tells the study instead, whose own bar says it.
    """
    if told := os.environ.get(TOLD_VARIABLE):
        return _telling(steps, name, Path(told))
    silent = bool(os.environ.get("TQDM_DISABLE"))
    shown: Iterable[T] = tqdm(steps, desc=name, leave=False, disable=silent)
    return shown


def _telling(steps: Iterable[T], name: str, file: Path) -> Iterator[T]:
    steps = list(steps)
    # A study that is gone, or a full disk, is no reason to stop.
    with suppress(OSError):
        for number, step in enumerate(steps):
            file.write_text(f"{name} {number}/{len(steps)}", encoding="utf-8")
            yield step
        file.write_text("", encoding="utf-8")
