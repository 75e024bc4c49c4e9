"""Tables of campaigns and claims say in words what the frames hold in codes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import fakes, figures, tables

START = datetime(2025, 3, 3, 8, tzinfo=UTC)
PLACES = ["школы", "парка", "моста", "рынка", "пруда", "сквера", "вокзала", "стадиона"]
THINGS = ["яма", "лужа", "скамейка", "урна", "фонарь", "вывеска", "ограда", "дерево"]
COPY = "Верните нашему району <b>детскую</b> площадку, которую убрали прошлой осенью без спроса"


@pytest.fixture(scope="module")
def messages() -> pl.DataFrame:
    """Own words over months, and one text by twenty new accounts within ten minutes."""
    rng = np.random.default_rng(0)
    rows = [
        (
            START + timedelta(hours=float(hour)),
            f"a{rng.integers(300)}",
            f"{rng.choice(THINGS)} у {rng.choice(PLACES)} номер {rng.integers(1000)}",
            200.0,
        )
        for hour in np.sort(rng.uniform(0, 2000, 900))
    ]
    rows += [
        (START + timedelta(hours=900, seconds=float(s)), f"n{i}", COPY, 2.0)
        for i, s in enumerate(rng.uniform(0, 600, 20))
    ]
    return c.MESSAGES.conform(
        pl.DataFrame(
            {
                "message_id": [f"m{n:04}" for n in range(len(rows))],
                "published_at": [when for when, *_ in rows],
                "author_id": [who for _, who, *_ in rows],
                "channel": ["vk"] * len(rows),
                "municipality": [["Лесной", "Заречный"][n % 2] for n in range(len(rows))],
                "text": [text for _, _, text, _ in rows],
                "account_created_at": [when - timedelta(days=age) for when, *_, age in rows],
            },
            schema_overrides=dict.fromkeys(("published_at", "account_created_at"), c.table.TIME),
        )
    )


def laid_out(result: object, part: str) -> str:
    shown = tables.of(result, part, source="n = 920")
    return str(shown) if isinstance(shown, c.Absent) else shown.as_raw_html()


def test_campaigns_are_told_in_words(messages):
    result = fakes.campaigns(messages)
    said = {
        "verdicts": "требует проверки",
        "checks": "пересказы другими словами не искались",
        "review": "детскую",
        "evidence": "теснее общего события",
        "events": "нечего показать",
        "channels": "ВКонтакте",
        "municipalities": "Лесной",
        "rates": "20\xa0%",
    }
    for part, words in said.items():
        html = laid_out(result, part)
        assert words in html, part
        assert not re.search(r">[a-z]+_[a-z_]+<|nan|None|<b>", html), part
    assert "Ожидалось" in laid_out(result, "evidence")
    # The text is cut at a word, and says that it is cut.
    assert ">Верните нашему району детскую площадку…<" in laid_out(result, "evidence")


def test_an_audit_says_that_it_shows_a_part(messages):
    places = pl.Series("municipality", [f"Район {n % 12}" for n in range(messages.height)])
    result = fakes.campaigns(messages.with_columns(places))
    assert "Отметки по муниципалитетам (показано 10 из 12)" in laid_out(result, "municipalities")
    assert "Отметки по каналам<" in laid_out(result, "channels")


def test_claims_are_told_in_words(messages):
    claims = c.CLAIMS.conform(
        pl.DataFrame(
            {
                "claim_id": ["c1"],
                "text": ["Площадку <b>закроют</b> навсегда"],
                "refuted_at": [START + timedelta(days=3)],
            }
        )
    )
    told = messages.head(120).sort("message_id")
    stances = ["spreads", "asks", "doubts", "refutes"]
    matches = c.CLAIM_MATCHES.conform(
        told.select(
            "message_id",
            claim_id=pl.lit("c1"),
            tier=pl.lit("match"),
            stance=pl.Series([stances[n % 4] for n in range(120)]),
            score=pl.lit(0.9),
        )
    )
    result = fakes.spread(matches, messages, claims)
    said = {
        "claims": "закроют",
        "tiers": "совпадение",
        "returned": "Волны после опровержения",
        "phases": "после опровержения",
        "askers": "муниципалитет",
        "effects": "равных неопровергнутых пиков меньше 39",
        "sensitivity": "0,80",
        "checks": "Посчитано всё",
    }
    for part, words in said.items():
        html = laid_out(result, part)
        assert words in html, part
        assert not re.search(r">[a-z]+_[a-z_]+<|nan|None|<b>|>vk<", html), part
    long = (
        "Мост через реку закрывают на ремонт до весны, автобусы пойдут в объезд по соседним улицам"
    )
    cut = laid_out(
        fakes.spread(matches, messages, claims.with_columns(text=pl.lit(long * 2))), "claims"
    )
    assert "соседним…<" in cut  # at a word


def test_an_intake_is_told_in_words(messages):
    result = fakes.intake(messages)
    said = {
        "surges": "Всплески",
        "sensitivity": "30 минут",
        "checks": "Посчитано всё",
    }
    for part, words in said.items():
        assert words in laid_out(result, part), part
    small = result.surges.head(1).with_columns(messages=pl.lit(9, pl.Int64))
    hidden = laid_out(replace(result, surges=pl.concat([result.surges, small])), "surges")
    assert "не показано тех, где меньше 10 сообщений: 1" in hidden
    assert hidden.count("<tr>") == laid_out(result, "surges").count("<tr>")
    few = replace(result, surges=small)
    assert "нет; меньших — 1" in str(tables.of(few, "surges"))
    assert "нет; меньших — 1" in str(figures.of(few, "volume", caption="n"))
    vars(few)["sensitivity"] = result.sensitivity.with_columns(messages=pl.lit(7, pl.Int64))
    assert ">7<" not in laid_out(few, "sensitivity")
    without = fakes.intake(messages.drop("published_at"))
    assert "у сообщений нет времени" in laid_out(without, "checks")


def test_where_no_family_can_be_tested_none_is_said_to_be_ordinary(messages):
    result = fakes.campaigns(messages.select("message_id", "text"))
    assert not result.tested
    for part in ("verdicts", "review", "events", "rates"):
        assert tables.of(result, part) == c.Absent.untested("Что не посчитано")
    for part in ("pairs", "appeals", "appeal_sizes", "tones"):
        assert "Нужны и авторы, и время" in laid_out(result, part)
    assert "Что не посчитано" in laid_out(result, "checks")
    assert figures.of(result, "evidence", caption="n") == c.Absent.untested("Что не посчитано")


def test_authors_are_compared_where_no_family_can_be_tested(messages):
    result = fakes.campaigns(messages.filter(pl.col("text") != COPY))
    assert not result.tested
    assert "меньше 10" in laid_out(result, "appeal_sizes")
    assert "нечего показать" in laid_out(result, "appeals")


def test_without_times_there_are_no_days_and_no_course(messages):
    # Accounts that wrote more texts together can be tested without times.
    copies = messages.filter(pl.col("text") == COPY)
    others = (
        "Почините качели во дворе, дети падают с них каждую неделю, и никто не отвечает",
        "Когда откроют поликлинику на окраине, старики едут к врачу через весь город",
        "Автобус вечером не приходит вовсе, с работы добираемся пешком через пустырь",
    )
    more = [
        copies.with_columns(pl.col("message_id") + f"-{number}", text=pl.lit(text))
        for number, text in enumerate(others)
    ]
    result = fakes.campaigns(pl.concat([messages, *more]).drop("published_at"))
    assert result.tested
    assert "Нужны и авторы, и время" in laid_out(result, "pairs")
    drawn = figures.of(result, "course", caption="n")
    assert drawn == c.Absent.lacking("времени")


def test_where_there_are_no_families_the_table_of_what_is_missing_says_so(messages):
    result = fakes.campaigns(messages.head(60))
    assert not result.tested
    assert "сравнивать нечего" in laid_out(result, "checks")
    for said in (tables.of(result), figures.of(result, caption="n")):
        assert str(said).startswith("Семей от пяти сообщений трёх авторов нет, сравнивать нечего: ")


def test_numbers_of_things_have_no_digits(messages):
    written = tables.written(fakes.campaigns(messages).evidence, c.STATISTIC).to_list()
    assert "20" in written
    assert not any(cell.endswith(",0") for cell in written)
