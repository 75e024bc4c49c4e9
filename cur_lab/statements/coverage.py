"""How much of a claim a message states: its words, its verb, numbers, names, letters.

A message on the same subject shares the nouns of a claim. What it must also share is what is said
of them, and it must not name another number, another place or the opposite.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cur_lab.families.sameness import Word, likeness, surprisals, vectors
from cur_lab.inference import BoolArray, FloatArray
from cur_lab.statements.parsing import Sentence, Token

# Word vectors put opposites beside each other, but no word covers its opposite. Stems.
_OPPOSITES = (
    ("закры запре отмен прекра останов ликвид снест снос", "откры разре введ ввод нача запус"),
    ("отключ", "включ подключ"),
    ("повы подня подоро увелич вырас добав", "сниз пониз опуст подеш уменьш сокра"),
    ("платн", "бесплатн"),
    ("купи покуп", "прода"),
    ("уволи увольн", "назнач"),
    ("ухудш", "улучш"),
)
# Words less alike than this are different words; names and numbers must be the same.
_ALIKE = 0.5
_SAME_NAME = 0.88
_SURELY_ALIKE = 0.6
_NEAR = 3  # content words
# Commoner words than one in a thousand hardly move the sum of a text's vectors (Arora 2017).
_COMMON = 1e-3
_GRAMS = (3, 4, 5)


@dataclass(frozen=True)
class Evidence:
    """What the best passage of a message, one or two sentences, has of a claim.

    Shares are weighed by how rare the words are.

    Attributes
    ----------
    coverage, predicate
        Share of the claim's words, and of its verbs.
    letters
        Share of the claim's runs of 3 to 5 letters that the whole message has.
    told, explained
        Share of the passage that the claim has too: of all of it, and from the first to the last
        shared word.
    both
        Harmonic mean of ``coverage`` and ``told``.
    other_number, other_name
        The passage has another number or name in place of one of the claim's.
    no_number
        The claim has numbers and the passage none of them.
    meaning
        Cosine of the two as sums of word vectors, rarer words more (Arora 2017).
    together
        Share of the claim's neighbouring words that stand near each other in the passage too.
    foreign
        Mean share of the passage's verbs that the claim does not have.
    touched
        Share of the claim's words that the passage has anything like.
    longer
        Log of how many times more words the passage has.
    opposite
        The passage says the opposite of a word of the claim.
    negated
        One of the two denies what the other states.
    first, last
        Sentences of the passage.
    """

    coverage: float
    predicate: float
    letters: float
    told: float
    explained: float
    both: float
    other_number: bool
    other_name: bool
    no_number: bool
    meaning: float
    together: float
    foreign: float
    touched: float
    longer: float
    opposite: bool
    negated: bool
    first: int
    last: int


class Claim:
    """A claim, read once to be compared with many messages."""

    def __init__(self, content: Sequence[Sentence]):
        self._read = content
        self._grams = _grams(content)
        self._tokens = [token for sentence in self._read for token in sentence.content]
        self._words = [token.word for token in self._tokens]
        self._weights = surprisals(self._words)
        self._predicate = _flags(token.predicate for token in self._tokens)
        self._number = _flags(token.word.number for token in self._tokens)
        self._name = _flags(token.name for token in self._tokens)
        self._negative = _polarity(self._read)
        self._sum = _summed(self._words)
        self._near = [
            (i, j) for i in range(len(self._words)) for j in range(i + 1, len(self._words))[:2]
        ]
        self._sides = {_side(word.lemma) for word in self._words} - {(-1, 0)}

    def evidence(self, messages: Sequence[Sequence[Sentence]]) -> list[Evidence | None]:
        """Compare with messages; none where a message shares no word with the claim."""
        words = {token.word for read in messages for s in read for token in s.content}
        vocabulary = sorted(words, key=lambda word: (word.lemma, word.form, word.number))
        if not vocabulary or not self._words:
            return [None] * len(messages)
        alike = self._alike(vocabulary)
        column = {word: place for place, word in enumerate(vocabulary)}
        return [self._best(read, alike, column) for read in messages]

    def contradicted(self, passage: Sequence[Sentence]) -> bool:
        """Tell whether a passage says «не» or «нет» of a word of the claim, or the opposite.

        Stricter than ``negated`` of the evidence: the very words, not those like them.
        """
        negative = dict(zip((t.word.lemma for t in self._tokens), self._negative, strict=True))
        for sentence, denied in ((s, _polarity([s])) for s in passage):
            for token, is_denied in zip(sentence.content, denied, strict=True):
                lemma = token.word.lemma
                none = {token.place - 1, token.place - 2, token.place - 3} & set(sentence.negations)
                shared = lemma in negative and (token.predicate or bool(none))
                if shared and (bool(is_denied) or bool(none)) != bool(negative[lemma]):
                    return True
                if self._is_opposite(lemma):
                    return not is_denied
        return False

    def _alike(self, vocabulary: Sequence[Word]) -> FloatArray:
        alike = likeness(self._words, vocabulary)
        alike[alike < _ALIKE] = 0.0
        alike[self._name] = np.where(alike[self._name] < _SAME_NAME, 0.0, alike[self._name])
        sides = [_side(word.lemma) for word in vocabulary]
        for row, word in enumerate(self._words):
            group, side = _side(word.lemma)
            opposite = [group >= 0 and there == (group, 1 - side) for there in sides]
            alike[row, np.array(opposite, dtype=bool)] = 0.0
        return alike

    def _best(
        self, read: Sequence[Sentence], alike: FloatArray, column: dict[Word, int]
    ) -> Evidence | None:
        """Evidence of the one or two sentences that cover most; one where two add little."""
        spans = [(n, n) for n in range(len(read))]
        spans += [(n, n + 1) for n in range(len(read) - 1)]
        parts = [alike[:, [column[token.word] for token in s.content]] for s in read]
        most = np.stack([part.max(axis=1, initial=0.0) for part in parts], axis=1)
        share = [
            float((self._weights * most[:, first : last + 1].max(axis=1)).sum())
            - 0.05 * (last > first)
            for first, last in spans
        ]
        best = int(np.argmax(share))
        if share[best] <= 0:
            return None
        first, last = spans[best]
        return self._judge(read, parts, first, last)

    def _judge(
        self, read: Sequence[Sentence], parts: Sequence[FloatArray], first: int, last: int
    ) -> Evidence:
        passage = read[first : last + 1]
        alike = np.concatenate(parts[first : last + 1], axis=1)
        tokens = [token for sentence in passage for token in sentence.content]
        most = alike.max(axis=1)
        coverage = self._share(most)
        theirs = alike.max(axis=0)
        told = _told(theirs, tokens)
        verbs = [n for n, token in enumerate(tokens) if token.predicate]
        return Evidence(
            coverage=coverage,
            predicate=self._share(most, np.flatnonzero(self._predicate).tolist()),
            letters=_said(self._grams, read),
            told=told,
            explained=_explained(theirs, tokens),
            both=2 * coverage * told / max(coverage + told, 1e-9),
            other_number=_other(most[self._number], alike, [t.word.number for t in tokens]),
            other_name=_other(most[self._name], alike, [t.name for t in tokens]),
            no_number=bool(self._number.any() and not most[self._number].any()),
            meaning=float((self._sum * _summed([t.word for t in tokens])).sum()),
            together=self._together(alike),
            foreign=float((1 - theirs[verbs]).mean()) if verbs else 0.0,
            touched=float((most > 0).mean()),
            longer=math.log((1 + len(tokens)) / (1 + len(self._words))),
            opposite=any(self._is_opposite(t.word.lemma) for t in tokens),
            negated=self._denied(passage, alike),
            first=first,
            last=last,
        )

    def _share(self, most: FloatArray, places: Sequence[int] | None = None) -> float:
        chosen = np.arange(len(most)) if places is None else np.asarray(places, dtype=int)
        total = self._weights[chosen].sum()
        return float((most[chosen] * self._weights[chosen]).sum() / total) if total else 1.0

    def _together(self, alike: FloatArray) -> float:
        """Share of neighbours that the passage has within three words, weighed by rarity."""
        found = [np.flatnonzero(row >= _SURELY_ALIKE) for row in alike]
        total = kept = 0.0
        for one, other in self._near:
            weight = float(self._weights[one] + self._weights[other])
            total += weight
            gaps = np.abs(np.subtract.outer(found[one], found[other]))
            kept += weight * bool(((gaps > 0) & (gaps <= _NEAR)).any())
        return kept / total if total else 0.0

    def _is_opposite(self, lemma: str) -> bool:
        group, side = _side(lemma)
        return (group, 1 - side) in self._sides and (group, side) not in self._sides

    def _denied(self, passage: Sequence[Sentence], alike: FloatArray) -> bool:
        """Tell whether a shared verb is negated in one of the two; «нет» where none is shared."""
        rows, columns = np.nonzero(alike * self._predicate[:, None])
        if not rows.size:
            there = any(word.lower() == "нет" for s in passage for word in s.tokens)
            return there and not self._negative.any()
        return bool((self._negative[rows] != _polarity(passage)[columns]).any())


def _flags(values: Iterable[bool]) -> BoolArray:
    return np.array(list(values), dtype=bool)


def _summed(words: Sequence[Word]) -> FloatArray:
    """Sum the vectors of words, commoner ones less; of length one, or zeros."""
    share = np.exp(-surprisals(words))
    total = (vectors(words) * (_COMMON / (_COMMON + share))[:, None]).sum(axis=0)
    return np.asarray(total / max(float(np.sqrt((total * total).sum())), 1e-9))


@lru_cache(maxsize=1 << 16)
def _side(lemma: str) -> tuple[int, int]:
    """Group of opposites a lemma belongs to and its side; group −1 for none."""
    for group, sides in enumerate(_OPPOSITES):
        # «бесплатный» is not a kind of «платный»: the longest stem decides.
        found = [
            (len(stem), side)
            for side, stems in enumerate(sides)
            for stem in stems.split()
            if lemma.startswith(stem)
        ]
        if found:
            return group, max(found)[1]
    return -1, 0


def _grams(read: Sequence[Sentence]) -> frozenset[str]:
    """Take runs of letters of the words as written, word borders among them."""
    padded = _written(read)
    return frozenset(padded[i : i + n] for n in _GRAMS for i in range(len(padded) - n + 1))


def _said(grams: frozenset[str], read: Sequence[Sentence]) -> float:
    padded = _written(read)
    return sum(gram in padded for gram in grams) / max(len(grams), 1)


def _written(read: Sequence[Sentence]) -> str:
    plain = " ".join(
        token.lower().replace("ё", "е")
        for sentence in read
        for token in sentence.tokens
        if token[0].isalnum()
    )
    return f" {plain} "


def _told(most: FloatArray, tokens: Sequence[Token]) -> float:
    weights = surprisals([token.word for token in tokens])
    return float((most * weights).sum() / weights.sum())


def _explained(most: FloatArray, tokens: Sequence[Token]) -> float:
    shared = np.flatnonzero(most > 0)
    if not shared.size:
        return 0.0
    within = slice(int(shared[0]), int(shared[-1]) + 1)
    weights = surprisals([token.word for token in tokens[within]])
    return float((most[within] * weights).sum() / weights.sum())


def _other(wanted: FloatArray, alike: FloatArray, kind: Sequence[bool]) -> bool:
    """Tell whether one of the claim's is missing and the passage has one that is not of it."""
    foreign = np.array(kind, dtype=bool) & (alike.max(axis=0, initial=0.0) == 0)
    return bool((wanted == 0).any() and foreign.any())


def _polarity(passage: Sequence[Sentence]) -> BoolArray:
    """Tell of each content word whether «не» stands before it or «нельзя» near it."""
    return _flags(
        bool({token.place - 1, token.place - 2} & set(sentence.negations))
        or bool({token.place + step for step in range(-5, 6)} & set(sentence.bans))
        for sentence in passage
        for token in sentence.content
    )
