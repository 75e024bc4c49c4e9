"""Tables of votes: who gets the money, how the vote ran, what calls for a look."""

from __future__ import annotations

from functools import partial

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.budgeting import (
    Backtest,
    ComplaintsToProjects,
    Counterfactuals,
    Equity,
    Forecast,
    Integrity,
    PostEffects,
)
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.tables import of, show

_TOP = 8
_TOLD = 0.01


@of.register
def _(result: Equity, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    by_size = [c.POPULATION, c.MUNICIPALITY]
    return chosen(
        part,
        {
            "municipalities": lambda: show(
                result.municipalities.sort(by_size, descending=[True, False]),
                *(c.MUNICIPALITY, c.POPULATION, c.N_PROJECTS, c.TURNOUT),
                *(c.N_WINNERS, c.MONEY_PER_HEAD),
                title="Явка и деньги по муниципалитетам",
                source=source,
            ),
            "indices": lambda: show(
                result.indices,
                c.METRIC,
                c.VALUE,
                title="Насколько неравны деньги на жителя",
                source=source,
            ),
        },
    )


@of.register
def _(
    result: Counterfactuals, part: str | None = None, *, source: str | None = None
) -> GT | Absent:
    money = {c.MONEY: "Рублей"}
    title = "Те же голоса, три раздела"
    what = (c.RULE, c.N_WINNERS, c.MONEY, c.EMPTY_HANDED, c.NOTE)
    rules = partial(show, result.rules, *what, title=title, source=source, headings=money)
    return chosen(part, {"rules": rules})


@of.register
def _(result: Forecast, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    title = "Модели на более ранних моментах кампании"
    what = (c.MODEL, c.SHRINKAGE, c.ERROR, c.GAIN, c.CHOSEN)
    taken = {c.CHOSEN: "Взята"}
    models = partial(show, result.models, *what, title=title, source=source, headings=taken)
    return chosen(part, {"models": models})


@of.register
def _(result: Backtest, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    what = (c.ELAPSED, c.PROJECTS_COUNT, c.MODEL, c.ERROR, c.NAIVE_ERROR, c.COVERED)
    shares = partial(show, result.shares, *what, title="Прогноз и итог", source=source)
    return chosen(part, {"shares": shares})


@of.register
def _(result: PostEffects, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    drawn = f"Придуманных дат с эффектом не слабее: {wording.percent(result.placebo_p)}. "
    what = (c.TARGET, c.KIND, c.PHASE, c.POSTS_COUNT, c.RATIO, c.P_VALUE, c.NOTE)
    narrower = {c.KIND: "Пост", c.RATIO: "Отношение к ожидаемому"}
    return chosen(
        part,
        {
            "effects": lambda: show(
                result.effects,
                *what,
                title="Голоса после поста",
                source=drawn + (source or ""),
                headings=narrower,
            ),
            "unused": lambda: show(
                result.unused.group_by(c.REASON).agg(pl.len().alias(c.POSTS_COUNT)).sort(c.REASON),
                c.REASON,
                c.POSTS_COUNT,
                title="Посты, которых нет в расчёте",
                source=source,
            ),
        },
    )


@of.register
def _(
    result: ComplaintsToProjects, part: str | None = None, *, source: str | None = None
) -> GT | Absent:
    compared = {c.COMPLAINTS_BEFORE: "Жалоб до", c.RATIO: "Отношение к остальным"}
    after = (c.COMPARED, c.COMPLAINTS_BEFORE, c.COMPLAINTS_AFTER, c.RATIO, c.NOTE)
    known = f"Рубрика определена у {result.projects[c.RUBRIC].count()} проектов"
    needs = (c.RUBRIC, c.COMPLAINTS, c.N_PROJECTS, c.N_WINNERS, c.UNPROPOSED)
    return chosen(
        part,
        {
            "needs": lambda: show(
                result.needs,
                *needs,
                title="Жалобы и проекты",
                source=f"{known} из {result.projects.height}. {source or ''}",
            ),
            "afterwards": lambda: show(
                result.afterwards,
                *after,
                title="Жалобы до решения и после",
                source=source,
                headings=compared,
            ),
        },
    )


@of.register
def _(result: Integrity, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    lay_out = partial(show, source=source)
    flags = result.flags.sort(c.TITLE, c.P_VALUE, c.TEST)
    called = flags.filter(pl.col(c.VERDICT) == c.REVIEW, pl.col(c.P_VALUE) < _TOLD)
    risen = flags.filter(pl.col(c.VERDICT) == c.NATURAL, pl.col(c.TEST) == "rise")
    most = result.excess.sort(c.EXCESS, c.PROJECT_ID, descending=[True, False])
    seen = (c.TEST, c.CHANNEL, c.OBSERVED, c.EXPECTED)
    names = {c.TITLE: "Проект", c.OUTCOME: "Исход без них"}
    many = f"{min(_TOP, result.places.height)} из {result.places.height}"
    return chosen(
        part,
        {
            "overall": lambda: lay_out(
                result.overall,
                *(c.PROJECTS_COUNT, c.VOTES_COUNT, c.REVIEW, c.FALSE_ALARMS),
                *(c.BELOW_LINE, c.ABOVE_LINE, c.P_VALUE),
                title="Всё голосование",
                headings={c.P_VALUE: "Прирост последнего дня у черты: p"},
            ),
            "channels": lambda: lay_out(
                result.channels,
                *(c.CHANNEL, c.VOTES_COUNT, c.SHARE, c.NIGHT),
                title="Через какие каналы голосовали и какая часть голосов канала подана с 0 до 6 "
                "часов",
            ),
            "verdicts": lambda: lay_out(
                result.verdicts, c.VERDICT, c.PROJECTS_COUNT, title="Выводы о проектах"
            ),
            "checks": lambda: lay_out(
                result.checks, c.TEST, c.REASON, c.NUMBER, title="Не проверено"
            ),
            c.REVIEW: lambda: lay_out(
                called,
                *(c.TITLE, *seen, c.P_VALUE, c.EXPLANATION),
                title="Что просит проверки, и чем ещё это бывает",
                headings=names,
            ),
            c.NATURAL: lambda: lay_out(
                risen.sort(c.P_VALUE, c.PROJECT_ID),
                *(c.TITLE, c.STARTED_AT, c.OBSERVED, c.EXPECTED, c.EXPLANATION),
                title="Выросли, но составом не отличаются",
                headings=names | {c.EXPLANATION: "Повод"},
            ),
            "excess": lambda: lay_out(
                most,
                *(c.TITLE, c.CHANNEL, c.VOTES_COUNT, c.EXCESS, c.OUTCOME),
                title="Изменился бы исход",
                headings=names,
            ),
            "rates": lambda: lay_out(
                result.rates, c.FDR, c.PROJECTS_COUNT, title="Сколько проектов при другом пороге"
            ),
            "stability": lambda: lay_out(
                result.stability,
                *(c.VERDICT, c.OTHER_VERDICT, c.PROJECTS_COUNT),
                title="Держатся ли выводы",
            ),
            "places": lambda: lay_out(
                result.places.head(_TOP),
                *(c.MUNICIPALITY, c.PROJECTS_COUNT, c.REVIEW, c.NATURAL),
                title=f"Муниципалитеты, где отмечено больше всего: {many}",
            ),
        },
    )
