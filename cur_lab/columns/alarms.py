"""Alarms: unusual rises and what stands behind them."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import AUTHORS, INCIDENTS, MESSAGES_COUNT
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

EPISODE = "episode"
BEGAN_AT = "began_at"
DETECTED_AT = "detected_at"
MUNICIPALITIES_HIT = "municipalities"
STREETS = "streets"
FIRST_MESSAGES = "first_message_ids"
NOTICE_AT = "notice_at"
LAG_HOURS = "lag_hours"
EPISODES_COUNT = "episodes"
WIDE_COUNT = "wide"
CHANCE_PER_YEAR = "chance_per_year"
BORNE_PER_YEAR = "borne_per_year"
VOLUME = "volume"
WATCHED = "watched_series"
BURST = "smallest_burst"
NOTICED = "noticed"
EARLIER = "earlier"

_ALARM_SERIES = (
    Column(c.MUNICIPALITY, pl.String, "district; null: several at once, not stated, or not split"),
    Column(c.RUBRIC, pl.String, "official rubric; null: none set, or not split by it"),
)

_ALARM_SPLIT = (
    Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics, where split by it"),
    Column(c.TOPIC, pl.String, "topic of our model, where split by it"),
    Column(c.CHANNEL, pl.String, "channel, where split by it"),
    Column(c.AGENCY, pl.String, "body the message was sent on to, where split by it"),
)

ALARM_EPISODES = Table(
    "alarm episodes",
    (
        Column(EPISODE, pl.String, "identifier of the episode", nullable=False),
        *_ALARM_SERIES,
        Column(MUNICIPALITIES_HIT, pl.List(pl.String), "districts it covers", nullable=False),
        Column(
            c.KIND, pl.String, "series, shared, whole or term: what was watched", nullable=False
        ),
        Column(BEGAN_AT, TIME, "first message of the rise", nullable=False, unit="UTC"),
        Column(DETECTED_AT, TIME, "end of the period that raised it", nullable=False, unit="UTC"),
        Column(c.ENDED_AT, TIME, "last message before 24 quiet hours", nullable=False, unit="UTC"),
        Column(c.METHOD, pl.String, "method that judged the series", nullable=False),
        Column(c.HOURS, pl.Int64, "length of the window that raised it", nullable=False),
        Column(c.OBSERVED, pl.Int64, "counted in that window, an author once", nullable=False),
        *interval(c.EXPECTED, "expected in that window", nullable=False, ends="95 % range"),
        Column(
            CHANCE_PER_YEAR,
            pl.Float64,
            "episodes so strong expected by chance in a year over all series",
            nullable=False,
        ),
        Column(
            c.Q_VALUE,
            pl.Float64,
            "expected share of chance episodes among those so far that are at least as strong",
            nullable=False,
        ),
        Column(MESSAGES_COUNT, pl.Int64, "messages of the whole episode", nullable=False),
        Column(INCIDENTS, pl.Int64, "families and lone texts among them", nullable=False),
        Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
        Column(STREETS, pl.List(pl.String), "streets named most", nullable=False),
        Column(c.KEYWORDS, pl.List(pl.String), "words commoner than before", nullable=False),
        Column(FIRST_MESSAGES, pl.List(pl.String), "first messages", nullable=False),
        Column(NOTICE_AT, TIME, "first official notice; null: none known", unit="UTC"),
        Column(
            LAG_HOURS,
            pl.Float64,
            "notice less alarm; negative: the notice came first",
            unit="hours",
        ),
        Column(c.NOTE, pl.List(pl.String), "what to know when reading it", nullable=False),
    ),
    optional=_ALARM_SPLIT,
)

ALARM_EVIDENCE = Table(
    "alarm evidence",
    (
        Column(EPISODE, pl.String, "episode", nullable=False),
        Column(c.ORDER, pl.Int64, "turn of the message, 1 first", nullable=False),
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.PUBLISHED_AT, TIME, "when it was sent", nullable=False, unit="UTC"),
        Column(c.TEXT, pl.String, "its text, redacted", nullable=False),
    ),
)

ALARM_PLACES = Table(
    "alarm places",
    (
        Column(EPISODE, pl.String, "episode", nullable=False),
        Column(c.STREET, pl.String, "street named", nullable=False),
        Column(c.HOUSE, pl.String, "house; null: the street as a whole"),
        Column(MESSAGES_COUNT, pl.Int64, "messages that name it", nullable=False),
    ),
)

ALARM_CHECKS = Table(
    "alarm checks",
    (
        *_ALARM_SERIES,
        Column(MESSAGES_COUNT, pl.Int64, "messages it has", nullable=False, unit="messages"),
        Column(c.REASON, pl.String, "why nothing is said about it", nullable=False),
    ),
    optional=_ALARM_SPLIT,
)

ALARM_LAG = Table(
    "alarm lag",
    (
        Column(EPISODES_COUNT, pl.Int64, "episodes", nullable=False),
        Column(NOTICED, pl.Int64, "of these with a known notice", nullable=False),
        Column(EARLIER, pl.Int64, "of these raised before the notice", nullable=False),
        *interval(LAG_HOURS, "median of notice less alarm; null: too few", unit="hours"),
    ),
)

ALARM_SENSITIVITY = Table(
    "alarm sensitivity",
    (
        Column(BORNE_PER_YEAR, pl.Float64, "false episodes borne in a year", nullable=False),
        Column(EPISODES_COUNT, pl.Int64, "episodes", nullable=False),
        Column(WIDE_COUNT, pl.Int64, "of these by at least five authors", nullable=False),
    ),
)

ALARM_POWER = Table(
    "alarm power",
    (
        Column(VOLUME, pl.String, "how much is written to a series", nullable=False),
        Column(WATCHED, pl.Int64, "series heard of in four weeks", nullable=False, unit="series"),
        Column(BURST, pl.Int64, "smallest burst of an hour seen in 80 %", nullable=False),
    ),
)

HEADINGS = {
    VOLUME: Heading("Обычно пишут"),
    WATCHED: Heading("Рядов"),
    BURST: Heading("Всплеск за час, заметный в 80 % случаев, сообщений"),
    BEGAN_AT: Heading("Началось", kind="moment"),
    DETECTED_AT: Heading("Тревога", kind="moment"),
    MUNICIPALITIES_HIT: Heading("Где"),
    STREETS: Heading("Улицы", kind="street"),
    NOTICE_AT: Heading("Извещение", kind="moment"),
    LAG_HOURS: Heading("От тревоги до извещения", digits=1, unit="ч"),
    EPISODES_COUNT: Heading("Эпизодов"),
    WIDE_COUNT: Heading("Из них от пяти авторов"),
    CHANCE_PER_YEAR: Heading("Случайных таких в год", digits=3),
    BORNE_PER_YEAR: Heading("Ложных в год, не больше", digits=1),
    NOTICED: Heading("С извещением"),
    EARLIER: Heading("Тревога раньше"),
}

CODES = {
    c.KIND: {
        "series": "ряд",
        "shared": "общий подъём",
        "whole": "подъём всего источника",
        "term": "слова",
    },
    c.METHOD: {
        "scan": "скользящие окна",
        "rolling": "EARS C1, скользящий",
        "ears": "EARS",
        "farrington": "Farrington Flexible",
        "word_burst": "всплеск слова",
    },
    c.NOTE: {
        "shared_rise": "общий подъём нескольких районов: одно событие, а не отдельные находки",
        "whole_rise": "больше пишут обо всём сразу: один повод для всех, а не одна беда",
        "new_words": "слова, которых раньше почти не было; рубрики разные или не указаны",
        "no_rubric": "рубрика в этих сообщениях не указана",
        "mostly_copies": "больше половины сообщений почти дословно повторяют другие",
    },
    VOLUME: {
        "rare": "реже раза в десять дней",
        "below_one": "от раза в десять дней до раза в день",
        "below_ten": "от одного до десяти в день",
        "more": "десять в день и больше",
    },
    c.REASON: {
        "history_of_28_days": "история не длиннее 28 дней",
        "district_of_10_messages": "сообщений района не больше 10",
    },
}
