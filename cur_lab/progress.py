"""Progress bars for long work."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

from tqdm.auto import tqdm

T = TypeVar("T")


def bar(steps: Iterable[T], *, name: str) -> Iterable[T]:
    """Show a bar while the steps are gone through, unless ``TQDM_DISABLE`` is set.

    tqdm heeds the variable in a terminal but not in a notebook, where bars differ every run.
    """
    silent = bool(os.environ.get("TQDM_DISABLE"))
    shown: Iterable[T] = tqdm(steps, desc=name, leave=False, disable=silent)
    return shown
