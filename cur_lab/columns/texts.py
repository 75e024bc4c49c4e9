"""Tables about texts: spans, addresses, families, topics, routes."""

from __future__ import annotations

import polars as pl

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.columns.table import Column, Table, interval

SPANS = Table(
    "spans",
    (
        Column(c.ROW, pl.Int64, "0-based place in the series of texts", nullable=False),
        Column(c.KIND, pl.String, "kind of the span", nullable=False),
        Column(c.START, pl.Int64, "first character", nullable=False, unit="characters"),
        Column(c.STOP, pl.Int64, "character after the last", nullable=False, unit="characters"),
        Column(c.TEXT, pl.String, "the characters", nullable=False),
    ),
)

ADDRESSES = Table(
    "addresses",
    (
        Column(c.ROW, pl.Int64, "0-based place in the series of texts", nullable=False),
        Column(c.START, pl.Int64, "first character", nullable=False, unit="characters"),
        Column(c.STOP, pl.Int64, "character after the last", nullable=False, unit="characters"),
        Column(c.TEXT, pl.String, "the characters", nullable=False),
        Column(c.SETTLEMENT, pl.String, "town or village, where named right before"),
        Column(c.STREET, pl.String, "kind and name in one form"),
        Column(c.HOUSE, pl.String, "number, letter, block (к) and part (с) of the house"),
        Column(c.FLAT, pl.String, "number of the flat"),
        Column(
            c.ADDRESS, pl.String, "key in which two spellings of one house meet", nullable=False
        ),
    ),
)

PUBLISHABLE = Table(
    "publishable",
    (Column(c.SUPPRESSED, pl.Boolean, "emptied because its cell is small", nullable=False),),
)

FAMILIES = Table(
    "families",
    (
        Column(c.FAMILY, pl.String, "stable name of the family", nullable=False),
        Column(c.MESSAGE_ID, pl.String, "member", nullable=False),
        Column(c.SIMILARITY, pl.Float64, "smallest similarity to another member", nullable=False),
        Column(c.TEMPLATE, pl.String, "shared words, differing ones as slots", nullable=False),
    ),
)

PREPARED = Table(
    "prepared",
    (
        Column(c.TERM_LIST, pl.List(pl.String), "lemmas that models count; null without a text"),
        Column(c.STREET, pl.String, "street of the first address that names a house, or of any"),
        Column(c.HOUSE, pl.String, "… and its house"),
        Column(c.FAMILY, pl.String, "family of the text in the whole frame; null: stands alone"),
        Column(c.TEMPLATE, pl.String, "what the family's texts share; null: stands alone"),
    ),
)

TOPICS = Table(
    "topics",
    (
        Column(c.TOPIC, pl.Int64, "permanent number, 0 is the largest when fitted", nullable=False),
        Column(c.LABEL, pl.String, "readable phrase in its commonest form", nullable=False),
        Column(c.SIZE, pl.Int64, "messages assigned", nullable=False, unit="messages"),
        *interval(c.SHARE, "of all messages with a text", nullable=False),
        Column(c.STABILITY, pl.Float64, "mean best Jaccard over half-sample refits"),
        Column(c.KEYWORDS, pl.List(pl.String), "by c-TF-IDF, best first", nullable=False),
        Column(c.EXAMPLES, pl.List(pl.String), "redacted, nearest to the centre", nullable=False),
    ),
)

ASSIGNMENTS = Table(
    "assignments",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.TOPIC, pl.Int64, "topic, -1 where none is clearly nearest", nullable=False),
        Column(c.MARGIN, pl.Float64, "how much nearer than the next topic, 0 to 1", nullable=False),
    ),
)

TOPIC_NUMBERS = Table(
    "topic_numbers",
    (
        Column(c.N_TOPICS, pl.Int64, "number of topics tried", nullable=False),
        Column(c.AGREEMENT, pl.Float64, "adjusted mutual information of halves", nullable=False),
        Column(c.SEPARATION, pl.Float64, "mean margin of texts not fitted on", nullable=False),
        Column(c.SCORE, pl.Float64, "agreement times separation", nullable=False),
        Column(c.STANDARD_ERROR, pl.Float64, "of the score, over the splits", nullable=False),
        Column(c.AS_GOOD, pl.Boolean, "not told apart from the best score", nullable=False),
        Column(c.OPEN_END, pl.Boolean, "as good, and nothing larger was tried", nullable=False),
        Column(c.CHOSEN, pl.Boolean, "the number taken", nullable=False),
    ),
)

TOPIC_AGREEMENT = Table(
    "topic_agreement",
    (
        Column(c.TOPIC, pl.Int64, "topic", nullable=False),
        Column(c.METHOD, pl.String, "half-sample, bootstrap or seed", nullable=False),
        Column(
            c.JACCARD, pl.Float64, "mean overlap with the best match of a refit", nullable=False
        ),
        Column(c.JACCARD_LOW, pl.Float64, "its lower decile over the refits", nullable=False),
        Column(
            c.RECOVERED, pl.Int64, "refits with an overlap of at least one half", nullable=False
        ),
        Column(c.REFITS, pl.Int64, "refits in all", nullable=False),
    ),
)

TOPIC_HIERARCHY = Table(
    "topic_hierarchy",
    (
        Column(c.NODE, pl.Int64, "number of the join, above all topics", nullable=False),
        Column(c.LEFT, pl.Int64, "topic or earlier join", nullable=False),
        Column(c.RIGHT, pl.Int64, "topic or earlier join", nullable=False),
        Column(c.DISTANCE, pl.Float64, "mean cosine distance of the topics joined", nullable=False),
        Column(c.SIZE, pl.Int64, "messages below", nullable=False, unit="messages"),
        Column(c.LABEL, pl.String, "label of the largest topic below", nullable=False),
    ),
)

TOPIC_TWINS = Table(
    "topic_twins",
    (
        Column(c.TOPIC, pl.Int64, "topic that says the same as others found", nullable=False),
        Column(c.SIZE, pl.Int64, "messages of one of them", nullable=False, unit="messages"),
        Column(c.KEYWORDS, pl.List(pl.String), "of the one, best first", nullable=False),
    ),
)

TOPIC_CHILDREN = Table(
    "topic_children",
    (
        Column(c.TOPIC, pl.Int64, "topic", nullable=False),
        Column(c.LABEL, pl.String, "label of the topic", nullable=False),
        Column(c.CHILD, pl.Int64, "part of the topic, the largest is 0", nullable=False),
        Column(c.CHILD_LABEL, pl.String, "label among the topic's parts", nullable=False),
        Column(c.SIZE, pl.Int64, "messages", nullable=False, unit="messages"),
        *interval(c.SHARE, "of the topic's messages", nullable=False),
        Column(c.AGREEMENT, pl.Float64, "of halves about the topic's parts", nullable=False),
    ),
)

CROSSWALK = Table(
    "crosswalk",
    (
        Column(c.TOPIC, pl.Int64, "topic", nullable=False),
        Column(c.LABEL, pl.String, "label of the topic", nullable=False),
        Column(c.RUBRIC, pl.String, "official rubric", nullable=False),
        Column(c.SIZE, pl.Int64, "messages of the topic in the rubric", nullable=False),
        *interval(c.SHARE, "of the topic's messages", nullable=False),
        *interval(c.RUBRIC_SHARE, "of the rubric's messages", nullable=False),
        Column(c.VERDICT, pl.String, "what the rubricator does with the topic", nullable=False),
    ),
)

INTRUSION_SHEET = Table(
    "intrusion_sheet",
    (
        Column(c.ROW, pl.Int64, "number of the task, in random order", nullable=False),
        Column(c.OPTION, pl.Int64, "number of the text within the task", nullable=False),
        Column(c.TEXT, pl.String, "redacted example", nullable=False),
    ),
)

INTRUSION_KEY = Table(
    "intrusion_key",
    (
        Column(c.ROW, pl.Int64, "number of the task", nullable=False),
        Column(c.TOPIC, pl.Int64, "topic of all texts but one", nullable=False),
        Column(c.INTRUDER, pl.Int64, "option that comes from elsewhere", nullable=False),
        Column(c.INTRUDER_TOPIC, pl.Int64, "topic it comes from", nullable=False),
    ),
)

LAYOUT = Table(
    "layout",
    (
        Column(c.TOPIC, pl.Int64, "topic", nullable=False),
        Column(c.LABEL, pl.String, "label of the topic", nullable=False),
        Column(c.SIZE, pl.Int64, "messages assigned", nullable=False, unit="messages"),
        Column(c.X, pl.Float64, "across; without meaning of its own", nullable=False),
        Column(c.Y, pl.Float64, "up; without meaning of its own", nullable=False),
        Column(c.QUALITY, pl.Float64, "correlation of distances on the plane with the true ones"),
    ),
)

DEDUPLICATED = Table(
    "deduplicated",
    (
        Column(c.TOPIC, pl.Int64, "topic", nullable=False),
        Column(c.LABEL, pl.String, "label of the topic", nullable=False),
        Column(c.SHARE, pl.Float64, "of all messages", nullable=False),
        Column(c.SHARE_FAMILIES, pl.Float64, "a family of copies counted once", nullable=False),
        Column(c.SHARE_AUTHORS, pl.Float64, "an author counted once; null without authors"),
    ),
)

BREAKDOWN = Table(
    "breakdown",
    (
        Column(c.MUNICIPALITY, pl.String, "group; named after the column it was made by"),
        Column(c.TOPIC, pl.Int64, "topic", nullable=False),
        Column(c.LABEL, pl.String, "label of the topic", nullable=False),
        Column(c.SIZE, pl.Int64, "messages; null where suppressed", unit="messages"),
        *interval(c.SHARE, "of the group's messages; null where suppressed"),
    ),
)

ROUTES = Table(
    "routes",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.RUBRIC, pl.String, "most probable rubric, null where not sure"),
        Column(c.PROBABILITY, pl.Float64, "calibrated, of the best rubric", nullable=False),
    ),
)

ROUTED = Table(
    "routed",
    (
        Column(c.LABEL, pl.String, "value of the target", nullable=False),
        Column(c.SIZE, pl.Int64, "messages that had it", nullable=False, unit="messages"),
        Column(c.PRECISION, pl.Float64, "right among left-out messages given it; null if none was"),
        Column(c.PRECISION_LOW, pl.Float64, "lower end of the 95 % interval", nullable=False),
        Column(c.PRECISION_HIGH, pl.Float64, "upper end of the 95 % interval", nullable=False),
        *interval(c.RECALL, "found among left-out messages that had it", nullable=False),
    ),
)

REASONS = Table(
    "reasons",
    (
        Column(c.MESSAGE_ID, pl.String, "message", nullable=False),
        Column(c.TERM, pl.String, "lemma of the message", nullable=False),
        Column(c.WEIGHT, pl.Float64, "part in the score of the best value", nullable=False),
    ),
)

REALISM = Table(
    "realism",
    (
        Column(c.MEASURE, pl.String, "what is measured", nullable=False),
        Column(c.SAMPLE, pl.Float64, "figure of the sample"),
        Column(c.REAL, pl.Float64, "figure of the real appeals; null where it has none"),
        Column(c.RATIO, pl.Float64, "sample to real"),
        Column(c.AIM, pl.String, "aim in words; null: reported as found"),
        Column(c.VERDICT, pl.String, "да or нет where there is an aim"),
    ),
)

# What an official rubric does with a topic.
AGREES, INSIDE, MERGED, SPLIT = "agrees", "inside", "merged", "split"
HIDDEN, STRAY, UNDECIDED = "hidden", "stray", "undecided"

HEADINGS = {
    c.SIZE: Heading("Сообщений"),
    c.STABILITY: Heading("Устойчивость"),
    c.EXAMPLES: Heading("Что пишут"),
    c.N_TOPICS: Heading("Тем"),
    c.AGREEMENT: Heading("Согласие", digits=3),
    c.CHILD: Heading("Номер части"),
    c.CHILD_LABEL: Heading("Часть темы"),
    c.SEPARATION: Heading("Разделённость", digits=3),
    c.STANDARD_ERROR: Heading("Стандартная ошибка", digits=3),
    c.AS_GOOD: Heading("Не отличить от лучшего"),
    c.CHOSEN: Heading("Взято"),
    c.QUALITY: Heading("Верность места"),
    c.LEFT: Heading("Тема или группа"),
    c.RIGHT: Heading("Ближайшая к ней"),
    c.DISTANCE: Heading("Расстояние"),
    c.SHARE_FAMILIES: Heading("Копии за одно", kind="share"),
    c.SHARE_AUTHORS: Heading("Автор за одно", kind="share"),
}

CODES = {
    c.VERDICT: {
        AGREES: "тема совпадает с рубрикой",
        INSIDE: "тема внутри рубрики",
        MERGED: "рубрика объединяет несколько тем",
        SPLIT: "тема разделена между рубриками",
        HIDDEN: "рубрикатор скрывает тему: большая её часть рассыпана понемногу",
        STRAY: "отдельные сообщения",
        UNDECIDED: "не определяется по этим данным",
    },
}
