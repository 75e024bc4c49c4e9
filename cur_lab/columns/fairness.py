"""Tables about what voters, groups and municipalities get."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

EMPTY_HANDED = "empty_handed"

SATISFACTION = Table(
    "satisfaction",
    (
        Column(c.METRIC, pl.String, "exclusion, funded_cost or fair_share", nullable=False),
        *interval(c.SHARE, "mean over voters", nullable=False, unit="share"),
        Column(c.N_VOTERS, pl.Int64, "voters counted", nullable=False, unit="people"),
    ),
)

PROPORTIONALITY = Table(
    "proportionality",
    (
        Column(c.PROJECT_ID, pl.String, "project that is not funded", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "ballot district; null if there is one for all"),
        Column(c.COST, pl.Float64, "cost of the project", nullable=False, unit="money"),
        Column(c.SUPPORTERS, pl.Int64, "voters who chose it", nullable=False, unit="people"),
        Column(c.GROUP_SIZE, pl.Int64, "supporters who miss most", nullable=False, unit="people"),
        Column(c.ENTITLED, pl.Float64, "their part of the budget", nullable=False, unit="money"),
        Column(
            c.RECEIVED, pl.Float64, "most any of them sees funded", nullable=False, unit="money"
        ),
        Column(c.MISSED, pl.Float64, "entitled less received less cost", nullable=False),
        Column(c.VIOLATED, pl.Boolean, "EJR+ up to one project fails", nullable=False),
    ),
)

EQUITY_MUNICIPALITIES = Table(
    "equity by municipality",
    (
        Column(c.MUNICIPALITY, pl.String, "name", nullable=False),
        Column(c.POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(c.N_VOTERS, pl.Int64, "who voted", nullable=False, unit="people"),
        Column(c.POPULATION_ELIGIBLE, pl.Int64, "who may vote; null: not known", unit="people"),
        Column(c.VOTES_COUNT, pl.Int64, "votes cast", nullable=False, unit="votes"),
        Column(
            c.TURNOUT,
            pl.Float64,
            "voters of those who may vote; null: that is not known, or one may vote several times",
            unit="share",
        ),
        Column(c.VOTES_PER_100, pl.Float64, "votes per hundred residents", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects to vote on", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "projects funded", nullable=False, unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost", nullable=False, unit="money"),
        Column(c.MONEY_PER_HEAD, pl.Float64, "cost per resident", nullable=False, unit="money"),
        Column(c.QUOTA, pl.Float64, "spent money by population", nullable=False, unit="money"),
        Column(c.ENDOWMENT, pl.Float64, "quota per voter; null without voters", unit="money"),
    ),
)

EQUITY_INDICES = Table(
    "indices of equity",
    (
        Column(c.METRIC, pl.String, "index", nullable=False),
        *interval(c.VALUE, "its value; null where the data do not determine it"),
    ),
)

LORENZ = Table(
    "Lorenz curve",
    (
        Column(c.MUNICIPALITY, pl.String, "from least to most money per head", nullable=False),
        Column(c.PEOPLE_SHARE, pl.Float64, "residents up to here", nullable=False, unit="share"),
        Column(c.MONEY_SHARE, pl.Float64, "money up to here", nullable=False, unit="share"),
    ),
)

COUNTERFACTUALS = Table(
    "counterfactuals",
    (
        Column(c.RULE, pl.String, "as_decided, population_quota or equal_voice", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "name", nullable=False),
        Column(c.POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(c.N_WINNERS, pl.Int64, "projects funded; null: see note", unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost; null: see note", unit="money"),
        Column(c.MONEY_PER_HEAD, pl.Float64, "cost per resident; null: see note", unit="money"),
        Column(c.NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

COUNTERFACTUAL_RULES = Table(
    "counterfactual_rules",
    (
        Column(c.RULE, pl.String, "as_decided, population_quota or equal_voice", nullable=False),
        Column(c.N_WINNERS, pl.Int64, "projects funded; null: see note", unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost; null: see note", unit="money"),
        Column(EMPTY_HANDED, pl.Int64, "municipalities without a winner; null: see note"),
        Column(c.NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

INDICATORS = Table(
    "indicators",
    (
        Column(c.METRIC, pl.String, "indicator", nullable=False),
        *interval(c.VALUE, "null: see note"),
        Column(c.UNIT, pl.String, "share, votes, money or people_for_money", nullable=False),
        Column(
            c.NOTE,
            pl.String,
            "what the interval is of, or why value or interval is missing",
            nullable=False,
        ),
    ),
)

APPLICANTS = Table(
    "applicants",
    (
        Column(c.APPLICANT, pl.String, "who proposed", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects proposed", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "of them funded", nullable=False, unit="projects"),
        Column(c.MONEY, pl.Float64, "their cost", nullable=False, unit="money"),
        *interval(c.WON_SHARE, "funded of the proposed", nullable=False),
    ),
)

HEADINGS = {
    c.METRIC: Heading("Мера"),
    c.N_VOTERS: Heading("Голосовавших"),
    c.N_PROJECTS: Heading("Проектов", level=None),
    c.TURNOUT: Heading("Явка", kind="share"),
    c.MONEY_PER_HEAD: Heading("Денег на жителя", digits=0),
    c.QUOTA: Heading("Квота по населению", digits=0),
    c.ENDOWMENT: Heading("Квота на голосовавшего", digits=0),
    c.APPLICANT: Heading("Заявитель", absent="заявителей"),
    c.WON_SHARE: Heading("Доля победивших", kind="share"),
    EMPTY_HANDED: Heading("Муниципалитетов ни с чем"),
}
CODES = {
    c.METRIC: {
        "exclusion": "доля голосовавших, из чьих проектов не прошёл ни один",
        "funded_cost": "средняя доля бюджета, ушедшая на проекты голосовавшего",
        "fair_share": "средняя доля справедливой части, полученная голосовавшим",
        "gini": "коэффициент Джини",
        "hoover": "индекс Гувера: доля денег, которую пришлось бы передать",
        "theil": "индекс Тейла",
        "theil_between": "индекс Тейла между группами",
        "theil_within": "индекс Тейла внутри групп",
        "atkinson_0_5": "индекс Аткинсона, ε = 0,5",
        "atkinson_1": "индекс Аткинсона, ε = 1",
        "atkinson_2": "индекс Аткинсона, ε = 2",
        "elasticity": "эластичность денег на жителя по явке",
        "elasticity_votes": "эластичность денег на жителя по голосам на жителя",
        "unplaced_voters": "голосовавшие, чей муниципалитет неизвестен",
        "won": "доля победивших среди допущенных проектов",
        "cost": "средняя стоимость победившего проекта",
        c.TURNOUT: "явка: голосовавшие из тех, кто может голосовать",
        "money_per_voter": "стоимость победивших проектов на одного голосовавшего",
        "co_financing": "доля софинансирования в стоимости победивших проектов",
        "beneficiaries": "благополучатели на единицу денег победивших проектов",
    },
    c.RULE: {
        "as_decided": "как решено",
        "population_quota": "квота по населению",
        "equal_voice": "равный вес жителей",
    },
    c.UNIT: {
        "share": "доля",
        "votes": "голосов",
        "money": "денег",
        "people_for_money": "человек на единицу денег",
    },
    c.NOTE: {
        "full_count": "полный подсчёт, не выборка: интервала нет",
        "like_projects": "интервал: какими могли бы быть другие проекты того же рода",
        "residents_unknown": "число жителей известно не для всех муниципалитетов",
        "one_project": "меньше двух проектов: интервала нет",
        "not_told": "в таблице проектов этих чисел нет",
        "several_choices": "в бюллетене несколько выборов: не определяется",
    },
}
