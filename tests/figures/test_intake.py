"""Structure of the pictures of an intake under attack."""

from datetime import UTC, datetime, timedelta

import polars as pl

from cur_lab.figures import intake

DAY = datetime(2025, 3, 1, tzinfo=UTC)


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
    figure = intake.volume(volume, caption="")
    assert [list(trace.y) for trace in figure.data] == [[2], [30], [4.0, 4.0]]
    assert "30 сообщений, обычно в эти часы 1,5" in figure.layout.title.text
    calm = intake.volume(volume.filter(~pl.col("in_surge")), caption="")
    assert calm.layout.title.text == "Всплесков не найдено"


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
    figure = intake.filters(table, caption="")
    by_name = {trace.name: trace for trace in figure.data}
    assert list(by_name["повторы текста"].y) == [90.0]
    assert list(by_name["повторы текста"].error_y.arrayminus) == [10.0]
    assert "«повторы текста», не больше 1 за час: остановлено 90" in figure.layout.title.text


def test_nothing_to_draw_is_said():
    shares = pl.DataFrame(schema={"attack_share": pl.Float64, "honest_share": pl.Float64})
    assert "не по чему" in str(intake.filters(shares, caption=""))
    quiet = pl.DataFrame(schema={"period_start": pl.Datetime("us", "UTC")})
    assert "не найдено" in str(intake.volume(quiet, caption=""))
