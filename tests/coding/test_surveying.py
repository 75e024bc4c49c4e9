"""Weighted shares with their design effect, and weights that meet known margins."""

import numpy as np
import polars as pl
import pytest

from cur_lab import coding
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError


def answered(answers, weights=None, **more):
    n = len(answers)
    return pl.DataFrame(
        {
            "respondent": [f"r{place:04}" for place in range(n)],
            "question": ["Довольны?"] * n,
            "answer": answers,
            "weight": weights or [1.0] * n,
            **more,
        },
        schema_overrides={"answer": pl.String},
    )


def yes(frame, **asked):
    return coding.survey(frame, probability=True, **asked).filter(answer="да").row(0, named=True)


def test_equal_weights_have_no_design_effect():
    row = yes(answered(["да"] * 30 + ["нет"] * 70))
    assert row["share"] == pytest.approx(0.3)
    assert row["design_effect"] == pytest.approx(1, abs=1e-6)
    assert row["share_low"] < 0.3 < row["share_high"]


def test_unequal_weights_cost_what_kish_says():
    """Weights that have nothing to do with the answer: 1 + their squared variation."""
    draw = np.random.default_rng(1)
    weights = draw.gamma(2, 0.5, 4000)
    said = np.where(draw.random(4000) < 0.4, "да", "нет").tolist()
    row = yes(answered(said, weights.tolist()))
    assert row["design_effect"] == pytest.approx(1 + weights.var() / weights.mean() ** 2, rel=0.08)


def test_places_that_agree_with_themselves_widen_the_interval():
    """Every place of ten says the same: each is worth one answer, a design effect of ten."""
    said = [answer for place in range(40) for answer in ["да" if place % 2 else "нет"] * 10]
    places = [f"точка {place}" for place in range(40) for _ in range(10)]
    row = yes(answered(said, cluster=places))
    assert row["design_effect"] == pytest.approx(10 * 40 / 39 * 399 / 400, rel=1e-3)
    flat = yes(answered(said))
    assert row["share_high"] - row["share_low"] > 3 * (flat["share_high"] - flat["share_low"])


def test_strata_that_differ_narrow_it():
    said = ["да"] * 90 + ["нет"] * 10 + ["да"] * 10 + ["нет"] * 90
    strata = ["село"] * 100 + ["город"] * 100
    assert yes(answered(said, stratum=strata))["design_effect"] < 0.5


def test_a_poll_people_chose_to_answer_has_no_margin():
    found = coding.survey(answered(["да"] * 900 + ["нет"] * 100), probability=False)
    assert found["share"].to_list() == [0.9, 0.1]
    assert found["share_low"].null_count() == found.height
    assert set(found["reason"]) == {"self_selected"}


def test_who_gave_no_answer_is_counted_and_left_out():
    row = yes(answered(["да"] * 10 + ["нет"] * 10 + [None] * 5))
    assert (row["n"], row["no_answer"], row["share"]) == (20, 5, 0.5)


def test_the_interval_holds_what_it_promises_with_weights_and_places():
    draw, held = np.random.default_rng(2), 0
    for _ in range(200):
        mood = draw.beta(6, 6, 50)
        said = (draw.random((50, 8)) < mood[:, None]).ravel()
        weights = draw.gamma(4, 0.25, 50).repeat(8)
        places = [f"т{place}" for place in range(50) for _ in range(8)]
        told = answered(np.where(said, "да", "нет").tolist(), weights.tolist(), cluster=places)
        row = yes(told)
        held += row["share_low"] <= 0.5 <= row["share_high"]
    assert held >= 182


def people(seed=0, n=1200):
    draw = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "respondent": [f"r{place:04}" for place in range(n)],
            "sex": draw.choice(["ж", "м"], n, p=[0.7, 0.3]),
            "age": draw.choice(["18–34", "35–54", "55+"], n, p=[0.15, 0.3, 0.55]),
        }
    )


MARGINS = {
    "sex": {"ж": 0.54, "м": 0.46},
    "age": {"18–34": 0.25, "35–54": 0.38, "55+": 0.37},
}


def test_margins_are_met_to_a_millionth():
    found = coding.rake(people(), MARGINS)
    gap = (found.margins["margin_after"] - found.margins["margin_known"]).abs().max()
    assert gap < 1e-6
    assert found.weights["weight"].mean() == pytest.approx(1)
    assert found.effect > 1


def test_trimmed_weights_stay_small_and_the_gap_is_told():
    loose, tight = coding.rake(people(), MARGINS), coding.rake(people(), MARGINS, trim=1.5)
    assert tight.weights["weight"].max() <= 1.5 + 1e-6 < loose.weights["weight"].max()
    assert tight.effect < loose.effect
    gap = (tight.margins["margin_after"] - tight.margins["margin_known"]).abs().max()
    assert 1e-4 < gap < 0.1


def test_what_is_missing_from_the_margins_is_named():
    with pytest.raises(SchemaError, match="55"):
        coding.rake(people(), {"age": {"18–34": 0.4, "35–54": 0.6}})
    with pytest.raises(ParameterError, match="add up"):
        coding.rake(people(), {"sex": {"ж": 0.6, "м": 0.6}})
    with pytest.raises(ParameterError, match="trim"):
        coding.rake(people(), MARGINS, trim=0.5)
    with pytest.raises(SchemaError):
        coding.rake(people().drop("age"), MARGINS)


def test_what_cannot_be_estimated_is_an_error():
    with pytest.raises(SchemaError, match="twice"):
        coding.survey(pl.concat([answered(["да"])] * 2), probability=True)
    with pytest.raises(SchemaError, match="negative"):
        coding.survey(answered(["да", "нет"], [1.0, -1.0]), probability=True)
    with pytest.raises(NotEnoughDataError):
        coding.survey(answered([None, None]), probability=True)
    lone = answered(["да", "нет"], cluster=["т", "т"])
    assert coding.survey(lone, probability=True)["reason"].to_list() == ["one_cluster"] * 2


def test_a_card_tells_what_is_missing_and_that_a_margin_may_be_none():
    told = {"sponsor": "Правительство области", "sample_size": 1200, "margin": "3 %"}
    found = coding.card(told | {"probability": False})
    assert found.height == len(coding.ITEMS)
    given = found.filter(pl.col("is_given"))["item"].to_list()
    assert given == ["sponsor", "sample_size", "margin"]
    assert found.filter(item="margin")["reason"].item() == "self_selected"
    assert coding.card(told)["reason"].drop_nulls().to_list() == ["chance_unknown"]
    assert coding.card(told | {"probability": True})["reason"].null_count() == found.height
    with pytest.raises(ParameterError, match="colour"):
        coding.card({"colour": "red"})
