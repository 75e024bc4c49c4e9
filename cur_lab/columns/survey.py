"""Tables about surveys: weighted shares, weights, what is told beside a figure."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import N
from cur_lab.columns.briefing import QUESTION
from cur_lab.columns.folder import ANSWER, RESPONDENT
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

STRATUM = "stratum"
CLUSTER = "cluster"
NO_ANSWER = "no_answer"
DESIGN_EFFECT = "design_effect"
MARGIN_OF = "margin_of"
MARGIN_BEFORE = "margin_before"
MARGIN_AFTER = "margin_after"
MARGIN_KNOWN = "margin_known"
ITEM_OF_CARD = "item"
IS_GIVEN = "is_given"
TOLD = "told"

SURVEY_SHARES = Table(
    "survey_shares",
    (
        Column(QUESTION, pl.String, "what was asked", nullable=False),
        Column(ANSWER, pl.String, "what was answered", nullable=False),
        Column(N, pl.Int64, "respondents who answered the question", nullable=False),
        Column(NO_ANSWER, pl.Int64, "respondents who gave no answer", nullable=False),
        *interval(c.SHARE, "weighted, of those who answered; no ends: not determined"),
        Column(DESIGN_EFFECT, pl.Float64, "variance over that of a plain sample as large"),
        Column(c.REASON, pl.String, "why there is no margin; null: there is"),
    ),
)

RAKED = Table(
    "raked",
    (
        Column(RESPONDENT, pl.String, "number of the questionnaire", nullable=False),
        Column(c.WEIGHT, pl.Float64, "mean one", nullable=False),
    ),
)

RAKED_MARGINS = Table(
    "raked_margins",
    (
        Column(MARGIN_OF, pl.String, "what the respondents are weighed by", nullable=False),
        Column(c.VALUE, pl.String, "one of its values", nullable=False),
        Column(MARGIN_BEFORE, pl.Float64, "before weighing", nullable=False),
        Column(MARGIN_AFTER, pl.Float64, "after weighing", nullable=False),
        Column(MARGIN_KNOWN, pl.Float64, "known of the population", nullable=False),
    ),
)

SURVEY_CARD = Table(
    "survey_card",
    (
        Column(ITEM_OF_CARD, pl.String, "what is to be told", nullable=False),
        Column(IS_GIVEN, pl.Boolean, "whether it is", nullable=False),
        Column(TOLD, pl.String, "what the publication says; null: nothing"),
        Column(c.REASON, pl.String, "what to know of it; null: nothing"),
    ),
)

HEADINGS = {
    STRATUM: Heading("Слой"),
    CLUSTER: Heading("Точка опроса"),
    NO_ANSWER: Heading("Не ответили"),
    DESIGN_EFFECT: Heading("Эффект дизайна"),
    c.WEIGHT: Heading("Вес"),
    MARGIN_OF: Heading("По чему взвешено"),
    MARGIN_BEFORE: Heading("До взвешивания", kind="share"),
    MARGIN_AFTER: Heading("После взвешивания", kind="share"),
    MARGIN_KNOWN: Heading("Известно", kind="share"),
    IS_GIVEN: Heading("Указано"),
    TOLD: Heading("Что сказано"),
}

CODES = {
    c.REASON: {
        "self_selected": "отвечали по своему желанию: погрешность не определяется",
        "chance_unknown": "не сказано, как отбирали: погрешность не определяется",
        "one_cluster": "опрошено в одной точке: погрешность не определяется",
    },
}
