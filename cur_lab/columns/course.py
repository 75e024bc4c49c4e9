"""Tables about how a vote goes on."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

OTHERWISE = "otherwise"
FINAL = "final"

RATIO_COLUMNS = interval(c.RATIO, "votes to votes expected without the post; null: see note")

CURVES = Table(
    "curves",
    (
        Column(c.GROUP, pl.String, "project, channel, municipality, or all", nullable=False),
        Column(c.ELAPSED, pl.Float64, "share of the campaign", nullable=False),
        Column(c.AT, TIME, "the moment", nullable=False, unit="UTC"),
        Column(c.VOTES_COUNT, pl.Int64, "votes cast until then", nullable=False, unit="votes"),
        Column(c.SHARE, pl.Float64, "of the group's votes", nullable=False),
    ),
)

_FORECAST_COLUMNS = (
    Column(
        c.VOTES_COUNT, pl.Int64, "votes when the forecast is made", nullable=False, unit="votes"
    ),
    *interval(c.FORECAST, "votes at the end; null: see note", unit="votes", ends="90 % interval"),
    Column(c.NAIVE, pl.Float64, "votes at the end if all goes on as on average", unit="votes"),
)

FORECASTS = Table(
    "forecasts",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        *_FORECAST_COLUMNS,
        Column(c.NOTE, pl.String, "why there is no forecast; else empty", nullable=False),
    ),
)

FORECAST_TOTAL = Table("forecast_total", _FORECAST_COLUMNS)

FORECAST_MODELS = Table(
    "forecast_models",
    (
        Column(c.MODEL, pl.String, "family of curves", nullable=False),
        Column(c.SHRINKAGE, pl.Float64, "how much of its word is taken, 0 to 1", nullable=False),
        Column(c.ERROR, pl.Float64, "mean error of log votes at earlier origins", nullable=False),
        *interval(c.GAIN, "share of the naive error avoided", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "used for the forecast", nullable=False),
    ),
)

BACKTEST = Table(
    "backtest",
    (
        Column(c.ELAPSED, pl.Float64, "share of the campaign that was known", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "projects forecast", nullable=False, unit="projects"),
        Column(c.MODEL, pl.String, "model that was chosen then", nullable=False),
        Column(c.ERROR, pl.Float64, "mean error of log votes at the end", nullable=False),
        Column(c.NAIVE_ERROR, pl.Float64, "the same of the naive forecast", nullable=False),
        Column(c.COVERED, pl.Float64, "projects within their 90 % interval", nullable=False),
    ),
)

BACKTEST_PROJECTS = Table(
    "backtest_projects",
    (
        Column(c.ELAPSED, pl.Float64, "share of the campaign that was known", nullable=False),
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        *_FORECAST_COLUMNS,
        Column(FINAL, pl.Int64, "votes at the end", nullable=False, unit="votes"),
    ),
)

DEADLINE = Table(
    "deadline",
    (
        Column(c.GROUP, pl.String, "channel, or all", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "votes in the last hours", nullable=False, unit="votes"),
        Column(c.EXPECTED, pl.Float64, "by the days before", unit="votes"),
        *RATIO_COLUMNS,
        Column(c.NOTE, pl.String, "why a number is missing; else empty", nullable=False),
    ),
)

VOTE_HISTORY = Table(
    "vote_history",
    (
        Column(c.PERIOD, pl.String, "voting window", nullable=False),
        Column(c.OPENED_ON, pl.Date, "first day", nullable=False),
        Column(c.CLOSED_ON, pl.Date, "last day", nullable=False),
        Column(c.METRIC, pl.String, "votes, applications, winners or money", nullable=False),
        Column(c.VALUE, pl.Float64, "as published; null where nobody named it"),
        Column(c.UNIT, pl.String, "unit", nullable=False),
        Column(c.VOTES_PER_DAY, pl.Float64, "votes over the days of the window", unit="votes"),
        Column(c.BREAK, pl.String, "what changed since the row above; null: nothing known"),
        Column(c.NOTE, pl.String, "unpublished or rounded; else empty", nullable=False),
        Column(OTHERWISE, pl.String, "who told another figure, and which; null: nobody"),
        Column(c.SOURCE, pl.String, "where it was published; null where nobody named it"),
    ),
)

HEADINGS = {
    c.CAST_AT: Heading("Подан", kind="moment", absent="времени голосов"),
    c.ELAPSED: Heading("Прошло срока", kind="share"),
    c.PROJECTS_COUNT: Heading("Проектов"),
    c.MODEL: Heading("Модель"),
    c.FORECAST: Heading("Прогноз", digits=0, level=90),
    FINAL: Heading("Итог"),
    c.NAIVE: Heading("Если всё пойдёт как шло", digits=0),
    c.SHRINKAGE: Heading("Насколько ей верят", kind="share"),
    c.ERROR: Heading("Ошибка логарифма", digits=3),
    c.NAIVE_ERROR: Heading("Ошибка наивного прогноза", digits=3),
    c.GAIN: Heading("Снято ошибки", kind="share"),
    c.COVERED: Heading("Доля проектов с итогом в 90 %-м интервале", kind="share"),
    c.VOTES_PER_DAY: Heading("В день", digits=0),
    c.BREAK: Heading("Что изменилось"),
    OTHERWISE: Heading("Называли и другое"),
}
WAYS = {
    "esia": "Госуслуги",
    "sms": "СМС",
    "call_centre": "колл-центр",
    "paper": "бумага",
    "all": "все каналы",
    "unnamed": "канал не указан",
}
CODES = {
    c.CHANNEL: WAYS,
    c.GROUP: WAYS,
    c.MODEL: {
        "recent": "недавний темп",
        "mean": "среднее моделей",
        "decay": "рост с затуханием",
        "bass": "модель Басса",
        "logistic": "логистическая",
        "weibull": "Вейбулла",
        "naive": "наивный прогноз",
    },
    c.METRIC: {
        "votes": "голоса",
        "applications": "заявки",
        "winners": "победители",
        "money": "деньги",
    },
    c.BREAK: {
        "first": "первая кампания ряда; каналы: ЕСИА, колл-центр, телефон",
        "budget_raised": "бюджет вырос с 730 млн до 1,2 млрд рублей; кампании 2022 года нет в ряду",
        "second_in_a_year": "вторая кампания за год",
        "family_points": "введены семейные заявки и баллы за них",
        "one_project_longer": "один проект в своём округе, от 16 лет, через Госуслуги или по "
        "телефону; голосование на 18 дней длиннее",
    },
    c.NOTE: {
        "few_before": "до последних часов слишком мало голосов",
        "days_unlike": "дни слишком непохожи, чтобы отличить наплыв от обычного дня",
        "no_votes_yet": "голосов пока нет",
        "unpublished": "не опубликовано",
        "rounded": "округлено источником",
    },
}
