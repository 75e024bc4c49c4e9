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


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"text_entities": [{"text": "Только "}, {"text": "здесь"}]}, "Только здесь"),
        ({"poll": {"question": "Где сквер?", "answers": [{"text": "Тут"}]}}, "Где сквер?"),
        ({"poll": {"question": ["Где ", {"type": "custom_emoji", "text": "🌳"}, "?"]}}, "Где 🌳?"),
        (
            {"todo_list": {"title": ["Во ", {"text": "дворе"}], "answers": [{"text": "Качели"}]}},
            "Во дворе\nКачели",
        ),
        (
            {"rich_message": {"blocks": [{"text": ["Нет ", {"text": "воды"}]}, {"text": "Давно"}]}},
            "Нет воды\nДавно",
        ),
        ({"text": ["Смета", {"type": "bold"}], "file": "смета.pdf"}, "Смета"),
        ({"rich_message": {"text": [{"type": "bold", "text": ["Нет ", "воды"]}]}}, "Нет воды"),
    ],
    ids=["entities", "poll", "poll in pieces", "tasks", "blocks", "caption", "nested"],
)  # fmt: skip
def test_words_are_found_wherever_they_stand(telegram, more, text):
    assert telegram(chat(item(1, "") | more)).messages[c.TEXT].to_list() == [text]


def test_an_unknown_container_of_words_is_named(telegram):
    story = {"card": {"parts": [{"text": "Прорвало трубу"}]}}
    reading = telegram(chat(item(1, "", **story), item(2, "Яма", **story), item(3)))
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(1, "text_not_read")]
    assert "text in card is not read" in reading.rejected[c.RAW].item()
    assert reading.notes.rows() == [("text_not_read", "card", 2)]


@pytest.mark.parametrize(
    "article",
    [{"title": "Прорвало трубу"}, {"blocks": [["Прорвало трубу"]]}, "Прорвало трубу на Ленина"],
)
def test_words_of_a_message_that_has_no_other_are_not_called_absent(telegram, article):
    reading = telegram(chat(item(1, "", article=article), item(2, "", effect={"id": 5}), item(3)))
    assert reading.rejected[c.REASON].to_list() == ["text_not_read", "no_text"]


def test_buttons_are_nobodys_words(telegram):
    buttons = [[{"type": "callback", "text": "Да"}]]
    reading = telegram(chat(item(1, "", inline_bot_buttons=buttons), item(2)))
    assert reading.rejected[c.REASON].to_list() == ["no_text"]


# --- whose voice --------------------------------------------------------------------------------


def test_a_group_of_discussions(telegram):
    post = {
        "from": "Город",
        "from_id": "channel77",
        "saved_from": "Город",
        "forwarded_from": "Город",
    }
    reading = telegram(
        chat(
            item(1, "Чистим снег", author="Пресс-служба", **post),
            item(2, "", photo="a.jpg", **post),
            item(3, "А у нас?", reply_to_message_id=1),
            item(4, "Да, и у нас", from_id="user78", reply_to_message_id=3),
            item(5, "Завтра", **{"from": "Двор", "from_id": "channel5"}, reply_to_message_id=4),
            item(6, "И дороги", **{"from": "Город", "from_id": "channel77"}, reply_to_message_id=5),
            item(7, "Мой канал", **{"from": "Сосед", "from_id": "channel9"}),
            item(8, "Чужой пост", **post | {"from": "Город", "forwarded_from": "Страна"}),
        )
    )  # fmt: skip
    posts = reading.posts.select(c.POST_ID, c.PAGE_ID, c.TEXT, c.KIND).rows()
    assert posts == [
        ("5/1", "77", "Чистим снег", "text"),
        ("5/2", "77", "", "photo"),
        ("5/8", "77", "Чужой пост", "text"),
    ]
    assert reading.posts[c.FORWARDED_FROM].to_list() == [
        None, None, pseudonyms.pseudonym("Страна", KEY),
    ]  # fmt: skip
    messages = reading.messages.select(
        c.MESSAGE_ID, c.ANSWER_TEXT, c.POST_ID, c.PAGE_ID, c.THREAD_ID, c.REPLY_TO_ID
    )
    assert messages.rows() == [
        ("5/3", None, "5/1", "77", "5/1", "5/1"),
        ("5/4", "Завтра", "5/1", "77", "5/1", "5/3"),
        ("5/7", None, None, None, "5/7", None),
    ]
    assert reading.answers.select(c.POST_ID, c.PAGE_ID, c.MESSAGE_ID).rows() == [
        ("5/5", "5", "5/4"),
        ("5/6", "77", "5/4"),
    ]


def test_what_an_anonymous_admin_says_to_nobody_is_a_post(telegram):
    admin = {"from": "Двор", "from_id": "channel5"}
    reading = telegram(
        chat(item(1, "Собрание", **admin), item(2, "", media_type="sticker", **admin))
    )
    assert reading.posts.select(c.POST_ID, c.PAGE_ID).rows() == [("5/1", "5"), ("5/2", "5")]
    assert reading.messages.is_empty()


def test_stars_are_no_people(telegram):
    reactions = [
        {"type": "emoji", "emoji": "👍", "count": 3},
        {"type": "custom_emoji", "document_id": "12", "count": 2},
        {"type": "paid", "count": 500},
    ]
    reading = telegram(chat(item(1, reactions=reactions), item(2), kind="public_channel"))
    assert reading.posts[c.LIKES].to_list() == [5, 0]
    assert reading.posts[c.PAID_REACTIONS].to_list() == [500, None]


def test_a_forward_of_a_deleted_account_is_a_forward_of_nobody_else(telegram):
    gone = {"forwarded_from": None}
    found = telegram(chat(item(1, **gone), item(2, **gone), item(3))).messages[c.FORWARDED_FROM]
    assert found.null_count() == 1
    assert found.n_unique() == 3


# --- forums -------------------------------------------------------------------------------------


def test_sections_of_a_forum_are_no_threads(telegram):
    reading = telegram(
        chat(
            {"id": 2, "type": "service", "action": "topic_created", "title": "ЖКХ", "date": "x"},
            item(3, "Нет воды", reply_to_message_id=2),
            item(4, "И у нас", reply_to_message_id=3),
            item(5, "Нет света", reply_to_message_id=2),
            item(6, "В общем разделе"),
        )
    )
    found = reading.messages.select(c.MESSAGE_ID, c.REPLY_TO_ID, c.THREAD_ID, c.FORUM_TOPIC)
    assert found.rows() == [
        ("5/3", None, "5/3", "ЖКХ"),
        ("5/4", "5/3", "5/3", "ЖКХ"),
        ("5/5", None, "5/5", "ЖКХ"),
        ("5/6", None, "5/6", None),
    ]


# --- damage -------------------------------------------------------------------------------------


def written(*items: str) -> str:
    head = '{"name": "Двор", "type": "public_supergroup", "id": 5, "messages": [\n'
    return head + ",\n".join(items) + "\n]}"


def plain(number: int, text: str = "Яма") -> str:
    return json.dumps(item(number, text), ensure_ascii=False)


def test_control_characters_are_mended(write, read):
    found = read(write(written(plain(1), plain(2, "Яма@").replace("@", r"\x0Bтут\x1F \\x41"))))
    assert found.messages[c.TEXT].to_list() == ["Яма", "Яма\x0bтут \\x41"]
    assert found.notes.rows() == [("repaired", None, 1)]


@pytest.mark.parametrize(
    "spoilt",
    [
        plain(2).replace('"Яма"', "стикер (2).webm"),
        plain(2).replace('"Яма"', '"Яма'),
        plain(2).replace('"Яма"', '"Яма"}'),
        plain(2).replace('"Яма"', '"Яма}]"}], "x": "'),
        plain(2).replace("Яма", r"Я\ма"),
        plain(2).replace('"Яма"', '[{"text": "Яма"'),
        plain(2)[:-1],
    ],
)
def test_a_damaged_item_costs_itself_alone(write, read, spoilt):
    reading = read(write(written(plain(1), spoilt, plain(3), plain(4))))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["5/1", "5/3", "5/4"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(2, "damaged")]
    assert "line 3" in reading.rejected[c.RAW].item()
    assert "Петров" not in reading.rejected[c.RAW].item()


def test_damage_in_the_last_item_of_a_chat_among_others(write, read):
    chats = [chat(item(1), item(2), number=5), chat(item(1), number=6)]
    whole = json.dumps({"about": "…", "chats": {"list": chats}, "left_chats": {"list": []}})
    second = whole.index('"id": 2')
    broken = whole[:second] + whole[second:].replace('"text": "', '"text": "" "', 1)
    reading = read(write(broken))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["5/1", "6/1"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(2, "damaged")]


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.97])
def test_an_interrupted_export_gives_what_is_there(write, read, kept):
    whole = written(*(plain(number) for number in range(1, 21)))
    path = write(whole[: int(len(whole) * kept)])
    reading = read(path)
    there = path.read_text(encoding="utf-8").count('"type": "message"')
    assert reading.messages.height in (there - 1, there)
    assert reading.messages.height + reading.rejected.height == there
    assert set(reading.rejected[c.REASON]) <= {"cut_off"}
    assert reading.notes[c.NOTE].to_list() == ["cut_off"]


def test_an_export_larger_than_the_window(write, read, monkeypatch):
    items = [plain(number, "Яма на дороге " * number) for number in range(1, 40)]
    items[20] = items[20].replace('"text"', "text")
    expected = read(write(written(*items)))
    for size in (1, 50, 1000):
        monkeypatch.setattr("cur_lab.readers.window._CHUNK", size)
        found = read(write(written(*items), "same.json"))
        assert found.messages.equals(expected.messages)
        assert found.rejected.equals(expected.rejected)


def test_a_chat_that_says_what_it_is_last(telegram):
    about = chat(kind="public_channel")
    about.pop("messages")
    late = {"messages": [item(1), item(2, "", photo="a.jpg")], **about}
    assert telegram(late).posts[c.POST_ID].to_list() == ["5/1", "5/2"]


def test_a_chat_renamed_between_exports_is_one_chat(write, read):
    old = write(json.dumps(chat(item(1), item(2), name="Двор")), "old.json")
    new = write(json.dumps(chat(item(2), item(3), name="Наш двор")), "new.json")
    reading = read([old, new])
    assert reading.messages[c.MESSAGE_ID].to_list() == ["5/1", "5/2", "5/3"]
    assert reading.rejected[c.REASON].to_list() == ["duplicate"]


def test_a_thousand_replies_in_a_row_began_with_one(telegram):
    row = [item(1), *(item(number, reply_to_message_id=number - 1) for number in range(2, 3000))]
    assert telegram(chat(*row)).messages[c.THREAD_ID].unique().to_list() == ["5/1"]


def test_a_chat_whose_name_is_written_against_the_rules(write, read):
    named = written(plain(1)).replace("Двор", r"Дв\x1Fор")
    assert read(write(named)).messages[c.CHANNEL].to_list() == ["Двор"]


@pytest.mark.parametrize(
    ("found", "instead"),
    [('"id": 6', '"id": 6 6'), ('"name": "Шесть"', '"name": "Шесть" "'), ("}, {", "} x {")],
)
def test_damage_between_messages_costs_no_message(write, read, found, instead):
    chats = [
        chat(item(1), item(2), number=5, name="Пять"),
        chat(item(1), item(2), number=6, name="Шесть"),
        chat(item(1), number=7, name="Семь"),
    ]
    whole = json.dumps({"chats": {"list": chats}}, ensure_ascii=False)
    before = whole.index('"name": "Шесть"') - 5
    reading = read(write(whole[:before] + whole[before:].replace(found, instead, 1)))
    assert reading.messages[c.MESSAGE_ID].sort().to_list() == ["5/1", "5/2", "6/1", "6/2", "7/1"]
    assert reading.rejected[c.REASON].to_list() == ["damaged"]
    assert reading.messages[c.CHANNEL].unique().sort().to_list() == ["Пять", "Семь", "Шесть"]


def test_an_export_written_again_in_another_order(write, read):
    whole = json.dumps(chat(*map(item, range(1, 6))), sort_keys=True, indent=1, ensure_ascii=False)
    third = whole.index('"id": 3')
    reading = read(write(whole[:third] + whole[third:].replace('"Яма"', '"Я"ма"', 1)))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["5/1", "5/2", "5/4", "5/5"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(3, "damaged")]
