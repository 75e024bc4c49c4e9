"""Names of municipalities as people write them → names of the list.

A name is joined to the list only where one municipality fits: as it stands, by its own words
without «городской округ», «м.р-н» and their kin, or by one of its other names. Words of smaller
places («посёлок», «сельсовет») are part of a name: the settlement of a name is not the district
of that name. What fits nobody stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl
from rapidfuzz import fuzz, process

from cur_lab import columns as c

# What a municipality of the upper level is called, in full and in short; reforms turn one into
# another and leave the name.
_TYPES = re.compile(
    r"\b(?:г\.\s?о\.|м\.\s?[ор]\.|м\.\s?р-н|гор\.|г\.|(?:"
    r"муниципальн(?:ый|ого|ое)\s+(?:района?|округа?|образовани[ея])"
    r"|городско(?:й|го)\s+округа?|административн(?:ый|ого)\s+(?:района?|округа?)"
    r"|го|мо|мр|м\s+р-н|города?|зато|района?|р-н|округа?"
    r")(?=[\s,()]|$))"
)
_REGIONS = re.compile(r"\b[\w-]+(?:ая|ой|ий|ого)\s+(?:обл\.|область|области|край|края)(?=[\s,]|$)")
_OTHERS = re.compile(r"[|;,\n]")
_LEAST_LIKENESS = 60


def folded(name: str) -> tuple[str, ...]:
    """Reduce a name to its own words, sorted: the order of words tells no two places apart.

    Examples
    --------
    >>> folded("г.о. «Камнегорск»") == folded("Камнегорск городской округ")
    True
    >>> folded("посёлок Камнегорск") == folded("городской округ Камнегорск")
    False
    """
    plain = re.sub(r"[«»\"'“”„’`]", " ", name.casefold().replace("ё", "е"))
    plain = re.sub(r"\s+", " ", plain).strip()
    # A name that is made of such words keeps them.
    without = _TYPES.sub(" ", _REGIONS.sub(" ", plain))
    words = re.findall(r"[\w-]+", without) or re.findall(r"[\w-]+", plain)
    return tuple(sorted(word.strip("-") for word in words if word.strip("-")))


def fit(names: Iterable[str], municipalities: pl.DataFrame) -> pl.DataFrame:
    """Find the municipality of the list that each name stands for.

    Parameters
    ----------
    names
        As found, each once.
    municipalities
        ``municipality``, and ``other_names`` where the list has them.

    Returns
    -------
    DataFrame
        ``name, municipality, fitted, nearest``, sorted by name.
    """
    listed = municipalities[c.MUNICIPALITY].to_list()
    exact = set(listed)
    by_words = _index((folded(name), name) for name in listed)
    others = (
        municipalities.select(c.MUNICIPALITY, c.OTHER_NAMES).drop_nulls().rows()
        if c.OTHER_NAMES in municipalities.columns
        else []
    )
    by_other = _index(
        (folded(other), name) for name, several in others for other in _OTHERS.split(several)
    )
    rows = []
    for name in sorted(set(names)):
        same = name in exact
        found, how = (name, "same") if same else _of(folded(name), by_words, by_other)
        rows.append((name, found, how, None if found else _nearest(name, listed)))
    schema = {c.NAME: pl.String, c.MUNICIPALITY: pl.String, c.FITTED: pl.String}
    return pl.DataFrame(rows, schema={**schema, c.NEAREST: pl.String}, orient="row")


def _index(pairs: Iterable[tuple[tuple[str, ...], str]]) -> dict[tuple[str, ...], set[str]]:
    index: dict[tuple[str, ...], set[str]] = {}
    for words, name in pairs:
        if words:
            index.setdefault(words, set()).add(name)
    return index


def _of(
    words: tuple[str, ...],
    by_words: Mapping[tuple[str, ...], set[str]],
    by_other: Mapping[tuple[str, ...], set[str]],
) -> tuple[str | None, str]:
    for index, how in ((by_words, "spelling"), (by_other, "other_name")):
        candidates = index.get(words, set())
        if len(candidates) == 1:
            return next(iter(candidates)), how
        if candidates:
            return None, "several"
    return None, "none"


def _nearest(name: str, listed: list[str]) -> str | None:
    own = {other: " ".join(folded(other)) for other in sorted(listed)}
    best = process.extractOne(
        " ".join(folded(name)), own, scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS
    )
    return None if best is None else str(best[2])
