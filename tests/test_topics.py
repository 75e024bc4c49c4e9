import dataclasses
import json
import random
import warnings
from collections import Counter
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from polars.testing import assert_frame_equal
from scipy import sparse
from sklearn.metrics import adjusted_rand_score

from cur_lab import columns, text, topics, vectors
from cur_lab.columns import TOPIC_AGREEMENT, TOPIC_HIERARCHY, TOPIC_NUMBERS, TOPICS
from cur_lab.errors import (
    CurLabError,
    InputError,
    NotEnoughDataError,
    ParameterError,
    SchemaError,
)
from cur_lab.inference import wilson
from cur_lab.topics import consensus, labels, model, phrases, place_words, stability

# A theme is what is wrong, said in several ways, and what people add to it.
THEMES = {
    "вода": (
        ["нет горячей воды", "отключили горячую воду", "горячая вода еле тёплая"],
        ["кран", "стояк", "квартира", "бойлер", "напор"],
    ),
    "свет": (
        ["не горит фонарь", "фонари не горят", "уличное освещение не работает"],
        ["столб", "лампа", "темнота", "светильник", "провод"],
    ),
    "дорога": (
        ["глубокая яма на дороге", "дорога вся в ямах", "разбит асфальт, яма на яме"],
        ["колесо", "подвеска", "выбоина", "обочина", "щебень"],
    ),
    "мусор": (
        ["не вывозят мусор", "мусор лежит у контейнера", "переполнены мусорные контейнеры"],
        ["бак", "пакет", "свалка", "запах", "отходы"],
    ),
    "автобус": (
        ["автобус не приходит", "долго ждём автобус", "автобус ходит редко"],
        ["маршрут", "остановка", "водитель", "расписание", "билет"],
    ),
    "собаки": (
        ["бродячие собаки", "стая собак бегает", "собаки кидаются на людей"],
        ["укус", "отлов", "щенок", "лай", "приют"],
    ),
}


def planted(rows: int = 240, *, authors: int = 0) -> pl.DataFrame:
    """Messages on six subjects, sizes about 1 : 2 : 3."""
    choose = random.Random(0)
    records = []
    for number in range(rows):
        rubric = choose.choices(list(THEMES), weights=[3, 3, 2, 2, 1, 1])[0]
        said, added = THEMES[rubric]
        words = " и ".join(choose.sample(added, 2))
        text = f"{choose.choice(said).capitalize()} у дома {number}. Там ещё {words}."
        author = f"a{choose.randrange(authors)}" if authors else None
        records.append((f"m{number:03}", text, author, rubric))
    names = ["message_id", "text", "author_id", "rubric"]
    return pl.DataFrame(records, schema=dict.fromkeys(names, pl.String), orient="row")


@pytest.fixture(scope="module")
def data() -> pl.DataFrame:
    return planted()


@pytest.fixture(scope="module")
def fitted(data):
    return topics.fit(data, n_topics=6, refits=6)


def agreement_with_truth(data, found) -> float:
    both = data.join(found.assignments, on="message_id")
    return adjusted_rand_score(both["rubric"], both["topic"])


# --- planted truth, and its false-alarm side ----------------------------------------------------


def test_planted_subjects_are_found_and_stable(data, fitted):
    assert agreement_with_truth(data, fitted) > 0.9
    assert fitted.topics["stability"].min() > 0.6
    assert fitted.topics["stability"].mean() > 0.75
    assert fitted.assignments["topic"].eq(-1).mean() <= 0.1


def test_the_number_of_subjects_is_found_with_its_reasons(data):
    found = topics.fit(data, refits=0)
    TOPIC_NUMBERS.check(found.reasons, where="test")
    chosen = found.reasons.filter(pl.col("chosen"))
    # «Горячая вода еле тёплая» is always said in the same words: a subject in its own right.
    assert chosen["n_topics"].to_list() in ([6], [8])
    assert found.topics.height == chosen["n_topics"].item()
    assert found.reasons["n_topics"].to_list() == [2, 3, 4, 6, 8, 10, 12, 16, 20, 24]


def test_words_drawn_at_random_make_no_stable_topics(fitted):
    choose = random.Random(1)
    words = [word for said, added in THEMES.values() for word in (*said[0].split(), *added)]
    noise = pl.DataFrame(
        {
            "message_id": [f"m{n:03}" for n in range(240)],
            "text": [" ".join(choose.choices(words, k=8)) for _ in range(240)],
        }
    )
    found = topics.fit(noise, n_topics=6, refits=6)
    assert found.topics["stability"].mean() < 0.5 < fitted.topics["stability"].mean()


def test_topics_are_numbered_by_size_and_shares_add_up(data, fitted):
    sizes = fitted.topics["size"].to_list()
    assert fitted.topics["topic"].to_list() == list(range(6))
    assert sizes == sorted(sizes, reverse=True)
    counted = Counter(fitted.assignments["topic"].to_list())
    assert sizes == [counted[topic] for topic in range(6)]
    np.testing.assert_allclose(fitted.topics["share"], np.array(sizes) / data.height)


def test_hierarchy_joins_all_topics_once(data, fitted):
    joins = fitted.hierarchy
    TOPIC_HIERARCHY.check(joins, where="test")
    assert sorted([*joins["left"], *joins["right"]]) == list(range(10))
    assert joins["node"].to_list() == list(range(6, 11))
    assert joins["size"][-1] == fitted.topics["size"].sum()
    assert joins["distance"].is_sorted()


# --- the same rows, the same topics -------------------------------------------------------------


def test_row_order_does_not_matter_and_the_input_is_unchanged(data, fitted):
    before = data.clone()
    other = topics.fit(data.sample(fraction=1, shuffle=True, seed=3), n_topics=6, refits=6)
    assert_frame_equal(other.topics, fitted.topics)
    assert_frame_equal(other.assignments, fitted.assignments)
    assert_frame_equal(other.agreement, fitted.agreement)
    assert_frame_equal(data, before)


def test_an_embedding_given_is_not_changed_by_a_fit(data):
    embedding = vectors.lexical(10)
    first = topics.fit(data, n_topics=6, refits=0, embedding=embedding)
    topics.fit(data.head(60), n_topics=3, refits=0, embedding=embedding)
    assert_frame_equal(first.assign(data), first.assignments)


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_assign_gives_fitted_rows_what_fit_gave(data, fitted, chunk, monkeypatch):
    monkeypatch.setattr(model, "_CHUNK", chunk)
    forgetful = dataclasses.replace(fitted, _texts=None)
    assert_frame_equal(forgetful.assign(data.reverse()), fitted.assignments)
    assert_frame_equal(fitted.assign(data.reverse()), fitted.assignments)


def test_assign_knows_a_fitted_message_by_its_text_not_by_its_id_alone(data, fitted):
    swapped = data.with_columns(text=pl.col("text").reverse())
    forgetful = dataclasses.replace(fitted, _texts=None)
    assert_frame_equal(fitted.assign(swapped), forgetful.assign(swapped))


def test_assign_places_new_messages(fitted):
    more = pl.DataFrame(
        {"message_id": ["y", "x", "z"], "text": ["Фонарь не горит", "Стая собак бегает", None]}
    )
    placed = fitted.assign(more)
    names = dict(fitted.topics.select("topic", pl.col("keywords").list.join(" ")).iter_rows())
    assert placed["message_id"].to_list() == ["x", "y", "z"]
    assert "собака" in names[placed["topic"][0]]
    assert "фонарь" in names[placed["topic"][1]]
    assert placed.row(2) == ("z", -1, 0.0)


def test_a_message_without_a_text_is_counted_but_has_no_topic(data):
    silent = pl.DataFrame({"message_id": ["q1", "q2"], "text": [None, "  "]})
    found = topics.fit(pl.concat([data.select("message_id", "text"), silent]), n_topics=6, refits=0)
    assert found.assignments.height == data.height + 2
    assert found.assignments.tail(2).rows() == [("q1", -1, 0.0), ("q2", -1, 0.0)]
    np.testing.assert_allclose(found.topics["share"], found.topics["size"] / data.height)


# --- saving -------------------------------------------------------------------------------------


def test_saved_and_loaded_is_the_same_model_without_pickle(data, fitted, tmp_path):
    fitted.save(tmp_path / "m")
    kinds = {path.suffix for path in (tmp_path / "m").rglob("*") if path.is_file()}
    assert kinds == {".json", ".safetensors", ".parquet"}
    assert [path.name for path in tmp_path.iterdir()] == ["m"]
    loaded = topics.load(tmp_path / "m")
    for name in ("topics", "assignments", "reasons", "agreement", "hierarchy", "twins"):
        assert_frame_equal(getattr(loaded, name), getattr(fitted, name))
    assert_frame_equal(loaded.assign(data), fitted.assignments)


def test_saving_again_replaces_the_model(fitted, data, tmp_path):
    fitted.save(tmp_path / "m")
    other = topics.fit(data, n_topics=3, refits=0)
    other.save(tmp_path / "m")
    assert topics.load(tmp_path / "m").topics.height == 3
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_folder_of_something_else_is_left_alone(fitted, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ParameterError, match="something else"):
        fitted.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_failed_save_leaves_the_old_model(fitted, tmp_path, monkeypatch):
    fitted.save(tmp_path / "m")

    def full_disk(folder):
        raise OSError("no space left")

    monkeypatch.setattr(fitted.embedding, "save", full_disk)
    with pytest.raises(OSError, match="no space"):
        fitted.save(tmp_path / "m")
    assert topics.load(tmp_path / "m").topics.height == 6
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


@pytest.mark.parametrize("damage", ["nothing", "half a file", "no tensors"])
def test_a_damaged_model_is_refused(fitted, tmp_path, damage):
    folder = tmp_path / "m"
    if damage != "nothing":
        fitted.save(folder)
    if damage == "half a file":
        content = (folder / "model.json").read_text()
        (folder / "model.json").write_text(content[: len(content) // 2])
    if damage == "no tensors":
        (folder / "model.safetensors").unlink()
    with pytest.raises(InputError, match="no saved topic model"):
        topics.load(folder)


def test_saved_files_hold_no_text_but_the_redacted_examples(fitted, tmp_path):
    fitted.save(tmp_path / "m")
    about = json.loads((tmp_path / "m" / "model.json").read_text())
    assert set(about) == {"format", "least_margin", "seed", "apart", "absent", "owner"}
    frames = [pl.read_parquet(path) for path in sorted((tmp_path / "m").glob("*.parquet"))]
    assert all("text" not in frame.columns for frame in frames)


# --- BERTopic -----------------------------------------------------------------------------------


def test_bertopic_carries_our_topics_and_its_methods_work(fitted):
    # It reads fields of plotly and pandas that will go.
    filters = list(warnings.filters)
    made = fitted.bertopic
    assert warnings.filters == filters
    assert list(made.topics_) == fitted.assignments["topic"].to_list()
    info = made.get_topic_info().set_index("Topic")
    for topic, label, size in fitted.topics.select("topic", "label", "size").iter_rows():
        assert info.loc[topic, "CustomName"] == label
        assert info.loc[topic, "Count"] == size
    words = [word for word, _ in made.get_topic(0)]
    assert set(words[:3]) & set(fitted.topics["keywords"][0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for draw in ("barchart", "hierarchy", "heatmap", "term_rank"):
            assert getattr(made, f"visualize_{draw}")().data


def test_class_tf_idf_is_that_of_bertopic():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bertopic.vectorizers import ClassTfidfTransformer

        # The peer rounds A to a whole number; here it is one.
        counts = sparse.csr_array(np.array([[3, 0, 1, 2], [0, 5, 1, 0], [1, 1, 1, 3]]))
        peer = ClassTfidfTransformer().fit_transform(sparse.csr_matrix(counts))
    np.testing.assert_allclose(labels.class_tf_idf(counts).toarray(), peer.toarray())


def test_texts_of_one_word_have_no_bertopic_and_say_so(data):
    same = data.head(20).with_columns(text=pl.lit("Снег"))
    with pytest.raises(NotEnoughDataError, match="a single word"):
        _ = topics.fit(same, refits=0).bertopic


def test_a_loaded_model_says_why_it_has_no_bertopic(fitted, tmp_path):
    fitted.save(tmp_path / "m")
    with pytest.raises(NotEnoughDataError, match="Fit the model again"):
        _ = topics.load(tmp_path / "m").bertopic


# --- labels and examples ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("горячей воды", "горячей воды"),  # согласовано
        ("горячей вода", None),
        ("горячая воды", None),
        ("уборка снега", "уборка снега"),
        ("нет отопления", "нет отопления"),
        ("нет отопление", None),
        ("течёт крыша", "течёт крыша"),
        ("текут крыша", None),
        ("вывезти мусор", "вывезти мусор"),
        ("твёрдых бытовых отходов", "твёрдых бытовых отходов"),
        ("отсутствие горячей воды", "отсутствие горячей воды"),
        ("не работает фонарь", "не работает фонарь"),
        ("нет горячей воды", "нет горячей воды"),
        ("мусор дорога", None),
        ("Иванов Пётр", None),
        ("улица Ленина", None),
        (", воды", None),
    ],
)
def test_a_phrase_is_what_grammar_joins(sentence, phrase):
    found = phrases.phrase_of(*sentence.lower().replace(",", ", ").split())
    assert (found and found.form) == phrase


def test_labels_are_phrases_of_the_texts_and_no_two_alike(data, fitted):
    spoken = " ".join(data["text"]).lower()
    found = fitted.topics["label"].to_list()
    assert len(set(found)) == len(found)
    assert sum(label.lower().split(", ")[0] in spoken for label in found) >= 5
    assert any("горяч" in label.lower() and "вод" in label.lower() for label in found)


def read(texts) -> pl.DataFrame:
    return pl.DataFrame({"text": texts, "terms": text.terms(pl.Series(texts))})


def test_the_commonest_form_is_shown_the_nominative_before_other_cases():
    texts = ["Нету горячей воды."] * 5 + ["Где горячая вода?"] * 3 + ["Сухое дерево."] * 4
    named = labels.labels(read(texts), [0] * 8 + [1] * 4, [["вода"], ["дерево"]])
    # Five say «горячей воды», three «горячая вода».
    assert named == ["Горячая вода", "Сухое дерево"]


def test_two_topics_that_speak_alike_get_different_labels():
    named = labels.labels(read(["Горячая вода"] * 8), [0, 1] * 4, [["вода"], ["вода"]])
    assert len(set(named)) == 2


def test_the_second_phrase_is_the_one_that_finds_what_the_first_does_not():
    texts = ["Убрали сухое дерево."] * 5 + ["Спилить высокий тополь."] * 4 + ["Сухое дерево."] * 2
    texts += ["Горячая вода."] * 6
    words = [["дерево", "тополь"], ["вода"]]
    named = labels.labels(read(texts), [0] * 11 + [1] * 6, words)
    assert named == ["Сухое дерево, высокий тополь", "Горячая вода"]


def test_a_word_common_to_all_topics_names_none():
    texts = ["Старый дом, горячая вода."] * 8 + ["Старый дом, сухое дерево."] * 8
    named = labels.labels(read(texts), [0] * 8 + [1] * 8, [["дом", "вода"], ["дом", "дерево"]])
    assert [label.split(",")[0] for label in named] == ["Горячая вода", "Сухое дерево"]


def test_a_street_and_a_municipality_are_no_label():
    texts = ["На улице Лесной, дом 5 яма. Лесная яма."] * 6 + ["Северная яма, глубокая яма."] * 6
    named = labels.labels(read(texts), [0] * 12, [["яма", "лесной", "северный"]], but={"северный"})
    assert named == ["Глубокая яма"]


@pytest.mark.parametrize(
    ("place", "said"),
    [("Заводоречье", "заводоречья"), ("Перевоз", "Перевоза")],
)
def test_a_fit_lets_no_municipality_into_a_label(place, said):
    texts = [f"Фонари {said} не горят. Дом {n}." for n in range(30)]
    texts += [f"Нет горячей воды. Дом {n}." for n in range(30)]
    frame = messages(texts).with_columns(municipality=pl.lit(f"городской округ {place}"))
    labelled = " ".join(topics.fit(frame, n_topics=2, refits=0).topics["label"].to_list()).lower()
    assert place.lower()[:5] not in labelled
    assert "горячей воды" in labelled
    assert "фонар" in labelled


def test_names_of_several_words_leave_common_nouns_to_labels():
    named = pl.Series(["Минеральные Воды", None, "Мховский муниципальный округ"])
    barred = place_words.of(named)
    assert {"минеральный", "мховский"} <= barred
    assert not {"вода", "муниципальный", "округ"} & barred
    # Nor is a bare keyword of a topic without a phrase the name of a place.
    assert labels.labels(read(["Да"]), [0], [["мховский", "вода"]], but=barred) == ["Вода"]


def test_what_does_not_work_is_said_with_its_negation():
    named = labels.labels(read(["Не работает фонарь у дома."] * 4), [0] * 4, [["фонарь"]])
    assert named == ["Не работает фонарь"]


def test_examples_are_redacted_short_and_no_two_copies():
    said = ["Прошу убрать сухое дерево у школы, звоните +7 912 345-67-89"]
    said += [f"Сухое дерево упало на {what}" for what in ("забор", "машину", "дорогу", "крышу")]
    texts = said * 6 + ["Сухое дерево " + "очень сухое дерево " * 100] + list(planted(60)["text"])
    frame = pl.DataFrame({"message_id": [f"{n:03}" for n in range(len(texts))], "text": texts})
    found = topics.fit(frame, n_topics=6, refits=0)
    shown = found.topics.explode("examples")["examples"].drop_nulls().to_list()
    assert not any("345-67-89" in example or len(example) > 250 for example in shown)
    for examples in found.topics["examples"].to_list():
        assert len(set(examples)) == len(examples)
    assert any("[ТЕЛЕФОН]" in example for example in shown)


# --- stability and intervals --------------------------------------------------------------------


def test_agreement_counts_refits_of_three_kinds(fitted):
    TOPIC_AGREEMENT.check(fitted.agreement, where="test")
    refits = fitted.agreement.group_by("method").agg(pl.col("refits").unique().first())
    assert dict(refits.iter_rows()) == {"half-sample": 6, "bootstrap": 1, "seed": 1}
    half = fitted.agreement.filter(pl.col("method") == "half-sample").sort("topic")
    assert half["jaccard"].to_list() == fitted.topics["stability"].to_list()
    assert fitted.agreement.select((pl.col("jaccard_low") <= pl.col("jaccard")).all()).item()


def test_intervals_hold_the_share_and_are_no_narrower_than_binomial(fitted):
    share, low, high = (fitted.topics[c].to_numpy() for c in ("share", "share_low", "share_high"))
    plain_low, plain_high = wilson(fitted.topics["size"].to_numpy(), 240)
    assert (low <= share).all()
    assert (share <= high).all()
    assert (high - low >= plain_high - plain_low - 1e-9).all()


def test_without_refits_there_is_no_stability():
    found = topics.fit(planted(60), n_topics=3, refits=0)
    assert found.topics["stability"].null_count() == 3
    assert found.agreement.is_empty()
    TOPICS.check(found.topics, where="test")


def test_half_samples_of_a_fixed_topic_have_the_variance_of_the_whole():
    # The reason intervals may be read off half-samples: no refit, a share of 0.2, n = 400.
    rng = np.random.default_rng(0)
    member = np.arange(400) < 80
    shares = [member[rng.permutation(400)[:200]].mean() for _ in range(4000)]
    done = [stability.Refit(stability.HALF_SAMPLE, np.ones(1), np.array([s])) for s in shares]
    found = stability.intervals(np.array([0.2]), done, n=400)
    np.testing.assert_allclose(found, wilson([80], [400]), atol=0.004)


def test_messages_of_few_authors_make_wider_intervals():
    # Each author writes on one subject only: 12 voices, not 240.
    data = planted()
    voice = pl.col("rubric") + (pl.col("message_id").str.slice(1).cast(pl.Int64) % 2).cast(
        pl.String
    )
    few = topics.fit(data.with_columns(voice.alias("author_id")), n_topics=6, refits=8)
    many = topics.fit(data, n_topics=6, refits=8)
    width = [(m.topics["share_high"] - m.topics["share_low"]).mean() for m in (few, many)]
    assert width[0] > 1.5 * width[1]


# --- consensus ----------------------------------------------------------------------------------


def test_margin_says_how_much_nearer():
    centres = np.array([[1, 0], [0, 1]], dtype=np.float32)
    rows = np.array([[1, 0], [0.8, 0.6], [np.sqrt(0.5)] * 2, [0, 0]], dtype=np.float32)
    found, margins = consensus.nearest(rows, centres, least_margin=0.1)
    assert found.tolist() == [0, 0, -1, -1]
    np.testing.assert_allclose(margins, [1, 0.5, 0, 0], atol=1e-5)


unit_rows = arrays.arrays(
    np.float32, st.tuples(st.integers(2, 40), st.just(4)), elements=st.floats(-1, 1, width=16)
).map(lambda rows: rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-3))


@settings(deadline=None, max_examples=40)
@given(unit_rows, st.integers(1, 12))
def test_centres_are_at_most_k_and_of_length_one(rows, k):
    cloud = consensus.points(rows.astype(np.float32), seed=0)
    found = consensus.centres(cloud, k, runs=3, seed=0)
    lengths = np.linalg.norm(found, axis=1)
    assert 1 <= len(found) <= k
    assert (np.isclose(lengths, 1, atol=1e-4) | (lengths == 0)).all()


def test_a_large_corpus_is_summed_up_and_nobody_is_lost():
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(5, 8))
    truth = rng.integers(0, 5, 5_000)
    rows = centres[truth] + 0.2 * rng.normal(size=(5_000, 8))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    cloud = consensus.points(rows, seed=0)
    assert cloud.count <= 1_000
    assert cloud.weights.sum() == 5_000
    half = cloud.reweighted(np.arange(2_500))
    assert half.weights.sum() == 2_500
    found, _ = consensus.nearest(rows, consensus.centres(cloud, 5, runs=10, seed=0))
    assert adjusted_rand_score(truth, found) > 0.95


# --- guided by a rubricator ---------------------------------------------------------------------


def test_rubrics_name_topics_and_the_unspoken_ones_are_listed(data):
    rubrics = ["Горячая вода", "Уличное освещение, фонари", "Ямы на дороге", "Оперный театр"]
    found = topics.fit(data.drop("rubric"), rubrics=rubrics, n_topics=6, refits=0)
    assert found.absent == ("Оперный театр",)
    assert set(rubrics[:3]) <= set(found.topics["label"])
    assert found.topics.height == 6
    assert agreement_with_truth(data, found) > 0.8


def test_messages_that_carry_a_rubric_start_its_topic(data):
    # The name alone says nothing of dogs; the messages do.
    labelled = data.with_columns(
        rubric=pl.when(pl.col("rubric") == "собаки").then(pl.lit("Прочее"))
    )
    found = topics.fit(labelled, rubrics=["Прочее", "Вода", "Свет"], n_topics=6, refits=0)
    dogs = found.topics.filter(pl.col("label") == "Прочее")
    assert "собака" in dogs["keywords"][0].to_list()


def test_rubrics_of_another_world_are_refused(data):
    with pytest.raises(NotEnoughDataError, match="rubric"):
        topics.fit(data, rubrics=["Квантовая хромодинамика"], refits=0)


# --- crosswalk ----------------------------------------------------------------------------------


def walk(*cells: tuple[int, str, int]) -> pl.DataFrame:
    """Crosswalk of a table of topic, rubric, number of messages."""
    rows = [(topic, rubric) for topic, rubric, n in cells for _ in range(n)]
    ids = [f"{n:04}" for n in range(len(rows))]
    found = [topic for topic, _ in rows]
    placed = pl.DataFrame({"message_id": ids, "topic": found, "margin": [0.5] * len(rows)})
    named = pl.DataFrame({"topic": sorted(set(found))}).with_columns(
        label=pl.lit("тема ") + pl.col("topic").cast(pl.String)
    )
    fake = SimpleNamespace(assign=lambda _: placed, topics=named)
    messages = pl.DataFrame(
        {"message_id": ids, "text": ["…"] * len(rows), "rubric": [rubric for _, rubric in rows]}
    )
    return topics.crosswalk(messages, fake)


def verdicts(table: pl.DataFrame) -> dict[tuple[int, str], str]:
    return {(t, r): v for t, r, v in table.select("topic", "rubric", "verdict").iter_rows()}


def test_a_topic_that_is_a_rubric_agrees():
    found = verdicts(walk((0, "Вода", 95), (0, "Свет", 2), (1, "Свет", 90)))
    assert found[0, "Вода"] == columns.AGREES
    assert found[0, "Свет"] == columns.STRAY


def test_a_rubric_that_merges_topics():
    found = verdicts(walk((0, "ЖКХ", 80), (1, "ЖКХ", 60), (2, "Свет", 50)))
    assert found[0, "ЖКХ"] == found[1, "ЖКХ"] == columns.MERGED
    assert found[2, "Свет"] == columns.AGREES


def test_a_topic_split_between_rubrics():
    found = verdicts(walk((0, "Дороги города", 50), (0, "Дороги области", 50)))
    assert set(found.values()) == {columns.SPLIT}


def test_a_topic_the_rubricator_hides():
    cells = [(0, f"Рубрика {n}", 8) for n in range(12)] + [
        (1, f"Рубрика {n}", 30) for n in range(12)
    ]
    found = verdicts(walk(*cells))
    assert {verdict for (topic, _), verdict in found.items() if topic == 0} == {columns.HIDDEN}


def test_a_handful_of_messages_decides_nothing():
    found = verdicts(walk((0, "Вода", 2), (0, "Свет", 1)))
    assert set(found.values()) == {columns.UNDECIDED}


def test_shares_of_a_crosswalk_by_hand():
    row = walk((0, "Вода", 30), (0, "Свет", 10), (1, "Вода", 20)).row(0, named=True)
    assert (row["rubric"], row["size"], row["share"], row["rubric_share"]) == (
        "Вода",
        30,
        0.75,
        0.6,
    )
    # Every message is its own author: nearly the plain interval (clusters count G/(G - 1)).
    low, high = wilson(30, 40)
    np.testing.assert_allclose([row["share_low"], row["share_high"]], [low, high], atol=0.003)


def test_crosswalk_without_rubrics_says_so(data, fitted):
    with pytest.raises(SchemaError, match="no column tema"):
        topics.crosswalk(data, fitted, rubric="tema")
    empty = data.with_columns(rubric=pl.lit(None, dtype=pl.String))
    with pytest.raises(NotEnoughDataError, match="both a rubric and a topic"):
        topics.crosswalk(empty, fitted)


# --- intrusion ----------------------------------------------------------------------------------


def test_the_intruder_comes_from_another_topic(fitted):
    task = topics.intrusion(fitted, seed=1)
    owner = {e: t for t, es in fitted.topics.select("topic", "examples").iter_rows() for e in es}
    for row, topic, intruder, stranger in task.key.iter_rows():
        shown = task.sheet.filter(pl.col("row") == row).sort("option")["text"].to_list()
        of = [owner[text] for text in shown]
        assert len(shown) == 5
        assert of.pop(intruder) == stranger != topic
        assert set(of) == {topic}
    assert set(task.sheet.columns) == {"row", "option", "text"}


def test_the_sheet_is_the_same_for_a_seed_and_another_for_another(fitted):
    sheets = [topics.intrusion(fitted, seed=seed).sheet for seed in (1, 1, 2)]
    assert sheets[0].equals(sheets[1])
    assert not sheets[0].equals(sheets[2])


def test_one_topic_has_no_intruder():
    with pytest.raises(NotEnoughDataError, match="intruder"):
        topics.intrusion(topics.fit(planted(30), n_topics=1, refits=0))


# --- bad input ----------------------------------------------------------------------------------


def messages(texts) -> pl.DataFrame:
    return pl.DataFrame(
        {"message_id": [str(n) for n in range(len(texts))], "text": texts},
        schema={"message_id": pl.String, "text": pl.String},
    )


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "no message has a text"),
        ([None, "", " \n"], "no message has a text"),
        (["Нет воды"], "no word occurs in two texts"),
        (["🙂", "🙂🙂", "👍"], "no word occurs in two texts"),
    ],
)
def test_too_little_is_said_with_a_remedy(texts, said):
    with pytest.raises(NotEnoughDataError, match=said) as error:
        topics.fit(messages(texts))
    assert error.value.remedy


def test_identical_texts_are_one_topic():
    found = topics.fit(messages(["Нет горячей воды"] * 30), refits=4)
    assert found.topics["size"].to_list() == [30]
    assert found.hierarchy.is_empty()


def test_more_topics_than_texts_is_refused_in_numbers():
    with pytest.raises(NotEnoughDataError, match="40 topics are asked of 2 texts that differ"):
        topics.fit(messages(["Нет воды", "Яма на дороге"] * 10), n_topics=40)


def test_another_language_works_on_its_words():
    texts = ["no hot water at home", "hot water is off", "street lamp is broken", "lamp broken"]
    found = topics.fit(messages(texts * 8), n_topics=2, refits=2)
    assert found.topics.height == 2


@pytest.mark.parametrize("wrong", [{"n_topics": 0}, {"refits": -1}])
def test_numbers_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ParameterError):
        topics.fit(planted(30), **wrong)


def test_a_message_id_on_two_rows_is_refused(data, fitted):
    twice = pl.concat([data, data.head(1)])
    for call in (topics.fit, fitted.assign):
        with pytest.raises(SchemaError, match="m000 stands on more than one row"):
            call(twice)


def test_vectors_of_another_width_are_a_clear_error(data):
    class Nothing:
        name = "nothing"

        def fit_transform(self, texts):
            return np.zeros((len(texts), 3), dtype=np.float32)

    with pytest.raises(CurLabError, match="0 texts that differ"):
        topics.fit(data, embedding=Nothing())
