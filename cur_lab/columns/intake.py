"""Tables about an intake under attack."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.campaigns import FAMILIES_COUNT
from cur_lab.columns.counts import AUTHORS, MESSAGES_COUNT, PERIOD_START
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

IN_FAMILIES = "in_families"
NEW_ACCOUNTS = "new_accounts"
IN_SURGE = "in_surge"
FILTER = "filter"
WINDOW = "window"
SURGES = "surges"
ALLOWED = "allowed"
STOPPED_ATTACK = "stopped_attack"
STOPPED_HONEST = "stopped_honest"
ATTACK_SHARE = "attack_share"
HONEST_SHARE = "honest_share"

INTAKE_VOLUME = Table(
    "intake_volume",
    (
        Column(PERIOD_START, TIME, "beginning of the bin", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        *interval(c.EXPECTED, "norm of the hour of the week", nullable=False, ends="95 % range"),
        Column(c.P_VALUE, pl.Float64, "of as many or more", nullable=False),
        Column(c.Q_VALUE, pl.Float64, "over all bins, empty ones too", nullable=False),
        Column(IN_FAMILIES, pl.Int64, "whose text has a copy in the data", nullable=False),
        Column(AUTHORS, pl.Int64, "different authors; 0 if unknown", nullable=False),
        Column(NEW_ACCOUNTS, pl.Int64, "of accounts younger than 30 days; null: unknown"),
        Column(IN_SURGE, pl.Boolean, "part of a surge", nullable=False),
    ),
)

INTAKE_SURGES = Table(
    "intake_surges",
    (
        Column(c.STARTED_AT, TIME, "beginning of the first loud bin", nullable=False, unit="UTC"),
        Column(c.ENDED_AT, TIME, "end of the last loud bin", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(c.EXPECTED, pl.Float64, "norm of these hours", nullable=False, unit="messages"),
        *interval(c.EXCESS, "beyond the norm", nullable=False, unit="messages"),
        Column(c.Q_VALUE, pl.Float64, "of its loudest bin", nullable=False),
        Column(IN_FAMILIES, pl.Int64, "said by three or more within the surge", nullable=False),
        Column(FAMILIES_COUNT, pl.Int64, "families of these", nullable=False),
        Column(AUTHORS, pl.Int64, "different authors; 0 if unknown", nullable=False),
        Column(NEW_ACCOUNTS, pl.Int64, "of accounts younger than 30 days; null: unknown"),
    ),
)

INTAKE_FILTERS = Table(
    "intake_filters",
    (
        Column(FILTER, pl.String, "rate (per author) or duplicates (per family)", nullable=False),
        Column(WINDOW, pl.String, "10m, 1h or 1d, sliding", nullable=False),
        Column(ALLOWED, pl.Int64, "let through within the window", nullable=False),
        Column(STOPPED_ATTACK, pl.Int64, "stopped of the attack", nullable=False),
        Column(STOPPED_HONEST, pl.Int64, "stopped of all others", nullable=False),
        *interval(ATTACK_SHARE, "share of the attack stopped; null: no attack"),
        *interval(HONEST_SHARE, "share of the others stopped; null: no others"),
    ),
)

INTAKE_SENSITIVITY = Table(
    "intake_sensitivity",
    (
        Column(WINDOW, pl.String, "length of a bin", nullable=False),
        Column(SURGES, pl.Int64, "surges found", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages of the largest", nullable=False),
    ),
)

HEADINGS = {
    IN_FAMILIES: Heading("С повторами"),
    NEW_ACCOUNTS: Heading("Новых учётных записей"),
    FILTER: Heading("Фильтр"),
    WINDOW: Heading("Окно"),
    ALLOWED: Heading("Пропускать"),
    STOPPED_ATTACK: Heading("Остановлено атаки"),
    STOPPED_HONEST: Heading("Остановлено остальных"),
    ATTACK_SHARE: Heading("Доля атаки", kind="share"),
    HONEST_SHARE: Heading("Доля остальных", kind="share"),
    SURGES: Heading("Всплесков"),
}
CODES = {
    FILTER: {"rate": "частота на автора", "duplicates": "повторы текста"},
    WINDOW: {"10m": "10 минут", "30m": "30 минут", "1h": "час", "1d": "сутки"},
    c.TEST: {
        "volume": "объём по времени, всплески и фильтры",
        "rate": "ограничение частоты на автора",
        "new_accounts": "новые учётные записи",
        "duplicates": "фильтр повторов",
        "filters": "фильтры",
    },
    c.REASON: {
        "no_account_dates": "неизвестно, когда учётные записи созданы",
        "no_copies": "повторяющихся текстов нет",
        "little_to_stop": "подозрительных повторов во всплесках меньше десяти: их доли не показаны",
        "nothing_to_stop": (
            "всплесков с одинаковыми текстами или частыми авторами нет: останавливать нечего"
        ),
    },
}
