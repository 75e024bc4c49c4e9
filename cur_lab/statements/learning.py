"""What one claim's own messages teach: words that go with it here, from judgements or from itself.

A claim that returns is told in turns of its own. They are learnt by kernel ridge regression on
words, pairs of words and runs of letters: from an analyst's judgements where there are some, else
from the messages that surely state the claim against those that surely do not (self-training).
What a message says of itself is left out: its own label never speaks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
import scipy
from scipy.sparse import csr_array

from cur_lab.inference import BoolArray, FloatArray, IntArray

# Log-odds from which a message surely states the claim, and up to which it surely does not.
_SURELY, _SURELY_NOT = 0.0, -1.0
_ROUNDS = 2
_RIDGE = 0.5
# How much the words of the claim's own messages weigh against what the pair itself says.
_BY_ITSELF, _BY_JUDGEMENT = 1.0, 8.0
_FEWEST = 8  # of either kind, for self-training
_MOST = 200  # of either kind
FEWEST_JUDGED = 10
_GRAM = 4
# Of a claim that returns, the surest messages are about equally sure: log-odds of so many of them
# on average, from what on they speak of a return, and how far a claim is moved down and up.
_SUREST, _USUAL, _RETURNS = 20, 3.0, 0.5
_DOWN, _UP = 1.5, 1.0


def adapted(prior: FloatArray, texts: Sequence[str], terms: Sequence[list[str]]) -> FloatArray:
    """Log-odds after two rounds of self-training; as given where too few texts are sure."""
    if min((prior >= _SURELY).sum(), (prior <= _SURELY_NOT).sum()) < _FEWEST:
        return prior
    kernel = _Kernel(texts, terms)
    total = prior
    for _ in range(_ROUNDS):
        sure = [
            _highest(total, total >= _SURELY),
            _highest(total, total <= _SURELY_NOT),
        ]
        if min(len(part) for part in sure) < _FEWEST:
            return prior
        places = np.concatenate(sure)
        labels = np.repeat([1.0, -1.0], [len(part) for part in sure])
        total = prior + _BY_ITSELF * kernel.regressed(places, labels)
    return total


def level(total: FloatArray) -> float:
    """By how much a claim's log-odds lie above those of other claims told as surely.

    A short claim is covered by whoever speaks of its subject, a long one by nobody. Nothing where
    too few are sure of it to tell.
    """
    if len(total) < _SUREST:
        return 0.0
    surest = float(np.sort(total)[-_SUREST:].mean())
    return 0.0 if surest < _RETURNS else float(np.clip(surest - _USUAL, -_UP, _DOWN))


def taught(
    prior: FloatArray,
    texts: Sequence[str],
    terms: Sequence[list[str]],
    judged: dict[int, bool],
) -> FloatArray | None:
    """Log-odds after an analyst's judgements, by place; None where they teach nothing.

    Fewer than ten, or all of them the same, tell no difference that could be learnt.
    """
    if not is_telling(list(judged.values())):
        return None
    places = np.array(sorted(judged), dtype=np.int64)
    labels = np.array([1.0 if judged[place] else -1.0 for place in places.tolist()])
    return prior + _BY_JUDGEMENT * _Kernel(texts, terms).regressed(places, labels)


def is_telling(judgements: Sequence[bool]) -> bool:
    """Tell whether there are ten judgements and not all are the same."""
    return len(judgements) >= FEWEST_JUDGED and 0 < sum(judgements) < len(judgements)


def _highest(total: FloatArray, chosen: BoolArray) -> IntArray:
    places = np.flatnonzero(chosen)
    return places[np.lexsort((places, -total[places]))][:_MOST]


class _Kernel:
    """Cosines of texts by what they are written with."""

    def __init__(self, texts: Sequence[str], terms: Sequence[list[str]]):
        words = [[*one, *(" ".join(pair) for pair in pairwise(one))] for one in terms]
        letters = [_letters(text) for text in texts]
        self._parts = [_unit_rows(words), _unit_rows(letters)]

    def regressed(self, places: IntArray, labels: FloatArray) -> FloatArray:
        """Predict the label of every text from the labels at places, its own left out."""
        across = sum((part @ part[places].T).toarray() for part in self._parts) / 2
        centred = labels - labels.mean()
        among = across[places] + _RIDGE * np.eye(len(places))
        inverse = scipy.linalg.inv(among)
        weights = (inverse * centred[None, :]).sum(axis=1)
        found = (across * weights[None, :]).sum(axis=1)
        found[places] = centred - weights / np.diag(inverse)
        return np.asarray(found)


def _letters(text: str) -> list[str]:
    padded = f" {' '.join(text.lower().replace('ё', 'е').split())} "
    return [padded[i : i + _GRAM] for i in range(len(padded) - _GRAM + 1)]


def _unit_rows(rows: Sequence[Sequence[str]]) -> csr_array:
    """Rows of length one, a column for everything that occurs, in the order of the texts."""
    names: dict[str, int] = {}
    columns = [list({names.setdefault(name, len(names)): None for name in row}) for row in rows]
    sizes = np.array([len(row) for row in columns], dtype=np.int64)
    values = np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    flat = np.fromiter(chain.from_iterable(columns), dtype=np.int64, count=int(bounds[-1]))
    return csr_array((values, flat, bounds), shape=(len(rows), max(len(names), 1)))
