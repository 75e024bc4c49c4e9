"""Whoever lays all published tables of a region side by side cannot tell a small cell.

The reader knows every cell that notebooks 01 and 02 print of messages by municipality, channel,
month, rubric and topic, and which are hidden. What is left for a hidden cell is an interval over
all joint tables that agree with what is printed: two linear programmes a cell, over real numbers
(what only whole numbers would tell is not seen).
"""

import null_region
import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from cur_lab import clock, topics, trends

K = 5
DIMENSIONS = ("municipality", "channel", "month", "rubric", "topic")
SMALL = {"messages": 300, "days": 100, "votes": 50}


@pytest.fixture(scope="module")
def dated():
    messages = null_region.draw(3, **SMALL).tables["messages"]
    month = clock.local("published_at").dt.date().dt.month_start()
    # A channel and a district that few write in: there is something to hide.
    few = pl.int_range(pl.len()) % 23 == 0
    return messages.sort("message_id").with_columns(
        month=month,
        channel=pl.when(few).then(pl.lit("ok")).otherwise("channel"),
        municipality=pl.when(few & (pl.col("channel") == "vk"))
        .then(pl.lit("район Малый"))
        .otherwise("municipality"),
    )


@pytest.fixture(scope="module")
def published(dated):
    """Every printed table of counts: its dimensions, its cells, the count; null is hidden."""
    model = topics.fit(dated, n_topics=3, refits=2)
    named = dated.join(model.assign(dated).select("message_id", "topic"), on="message_id")
    told = {}
    for by in ("municipality", "channel", "month"):
        told[by, "topic"] = topics.breakdown(dated, model, by=by).select(by, "topic", "size")
    months = trends.counts(dated, (), "1mo").select(
        clock.local("period_start").dt.date().alias("month"), size="messages"
    )
    told["month",] = months
    last = trends.latest(dated, ("municipality",), "1mo")
    told["municipality", "month"] = last.select(
        "municipality", clock.local("period_start").dt.date().alias("month"), size="messages"
    )
    told["topic",] = named.group_by("topic").agg(size=pl.len())
    told["rubric",] = named.group_by("rubric").agg(size=pl.len())
    return named, told


def told_cells(named, told):
    """Hidden small cells, and those of them that the tables give away."""
    joint = pl.DataFrame({"_": [0]})
    for name in DIMENSIONS:
        joint = joint.join(named.select(pl.col(name).unique()), how="cross")
    rows, sums, secrets = [], [], []
    for names, table in told.items():
        true = named.group_by(names).agg(true=pl.len())
        for row in table.join(true, on=names, how="left", nulls_equal=True).iter_rows(named=True):
            place = np.ones(joint.height, dtype=bool)
            for name in names:
                place &= joint[name].eq_missing(row[name]).to_numpy()
            if row["size"] is not None:
                rows.append(place)
                sums.append(row["size"])
            elif 0 < (row["true"] or 0) < K:
                secrets.append((names, row, place))
    known = {"A_eq": csr_array(np.array(rows, dtype=float)), "b_eq": np.array(sums, dtype=float)}
    given_away = []
    for names, row, place in secrets:
        low, high = (
            sign * linprog(sign * place.astype(float), bounds=(0, None), **known).fun
            for sign in (1, -1)
        )
        if low > 1 + 1e-6 or high < K - 1 - 1e-6:
            given_away.append((names, row, low, high))
    return secrets, given_away


def test_no_small_cell_follows_from_all_tables_together(published):
    secrets, given_away = told_cells(*published)
    assert len(secrets) >= 5, "nothing is hidden: the test tests nothing"
    assert not given_away


def test_small_cells_hidden_alone_follow(published):
    named, told = published
    alone = {}
    for names, table in told.items():
        true = named.group_by(names).agg(true=pl.len())
        size = pl.when(pl.col("true") >= K).then("true")
        alone[names] = table.join(true, on=names, how="left", nulls_equal=True).select(
            *names, size=pl.when(pl.col("true").is_null()).then(0).otherwise(size)
        )
    assert told_cells(named, alone)[1]
