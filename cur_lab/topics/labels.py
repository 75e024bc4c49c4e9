"""What a topic is called: keywords by c-TF-IDF, and phrases that cover what people write in it.

A label is chosen as a reader would use it: looked for in the texts, it should find the messages of
its topic and few others. Of the grammatical phrases that hold a keyword the first is the one whose
words, wherever they stand in a message, best tell the topic from the rest; the next are those that
add most to it in other words. A name is a thing, so verbs stand in it only with «не»: «не работает
фонарь». Names of people, streets and municipalities are left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import prepare, text
from cur_lab.topics import phrases, place_words

# A label holds one of so many of the topic's first keywords.
_NAMING = 6
# So many texts of a topic are read for phrases: how well a phrase covers is asked of all.
_READ = 100
# A phrase of fewer of the texts read is an accident, not a label.
_FEWEST = 2
_CANDIDATES = 60
# Topics of many things need a third phrase, and only one that finds more of their messages.
_PHRASES = 3
_LEAST_GAIN = 0.01
# Precision counts for more than recall: a label that finds other topics names none.
_BETA = 0.7
# «нет воды» names a topic where so large a part of those who speak of water say so.
_ABSENT = 0.3
_DECIMALS = 9

Rows = npt.NDArray[np.int64]


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
    terms: pl.Series, topics: Sequence[int], k: int, *, n: int = 10, but: Collection[str] = ()
) -> list[list[str]]:
    """Words of each of k topics by c-TF-IDF, best first; a word counts once per message.

    Parameters
    ----------
    terms
        Lists of lemmas, a row per message.
    topics
        Topic of each message, -1 for none.
    k
        Number of topics.
    n
        Words of each.
    but
        Words that are no keywords.
    """
    counted = (
        pl.DataFrame({"term": terms, "topic": pl.Series(topics, dtype=pl.Int64)})
        .filter(pl.col("topic") >= 0)
        .with_columns(pl.col("term").list.unique())
        .explode("term", empty_as_null=False)
        .group_by("topic", "term")
        .len()
    )
    vocabulary = counted["term"].unique().sort()
    best: list[list[str]] = [[] for _ in range(k)]
    if vocabulary.is_empty():
        return best
    place = pl.DataFrame({"term": vocabulary}).with_row_index("column")
    cells = counted.join(place, on="term").sort("topic", "column")
    matrix = scipy.sparse.csr_array(
        (cells["len"].to_numpy().astype(float), (cells["topic"].to_numpy(), cells["column"])),
        shape=(k, len(vocabulary)),
    )
    weights = class_tf_idf(matrix)
    for topic in range(k):
        row = slice(*weights.indptr[topic : topic + 2])
        # Rounded: weights equal but for their last bit must not order by it.
        order = np.lexsort((weights.indices[row], -weights.data[row].round(12)))
        words = (vocabulary[int(place)] for place in weights.indices[row][order])
        named = (word for word in words if word not in but and not phrases.is_private(word))
        best[topic] = [word for word, _ in zip(named, range(n), strict=False)]
    return best


# --- labels -------------------------------------------------------------------------------------


def labels(
    messages: pl.DataFrame,
    topics: Sequence[int],
    words: Sequence[Sequence[str]],
    *,
    but: Collection[str] = (),
) -> list[str]:
    """Name each topic by one to three phrases of its own, no two alike.

    Parameters
    ----------
    messages
        Texts as found and ``terms``; uses ``street`` where it is there.
    topics
        Topic of each message, -1 for none.
    words
        Keywords of each topic, which also serve where no phrase is common enough.
    but
        Words that no label may hold.
    """
    placed = np.asarray(topics, dtype=np.int64)
    spoken, never = _spoken(messages, placed, words, but=but)
    index = _Index(messages[c.TERM_LIST], {w for found in spoken for key in found for w in key})
    named: list[str] = []
    firsts: set[tuple[str, ...]] = set()
    for topic, found in enumerate(spoken):
        own = np.flatnonzero(placed == topic)
        chosen = _chosen(found, own, index, taken=firsts)
        firsts.update(chosen[:1])
        said = (phrases.heading_of(found[key], key[0] if len(key) == 1 else None) for key in chosen)
        label = ", ".join(said).lower()
        label = label[:1].upper() + label[1:]
        named.append(
            label if chosen and label not in named else _fallback(words, topic, named, never)
        )
    return named


class _Index:
    """Which messages hold a word."""

    def __init__(self, terms: pl.Series, wanted: set[str]):
        found = (
            pl.DataFrame({"term": terms})
            .with_row_index("row")
            .explode("term", empty_as_null=False)
            .join(pl.DataFrame({"term": sorted(wanted)}, schema={"term": pl.String}), on="term")
            .unique()
            .sort("row")
            .group_by("term", maintain_order=True)
            .agg(pl.col("row").cast(pl.Int64))
        )
        self._rows = {term: np.array(rows) for term, rows in found.iter_rows()}

    def of(self, words: Sequence[str]) -> Rows:
        """Messages that hold all of the words."""
        rows = [self._rows.get(word, np.zeros(0, dtype=np.int64)) for word in words]
        held = min(rows, key=len)
        for other in rows:
            if other is not held:
                held = np.intersect1d(held, other, assume_unique=True)
        return held


def _chosen(
    found: dict[tuple[str, ...], Counter[str]],
    own: Rows,
    index: _Index,
    *,
    taken: Collection[tuple[str, ...]],
) -> list[tuple[str, ...]]:
    """Choose the phrase that covers the messages best, and those that add most to it."""
    common = sorted(found, key=lambda key: (-found[key].total(), key))
    held = {
        key: index.of(key)
        for key in common[:_CANDIDATES]
        if phrases.is_thing(found[key]) and phrases.is_spoken_of(found[key])
    }
    first = _best({key: held[key] for key in held if key not in taken and _leads(found[key])}, own)
    chosen = [] if first is None else [first]
    union = held[first] if first is not None else np.zeros(0, dtype=np.int64)
    while first is not None and len(chosen) < _PHRASES:
        said = {word for key in chosen for word in key}
        unions = {key: np.union1d(union, rows) for key, rows in held.items() if not said & {*key}}
        best = _best(unions, own)
        if best is None or _cover(unions[best], own) - _cover(union, own) < _LEAST_GAIN:
            break
        chosen.append(best)
        union = unions[best]
    return chosen


def _leads(forms: Counter[str]) -> bool:
    """Whether it is a phrase: a noun alone only adds to one."""
    return any(" " in form for form in forms)


def _best(held: dict[tuple[str, ...], Rows], own: Rows) -> tuple[str, ...] | None:
    return min(held, key=lambda key: (-_cover(held[key], own), key), default=None)


def _cover(held: Rows, own: Rows) -> float:
    """Weighted harmonic mean of precision and recall (van Rijsbergen 1979)."""
    both = len(np.intersect1d(held, own, assume_unique=True))
    weighed = len(held) + _BETA**2 * len(own)
    return round((1 + _BETA**2) * both / weighed, _DECIMALS) if weighed else 0.0


def _fallback(
    words: Sequence[Sequence[str]], topic: int, taken: Collection[str], never: Collection[str]
) -> str:
    own = [word for word in words[topic] if word not in never]
    nouns = [word for word in own if any(r.pos == "NOUN" for r in phrases.readings(word))]
    nouns = [word for word in nouns if word not in place_words.WRITING] or nouns or own
    for n in range(min(2, len(nouns)), len(nouns) + 1):
        if (label := ", ".join(nouns[:n]).capitalize()) and label not in taken:
            return label
    return f"Тема {topic}"


def _spoken(
    messages: pl.DataFrame,
    topics: Rows,
    words: Sequence[Sequence[str]],
    *,
    but: Collection[str],
) -> tuple[list[dict[tuple[str, ...], Counter[str]]], frozenset[str]]:
    """Phrases of each topic with a keyword in them: lemmas as ``text.terms`` has them, forms.

    And the words that no label may hold.
    """
    rows = np.concatenate([_some(np.flatnonzero(topics == topic)) for topic in range(len(words))])
    read = prepare.with_addresses(messages[rows].select(c.TEXT, *_street(messages)))
    streets = text.terms(read[c.STREET]).to_list()
    sentences = (
        read.select(text.sentences(text.clean(read[c.TEXT])).alias("sentence"))
        .with_columns(pl.Series("topic", topics[rows]), pl.Series("street", streets))
        .with_columns(pl.Series("said", _said_once(messages[rows])))
        .explode("sentence", empty_as_null=False)
        .drop_nulls("sentence")
    )
    sentences = sentences.with_columns(text.tokenize(sentences["sentence"]).alias("token"))
    term = _terms_of(sentences["token"].explode(empty_as_null=False).drop_nulls().unique())
    naming = [set(best[:_NAMING]) for best in words]
    never = place_words.KINDS.union(but, _proper(sentences["token"], term))
    found: list[dict[tuple[str, ...], Counter[str]]] = [defaultdict(Counter) for _ in words]
    heard: set[tuple[int, tuple[str, ...]]] = set()
    for said, topic, street, tokens in sentences.select(
        "said", "topic", "street", "token"
    ).iter_rows():
        wanted = [term.get(token) in naming[topic] for token in tokens]
        for key, form in _named(tokens, wanted, term, never.union(street or ())):
            if (said, key) not in heard:
                heard.add((said, key))
                found[topic][key][form] += 1
    texts = dict(sentences.group_by("topic").agg(pl.col("said").n_unique()).iter_rows())
    common = [
        {
            key: _said(forms) if len(key) == 1 else forms
            for key, forms in counted.items()
            if forms.total() >= min(_FEWEST, texts[topic])
        }
        for topic, counted in enumerate(found)
    ]
    return common, never


def _said_once(messages: pl.DataFrame) -> list[str]:
    """Name the text of each message: what copies of one say is said once."""
    if c.FAMILY not in messages.columns:
        return [str(row) for row in range(messages.height)]
    own = pl.concat_str(pl.lit("message "), pl.int_range(pl.len()))
    return messages.select(pl.coalesce(pl.col(c.FAMILY).cast(pl.String), own)).to_series().to_list()


def _said(forms: Counter[str]) -> Counter[str]:
    """Of a noun and «нет» with it, what is said: «нет люков» is no name for what is open."""
    absent = Counter({form: n for form, n in forms.items() if " " in form})
    plain = Counter({form.split(" ")[-1]: 0 for form in forms}) + forms - absent
    return absent if absent.total() >= _ABSENT * forms.total() else plain or absent


def _named(
    tokens: Sequence[str], wanted: Sequence[bool], term: dict[str, str], never: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Phrases of a sentence by their lemmas, none of them among those never said."""
    if not any(wanted):
        return
    small = [token.lower() for token in tokens]
    for phrase in phrases.phrases(small, wanted):
        said = phrase.form.split(" ")
        key = tuple(sorted({term[word] for word in said if word in term}))
        if key and _names(phrase) and not never & {*key, *phrase.lemmas}:
            yield key, phrase.form
    for word, named in zip(small, wanted, strict=True):
        alone = named and phrases.is_noun(word) and word in term
        if alone and term[word] not in never | place_words.ANYWHERE | place_words.WRITING:
            yield (term[word],), word


def _names(phrase: phrases.Phrase) -> bool:
    """Whether a phrase is of a matter: «двор дома» says where, «местные власти» to whom."""
    unqualified = phrase.lemmas[0] == phrase.head
    where = unqualified and phrase.head in place_words.ANYWHERE
    return not where and phrase.head not in place_words.WRITING


def _proper(sentences: pl.Series, term: dict[str, str]) -> frozenset[str]:
    """Words that mostly have a capital letter within a sentence: names of firms and of sites.

    And those that mostly follow such a word: of «Белая берёза» the second is written small.
    """
    first = _mostly(
        (term[token], token.istitle())
        for tokens in sentences
        for token in tokens[1:]
        if token in term and not token.isupper()
    )
    return first | _mostly(
        (term[token], term.get(before) in first)
        for tokens in sentences
        for before, token in pairwise(tokens)
        if token in term
    )


def _mostly(words: Iterable[tuple[str, bool]]) -> frozenset[str]:
    """Words of which it is true more often than not."""
    seen = Counter(words)
    return frozenset(word for (word, true), n in seen.items() if true and n > seen[word, False])


def _street(messages: pl.DataFrame) -> list[str]:
    return [name for name in (c.STREET, c.HOUSE) if name in messages.columns]


def _some(rows: Rows) -> Rows:
    """At most so many rows, spread evenly over all."""
    if len(rows) <= _READ:
        return rows
    return rows[np.arange(_READ) * len(rows) // _READ]


def _terms_of(tokens: pl.Series) -> dict[str, str]:
    """Lemma of each token that counts, in small letters too."""
    both = pl.concat([tokens, tokens.str.to_lowercase()]).unique().sort()
    found = pl.DataFrame({"token": both, "term": text.terms(both)}).filter(
        pl.col("term").list.len() == 1
    )
    return dict(found.with_columns(pl.col("term").list.first()).iter_rows())
