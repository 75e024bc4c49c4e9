"""Raw text to what models count: cleaning, sentences, tokens, lemmas, terms.

Tokens are exactly those of razdel; lemmas are those of pymorphy3, chosen without context. A corpus
repeats itself, so every distinct piece between spaces is tokenised once and every distinct word is
analysed once per process.

Every function takes a series of texts and returns a series of the same length and name. A null
text stays null; an empty one gives an empty text or an empty list.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, lru_cache
from multiprocessing import get_context
from typing import TypeAlias

import polars as pl
import pymorphy3
import razdel
from pymorphy3.analyzer import Parse
from razdel.segmenters.punct import DASHES, ENDINGS
from razdel.segmenters.tokenize import PUNCTS

from cur_lab.errors import ParameterError, SchemaError

__all__ = [
    "STOP_WORDS",
    "clean",
    "debug",
    "lemmatize",
    "sentences",
    "terms",
    "tokenize",
]

# --- stop words ---------------------------------------------------------------------------------
# Lemmas with ё folded to е, grouped by why they say nothing about the subject of an appeal.

_STOP_WORDS = {
    "preposition": """
        без близ в вдоль вместо вне внутри возле вокруг для до за из из-за из-под к кроме между мимо
        на над насчет о около от перед по под помимо после посреди при против путем ради с сверх
        сквозь согласно среди у через
    """,
    "conjunction": """
        а будто дабы если же зато и ибо или итак как когда ли либо лишь насколько но однако пока
        поскольку потому поэтому притом причем пусть раз словно так также то тоже только хотя чем
        чтобы
    """,
    "particle": """
        аж бы ведь вовсе вон вот все-таки да даже именно мол не неужели нет ни ну пускай разве таки
        уж уже хоть якобы
    """,
    "pronoun": """
        ваш весь все всякий вы данный другой иной каждый какой какой-либо какой-нибудь какой-то
        который кто кто-либо кто-нибудь кто-то любой многие многий мой мы наш некий некоторый нечто
        никакой никто ничего ничто он она они оно остальной сам самый свой себя сей столько сколько
        такой таковой твой тот ты чей что что-либо что-нибудь что-то это этот я
    """,
    "adverb": """
        более более-менее вообще всегда всюду где где-то действительно достаточно еще здесь зачем
        иногда как-то конечно куда куда-то менее наверное например никак никогда нигде опять
        особенно откуда отсюда очень почему почему-то почти просто сейчас скоро слишком снова совсем
        сразу столь сюда там тем теперь тогда тут хорошо часто чуть
    """,
    "verb": """
        быть бывать дать делать должный значить иметь иметься мочь можно начать находиться
        необходимый нужный оказаться сделать сказать говорить смочь стать становиться считать хотеть
        хотеться являться
    """,
    "greeting": """
        вечер день добрый господин господь здравствовать привет приветствовать уважаемый уважение
        утро
    """,
    "plea": """
        благодарность внимание вопрос заранее мера надеяться обращаться обращение обратить
        обратиться ответ ответить пожалуйста помогать помочь помощь подсказать пояснить принять
        просить просьба разобраться содействие сообщить спасибо убедительно
    """,
    "count": """
        год два десять месяц много неделя несколько один пара первый пять раз три четыре второй
    """,
}
STOP_WORDS: frozenset[str] = frozenset(" ".join(_STOP_WORDS.values()).split())
"""Lemmas, ё folded to е, that models do not count: function words, greetings and pleas."""


# --- clean --------------------------------------------------------------------------------------

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
_CYRILLIC_WORD = re.compile(r"[а-яёА-ЯЁ]+")
_MIXTURE = re.compile(r"[а-яё][a-zë]|[a-zë][а-яё]", re.I)
_STRETCH = re.compile(r"([а-яё])\1\1", re.I)
_RUN = re.compile(r"(.)\1{2,}", re.I)
# No word of the dictionary is longer; longer "words" are left alone.
_LONGEST_WORD = 64


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
    return _map(texts, _clean, pl.String, where="text.clean")


def _clean(text: str) -> str:
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
    if len(word) > _LONGEST_WORD:
        return word
    if _MIXTURE.search(word):
        word = _one_alphabet(word)
    return _unstretched(word) if _STRETCH.search(word) and _CYRILLIC_WORD.fullmatch(word) else word


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
    return repaired if _CYRILLIC_WORD.fullmatch(repaired) else word


def _unstretched(word: str) -> str:
    """Return the word with runs of three and more letters cut to one or two, if that is a word."""
    runs = list(_RUN.finditer(word))
    if len(runs) > 4 or _known(word):
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
        if len(candidate) > 1 and _known(candidate):
            return candidate
    return word


# --- sentences, tokens --------------------------------------------------------------------------


def sentences(texts: pl.Series) -> pl.Series:
    """Split texts into sentences by razdel.

    Returns
    -------
    Series of lists
        Sentences without the white space between them; null stays null.
    """
    return _map(
        texts,
        lambda text: [sentence.text for sentence in razdel.sentenize(text)],
        pl.List(pl.String),
        where="text.sentences",
    )


def tokenize(texts: pl.Series) -> pl.Series:
    """Split texts into tokens, exactly those of ``razdel.tokenize``.

    The text is taken as it is: :func:`clean` comes first where it is wanted.

    Returns
    -------
    Series of lists
        Words, numbers and marks in order; null stays null.

    Examples
    --------
    >>> tokenize(pl.Series(["Кв.5, нет воды"])).to_list()
    [['Кв', '.', '5', ',', 'нет', 'воды']]
    """
    return _map(texts, _tokens, pl.List(pl.String), where="text.tokenize")


# razdel never joins over white space, so a text may be cut there and every distinct chunk split
# once. But its rules for these marks look one atom further than the pair they judge, over a space
# too («5, 6» → «5,» «6»): a chunk that begins or ends with one is split beside its neighbour.
_FAR_SIGHTED = frozenset(DASHES + "_.,/\\")
_PUNCTUATION = frozenset(PUNCTS)
# The commonest chunks need no rules at all: a word or two joined by a dash, with one mark or none
# before it, one mark or a run of endings («?!», «...») behind it. Only dashes and underscores join
# a mark to a word.
_MARK = re.escape("".join(sorted(_PUNCTUATION - frozenset(DASHES) - {"_"})))
_PLAIN_CHUNK = re.compile(
    rf"([{_MARK}]?)([а-яёА-ЯЁ]+(?:[{re.escape(DASHES)}][а-яёА-ЯЁ]+)*)([{ENDINGS}]+|[{_MARK}]?)"
    rf"|([{ENDINGS}]+)"
)


def _tokens(text: str) -> list[str]:
    chunks = text.split()
    tokens: list[str] = []
    for place, chunk in enumerate(chunks):
        parts = _chunk_tokens(chunk)
        if not parts:
            before = _like(chunks[place - 1][-1]) if place else ""
            after = _like(chunks[place + 1][0]) if place + 1 < len(chunks) else ""
            parts = _chunk_tokens_beside(before, chunk, after)
        tokens += parts
    return tokens


def _like(character: str) -> str:
    """Return one character to stand for all that razdel treats alike as neighbours."""
    if character in _PUNCTUATION:
        return "!"
    return "0" if character.isdecimal() else "а"


@lru_cache(maxsize=1 << 18)
def _chunk_tokens(chunk: str) -> tuple[str, ...]:
    """Split a chunk; nothing where the neighbours have a say."""
    if match := _PLAIN_CHUNK.fullmatch(chunk):
        return tuple(filter(None, match.groups()))
    if chunk[0] in _FAR_SIGHTED or chunk[-1] in _FAR_SIGHTED:
        return ()
    return _chunk_tokens_beside("", chunk, "")


@lru_cache(maxsize=1 << 18)
def _chunk_tokens_beside(before: str, chunk: str, after: str) -> tuple[str, ...]:
    tokens = [token.text for token in razdel.tokenize(f"{before} {chunk} {after}")]
    return tuple(tokens[bool(before) : len(tokens) - bool(after)])


# --- lemmas -------------------------------------------------------------------------------------


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer()


@lru_cache(maxsize=65536)
def _known(word: str) -> bool:
    return bool(_morphology().word_is_known(word.lower()))


def lemmatize(texts: pl.Series, *, workers: int = 1) -> pl.Series:
    """Give each token of :func:`tokenize` its lemma.

    Parameters
    ----------
    texts
        Texts, cleaned where that is wanted.
    workers
        Processes that share the work; worth it from about 100,000 texts. The result is the same.

    Returns
    -------
    Series of lists
        One lemma per token, in lower case with pymorphy's ё; null stays null.

    Raises
    ------
    ParameterError
        If ``workers`` is below 1.

    References
    ----------
    Korobov M. (2015). Morphological analyzer and generator for Russian and Ukrainian languages.
    AIST 2015, 320-332.
    """
    return _map(texts, _lemmas, pl.List(pl.String), workers=workers, where="text.lemmatize")


def _lemmas(text: str) -> list[str]:
    return [_lemma(token) for token in _tokens(text)]


@lru_cache(maxsize=1 << 19)
def _lemma(token: str) -> str:
    word = token.lower()
    if not 1 < len(word) <= _LONGEST_WORD or not _CYRILLIC_WORD.match(word):
        return word
    reading = _reading(token)
    # «д» is not «далее», «см» is not «смотреть»: an abbreviation stays what it is.
    return word if "Abbr" in reading.tag else str(reading.normal_form)


@lru_cache(maxsize=65536)
def parses(word: str) -> tuple[Parse, ...]:
    """Give all readings of a word by pymorphy, the likeliest first."""
    return tuple(_morphology().parse(word))


def _reading(token: str) -> Parse:
    """Choose one reading of a word without its context."""
    readings: _Readings = _morphology().parse(token.lower())
    if len(readings) > 1:
        if token.istitle():
            readings = _surname(readings) or readings
        for rule in _RULES:
            readings = rule(readings) or readings
    return readings[0]


# pymorphy orders readings by P(tag | word) as counted in OpenCorpora. The rules below, in order,
# leave fewer readings where that estimate is known to be wrong for appeals, or is missing (all
# readings are then equally likely). An empty answer means that the rule has nothing to say. What
# they are worth is measured in tests/benchmarks/test_text.py.

_Readings: TypeAlias = list[Parse]


def _undecided(readings: _Readings) -> bool:
    return bool(readings[0].score == readings[-1].score)


def _where(readings: _Readings, *grammemes: str) -> _Readings:
    return [reading for reading in readings if reading.tag.grammemes.issuperset(grammemes)]


def _except(readings: _Readings, *grammemes: str) -> _Readings:
    return [reading for reading in readings if reading.tag.grammemes.isdisjoint(grammemes)]


def _surname(readings: _Readings) -> _Readings:
    """Read «Песков» as a surname; applied to capitalised words only."""
    return _where(readings, "Surn")


def _masculine_noun_if_unknown(readings: _Readings) -> _Readings:
    """Take a word outside the dictionary for a new noun or a name: «химфарм», «Стармер»."""
    return [] if readings[0].is_known else _where(readings, "NOUN", "masc")


def _to_be(readings: _Readings) -> _Readings:
    """Let «есть» say that something exists, not that somebody eats."""
    return [r for r in readings if r.word == "есть" and r.normal_form == "быть"]


def _verb_over_interjection(readings: _Readings) -> _Readings:
    """Bring «здравствуйте», «слушайте», «значит» to their verb."""
    return _except(readings, "INTJ", "Prnt") if _where(readings, "VERB") else []


def _past_over_imperative(readings: _Readings) -> _Readings:
    """Let «пришли» and «нашли» tell what happened."""
    return _except(readings, "impr") if _where(readings, "VERB", "past") else []


def _pronoun_over_participle(readings: _Readings) -> _Readings:
    """Keep «данной» from being something given, or a woman's name."""
    return _except(readings, "PRTF", "Name") if _where(readings, "ADJF", "Apro") else []


def _short_adjective_over_predicative(readings: _Readings) -> _Readings:
    """Bring «нужно», «страшно», «холодно» to «нужный», «страшный», «холодный»."""
    if _where(readings, "PRED") and _where(readings, "ADJS"):
        return _except(readings, "PRED", "ADVB")
    return []


_TIMES = frozenset({"утро", "день", "вечер", "ночь", "весна", "лето", "осень", "зима"})


def _time_noun_over_adverb(readings: _Readings) -> _Readings:
    """Bring «утром» to «утро»."""
    return [r for r in _where(readings, "NOUN", "ablt") if r.normal_form in _TIMES]


# Words of housing, roads and services that share a form with a rarer word.
_REGISTER = frozenset(
    {"выбор", "колонка", "котёл", "лесок", "люк", "опора", "осадок", "парк", "платить", "провод"}
    | {"спил", "столб", "труба", "узел", "яма"}
)


def _word_of_the_register(readings: _Readings) -> _Readings:
    """Let «ямы» be holes in the road, not post stations, and «проводов» wires, not farewells."""
    return [r for r in readings if r.normal_form in _REGISTER] if _undecided(readings) else []


def _participle_over_short_adjective(readings: _Readings) -> _Readings:
    """Let «разбита» tell what was done to the road."""
    if _undecided(readings) and _where(readings, "PRTS"):
        return _except(readings, "ADJS")
    return []


def _adjective_over_neuter_noun(readings: _Readings) -> _Readings:
    """Leave «холодное» and «наружное» to the noun they stand before."""
    if not (_undecided(readings) and _where(readings, "ADJF")):
        return []
    return [r for r in readings if r.tag.POS != "NOUN" or r.normal_form[-2:] not in ("ое", "ее")]


_RULES: list[Callable[[_Readings], _Readings]] = [
    _masculine_noun_if_unknown,
    _to_be,
    _verb_over_interjection,
    _past_over_imperative,
    _pronoun_over_participle,
    _short_adjective_over_predicative,
    _time_noun_over_adverb,
    _word_of_the_register,
    _participle_over_short_adjective,
    _adjective_over_neuter_noun,
]


# --- terms --------------------------------------------------------------------------------------

_TERM = re.compile(r"[а-яёa-z]+(?:-[а-яёa-z]+)*")


def terms(texts: pl.Series, *, workers: int = 1) -> pl.Series:
    """Give what models count: lemmas of the clean text without stop words, numbers, lone letters.

    Parameters
    ----------
    texts
        Texts as found.
    workers
        Processes that share the work.

    Returns
    -------
    Series of lists
        Lemmas in lower case, ё folded to е; null stays null.

    Examples
    --------
    >>> terms(pl.Series(["Здравствуйте! Прошу убрать мусор во дворе дома 5."])).to_list()
    [['убрать', 'мусор', 'двор', 'дом']]
    """
    return _map(texts, _terms, pl.List(pl.String), workers=workers, where="text.terms")


def _terms(text: str) -> list[str]:
    lemmas = (_folded(_lemma(token)) for token in _tokens(_clean(text)))
    return [lemma for lemma in lemmas if _kept(lemma) == _KEPT]


def _folded(lemma: str) -> str:
    return lemma.replace("ё", "е")


_KEPT = "counted"


@lru_cache(maxsize=1 << 18)
def _kept(lemma: str) -> str:
    """Say whether a folded lemma is a term, or why it is not."""
    if not _TERM.fullmatch(lemma):
        return "not a word"
    if len(lemma) == 1:
        return "lone letter"
    if lemma in STOP_WORDS:
        return next(
            f"stop word: {group}" for group, words in _STOP_WORDS.items() if lemma in words.split()
        )
    return _KEPT


def debug(text: str) -> pl.DataFrame:
    """Show what becomes of one text, token by token.

    Parameters
    ----------
    text
        One text; it is cleaned first, as for :func:`terms`.

    Returns
    -------
    DataFrame
        ``token``, ``start`` and ``stop`` in the clean text, ``lemma``, ``part_of_speech`` (a tag of
        OpenCorpora) and ``term``: "counted", or why the token is not.
    """
    cleaned = _clean(text)
    rows, place = [], 0
    for token in _tokens(cleaned):
        place = cleaned.index(token, place)
        lemma = _lemma(token)
        rows.append(
            (token, place, place + len(token), lemma, _part_of_speech(token), _kept(_folded(lemma)))
        )
        place += len(token)
    schema = {
        "token": pl.String,
        "start": pl.Int64,
        "stop": pl.Int64,
        "lemma": pl.String,
        "part_of_speech": pl.String,
        "term": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _part_of_speech(token: str) -> str | None:
    word = token.lower()
    return _reading(token).tag.POS if _CYRILLIC_WORD.match(word) else None


# --- over a series ------------------------------------------------------------------------------


def contents(texts: pl.Series, *, where: str) -> list[str | None]:
    """Take the texts out of a series.

    Raises
    ------
    SchemaError
        If it holds anything but texts and nulls.
    """
    if texts.dtype not in (pl.String, pl.Null):
        raise SchemaError(
            f"texts are {texts.dtype}, expected String", where=where, remedy="Cast the series"
        )
    return texts.to_list()


def _map(
    texts: pl.Series,
    function: Callable[[str], str | list[str]],
    dtype: pl.DataType | type[pl.DataType],
    *,
    where: str,
    workers: int = 1,
) -> pl.Series:
    if workers < 1:
        raise ParameterError("workers is the number of processes, 1 or more", where=where)
    strings = contents(texts, where=where)
    if workers == 1:
        results = _apply(function, strings)
    else:
        size = max(1, -(-len(strings) // (4 * workers)))
        chunks = [strings[start : start + size] for start in range(0, len(strings), size)]
        # A forked child of a process with polars' threads may hang: a fresh one does not.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = pool.map(_apply, itertools.repeat(function), chunks)
            results = list(itertools.chain.from_iterable(parts))
    return pl.Series(texts.name, results, dtype=dtype)


def _apply(
    function: Callable[[str], str | list[str]], rows: Iterable[str | None]
) -> list[str | list[str] | None]:
    return [None if row is None else function(row) for row in rows]
