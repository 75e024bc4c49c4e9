"""Tables about families of texts and accounts that act together."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import AUTHORS, MESSAGES_COUNT, PERIOD_START
from cur_lab.columns.table import TIME, Column, Table

OBJECT_ID = "object_id"
ACCOUNT_ID = "account_id"
CONTENT_ID = "content_id"
TIMESTAMP_SHARE = "timestamp_share"
EDGE_WEIGHT = "edge_weight"
LEFT_SHARES = "left_shares"
RIGHT_SHARES = "right_shares"
SYMMETRY = "symmetry"
HEAVY = "heavy"
INSIDE = "inside"
BESIDE = "beside"
LINE = "line"
ROLE = "role"
STATISTIC = "statistic"
CONFORMAL = "conformal"
P_WORDING = "p_wording"
P_CONDUCT = "p_conduct"
LAST_SEEN_AT = "last_seen_at"
LEFT_ACCOUNT = "left_account"
RIGHT_ACCOUNT = "right_account"
TOGETHER = "together"
WINDOWS = "windows"
SPREAD = "spread"
FAMILIES_COUNT = "families"
FLAGGED = "flagged"
KEPT = "kept"
ADDED = "added"
FLAGGED_BEFORE = "flagged_before"
WITHOUT_COPIES = "without_copies"
SHARE_ONCE = "share_once"

CAMPAIGN_FAMILIES = Table(
    "campaign_families",
    (
        Column(c.FAMILY, pl.String, "stable name of the family", nullable=False),
        Column(c.VERDICT, pl.String, "one of three, of texts and not of people; null: ordinary"),
        Column(c.P_VALUE, pl.Float64, "larger of the next two; null: cannot be tested"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate at which it calls for a check"),
        Column(P_WORDING, pl.Float64, "that so many accounts hit upon the same words"),
        Column(P_CONDUCT, pl.Float64, "of closeness, new accounts, old acquaintance combined"),
        Column(CONFORMAL, pl.Float64, "rank of conduct among families of its size; null: too few"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "different accounts; 0: unknown", nullable=False, unit="people"),
        Column(c.FIRST_SEEN_AT, TIME, "first message", unit="UTC"),
        Column(LAST_SEEN_AT, TIME, "last message", unit="UTC"),
        Column(c.EVIDENCE, pl.String, "every line of evidence in words", nullable=False),
        Column(c.EXPLANATION, pl.String, "innocent explanation that fits best", nullable=False),
        Column(c.TEMPLATE, pl.String, "shared words, redacted", nullable=False),
    ),
)

CAMPAIGN_MEMBERS = Table(
    "campaign_members",
    (
        Column(c.FAMILY, pl.String, "family", nullable=False),
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.AUTHOR_ID, pl.String, "pseudonym; null: unknown"),
        Column(c.PUBLISHED_AT, TIME, "when it was sent", unit="UTC"),
    ),
)

CAMPAIGN_EVIDENCE = Table(
    "campaign_evidence",
    (
        Column(c.FAMILY, pl.String, "family", nullable=False),
        Column(LINE, pl.String, "line of evidence", nullable=False),
        Column(ROLE, pl.String, "слова, поведение or обстановка: the last only describes"),
        Column(STATISTIC, pl.Float64, "what was seen", nullable=False),
        Column(c.EXPECTED, pl.Float64, "what the null hypothesis lets expect; null: none"),
        Column(c.P_VALUE, pl.Float64, "of the line alone; null: it describes"),
        Column(CONFORMAL, pl.Float64, "rank among families of its size; null: too few"),
        Column(c.EVIDENCE, pl.String, "the same in words", nullable=False),
    ),
)

CAMPAIGN_PAIRS = Table(
    "campaign_pairs",
    (
        Column(LEFT_ACCOUNT, pl.String, "pseudonym", nullable=False),
        Column(RIGHT_ACCOUNT, pl.String, "pseudonym", nullable=False),
        Column(TOGETHER, pl.Int64, "same text on the same day, two or more", nullable=False),
        Column(c.EXPECTED, pl.Float64, "by the activity of both accounts", nullable=False),
        Column(c.P_VALUE, pl.Float64, "bipartite configuration model", nullable=False),
        Column(c.Q_VALUE, pl.Float64, "over all pairs of accounts", nullable=False),
    ),
)

CAMPAIGN_SENSITIVITY = Table(
    "campaign_sensitivity",
    (
        Column(c.SIMILARITY, pl.Float64, "threshold families were found at", nullable=False),
        Column(WINDOWS, pl.String, "windows of joint messages", nullable=False),
        Column(SPREAD, pl.Float64, "width of an event", nullable=False, unit="minutes"),
        Column(FAMILIES_COUNT, pl.Int64, "families tested", nullable=False, unit="families"),
        Column(FLAGGED, pl.Int64, "families that call for a check", nullable=False),
        Column(KEPT, pl.Int64, "their messages flagged by the usual settings", nullable=False),
        Column(ADDED, pl.Int64, "their other messages", nullable=False, unit="messages"),
        Column(FLAGGED_BEFORE, pl.Int64, "messages flagged usually", nullable=False),
    ),
)

CAMPAIGN_POWER = Table(
    "campaign_power",
    (
        Column(c.KIND, pl.String, "accounts and duration, in words", nullable=False),
        Column(c.SIZE, pl.Int64, "messages of the artificial campaign", nullable=False),
        Column(c.FOUND, pl.Float64, "share of trials that would be flagged", nullable=False),
        Column(c.FOUND_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.FOUND_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        Column(c.TRIALS, pl.Int64, "artificial campaigns tried", nullable=False),
    ),
)

CAMPAIGN_SHARES = Table(
    "campaign_shares",
    (
        Column(c.LABEL, pl.String, "rubric or topic", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages, raw", nullable=False, unit="messages"),
        Column(WITHOUT_COPIES, pl.Int64, "a flagged family counted once", nullable=False),
        *(
            Column(f"{share}{end}", pl.Float64, f"{of}, {meaning}", nullable=False)
            for share, of in ((c.SHARE, "of all messages"), (SHARE_ONCE, "families counted once"))
            for end, meaning in (
                ("", "share"),
                ("_low", "lower end of the 95 % interval"),
                ("_high", "upper end of the 95 % interval"),
            )
        ),
    ),
)

CAMPAIGN_COURSE = Table(
    "campaign_course",
    (
        Column(PERIOD_START, TIME, "beginning of the period", nullable=False, unit="UTC"),
        Column(INSIDE, pl.Int64, "messages of the family", nullable=False, unit="messages"),
        Column(BESIDE, pl.Int64, "other messages of its channels", nullable=False),
    ),
)

CAMPAIGN_SKIPPED = Table(
    "campaign_skipped",
    (
        Column(c.TEST, pl.String, "what could not be tested", nullable=False),
        Column(c.REASON, pl.String, "why", nullable=False),
    ),
)

ACCOUNT_SHARES = Table(
    "shares",
    (
        Column(OBJECT_ID, pl.String, "what was shared: a text, a link, a tag", nullable=False),
        Column(ACCOUNT_ID, pl.String, "pseudonym of who shared it", nullable=False),
        Column(CONTENT_ID, pl.String, "post or message it was shared by", nullable=False),
        Column(TIMESTAMP_SHARE, TIME, "when it was shared", nullable=False, unit="UTC"),
    ),
)

COSHARING = Table(
    "cosharing",
    (
        Column(LEFT_ACCOUNT, pl.String, "pseudonym", nullable=False),
        Column(RIGHT_ACCOUNT, pl.String, "pseudonym", nullable=False),
        Column(EDGE_WEIGHT, pl.Int64, "pairs of shares within the window", nullable=False),
        Column(LEFT_SHARES, pl.Int64, "shares of the first account in them", nullable=False),
        Column(RIGHT_SHARES, pl.Int64, "shares of the second account in them", nullable=False),
        Column(SYMMETRY, pl.Float64, "smaller of these to the larger", nullable=False),
        Column(HEAVY, pl.Boolean, "heavier than the quantile of weights", nullable=False),
        Column(TOGETHER, pl.Int64, "objects shared within the window", nullable=False),
        Column(c.EXPECTED, pl.Float64, "the same by the activity of both", nullable=False),
        Column(c.P_VALUE, pl.Float64, "bipartite configuration model", nullable=False),
        Column(c.Q_VALUE, pl.Float64, "over all pairs of accounts", nullable=False),
    ),
)
