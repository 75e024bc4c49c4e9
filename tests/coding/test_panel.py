"""Panels of experts: planted severities, judges who tell nothing, agreement known by hand."""

import numpy as np
import panels
import polars as pl
import pytest

from cur_lab import coding
from cur_lab.coding.alpha import alpha
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

# Krippendorff (2011), the worked example with missing codes: 12 units, four observers.
WORKED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(
    ("level", "known"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_the_published_example(level, known):
    values = np.array(WORKED, dtype=float).T
    assert round(alpha(values, level=level), 3) == known


def test_alpha_of_one_code_says_nothing():
    assert np.isnan(alpha(np.ones((5, 3))))
    assert np.isnan(alpha(np.array([[1.0, np.nan], [np.nan, 2.0]])))


@pytest.fixture(scope="module")
def planted():
    scores, severity, fair = panels.panel(4)
    return scores, severity, fair, coding.panel(scores)


def test_planted_severities_are_found(planted):
    _, severity, _, result = planted
    strictest_first = np.sort(severity)[::-1]
    found = result.judges["severity"].to_numpy()
    assert np.abs(found - strictest_first).max() < 0.35
    inside = result.judges.select(
        pl.lit(pl.Series(strictest_first)).is_between("severity_low", "severity_high")
    ).to_series()
    assert inside.sum() >= 6


def test_fair_scores_are_nearer_to_the_truth_than_means(planted):
    _, _, fair, result = planted
    entries = result.entries.sort("entry")
    off = np.abs(entries["fair_score"].to_numpy() - fair).mean()
    naive = np.abs(entries["mean_score"].to_numpy() - fair).mean()
    assert off < 0.85 * naive


def test_ranks_and_chances_agree(planted):
    entries = planted[3].entries
    assert (entries["fair_rank_low"] <= entries["fair_rank"]).all()
    assert (entries["fair_rank"] <= entries["fair_rank_high"]).all()
    # Fifteen places are given away whatever the scores leave open.
    assert entries["win_probability"].sum() == pytest.approx(15, abs=0.01)
    assert not planted[3].unusual.height


def test_no_judge_is_named(planted):
    result = planted[3]
    for frame in (result.entries, result.judges, result.unusual, result.aside, result.overall):
        assert "судья" not in frame.write_json()


def test_a_judge_who_scores_all_alike_is_set_aside(planted):
    scores = planted[0]
    alike = scores.with_columns(
        pl.when(pl.col("judge") == "судья-2").then(7.0).otherwise("score").alias("score")
    )
    result = coding.panel(alike)
    row = result.aside.row(0, named=True)
    assert (row["reason"], row["judges"]) == ("scored_all_alike", 1)
    assert row["n"] == scores.filter(pl.col("judge") == "судья-2").height
    assert result.judges.height == 6


def test_an_interested_judge_does_not_count_for_that_entry():
    scores, _, _ = panels.panel(5, entries=16)
    mine = (pl.col("entry") == "00") & (
        pl.col("judge") == scores.filter(pl.col("entry") == "00")["judge"][0]
    )
    praised = scores.with_columns(pl.when(mine).then(10.0).otherwise("score").alias("score"))
    result = coding.panel(praised.with_columns(interested=mine))
    without = coding.panel(scores.filter(~mine))
    assert result.entries.equals(without.entries)
    assert result.aside.row(0, named=True) == {"reason": "interested_judge", "judges": 1, "n": 4}


def test_a_judge_against_all_others_calls_for_a_look():
    scores, _, _ = panels.panel(6, per_entry=5)
    worst = scores.group_by("entry").agg(pl.col("score").mean()).sort("score", "entry")["entry"][0]
    odd = scores.filter(pl.col("entry") == worst)["judge"][0]
    place = (pl.col("entry") == worst) & (pl.col("judge") == odd)
    result = coding.panel(
        scores.with_columns(pl.when(place).then(10.0).otherwise("score").alias("score"))
    )
    # One score so far off makes the others of its entry look strange as well.
    assert result.unusual["entry"].unique().to_list() == [worst]
    assert result.unusual["observed"][0] == 10.0


def test_judges_without_entries_in_common_are_told():
    scores, _, _ = panels.panel(7, judges=4, per_entry=2, entries=30)
    groups = {"судья-0": 0, "судья-1": 0, "судья-2": 1, "судья-3": 1}
    apart = scores.with_columns(
        entry=pl.col("entry")
        + pl.col("judge").replace_strict(groups, return_dtype=pl.Int64).cast(pl.String)
    )
    reasons = dict(coding.panel(apart).aside.select("reason", "judges").iter_rows())
    assert reasons == {"not_linked": 2}


def test_scores_of_one_pair_that_repeat_each_other_widen_the_intervals():
    def width(halo):
        result = coding.panel(panels.panel(8, halo=halo)[0])
        return result.overall["halo"][0], (
            result.judges["severity_high"] - result.judges["severity_low"]
        ).mean()

    plain, wide = width(0.0), width(1.2)
    assert plain[0] < 0.1 < 0.35 < wide[0]
    assert wide[1] > 1.3 * plain[1]


def test_bad_input(planted):
    scores = planted[0]
    with pytest.raises(SchemaError, match="scored twice: судья-"):
        coding.panel(pl.concat([scores, scores.head(1)]))
    with pytest.raises(SchemaError, match=r"different scores.*Round"):
        coding.panel(scores.with_columns(score=pl.int_range(pl.len()).cast(pl.Float64)))
    with pytest.raises(NotEnoughDataError, match="two judges"):
        coding.panel(scores.filter(pl.col("judge") == "судья-1"))
    with pytest.raises(NotEnoughDataError, match="two judges"):
        coding.panel(scores.with_columns(score=5.0))
    with pytest.raises(ParameterError, match="prizes"):
        coding.panel(scores, prizes=0)
