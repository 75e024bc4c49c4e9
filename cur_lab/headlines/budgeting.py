"""What a vote says: published numbers, its course, its forecast, what posts did."""

from __future__ import annotations

import math

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import ComplaintsToProjects, PostEffects
from cur_lab.headlines.sentence import headline
from cur_lab.inference import wilson
from cur_lab.wording import decimal, grouped, percent, plural

# How the title of numbers that others published begins.
PUBLISHED = "Больше всего голосов подано в кампанию"
# Level of the intervals of forecasts.
_LEVEL = 0.9
_DOUBTS = {
    "before": "Проверка «до поста» не пройдена: голоса отклоняются от обычных уже до него, и "
    "эффект нельзя приписать посту",
    "placebos": "Проверка придуманными датами не пройдена: эффект за 72 часа от случайного не "
    "отличить",
}
_APART = {
    "earlier": "Проверка «то же до решения» не пройдена: жалобы расходились ещё до него",
    "unfunded": "Проверка «предложен, но не победил» не пройдена: там ничего не строят, а жалобы "
    "разошлись; отношения нельзя приписать проектам",
    "unbuilt": "Построить за такой срок ничего не успевают, а отношение уже не единица: жалобы "
    "разошлись сами, и отношения нельзя приписать проектам",
}


@headline
def history(table: pl.DataFrame) -> str:
    """Name the campaign with most published votes."""
    told = table.filter(pl.col(c.METRIC) == "votes").drop_nulls(c.VALUE)
    if told.is_empty():
        return "Опубликованных чисел голосов нет"
    most = told.filter(pl.col(c.VALUE) == pl.col(c.VALUE).max()).sort(c.PERIOD)
    if most.height > 1:
        return f"Поровну голосов подано в кампании {', '.join(most[c.PERIOD])}: больше их не было"
    return f"{PUBLISHED} {most[c.PERIOD][0]}"


@headline
def curves(table: pl.DataFrame) -> str:
    """Say which share of the votes was cast by half of the time."""
    half, whole = (
        int(table.filter(pl.col(c.ELAPSED) == share)[c.VOTES_COUNT].sum()) for share in (0.5, 1.0)
    )
    if not whole:
        return "Ход голосования по этим данным не определяется"
    return f"К середине срока отдано {percent(half / whole)} голосов"


@headline
def forecasts(projects: pl.DataFrame) -> str:
    """Say how many outcomes the intervals of the forecast hold."""
    judged = projects.drop_nulls([c.FORECAST_LOW, c.FORECAST_HIGH, c.FINAL])
    if judged.is_empty():
        return "Прогнозов с интервалом и итогом нет"
    inside = judged.filter(pl.col(c.FINAL).is_between(c.FORECAST_LOW, c.FORECAST_HIGH)).height
    of = f"{grouped(judged.height)} {plural(judged.height, 'проекта', 'проектов', 'проектов')}"
    return f"Итог попал в 90 %-й интервал у {grouped(inside)} из {of}"


@headline
def coverage(shares: pl.DataFrame) -> str:
    """Say where the intervals held more, or fewer, of the outcomes than they promise."""
    known = shares.drop_nulls(c.COVERED).sort(c.COVERED)
    found = known[c.COVERED]
    level = percent(_LEVEL)
    if found.is_empty():
        return f"Интервал рассчитан на {level}; сколько итогов в него попало, не определяется"
    ends = list(dict.fromkeys(percent(end) for end in (found[0], found[-1])))
    told = "–".join([*(end.removesuffix("\u00a0%") for end in ends[:-1]), ends[-1]])
    said = f"Интервал рассчитан на {level}, а итог попал в него у {told} проектов"
    # So many of few projects come of chance.
    held = (found * known[c.PROJECTS_COUNT]).round().to_numpy()
    low, high = wilson(held, known[c.PROJECTS_COUNT].to_numpy())
    if min(low) > _LEVEL:
        return f"{said}: в этой кампании он шире, чем нужно"
    return f"{said}: в этой кампании он уже, чем нужно" if max(high) < _LEVEL else said


@headline
def posts(path: pl.DataFrame) -> str:
    """Say how much more often a project is voted for right after a post about it."""
    soon = path.filter(pl.col(c.HOUR).is_between(0, 5)).drop_nulls(c.RATIO)
    first, least, most = (soon[n].median() for n in (c.RATIO, c.RATIO_LOW, c.RATIO_HIGH))
    if not isinstance(first, float):
        return "Эффект постов не определяется"
    times = decimal(first, digits=1)
    if first >= 1.05 and isinstance(least, float) and least > 1:
        return f"В первые шесть часов после поста за проект голосуют в {times} раза чаще"
    if isinstance(most, float) and most < 1:
        return f"В первые шесть часов после поста за проект голосуют реже: {times} от обычного"
    return "Что после поста за проект голосуют чаще, по этим данным не видно"


@headline
def design(result: PostEffects) -> str:
    """Say what drawn dates show, and which checks of the design failed."""
    if result.effects.is_empty() or math.isnan(result.placebo_p):
        return "Эффект постов не определяется"
    drawn = f"Придуманных дат с эффектом не слабее: {percent(result.placebo_p)}"
    return ". ".join([drawn, *(_DOUBTS[check] for check in result.doubted)])


@headline
def needs(result: ComplaintsToProjects, *, top: int) -> str:
    """Say by what projects were given a group, how often words give a wrong one, their own groups.

    What they were filed under may contradict the rubrics they are counted by.
    """
    told = result.projects[c.TOLD_BY]
    by_category, by_words, uncertain = (
        int((told == kind).sum()) for kind in (c.BY_CATEGORY, c.BY_WORDS, c.UNCERTAIN)
    )
    parts = [f"Проектов, чью группу называет их категория, — {grouped(by_category)}"]
    if by_words:
        wrong = percent(result.error)
        parts.append(f"по словам она дана {grouped(by_words)} (ошибка {wrong}, она в границах)")
    if uncertain:
        parts.append(f"не определена у {grouped(uncertain)}")
    return "; ".join(parts) + _own_categories(result.projects, top)


def _own_categories(projects: pl.DataFrame, top: int) -> str:
    each = projects[c.CATEGORY].drop_nulls().str.split(",").explode().str.strip_chars()
    each = each.filter(each != "")
    if each.is_empty():
        return ""
    counts = each.value_counts().sort("count", c.CATEGORY, descending=[True, False]).head(top)
    listed = ", ".join(f"«{name}» — {grouped(number)}" for name, number in counts.rows())
    more = " и другие" if each.n_unique() > counts.height else ""
    return f". Собственные категории проектов: {listed}{more}"


@headline
def apart(result: ComplaintsToProjects) -> str:
    """Say which checks of the comparison failed."""
    if not result.afterwards.select(c.RATIO, c.EARLIER_RATIO).count().sum_horizontal().sum():
        return "Сравнение не посчитано, и проверять в нём нечего"
    failed = [_APART[check] for check in result.doubted]
    return ". ".join(failed) or "Ни одна проверка сравнения не провалена"
