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
    ]
    assert reading.messages[c.POST_ID].to_list() == ["-10_1"] * 2
    assert reading.messages[c.PAGE_ID].to_list() == ["-10"] * 2
    assert reading.messages[c.AUTHOR_ID].to_list() == [
        pseudonyms.pseudonym(person, KEY) for person in ("77", "78")
    ]
    assert reading.messages[c.ANSWER_TEXT].to_list() == ["Передали в работу", None]
    assert reading.messages[c.ANSWERED_AT].to_list() == [
        datetime(2024, 1, 5, 7, 30, 1, tzinfo=UTC),
        None,
    ]
    assert reading.answers.select(c.POST_ID, c.MESSAGE_ID).rows() == [("-10_4", "-10_2")]
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


def page_says(number: int, **more: object) -> dict[str, object]:
    return comment(number, from_id=-10, text=f"Ответ {number}", **more)


def test_the_page_answers_where_it_replies_and_posts_where_it_does_not(vk):
    reading = vk(
        answer(
            comment(2),
            page_says(3),
            page_says(4, parents_stack=[2], reply_to_comment=2),
            comment(5, parents_stack=[2], reply_to_comment=4, text="И когда?"),
            page_says(6, parents_stack=[2], reply_to_comment=5),
            page_says(7, parents_stack=[2], reply_to_comment=6),
            page_says(8, parents_stack=[3], reply_to_comment=3),
            page_says(9, reply_to_comment=99),
        )
    )
    answered = reading.messages.select(c.MESSAGE_ID, c.ANSWER_TEXT).rows()
    assert answered == [("-10_2", "Ответ 4"), ("-10_5", "Ответ 6")]
    assert reading.posts.select(c.POST_ID, c.PAGE_ID, c.KIND).rows() == [
        ("-10_3", "-10", "text"), ("-10_8", "-10", "text")
    ]  # fmt: skip
    # That the answered comment was not exported does not make a post of the answer.
    assert reading.answers.select(c.POST_ID, c.MESSAGE_ID).rows() == [
        ("-10_4", "-10_2"), ("-10_6", "-10_5"), ("-10_7", "-10_5"), ("-10_9", "-10_99")
    ]  # fmt: skip


def test_another_community_speaks_for_itself(vk):
    reading = vk(
        answer(
            comment(2),
            comment(3, from_id=-77, parents_stack=[2], text="Скидки на окна"),
            comment(4, from_id=-78, parents_stack=[2], is_from_post_author=True, text="Исправим"),
        )
    )
    assert reading.messages[c.ANSWER_TEXT].to_list() == ["Исправим"]
    assert reading.posts.select(c.POST_ID, c.PAGE_ID).rows() == [("-10_3", "-77")]


def test_the_owner_of_a_persons_wall_answers_too(vk):
    on_wall = {"owner_id": 4242, "post_id": 1}
    reading = vk(
        answer(
            comment(2, **on_wall),
            comment(3, **on_wall, from_id=4242, reply_to_comment=2, text="Да"),
        )
    )
    assert reading.messages[c.ANSWER_TEXT].to_list() == ["Да"]
    assert "4242" not in repr(reading.answers.drop(c.ANSWERED_AT).to_dicts())


def of_board(number: int, **more: object) -> dict[str, object]:
    return {"id": number, "from_id": 77, "date": 1704439800 + number, "text": "Яма"} | more


def test_a_board_names_its_group_in_mentions(vk):
    reading = vk(
        answer(
            of_board(2),
            of_board(3, from_id=-10, text="[id77:bp-10_2|Анна], исправим"),
            of_board(4, from_id=-20, text="Реклама"),
        )
    )
    assert reading.messages.select(c.MESSAGE_ID, c.PAGE_ID, c.ANSWER_TEXT).rows() == [
        ("-10_2", "-10", "Анна, исправим")
    ]
    assert reading.posts[c.PAGE_ID].to_list() == ["-20"]


def test_a_board_is_of_the_only_community_that_speaks(vk):
    reading = vk(answer(of_board(2), of_board(3, from_id=-10, text="Тема открыта")))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["-10_2"]
    assert reading.posts[c.POST_ID].to_list() == ["-10_3"]


def test_numbers_of_boards_nobody_names_are_not_mixed_up(write, read):
    boards = [answer(of_board(2)), answer(of_board(2, date=1704450000, text="Снег"))]
    files = [write(json.dumps(one), f"{n}.json") for n, one in enumerate([*boards, boards[0]])]
    reading = read(files)
    assert reading.messages[c.TEXT].to_list() == ["Яма", "Снег"]
    assert reading.rejected[c.REASON].to_list() == ["duplicate"]


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        ([comment(2, thread={"count": 3, "items": [comment(3, parents_stack=[2])]})], 2),
        ([comment(2, thread={"count": 1, "items": []}), comment(3, parents_stack=[2])], None),
        ([comment(2, thread={"count": 2, "items": [comment(3, deleted=True)]})], 1),
        ([comment(2, thread={"count": 10**30, "items": "нет"}), comment(3, thread=5)], None),
    ],
)
def test_missing_replies_are_counted(vk, found, missing):
    notes = vk(answer(*found)).notes
    expected = [] if missing is None else [("replies_missing", None, missing)]
    assert notes.select(c.NOTE, c.DETAIL, c.N_ROWS).rows() == expected


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
        ([{"type": "video", "video": {"type": "live"}}], "live"),
        ([{"type": "video", "video": {"type": "live", "live": 1, "upcoming": 1}}], "text"),
        ([{"type": "video", "video": {"upcoming": 1}}, {"type": "photo"}], "photo"),
        ([{"type": "video", "video": {"type": ["live"]}}], "video"),
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


def test_words_of_a_repost_and_of_a_poll_are_read(vk):
    copied = {"owner_id": -20, "text": "Отключение [club20|воды]"}
    question = {"type": "poll", "poll": {"question": "Где яма?"}}
    reading = vk(
        answer(
            post(1, text="", copy_history=[{"owner_id": -20, "text": ""}, copied]),
            post(2, text="Смотрите", copy_history=[copied]),
            post(3, text="", attachments=[question]),
            post(4, text="", from_id=77, copy_history=[copied]),
        )
    )
    assert reading.posts[c.TEXT].to_list() == ["Отключение воды", "Смотрите", "Где яма?"]
    assert reading.messages[c.TEXT].to_list() == ["Отключение воды"]
    assert reading.messages[c.FORWARDED_FROM].to_list() == [pseudonyms.pseudonym("-20", KEY)]


def test_what_a_wordless_comment_held_is_named(vk):
    reading = vk(answer(comment(1, text="", attachments=[{"type": "sticker"}, 5])))
    assert "sticker" in reading.rejected[c.RAW].item()


def test_lines_and_the_damaged_among_them(write, read):
    lines = [json.dumps(comment(1)), '{"id": 2, "te', json.dumps({"response": answer(comment(3))})]
    reading = read(write("\n".join(lines), "comments.jsonl"))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["-10_1", "-10_3"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(2, "damaged")]


@pytest.mark.parametrize(
    "wrap",
    [
        '{{"response": {{"count": 4, "items": [{}, {}, {}, {}]}}}}',
        '[{{"items": [{}, {}], "count": 2}}, {{"items": [{}, {}]}}]',
        "[{}, {}, {}, {}]",
    ],
    ids=["answer", "answers", "items"],
)
@pytest.mark.parametrize(
    "damage", ['"text"', '"Яма"', "}", '"text": "'], ids=["name", "quote", "end", "value"]
)
def test_a_damaged_item_does_not_take_the_others_along(write, read, wrap, damage):
    items = [json.dumps(comment(number), ensure_ascii=False) for number in (1, 2, 3, 4)]
    items[1] = items[1].replace(damage, damage[:-1], 1)
    reading = read(write(wrap.format(*items), "answer.json"))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["-10_1", "-10_3", "-10_4"]
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [(2, "damaged")]
    assert reading.notes[c.NOTE].to_list() == ["damaged"]


def test_an_answer_that_breaks_off(write, read):
    whole = json.dumps(answer(comment(1), comment(2)), ensure_ascii=False)
    reading = read(write(whole[: whole.rindex("Яма")], "answer.json"))
    assert reading.messages[c.MESSAGE_ID].to_list() == ["-10_1"]
    assert reading.rejected[c.REASON].to_list() == ["cut_off"]
    assert reading.notes[c.NOTE].to_list() == ["cut_off"]


def test_a_broken_answer_does_not_take_the_others_along(vk):
    reading = vk([{"response": answer(comment(1))}, {"response": None}, {"items": 7}])
    assert len(reading.messages) == 1
    assert reading.rejected.select(c.ROW, c.REASON).rows() == [
        (2, "not_a_message"), (3, "not_a_message")
    ]  # fmt: skip
    with pytest.raises(InputError, match="no list of items"):
        vk({"response": {"items": None}})


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
