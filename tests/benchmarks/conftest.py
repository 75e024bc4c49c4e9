"""What every benchmark has: a place to note the figures the README shows."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from benchmarks import table


@pytest.fixture
def measured() -> Callable[..., None]:
    """Note a row of the README's table: ``measured("row", what="…", ours="…", peer="…")``."""

    def note(row: str, *, what: str, ours: str, peer: str) -> None:
        table.note(row, what=what, ours=ours, peer=peer, on=f"{datetime.now(UTC):%Y-%m-%d}")

    return note
