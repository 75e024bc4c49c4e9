"""Tables about what goes with votes: posts, turnout, complaints."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.course import RATIO_COLUMNS
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

UNPROPOSED = "unproposed"
BY_CATEGORY, BY_WORDS, UNCERTAIN = "category", "words", "uncertain"

POST_EFFECTS = Table(
    "post_effects",
    (
        Column(c.TARGET, pl.String, "own project, or others of its municipality", nullable=False),
        Column(c.KIND, pl.String, "kind of the posts, or all", nullable=False),
        Column(c.PHASE, pl.String, "hours since the post: before, 0-5, 6-23, 24-72, 0-72"),
        Column(c.POSTS_COUNT, pl.Int64, "posts used", nullable=False, unit="posts"),
        Column(c.VOTES_COUNT, pl.Int64, "votes in these hours", nullable=False, unit="votes"),
        *RATIO_COLUMNS,
        *interval(c.EXTRA, "votes beyond the expected", unit="votes"),
        Column(c.P_VALUE, pl.Float64, "of a ratio of one, by wild cluster bootstrap"),
        Column(c.NOTE, pl.String, "why a number is missing; else empty", nullable=False),
    ),
)

POST_PATH = Table(
    "post_path",
    (
        Column(c.HOUR, pl.Int64, "since the post", nullable=False, unit="hours"),
        Column(c.VOTES_COUNT, pl.Int64, "votes in this hour of all posts", nullable=False),
        *RATIO_COLUMNS,
    ),
)

POST_PLACEBOS = Table(
    "post_placebos",
    (
        Column(c.DRAW, pl.Int64, "number of the draw", nullable=False),
        Column(c.RATIO, pl.Float64, "estimate at times without a post", nullable=False),
    ),
)

UNUSED_POSTS = Table(
    "unused_posts",
    (
        Column(c.POST_ID, pl.String, "post", nullable=False),
        Column(c.REASON, pl.String, "why it was not used", nullable=False),
    ),
)

TURNOUT_CHANGE = Table(
    "turnout_change",
    (
        Column(c.PART, pl.String, "total, composition, or within", nullable=False),
        Column(c.METRIC, pl.String, "turnout or votes_per_100", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "null for the whole region"),
        Column(c.CHANNEL, pl.String, "null for all channels"),
        Column(c.BEFORE, pl.Float64, "the metric before"),
        Column(c.AFTER, pl.Float64, "the metric after"),
        Column(c.CHANGE, pl.Float64, "part of the change of the metric in the region"),
        Column(c.NOTE, pl.String, "what to know of it; else empty", nullable=False),
    ),
)

PROJECT_RUBRICS = Table(
    "project_rubrics",
    (
        Column(c.PROJECT_ID, pl.String, "project", nullable=False),
        Column(c.MUNICIPALITY, pl.String, "district of the project"),
        Column(c.RUBRIC, pl.String, "what it is about; null where neither of the two tells"),
        Column(c.TOLD_BY, pl.String, "category, words, or uncertain", nullable=False),
        Column(c.PROBABILITY, pl.Float64, "that the rubric is right, where words told it"),
        Column(c.COMPLAINTS, pl.Int64, "complaints of rubric and district before", unit="messages"),
        Column(c.SELECTED, pl.Boolean, "funded; null where no winners were given"),
        Column(c.CATEGORY, pl.String, "its own categories, by comma; null where none is told"),
    ),
)

COMPLAINT_CELLS = Table(
    "complaint_cells",
    (
        Column(c.MUNICIPALITY, pl.String, "district", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric", nullable=False),
        Column(c.COMPLAINTS, pl.Int64, "before the decision", nullable=False, unit="messages"),
        *interval(c.SHARE, "of the district's complaints", nullable=False),
        Column(c.N_PROJECTS, pl.Int64, "projects of this rubric", nullable=False, unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "of them funded", unit="projects"),
    ),
)

COMPLAINT_NEEDS = Table(
    "complaint_needs",
    (
        Column(c.RUBRIC, pl.String, "official rubric, most complaints first; null: not determined"),
        Column(c.COMPLAINTS, pl.Int64, "before the decision", unit="messages"),
        Column(c.N_PROJECTS, pl.Int64, "projects of this rubric", nullable=False, unit="projects"),
        Column(
            c.N_PROJECTS_LOW, pl.Int64, "were words wrong as often as they are", unit="projects"
        ),
        Column(c.N_PROJECTS_HIGH, pl.Int64, "and all without a rubric of it", unit="projects"),
        Column(c.N_WINNERS, pl.Int64, "of them funded", unit="projects"),
        Column(UNPROPOSED, pl.Int64, "districts with complaints and no project"),
    ),
)

COMPLAINTS_AFTERWARDS = Table(
    "complaints_afterwards",
    (
        Column(c.COMPARED, pl.String, "project (proposed) or funded, to neither", nullable=False),
        Column(c.COMPLAINTS_BEFORE, pl.Int64, "in cells compared", nullable=False, unit="messages"),
        Column(c.COMPLAINTS_AFTER, pl.Int64, "in cells compared", nullable=False, unit="messages"),
        *interval(c.RATIO, "change against districts without a project, same rubric"),
        *interval(c.EARLIER_RATIO, "the same before the decision: a check, one if all is well"),
        Column(c.NOTE, pl.String, "why it cannot be told; else empty", nullable=False),
    ),
)

HEADINGS = {
    c.TARGET: Heading("За кого голоса"),
    c.PHASE: Heading("Когда"),
    c.POSTS_COUNT: Heading("Постов", absent="постов"),
    c.EXTRA: Heading("Голосов сверх ожидаемого", digits=0),
    c.COMPARED: Heading("Где"),
    c.TOLD_BY: Heading("По чему"),
    c.EARLIER_RATIO: Heading("То же до решения"),
    c.COMPLAINTS: Heading("Жалоб"),
    c.COMPLAINTS_AFTER: Heading("Жалоб после"),
    c.PART: Heading("Из чего"),
    UNPROPOSED: Heading("Муниципалитетов, где жалуются, а проекта нет"),
}
CODES = {
    c.TARGET: {"own": "сам проект", "others": "соседние проекты"},
    c.KIND: {
        "all": "все посты",
        "text": "текст",
        "photo": "фотография",
        "video": "видео",
        "clip": "клип",
        "live": "прямой эфир",
        "poll": "опрос",
        "quiz": "викторина",
    },
    c.PHASE: {
        "before": "до поста",
        "0-5": "0–5 ч",
        "6-23": "6–23 ч",
        "24-72": "24–72 ч",
        "0-72": "0–72 ч",
    },
    c.TOLD_BY: {
        BY_CATEGORY: "по категории проекта",
        BY_WORDS: "по словам проекта",
        UNCERTAIN: "не определено",
    },
    c.COMPARED: {
        "proposed": "был проект той же группы рубрик",
        "funded": "проект победил",
        "unfunded": "проект предложен, но не победил",
    },
    c.PART: {
        "total": "вся область",
        "composition": "люди живут в других местах",
        "within": "те же люди голосуют больше или меньше",
    },
    c.NOTE: {
        "nobody_voted": "в эти часы никто не голосовал",
        "no_neighbours": "нет других проектов, известных как соседи по муниципалитету",
        "not_determined": "эффект не определяется по этим голосам",
        "few_clusters": "муниципалитетов с голосами слишком мало: интервала нет",
        "no_decision": "не сказано, когда принято решение",
        "messages_end": "сообщения кончаются слишком скоро после решения",
        "few_complaints": "слишком мало жалоб для сравнения",
        "few_districts": "районов слишком мало: интервала нет",
        "no_rubric_compared": "нет рубрик, где есть и районы с проектом, и районы без него",
        "channel_opened": "канала раньше не было: переход из других каналов не отделить",
        "channel_closed": "канала больше нет: переход в другие каналы не отделить",
        "same_population": "население в обе кампании взято одним: вклад состава равен нулю",
    },
    c.REASON: {
        "project_unnamed": "проект не назван",
        "project_unknown": "такого проекта в голосовании нет",
        "project_without_votes": "у проекта нет голосов с временем",
        "no_time": "нет времени публикации",
        "outside_campaign": "опубликован вне срока голосования",
    },
}
