"""What SECURITY.md and ETHICS.md promise is held by tests that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROMISE = re.compile(r"\[`(test_\w+)`\]\((\S+?)\)")


@pytest.mark.parametrize("page", ["SECURITY.md", "ETHICS.md"])
def test_every_promise_names_a_test_that_is_there(page):
    promised = PROMISE.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(promised) > 5
    for name, path in promised:
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), name
