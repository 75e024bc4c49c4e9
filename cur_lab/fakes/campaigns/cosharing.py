"""Accounts that share the same things within seconds, as CooRTweet counts them, with q-values.

CooRTweet flags the heaviest pairs by a quantile, so in pure noise it flags some as well. Its
figures are kept for those who come from it, and beside them stands what two accounts of their
activity would share anyway.

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
from cur_lab import prepare, pseudonyms
from cur_lab.errors import InputError, ParameterError, SchemaError
from cur_lab.fakes.campaigns import Campaigns
from cur_lab.fakes.campaigns.pairs import expected_joint
from cur_lab.inference import FloatArray, IntArray, q_values

__all__ = ["cosharing", "read_shares", "write_graphml"]

# More joint shares than this say that the window is too wide for the volume.
_MOST = 20_000_000
_PSEUDONYM = r"^[0-9a-f]{16}$"


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
        If the file cannot be read or a time is no number.
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
        raise InputError(f"cannot be read ({error})", where=path.name) from error
    if absent := set(c.ACCOUNT_SHARES.schema) - set(frame.columns):
        raise SchemaError.missing(absent, frame.columns, where=path.name)
    seconds = frame[c.TIMESTAMP_SHARE].cast(pl.Float64, strict=False)
    if unread := seconds.null_count() - frame[c.TIMESTAMP_SHARE].null_count():
        raise InputError(
            f"{unread} values of {c.TIMESTAMP_SHARE} are no numbers",
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
) -> pl.DataFrame:
    """Find pairs of accounts that share the same objects within seconds.

    Parameters
    ----------
    messages
        Table ``shares``, or messages: then the objects are their families.
    time_window
        Seconds between two shares of one object that are joint.
    min_participation
        Least number of shares of an account in the data.
    edge_weight
        Quantile of weights; heavier pairs are marked.

    Returns
    -------
    DataFrame
        Table ``cosharing``: weight (pairs of shares within the window), shares of each account that
        made it, their symmetry, whether CooRTweet would keep the pair; and, beside it, joint
        objects with expectation, p and q by the bipartite configuration model over all pairs of
        accounts.

    Raises
    ------
    SchemaError
        If a column is missing.
    ParameterError
        If a parameter makes no sense, or the window holds too many pairs to list.
    """
    if time_window < 0 or min_participation < 1 or not 0 <= edge_weight <= 1:
        raise ParameterError(
            "time_window >= 0, min_participation >= 1, edge_weight in [0, 1]", where="cosharing"
        )
    shares = _shares(messages)
    active = shares.filter(pl.len().over(c.ACCOUNT_ID) >= min_participation)
    active = active.sort(c.OBJECT_ID, c.TIMESTAMP_SHARE, c.CONTENT_ID)
    if active.is_empty():
        return c.COSHARING.empty()
    joint = _joint(active, time_window)
    if joint.is_empty():
        return c.COSHARING.empty()
    edges = joint.group_by(c.LEFT_ACCOUNT, c.RIGHT_ACCOUNT).agg(
        pl.len().cast(pl.Int64).alias(c.EDGE_WEIGHT),
        pl.col("left_content").n_unique().cast(pl.Int64).alias(c.LEFT_SHARES),
        pl.col("right_content").n_unique().cast(pl.Int64).alias(c.RIGHT_SHARES),
        pl.col(c.OBJECT_ID).n_unique().cast(pl.Int64).alias(c.TOGETHER),
    )
    edges = edges.sort(c.LEFT_ACCOUNT, c.RIGHT_ACCOUNT)
    limit = float(np.quantile(edges[c.EDGE_WEIGHT].to_numpy(), edge_weight))
    both = (c.LEFT_SHARES, c.RIGHT_SHARES)
    expected, number = _expected(active, edges)
    p = scipy.stats.poisson.sf(edges[c.TOGETHER].to_numpy() - 1, expected)
    edges = edges.with_columns(
        (pl.min_horizontal(both) / pl.max_horizontal(both)).alias(c.SYMMETRY),
        (pl.col(c.EDGE_WEIGHT) > limit).alias(c.HEAVY),
        pl.Series(c.EXPECTED, expected),
        pl.Series(c.P_VALUE, p),
        pl.Series(c.Q_VALUE, q_values(p, hypotheses=number)),
    )
    return c.COSHARING.conform(edges).sort(
        c.EDGE_WEIGHT, c.LEFT_ACCOUNT, c.RIGHT_ACCOUNT, descending=[True, False, False]
    )


def write_graphml(found: Campaigns, path: str | os.PathLike[str]) -> Path:
    """Write accounts and the families with a verdict as a graph, for Gephi and the like.

    Nodes have ``kind`` (account or family), families ``verdict`` and ``q``; an edge has the number
    of ``messages``. Accounts are pseudonyms; what is none yet becomes one.
    """
    import networkx as nx

    members = found.members.drop_nulls(c.AUTHOR_ID)
    raw = members[c.AUTHOR_ID]
    if not raw.str.contains(_PSEUDONYM).all():
        members = members.with_columns(pseudonyms.pseudonymise(raw, pseudonyms.load_key()))
    graph = nx.Graph()
    said = found.families.select(c.FAMILY, c.VERDICT, c.Q_VALUE).drop_nulls(c.VERDICT)
    for family, verdict, q in said.iter_rows():
        known = {} if q is None else {"q": q}
        graph.add_node(f"family {family}", kind="family", verdict=verdict, **known)
    counted = members.group_by(c.FAMILY, c.AUTHOR_ID).len().sort(c.FAMILY, c.AUTHOR_ID)
    for family, account, number in counted.iter_rows():
        graph.add_node(f"account {account}", kind="account")
        graph.add_edge(f"account {account}", f"family {family}", messages=number)
    path = Path(path)
    nx.write_graphml(graph, path)
    return path


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
    seconds: FloatArray = active[c.TIMESTAMP_SHARE].dt.timestamp("us").to_numpy() / 1e6
    objects: IntArray = active[c.OBJECT_ID].rank("dense").to_numpy().astype(np.int64)
    step = np.ptp(seconds) + window + 1
    keys = seconds - seconds.min() + objects * step
    reach = np.searchsorted(keys, keys + window, side="right") - np.arange(len(keys)) - 1
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
        pl.when(swapped).then("b").otherwise("a").alias(c.LEFT_ACCOUNT),
        pl.when(swapped).then("a").otherwise("b").alias(c.RIGHT_ACCOUNT),
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
    left, right = (
        classes[[place[name] for name in edges[side]]] for side in (c.LEFT_ACCOUNT, c.RIGHT_ACCOUNT)
    )
    return table[left, right], len(names) * (len(names) - 1) // 2
