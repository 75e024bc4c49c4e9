"""Answers and fixes: how long they take, what they say."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

EVENT = "event"
N = "n"
N_OPEN = "n_open"
MEDIAN = "median"
MEDIAN_LOW = "median_low"
MEDIAN_HIGH = "median_high"
P90 = "p90"
P90_LOW = "p90_low"
P90_HIGH = "p90_high"
WITHIN_TERM = "within_term"
WITHIN_TERM_LOW = "within_term_low"
WITHIN_TERM_HIGH = "within_term_high"
N_WITH_TERM = "n_with_term"
TERM_DAYS = "term_days"
DAYS = "days"
STILL_OPEN = "still_open"
STILL_OPEN_LOW = "still_open_low"
STILL_OPEN_HIGH = "still_open_high"
AT_RISK = "at_risk"
SINCE = "since"
CAUSE = "cause"
INCIDENCE = "incidence"
INCIDENCE_LOW = "incidence_low"
INCIDENCE_HIGH = "incidence_high"
N_ANSWERS = "n_answers"
BOILERPLATE = "boilerplate"
N_CODED = "n_coded"
TO_POINT = "to_point"
NAMES_SUBJECT = "names_subject"
AGE_DAYS = "age_days"
OVERDUE = "overdue"
RECIPIENT = "recipient"
EXTENSION_DAYS = "extension_days"
VALID_FROM = "valid_from"
VALID_TO = "valid_to"
IN_TIME = "in_time"
LATE = "late"
NOT_YET_DUE = "not_yet_due"
EXTENDED = "extended"
REDIRECTED = "redirected"
WITH_OTHERS = "with_others"
UNDETERMINED = "undetermined"
UNANSWERED = "unanswered"
N_NOT_REQUIRED = "n_not_required"

_GROUPS = (
    Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
    Column(c.AGENCY, pl.String, "body the message was sent on to; null: not stated"),
    Column(c.CHANNEL, pl.String, "channel; null: not stated"),
    Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
    Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics; null: none set"),
    Column(c.KIND, pl.String, "complaint, proposal, question …; null: not stated"),
)

LEGAL_TERMS = Table(
    "terms",
    (
        Column(c.REGIME, pl.String, "rules of the answer", nullable=False),
        Column(c.CHANNEL, pl.String, "channel it is for; null: any"),
        Column(RECIPIENT, pl.String, "level of the body; null: any"),
        Column(TERM_DAYS, pl.Int64, "from registration; null: none set by an act", unit="days"),
        Column(EXTENSION_DAYS, pl.Int64, "longest extension", unit="days"),
        Column(VALID_FROM, pl.Date, "first day in force; null: before any data"),
        Column(VALID_TO, pl.Date, "last day in force; null: still in force"),
        Column(c.SOURCE, pl.String, "act and article, or that there is none", nullable=False),
    ),
)

DEADLINES = Table(
    "deadlines",
    (
        Column(N, pl.Int64, "messages that call for an answer", nullable=False, unit="messages"),
        Column(IN_TIME, pl.Int64, "… answered by the day it was due", nullable=False),
        Column(LATE, pl.Int64, "… answered later", nullable=False),
        Column(NOT_YET_DUE, pl.Int64, "… without an answer, not yet due", nullable=False),
        Column(OVERDUE, pl.Int64, "… without an answer, due before the end", nullable=False),
        Column(EXTENDED, pl.Int64, "… of these four with a term that was extended", nullable=False),
        Column(REDIRECTED, pl.Int64, "… sent on to another body", nullable=False),
        Column(WITH_OTHERS, pl.Int64, "… whose text was answered to others", nullable=False),
        Column(UNDETERMINED, pl.Int64, "… whose term is not known", nullable=False),
        Column(UNANSWERED, pl.Int64, "… of these without an answer", nullable=False),
        Column(N_NOT_REQUIRED, pl.Int64, "messages that call for none", nullable=False),
    ),
    optional=_GROUPS,
)

DEADLINE_REASONS = Table(
    "deadline_reasons",
    (
        Column(c.REASON, pl.String, "why a term is not known", nullable=False),
        Column(N, pl.Int64, "messages", nullable=False, unit="messages"),
    ),
)

RESOLUTION = Table(
    "resolution",
    (
        Column(EVENT, pl.String, "answer or resolution", nullable=False),
        Column(N, pl.Int64, "messages followed", nullable=False, unit="messages"),
        Column(N_OPEN, pl.Int64, "… without the event by the end (censored)", nullable=False),
        Column(MEDIAN, pl.Float64, "time by which half had it; null: not reached", unit="days"),
        Column(MEDIAN_LOW, pl.Float64, "lower end of the 95 % interval", unit="days"),
        Column(MEDIAN_HIGH, pl.Float64, "upper end; null: not bounded by the data", unit="days"),
        Column(P90, pl.Float64, "time by which nine of ten had it; null: not reached", unit="days"),
        Column(P90_LOW, pl.Float64, "lower end of the 95 % interval", unit="days"),
        Column(P90_HIGH, pl.Float64, "upper end; null: not bounded by the data", unit="days"),
        *interval(WITHIN_TERM, "share answered within the legal term, from writing"),
        Column(N_WITH_TERM, pl.Int64, "messages of channels with a term", nullable=False),
        Column(TERM_DAYS, pl.Int64, "legal term; null: none set by an act", unit="days"),
        Column(c.SOURCE, pl.String, "act and article, or that there is none", nullable=False),
        Column(c.REASON, pl.String, "what cannot be said; null: nothing"),
    ),
    optional=_GROUPS,
)

RESOLUTION_CURVES = Table(
    "resolution_curves",
    (
        Column(EVENT, pl.String, "answer or resolution", nullable=False),
        Column(DAYS, pl.Float64, "since the message was written", nullable=False, unit="days"),
        Column(STILL_OPEN, pl.Float64, "share without the event (Kaplan-Meier)", nullable=False),
        Column(STILL_OPEN_LOW, pl.Float64, "lower end of the 95 % band"),
        Column(STILL_OPEN_HIGH, pl.Float64, "upper end of the 95 % band"),
        Column(AT_RISK, pl.Int64, "messages still followed", nullable=False, unit="messages"),
    ),
    optional=_GROUPS,
)

RESOLUTION_RISKS = Table(
    "resolution_risks",
    (
        Column(SINCE, pl.String, "written, answered or fixed: from when", nullable=False),
        Column(CAUSE, pl.String, "what came first: answer, fixed or reopened", nullable=False),
        Column(DAYS, pl.Int64, "by this time", nullable=False, unit="days"),
        Column(N, pl.Int64, "messages followed", nullable=False, unit="messages"),
        *interval(INCIDENCE, "cumulative incidence (Aalen-Johansen); null: not followed"),
        Column(c.REASON, pl.String, "what cannot be said; null: nothing"),
    ),
    optional=_GROUPS,
)

ANSWER_QUALITY = Table(
    "answer_quality",
    (
        Column(N_ANSWERS, pl.Int64, "answers with a text", nullable=False, unit="answers"),
        *interval(BOILERPLATE, "share of answers also given to others; null: too few"),
        Column(N_CODED, pl.Int64, "answers coded by people", nullable=False, unit="answers"),
        *interval(TO_POINT, "share of coded answers that are to the point"),
        *interval(NAMES_SUBJECT, "share that names the message's subject; a proxy"),
        Column(c.REASON, pl.String, "what cannot be said; null: nothing"),
    ),
    optional=_GROUPS,
)

BACKLOG = Table(
    "backlog",
    (
        Column(c.MESSAGE_ID, pl.String, "message without the event", nullable=False),
        Column(EVENT, pl.String, "answer or resolution", nullable=False),
        Column(c.PUBLISHED_AT, TIME, "when it was written", nullable=False, unit="UTC"),
        Column(AGE_DAYS, pl.Float64, "open for so long", nullable=False, unit="days"),
        Column(OVERDUE, pl.Boolean, "older than the legal term; null: none set by an act"),
    ),
    optional=_GROUPS,
)

RESOLUTION_REJECTED = Table(
    "resolution_rejected",
    (
        Column(c.MESSAGE_ID, pl.String, "message left out"),
        Column(c.REASON, pl.String, "why", nullable=False),
    ),
)

HEADINGS = {
    EVENT: Heading("Чего ждут"),
    N: Heading("Сообщений под наблюдением"),
    N_OPEN: Heading("Из них ещё ждут"),
    MEDIAN: Heading("Половина за", digits=1, unit="дней"),
    P90: Heading("Девять десятых за", digits=1, unit="дней"),
    WITHIN_TERM: Heading("В срок по закону", kind="share"),
    N_WITH_TERM: Heading("Со сроком по закону"),
    TERM_DAYS: Heading("Срок", unit="дней"),
    c.SOURCE: Heading("Чем установлен срок"),
    DAYS: Heading("Дней", digits=1),
    STILL_OPEN: Heading("Ещё ждут", kind="share"),
    SINCE: Heading("С какого времени"),
    CAUSE: Heading("Что раньше"),
    INCIDENCE: Heading("Доля", kind="share"),
    N_ANSWERS: Heading("Ответов", absent="текстов ответов"),
    BOILERPLATE: Heading("Одинаковых с другими", kind="share"),
    N_CODED: Heading("Ответов, оценённых людьми"),
    TO_POINT: Heading("По существу", kind="share", absent="оценок людей"),
    NAMES_SUBJECT: Heading("Называет предмет", kind="share"),
    AGE_DAYS: Heading("Ждёт", digits=0, unit="дней"),
    OVERDUE: Heading("Просрочено"),
    RECIPIENT: Heading("Кому"),
    EXTENSION_DAYS: Heading("Продление до", unit="дней"),
    VALID_FROM: Heading("Действует с", kind="day"),
    VALID_TO: Heading("Действует по", kind="day"),
    IN_TIME: Heading("Ответ в срок"),
    LATE: Heading("Ответ позже срока"),
    NOT_YET_DUE: Heading("Срок не истёк"),
    EXTENDED: Heading("Срок продлён"),
    REDIRECTED: Heading("Перенаправлено"),
    WITH_OTHERS: Heading("Ответ дан другим с тем же текстом"),
    UNDETERMINED: Heading("Срок не определяется"),
    UNANSWERED: Heading("Из них без ответа"),
    N_NOT_REQUIRED: Heading("Ответа не требует"),
}

CODES = {
    EVENT: {"answer": "ответ", "resolution": "отметка об устранении"},
    SINCE: {"written": "написано", "answered": "дан ответ", "fixed": "отмечено устранённым"},
    CAUSE: {
        "answer": "ответ без отметки об устранении",
        "fixed": "отмечено устранённым",
        "reopened": "открыто снова",
    },
    c.SOURCE: {
        "not_known": "не установлено",
        "no_term_in_networks": "нет: срок ответа на сообщение в социальной сети федеральным "
        "законом не установлен",
        "no_fix_term": "нет: срок устранения 59-ФЗ не установлен",
        "no_act_found": "источник не найден: срок берётся из выгрузки, если он там есть",
    },
    c.REASON: {
        "too_few": "недостаточно данных",
        "median_not_reached": "половина не достигнута: событий слишком мало",
        "p90_not_reached": "девять десятых не достигнуты: событий слишком мало",
        "not_recorded": "не определяется по этим данным",
        "not_followed": "наблюдали меньше этого срока",
        "none_coded": "по существу ли ответ, не определяется: нет оценок людей",
        "few_coded": "по существу ли ответ, не определяется: оценок людей мало",
        "no_date": "нет даты",
        "answered_before_written": "ответ раньше сообщения",
        "fixed_before_written": "отметка об устранении раньше сообщения",
        "reopened_never_closed": "открыто снова, хотя не закрывалось",
        "reopened_before_closed": "открыто снова раньше, чем закрыто",
        "no_regime": "неизвестно, по каким правилам даётся ответ",
        "no_term": "для этих правил срок не установлен актом и не назван в выгрузке",
        "not_registered": "нет времени регистрации",
        "not_connected": "ведомство тогда не было подключено",
        "due_before_registered": "срок раньше регистрации",
        "extended_before_due": "продлено до срока, который раньше прежнего",
        "redirected_before_registered": "перенаправлено раньше регистрации",
        "two_regimes": "у одного сообщения два порядка рассмотрения",
    },
}
