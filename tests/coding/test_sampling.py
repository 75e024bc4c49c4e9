"""Samples for coding: strata, probabilities, copies coded once, nothing dropped in silence."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import coding
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

SIZES = {"Лесной": 60, "Заречный": 30, "Дальний": 10}


@pytest.fixture
def messages() -> pl.DataFrame:
    places = [place for place, size in SIZES.items() for _ in range(size)]
    return pl.DataFrame(
        {
            "message_id": [f"m{number:03}" for number in range(100)],
            "text": [f"Обращение {number}" for number in range(100)],
            "municipality": places,
            # Ten messages of Лесной are one text.
            "family": ["ф"] * 10 + [None] * 90,
            "template": ["т"] * 10 + [None] * 90,
            "probability": [0.5] * 60 + [0.01] * 40,
        }
    )


def taken(drawn: pl.DataFrame) -> dict[str, int]:
    return dict(drawn.group_by("municipality").len().iter_rows())


@pytest.mark.parametrize(
    ("allocation", "known"),
    [
        ("proportional", {"Лесной": 17, "Заречный": 10, "Дальний": 3}),
        ("equal", {"Лесной": 10, "Заречный": 10, "Дальний": 10}),
        ("optimal", {"Лесной": 26, "Заречный": 3, "Дальний": 1}),
    ],
)
def test_strata_get_what_the_allocation_says(messages, allocation, known):
    drawn = coding.sample(messages, n=30, by=["municipality"], allocation=allocation)
    assert taken(drawn) == known
    texts = SIZES | {"Лесной": 51}
    for row in drawn.iter_rows(named=True):
        place = row["municipality"]
        assert row["inclusion_probability"] == pytest.approx(known[place] / texts[place])
        assert row["weight"] * row["inclusion_probability"] == pytest.approx(row["messages_alike"])


def test_copies_are_coded_once_and_weigh_as_many(messages):
    drawn = coding.sample(messages, n=1000)
    assert drawn.height == 91
    assert drawn["messages_alike"].sort(descending=True)[:2].to_list() == [10, 1]
    assert drawn["weight"].sum() == 100


@pytest.mark.parametrize("allocation", ["proportional", "equal", "optimal"])
def test_weights_estimate_a_total_without_bias(messages, allocation):
    about = {name: number % 3 == 0 for number, name in enumerate(messages["message_id"])}
    copies = {f"m{number:03}" for number in range(10)}
    # The family's code is its first message's.
    truth = sum(about["m000"] if name in copies else is_so for name, is_so in about.items())
    found = []
    for seed in range(400):
        drawn = coding.sample(messages, n=30, by=["municipality"], allocation=allocation, seed=seed)
        found.append(
            sum(row[1] for row in drawn.select("message_id", "weight").iter_rows() if about[row[0]])
        )
    assert abs(np.mean(found) - truth) < 3.5 * np.std(found) / np.sqrt(len(found))


def test_rows_in_another_order_draw_the_same(messages):
    again = messages.sample(fraction=1, shuffle=True, seed=9)
    one = coding.sample(messages, n=20, by=["municipality"], seed=4)
    assert_frame_equal(one, coding.sample(again, n=20, by=["municipality"], seed=4))
    assert not one.equals(coding.sample(messages, n=20, by=["municipality"], seed=5))


def test_messages_without_a_stratum_are_one(messages):
    some = messages.with_columns(
        pl.when(pl.col("municipality") != "Дальний").then("municipality").alias("municipality")
    )
    drawn = coding.sample(some, n=30, by=["municipality"], allocation="equal")
    assert taken(drawn) == {"Лесной": 10, "Заречный": 10, None: 10}


def test_bad_requests_are_named(messages):
    with pytest.raises(ParameterError, match="n = 2 leaves a stratum without a text"):
        coding.sample(messages, n=2, by=["municipality"])
    with pytest.raises(ParameterError, match="'best' is not known"):
        coding.sample(messages, allocation="best")
    with pytest.raises(ParameterError, match="by colour is not known"):
        coding.sample(messages, by=["colour"])
    wrong = messages.with_columns(probability=pl.lit(1.5))
    with pytest.raises(SchemaError, match=r"probability 1\.5 is not between 0 and 1"):
        coding.sample(wrong, allocation="optimal")
    with pytest.raises(SchemaError, match="m000 stands on more than one row"):
        coding.sample(pl.concat([messages, messages.head(1)]))
    with pytest.raises(NotEnoughDataError, match="no message has a text"):
        coding.sample(messages.with_columns(text=pl.lit(" ")))
