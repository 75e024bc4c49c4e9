"""Routing: right on what it has learnt, honest about what it has not."""

import random

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import sparse

from cur_lab import columns, routing
from cur_lab.errors import InputError, NotEnoughDataError, ParameterError, SchemaError
from cur_lab.routing import ridge

SUBJECTS = {
    "Водоснабжение": ["вода", "кран", "труба", "напор", "водоканал", "ржавая", "отключили воду"],
    "Дороги": ["яма", "асфальт", "дорога", "колесо", "ремонт дороги", "обочина", "колея"],
    "Освещение": ["фонарь", "лампа", "темно", "свет", "столб", "освещение", "не горит"],
    "Отопление": ["батарея", "холодно", "тепло", "отопление", "градус", "котельная"],
}
GROUP = {"Водоснабжение": "ЖКХ", "Отопление": "ЖКХ", "Дороги": "Город", "Освещение": "Город"}
COMMON = ["улица", "жители", "посёлок", "школа", "вечер", "неделя", "сосед", "администрация"]


def appeals(size=200, *, seed=0, noise=0.0):
    """Messages of four subjects; with ``noise`` some carry another's rubric."""
    rng = random.Random(seed)
    rows = []
    for number in range(size):
        rubric = rng.choice(list(SUBJECTS))
        words = rng.choices(SUBJECTS[rubric], k=2) + rng.choices(COMMON, k=4)
        rng.shuffle(words)
        given = rng.choice(list(SUBJECTS)) if rng.random() < noise else rubric
        rows.append((f"m{number:04}", " ".join(words), given, GROUP[given], f"Отдел {given}"))
    names = ["message_id", "text", "rubric", "rubric_group", "agency"]
    return pl.DataFrame(rows, schema=names, orient="row")


@pytest.fixture(scope="module")
def router():
    return routing.fit(appeals())


def accuracy(router, data):
    routes = router.assign(data, sure=0)
    joined = data.join(routes, on="message_id", suffix="_given", validate="1:1")
    return (joined[router.target] == joined[f"{router.target}_given"]).mean()


@pytest.mark.parametrize("target", ["rubric", "rubric_group", "agency"])
def test_planted_subjects_are_recognised_in_new_messages(target):
    router = routing.fit(appeals(), target=target)
    fresh = appeals(100, seed=1)
    assert accuracy(router, fresh) > 0.9
    routes = router.assign(fresh)
    assert routes.columns == ["message_id", target, "probability"]
    assert routes["probability"].is_between(0, 1).all()


def test_labels_without_a_connection_are_not_learnt():
    data = appeals(300, noise=1.0)
    router = routing.fit(data)
    # A fourth is chance; the left-out accuracy must not be that of remembered messages.
    assert router.accuracy < 0.4
    assert router.assign(appeals(100, seed=2))["probability"].mean() < 0.45


def test_probabilities_are_as_often_right_as_they_say():
    promised, kept = [], []
    for seed in range(4):
        router = routing.fit(appeals(400, seed=seed, noise=0.4))
        fresh = appeals(400, seed=10 + seed, noise=0.4)
        routes = fresh.join(router.assign(fresh, sure=0), on="message_id", suffix="_given")
        promised += routes["probability"].to_list()
        kept += (routes["rubric"] == routes["rubric_given"]).to_list()
    promised, kept = np.array(promised), np.array(kept)
    assert promised.mean() == pytest.approx(kept.mean(), abs=0.04)
    likely = promised > np.median(promised)
    assert kept[likely].mean() > kept[~likely].mean()


def test_left_out_scores_are_those_of_a_model_fitted_without_the_message():
    rng = np.random.default_rng(0)
    rows = sparse.csr_matrix(rng.random((12, 30)) * (rng.random((12, 30)) < 0.4))
    classes = rng.integers(0, 3, 12)
    everyone = np.arange(12)
    weights = rng.uniform(0.5, 2, 12)
    _, left_out = ridge.fit(rows, classes, 3, weights=weights, landmarks=everyone, penalty=0.3)
    bias = np.bincount(classes, minlength=3) / 12
    dense = rows.toarray()
    for place in range(12):
        others = np.delete(everyone, place)
        truth = np.eye(3)[classes[others]] - bias
        kernel = dense[others] @ dense[others].T
        fitted = np.linalg.solve(kernel + np.diag(0.3 / weights[others]), truth)
        expected = dense[place] @ dense[others].T @ fitted + bias
        assert left_out[place] == pytest.approx(expected, abs=1e-5)


def test_an_unrelated_message_is_not_sure(router):
    odd = pl.DataFrame({"message_id": ["a", "b"], "text": ["Zyxwv qwerty", ""]})
    known = pl.DataFrame({"message_id": ["c"], "text": ["Яма, дорога, асфальт, колея"]})
    strict = router.assign(pl.concat([odd, known]), sure=0.6)
    assert strict["rubric"].to_list() == [None, None, "Дороги"]
    assert router.assign(odd, sure=0)["rubric"].null_count() == 0


def test_a_rubric_with_one_message_is_found_by_its_name():
    rare = pl.DataFrame(
        {
            "message_id": ["r"],
            "text": ["Хотим рассказать о беде в посёлке"],
            "rubric": ["Безнадзорные собаки"],
        }
    )
    router = routing.fit(pl.concat([appeals().select(rare.columns), rare]))
    asked = pl.DataFrame({"message_id": ["q"], "text": ["Безнадзорные собаки на улице"]})
    assert router.assign(asked, sure=0)["rubric"].to_list() == ["Безнадзорные собаки"]


def test_messages_without_a_rubric_are_passed_over():
    data = appeals()
    unrouted = appeals(100, seed=5).with_columns(
        rubric=pl.lit(None, dtype=pl.String), message_id="u" + pl.col("message_id")
    )
    fresh = appeals(20, seed=6)
    assert_frame_equal(
        routing.fit(pl.concat([data, unrouted])).assign(fresh), routing.fit(data).assign(fresh)
    )


def test_the_words_that_decided_are_named(router):
    asked = pl.DataFrame(
        {"message_id": ["a"], "text": ["На улице у школы яма, разбит асфальт, жители недовольны"]}
    )
    reasons = router.explain(asked)
    assert reasons.schema == columns.REASONS.schema
    assert set(reasons["term"].to_list()[:2]) == {"яма", "асфальт"}
    assert reasons["weight"].is_sorted(descending=True)


def test_weights_of_words_add_up_to_the_score(router):
    asked = pl.DataFrame({"message_id": ["a"], "text": ["яма асфальт дорога"]})
    features = router._features.transform([["яма", "асфальт", "дорога"]])
    score = router._model.scores(features).max()
    base = router._model.bias[router._model.scores(features).argmax()]
    assert router.explain(asked)["weight"].sum() == pytest.approx(score - base)


def test_quality_is_told_for_every_rubric(router):
    quality = router.classes
    columns.ROUTED.check(quality, where="test")
    assert sorted(quality["label"]) == sorted(SUBJECTS)
    assert quality["size"].sum() == 200
    assert (quality["recall_low"] <= quality["recall"]).all()
    assert (quality["recall"] <= quality["recall_high"]).all()
    recalled = (quality["recall"] * quality["size"]).sum() / 200
    assert recalled == pytest.approx(router.accuracy)


def test_order_of_rows_does_not_matter():
    data, fresh = appeals(noise=0.2), appeals(50, seed=7)
    shuffled = data.sample(fraction=1, shuffle=True, seed=1)
    one, other = routing.fit(data), routing.fit(shuffled)
    assert_frame_equal(one.assign(fresh), other.assign(fresh))
    assert_frame_equal(one.classes, other.classes)


def test_few_landmarks_come_near_all_of_them(monkeypatch):
    data, fresh = appeals(400), appeals(200, seed=8)
    exact = accuracy(routing.fit(data), fresh)
    monkeypatch.setattr(routing, "_LANDMARKS", 80)
    assert accuracy(routing.fit(data), fresh) > exact - 0.05


def test_a_saved_router_routes_the_same(router, tmp_path):
    router.save(tmp_path / "router")
    again = routing.load(tmp_path / "router")
    fresh = appeals(50, seed=9)
    assert_frame_equal(router.assign(fresh), again.assign(fresh))
    assert_frame_equal(router.explain(fresh), again.explain(fresh))
    assert_frame_equal(router.classes, again.classes)
    assert again.target == "rubric"


def test_what_is_not_a_router_is_named(router, tmp_path):
    with pytest.raises(InputError, match="not a saved router"):
        routing.load(tmp_path)
    router.save(tmp_path)
    (tmp_path / "router.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="not a saved router"):
        routing.load(tmp_path)


@pytest.mark.parametrize(
    ("data", "target", "error", "named"),
    [
        (appeals(0), "rubric", NotEnoughDataError, "0 values of rubric"),
        (appeals(1), "rubric", NotEnoughDataError, "1 values of rubric"),
        (appeals(9).with_columns(text=pl.lit("😀 !!!")), "rubric", NotEnoughDataError, "0 values"),
        (appeals(9).drop("agency"), "agency", SchemaError, "no column agency"),
        (appeals(9), "municipality", ParameterError, "municipality"),
    ],
)
def test_what_cannot_be_learnt_is_said(data, target, error, named):
    with pytest.raises(error, match=named):
        routing.fit(data, target=target)
