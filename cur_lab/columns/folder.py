"""Tables a user fills in the folder of a region, and what is told of the folder."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.briefing import QUESTION
from cur_lab.columns.counts import MESSAGES_COUNT, MONTH
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table

NETWORK = "network"
SECTOR = "sector"
OPENED_AT = "opened_at"
COMMITMENT_ID = "commitment_id"
MADE_AT = "made_at"
DONE_AT = "done_at"
LEVEL = "level"
CONNECTED_AT = "connected_at"
RESPONDENT = "respondent"
ANSWER = "answer"
JUDGE = "judge"
ENTRY = "entry"
CRITERION = "criterion"
INTERESTED = "interested"
CODER = "coder"
CODE = "code"

SHA256 = "sha256"
ROWS_COUNT = "rows"
ANSWERS_COUNT = "answers"
REJECTED_COUNT = "rejected"
REPEATED_COUNT = "in_two_files"
PROBLEM = "problem"
REMEDY = "remedy"
TABLE = "table"
NEAREST = "nearest"
FITTED = "fitted"

PAGES = Table(
    "pages",
    (
        Column(c.PAGE_ID, pl.String, "as the posts name it", nullable=False),
        Column(c.TITLE, pl.String, "name of the page"),
        Column(SECTOR, pl.String, "administration, school, hospital, theatre …"),
        Column(c.MUNICIPALITY, pl.String, "district; null: the whole region"),
        Column(NETWORK, pl.String, "vk, telegram, ok, max"),
        Column(OPENED_AT, TIME, "when it was opened", unit="UTC"),
    ),
)

PAGE_MONTHS = Table(
    "posts_by_month",
    (
        Column(c.PAGE_ID, pl.String, "as the posts name it", nullable=False),
        Column(MONTH, pl.Date, "its first day", nullable=False),
        Column(c.POSTS_COUNT, pl.Int64, "posts of the month", nullable=False, unit="posts"),
        Column(c.VIEWS, pl.Int64, "of these posts", unit="views"),
        Column(c.LIKES, pl.Int64, "likes or reactions", unit="likes"),
        Column(c.COMMENTS, pl.Int64, "comments", unit="comments"),
        Column(c.SHARES, pl.Int64, "reposts", unit="reposts"),
    ),
)

COMMITMENTS = Table(
    "commitments",
    (
        Column(COMMITMENT_ID, pl.String, "unique within the table", nullable=False),
        Column(MADE_AT, TIME, "when it was promised", unit="UTC"),
        Column(c.BROADCAST_ID, pl.String, "broadcast it was made in; null: elsewhere"),
        Column(c.MUNICIPALITY, pl.String, "district it is for; null: the whole region"),
        Column(c.RUBRIC, pl.String, "official rubric it is about"),
        Column(c.TEXT, pl.String, "what was promised", nullable=False),
        Column(c.AGENCY, pl.String, "who answers for it"),
        Column(c.DUE_AT, TIME, "promised term; null: none was named", unit="UTC"),
        Column(DONE_AT, TIME, "when it was done; null: not yet", unit="UTC"),
        Column(c.EVIDENCE_URL, pl.String, "where it can be seen"),
    ),
)

AGENCIES = Table(
    "agencies",
    (
        Column(c.AGENCY, pl.String, "as the messages name it", nullable=False),
        Column(LEVEL, pl.String, "federal, region or municipality"),
        Column(c.REGIME, pl.String, "rules of answering, where a message names none"),
        Column(CONNECTED_AT, TIME, "when it joined the system of appeals", unit="UTC"),
    ),
)

SURVEY = Table(
    "survey",
    (
        Column(RESPONDENT, pl.String, "number of the questionnaire, never a name", nullable=False),
        Column(QUESTION, pl.String, "what was asked", nullable=False),
        Column(ANSWER, pl.String, "what was answered; null: nothing"),
        Column(c.WEIGHT, pl.Float64, "weight of the respondent; null: 1"),
    ),
    optional=(
        Column("stratum", pl.String, "stratum of the sample"),
        Column("cluster", pl.String, "place the interviews were held in"),
    ),
)

PANEL_SCORES = Table(
    "scores",
    (
        Column(JUDGE, pl.String, "number of the expert, never a name", nullable=False),
        Column(ENTRY, pl.String, "what was judged", nullable=False),
        Column(CRITERION, pl.String, "by what", nullable=False),
        Column(c.SCORE, pl.Float64, "points; null: not judged", unit="points"),
    ),
    optional=(Column(INTERESTED, pl.Boolean, "whether the judge has an interest in the entry"),),
)

HUMAN_CODES = Table(
    "codes",
    (
        Column(c.MESSAGE_ID, pl.String, "message that was coded", nullable=False),
        Column(CODER, pl.String, "number of the coder, never a name", nullable=False),
        Column(CODE, pl.String, "question of the codebook", nullable=False),
        Column(c.VALUE, pl.String, "what the coder chose; null: undecided"),
    ),
)

TOPIC_NAMES = Table(
    "topic_names",
    (
        Column(c.LABEL, pl.String, "topic as found in all of the region", nullable=False),
        Column(c.NAME, pl.String, "what the analyst calls it; null: as found"),
    ),
)

REGION_SOURCES = Table(
    "sources",
    (
        Column(c.SOURCE, pl.String, "file, by its path in the folder", nullable=False),
        Column(SHA256, pl.String, "of its bytes", nullable=False),
        Column(ROWS_COUNT, pl.Int64, "rows, messages or votes of the file", unit="rows"),
        Column(MESSAGES_COUNT, pl.Int64, "messages read; null: no export", unit="messages"),
        Column(c.POSTS_COUNT, pl.Int64, "posts read; null: no export", unit="posts"),
        Column(ANSWERS_COUNT, pl.Int64, "answers of the authority among them", unit="answers"),
        Column(REJECTED_COUNT, pl.Int64, "rows not read", unit="rows"),
        Column(REPEATED_COUNT, pl.Int64, "messages and posts of another file too", unit="rows"),
    ),
)

REGION_PROBLEMS = Table(
    "problems",
    (
        Column(c.SOURCE, pl.String, "file, and the place in it", nullable=False),
        Column(PROBLEM, pl.String, "what is wrong, in English as errors say it", nullable=False),
        Column(REMEDY, pl.String, "what to do", nullable=False),
    ),
)

PLACE_NAMES = Table(
    "places",
    (
        Column(TABLE, pl.String, "where the name stands", nullable=False),
        Column(c.NAME, pl.String, "as found", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "of the list; null: none, or more than one"),
        Column(FITTED, pl.String, "same, spelling, other_name, several or none", nullable=False),
        Column(NEAREST, pl.String, "of the list, where none fits; null: nothing is near"),
        Column(c.N_ROWS, pl.Int64, "rows with the name", nullable=False, unit="rows"),
    ),
)

HEADINGS = {
    c.PAGE_ID: Heading("Страница", absent="страниц"),
    NETWORK: Heading("Сеть", absent="сетей"),
    SECTOR: Heading("Отрасль", absent="отраслей"),
    OPENED_AT: Heading("Открыта", kind="moment", absent="дат открытия"),
    COMMITMENT_ID: Heading("Номер обещания"),
    MADE_AT: Heading("Обещано", kind="moment", absent="дат обещаний"),
    DONE_AT: Heading("Сделано", kind="moment", absent="отметок о сделанном"),
    LEVEL: Heading("Уровень власти"),
    c.REGIME: Heading("Порядок рассмотрения", absent="порядка рассмотрения"),
    CONNECTED_AT: Heading("Подключено", kind="moment"),
    RESPONDENT: Heading("Анкета"),
    ANSWER: Heading("Ответ"),
    JUDGE: Heading("Эксперт"),
    ENTRY: Heading("Работа"),
    CRITERION: Heading("Критерий"),
    INTERESTED: Heading("Заинтересован"),
    CODER: Heading("Кодировщик"),
    CODE: Heading("Вопрос кодификатора"),
    c.OTHER_NAMES: Heading("Другие названия"),
    c.POPULATION_ELIGIBLE: Heading("Могут голосовать", absent="числа имеющих право голоса"),
    c.POPULATION_YEAR: Heading("Год численности"),
    c.OKTMO: Heading("ОКТМО"),
    c.LATITUDE: Heading("Широта", absent="координат"),
    c.LONGITUDE: Heading("Долгота", absent="координат"),
    SHA256: Heading("SHA-256"),
    ROWS_COUNT: Heading("Строк в файле"),
    REJECTED_COUNT: Heading("Не прочитано"),
    REPEATED_COUNT: Heading("Повторов"),
    PROBLEM: Heading("Что не так"),
    REMEDY: Heading("Что сделать"),
    TABLE: Heading("Таблица"),
    NEAREST: Heading("Ближайшее"),
    FITTED: Heading("Как сопоставлено"),
    c.NAME: Heading("Название"),
}
CODES = {
    LEVEL: {"federal": "федеральный", "region": "региональный", "municipality": "муниципальный"},
    c.REGIME: {
        "appeal": "обращение",
        "portal": "сообщение",
        "fast": "ускоренный",
        "network": "сообщение в сети",
    },
    NETWORK: {"vk": "ВКонтакте", "ok": "Одноклассники", "telegram": "Telegram", "max": "MAX"},
    FITTED: {
        "same": "совпадает со списком",
        "spelling": "отличается написанием",
        "other_name": "по другому названию",
        "several": "подходит несколько",
        "none": "нет в списке",
    },
}
