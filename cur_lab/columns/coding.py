"""Texts coded by people: how far coders agree, where they part, how good each is."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
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
        "coded_once": "сообщение кодировал один человек",
    },
}
