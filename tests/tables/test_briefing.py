"""Tables of a briefing show its frames, codes in words, the few hidden."""

import re
from dataclasses import replace

import polars as pl
import pytest

from cur_lab import datasets, figures, tables, trends
from cur_lab.columns import ALARM_EPISODES, CODES, Absent


@pytest.fixture(scope="module")
def briefing():
    sample = datasets.load("zarechye")
    # Without alarms, which have tests of their own.
    nothing = trends.alarms(sample.messages.head(3000))
    return trends.briefing(
        sample.messages,
        municipality="Камнегорск",
        until="2025-06-30",
        alarms=nothing,
        decisions=sample.decisions,
    )


def test_every_table_is_laid_out_in_words(briefing):
    for part in ("facts", "problems", "quotes", "questions", "backlog", "oldest", "outcomes"):
        page = tables.of(briefing, part, source="n").as_raw_html()
        frame = getattr(briefing, part)
        assert page.count("<tr") == 2 + 1 + min(frame.height, 12)
        codes = {code for words in CODES.values() for code in words if "_" in code}
        assert not codes & {cell.strip("<>") for cell in re.findall(">[^<]+<", page)}
    facts = tables.of(briefing, "facts").as_raw_html()
    assert "без рубрики" in facts


def test_a_question_of_few_has_no_number(briefing):
    asked = briefing.questions.head(12)
    few = asked.filter(pl.col("authors").is_null())
    assert few.height == few["share"].null_count() == asked["share"].null_count() > 0
    dashes = 2 * few.height + asked["subject"].null_count()
    assert tables.of(briefing, "questions").as_raw_html().count(">—<") == dashes


def test_an_empty_part_says_why(briefing):
    waited = replace(briefing, backlog=briefing.backlog.clear(), alarms=briefing.alarms.clear())
    assert "ответы даны" in str(tables.of(waited, "backlog"))
    assert "тревог не было" in str(tables.of(waited, "alarms"))
    unknown = replace(waited, answers=Absent.lacking("дат ответа"), alarms_borne=None)
    assert "нет дат ответа" in str(tables.of(unknown, "backlog"))
    assert "Прошлого слишком мало" in str(tables.of(unknown, "alarms"))


def test_the_picture_follows_the_type(briefing):
    above = briefing.problems.filter(verdict="above_norm").height
    title = figures.of(briefing, caption="n").layout.title.text
    assert title.startswith(f"Выше нормы — {above}" if above else "Уверенно выше нормы нет")


def test_an_alarm_is_told_with_what_chance_gives(briefing):
    blank = {name: [None] for name in ALARM_EPISODES.schema}
    raised = pl.DataFrame(blank, schema=ALARM_EPISODES.schema)
    page = tables.of(replace(briefing, alarms=raised), "alarms").as_raw_html()
    assert "Случайных таких в год" in page
    # Of the episode and of the window that raised it: not to be set against each other.
    assert "Сообщений за весь эпизод" in page
    assert ">Ожидалось в окне тревоги<" in page  # no range of counts, which may leave out its mean
    assert ">q<" not in page
