"""Rules of people's names, in any case, by the dictionaries of names, surnames and patronymics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from cur_lab.privacy.spans import Rule, Span
from cur_lab.text.name_types import Naming, agree, ends_like_surname, naming

WORD = re.compile(r"[А-ЯЁа-яё]+(?:-[А-ЯЁа-яё]+)*")
_BESIDE = frozenset({" ", "  ", "\t", "   "})
# What is as often a word as a name is a name only beside one that is no word.
_MOSTLY_WORD = 0.5


def named(word: str) -> Naming:
    """Tell which names a word of any case may be; a double surname is told by its last part."""
    return _named(word.lower())


@lru_cache(maxsize=1 << 17)
def _named(lower: str) -> Naming:
    found = naming(lower)
    if "-" in lower and not found.known:
        parts = [naming(part) for part in lower.split("-")]
        if all(part.surname or part.given for part in parts):
            return parts[-1]
        return found._replace(surname=frozenset(), patronymic=frozenset())
    return found


def is_title(word: str) -> bool:
    """Tell «Иванова» and «Иванова-Петрова» from «иванова» and «ИВАНОВА»."""
    return word[0].isupper() and not word[1:2].isupper()


def _names(content: str) -> Iterator[Span]:
    """«Иванова Мария Петровна», «мария петровна», «ПЁТР ИВАНОВ», «Петровна»."""
    if not any(map(_is_telling, _LETTERS.findall(content))):
        return
    words = list(WORD.finditer(content))
    known = [named(word[0]) for word in words]
    beside = [content[left.end() : right.start()] in _BESIDE for left, right in pairwise(words)]
    for place, name in enumerate(known):
        word = words[place][0]
        if name.patronymic and (name.known or _may_be_misspelt(known, beside, place)):
            yield _around_patronymic(words, known, beside, place)
        elif (
            name.given
            and place < len(beside)
            and beside[place]
            and _are_full(word, name, words[place + 1][0], known[place + 1])
        ) or (
            name.surname
            and place < len(beside)
            and beside[place]
            and _are_full(words[place + 1][0], known[place + 1], word, name)
        ):
            yield words[place].start(), words[place + 1].end(), "person"


_LETTERS = re.compile(r"[А-ЯЁа-яё]{3,}")


@lru_cache(maxsize=1 << 18)
def _is_telling(word: str) -> bool:
    """Tell whether a word is a name more often than not: most texts have none."""
    name = naming(word.lower())
    return name.any and name.common < _MOSTLY_WORD


def _may_be_misspelt(known: list[Naming], beside: list[bool], place: int) -> bool:
    """Tell whether an unknown word with the ending of a patronymic is one: a first name before."""
    return place > 0 and beside[place - 1] and bool(known[place - 1].given)


def _around_patronymic(
    words: list[re.Match[str]], known: list[Naming], beside: list[bool], place: int
) -> Span:
    first, last = place, place
    word = words[place][0]
    if place and beside[place - 1] and _is_first(words[place - 1][0], known[place - 1], word):
        first -= 1
        if (
            first
            and beside[first - 1]
            and _is_last(words[first - 1][0], known[first - 1], known[place])
        ):
            first -= 1
    if first == place or first == place - 1:
        after = place + 1
        if (
            after < len(words)
            and beside[place]
            and _is_last(words[after][0], known[after], known[place])
            and not known[after].given
        ):
            last = after
    return words[first].start(), words[last].end(), "person"


def _is_first(word: str, name: Naming, patronymic: str) -> bool:
    if name.given:
        return True
    # A misspelt first name before a patronymic: «Свтлана Петровна».
    return not name.known and len(word) > 2 and is_title(word) >= is_title(patronymic)


def _is_last(word: str, name: Naming, patronymic: Naming) -> bool:
    if not name.surname:
        return is_title(word) and ends_like_surname(word)
    # «Пётр Ильич Жуков» in small letters: a word of another meaning is a surname in the same form.
    sure = name.known and (name.common < _MOSTLY_WORD or agree(name.surname, patronymic.patronymic))
    return sure or is_title(word)


def _are_full(first: str, given: Naming, last: str, surname: Naming) -> bool:
    """Tell whether two words side by side are a first name and a surname."""
    if not given.given or not surname.surname or len(last) < 3:
        return False
    if is_title(first) and is_title(last):
        return given.common < _MOSTLY_WORD or agree(given.given, surname.surname)
    if is_title(first) != is_title(last) and (first.islower() or last.islower()):
        return False
    sure = min(given.common, surname.common) < _MOSTLY_WORD
    return sure and agree(given.given, surname.surname)


def _initials(content: str) -> Iterator[Span]:
    """«Иванова А. П.», «А. П. Иванова», «добрынина л.а.», «И.Иванов»."""
    place = 0
    while match := _INITIALS.search(content, place):
        word = match["before"] or match["after"] or match["single"]
        name = named(word)
        letters = match["letters"] or match[0]
        capital = word[0].isupper() and letters[0].isupper()
        if match["single"]:
            fits = bool(name.surname) and name.known and name.common < _MOSTLY_WORD
        elif capital:
            fits = bool(name.surname) or not name.known or bool(match["after"] and name.given)
            fits = fits or (is_title(word) and ends_like_surname(word))
        else:
            fits = bool(name.surname) and name.common < _MOSTLY_WORD
        # «Глава сельсовета И. И. Иванов»: the initials behind a common word may be of the next.
        place = match.end() if fits or not match["before"] else match.end("before")
        if fits:
            yield match.start(), match.end(), "person"


_SURNAME = r"[А-ЯЁа-яё]{3,}(?:-[А-ЯЁа-яё]{3,})?"
_INITIALS = re.compile(
    rf"(?<![А-ЯЁа-яё-])(?P<before>{_SURNAME})[ ,]{{0,2}}(?<=[ ,])(?P<letters>"
    rf"(?:[А-ЯЁ]\. ?[А-ЯЁ]\.?|[А-ЯЁ] [А-ЯЁ]|(?<=[а-яё] )[А-ЯЁ]{{2}}"
    r"|[а-яё]\. ?[а-яё]\.?))(?![А-ЯЁа-яё])"
    rf"|(?<![А-ЯЁа-яё.])(?:[А-ЯЁ]\. ?[А-ЯЁ]\.?|[а-яё]\. ?[а-яё]\.) ?(?P<after>{_SURNAME})"
    rf"|(?<![А-ЯЁа-яё.])[А-ЯЁ]\. ?(?P<single>[А-ЯЁ][А-ЯЁа-яё]{{2,}})"
)


def _signatures(content: str) -> Iterator[Span]:
    """«С уважением, Мария», «меня зовут иван петров», «ФИО: …»."""
    for match in _SIGNED.finditer(content):
        start = stop = match.end()
        for word in WORD.finditer(content, match.end()):
            name = named(word[0])
            gap = content[stop : word.start()]
            close = gap in _BESIDE or (stop == start and len(gap) == 0)
            fits = (name.any and (is_title(word[0]) or name.common < _MOSTLY_WORD)) or (
                not name.known and is_title(word[0])
            )
            if not (close and fits):
                break
            stop = word.end()
        if stop > start:
            yield start, stop, "person"


_SIGNED = re.compile(
    r"(?<![а-яё])(?:с\s+уваж\w*|меня\s+зовут|зовут\s+меня|мо[её]\s+имя|подпись"
    r"|заявитель(?:ница)?|ф\.? ?и\.? ?о"
    r"|собственник\w*|житель(?:ница)?|пенсионер(?:ка)?)[\s,:;!.–—-]{1,6}(?=[А-ЯЁа-яё]{3})",
    re.I,
)

RULES = [
    Rule(_names, r"."),
    Rule(
        _initials,
        r"(?:^|[^А-ЯЁа-яё])(?:[А-ЯЁа-яё]\. ?[А-ЯЁа-яё]|[А-ЯЁ] [А-ЯЁ])"
        r"|[а-яё] [А-ЯЁ]{2}(?:[^А-ЯЁа-яё]|$)",
    ),
    Rule(
        _signatures, r"(?i)уваж|зовут|имя|подпись|заявит|ф\.? ?и\.? ?о|собственник|жител|пенсионер"
    ),
]


def without_namesakes(content: str, spans: list[Span], public: list[Span]) -> list[Span]:
    """Leave out people who gave their name to a place: «улица Ленина», «парк им. Гагарина»."""
    return [
        (start, stop, kind)
        for start, stop, kind in spans
        if kind != "person"
        or not (
            any(start < end and begin < stop for begin, end, _ in public)
            or is_named_after(content, start)
        )
    ]


def is_named_after(content: str, start: int) -> bool:
    """Tell whether a name is that of a street, a park or a school."""
    before = content[max(0, start - 40) : start]
    # «Памятник Юрию Гагарину», of which only the surname was found.
    while (first := _WORD_BEFORE.search(before)) and named(first[1]).given:
        before = before[: first.start()]
    return _NAMED_AFTER.search(before) is not None


_WORD_BEFORE = re.compile(r"(?<![А-ЯЁа-яё])([А-ЯЁ][а-яё]+) $")


_NAMED_AFTER = re.compile(
    r"(?<![а-яё])(?:им\.|имени|ул\.?|улиц\w+|площад\w+|пл\.|проспект\w*|пр-т\w?|пер\."
    r"|переул\w+|бульвар\w*"
    r"|памятник\w*|парк\w*|сквер\w*|мкр\.?|микрорайон\w*|ост\.|остановк\w+)\s?[«\"]?$",
    re.I,
)
