"""A model taught by coded texts forecasts the coded ones without having seen them."""

import polars as pl
import pytest

from cur_lab import coding
from cur_lab.errors import NotEnoughDataError, SchemaError

SAID = {
    "вода": ("нет холодной воды в доме", "из крана течёт ржавая вода", "слабый напор воды"),
    "дороги": ("яма на дороге у школы", "асфальт разбит на проезжей части", "нет разметки"),
    "свет": ("не горят фонари на улице", "фонарь мигает всю ночь", "двор без освещения"),
}


def messages(number=120):
    rows = [
        {
            "message_id": f"m{n:03}",
            "text": f"{SAID[value][n % 3]}, {['уже неделю', 'со вчера', 'с мая'][n // 9 % 3]} {n}",
            "municipality": "Лесной" if n % 2 else "Дальний",
            "truth": value,
        }
        for n in range(number)
        for value in [list(SAID)[n // 3 % 3]]
    ]
    return pl.DataFrame(rows)


def coded(data, number=60, **more):
    told = data.head(number).select(
        "message_id", coder=pl.lit("1"), code=pl.lit("тема"), value=pl.col("truth")
    )
    return told.with_columns(**more)


def test_it_learns_what_people_said_and_tells_how_well():
    data = messages()
    found = coding.train(data.drop("truth"), coded(data))
    assert found.predictions["message_id"].to_list() == data["message_id"].to_list()
    both = found.predictions.join(data, on="message_id")
    assert (both["value"] == both["truth"]).mean() > 0.9
    whole = found.figures.row(0, named=True)
    assert (whole["value"], whole["n_coded_texts"]) == (None, 60)
    assert whole["accuracy_low"] <= whole["accuracy"] <= whole["accuracy_high"]
    assert found.figures["n_coded_texts"].to_list()[1:] == [21, 21, 18]


def test_a_coded_text_is_forecast_by_a_model_that_did_not_see_it():
    data = messages()
    # One text is said to be something its words do not tell: who saw it would repeat it.
    wrong = coded(
        data, value=pl.when(pl.col("message_id") == "m000").then(pl.lit("свет")).otherwise("value")
    )
    found = coding.train(data.drop("truth"), wrong).predictions
    assert found.filter(message_id="m000")["value"].item() == "вода"


def test_shares_follow_from_its_forecasts():
    data = messages()
    found = coding.train(data.drop("truth"), coded(data))
    shares = coding.prevalence(coded(data), found.predictions, by=("municipality",)).shares
    assert shares["municipality"].unique().sort().to_list() == ["Дальний", "Лесной"]


def test_texts_that_say_the_same_stand_in_one_fold():
    data = messages().with_columns(text=pl.col("text").str.replace(r" \d+$", ""))
    assert coding.train(data.drop("truth"), coded(data)).predictions.height == data.height


def test_where_coders_part_a_text_teaches_nothing():
    data = messages()
    other = coded(data).with_columns(
        coder=pl.lit("2"),
        value=pl.when(pl.int_range(pl.len()) < 6).then(pl.lit("другое")).otherwise("value"),
    )
    found = coding.train(data.drop("truth"), pl.concat([coded(data), other]))
    assert found.figures["n_coded_texts"][0] == 54


def test_what_cannot_be_learnt_is_an_error():
    data = messages()
    with pytest.raises(NotEnoughDataError):
        coding.train(data, coded(data, 5))
    with pytest.raises(NotEnoughDataError):
        coding.train(data, coded(data, value=pl.lit("вода")))
    with pytest.raises(SchemaError, match="not among the messages"):
        coding.train(data.tail(30), coded(data))
