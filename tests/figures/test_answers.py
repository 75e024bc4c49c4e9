"""Structure of the figures of answers: what is drawn, and that texts stay texts."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns, figures, trends
from cur_lab.errors import ParameterError

HOSTILE = "<b>ЖКХ</b>"
START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def messages() -> pl.DataFrame:
    rows = [
        {
            "message_id": f"m{number:03}",
            "published_at": START,
            "text": "нет воды",
            "agency": HOSTILE if number % 2 else "Дороги",
            "answered_at": START + (1 + number % 9) * DAY if number % 5 else None,
            "resolved_at": START + 12 * DAY if number % 3 else None,
            "reopened_at": START + 15 * DAY if number % 6 == 1 else None,
        }
        for number in range(120)
    ]
    return columns.MESSAGES.conform(
        pl.DataFrame(rows, schema_overrides=columns.MESSAGES.full_schema)
    )


@pytest.fixture(scope="module")
def found(messages) -> trends.Resolution:
    return trends.resolution(messages, until=START + 100 * DAY)


def test_waiting_draws_a_falling_curve_with_its_band_for_every_group(found):
    figure = figures.answers.waiting(found, caption="n = 120", days=30)
    high, low, share = figure.data[:3]
    assert len(figure.data) == 6
    assert list(share.y) == sorted(share.y, reverse=True)
    assert all(a <= b <= d for a, b, d in zip(low.y, share.y, high.y, strict=True))
    assert share.x[-1] == 30
    assert figure.layout.title.subtitle.text == "n = 120"


def test_incidence_names_the_group_that_is_reopened_most(found):
    figure = figures.answers.incidence(found.risks, caption="n = 120")
    assert "открывают снова" in figure.layout.title.text
    assert "<b>" not in figure.layout.title.text
    assert all("<b>" not in name for trace in figure.data for name in trace.y)
    reopened = figure.data[-1]
    assert all(reach >= 0 for reach in reopened.error_x.array)


def test_reporting_draws_ratios_in_order_and_counts_the_sure_ones():
    rates = columns.REPORTING.conform(
        pl.DataFrame(
            {
                "municipality": ["Лесной", "Заречный", "Дальний"],
                "incidents": [100, 100, 3],
                "duplicates": [50, 10, 0],
                "exposure_days": [1000.0, 1000.0, 9.0],
                "rate": [0.05, 0.01, None],
                "ratio": [2.2, 0.45, None],
                "ratio_low": [1.5, 0.2, None],
                "ratio_high": [3.0, 1.1, None],
                "delay_days": [20.0, 100.0, None],
                "reason": [None, None, "too_few"],
            }
        )
    )
    figure = figures.reporting.rates(rates, caption="")
    (points,) = figure.data
    assert list(points.y) == ["Заречный", "Лесной"]
    assert "1 из 2" in figure.layout.title.text


def test_money_stands_beside_complaints():
    shares = columns.MONEY_SHARES.conform(
        pl.DataFrame(
            {
                "rubric": ["Ямы", "Снег", None],
                "complaints": [30, 70, None],
                "share": [0.3, 0.7, None],
                "share_low": [0.2, 0.6, None],
                "share_high": [0.4, 0.8, None],
                "decisions": [1, 0, 1],
                "with_budget": [1, 0, 1],
                "money": [5e6, 0.0, 1e6],
                "money_share": [1.0, 0.0, None],
                "money_share_low": [1.0, 0.0, None],
                "money_share_high": [1.0, 0.0, None],
            }
        )
    )
    complaints, money = figures.decisions.money(shares, caption="").data
    assert list(complaints.y) == ["Снег", "Ямы"]
    assert list(money.x) == [0.0, 100.0]
    title = figures.decisions.money(shares, caption="").layout.title.text
    assert "«Ямы»: 30" in title


@pytest.mark.parametrize(
    ("draw", "table"),
    [
        (figures.answers.incidence, columns.RESOLUTION_RISKS),
        (figures.reporting.rates, columns.REPORTING),
        (figures.decisions.money, columns.MONEY_SHARES),
    ],
)
def test_nothing_to_draw_is_said(draw, table):
    empty = table.empty().with_columns(agency=pl.lit(None, pl.String))
    assert str(draw(empty, caption="")) == "Недостаточно данных."


def test_a_result_is_drawn_by_its_type(found):
    assert "через 60 дней" in figures.of(found, caption="").layout.title.text.lower()
    assert "устранении" in figures.of(found, "fixes", caption="").layout.yaxis.title.text
    assert "30 дней" in figures.of(found, "incidence", caption="").layout.title.text
    with pytest.raises(ParameterError, match="no part 'colours'"):
        figures.of(found, "colours", caption="")


def test_largest_groups_come_first_and_all_together_are_one(found):
    waiting = found.waiting(days=30)
    assert waiting["n"].to_list() == sorted(waiting["n"], reverse=True)
    figure = figures.answers.waiting(found, caption="", days=30, top=1)
    assert len(figure.data) == 3
    first = found.curves.filter(agency=waiting["agency"][0], event="answer")
    assert waiting["still_open"][0] == first.filter(pl.col("days") <= 30)["still_open"].min()


def test_all_messages_together_are_one_curve(messages):
    together = trends.resolution(messages, by=(), until=START + 100 * DAY)
    title = figures.of(together, caption="").layout.title.text
    assert title.startswith("все сообщения: через 60 дней")
