"""How common codes are, by what people coded."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines import telling
from cur_lab.headlines.sentence import headline


@headline
def shares(table: pl.DataFrame) -> str:
    """Say which value of a question is commonest, where it is apart, and how wrong the model is.

    `table` holds the rows of one question and one group.
    """
    known = table.drop_nulls(c.SHARE)
    if known.is_empty():
        return "Доли кодов не определяются: закодировано меньше пяти текстов"
    rivals = telling.leaders(known, c.SHARE, c.VALUE)
    first = rivals.row(0, named=True)
    share = telling.share(first, c.SHARE)
    if rivals.height > 1:
        named = ", ".join(f"«{value}»" for value in rivals[c.VALUE].head(3))
        more = " и другие" if rivals.height > 3 else ""
        return f"Среди самых частых кодов: {named}{more}"
    said = f"Чаще всего — «{first[c.VALUE]}»: {share}"
    inside = first[c.SHARE_LOW] <= first[c.MODEL_SHARE] <= first[c.SHARE_HIGH]
    if inside:
        return said
    return f"{said}; модель без поправки даёт {wording.percent(first[c.MODEL_SHARE])}"


@headline
def differences(table: pl.DataFrame, *, fdr: float) -> str:
    """Say in how many groups a code is more or less common than elsewhere."""
    known = table.drop_nulls(c.Q_VALUE)
    if known.is_empty():
        return "Отличаются ли группы, не определяется: закодировано слишком мало"
    found = known.filter(pl.col(c.Q_VALUE) < fdr).height
    of = f"{known.height} {wording.plural(known.height, 'сравнения', 'сравнений', 'сравнений')}"
    if not found:
        return f"Ни в одном из {of} доли не различаются"
    word = wording.plural(found, "сравнении", "сравнениях", "сравнениях")
    return f"Доли различаются в {found} {word} из {known.height}"
