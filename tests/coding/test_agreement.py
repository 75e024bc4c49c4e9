"""Agreement of coders: figures published elsewhere, a careless coder, what is set aside."""

import random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import coding
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

# Krippendorff (2011), 12 units and four observers. irrCAC 0.4.4 prints 0.77544 for its AC1, and
# 0.77515 without the unit that one of them coded.
WORKED = [
    "1 2 3 3 2 1 4 1 2 - - -",
    "1 2 3 3 2 2 4 1 2 5 - 3",
    "- 3 3 3 2 3 4 2 2 5 1 -",
    "1 2 3 3 2 4 4 1 2 5 1 -",
]


def long(rows: list[str], code: str = "тема") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "message_id": f"m{unit:03}",
            "coder": f"к{coder}",
            "code": code,
            "value": None if value == "-" else value,
        }
        for coder, row in enumerate(rows)
        for unit, value in enumerate(row.split())
    )


@pytest.fixture(scope="module")
def planted() -> tuple[pl.DataFrame, dict[str, float]]:
    """Four coders of 300 messages, right in so many cases; who errs picks any of three values."""
    choose = random.Random(5)
    right = {"к0": 0.95, "к1": 0.9, "к2": 0.85, "к3": 0.5}
    rows = []
    for message in range(300):
        truth = choose.choice("абв")
        for coder, share in right.items():
            others = [value for value in "абв" if value != truth]
            value = truth if choose.random() < share else choose.choice(others)
            rows.append((f"m{message:03}", coder, "тема", value))
    names = ["message_id", "coder", "code", "value"]
    return pl.DataFrame(rows, schema=names, orient="row"), right


@pytest.mark.parametrize(
    ("level", "known"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_the_published_example(level, known):
    found = coding.agreement(long(WORKED), level=level).questions.row(0, named=True)
    assert round(found["alpha"], 3) == known
    assert found["alpha_low"] < known < found["alpha_high"]
    assert (found["ac1"] is None) == (level != "nominal")


def test_ac1_of_the_published_example_where_each_unit_has_two_codes():
    found = coding.agreement(long(WORKED))
    assert round(found.questions["ac1"][0], 5) == 0.77515
    assert found.questions["double_coded"][0] == 11
    assert found.aside.rows() == [("тема", "coded_once", 1), ("тема", "no_code", 7)]


def test_ac1_stays_high_where_one_code_dominates():
    rows = ["нет " * 97 + "да нет нет", "нет " * 97 + "нет да да"]
    found = coding.agreement(long(rows)).questions.row(0, named=True)
    assert found["alpha"] < 0.05
    assert found["ac1"] > 0.9
    assert found["largest_share"] == pytest.approx(197 / 200)


def test_one_value_measures_nothing():
    found = coding.agreement(long(["да да да", "да да да"])).questions.row(0, named=True)
    assert found["alpha"] is None
    assert found["ac1"] is None


def test_a_value_of_two_measures_as_the_question():
    found = coding.agreement(long(["да нет да да нет нет", "да нет нет да нет да"]))
    assert found.values["alpha"].to_list() == [found.questions["alpha"][0]] * 2


def test_the_careless_coder_is_told(planted):
    codes, right = planted
    found = coding.agreement(codes).coders
    for row in found.iter_rows(named=True):
        assert row["coder_accuracy"] == pytest.approx(right[row["coder"]], abs=0.06)
        assert row["coder_accuracy_low"] <= row["coder_accuracy"] <= row["coder_accuracy_high"]
    last = found.sort("coder_accuracy").row(0, named=True)
    assert last["coder"] == "к3"
    assert last["coder_accuracy_high"] < found.sort("coder_accuracy")["coder_accuracy_low"][1]


def test_two_coders_leave_open_who_is_right(planted):
    codes = planted[0].filter(pl.col("coder").is_in(["к0", "к3"]))
    found = coding.agreement(codes).coders
    assert found["coder_accuracy"].to_list() == [None, None]


def test_disagreements_are_the_pairs_that_part(planted):
    codes = planted[0]
    found = coding.agreement(codes).disagreements
    by_message = codes.group_by("message_id").agg("value")["value"].to_list()
    parted = sum(one != other for values in by_message for one in values for other in values)
    assert found["times_parted"].sum() == parted
    assert found["coder"][0] == "к3"


def test_every_code_is_used_or_set_aside():
    codes = long(["да нет да - нет", "да - нет - нет"])
    found = coding.agreement(codes)
    used = found.values["codes"].sum()
    assert used == 6
    assert used + found.aside["codes"].sum() == codes.height


def test_rows_in_another_order_give_the_same(planted):
    codes = planted[0].head(60)
    again = coding.agreement(codes.sample(fraction=1, shuffle=True, seed=3))
    for name in ("questions", "values", "disagreements", "coders", "aside"):
        assert_frame_equal(getattr(coding.agreement(codes), name), getattr(again, name))


def test_bad_codes_are_named():
    with pytest.raises(NotEnoughDataError, match="by two coders"):
        coding.agreement(long(["да нет да"]))
    with pytest.raises(SchemaError, match="coded twice: m000, к0, тема"):
        coding.agreement(pl.concat([long(["1", "1"]), long(["2"])]))
    with pytest.raises(SchemaError, match="'да' is no number"):
        coding.agreement(long(["1 да", "1 2"]), level="ordinal")
    with pytest.raises(ParameterError, match="'best' is not known"):
        coding.agreement(long(["1 2", "1 2"]), level="best")


def test_numbers_written_in_two_ways_are_one():
    found = coding.agreement(long(["1 2 3", "1.0 2 3"]), level="interval")
    assert found.questions["alpha"][0] == 1
    assert found.values["codes"].sum() == 6
    assert found.disagreements.is_empty()
