"""Structure of the pictures of claims and intakes."""

from datetime import UTC, datetime, timedelta

import polars as pl

from cur_lab.figures import claims

DAY = datetime(2025, 3, 1, tzinfo=UTC)
HOSTILE = "Мост <b>закроют</b> & <script>alert(1)</script>"


def curves() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "claim_id": ["c1"] * 3,
            "period_start": [DAY, DAY, DAY + timedelta(days=3)],
            "stance": ["spreads", "asks", "spreads"],
            "messages": [5, 3, 2],
        }
    )


def test_a_curve_has_a_layer_per_stance_and_the_refutation():
    figure = claims.spread(
        curves(), title=HOSTILE, refuted=DAY + timedelta(days=2), caption="n = 10"
    )
    assert [trace.name for trace in figure.data] == list(claims.STANCES.values())
    assert [list(trace.y) for trace in figure.data] == [[5, 2], [3], [], []]
    assert len(figure.layout.shapes) == 1
    assert "10 сообщений, после опровержения 20" in figure.layout.title.text
    assert "<script>" not in figure.layout.title.text
    without = claims.spread(curves(), title="Мост", refuted=None, caption="")
    assert not without.layout.shapes
    assert "опровержения" not in without.layout.title.text


def test_stances_are_shares_of_each_claim():
    table = pl.DataFrame(
        {
            "claim_id": ["c1", "c2", "c3"],
            "messages": [10, 4, 0],
            "spreads": [5, 1, 0],
            "asks": [3, 3, 0],
            "doubts": [1, 0, 0],
            "refutes": [1, 0, 0],
        }
    )
    figure = claims.stances(table, titles={"c1": HOSTILE}, caption="")
    assert list(figure.data[0].x) == [25.0, 50.0]
    assert figure.data[0].y[0] == "c2"
    assert "<script>" not in figure.data[0].y[1].replace("<br>", "")
    assert "6 из 14" in figure.layout.title.text


def test_an_intake_tells_the_surge_from_the_rest():
    volume = pl.DataFrame(
        {
            "period_start": [DAY, DAY + timedelta(minutes=10)],
            "messages": [2, 30],
            "expected": [1.5, 1.5],
            "expected_high": [4.0, 4.0],
            "in_families": [0, 28],
            "new_accounts": [None, 30],
            "in_surge": [False, True],
        }
    )
    figure = claims.intake(volume, caption="")
    assert [list(trace.y) for trace in figure.data] == [[2], [30], [4.0, 4.0]]
    assert "30 сообщений, обычно в эти часы 1,5" in figure.layout.title.text
    calm = claims.intake(volume.filter(~pl.col("in_surge")), caption="")
    assert calm.layout.title.text == "Всплесков нет"


def test_filters_show_both_sides_with_intervals():
    table = pl.DataFrame(
        {
            "filter": ["duplicates", "rate"],
            "window": ["1h", "1d"],
            "allowed": [1, 2],
            **{
                f"{side}_share{end}": values
                for side, end, values in (
                    ("attack", "", [0.9, 0.0]),
                    ("attack", "_low", [0.8, 0.0]),
                    ("attack", "_high", [0.95, 0.1]),
                    ("honest", "", [0.01, 0.002]),
                    ("honest", "_low", [0.005, 0.001]),
                    ("honest", "_high", [0.02, 0.004]),
                )
            },
        }
    )
    figure = claims.filters(table, caption="")
    by_name = {trace.name: trace for trace in figure.data}
    assert list(by_name["повторы текста"].y) == [90.0]
    assert list(by_name["повторы текста"].error_y.arrayminus) == [10.0]
    assert "«повторы текста», не больше 1 за час: остановлено 90" in figure.layout.title.text


def test_nothing_to_draw_is_said():
    empty = curves().clear()
    assert "не найдено" in claims.spread(empty, title="", refuted=DAY, caption="").layout.title.text
    none = pl.DataFrame(schema={"claim_id": pl.String, "messages": pl.Int64})
    assert "не найдено" in claims.stances(none, titles={}, caption="").layout.title.text
    shares = pl.DataFrame(schema={"attack_share": pl.Float64, "honest_share": pl.Float64})
    assert "нечего" in claims.filters(shares, caption="").layout.title.text
    quiet = pl.DataFrame(schema={"period_start": pl.Datetime("us", "UTC")})
    assert "нет" in claims.intake(quiet, caption="").layout.title.text
