"""What benchmarks measured: kept as JSON, shown as the table in the README.

A benchmark notes its row through the fixture ``measured``; ``uv run python
tests/benchmarks/table.py`` then writes the rows into README.md.
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = Path(__file__).with_name("measured.json")
README = ROOT / "README.md"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def read() -> dict[str, dict[str, str]]:
    """Row to what was measured, ours, the peer's and the day, in the order of the table."""
    return json.loads(ROWS.read_text(encoding="utf-8")) if ROWS.exists() else {}


def note(row: str, **figures: str) -> None:
    """Put what a run measured in the place of what an earlier one did."""
    rows = read()
    rows[row] = figures
    ROWS.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def table() -> str:
    head = "| measured | cur-lab | peer, same run |\n|---|---|---|\n"
    rows = read().values()
    return head + "".join(f"| {row['what']} | {row['ours']} | {row['peer']} |\n" for row in rows)


def shown() -> str:
    """What stands in the README between the marks."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


if __name__ == "__main__":
    head, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    README.write_text(head + BEGIN + table() + END + rest.partition(END)[2], encoding="utf-8")
