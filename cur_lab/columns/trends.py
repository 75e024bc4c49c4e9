"""Tables about complaints over time: counts, alarms, change, decisions, answers."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.table import TIME, Column, Table

PERIOD_START = "period_start"
MESSAGES_COUNT = "messages"
INCIDENTS = "incidents"
AUTHORS = "authors"
RATE = "rate"
RATE_LOW = "rate_low"
RATE_HIGH = "rate_high"
RECORDED = "recorded"
EPISODE = "episode"
BEGAN_AT = "began_at"
DETECTED_AT = "detected_at"
MUNICIPALITIES_HIT = "municipalities"
STREETS = "streets"
FIRST_MESSAGES = "first_message_ids"
NOTICE_AT = "notice_at"
LAG_HOURS = "lag_hours"

CHANGE_LOW = "change_low"
CHANGE_HIGH = "change_high"
SUBJECT = "subject"
QUESTION = "question"
WAITING = "waiting"
OLDEST_DAYS = "oldest_days"
STATE = "state"

COUNTS = Table(
    "counts",
    (
        Column(PERIOD_START, TIME, "beginning of the period", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages, raw", nullable=False, unit="messages"),
        Column(INCIDENTS, pl.Int64, "families of texts", nullable=False, unit="families"),
        Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
        Column(c.POPULATION, pl.Int64, "residents; null if unknown", unit="people"),
        Column(RATE, pl.Float64, "messages per 10,000 residents; null if these are unknown"),
        Column(RATE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(RATE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(
            RECORDED,
            pl.Boolean,
            "false where the whole source is silent, so that a zero means nothing",
            nullable=False,
        ),
    ),
    optional=(
        Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics; null: none set"),
        Column(c.TOPIC, pl.String, "topic of our model"),
        Column(c.CHANNEL, pl.String, "channel"),
        Column(c.AGENCY, pl.String, "body the message was sent on to"),
        Column(c.KIND, pl.String, "complaint, proposal, question …"),
    ),
)

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
        Column(c.KIND, pl.String, "series, shared or term: what was watched", nullable=False),
        Column(BEGAN_AT, TIME, "first message of the rise", nullable=False, unit="UTC"),
        Column(DETECTED_AT, TIME, "end of the period that raised it", nullable=False, unit="UTC"),
        Column(c.ENDED_AT, TIME, "last message before 24 quiet hours", nullable=False, unit="UTC"),
        Column(c.METHOD, pl.String, "method that judged the series", nullable=False),
        Column(c.HOURS, pl.Int64, "length of the window that raised it", nullable=False),
        Column(c.OBSERVED, pl.Int64, "counted in that window, an author once", nullable=False),
        Column(c.EXPECTED, pl.Float64, "expected in that window", nullable=False),
        Column(c.EXPECTED_LOW, pl.Float64, "lower end of its 95 % range", nullable=False),
        Column(c.EXPECTED_HIGH, pl.Float64, "upper end of its 95 % range", nullable=False),
        Column(
            c.P_VALUE,
            pl.Float64,
            "expected chance alarms so strong per period over all series",
            nullable=False,
        ),
        Column(
            c.Q_VALUE,
            pl.Float64,
            "smallest online false-discovery rate that would raise it",
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
        Column(c.NOTE, pl.String, "what to know when reading it; else empty", nullable=False),
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

ALARM_SKIPPED = Table(
    "alarms not judged",
    (
        *_ALARM_SERIES,
        Column(MESSAGES_COUNT, pl.Int64, "messages it has", nullable=False, unit="messages"),
        Column(c.REASON, pl.String, "why nothing is said about it", nullable=False),
    ),
    optional=_ALARM_SPLIT,
)

# --- answers and resolution ---------------------------------------------------------------------
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
BOILERPLATE_LOW = "boilerplate_low"
BOILERPLATE_HIGH = "boilerplate_high"
N_CODED = "n_coded"
TO_POINT = "to_point"
TO_POINT_LOW = "to_point_low"
TO_POINT_HIGH = "to_point_high"
NAMES_SUBJECT = "names_subject"
NAMES_SUBJECT_LOW = "names_subject_low"
NAMES_SUBJECT_HIGH = "names_subject_high"
AGE_DAYS = "age_days"
OVERDUE = "overdue"

_GROUPS = (
    Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
    Column(c.AGENCY, pl.String, "body the message was sent on to; null: not stated"),
    Column(c.CHANNEL, pl.String, "channel; null: not stated"),
    Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
    Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics; null: none set"),
    Column(c.KIND, pl.String, "complaint, proposal, question …; null: not stated"),
)

TERMS = Table(
    "terms",
    (
        Column(c.CHANNEL, pl.String, "channel", nullable=False),
        Column(TERM_DAYS, pl.Int64, "term of the answer; null: none set by an act", unit="days"),
        Column(c.SOURCE, pl.String, "act and article, or that there is none", nullable=False),
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
        Column(WITHIN_TERM, pl.Float64, "share answered within the legal term, from writing"),
        Column(WITHIN_TERM_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(WITHIN_TERM_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(N_WITH_TERM, pl.Int64, "messages of channels with a term", nullable=False),
        Column(TERM_DAYS, pl.Int64, "legal term; null: none set by an act", unit="days"),
        Column(c.SOURCE, pl.String, "act and article, or that there is none", nullable=False),
        Column(c.NOTE, pl.String, "what cannot be said, in Russian", nullable=False),
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
        Column(INCIDENCE, pl.Float64, "cumulative incidence (Aalen-Johansen); null: not followed"),
        Column(INCIDENCE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(INCIDENCE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.NOTE, pl.String, "what cannot be said, in Russian", nullable=False),
    ),
    optional=_GROUPS,
)

ANSWER_QUALITY = Table(
    "answer_quality",
    (
        Column(N_ANSWERS, pl.Int64, "answers with a text", nullable=False, unit="answers"),
        Column(BOILERPLATE, pl.Float64, "share of answers also given to others; null: too few"),
        Column(BOILERPLATE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(BOILERPLATE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(N_CODED, pl.Int64, "answers coded by people", nullable=False, unit="answers"),
        Column(TO_POINT, pl.Float64, "share of coded answers that are to the point"),
        Column(TO_POINT_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(TO_POINT_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(NAMES_SUBJECT, pl.Float64, "share that names the message's subject; a proxy"),
        Column(NAMES_SUBJECT_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(NAMES_SUBJECT_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.NOTE, pl.String, "what cannot be said, in Russian", nullable=False),
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
        Column(c.REASON, pl.String, "why, in Russian", nullable=False),
    ),
)

BRIEFING_PROBLEMS = Table(
    "briefing_problems",
    (
        Column(
            SUBJECT, pl.String, "official rubric, or topic where there are none", nullable=False
        ),
        Column(MESSAGES_COUNT, pl.Int64, "messages of the window", nullable=False, unit="messages"),
        Column(INCIDENTS, pl.Int64, "families of texts", nullable=False, unit="families"),
        Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
        Column(c.SHARE, pl.Float64, "of the district's messages", nullable=False),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.EXPECTED, pl.Float64, "usual for the season", unit="messages"),
        Column(c.EXPECTED_LOW, pl.Float64, "lower end of the 95 % prediction interval"),
        Column(c.EXPECTED_HIGH, pl.Float64, "upper end of the 95 % prediction interval"),
        Column(c.CHANGE, pl.Float64, "against the expected, 0.5 is half as much again"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.Q_VALUE, pl.Float64, "Benjamini-Hochberg over the subjects"),
        Column(c.NOTE, pl.String, "above, below or within the norm, in words", nullable=False),
    ),
)

BRIEFING_QUESTIONS = Table(
    "briefing_questions",
    (
        Column(QUESTION, pl.String, "the most central sentence, redacted", nullable=False),
        Column(SUBJECT, pl.String, "commonest subject of those who ask"),
        Column(MESSAGES_COUNT, pl.Int64, "messages that ask it", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "people who ask it", nullable=False, unit="people"),
        Column(c.SHARE, pl.Float64, "of all who ask anything", nullable=False),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
    ),
)

BRIEFING_QUOTES = Table(
    "briefing_quotes",
    (
        Column(SUBJECT, pl.String, "subject of the message", nullable=False),
        Column(c.TEXT, pl.String, "its beginning, redacted", nullable=False),
    ),
)

BRIEFING_BACKLOG = Table(
    "briefing_backlog",
    (
        Column(c.AGENCY, pl.String, "body the messages were sent on to", nullable=False),
        Column(WAITING, pl.Int64, "messages without an answer", nullable=False, unit="messages"),
        Column(OVERDUE, pl.Int64, "… older than the legal term, where one is set"),
        Column(OLDEST_DAYS, pl.Float64, "longest time one waits", unit="days"),
        Column(MEDIAN, pl.Float64, "time by which half are answered", unit="days"),
        Column(MEDIAN_LOW, pl.Float64, "lower end of the 95 % interval", unit="days"),
        Column(MEDIAN_HIGH, pl.Float64, "upper end of the 95 % interval", unit="days"),
    ),
)

BRIEFING_OLDEST = Table(
    "briefing_oldest",
    (
        Column(c.MESSAGE_ID, pl.String, "the message", nullable=False),
        Column(SUBJECT, pl.String, "its subject"),
        Column(c.AGENCY, pl.String, "body it was sent on to", nullable=False),
        Column(AGE_DAYS, pl.Float64, "time since it was written", nullable=False, unit="days"),
        Column(STATE, pl.String, "without an answer, or reopened", nullable=False),
        Column(c.TEXT, pl.String, "its beginning, redacted", nullable=False),
    ),
)

BRIEFING_OUTCOMES = Table(
    "briefing_outcomes",
    (
        Column(c.DECISION_ID, pl.String, "decision", nullable=False),
        Column(c.TITLE, pl.String, "what was decided", nullable=False),
        Column(c.DECIDED_AT, TIME, "when", nullable=False, unit="UTC"),
        Column(c.CHANGE, pl.Float64, "of complaints against the counterfactual, a share"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.NOTE, pl.String, "what it means, or why it is not determined", nullable=False),
    ),
)

BRIEFING_FACTS = Table(
    "briefing_facts",
    (
        Column("fact", pl.String, "what is stated", nullable=False),
        Column(c.VALUE, pl.String, "number in words of a reader", nullable=False),
    ),
)

# --- lasting changes, decomposition, shift of channels, places ------------------------------------
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
        Column(c.BEFORE, pl.Float64, "level before, at an average season", unit="per day"),
        Column(BEFORE_LOW, pl.Float64, "lower end of the 95 % interval", unit="per day"),
        Column(BEFORE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="per day"),
        Column(c.AFTER, pl.Float64, "level after, at an average season", unit="per day"),
        Column(AFTER_LOW, pl.Float64, "lower end of the 95 % interval", unit="per day"),
        Column(AFTER_HIGH, pl.Float64, "upper end of the 95 % interval", unit="per day"),
        Column(c.CHANGE, pl.Float64, "relative change: 0.5 is half as much again", unit="share"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all series"),
        Column(c.VERDICT, pl.String, "the finding in words", nullable=False),
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
        Column(SEASONAL_YEAR, pl.Float64, "time of year; null below two years", unit="per day"),
        Column(REST, pl.Float64, "what is left; null where not recorded", unit="per day"),
    ),
    optional=COUNTS.optional,
)

OTHERS = "others"
OTHERS_LOW = "others_low"
OTHERS_HIGH = "others_high"
TOTAL = "total"
TOTAL_LOW = "total_low"
TOTAL_HIGH = "total_high"
SHARE_BEFORE = "share_before"
SHARE_BEFORE_LOW = "share_before_low"
SHARE_BEFORE_HIGH = "share_before_high"
SHARE_AFTER = "share_after"
SHARE_AFTER_LOW = "share_after_low"
SHARE_AFTER_HIGH = "share_after_high"

MIX = Table(
    "mix",
    (
        Column(c.CHANNEL, pl.String, "channel that changed; null: all together"),
        Column(CHANGED_AT, TIME, "first day of the new level; null: none found", unit="UTC"),
        Column(c.CHANGE, pl.Float64, "relative change of the channel: 0.5 is half as much again"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(OTHERS, pl.Float64, "relative change of all other channels there", unit="share"),
        Column(OTHERS_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(OTHERS_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(TOTAL, pl.Float64, "relative change of all messages there", unit="share"),
        Column(TOTAL_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(TOTAL_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(SHARE_BEFORE, pl.Float64, "the channel's share of messages before", unit="share"),
        Column(SHARE_BEFORE_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(SHARE_BEFORE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(SHARE_AFTER, pl.Float64, "the channel's share of messages after", unit="share"),
        Column(SHARE_AFTER_LOW, pl.Float64, "lower end of the 95 % interval", unit="share"),
        Column(SHARE_AFTER_HIGH, pl.Float64, "upper end of the 95 % interval", unit="share"),
        Column(c.VERDICT, pl.String, "a real rise or a move between channels", nullable=False),
    ),
    optional=tuple(column for column in COUNTS.optional if column.name != c.CHANNEL),
)

# --- what a decision did --------------------------------------------------------------------------
CHECK = "check"
CLOSED = "closed"
REOPENED = "reopened"
WEEKS_SINCE = "weeks_since"
DISTRICTS = "districts"

_CHANGE = (
    Column(c.CHANGE, pl.Float64, "change against what was expected; null: no number", unit="%"),
    Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % interval", unit="%"),
    Column(CHANGE_HIGH, pl.Float64, "upper end of the 95 % interval", unit="%"),
)

IMPACT_ESTIMATES = Table(
    "impact_estimates",
    (
        Column(c.METHOD, pl.String, "way of estimating", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "the one the headline is taken from", nullable=False),
        *_CHANGE,
        Column(c.OBSERVED, pl.Int64, "messages counted over the horizon", unit="messages"),
        Column(c.EXPECTED, pl.Float64, "messages expected without the decision", unit="messages"),
        Column(c.EXPECTED_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.EXPECTED_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.NOTE, pl.String, "in words what the method compares", nullable=False),
    ),
)

IMPACT_PLACEBOS = Table(
    "impact_placebos",
    (
        Column(c.KIND, pl.String, "decision, place, time or peak", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "untreated district; null: the treated ones"),
        Column(c.RUBRIC, pl.String, "other rubric the peak was in; null: the treated ones"),
        Column(c.DECIDED_AT, TIME, "date of the decision or of the placebo", nullable=False),
        *_CHANGE,
        Column(c.SCORE, pl.Float64, "change of the logarithm over its standard deviation"),
    ),
)

IMPACT_CHECKS = Table(
    "impact_checks",
    (
        Column(CHECK, pl.String, "what was looked at", nullable=False),
        Column(c.VERDICT, pl.String, "in order, attention, or not checked", nullable=False),
        Column(c.NOTE, pl.String, "in words what was found", nullable=False),
    ),
)

IMPACT_PATH = Table(
    "impact_path",
    (
        Column(PERIOD_START, TIME, "beginning of the bin of one to four weeks", nullable=False),
        Column(c.PHASE, pl.String, "before or after the decision", nullable=False),
        Column(c.OBSERVED, pl.Int64, "messages counted", nullable=False, unit="messages"),
        Column(c.EXPECTED, pl.Float64, "before: fitted, after: expected", unit="messages"),
        Column(c.EXPECTED_LOW, pl.Float64, "lower end of the pointwise 95 % interval; null before"),
        Column(c.EXPECTED_HIGH, pl.Float64, "upper end; null before the decision"),
    ),
)

IMPACT_REOPENS = Table(
    "impact_reopens",
    (
        Column(c.PHASE, pl.String, "before, after, or difference", nullable=False),
        Column(CLOSED, pl.Int64, "messages marked resolved, followed up for 30 days"),
        Column(REOPENED, pl.Int64, "of these, opened again within 30 days"),
        Column(c.SHARE, pl.Float64, "share reopened, or its change"),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval"),
    ),
)

ROLLOUT_OVERALL = Table(
    "rollout_overall",
    (
        Column(c.METHOD, pl.String, "imputation, or the peer", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "the one the headline is taken from", nullable=False),
        *_CHANGE,
        Column(c.NOTE, pl.String, "in words what the method compares", nullable=False),
    ),
)

ROLLOUT_PATH = Table(
    "rollout_path",
    (
        Column(WEEKS_SINCE, pl.Int64, "first week of the bin since the decision", nullable=False),
        *_CHANGE,
        Column(DISTRICTS, pl.Int64, "districts the bin rests on", nullable=False),
    ),
)

ROLLOUT_GROUPS = Table(
    "rollout_groups",
    (
        Column(c.MUNICIPALITY, pl.String, "district", nullable=False),
        Column(c.DECIDED_AT, TIME, "when it came into force there", nullable=False),
        *_CHANGE,
        Column(c.OBSERVED, pl.Int64, "messages counted over the horizon", unit="messages"),
        Column(c.EXPECTED, pl.Float64, "messages expected over the horizon", unit="messages"),
        Column(c.NOTE, pl.String, "why there is no number, if there is none"),
    ),
)

STATISTIC = "statistic"
CASES = "cases"
REPEATED = "repeated"
AFTER_ANSWER = "after_answer"
AFTER_RESOLVED = "after_resolved"

_PLACE_COUNTS = (
    Column(MESSAGES_COUNT, pl.Int64, "messages that name it", nullable=False, unit="messages"),
    Column(INCIDENTS, pl.Int64, "families and lone texts", nullable=False, unit="families"),
    Column(AUTHORS, pl.Int64, "different authors", nullable=False, unit="people"),
)

HOTSPOT_STREETS = Table(
    "hotspot_streets",
    (
        Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
        Column(c.STREET, pl.String, "street", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        *_PLACE_COUNTS,
        Column(c.EXPECTED, pl.Float64, "messages, were the street like the district's others"),
        Column(c.RATIO, pl.Float64, "observed to expected, shrunk to 1 where data are few"),
        Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.RATIO_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all streets and rubrics"),
        Column(c.VERDICT, pl.String, "the finding in words", nullable=False),
    ),
)

HOTSPOT_HOUSES = Table(
    "hotspot_houses",
    (
        Column(c.MUNICIPALITY, pl.String, "district; null: not stated"),
        Column(c.ADDRESS, pl.String, "street and house", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        *_PLACE_COUNTS,
    ),
)

HOTSPOT_DISTRICTS = Table(
    "hotspot_districts",
    (
        Column(c.MUNICIPALITY, pl.String, "district", nullable=False),
        Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics; null: all or none set"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(c.POPULATION, pl.Int64, "residents", nullable=False, unit="people"),
        Column(RATE, pl.Float64, "messages per 10,000 residents", nullable=False),
        Column(RATE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(RATE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(STATISTIC, pl.Float64, "Gi* of the rate with the nearest districts"),
        Column(c.P_VALUE, pl.Float64, "two-sided, by permutation of the other districts"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate over all districts and groups"),
        Column(c.VERDICT, pl.String, "the finding in words", nullable=False),
    ),
    optional=(
        Column(c.LATITUDE, pl.Float64, "of the centre", unit="degrees north"),
        Column(c.LONGITUDE, pl.Float64, "of the centre", unit="degrees east"),
    ),
)

REPEATS = Table(
    "repeats",
    (
        Column(c.RUBRIC, pl.String, "official rubric; null: none set"),
        Column(CASES, pl.Int64, "complaints of a house followed for 90 days", nullable=False),
        Column(REPEATED, pl.Int64, "of these repeated within 90 days", nullable=False),
        Column(c.SHARE, pl.Float64, "repeated", nullable=False, unit="share"),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(AFTER_ANSWER, pl.Int64, "repeated after an answer", nullable=False),
        Column(AFTER_RESOLVED, pl.Int64, "repeated after it was reported as fixed", nullable=False),
    ),
)

# --- reporting rates ----------------------------------------------------------------------------
INCIDENT_ID = "incident_id"
FIRST_REPORT_AT = "first_report_at"
CLOSED_AT = "closed_at"
DUPLICATES = "duplicates"
EXPOSURE_DAYS = "exposure_days"
DELAY_DAYS = "delay_days"
DELAY_DAYS_LOW = "delay_days_low"
DELAY_DAYS_HIGH = "delay_days_high"
SCENARIO = "scenario"

REPORTING = Table(
    "reporting",
    (
        Column(INCIDENTS, pl.Int64, "incidents somebody reported", nullable=False),
        Column(DUPLICATES, pl.Int64, "reports after the first, while it was open", nullable=False),
        Column(EXPOSURE_DAYS, pl.Float64, "incident-days open after the first", nullable=False),
        Column(RATE, pl.Float64, "reports per open incident and day, at the mix of rubrics of all"),
        Column(RATE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(RATE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.RATIO, pl.Float64, "rate over the geometric mean of the groups"),
        Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.RATIO_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(DELAY_DAYS, pl.Float64, "expected time until the first report", unit="days"),
        Column(DELAY_DAYS_LOW, pl.Float64, "lower end of the 95 % interval", unit="days"),
        Column(DELAY_DAYS_HIGH, pl.Float64, "upper end; null: not bounded", unit="days"),
        Column(c.NOTE, pl.String, "what it does not say, in Russian", nullable=False),
    ),
    optional=_GROUPS,
)

REPORTING_SENSITIVITY = Table(
    "reporting_sensitivity",
    (
        Column(SCENARIO, pl.String, "what was assumed otherwise, in Russian", nullable=False),
        Column(INCIDENTS, pl.Int64, "incidents under it", nullable=False),
        Column(RATE, pl.Float64, "reports per open incident and day"),
        Column(RATE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(RATE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.RATIO, pl.Float64, "rate over the geometric mean of the groups"),
        Column(c.CHANGE, pl.Float64, "rate over that of the main estimate, minus one"),
    ),
    optional=_GROUPS,
)

REPORTED_INCIDENTS = Table(
    "reported_incidents",
    (
        Column(INCIDENT_ID, pl.String, "incident", nullable=False),
        Column(FIRST_REPORT_AT, TIME, "first report", nullable=False, unit="UTC"),
        Column(CLOSED_AT, TIME, "its first report was marked as fixed; null: never", unit="UTC"),
        Column(DUPLICATES, pl.Int64, "reports after the first, while it was open", nullable=False),
        Column(EXPOSURE_DAYS, pl.Float64, "days open after the first", nullable=False),
    ),
    optional=_GROUPS,
)

UNUSED_REPORTS = Table(
    "unused_reports",
    (
        Column(c.REASON, pl.String, "why they tell nothing of reporting", nullable=False),
        Column(N, pl.Int64, "messages", nullable=False, unit="messages"),
    ),
)

# --- responsiveness -----------------------------------------------------------------------------
FIRST_MESSAGE_AT = "first_message_at"
PEAK_AT = "peak_at"
PEAK_FROM = "peak_from"
PEAK_TO = "peak_to"
PEAK = "peak"
LAG_DAYS = "lag_days"
LAG_DAYS_LOW = "lag_days_low"
LAG_DAYS_HIGH = "lag_days_high"
ANSWER_DAYS = "answer_days"
ANSWER_DAYS_LOW = "answer_days_low"
ANSWER_DAYS_HIGH = "answer_days_high"
FIXED = "fixed"
FIXED_LOW = "fixed_low"
FIXED_HIGH = "fixed_high"
REOPENED_LOW = "reopened_low"
REOPENED_HIGH = "reopened_high"
CELL_MONTHS = "cell_months"
DECISIONS_COUNT = "decisions"
HAZARD = "hazard"
HAZARD_LOW = "hazard_low"
HAZARD_HIGH = "hazard_high"
WITH_BUDGET = "with_budget"
MONEY_SHARE_LOW = "money_share_low"
MONEY_SHARE_HIGH = "money_share_high"

LEDGER = Table(
    "ledger",
    (
        Column(c.DECISION_ID, pl.String, "decision", nullable=False),
        Column(c.DECIDED_AT, TIME, "when it was taken or came into force", unit="UTC"),
        Column(c.RUBRIC, pl.String, "official rubric; null: none in particular"),
        Column(c.MUNICIPALITY, pl.String, "district; null: the whole region"),
        Column(c.TITLE, pl.String, "what was decided", nullable=False),
        Column(FIRST_MESSAGE_AT, TIME, "begin of the complaints; null: not determined", unit="UTC"),
        Column(c.COMPLAINTS_BEFORE, pl.Int64, "messages in the half-year before"),
        Column(PEAK_AT, TIME, "begin of the fortnight with most messages before", unit="UTC"),
        Column(PEAK_FROM, TIME, "begin of the first fortnight not told from it", unit="UTC"),
        Column(PEAK_TO, TIME, "end of the last one not told from it", unit="UTC"),
        Column(PEAK, pl.Int64, "messages in that fortnight", unit="messages"),
        Column(LAG_DAYS, pl.Float64, "from the middle of that fortnight", unit="days"),
        Column(LAG_DAYS_LOW, pl.Float64, "from the end of the peak", unit="days"),
        Column(LAG_DAYS_HIGH, pl.Float64, "from the begin of the peak", unit="days"),
        Column(ANSWER_DAYS, pl.Float64, "median time to an answer before it", unit="days"),
        Column(ANSWER_DAYS_LOW, pl.Float64, "lower end of the 95 % interval", unit="days"),
        Column(ANSWER_DAYS_HIGH, pl.Float64, "upper end; null: not bounded", unit="days"),
        Column(c.BUDGET, pl.Float64, "money given; null: not stated", unit="roubles"),
        Column(
            FIXED, pl.Float64, "share of the messages of 90 days before marked as fixed by 90 after"
        ),
        Column(FIXED_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(FIXED_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(REOPENED, pl.Float64, "share of these fixes reopened within 30 days"),
        Column(REOPENED_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(REOPENED_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.OUTCOME, pl.String, "verdict in Russian", nullable=False),
        Column(c.NOTE, pl.String, "links that are not determined, and why", nullable=False),
    ),
)

DECISION_HAZARD = Table(
    "decision_hazard",
    (
        Column(c.PART, pl.String, "all, intensity, rubric, municipality", nullable=False),
        Column(c.GROUP, pl.String, "value within the part; null: not stated"),
        Column(CELL_MONTHS, pl.Int64, "months of a rubric in a district", nullable=False),
        Column(DECISIONS_COUNT, pl.Int64, "decisions in them", nullable=False),
        Column(HAZARD, pl.Float64, "decisions per 1,000 such months"),
        Column(HAZARD_LOW, pl.Float64, "lower end of the exact 95 % interval"),
        Column(HAZARD_HIGH, pl.Float64, "upper end of the exact 95 % interval"),
        Column(c.RATIO, pl.Float64, "part all: factor per doubling of last month's messages"),
        Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.RATIO_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(c.NOTE, pl.String, "what cannot be said, in Russian", nullable=False),
    ),
)

MONEY_SHARES = Table(
    "money_shares",
    (
        Column(c.RUBRIC, pl.String, "official rubric; null: decisions about none"),
        Column(c.COMPLAINTS, pl.Int64, "messages; null where the rubric is null"),
        Column(c.SHARE, pl.Float64, "of messages that have a rubric"),
        Column(c.SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(c.SHARE_HIGH, pl.Float64, "upper end of the 95 % interval"),
        Column(DECISIONS_COUNT, pl.Int64, "decisions about it", nullable=False),
        Column(WITH_BUDGET, pl.Int64, "… whose money is stated", nullable=False),
        Column(c.MONEY, pl.Float64, "sum of what is stated", nullable=False, unit="roubles"),
        Column(c.MONEY_SHARE, pl.Float64, "of the stated money of decisions that have a rubric"),
        Column(MONEY_SHARE_LOW, pl.Float64, "if unstated sums of other rubrics were the largest"),
        Column(MONEY_SHARE_HIGH, pl.Float64, "if unstated sums of this rubric were the largest"),
        Column(c.NOTE, pl.String, "what cannot be said, in Russian", nullable=False),
    ),
)
