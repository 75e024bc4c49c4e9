"""Tables of votes: who gets the money, how the vote ran, what calls for a look."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.budgeting import (
    Backtest,
    ComplaintsToProjects,
    Counterfactuals,
    Equity,
    Forecast,
    Integrity,
    PostEffects,
)
from cur_lab.budgeting.integrity.surges import EXCESS
from cur_lab.columns import Absent
from cur_lab.headlines import budgeting as headlines
from cur_lab.headlines import integrity as verified
from cur_lab.tables import of
from cur_lab.tables.layout import Part, show_part

_TOP = 8
# What is random about the intervals of a table, or why it has none.
_COUNTED = "Голоса и деньги подсчитаны полностью: интервала нет. "
_DRAWN = "Интервал: какими могли бы быть муниципалитеты области (повторный отбор). "
_TOLD = 0.01


@of.register
def _(result: Equity, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    by_size = [c.POPULATION, c.MUNICIPALITY]
    places = result.municipalities.sort(by_size, descending=[True, False])
    unknown = places[c.TURNOUT].null_count()
    # One measure for all where it can be; turnout is never told of people who vote several times.
    active: tuple[str, ...] = (c.POPULATION_ELIGIBLE, c.TURNOUT)
    title = "Явка и деньги по муниципалитетам"
    if unknown:
        active = (c.TURNOUT, c.VOTES_PER_100) if unknown < places.height else (c.VOTES_PER_100,)
        title = "Голоса и деньги по муниципалитетам"
    money = (c.N_WINNERS, c.MONEY_PER_HEAD)
    what = (c.MUNICIPALITY, c.POPULATION, *active, c.N_PROJECTS, *money)
    parts = {
        "municipalities": (places, title, what),
        "indices": (result.indices, "Насколько неравны деньги на жителя", (c.METRIC, c.VALUE)),
    }
    said = _DRAWN if part == "indices" else _COUNTED
    return show_part(part, said + (source or ""), parts)


@of.register
def _(
    result: Counterfactuals, part: str | None = None, *, source: str | None = None
) -> GT | Absent:
    what = (c.RULE, c.N_WINNERS, c.MONEY, c.EMPTY_HANDED, c.NOTE)
    parts = {"rules": (result.rules, "Те же голоса, три раздела", what)}
    return show_part(part, source, parts, {c.MONEY: "Денег"})


@of.register
def _(result: Forecast, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    what = (c.MODEL, c.SHRINKAGE, c.ERROR, c.GAIN, c.CHOSEN)
    parts = {"models": (result.models, "Модели на более ранних моментах кампании", what)}
    return show_part(part, source, parts, {c.CHOSEN: "Взята"})


@of.register
def _(result: Backtest, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    what = (c.ELAPSED, c.PROJECTS_COUNT, c.MODEL, c.ERROR, c.NAIVE_ERROR, c.COVERED)
    told = f"{headlines.coverage(result.shares)}. {source or ''}"
    return show_part(part, told, {"shares": (result.shares, "Прогноз и итог", what)})


@of.register
def _(result: PostEffects, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    what = (c.TARGET, c.KIND, c.PHASE, c.POSTS_COUNT, c.RATIO, c.P_VALUE, c.NOTE)
    unused = result.unused.group_by(c.REASON).agg(pl.len().alias(c.POSTS_COUNT)).sort(c.REASON)
    parts = {
        "effects": (result.effects, "Голоса после поста", what),
        "unused": (unused, "Посты, которых нет в расчёте", (c.REASON, c.POSTS_COUNT)),
    }
    if part != "unused":
        source = f"{headlines.design(result)}. {source or ''}"
    return show_part(part, source, parts, {c.KIND: "Пост", c.RATIO: "Отношение к ожидаемому"})


@of.register
def _(
    result: ComplaintsToProjects, part: str | None = None, *, source: str | None = None
) -> GT | Absent:
    needs = (c.RUBRIC, c.COMPLAINTS, c.N_PROJECTS, c.N_WINNERS, c.UNPROPOSED)
    after = (c.COMPARED, c.COMPLAINTS_BEFORE, c.COMPLAINTS_AFTER, c.RATIO, c.EARLIER_RATIO, c.NOTE)
    parts = {
        "needs": (_named(result.needs), "Жалобы и проекты", needs),
        "afterwards": (result.afterwards, "Жалобы до решения и после", after),
    }
    if part == "afterwards":
        source = f"{headlines.apart(result)}. {source or ''}"
    else:
        source = f"{headlines.needs(result, top=_TOP)}. {source or ''}"
    narrower = {c.COMPLAINTS_BEFORE: "Жалоб до", c.RATIO: "Отношение к остальным"}
    return show_part(part, source, parts, narrower)


def _named(needs: pl.DataFrame) -> pl.DataFrame:
    """Name the row without a rubric; give bounds only where some number is in doubt."""
    named = needs.with_columns(pl.col(c.RUBRIC).fill_null(c.CODES[c.TOLD_BY][c.UNCERTAIN]))
    sure = needs[c.N_PROJECTS_LOW].equals(needs[c.N_PROJECTS_HIGH])
    return named.drop(c.N_PROJECTS_LOW, c.N_PROJECTS_HIGH) if sure else named


@of.register
def _(result: Integrity, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    flags = result.flags.sort(c.TITLE, c.P_VALUE, c.TEST)
    called = flags.filter(pl.col(c.VERDICT) == c.REVIEW, pl.col(c.P_VALUE) < _TOLD)
    risen = flags.filter(pl.col(c.VERDICT) == c.NATURAL, pl.col(c.TEST) == "rise")
    most = result.excess.sort(c.EXCESS, c.PROJECT_ID, descending=[True, False])
    seen = (c.OBSERVED, c.EXPECTED)
    counted = (c.PROJECTS_COUNT, c.VOTES_COUNT, c.REVIEW, c.FALSE_ALARMS)
    dark = "Через какие каналы голосовали и какая часть голосов канала подана с 0 до 6 часов"
    names = {c.TITLE: "Проект", c.OUTCOME: "Исход без них"}
    if part in (None, "overall"):
        names[c.P_VALUE] = "Прирост последнего дня у черты: p"
    if part == c.NATURAL:
        names[c.EXPLANATION] = "Повод"
    parts: dict[str, Part] = {
        "overall": (
            result.overall,
            "Всё голосование",
            (*counted, c.BELOW_LINE, c.ABOVE_LINE, c.P_VALUE),
        ),
        "channels": (result.channels, dark, (c.CHANNEL, c.VOTES_COUNT, c.SHARE, c.NIGHT)),
        "verdicts": (result.verdicts, "Выводы о проектах", (c.VERDICT, c.PROJECTS_COUNT)),
        "checks": (result.checks, c.UNCHECKED, (c.TEST, c.REASON, c.NUMBER)),
        c.REVIEW: (
            called,
            "Что просит проверки, и чем ещё это бывает",
            (c.TITLE, c.TEST, c.CHANNEL, *seen, c.P_VALUE, c.EXPLANATION),
        ),
        c.NATURAL: (
            risen.sort(c.P_VALUE, c.PROJECT_ID),
            "Когда и насколько голосов больше обычного, если это похоже на мобилизацию",
            (c.TITLE, c.STARTED_AT, *seen, c.EXPLANATION),
        ),
        "excess": (
            most,
            "Исход без лишних голосов",
            (c.TITLE, c.CHANNEL, c.VOTES_COUNT, c.EXCESS, c.OUTCOME),
        ),
        "places": (
            result.places.head(_TOP),
            verified.places(result.places, top=_TOP),
            (c.MUNICIPALITY, c.PROJECTS_COUNT, c.REVIEW, c.NATURAL),
        ),
    }
    # Counted only when somebody asks.
    if part == "rates":
        parts[part] = (result.rates, "Сколько проектов при другом пороге", _RATES)
    if part == "detectable":
        title = "Какой прилив через один канал проверки заметили бы в этом голосовании"
        parts[part] = (result.detectable, title, (c.CHANNEL, c.HOURS, c.DETECTABLE))
    if part == "stability":
        parts[part] = (result.stability, "Держатся ли выводы", _PAIRS)
    if part == "verdicts" and result.tested:
        tried = {"hours": _HOURS, "least": min(EXCESS), "most": max(EXCESS)}
        source = f"{verified.seen(result.detectable, **tried)}. {source or ''}"
    laid_out = show_part(part, source, parts, names)
    told = result.tested or part in ("channels", "verdicts", "checks")
    return laid_out if told else Absent.untested(c.UNCHECKED if result.checks.height else None)


_HOURS = 6
_RATES = (c.FDR, c.PROJECTS_COUNT)
_PAIRS = (c.VERDICT, c.OTHER_VERDICT, c.PROJECTS_COUNT)
