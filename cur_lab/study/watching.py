"""What a study shows while it runs: a bar per notebook, or a few lines where nobody looks on."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from tqdm.auto import tqdm

from cur_lab.translation import say

_QUARTERS = 4


class Watch:
    """The bars of a study; they stand from the start, for all of its notebooks.

    Parameters
    ----------
    notebooks
        In the order they are shown.
    """

    def __init__(self, notebooks: Iterable[Path]):
        notebooks = list(notebooks)
        silent = bool(os.environ.get("TQDM_DISABLE"))
        shown = _looked_on(sys.stderr)
        width = max((len(path.stem) for path in notebooks), default=0)
        self._lines: dict[Path, _Bar | _Lines] = {}
        for place, path in enumerate(notebooks):
            if silent or not shown:
                self._lines[path] = _Lines(path.stem, _cells(path), silent=silent)
            else:
                self._lines[path] = _Bar(path.stem.ljust(width), _cells(path), place)

    def say(self, words: str) -> None:
        """Print a line beside the bars."""
        if not os.environ.get("TQDM_DISABLE"):
            tqdm.write(words, file=sys.stderr)

    def begin(self, notebook: Path, cells: int) -> None:
        """Show that a notebook begins, and of how many cells it is."""
        self._lines[notebook].begin(cells)

    def step(self, notebook: Path) -> None:
        """Show that a cell is done."""
        self._lines[notebook].step()

    def refresh(self, notebook: Path, doing: str = "") -> None:
        """Show the time, and what a long cell is doing."""
        self._lines[notebook].refresh(doing)

    def end(self, notebook: Path, *, failed: bool) -> None:
        """Show that a notebook is done."""
        self._lines[notebook].end(failed=failed)

    def leave_out(self, notebook: Path) -> None:
        """Show that a notebook is not run: it would tell of other data than the user's."""
        self._lines[notebook].leave_out(say("left out: it does not read what is given"))

    def close(self) -> None:
        """Leave the bars as they are."""
        for line in self._lines.values():
            line.close()


class _Bar:
    """A bar with the time gone and the time left."""

    _STANDING = "{desc}"
    _RUNNING = "{desc} {percentage:3.0f}% |{bar}| {elapsed}<{remaining}{postfix}"
    _ENDED = "{desc} {percentage:3.0f}% |{bar}| {elapsed}{postfix}"

    def __init__(self, name: str, cells: int, place: int):
        self.name = name
        self.bar = tqdm(
            total=cells,
            desc=f"{name} {say('waits')}",
            position=place,
            bar_format=self._STANDING,
            # The time left is told by the mean pace: cells differ too much for the last one's.
            smoothing=0,
            dynamic_ncols=True,
            # Of a study that cannot begin no bar stays.
            leave=False,
            file=sys.stderr,
        )

    def begin(self, cells: int) -> None:
        self.bar.leave = True
        self.bar.bar_format = self._RUNNING
        self.bar.set_description_str(self.name, refresh=False)
        self.bar.reset(cells)

    def step(self) -> None:
        self.bar.update()

    def refresh(self, doing: str) -> None:
        self.bar.set_postfix_str(doing)

    def leave_out(self, words: str) -> None:
        self.bar.leave = True
        self.bar.set_description_str(f"{self.name} {words}")

    def end(self, *, failed: bool) -> None:
        self.bar.bar_format = self._ENDED
        self.bar.set_postfix_str(say("failed") if failed else say("done"))

    def close(self) -> None:
        self.bar.close()


class _Lines:
    """A line at the beginning, at each quarter and at the end."""

    def __init__(self, name: str, cells: int, *, silent: bool):
        self.name, self.cells, self.silent = name, cells, silent
        self.done = 0
        self.began = time.monotonic()

    def begin(self, cells: int) -> None:
        self.cells = cells
        self.began = time.monotonic()
        self._print(say("begins"))

    def step(self) -> None:
        before, self.done = self.done, self.done + 1
        quarter = _QUARTERS * self.done // self.cells
        if quarter > _QUARTERS * before // self.cells and quarter < _QUARTERS:
            gone = time.monotonic() - self.began
            left = gone / self.done * (self.cells - self.done)
            percent = 100 * self.done // self.cells
            self._print(say(f"{percent} % of the cells in {_time(gone)}, left {_time(left)}"))

    def refresh(self, doing: str) -> None:
        pass

    def leave_out(self, words: str) -> None:
        self._print(words)

    def end(self, *, failed: bool) -> None:
        gone = _time(time.monotonic() - self.began)
        self._print(say(f"failed in {gone}") if failed else say(f"done in {gone}"))

    def close(self) -> None:
        pass

    def _print(self, words: str) -> None:
        if not self.silent:
            print(f"{self.name}: {words}", file=sys.stderr, flush=True)


def _time(seconds: float) -> str:
    return str(tqdm.format_interval(seconds))


def _cells(path: Path) -> int:
    """Count the cells of code; a file that is no notebook is told of later."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return sum(cell["cell_type"] == "code" for cell in cells)
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _looked_on(stream: TextIO) -> bool:
    """Tell whether bars can be drawn: in the workbench, or in a terminal that has a width."""
    if tqdm.__module__ == "tqdm.auto":
        return True
    return stream.isatty() and os.get_terminal_size(stream.fileno()).columns > 0
