"""Accounts that share the same things within seconds, as CooRTweet counts them, with q-values.

CooRTweet flags the heaviest pairs by a quantile, so in pure noise it flags some as well. Its
figures are kept for those who come from it, and beside them stands what two accounts of their
activity would share anyway. Which accounts make a pair stays in memory: results count pairs.

References
----------
Righetti N., Balluff P. (2025). CooRTweet: coordinated networks detection on social media. R package
2.1. Giglietto F. et al. (2020). It takes a village to manipulate the media. Information,
Communication & Society 23, 867-891.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import files, prepare, pseudonyms
from cur_lab.errors import InputError, ParameterError, SchemaError
from cur_lab.fakes.campaigns import Campaigns
from cur_lab.fakes.campaigns.pairs import expected_joint
from cur_lab.inference import FloatArray, IntArray, q_values

__all__ = ["cosharing", "read_shares", "write_graphml"]

# More joint shares than this say that the window is too wide for the volume.
_MOST = 20_000_000
_LEFT, _RIGHT = "left", "right"
# Seconds since 1970: milliseconds taken for seconds lie beyond, and no date is written there.
_YEAR_10000 = 253_402_300_800


def read_shares(path: str | os.PathLike[str], *, key: bytes | None = None) -> pl.DataFrame:
    """Read a table prepared for CooRTweet.

    Parameters
    ----------
    path
        CSV or Parquet with ``object_id, account_id, content_id, timestamp_share``, the last in
        seconds since 1970.
    key
        Of the pseudonyms; the user's own by default.

    Returns
    -------
    DataFrame
        Table ``shares``: accounts as keyed pseudonyms, times in UTC.

    Raises
    ------
    InputError
        If the file cannot be read or a time is no number of seconds.
    SchemaError
        If a column is missing.
    """
    path = Path(path)
    try:
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
        else:
            frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(
            "cannot be read as CSV or Parquet",
            where=path.name,
            remedy="A header and a row for each share, as CooRTweet takes them",
        ) from error
    if absent := set(c.ACCOUNT_SHARES.schema) - set(frame.columns):
        raise SchemaError.missing(absent, frame.columns, where=path.name)
    seconds = frame[c.TIMESTAMP_SHARE].cast(pl.Float64, strict=False)
    known = seconds.is_finite() & (seconds.abs() < _YEAR_10000)
    if unread := int((~known.fill_null(value=False)).sum()) - frame[c.TIMESTAMP_SHARE].null_count():
        raise InputError(
            f"{unread} values of {c.TIMESTAMP_SHARE} are no seconds",
            where=path.name,
            remedy="Give seconds since 1970, as CooRTweet's prep_data does",
        )
    accounts = frame[c.ACCOUNT_ID].cast(pl.String)
    times = (seconds * 1e6).cast(pl.Int64).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return c.ACCOUNT_SHARES.conform(
        frame.with_columns(
            pseudonyms.pseudonymise(accounts, key or pseudonyms.load_key()).alias(c.ACCOUNT_ID),
            times.alias(c.TIMESTAMP_SHARE),
        )
    )


def cosharing(
    messages: pl.DataFrame,
    *,
    time_window: float = 10.0,
    min_participation: int = 2,
    edge_weight: float = 0.5,
    fdr: float = 0.05,
) -> pl.DataFrame:
    """Count pairs of accounts that share the same objects within seconds, by their weight.

    Parameters
    ----------
    messages
        Table ``shares``, or messages: then the objects are their families.
    time_window
        Seconds between two shares of one object that are joint; the border counts.
    min_participation
        Least number of shares of an account in the data.
    edge_weight
        Quantile of weights; heavier pairs are marked.
    fdr
        False-discovery rate of the pairs counted as flagged.

    Returns
    -------
    DataFrame
        Table ``cosharing``, a row for each weight (pairs of shares within the window): how many
        pairs of accounts have it, how alike their parts are, whether CooRTweet would keep them;
        and, beside it, joint objects with expectation, and how many of the pairs stand out by the
        bipartite configuration model over all pairs of accounts.

    Raises
    ------
    SchemaError
        If a column is missing.
    ParameterError
        If a parameter makes no sense, or the window holds too many pairs to list.
    """
    if not 0 <= time_window <= _YEAR_10000 or min_participation < 1 or not 0 <= edge_weight <= 1:
        raise ParameterError(
            "time_window >= 0, min_participation >= 1, edge_weight in [0, 1]",
            where="cosharing",
            remedy="CooRTweet's own are 10 seconds, 2 and 0.5",
        )
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr!r}", where="fdr", remedy="A number between 0 and 1")
    edges = _edges(_shares(messages), time_window, min_participation)
    if edges.is_empty():
        return c.COSHARING.empty()
    limit = float(np.quantile(edges[c.EDGE_WEIGHT].to_numpy(), edge_weight))
    counted = edges.group_by(c.EDGE_WEIGHT).agg(
        pl.len().cast(pl.Int64).alias(c.PAIRS_COUNT),
        (pl.col(c.EDGE_WEIGHT).first() > limit).alias(c.HEAVY),
        pl.col(c.SYMMETRY).median(),
        pl.col(c.TOGETHER, c.EXPECTED).mean(),
        (pl.col(c.Q_VALUE) <= fdr).sum().cast(pl.Int64).alias(c.FLAGGED),
    )
    return c.COSHARING.conform(counted).sort(c.EDGE_WEIGHT, descending=True)


def _edges(shares: pl.DataFrame, window: float, participation: int) -> pl.DataFrame:
    """Give every pair of accounts its weight, symmetry, joint objects, expectation, p and q."""
    active = shares.filter(pl.len().over(c.ACCOUNT_ID) >= participation)
    active = active.sort(c.OBJECT_ID, c.TIMESTAMP_SHARE, c.CONTENT_ID)
    joint = active if active.is_empty() else _joint(active, window)
    if joint.is_empty():
        return pl.DataFrame()
    both = ("left_shares", "right_shares")
    edges = joint.group_by(_LEFT, _RIGHT).agg(
        pl.len().cast(pl.Int64).alias(c.EDGE_WEIGHT),
        pl.col("left_content").n_unique().cast(pl.Int64).alias(both[0]),
        pl.col("right_content").n_unique().cast(pl.Int64).alias(both[1]),
        pl.col(c.OBJECT_ID).n_unique().cast(pl.Int64).alias(c.TOGETHER),
    )
    edges = edges.sort(_LEFT, _RIGHT)
    expected, number = _expected(active, edges)
    p = scipy.stats.poisson.sf(edges[c.TOGETHER].to_numpy() - 1, expected)
    return edges.with_columns(
        (pl.min_horizontal(both) / pl.max_horizontal(both)).alias(c.SYMMETRY),
        pl.Series(c.EXPECTED, expected),
        pl.Series(c.P_VALUE, p),
        pl.Series(c.Q_VALUE, q_values(p, hypotheses=number)),
    )


def write_graphml(found: Campaigns, path: str | os.PathLike[str]) -> Path:
    """Write the families with a verdict as a graph, for Gephi and the like.

    Nodes are families with ``verdict``, ``q``, number of ``messages`` and ``accounts``; an edge
    joins two families that ten or more ``accounts`` wrote for. No account is in it.
    """
    import networkx as nx

    graph = nx.Graph()
    columns = (c.FAMILY, c.VERDICT, c.Q_VALUE, c.MESSAGES_COUNT, c.AUTHORS)
    for family, verdict, q, messages, accounts in (
        found.families.drop_nulls(c.VERDICT).select(columns).sort(c.FAMILY).iter_rows()
    ):
        known = {} if q is None else {"q": q}
        graph.add_node(family, verdict=verdict, messages=messages, accounts=accounts, **known)
    for left, right, accounts in found.shared_accounts.iter_rows():
        graph.add_edge(left, right, accounts=accounts)
    with files.replacing(path) as temporary:
        nx.write_graphml(graph, temporary)
    return Path(path)


def _shares(messages: pl.DataFrame) -> pl.DataFrame:
    """Take shares as they are; of messages, copies of one text are shares of one object."""
    if c.OBJECT_ID in messages.columns:
        c.ACCOUNT_SHARES.require(messages, c.ACCOUNT_SHARES.schema.keys(), where="cosharing")
        return c.ACCOUNT_SHARES.conform(messages.drop_nulls(c.ACCOUNT_SHARES.schema.names()))
    needed = (c.MESSAGE_ID, c.TEXT, c.AUTHOR_ID, c.PUBLISHED_AT)
    c.MESSAGES.require(messages, needed, where="cosharing")
    copies = prepare.with_families(messages).drop_nulls([*needed, c.FAMILY])
    return c.ACCOUNT_SHARES.conform(
        copies.select(
            pl.col(c.FAMILY).alias(c.OBJECT_ID),
            pl.col(c.AUTHOR_ID).alias(c.ACCOUNT_ID),
            pl.col(c.MESSAGE_ID).alias(c.CONTENT_ID),
            pl.col(c.PUBLISHED_AT).alias(c.TIMESTAMP_SHARE),
        )
    )


def _joint(active: pl.DataFrame, window: float) -> pl.DataFrame:
    """Pairs of shares of one object within the window by different accounts, found by a sweep."""
    # Whole microseconds: the border of the window is met exactly, however many objects there are.
    micro: IntArray = active[c.TIMESTAMP_SHARE].dt.timestamp("us").to_numpy()
    objects: IntArray = active[c.OBJECT_ID].rank("dense").to_numpy().astype(np.int64)
    width = round(window * 1e6)
    keys = micro - micro.min() + objects * (np.ptp(micro) + width + 1)
    reach = np.searchsorted(keys, keys + width, side="right") - np.arange(len(keys)) - 1
    if reach.sum() > _MOST:
        raise ParameterError(
            f"{reach.sum():,} pairs of shares lie within {window:g} s",
            where="time_window",
            remedy="Take a shorter window, or leave out objects that everybody shares",
        )
    left = np.repeat(np.arange(len(keys)), reach)
    first = np.cumsum(reach) - reach
    right = left + 1 + np.arange(len(left)) - first[left]
    accounts, contents = active[c.ACCOUNT_ID], active[c.CONTENT_ID]
    frame = pl.DataFrame(
        {
            c.OBJECT_ID: active[c.OBJECT_ID].gather(left),
            "a": accounts.gather(left),
            "b": accounts.gather(right),
            "of_a": contents.gather(left),
            "of_b": contents.gather(right),
        }
    ).filter(pl.col("a") != pl.col("b"))
    swapped = pl.col("a") > pl.col("b")
    return frame.select(
        c.OBJECT_ID,
        pl.when(swapped).then("b").otherwise("a").alias(_LEFT),
        pl.when(swapped).then("a").otherwise("b").alias(_RIGHT),
        pl.when(swapped).then("of_b").otherwise("of_a").alias("left_content"),
        pl.when(swapped).then("of_a").otherwise("of_b").alias("right_content"),
    )


def _expected(active: pl.DataFrame, edges: pl.DataFrame) -> tuple[FloatArray, int]:
    """Objects two accounts would share by their activity, and how many pairs there could be."""
    links = active.select(c.ACCOUNT_ID, c.OBJECT_ID).unique()
    names = links[c.ACCOUNT_ID].unique().sort()
    place = dict(zip(names, range(len(names)), strict=True))
    rows = [place[name] for name in links[c.ACCOUNT_ID]]
    objects = links[c.OBJECT_ID].rank("dense").to_numpy().astype(np.int64) - 1
    acts = scipy.sparse.csr_array(
        (np.ones(len(rows)), (rows, objects)), shape=(len(names), int(objects.max()) + 1)
    )
    table, classes = expected_joint(acts)
    left, right = (classes[[place[name] for name in edges[side]]] for side in (_LEFT, _RIGHT))
    return table[left, right], len(names) * (len(names) - 1) // 2
