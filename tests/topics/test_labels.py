from collections import Counter

import polars as pl
import pytest

from cur_lab import text
from cur_lab.topics import labels, phrases


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("детской площадки", "детская площадка"),
        ("твердых бытовых отходов", "твёрдые бытовые отходы"),
        ("отсутствия горячей воды", "отсутствие горячей воды"),
        ("новую машину", "новая машина"),
        ("ремонту двора", "ремонт двора"),
        # A noun that looks like an adjective.
        ("российского военного", "российский военный"),
        # An adjective that may also be a noun.
        ("холодного водоснабжения", "холодное водоснабжение"),
        # A verb or a negation stays as it is.
        ("выкорчевать пни", "выкорчевать пни"),
        ("не работает фонарь", "не работает фонарь"),
        ("нет горячей воды", "нет горячей воды"),
    ],
)
def test_a_heading_stands_in_the_nominative(written, heading):
    assert phrases._heading(written) == heading


def test_forms_that_differ_in_case_count_as_one():
    forms = {"детская площадка": 3, "детской площадки": 3, "детские площадки": 5}
    assert phrases.heading_of(Counter(forms)) == "Детская площадка"


def test_a_lone_noun_is_a_form_of_its_lemma():
    assert phrases.heading_of(Counter({"парка": 2, "парке": 1}), "парк") == "Парк"


@pytest.mark.parametrize("word", ["холодные", "вышеуказанный"])
def test_an_adjective_is_no_noun(word):
    assert not phrases.is_noun(word)


@pytest.mark.parametrize(
    ("forms", "spoken_of"),
    [
        ({"торца дома": 3, "торце дома": 2}, False),
        ({"компанию лицензии": 9}, False),
        ({"вывоз мусора": 1, "вывоза мусора": 5}, True),
        ({"уборку снега": 2, "уборке снега": 2}, True),
        # Only what a noun begins is asked: «не хватает лекарственных препаратов».
        ({"лекарственных препаратов": 3}, True),
        ({"нет воды": 3}, True),
    ],
)
def test_a_phrase_only_seen_beside_the_matter_is_none(forms, spoken_of):
    assert phrases.is_spoken_of(Counter(forms)) is spoken_of


def named(texts, words, **columns):
    frame = pl.DataFrame({"text": texts, "terms": text.terms(pl.Series(texts)), **columns})
    return labels.labels(frame, [0] * len(texts), [words])[0].lower()


def test_a_firm_is_no_label_though_its_second_word_is_written_small():
    texts = ["Чадит Медовая поляна, стоит едкий дым."] * 3 + ["Снова чадит Медовая поляна."] * 2
    label = named(texts, ["медовый", "поляна", "едкий", "дым"])
    assert label == "едкий дым"
    small = [line.replace("Медовая", "медовая") for line in texts]
    assert "медовая поляна" in named(small, ["медовый", "поляна", "дым"])


def test_a_detail_of_one_text_sent_many_times_is_no_label():
    copies = ["Обещали зелёный забор и ремонт крыши."] * 5
    texts = [*copies, "Ремонт крыши затянулся.", "Когда ремонт крыши?"]
    families = ["1"] * 5 + [None, None]
    words = ["забор", "зелёный", "зеленый", "ремонт", "крыша"]
    assert named(texts, words, family=families) == "ремонт крыши"
    # Where all say the same, it is the matter.
    assert named(copies, words, family=["1"] * 5) != "тема 0"


@pytest.mark.parametrize("aside", ["местная администрация", "двор дома", "крайний срок"])
def test_whom_one_writes_to_and_where_is_no_label(aside):
    texts = [f"Это {aside}. Снова {aside}. Едкий дым."] * 6 + [f"Вот и {aside}."] * 3
    words = [*text.terms(pl.Series([aside]))[0], "едкий", "дым"]
    assert named(texts, words) == "едкий дым"
