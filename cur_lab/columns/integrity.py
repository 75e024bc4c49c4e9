"""Tables about votes that call for a look."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table, interval

NIGHT = "night"
FALSE_ALARMS = "false_alarms"
BELOW_LINE = "below_line"
ABOVE_LINE = "above_line"
REVIEW = "review"
NATURAL = "natural"
OTHER_VERDICT = "other_verdict"
DETECTABLE = "detectable"
_CODES = pl.List(pl.String)

_WINDOW_COLUMNS = (
    Column(c.CHANNEL, pl.String, "channel, or all", nullable=False),
    Column(c.STARTED_AT, TIME, "beginning of the window; null: nothing stands out", unit="UTC"),
    Column(c.ENDED_AT, TIME, "end of the window", unit="UTC"),
)

INTEGRITY_PROJECTS = Table(
    "integrity_projects",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.TITLE, pl.String, "its title; the identifier where none is told", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district of the project"),
        Column(c.VOTES_COUNT, pl.Int64, "votes examined", nullable=False, unit="votes"),
        Column(c.P_VALUE, pl.Float64, "of the composition of its votes, tests combined"),
        Column(c.Q_VALUE, pl.Float64, "false-discovery rate at which it calls for a check"),
        Column(c.ROSE, pl.Boolean, "its share rose somewhere, at the same rate", nullable=False),
        Column(c.TEST, pl.String, "most telling test; null where nothing stands out"),
        Column(
            c.VERDICT,
            pl.String,
            "review, natural or ordinary",
            nullable=False,
        ),
        Column(c.EXPLANATION, _CODES, "innocent explanations that fit best", nullable=False),
    ),
)

INTEGRITY_FLAGS = Table(
    "integrity_flags",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.TITLE, pl.String, "its title; the identifier where none is told", nullable=False),
        Column(c.TEST, pl.String, "test", nullable=False),
        *_WINDOW_COLUMNS,
        Column(c.OBSERVED, pl.Float64, "votes seen; variation of gaps in regularity"),
        *interval(c.EXPECTED, "the same as expected", ends="95 % range"),
        Column(c.P_VALUE, pl.Float64, "corrected for the windows looked at; null: too few votes"),
        Column(c.Q_VALUE, pl.Float64, "over the projects of this test"),
        Column(c.EXPLANATION, _CODES, "innocent explanations; null: nothing seen"),
        Column(c.VERDICT, pl.String, "verdict on the project, all tests together", nullable=False),
    ),
)

INTEGRITY_EXCESS = Table(
    "integrity_excess",
    (
        Column(c.PROJECT_ID, pl.String, "project that calls for a check", nullable=False),
        Column(c.TITLE, pl.String, "its title; the identifier where none is told", nullable=False),
        Column(c.TEST, pl.String, "most telling test", nullable=False),
        *_WINDOW_COLUMNS,
        Column(c.VOTES_COUNT, pl.Int64, "votes the finding is about", nullable=False, unit="votes"),
        *interval(c.EXCESS, "beyond the usual number", nullable=False, unit="votes"),
        Column(c.WINNER, pl.Boolean, "the project wins with these votes; null: not counted"),
        Column(c.OUTCOME, pl.String, "the same without the excess, a code; null: not counted"),
    ),
)

INTEGRITY_POWER = Table(
    "integrity_power",
    (
        Column(c.CHANNEL, pl.String, "channel of the artificial surge", nullable=False),
        Column(c.EXCESS, pl.Int64, "votes added", nullable=False, unit="votes"),
        Column(c.HOURS, pl.Int64, "within so many hours", nullable=False, unit="hours"),
        Column(c.TRIALS, pl.Int64, "surges tried", nullable=False),
        *interval(c.FOUND, "share that called for a check", nullable=False),
    ),
)

INTEGRITY_DETECTABLE = Table(
    "integrity_detectable",
    (
        Column(c.CHANNEL, pl.String, "channel of the artificial surge", nullable=False),
        Column(c.HOURS, pl.Int64, "within so many hours", nullable=False, unit="hours"),
        Column(
            DETECTABLE,
            pl.Int64,
            "votes from which four surges of five call for a check; null: none tried did",
            unit="votes",
        ),
    ),
)

INTEGRITY_OVERALL = Table(
    "integrity_overall",
    (
        Column(c.PROJECTS_COUNT, pl.Int64, "examined", nullable=False, unit="projects"),
        Column(c.VOTES_COUNT, pl.Int64, "examined", nullable=False, unit="votes"),
        Column(REVIEW, pl.Int64, "projects that call for a check", nullable=False),
        Column(FALSE_ALARMS, pl.Float64, "of them by chance, on average at most", nullable=False),
        Column(BELOW_LINE, pl.Int64, "projects just below the funding line; null: no line"),
        Column(ABOVE_LINE, pl.Int64, "projects just above it; null: no line"),
        Column(c.P_VALUE, pl.Float64, "of the last day's gain of those below; null: no line"),
    ),
)

INTEGRITY_CHANNELS = Table(
    "integrity_channels",
    (
        Column(c.CHANNEL, pl.String, "channel, most votes first", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "votes through it", nullable=False, unit="votes"),
        Column(c.SHARE, pl.Float64, "of all votes", nullable=False),
        Column(NIGHT, pl.Float64, "of its votes between 0 and 6 hours; null: no times"),
    ),
)

INTEGRITY_VERDICTS = Table(
    "integrity_verdicts",
    (
        Column(c.VERDICT, pl.String, "verdict, fewest projects first", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "with it", nullable=False, unit="projects"),
    ),
)

INTEGRITY_PLACES = Table(
    "integrity_places",
    (
        Column(c.MUNICIPALITY, pl.String, "where most is flagged first", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "examined", nullable=False, unit="projects"),
        Column(REVIEW, pl.Int64, "of them call for a check", nullable=False, unit="projects"),
        Column(NATURAL, pl.Int64, "of them only rose", nullable=False, unit="projects"),
    ),
)

INTEGRITY_HOURS = Table(
    "integrity_hours",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.TITLE, pl.String, "its title; the identifier where none is told", nullable=False),
        Column(c.STARTED_AT, TIME, "beginning of the window", nullable=False, unit="UTC"),
        Column(c.ENDED_AT, TIME, "end of the window", nullable=False, unit="UTC"),
        Column(c.HOUR, TIME, "hour, two days around the window", nullable=False, unit="UTC"),
        Column(c.CHANNEL, pl.String, "channel", nullable=False),
        Column(c.VOTES_COUNT, pl.Int64, "votes in it", nullable=False, unit="votes"),
    ),
)

INTEGRITY_RATES = Table(
    "integrity_rates",
    (
        Column("fdr", pl.Float64, "false-discovery rate", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "at most so many to check", nullable=False),
    ),
)

INTEGRITY_STABILITY = Table(
    "integrity_stability",
    (
        Column(c.VERDICT, pl.String, "verdict", nullable=False),
        Column(OTHER_VERDICT, pl.String, "without occasions and with another seed", nullable=False),
        Column(c.PROJECTS_COUNT, pl.Int64, "with both", nullable=False, unit="projects"),
    ),
)

HEADINGS = {
    c.EXCESS: Heading("Сверх ожидаемого", digits=0),
    NIGHT: Heading("Ночью", kind="share"),
    FALSE_ALARMS: Heading("Ложных среди них в среднем не больше"),
    BELOW_LINE: Heading("Проектов чуть ниже черты"),
    ABOVE_LINE: Heading("Чуть выше"),
    REVIEW: Heading("Требует проверки"),
    NATURAL: Heading("Похоже на мобилизацию"),
    OTHER_VERDICT: Heading("Без поводов и с другим зерном"),
    c.STARTED_AT: Heading("Окно с", kind="moment"),
    c.ENDED_AT: Heading("по", kind="moment"),
    c.FOUND: Heading("Найдено", kind="share"),
    c.HOURS: Heading("За сколько часов"),
    DETECTABLE: Heading("С вероятностью 80 % видно от", unit="голосов"),
}
_VERDICTS = {
    REVIEW: "требует проверки",
    NATURAL: "похоже на естественную мобилизацию",
    "ordinary": "не выделяется",
    "untested": "не определяется: проверить нечем",
}
CODES = {
    c.VERDICT: _VERDICTS,
    OTHER_VERDICT: _VERDICTS,
    c.TEST: {
        "rise": "рост доли",
        "channel": "состав каналов",
        "night": "ночные голоса",
        "off_hours": "звонки вне графика",
        "numbers": "соседние номера",
        "regularity": "ровные промежутки",
        "identical": "одинаковые бюллетени",
        "votes": "голоса",
        "outcome": "исход без лишних голосов",
        "line": "прирост у черты победы",
        "power": "чувствительность",
    },
    c.EXPLANATION: {
        "gathered_one_way": "голоса собирали одним способом: ссылка в чате, волонтёры, пункт с "
        "телефоном",
        "night_shift": "ночная смена, другой часовой пояс, голоса внесены пакетом после сбоя",
        "late_calls": "колл-центр работал сверх графика или внёс звонки позже",
        "numbers_in_a_row": "корпоративные или семейные номера, купленные подряд",
        "queue": "голоса переданы из очереди или внесены пакетом через равные промежутки",
        "common_list": "класс или двор голосовал вместе по общему списку",
        "post_just_before": "перед самым подъёмом вышла публикация о проекте",
        "post_within_a_day": "за сутки до подъёма вышла публикация о проекте",
        "broadcast": "в эти часы шёл прямой эфир для округа или о проекте",
        "last_evening": "последний вечер голосования",
        "all_channels": "выросли сразу несколько каналов, как бывает, когда зовут школа, двор "
        "или предприятие",
        "no_occasion": "повода в данных нет: узнать у заявителя, что было в эти часы",
        "nothing_to_explain": "объяснять нечего: отличий больше, чем от случая, не видно",
    },
    c.OUTCOME: {
        "same": "исход тот же",
        "other": "без этих голосов проект не победил бы",
        "open": "зависит от оценки",
        "lost": "проект не победил и с ними",
    },
    c.REASON: {
        "one_project": "голоса есть меньше чем у двух проектов: не с чем сравнить",
        "votes_without_times": "у голосов нет времени",
        "days_only": "известен только день голоса",
        "hours_only": "время записано с точностью до часа",
        "one_channel": "каналов меньше двух",
        "no_calls": "нет голосов через колл-центр",
        "gaps_not_kept": "расстояния между номерами не сохранены при чтении",
        "single_choice": "в бюллетене один выбор",
        "choices_beyond_one": "голоса сверх одного на человека засчитаны, хотя выбор один",
        "unknown_projects": "голоса за неизвестные проекты не учтены",
        "repeated_votes": "повторные голоса того же человека не учтены",
        "not_counted": "исход не пересчитать по этим данным",
        "two_days_needed": "нужно время голосов не меньше чем за двое суток",
        "all_or_none_won": "победили все или никто: черты нет",
        "few_at_line": "у черты слишком мало проектов",
        "no_times_or_channels": "нужны время и каналы голосов",
    },
}
