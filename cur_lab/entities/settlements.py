"""The settlement an address is in."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from cur_lab import text
from cur_lab.entities.address import Address
from cur_lab.text.readings import has

_SETTLEMENT_KIND = (
    r"(?:г|гор|город(?:а|у|е|ом)?|с|сел[оаеу]|д|дер|деревн[яиею]|п|пос|пос[её]л(?:ок|ка|ке|ку)"
    r"|пгт|рп|р\.\s?п|х|хутор(?:а|е|у)?|ст|станиц[аыеу]|ст-ц[аыеу]|сл|слобод[аыеу])"
)
_SETTLEMENT_NAME = r"[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁ][а-яё]+|-на-[А-ЯЁ][а-яё]+)?"
VILLAGE = re.compile(
    rf"(?<![а-яёА-ЯЁ])(?P<kind>(?i:{_SETTLEMENT_KIND}))\.?\s?(?P<settlement>{_SETTLEMENT_NAME})"
)
_SETTLEMENT_BEFORE = re.compile(rf"{VILLAGE.pattern}\s?[,.]?\s?$")
_TOWN_BEFORE = re.compile(
    rf"(?<![а-яёА-ЯЁ])(?P<kind>(?!))?(?P<settlement>{_SETTLEMENT_NAME})\s?,\s?$"
)


def settled(content: str, address: Address) -> Address:
    """Add the settlement named right before an address."""
    if address.settlement is not None:
        return address
    start = max(0, address.start - 60)
    before = content[start : address.start]
    match = _SETTLEMENT_BEFORE.search(before) or _TOWN_BEFORE.search(before)
    if match is None or (match["kind"] is None and not _is_place(match["settlement"])):
        return address
    settlement = settlement_name(match["settlement"])
    return replace(address, start=start + match.start(), settlement=settlement)


def _is_place(name: str) -> bool:
    return all(has(word.lower(), "Geox") for word in re.split("[- ]", name))


@lru_cache(maxsize=16384)
def settlement_name(written: str) -> str:
    """Put a known settlement into the nominative: «Курске» → «Курск»."""
    words = []
    for word in re.split(r"([- ])", written):
        names = [parse for parse in text.parses(word.lower()) if "Geox" in parse.tag]
        words.append(names[0].normal_form.capitalize() if names else word)
    return "".join(words)
