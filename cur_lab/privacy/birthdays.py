"""Dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy.spans import Rule, Span, matches


def _birthdays(content: str) -> Iterator[Span]:
    """«01.02.1990 г. р.», «1990 года рождения», «родилась 5 мая 1990»."""
    yield from matches(_BEFORE_WORD, content, "birthday")
    yield from matches(_AFTER_WORD, content, "birthday", group="date")
    yield from matches(_BESIDE_NAME, content, "birthday", group="date")
    yield from matches(_YEAR, content, "birthday", group="year")


_MONTH = r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6}\.?"
_DAY = rf"\d{{1,2}} ?(?:[./-] ?(?:\d{{1,2}}|[IVX]{{1,4}}) ?[./-] ?| ?{_MONTH} |(?<= )\d{{1,2}} )"
_BEFORE_WORD = re.compile(
    rf"(?<!\d)(?:{_DAY})?\d{{2,4}} ?(?:г[./]? ?р(?![а-яё])\.?"
    r"|(?:года?|г\.?)? ?рожд\w*)",
    re.I,
)
_AFTER_WORD = re.compile(
    r"(?<![а-яё])(?:родил(?:ся|ась)|род\.|рожд\w*\.?|д ?[./] ?р\.?|др)(?:[^\d\n]{0,12}?)"
    rf"(?P<date>{_DAY}(?:\d{{4}}|\d{{2}})(?!\d)(?: ?г(?:ода?)?(?![а-яё])\.?)?)",
    re.I,
)
# A date right behind a full name: «Петрова Анна Ивановна 01.02.1990».
_BESIDE_NAME = re.compile(
    r"[а-яё](?:вич|вн|чн)(?:[аыуеё]|ой|ем|ом)?[ ,;:(-]{1,3}"
    r"(?P<date>\d{1,2}[./-]\d{1,2}[./-](?:19\d\d|20[01]\d))(?!\d)",
    re.I,
)
_YEAR = re.compile(
    r"(?<![а-яё])(?:год[ау]? рождения|родил(?:ся|ась) в)[ :–-]{1,3}(?P<year>(?:19|20)\d\d)(?!\d)",
    re.I,
)

RULES = [
    Rule(
        _birthdays,
        r"(?i)\d ?(?:г(?:ода?|\.)? ?)?(?:г[./]? ?р|рожд)|(?:рожд|род[.и]|д ?[./] ?р|др)[^\d\n]*\d"
        r"|(?:вич|вн|чн)[а-яё]{0,2}[ ,;:(-]{1,3}\d",
    )
]
