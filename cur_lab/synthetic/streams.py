"""Named streams of random numbers: what one module draws never shifts what another draws."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
_BUFFER = 128


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return the generator of one named purpose.

    Parameters
    ----------
    seed
        Seed of the whole region.
    *names
        The purpose, such as ``"texts", 17``. Equal names give equal streams; different names
        give independent ones (NumPy's ``SeedSequence``).
    """
    digest = blake2b("/".join(map(str, names)).encode(), digest_size=16).digest()
    words = [int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def identifier(*names: str | int) -> str:
    """Return 16 hexadecimal digits that name a row and betray nothing about where it came from."""
    return blake2b("/".join(map(str, names)).encode(), digest_size=8).hexdigest()


class Dice:
    """Small choices from one stream.

    Everything is made from uniform numbers, the one thing NumPy's generators have never changed;
    so the sample stays the same over versions.
    """

    def __init__(self, seed: int, *names: str | int) -> None:
        self._generator = stream(seed, *names)
        self._numbers: list[float] = []

    def uniform(self) -> float:
        """Return a number in [0, 1)."""
        if not self._numbers:
            self._numbers = self._generator.random(_BUFFER).tolist()
        return self._numbers.pop()

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self.uniform() < probability

    def integer(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """Return one item, all equally likely."""
        return items[int(self.uniform() * len(items))]

    def weighted(self, items: Sequence[Item], weights: Sequence[float]) -> Item:
        """Return one item with probability proportional to its weight."""
        totals = list(accumulate(weights))
        return items[min(bisect(totals, self.uniform() * totals[-1]), len(items) - 1)]

    def normal(self) -> float:
        """Return a standard normal number (sum of twelve uniforms, tails cut at six)."""
        return sum(self.uniform() for _ in range(12)) - 6.0

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in random order."""
        rest = list(items)
        return [rest.pop(int(self.uniform() * len(rest))) for _ in range(len(rest))]
