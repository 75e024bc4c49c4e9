"""Accounts that return to the same rare phrases for weeks.

Neither copies nor one hour are needed. Two messages are alike if they share rare pairs of words,
two accounts if several messages of each are like some of the other's for a week and more, and a
group is of accounts that triangles of these join. What a chat greets with and what the news
said is learnt: authors are dealt anew among the messages of each source and week, and a phrase that
holds accounts together then is no phrase of a group. Nor are accounts that write whenever the
others do, as a choir of fans under its posts: that is an occasion; nor those that share one clause.

Who these accounts are stays in memory: results count them.

References
----------
Pacheco D. et al. (2021). Uncovering coordinated networks on social media. ICWSM 15, 455-466.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import prepare
from cur_lab.fakes.campaigns import timing
from cur_lab.fakes.campaigns.stream import Stream
from cur_lab.inference import BoolArray, FloatArray, IntArray

# A pair of words of one account joins nobody, of more than these everybody.
_FEWEST, _MOST = 2, 40
# One account may write for a hundred: a pair of more messages is too long to list.
_WRITTEN = 400
# Alike: so many rare pairs in common, and such a part of what the shorter could have in common.
_SHARED, _PART = 2, 0.08
# Messages of each side, the fewest tried first.
_LEAST = (3, 4, 5, 6)
_DAY = 86_400.0
# Times what their activity explains.
_LIFT = 4.0
_SPREAD = 7 * _DAY
# A clause with all its turns has fewer pairs of words, of three accounts, than this; a brief more.
_RICH = 30
# Weeks of fewer messages of a source join the week before: nobody to deal authors to.
_STRATUM = 500
_LEARNT, _DRAWS = 5, 20
# Of a phrase's accounts so many are held together by chance: worn.
_WORN = 0.5
# Messages within so many seconds more often than this many times chance: an occasion.
_TOGETHER, _OCCASION = 3 * 3600.0, 2.0
_MEMBERS = 1_000
_LEFT, _RIGHT, _PAIR, _EDGE, _MESSAGE = "left", "right", "pair", "edge", "message"


@dataclass(frozen=True, eq=False)
class Circle:
    """Codes of accounts, places of their messages that are alike, and pairs of words in common."""

    accounts: IntArray
    members: IntArray
    pairs: frozenset[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Returning:
    """Groups that return, and how many there are on average when authors are dealt anew."""

    groups: list[Circle]
    expected: float
    least: int


@dataclass(frozen=True, eq=False)
class _Texts:
    """What is said and what is alike.

    Attributes
    ----------
    said
        Message and rare pair of words.
    words
        By their numbers.
    strata
        Source and week of every message.
    left, right
        Messages that share enough.
    common, could
        How many pairs they share, and how many the shorter has.
    """

    said: pl.DataFrame
    words: list[str]
    strata: IntArray
    left: IntArray
    right: IntArray
    common: IntArray
    could: FloatArray

    def only(self, links: IntArray | BoolArray) -> _Texts:
        """Keep some of what is alike."""
        names = (_LEFT, _RIGHT, "common", "could")
        return replace(self, **{name: getattr(self, name)[links] for name in names})

    def without(self, worn: pl.DataFrame) -> _Texts:
        """Take pairs of words away, and what is no longer alike."""
        has = _matrix(self.said.join(worn, on=_PAIR, how="semi"), len(self.strata))
        less = np.asarray(has[self.left].multiply(has[self.right]).sum(axis=1)).ravel()
        said = self.said.join(worn, on=_PAIR, how="anti")
        rest = replace(self, said=said, common=self.common - less)
        return rest.only(_enough(rest.common, rest.could))

    @property
    def shared(self) -> pl.DataFrame:
        """The pairs of words that each two messages share."""
        both = pl.DataFrame({_LEFT: self.left, _RIGHT: self.right}).with_row_index("link")
        first = both.join(self.said, left_on=_LEFT, right_on=_MESSAGE)
        return first.join(self.said, left_on=[_RIGHT, _PAIR], right_on=[_MESSAGE, _PAIR])

    @cached_property
    def chances(self) -> scipy.sparse.csr_array:
        """How likely a message of one stratum is like one of another."""
        number = int(self.strata.max()) + 1
        first, second = self.strata[self.left], self.strata[self.right]
        sizes = np.bincount(self.strata, minlength=number)
        # Two messages have no order: half of it stands on each side of the diagonal.
        half = 0.5 / sizes[first] / sizes[second]
        cells = (np.r_[half, half], (np.r_[first, second], np.r_[second, first]))
        return scipy.sparse.csr_array(cells, shape=(number, number))

    def expected(self, accounts: IntArray, left: IntArray, right: IntArray) -> FloatArray:
        """How many messages of two accounts would be alike by what they write, where and when."""
        shape = (int(accounts.max()) + 1, self.chances.shape[0])
        known = np.flatnonzero(accounts >= 0)
        ones = np.ones(len(known))
        wrote = scipy.sparse.csr_array((ones, (accounts[known], self.strata[known])), shape=shape)
        first = wrote[left] @ self.chances
        return np.asarray(2 * wrote[right].multiply(first).sum(axis=1)).ravel()


def returning(stream: Stream, *, fdr: float, seed: int) -> Returning:
    """Find the groups of a stream that return; none where accounts or times are unknown.

    Parameters
    ----------
    fdr
        Groups expected when authors are dealt anew, at most this part of those found: where there
        are more, more messages of each side are asked for.
    """
    nothing = Returning([], 0.0, _LEAST[0])
    known = (stream.accounts >= 0) & ~np.isnan(stream.times)
    accounts = np.where(known, stream.accounts, -1)
    strata = _strata(stream)
    texts = _texts(stream, known, strata) if len(np.unique(accounts[known])) > 2 else None
    if texts is None or not len(texts.left):
        return nothing
    rng = np.random.default_rng([seed, stream.size])
    texts = texts.without(_worn(stream, texts, accounts, rng))
    for least in _LEAST:
        groups = _groups(stream, texts, accounts, least, rng)
        if not groups:
            break
        dealt = (_dealt(accounts, texts.strata, rng) for _ in range(_DRAWS))
        chance = [len(_groups(stream, texts, again, least, rng)) for again in dealt]
        expected = float(np.mean(chance))
        if expected <= fdr * len(groups):
            return Returning(groups, expected, least)
    return nothing


def _strata(stream: Stream) -> IntArray:
    """Source and week; a week of few messages is one with that before."""
    weeks = (np.nan_to_num(stream.times, nan=-1.0) // _SPREAD).astype(np.int64)
    found = np.zeros(stream.size, dtype=np.int64)
    last = 0
    for here in stream.by_channel.members.values():
        codes, counts = np.unique(weeks[here], return_counts=True)
        left = counts[::-1].cumsum()[::-1]
        labels, filled = np.empty(len(codes), dtype=np.int64), 0
        last += 1
        for place, count in enumerate(counts):
            if filled >= _STRATUM <= left[place]:
                last, filled = last + 1, 0
            labels[place] = last
            filled += count
        found[here] = labels[np.searchsorted(codes, weeks[here])]
    return found


def _texts(stream: Stream, known: BoolArray, strata: IntArray) -> _Texts | None:
    """Take rare pairs of words, side by side or with one between, in either order; if any."""
    frame = prepare.with_terms(stream.frame).select(
        pl.int_range(pl.len()).alias(_MESSAGE),
        pl.Series(c.AUTHORS, stream.accounts),
        pl.col(c.TERM_LIST).alias("word"),
    )
    frame = frame.filter(pl.Series(known), pl.col("word").list.len() >= 2)
    # The same words of the same account again are one message.
    frame = frame.unique([c.AUTHORS, "word"], keep="first", maintain_order=True)
    if frame.is_empty():
        return None
    words = frame.explode("word", empty_as_null=False)
    names = words["word"].unique().sort()
    number = pl.col("word").replace_strict(names, pl.int_range(len(names), eager=True))
    words = words.with_columns(number.cast(pl.Int64))
    parts = []
    for step in (1, 2):
        other = pl.col("word").shift(-step)
        low, high = pl.min_horizontal("word", other), pl.max_horizontal("word", other)
        inside = (pl.col(_MESSAGE) == pl.col(_MESSAGE).shift(-step)) & (low < high)
        pair = pl.when(inside).then(low * len(names) + high).alias(_PAIR)
        parts.append(words.select(_MESSAGE, c.AUTHORS, pair).drop_nulls(_PAIR))
    said = pl.concat(parts)
    counted = said.group_by(_PAIR).agg(pl.col(c.AUTHORS).n_unique(), pl.len())
    rare = counted.filter(pl.col(c.AUTHORS).is_between(_FEWEST, _MOST), pl.col("len") <= _WRITTEN)
    said = said.join(rare.select(_PAIR), on=_PAIR, how="semi").select(_MESSAGE, _PAIR)
    said = said.unique().sort(_MESSAGE, _PAIR)
    together = _matrix(said, stream.size)
    alike = scipy.sparse.triu(together @ together.T, k=1).tocoo()
    left, right = (side.astype(np.int64) for side in alike.coords)
    terms = prepare.with_terms(stream.frame)[c.TERM_LIST]
    size = terms.list.n_unique().fill_null(0).to_numpy().astype(float)
    # So many pairs side by side or with one between have so many words.
    could = 2 * np.minimum(size[left], size[right]) - 3
    found = _Texts(said, names.to_list(), strata, left, right, alike.data, could)
    return found.only(_enough(alike.data, could))


def _enough(common: IntArray, could: FloatArray) -> BoolArray:
    return np.asarray((common >= _SHARED) & (common >= _PART * could))


def _matrix(said: pl.DataFrame, size: int) -> scipy.sparse.csr_array:
    """Messages x pairs of words."""
    pairs, column = np.unique(said[_PAIR].to_numpy(), return_inverse=True)
    ones = np.ones(said.height, dtype=np.int32)
    return scipy.sparse.csr_array(
        (ones, (said[_MESSAGE].to_numpy(), column)), shape=(size, len(pairs))
    )


def _dealt(accounts: IntArray, strata: IntArray, rng: np.random.Generator) -> IntArray:
    """Deal the authors anew among the messages of each stratum."""
    dealt = np.empty_like(accounts)
    dealt[np.argsort(strata, kind="stable")] = accounts[
        np.lexsort((rng.random(len(accounts)), strata))
    ]
    return dealt


def _edges(
    stream: Stream, texts: _Texts, accounts: IntArray, least: int
) -> tuple[IntArray, IntArray]:
    """Give pairs of accounts by their number, and of every two alike messages the pair's or -1."""
    first, second = accounts[texts.left], accounts[texts.right]
    apart = np.flatnonzero((first != second) & (first >= 0) & (second >= 0))
    number = int(accounts.max()) + 1
    names = np.minimum(first, second)[apart] * number + np.maximum(first, second)[apart]
    _, code, count = np.unique(names, return_inverse=True, return_counts=True)
    enough = count[code] >= least
    apart = apart[enough]
    names, code, count = np.unique(names[enough], return_inverse=True, return_counts=True)
    if not len(names):
        return names, np.full(len(texts.left), -1, dtype=np.int64)
    # Who writes much is like everybody: alike are those more so than what they write explains.
    kept = count >= _LIFT * texts.expected(accounts, names // number, names % number)
    turned = first[apart] > second[apart]
    left, right = texts.left[apart], texts.right[apart]
    for side in (np.where(turned, right, left), np.where(turned, left, right)):
        distinct = np.unique(code * stream.size + side)
        owner, times = distinct // stream.size, stream.times[distinct % stream.size]
        begin, end = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        np.minimum.at(begin, owner, times)
        np.maximum.at(end, owner, times)
        kept &= (np.bincount(owner, minlength=len(names)) >= least) & (end - begin >= _SPREAD)
    of_link = np.full(len(texts.left), -1, dtype=np.int64)
    of_link[apart] = np.where(kept[code], names[code], -1)
    return names[kept], of_link


def _worn(
    stream: Stream, texts: _Texts, accounts: IntArray, rng: np.random.Generator
) -> pl.DataFrame:
    """Name the phrases that hold accounts together nearly as well when authors are dealt anew."""
    draws = [accounts, *(_dealt(accounts, texts.strata, rng) for _ in range(_LEARNT))]
    held = np.stack([_edges(stream, texts, authors, 2)[1] for authors in draws])
    links = np.flatnonzero((held >= 0).any(axis=0))
    shared = texts.only(links).shared
    pairs = [
        shared.select(_PAIR, pl.Series(_EDGE, edges[links]).gather(shared["link"]))
        .filter(pl.col(_EDGE) >= 0)
        .group_by(_PAIR)
        .agg(pl.col(_EDGE).n_unique())
        for edges in held
    ]
    seen, *chances = pairs
    chance = pl.concat(chances).group_by(_PAIR).agg(pl.col(_EDGE).sum() / _LEARNT)
    both = chance.join(seen, on=_PAIR, how="left", suffix="_seen")
    worn = pl.col(_EDGE) > _WORN * pl.col(f"{_EDGE}_seen").fill_null(0)
    return both.filter(worn).select(_PAIR)


def _groups(
    stream: Stream, texts: _Texts, accounts: IntArray, least: int, rng: np.random.Generator
) -> list[Circle]:
    """Join accounts that stand in triangles; who shares one clause or occasion is left out."""
    edges, of_link = _edges(stream, texts, accounts, least)
    if len(edges) < 3:
        return []
    ends = np.stack([edges // (int(accounts.max()) + 1), edges % (int(accounts.max()) + 1)])
    codes, place = np.unique(ends, return_inverse=True)
    left, right = place.reshape(ends.shape)
    graph = scipy.sparse.csr_array(
        (np.ones(2 * len(edges), dtype=np.int32), (np.r_[left, right], np.r_[right, left])),
        shape=(len(codes), len(codes)),
    )
    closed = (graph @ graph).multiply(graph).tocsr()
    closed.eliminate_zeros()
    _, label = scipy.sparse.csgraph.connected_components(closed, directed=False)
    linked = np.flatnonzero(of_link >= 0)
    edge = np.searchsorted(edges, of_link[linked])
    inside = np.where(label[left] == label[right], label[left], -1)[edge]
    groups = []
    for one in np.flatnonzero(np.bincount(label) >= 3):
        links = linked[inside == one]
        own = texts.only(links)
        pairs = _common(own.shared, accounts)
        members = np.unique(np.r_[own.left, own.right])
        if len(pairs) >= _RICH and not _occasion(stream, members, accounts, rng):
            named = (divmod(pair, len(texts.words)) for pair in pairs)
            phrases = frozenset((texts.words[low], texts.words[high]) for low, high in named)
            groups.append(Circle(codes[label == one], members, phrases))
    return groups


def _common(shared: pl.DataFrame, accounts: IntArray) -> pl.Series:
    """Pairs of words of three accounts and more: what only two share may be chance."""
    users = pl.concat(
        shared.select(_PAIR, pl.Series(c.AUTHORS, accounts).gather(shared[side]))
        for side in (_LEFT, _RIGHT)
    )
    counted = users.group_by(_PAIR).agg(pl.col(c.AUTHORS).n_unique())
    return counted.filter(pl.col(c.AUTHORS) >= 3)[_PAIR].sort()


def _occasion(
    stream: Stream, members: IntArray, accounts: IntArray, rng: np.random.Generator
) -> bool:
    """Tell whether they write when the others do, more than the hours of the day explain."""
    if len(members) > _MEMBERS:
        members = np.sort(rng.choice(members, _MEMBERS, replace=False))
    times = stream.times[members]
    hours = stream.rhythm.reshape(7, 24).sum(axis=0)
    shape = (_DRAWS, len(members))
    days = rng.uniform(times.min(), times.max(), shape) // _DAY * _DAY
    drawn = days + 3600 * (rng.choice(24, shape, p=hours / hours.sum()) + rng.uniform(0, 1, shape))
    windows = (_TOGETHER,)
    seen = timing.joint(times[None, :], accounts[members], windows)[0, 0]
    expected = timing.joint(drawn, accounts[members], windows).mean()
    return bool(seen > _OCCASION * expected)
