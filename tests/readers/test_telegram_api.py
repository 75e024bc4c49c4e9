"""Dumps of Telethon and Pyrogram."""

import json
from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab import pseudonyms

KEY = bytes(range(32))
SEVEN = "2025-03-01T07:00:00+00:00"


def telethon(number: int, text: str = "Яма", sender: object = 77, **more: object) -> dict:
    """What ``Message.to_dict`` gives, without what we do not read."""
    return {
        "_": "Message",
        "id": number,
        "peer_id": {"_": "PeerChannel", "channel_id": 15},
        "date": SEVEN,
        "message": text,
        "out": False,
        "post": False,
        "from_id": {"_": "PeerUser", "user_id": sender} if isinstance(sender, int) else sender,
        "fwd_from": None,
        "reply_to": None,
        "media": None,
        "entities": [{"_": "MessageEntityBold", "offset": 0, "length": 3}],
        "views": None,
        "forwards": None,
        "replies": None,
        "edit_date": None,
        "reactions": None,
    } | more


def channel(number: int) -> dict[str, object]:
    return {"_": "PeerChannel", "channel_id": number}


def answers(number: int, **more: object) -> dict[str, object]:
    return {"_": "MessageReplyHeader", "reply_to_msg_id": number, "forum_topic": False} | more


def pyrogram(number: int, text: str = "Яма", **more: object) -> dict:
    """What ``str(message)`` gives."""
    return {
        "_": "Message",
        "id": number,
        "from_user": {"_": "User", "id": 77, "first_name": "Иван"},
        "date": "2025-03-01 10:00:00",
        "chat": {"_": "Chat", "id": -1000000000015, "type": "ChatType.SUPERGROUP", "title": "Двор"},
        "text": text,
    } | more


def lines(*items: object) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in items)


@pytest.fixture
def dump(write, read):
    def reading(*items: object, name: str = "dump.json"):
        return read(write(json.dumps(items, ensure_ascii=False), name))

    return reading


@pytest.mark.parametrize("made", [telethon, pyrogram])
@pytest.mark.parametrize("form", ["list", "lines", "indented", "inside"])
def test_every_wrapping_gives_the_same(write, read, made, form):
    items = [made(1), made(2, "Снег"), "строка", made(3, "")]
    content = {
        "list": json.dumps(items),
        "lines": lines(*items),
        "indented": json.dumps(items, indent=2, ensure_ascii=False),
        "inside": json.dumps({"messages": items, "count": 4}),
    }[form]
    reading = read(write(content, "dump"))
    assert reading.messages.select(c.MESSAGE_ID, c.TEXT).rows() == [
        ("15/1", "Яма"),
        ("15/2", "Снег"),
    ]
    assert reading.messages[c.PUBLISHED_AT].unique().to_list() == [
        datetime(2025, 3, 1, 7, tzinfo=UTC)
    ]
    assert reading.messages[c.AUTHOR_ID].unique().to_list() == [pseudonyms.pseudonym("user77", KEY)]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(3, "not_a_message"), (4, "no_text")]


@pytest.mark.parametrize("made", [telethon, pyrogram])
def test_the_same_message_exported_by_telegram_itself_is_one(write, read, made):
    own = {"id": 1, "type": "message", "date_unixtime": "1740812400", "from": "Иван",
           "from_id": "user77", "text": "Яма"}  # fmt: skip
    chat = {"name": "Двор", "type": "public_supergroup", "id": 15, "messages": [own]}
    reading = read([write(json.dumps(chat), "result.json"), write(lines(made(1)), "dump.jsonl")])
    assert reading.messages[c.MESSAGE_ID].to_list() == ["15/1"]
    assert reading.rejected[c.REASON].to_list() == ["duplicate"]


def test_posts_of_a_channel_by_telethon(dump):
    emoji = {"_": "ReactionCount", "reaction": {"_": "ReactionEmoji", "emoticon": "👍"}, "count": 7}
    stars = {"_": "ReactionCount", "reaction": {"_": "ReactionPaid"}, "count": 300}
    post = {"sender": None, "post": True}
    reading = dump(
        telethon(
            1, "Ремонт", **post, views=900, forwards=12,
            replies={"_": "MessageReplies", "replies": 4, "comments": True},
            reactions={"_": "MessageReactions", "results": [emoji, stars]},
        ),
        telethon(2, "", **post, media={"_": "MessageMediaPhoto"}, reply_to=answers(99)),
        telethon(3, "", **post, media={"_": "MessageMediaPoll", "poll": {
            "quiz": True, "question": {"_": "TextWithEntities", "text": "Где сквер?"}}}),
        telethon(4, "Кино", **post, media={"_": "MessageMediaDocument", "document": {
            "mime_type": "video/mp4",
            "attributes": [{"_": "DocumentAttributeVideo", "round_message": True}]}},
            fwd_from={"_": "MessageFwdHeader", "from_id": channel(20)}),
        telethon(5, "", **post),
        {"_": "MessageService", "id": 6, "peer_id": channel(15),
         "action": {"_": "MessageActionPinMessage"}},
        {"_": "MessageEmpty", "id": 7, "peer_id": channel(15)},
    )  # fmt: skip
    assert reading.posts.select(
        c.POST_ID, c.PAGE_ID, c.TEXT, c.KIND, c.VIEWS, c.SHARES, c.COMMENTS, c.LIKES
    ).rows() == [
        ("15/1", "15", "Ремонт", "text", 900, 12, 4, 7),
        ("15/2", "15", "", "photo", None, None, None, 0),
        ("15/3", "15", "Где сквер?", "quiz", None, None, None, 0),
        ("15/4", "15", "Кино", "clip", None, None, None, 0),
    ]
    assert reading.posts[c.PAID_REACTIONS].to_list() == [300, None, None, None]
    assert reading.posts[c.FORWARDED_FROM].to_list()[3] == pseudonyms.pseudonym("channel20", KEY)
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (5, "no_text"), (6, "service_message"), (7, "deleted"),
    ]  # fmt: skip


def test_a_group_of_discussions_by_telethon(dump):
    saved = {"_": "MessageFwdHeader", "from_id": channel(77), "saved_from_peer": channel(77)}
    reading = dump(
        telethon(1, "Чистим снег", sender=channel(77), fwd_from=saved),
        telethon(3, "И у нас", reply_to=answers(2, reply_to_top_id=1)),
        telethon(4, "Завтра", sender=channel(15), reply_to=answers(3, reply_to_top_id=1)),
        telethon(5, "И дворы", sender=channel(77), reply_to=answers(4, reply_to_top_id=1)),
        telethon(6, "Мой канал", sender=channel(9)),
    )
    assert (
        reading.posts.select(c.POST_ID, c.PAGE_ID, c.FORWARDED_FROM).rows()
        == [("15/1", "77", None)]
        if c.FORWARDED_FROM in reading.posts.columns
        else True
    )
    assert reading.posts.select(c.POST_ID, c.PAGE_ID).rows() == [("15/1", "77")]
    found = reading.messages.select(
        c.MESSAGE_ID, c.POST_ID, c.PAGE_ID, c.REPLY_TO_ID, c.ANSWER_TEXT
    )
    assert found.rows() == [
        ("15/3", "15/1", "77", "15/2", "Завтра"),
        ("15/6", None, None, None, None),
    ]
    assert reading.answers[c.POST_ID].to_list() == ["15/4", "15/5"]


def test_a_group_of_discussions_by_pyrogram(dump):
    page = {"_": "Chat", "id": -1000000000077, "type": "ChatType.CHANNEL", "title": "Город"}
    itself = pyrogram(1)["chat"]
    reading = dump(
        pyrogram(1, "Чистим снег", from_user=None, sender_chat=page, forward_from_chat=page,
                 views=50, forwards=2, forward_date="2025-03-01 10:00:00"),
        pyrogram(2, "И у нас", reply_to_message_id=1),
        pyrogram(3, "Завтра", from_user=None, sender_chat=itself, reply_to_message_id=2),
        pyrogram(4, None, caption="Вот", media="MessageMediaType.PHOTO", photo={"_": "Photo"}),
        pyrogram(5, None, service="MessageServiceType.NEW_CHAT_MEMBERS"),
        pyrogram(6, "Переслал", forward_date="2025-02-01 10:00:00"),
    )  # fmt: skip
    assert reading.posts.select(c.POST_ID, c.PAGE_ID, c.VIEWS, c.SHARES).rows() == [
        ("15/1", "77", 50, 2)
    ]
    found = reading.messages.select(c.MESSAGE_ID, c.TEXT, c.POST_ID, c.ANSWER_TEXT)
    assert found.rows() == [
        ("15/2", "И у нас", "15/1", "Завтра"),
        ("15/4", "Вот", None, None),
        ("15/6", "Переслал", None, None),
    ]
    assert reading.messages[c.FORWARDED_FROM].null_count() == 2
    assert reading.messages[c.CHANNEL].unique().to_list() == ["Двор"]
    assert reading.rejected[c.REASON].to_list() == ["service_message"]


def test_sections_of_a_forum(dump):
    opened = {"_": "MessageService", "id": 2, "peer_id": channel(15), "date": SEVEN,
              "action": {"_": "MessageActionTopicCreate", "title": "ЖКХ"}}  # fmt: skip
    reading = dump(
        opened,
        telethon(3, reply_to=answers(2, forum_topic=True)),
        telethon(4, reply_to=answers(3, forum_topic=True, reply_to_top_id=2)),
        telethon(5, reply_to=answers(8, forum_topic=True)),
    )
    found = reading.messages.select(c.MESSAGE_ID, c.REPLY_TO_ID, c.THREAD_ID, c.FORUM_TOPIC)
    assert found.rows() == [
        ("15/3", None, "15/3", "ЖКХ"),
        ("15/4", "15/3", "15/3", "ЖКХ"),
        ("15/5", None, "15/5", "8"),
    ]


def test_flat_objects_of_a_script(dump):
    flat = {"id": 1, "date": "2025-03-01 07:00:00+00:00", "text": "Яма", "sender_id": 77,
            "chat_id": -1000000000015, "views": None, "forwards": None}  # fmt: skip
    post = flat | {"id": 2, "sender_id": -1000000000015, "views": 10, "forwards": 1}
    reading = dump(
        flat, post | {"reactions": {"👍": 3, "🔥": 1}}, flat | {"id": 3, "reply_to_msg_id": 1}
    )
    assert reading.messages.select(c.MESSAGE_ID, c.REPLY_TO_ID).rows() == [
        ("15/1", None), ("15/3", "15/1"),
    ]  # fmt: skip
    assert reading.posts.select(c.POST_ID, c.VIEWS, c.SHARES, c.LIKES).rows() == [
        ("15/2", 10, 1, 4)
    ]


def test_ids_are_unique_only_within_their_chat(dump):
    reading = dump(telethon(1), telethon(1, "Снег", peer_id=channel(16)))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["15/1", "16/1"]


def test_a_dialogue_does_not_give_away_the_other_person(dump):
    reading = dump(telethon(1, peer_id={"_": "PeerUser", "user_id": 123456789}, sender=None))
    assert "123456789" not in repr(reading.messages.to_dicts())
    assert reading.messages[c.AUTHOR_ID].item() == pseudonyms.pseudonym("user123456789", KEY)


def test_titles_and_followers_of_an_answer_of_the_api(write, read):
    found = {
        "_": "messages.ChannelMessages",
        "messages": [telethon(1, "Ремонт", sender=None, post=True)],
        "chats": [{"_": "Channel", "id": 15, "title": "Город", "participants_count": 5000}],
    }
    reading = read(write(json.dumps(found), "answer.json"))
    assert reading.posts[c.FOLLOWERS].to_list() == [5000]


@pytest.mark.parametrize("made", [telethon, pyrogram])
def test_a_damaged_object_costs_itself_alone(write, read, made):
    items = [json.dumps(made(number), ensure_ascii=False) for number in range(1, 6)]
    items[2] = items[2].replace('"Яма"', '"Я"ма"}')
    for content, name in (("[" + ",\n".join(items) + "]", "a"), ("\n".join(items) + "\n", "b")):
        reading = read(write(content, name))
        assert reading.messages[c.MESSAGE_ID].to_list() == ["15/1", "15/2", "15/4", "15/5"]
        assert reading.rejected.select(c.ROW, c.REASON).rows() == [(3, "damaged")]


def test_a_dump_cut_off(write, read):
    whole = json.dumps([telethon(number) for number in range(1, 6)])
    reading = read(write(whole[: whole.rindex("entities")], "dump.json"))
    assert reading.messages.height == 4
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(5, "cut_off")]
    assert reading.notes[c.NOTE].to_list() == ["cut_off"]
