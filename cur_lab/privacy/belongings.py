"""What belongs to somebody and has a number: cars, plots of land."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cur_lab.privacy.spans import Rule, Span, matches


def _plates(content: str) -> Iterator[Span]:
    """«М 123 ОР 46», «м123ор»; spaced lower case only with a region: «в 100 см» is none."""
    yield from matches(_PLATE, content, "plate")
    yield from matches(_TAXI, content, "plate")
    for match in _SPECIAL.finditer(content):
        around = content[max(0, match.start() - 25) : match.end() + 10]
        if _VEHICLE.search(around):
            yield match.start(), match.end(), "plate"
    yield from matches(_NAMED_PLATE, content, "plate", group="number")


_UPPER, _LOWER = "[АВЕКМНОРСТУХABEKMHOPCTYX]", "[авекмнорстухabekmhopctyx]"
_REGION = r"[ .-]?[/|(]? ?\d{2,3}(?!\d)[|)]?(?: ?(?:rus|рус|RUS|РУС|регион))?"
_PLATE = re.compile(
    rf"(?<!\w)(?:{_UPPER}[ .-]?\d{{3}}[ .-]?{_UPPER} ?{_UPPER}|{_LOWER}\d{{3}}{_LOWER}{{2}}"
    rf"|{_LOWER} ?\d{{3}} ?{_LOWER}{{2}}(?={_REGION}))(?:{_REGION})?(?![а-яёА-ЯЁa-zA-Z])"
)
_TAXI = re.compile(
    rf"(?<!\w){_UPPER}{{2}} ?\d{{3}} ?(?:46|\d{{2,3}})(?= ?(?:такси|rus|рус|RUS|РУС))"
)
# Of trailers, motorcycles and cabs (ГОСТ Р 50577), with the region, where a word says vehicle.
_SPECIAL = re.compile(
    rf"(?<!\w)(?:{_UPPER}{{2}} ?\d{{3,4}}|\d{{4}} ?{_UPPER}{{2}}) ?\d{{2,3}}(?!\w)"
)
_VEHICLE = re.compile(
    r"прицеп|мото|мопед|скутер|трактор|такси|автобус|маршрутк|машин|авто|г/н|гос|номер", re.I
)
_NAMED_PLATE = re.compile(
    r"(?<![а-яё])(?:г/н|г\.?р\.?з\.?|гос\.? ?номер[а-яё]*|номер[а-яё]* машины"
    r"|автомобил[а-яё]+|машин[а-яё]+|авто)"
    rf"[^\d\n]{{0,20}}?(?P<number>(?<![а-яёa-z]){_LOWER} ?\d{{3}} ?{_LOWER}{{2}}"
    rf"(?:{_REGION})?)(?![а-яёa-z])",
    re.I,
)


def _identification_numbers(content: str) -> Iterator[Span]:
    """Seventeen characters of a car's VIN: letters without I, O, Q, the last four digits."""
    for match in _VIN.finditer(content):
        letters = sum(map(str.isalpha, match["number"]))
        if letters >= 2 or _VIN_WORD.search(content, max(0, match.start() - 30), match.start()):
            yield match.start("number"), match.end("number"), "plate"


_VIN = re.compile(
    r"(?:(?<![^\W_])|(?<=VIN)|(?<=vin))(?P<number>(?=\w{0,16}\d)[A-HJ-NPR-Z\d]{13}\d{4}"
    r"|[a-hj-npr-z\d]{13}\d{4})(?!\w)"
)
_VIN_WORD = re.compile(r"(?:vin|вин|кузов|шасси)\W{0,12}$", re.I)


def _plots(content: str) -> Iterator[Span]:
    """«46:29:102017:15»; with other marks where the word stands near."""
    yield from matches(_CADASTRAL, content, "cadastral")
    for match in _HYPHENED.finditer(content):
        around = content[max(0, match.start() - 40) : match.end() + 20]
        if _CADASTRAL_WORD.search(around):
            yield match.start(), match.end(), "cadastral"


_CADASTRAL = re.compile(r"(?<![\d:])\d{2} ?: ?\d{2} ?: ?\d{6,7} ?: ?\d{1,6}(?:/\d{1,3})?(?![\d:])")
_HYPHENED = re.compile(r"(?<![\d-])\d{2}[-. /_]\d{2}[-. /_]\d{6,7}[-. /_]\d{1,6}(?![\d-])")
_CADASTRAL_WORD = re.compile(r"кадастр|кад\.|к/н", re.I)

RULES = [
    Rule(
        _plates,
        rf"(?i){_UPPER}[ .-]?\d{{3}}[ .-]?{_UPPER} ?{_UPPER}|{_UPPER}{{2}} ?\d{{3,4}} ?\d{{2}}"
        rf"|\d{{4}} ?{_UPPER}{{2}} ?\d{{2}}",
    ),
    Rule(_identification_numbers, r"(?i)[a-hj-npr-z\d]{13}\d{4}"),
    Rule(_plots, r"\d{2} ?[:. /_-] ?\d{2} ?[:. /_-] ?\d{6,7} ?[:. /_-] ?\d"),
]
