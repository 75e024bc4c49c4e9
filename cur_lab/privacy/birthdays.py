"""Dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy.spans import Rule, Span, matches


def _birthdays(content: str) -> Iterator[Span]:
    """«01.02.1990 г. р.», «1990 года рождения», «родилась 5 мая 1990»."""
    yield from matches(_BEFORE_WORD, content, "birthday")
    yield from matches(_AFTER_WORD, content, "birthday", group="date")
    yield from matches(_YEAR, content, "birthday", group="year")


_MONTH = r"(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6}\.?"
_DAY = rf"\d{{1,2}} ?(?:[./-] ?(?:\d{{1,2}}|[IVX]{{1,4}}) ?[./-] ?| {_MONTH} )"
_BEFORE_WORD = re.compile(
    rf"(?<!\d)(?:{_DAY})?\d{{2,4}} ?(?:г\.? ?р(?![а-яё])\.?|(?:года?|г\.?)? ?рожд\w*)",
    re.I,
)
_AFTER_WORD = re.compile(
    r"(?<![а-яё])(?:родил(?:ся|ась)|род\.|рожд\w*\.?|д ?[./] ?р\.?|др)(?:[^\d\n]{0,12}?)"
    rf"(?P<date>{_DAY}(?:\d{{4}}|\d{{2}})(?!\d)(?: ?г(?:ода?)?(?![а-яё])\.?)?)",
    re.I,
)

_YEAR = re.compile(
    r"(?<![а-яё])(?:год[ау]? рождения|родил(?:ся|ась) в)[ :–-]{1,3}(?P<year>(?:19|20)\d\d)(?!\d)",
    re.I,
)

RULES = [Rule(_birthdays, r"(?i)г\.? ?р|рожд|род[.и]|д ?[./] ?р|др")]
