"""A panel of experts who score entries: what is left when the judges' severity is taken out."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import N
from cur_lab.columns.folder import CRITERION, ENTRY
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

JUDGE_NUMBER = "judge_number"
JUDGES_COUNT = "judges"
MEAN_SCORE = "mean_score"
FAIR_SCORE = "fair_score"
MEAN_RANK = "mean_rank"
FAIR_RANK = "fair_rank"
WIN_PROBABILITY = "win_probability"
SEVERITY = "severity"
DIFFICULTY = "difficulty"
MISFIT = "misfit"
SCORES_COUNT = "scores"
RELIABILITY = "reliability"
HALO = "halo"

PANEL_ENTRIES = Table(
    "panel_entries",
    (
        Column(ENTRY, pl.String, "what was judged", nullable=False),
        Column(JUDGES_COUNT, pl.Int64, "judges whose scores were used", nullable=False),
        Column(SCORES_COUNT, pl.Int64, "scores used", nullable=False),
        Column(MEAN_SCORE, pl.Float64, "mean of the scores as given", nullable=False),
        *interval(FAIR_SCORE, "mean score a judge of average severity would give"),
        Column(MEAN_RANK, pl.Int64, "place by the mean score, ties share the best", nullable=False),
        *interval(FAIR_RANK, "median place over draws of what the scores leave open"),
        Column(WIN_PROBABILITY, pl.Float64, "that it is among the places that win"),
    ),
)

PANEL_JUDGES = Table(
    "panel_judges",
    (
        Column(JUDGE_NUMBER, pl.Int64, "number by severity, the strictest first", nullable=False),
        Column(SCORES_COUNT, pl.Int64, "scores used", nullable=False),
        Column(MEAN_SCORE, pl.Float64, "mean of them", nullable=False),
        *interval(SEVERITY, "points taken off beside the average judge", unit="points"),
        Column(MISFIT, pl.Float64, "mean square of residuals over what the model expects"),
    ),
)

PANEL_CRITERIA = Table(
    "panel_criteria",
    (
        Column(CRITERION, pl.String, "by what was judged", nullable=False),
        Column(SCORES_COUNT, pl.Int64, "scores used", nullable=False),
        *interval(DIFFICULTY, "points taken off beside the average criterion", unit="points"),
    ),
)

PANEL_OVERALL = Table(
    "panel_overall",
    (
        Column("entries", pl.Int64, "entries judged", nullable=False),
        Column(JUDGES_COUNT, pl.Int64, "judges whose scores were used", nullable=False),
        Column(SCORES_COUNT, pl.Int64, "scores used", nullable=False),
        *interval(RELIABILITY, "share of the spread of fair scores that is not chance"),
        *interval("alpha", "Krippendorff's alpha of judges on an entry's mean score"),
        Column(HALO, pl.Float64, "correlation of a judge's scores of one entry beyond the model"),
    ),
)

PANEL_UNUSUAL = Table(
    "panel_unusual",
    (
        Column(ENTRY, pl.String, "what was judged", nullable=False),
        Column(JUDGE_NUMBER, pl.Int64, "number of the judge", nullable=False),
        Column(c.OBSERVED, pl.Float64, "mean score given", nullable=False, unit="points"),
        Column(c.EXPECTED, pl.Float64, "by the other judges and own severity", unit="points"),
        Column(c.Q_VALUE, pl.Float64, "Benjamini-Hochberg over all pairs", nullable=False),
    ),
)

PANEL_ASIDE = Table(
    "panel_aside",
    (
        Column(c.REASON, pl.String, "why the scores were not used", nullable=False),
        Column(JUDGES_COUNT, pl.Int64, "judges it concerns", nullable=False),
        Column(N, pl.Int64, "scores", nullable=False),
    ),
)

HEADINGS = {
    JUDGE_NUMBER: Heading("Эксперт №", kind="count"),
    JUDGES_COUNT: Heading("Экспертов"),
    SCORES_COUNT: Heading("Оценок"),
    "entries": Heading("Работ"),
    MEAN_SCORE: Heading("Средний балл"),
    FAIR_SCORE: Heading("Балл без строгости экспертов"),
    MEAN_RANK: Heading("Место по среднему"),
    FAIR_RANK: Heading("Место без строгости", kind="count", digits=0),
    WIN_PROBABILITY: Heading("Вероятность победы", kind="share"),
    SEVERITY: Heading("Строгость", unit="баллов"),
    DIFFICULTY: Heading("Трудность", unit="баллов"),
    MISFIT: Heading("Разброс к ожидаемому"),
    RELIABILITY: Heading("Надёжность различий"),
    HALO: Heading("Связь баллов одной пары"),
}

CODES = {
    c.REASON: {
        "scored_all_alike": "эксперт ставит всем одно и то же",
        "interested_judge": "эксперт заинтересован",
        "no_score": "балла нет",
        "not_linked": "с остальными нет общих работ",
    },
}
