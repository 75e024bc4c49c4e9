"""Hot spots: planted streets and districts are found, small houses hidden, repeats counted."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import ParameterError, SchemaError

NAMES = ("Мира", "Лесная", "Садовая", "Новая", "Речная", "Полевая", "Южная", "Дачная")
STREETS = [f"улица {name}" for name in NAMES]
RUBRICS = ["Ямы", "Снег", "Свет"]
START = datetime(2025, 1, 1, 9, tzinfo=UTC)


def frame(rows: list[dict]) -> pl.DataFrame:
    full = [
        {"message_id": f"m{n:05}", "author_id": f"a{n}", "municipality": "А", "rubric": "Ямы"}
        | {"published_at": START + timedelta(minutes=n), "text": "нет адреса"}
        | row
        for n, row in enumerate(rows)
    ]
    times = [name for name in ("published_at", "answered_at", "resolved_at") if name in full[0]]
    return c.MESSAGES.conform(
        pl.DataFrame(full, infer_schema_length=None).with_columns(
            pl.col(times).cast(c.MESSAGES.full_schema["published_at"])
        )
    )


def on_streets(seed: int, hot: dict[tuple[str, str], float] | None = None) -> pl.DataFrame:
    """Complaints about eight streets that differ in how much is written of them."""
    draw = np.random.default_rng(seed)
    rows = []
    for street in STREETS:
        volume = draw.uniform(15, 60)
        for rubric, share in zip(RUBRICS, (0.5, 0.3, 0.2), strict=True):
            # Streets differ in what they suffer from: gamma with variance 0.05.
            expected = (
                volume * share * draw.gamma(20, 1 / 20) * (hot or {}).get((street, rubric), 1)
            )
            rows += [
                {"rubric": rubric, "text": f"{rubric}: {street}, беда номер {n}"}
                for n in range(draw.poisson(expected))
            ]
    return frame(rows)


def hot(found: trends.Hotspots) -> set[tuple[str, str]]:
    rows = found.streets.filter(pl.col("verdict") == "above_expected")
    return set(rows.select("street", "rubric").rows())


def test_a_planted_street_is_found_with_its_ratio():
    found = trends.hotspots(on_streets(1, {("улица Речная", "Свет"): 5}))
    assert hot(found) == {("улица речная", "Свет")}
    row = found.streets.filter(
        (pl.col("street") == "улица речная") & (pl.col("rubric") == "Свет")
    ).row(0, named=True)
    # Five times the messages of a rubric are less than five times its share of the street.
    assert row["ratio_low"] > 1
    assert row["ratio"] < row["messages"] / row["expected"]
    assert row["verdict"] == "above_expected"


def test_streets_that_only_differ_in_volume_are_left_alone():
    false = sum(len(hot(trends.hotspots(on_streets(seed)))) for seed in range(20))
    assert false <= 3


def test_one_tireless_author_is_not_shown():
    rows = [
        {"author_id": "a", "text": f"Яма на улице Мира, дом 5, пишу раз {n}"} for n in range(30)
    ]
    found = trends.hotspots(frame(rows))
    assert found.located == 30
    assert found.streets.is_empty()
    assert found.houses.is_empty()
    assert (found.hidden_streets, found.hidden_houses) == (1, 1)


def test_a_house_is_shown_from_five_authors_on():
    def house(authors: int) -> trends.Hotspots:
        rows = [
            {"author_id": f"a{n}", "text": f"Течь, ул. Мира, д. 5, {n}"} for n in range(authors)
        ]
        return trends.hotspots(frame(rows))

    assert house(4).houses.is_empty()
    assert house(5).houses.select("address", "authors").rows() == [("улица мира, 5", 5)]


def test_a_complaint_comes_back_after_an_answer_or_two_weeks():
    def row(house: int, day: int, answered: int | None = None) -> dict:
        at = START + timedelta(days=day)
        answer = None if answered is None else START + timedelta(days=answered)
        return {
            "text": f"Яма, улица Мира, дом {house}",
            "published_at": at,
            "answered_at": answer,
            "resolved_at": answer if house == 3 else None,
        }

    rows = [
        row(1, 0), row(1, 5),                 # the same case
        row(2, 0, answered=2), row(2, 5),     # after the answer
        row(3, 0, answered=3), row(3, 20),    # after the fix
        row(4, 0), row(4, 30),                # after two weeks
        row(5, 0), row(5, 100),               # too late
        row(6, 300),                          # cannot be followed
    ]  # fmt: skip
    (found,) = trends.hotspots(frame(rows)).repeats.iter_rows(named=True)
    # Cases: one of house 1, two each of 2, 3, 4 and 5.
    assert (found["cases"], found["repeated"]) == (9, 3)
    assert (found["after_answer"], found["after_resolved"]) == (2, 1)
    assert found["share_low"] < 3 / 9 < found["share_high"]


def region(seed: int, hot: set[int] = frozenset()) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A chain of sixteen districts of equal size."""
    draw = np.random.default_rng(seed)
    places = pl.DataFrame(
        {
            "municipality": [f"округ {n:02}" for n in range(16)],
            "population": [10_000] * 16,
            "latitude": [56.0] * 16,
            "longitude": [40.0 + n / 2 for n in range(16)],
        }
    )
    rows = [
        {"municipality": f"округ {n:02}", "rubric_group": "ЖКХ"}
        for n in range(16)
        for _ in range(draw.poisson(90 if n in hot else 30))
    ]
    return frame(rows), places


def test_a_cluster_of_districts_is_found_and_chance_is_not():
    messages, places = region(0, hot={5, 6, 7, 8, 9})
    found = trends.hotspots(messages, municipalities=places).districts
    said = found.filter(pl.col("verdict") == "above_region")["municipality"].to_list()
    assert "округ 07" in said
    assert set(said) <= {f"округ {n:02}" for n in range(4, 11)}
    false = sum(
        trends.hotspots(data, municipalities=places)
        .districts.filter(pl.col("verdict").is_in(["above_region", "below_region"]))
        .height
        > 0
        for data, places in map(region, range(1, 9))
    )
    assert false <= 2


def test_gi_star_is_the_standardised_sum_of_a_district_and_its_nearest():
    messages, places = region(0, hot={15})
    rows = trends.hotspots(messages, municipalities=places).districts
    rates = rows["rate"].to_numpy()
    near = rates[[15, 14, 13, 12, 11]].sum()
    scale = rates.std() * np.sqrt((16 * 5 - 25) / 15)
    assert rows["statistic"][15] == pytest.approx((near - 5 * rates.mean()) / scale)


def test_without_coordinates_there_are_rates_and_no_neighbours():
    messages, places = region(0)
    rows = trends.hotspots(messages, municipalities=places.drop("latitude", "longitude")).districts
    assert rows["statistic"].null_count() == rows.height == 16
    assert (rows["rate_low"] < rows["rate"]).all()


@pytest.mark.parametrize("named", [{"k": 1}, {"fdr": 0}])
def test_what_makes_no_sense_is_refused(named):
    with pytest.raises(ParameterError):
        trends.hotspots(frame([{}]), **named)


def test_a_municipality_told_twice_is_named():
    messages, places = region(0)
    with pytest.raises(SchemaError, match="округ 00 stands on more than one row"):
        trends.hotspots(messages, municipalities=pl.concat([places, places[:1]]))
