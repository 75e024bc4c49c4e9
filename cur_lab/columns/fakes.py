"""Tables about campaigns, refuted claims and an intake under attack."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.changes import CHANGE_HIGH, CHANGE_LOW
from cur_lab.columns.counts import AUTHORS, MESSAGES_COUNT, PERIOD_START
from cur_lab.columns.decisions import PEAK_AT
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

MUNICIPALITIES_COUNT = "municipalities"
LEAD_HOURS = "lead_hours"
DOUBLING_HOURS = "doubling_hours"
DOUBLING_HOURS_LOW = "doubling_hours_low"
DOUBLING_HOURS_HIGH = "doubling_hours_high"
HALF_LIFE_HOURS = "half_life_hours"
HALF_LIFE_HOURS_LOW = "half_life_hours_low"
HALF_LIFE_HOURS_HIGH = "half_life_hours_high"
WAVE = "wave"
WAVES = "waves"
AFTER_REFUTATION = "after_refutation"
SPREADS = "spreads"
ASKS = "asks"
DOUBTS = "doubts"
REFUTES = "refutes"
ASKERS_SHARE = "askers_share"
ASKERS_SHARE_LOW = "askers_share_low"
ASKERS_SHARE_HIGH = "askers_share_high"
CONTROLS = "controls"
USUAL = "usual"
EXAMPLE = "example"
IN_FAMILIES = "in_families"
NEW_ACCOUNTS = "new_accounts"
IN_SURGE = "in_surge"
FILTER = "filter"
WINDOW = "window"
ALLOWED = "allowed"
STOPPED_ATTACK = "stopped_attack"
STOPPED_HONEST = "stopped_honest"
ATTACK_SHARE = "attack_share"
ATTACK_SHARE_LOW = "attack_share_low"
ATTACK_SHARE_HIGH = "attack_share_high"
HONEST_SHARE = "honest_share"
HONEST_SHARE_LOW = "honest_share_low"
HONEST_SHARE_HIGH = "honest_share_high"

_EVIDENCE_OF_CLAIM = (
    Column(c.SCORE, pl.Float64, "how far the message states the claim, 0 to 1", nullable=False),
    Column(c.LEXICAL_RANK, pl.Int64, "place of the claim by BM25; null: not among the first 10"),
    Column(c.DENSE_RANK, pl.Int64, "place of the claim by vectors; null: not among the first 10"),
)

CLAIM_MATCHES = Table(
    "claim_matches",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.CLAIM_ID, pl.String, "entry of the registry it states; null: none"),
        Column(c.TIER, pl.String, "совпадение or похоже; null: no match"),
        Column(c.STANCE, pl.String, "spreads, asks, doubts or refutes; null: no match"),
        *_EVIDENCE_OF_CLAIM,
    ),
)

CLAIM_CANDIDATES = Table(
    "claim_candidates",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.RANK, pl.Int64, "place of the claim, 1 the nearest", nullable=False),
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        *_EVIDENCE_OF_CLAIM,
    ),
)

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

_DOUBLING = (
    Column(DOUBLING_HOURS, pl.Float64, "in which the rate doubles; null: it does not", unit="h"),
    Column(DOUBLING_HOURS_LOW, pl.Float64, "lower end of the 95 % interval", unit="h"),
    Column(DOUBLING_HOURS_HIGH, pl.Float64, "upper end; null: no growth is possible too", unit="h"),
)

_STANCE_COUNTS = (
    Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
    Column(AUTHORS, pl.Int64, "different authors; 0 if unknown", nullable=False, unit="people"),
    Column(SPREADS, pl.Int64, "of them spread the claim", nullable=False, unit="messages"),
    Column(ASKS, pl.Int64, "ask about it", nullable=False, unit="messages"),
    Column(DOUBTS, pl.Int64, "doubt it", nullable=False, unit="messages"),
    Column(REFUTES, pl.Int64, "refute it", nullable=False, unit="messages"),
    Column(ASKERS_SHARE, pl.Float64, "who ask, of those who ask or spread; null: neither"),
    Column(ASKERS_SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
    Column(ASKERS_SHARE_HIGH, pl.Float64, "upper end of the 95 % interval"),
)

SPREAD_CLAIMS = Table(
    "spread_claims",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
        Column(c.FIRST_SEEN_AT, TIME, "first message matched", unit="UTC"),
        Column(LEAD_HOURS, pl.Float64, "by which it precedes the registry's date", unit="h"),
        Column(MUNICIPALITIES_COUNT, pl.Int64, "reached", nullable=False),
        Column(WAVES, pl.Int64, "stretches without a quiet fortnight", nullable=False),
        *_DOUBLING,
        Column(HALF_LIFE_HOURS, pl.Float64, "after the first peak; null: no fading", unit="h"),
        Column(HALF_LIFE_HOURS_LOW, pl.Float64, "lower end of the 95 % interval", unit="h"),
        Column(HALF_LIFE_HOURS_HIGH, pl.Float64, "upper end; null: none is possible", unit="h"),
    ),
)

SPREAD_CURVES = Table(
    "spread_curves",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(PERIOD_START, TIME, "day", nullable=False, unit="UTC"),
        Column(c.STANCE, pl.String, "spreads, asks, doubts or refutes", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
    ),
)

SPREAD_WAVES = Table(
    "spread_waves",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(WAVE, pl.Int64, "1 the first", nullable=False),
        Column(c.STARTED_AT, TIME, "first message", nullable=False, unit="UTC"),
        Column(c.ENDED_AT, TIME, "last message", nullable=False, unit="UTC"),
        Column(PEAK_AT, TIME, "middle of its busiest 24 hours", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
        Column(AFTER_REFUTATION, pl.Boolean, "began after it; null: no date of refutation"),
    ),
)

SPREAD_STANCES = Table(
    "spread_stances",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.PHASE, pl.String, "before or after the refutation, or all", nullable=False),
        *_STANCE_COUNTS,
    ),
)

SPREAD_PLACES = Table(
    "spread_places",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district of the sender", nullable=False),
        *_STANCE_COUNTS,
    ),
)

SPREAD_EFFECTS = Table(
    "spread_effects",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.BEFORE, pl.Int64, "in three days before it", nullable=False, unit="messages"),
        Column(c.AFTER, pl.Int64, "in three days after it", nullable=False, unit="messages"),
        Column(CONTROLS, pl.Int64, "equal peaks not refuted", nullable=False),
        Column(USUAL, pl.Float64, "median ratio after : before of these"),
        Column(c.CHANGE, pl.Float64, "ratio to the usual one; null: not determined, see note"),
        Column(CHANGE_LOW, pl.Float64, "lower end of the 95 % range of equal peaks"),
        Column(CHANGE_HIGH, pl.Float64, "upper end of it"),
        Column(c.P_VALUE, pl.Float64, "two-sided rank among equal peaks"),
        Column(c.NOTE, pl.String, "why it is not determined; else empty", nullable=False),
    ),
)

SPREAD_SKIPPED = Table(
    "spread_skipped",
    (
        Column(c.TEST, pl.String, "what could not be computed", nullable=False),
        Column(c.REASON, pl.String, "why, in words", nullable=False),
    ),
)

CLAIM_REVIEW = Table(
    "claim_review",
    (
        Column(c.FAMILY, pl.String, "family of texts", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "different authors; null if unknown", unit="people"),
        Column(c.STARTED_AT, TIME, "first message", nullable=False, unit="UTC"),
        *_DOUBLING,
        Column(EXAMPLE, pl.String, "one text, redacted, cut to 300 characters", nullable=False),
    ),
)

INTAKE_VOLUME = Table(
    "intake_volume",
    (
        Column(PERIOD_START, TIME, "beginning of the bin", nullable=False, unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(c.EXPECTED, pl.Float64, "norm of the hour of the week", nullable=False),
        Column(c.EXPECTED_LOW, pl.Float64, "lower end of the 95 % range", nullable=False),
        Column(c.EXPECTED_HIGH, pl.Float64, "upper end of it", nullable=False),
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
        Column(c.EXCESS, pl.Float64, "beyond the norm", nullable=False, unit="messages"),
        Column(c.EXCESS_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.EXCESS_HIGH, pl.Float64, "upper end of it", nullable=False),
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
        Column(ATTACK_SHARE, pl.Float64, "share of the attack stopped; null: no attack"),
        Column(ATTACK_SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(ATTACK_SHARE_HIGH, pl.Float64, "upper end of it"),
        Column(HONEST_SHARE, pl.Float64, "share of the others stopped; null: no others"),
        Column(HONEST_SHARE_LOW, pl.Float64, "lower end of the 95 % interval"),
        Column(HONEST_SHARE_HIGH, pl.Float64, "upper end of it"),
    ),
)

INTAKE_SKIPPED = Table(
    "intake_skipped",
    (
        Column(c.TEST, pl.String, "what could not be computed", nullable=False),
        Column(c.REASON, pl.String, "why, in words", nullable=False),
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
