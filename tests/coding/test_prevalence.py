"""Shares of codes: right when the model is bad, narrower when it is good."""

import numpy as np
import polars as pl
import pytest

from cur_lab import coding, columns
from cur_lab.coding.difference import Coded, estimated
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

N = 4000


def corpus(seed=0, *, share=0.3, right=0.9, bias=0.0):
    """Messages with a truth and a model that is right so often, and gives the code too often."""
    draw = np.random.default_rng(seed)
    truth = draw.random(N) < share
    model = np.where(draw.random(N) < right, truth, ~truth) | (draw.random(N) < bias)
    frame = pl.DataFrame(
        {
            "message_id": [f"m{n:05}" for n in range(N)],
            "code": "тема",
            "value": np.where(model, "вода", "дороги"),
            "municipality": np.where(np.arange(N) % 3 == 0, "Лесной", "Дальний"),
        }
    )
    return frame, truth


def coded(predictions, truth, *, n=200, seed=1, coders=1):
    """Code a plain random sample; coders agree unless told otherwise."""
    drawn = np.sort(np.random.default_rng(seed).choice(N, n, replace=False))
    rows = [
        {
            "message_id": predictions["message_id"][int(place)],
            "coder": str(coder),
            "code": "тема",
            "value": "вода" if truth[place] else "дороги",
        }
        for place in drawn
        for coder in range(coders)
    ]
    return pl.DataFrame(rows)


def water(found, table="shares"):
    return getattr(found, table).filter(value="вода").row(0, named=True)


@pytest.mark.parametrize("bias", [0.0, 0.4])
def test_the_share_is_right_though_the_model_is_not(bias):
    predictions, truth = corpus(bias=bias)
    row = water(coding.prevalence(coded(predictions, truth), predictions))
    assert row["share_low"] <= truth.mean() <= row["share_high"]
    if bias:
        assert row["model_share"] > row["share_high"]


def test_a_good_model_is_worth_many_texts_and_a_bad_one_none():
    good, truth = corpus(right=0.97)
    bad, same = corpus(right=0.5)
    assert (truth == same).all()
    worth = [
        water(coding.prevalence(coded(frame, truth), frame))["effective_texts"]
        for frame in (good, bad)
    ]
    assert worth[0] > 400
    assert 150 < worth[1] < 215


def test_without_a_model_it_is_the_share_of_the_coded_texts():
    predictions, truth = corpus()
    blind = predictions.with_columns(value=pl.lit(None, pl.String))
    codes = coded(predictions, truth)
    row = water(coding.prevalence(codes, blind))
    assert row["share"] == pytest.approx((codes["value"] == "вода").mean())
    assert row["tuning"] == 0
    assert row["correlation"] is None


def test_everything_coded_is_known_to_the_digit():
    predictions, truth = corpus(right=0.7)
    row = water(coding.prevalence(coded(predictions, truth, n=N), predictions))
    assert row["share"] == pytest.approx(truth.mean())
    assert row["share_high"] - row["share_low"] < 1e-6


def test_unequal_probabilities_are_weighed_back():
    predictions, truth = corpus(right=0.6)
    place = np.arange(N) % 3 == 0
    truth = np.where(place, np.arange(N) % 2 == 0, truth)
    messages = predictions.with_columns(text=pl.lit("нет воды ") + pl.col("message_id"))
    messages = messages.with_columns(family=pl.col("message_id"), template=pl.col("text"))
    drawn = coding.sample(messages, n=300, by=("municipality",), allocation="equal", seed=2)
    answers = dict(zip(predictions["message_id"], truth, strict=True))
    codes = drawn.select(
        "message_id",
        coder=pl.lit("1"),
        code=pl.lit("тема"),
        value=pl.col("message_id").map_elements(
            lambda name: "вода" if answers[name] else "дороги", return_dtype=pl.String
        ),
    )
    row = water(coding.prevalence(codes, predictions, sample=drawn))
    assert row["share_low"] <= truth.mean() <= row["share_high"]
    unweighed = water(coding.prevalence(codes, predictions))
    assert abs(unweighed["share"] - truth.mean()) > abs(row["share"] - truth.mean())


def test_rare_codes_have_exact_intervals_and_say_so():
    predictions, truth = corpus(share=0.01)
    row = water(coding.prevalence(coded(predictions, truth, seed=4), predictions))
    assert row["reason"] == "exact_interval"
    assert row["share_low"] <= truth.mean() <= row["share_high"]


def test_coders_who_part_widen_the_interval():
    predictions, truth = corpus()
    codes = coded(predictions, truth, coders=2)
    second = (pl.col("coder") == "1") & (pl.int_range(pl.len()) % 5 < 2)
    parted = codes.with_columns(
        value=pl.when(second).then(pl.lit("вода")).otherwise(pl.col("value"))
    )
    widths = []
    for given in (codes, parted):
        row = water(coding.prevalence(given, predictions))
        widths.append(row["share_high"] - row["share_low"])
    assert widths[1] > 1.3 * widths[0]


def test_groups_differ_where_they_do():
    predictions, truth = corpus(right=0.95)
    same = coding.prevalence(coded(predictions, truth, n=400), predictions, by=("municipality",))
    assert (same.differences["q"] > 0.05).all()
    place = (predictions["municipality"] == "Лесной").to_numpy()
    apart = np.where(place, np.random.default_rng(3).random(N) < 0.6, truth)
    found = coding.prevalence(
        coded(predictions, apart, n=400, seed=2), predictions, by=("municipality",)
    )
    row = found.differences.filter(value="вода", municipality="Лесной").row(0, named=True)
    assert row["difference_low"] <= apart[place].mean() - apart[~place].mean()
    assert row["difference_high"] >= apart[place].mean() - apart[~place].mean()
    assert row["q"] < 0.01


def test_what_cannot_be_asked_is_an_error():
    predictions, truth = corpus()
    codes = coded(predictions, truth)
    with pytest.raises(SchemaError, match="not among the predictions"):
        coding.prevalence(codes, predictions.tail(N - 100))
    with pytest.raises(SchemaError, match="more than one row"):
        coding.prevalence(codes, pl.concat([predictions, predictions.head(1)]))
    with pytest.raises(NotEnoughDataError):
        coding.prevalence(codes.head(3), predictions)
    with pytest.raises(ParameterError):
        coding.prevalence(codes, predictions, level=1.5)
    undecided = codes.with_columns(value=pl.when(pl.int_range(pl.len()) > 9).then("value"))
    aside = coding.prevalence(undecided, predictions).aside
    assert aside.rows() == [("тема", "no_code", 10)]
    assert columns.CODES_ASIDE.schema == aside.schema


def test_the_interval_holds_what_it_promises():
    """Of 300 draws of 200 texts 93 of 100 and more hold the truth, with a model of any kind."""
    for right, bias in ((0.95, 0.0), (0.5, 0.0), (0.9, 0.3)):
        frame, truth = corpus(5, right=right, bias=bias)
        model = (frame["value"] == "вода").to_numpy().astype(float)
        draw, held = np.random.default_rng(6), 0
        for _ in range(300):
            rows = draw.choice(N, 200, replace=False)
            texts = Coded(
                truth[rows].astype(float),
                model[rows],
                np.ones(200),
                np.full(200, 200 / N),
                np.zeros(200, dtype=np.int64),
            )
            found = estimated(texts, N, float(model.mean()))
            held += found.low <= truth.mean() <= found.high
        assert held >= 275, (right, bias, held)
