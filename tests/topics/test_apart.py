"""Thanks and chatter: what the rule takes, what it leaves, and how a model counts it."""

import polars as pl
import pytest
from test_topics import planted

from cur_lab import text, topics
from cur_lab.topics import apart


def taken(said: str) -> bool:
    texts = pl.Series([said])
    return bool(
        apart.thanks_and_chatter(pl.DataFrame({"text": texts, "terms": text.terms(texts)}))[0]
    )


@pytest.mark.parametrize(
    "said",
    [
        "Спасибо большое за новый мост!",
        "Хочу поблагодарить дворника, двор чистый",
        "Всем добрый вечер",
        "Ага, точно",
        "Поздравляю соседей с праздником",
    ],
)
def test_thanks_and_chatter_are_taken(said):
    assert taken(said)


@pytest.mark.parametrize(
    "said",
    [
        "Спасибо, но лифт так и не работает",
        "Во дворе яма. Заранее благодарю",
        "Будем благодарны, если почините кран",
        "Спасибо скажете, когда крыша рухнет?",
        "Нет воды",
        "Яма",
        "",
        "!!!",
    ],
)
def test_a_complaint_is_left_however_polite(said):
    assert not taken(said)


def with_chatter() -> pl.DataFrame:
    said = ["Спасибо большое!", "Ага, точно", "Всем добрый вечер", "Спасибо за фонари"]
    more = pl.DataFrame({"message_id": [f"z{n}" for n in range(20)], "text": said * 5})
    return pl.concat([planted(120).select("message_id", "text"), more])


def test_what_is_set_apart_is_the_last_topic_and_counted(tmp_path):
    data = with_chatter()
    found = topics.fit(data, n_topics=6, refits=2)
    last = found.topics.row(-1, named=True)
    assert (last["topic"], last["size"], found.apart) == (6, 20, 6)
    assert last["label"] == apart.LABEL
    assert found.topics["size"].sum() + found.assignments["topic"].eq(-1).sum() == data.height
    found.save(tmp_path / "m")
    new = pl.DataFrame({"message_id": ["a", "b"], "text": ["Огромное спасибо!", "Фонарь не горит"]})
    placed = topics.load(tmp_path / "m").assign(new)["topic"].to_list()
    assert placed[0] == 6 != placed[1]


def test_a_corpus_of_thanks_is_about_its_thanks():
    texts = ["Спасибо за новый фонарь", "Спасибо за тёплую воду"] * 10
    data = pl.DataFrame({"message_id": [f"{n:02}" for n in range(20)], "text": texts})
    found = topics.fit(data, n_topics=2, refits=0)
    assert found.apart is None
    assert found.topics.height == 2


@pytest.mark.parametrize(
    "said",
    [
        "[id12ab|Валера], ага, вот именно",
        "[id12ab|Gleb],",
        "Ну-ну",
        "Ого!",
        "Конечно, понимаю",
        "Удачи вам и здоровья",
        "[club7|Наш двор], а кто говорил?",
    ],
)
def test_talk_among_people_is_taken_whomever_it_answers(said):
    assert taken(said)


@pytest.mark.parametrize(
    "said", ["[id12ab|Валера], вода ржавая", "Валера, вода?", "Грязно", "Лифт"]
)
def test_an_answer_about_a_matter_is_left(said):
    assert not taken(said)
