"""Answers of Odnoklassniki."""

import base64
import json
from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab import pseudonyms
from cur_lab.errors import InputError

KEY = bytes(range(32))
AT = 1740812400000
TOPIC = "62000000000001"


def number(n: int, topic: str = TOPIC) -> str:
    plain = f"{AT + n * 60_000}:-{n}:{AT + n * 60_000}:{topic}:1"
    return base64.b64encode(plain.encode()).decode()


def comment(n: int, **more: object) -> dict[str, object]:
    return {
        "id": number(n),
        "author_id": "538000000000",
        "date": f"2025-03-01 10:{n:02}:00",
        "text": "Яма",
        "type": "ACTIVE_MESSAGE",
        "like_count": 1,
        "liked_it": False,
        "attrs": {"flags": "l,s"},
    } | more


def of_group(n: int, **more: object) -> dict[str, object]:
    ours = {"author_id": "47000000000000", "author_type": "GROUP", "author_name": "Город"}
    return comment(n, **ours, text="Исправим", **more)


def answer(*comments: object, **more: object) -> dict[str, object]:
    return {
        "comments": comments, "has_more": False, "anchor": "a", "discussionId": TOPIC,
        "discussionType": "GROUP_TOPIC",
    } | more  # fmt: skip


def topic(n: int, **more: object) -> dict[str, object]:
    return {
        "id": f"{n}",
        "created_ms": AT,
        "author_ref": "group:47",
        "owner_ref": "group:47",
        "media": [{"type": "text", "text": "Ремонт"}, {"type": "photo", "photo_refs": []}],
        "like_summary": {"count": 5},
        "discussion_summary": {"comments_count": 2},
        "reshare_summary": {"count": 1},
        "views_count": 300,
    } | more


@pytest.fixture
def ok(write, read):
    def reading(content: object, **options: object):
        return read(write(json.dumps(content), "answer.json"), **options)

    return reading


@pytest.mark.parametrize(
    "wrap",
    [
        lambda *found: answer(*found),
        lambda *found: [answer(*found[:1]), answer(*found[1:])],
        lambda *found: {"commentss": found},
        lambda *found: [{"comment": one} for one in found],
        lambda *found: list(found),
    ],
    ids=["answer", "pages", "discussion", "alone", "bare"],
)
def test_every_wrapping_gives_the_same(ok, wrap):
    reading = ok(wrap(comment(0), comment(1, author_ref="user:5", author_id=None)))
    assert reading.messages.to_dicts()[0] == {
        c.MESSAGE_ID: number(0),
        c.PUBLISHED_AT: datetime(2025, 3, 1, 7, tzinfo=UTC),
        c.AUTHOR_ID: pseudonyms.pseudonym("538000000000", KEY),
        c.CHANNEL: "ok",
        c.MUNICIPALITY: None,
        c.TEXT: "Яма",
        c.POST_ID: TOPIC,
        c.THREAD_ID: TOPIC,
    }
    assert reading.messages[c.AUTHOR_ID].to_list()[1] == pseudonyms.pseudonym("5", KEY)


@pytest.mark.parametrize(
    "time",
    [
        {"date": None},
        {"date": None, "created_ms": AT},
        {"created_ms": None, "date_ms": str(AT)},
    ],
    ids=["id", "created", "text"],
)
def test_time_wherever_it_stands_and_whatever_the_zone(ok, time):
    reading = ok(answer(comment(0), comment(0, **time)), timezone="Asia/Vladivostok")
    moment = datetime(2025, 3, 1, 7, tzinfo=UTC)
    assert reading.messages[c.PUBLISHED_AT].to_list() == [moment]
    assert reading.unreadable.is_empty()


def test_the_group_answers_where_it_replies_and_posts_where_it_does_not(ok):
    reading = ok(answer(comment(0), of_group(1, reply_to_comment_id=number(0)), of_group(2)))
    assert reading.messages[c.ANSWER_TEXT].to_list() == ["Исправим"]
    assert reading.answers[c.POST_ID].to_list() == [number(1)]
    assert reading.posts.select(c.POST_ID, c.PAGE_ID).rows() == [(number(2), "47000000000000")]


def test_topics_of_the_group_are_posts_and_those_of_members_messages(ok):
    poll = {"type": "poll", "poll_refs": ["poll:9"]}
    reading = ok(
        {
            "media_topics": [
                topic(1),
                topic(2, author_ref="user:5", is_on_behalf_of_group=True),
                topic(3, author_ref="user:5"),
                topic(4, media=[poll]),
                topic(5, media=[{"type": "movie"}]),
                topic(6, media=[{"type": "link"}]),
            ],
            "entities": {"polls": [{"id": 9, "question": "Где яма?"}]},
        }
    )
    rows = reading.posts.select(c.POST_ID, c.PAGE_ID, c.TEXT, c.KIND).rows()
    assert rows == [
        ("1", "47", "Ремонт", "photo"),
        ("2", "47", "Ремонт", "photo"),
        ("4", "47", "Где яма?", "poll"),
        ("5", "47", "", "video"),
    ]
    counts = reading.posts.row(0, named=True)
    found = [counts[name] for name in (c.VIEWS, c.LIKES, c.COMMENTS, c.SHARES)]
    assert found == [300, 5, 2, 1]
    assert reading.messages[c.MESSAGE_ID].to_list() == ["3"]
    assert reading.rejected[c.REASON].to_list() == ["no_text"]


def test_a_discussion(ok):
    found = {
        "discussion": {
            "object_id": TOPIC,
            "object_type": "GROUP_TOPIC",
            "creation_date": "2025-03-01 10:00:00",
            "owner_uid": "163000000000",
            "ref_objects": [{"id": "47", "type": "GROUP"}],
            "title": "Фонари не горят",
            "total_comments_count": 137,
        },
        "entities": {},
    }
    assert ok(found).messages.select(c.MESSAGE_ID, c.TEXT).rows() == [(TOPIC, "Фонари не горят")]
    del found["discussion"]["owner_uid"]
    assert ok(found).posts.select(c.PAGE_ID, c.COMMENTS).rows() == [("47", 137)]


@pytest.mark.parametrize(
    ("pages", "unfinished"),
    [
        ([answer(comment(0), has_more=True)], 1),
        ([answer(comment(0), has_more=True), answer(comment(1))], None),
        ([answer(comment(0), has_more=True), answer(comment(1), discussionId="7")], 1),
    ],
)
def test_pages_that_are_not_there_are_noted(ok, pages, unfinished):
    notes = ok(pages).notes.select(c.NOTE, c.N_ROWS).rows()
    assert notes == ([("more_pages", unfinished)] if unfinished else [])


def test_errors(ok):
    error = {"error_code": 102, "error_msg": "PARAM_SESSION_EXPIRED", "error_data": None}
    with pytest.raises(InputError, match="PARAM_SESSION_EXPIRED"):
        ok(error)
    reading = ok([answer(comment(0)), error, None])
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (2, "error_answer"), (3, "not_a_message")
    ]  # fmt: skip


def test_strange_values(ok):
    reading = ok(
        answer(
            comment(0, author_id=7, date=[1], reply_to_comment_id={}),
            comment(1, id=5, date=10**30),
            comment(2, text=None),
            comment(3, type="REMOVED_MESSAGE"),
            comment(4, id=[]),
            "строка",
        )
    )
    assert len(reading.messages) == 2
    assert reading.rejected[c.REASON].to_list() == [
        "no_text", "deleted", "not_a_message", "not_a_message"
    ]  # fmt: skip
