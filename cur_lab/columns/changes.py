"""Lasting changes of counts, their parts, a move between channels."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import DAYS
from cur_lab.columns.counts import COUNTS, FDR, PERIOD_START
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

CHANGE_LOW = "change_low"
CHANGE_HIGH = "change_high"
CHANGED_AT = "changed_at"
CHANGED_LOW = "changed_low"
CHANGED_HIGH = "changed_high"
BEFORE_LOW = "before_low"
BEFORE_HIGH = "before_high"
AFTER_LOW = "after_low"
AFTER_HIGH = "after_high"
TREND = "trend"
SEASONAL_WEEK = "seasonal_week"
SEASONAL_YEAR = "seasonal_year"
REST = "rest"

CHANGES = Table(
    "changes",
    (
        Column(CHANGED_AT, TIME, "first day of the new level; null: none found", unit="UTC"),
        Column(CHANGED_LOW, TIME, "beginning of the 95 % interval of the date", unit="UTC"),
        Column(CHANGED_HIGH, TIME, "end of the 95 % interval of the date", unit="UTC"),
        *interval(c.BEFORE, "level before, at an average season", unit="per day"),
        *interval(c.AFTER, "level after, at an average season", unit="per day"),
        *interval(c.CHANGE, "relative change: 0.5 is half as much again", unit="share"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all series"),
        Column(c.UNIT, pl.String, "what was counted", nullable=False),
        Column(c.OBSERVED, pl.Int64, "counted on all the days compared", nullable=False),
        Column(DAYS, pl.Int64, "days compared", nullable=False, unit="days"),
        Column(c.VERDICT, pl.String, "more, less, nothing found or too little", nullable=False),
        Column(c.NOTE, pl.String, "that the season is not told from a change; else null"),
    ),
    optional=COUNTS.optional,
)

DECOMPOSITION = Table(
    "decomposition",
    (
        Column(PERIOD_START, TIME, "beginning of the day", nullable=False, unit="UTC"),
        Column(c.OBSERVED, pl.Float64, "counted; null where not recorded", unit="per day"),
        Column(TREND, pl.Float64, "slow part", nullable=False, unit="per day"),
        Column(SEASONAL_WEEK, pl.Float64, "part of the weekday", nullable=False, unit="per day"),
        Column(SEASONAL_YEAR, pl.Float64, "time of year; null: see note", unit="per day"),
        Column(REST, pl.Float64, "what is left; null where not recorded", unit="per day"),
        Column(c.NOTE, pl.String, "why there is no time of year; else null"),
    ),
    optional=COUNTS.optional,
)

FOUND_CHANGES = "changes"
CHANGED_SERIES = "changed_series"

CHANGE_SENSITIVITY = Table(
    "change_sensitivity",
    (
        Column(c.UNIT, pl.String, "what was counted", nullable=False),
        Column(FDR, pl.Float64, "false-discovery rate borne", nullable=False),
        Column(FOUND_CHANGES, pl.Int64, "changes found", nullable=False),
        Column(CHANGED_SERIES, pl.Int64, "series with a change", nullable=False),
    ),
)

OTHERS = "others"
PARTNERS = "partners"
OTHERS_LOW = "others_low"
OTHERS_HIGH = "others_high"
TOTAL = "total"
TOTAL_LOW = "total_low"
TOTAL_HIGH = "total_high"
SHARE_BEFORE = "share_before"
SHARE_AFTER = "share_after"

MIX = Table(
    "mix",
    (
        Column(c.CHANNEL, pl.String, "channel that changed; null: all together"),
        Column(CHANGED_AT, TIME, "first day of the new level; null: none found", unit="UTC"),
        Column(c.CHANGE, pl.Float64, "relative change of the channel: 0.5 is half as much again"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        *interval(OTHERS, "relative change of all other channels there", unit="share"),
        *interval(TOTAL, "relative change of all messages there", unit="share"),
        *interval(SHARE_BEFORE, "the channel's share of messages before", unit="share"),
        *interval(SHARE_AFTER, "the channel's share of messages after", unit="share"),
        Column(PARTNERS, pl.List(pl.String), "channels that moved with it; null: none found"),
        Column(c.VERDICT, pl.String, "a real rise or a move between channels", nullable=False),
    ),
    optional=tuple(column for column in COUNTS.optional if column.name != c.CHANNEL),
)

HEADINGS = {
    CHANGED_AT: Heading("С какого дня", kind="day"),
    CHANGED_LOW: Heading("Не раньше", kind="day"),
    CHANGED_HIGH: Heading("Не позже", kind="day"),
    c.BEFORE: Heading("Уровень до", digits=1, unit="в день"),
    c.AFTER: Heading("Уровень после", digits=1, unit="в день"),
    c.CHANGE: Heading("Изменение", kind="change"),
    FOUND_CHANGES: Heading("Изменений"),
    CHANGED_SERIES: Heading("Рядов с изменением"),
    TREND: Heading("Медленная часть", unit="в день"),
    SEASONAL_WEEK: Heading("Неделя", unit="в день"),
    SEASONAL_YEAR: Heading("Год", unit="в день"),
    REST: Heading("Остаток", unit="в день"),
    OTHERS: Heading("Остальные каналы", kind="change"),
    TOTAL: Heading("Все каналы", kind="change"),
    SHARE_BEFORE: Heading("Доля до", kind="share"),
    SHARE_AFTER: Heading("Доля после", kind="share"),
    PARTNERS: Heading("Вместе с ним сдвинулись"),
}

CODES = {
    c.NOTE: {
        "season_mixed_in": "сезон не отделён: данных меньше двух лет",
        "season_unseen": "сезона не видно: данных меньше двух лет",
        "season_does_not_repeat": "сезона нет: один год не повторяет другой",
    },
    c.VERDICT: {
        "more": "стало больше",
        "less": "стало меньше",
        "nothing_found": "изменений не найдено",
        "too_little": "недостаточно данных",
        "one_channel": "недостаточно данных: канал один или не указан",
        "total_unclear": "изменилось ли общее число, не определяется",
        "rose_together": "сообщений стало больше, доли каналов те же",
        "fell_together": "сообщений стало меньше, доли каналов те же",
        "rose_and_shifted": "сообщений стало больше, и доли каналов сдвинулись",
        "fell_and_shifted": "сообщений стало меньше, и доли каналов сдвинулись",
        "came_over": "люди перешли сюда из других каналов: всего столько же",
        "went_over": "люди ушли отсюда в другие каналы: всего столько же",
        "rose_with_all": "сообщений стало больше: канал вырос вместе со всеми",
        "fell_with_all": "сообщений стало меньше: канал упал вместе со всеми",
        "rose_most": "сообщений стало больше и здесь, и в остальных каналах вместе; "
        "здесь — сильнее",
        "fell_most": "сообщений стало меньше и здесь, и в остальных каналах вместе; "
        "здесь — сильнее",
        "rose_alone": "сообщений стало больше, но остальные каналы не следуют: "
        "стало ли больше бед или изменился круг пишущих, не определяется",
        "fell_alone": "сообщений стало меньше, но остальные каналы не следуют: "
        "стало ли меньше бед или изменился круг пишущих, не определяется",
        "share_shifted": "доля канала сдвинулась, всего столько же; какой канал изменился "
        "навстречу, не видно",
        "move_or_rise": "переход или изменение числа сообщений — не определяется",
    },
}
