"""The briefing as a whole: what it knows, what it counts, what it shows."""

import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.parameters import moment
from cur_lab.trends.briefing import backlog
from cur_lab.trends.briefing.scope import Scope, as_of

UNTIL = datetime(2025, 6, 30, 21, tzinfo=UTC)
ROADS, WATER = "Ямы на дорогах", "Нет воды"
HOSTILE = "<script>alert(1)</script><img src=https://example.org/x.png>"


def message(number, text, *, days=3.0, rubric=ROADS, **more):
    return {
        "message_id": f"m{number:04}",
        "published_at": UNTIL - timedelta(days=days),
        "author_id": f"a{number}",
        "channel": "vk",
        "municipality": "Лесной округ",
        "text": text,
        "rubric": rubric,
        "agency": "Администрация",
        "kind": "complaint",
        "answered_at": None,
        "reopened_at": None,
        **more,
    }


def frame(rows):
    types = {name: c.MESSAGES.full_schema[name] for name in ("answered_at", "reopened_at")}
    return c.MESSAGES.conform(pl.DataFrame(rows, schema_overrides=types))


def district():
    """Six months of roads and water in two districts."""
    rows = []
    for number in range(400):
        days = 0.2 + number * 0.45
        answered = None if number % 5 == 0 else UNTIL - timedelta(days=days) + timedelta(days=4)
        place = "Лесной округ" if number % 3 else "Дальний округ"
        rubric, text = (
            (ROADS, f"На улице Мира огромная яма, колесо пробил {number}")
            if number % 2
            else (WATER, f"В доме {number} нет холодной воды. Когда включат воду в доме?")
        )
        rows.append(
            message(
                number,
                text,
                days=days,
                rubric=rubric,
                municipality=place,
                answered_at=answered,
            )
        )
    return frame(rows)


@pytest.fixture(scope="module")
def messages():
    return district()


@pytest.fixture(scope="module")
def briefing(messages):
    return trends.briefing(messages, municipality="лесной", until="2025-06-30")


def test_the_window_is_counted(messages, briefing):
    local = messages.filter(
        pl.col("municipality") == "Лесной округ",
        pl.col("published_at") >= UNTIL - timedelta(days=30),
    )
    known = dict(local["rubric"].value_counts().rows())
    shown = dict(briefing.problems.select("subject", "messages").rows())
    assert shown == known
    assert briefing.problems["share_low"].is_between(0, briefing.problems["share"]).all()
    facts = dict(briefing.facts.select("fact", "value").rows())
    assert facts["messages"] == local.height
    assert briefing.questions["question"].str.contains("Когда включат воду").any()


def test_what_became_known_later_changes_nothing(messages):
    until = "2025-05-31"
    as_then = as_of(messages, moment(until, where="until"))
    assert as_then.height < messages.height
    then = trends.briefing(as_then, municipality="лесной", until=until)
    now = trends.briefing(messages, municipality="лесной", until=until)
    for table in ("facts", "problems", "questions", "alarms", "backlog", "oldest", "quotes"):
        assert getattr(now, table).equals(getattr(then, table)), table


def test_a_problem_of_few_people_is_not_shown():
    rows = [message(n, f"яма номер {n} на дороге", days=1 + n / 9) for n in range(8)]
    rows += [
        message(100 + n, "холодная вода не идёт", rubric=WATER, author_id=f"w{n % 4}")
        for n in range(9)
    ]
    found = trends.briefing(frame(rows), municipality="лесной", until="2025-06-30")
    assert found.problems["subject"].to_list() == [ROADS]
    assert found.problems["verdict"].to_list() == ["short_history"]
    # Nobody can subtract it from a total either: the quote is of a shown problem.
    assert found.quotes["subject"].to_list() == [ROADS]


def test_a_district_of_three_messages_has_a_page_that_says_so():
    found = trends.briefing(
        frame([message(n, "яма на дороге") for n in range(3)]),
        municipality="лесной",
        until="2025-06-30",
    )
    assert found.problems.is_empty()
    assert found.quotes.is_empty()
    assert found.alarms_borne is None
    page = found.to_html()
    assert page.count("Недостаточно данных") == 1
    assert "Прошлого слишком мало, чтобы сказать, что необычно" in page


def test_waiting_is_counted_as_it_was():
    rows = [
        message(n, f"яма {n}", days=n, answered_at=None if n < 4 else UNTIL - timedelta(days=n - 2))
        for n in range(1, 16)
    ]
    rows.append(message(99, "спасибо за ремонт", days=20, kind="thanks"))
    where = Scope("Лесной округ", UNTIL - timedelta(days=30), UNTIL)
    sent = backlog.due(frame(rows), where)
    (agency,) = backlog.backlog(sent, where).rows(named=True)
    assert agency["waiting"] == 3
    assert agency["oldest_days"] == pytest.approx(3)
    assert agency["median"] == pytest.approx(2)  # all twelve answers came after two days
    assert agency["median_low"] <= agency["median"] <= agency["median_high"]
    first = backlog.oldest(sent, where, top=2)
    assert first["message_id"].to_list() == ["m0003", "m0002"]


def test_without_answers_nothing_is_said_of_them(messages):
    found = trends.briefing(
        messages.drop("answered_at", "agency"), municipality="лесной", until="2025-06-30"
    )
    assert found.backlog.is_empty()
    assert "Не определяется по этим данным" in found.to_html()


def test_hostile_texts_stay_text(messages):
    hostile = messages.with_columns(
        text=pl.lit(f"{HOSTILE} когда починят яму на дороге у дома?"),
        rubric=pl.lit(HOSTILE),
        agency=pl.lit(HOSTILE),
    )
    page = trends.briefing(hostile, municipality="лесной", until="2025-06-30").to_html()
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script" in page


def test_few_people_are_not_counted_on_the_page():
    rows = [message(n, "яма на дороге", days=2 + n / 9) for n in range(6)]
    rows += [message(50 + n, "Когда отремонтируют дорогу на Мира?") for n in range(3)]
    page = trends.briefing(frame(rows), municipality="лесной", until="2025-06-30").to_html()
    asked = page[page.index("О чём спрашивают") : page.index("Что ждёт ответа")]
    assert "Когда отремонтируют дорогу" in asked
    assert "менее 5 человек: «Когда отремонтируют дорогу" in asked
    assert "Нет вопроса, который задали бы 5 человек" in asked
    assert "%" not in asked


def test_the_page_asks_nothing_of_the_network(briefing):
    page = briefing.to_html()
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=\"(?!data:)", page)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda m: m.with_columns(rubric=pl.lit(None, pl.String)), NotEnoughDataError),
        (lambda m: m.with_columns(published_at=pl.lit(None, c.TIME)), NotEnoughDataError),
        (
            lambda m: m.filter(pl.col("published_at") < UNTIL - timedelta(days=40)),
            NotEnoughDataError,
        ),
        (lambda m: m.drop("rubric"), SchemaError),
    ],
)
def test_too_little_is_said_plainly(messages, change, error):
    with pytest.raises(error):
        trends.briefing(change(messages), municipality="лесной", until="2025-06-30")


def test_other_windows_tell_what_is_outside_the_norm(messages, briefing):
    many = pl.concat(
        [
            messages,
            frame([message(9000 + n, f"яма {n} на шоссе", days=1 + n / 99) for n in range(99)]),
        ]
    )
    found = trends.unusual(many, briefing, windows=("14d", "30d"))
    rows = found.filter(subject=ROADS).select("window_days", "verdict").rows()
    assert rows == [(14, "above_norm"), (30, "above_norm")]
    assert not set(found["verdict"]) & {"within_norm", "short_history"}


def test_answers_of_the_agencies_stand_beside(briefing, messages):
    assert briefing.answers.summary["agency"].unique().to_list() == ["Администрация"]
    assert briefing.answers.until == UNTIL
    bare = messages.drop("answered_at", "agency")
    found = trends.briefing(bare, municipality="лесной", until="2025-06-30")
    assert "ведомств" in str(found.answers)


@pytest.mark.parametrize("fdr", [0, 1, -0.1])
def test_a_share_of_false_findings_is_a_share(messages, fdr):
    with pytest.raises(ParameterError, match="fdr"):
        trends.briefing(messages, municipality="лесной", until="2025-06-30", fdr=fdr)


@pytest.mark.parametrize("hole", [None, ""])
def test_messages_without_a_text_are_counted_and_never_quoted(messages, briefing, hole):
    holed = messages.with_columns(
        text=pl.when(pl.int_range(pl.len()) % 7 < 3).then(pl.lit(hole)).otherwise("text")
    )
    found = trends.briefing(holed, municipality="лесной", until="2025-06-30")
    columns = ["subject", "messages", "share"]
    assert found.problems.select(columns).equals(briefing.problems.select(columns))
    assert found.quotes["subject"].to_list() == briefing.quotes["subject"].to_list()
    assert found.quotes["text"].str.len_chars().min() > 20
    silent = messages.with_columns(text=pl.when(pl.col("rubric") != WATER).then("text"))
    found = trends.briefing(silent, municipality="лесной", until="2025-06-30")
    assert found.quotes["subject"].to_list() == [ROADS]


def test_the_page_names_its_source(briefing):
    assert "учебный регион «Заречье» (вымышлен)" in briefing.to_html(
        source="учебный регион «Заречье» (вымышлен)"
    )
    assert "источник не назван" in briefing.to_html()
