"""Raw text to plain readable text."""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from functools import lru_cache

import polars as pl

from cur_lab.text import mapping
from cur_lab.text.readings import LONGEST_WORD, known

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
# Only what the editors of portals write. Anything else in angle brackets was typed by a person.
_BLOCK_TAG = re.compile(
    r"</?(?:p|br|div|li|ul|ol|tr|table|tbody|thead|h[1-6]|blockquote|hr|pre)(?:\s[^<>]*)?/?>", re.I
)
_INLINE_TAG = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|font|small|big|sub|sup|td|th|img|o:p|del|ins|label|code)"
    r"(?:\s[^<>]*)?/?>",
    re.I,
)
# VK's «[id1|Имя]»; some exports hash the number.
_MENTION = re.compile(r"\[(?:id|club|public)[0-9a-f]{1,40}\|([^\[\]|]{0,100})\]")
_SPACES = re.compile(r"[^\S\n]+")
_LINE_BREAKS = re.compile(r" ?(?:\n ?)+")
_STRESS = re.compile(r"(?<=[аеиоуыэюяАЕИОУЫЭЮЯ])[\u0300\u0301]")

_LOOK_ALIKES = str.maketrans("aceopxyukmnëABCEHKMOPTXYË", "асеорхуикмпёАВСЕНКМОРТХУЁ")
_LETTERS = re.compile(r"[а-яёa-zë]+", re.I)
CYRILLIC_WORD = re.compile(r"[а-яёА-ЯЁ]+")
_MIXTURE = re.compile(r"[а-яё][a-zë]|[a-zë][а-яё]", re.I)
_STRETCH = re.compile(r"([а-яё])\1\1", re.I)
_RUN = re.compile(r"(.)\1{2,}", re.I)

# What stays as it is wherever it stands: printable, without another form in Unicode, no markup.
_PLAIN = (
    r"!-%'-;=-{}~А-Яа-яЁё«»“”„‘’—–…№°₽•\x{2600}-\x{27BF}\x{1F300}-\x{1F64F}\x{1F680}-\x{1F6C5}"
    r"\x{1F900}-\x{1F9FF}\x{FE0F} \n"
)
_STRETCHED = "|".join(letter * 3 for letter in "абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
# What most texts are without: anything else, spaces to fold, mixtures of alphabets, stretches.
_TROUBLE = rf"[^{_PLAIN}]|^[ \n]|[ \n]$|[ \n][ \n]|(?i:[а-яё][a-z]|[a-z][а-яё]|{_STRETCHED})"


def clean(texts: pl.Series) -> pl.Series:
    r"""Make plain readable text.

    Entities are decoded and the formatting tags of portals removed; other angle brackets stay
    visible characters, so ``&lt;script&gt;`` reads ``<script>``. Invisible characters (zero-width,
    bidirectional, control) go, spaces are folded, line breaks become one ``\n``. Latin look-alikes
    inside Cyrillic words and stretched letters are repaired where the result is certain.

    Parameters
    ----------
    texts
        Texts as found.

    Returns
    -------
    Series
        Texts in Unicode form NFC; null stays null.

    Examples
    --------
    >>> clean(pl.Series(["<p>Нет&nbsp;вoды,  ооочень плохо</p><p>Помогите!</p>"])).to_list()
    ['Нет воды, очень плохо\nПомогите!']
    """
    return pl.Series(
        texts.name, all_cleaned(mapping.contents(texts, where="text.clean")), pl.String
    )


def all_cleaned(texts: mapping.Texts) -> mapping.Texts:
    """Clean texts: those with nothing but tags, mentions and spaces, which is most, all at once."""
    found = pl.Series(texts, dtype=pl.String)
    told = found
    for pattern, instead in (
        (f"(?i){_BLOCK_TAG.pattern}", "\n"),
        (f"(?i){_INLINE_TAG.pattern}", ""),
        (_MENTION.pattern, "$1"),
        (r"[ \t\x{A0}]+", " "),
        (_LINE_BREAKS.pattern, "\n"),
    ):
        told = told.str.replace_all(pattern, instead)
    told = told.str.strip_chars(" \n")
    plain = ~(told.str.contains(_TROUBLE) | found.str.contains("&", literal=True)).fill_null(False)
    done = told.to_list()
    for place in (~plain).arg_true().to_list():
        done[place] = cleaned(texts[place] or "")
    return done


def cleaned(text: str) -> str:
    """Clean one text."""
    # Exports escape once or twice («&amp;nbsp;»); deeper nesting is somebody's joke and stays.
    for _ in range(3):
        if "&" in text:
            text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    if "<" in text:
        text = _INLINE_TAG.sub("", _BLOCK_TAG.sub("\n", text))
    if "|" in text:
        text = _MENTION.sub(r"\1", text)
    text = unicodedata.normalize("NFC", _visible(text))
    text = _STRESS.sub("", text)
    text = _LINE_BREAKS.sub("\n", _SPACES.sub(" ", text)).strip()
    # Looking for the rare trouble first is linear in any text; most texts have none.
    if _MIXTURE.search(text) or _STRETCH.search(text):
        text = _LETTERS.sub(lambda word: _repaired(word[0]), text)
    return text


@lru_cache(maxsize=65536)
def _repaired(word: str) -> str:
    if len(word) > LONGEST_WORD:
        return word
    if _MIXTURE.search(word):
        word = _one_alphabet(word)
    return _unstretched(word) if _STRETCH.search(word) and CYRILLIC_WORD.fullmatch(word) else word


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


@lru_cache(maxsize=4096)
def _visible_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\r\x85" or category in ("Zl", "Zp"):
        return "\n"
    if character.isspace():
        return character
    return "" if category in ("Cc", "Cf", "Cs", "Co") else character


def _one_alphabet(word: str) -> str:
    """Return the word in Cyrillic if every Latin letter of it has a Cyrillic double."""
    repaired = word.translate(_LOOK_ALIKES)
    return repaired if CYRILLIC_WORD.fullmatch(repaired) else word


def _unstretched(word: str) -> str:
    """Return the word with runs of three and more letters cut to one or two, if that is a word."""
    runs = list(_RUN.finditer(word))
    if len(runs) > 4 or known(word):
        return word
    pieces = [
        word[start:stop]
        for start, stop in itertools.pairwise(
            [0, *(place for run in runs for place in run.span()), len(word)]
        )
    ]
    for lengths in itertools.product((1, 2), repeat=len(runs)):
        candidate = "".join(
            piece[: lengths[i // 2]] if i % 2 else piece for i, piece in enumerate(pieces)
        )
        if len(candidate) > 1 and known(candidate):
            return candidate
    return word
