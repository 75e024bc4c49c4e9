"""Structure of the budgeting figures: what is drawn, what the title says, texts stay texts."""

import polars as pl
import pytest
from simulated_votes import simulate

from cur_lab import budgeting, figures
from cur_lab.columns import CURVES, EQUITY_INDICES, LORENZ, POST_EFFECTS, POST_PATH, VOTE_HISTORY

HOSTILE = '<a href="javascript:alert(1)">округ</a>'


def indices(*elasticity: float | None) -> pl.DataFrame:
    rows = [("gini", 0.3, 0.2, 0.4), ("elasticity", *(elasticity or (0.5, 0.1, 0.9)))]
    return pl.DataFrame(rows, schema=EQUITY_INDICES.schema, orient="row")


def test_lorenz_starts_at_zero_and_names_gini():
    table = pl.DataFrame([("А", 0.4, 0.1), (HOSTILE, 1.0, 1.0)], schema=LORENZ.schema, orient="row")
    figure = figures.budgeting.lorenz(table, indices(), caption="n")
    assert list(figure.data[1].x) == [0, 40, 100]
    assert list(figure.data[1].y) == [0, 10, 100]
    assert "0,30 (95 %-й интервал 0,20–0,40)" in figure.layout.title.text
    assert "<a" not in figure.to_json().replace("\\u003c", "<")
    empty = figures.budgeting.lorenz(LORENZ.empty(), EQUITY_INDICES.empty(), caption="n")
    assert str(empty) == "Денег не распределено."


@pytest.mark.parametrize(
    ("slope", "said"),
    [
        ((0.5, 0.1, 0.9), "больше на 0,50"),
        ((-1.0, -2.0, -0.5), "меньше"),
        ((0.5, -0.1, 0.9), "не определяется"),
        ((None, None, None), "не определяется"),
    ],
)
def test_the_title_of_turnout_says_what_the_slope_says(slope, said):
    places = pl.DataFrame(
        {
            "municipality": ["А"],
            "population": [10],
            "turnout": [0.5],
            "money_per_head": [3.0],
            "n_voters": [5],
            "n_winners": [1],
        }
    )
    figure = figures.budgeting.turnout(places, indices(*slope), caption="n")
    assert said in figure.layout.title.text
    assert list(figure.data[0].x) == [50.0]
    assert "явка" in figure.layout.xaxis.title.text
    # The interval says what is random, wherever it is told.
    drawn = "повторному отбору" in figure.layout.title.subtitle.text
    assert drawn == ("интервал" in figure.layout.title.text)


def test_without_turnout_the_word_is_nowhere():
    places = pl.DataFrame(
        {
            "municipality": ["А", "Б"],
            "population": [10, 20],
            "turnout": [0.5, None],
            "votes_per_100": [40.0, 30.0],
            "money_per_head": [3.0, 4.0],
            "n_voters": [4, 6],
            "n_winners": [1, 1],
        }
    )
    slope = indices(0.5, 0.1, 0.9).with_columns(
        metric=pl.col("metric").replace("elasticity", "elasticity_votes")
    )
    drawn = figures.budgeting.turnout(places, slope, caption="n")
    assert list(drawn.data[0].x) == [30.0, 40.0]
    assert "Где голосов на жителя больше на 1 %" in drawn.layout.title.text
    assert "голосов на 100 жителей" in drawn.layout.xaxis.title.text
    told = drawn.layout.title.text + drawn.layout.xaxis.title.text + drawn.data[0].hovertemplate
    assert "явк" not in told.lower()


def test_counterfactuals_draw_each_rule_and_leave_out_the_undetermined():
    table = pl.DataFrame(
        {
            "rule": ["as_decided", "population_quota", "equal_voice"],
            "municipality": ["А"] * 3,
            "population": [10] * 3,
            "n_winners": [0, 1, None],
            "money_per_head": [0.0, 5.0, None],
        }
    )
    figure = figures.budgeting.counterfactuals(table, caption="n")
    assert [list(trace.x) for trace in figure.data] == [[0.0], [5.0], [None]]
    assert "1 из 1" in figure.layout.title.text


def test_years_are_bars_and_never_a_line():
    table = VOTE_HISTORY.conform(
        pl.DataFrame(
            {
                "period": ["2021", "2023"],
                "opened_on": ["2021-11-22", "2023-03-06"],
                "closed_on": ["2021-12-22", "2023-04-07"],
                "metric": ["votes"] * 2,
                "value": [310.0, None],
                "unit": ["голоса"] * 2,
                "votes_per_day": [10.0, None],
                "break": ["first", "budget_raised"],
                "note": [""] * 2,
                "source": ["пресса"] * 2,
            }
        ).with_columns(pl.col("opened_on", "closed_on").str.to_date())
    )
    (bars,) = figures.budgeting.history(table, caption="n").data
    assert bars.type == "bar"
    assert list(bars.y) == [310.0, None]
    assert bars.customdata[0][1] == 31


def test_curves_say_how_much_was_cast_by_half_time():
    table = CURVES.conform(
        pl.DataFrame(
            {
                "group": ["esia"] * 3 + [HOSTILE] * 3,
                "elapsed": [0.0, 0.5, 1.0] * 2,
                "at": [0] * 6,
                "votes": [0, 3, 10, 0, 1, 10],
                "share": [0.0, 0.3, 1.0, 0.0, 0.1, 1.0],
            }
        ).with_columns(
            pl.col("at").cast(pl.Datetime("us", "UTC")), pl.col("share").cast(pl.Float64)
        )
    )
    figure = figures.budgeting.curves(table, caption="n")
    assert [trace.name for trace in figure.data][:2] == ["поровну во времени", "Госуслуги"]
    assert "20\u00a0%" in figure.layout.title.text
    assert "<a" not in figure.to_json().replace("\\u003c", "<")


def test_forecasts_count_how_many_were_right():
    projects = pl.DataFrame(
        {
            "project_id": ["a", "b"],
            "forecast": [10.0, None],
            "forecast_low": [8.0, None],
            "forecast_high": [15.0, None],
            "final": [14, 3],
        }
    )
    figure = figures.budgeting.forecasts(projects, caption="n")
    assert "у 1 из 1" in figure.layout.title.text
    assert list(figure.data[0].error_x.array) == [5.0]


def test_the_path_of_a_post_has_a_band_and_a_finding():
    path = POST_PATH.conform(
        pl.DataFrame(
            {
                "hour": [-1, 0, 1],
                "votes": [5, 9, 9],
                "ratio": [1.0, 1.8, 1.6],
                "ratio_low": [None, 1.2, 1.1],
                "ratio_high": [None, 2.4, 2.2],
            }
        )
    )
    row = {"target": "own", "kind": "all", "phase": "0-5", "posts": 9, "votes": 40, "note": ""}
    soon = POST_EFFECTS.conform(
        pl.DataFrame([row | {"ratio": 1.7, "ratio_low": 1.2, "ratio_high": 2.3}])
    )
    figure = figures.budgeting.post_path(path, soon, caption="n")
    assert list(figure.data[0].y) == [2.4, 2.2, 1.1, 1.2]
    assert "в 1,70 раза чаще (1,20–2,30)" in figure.layout.title.text.replace("<br>", " ")
    wide = soon.with_columns(pl.lit(0.8).alias("ratio_low"))
    assert "не видно" in figures.budgeting.post_path(path, wide, caption="n").layout.title.text
    nothing = figures.budgeting.post_path(POST_PATH.empty(), POST_EFFECTS.empty(), caption="n")
    assert "не определяется" in str(nothing)


def test_every_picture_of_a_result_is_found_by_its_type():
    vote = simulate(projects=30, districts=3, votes=6_000, days=6, seed=2)[0]
    names = vote.projects["municipality"].unique().sort()
    places = pl.DataFrame({"municipality": names, "population": [9_000] * len(names)})
    winners = budgeting.winners(vote)
    equity = budgeting.equity(vote, winners, places)
    drawn = [figures.of(equity, picture, caption="n") for picture in ("turnout", "lorenz")]
    drawn.append(figures.of(budgeting.counterfactuals(vote, winners, places), caption="n"))
    drawn.append(figures.of(budgeting.backtest(vote, at=(0.6,)), caption="n"))
    titles = [figure.layout.title.text for figure in drawn]
    assert "Джини" in titles[1]
    assert f"из {len(names)} муниципалитетов" in titles[2]
    assert titles[3].startswith("Итог попал в 90 %-й интервал у ")
