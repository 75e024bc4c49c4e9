"""What a vote says: published numbers, its course, its forecast, what posts did."""

from __future__ import annotations

import math
from functools import partial

import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting import ComplaintsToProjects, PostEffects
from cur_lab.budgeting.effects.complaints import UNFUNDED
from cur_lab.budgeting.effects.post_panel import EVERY_KIND
from cur_lab.budgeting.effects.posts import OWN
from cur_lab.headlines.sentence import headline
from cur_lab.inference import wilson
from cur_lab.wording import decimal, grouped, interval, percent, plural, probability

# How the title of numbers that others published begins.
PUBLISHED = "Больше всего голосов подано в кампанию"
# Level of the intervals of forecasts.
_LEVEL = 0.9
# Hours of a post that its title is about.
_SOON = "0-5"
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
def posts(effects: pl.DataFrame) -> str:
    """Say how much more often a project is voted for right after a post about it."""
    soon = effects.filter(
        pl.col(c.TARGET) == OWN, pl.col(c.KIND) == EVERY_KIND, pl.col(c.PHASE) == _SOON
    ).drop_nulls(c.RATIO)
    if soon.is_empty():
        return "Что даёт пост в первые шесть часов, не определяется"
    row = soon.row(0, named=True)
    least, most = row[c.RATIO_LOW], row[c.RATIO_HIGH]
    times = interval(row[c.RATIO], least, most, write=partial(decimal, digits=2))
    value, _, rest = times.partition(" (")
    if least is not None and least > 1:
        return f"В первые шесть часов после поста за проект голосуют в {value} раза чаще ({rest}"
    if most is not None and most < 1:
        return f"В первые шесть часов после поста за проект голосуют реже: {times} от обычного"
    return "Что в первые шесть часов после поста голосуют чаще, по этим данным не видно"


@headline
def design(result: PostEffects) -> str:
    """Say what drawn dates show, and which checks of the design failed."""
    if result.effects.is_empty() or math.isnan(result.placebo_p):
        return "Эффект постов не определяется"
    dates = result.placebos.height
    # One more on either side: the true date is one of those it is compared with.
    strong = round(result.placebo_p * (dates + 1)) - 1
    noun = plural(dates, "придуманной даты", "придуманных дат", "придуманных дат")
    rare = probability(result.placebo_p)
    told = rare if rare.startswith("<") else f"= {rare}"
    drawn = f"Эффект не слабее — у {grouped(strong)} из {grouped(dates)} {noun} (p {told})"
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
        unclear = _categories(result.projects.filter(told == c.UNCERTAIN), top)
        filed = f" (их категории: {unclear})" if unclear else ""
        parts.append(f"не определена у {grouped(uncertain)}{filed}")
    own = _categories(result.projects, top)
    return "; ".join(parts) + (f". Собственные категории проектов: {own}" if own else "")


def _categories(projects: pl.DataFrame, top: int) -> str:
    each = projects[c.CATEGORY].drop_nulls().str.split(",").explode().str.strip_chars()
    each = each.filter(each != "")
    counts = each.value_counts().sort("count", c.CATEGORY, descending=[True, False]).head(top)
    listed = ", ".join(f"«{name}» — {grouped(number)}" for name, number in counts.rows())
    return f"{listed} и другие" if each.n_unique() > counts.height else listed


@headline
def apart(result: ComplaintsToProjects) -> str:
    """Say which checks of the comparison failed, and which could not be made."""
    after = result.afterwards
    if not after.select(c.RATIO, c.EARLIER_RATIO).count().sum_horizontal().sum():
        return "Сравнение не посчитано, и проверять в нём нечего"
    failed = [_APART[check] for check in result.doubted]
    said = failed or ["Из сделанных проверок сравнения не провалена ни одна"]
    unfunded = after.filter(pl.col(c.COMPARED) == UNFUNDED)
    made = {
        "«то же до решения»": after[c.EARLIER_RATIO_LOW].count(),
        # Where it is not known who won, there is no such row.
        "«предложен, но не победил»": unfunded.is_empty() or unfunded[c.RATIO_LOW].count(),
    }
    missing = [name for name, known in made.items() if not known]
    return ". ".join([*said, f"Не посчитано: {', '.join(missing)}"] if missing else said)
