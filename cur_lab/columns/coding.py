"""Texts coded by people: how far coders agree, where they part, how good each is."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import MONTH
from cur_lab.columns.folder import CODE, CODER
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

CODERS_COUNT = "coders"
DOUBLE_CODED = "double_coded"
LARGEST_SHARE = "largest_share"
ALPHA = "alpha"
AC1 = "ac1"
GIVEN = "given"
OTHER_GIVEN = "other_given"
TIMES_PARTED = "times_parted"
CODER_ACCURACY = "coder_accuracy"
CODES_COUNT = "codes"

STRATUM_TEXTS = "stratum_texts"
MESSAGES_ALIKE = "messages_alike"
INCLUSION_PROBABILITY = "inclusion_probability"

N_CODED_TEXTS = "n_coded_texts"
N_POPULATION = "n_population"
MODEL_SHARE = "model_share"
TUNING = "tuning"
CORRELATION = "correlation"
EFFECTIVE_TEXTS = "effective_texts"
DIFFERENCE = "difference"
DIFFERENCE_LOW = "difference_low"
DIFFERENCE_HIGH = "difference_high"
WIDTH = "width"
ACCURACY = "accuracy"
ACCURACY_LOW = "accuracy_low"
ACCURACY_HIGH = "accuracy_high"

_SPLITS = (
    Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
    Column(MONTH, pl.Date, "its first day; null: no date"),
    Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
    Column(c.CHANNEL, pl.String, "channel; null: not stated"),
)

CODING_SAMPLE = Table(
    "coding_sample",
    (
        Column(c.MESSAGE_ID, pl.String, "first message of the text to be coded", nullable=False),
        Column(MESSAGES_ALIKE, pl.Int64, "messages that say the same, itself too", nullable=False),
        Column(STRATUM_TEXTS, pl.Int64, "texts of its stratum", nullable=False),
        Column(INCLUSION_PROBABILITY, pl.Float64, "that it was drawn", nullable=False),
        Column(c.WEIGHT, pl.Float64, "messages alike over the probability", nullable=False),
    ),
    optional=(
        Column(c.MUNICIPALITY, pl.String, "stratum"),
        Column(c.RUBRIC, pl.String, "stratum"),
        Column(c.CHANNEL, pl.String, "stratum"),
    ),
)

CODING_FORECAST = Table(
    "coding_forecast",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.PROBABILITY, pl.Float64, "that the code asked for is right of it"),
    ),
)

CODE_PREDICTIONS = Table(
    "code_predictions",
    (
        Column(c.MESSAGE_ID, pl.String, "every message, the coded ones too", nullable=False),
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(c.VALUE, pl.String, "what the model says; of coded messages out of fold"),
    ),
    optional=(
        Column(c.PROBABILITY, pl.Float64, "that it is right"),
        *_SPLITS,
    ),
)

PREVALENCE = Table(
    "prevalence",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(c.VALUE, pl.String, "one of its values", nullable=False),
        Column(N_CODED_TEXTS, pl.Int64, "texts people coded", nullable=False, unit="texts"),
        Column(N_POPULATION, pl.Int64, "messages it is about", nullable=False, unit="messages"),
        *interval(c.SHARE, "of the messages; null: too few texts coded"),
        Column(MODEL_SHARE, pl.Float64, "share by the model alone, biased", nullable=False),
        Column(TUNING, pl.Float64, "how far the model is listened to, 0 to 1"),
        Column(CORRELATION, pl.Float64, "of forecasts with codes; null: one of them is constant"),
        Column(EFFECTIVE_TEXTS, pl.Float64, "coded texts that alone would tell as much"),
        Column(c.REASON, pl.String, "what to know of the number; null: nothing"),
    ),
    optional=_SPLITS,
)

PREVALENCE_DIFFERENCES = Table(
    "prevalence_differences",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(c.VALUE, pl.String, "one of its values", nullable=False),
        *interval(DIFFERENCE, "share of the group minus that of all others"),
        Column(c.P_VALUE, pl.Float64, "of no difference"),
        Column(c.Q_VALUE, pl.Float64, "Benjamini-Hochberg over all rows"),
        Column(c.REASON, pl.String, "why nothing is told; null: it is"),
    ),
    optional=_SPLITS,
)

CODE_TRAINING = Table(
    "code_training",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(c.VALUE, pl.String, "texts people gave this value; null: all of them"),
        Column(N_CODED_TEXTS, pl.Int64, "texts", nullable=False, unit="texts"),
        *interval(ACCURACY, "share the model gave the same, not having seen them", nullable=False),
    ),
)

CODING_PLAN = Table(
    "coding_plan",
    (
        Column(c.SHARE, pl.Float64, "expected share of the code", nullable=False),
        Column(CORRELATION, pl.Float64, "of forecasts with codes", nullable=False),
        Column(WIDTH, pl.Float64, "length of the interval that is wanted", nullable=False),
        Column(N_CODED_TEXTS, pl.Int64, "texts to code; null: all would not do", unit="texts"),
    ),
)

AGREEMENT_QUESTIONS = Table(
    "agreement_questions",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(CODERS_COUNT, pl.Int64, "coders who answered it", nullable=False),
        Column(DOUBLE_CODED, pl.Int64, "messages with two codes or more", nullable=False),
        Column(LARGEST_SHARE, pl.Float64, "share of the commonest value among their codes"),
        *interval(ALPHA, "Krippendorff's alpha; null: one value only"),
        *interval(AC1, "Gwet's AC1, of nominal values; null: one value only"),
    ),
)

AGREEMENT_VALUES = Table(
    "agreement_values",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(c.VALUE, pl.String, "this value against all others", nullable=False),
        Column(CODES_COUNT, pl.Int64, "how often it was given, double-coded", nullable=False),
        *interval(ALPHA, "Krippendorff's alpha; null: one value only"),
        *interval(AC1, "Gwet's AC1; null: one value only"),
    ),
)

DISAGREEMENTS = Table(
    "disagreements",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(CODER, pl.String, "label of the coder", nullable=False),
        Column(GIVEN, pl.String, "what the coder chose", nullable=False),
        Column(OTHER_GIVEN, pl.String, "what another chose for the message", nullable=False),
        Column(TIMES_PARTED, pl.Int64, "pairs of codes that part so", nullable=False),
    ),
)

CODER_QUALITY = Table(
    "coder_quality",
    (
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(CODER, pl.String, "label of the coder", nullable=False),
        Column(CODES_COUNT, pl.Int64, "codes given to messages others coded too", nullable=False),
        *interval(CODER_ACCURACY, "share of right codes, Dawid-Skene; null: fewer than 3 coders"),
    ),
)

CODES_ASIDE = Table(
    "codes_aside",
    (
        Column(CODE, pl.String, "question of the codebook; null: not given"),
        Column(c.REASON, pl.String, "why the codes tell nothing of agreement", nullable=False),
        Column(CODES_COUNT, pl.Int64, "codes", nullable=False),
    ),
)

HEADINGS = {
    STRATUM_TEXTS: Heading("Текстов в слое"),
    MESSAGES_ALIKE: Heading("Сообщений с тем же текстом"),
    INCLUSION_PROBABILITY: Heading("Вероятность попасть в выборку", kind="share"),
    N_CODED_TEXTS: Heading("Текстов с кодами"),
    N_POPULATION: Heading("Сообщений всего"),
    MODEL_SHARE: Heading("По модели без поправки", kind="share"),
    TUNING: Heading("Вес модели"),
    CORRELATION: Heading("Корреляция с кодами"),
    EFFECTIVE_TEXTS: Heading("Как столько текстов без модели", digits=0),
    DIFFERENCE: Heading("Разность с остальными", kind="points"),
    ACCURACY: Heading("Верных прогнозов", kind="share"),
    WIDTH: Heading("Длина интервала", kind="points"),
    CODERS_COUNT: Heading("Кодировщиков"),
    DOUBLE_CODED: Heading("Сообщений с двумя кодами и более"),
    LARGEST_SHARE: Heading("Доля самого частого кода", kind="share"),
    ALPHA: Heading("α Криппендорфа"),
    AC1: Heading("AC1 Гвет"),
    GIVEN: Heading("Код"),
    OTHER_GIVEN: Heading("Код другого"),
    TIMES_PARTED: Heading("Пар кодов"),
    CODER_ACCURACY: Heading("Верных кодов", kind="share"),
    CODES_COUNT: Heading("Кодов"),
}

CODES = {
    c.REASON: {
        "no_code": "кодировщик не решил или клетка пуста",
        "exact_interval": "точный интервал: таких кодов или остальных меньше десяти",
        "few_coded_texts": "закодировано меньше пяти текстов: доля не определяется",
        "coded_once": "сообщение кодировал один человек",
    },
}
