"""What decisions say: what changed, the rank among placebos, money beside complaints."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines import telling
from cur_lab.headlines.sentence import headline
from cur_lab.trends.decisions import Impact, Rollout


@headline
def impact(result: Impact) -> str:
    """Say the verdict on a decision and the change it rests on."""
    return _finding(result.verdict, result.estimates)


@headline
def rollout(result: Rollout) -> str:
    """Say the verdict on a decision taken district by district, and the change it rests on."""
    return _finding(result.verdict, result.overall)


@headline
def together(result: Rollout) -> str:
    """Say the verdict on all districts together, over the table that holds its numbers."""
    return f"Все районы вместе: {_worded(result.verdict, result.overall)}"


@headline
def rank(result: Impact) -> str:
    """Say the rank of a decision among placebos, with p and the smallest p there could be."""
    place, number = result.rank()
    if not number:
        return "Ложных решений для сравнения нет"
    p, smallest = wording.probability(place / number), wording.probability(1 / number)
    return (
        f"{place}-е место из {number} среди ложных дат и районов: p = {p}, "
        f"меньше {smallest} здесь быть не может"
    )


@headline
def overview(frame: pl.DataFrame) -> str:
    """Say after how many decisions the change is told from noise, and whether chance does that."""
    known = frame.drop_nulls(c.CHANGE)
    if known.is_empty():
        return "Изменение не определяется ни после одного решения"
    sure = known.filter((pl.col(c.CHANGE_HIGH) < 0) | (pl.col(c.CHANGE_LOW) > 0))
    found, of = sure.height, known.height
    if not found:
        where = wording.plural(of, "решения, где", "решений, где", "решений, где")
        return (
            f"Изменение не отличить от обычных колебаний ни после одного из {of} {where} его "
            "можно посчитать"
        )
    word = wording.plural(found, "решения", "решений", "решений")
    said = (
        f"Изменение отличимо от обычных колебаний после {found} {word} из {of}, где его можно "
        "посчитать"
    )
    if telling.by_chance(found, of):
        return f"{said}: при таком их числе это бывает и случайно"
    return said


@headline
def money(shares: pl.DataFrame) -> str:
    """Say the share of complaints and of stated money of the rubric that has most of the money."""
    known = shares.drop_nulls([c.RUBRIC, c.SHARE, c.MONEY_SHARE])
    if known.is_empty():
        return "Доля жалоб по рубрикам: денег ни у одного решения не названо"
    best = known.sort(pl.col(c.MONEY_SHARE) * -1, c.RUBRIC).row(0, named=True)
    complaints, stated = (telling.share(best, name) for name in (c.SHARE, c.MONEY_SHARE))
    return f"«{best[c.RUBRIC]}»: {complaints} жалоб и {stated} названных денег"


def _finding(verdict: str, estimates: pl.DataFrame) -> str:
    """Say a verdict and the change it rests on in one sentence."""
    words = _worded(verdict, estimates)
    words = words[:1].upper() + words[1:]
    chosen = estimates.filter(c.CHOSEN).drop_nulls(c.CHANGE)
    if chosen.is_empty():
        return words
    change = chosen.select(c.CHANGE, c.CHANGE_LOW, c.CHANGE_HIGH).row(0)
    return f"{words}: {wording.interval(*change, write=wording.change)}"


def _worded(verdict: str, estimates: pl.DataFrame) -> str:
    """Say a verdict in words; one about a change only where there is a number to it."""
    measured = verdict in ("fewer_than_expected", "more_than_expected", "usual_swing")
    if measured and estimates.filter(c.CHOSEN).drop_nulls(c.CHANGE).is_empty():
        return c.UNKNOWN
    return c.CODES[c.VERDICT][verdict]
