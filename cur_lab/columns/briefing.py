"""What a team reads before a live broadcast."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import AGE_DAYS, MEDIAN, OVERDUE, UNDETERMINED
from cur_lab.columns.counts import AUTHORS, INCIDENTS, MESSAGES_COUNT
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

SUBJECT = "subject"
QUESTION = "question"
WAITING = "waiting"
OLDEST_DAYS = "oldest_days"
STATE = "state"
WINDOW_DAYS = "window_days"

BRIEFING_PROBLEMS = Table(
    "briefing_problems",
    (
        Column(
            SUBJECT, pl.String, "official rubric, or topic where there are none", nullable=False
        ),
        Column(MESSAGES_COUNT, pl.Int64, "messages of the window", nullable=False, unit="messages"),
        Column(INCIDENTS, pl.Int64, "families of texts", nullable=False, unit="families"),
        Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
        *interval(c.SHARE, "of the district's messages", nullable=False),
        *interval(
            c.EXPECTED, "usual for the season", unit="messages", ends="95 % prediction interval"
        ),
        *interval(c.CHANGE, "against the expected, 0.5 is half as much again"),
        Column(c.Q_VALUE, pl.Float64, "Benjamini-Hochberg over the subjects"),
        Column(c.VERDICT, pl.String, "above, below or within the norm", nullable=False),
    ),
)

BRIEFING_UNUSUAL = Table(
    "briefing_unusual",
    (
        Column(WINDOW_DAYS, pl.Int64, "length of the window", nullable=False, unit="days"),
        *BRIEFING_PROBLEMS.columns,
    ),
)

BRIEFING_QUESTIONS = Table(
    "briefing_questions",
    (
        Column(QUESTION, pl.String, "first words of the most central public one; null: none"),
        Column(SUBJECT, pl.String, "commonest subject of those who ask"),
        Column(MESSAGES_COUNT, pl.Int64, "messages that ask it", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "people who ask it; null: fewer than five", unit="people"),
        *interval(c.SHARE, "of all who ask anything; null: fewer than five ask this"),
    ),
)

BRIEFING_QUOTES = Table(
    "briefing_quotes",
    (
        Column(SUBJECT, pl.String, "subject of the message", nullable=False),
        Column(c.TEXT, pl.String, "its first words, redacted", nullable=False),
    ),
)

BRIEFING_BACKLOG = Table(
    "briefing_backlog",
    (
        Column(c.AGENCY, pl.String, "body the messages were sent on to", nullable=False),
        Column(WAITING, pl.Int64, "messages without an answer", nullable=False, unit="messages"),
        Column(OVERDUE, pl.Int64, "… due before the end; null: no term of them is known"),
        Column(UNDETERMINED, pl.Int64, "… whose term is not known", nullable=False),
        Column(OLDEST_DAYS, pl.Float64, "longest time one waits", unit="days"),
        *interval(MEDIAN, "time by which half are answered", unit="days"),
    ),
)

BRIEFING_OLDEST = Table(
    "briefing_oldest",
    (
        Column(c.MESSAGE_ID, pl.String, "the message", nullable=False),
        Column(SUBJECT, pl.String, "its subject"),
        Column(c.AGENCY, pl.String, "body it was sent on to", nullable=False),
        Column(AGE_DAYS, pl.Float64, "time since it was written", nullable=False, unit="days"),
        Column(STATE, pl.String, "unanswered or reopened", nullable=False),
        Column(c.STREET, pl.String, "street it names, never the house; null: none"),
    ),
)

BRIEFING_OUTCOMES = Table(
    "briefing_outcomes",
    (
        Column(c.DECISION_ID, pl.String, "decision", nullable=False),
        Column(c.TITLE, pl.String, "what was decided", nullable=False),
        Column(c.DECIDED_AT, TIME, "when", nullable=False, unit="UTC"),
        *interval(c.CHANGE, "of complaints against the counterfactual, a share"),
        Column(c.VERDICT, pl.String, "as of the impact", nullable=False),
    ),
)

BRIEFING_FACTS = Table(
    "briefing_facts",
    (
        Column("fact", pl.String, "what is stated", nullable=False),
        Column(c.VALUE, pl.Int64, "how many", nullable=False),
        Column(c.SHARE, pl.Float64, "of the messages; null: of nothing"),
    ),
)

HEADINGS = {
    WINDOW_DAYS: Heading("Окно", unit="дней"),
    SUBJECT: Heading("Рубрика"),
    QUESTION: Heading("Вопрос"),
    WAITING: Heading("Без ответа"),
    OLDEST_DAYS: Heading("Старейшее", digits=0, unit="дней"),
    STATE: Heading("Состояние"),
}

CODES = {
    "fact": {
        "messages": "сообщений",
        "authors": "авторов",
        "unlabelled": "без рубрики",
        "waiting": "ждут первого ответа, за всё время",
        "reopened": "открыты снова после ответа",
    },
    STATE: {"unanswered": "без ответа", "reopened": "ответ дан, проблема открыта снова"},
    c.VERDICT: {
        "above_norm": "выше нормы",
        "maybe_above": "возможно, выше",
        "within_norm": "в пределах нормы",
        "maybe_below": "возможно, ниже",
        "below_norm": "ниже нормы",
        "short_history": "недостаточно данных о прошлом",
    },
}
