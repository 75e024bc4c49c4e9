"""Tables about families of texts and accounts that act together."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.counts import AUTHORS, FDR, MESSAGES_COUNT, MUNICIPALITIES_COUNT, PERIOD_START
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

OBJECT_ID = "object_id"
ACCOUNT_ID = "account_id"
CONTENT_ID = "content_id"
TIMESTAMP_SHARE = "timestamp_share"
EDGE_WEIGHT = "edge_weight"
SYMMETRY = "symmetry"
HEAVY = "heavy"
INSIDE = "inside"
BESIDE = "beside"
LINE = "line"
ROLE = "role"
STATISTIC = "statistic"
CONFORMAL = "conformal"
COUNTED = "counted"
WITHIN = "within_seconds"
SHARED_WORDS = "shared_words"
VERBATIM = "verbatim"
ADDRESSES_COUNT = "addresses"
BY = "by"
COORDINATED = "coordinated"
P_WORDING = "p_wording"
P_CONDUCT = "p_conduct"
LAST_SEEN_AT = "last_seen_at"
FIRST_DAY = "first_day"
LAST_DAY = "last_day"
PHRASES = "phrases"
PAIRS_COUNT = "pairs"
GROUP_SIZE = "group_size"
GROUPS_COUNT = "groups"
HIDDEN = "hidden"
TONE = "tone"
LEFT_FAMILY = "left_family"
RIGHT_FAMILY = "right_family"
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
        Column(c.VERDICT, pl.String, "review, shared_event, synchronous; null: ordinary"),
        Column(c.P_VALUE, pl.Float64, "larger of the next two; null: cannot be tested"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate at which it calls for a check"),
        Column(P_WORDING, pl.Float64, "that so many accounts hit upon the same words"),
        Column(P_CONDUCT, pl.Float64, "of closeness, new accounts, old acquaintance combined"),
        Column(CONFORMAL, pl.Float64, "rank of conduct among families of its size; null: too few"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(AUTHORS, pl.Int64, "different accounts; 0: unknown", nullable=False, unit="people"),
        Column(c.FIRST_SEEN_AT, TIME, "first message", unit="UTC"),
        Column(LAST_SEEN_AT, TIME, "last message", unit="UTC"),
        Column(c.EVIDENCE, pl.List(pl.String), "lines that stand out alone", nullable=False),
        Column(c.EXPLANATION, pl.String, "innocent explanation that fits best", nullable=False),
        Column(SHARED_WORDS, pl.Int64, "words its texts have in common", nullable=False),
        Column(VERBATIM, pl.Float64, "share of its texts that are wholly the same", nullable=False),
        Column(ADDRESSES_COUNT, pl.Int64, "addresses named, of a family with a verdict"),
        Column(c.TEMPLATE, pl.String, "shared words, redacted", nullable=False),
    ),
)

CAMPAIGN_MEMBERS = Table(
    "campaign_members",
    (
        Column(c.FAMILY, pl.String, "family", nullable=False),
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
    ),
)

# Accounts that return to the same phrases. Days and counts: no message and no account.
CAMPAIGN_APPEALS = Table(
    "campaign_appeals",
    (
        Column(AUTHORS, pl.Int64, "accounts, ten or more", nullable=False, unit="people"),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(FIRST_DAY, pl.Date, "day of the first message", nullable=False),
        Column(LAST_DAY, pl.Date, "day of the last message", nullable=False),
        Column(MUNICIPALITIES_COUNT, pl.Int64, "municipalities", nullable=False),
        Column(PHRASES, pl.List(pl.String), "of ten accounts and more, redacted", nullable=False),
        Column(c.EXPLANATION, pl.String, "the reading by default", nullable=False),
    ),
)

CAMPAIGN_APPEAL_SIZES = Table(
    "campaign_appeal_sizes",
    (
        Column(GROUP_SIZE, pl.String, "under_ten or ten_and_more accounts", nullable=False),
        Column(GROUPS_COUNT, pl.Int64, "groups", nullable=False),
        Column(c.EXPECTED, pl.Float64, "groups of any size by chance; null: not asked"),
    ),
)

CAMPAIGN_EVIDENCE = Table(
    "campaign_evidence",
    (
        Column(c.FAMILY, pl.String, "family", nullable=False),
        Column(LINE, pl.String, "line of evidence", nullable=False),
        Column(ROLE, pl.String, "words, conduct or setting: the last only describes"),
        Column(STATISTIC, pl.Float64, "what was seen, see the line", nullable=False),
        Column(c.EXPECTED, pl.Float64, "what the null hypothesis lets expect; null: none"),
        Column(c.P_VALUE, pl.Float64, "of the line alone; null: it describes"),
        Column(CONFORMAL, pl.Float64, "rank among families of its size; null: too few"),
        Column(WITHIN, pl.Float64, "window of the pairs counted; null: none", unit="s"),
        Column(c.NOTE, pl.String, "why it is not tested; null: it is"),
    ),
)

CAMPAIGN_TONES = Table(
    "campaign_tones",
    (
        Column(TONE, pl.String, "praise or criticism", nullable=False),
        Column(COORDINATED, pl.Boolean, "from one brief, or each for oneself", nullable=False),
        *interval(c.FOUND, "share of plants of which anything is flagged", nullable=False),
        Column(c.TRIALS, pl.Int64, "plants", nullable=False),
    ),
)

CAMPAIGN_PAIRS = Table(
    "campaign_pairs",
    (
        Column(TOGETHER, pl.Int64, "same text on the same day, two or more", nullable=False),
        Column(PAIRS_COUNT, pl.Int64, "pairs of accounts with so many", nullable=False),
        Column(FLAGGED, pl.Int64, "of them more often than activity explains", nullable=False),
    ),
)

CAMPAIGN_SHARED = Table(
    "campaign_shared",
    (
        Column(LEFT_FAMILY, pl.String, "family", nullable=False),
        Column(RIGHT_FAMILY, pl.String, "family", nullable=False),
        Column(AUTHORS, pl.Int64, "accounts of both, ten or more", nullable=False, unit="people"),
    ),
)

CAMPAIGN_SENSITIVITY = Table(
    "campaign_sensitivity",
    (
        Column(c.SIMILARITY, pl.Float64, "threshold families were found at", nullable=False),
        Column(WINDOWS, pl.String, "of joint messages: 10s, 1m, 10m, 30m or all", nullable=False),
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
        Column(c.KIND, pl.String, "accounts and duration, such as old_10m", nullable=False),
        Column(c.SIZE, pl.Int64, "messages of the artificial campaign", nullable=False),
        *interval(c.FOUND, "share of trials that would be flagged", nullable=False),
        Column(c.TRIALS, pl.Int64, "artificial campaigns tried", nullable=False),
    ),
)

CAMPAIGN_SHARES = Table(
    "campaign_shares",
    (
        Column(c.LABEL, pl.String, "rubric or topic", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages, raw", nullable=False, unit="messages"),
        Column(WITHOUT_COPIES, pl.Int64, "a flagged family counted once", nullable=False),
        *interval(c.SHARE, "share of all messages", nullable=False),
        *interval(SHARE_ONCE, "share where a flagged family counts once", nullable=False),
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

CAMPAIGN_VERDICTS = Table(
    "campaign_verdicts",
    (
        Column(c.VERDICT, pl.String, "or ordinary: nothing stands out", nullable=False),
        Column(FAMILIES_COUNT, pl.Int64, "families tested", nullable=False, unit="families"),
        Column(MESSAGES_COUNT, pl.Int64, "messages in them", nullable=False, unit="messages"),
        Column(HIDDEN, pl.Int64, "families of under ten accounts, only counted", nullable=False),
    ),
)

CAMPAIGN_AUDIT = Table(
    "campaign_audit",
    (
        Column(BY, pl.String, "channel or municipality", nullable=False),
        Column(c.GROUP, pl.String, "which one", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages; null: hidden", unit="messages"),
        Column(FLAGGED, pl.Int64, "of them in families to check; null: hidden", unit="messages"),
    ),
)

CAMPAIGN_RATES = Table(
    "campaign_rates",
    (
        Column(FDR, pl.Float64, "false-discovery rate", nullable=False),
        Column(FLAGGED, pl.Int64, "families that would call for a check", nullable=False),
    ),
)

CAMPAIGN_RECOVERED = Table(
    "campaign_recovered",
    (
        Column(c.KIND, pl.String, "what was planted; outside: nothing was", nullable=False),
        Column(COORDINATED, pl.Boolean, "planted as a campaign", nullable=False),
        Column(MESSAGES_COUNT, pl.Int64, "messages", nullable=False, unit="messages"),
        Column(FLAGGED, pl.Int64, "of them in families to check", nullable=False),
        *interval(c.SHARE, "share of them"),
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
        Column(EDGE_WEIGHT, pl.Int64, "pairs of shares within the window", nullable=False),
        Column(PAIRS_COUNT, pl.Int64, "pairs of accounts of this weight", nullable=False),
        Column(HEAVY, pl.Boolean, "heavier than the quantile of weights", nullable=False),
        Column(SYMMETRY, pl.Float64, "their shares, smaller to larger, median", nullable=False),
        Column(TOGETHER, pl.Float64, "objects shared within the window, mean", nullable=False),
        Column(c.EXPECTED, pl.Float64, "the same by the activity of both, mean", nullable=False),
        Column(FLAGGED, pl.Int64, "pairs with q up to the rate asked for", nullable=False),
    ),
)

HEADINGS = {
    BY: Heading("Разрез"),
    c.FAMILY: Heading("Семья"),
    c.EVIDENCE: Heading("Что выделяется"),
    LINE: Heading("Строка доказательств"),
    ROLE: Heading("Роль"),
    STATISTIC: Heading("Видно", kind="count", digits=1),
    COUNTED: Heading("Что считается"),
    WITHIN: Heading("Окно", digits=0, unit="с"),
    CONFORMAL: Heading("Место среди семей того же размера"),
    SHARED_WORDS: Heading("Общих слов"),
    VERBATIM: Heading("Дословно одинаковых", kind="share"),
    ADDRESSES_COUNT: Heading("Разных адресов"),
    FAMILIES_COUNT: Heading("Семей"),
    FLAGGED: Heading("Отмечено"),
    COORDINATED: Heading("Согласовано"),
    FIRST_DAY: Heading("Первый день", kind="day"),
    LAST_DAY: Heading("Последний день", kind="day"),
    PHRASES: Heading("Общие выражения"),
    PAIRS_COUNT: Heading("Пар авторов"),
    TOGETHER: Heading("Совместных дней"),
    GROUP_SIZE: Heading("Авторов в группе"),
    GROUPS_COUNT: Heading("Групп"),
    LEFT_FAMILY: Heading("Семья"),
    RIGHT_FAMILY: Heading("Другая семья"),
    TONE: Heading("Тон"),
    HIDDEN: Heading("Из этих семей меньше 10 авторов"),
}

_LINES = {
    "same_words": "одинаковые слова",
    "tight": "теснее общего события",
    "account_ages": "возраст аккаунтов",
    "newcomers": "впервые в этих данных",
    "acquainted": "авторы вместе не впервые",
    "rhythm": "одновременность",
    "burst": "всплеск в канале",
    "others_beside": "другие сообщения рядом",
    "one_place": "одно место",
    "one_thread": "одна запись",
}
CODES = {
    BY: {c.CHANNEL: "канал", c.MUNICIPALITY: "муниципалитет"},
    c.VERDICT: {
        "review": "требует проверки",
        "shared_event": "похоже на общее событие",
        "synchronous": "синхронно",
        "ordinary": "не выделяется",
    },
    LINE: _LINES,
    c.EVIDENCE: _LINES,
    COUNTED: {
        "same_words": "авторов",
        "tight": "пар сообщений в окне",
        "account_ages": "суток аккаунту",
        "newcomers": "авторов впервые",
        "acquainted": "совместных выступлений ещё",
        "rhythm": "пар сообщений в окне",
        "burst": "сообщений за час",
        "others_beside": "чужих сообщений за час",
        "one_place": "% из одного муниципалитета",
        "one_thread": "% под одной записью",
    },
    ROLE: {"words": "слова", "conduct": "поведение", "setting": "обстановка"},
    c.EXPLANATION: {
        "common_phrase": "расхожая фраза: так пишут и независимо друг от друга",
        "shared_news": "в тот же час больше писали и другие: отклик на аварию, непогоду, новость",
        "one_place": "почти все из одного муниципалитета: так пишут и о местном событии",
        "handed_on": "обращение по общему образцу: текст ходил по рукам не один день",
        "new_channel": (
            "канал недавно открыт или в него позвали новых людей, и они взяли готовый текст"
        ),
        "one_thread": (
            "акция или поздравление под одной записью: люди повторяют понравившиеся слова"
        ),
        "nothing_to_explain": "объяснять нечего: отличий больше, чем от случая, не видно",
        "collective_appeal": (
            "обращение по образцу: люди договорились, о чём писать, и пишут каждый своими словами"
        ),
        "asked_in_chat": (
            "текст разослан в домовой, школьный или рабочий чат с просьбой поддержать"
        ),
    },
    c.NOTE: {
        "common_phrase": "расхожая короткая фраза, не проверяется",
        "no_accounts": "авторы неизвестны, не проверяется",
        "over_days": "пришли не за один день, не проверяется",
        "all_new": "новыми в это время были почти все, не проверяется",
        "no_history": "авторы почти ничего больше не повторяли, не проверяется",
    },
    c.TEST: {
        **_LINES,
        "topic_shares": "доли тем",
        "paraphrases": "пересказы",
        "rank": "место среди обычных семей",
        "families": "семьи одинаковых текстов",
    },
    c.REASON: {
        "one_or_many": "нет авторов: одного человека не отличить от многих",
        "before_the_data": (
            "кто писал до начала данных, неизвестно, в начале новыми кажутся все: "
            "посчитано только рядом с соседями по времени"
        ),
        "no_registrations": "даты регистрации аккаунтов не указаны",
        "no_threads": "записи, под которыми пишут, не указаны",
        "no_embedding": "пересказы другими словами не искались: не дано представление текстов",
        "no_topics": "нет официальных рубрик и не дана модель тем",
        "too_many_authors": "у текста слишком много авторов, чтобы перебирать пары",
        "common_phrases": "короткие фразы никому не принадлежат: семьи из них не проверяются",
        "few_families": "семей мало: для сравнения нужно 20",
        "no_families": "семей от пяти сообщений трёх авторов нет, сравнивать нечего",
    },
    c.KIND: {
        "old_10m": "давние аккаунты, за 10 минут",
        "old_1h": "давние аккаунты, за час",
        "new_1h": "новые аккаунты, за час",
        "new_1d": "новые аккаунты, за сутки",
        # planted in the sample region
        "copy-paste": "один текст на всех",
        "mail_merge": "образец с именами",
        "paraphrase": "пересказ",
        "disposable_accounts": "разовые аккаунты",
        "slow_praise": "медленная похвала",
        "outage": "отключение",
        "storm": "буря",
        "petition": "петиция",
        "school_action": "школьная акция",
        "flash_mob": "поздравления",
        "outside": "вне заложенного",
    },
    TONE: {"praise": "похвала", "criticism": "критика"},
    GROUP_SIZE: {"under_ten": "меньше 10", "ten_and_more": "10 и больше"},
    WINDOWS: {
        "10s": "10 с",
        "1m": "1 мин",
        "10m": "10 мин",
        "30m": "30 мин",
        "all": "10 с, 1 мин, 10 мин, 30 мин",
    },
}
