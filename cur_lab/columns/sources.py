"""Tables that come from outside: what readers and data sets yield."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import TIME, Column, Table

MESSAGES = Table(
    "messages",
    (
        Column(c.MESSAGE_ID, pl.String, "unique within the table", nullable=False),
        Column(c.PUBLISHED_AT, TIME, "when it was sent", unit="UTC"),
        Column(c.AUTHOR_ID, pl.String, "keyed pseudonym of the sender"),
        Column(
            c.CHANNEL, pl.String, "telegram, vk, ok, gosuslugi, bot, hotline, or the chat's name"
        ),
        Column(c.MUNICIPALITY, pl.String, "district the message concerns"),
        Column(c.TEXT, pl.String, "what was written, as found", nullable=False),
    ),
    optional=(
        Column(c.RUBRIC, pl.String, "official rubric set by the authority"),
        Column(c.RUBRIC_GROUP, pl.String, "official group of rubrics"),
        Column(c.AGENCY, pl.String, "body the message was sent on to"),
        Column(c.KIND, pl.String, "complaint, proposal, question, thanks, report or other"),
        Column(c.SEEN_AT, TIME, "it reached whoever watches", unit="UTC"),
        Column(c.REGISTERED_AT, TIME, "the authority filed it", unit="UTC"),
        Column(c.DUE_AT, TIME, "the answer is due by then", unit="UTC"),
        Column(c.EXTENDED_UNTIL, TIME, "the term was extended to then", unit="UTC"),
        Column(c.REDIRECTED_AT, TIME, "it was sent on to another body", unit="UTC"),
        Column(c.ANSWER_REQUIRED, pl.Boolean, "whether the source calls for an answer"),
        Column(c.REGIME, pl.String, "rules of its answer: appeal, portal, fast or network"),
        Column(c.STATUS, pl.String, "state of the work, in the words of the source"),
        Column(c.RATING, pl.Int64, "the citizen's grade of the answer, 1 to 5"),
        Column(c.ANSWERED_AT, TIME, "first official answer", unit="UTC"),
        Column(c.ANSWER_TEXT, pl.String, "text of the first official answer"),
        Column(c.RESOLVED_AT, TIME, "problem reported as fixed", unit="UTC"),
        Column(c.REOPENED_AT, TIME, "citizen said it was not fixed", unit="UTC"),
        Column(c.POST_ID, pl.String, "post of a page it was written under"),
        Column(c.PAGE_ID, pl.String, "page that published this post"),
        Column(c.THREAD_ID, pl.String, "post or dialogue the message belongs to"),
        Column(c.FORUM_TOPIC, pl.String, "section of a forum it stands in, as the forum names it"),
        Column(c.REPLY_TO_ID, pl.String, "message it answers"),
        Column(c.FORWARDED_FROM, pl.String, "keyed pseudonym of the source of a forward"),
        Column(c.ACCOUNT_CREATED_AT, TIME, "registration of the sender's account", unit="UTC"),
    ),
)

POSTS = Table(
    "posts",
    (
        Column(c.POST_ID, pl.String, "unique within the table", nullable=False),
        Column(c.PAGE_ID, pl.String, "page or channel that published it", nullable=False),
        Column(c.PUBLISHED_AT, TIME, "when it was published", unit="UTC"),
        Column(c.TEXT, pl.String, "text of the post, may be empty", nullable=False),
        Column(c.KIND, pl.String, "text, photo, video, clip, live, poll or quiz", nullable=False),
        Column(c.VIEWS, pl.Int64, "views when exported", unit="views"),
        Column(c.LIKES, pl.Int64, "likes or reactions when exported", unit="likes"),
        Column(c.COMMENTS, pl.Int64, "comments when exported", unit="comments"),
        Column(c.SHARES, pl.Int64, "reposts when exported", unit="reposts"),
        Column(c.FOLLOWERS, pl.Int64, "followers of the page when exported", unit="people"),
    ),
    optional=(
        Column(c.REACH, pl.Int64, "accounts that saw it when exported", unit="people"),
        Column(c.PAID_REACTIONS, pl.Int64, "stars paid when exported, no people", unit="stars"),
        Column(c.OBSERVED_AT, TIME, "when its views and likes were counted", unit="UTC"),
        Column(c.FORWARDED_FROM, pl.String, "keyed pseudonym of the source of a forward or repost"),
        Column(c.PROJECT_ID, pl.String, "project the post is about, null where none"),
    ),
)

FOLLOWER_COUNTS = Table(
    "followers",
    (
        Column(c.PAGE_ID, pl.String, "page or channel", nullable=False),
        Column(c.AT, TIME, "when they were counted", unit="UTC"),
        Column(c.FOLLOWERS, pl.Int64, "followers of the page", nullable=False, unit="people"),
    ),
)

PAGE_ANSWERS = Table(
    "answers",
    (
        Column(c.POST_ID, pl.String, "the answer itself", nullable=False),
        Column(c.PAGE_ID, pl.String, "page that answered", nullable=False),
        Column(c.MESSAGE_ID, pl.String, "what it answers; may not be exported", nullable=False),
        Column(c.ANSWERED_AT, TIME, "when it answered", unit="UTC"),
        Column(c.ANSWER_TEXT, pl.String, "what it answered", nullable=False),
    ),
)

BROADCASTS = Table(
    "broadcasts",
    (
        Column(c.BROADCAST_ID, pl.String, "unique within the table", nullable=False),
        Column(c.STARTED_AT, TIME, "when it began", unit="UTC"),
        Column(c.PAGE_ID, pl.String, "page or channel that showed it", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district it was for; null: the whole region"),
        Column(c.SPEAKER_ROLE, pl.String, "office of the speaker, never a name"),
    ),
    optional=(Column(c.PROJECT_ID, pl.String, "project it was about; null: none in particular"),),
)

REJECTED = Table(
    "rejected",
    (
        Column(c.ROW, pl.Int64, "1-based place in the source", nullable=False),
        Column(c.REASON, pl.String, "why it was not read", nullable=False),
        Column(
            c.RAW,
            pl.String,
            "the row as found, redacted, cut to 500 characters; empty after 200 of one reason",
            nullable=False,
        ),
    ),
    optional=(Column(c.SOURCE, pl.String, "file, where several were read", nullable=False),),
)

UNREADABLE = Table(
    "unreadable",
    (
        Column(c.ROW, pl.Int64, "1-based place in the source", nullable=False),
        Column(c.COLUMN, pl.String, "our column that is null instead", nullable=False),
        Column(c.RAW, pl.String, "the date as found, redacted", nullable=False),
    ),
    optional=(Column(c.SOURCE, pl.String, "file, where several were read", nullable=False),),
)

UNUSED = Table(
    "unused",
    (
        Column(c.HEADING, pl.String, "of a column of the source that became none of ours"),
        Column(c.LOOKS_LIKE, pl.String, "date, number, text, word or empty", nullable=False),
    ),
    optional=(Column(c.SOURCE, pl.String, "file, where several were read", nullable=False),),
)

NOTES = Table(
    "notes",
    (
        Column(c.NOTE, pl.String, "what is to be known of the source", nullable=False),
        Column(c.DETAIL, pl.String, "what it is about, in the words of the source"),
        Column(c.N_ROWS, pl.Int64, "how many times", nullable=False, unit="rows"),
    ),
    optional=(Column(c.SOURCE, pl.String, "file, where several were read", nullable=False),),
)

PROJECTS = Table(
    "projects",
    (
        Column(c.PROJECT_ID, pl.String, "unique within the election", nullable=False),
        Column(c.COST, pl.Float64, "0 or 999999999: withdrawn", nullable=False, unit="money"),
    ),
    optional=(
        Column(c.TITLE, pl.String, "name of the project"),
        Column(c.DESCRIPTION, pl.String, "what is to be done"),
        Column(c.MUNICIPALITY, pl.String, "district it is for"),
        Column(c.CATEGORY, pl.String, "categories, by comma"),
        Column(c.CO_FINANCING, pl.Float64, "part of the cost others bear", unit="money"),
        Column(c.APPLICANT, pl.String, "who proposed it"),
        Column(c.POINTS, pl.Float64, "bonus points beside the votes", unit="points"),
        Column(c.VOTES_COUNT, pl.Int64, "votes as the organiser states them", unit="votes"),
        Column(c.SCORE, pl.Float64, "points as the organiser states them", unit="points"),
        Column(c.SELECTED, pl.Int64, "organiser's decision: 0 no, 1 yes, 2 and 3 by other means"),
        Column(c.LATITUDE, pl.Float64, "of the place", unit="degrees north"),
        Column(c.LONGITUDE, pl.Float64, "of the place", unit="degrees east"),
        # what became of it after the vote
        Column(c.STATUS, pl.String, "planned, contracted, under_way, completed or cancelled"),
        Column(c.CONTRACTED_AT, TIME, "contract signed", unit="UTC"),
        Column(c.DUE_AT, TIME, "promised completion", unit="UTC"),
        Column(c.COMPLETED_AT, TIME, "handed over", unit="UTC"),
        Column(c.ACTUAL_COST, pl.Float64, "what it cost in the end", unit="money"),
        Column(c.PAID_BY_RESIDENTS, pl.Float64, "their part of the cost", unit="money"),
        Column(c.PAID_BY_MUNICIPALITY, pl.Float64, "its part of the cost", unit="money"),
        Column(c.PAID_BY_SPONSORS, pl.Float64, "their part of the cost", unit="money"),
    ),
)

VOTERS = Table(
    "voters",
    (Column(c.VOTER_ID, pl.String, "unique within the election", nullable=False),),
)

VOTES = Table(
    "votes",
    (
        Column(c.VOTER_ID, pl.String, "who chose", nullable=False),
        Column(c.PROJECT_ID, pl.String, "what was chosen", nullable=False),
        Column(c.POINTS, pl.Float64, "points given; null where ballots have none", unit="points"),
        Column(c.RANK, pl.Int64, "place on the ballot, 1 first", nullable=False),
    ),
    optional=(
        Column(c.CAST_AT, TIME, "when it was cast", unit="UTC"),
        Column(c.CHANNEL, pl.String, "esia, sms, call_centre or paper"),
        Column(c.MUNICIPALITY, pl.String, "district of the voter"),
        Column(
            c.NUMBER_GAP,
            pl.Int64,
            "distance to the nearest other telephone number of the channel, "
            "taken before numbers became pseudonyms; null where the channel has none",
        ),
    ),
)

CONTRADICTIONS = Table(
    "contradictions",
    (
        Column(c.STATEMENT, pl.String, "key of META or column that says it", nullable=False),
        Column(c.PROJECT_ID, pl.String, "project it says it of; null: of the vote"),
        Column(c.BY_FILE, pl.Float64, "what it says", nullable=False),
        Column(c.BY_VOTES, pl.Float64, "what the votes say", nullable=False),
        Column(c.BALLOTS, pl.Int64, "ballots that break it; null: no rule of ballots"),
    ),
)

MUNICIPALITIES = Table(
    "municipalities",
    (
        Column(c.MUNICIPALITY, pl.String, "name", nullable=False),
        Column(c.POPULATION, pl.Int64, "residents; null: not known", unit="people"),
        Column(c.LATITUDE, pl.Float64, "of the centre", unit="degrees north"),
        Column(c.LONGITUDE, pl.Float64, "of the centre", unit="degrees east"),
    ),
    optional=(
        Column(c.OTHER_NAMES, pl.String, "earlier and short names, by |"),
        Column(c.POPULATION_ELIGIBLE, pl.Int64, "residents who may vote", unit="people"),
        Column(c.POPULATION_YEAR, pl.Int64, "year both numbers are of"),
        Column(c.OKTMO, pl.String, "code of the territory"),
    ),
)

PUBLISHED = Table(
    "published",
    (
        Column(c.REGION, pl.String, "who the figure is about", nullable=False),
        Column(c.PERIOD, pl.String, "year or span as named", nullable=False),
        Column(c.METRIC, pl.String, "what is counted, in the words of the source", nullable=False),
        Column(c.VALUE, pl.Float64, "the figure", nullable=False),
        Column(c.UNIT, pl.String, "unit of the figure", nullable=False),
        Column(c.DENOMINATOR, pl.String, "what the figure is a part of; null if never named"),
        Column(c.SPEAKER, pl.String, "who named it", nullable=False),
        Column(
            c.INTERESTED_PARTY, pl.Boolean, "the speaker answers for the figure", nullable=False
        ),
        Column(c.SOURCE, pl.String, "where it was published", nullable=False),
    ),
)

CATALOGUE = Table(
    "catalogue",
    (
        Column(c.NAME, pl.String, "what datasets.fetch takes", nullable=False),
        Column(c.FILES, pl.Int64, "files in the set", nullable=False, unit="files"),
        Column(c.BYTES, pl.Int64, "size of all files", nullable=False, unit="bytes"),
        Column(c.LICENCE, pl.String, "what its authors allow", nullable=False),
        Column(c.REPOSITORY, pl.String, "on GitHub", nullable=False),
        Column(c.NOTE, pl.String, "what is in it", nullable=False),
    ),
)

DECISIONS = Table(
    "decisions",
    (
        Column(c.DECISION_ID, pl.String, "unique within the table", nullable=False),
        Column(c.DECIDED_AT, TIME, "when it was taken or came into force", unit="UTC"),
        Column(c.KIND, pl.String, "money, works, order, centre or other", nullable=False),
        Column(c.SCOPE, pl.String, "region or municipality", nullable=False),
        Column(c.TRIGGERED_BY, pl.String, "peak, broadcast, plan or other; null: not stated"),
        Column(c.RUBRIC, pl.String, "official rubric it is about; null: none in particular"),
        Column(c.MUNICIPALITY, pl.String, "district it is for; null: the whole region"),
        Column(c.TITLE, pl.String, "what was decided, in words", nullable=False),
        Column(c.BUDGET, pl.Float64, "money given; null: not stated", unit="roubles"),
    ),
)

NOTICES = Table(
    "notices",
    (
        Column(c.NOTICE_ID, pl.String, "unique within the table", nullable=False),
        Column(c.PUBLISHED_AT, TIME, "when the authority announced it", unit="UTC"),
        Column(c.MUNICIPALITY, pl.String, "district concerned", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric concerned", nullable=False),
        Column(c.TEXT, pl.String, "text of the notice", nullable=False),
    ),
)

CLAIMS = Table(
    "claims",
    (
        Column(c.CLAIM_ID, pl.String, "unique within the registry", nullable=False),
        Column(c.TEXT, pl.String, "what was claimed, in one or two sentences", nullable=False),
        Column(c.FIRST_SEEN_AT, TIME, "first known appearance", unit="UTC"),
        Column(c.REFUTED_AT, TIME, "when the refutation was published", unit="UTC"),
        Column(c.SOURCE, pl.String, "where the refutation comes from"),
        Column(c.VERDICT, pl.String, "what the registry says of it"),
        Column(c.EVIDENCE_URL, pl.String, "where the refutation stands"),
    ),
    optional=(
        Column(c.REFUTED_BY, pl.String, "who refuted it"),
        Column(c.INTERESTED_PARTY, pl.Boolean, "whoever refuted it has a stake in it"),
        Column(c.WITHDRAWN_AT, TIME, "when the refutation was taken back", unit="UTC"),
    ),
)

HEADINGS = {
    c.STATEMENT: Heading("Что сказано"),
    c.BY_FILE: Heading("По файлу", digits=0),
    c.BY_VOTES: Heading("По голосам", digits=0),
    c.BALLOTS: Heading("Бюллетеней"),
    c.SEEN_AT: Heading("Увидено", kind="moment", absent="времени, когда сообщения увидены"),
    c.REGISTERED_AT: Heading("Зарегистрировано", kind="moment", absent="времени регистрации"),
    c.EXTENDED_UNTIL: Heading("Продлено до", kind="moment"),
    c.REDIRECTED_AT: Heading("Перенаправлено", kind="moment"),
    c.ANSWER_REQUIRED: Heading("Нужен ответ"),
    c.RATING: Heading("Оценка ответа"),
    c.HEADING: Heading("Столбец источника"),
    c.LOOKS_LIKE: Heading("На что похож"),
    c.REGION: Heading("О ком"),
    c.PERIOD: Heading("Когда"),
    c.DENOMINATOR: Heading("Знаменатель"),
    c.FORUM_TOPIC: Heading("Раздел чата", absent="разделов чата"),
    c.REACH: Heading("Охват", absent="охвата"),
    c.PAID_REACTIONS: Heading("Платных реакций", absent="платных реакций"),
    c.OBSERVED_AT: Heading("Посчитано", kind="moment", absent="времени подсчёта"),
    c.DETAIL: Heading("Что именно"),
    c.N_ROWS: Heading("Строк"),
}

CODES = {
    # Why a row of an export or a cell of a table was not taken.
    c.REASON: {
        "duplicate": "повтор уже прочитанной записи",
        "no_text": "нет текста",
        "text_too_long": "текст длиннее 100 000 знаков",
        "nul_character": "нулевой знак в тексте",
        "wrong_number_of_fields": "полей не столько, сколько в заголовке",
        "broken_quotes": "кавычки не закрыты",
        "above_header": "строка над заголовком",
        "no_text_column": "лист без столбца текстов",
        "service_message": "служебная запись",
        "deleted": "удалено",
        "not_a_message": "не сообщение",
        "error_answer": "ответ об ошибке",
        "damaged": "повреждено",
        "cut_off": "оборвано",
        "unsupported": "не выгружено: обновите Telegram Desktop и выгрузите заново",
        "text_not_read": "текст лежит в части записи, которую мы не читаем",
        "empty_cell": "пустая ячейка, без которой строки нет",
        "told_twice": "сказано второй раз",
        "broken_row": "полей не столько, сколько в заголовке, или кавычки не закрыты",
        "no_header": "лист без заголовка",
        "no_voter": "голос без голосующего",
        "unknown_project": "голос за проект, которого нет",
        "voter_again": "второй бюллетень того же голосующего",
        "project_again": "проект второй раз в одном бюллетене",
        "points_unequal": "баллов не столько, сколько проектов",
        "points_no_number": "баллы не число",
        "stated_otherwise": "файл сообщает другое число, чем в нём есть",
    },
    # What is to be known of a source though no row of it is lost.
    c.NOTE: {
        "cut_off": "Файл обрывается: выгрузка или загрузка была прервана; прочитано то, что есть, "
        "выгрузите заново до конца",
        "damaged": "Часть файла повреждена и не прочитана; остальное прочитано",
        "repaired": "Запись прочитана без управляющих знаков, записанных не по правилам JSON",
        "text_not_read": "Текст лежит в части сообщения, которую мы не читаем",
        "replies_missing": "Ответов под комментариями больше, чем выгружено",
        "more_pages": "У обсуждения есть следующие страницы, которых в выгрузке нет",
    },
    c.STATEMENT: {
        "num_projects": "число проектов",
        "num_votes": "число бюллетеней",
        "vote_type": "один проект на бюллетене",
        "min_length": "проектов на бюллетене, не меньше",
        "max_length": "проектов на бюллетене, не больше",
        "min_sum_points": "баллов на бюллетене, не меньше",
        "max_sum_points": "баллов на бюллетене, не больше",
        "min_points": "баллов проекту, не меньше",
        "max_points": "баллов проекту, не больше",
        "min_sum_cost": "стоимость выбранного, не меньше",
        "max_sum_cost": "стоимость выбранного, не больше",
        "budget": "стоимость отобранного, не больше бюджета",
        "votes": "голосов за проект",
        "score": "баллов у проекта",
    },
    c.LOOKS_LIKE: {
        "date": "дата",
        "number": "число",
        "text": "текст",
        "word": "слово или название",
        "empty": "пусто",
    },
}
