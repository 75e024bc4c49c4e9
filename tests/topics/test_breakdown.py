"""Counting by groups, copies and authors, on a model whose topics are known."""

from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest

from cur_lab import topics
from cur_lab.columns import ASSIGNMENTS, MESSAGES


@dataclass
class KnownTopics:
    """Places a message by its first word."""

    topics: pl.DataFrame

    def assign(self, messages: pl.DataFrame) -> pl.DataFrame:
        place = pl.col("text").str.starts_with("вода").cast(pl.Int64)
        return ASSIGNMENTS.conform(
            messages.select("message_id", topic=place, margin=pl.lit(1.0)).sort("message_id")
        )


def known(low: float, high: float) -> KnownTopics:
    """Two topics, each of half of the messages, as firmly as the interval says."""
    halves = {"share": 0.5, "share_low": low, "share_high": high}
    named = pl.DataFrame({"topic": [0, 1], "label": ["яма", "вода"]})
    return KnownTopics(named.with_columns(**{n: pl.lit(v) for n, v in halves.items()}))


# As firm as topics can be: sampling explains more than their intervals hold.
MODEL = known(0.499, 0.501)


def messages(*rows: tuple[str, str | None, str]) -> pl.DataFrame:
    return MESSAGES.conform(
        pl.DataFrame(
            [
                {"message_id": f"{n:04}", "text": text, "author_id": author, "municipality": place}
                for n, (text, author, place) in enumerate(rows)
            ],
            schema_overrides={"author_id": pl.String},
        )
    )


def one(frame: pl.DataFrame, place: str | None, topic: int) -> dict:
    match = pl.col("municipality").eq_missing(pl.lit(place)) & (pl.col("topic") == topic)
    return frame.filter(match).row(0, named=True)


def test_shares_are_of_the_groups_own_messages():
    rows = [("вода", None, "А")] * 30 + [("яма", None, "А")] * 10 + [("яма", None, "Б")] * 20
    table = topics.breakdown(messages(*rows), MODEL)
    assert one(table, "А", 1)["share"] == 0.75
    assert one(table, "Б", 0)["share"] == 1.0
    assert one(table, "Б", 1)["size"] == 0
    assert table.group_by("municipality").agg(pl.col("share").sum())["share"].to_list() == [1, 1]


def test_a_small_cell_is_hidden_and_so_is_the_one_that_would_give_it_away():
    rows = [("вода", None, "А")] * 3 + [("яма", None, "А")] * 37
    table = topics.breakdown(messages(*rows), MODEL)
    assert table["share"].to_list() == [None, None]
    assert table["size"].to_list() == [None, None]


def test_one_busy_author_widens_the_interval():
    many = [("вода", f"a{n}", "А") for n in range(30)] + [("яма", f"b{n}", "А") for n in range(30)]
    few = [("вода", "a", "А")] * 30 + [("яма", f"b{n}", "А") for n in range(30)]
    wide, narrow = (one(topics.breakdown(messages(*rows), MODEL), "А", 1) for rows in (few, many))
    assert narrow["share"] == wide["share"] == 0.5
    # Thirty messages of one person say hardly more than one.
    assert wide["share_high"] - wide["share_low"] > 2 * (narrow["share_high"] - narrow["share_low"])


def test_a_group_knows_its_share_no_better_than_the_topic_is_known():
    rows = [(("вода", "яма")[n % 2], f"a{n}", "А") for n in range(2000)]
    firm, soft = (
        one(topics.breakdown(messages(*rows), model), "А", 1) for model in (MODEL, known(0.3, 0.7))
    )
    assert firm["share_high"] - firm["share_low"] < 0.05
    # All messages are of this group: its interval is that of the topic.
    assert soft["share_low"] == pytest.approx(0.3, abs=0.02)
    assert soft["share_high"] == pytest.approx(0.7, abs=0.02)


def test_unknown_authors_are_not_one_person():
    known = [(("вода", "яма")[n % 2], f"a{n}", "А") for n in range(60)]
    unknown = [(text, None, place) for text, _, place in known]
    assert topics.breakdown(messages(*known), MODEL).equals(
        topics.breakdown(messages(*unknown), MODEL)
    )


def test_messages_without_a_place_stay_a_group():
    rows = [("вода", None, None)] * 10 + [("яма", None, "А")] * 10
    assert one(topics.breakdown(messages(*rows), MODEL), None, 1)["share"] == 1.0


@pytest.mark.parametrize("copies", [1, 40])
def test_copies_and_a_busy_author_raise_the_raw_share_alone(copies):
    # Ten different complaints about roads, and one text about water sent by one author.
    words = ["двор", "мост", "школа", "рынок", "парк", "вокзал", "аптека", "завод", "пляж", "музей"]
    rows = [(f"яма у входа, {word} рядом, ходить опасно", f"a{word}", "А") for word in words]
    rows += [("вода пропала во всём доме, когда её вернут наконец", "один", "А")] * copies
    table = topics.deduplicated(messages(*rows), MODEL).filter(pl.col("topic") == 1)
    row = table.row(0, named=True)
    assert row["share"] == pytest.approx(copies / (copies + 10))
    assert row["share_families"] == pytest.approx(1 / 11)
    assert row["share_authors"] == pytest.approx(1 / 11)


def test_without_authors_their_share_is_unknown():
    rows = [("вода пропала", None, "А")] * 3
    assert topics.deduplicated(messages(*rows), MODEL)["share_authors"].to_list() == [None, None]


def test_a_message_of_nobody_known_is_of_its_own_author():
    # One author is known, and the eight messages of nobody known are not left out for that.
    rows = [("вода пропала", None, "А")] * 6 + [("яма у входа", None, "А")] * 2
    rows += [("яма у входа", "один", "А")] * 2
    table = topics.deduplicated(messages(*rows), MODEL).sort("topic")
    assert sum(table["share_authors"]) == pytest.approx(1)
    assert sorted(table["share_authors"]) == pytest.approx([3 / 9, 6 / 9])


def test_months_stay_days_and_are_written_by_whoever_shows_them():
    table = messages(*[("вода", None, "А")] * 6).with_columns(month=pl.lit(date(2024, 5, 1)))
    assert topics.breakdown(table, MODEL, by="month")["month"].to_list() == [date(2024, 5, 1)] * 2
