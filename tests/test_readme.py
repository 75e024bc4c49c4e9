"""The README's Python examples run; its commands are the ones CI calls."""

import re
from pathlib import Path

import pytest
from benchmarks import table

ROOT = Path(__file__).parents[1]


def blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
@pytest.mark.filterwarnings("default")
def test_examples_run(name):
    examples = blocks(name, "python")
    assert examples
    for example in examples:
        exec(compile(example, name, "exec"), {})


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_the_two_commands_are_one_line_each(name):
    commands = "".join(blocks(name, "sh")).splitlines()
    assert "pip install -q uv && uv run cur-lab study" in commands
    assert "pip install -q uv && uv run pytest" in commands


def test_the_table_of_what_was_measured_is_what_the_benchmarks_wrote():
    """Renew it with ``uv run python tests/benchmarks/table.py``."""
    assert table.shown() == table.table()
    for row in table.read().values():
        assert all(row.values()), row
