"""What decisions changed, and what led to them."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.changes import CHANGE_HIGH, CHANGE_LOW
from cur_lab.columns.counts import PERIOD_START
from cur_lab.columns.table import TIME, Column, Table

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
