import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import equity
from cur_lab.errors import SchemaError
from cur_lab.readers.election import Election


def may_vote(places, *eligible):
    return places.with_columns(population_eligible=pl.Series(eligible, dtype=pl.Int64))


def region(money, people, voters=None, *, eligible=None):
    """One project per municipality, funded if it has money; the first voters are its own."""
    names = [f"М{i:02d}" for i in range(len(money))]
    voters = [1] * len(money) if voters is None else voters
    votes = [
        (f"{name}-{k}", name, None, 1)
        for name, number in zip(names, voters, strict=True)
        for k in range(number)
    ]
    election = Election(
        {"budget": "1000", "vote_type": "choose-1"},
        pl.DataFrame(
            {"project_id": names, "cost": [float(x) for x in money], "municipality": names}
        ),
        pl.DataFrame({"voter_id": [vote[0] for vote in votes]}, schema={"voter_id": pl.String}),
        pl.DataFrame(votes, schema=c.VOTES.schema, orient="row"),
    )
    winners = pl.DataFrame({"project_id": [n for n, x in zip(names, money, strict=True) if x]})
    places = pl.DataFrame({"municipality": names, "population": people})
    return election, winners, places if eligible is None else may_vote(places, *eligible)


def found(result):
    return dict(result.indices.select("metric", "value").iter_rows())


def test_even_money_has_no_inequality_and_money_in_one_place_has_most():
    even = found(equity(*region([10, 20, 30], [100, 200, 300])))
    for name in ("gini", "hoover", "theil", "atkinson_0_5", "atkinson_1", "atkinson_2"):
        assert even[name] == pytest.approx(0, abs=1e-12)
    one = found(equity(*region([10, 0, 0, 0], [100] * 4, eligible=[80] * 4)))
    assert one["gini"] == pytest.approx(3 / 4)
    assert one["hoover"] == pytest.approx(3 / 4)
    assert one["theil"] == pytest.approx(np.log(4))
    assert one["atkinson_1"] == 1
    assert one["elasticity"] is None


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 40)), min_size=2, max_size=7).filter(
        lambda rows: any(money for money, _ in rows)
    )
)
def test_indices_agree_with_the_definitions_head_by_head(rows):
    """Weighted by population: the same as an index over persons who each hold their part."""
    money, people = zip(*rows, strict=True)
    heads = np.repeat([m / p for m, p in rows], people)
    mean = heads.mean()
    index = found(equity(*region(money, people), repeats=10))
    difference = np.abs(heads[:, None] - heads[None]).mean()
    assert index["gini"] == pytest.approx(difference / (2 * mean), abs=1e-9)
    assert index["hoover"] == pytest.approx(np.abs(heads - mean).mean() / (2 * mean), abs=1e-9)
    share = heads[heads > 0] / mean
    assert index["theil"] == pytest.approx((share * np.log(share)).sum() / len(heads), abs=1e-9)
    assert index["atkinson_0_5"] == pytest.approx(1 - np.sqrt(heads / mean).mean() ** 2, abs=1e-9)
    if (heads > 0).all():
        harmonic = 1 / (1 / heads).mean()
        assert index["atkinson_2"] == pytest.approx(1 - harmonic / mean, abs=1e-9)


def test_theil_is_the_sum_of_its_parts_and_lorenz_ends_at_one():
    election, winners, places = region([5, 40, 10, 20], [100, 100, 300, 50])
    kinds = places.with_columns(pl.Series("kind", ["село", "город", "село", "город"]))
    result = equity(election, winners, kinds, groups="kind")
    index = found(result)
    assert index["theil"] == pytest.approx(index["theil_between"] + index["theil_within"])
    # Villages hold 15 of 75 with 400 of 550 people.
    expected = 0.2 * np.log(0.2 / (400 / 550)) + 0.8 * np.log(0.8 / (150 / 550))
    assert index["theil_between"] == pytest.approx(expected)
    assert result.lorenz.row(-1)[1:] == pytest.approx((1, 1))
    assert (result.lorenz["money_share"] <= result.lorenz["people_share"] + 1e-12).all()
    for name, frame in (("municipalities", result.municipalities), ("indices", result.indices)):
        c.RESULTS["budgeting.equity"][name].check(frame, where=name)


def test_a_planted_elasticity_is_found_within_its_interval():
    rng = np.random.default_rng(3)
    people = np.full(40, 1000)
    voters = rng.integers(20, 400, 40)
    money = (voters / 1000) ** 0.8 * 1000 * np.exp(rng.normal(0, 0.2, 40))
    result = equity(*region(money.round(2), people, voters, eligible=people))
    row = result.indices.row(by_predicate=pl.col("metric") == "elasticity", named=True)
    assert row["value_low"] < 0.8 < row["value_high"]
    assert row["value_high"] - row["value_low"] < 0.4
    flat = equity(*region(rng.lognormal(3, 0.3, 40).round(2), people, voters, eligible=people))
    row = flat.indices.row(by_predicate=pl.col("metric") == "elasticity", named=True)
    assert row["value_low"] < 0 < row["value_high"]


def test_few_municipalities_have_no_interval_and_no_elasticity():
    money, people, voters = [30, 5, 9, 14, 3, 8, 21, 11], [100] * 8, [10, 50, 10, 30, 20, 9, 8, 7]
    many = equity(*region(money, people, voters, eligible=[90] * 8)).indices
    few = equity(*region(money[:7], people[:7], voters[:7], eligible=[90] * 7)).indices
    assert many.filter(metric="gini")["value_low"].item() is not None
    assert many.filter(metric="elasticity")["value"].item() is not None
    assert few.filter(metric="gini")["value"].item() is not None
    assert few["value_low"].null_count() == few.height
    assert few.filter(metric="elasticity")["value"].item() is None


def test_counterfactuals_and_turnout():
    election, winners, places = region([30, 0], [100, 200], [10, 50])
    result = equity(election, winners, may_vote(places, 80, 125))
    first, second = result.municipalities.iter_rows(named=True)
    assert (first["quota"], second["quota"]) == (10, 20)
    assert (first["endowment"], second["endowment"]) == (1, 0.4)
    assert (first["turnout"], second["turnout"]) == (0.125, 0.4)
    assert (first["votes_per_100"], second["votes_per_100"]) == (10, 25)
    # A complete count: nothing about it is random.
    assert "turnout_low" not in first


def test_there_is_no_turnout_where_eligibility_is_unknown_or_votes_are_several():
    election, winners, places = region([30, 5, 9] * 3, [100, 200, 50] * 3, [10, 50, 10] * 3)
    unknown = equity(election, winners, places)
    assert unknown.municipalities["turnout"].null_count() == 9
    assert found(unknown)["elasticity_votes"] is not None
    one = equity(election, winners, may_vote(places, *[80, None, 40] * 3))
    assert one.municipalities["turnout"].to_list() == [0.125, None, 0.25] * 3
    # One measure for all: an elasticity of turnout needs it everywhere.
    assert "elasticity" not in found(one)
    assert "elasticity" in found(equity(election, winners, may_vote(places, *[80, 160, 40] * 3)))
    for several in (
        Election(
            {**election.meta, "vote_type": "approval"},
            *(election.projects, election.voters, election.votes),
        ),
        Election(
            election.meta,
            *(election.projects, election.voters),
            election.votes.with_columns(
                voter_id=pl.col("voter_id").replace({"М01-1": "М01-0"}),
            ),
        ),
    ):
        told = equity(several, winners, may_vote(places, *[80, 160, 40] * 3))
        assert told.municipalities["turnout"].null_count() == 9
        assert told.municipalities["votes_per_100"].to_list() == [10, 25, 20] * 3


def test_voters_without_a_place_are_counted_and_bad_tables_refused():
    election, winners, places = region([30, 10], [100, 200], [10, 50])
    # A home that is not told is that of the project; one beyond the table is no place of it.
    homes = ["нигде", None, *["М01"] * 58]
    votes = election.votes.with_columns(pl.Series("municipality", homes))
    placed = Election(election.meta, election.projects, election.voters, votes)
    result = equity(placed, winners, places)
    assert found(result)["unplaced_voters"] == 1
    assert result.municipalities["n_voters"].to_list() == [1, 58]
    with pytest.raises(SchemaError, match="not among the municipalities"):
        equity(election, winners, places[:1])
    with pytest.raises(SchemaError, match="twice"):
        equity(election, winners, pl.concat([places, places]))
    with pytest.raises(SchemaError, match="more voters than residents"):
        equity(election, winners, places.with_columns(population=pl.lit(5, pl.Int64)))
    with pytest.raises(SchemaError, match="more voters than residents who may vote"):
        equity(election, winners, may_vote(places, 100, 49))
    with pytest.raises(SchemaError, match="М01 has no voters by its table"):
        equity(election, winners, may_vote(places, 100, 201))
    with pytest.raises(SchemaError, match="municipality"):
        equity(
            Election(election.meta, election.projects.drop("municipality"), *[election.voters] * 2),
            winners,
            places,
        )


def test_rows_in_another_order_give_the_same_tables():
    election, winners, places = region([30, 0, 7, 9], [100, 200, 50, 70], [10, 50, 3, 4])
    one = equity(election, winners, places)
    other = equity(
        Election(election.meta, election.projects[::-1], election.voters, election.votes[::-1]),
        winners[::-1],
        places[::-1],
    )
    for name in ("municipalities", "indices", "lorenz"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    assert equity(election, winners.clear(), places).indices.height == 0
