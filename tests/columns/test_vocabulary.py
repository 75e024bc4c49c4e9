"""The reader's words for columns and codes, and what a frame lacks."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import polars as pl
import pytest

import cur_lab
from cur_lab import columns
from cur_lab.columns import vocabulary
from cur_lab.errors import SchemaError

CYRILLIC_OR_SIGN = re.compile(r"[А-Яа-яЁё№pqκαNTBMAX]")


@pytest.mark.parametrize("name", columns.HEADINGS)
def test_headings_are_russian(name):
    heading = columns.HEADINGS[name]
    assert CYRILLIC_OR_SIGN.search(heading.text), heading
    assert not heading.text.endswith(".")


@pytest.mark.parametrize("name", columns.CODES)
def test_codes_are_identifiers_and_have_words(name):
    for code, words in columns.CODES[name].items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9_+-]*", code), code
        assert words.strip(), code


def test_a_name_means_one_thing():
    other = {"rubric": columns.Heading("Не рубрика")}
    with pytest.raises(SchemaError, match="rubric"):
        vocabulary._headings([other])
    with pytest.raises(SchemaError, match="bot"):
        vocabulary._codes([{"channel": {"bot": "робот"}}])


@columns.needs("published_at", "text")
def dated(frame, by=()):
    return frame


def test_what_is_lacking_is_named_in_the_order_it_is_asked_for():
    frame = pl.DataFrame(
        {"text": ["a"], "published_at": [None], "channel": ["vk"], "rubric": [None]}
    )
    assert columns.lacks(dated, frame) == ("published_at",)
    assert columns.lacks(dated, frame, by=("channel", "rubric", "municipality")) == (
        "published_at",
        "rubric",
        "municipality",
    )
    assert columns.missing(("published_at", "rubric")) == ("дат", "рубрик")


def test_an_empty_frame_has_the_columns_it_has():
    assert columns.lacks(dated, pl.DataFrame({"text": [], "published_at": []})) == ()


def test_an_absent_result_prints_as_one_sentence():
    absent = columns.Absent.lacking("дат", "рубрик")
    assert str(absent) == "В этих данных нет дат и рубрик: не определяется по этим данным."


def test_what_is_absent_is_text_and_no_markup():
    assert columns.Absent("<img src=x>")._repr_markdown_() == "*&lt;img src=x&gt;.*"


def test_several_things_are_listed_as_in_prose():
    assert "нет дат, рубрик и авторов:" in str(columns.Absent.lacking("дат", "рубрик", "авторов"))
    assert "нет дат и рубрик:" in str(columns.Absent.lacking("дат", "рубрик"))


def test_every_reason_for_no_answer_has_words():
    """A notebook prints why there is no answer: by code, from the vocabulary."""
    raised = set()
    for path in Path(cur_lab.__path__[0]).rglob("*.py"):
        for given in re.findall(r'\bcode=(".*)', path.read_text(encoding="utf-8")):
            raised |= set(re.findall(r'"(\w+)"', given))
    assert raised == set(columns.CODES[columns.NOT_ENOUGH]) - {"not_enough"}


def test_one_constant_names_one_thing():
    """Every module's names meet in ``cur_lab.columns``: the last would win in silence."""
    named = {}
    for module in iter_modules(columns.__path__):
        for name, value in vars(import_module(f"cur_lab.columns.{module.name}")).items():
            if name.isupper() and name not in {"HEADINGS", "CODES"}:
                assert named.setdefault(name, value) == value, f"{name} in {module.name}"
