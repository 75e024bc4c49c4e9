"""Tables about rules: winners, losers, several rules side by side."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

GINI = "gini"
TIED = "tied"
DECIDING = "deciding"

WINNERS = Table(
    "winners",
    (
        Column(c.PROJECT_ID, pl.String, "project that is funded", nullable=False),
        Column(c.ORDER, pl.Int64, "turn in which the rule took it, 1 first", nullable=False),
        Column(c.COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(c.WHY, pl.String, "what made the rule take it, a code", nullable=False),
        Column(
            DECIDING,
            pl.Float64,
            "its score, the most a vote pays, or what each voter had earned",
            nullable=False,
        ),
        Column(TIED, pl.List(pl.String), "equals with a larger project_id, or left for later"),
    ),
)

LOSSES = Table(
    "losses",
    (
        Column(c.PROJECT_ID, pl.String, "project that is not funded", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "voters who chose it", nullable=False, unit="votes"),
        Column(c.SCORE, pl.Float64, "votes, points or Borda score", nullable=False, unit="points"),
        Column(c.COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(c.COST_TO_CUT, pl.Float64, "least cut that lets it win", unit="money"),
        Column(c.VOTES_TO_ADD, pl.Int64, "least number of new voters for it alone", unit="votes"),
        Column(c.RIVALS, pl.List(pl.String), "winners any of which leaves it a place"),
        Column(c.WHY, pl.String, "why it lost, a code", nullable=False),
    ),
)

COMPARISON = Table(
    "comparison",
    (
        Column(c.BUDGET, pl.Float64, "money to spend", nullable=False, unit="money"),
        Column(c.RULE, pl.String, "rule", nullable=False),
        Column(c.N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(c.SPENT, pl.Float64, "their cost", nullable=False, unit="money"),
        *interval("exclusion", "mean over voters", unit="share"),
        *interval("funded_cost", "mean over voters", unit="share"),
        *interval("fair_share", "mean over voters", unit="share"),
        Column(c.N_VIOLATED, pl.Int64, "projects with a wronged group", nullable=False),
        *interval(GINI, "of money per head; null without municipalities"),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    (
        Column(c.BONUS, pl.String, "column that earns the bonus", nullable=False),
        Column(c.PROJECT_ID, pl.String, "project it decides on", nullable=False),
        Column(c.WINS_WITH_IT, pl.Boolean, "funded with the bonus, not without", nullable=False),
    ),
)

TALLY = Table(
    "tally",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "voters who chose it", nullable=False, unit="votes"),
        Column(c.SCORE, pl.Float64, "votes, points or Borda score", nullable=False, unit="points"),
        Column("votes_stated", pl.Int64, "votes as the organiser states them", unit="votes"),
        Column("score_stated", pl.Float64, "points as the organiser states them", unit="points"),
    ),
)

HEADINGS = {
    c.PROJECT_ID: Heading("Проект", absent="проектов"),
    c.RULE: Heading("Правило"),
    c.WHY: Heading("Почему"),
    DECIDING: Heading("Решающее число"),
    TIED: Heading("Поровну с"),
    c.COST: Heading("Стоимость", digits=0, absent="стоимости проектов"),
    c.COST_TO_CUT: Heading("Хватило бы, будь дешевле на", digits=0),
    c.VOTES_TO_ADD: Heading("Не хватило голосов"),
    c.VOTES_COUNT: Heading("Голосов"),
    c.N_WINNERS: Heading("Победителей"),
    c.SPENT: Heading("Потрачено", digits=0),
    "exclusion": Heading("Голосовавших ни с чем", kind="share"),
    "funded_cost": Heading("Бюджета на свои проекты", kind="share"),
    "fair_share": Heading("Получено от справедливой части", kind="share"),
    c.N_VIOLATED: Heading("Проектов с обделённой группой"),
    GINI: Heading("Коэффициент Джини"),
}
CODES = {
    c.RULE: {
        "greedy": "больше голосов",
        "greedy-no-skip": "больше голосов, до первого, на кого не хватило",
        "points": "голоса и баллы",
        "mes": "равные доли (MES) без остатка",
        "mes-add1": "равные доли (MES)",
        "phragmen": "правило Фрагмена",
    },
    c.WHY: {
        "by_score": "больше баллов, чем у следующих, и хватило денег",
        "cheapest_voice": "каждому стороннику обошёлся дешевле прочих",
        "earned_first": "сторонники раньше прочих накопили на него",
        "withdrawn": "снят с голосования",
        "no_votes": "за него никто не голосовал",
        "below_threshold": "набрал меньше порога",
        "above_budget": "дороже всего бюджета",
        "at_no_cost": "с такой поддержкой не прошёл бы ни при какой стоимости",
        "too_dear": "прошёл бы, будь он дешевле",
    },
}
