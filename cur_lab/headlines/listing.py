"""How much of a list is shown."""

from __future__ import annotations

import polars as pl

from cur_lab.headlines.sentence import headline
from cur_lab.wording import grouped


@headline
def part(frame: pl.DataFrame, *, title: str, top: int) -> str:
    """Say under the title of a list that not all of its rows are shown, where they are not."""
    if frame.height <= top:
        return title
    return f"{title} (показано {grouped(top)} из {grouped(frame.height)})"
