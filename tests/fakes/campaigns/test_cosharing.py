"""CooRTweet's statistic from its documentation, q-values beside it, and the graph."""

from datetime import UTC, datetime

import networkx as nx
import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import fakes
from cur_lab.errors import InputError, ParameterError, SchemaError


def shares(*rows: tuple[str, str, str, float]) -> pl.DataFrame:
    frame = pl.DataFrame(
        rows, schema=["object_id", "account_id", "content_id", "timestamp_share"], orient="row"
    )
    seconds = pl.col("timestamp_share") * 1_000_000
    times = seconds.cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return frame.with_columns(times)


def test_shares_within_the_window_make_an_edge():
    table = fakes.cosharing(
        shares(
            ("o1", "a", "c1", 0),
            ("o1", "b", "c2", 10),  # the window includes its end
            ("o1", "c", "c3", 21),
            ("o2", "a", "c4", 100),
            ("o2", "b", "c5", 95),
            ("o2", "c", "c6", 200),
        )
    )
    assert table.select(c.LEFT_ACCOUNT, c.RIGHT_ACCOUNT, "edge_weight").rows() == [("a", "b", 2)]


def test_accounts_below_the_participation_are_left_out():
    rows = shares(
        ("o", "a", "c1", 0), ("o", "b", "c2", 1), ("p", "a", "c3", 50), ("p", "b", "c4", 51)
    )
    once = pl.concat([rows, shares(("o", "once", "c5", 2))])
    assert fakes.cosharing(once)[c.RIGHT_ACCOUNT].to_list() == ["b"]
    assert fakes.cosharing(once, min_participation=1).height == 3


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
    assert dict(table.select("left_account", "heavy").rows()) == {"a": False, "c": False, "e": True}


def test_noise_has_heavy_edges_but_no_small_q():
    import numpy as np

    rng = np.random.default_rng(0)
    rows = [
        (f"o{rng.integers(20)}", f"a{rng.integers(60)}", f"c{i}", float(rng.uniform(0, 2000)))
        for i in range(1500)
    ]
    table = fakes.cosharing(shares(*rows))
    assert table["heavy"].any()
    assert table[c.Q_VALUE].min() > 0.05


def test_partners_stand_out_against_their_activity():
    import numpy as np

    rng = np.random.default_rng(1)
    rows = [
        (f"o{rng.integers(300)}", f"a{rng.integers(60)}", f"c{i}", float(rng.uniform(0, 1e6)))
        for i in range(1500)
    ]
    for number in range(12):
        rows += [(f"s{number}", who, f"{who}{number}", 1e5 + 9e3 * number) for who in ("l", "r")]
    best = fakes.cosharing(shares(*rows)).sort(c.Q_VALUE).row(0, named=True)
    assert (best["left_account"], best["right_account"]) == ("l", "r")
    assert best["q"] < 1e-6


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
    path.write_text("object_id,account_id,content_id,timestamp_share\na,b,c,yesterday\n")
    with pytest.raises(InputError, match="no numbers"):
        fakes.read_shares(path)


def test_the_graph_joins_pseudonyms_and_families(tmp_path, monkeypatch):
    monkeypatch.setenv("CUR_LAB_KEY", str(tmp_path / "key"))
    start = datetime(2025, 1, 1, 9, tzinfo=UTC)
    messages = pl.DataFrame(
        {
            "message_id": [f"m{i}" for i in range(6)],
            "text": ["Прошу сохранить наш парк у реки и не рубить деревья возле школы"] * 6,
            "author_id": [f"имя {i % 4}" for i in range(6)],
            "published_at": pl.Series([start] * 6, dtype=pl.Datetime("us", "UTC")),
        }
    )
    found = fakes.campaigns(messages)
    graph = nx.read_graphml(fakes.write_graphml(found, tmp_path / "graph.graphml"))
    kinds = [kind for _, kind in graph.nodes(data="kind")]
    assert sorted(kinds) == ["account"] * 4 + ["family"]
    assert not any("имя" in node for node in graph)
    assert sum(number for *_, number in graph.edges(data="messages")) == 6
