"""Tables about refuted claims: who states them, how they spread."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.campaigns import BY
from cur_lab.columns.counts import AUTHORS, MESSAGES_COUNT, MUNICIPALITIES_COUNT, PERIOD_START
from cur_lab.columns.decisions import PEAK_AT
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval
from cur_lab.columns.texts import UNDECIDED

LEAD_HOURS = "lead_hours"
DOUBLING_HOURS = "doubling_hours"
HALF_LIFE_HOURS = "half_life_hours"
WAVE = "wave"
WAVES = "waves"
AFTER_REFUTATION = "after_refutation"
RETURNED = "returned"
STATED = "stated"
PLANTED_STANCE = "planted_stance"
NEAR_MISSES = "near_misses"
SPREADS = "spreads"
ASKS = "asks"
DOUBTS = "doubts"
REFUTES = "refutes"
LEADING = "leading"
DECIDED = "decided"
DECIDED_SHARE = "decided_share"
ASKERS_SHARE = "askers_share"
CONTROLS = "controls"
USUAL = "usual"
EXAMPLE = "example"
ITEM = "item"
NEAREST_ID = "nearest_claim_id"
DAYS_TOGETHER = "days_together"
CLAIM = "claim"
QUOTE = "quote"
JUDGEMENT = "judgement"
JUDGED = "judged"
JUDGED_YES = "judged_yes"
JUDGED_NO = "judged_no"

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
        Column(NEAREST_ID, pl.String, "nearest entry, stated or not; null: nothing is shared"),
        Column(c.TIER, pl.String, "match or similar; null: no match"),
        Column(c.STANCE, pl.String, "spreads, asks, doubts, refutes or undecided; null: no match"),
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

STANCE_MARGINS = Table(
    "stance_margins",
    (
        Column(c.ROW, pl.Int64, "place of the text", nullable=False),
        Column(LEADING, pl.String, "stance with most to say for it", nullable=False),
        Column(c.MARGIN, pl.Float64, "of its probability over the next answer", nullable=False),
        Column(c.STANCE, pl.String, "the leading one, or undecided", nullable=False),
    ),
)

# Without an upper end no growth, or no fading, is possible too.
_DOUBLING = interval(DOUBLING_HOURS, "in which the rate doubles; null: it does not", unit="h")

_STANCE_COUNTS = (
    Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
    Column(AUTHORS, pl.Int64, "different authors; 0 if unknown", nullable=False, unit="people"),
    Column(SPREADS, pl.Int64, "of them repeat the claim", nullable=False, unit="messages"),
    Column(ASKS, pl.Int64, "ask about it", nullable=False, unit="messages"),
    Column(DOUBTS, pl.Int64, "doubt it", nullable=False, unit="messages"),
    Column(REFUTES, pl.Int64, "refute it", nullable=False, unit="messages"),
    Column(UNDECIDED, pl.Int64, "tell too little of it", nullable=False, unit="messages"),
    Column(DECIDED, pl.Int64, "tell one of the four", nullable=False, unit="messages"),
    *interval(DECIDED_SHARE, "of the messages matched, those that tell one of the four"),
    *interval(ASKERS_SHARE, "who ask, of those who ask or repeat it; null: neither"),
)

SPREAD_CLAIMS = Table(
    "spread_claims",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.TEXT, pl.String, "what it states; null: the registry does not say"),
        Column(c.REFUTED_AT, TIME, "by the registry; null: no date, or withdrawn", unit="UTC"),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
        Column(c.FIRST_SEEN_AT, TIME, "first message matched", unit="UTC"),
        Column(LEAD_HOURS, pl.Float64, "by which it precedes the registry's date", unit="h"),
        Column(MUNICIPALITIES_COUNT, pl.Int64, "reached; null: not known of any message"),
        Column(WAVES, pl.Int64, "stretches in which it is repeated", nullable=False),
        *_DOUBLING,
        *interval(HALF_LIFE_HOURS, "after the first peak; null: no fading", unit="h"),
    ),
)

SPREAD_CURVES = Table(
    "spread_curves",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(PERIOD_START, TIME, "first day", nullable=False, unit="UTC"),
        Column(DAYS_TOGETHER, pl.Int64, "counted together to hold ten messages", nullable=False),
        Column(c.PHASE, pl.String, "before_refutation or after_refutation; null: no date of it"),
        Column(c.STANCE, pl.String, "spreads, asks, doubts, refutes or undecided", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages matched", nullable=False, unit="messages"),
    ),
)

SPREAD_WAVES = Table(
    "spread_waves",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(c.STANCE, pl.String, "of the messages of the wave", nullable=False),
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
        Column(c.PHASE, pl.String, "before_refutation, after_refutation or all", nullable=False),
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
        Column(c.BEFORE, pl.Int64, "in three days before it; null: no refutation", unit="messages"),
        Column(c.AFTER, pl.Int64, "in three days after it; null: no refutation", unit="messages"),
        Column(CONTROLS, pl.Int64, "equal peaks not refuted; null: not looked for"),
        Column(USUAL, pl.Float64, "median ratio after : before of these"),
        Column(c.RATIO, pl.Float64, "ratio to the usual one; null: not determined, see note"),
        Column(c.RATIO_LOW, pl.Float64, "lower end of the 95 % range of equal peaks"),
        Column(c.RATIO_HIGH, pl.Float64, "upper end of it"),
        Column(c.P_VALUE, pl.Float64, "two-sided rank among equal peaks"),
        Column(c.NOTE, pl.String, "why it is not determined; null: it is"),
    ),
)

SPREAD_TIERS = Table(
    "spread_tiers",
    (
        Column(c.TIER, pl.String, "match, similar or none", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
    ),
)

SPREAD_ASKERS = Table(
    "spread_askers",
    (
        Column(BY, pl.String, "municipality or channel", nullable=False),
        Column(c.GROUP, pl.String, "which one", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "that ask after the refutation", nullable=False),
    ),
)

SPREAD_SENSITIVITY = Table(
    "spread_sensitivity",
    (
        Column(c.SCORE, pl.Float64, "least score of a match", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages that reach it", nullable=False),
        Column(RETURNED, pl.Int64, "claims repeated again; null: beyond what was matched"),
    ),
)

SPREAD_RECOVERED = Table(
    "spread_recovered",
    (
        Column(c.TIER, pl.String, "match, similar or none", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(STATED, pl.Int64, "of them of the claim, or of any where none", nullable=False),
        Column(NEAR_MISSES, pl.Int64, "of something else in its words", nullable=False),
    ),
)

STANCES_RECOVERED = Table(
    "stances_recovered",
    (
        Column(PLANTED_STANCE, pl.String, "stance that was planted", nullable=False),
        Column(c.STANCE, pl.String, "stance that was found", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
    ),
)

CLAIM_REVIEW = Table(
    "claim_review",
    (
        Column(c.FAMILY, pl.String, "family of texts", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "ten or more; null if unknown", unit="people"),
        Column(c.STARTED_AT, TIME, "first message", nullable=False, unit="UTC"),
        *_DOUBLING,
        Column(EXAMPLE, pl.String, "one text, redacted and cut; null: it does not ask"),
    ),
)

CLAIM_JUDGEMENTS = Table(
    "claim_judgements",
    (
        Column(ITEM, pl.String, "names the pair of a text and a claim", nullable=False),
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(CLAIM, pl.String, "what the entry states", nullable=False),
        Column(QUOTE, pl.String, "the text, redacted, cut to 400 characters", nullable=False),
        Column(JUDGEMENT, pl.String, "yes, no or unclear: does it state it; null: not judged"),
        Column(c.STANCE, pl.String, "what the quote alone does; null: read from a workbook"),
    ),
)

CLAIM_JUDGED = Table(
    "claim_judged",
    (
        Column(c.CLAIM_ID, pl.String, "entry of the registry", nullable=False),
        Column(JUDGED, pl.Int64, "items with yes or no", nullable=False),
        Column(JUDGED_YES, pl.Int64, "of them yes", nullable=False),
        Column(JUDGED_NO, pl.Int64, "of them no", nullable=False),
        Column(c.NOTE, pl.String, "why the model does not learn from them; null: it does"),
    ),
)

_STANCES = {
    SPREADS: "повторяют утверждение",
    ASKS: "спрашивают",
    DOUBTS: "сомневаются",
    REFUTES: "опровергают",
    UNDECIDED: "отношение не определено",
}
HEADINGS = {
    c.CLAIM_ID: Heading("Утверждение"),
    c.TIER: Heading("Решение"),
    c.STANCE: Heading("Отношение"),
    c.SCORE: Heading("Сходство"),
    c.PHASE: Heading("Когда"),
    c.FIRST_SEEN_AT: Heading("Впервые", kind="day"),
    c.REFUTED_AT: Heading("Опровергнуто", kind="day"),
    c.REFUTED_BY: Heading("Кто опроверг"),
    c.INTERESTED_PARTY: Heading("Заинтересованная сторона"),
    c.WITHDRAWN_AT: Heading("Опровержение отозвано", kind="day"),
    LEAD_HOURS: Heading("Раньше записи реестра", digits=0, unit="ч"),
    DOUBLING_HOURS: Heading("Удвоение", digits=0, unit="ч"),
    HALF_LIFE_HOURS: Heading("Полураспад", digits=0, unit="ч"),
    WAVE: Heading("Волна"),
    WAVES: Heading("Волн"),
    **{code: Heading(word.capitalize()) for code, word in _STANCES.items()},
    LEADING: Heading("Вероятнее всего"),
    DECIDED: Heading("Отношение определено"),
    DECIDED_SHARE: Heading("Охват: у скольких определено", kind="share"),
    ASKERS_SHARE: Heading("Спрашивающих среди них и повторяющих", kind="share"),
    CONTROLS: Heading("Равных пиков"),
    EXAMPLE: Heading("Пример без личных данных"),
    RETURNED: Heading("Вернулось утверждений"),
    STATED: Heading("Об утверждении реестра"),
    NEAR_MISSES: Heading("О другом, но теми же словами"),
    PLANTED_STANCE: Heading("Заложено"),
    ITEM: Heading("Строка разметки"),
    NEAREST_ID: Heading("Ближайшее утверждение"),
    DAYS_TOGETHER: Heading("Дней вместе"),
    CLAIM: Heading("Утверждение реестра"),
    QUOTE: Heading("Сообщение без личных данных"),
    JUDGEMENT: Heading("Сообщение об этом?"),
    JUDGED: Heading("Размечено"),
    JUDGED_YES: Heading("Из них об этом"),
    JUDGED_NO: Heading("Из них о другом"),
}
CODES = {
    c.TIER: {"match": "совпадение", "similar": "похоже", "none": "нет совпадения"},
    c.STANCE: _STANCES,
    PLANTED_STANCE: _STANCES,
    LEADING: _STANCES,
    c.PHASE: {
        "before_refutation": "до опровержения",
        "after_refutation": "после опровержения",
    },
    JUDGEMENT: {"yes": "да", "no": "нет", "unclear": "не ясно"},
    c.NOTE: {
        "not_judged": "ещё не размечено",
        "too_few": "размечено меньше десяти: учиться не на чем",
        "all_same": "все ответы одинаковы: отличать одно от другого не на чем",
        "no_refutation_date": "в реестре нет даты опровержения",
        "withdrawn": "опровержение отозвано",
        "not_seen_before": "до опровержения не было волны: десяти сообщений без перерыва в две "
        "недели",
        "too_soon": "после опровержения прошло меньше трёх суток",
        "quiet_before": "перед опровержением почти не было сообщений",
        "few_peaks": "равных неопровергнутых пиков меньше 39: на 95 %-й интервал не хватает",
    },
    c.TEST: {
        "course": "кривые, темп роста, опровержение",
        "authors": "число авторов",
        "reach": "охват муниципалитетов",
    },
}
