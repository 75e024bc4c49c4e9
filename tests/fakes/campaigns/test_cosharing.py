"""CooRTweet's statistic from its documentation, q-values beside it, and the graph."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import networkx as nx
import numpy as np
import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import fakes
from cur_lab.errors import InputError, ParameterError, SchemaError

# The function of the room has the name of its module.
cosharing = import_module("cur_lab.fakes.campaigns.cosharing")


def shares(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows, schema=["object_id", "account_id", "content_id", "timestamp_share"], orient="row"
    )
    seconds = pl.col("timestamp_share") * 1_000_000
    times = seconds.cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return frame.with_columns(times)


def edges(frame: pl.DataFrame, window: float = 10, participation: int = 2) -> pl.DataFrame:
    """The pairs as they are in memory, with their accounts."""
    return cosharing._edges(frame, window, participation)


def test_shares_within_the_window_make_an_edge():
    frame = shares(
        ("o1", "a", "c1", 0),
        ("o1", "b", "c2", 10),  # the window includes its end
        ("o1", "c", "c3", 21),
        ("o2", "a", "c4", 100),
        ("o2", "b", "c5", 95),
        ("o2", "c", "c6", 200),
    )
    assert edges(frame).select("left", "right", "edge_weight").rows() == [("a", "b", 2)]
    assert fakes.cosharing(frame).select("edge_weight", "pairs").rows() == [(2, 1)]


@pytest.mark.parametrize(("more", "weight"), [(0, 1), (1, 0), (-1, 1)])
def test_the_border_of_the_window_is_met_to_the_microsecond(more, weight):
    """However many objects there are and however long the data."""
    far = [(f"o{n:06}", f"x{n % 9}", f"c{n}", 1_600_000_000 + 97_003.123 * n) for n in range(3_000)]
    frame = shares(
        *far, ("z", "a", "a1", 5), ("z", "b", "b1", 15), ("y", "a", "a2", 0), ("w", "b", "b2", 0)
    )
    moved = pl.col(c.TIMESTAMP_SHARE) + pl.duration(microseconds=more)
    frame = frame.with_columns(
        pl.when(pl.col(c.CONTENT_ID) == "b1").then(moved).otherwise(c.TIMESTAMP_SHARE)
    )
    found = edges(frame)
    assert (found.filter(pl.col("left") == "a").height if found.height else 0) == weight


def test_accounts_below_the_participation_are_left_out():
    rows = shares(
        ("o", "a", "c1", 0), ("o", "b", "c2", 1), ("p", "a", "c3", 50), ("p", "b", "c4", 51)
    )
    once = pl.concat([rows, shares(("o", "once", "c5", 2))])
    assert edges(once)["right"].to_list() == ["b"]
    assert fakes.cosharing(once, min_participation=1)["pairs"].sum() == 3


def test_one_busy_account_makes_a_heavy_edge_of_low_symmetry():
    """The documentation's example: a hundred shares of one against a single share of the other."""
    busy = [("o", "busy", f"c{i}", i * 0.05) for i in range(100)]
    calm = [("o", "calm", "d0", 2.5), ("elsewhere", "calm", "d1", 900)]
    table = fakes.cosharing(shares(*busy, *calm))
    row = table.row(0, named=True)
    assert row["edge_weight"] == 100
    assert row["symmetry"] == pytest.approx(1 / 100)


def test_only_edges_above_the_quantile_are_heavy():
    rows = []
    for pair, weight in (("ab", 1), ("cd", 2), ("ef", 5)):
        rows += [
            (f"{pair}{number}", account, f"{account}{number}", number * 100)
            for number in range(weight)
            for account in pair
        ]
    padded = [*rows, ("x", "a", "x1", 1), ("y", "b", "y1", 1)]
    table = fakes.cosharing(shares(*padded))
    assert dict(table.select("edge_weight", "heavy").rows()) == {1: False, 2: False, 5: True}


def test_noise_has_heavy_edges_but_none_that_stands_out():
    rng = np.random.default_rng(0)
    rows = [
        (f"o{rng.integers(20)}", f"a{rng.integers(60)}", f"c{i}", float(rng.uniform(0, 2000)))
        for i in range(1500)
    ]
    frame = shares(*rows)
    table = fakes.cosharing(frame)
    assert table["heavy"].any()
    assert table["flagged"].sum() == 0
    assert edges(frame)[c.Q_VALUE].min() > 0.05


def test_partners_stand_out_against_their_activity():
    rng = np.random.default_rng(1)
    rows = [
        (f"o{rng.integers(300)}", f"a{rng.integers(60)}", f"c{i}", float(rng.uniform(0, 1e6)))
        for i in range(1500)
    ]
    for number in range(12):
        rows += [(f"s{number}", who, f"{who}{number}", 1e5 + 9e3 * number) for who in ("l", "r")]
    frame = shares(*rows)
    best = edges(frame).sort(c.Q_VALUE).row(0, named=True)
    assert (best["left"], best["right"]) == ("l", "r")
    assert best["q"] < 1e-6
    assert fakes.cosharing(frame)["flagged"].sum() == 1


def test_messages_are_shares_of_their_families():
    messages = pl.DataFrame(
        {
            "message_id": ["1", "2", "3", "4"],
            "text": ["Верните автобус на нашу улицу, ждать негде"] * 2
            + ["Почините свет во дворе, идти темно"] * 2,
            "author_id": ["a", "b", "a", "b"],
            "published_at": pl.Series(
                [datetime(2025, 1, 1, 9, 0, s, tzinfo=UTC) for s in (0, 5, 30, 33)],
                dtype=pl.Datetime("us", "UTC"),
            ),
        }
    )
    assert fakes.cosharing(messages)["edge_weight"].to_list() == [2]


def test_too_wide_a_window_is_refused_before_it_fills_the_memory():
    crowd = shares(*((("o", f"a{i % 4000}", f"c{i}", 0.0)) for i in range(8000)))
    with pytest.raises(ParameterError, match="pairs of shares"):
        fakes.cosharing(crowd)


def test_reads_the_table_of_coortweet(tmp_path):
    path = tmp_path / "prepared.csv"
    path.write_text(
        "object_id,account_id,content_id,timestamp_share,more\n"
        "url,anna,1,1700000000,x\nurl,boris,2,1700000004,x\n"
        "tag,anna,3,1700009000,x\ntag,boris,4,1700009009,x\n"
    )
    read = fakes.read_shares(path, key=b"k" * 32)
    assert read.columns == list(c.ACCOUNT_SHARES.schema)
    assert "anna" not in read[c.ACCOUNT_ID].to_list()
    assert read["timestamp_share"][0] == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert fakes.cosharing(read)["edge_weight"].to_list() == [2]


def test_a_bad_table_is_named(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("object_id,account_id,content_id\na,b,c\n")
    with pytest.raises(SchemaError, match="timestamp_share"):
        fakes.read_shares(path)
    # Of no date, of none that is finite, and in milliseconds.
    for time in ("yesterday", "nan", "inf", "1700000000123"):
        path.write_text(f"object_id,account_id,content_id,timestamp_share\na,b,c,{time}\n")
        with pytest.raises(InputError, match="1 values of timestamp_share are no seconds"):
            fakes.read_shares(path)


@pytest.mark.parametrize("window", [-1.0, float("nan"), float("inf")])
def test_a_window_that_is_no_time_is_named(window):
    with pytest.raises(ParameterError, match="time_window"):
        fakes.cosharing(c.ACCOUNT_SHARES.empty(), time_window=window)


def test_the_graph_joins_families_of_ten_and_more_common_accounts(tmp_path):
    """Twelve accounts write one text together and then another, an hour of each."""
    texts = ["Прошу сохранить наш парк у реки и не рубить деревья возле школы"] * 12
    texts += ["Верните утренний автобус до больницы, старики ждут на морозе час"] * 12
    start = datetime(2025, 1, 1, 9, tzinfo=UTC)
    messages = pl.DataFrame(
        {
            "message_id": [f"m{i}" for i in range(24)],
            "text": texts,
            "author_id": [f"имя {i % 12}" for i in range(24)],
            "published_at": pl.Series(
                [start + timedelta(days=i // 12, seconds=i) for i in range(24)],
                dtype=pl.Datetime("us", "UTC"),
            ),
        }
    )
    found = fakes.campaigns(messages)
    path = fakes.write_graphml(found, tmp_path / "new" / "graph.graphml")
    graph = nx.read_graphml(path)
    assert sorted(accounts for _, accounts in graph.nodes(data="accounts")) == [12, 12]
    assert [accounts for *_, accounts in graph.edges(data="accounts")] == [12]
    assert "имя" not in path.read_text(encoding="utf-8")
