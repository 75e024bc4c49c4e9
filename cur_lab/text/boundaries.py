"""Sentences: those of razdel, and what it leaves in one piece.

People forget the space behind a full stop («112.Никто»), and «г.» closes a date as well as it opens
the name of a town («01.05.2025 г. Ничего»). What cannot be told apart stays together: «умер в 2025
г. Петров».
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl
from razdel.segmenters.sentenize import DELIMITER, SentSegmenter, SentSplit
from razdel.segmenters.sokr import HEAD_SOKRS, INITIALS, PAIR_SOKRS, SOKRS

from cur_lab.text import mapping
from cur_lab.text.lemmas import analyzer

# «доме.Просим», «112.Никто», «воды!Когда»: what stands before, the marks, the word behind them.
_GLUED = re.compile(r"([а-яёА-ЯЁ]{2,}|\d+)([.!?…]+)(?=([А-ЯЁ](?:[а-яё]+| (?=[а-яё]))))")
# «01.05.2025 г. Ничего», «с 2023г. Лифт».
_DATED = re.compile(r"\d{4} ?г\.(?= *([А-ЯЁ][а-яё]*)\b(?!\.))")
# «д.5» and «кв.12» number a house and a flat.
_ABBREVIATED = re.compile(rf"\b(?:{'|'.join(sorted(SOKRS))})\.$", re.I)
# What either of the two needs, and most texts do not have.
_LEFT_WHOLE = re.compile(r"[.!?…][А-ЯЁ]|\d ?г\.")
# razdel judges every mark that may end a sentence; without white space behind it none does.
_MARK = re.compile(rf"{DELIMITER}(?=\s)")
_OF_RAZDEL = SentSegmenter()
# Before a capital these end a sentence: no other rule of razdel's is about them then. A full stop
# behind a word in lower case does too, if the word is never short for another.
_OPEN, _CAPITAL = frozenset("!?…"), re.compile(r"\s{1,9}[A-ZА-ЯЁ]")
_SHORT = frozenset({*HEAD_SOKRS, *INITIALS, *(pair[0] for pair in PAIR_SOKRS)})
_NAMING = frozenset({"NOUN", "PROPN", "ADJ", "X"})
_WORD = re.compile(r"[а-яё]+", re.I)


def sentences(texts: pl.Series) -> pl.Series:
    """Split texts into sentences.

    Returns
    -------
    Series of lists
        Sentences without the white space between them; null stays null.

    Examples
    --------
    >>> sentences(pl.Series(["Звонили в 112.Никто не едет с 01.05.2025 г. Когда?"])).to_list()
    [['Звонили в 112.', 'Никто не едет с 01.05.2025 г.', 'Когда?']]
    """
    return mapping.over(texts, _sentences, where="text.sentences")


def _sentences(text: str) -> list[str]:
    found = list(_of_razdel(text))
    if _LEFT_WHOLE.search(text):
        return [part for sentence in found for part in _parts(sentence)]
    return found


def _of_razdel(text: str) -> Iterator[str]:
    """Sentences of ``razdel.sentenize``, which looks at every mark at length."""
    window, start = _OF_RAZDEL.split.window, 0
    for mark in _MARK.finditer(text):
        place, stop, delimiter = mark.start(), mark.end(), mark[1]
        left = text[max(0, place - window) : place]
        if not (_is_plain(left, delimiter) and _CAPITAL.match(text, stop)):
            split = SentSplit(left, delimiter, text[stop : stop + window], text[start:place])
            if _OF_RAZDEL.join(split):
                continue
        yield text[start:stop].strip()
        start = stop
    yield text[start:].strip()


def _is_plain(left: str, delimiter: str) -> bool:
    if delimiter == ".":
        word = left.rpartition(" ")[2]
        return len(word) > 1 and word.isalpha() and word.islower() and word not in _SHORT
    return delimiter in _OPEN and bool(left.strip())


def _parts(sentence: str) -> Iterator[str]:
    glued = (m.end() for m in _GLUED.finditer(sentence) if _is_end(sentence, m))
    dated = (m.end() for m in _DATED.finditer(sentence) if _begins_after_date(sentence, m))
    start = 0
    for stop in sorted({*glued, *dated}):
        yield sentence[start:stop].strip()
        start = stop
    yield sentence[start:].strip()


def _is_end(sentence: str, found: re.Match[str]) -> bool:
    before, marks, following = found.groups()
    if before.isdecimal():
        return marks != "." or not _is_item(sentence, found.start(), before)
    if marks != ".":
        return True
    if not before.islower():
        # «Яндекс.Такси» is one name, «в Курске.Просим» two sentences.
        return _speech(following.strip()) not in _NAMING and not before.isupper()
    short = before in SOKRS or any("Abbr" in one.feats for one in analyzer().analyze(before))
    return not short and analyzer().is_known(before)


def _is_item(sentence: str, start: int, number: str) -> bool:
    """Tell whether a number counts what follows: «нужно: 1.Ремонт дорог 2.Вывоз мусора»."""
    if len(number) > 2:
        return False
    before = sentence[:start].rstrip()
    if not before or re.search(r"(?<!\d)[.;:!?…)]$", before):
        return not _ABBREVIATED.search(before)
    return bool(re.search(rf"(?<!\d){int(number) - 1}[.)] *[а-яё]", before, re.I))


def _begins_after_date(sentence: str, found: re.Match[str]) -> bool:
    """Tell whether the capital behind «2025 г.» begins a sentence.

    Function words, verbs and adverbs do. «Петров» never does. A common noun or adjective may be an
    institution («в 2019 г. Правительство»): it begins one in the nominative where the clause that
    the date closes has its verb.
    """
    readings = analyzer().analyze(found[1])
    if readings[0].pos not in _NAMING:
        return True
    nominative = any(reading.feats.get("Case") == "Nom" for reading in readings)
    if readings[0].pos in ("PROPN", "X") or not nominative:
        return False
    clause = re.split("[,;:(]", sentence[: found.start()])[-1]
    return any(map(_is_predicate, _WORD.findall(clause)))


def _is_predicate(word: str) -> bool:
    reading = analyzer().analyze(word)[0]
    return reading.pos in ("VERB", "AUX") or reading.feats.get("Variant") == "Short"


def _speech(word: str) -> str:
    return analyzer().analyze(word)[0].pos
