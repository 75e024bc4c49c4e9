"""What is derived once beside each message, and what of it is refused."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns, entities, families, prepare, text
from cur_lab.errors import SchemaError

MESSAGES = pl.DataFrame(
    {
        "message_id": ["a", "b", "c", "d", "e"],
        "channel": ["vk", "vk", "telegram", "bot", None],
        "text": [
            "Не горит фонарь на улице Садовой, у дома 5 по ул. Лесной темно",
            "Не горит фонарь на улице Садовой, у дома 7 по ул. Лесной темно",
            "На улице Мира и на Лесной улице не чистят снег",
            "",
            None,
        ],
    }
)
DERIVED = columns.PREPARED.schema.names()


def test_columns_are_those_of_the_rooms_that_find_them():
    prepared = prepare.messages(MESSAGES)
    assert prepared.columns == [*MESSAGES.columns, *DERIVED]
    assert prepared.select(DERIVED).schema == columns.PREPARED.schema
    assert prepared["terms"].to_list() == text.terms(MESSAGES["text"]).to_list()
    found = families.find(MESSAGES)
    assert found["message_id"].to_list() == ["a", "b"]
    assert (
        prepared.drop_nulls("family")
        .select("family", "message_id", "template")
        .equals(found.select("family", "message_id", "template"))
    )
    assert prepare.messages(MESSAGES.clear()).schema == prepared.schema


def test_the_address_is_the_first_that_names_a_house_or_else_a_street():
    prepared = prepare.messages(MESSAGES)
    assert prepared["street"].to_list() == ["улица лесная"] * 2 + ["улица мира"] + [None] * 2
    assert prepared["house"].to_list() == ["5", "7", None, None, None]


def test_an_id_that_stands_twice_multiplies_no_row():
    twice = pl.concat([MESSAGES.head(1)] * 2)
    assert prepare.messages(twice).height == 2


def test_prepared_messages_are_left_as_they_are(monkeypatch):
    prepared = prepare.messages(MESSAGES)
    for room, name in ((text, "terms"), (entities, "addresses"), (families, "find")):
        monkeypatch.setattr(room, name, None)
    assert_frame_equal(prepare.messages(prepared), prepared)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda frame: frame.with_columns(family=1), "family is Int32"),
        (lambda frame: frame.drop("template"), "family without template"),
        (lambda frame: frame.with_columns(family=None), "family is not that of template"),
        (lambda frame: frame.with_columns(family="message_id"), "family is not that of template"),
        (
            lambda frame: frame.with_columns(template="message_id", family=pl.lit("x")),
            "family has a name",
        ),
        (lambda frame: frame.with_columns(terms="text"), "terms is String"),
        (lambda frame: frame.with_columns(terms=None), "terms is empty in 4 rows"),
        (lambda frame: frame.drop("street"), "house without street"),
        (lambda frame: frame.with_columns(house=5), "house is Int32"),
    ],
)
def test_foreign_columns_are_named_with_the_remedy(change, named):
    with pytest.raises(SchemaError, match=rf"column {named}.* Drop .*prepare\.messages"):
        prepare.messages(change(prepare.messages(MESSAGES)))
