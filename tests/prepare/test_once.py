"""No notebook derives anything of a message twice."""

import json
from collections import Counter
from pathlib import Path

import plotly.io as pio
import polars as pl
import pytest

from cur_lab import datasets, families, prepare, text

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
OF_MESSAGES = [
    path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if "notebook.load(" in path.read_text()
]


@pytest.fixture
def thin(monkeypatch) -> pl.DataFrame:
    """Every fortieth message of the sample region is all there is."""
    sample = datasets.load("zarechye")
    messages = sample.messages.gather_every(40)
    whole = datasets.Sample("zarechye", {**sample.tables, "messages": messages})
    monkeypatch.setattr(datasets, "load", lambda *_: whole)
    return messages


@pytest.fixture
def derived(thin, monkeypatch) -> dict[str, Counter[str]]:
    """How often each text was lemmatised, searched for addresses, put into families."""
    # A sentence may be read by itself, such as the questions of a briefing.
    texts = thin["text"].drop_nulls()
    known = set(texts.filter(text.sentences(text.clean(texts)).list.len() > 1))
    counted: dict[str, Counter[str]] = {}

    def count(room, name, texts_of):
        counted[name], real = Counter(), getattr(room, name)

        def counting(given, **options):
            counted[name].update(known.intersection(texts_of(given, **options)))
            return real(given, **options)

        monkeypatch.setattr(room, name, counting)

    def of_usual(frame, *, threshold=0.8, **_):
        # At other thresholds one asks how much hangs on the usual one.
        return frame["text"] if threshold == 0.8 else []

    count(text, "terms", lambda texts, **_: texts)
    count(prepare, "_addresses", lambda texts: texts)
    count(families, "find", of_usual)
    return counted


@pytest.mark.parametrize("path", OF_MESSAGES, ids=lambda path: path.stem)
def test_no_notebook_derives_a_term_an_address_or_a_family_twice(
    path, derived, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path / "derived"))
    monkeypatch.setattr(pio.templates, "default", pio.templates.default)
    names: dict[str, object] = {}
    with pl.Config():
        for number, cell in enumerate(json.loads(path.read_text("utf-8"))["cells"]):
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), f"{path.name}, cell {number}", "exec"), names)
    for what, times in derived.items():
        assert max(times.values(), default=0) == 1, (what, times.most_common(1))
