"""Structure of the pictures of claims that come back."""

from datetime import UTC, datetime, timedelta

import polars as pl

from cur_lab import columns, fakes, figures
from cur_lab.figures import claims

DAY = datetime(2025, 3, 1, tzinfo=UTC)
HOSTILE = "Мост <b>закроют</b> & <script>alert(1)</script>"


def curves() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "claim_id": ["c1"] * 3,
            "period_start": [DAY, DAY, DAY + timedelta(days=3)],
            "stance": ["spreads", "asks", "spreads"],
            "messages": [5, 3, 4],
            "days_together": [1, 1, 2],
            "phase": ["before_refutation"] * 2 + ["after_refutation"],
        }
    )


def test_a_curve_has_a_layer_per_stance_and_the_refutation():
    figure = claims.spread(
        curves(), title=HOSTILE, refuted=DAY + timedelta(days=2), caption="n = 12"
    )
    assert [trace.name for trace in figure.data] == [
        "повторяют утверждение",
        "спрашивают",
        "сомневаются",
        "опровергают",
        "отношение не определено",
    ]
    assert [list(trace.y) for trace in figure.data] == [[5, 2], [3], [], [], []]  # a day
    assert len(figure.layout.shapes) == 1
    assert "12 сообщений, после опровержения — 4 (33" in figure.layout.title.text
    assert "<script>" not in figure.layout.title.text
    without = claims.spread(curves(), title="Мост", refuted=None, caption="")
    assert not without.layout.shapes
    assert "опровержения" not in without.layout.title.text


def test_stances_are_shares_of_each_claim():
    table = pl.DataFrame(
        {
            "claim_id": ["c1", "c2", "c3"],
            "messages": [10, 6, 0],
            "spreads": [5, 1, 0],
            "asks": [2, 3, 0],
            "doubts": [1, 0, 0],
            "refutes": [1, 0, 0],
            "undecided": [1, 2, 0],
            "decided": [9, 4, 0],
        }
    )
    figure = claims.stances(table, titles={"c1": HOSTILE}, caption="")
    assert list(figure.data[0].x) == [16.7, 50.0]
    assert list(figure.data[4].x) == [33.3, 10.0]  # what is undecided is nobody's repetition
    assert figure.data[0].y[0] == "c2"
    assert "<script>" not in figure.data[0].y[1].replace("<br>", "")
    said = figure.layout.title.text.replace("<br>", " ")
    assert "у 81\u00a0% совпавших и похожих сообщений (13 из 16): спрашивают 5" in said
    unknown = table.head(1).with_columns(spreads=0, asks=0, doubts=0, refutes=0, decided=0)
    said = claims.stances(unknown, titles={}, caption="").layout.title.text
    assert "не определено ни у одного" in said.replace("<br>", " ")


def test_nothing_to_draw_is_said():
    empty = curves().clear()
    said = str(claims.spread(empty, title="", refuted=DAY, caption=""))
    assert "не найдено и десяти" in said
    none = pl.DataFrame(schema={"claim_id": pl.String, "messages": pl.Int64})
    assert "не найдено" in str(claims.stances(none, titles={}, caption=""))


def test_a_result_is_drawn_with_what_came_after_the_refutation():
    times = [DAY + timedelta(hours=n) for n in range(12)]
    times += [DAY + timedelta(days=9, hours=n) for n in range(24)]
    messages = pl.DataFrame(
        {"message_id": [f"m{n:02}" for n in range(36)], "published_at": times},
        schema_overrides={"published_at": columns.table.TIME},
    )
    matches = columns.CLAIM_MATCHES.conform(
        messages.select(
            "message_id", claim_id=pl.lit("c1"), stance=pl.lit("spreads"), score=pl.lit(0.9)
        )
    )
    registry = columns.CLAIMS.conform(
        pl.DataFrame({"claim_id": ["c1"], "text": ["Мост закроют"]}).with_columns(
            refuted_at=pl.lit(DAY + timedelta(days=5)).cast(columns.table.TIME)
        )
    )
    figure = figures.of(fakes.spread(matches, messages, registry), "course", caption="")
    assert "36 сообщений, после опровержения — 24 (67" in figure.layout.title.text
