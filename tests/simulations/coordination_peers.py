"""The rules of two peers, written down from their sources with their borders.

CooRTweet 2.1: accounts of two or more shares; pairs of shares of one object at most 10 s apart, the
border included; then a pair of shares stays if one of the two is of an account with two shares in
such pairs; edges strictly heavier than the median of weights. coordination-network-toolkit 1.5:
times as whole seconds, at most 60 s apart, the border included; sets of words and marks of texts in
small letters without mentions, Jaccard similarity 0.8 and more; the weight of an edge is the number
of distinct messages of one side.
"""

import re
from collections import defaultdict

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import families

Groups = list[set[str]]
Pairs = dict[tuple[str, str], list[tuple[str, str]]]


def co_sharing(messages: pl.DataFrame) -> Groups:
    """CooRTweet's rule; objects are our families, since it no longer compares texts itself."""
    shares = families.find(messages).join(messages, on=c.MESSAGE_ID)
    shares = shares.filter(pl.len().over(c.AUTHOR_ID) >= 2).sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    found: Pairs = defaultdict(list)
    for _, shared in shares.group_by(c.FAMILY, maintain_order=True):
        for pair, acts in _near(shared, 10_000, "ms", None).items():
            found[pair] += acts
    written = dict(shares[c.MESSAGE_ID, c.AUTHOR_ID].iter_rows())
    taking = {message for acts in found.values() for act in acts for message in act}
    busy = defaultdict(int)
    for message in taking:
        busy[written[message]] += 1
    kept = {
        pair: [act for act in acts if max(busy[written[m]] for m in act) >= 2]
        for pair, acts in found.items()
    }
    weights = {pair: len(acts) for pair, acts in kept.items() if acts}
    limit = np.quantile(list(weights.values()), 0.5) if weights else 0
    return components({pair: kept[pair] for pair, weight in weights.items() if weight > limit})


def co_similar(messages: pl.DataFrame, least: int = 1) -> Groups:
    """coordination-network-toolkit's rule of similar texts."""
    found = _near(messages.sort(c.PUBLISHED_AT, c.MESSAGE_ID), 60, "s", 0.8)
    weights = {pair: len({left for left, _ in acts}) for pair, acts in found.items()}
    return components({pair: acts for pair, acts in found.items() if weights[pair] >= least})


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+|[^\w\s]", re.sub(r"@\S*", "", text.lower())))


def _near(messages: pl.DataFrame, window: int, unit: str, similar: float | None) -> Pairs:
    """Pairs of messages of different accounts within the window, alike where that is asked."""
    moments = (
        messages[c.PUBLISHED_AT].dt.timestamp("ms") // (1 if unit == "ms" else 1000)
    ).to_list()
    authors, ids = messages[c.AUTHOR_ID].to_list(), messages[c.MESSAGE_ID].to_list()
    bags = [words(text) for text in messages[c.TEXT]] if similar else []
    found: Pairs = defaultdict(list)
    for i, moment in enumerate(moments):
        j = i + 1
        while j < len(ids) and moments[j] - moment <= window:
            alike = not similar or len(bags[i] & bags[j]) >= similar * len(bags[i] | bags[j]) > 0
            if authors[i] != authors[j] and alike:
                turned = authors[i] > authors[j]
                pair = (authors[j], authors[i]) if turned else (authors[i], authors[j])
                found[pair].append((ids[j], ids[i]) if turned else (ids[i], ids[j]))
            j += 1
    return found


def components(edges: Pairs) -> Groups:
    """Messages of the acts of accounts that hang together."""
    group: dict[str, set[str]] = {}
    for left, right in edges:
        joined = group.get(left, {left}) | group.get(right, {right})
        for account in joined:
            group[account] = joined
    found = {id(joined): joined for joined in group.values()}.values()
    return [
        {m for pair, acts in edges.items() if pair[0] in joined for act in acts for m in act}
        for joined in found
    ]
