"""What decisions changed, and what led to them."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.answers import DAYS
from cur_lab.columns.counts import PERIOD_START
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

CHECK = "check"
CLOSED = "closed"
REOPENED = "reopened"
WEEKS_SINCE = "weeks_since"
DISTRICTS = "districts"
NAMED = "named"
GAPS = "gaps"
HORIZON_DAYS = "horizon_days"
PLACEBOS_COUNT = "placebos"
SHIFT = "shift"
REOPEN_VERDICT = "reopen_verdict"

_CHANGE = (*interval(c.CHANGE, "against what was expected, −0.5 is half; null: no number"),)
_DECISION = (
    Column(c.DECISION_ID, pl.String, "decision", nullable=False),
    Column(c.TITLE, pl.String, "what was decided", nullable=False),
)

IMPACTS = Table(
    "impacts",
    (
        *_DECISION,
        Column(c.DECIDED_AT, TIME, "when it was taken or came into force", unit="UTC"),
        *_CHANGE,
        Column(c.VERDICT, pl.String, "as of the impact, or outside the data", nullable=False),
        Column(c.P_VALUE, pl.Float64, "rank among placebos over their number; null: no placebos"),
        Column(
            PLACEBOS_COUNT,
            pl.Int64,
            "places and dates without a decision it is set against",
            nullable=False,
        ),
        *interval(SHIFT, "change of the share of fixes that are reopened"),
        Column(REOPEN_VERDICT, pl.String, "answered or fixed", nullable=False),
    ),
)

IMPACT_ESTIMATES = Table(
    "impact_estimates",
    (
        Column(c.METHOD, pl.String, "way of estimating", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "the one the headline is taken from", nullable=False),
        *_CHANGE,
        Column(c.OBSERVED, pl.Int64, "messages counted over the horizon", unit="messages"),
        *interval(c.EXPECTED, "messages expected without the decision", unit="messages"),
    ),
)

IMPACTS_ESTIMATES = Table(
    "impacts_estimates",
    (
        *_DECISION,
        Column(HORIZON_DAYS, pl.Int64, "length after it", nullable=False, unit="days"),
        *IMPACT_ESTIMATES.columns,
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
        Column(c.VERDICT, pl.String, "fine, attention, or unchecked", nullable=False),
        Column(c.REASON, pl.String, "what was found", nullable=False),
        Column(NAMED, pl.String, "district or decision it is about"),
        Column(c.AT, TIME, "moment it is about", unit="UTC"),
        Column(DAYS, pl.Int64, "days it is about", unit="days"),
        Column(c.SHARE, pl.Float64, "share it is about"),
        Column(c.CHANGE, pl.Float64, "change it is about"),
    ),
)

IMPACTS_CHECKS = Table("impacts_checks", (*_DECISION, *IMPACT_CHECKS.columns))

IMPACT_PATH = Table(
    "impact_path",
    (
        Column(PERIOD_START, TIME, "beginning of the bin of one to four weeks", nullable=False),
        Column(c.PHASE, pl.String, "before or after the decision", nullable=False),
        Column(c.OBSERVED, pl.Int64, "messages counted", nullable=False, unit="messages"),
        *interval(
            c.EXPECTED,
            "before: fitted, after: expected",
            unit="messages",
            ends="pointwise 95 % interval; null before",
        ),
    ),
)

IMPACT_REOPENS = Table(
    "impact_reopens",
    (
        Column(c.PHASE, pl.String, "before, after, or difference", nullable=False),
        Column(CLOSED, pl.Int64, "messages marked resolved, followed up for 30 days"),
        Column(REOPENED, pl.Int64, "of these, opened again within 30 days"),
        *interval(c.SHARE, "share reopened, or its change"),
    ),
)

ROLLOUT_OVERALL = Table(
    "rollout_overall",
    (
        Column(c.METHOD, pl.String, "imputation, or the peer", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "the one the headline is taken from", nullable=False),
        *_CHANGE,
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
        Column(c.REASON, pl.String, "why there is no number; null: there is one"),
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
        *interval(ANSWER_DAYS, "median time to an answer before it", unit="days"),
        Column(c.BUDGET, pl.Float64, "money given; null: not stated", unit="roubles"),
        *interval(FIXED, "share of the messages of 90 days before marked as fixed by 90 after"),
        *interval(REOPENED, "share of these fixes reopened within 30 days"),
        Column(c.OUTCOME, pl.String, "what became of the complaints", nullable=False),
        Column(GAPS, pl.List(pl.String), "why a link is not determined", nullable=False),
    ),
)

DECISION_HAZARD = Table(
    "decision_hazard",
    (
        Column(
            c.PART, pl.String, "all, intensity, rubric, municipality, elsewhere", nullable=False
        ),
        Column(c.GROUP, pl.String, "value within the part; null: not stated"),
        Column(CELL_MONTHS, pl.Int64, "months of a rubric in a district", nullable=False),
        Column(DECISIONS_COUNT, pl.Int64, "decisions in them", nullable=False),
        *interval(HAZARD, "decisions per 1,000 such months", ends="exact 95 % interval"),
        *interval(c.RATIO, "part all: factor per doubling of last month's messages"),
        Column(c.REASON, pl.String, "what cannot be said; null: nothing"),
    ),
)

MONEY_SHARES = Table(
    "money_shares",
    (
        Column(c.RUBRIC, pl.String, "official rubric; null: decisions about none"),
        Column(c.COMPLAINTS, pl.Int64, "messages; null where the rubric is null"),
        *interval(c.SHARE, "of messages that have a rubric"),
        Column(DECISIONS_COUNT, pl.Int64, "decisions about it", nullable=False),
        Column(WITH_BUDGET, pl.Int64, "… whose money is stated", nullable=False),
        Column(c.MONEY, pl.Float64, "sum of what is stated", nullable=False, unit="roubles"),
        Column(c.MONEY_SHARE, pl.Float64, "of the stated money of decisions that have a rubric"),
        Column(MONEY_SHARE_LOW, pl.Float64, "if unstated sums of other rubrics were the largest"),
        Column(MONEY_SHARE_HIGH, pl.Float64, "if unstated sums of this rubric were the largest"),
        Column(c.REASON, pl.String, "what cannot be said; null: nothing"),
    ),
)

HEADINGS = {
    c.TITLE: Heading("Решение"),
    c.DECIDED_AT: Heading("Когда решено", kind="day", absent="дат решений"),
    c.BUDGET: Heading("Рублей", digits=0),
    c.CHANGE: Heading("Изменение", kind="change"),
    PLACEBOS_COUNT: Heading("Ложных решений"),
    SHIFT: Heading("Открыто снова: сдвиг доли", kind="points", unit="п. п."),
    REOPEN_VERDICT: Heading("Решено или отвечено"),
    HORIZON_DAYS: Heading("Горизонт", unit="дней"),
    CHECK: Heading("Проверка"),
    NAMED: Heading("Что именно"),
    CLOSED: Heading("Отмечено решёнными"),
    WEEKS_SINCE: Heading("Недель со дня решения"),
    DISTRICTS: Heading("Районов"),
    GAPS: Heading("Чего не видно"),
    c.COMPLAINTS_BEFORE: Heading("Жалоб за полгода"),
    LAG_DAYS: Heading("Дней от пика", digits=0, level=None),
    ANSWER_DAYS: Heading("Половина ответов за", digits=1, unit="дней"),
    FIXED: Heading("Отмечено устранённым", kind="share"),
    c.OUTCOME: Heading("Чем кончилось"),
    c.GROUP: Heading("Жалоб за прошлый месяц"),
    CELL_MONTHS: Heading("Месяцев рубрика × район"),
    DECISIONS_COUNT: Heading("Решений"),
    HAZARD: Heading("Решений на 1000 таких месяцев", digits=1),
    c.COMPLAINTS: Heading("Жалоб"),
    WITH_BUDGET: Heading("С названной суммой"),
    c.MONEY: Heading("Названо рублей", digits=0),
    c.MONEY_SHARE: Heading("Доля названных денег", kind="share", level=None),
}

CODES = {
    c.KIND: {
        "decision": "само решение",
        "place": "районы без решения",
        "time": "ложные даты",
        "peak": "равные пики",
    },
    c.METHOD: {
        "synthetic_control": "по районам без решения",
        "interrupted_series": "по собственному прошлому и остальным сообщениям",
        "before_after": "наивно: против двух недель до решения",
        "equal_peaks": "против спада после равных пиков без решения",
        "imputation": "по районам, где ещё не введено",
        "two_way": "обычная регрессия: при растущем действии смещена",
    },
    c.VERDICT: {
        "fewer_than_expected": "жалоб стало меньше, чем ожидалось",
        "more_than_expected": "жалоб стало больше, чем ожидалось",
        "usual_swing": "изменение не отличить от обычных колебаний",
        "nowhere_without": "не определяется по этим данным: района без решения нет, "
        "сравнить не с кем",
        "too_few_days": "недостаточно данных: после решения прошло слишком мало дней",
        "too_few_messages": "недостаточно данных: сообщений или дней до решения слишком мало",
        "too_few_districts": "недостаточно данных: районов с решением или без него слишком мало",
        "outside_data": "недостаточно данных: решение вне времени наблюдения, или о его "
        "предмете не пишут",
        "fine": "в порядке",
        "attention": "внимание",
        "unchecked": "не проверено",
    },
    REOPEN_VERDICT: {
        "only_answered": "жалоб меньше, но решённые открывают снова чаще: похоже, закрыто ответом",
        "reopened_more": "решённые обращения открывают снова чаще, чем до решения",
        "fixed": "жалоб меньше, и снова открывают не чаще: похоже, проблема решена",
        "not_told_apart": "по этим данным не различить, решена ли проблема или только закрыты "
        "обращения",
        "too_few_resolved": "недостаточно решённых обращений: не различить, решена ли проблема "
        "или только закрыты обращения",
    },
    CHECK: {
        "history": "история",
        "comparison": "районы для сравнения",
        "peak": "дата на пике",
        "trend_before": "тренд до решения",
        "anticipation": "упреждение",
        "whole_flow": "общий поток",
        "shock": "всплеск в окне",
        "other_decisions": "другие решения",
        "channels": "состав каналов",
    },
    c.REASON: {
        "year_before": "до решения есть год наблюдений",
        "season_by_districts": "до решения меньше года: сезон от решения отделяют только другие "
        "районы",
        "season_mixed_in": "до решения меньше года: сезон от решения не отделить",
        "districts_weighed": "район, у которого больше всего веса",
        "no_district_without": "района без решения нет: сравнить не с кем",
        "past_instead": "районы без решения предсказывают ряд хуже его собственного прошлого или "
        "их мало: оценка опирается на прошлое",
        "no_peak": "последние две недели перед решением не выделяются",
        "peak_few_equal": "решение принято на пике жалоб: спад после него ожидаем и без решения; "
        "равных пиков для сравнения мало",
        "peak_compared": "решение принято на пике жалоб: спад после него ожидаем и без решения; "
        "после равных пиков без решения жалобы в среднем менялись",
        "too_little_before": "до решения слишком мало данных",
        "as_expected_before": "перед решением ряд не отклонялся от ожидаемого",
        "off_before": "уже перед решением ряд отклонился от ожидаемого",
        "no_other_rubrics": "в счётах нет других рубрик этих районов",
        "others_too_few": "остальных сообщений слишком мало",
        "others_steady": "остальные рубрики тех же районов не изменились заметно",
        "others_moved": "остальные рубрики тех же районов тоже изменились: дело может быть не в "
        "решении",
        "no_shock": "в окне нет недели, когда обо всём остальном писали бы необычно",
        "shock_found": "была неделя, когда обо всём остальном писали необычно",
        "no_decisions_given": "таблица решений не дана",
        "no_other_decision": "в окне нет другого решения о том же",
        "other_decision": "в окне есть и другие решения",
        "no_channels": "каналы сообщений не даны",
        "channels_too_few": "сообщений слишком мало",
        "channels_same": "состав каналов прежний; столько сообщений пришлось бы перенести",
        "channels_moved": "состав каналов изменился, часть изменения — переход; столько сообщений "
        "пришлось бы перенести",
        "near_edge": "недостаточно данных: решение у края данных",
        "too_few": "недостаточно данных",
        "no_months": "недостаточно данных: нет полных месяцев",
        "too_few_decisions": "связь решений с числом жалоб не определяется: решений мало",
        "no_rubric": "решения не об одной рубрике: с жалобами не сравнить",
        "no_sums": "сумм нет: доля денег не определяется",
        "sums_unstated": "не все суммы названы: доля денег в указанных пределах",
    },
    c.OUTCOME: {
        "mostly_fixed": "большинство отмечено устранённым",
        "often_reopened": "отмечают устранённым, но открывают снова",
        "mostly_open": "большинство без отметки об устранении",
        "undetermined": "не определяется",
    },
    GAPS: {
        "sum_unstated": "сумма не названа",
        "date_unstated": "дата решения не названа",
        "no_one_rubric": "решение не об одной рубрике",
        "outside_observation": "решение вне времени наблюдения",
        "peak_too_few": "жалоб до решения мало: пик не определяется",
        "short_past": "полугода наблюдений до решения нет",
        "peak_flat": "жалобы шли ровно: пик не определяется",
        "first_unknown": "жалобы шли с начала наблюдения: первая не определяется",
        "no_messages": "нет сообщений: ответы и исход не определяются",
        "answer_unknown": "медиана ответа не определяется",
        "short_future": "после решения прошло меньше 90 дней: исход не определяется",
        "outcome_too_few": "жалоб за 90 дней до решения мало: исход не определяется",
    },
    c.GROUP: {"20+": "20 и более"},
    c.PART: {"elsewhere": "без района или рубрики"},
}
