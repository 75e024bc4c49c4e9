"""Answers of VK."""

import json
from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab import pseudonyms
from cur_lab.errors import InputError

KEY = bytes(range(32))


def post(number: int, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "owner_id": -10,
        "from_id": -10,
        "date": 1704439800,
        "post_type": "post",
        "text": "Ремонт",
        "likes": {"count": 5},
        "comments": {"count": 2},
        "reposts": {"count": 1},
        "attachments": [],
    } | more


def comment(number: int, **more: object) -> dict[str, object]:
    return {
        "id": number, "from_id": 77, "owner_id": -10, "post_id": 1, "date": 1704439800,
        "text": "Яма",
    } | more  # fmt: skip


def answer(*items: object) -> dict[str, object]:
    return {"count": 100, "items": list(items)}


@pytest.fixture
def vk(write, read):
    def reading(content: object, **options: object):
        return read(write(json.dumps(content), "answer.json"), **options)

    return reading


@pytest.mark.parametrize(
    "wrap",
    [
        lambda *items: answer(*items),
        lambda *items: {"response": answer(*items)},
        lambda *items: [answer(items[0]), {"response": answer(*items[1:])}],
        lambda *items: {"response": [answer(items[0]), answer(*items[1:])]},
        lambda *items: {"response": [100, *items]},
        lambda *items: list(items),
    ],
    ids=["bare", "response", "pages", "execute", "oldest", "items"],
)
def test_every_wrapping_gives_the_same(vk, wrap):
    reading = vk(wrap(post(1, views={"count": 300}), post(2), post(3, text="")))
    assert reading.posts.to_dicts()[0] == {
        c.POST_ID: "-10_1",
        c.PAGE_ID: "-10",
        c.PUBLISHED_AT: datetime(2024, 1, 5, 7, 30, tzinfo=UTC),
        c.TEXT: "Ремонт",
        c.KIND: "text",
        c.VIEWS: 300,
        c.LIKES: 5,
        c.COMMENTS: 2,
        c.SHARES: 1,
        c.FOLLOWERS: None,
    }
    assert reading.posts[c.VIEWS].to_list() == [300, None]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(3, "no_text")]


def test_comments_and_their_threads(vk):
    reply = comment(3, text="[id77|Иван], и у нас", from_id=78, parents_stack=[2])
    bare = {"id": 4, "from_id": -10, "date": 1704439801, "text": "Передали в работу"}
    thread = {"count": 2, "items": [reply, bare]}
    reading = vk({"response": answer(comment(2, thread=thread), comment(5, deleted=True, text=""))})
    found = reading.messages.select(c.MESSAGE_ID, c.TEXT, c.THREAD_ID, c.REPLY_TO_ID).rows()
    assert found == [
        ("-10_2", "Яма", "-10_1", None),
        ("-10_3", "Иван, и у нас", "-10_1", "-10_2"),
        ("-10_4", "Передали в работу", "-10_1", "-10_2"),
    ]
    assert reading.messages[c.AUTHOR_ID].to_list() == [
        pseudonyms.pseudonym(person, KEY) for person in ("77", "78", "-10")
    ]
    assert reading.messages[c.CHANNEL].unique().to_list() == ["vk"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(4, "deleted")]


@pytest.mark.parametrize(
    ("found", "read_as"),
    [
        ("[club123|Город] и [id1|Имя]", "Город и Имя"),
        ("[id5:bp-10_7|Анна], спасибо", "Анна, спасибо"),
        ("[https://vk.com/wall-1_2|запись]", "запись"),
        ("[public5|]", None),
        ("[скобки|остались] [id1]", "[скобки|остались] [id1]"),
    ],
)
def test_mentions_become_their_text(vk, found, read_as):
    reading = vk(answer(comment(1, text=found)))
    assert reading.messages[c.TEXT].to_list() == ([read_as] if read_as else [])


def test_what_people_wrote_on_an_open_wall_is_a_message(vk):
    reading = vk(answer(post(1), post(2, from_id=77, text="Яма")))
    assert reading.posts[c.POST_ID].to_list() == ["-10_1"]
    written = reading.messages.row(0, named=True)
    assert written[c.AUTHOR_ID] == pseudonyms.pseudonym("77", KEY)
    assert (written[c.MESSAGE_ID], written[c.THREAD_ID]) == ("-10_2", "-10_2")


def test_wall_of_a_person_is_keyed(vk):
    reading = vk(answer(post(1, owner_id=4242, from_id=4242)))
    assert "4242" not in repr(reading.posts.drop(c.PUBLISHED_AT).to_dicts())


@pytest.mark.parametrize(
    ("attached", "kind"),
    [
        ([{"type": "photo"}, {"type": "video", "video": {}}], "video"),
        ([{"type": "video", "video": {"type": "short_video"}}], "clip"),
        ([{"type": "video", "video": {"live": 1}}], "live"),
        ([{"type": "photo"}, {"type": "poll"}], "poll"),
        ([{"type": "link"}], "text"),
        ("не список", "text"),
    ],
)
def test_kinds_of_posts(vk, attached, kind):
    assert vk(answer(post(1, attachments=attached))).posts[c.KIND].item() == kind


def test_repost_without_words(vk):
    copied = {"owner_id": -20, "attachments": [{"type": "photo"}]}
    row = vk(answer(post(1, text="", copy_history=[copied]))).posts.row(0, named=True)
    assert row[c.FORWARDED_FROM] == pseudonyms.pseudonym("-20", KEY)
    assert (row[c.TEXT], row[c.KIND]) == ("", "photo")


def test_pages_read_twice(vk):
    reading = vk([answer(post(1), post(2)), answer(post(2), post(3))])
    assert len(reading.posts) == 3
    assert reading.rejected[c.REASON].to_list() == ["duplicate"]


def test_errors_of_vk(vk):
    error = {
        "error": {
            "error_code": 5,
            "error_msg": "User authorization failed",
            "request_params": [{"key": "access_token", "value": "secret"}],
        }
    }
    with pytest.raises(InputError, match="User authorization failed") as raised:
        vk(error)
    assert "secret" not in str(raised.value)
    reading = vk([answer(post(1)), error])
    assert reading.rejected[c.REASON].to_list() == ["error_answer"]
    assert "secret" not in reading.rejected[c.RAW].item()


def test_strange_values(vk):
    reading = vk(
        answer(
            post(1, likes=5, date="давно"),
            post(10**30),
            post(2, views={"count": 10**30}, date=None),
            7,
            {"text": "без номера"},
            post(True),
        )
    )
    assert reading.posts[c.LIKES].to_list() == [None, 5]
    assert reading.posts[c.VIEWS].to_list() == [None, None]
    assert reading.rejected[c.REASON].to_list() == ["not_a_message"] * 4
    assert reading.unreadable[c.RAW].to_list() == ["давно"]


def test_real_answer(real_data, read):
    path = real_data / "exports" / "vk_wall.json"
    found = json.loads(path.read_text(encoding="utf-8"))["items"]
    reading = read(path)
    assert len(reading.posts) + len(reading.messages) == len(found)
    assert len(reading.posts) == sum(one["from_id"] == one["owner_id"] for one in found)
    assert reading.posts[c.VIEWS].to_list() == [8887]
    assert not any("[club" in text for text in reading.posts[c.TEXT])
