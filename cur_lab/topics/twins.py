"""Topics that say the same: near each other, and with keywords in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from cur_lab.topics import consensus

# Two topics with one keyword in common are one within this cosine distance and a step; each further
# word in common adds a step, up to the third. Tried against official rubrics at 60 to 128 topics:
# pairs within share most of their rubric far more often than pairs beyond, and where a reader keeps
# reader keeps in mind, at 24, there is none.
_NEAR, _STEP, _WORDS = 0.28, 0.04, 3


def near(centres: consensus.Vectors) -> bool:
    """Tell whether any two topics are near enough to ask for their words."""
    distances = consensus.distances(centres) + 2 * np.eye(len(centres))
    return bool((distances <= _NEAR + _STEP * _WORDS).any())


def merged(centres: consensus.Vectors, keywords: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
    """Give every topic the number of the first of those that say the same.

    Parameters
    ----------
    centres
        Of topics, rows of length one.
    keywords
        Of each topic, best first.
    """
    distances = consensus.distances(centres)
    alike = _alike(distances, keywords)
    group = {topic: [topic] for topic in range(len(centres))}
    for left, right in sorted(alike, key=lambda pair: (distances[pair], pair)):
        one, two = group[left], group[right]
        # All of both must be alike, or a chain would join what has nothing in common.
        if one is not two and all(pair in alike for pair in _across(one, two)):
            one.extend(two)
            group.update(dict.fromkeys(two, one))
    return np.array([min(group[topic]) for topic in range(len(centres))], dtype=np.int64)


def _alike(
    distances: npt.NDArray[np.float64], keywords: Sequence[Sequence[str]]
) -> set[tuple[int, int]]:
    return {
        (left, right)
        for left, right in combinations(range(len(keywords)), 2)
        if (shared := len(set(keywords[left]) & set(keywords[right])))
        and distances[left, right] <= _NEAR + _STEP * min(shared, _WORDS)
    }


def _across(one: Sequence[int], two: Sequence[int]) -> Iterator[tuple[int, int]]:
    return ((min(a, b), max(a, b)) for a in one for b in two)
