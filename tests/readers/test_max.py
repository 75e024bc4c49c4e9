"""Messages of MAX, in the shapes of its Bot API and of two Python clients."""

import json
from datetime import UTC, datetime

import pytest

from cur_lab import columns as c
from cur_lab import pseudonyms

KEY = bytes(range(32))
AT = 1740812400000
MOMENT = datetime(2025, 3, 1, 7, tzinfo=UTC)
CHANNEL, GROUP, DIALOGUE = -70, -71, 72


def mid(chat: int, minutes: int) -> str:
    return f"mid.{chat % 2**64:016x}{(AT + minutes * 60_000) << 16 | 7:016x}"


def item(
    minutes: int, text: str | None, *, chat: int = GROUP, kind: str = "chat", who: int | None = 5,
    **more: object,
) -> dict[str, object]:  # fmt: skip
    """Write a message as maxapi dumps it."""
    sender = {"user_id": who, "first_name": "Анна", "last_name": None, "is_bot": False}
    number = mid(chat, minutes)
    body = {"mid": number, "seq": int(number[-16:], 16), "text": text, "markup": []}
    return {
        "sender": None if who is None else sender,
        "recipient": {"user_id": None, "chat_id": chat, "chat_type": kind, "post_id": None},
        "timestamp": AT + minutes * 60_000,
        "link": None,
        "body": body | {"attachments": []},
        "stat": None,
        "url": None,
    } | more


def post(minutes: int, text: str | None, **more: object) -> dict[str, object]:
    return item(minutes, text, chat=CHANNEL, kind="channel", who=None, **more)


def comment(minutes: int, text: str, who: int | None = 5, **more: object) -> dict[str, object]:
    found = item(minutes, text, chat=CHANNEL, kind="channel", who=who, **more)
    found["body"] = {name: found["body"][name] for name in ("mid", "seq", "text", "markup")}
    found["recipient"] |= {"post_id": mid(CHANNEL, 0)}
    return {name: found[name] for name in found if name not in ("stat", "url")}


def reply(to: dict[str, object]) -> dict[str, object]:
    return {"type": "reply", "sender": to["sender"], "chat_id": None, "message": to["body"]}


@pytest.fixture
def of_max(write, read):
    def reading(*messages: object, **options: object):
        return read(write(json.dumps({"messages": messages}), "max.json"), **options)

    return reading


@pytest.mark.parametrize(
    "wrap",
    [
        lambda *found: json.dumps({"messages": found}),
        lambda *found: json.dumps([{"messages": found[:1]}, {"messages": found[1:]}]),
        lambda *found: json.dumps(found),
        lambda *found: "\n".join(map(json.dumps, found)),
        lambda *found: json.dumps(
            {"updates": [{"update_type": "message_created", "timestamp": AT, "message": one}
                         for one in found], "marker": 5}
        ),
    ],
    ids=["answer", "answers", "list", "lines", "updates"],
)  # fmt: skip
def test_every_wrapping_gives_the_same(write, read, wrap):
    reading = read(write(wrap(item(0, "Яма"), item(1, "Снег")), "max.json"))
    assert reading.messages.to_dicts()[0] == {
        c.MESSAGE_ID: mid(GROUP, 0),
        c.PUBLISHED_AT: MOMENT,
        c.AUTHOR_ID: pseudonyms.pseudonym("5", KEY),
        c.CHANNEL: "max",
        c.MUNICIPALITY: None,
        c.TEXT: "Яма",
        c.PAGE_ID: "-71",
        c.THREAD_ID: mid(GROUP, 0),
    }
    assert len(reading.messages) == 2


def test_what_stands_in_a_channel_is_a_post(of_max):
    picture = {"type": "image", "payload": {"url": "x"}}
    photo = post(1, None)
    photo["body"]["attachments"] = [picture]
    signed = item(2, "Подписано", chat=CHANNEL, kind="channel")
    posts = of_max(post(0, "Ремонт", stat={"views": 500}), photo, signed).posts
    assert posts.select(c.POST_ID, c.PAGE_ID, c.TEXT, c.KIND, c.VIEWS).rows() == [
        (mid(CHANNEL, 0), "-70", "Ремонт", "text", 500),
        (mid(CHANNEL, 1), "-70", "", "photo", None),
        (mid(CHANNEL, 2), "-70", "Подписано", "text", None),
    ]


def test_the_channel_answers_where_it_replies_and_posts_where_it_does_not(of_max):
    question = comment(1, "Когда уберут?")
    reading = of_max(
        post(0, "Ремонт"),
        question,
        comment(2, "Завтра", None, link=reply(question)),
        comment(3, "Всем спасибо", None),
    )
    assert reading.messages.select(c.POST_ID, c.PAGE_ID, c.THREAD_ID, c.ANSWER_TEXT).rows() == [
        (mid(CHANNEL, 0), "-70", mid(CHANNEL, 0), "Завтра")
    ]
    assert reading.messages[c.ANSWERED_AT].to_list() == [MOMENT.replace(minute=2)]
    assert reading.posts[c.TEXT].to_list() == ["Ремонт", "Всем спасибо"]
    assert reading.answers[c.POST_ID].to_list() == [mid(CHANNEL, 2)]


def test_a_post_that_replies_to_one_not_exported_is_a_post(of_max):
    older = post(0, "Ремонт")
    reading = of_max(post(1, "Закончили", link=reply(older)))
    assert reading.posts[c.TEXT].to_list() == ["Закончили"]
    assert reading.answers.is_empty()


def test_a_comment_that_lost_its_post_is_told_by_its_body(of_max):
    lost = comment(1, "Яма")
    lost["recipient"]["post_id"] = None
    reading = of_max(lost)
    assert reading.messages[c.TEXT].to_list() == ["Яма"]
    assert reading.posts.is_empty()


def test_a_bot_answers_or_serves(of_max):
    question = item(0, "Нет воды")
    bot = {"user_id": 9, "first_name": "Бот", "is_bot": True}
    reading = of_max(
        question,
        item(1, "Передали", link=reply(question)) | {"sender": bot},
        item(2, "Выберите тему") | {"sender": bot},
    )
    assert reading.messages[c.ANSWER_TEXT].to_list() == ["Передали"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(3, "service_message")]


@pytest.mark.parametrize("missing", [{"timestamp": None}, {"timestamp": 0}])
def test_time_is_taken_from_the_id_where_it_is_missing(of_max, missing):
    found = item(3, "Яма") | missing
    # JavaScript rounds what is above 2**53.
    found["body"]["seq"] = float(found["body"]["seq"])
    assert of_max(found).messages[c.PUBLISHED_AT].to_list() == [MOMENT.replace(minute=3)]


def test_ids_of_another_make_stand_with_their_chat(of_max):
    found = item(0, "Яма")
    found["body"]["mid"] = "mid.1"
    assert of_max(found).messages[c.MESSAGE_ID].to_list() == ["-71/mid.1"]


def test_words_of_a_forward_are_read(of_max):
    link = {
        "type": "forward",
        "sender": None,
        "chat_id": CHANNEL,
        "message": {"mid": mid(CHANNEL, 0), "seq": 1, "text": "Отключение воды"},
    }
    reading = of_max(item(1, None, body=None, link=link), item(2, "Смотрите", link=link))
    assert reading.messages[c.TEXT].to_list() == ["Отключение воды", "Смотрите"]
    assert reading.messages[c.FORWARDED_FROM].to_list() == [pseudonyms.pseudonym("-70", KEY)] * 2
    assert c.REPLY_TO_ID not in reading.messages.columns


def test_markup_leaves_the_text_whole(of_max):
    text = "🙂🙂 Яма на улице"
    found = item(0, text)
    found["body"]["markup"] = [{"from": 5, "length": 3, "type": "strong"}, {"from_": 10**9}, 7]
    assert of_max(found).messages[c.TEXT].to_list() == [text]


def test_a_dialogue_is_keyed(of_max):
    question = item(0, "Яма", chat=DIALOGUE, kind="dialog")
    reading = of_max(
        question, item(1, "И снег", chat=DIALOGUE, kind="dialog", link=reply(question))
    )
    shown = repr(reading.messages.drop(c.PUBLISHED_AT).to_dicts())
    assert mid(DIALOGUE, 0) not in shown
    assert reading.messages[c.THREAD_ID].n_unique() == 1
    assert reading.messages[c.REPLY_TO_ID].to_list()[1] == reading.messages[c.MESSAGE_ID][0]


def test_an_edited_message_is_read_once(write, read):
    updates = [
        {"update_type": kind, "timestamp": AT + n, "message": item(0, text)}
        for n, (kind, text) in enumerate(
            [("message_edited", "Яма засыпана"), ("message_created", "Яма"), ("bot_added", "")]
        )
    ]
    reading = read(write(json.dumps({"updates": updates}), "updates.json"))
    assert reading.messages[c.TEXT].to_list() == ["Яма засыпана"]
    assert sorted(reading.rejected[c.REASON]) == ["duplicate", "service_message"]


def of_client(number: int, text: str = "", **more: object) -> dict[str, object]:
    """Write a message as maxapi-python dumps it."""
    return {
        "id": number, "chat_id": CHANNEL, "post_id": None, "sender": None, "text": text,
        "time": AT, "type": "CHANNEL", "attaches": [], "stats": None, "status": None,
        "reaction_info": None, "elements": [], "link": None,
    } | more  # fmt: skip


@pytest.mark.parametrize("aliases", [False, True])
def test_history_of_a_channel(write, read, aliases):
    def named(value: object) -> object:
        if isinstance(value, list):
            return [named(one) for one in value]
        if not isinstance(value, dict) or not aliases:
            return value
        camel = {
            name.title().replace("_", "")[:1].lower() + name.title().replace("_", "")[1:]: of
            for name, of in value.items()
        }
        return {name: named(of) for name, of in camel.items()}

    counted = {"total_count": 3, "counters": [{"count": 3, "reaction": "👍"}]}
    poll = {"type": "POLL", "title": "Где яма?"}
    found = [
        of_client(1, "Ремонт", reaction_info=counted, stats={"views": 7}),
        of_client(2, attaches=[poll]),
        of_client(3, "Когда?", sender=5, type="USER", post_id=1),
        of_client(4, "Завтра", post_id=1, link={"type": "REPLY", "message": {"id": 3}}),
        of_client(5, "Убрано", status="REMOVED"),
        of_client(6, attaches=[{"type": "CONTROL", "event": "new"}]),
        of_client(7, attaches=[{"type": "HOLOGRAM"}]),
    ]
    reading = read(write(json.dumps(named(found)), "history.json"))
    assert reading.posts.select(c.POST_ID, c.TEXT, c.KIND, c.VIEWS, c.LIKES).rows() == [
        ("-70/1", "Ремонт", "text", 7, 3), ("-70/2", "Где яма?", "poll", None, None)
    ]  # fmt: skip
    assert reading.messages.select(c.MESSAGE_ID, c.POST_ID, c.ANSWER_TEXT).rows() == [
        ("-70/3", "-70/1", "Завтра")
    ]
    reasons = reading.rejected[c.REASON].to_list()
    assert reasons == ["deleted", "service_message", "no_text"]
    assert "hologram" in reading.rejected[c.RAW].to_list()[2]


def test_strange_values(of_max):
    reading = of_max(
        item(0, "Яма", timestamp="давно"),
        item(1, "Снег", sender=[5], recipient={"chat_id": {}, "chat_type": ["chat"]}, link="нет"),
        item(2, "Лёд", timestamp=10**30, stat={"views": -(10**30)}),
        item(3, 7, body={"mid": ["x"]}),
        7,
        {"update_type": ["x"]},
        {"update_type": "message_created", "message": None},
    )
    assert sorted(reading.messages[c.TEXT]) == ["Лёд", "Снег", "Яма"]
    assert sorted(reading.unreadable[c.RAW]) == [str(10**30), "давно"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (4, "not_a_message"), (5, "not_a_message"), (6, "service_message"), (7, "not_a_message")
    ]  # fmt: skip
