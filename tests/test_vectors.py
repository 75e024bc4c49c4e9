import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import vectors
from cur_lab.errors import (
    InputError,
    MissingExtraError,
    NotEnoughDataError,
    ParameterError,
)
from cur_lab.vectors import pretrained

TEXTS = pl.Series(
    [
        "Нет горячей воды в квартире второй день",
        "В квартире нет горячей воды, холодная есть",
        "Отключили горячую воду, в квартире холодно",
        "Не горит фонарь на улице, вечером темно",
        "Фонарь на улице не горит, очень темно вечером",
        "Светильник на улице не горит вечером, темно",
        "Светильник не горит, темно идти вечером",
    ]
)


def test_rows_are_float32_of_length_one():
    found = vectors.lexical(5).fit_transform(TEXTS)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)


def test_texts_on_one_subject_are_nearer_than_others():
    found = vectors.lexical(3).fit_transform(TEXTS)
    alike = found @ found.T
    water, light = slice(0, 3), slice(3, 7)
    assert alike[water, water].min() > alike[water, light].max() + 0.3


def test_words_of_the_same_company_are_near_although_never_together():
    # «фонарь» and «светильник» stand in no text together, neither do «фонарь» and «кран».
    places = ["вечером", "утром", "ночью", "вчера", "сегодня", "зимой"]
    texts = [f"Не горит {lamp} на улице {at}" for lamp in ("фонарь", "светильник") for at in places]
    texts += [f"Течёт {tap} в квартире {at}" for tap in ("кран", "смеситель") for at in places]
    embedding = vectors.lexical(6)
    embedding.fit_transform(pl.Series(texts))
    lamp, light, tap = embedding.transform(pl.Series(["фонарь", "светильник", "кран"]))
    assert lamp @ light > lamp @ tap + 0.3


def test_texts_without_a_known_word_are_zeros():
    embedding = vectors.lexical(3)
    embedding.fit_transform(TEXTS)
    found = embedding.transform(pl.Series(["", None, "🙂🙂", "абракадабра"], dtype=pl.String))
    assert not found.any()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.sampled_from([*TEXTS.to_list(), "вода", "улица темно"]), min_size=1, max_size=9))
def test_a_vector_does_not_depend_on_the_texts_beside_it(batch):
    embedding = fitted()
    together = embedding.transform(pl.Series(batch))
    alone = np.vstack([embedding.transform(pl.Series([one])) for one in batch])
    np.testing.assert_array_equal(together, alone)


def fitted(cache: list[vectors.Lexical] = []) -> vectors.Lexical:  # noqa: B006
    if not cache:
        cache.append(vectors.lexical(4))
        cache[0].fit_transform(TEXTS)
    return cache[0]


def test_saved_and_loaded_gives_the_same_vectors_without_pickle(tmp_path):
    embedding = fitted()
    embedding.save(tmp_path / "e")
    assert {p.name for p in (tmp_path / "e").iterdir()} == {
        "embedding.json",
        "embedding.safetensors",
    }
    loaded = vectors.load(tmp_path / "e")
    np.testing.assert_array_equal(loaded.transform(TEXTS), embedding.transform(TEXTS))
    assert loaded.name == embedding.name


@pytest.mark.parametrize("content", [None, "not json", "{}", "[]"])
def test_a_folder_without_an_embedding_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "embedding.json").write_text(content)
    with pytest.raises(InputError, match="no saved embedding"):
        vectors.load(tmp_path)


def test_an_unknown_kind_is_refused(tmp_path):
    (tmp_path / "embedding.json").write_text(json.dumps({"kind": "magic"}))
    with pytest.raises(InputError, match="magic"):
        vectors.load(tmp_path)


@pytest.mark.parametrize("texts", [[], [""], ["Нет воды"], ["один", "два"], [None, None]])
def test_texts_that_share_no_word_are_not_enough(texts):
    with pytest.raises(NotEnoughDataError, match="Give more texts"):
        vectors.lexical().fit_transform(pl.Series(texts, dtype=pl.String))


def test_nothing_can_be_placed_before_something_is_learnt():
    with pytest.raises(NotEnoughDataError, match="fit_transform"):
        vectors.lexical().transform(TEXTS)


def test_no_dimensions_are_refused():
    with pytest.raises(ParameterError):
        vectors.lexical(0)


# --- models the user brings: tiny ones, made here -----------------------------------------------


@pytest.mark.parametrize(
    ("make", "package"), [("transformer", "sentence"), ("static", "model2vec")]
)
def test_without_the_extra_the_error_names_it(make, package, monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(pretrained.importlib, "import_module", absent)
    with pytest.raises(MissingExtraError, match=f"{package}.*extra transformers"):
        getattr(vectors, make)("some-model")


WORDS = ["вода", "свет", "дорога", "query", ":"]


def tokenizer():
    tokenizers = pytest.importorskip("tokenizers", reason="needs the extra transformers")
    vocabulary = {word: i for i, word in enumerate(["[UNK]", "[PAD]", *WORDS])}
    made = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    return made


def static_model(folder):
    model2vec = pytest.importorskip("model2vec", reason="needs the extra transformers")
    table = np.random.default_rng(0).normal(size=(len(WORDS) + 2, 6)).astype(np.float32)
    model2vec.StaticModel(vectors=table, tokenizer=tokenizer()).save_pretrained(str(folder))
    return folder


def transformer_model(folder):
    sentence_transformers = pytest.importorskip(
        "sentence_transformers", reason="needs the extra transformers"
    )
    torch = pytest.importorskip("torch", reason="needs the extra transformers")
    from sentence_transformers.models import StaticEmbedding

    torch.manual_seed(0)
    layer = StaticEmbedding(tokenizer(), embedding_dim=6)
    sentence_transformers.SentenceTransformer(modules=[layer], device="cpu").save(str(folder))
    return folder


MODELS = {"static": static_model, "transformer": transformer_model}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", MODELS)
def test_a_model_of_the_user_gives_unit_rows_and_is_found_again(kind, tmp_path):
    folder = MODELS[kind](tmp_path / "tiny")
    embedding = getattr(vectors, kind)(folder)
    texts = pl.Series(["вода", "дорога вода", "", None])
    found = embedding.fit_transform(texts)
    assert found.dtype == np.float32
    assert found.shape == (4, 6)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 1, 0, 0], atol=1e-6)
    embedding.save(tmp_path / "saved")
    np.testing.assert_array_equal(vectors.load(tmp_path / "saved").transform(texts), found)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", MODELS)
def test_cached_vectors_are_not_computed_again(kind, tmp_path):
    folder, cache = MODELS[kind](tmp_path / "tiny"), tmp_path / "cache"
    first = getattr(vectors, kind)(folder, cache=cache)
    found = first.transform(pl.Series(["вода", "свет"]))
    again = getattr(vectors, kind)(folder, cache=cache)
    asked = []
    encode = again._encode
    again._encode = lambda texts: asked.extend(texts) or encode(texts)
    np.testing.assert_array_equal(again.transform(pl.Series(["свет", "вода"])), found[::-1])
    assert asked == []
    again.transform(pl.Series(["вода", "дорога"]))
    assert asked == ["дорога"]


@pytest.mark.filterwarnings("ignore")
def test_another_model_has_another_cache(tmp_path):
    cache = tmp_path / "cache"
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        vectors.static(static_model(tmp_path / name / "tiny"), cache=cache).transform(
            pl.Series(["вода"])
        )
    assert len(list(cache.iterdir())) == 2


@pytest.mark.filterwarnings("ignore")
def test_models_of_the_e5_family_get_their_prefix(tmp_path):
    texts = pl.Series(["вода"])
    plain = vectors.transformer(transformer_model(tmp_path / "tiny")).transform(texts)
    prefixed = vectors.transformer(transformer_model(tmp_path / "multilingual-e5-tiny"))
    whole = vectors.transformer(tmp_path / "tiny").transform(pl.Series(["query: вода"]))
    np.testing.assert_array_equal(prefixed.transform(texts), whole)
    assert not np.array_equal(plain, whole)
