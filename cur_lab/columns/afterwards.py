"""Tables about what became of a vote: projects built, campaigns compared."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import AT_RISK, DAYS
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

APPLICANTS_COUNT = "n_applicants"
STATE_OF_DELIVERY = "delivery"
COST_RATIO = "cost_ratio"
DAYS_TAKEN = "days_taken"
DAYS_LATE = "days_late"
PAYER = "payer"
CAMPAIGN = "campaign"
LATER = "later_campaign"
LENGTH = "length_days"
OUTSIDE = "without_winner"
THEN = "value_then"
NOW = "value_now"
BALLOT = "ballot"
LEAST_VOTES = "least_votes"

DELIVERED_PROJECTS = Table(
    "projects after the vote",
    (
        Column(c.PROJECT_ID, pl.String, "funded project", nullable=False),
        Column(c.TITLE, pl.String, "its name"),
        Column(c.MUNICIPALITY, pl.String, "district it is for"),
        Column(
            STATE_OF_DELIVERY,
            pl.String,
            "built, built_late, overdue, under_way, cancelled or unknown",
            nullable=False,
        ),
        Column(c.DUE_AT, TIME, "promised completion", unit="UTC"),
        Column(c.COMPLETED_AT, TIME, "handed over", unit="UTC"),
        Column(DAYS_TAKEN, pl.Float64, "from the end of the vote to completion", unit="days"),
        Column(DAYS_LATE, pl.Float64, "after the promised day, so far if not built", unit="days"),
        Column(c.COST, pl.Float64, "cost voted on", nullable=False, unit="money"),
        Column(c.ACTUAL_COST, pl.Float64, "what it cost in the end", unit="money"),
        Column(COST_RATIO, pl.Float64, "actual cost over the cost voted on", unit="ratio"),
    ),
)

DELIVERY = Table(
    "delivery",
    (
        Column(c.METRIC, pl.String, "what is measured", nullable=False),
        *interval(c.VALUE, "null: see note"),
        Column(c.UNIT, pl.String, "share, days or times", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "projects it is known of", nullable=False),
        Column(c.NOTE, pl.String, "why value or interval is missing; else empty", nullable=False),
    ),
)

DELIVERY_CURVE = Table(
    "delivery over time",
    (
        Column(DAYS, pl.Float64, "since the end of the vote", nullable=False, unit="days"),
        *interval(c.SHARE, "completed by then", nullable=False, unit="share"),
        Column(AT_RISK, pl.Int64, "not completed and still followed", nullable=False),
    ),
)

DELIVERY_STATES = Table(
    "states of delivery",
    (
        Column(STATE_OF_DELIVERY, pl.String, "as in the projects", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "projects", nullable=False),
        Column(c.MONEY, pl.Float64, "their cost voted on", nullable=False, unit="money"),
    ),
)

PAYERS = Table(
    "payers",
    (
        Column(PAYER, pl.String, "residents, municipality, sponsors or budget", nullable=False),
        Column(c.MONEY, pl.Float64, "of the projects that tell it", nullable=False, unit="money"),
        *interval(c.SHARE, "of their cost; no ends below five projects", unit="share"),
        Column(c.PROJECTS_COUNT, pl.Int64, "projects that tell it", nullable=False),
    ),
)

SEASONS = Table(
    "campaigns",
    (
        Column(CAMPAIGN, pl.String, "name of the campaign", nullable=False),
        Column(c.OPENED_ON, pl.Date, "first day; null where no date is told"),
        Column(c.CLOSED_ON, pl.Date, "last day; null where no date is told"),
        Column(LENGTH, pl.Int64, "days of voting", unit="days"),
        Column(c.VOTES_COUNT, pl.Int64, "votes cast", nullable=False, unit="votes"),
        Column(c.N_VOTERS, pl.Int64, "who cast them", nullable=False, unit="people"),
        Column(c.VOTES_PER_DAY, pl.Float64, "votes over the days", unit="votes"),
        Column(c.VOTES_PER_100, pl.Float64, "votes per hundred residents; null: residents unknown"),
        Column(c.N_PROJECTS, pl.Int64, "projects to vote on", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(c.BUDGET, pl.Float64, "money to spend", nullable=False, unit="money"),
        Column(c.SPENT, pl.Float64, "cost of the funded", nullable=False, unit="money"),
        Column(OUTSIDE, pl.Int64, "districts with projects and no winner; null: no districts"),
    ),
)

SEASON_BREAKS = Table(
    "breaks between campaigns",
    (
        Column(CAMPAIGN, pl.String, "earlier campaign", nullable=False),
        Column(LATER, pl.String, "next one", nullable=False),
        Column(c.BREAK, pl.String, "what changed", nullable=False),
        Column(c.BEFORE, pl.String, "how it was; null: not there"),
        Column(c.AFTER, pl.String, "how it became; null: no more there"),
    ),
)

SEASON_CHANGES = Table(
    "changes between campaigns",
    (
        Column(CAMPAIGN, pl.String, "earlier campaign", nullable=False),
        Column(LATER, pl.String, "next one", nullable=False),
        Column(c.METRIC, pl.String, "what is compared", nullable=False),
        Column(THEN, pl.Float64, "in the earlier one"),
        Column(NOW, pl.Float64, "in the next one"),
        Column(c.RATIO, pl.Float64, "after over before"),
        Column(c.NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

SEASON_COURSE = Table(
    "course of campaigns",
    (
        Column(CAMPAIGN, pl.String, "name of the campaign", nullable=False),
        Column(c.ELAPSED, pl.Float64, "share of the voting time", nullable=False, unit="share"),
        Column(c.VOTES_COUNT, pl.Int64, "votes cast until then", nullable=False, unit="votes"),
    ),
)

RETURNING = Table(
    "applicants who return",
    (
        Column(CAMPAIGN, pl.String, "earlier campaign", nullable=False),
        Column(LATER, pl.String, "next one", nullable=False),
        Column(c.GROUP, pl.String, "won_before, lost_before or new", nullable=False),
        Column(APPLICANTS_COUNT, pl.Int64, "applicants", nullable=False, unit="applicants"),
        Column(c.N_PROJECTS, pl.Int64, "their projects now", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "of them funded", nullable=False, unit="projects"),
        *interval(c.WON_SHARE, "funded of the proposed", nullable=False),
    ),
)

BOUGHT = Table(
    "what more money bought",
    (
        Column(CAMPAIGN, pl.String, "earlier campaign, whose budget it is", nullable=False),
        Column(LATER, pl.String, "next one, whose votes and projects they are", nullable=False),
        Column(c.BUDGET, pl.Float64, "money to spend", nullable=False, unit="money"),
        Column(c.N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(c.SPENT, pl.Float64, "their cost", nullable=False, unit="money"),
        Column(LEAST_VOTES, pl.Int64, "votes of the funded project with fewest", unit="votes"),
        Column(OUTSIDE, pl.Int64, "districts with projects and no winner; null: no districts"),
    ),
)

HEADINGS = {
    c.OPENED_ON: Heading("Начало", kind="day"),
    c.CLOSED_ON: Heading("Конец", kind="day"),
    c.STATUS: Heading("Состояние", absent="состояния проектов"),
    c.CONTRACTED_AT: Heading("Договор", kind="day", absent="дат договоров"),
    c.DUE_AT: Heading("Срок", kind="day", absent="обещанных сроков"),
    c.COMPLETED_AT: Heading("Сдан", kind="day", absent="дат сдачи"),
    c.ACTUAL_COST: Heading("Обошёлся", digits=0, absent="стоимости построенных проектов"),
    c.PAID_BY_RESIDENTS: Heading("Доля жителей", digits=0),
    c.PAID_BY_MUNICIPALITY: Heading("Доля муниципалитета", digits=0),
    c.PAID_BY_SPONSORS: Heading("Доля спонсоров", digits=0),
    STATE_OF_DELIVERY: Heading("Что стало с проектом"),
    COST_RATIO: Heading("К стоимости на голосовании"),
    DAYS_TAKEN: Heading("Ждали после голосования", digits=0, unit="дней"),
    DAYS_LATE: Heading("Опоздание", digits=0, unit="дней"),
    PAYER: Heading("Кто платит"),
    CAMPAIGN: Heading("Кампания", absent="других кампаний"),
    LATER: Heading("Следующая"),
    LENGTH: Heading("Дней голосования"),
    THEN: Heading("Было", kind="count", digits=1),
    NOW: Heading("Стало", kind="count", digits=1),
    c.VOTES_PER_100: Heading("Голосов на 100 жителей", digits=1),
    OUTSIDE: Heading("Муниципалитетов без победителя"),
    LEAST_VOTES: Heading("Меньше всего голосов у победителя"),
    APPLICANTS_COUNT: Heading("Заявителей"),
}
CODES = {
    STATE_OF_DELIVERY: {
        "built": "построен",
        "built_late": "построен с опозданием",
        "overdue": "срок прошёл, не построен",
        "under_way": "ещё строится",
        "cancelled": "отменён",
        "unknown": "неизвестно",
    },
    PAYER: {
        "residents": "жители",
        "municipality": "муниципалитет",
        "sponsors": "спонсоры",
        "budget": "бюджет региона",
    },
    c.METRIC: {
        "completed": "построено из победивших",
        "late": "с опозданием из тех, у кого прошёл или соблюдён срок",
        "cancelled": "отменено из победивших",
        "days_taken": "медиана ожидания после голосования",
        "cost_ratio": "обошлось к стоимости на голосовании",
        "dearer": "дороже, чем голосовали",
        "votes_per_day": "голосов в день",
        "votes_per_100": "голосов на 100 жителей",
        "votes_at_quarter": "голосов к четверти срока",
        "votes_at_half": "голосов к половине срока",
        "votes_at_three_quarters": "голосов к трём четвертям срока",
        "mean_cost": "средняя стоимость победителя",
    },
    c.UNIT: {"days": "дней", "times": "раз"},
    c.GROUP: {
        "won_before": "побеждали в прошлый раз",
        "lost_before": "участвовали, но не победили",
        "new": "новые заявители",
    },
    c.BREAK: {
        "budget": "бюджет",
        "length": "дней голосования",
        "ballot": "вид бюллетеня",
        "choices": "сколько проектов можно выбрать",
        "rule": "правило победы",
        "channel_opened": "канал открылся",
        "channel_closed": "канал закрылся",
    },
    BALLOT: {
        "approval": "несколько проектов",
        "choose-1": "один проект",
        "cumulative": "баллы на все проекты",
        "scoring": "оценки проектам",
        "ordinal": "проекты по порядку",
    },
    c.TEST: {"delivery": "состояние проекта"},
    c.REASON: {
        "strange_status": "состояние названо словом, которого мы не знаем",
        "built_before_contract": "сдан раньше договора",
        "completed_undated": "назван завершённым без даты сдачи: в сроки не входит",
        "dated_not_completed": "есть дата сдачи, но не назван завершённым",
        "completed_later": "дата сдачи позже дня, до которого следили",
    },
    c.NOTE: {
        "unlike_length": "сроки разной длины: сравнивайте к одинаковой доле срока",
        "not_comparable": "не определяется по этим данным",
        "few_projects": "меньше пяти проектов: интервала нет",
        "not_half": "половина ещё не построена: медиана не наступила",
    },
}
