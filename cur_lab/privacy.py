"""Personal data in texts: find it, redact it, and keep small cells out of published tables.

Structured data (phones, cards, documents …) are found by small named rules that know their format
and, where there is one, their checksum. Names are found by rules and by the NER of Natasha. A house
is public, a flat is private: only addresses down to the flat are personal data here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

import polars as pl

from cur_lab import columns, entities, text
from cur_lab.columns import FLAT, ROW, START, STOP, SUPPRESSED
from cur_lab.errors import ParameterError, SchemaError

__all__ = ["excerpts", "find", "publishable", "redact"]

_LABELS = {
    "person": "ИМЯ",
    "phone": "ТЕЛЕФОН",
    "email": "ПОЧТА",
    "document": "ДОКУМЕНТ",
    "card": "КАРТА",
    "account": "СЧЁТ",
    "address": "АДРЕС",
    "profile": "ПРОФИЛЬ",
    "plate": "НОМЕР АВТО",
    "birthday": "ДАТА РОЖДЕНИЯ",
}
_LABEL = re.compile(r"\[(?:" + "|".join(map(re.escape, _LABELS.values())) + r")\]")

_Span = tuple[int, int, str]  # start, stop, kind


def find(texts: pl.Series, *, names: bool = True) -> pl.DataFrame:
    """Find personal data.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null and empty ones yield nothing.
    names
        Also look for names by NER, at some hundred texts per second on one core. Without it only
        names in a telling form («Иванова А. П.», «Мария Петровна») are found, at thousands.

    Returns
    -------
    DataFrame
        Table ``spans``. Kinds: "person", "phone", "email", "document" (passport, СНИЛС, personal
        ИНН, policy), "card", "account" (bank or housing), "address" (down to the flat), "profile"
        (in a social network), "plate" (of a car), "birthday". Spans do not overlap: where findings
        do, one span covers them all and has the kind of the longest.

    Examples
    --------
    >>> find(pl.Series(["Звоните: 8 (910) 123-45-67"]), names=False)["kind"].to_list()
    ['phone']
    """
    contents = text.contents(texts, where="privacy.find")
    found = _find(contents, names=names)
    rows = [
        (row, kind, start, stop, (contents[row] or "")[start:stop])
        for row, spans in enumerate(found)
        for start, stop, kind in spans
    ]
    return pl.DataFrame(rows, schema=columns.SPANS.schema, orient="row")


def redact(texts: pl.Series, *, names: bool = True) -> pl.Series:
    """Replace personal data by its kind: [ИМЯ], [ТЕЛЕФОН], [ПОЧТА], [ДОКУМЕНТ] and so on.

    A redacted text is redacted once more until nothing is found, because a name may become visible
    to the NER when its neighbour is gone: redacting twice gives the same as redacting once.

    Parameters
    ----------
    texts
        Texts as found or cleaned; null stays null.
    names
        As in :func:`find`.

    Examples
    --------
    >>> redact(pl.Series(["Пишите на ivanova@example.org"]), names=False).to_list()
    ['Пишите на [ПОЧТА]']
    """
    contents = text.contents(texts, where="privacy.redact")
    pending = list(range(len(contents)))
    while pending:
        found = _find([contents[row] for row in pending], names=names)
        for row, spans in zip(pending, found, strict=True):
            contents[row] = _replaced(contents[row] or "", spans) if spans else contents[row]
        pending = [row for row, spans in zip(pending, found, strict=True) if spans]
    return pl.Series(texts.name, contents, dtype=pl.String)


def excerpts(texts: pl.Series, *, characters: int = 240) -> pl.Series:
    """Give the beginnings of texts as they may be shown: clean, redacted, on one line.

    Parameters
    ----------
    texts
        Texts as found; null stays null.
    characters
        The longest an excerpt may be; a longer text is cut at a word and ends in «…».
    """
    # No excerpt shows a text to its end; names are looked for well beyond what is shown.
    shown = redact(text.clean(texts).str.slice(0, 4 * characters))
    return pl.Series(
        texts.name,
        [None if content is None else _cut(content, characters) for content in shown],
        dtype=pl.String,
    )


def _cut(content: str, characters: int) -> str:
    content = " ".join(content.split())
    if len(content) <= characters:
        return content
    head = content[: characters - 1]
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" ,.;:—–-") + "…"


def _replaced(content: str, spans: list[_Span]) -> str:
    parts, place = [], 0
    for start, stop, kind in spans:
        parts += [content[place:start], f"[{_LABELS[kind]}]"]
        place = stop
    return "".join([*parts, content[place:]])


def _find(contents: list[str | None], *, names: bool) -> list[list[_Span]]:
    found: list[list[_Span]] = [
        [span for rule in _RULES for span in rule(content)] if content else []
        for content in contents
    ]
    homes = entities.addresses(pl.Series(contents, dtype=pl.String))
    public: list[list[_Span]] = [[] for _ in contents]
    for row, start, stop, flat in homes.select(ROW, START, STOP, FLAT).iter_rows():
        (found if flat else public)[row].append((start, stop, "address"))
    if names:
        for row, kind, start, stop in entities.mentions(contents):
            if kind == entities.PERSON and _may_be_name((contents[row] or "")[start:stop]):
                found[row].append((start, stop, kind))
    return [
        _merged(content or "", _without_namesakes(content or "", spans, places))
        for content, spans, places in zip(contents, found, public, strict=True)
    ]


def _may_be_name(mention: str) -> bool:
    """Turn away a single word that can be no name: «Почему», «Вакцинировался»."""
    if not mention.isalpha() or not text.parses(mention.lower())[0].is_known:
        return True
    return _has(mention, "NOUN") or _has(mention, "ADJF")


def _without_namesakes(content: str, spans: list[_Span], public: list[_Span]) -> list[_Span]:
    """Leave out people who gave their name to a place: «улица Ленина», «парк им. Гагарина»."""
    return [
        (start, stop, kind)
        for start, stop, kind in spans
        if kind != "person"
        or not (
            any(start < end and begin < stop for begin, end, _ in public)
            or _NAMED_AFTER.search(content, max(0, start - 25), start)
        )
    ]


_NAMED_AFTER = re.compile(
    r"(?<![а-яё])(?:им\.|имени|ул\.?|улиц\w+|площад\w+|пл\.|проспект\w*|пр-т\w?|пер\.|переул\w+|бульвар\w*"
    r"|памятник\w*|парк\w*|сквер\w*|мкр\.?|микрорайон\w*|ост\.|остановк\w+)\s?[«\"]?$",
    re.I,
)


def _merged(content: str, spans: list[_Span]) -> list[_Span]:
    """Join overlapping spans into one with the kind of the longest; spare what is redacted."""
    labels = [(match.start(), match.end()) for match in _LABEL.finditer(content)]
    pieces = [piece for span in spans for piece in _outside(content, span, labels)]
    merged: list[_Span] = []
    longest = 0
    for start, stop, kind in sorted(pieces, key=lambda span: (span[0], -span[1], span[2])):
        if not merged or start >= merged[-1][1]:
            merged.append((start, stop, kind))
            longest = stop - start
            continue
        if stop - start > longest:
            longest = stop - start
        else:
            kind = merged[-1][2]
        merged[-1] = (merged[-1][0], max(merged[-1][1], stop), kind)
    return merged


def _outside(content: str, span: _Span, labels: list[tuple[int, int]]) -> Iterator[_Span]:
    start, stop, kind = span
    edges = [start]
    for begin, end in labels:
        if begin < stop and start < end:
            edges += [max(begin, start), min(end, stop)]
    edges.append(stop)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        if any(map(str.isalnum, content[left:right])):
            yield left, right, kind


# --- rules --------------------------------------------------------------------------------------


def _emails(content: str) -> Iterator[_Span]:
    """«ivanova@example.org»."""
    if "@" in content:
        yield from _all(_EMAIL, content, "email")


_EMAIL = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")


def _profiles(content: str) -> Iterator[_Span]:
    """«vk.com/id1», «@nick», «[id1|Мария]»; pages of communities are public."""
    yield from _all(_PROFILE, content, "profile")


_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?"
    r"(?:vk\.(?:com|ru)|vkontakte\.ru|ok\.ru|t\.me|instagram\.com|facebook\.com|fb\.com)"
    r"/(?!public|club|event|wall-|group)[\w./?=&%-]*\w"
    r"|(?<![\w@.])@[A-Za-z]\w{3,31}(?![\w@.]*@)"
    r"|\[id\w+\|[^\]\n]{1,100}\]"
)


def _documents(content: str) -> Iterator[_Span]:
    """Passport, birth certificate, СНИЛС, policy by form or by the word before; ИНН by checksum."""
    yield from _all(_PASSPORT, content, "document")
    yield from _all(_CERTIFICATE, content, "document")
    yield from _all(_SNILS, content, "document")
    yield from _all(_NAMED_DOCUMENT, content, "document", group="number")
    for match in _TWELVE_DIGITS.finditer(content):
        if _is_inn(match[0]):
            yield match.start(), match.end(), "document"


_PASSPORT = re.compile(
    r"(?<![\d.,/-])(?:\d{2}\s\d{2}|\d{4})(?:\s(?:№|N|номер)\s?|\s?№\s?|\s)\d{6}(?![\d-])"
)
_CERTIFICATE = re.compile(r"(?<!\w)[IVXХ1]{1,5}\s?-\s?[А-Я]{2}\s?(?:№|N)?\s?\d{6}(?!\d)")
_SNILS = re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)")
_NAMED_DOCUMENT = re.compile(
    r"(?<![а-яё])(?:паспорт\w*|снилс|полис\w*|омс|удостоверени\w+|свидетельств\w+|сери[яию])"
    r"[^\d\n]{0,25}?(?P<number>\d[\d\s№N-]{4,22}\d)(?!\d)",
    re.I,
)
_TWELVE_DIGITS = re.compile(r"(?<!\d)\d{12}(?!\d)")


def _is_inn(digits: str) -> bool:
    """Check the two control digits of a person's tax number."""

    def control(weights: tuple[int, ...]) -> int:
        return sum(w * int(d) for w, d in zip(weights, digits, strict=False)) % 11 % 10

    return control((7, 2, 4, 10, 3, 5, 9, 4, 6, 8)) == int(digits[10]) and control(
        (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    ) == int(digits[11])


def _cards(content: str) -> Iterator[_Span]:
    """Sixteen digits with Luhn's checksum, or after the word."""
    for match in _SIXTEEN_DIGITS.finditer(content):
        digits = re.sub(r"\D", "", match[0])
        if _luhn(digits) or _CARD_WORD.search(content, max(0, match.start() - 30), match.start()):
            yield match.start(), match.end(), "card"


_SIXTEEN_DIGITS = re.compile(r"(?<![\d-])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\d-])")
_CARD_WORD = re.compile(r"(?<![а-яё])карт[аыеуо]", re.I)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _accounts(content: str) -> Iterator[_Span]:
    """Twenty digits of a bank account; a housing account after its name."""
    yield from _all(_BANK_ACCOUNT, content, "account")
    yield from _all(_HOUSING_ACCOUNT, content, "account", group="number")


_BANK_ACCOUNT = re.compile(r"(?<!\d)(?:\d{20}|\d{5} ?\d{3} ?\d ?\d{4} ?\d{7})(?!\d)")
_HOUSING_ACCOUNT = re.compile(
    r"(?<![а-яё])(?:л\s?/\s?сч?|л/счет|лиц(?:евой|евого|евому|\.)?\s?сч[её]т\w*|р/сч?|сч[её]т\w*\s?№)"
    r"[^\d\n]{0,12}(?P<number>\d[\d-]{4,22})",
    re.I,
)


def _phones(content: str) -> Iterator[_Span]:
    """Ten or eleven digits in any grouping; five to seven after a word that announces a phone."""
    for match in _LONG_NUMBER.finditer(content):
        # «Дома 10 12 14 16 18» are no phone: some group of a phone has three digits or more.
        grouped = any(len(group) > 2 for group in re.findall(r"\d+", match[0]))
        before = content[max(0, match.start() - 20) : match.start()]
        if grouped and not _NOT_PHONE.search(before):
            yield match.start(), match.end(), "phone"
    yield from _all(_LOCAL_PHONE, content, "phone", group="number")


_LONG_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[-.,:/])(?:\+\s?)?\d(?:[ \-–—()\u00a0]{0,3}\d){9,10}(?!\d|[.,:/-]\d)"
    r"|(?<!\d)\+?\d[. ]\d{3}[. ]\d{3}[. ]\d{2}[. ]\d{2}(?!\d)"
)
_NOT_PHONE = re.compile(
    r"(?<![а-яё])(?:инн|кпп|огрн|огрнип|бик|окпо|октмо|кадастр\w+)\W{0,12}$", re.I
)
_LOCAL_PHONE = re.compile(
    r"(?<![а-яё])(?:тел(?:ефон\w*)?|факс\w*|сот(?:овый)?|моб(?:ильн\w+)?|звон\w+)"
    r"[^\d\n]{0,20}?(?P<number>(?:\(\d{3,5}\)\s?)?(?:\d{1,3}(?:[ -]?\d{2}){2}|\d{6,7}))"
    r"(?!\d|[.:/]\d)",
    re.I,
)


def _plates(content: str) -> Iterator[_Span]:
    """«М 123 ОР 46», «м123ор»; spaced lower case only with a region: «в 100 см» is none."""
    yield from _all(_PLATE, content, "plate")


_UPPER, _LOWER = "[АВЕКМНОРСТУХABEKMHOPCTYX]", "[авекмнорстухabekmhopctyx]"
_REGION = r" ?/? ?\d{2,3}(?!\d)(?: ?(?:rus|рус|RUS|РУС))?"
_PLATE = re.compile(
    rf"(?<!\w)(?:{_UPPER} ?\d{{3}} ?{_UPPER}{{2}}|{_LOWER}\d{{3}}{_LOWER}{{2}}"
    rf"|{_LOWER} ?\d{{3}} ?{_LOWER}{{2}}(?={_REGION}))(?:{_REGION})?(?![а-яёА-ЯЁa-zA-Z])"
)


def _birthdays(content: str) -> Iterator[_Span]:
    """«01.02.1990 г. р.», «1990 года рождения»."""
    yield from _all(_BIRTHDAY, content, "birthday")


_BIRTHDAY = re.compile(
    r"(?<!\d)(?:\d{1,2}[./]\d{1,2}[./])?\d{4}\s?(?:г\.?\s?р(?![а-яё])\.?|г(?:ода|\.)?\s?рожд\w*)"
    r"|(?<=родилась )\d{1,2}[./]\d{1,2}[./]\d{4}|(?<=родился )\d{1,2}[./]\d{1,2}[./]\d{4}",
    re.I,
)

_CAPITALISED = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:(?:[оеё]в|[ьи])ич(?:а|у|ем|е)?|(?:[оеё]вн|ичн)(?:а|ы|е|у|ой|ою))"


def _initials(content: str) -> Iterator[_Span]:
    """«Иванова А. П.», «А. П. Иванова»."""
    yield from _all(_INITIALS_BEFORE, content, "person")
    for match in _INITIALS_BEHIND.finditer(content):
        surname = match["surname"]
        if _is_surname(surname) or not text.parses(surname.lower())[0].is_known:
            yield match.start(), match.end(), "person"


_INITIALS_BEFORE = re.compile(rf"(?<![а-яёА-ЯЁ])[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_CAPITALISED}")
_INITIALS_BEHIND = re.compile(
    rf"(?<![а-яёА-ЯЁ-])(?P<surname>{_CAPITALISED})\s[А-ЯЁ]\.\s?[А-ЯЁ](?:\.|(?![а-яёА-ЯЁ]))"
)


def _patronymics(content: str) -> Iterator[_Span]:
    """«Иванова Мария Петровна», «Мария Петровна», «Петровна»."""
    for match in _WITH_PATRONYMIC.finditer(content):
        if not _has(match["patronymic"], "Patr"):
            continue
        start, stop = match.start("patronymic"), match.end("patronymic")
        if match["first"]:
            start = match.start("first")
            # The word before is a surname, or begins the sentence: «Уважаемый Иван Петрович».
            if match["before"] and _is_surname(match["before"]):
                start = match.start("before")
        if match["after"] and _is_surname(match["after"]):
            stop = match.end("after")
        yield start, stop, "person"


_WITH_PATRONYMIC = re.compile(
    rf"(?<![а-яёА-ЯЁ-])(?:(?:(?P<before>{_CAPITALISED})[ \t]+)?(?P<first>{_CAPITALISED})[ \t]*)?"
    rf"(?<![а-яё])(?P<patronymic>{_PATRONYMIC})(?![а-яё])(?:[ \t]+(?P<after>{_CAPITALISED}))?"
)


def _lower_case_names(content: str) -> Iterator[_Span]:
    """«иванова мария петровна», «мария петровна»: a patronymic after a first name."""
    for match in _LOWER_CASE_NAME.finditer(content):
        if _has(match["first"], "Name") and _has(match["patronymic"], "Patr"):
            surname = match["before"] and _is_surname(match["before"])
            yield match.start("before" if surname else "first"), match.end(), "person"


_LOWER_CASE_NAME = re.compile(
    r"(?<![а-яё-])(?:(?P<before>[а-яё]{3,})[ \t]+)?(?P<first>[а-яё]{3,})[ \t]+"
    r"(?P<patronymic>[а-яё]+(?:[ьи]ич|[оеё]вич|[оеё]вн|ичн)(?:а|у|ем|е|ы|ой|ою)?)(?![а-яё])"
)


def _signatures(content: str) -> Iterator[_Span]:
    """«С уважением, Мария», «меня зовут Иван Петров»."""
    for match in _SIGNED.finditer(content):
        words = match["name"].split()
        if any(_has(word, "Name") or _has(word, "Surn") for word in words):
            yield match.start("name"), match.end("name"), "person"


_SIGNED = re.compile(
    r"(?i:с\s+уважением|меня\s+зовут|моё имя|мое имя|подпись|фио|ф\.\s?и\.\s?о\.?)[\s,:;!.–—-]*"
    rf"(?P<name>{_CAPITALISED}(?:[ \t]+{_CAPITALISED}){{0,2}})"
)


def _full_names(content: str) -> Iterator[_Span]:
    """«Мария Иванова», «Иванов Пётр»: a first name and a surname side by side."""
    for match in _TWO_CAPITALISED.finditer(content):
        left, right = match["left"], match["right"]
        if (_has(left, "Name") and _is_surname(right)) or (
            _is_surname(left) and _has(right, "Name")
        ):
            yield match.start("left"), match.end("right"), "person"


_TWO_CAPITALISED = re.compile(
    rf"(?<![а-яёА-ЯЁ-])(?P<left>{_CAPITALISED})(?=[ \t]+(?P<right>{_CAPITALISED}))"
)


@lru_cache(maxsize=65536)
def _has(word: str, grammeme: str) -> bool:
    return any(grammeme in parse.tag.grammemes for parse in text.parses(word.lower()))


@lru_cache(maxsize=65536)
def _is_surname(word: str) -> bool:
    return any(
        "Surn" in parse.tag.grammemes and (parse.is_known or parse.score >= 0.1)
        for parse in text.parses(word.lower())
    )


_RULES: list[Callable[[str], Iterator[_Span]]] = [
    _emails,
    _profiles,
    _documents,
    _cards,
    _accounts,
    _phones,
    _plates,
    _birthdays,
    _initials,
    _patronymics,
    _lower_case_names,
    _signatures,
    _full_names,
]


def _all(
    pattern: re.Pattern[str], content: str, kind: str, *, group: int | str = 0
) -> Iterator[_Span]:
    for match in pattern.finditer(content):
        yield match.start(group), match.end(group), kind


# --- small cells --------------------------------------------------------------------------------


def publishable(
    frame: pl.DataFrame, *, quasi: Collection[str], count: str | None = None, k: int = 5
) -> pl.DataFrame:
    """Suppress what could single somebody out.

    A cell is a combination of values of the quasi-identifiers. In a table of people or messages a
    row whose cell has fewer than ``k`` rows loses its quasi-identifiers: they become null, the rest
    of the row stays. In a table of counts a cell that counts from 1 to ``k - 1`` loses everything
    but its quasi-identifiers; and so that nobody can subtract it from a total, where it would be
    the only one suppressed along a quasi-identifier the next smallest cell goes with it. No row is
    dropped, and the column ``suppressed`` says which rows were touched.

    Free text is not looked at: see :func:`redact`.

    Parameters
    ----------
    frame
        One row per person or message, or one row per cell.
    quasi
        Columns that together may single somebody out, such as municipality, age, month.
    count
        The column of counts, if the frame is a table of counts.
    k
        The smallest cell that may be shown.

    Returns
    -------
    DataFrame
        The rows in their order, with a column ``suppressed``.

    Raises
    ------
    ParameterError
        If ``quasi`` is empty or ``k`` below 2.
    SchemaError
        If a column is missing, or one named ``suppressed`` is there already.

    References
    ----------
    Hundepool A. et al. (2012). Statistical Disclosure Control. Wiley. Chapters 3 and 4.
    """
    keys = list(dict.fromkeys(quasi))
    if not keys:
        raise ParameterError("no quasi-identifiers are named", where="privacy.publishable")
    if k < 2:
        raise ParameterError(
            "k is the smallest cell to show, 2 or more", where="privacy.publishable"
        )
    needed = [*keys, *([count] if count is not None else [])]
    if absent := set(needed) - set(frame.columns):
        raise SchemaError.missing(absent, frame.columns, where="privacy.publishable")
    if SUPPRESSED in frame.columns:
        raise SchemaError(f"column {SUPPRESSED} is there already", where="privacy.publishable")
    if count is None:
        return _local_suppression(frame, keys, k)
    return _cell_suppression(frame, keys, count, k)


def _local_suppression(frame: pl.DataFrame, keys: list[str], k: int) -> pl.DataFrame:
    size = pl.len().over(keys)
    sizes = frame.select(size.alias("size"))["size"]
    limit = k
    # The suppressed rows are a cell too: if they are fewer than k, the next smallest cells join.
    while 0 < (sizes < limit).sum() < k and (sizes >= limit).any():
        limit = int(sizes.filter(sizes >= limit).min()) + 1  # type: ignore[arg-type]
    suppressed = sizes < limit
    return frame.with_columns(
        *(pl.when(~suppressed).then(pl.col(key)).alias(key) for key in keys),
        suppressed.alias(SUPPRESSED),
    )


def _cell_suppression(frame: pl.DataFrame, keys: list[str], count: str, k: int) -> pl.DataFrame:
    size = pl.col(count).fill_null(0)
    place = "cur_lab place"
    table = frame.with_columns(
        size.is_between(1, k - 1).alias(SUPPRESSED),
        # From the smallest cell up; equal counts are told apart by their quasi-identifiers.
        pl.struct(size, *keys).rank("ordinal").alias(place),
    )
    while True:
        before = table[SUPPRESSED].sum()
        for key in keys:
            along = [other for other in keys if other != key]
            shown = pl.when(~pl.col(SUPPRESSED) & (size > 0)).then(place)
            lonely, smallest = pl.col(SUPPRESSED).sum() == 1, shown.min()
            if along:
                lonely, smallest = lonely.over(along), smallest.over(along)
            joins = lonely & (shown == smallest).fill_null(False)
            table = table.with_columns((pl.col(SUPPRESSED) | joins).alias(SUPPRESSED))
        if table[SUPPRESSED].sum() == before:
            break
    values = [name for name in frame.columns if name not in keys]
    return table.drop(place).with_columns(
        pl.when(~pl.col(SUPPRESSED)).then(pl.col(name)).alias(name) for name in values
    )
