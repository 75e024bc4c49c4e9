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
                "text": asked,
            }
        )
    )
    assert found.select("messages", "authors").rows() == [(3, 3)]
    assert "отремонтируют" in found["question"].item()
