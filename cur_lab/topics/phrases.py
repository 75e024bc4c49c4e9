"""Phrases as Russian grammar joins them, and the heading a phrase makes.

A phrase is two or three neighbouring words of a sentence that agree («горячая вода»,
«уборка снега», «не работает фонарь»). As a heading its head noun stands in the nominative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

import pymorphy3
from pymorphy3.analyzer import Parse

from cur_lab import text

# Readings of a word that pymorphy3 finds less likely than this are not tried.
_LEAST_LIKELY = 0.05
_PRIVATE = frozenset({"Name", "Surn", "Patr", "Geox"})

Lemmas = tuple[str, ...]


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
    head: str  # lemma of the noun the others belong to


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


def phrases(words: Sequence[str], wanted: Sequence[bool]) -> Iterator[Phrase]:
    """Find the phrases of a sentence that hold a wanted word."""
    # The longest first: «не работает фонарь» before «работает фонарь».
    for size in sorted(_RULES, reverse=True):
        for start in range(len(words) - size + 1):
            if any(wanted[start : start + size]) and (
                found := phrase_of(*words[start : start + size])
            ):
                yield found


@lru_cache(maxsize=1 << 18)
def phrase_of(*words: str) -> Phrase | None:
    """Give the phrase that neighbouring words make, if they do."""
    agreed = _agreeing(*words)
    if agreed is None:
        return None
    head = next(reading.lemma for reading in agreed if reading.pos == "NOUN")
    return Phrase(tuple(reading.lemma for reading in agreed), " ".join(words), head)


def _agreeing(*words: str) -> tuple[Reading, ...] | None:
    """Give the readings that agree by the first rule any do; of them the likeliest.

    An adjective is tried before the noun it may be: «холодного водоснабжения» is no dish.
    """
    for rule in _RULES.get(len(words), ()):
        for tried in product(*map(readings, words)):
            if rule(*tried):
                return tried
    return None


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=1 << 17)
def readings(word: str) -> tuple[Reading, ...]:
    """Give the readings of a word, likeliest first; none for marks, stop words and names."""
    if word in ("не", "нет"):
        return (Reading(word, None, None, None, None),)
    if len(word) < 3 or not word[0].isalpha() or is_private(word):
        return ()
    return tuple(
        _reading(parse)
        for parse in _morphology().parse(word)
        if parse.score >= _LEAST_LIKELY
        and parse.normal_form.replace("ё", "е") not in text.STOP_WORDS
    )


@lru_cache(maxsize=1 << 17)
def is_noun(word: str) -> bool:
    """Tell whether a word is likeliest a noun, not an adjective that may also be one."""
    found = readings(word)
    # «холодные» are a dish in the dictionary; in a complaint they are radiators.
    parses = _morphology().parse(word)
    noun = sum(parse.score for parse in parses if parse.tag.POS == "NOUN")
    adjective = sum(parse.score for parse in parses if parse.tag.POS in ("ADJF", "PRTF"))
    return bool(found) and found[0].pos == "NOUN" and noun > adjective


def _reading(parse: Parse) -> Reading:
    tag = parse.tag
    return Reading(parse.normal_form, tag.POS, tag.case, tag.number, tag.gender)


@lru_cache(maxsize=1 << 17)
def is_private(word: str) -> bool:
    """Tell whether a word names a person or a place."""
    return bool(_PRIVATE & _morphology().parse(word)[0].tag.grammemes)


def shown(keywords: Sequence[str]) -> list[str]:
    """Keep the keywords that may be shown: no name, no piece of an address in Latin letters."""
    return [word for word in keywords if not (is_private(word) or word.isascii())]


@lru_cache(maxsize=1 << 17)
def is_first_name(word: str) -> bool:
    """Tell whether a word is likeliest a first name or a patronymic."""
    return bool({"Name", "Patr"} & _morphology().parse(word)[0].tag.grammemes)


def part_of(word: str) -> str | None:
    """Give the part of speech a word is likeliest of."""
    part: str | None = _morphology().parse(word)[0].tag.POS
    return part


def forms_of(word: str) -> frozenset[str]:
    """Give all forms of a word, whatever it is taken for: «щучье» is a place or an adjective."""
    parses = _morphology().parse(word)
    return frozenset({word, *(form.word for parse in parses for form in parse.lexeme)})


@lru_cache(maxsize=1 << 17)
def cases_of(form: str) -> frozenset[str]:
    """Give the cases a phrase that its noun begins may stand in; none of any other."""
    words = form.split(" ")
    rules = _RULES.get(len(words), ())
    return frozenset(
        found[0].case
        for found in product(*map(readings, words))
        if found[0].pos == "NOUN" and found[0].case and any(rule(*found) for rule in rules)
    )


def is_spoken_of(forms: Counter[str]) -> bool:
    """Tell whether a thing is somewhere subject or object, not only where or when it happens.

    «У торца дома», «на участке дороги» say where. What is seen in the accusative alone may belong
    to its verb: «лишить компанию лицензии».
    """
    cases = [cases_of(form) for form in forms]
    seen = frozenset[str]().union(*cases)
    return not all(cases) or "nomn" in seen or ("accs" in seen and len(seen) > 1)


def is_thing(forms: Counter[str]) -> bool:
    """Tell whether the commonest form names a thing or what does not work, not what to do."""
    agreed = _agreeing(*max(forms, key=lambda form: (forms[form], form)).split(" "))
    verbs = [reading for reading in agreed or () if reading.pos in ("VERB", "INFN")]
    return not verbs or (agreed is not None and agreed[0].lemma == "не")


def heading_of(forms: Counter[str], lemma: str | None = None) -> str:
    """Choose the commonest form; forms that differ in case alone count as one.

    Parameters
    ----------
    forms
        How often each was written.
    lemma
        Of a single word: «парка» is the genitive of a park or a coat.
    """
    headings: Counter[str] = Counter()
    for form, n in forms.items():
        headings[_heading(form, lemma)] += n
    return max(headings, key=lambda heading: (headings[heading], heading)).capitalize()


def _heading(form: str, lemma: str | None = None) -> str:
    """Put the head of a noun phrase and what agrees with it into the nominative."""
    words = form.split(" ")
    agreed = _agreeing(*words) if len(words) > 1 else _alone(form, lemma)
    if not agreed or agreed[0].case in (None, "nomn"):
        # A verb or a negation has no case to change.
        return form
    head = next(place for place, reading in enumerate(agreed) if reading.pos == "NOUN")
    inflected = [_nominative(*pair) for pair in zip(words, agreed[: head + 1], strict=False)]
    return form if None in inflected else " ".join([*filter(None, inflected), *words[head + 1 :]])


def _alone(word: str, lemma: str | None) -> tuple[Reading, ...]:
    """Give the likeliest reading of a word as a form of a lemma."""
    found = readings(word)
    return tuple([r for r in found if r.lemma.replace("ё", "е") == lemma][:1]) or found[:1]


def _nominative(word: str, reading: Reading) -> str | None:
    wanted = {"nomn", reading.number} | ({reading.gender} if reading.number == "sing" else set())
    for parse in _morphology().parse(word):
        if _reading(parse) == reading:
            if reading.pos == "NOUN":
                wanted.discard(reading.gender)
            form = parse.inflect(wanted - {None})
            return form.word if form else None
    return None
