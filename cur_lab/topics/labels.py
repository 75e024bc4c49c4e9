"""What a topic is called: keywords by c-TF-IDF and a phrase as people write it.

Phrases are two or three neighbouring words of a sentence that agree as Russian grammar asks
(«горячая вода», «уборка снега», «не работает фонарь»). They are counted per message and shown in
their commonest form with the head noun in the nominative, as a heading is written, so that no label
is a row of lemmas. Names of people and places are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby, product
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import polars as pl
import pymorphy3
import scipy
from pymorphy3.analyzer import Parse

from cur_lab import text

# A phrase of fewer messages of its topic than this is an accident, not a label.
_FEWEST_MESSAGES = 3
_LEAST_SHARE = 0.05
# A label holds one of so many of the topic's first keywords.
_NAMING = 5
# A third word may cost at most this part of the phrase's messages.
_KEPT_BY_LONGER = 0.5
# Readings of a word that pymorphy3 finds less likely than this are not tried.
_LEAST_LIKELY = 0.05
_PRIVATE = frozenset({"Name", "Surn", "Patr", "Geox"})

Lemmas = tuple[str, ...]


# --- keywords -----------------------------------------------------------------------------------


def class_tf_idf(counts: scipy.sparse.csr_array) -> scipy.sparse.csr_array:
    """Weight of each word in each topic: its share of the topic's words times ln(1 + A / f).

    Parameters
    ----------
    counts
        Topics × words.

    Returns
    -------
    sparse array
        Of the same shape. A is the mean number of words per topic, f the word's number in all.

    References
    ----------
    Grootendorst M. (2022). BERTopic: Neural topic modeling with a class-based TF-IDF procedure.
    arXiv:2203.05794.
    """
    per_topic = np.asarray(counts.sum(axis=1), dtype=float).ravel()
    per_word = np.asarray(counts.sum(axis=0), dtype=float).ravel()
    rarity = np.log1p(per_topic.mean() / np.maximum(per_word, 1))
    shares = scipy.sparse.diags_array(1 / np.maximum(per_topic, 1)) @ counts
    return scipy.sparse.csr_array(shares @ scipy.sparse.diags_array(rarity))


def keywords(
    terms: Sequence[Sequence[str]], topics: Sequence[int], k: int, *, n: int = 10
) -> list[list[str]]:
    """Words of each of k topics by c-TF-IDF, best first; a word counts once per message."""
    counted: list[Counter[Lemmas]] = [Counter() for _ in range(k)]
    for words, topic in zip(terms, topics, strict=True):
        if topic >= 0:
            counted[topic].update((word,) for word in set(words) if not _is_private(word))
    best: list[list[str]] = [[] for _ in range(k)]
    for topic, lemmas in _ranked(counted):
        if len(best[topic]) < n:
            best[topic].append(lemmas[0])
    return best


def _ranked(counted: Sequence[Counter[Lemmas]]) -> list[tuple[int, Lemmas]]:
    """Pairs of a topic and what it counts, heaviest by c-TF-IDF first."""
    vocabulary = sorted(set().union(*counted))
    place = {lemmas: column for column, lemmas in enumerate(vocabulary)}
    entries = [
        (topic, place[key], n) for topic, row in enumerate(counted) for key, n in row.items()
    ]
    if not entries:
        return []
    topics, columns, counts = (np.array(part) for part in zip(*entries, strict=True))
    shape = (len(counted), len(vocabulary))
    weights = class_tf_idf(scipy.sparse.csr_array((counts, (topics, columns)), shape=shape)).tocoo()
    rows, columns = weights.coords
    # Rounded: weights equal but for their last bit must not order by it.
    order = np.lexsort((columns, rows, -weights.data.round(12)))
    return [(int(rows[at]), vocabulary[columns[at]]) for at in order]


# --- labels -------------------------------------------------------------------------------------


def labels(texts: pl.Series, topics: Sequence[int], words: Sequence[Sequence[str]]) -> list[str]:
    """Name each topic by a phrase of its own, no two alike.

    Parameters
    ----------
    texts
        Texts as found.
    topics
        Topic of each text, -1 for none.
    words
        Keywords of each topic, which serve where no phrase is common enough.
    """
    counted: list[Counter[Lemmas]] = [Counter() for _ in words]
    forms: dict[Lemmas, Counter[str]] = defaultdict(Counter)
    for topic, phrases in _spoken(texts, topics, words):
        counted[topic].update({phrase.lemmas for phrase in phrases})
        for phrase in phrases:
            forms[phrase.lemmas][phrase.form] += 1
    sizes = Counter(topics)
    for topic, counts in enumerate(counted):
        fewest = max(_FEWEST_MESSAGES, _LEAST_SHARE * sizes[topic])
        counted[topic] = Counter({key: n for key, n in counts.items() if n >= fewest})

    named: dict[int, str] = {}
    for topic, lemmas in _ranked(counted):
        if topic not in named:
            label = _form(forms[_longest(lemmas, counted[topic])])
            if label not in named.values():
                named[topic] = label
    for topic in range(len(words)):
        if topic not in named:
            named[topic] = _fallback(words[topic], set(named.values()), topic)
    return [named[topic] for topic in range(len(words))]


def _longest(lemmas: Lemmas, counts: Counter[Lemmas]) -> Lemmas:
    if len(lemmas) > 2:
        return lemmas
    longer = [
        other
        for other, n in counts.items()
        if lemmas in (other[:-1], other[1:]) and n >= _KEPT_BY_LONGER * counts[lemmas]
    ]
    return max(longer, key=lambda other: (counts[other], other), default=lemmas)


def _form(forms: Counter[str]) -> str:
    """Choose the commonest form; forms that differ in case alone count as one."""
    headings: Counter[str] = Counter()
    for form, n in forms.items():
        headings[_heading(form)] += n
    return max(headings, key=lambda heading: (headings[heading], heading)).capitalize()


def _heading(form: str) -> str:
    """Put the head of a noun phrase and what agrees with it into the nominative."""
    words = form.split(" ")
    readings = _agreeing(*words)
    if readings is None or readings[0].case in (None, "nomn"):
        # A verb or a negation has no case to change.
        return form
    head = next(place for place, reading in enumerate(readings) if reading.pos == "NOUN")
    inflected = [_nominative(*pair) for pair in zip(words, readings[: head + 1], strict=False)]
    return form if None in inflected else " ".join([*filter(None, inflected), *words[head + 1 :]])


def _nominative(word: str, reading: Reading) -> str | None:
    wanted = {"nomn", reading.number} | ({reading.gender} if reading.number == "sing" else set())
    for parse in _morphology().parse(word):
        if _reading(parse) == reading:
            if reading.pos == "NOUN":
                wanted.discard(reading.gender)
            form = parse.inflect(wanted - {None})
            return form.word if form else None
    return None


def _fallback(words: Sequence[str], taken: set[str], topic: int) -> str:
    nouns = [word for word in words if any(r.pos == "NOUN" for r in _readings(word))] or list(words)
    for n in range(min(2, len(nouns)), len(nouns) + 1):
        if (label := ", ".join(nouns[:n]).capitalize()) not in taken:
            return label
    return f"Тема {topic}"


# --- phrases ------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """One grammatical reading of a word."""

    lemma: str
    pos: str | None
    case: str | None
    number: str | None
    gender: str | None


class Phrase(NamedTuple):
    """Neighbouring words that belong together, as written."""

    lemmas: Lemmas
    form: str


def _agree(adjective: Reading, other: Reading) -> bool:
    return (
        adjective.pos in ("ADJF", "PRTF")
        and adjective.case == other.case
        and adjective.number == other.number
        and (adjective.number == "plur" or adjective.gender == other.gender)
    )


def _qualified(adjective: Reading, noun: Reading) -> bool:
    """«горячая вода»."""
    return noun.pos == "NOUN" and _agree(adjective, noun)


def _of(head: Reading, noun: Reading) -> bool:
    """«уборка снега»."""
    return head.pos == noun.pos == "NOUN" and noun.case == "gent"


def _does(verb: Reading, noun: Reading) -> bool:
    """«течёт крыша»."""
    return (
        verb.pos == "VERB"
        and noun.pos == "NOUN"
        and noun.case == "nomn"
        and verb.number == noun.number
        and (verb.gender is None or verb.gender == noun.gender)
    )


def _to_do(infinitive: Reading, noun: Reading) -> bool:
    """«убрать мусор»."""
    return infinitive.pos == "INFN" and noun.pos == "NOUN" and noun.case == "accs"


def _absent(no: Reading, noun: Reading) -> bool:
    """«нет отопления»."""
    return no.lemma == "нет" and noun.pos == "NOUN" and noun.case == "gent"


def _twice_qualified(first: Reading, second: Reading, noun: Reading) -> bool:
    """«твёрдые бытовые отходы»."""
    return second.pos == "ADJF" and _agree(first, second) and _qualified(second, noun)


def _of_qualified(head: Reading, adjective: Reading, noun: Reading) -> bool:
    """«отсутствие горячей воды»."""
    return _of(head, noun) and _qualified(adjective, noun)


def _qualified_of(adjective: Reading, head: Reading, noun: Reading) -> bool:
    """«плохая уборка снега»."""
    return _of(head, noun) and _qualified(adjective, head)


def _does_not(no: Reading, verb: Reading, noun: Reading) -> bool:
    """«не работает фонарь»."""
    return no.lemma == "не" and _does(verb, noun)


def _absent_qualified(no: Reading, adjective: Reading, noun: Reading) -> bool:
    """«нет горячей воды»."""
    return _absent(no, noun) and _qualified(adjective, noun)


_RULES: dict[int, tuple[Callable[..., bool], ...]] = {
    2: (_qualified, _of, _absent, _does, _to_do),
    3: (_twice_qualified, _of_qualified, _qualified_of, _does_not, _absent_qualified),
}


def _spoken(
    texts: pl.Series, topics: Sequence[int], words: Sequence[Sequence[str]]
) -> Iterator[tuple[int, set[Phrase]]]:
    """Find the phrases of each text that hold a keyword of its topic; topics and phrases."""
    spoken = pl.DataFrame(
        {"topic": pl.Series(topics, dtype=pl.Int64), "sentence": text.clean(texts).fill_null("")}
    ).with_row_index("row")
    spoken = spoken.filter(pl.col("topic") >= 0)
    sentences = spoken.with_columns(text.sentences(spoken["sentence"])).explode(
        "sentence", empty_as_null=False
    )
    sentences = sentences.with_columns(text.tokenize(sentences["sentence"]).alias("token"))
    hits = _hits(sentences["token"].explode(empty_as_null=False).unique(), words)
    # Most sentences hold no keyword: they are left out before anything is read word by word.
    kept = (
        sentences.with_row_index("place")
        .explode("token", empty_as_null=False)
        .join(hits, on=["topic", "token"], how="semi")["place"]
        .unique()
        .sort()
    )
    hit_by = {topic: set(found) for topic, found in hits.group_by("topic").agg("token").iter_rows()}
    held = sentences[kept].select("row", "topic", "token").iter_rows()
    for (_, topic), lines in groupby(held, key=itemgetter(0, 1)):
        phrases: set[Phrase] = set()
        for _, _, sentence in lines:
            wanted = [token in hit_by[topic] for token in sentence]
            phrases.update(_phrases([token.lower() for token in sentence], wanted))
        yield topic, phrases


def _hits(tokens: pl.Series, words: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Pair each topic with the tokens that are a form of one of its naming keywords."""
    naming = [(topic, word) for topic, best in enumerate(words) for word in best[:_NAMING]]
    wanted = pl.DataFrame(naming, schema={"topic": pl.Int64, "term": pl.String}, orient="row")
    terms = pl.DataFrame({"token": tokens, "term": text.terms(tokens)})
    return (
        terms.explode("term", empty_as_null=False)
        .join(wanted, on="term", how="inner")
        .select("topic", "token")
        .unique()
    )


def _phrases(words: Sequence[str], wanted: Sequence[bool]) -> Iterator[Phrase]:
    """Find the phrases of a sentence that hold a wanted word."""
    for size in _RULES:
        for start in range(len(words) - size + 1):
            if any(wanted[start : start + size]) and (
                phrase := _phrase(*words[start : start + size])
            ):
                yield phrase


@lru_cache(maxsize=1 << 18)
def _phrase(*words: str) -> Phrase | None:
    readings = _agreeing(*words)
    if readings is None:
        return None
    return Phrase(tuple(reading.lemma for reading in readings), " ".join(words))


def _agreeing(*words: str) -> tuple[Reading, ...] | None:
    """Give the readings that agree by a rule; the likeliest come first and are taken."""
    for readings in product(*map(_readings, words)):
        if any(rule(*readings) for rule in _RULES[len(words)]):
            return readings
    return None


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=1 << 17)
def _readings(word: str) -> tuple[Reading, ...]:
    """Give the readings of a word, likeliest first; none for marks, stop words and names."""
    if word in ("не", "нет"):
        return (Reading(word, None, None, None, None),)
    if len(word) < 3 or not word[0].isalpha() or _is_private(word):
        return ()
    return tuple(
        _reading(parse)
        for parse in _morphology().parse(word)
        if parse.score >= _LEAST_LIKELY
        and parse.normal_form.replace("ё", "е") not in text.STOP_WORDS
    )


def _reading(parse: Parse) -> Reading:
    tag = parse.tag
    return Reading(parse.normal_form, tag.POS, tag.case, tag.number, tag.gender)


@lru_cache(maxsize=1 << 17)
def _is_private(word: str) -> bool:
    return bool(_PRIVATE & _morphology().parse(word)[0].tag.grammemes)
