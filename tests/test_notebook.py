import random
from dataclasses import replace
from datetime import UTC, date, datetime

import polars as pl
import pytest

from cur_lab import budgeting, columns, notebook, prepare, readers
from cur_lab.columns import MESSAGES, REJECTED
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

ROWS = [
    {"message_id": "a", "text": "нет воды", "channel": "vk"},
    {"message_id": "b", "text": "яма", "channel": "vk"},
    {"message_id": "c", "text": "снег", "channel": "bot"},
]
MESSAGES_SAMPLE = MESSAGES.conform(pl.DataFrame(ROWS))


def test_fingerprint_knows_the_rows_and_not_their_order():
    shuffled = MESSAGES_SAMPLE[random.Random(0).sample(range(3), 3)]
    other = MESSAGES_SAMPLE.with_columns(text=pl.col("text").str.replace("яма", "ямы"))
    own = notebook.fingerprint(MESSAGES_SAMPLE)
    assert notebook.fingerprint(shuffled) == own
    assert notebook.fingerprint(MESSAGES_SAMPLE.select(reversed(MESSAGES_SAMPLE.columns))) == own
    assert notebook.fingerprint(other) != own


def test_data_without_dates_and_rubrics_says_so():
    data = notebook.Data(
        MESSAGES_SAMPLE, pl.DataFrame({"reason": ["empty text"] * 2}), source="x.csv"
    )
    said = dict(data.statement().rows())
    assert said["официальных рубрик"] == notebook.UNKNOWN
    assert said["период"] == "даты в источнике не указаны"
    assert said["не прочитано строк"] == "2 (empty text: 2)"
    assert data.known("channel", "rubric", "municipality") == ("channel",)


def test_the_users_file_is_read_and_counted(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("Текст обращения,Тема\nнет воды,ЖКХ\n,ЖКХ\n", encoding="utf-8")
    data = notebook.load(str(file))
    assert data.messages["text"].to_list() == ["нет воды"]
    assert data.rejected.height == 1
    assert data.source == "mine.csv"


def test_a_file_without_messages_is_named(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("Текст обращения\n", encoding="utf-8")
    with pytest.raises(NotEnoughDataError, match=r"mine\.csv"):
        notebook.load(str(file))


ELSEWHERE = MESSAGES.conform(
    pl.DataFrame(
        {
            "message_id": ["a", "b", "c", "d"],
            "text": ["нет воды в доме", "яма на дороге", "снег не убран", "не горит фонарь"],
            "municipality": ["округ Лесной", "округ Лесной", "Дальний округ", None],
            "published_at": [datetime(2025, 3, day, 21, tzinfo=UTC) for day in (1, 2, 3)] + [None],
        }
    )
)


def elsewhere() -> notebook.Data:
    return notebook.Data(ELSEWHERE, REJECTED.empty(), source="x.csv")


def test_messages_are_chosen_by_district_and_by_days_of_moscow():
    data = elsewhere().choose(municipality="лесной", since="2025-03-03")
    assert data.messages["message_id"].to_list() == ["b"]
    assert data.caption == ("n = 1 сообщение; округ Лесной с 03.03.2025; 03.03.2025; x.csv.")
    # Three of the four have a date, and their days are not said of all.
    assert elsewhere().caption == "n = 4 сообщения; с датой 3: 02.03.2025–04.03.2025; x.csv."
    said = dict(data.statement().rows())
    assert said["прочитано сообщений"] == "4"
    assert said["взято"] == "1 (округ Лесной с 03.03.2025)"
    assert elsewhere().choose(until=date(2025, 3, 2)).messages["message_id"].to_list() == ["a"]


def test_a_district_has_its_own_residents():
    places = pl.DataFrame({"municipality": ["округ Лесной", "Дальний"], "population": [3, 4]})
    data = notebook.Data(
        ELSEWHERE, REJECTED.empty(), source="x.csv", tables={"municipalities": places}
    )
    chosen = data.choose(municipality="лесной")
    assert chosen.tables["municipalities"]["population"].to_list() == [3]
    assert data.tables["municipalities"].height == 2
    assert data.known("municipality", "rubric", "colour") == ("municipality",)


def test_nothing_chosen_is_everything():
    data = elsewhere()
    assert data.choose() is data
    assert "взято" not in data.statement()["fact"]


@pytest.mark.parametrize(
    ("choice", "error", "said"),
    [
        ({"municipality": "Лесной округ"}, ParameterError, "округ Лесной"),
        ({"since": "03.03.2025"}, ParameterError, "since: '03.03.2025' is not a date"),
        ({"since": "2025-03-04", "until": "2025-03-02"}, ParameterError, "is after until, 2025-03"),
        ({"until": "2025-03-12"}, ParameterError, "outside the data. They cover 02.03.2025–04.03"),
        ({"since": "2025-02-22"}, ParameterError, "since: 2025-02-22 is outside the data"),
        ({"until": "9999-12-31"}, ParameterError, "until: 9999-12-31 is beyond the calendar"),
        ({"since": "0001-01-01"}, ParameterError, "since: 0001-01-01 is beyond the calendar"),
        ({"since": "2026-01-01"}, NotEnoughDataError, "cover 02.03.2025–04.03.2025"),
    ],
)
def test_a_choice_that_leaves_nothing_is_refused(choice, error, said):
    with pytest.raises(error, match=said):
        elsewhere().choose(**choice)


def test_quiet_days_at_the_edge_are_no_mistake():
    data = elsewhere().choose(since="2025-02-24", until="2025-03-11")
    assert data.messages["message_id"].to_list() == ["a", "b", "c"]
    assert elsewhere().choose(since="2025-03-02", until="2025-03-02").messages.height == 1


def test_families_are_found_before_anything_is_left_out(tmp_path):
    file = tmp_path / "mine.csv"
    text = "Второй день нет холодной воды, управляющая компания не отвечает на звонки жителей"
    file.write_text(f'Текст,Муниципалитет\n"{text}",Лесной\n"{text}",Дальний\n', encoding="utf-8")
    data = notebook.load(str(file), municipality="Лесной")
    assert data.messages["family"].null_count() == 0
    assert data.messages.height == 1


def test_what_lies_beside_the_export_is_read(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("Текст\nнет воды\n", encoding="utf-8")
    (tmp_path / "municipalities.csv").write_text("municipality,population\nЛесной,1200\n")
    data = notebook.load(str(file))
    assert data.table("municipalities")["population"].to_list() == [1200]
    assert str(data.table("notices")).startswith("В этих данных нет официальных извещений")
    assert "учебном регионе" in str(data.truth("campaigns"))
    (tmp_path / "claims.csv").write_text("note\nx\n")
    with pytest.raises(SchemaError, match=r"claims\.csv: .*claim_id"):
        notebook.load(str(file))


def test_the_passport_names_the_data_and_every_parameter():
    data = elsewhere().choose(municipality="Дальний")
    said = notebook.passport(data, fdr=0.1, n_topics=None, own=3)._tbl_data
    assert dict(said.rows()) == {
        "хеш данных": data.fingerprint,
        "источник": "x.csv",
        "взято": "Дальний округ",
        "допустимая доля ложных находок": "0,1",
        "число тем": "не задано",
        "own": "3",
    }
    assert data.fingerprint != elsewhere().fingerprint


def test_what_is_derived_does_not_change_the_hash():
    derived = replace(elsewhere(), messages=prepare.messages(ELSEWHERE))
    assert derived.fingerprint == elsewhere().fingerprint


def test_a_vote_is_hashed_with_its_projects():
    vote = notebook.load_vote()
    assert vote.ended_at == vote.election.votes["cast_at"].max()
    assert vote.caption.startswith("n = 150\xa0724 голоса за 300 проектов; ")
    projects = vote.election.projects.with_columns(pl.col("cost") + 1)
    other = replace(vote, election=replace(vote.election, projects=projects))
    assert other.fingerprint != vote.fingerprint
    assert [fact for fact, _ in notebook.passport(vote)._tbl_data.rows()] == [
        "хеш данных",
        "источник",
        "условия",
    ]


@columns.needs("text", "published_at")
def latest(messages, other=None, *, by=("municipality",), least=1):
    if messages.height < least:
        raise NotEnoughDataError("fewer than two messages", code="few_texts")
    return messages["published_at"].max()


def test_a_question_is_answered_where_the_data_have_an_answer():
    assert notebook.ask(latest, ELSEWHERE) == datetime(2025, 3, 3, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda: notebook.ask(latest, MESSAGES_SAMPLE, by=()), "нет дат: не определяется"),
        (lambda: notebook.ask(latest, ELSEWHERE, by="rubric"), "нет рубрик: не определяется"),
        (
            lambda: notebook.ask(latest, MESSAGES_SAMPLE),
            "нет дат и муниципалитетов: не определяется",
        ),
        (
            lambda: notebook.ask(latest, ELSEWHERE, least=9),
            "Слишком мало разных текстов: не определяется",
        ),
        (lambda: notebook.ask(latest, columns.Absent("Нет")), "Нет."),
        (lambda: notebook.ask(latest, ELSEWHERE, columns.Absent("Нет")), "Нет."),
        (lambda: notebook.ask(latest, ELSEWHERE, least=columns.Absent("Нет")), "Нет."),
    ],
)
def test_a_question_without_an_answer_says_why(asked, said):
    answer = asked()
    assert isinstance(answer, columns.Absent)
    assert said in str(answer)


def test_the_statement_is_laid_out():
    said = dict(notebook.statement(elsewhere())._tbl_data.rows())
    assert said["прочитано сообщений"] == "4"
    assert said["официальных рубрик"] == notebook.UNKNOWN
    assert "голосов" in dict(notebook.statement(notebook.load_vote())._tbl_data.rows())


def test_tables_that_contradict_each_other_are_told_and_the_rest_runs():
    projects = pl.DataFrame(
        {"project_id": ["p1", "p2"], "municipality": ["Лесной", "Дальний"], "cost": [10.0, 20.0]}
    )
    votes = pl.DataFrame({"voter_id": ["v1"], "project_id": ["p1"], "rank": [1], "points": [None]})
    votes = votes.with_columns(pl.col("points").cast(pl.Float64))
    election = readers.Election(
        {"budget": "30", "vote_type": "choose-1"}, projects, votes.select("voter_id"), votes
    )
    winners = budgeting.winners(election, rule="greedy")
    for places, said in (
        ({"municipality": ["Лесной"], "population": [90]}, "Дальний"),
        (
            {"municipality": ["Лесной", "Дальний"], "population": [90, None]},
            "жителей не больше нуля",
        ),
    ):
        equity = notebook.ask(budgeting.equity, election, winners, pl.DataFrame(places))
        assert isinstance(equity, columns.Absent)
        assert str(equity).startswith("Таблицы не согласуются (")
        assert said in str(equity)


@pytest.mark.parametrize(
    ("stated", "period"),
    [
        (("02.10.2023", "31.10.2023"), "02.10.2023–31.10.2023, у голосов времени нет"),
        (("2023", "2023"), "даты в источнике не указаны"),
        (("", "31.10.2023"), "даты в источнике не указаны"),
    ],
)
def test_days_a_vote_states_are_told_where_votes_have_no_time(tmp_path, stated, period):
    path = tmp_path / "vote.pb"
    meta = "META\nkey;value\nbudget;10\nvote_type;approval\ndate_begin;{}\ndate_end;{}\n"
    votes = "PROJECTS\nproject_id;cost\n1;10\nVOTES\nvoter_id;vote\n7;1\n"
    path.write_text(meta.format(*stated) + votes, encoding="utf-8")
    assert notebook.load_vote(str(path)).period == period


@pytest.mark.parametrize(
    ("money", "told"), [("PLN", "в валюте PLN"), ("RUB", "в рублях"), ("", "")]
)
def test_tables_of_money_say_what_it_is_in(tmp_path, money, told):
    path = tmp_path / "vote.pb"
    meta = "META\nkey;value\nbudget;10\nvote_type;approval\n"
    meta += f"currency;{money}\n" if money else ""
    votes = "PROJECTS\nproject_id;cost\n1;10\nVOTES\nvoter_id;vote\n7;1\n"
    path.write_text(meta + votes, encoding="utf-8")
    vote = notebook.load_vote(str(path))
    assert dict(vote.statement().rows()).get("деньги", "") == told
    assert (f"деньги — {told}; " in vote.caption) == bool(told)
