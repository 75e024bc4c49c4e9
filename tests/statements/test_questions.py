"""Questions that mean the same are counted once, by those who ask."""

import polars as pl

from cur_lab.statements.questions import questions


def test_the_same_question_of_several_people_is_one():
    asked = [
        "Когда отремонтируют дорогу на Мира?",
        "когда же наконец отремонтируют дорогу на улице Мира?",
        "Скажите, когда отремонтируют дорогу Мира??",
        "Почему не вывозят мусор со двора?",
        "А мы чем хуже?",
        "Людей уже не считают за людей, и дорога разбита?",
        "Что-то изменится, неужели так сложно вывезти мусор?",
    ]
    found = questions(
        pl.DataFrame(
            {
                "message_id": [f"m{n}" for n in range(len(asked))],
                "author_id": [f"a{n}" for n in range(len(asked))],
                "rubric": ["Дороги"] * len(asked),
                "channel": ["vk"] * len(asked),
                "text": asked,
            }
        ),
        public=("vk",),
        words=8,
    )
    assert found.select("messages", "authors").rows() == [(3, 3)]
    assert "отремонтируют" in found["question"].item()


def test_only_the_first_words_of_what_was_said_in_public_are_given():
    said = "Когда отремонтируют дорогу на улице Мира от школы до самого моста через реку?"
    rows = pl.DataFrame(
        {
            "message_id": ["m1", "m2", "m3", "m4"],
            "author_id": ["a1", "a2", "a3", "a4"],
            "rubric": ["Дороги", "Дороги", "Вода", "Вода"],
            "channel": ["gosuslugi", "vk", "gosuslugi", "email"],
            "text": [said, said, *["Почему третий день нет холодной воды в доме?"] * 2],
        }
    )
    found = questions(rows, public=("vk",), words=8).sort("subject")
    assert found["question"].to_list() == [
        None,
        "Когда отремонтируют дорогу на улице Мира от школы…",
    ]
    assert found["authors"].to_list() == [2, 2]
