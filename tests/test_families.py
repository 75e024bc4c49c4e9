"""Families of copies, templates and paraphrases."""

import itertools
import random
import re

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import families, vectors
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.families import candidates, folding, grouping
from cur_lab.families.folding import fold, mask, without_signature
from cur_lab.families.templates import template

WORDS = re.findall(
    r"\w+",
    "вода двор дорога яма фонарь мусор снег крыша подъезд лифт автобус школа парк дерево собака "
    "тепло батарея труба канализация асфальт светофор остановка площадка забор скамейка урна",
)


def messages(*texts, **columns):
    data = {"message_id": [f"m{i:04}" for i in range(len(texts))], "text": texts, **columns}
    return pl.DataFrame(data, schema_overrides={"text": pl.String})


def groups(found):
    """Families as sets of message numbers."""
    return {
        frozenset(int(name[1:]) for name in members)
        for members in found.group_by("family").agg("message_id")["message_id"]
    }


def jaccard(left, right):
    one, other = ({t.ljust(5)[i : i + 5] for i in range(max(len(t), 5) - 4)} for t in (left, right))
    return len(one & other) / len(one | other)


# --- folding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Нет воды! ЁЛКА.", "нет воды елка"),
        ("Heт вoды", "Нет воды"),  # Latin H, e, o
        ("н\u200bет во\u0301ды", "нет воды"),
        ("<p>Нет&nbsp;воды</p>", "нет воды"),
        ("и\u0306од", "йод"),
        ("[id123abc|Иван], нет воды", "нет воды"),
        ("нет воды https://vk.cc/abc", "нет воды"),
    ],
)
def test_spellings_of_one_text_fold_together(left, right):
    folded = fold(pl.Series([left, right]))
    assert folded[0] == folded[1]


@pytest.mark.parametrize(
    ("text", "folded"),
    [("👍 👍", "👍👍"), (" \u200b ", ""), (None, ""), ("да", "да"), ("нет", "нет")],
)
def test_folding_keeps_what_is_said(text, folded):
    assert fold(pl.Series([text], dtype=pl.String)).to_list() == [folded]


def test_what_a_mail_merge_fills_in_is_masked():
    asked = "прошу вернуть на линию автобус 12 маршрута вечером"
    texts = pl.Series(
        [
            f"Я, Петрова Анна Сергеевна, ул. Лесная, д. 5, {asked}",
            f"Я, Сидоров Иван Петрович, улица Мира, д. 17, {asked}",
            f"Я, Ким А. П., пр. Победы, дом 3к2, {asked}",
        ]
    )
    masked = mask(texts)
    assert masked[0] == masked[1]
    assert "петров" not in masked[0]
    assert "лесн" not in masked[0]
    assert "ким" not in masked[2]


def test_a_short_text_is_not_masked():
    assert mask(pl.Series(["дом 5", "дом 7"])).n_unique() == 2


def test_the_line_a_channel_signs_with_is_dropped():
    posts = [f"Новость номер {i} о разном\nПодписаться на канал" for i in range(8)]
    texts = pl.Series([*posts, "Одна строка\nСвоя подпись"])
    channels = pl.Series(["новости"] * 9)
    unsigned = without_signature(texts, channels).to_list()
    assert unsigned[:8] == [post.split("\n")[0] for post in posts]
    assert unsigned[8] == texts[8]


# --- families -----------------------------------------------------------------------------------

NOISE = [
    "Во дворе пятый день не вывозят мусор, контейнеры переполнены",
    "Автобус опять не приехал по расписанию, ждали сорок минут на морозе",
    "Спасибо за отремонтированную детскую площадку возле школы",
]


def test_copies_are_one_family_and_others_none():
    text = "Второй день нет горячей воды во всём доме, управляющая компания не отвечает"
    found = families.find(messages(*NOISE, text, text.upper() + "!!!", f"<p>{text}</p>"))
    assert groups(found) == {frozenset({3, 4, 5})}
    assert found["similarity"].to_list() == [1.0] * 3


def test_a_near_copy_joins_and_a_text_on_the_same_subject_does_not():
    text = "Прошу отремонтировать дорогу на въезде в посёлок, ямы стали глубже колеса автомобиля, "
    text += "а объехать их по обочине уже нельзя"
    near = text.replace("глубже", "больше")
    other = "Дорога на въезде в посёлок разбита, ямы, прошу отремонтировать, машины ломаются"
    found = families.find(messages(text, near, other, *NOISE))
    assert groups(found) == {frozenset({0, 1})}
    assert found["similarity"][0] == pytest.approx(
        jaccard(*mask(pl.Series([text, near])).to_list()), abs=1e-6
    )


def test_a_mail_merge_is_one_family_with_its_slots():
    names = ["Петрова Анна Сергеевна", "Сидоров Иван Петрович", "Орлова Вера Ильинична"]
    texts = [f"Я, {name}, требую вернуть прежнее расписание автобуса в наш район" for name in names]
    found = families.find(messages(*texts, *NOISE))
    assert groups(found) == {frozenset({0, 1, 2})}
    assert found["template"][0].endswith("требую вернуть прежнее расписание автобуса в наш район")
    assert "«…»" in found["template"][0]
    assert not any(name.split()[0] in found["template"][0] for name in names)


def test_a_template_shows_no_personal_data():
    text = "Я, Петрова Анна Сергеевна, прошу перезвонить по телефону +7 912 345-67-89 о дороге"
    found = families.find(messages(text, text, text + "!"))
    assert found.height == 3
    assert not any("912" in shown or "Петрова" in shown for shown in found["template"])


def test_short_texts_are_families_of_exact_copies():
    found = families.find(messages("Да!", "да", "Дам", "👍", "👍", "нет", "дом 5", "дом 7"))
    assert groups(found) == {frozenset({0, 1}), frozenset({3, 4})}


def test_a_repost_with_a_paragraph_cut_off_is_a_copy():
    rng = random.Random(1)
    opening = " ".join(rng.choices(WORDS, k=40))
    added = " ".join(rng.choices(WORDS, k=40))
    text, longer = opening, f"{opening} {added}"
    assert jaccard(text, longer) < 0.8
    assert groups(families.find(messages(text, longer, added))) == {frozenset({0, 1})}


def test_posts_that_share_only_an_opening_are_not_copies():
    rng = random.Random(2)
    opening, one, other = (" ".join(rng.choices(WORDS, k=k)) for k in (26, 60, 60))
    assert families.find(messages(f"{opening} {one}", f"{opening} {other}")).is_empty()


def test_similarity_is_not_passed_on_along_a_chain():
    words = [f"слово{letter}" for letter in "абвгдежзиклмнопрстуфхцчшэюя"]
    texts = [" ".join(words[i : i + 20]) for i in range(0, 7)]
    folded = mask(pl.Series(texts)).to_list()
    found = families.find(messages(*texts))
    assert jaccard(folded[0], folded[-1]) < 0.8 <= jaccard(folded[0], folded[1])
    for members in groups(found):
        for left, right in itertools.combinations(members, 2):
            assert jaccard(folded[left], folded[right]) >= 0.8 - 1e-6


edits = st.lists(st.tuples(st.integers(0, 29), st.sampled_from(WORDS)), max_size=3)


@settings(deadline=None, max_examples=25)
@given(st.lists(edits, min_size=2, max_size=8), st.sampled_from([0.6, 0.8, 0.95]))
def test_every_pair_of_a_family_is_similar_and_the_least_is_reported(versions, threshold):
    base = [WORDS[i % len(WORDS)] for i in range(30)]
    texts = []
    for version in versions:
        copy = base.copy()
        for place, word in version:
            copy[place] = word
        texts.append(" ".join(copy))
    folded = mask(pl.Series(texts)).to_list()
    found = families.find(messages(*texts), threshold=threshold)
    similarity = dict(zip(found["message_id"], found["similarity"], strict=True))
    for members in groups(found):
        for member in members:
            least = min(jaccard(folded[member], folded[other]) for other in members)
            # Where texts begin alike the share of the shorter may count instead: never less.
            assert similarity[f"m{member:04}"] >= least - 1e-6
            assert similarity[f"m{member:04}"] >= threshold - 1e-6
    for copies in (np.flatnonzero(np.array(folded) == text) for text in set(folded)):
        if len(copies) > 1:
            assert any(set(copies) <= members for members in groups(found))


def test_minhash_finds_what_comparing_all_pairs_finds():
    rng = random.Random(0)
    texts = []
    for _ in range(120):
        words = rng.choices(WORDS, k=25)
        texts.append(" ".join(words))
        for _ in range(rng.randrange(3)):
            copy = words.copy()
            copy[rng.randrange(25)] = rng.choice(WORDS)
            texts.append(" ".join(copy))
    texts = sorted(set(texts))
    pairs, scores = candidates.near(texts, candidates.hashed(texts), threshold=0.8)
    truth = {
        (i, j): jaccard(texts[i], texts[j])
        for i, j in itertools.combinations(range(len(texts)), 2)
        if jaccard(texts[i], texts[j]) >= 0.8
    }
    assert len(truth) > 50
    found = {(int(i), int(j)): score for (i, j), score in zip(pairs, scores, strict=True)}
    assert found == pytest.approx(truth, abs=1e-6)


def test_many_equal_texts_are_one_text():
    found = families.find(messages(*["Нет воды во всём доме второй день"] * 50_000))
    assert found["family"].n_unique() == 1
    assert found.height == 50_000


def test_a_crowd_of_variants_does_not_propose_all_its_pairs():
    rng = random.Random(0)
    base = " ".join(rng.choices(WORDS, k=60))
    texts = sorted({f"{base} {rng.choice(WORDS)} {rng.choice(WORDS)}" for _ in range(700)})
    pairs, _ = candidates.near(texts, candidates.hashed(texts), threshold=0.8)
    assert len(pairs) < len(texts) ** 2 / 4
    joined = grouping.complete_link(texts, [(pairs, np.ones(len(pairs)))], threshold=0.8)
    assert max(len(members) for members, _ in joined) > 0.9 * len(texts)


def test_a_name_does_not_depend_on_other_messages():
    text = "Второй день нет горячей воды во всём доме на нашей улице"
    alone = families.find(messages(text, text))
    among = families.find(messages(*NOISE, *NOISE, text, text))
    assert alone["family"][0] in among["family"].to_list()


def test_order_of_rows_does_not_matter():
    texts = [
        f"{a} {b} не работает уже {n} дней подряд"
        for a, b in itertools.product(WORDS[:5], WORDS[5:9])
        for n in (3, 4)
    ]
    data = messages(*texts)
    shuffled = data.sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(families.find(data), families.find(shuffled))


def test_a_paraphrase_joins_when_an_embedding_is_given():
    texts = [
        "Вертолет с одиннадцатью иностранцами на борту упал в Пакистане",
        "В Пакистане упал вертолет с одиннадцатью иностранцами на борту",
        *NOISE,
    ]
    assert families.find(messages(*texts)).is_empty()
    found = families.find(messages(*texts), embedding=vectors.lexical())
    assert groups(found) == {frozenset({0, 1})}


@pytest.mark.parametrize("threshold", [0, -1, 1.1])
def test_a_threshold_out_of_range_is_named(threshold):
    with pytest.raises(ParameterError, match="threshold"):
        families.find(messages("да"), threshold=threshold)


def test_a_missing_text_is_named():
    with pytest.raises(SchemaError, match="no column text"):
        families.find(pl.DataFrame({"message_id": ["1"], "body": ["да"]}))


# --- templates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Нет воды.", "нет воды!"], "Нет воды."),
        (["Уважаемый Иван, почините лифт", "Уважаемая Анна, почините лифт"], "«…» почините лифт"),
        (["Дом 5 без воды", "Дом 7 без воды", "Дом 9 без воды сутки"], "Дом «…» без воды «…»"),
        (["почините лифт", "срочно почините лифт"], "«…» почините лифт"),
        (["👍", "👍👍"], "👍"),
    ],
)
def test_template(texts, expected):
    assert template(texts) == expected


# --- statements ---------------------------------------------------------------------------------

SAME = [
    ("В Курске отключили горячую воду", "Горячую воду отключили в Курске"),
    ("Жители жалуются на ямы", "Жалобы жителей на ямы"),
    ("Город отпразднует юбилей", "Празднование юбилея города"),
    ("Суд арестовал чиновника за взятку", "Чиновник арестован судом за взяточничество"),
]


def test_the_same_statement_scores_above_every_other():
    left, right = (pl.Series(side) for side in zip(*SAME, strict=True))
    same = families.similarity(left, right)
    for step in range(1, len(SAME)):
        other = families.similarity(left, pl.concat([right[step:], right[:step]]))
        assert same.min() > other.max()


def test_similarity_of_a_text_with_itself_and_with_nothing():
    left = pl.Series(["Нет воды", "👍", None, "", "Нет воды"], dtype=pl.String)
    right = pl.Series(["нет воды!", "👍", "да", "", "👍"])
    assert families.similarity(left, right).to_list() == [1.0, 1.0, None, 1.0, 0.0]


def test_numbers_match_only_themselves():
    base = pl.Series(["Погибли 17 человек в аварии на трассе"] * 2)
    other = pl.Series(
        ["Погибли 17 человек в аварии на шоссе", "Погибли 19 человек в аварии на шоссе"]
    )
    same, different = families.similarity(base, other)
    assert same > different


@settings(deadline=None, max_examples=25)
@given(*[st.lists(st.sampled_from([*WORDS, "5", "не", "zx", "😀"]), max_size=8).map(" ".join)] * 2)
def test_similarity_is_symmetric_and_within_bounds(left, right):
    one = families.similarity(pl.Series([left]), pl.Series([right]))[0]
    other = families.similarity(pl.Series([right]), pl.Series([left]))[0]
    assert one == pytest.approx(other)
    assert 0 <= one <= 1


def test_pairs_of_unequal_length_are_refused():
    with pytest.raises(ParameterError, match="2 texts on the left"):
        families.similarity(pl.Series(["а", "б"]), pl.Series(["а"]))


MERGED = [
    "Пишите на почту a.b@mail.ru",
    "Кузьмич Илья Кузьмич",
    "Анна Ильинична Волкова",
    "у Марии Никитичны и Петра Ильича",
    "Иванову Сергею Львовичу",
    "Иванов И. И., А.Б. Петров",
    "дом 5-й, кв. 12",
    "ул. Лесная и 3-я Садовая",
]


def test_a_mask_is_looked_for_in_every_text_that_has_it():
    for needed, pattern, _ in folding._MASKS:
        masked = pl.Series(MERGED).filter(pl.Series(MERGED).str.contains(pattern))
        assert len(masked)
        assert needed is None or masked.str.contains(needed).all()
    markup = ["<b>", "&nbsp;", "[a](b)", "HTTPS://a.ru", "www.a.ru", "t.me/a", "[id1|a]", "@a"]
    assert pl.Series(markup).str.contains(folding._MARKED).all()


def test_folding_leaves_the_texts_as_they_were():
    texts = pl.Series(MERGED)
    folding.mask(texts)
    assert texts.to_list() == MERGED
