"""Words that name no matter: kinds of places, names of municipalities, those written to."""

from __future__ import annotations

import re

import polars as pl

from cur_lab import text
from cur_lab.topics import phrases

# Words for kinds of places; a phrase with one of them says where, not what.
KINDS = frozenset(
    {"улица", "переулок", "проспект", "бульвар", "микрорайон", "район", "округ", "город"}
    | {"поселок", "посёлок", "село", "деревня", "область", "республика", "житель", "адрес"}
)
# Said of any trouble: alone they name none.
ANYWHERE = frozenset({"дом", "двор", "квартира", "место", "сторона", "территория", "участок"})
# Said of whom one writes to and of the writing itself: a phrase about them names no matter.
WRITING = frozenset(
    {"администрация", "глава", "губернатор", "мэр", "мэрия", "власть", "чиновник", "депутат"}
    | {"правительство", "комитет", "ведомство", "прокуратура", "президент", "руководство"}
    | {"начальник", "ответственность", "проблема", "вопрос", "обращение", "заявка", "жалоба"}
    | {"просьба", "ответ", "решение", "мера", "письмо", "срок", "состояние", "повод", "дело"}
)
# What stands beside a name and is none: «городской автобус» remains a label.
_OF_KINDS = re.compile(r"городск|муниципальн|сельск|административн|образовани|территори|федеральн")
_SHORTEST = 3


def of(municipalities: pl.Series) -> frozenset[str]:
    """Give the lemmas that the words of municipalities' names may get in a text.

    A name is often in no dictionary and each of its forms may be taken for another word, so the
    lemmas are those of all its forms. In a name of several words a common noun is left out:
    «Минеральные Воды» are barred by their adjective, and «горячая вода» is not barred.
    """
    barred: set[str] = set()
    for name in municipalities.cast(pl.String).drop_nulls().unique().sort():
        words = [w for w in re.findall(r"[\w-]+", name.lower()) if len(w) >= _SHORTEST]
        words = [w for w in words if not _OF_KINDS.match(w) and not _lemmas(w) & KINDS]
        own = [w for w in words if not phrases.is_noun(w)] if len(words) > 1 else words
        barred.update(*(phrases.forms_of(word) for word in own or words))
    terms = text.terms(pl.Series(sorted(barred), dtype=pl.String))
    lemmas = terms.explode(empty_as_null=False).drop_nulls().to_list()
    return frozenset(barred.union(lemmas)) - KINDS


def _lemmas(word: str) -> set[str]:
    return {reading.lemma for reading in phrases.readings(word)}
