"""Whether so many accounts could have hit upon the same words by chance."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl
import scipy

from cur_lab.fakes.campaigns.permutations import Reading
from cur_lab.fakes.campaigns.stream import Family, Stream

# A shorter phrase is a slogan, a thanks, a joke: everybody knows it.
_SLOGAN = 5
# Words that nearly every member has are the shared ones.
_SHARED = 0.9
# Texts of a family that are read for its wording.
_TEXTS = 200
# A pair of words never seen: the second word alone, discounted (Brants et al. 2007).
_BACKOFF = 0.4
SLOGAN, NO_ACCOUNTS = "common_phrase", "no_accounts"


@dataclass(frozen=True, eq=False)
class Wording:
    """How often words and pairs of words are written, a family of copies counted once."""

    folded: list[str]
    words: Counter[str]
    pairs: Counter[tuple[str, str]]

    @classmethod
    def of(cls, stream: Stream, families: list[Family], *, smallest: int) -> Wording:
        """Count the words of a stream; pairs of words only where a family of some size has them."""
        once = np.ones(stream.size, dtype=bool)
        for family in families:
            once[family.members[1:]] = False
        tokens = stream.words
        frame = (
            tokens.filter(pl.Series(once))
            .to_frame("word")
            .with_row_index("row")
            .explode("word")
            .drop_nulls("word")
        )
        frame = frame.with_columns(
            before=pl.when(pl.col("row") == pl.col("row").shift(1)).then(pl.col("word").shift(1))
        )
        words = frame.group_by("word").len()
        asked = [family.members[0] for family in families if len(family.members) >= smallest]
        known = tokens.gather(asked).explode().unique()
        pairs = (
            frame.drop_nulls("before")
            .filter(pl.col("word").is_in(known.implode()))
            .group_by("before", "word")
            .len()
        )
        return cls(
            stream.folded.to_list(),
            Counter(dict(words.iter_rows())),
            Counter({(before, word): count for before, word, count in pairs.iter_rows()}),
        )

    @cached_property
    def _total(self) -> int:
        return self.words.total() + len(self.words) + 1

    def bits(self, text: list[str], shared: set[str]) -> float:
        """Surprisal of the shared words, each after the word before it, as others write them."""
        own_words = Counter(text)
        own_pairs = Counter(pairwise(text))
        total = self._total
        bits = 0.0
        for before, word in zip([None, *text], text, strict=False):
            if word not in shared:
                continue
            count = max(0, self.words[word] - own_words[word])
            likely = _BACKOFF * (count + 1) / total
            if before is not None and (seen := self.words[before] - own_words[before]) > 0:
                both = self.pairs[before, word] - own_pairs[before, word]
                likely = max(likely, both / seen)
            bits -= math.log2(likely)
        return bits

    def read(self, stream: Stream, family: Family) -> Reading:
        """Compare the accounts that use the wording with how many would by chance.

        Not tested: a short phrase, and texts without accounts, as one person could have sent all.
        """
        texts = Counter(self.folded[place] for place in family.members)
        spread = sorted(texts)[:: max(1, len(texts) // _TEXTS)]
        tokens = {text: _words(text) for text in spread}
        weight = sum(texts[text] for text in spread)
        counts: Counter[str] = Counter()
        for text in spread:
            counts.update(dict.fromkeys(tokens[text], texts[text]))
        shared = {word for word, count in counts.items() if count >= _SHARED * weight}
        commonest = min(spread, key=lambda text: (-texts[text], text))
        bits = self.bits(tokens[commonest], shared)
        accounts = stream.accounts[family.members]
        writers = len(np.unique(accounts[accounts >= 0]))
        number = sum(word in shared for word in tokens[commonest])
        same = max(texts.values()) / len(family.members)
        chance = (stream.size - len(family.members)) * 2.0**-bits
        slogan = SLOGAN if number < _SLOGAN else None
        note = slogan if writers else NO_ACCOUNTS
        p = (
            float(scipy.stats.poisson.sf(writers - 2, max(chance, 1e-300)))
            if note is None
            else math.nan
        )
        # NaN stays NaN where it stands first.
        return Reading(writers, chance + 1, max(p, 1e-12), note, words=number, verbatim=same)


def _words(text: str) -> list[str]:
    return [word for word in text.split() if word.isalpha()]
