"""Exports of Telegram Desktop."""

import json
from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab import pseudonyms
from cur_lab.errors import InputError

KEY = bytes(range(32))


def item(number: int, text: object = "Яма", **more: object) -> dict[str, object]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-01-05T12:30:00",  # the exporter's clock, in Perm
        "date_unixtime": "1704439800",
        "from": "Иван Петров",
        "from_id": "user77",
        "text": text,
    } | more


def chat(*items: object, kind: str = "public_supergroup", number: int = 5, name: str = "Двор"):
    return {"name": name, "type": kind, "id": number, "messages": list(items)}


@pytest.fixture
def telegram(write, read):
    def reading(content: object, **options: object):
        return read(write(json.dumps(content), "result.json"), **options)

    return reading


def test_message_of_a_group(telegram):
    reading = telegram(chat(item(1), item(2, "Снег", reply_to_message_id=1)))
    first, second = reading.messages.to_dicts()
    assert first == {
        c.MESSAGE_ID: "5/1",
        c.PUBLISHED_AT: datetime(2024, 1, 5, 7, 30, tzinfo=UTC),
        c.AUTHOR_ID: pseudonyms.pseudonym("user77", KEY),
        c.CHANNEL: "Двор",
        c.MUNICIPALITY: None,
        c.TEXT: "Яма",
        c.THREAD_ID: "5/1",
        c.REPLY_TO_ID: None,
    }
    assert (second[c.THREAD_ID], second[c.REPLY_TO_ID]) == ("5/1", "5/1")


def test_text_in_pieces(telegram):
    pieces = ["Яма на ", {"type": "bold", "text": "Ленина"}, {"type": "custom_emoji"}, " 5", 7]
    reading = telegram(chat(item(1, pieces), item(2, "\ud83d без пары")))
    assert reading.messages[c.TEXT].to_list() == ["Яма на Ленина 5", "\ufffd без пары"]


def test_what_is_no_message_is_rejected_with_its_reason(telegram):
    reading = telegram(
        chat(
            item(1),
            {"id": 2, "type": "service", "action": "invite_members", "actor": "Иван Петров"},
            item(3, "", media_type="sticker"),
            item(4, [" ", {"text": "\u200b"}]),
            "строка",
            {"type": "message", "text": "без номера"},
            item(5, "а" * 200_000),
            item(6, type="unsupported"),
        )
    )
    assert reading.messages[c.MESSAGE_ID].to_list() == ["5/1"]
    assert reading.rejected[c.REASON].to_list() == [
        "service_message",
        "no_text",
        "no_text",
        "not_a_message",
        "not_a_message",
        "text_too_long",
        "unsupported",
    ]
    assert reading.rejected[c.ROW].to_list() == [2, 3, 4, 5, 6, 7, 8]
    assert "Петров" not in "".join(reading.rejected[c.RAW])


def test_posts_of_a_channel(telegram):
    reactions = [{"emoji": "👍", "count": 3}, {"emoji": "🔥", "count": 2}]
    reading = telegram(
        chat(
            item(1, "Ремонт", reactions=reactions),
            item(2, "", photo="photo.jpg"),
            item(3, "Видео", media_type="video_file", forwarded_from="Город",
                 forwarded_from_id="channel9"),
            item(4, "", poll={"question": "Где сквер?", "answers": []}),
            item(5, ""),
            kind="public_channel",
        )
    )  # fmt: skip
    posts = reading.posts.select(c.POST_ID, c.PAGE_ID, c.TEXT, c.KIND, c.LIKES).rows()
    assert posts == [
        ("5/1", "5", "Ремонт", "text", 5),
        ("5/2", "5", "", "photo", 0),
        ("5/3", "5", "Видео", "video", 0),
        ("5/4", "5", "Где сквер?", "poll", 0),
    ]
    assert reading.posts[c.FORWARDED_FROM].to_list() == [
        None, None, pseudonyms.pseudonym("channel9", KEY), None,
    ]  # fmt: skip
    assert reading.rejected[c.REASON].to_list() == ["no_text"]


def test_channel_without_any_reaction_has_unknown_likes(telegram):
    reading = telegram(chat(item(1), kind="private_channel"))
    assert reading.posts[c.LIKES].to_list() == [None]


def test_several_chats_in_one_file(telegram):
    whole = {
        "about": "Here is the data you requested",
        "personal_information": {"first_name": "Иван", "phone_number": "+79001234567"},
        "chats": {"list": [chat(item(1)), chat(item(1), kind="public_channel", number=6)]},
        "left_chats": {"list": [chat(item(1), number=7)]},
    }
    reading = telegram(whole)
    assert reading.messages[c.MESSAGE_ID].to_list() == ["5/1", "7/1"]
    assert reading.posts[c.POST_ID].to_list() == ["6/1"]


def test_a_dialogue_does_not_give_away_the_other_person(telegram):
    reading = telegram(
        chat(item(1), item(2, reply_to_message_id=1), kind="personal_chat", number=123456789,
             name="Иван Петров")
    )  # fmt: skip
    found = repr(reading.messages.to_dicts())
    assert "123456789" not in found
    assert "Петров" not in found
    assert reading.messages[c.THREAD_ID].n_unique() == 1


def test_overlapping_exports_keep_the_last_edition(telegram, write, read):
    old = write(json.dumps(chat(item(1, "Яма"), item(2))), "old.json")
    edited = item(1, "Яма засыпана", edited="2024-01-06T10:00:00", edited_unixtime="1704526200")
    new = write(json.dumps(chat(edited, item(3))), "new.json")
    for order in ([old, new], [new, old]):
        reading = read(order)
        assert reading.messages[c.TEXT].to_list() == ["Яма засыпана", "Яма", "Яма"]
        assert reading.rejected.select(c.SOURCE, c.ROW, c.REASON).rows() == [
            (str(old), 1, "duplicate")
        ]


def test_replies_that_go_round_or_elsewhere(telegram):
    reading = telegram(
        chat(
            item(1, reply_to_message_id=2),
            item(2, reply_to_message_id=1),
            item(3, reply_to_message_id=9, reply_to_peer_id="channel8"),
        )
    )
    assert reading.messages[c.REPLY_TO_ID].to_list() == ["5/2", "5/1", "8/9"]
    assert reading.messages[c.THREAD_ID][2] == "8/9"


def test_exports_of_old_versions(telegram):
    old = {"id": 1, "type": "message", "date": "2020-05-05T12:00:00", "from": "Иван",
           "from_id": 77, "text": "Яма"}  # fmt: skip
    row = telegram(chat(old)).messages.row(0, named=True)
    assert row[c.AUTHOR_ID] == pseudonyms.pseudonym("user77", KEY)
    assert row[c.PUBLISHED_AT] == datetime(2020, 5, 5, 9, tzinfo=UTC)


def test_unreadable_date(telegram):
    reading = telegram(chat(item(1, date_unixtime="скоро")))
    assert reading.messages[c.PUBLISHED_AT].to_list() == [None]
    assert reading.unreadable[c.RAW].to_list() == ["скоро"]


@pytest.mark.parametrize(
    "content",
    [{"messages": 5}, {"chats": {"list": [{"name": "без сообщений"}]}}, {"chats": 5},
     {"chats": {"list": [5]}}],
)  # fmt: skip
def test_export_without_messages(telegram, content):
    with pytest.raises(InputError, match="no list of messages"):
        telegram(content)


def test_real_export(real_data, read):
    path = real_data / "exports" / "telegram.json"
    found = json.loads(path.read_text(encoding="utf-8"))["messages"]
    reading = read(path)
    assert len(reading.posts) + len(reading.rejected) == len(found)
    assert reading.messages.is_empty()
    assert reading.posts[c.PUBLISHED_AT].null_count() == 0
    assert reading.posts[c.LIKES].sum() == sum(
        one["count"] for post in found for one in post.get("reactions", [])
    )
    assert reading.posts[c.FORWARDED_FROM].drop_nulls().len() == sum(
        "forwarded_from" in post for post in found
    )
    assert read([path, path]).rejected[c.REASON].to_list() == ["duplicate"] * len(found)
