"""What pages say beside what citizens say."""

from datetime import UTC, datetime

import polars as pl

from cur_lab import columns as c
from cur_lab.readers import answering

SCHEMA = {
    c.POST_ID: pl.String,
    c.PAGE_ID: pl.String,
    c.PUBLISHED_AT: pl.Datetime("us", "UTC"),
    c.TEXT: pl.String,
    c.REPLY_TO_ID: pl.String,
}


def said(*rows: tuple[str, int | None, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (post, "page", None if hour is None else datetime(2024, 1, 5, hour, tzinfo=UTC), *rest)
            for post, hour, *rest in rows
        ],
        schema=SCHEMA,
        orient="row",
    )


def messages(*ids: str) -> pl.DataFrame:
    schema = {c.MESSAGE_ID: pl.String, c.TEXT: pl.String}
    return pl.DataFrame([(one, "Яма") for one in ids], schema=schema, orient="row")


def test_the_first_reply_stands_on_the_message_and_all_are_kept():
    posts = said(
        ("p", 6, "Ремонт", None),
        ("a2", 9, "Засыпали", "m1"),
        ("a1", 8, "Передали", "m1"),
        ("undated", None, "Когда-то", "m1"),
    )
    found, left, answers = answering.settle(messages("m1", "m2"), posts)
    assert found[c.ANSWER_TEXT].to_list() == ["Передали", None]
    assert found[c.ANSWERED_AT].to_list() == [datetime(2024, 1, 5, 8, tzinfo=UTC), None]
    assert left[c.POST_ID].to_list() == ["p"]
    assert c.REPLY_TO_ID not in left.columns
    assert answers[c.POST_ID].to_list() == ["a1", "a2", "undated"]


def test_a_page_that_goes_on_after_itself_answers_the_same_citizen():
    posts = said(("a1", 8, "Передали", "m1"), ("a2", 9, "И засыпали", "a1"))
    _, left, answers = answering.settle(messages("m1"), posts)
    assert left.is_empty()
    assert answers[c.MESSAGE_ID].to_list() == ["m1", "m1"]


def test_a_reply_to_a_post_stays_a_post_and_one_to_nobody_is_an_answer():
    posts = said(("p", 6, "Ремонт", None), ("more", 7, "И фото", "p"), ("lost", 8, "Да", "m9"))
    found, left, answers = answering.settle(messages("m1"), posts)
    assert left[c.POST_ID].to_list() == ["p", "more"]
    assert answers.select(c.POST_ID, c.MESSAGE_ID).rows() == [("lost", "m9")]
    assert found[c.ANSWERED_AT].to_list() == [None]


def test_replies_that_go_round_end():
    posts = said(("a", 8, "Да", "b"), ("b", 9, "Нет", "a"))
    _, left, answers = answering.settle(messages(), posts)
    assert left.height + answers.height == 2


def test_what_the_source_says_of_the_answer_stands():
    told = messages("m1").with_columns(pl.lit("Уже ответили").alias(c.ANSWER_TEXT))
    found, _, _ = answering.settle(told, said(("a1", 8, "Передали", "m1")))
    assert found[c.ANSWER_TEXT].to_list() == ["Уже ответили"]
    assert found[c.ANSWERED_AT].to_list() == [None]


def test_copies_of_a_message_are_answered_alike():
    found, _, _ = answering.settle(messages("m1", "m1"), said(("a1", 8, "Передали", "m1")))
    assert found[c.ANSWER_TEXT].to_list() == ["Передали", "Передали"]
