from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.errors import InputError, SchemaError
from cur_lab.readers.election import Election
from cur_lab.readers.pabulib import read_pabulib
from cur_lab.readers.pabulib_writing import write_pabulib

META = "META\nkey;value\nbudget;100\nvote_type;approval\n"
PROJECTS = "PROJECTS\nproject_id;cost;name\n1;60;Двор\n2;50;Парк\n"
VOTES = "VOTES\nvoter_id;vote;age\na;1,2;40-59\nb;2;\n"
ONE_VOTE = "VOTES\nvoter_id;vote\na;1\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "election.pb"
    path.write_bytes(text.encode())
    return path


def read(folder: Path, text: str) -> Election:
    return read_pabulib(write(folder, text))


def assert_same(left: Election, right: Election) -> None:
    assert list(left.meta.items()) == list(right.meta.items())
    for name in ("projects", "voters", "votes", "rejected"):
        assert_frame_equal(getattr(left, name), getattr(right, name))


def test_projects_voters_and_votes_become_tables(tmp_path):
    election = read(tmp_path, META + PROJECTS + VOTES)
    assert election.budget == 100
    assert election.vote_type == "approval"
    assert election.projects.to_dict(as_series=False) == {
        "project_id": ["1", "2"],
        "cost": [60.0, 50.0],
        "title": ["Двор", "Парк"],
    }
    assert election.voters.rows() == [("a", "40-59"), ("b", None)]
    assert election.votes.rows() == [("a", "1", None, 1), ("a", "2", None, 2), ("b", "2", None, 1)]
    c.PROJECTS.check(election.projects, where="projects")
    c.VOTES.check(election.votes, where="votes")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_line_ends_byte_order_mark_and_a_missing_last_one_change_nothing(tmp_path, end, bom):
    plain = read(tmp_path, META + PROJECTS + VOTES)
    text = bom + (META + PROJECTS + VOTES).rstrip("\n").replace("\n", end)
    assert_same(plain, read(tmp_path, text))


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        ('"Двор" — X', '"Двор" — X'),
        ('"""Двор"" — X"', '"Двор" — X'),
        ('Кафе "У дома"', 'Кафе "У дома"'),
        ('"Двор; сквер"', "Двор; сквер"),
        ("а\u2028б\x85в\x0cг", "а\u2028б\x85в\x0cг"),
        ('"две\nстроки"', "две\nстроки"),
        ('"две\r\nстроки"', "две\r\nстроки"),
        ("'апостроф", "'апостроф"),
        ("PROJECTS", "PROJECTS"),
        ("<b>\u202eтрасса</b>😀", "<b>\u202eтрасса</b>😀"),
    ],
)
def test_a_name_is_read_as_it_stands_and_survives_writing(tmp_path, cell, title):
    election = read(tmp_path, META + f"PROJECTS\nproject_id;cost;name\n1;60;{cell}\n" + ONE_VOTE)
    assert election.projects["title"].to_list() == [title]
    write_pabulib(election, tmp_path / "again.pb")
    assert_same(election, read_pabulib(tmp_path / "again.pb"))


def test_quotes_in_the_votes_section_do_not_swallow_ballots(tmp_path):
    votes = 'VOTES\nvoter_id;vote;note\na;"1,2";"х;у"\nb;1;"не закрыта\nc;2;"да" и нет\n'
    election = read(tmp_path, META + PROJECTS + votes)
    assert election.voters.rows() == [("a", "х;у"), ("c", '"да" и нет')]
    assert election.votes["project_id"].to_list() == ["1", "2", "2"]
    assert election.rejected["row"].to_list() == [12]
    assert election.rejected["reason"][0] == "broken_quotes"


def test_lists_with_blanks_and_a_project_called_votes(tmp_path):
    projects = "PROJECTS\nproject_id;cost\nvotes;60\n2;50\n"
    election = read(tmp_path, META + projects + "VOTES\nvoter_id;vote\na;votes, 2\n")
    assert election.votes["project_id"].to_list() == ["votes", "2"]


def test_faulty_ballots_are_set_aside_with_their_line(tmp_path):
    votes = "VOTES\nvoter_id;vote;points\na;1,3;2,1\na;2;3\nb;1,2;3\nc;2,2;1,1\n;1;1\nd;1;x\ne;;\n"
    election = read(tmp_path, META + PROJECTS + votes)
    assert election.voters[c.VOTER_ID].to_list() == ["a", "c", "d", "e"]
    assert election.votes.rows() == [("a", "1", 2.0, 1), ("c", "2", 1.0, 1)]
    assert dict(election.rejected.select("row", "reason").iter_rows()) == {
        11: "unknown_project",
        12: "voter_again",
        13: "points_unequal",
        14: "project_again",
        15: "no_voter",
        16: "points_no_number",
    }


def test_counts_the_file_contradicts_are_told(tmp_path):
    election = read(tmp_path, META + "num_votes;3\nnum_projects;2\n" + PROJECTS + VOTES)
    assert election.rejected.rows() == [(5, "stated_otherwise", "num_votes: 3, прочитано 2")]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "META"),
        ("id,text\n1,2\n", 1, "META expected"),
        (META, 4, "no section PROJECTS"),
        (META + PROJECTS, 8, "no section VOTES"),
        (META.replace("budget;100\n", "") + PROJECTS + VOTES, 3, "no budget"),
        (META.replace("100", "сто") + PROJECTS + VOTES, 3, "no amount"),
        (META + "budget;7\n" + PROJECTS + VOTES, 5, "again"),
        (META + PROJECTS + "1;5;Ещё\n" + VOTES, 9, "told on line 7"),
        (META + PROJECTS + "3;дорого;Ещё\n" + VOTES, 9, "no number"),
        (META + PROJECTS + "3;-1;Ещё\n" + VOTES, 9, "below zero"),
        (META + PROJECTS + "3;5\n" + VOTES, 9, "2 fields, 3 expected"),
        (META + PROJECTS + '3;5;"Двор\n4;6;Парк\n' + VOTES, 9, "never closed"),
        (META + PROJECTS + '3;5;"Двор\n4;6;"Парк"\n' + VOTES, 9, "never closed"),
        (META + "PROJECTS\nid;cost\n1;5\n" + VOTES, 6, "no column project_id"),
        (META + PROJECTS + "VOTES\nvoter;vote\n", 10, "no column voter_id"),
    ],
)
def test_a_broken_file_is_an_error_with_its_line_and_a_remedy(tmp_path, text, line, words):
    with pytest.raises(InputError, match=words) as caught:
        read(tmp_path, text)
    assert caught.value.where.endswith(f"line {line}")
    assert caught.value.remedy


def test_another_encoding_is_an_error(tmp_path):
    path = tmp_path / "cp1251.pb"
    path.write_bytes((META + PROJECTS + VOTES).encode("cp1251"))
    with pytest.raises(InputError, match="UTF-8"):
        read_pabulib(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_pabulib(tmp_path / "absent.pb")


def test_a_spoilt_letter_does_not_lose_the_votes(tmp_path):
    path = tmp_path / "spoilt.pb"
    path.write_bytes((META + PROJECTS + VOTES).encode().replace("Дв".encode(), b"\xd0\xd0\xb2"))
    election = read_pabulib(path)
    assert election.projects["title"].to_list() == ["\ufffdвор", "Парк"]
    assert election.votes.height == 3
    assert election.unreadable.rows() == [(7, "encoding", "1;60;\ufffdвор")]


def test_an_election_without_votes_or_projects_is_empty_not_an_error(tmp_path):
    election = read(tmp_path, META + "PROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n")
    assert (election.projects.height, election.voters.height, election.votes.height) == (0, 0, 0)
    write_pabulib(election, tmp_path / "again.pb")
    assert_same(election, read_pabulib(tmp_path / "again.pb"))


def test_channel_and_time_lie_in_a_parquet_file_beside(tmp_path):
    election = read(tmp_path, META + PROJECTS + VOTES)
    when = pl.datetime(2023, 3, 6, 12, 0, pl.int_range(pl.len()), time_zone="UTC")
    votes = election.votes.with_columns(
        when.alias(c.CAST_AT), pl.Series(c.CHANNEL, ["esia", "sms", "paper"])
    )
    timed = Election(election.meta, election.projects, election.voters, votes)
    path = tmp_path / "timed.pb"
    write_pabulib(timed, path)
    assert "esia" not in path.read_text(encoding="utf-8")
    assert_same(timed, read_pabulib(path))
    write_pabulib(Election(election.meta, election.projects, election.voters, votes[:2]), path)
    assert read_pabulib(path).votes.height == 2
    (tmp_path / "other.votes.parquet").write_bytes((tmp_path / "timed.votes.parquet").read_bytes())
    write_pabulib(election, tmp_path / "third.pb")
    (tmp_path / "third.pb").rename(tmp_path / "other.pb")
    with pytest.raises(InputError, match="not those"):
        read_pabulib(tmp_path / "other.pb")
    write_pabulib(election, path)
    assert not (tmp_path / "timed.votes.parquet").exists()


def test_a_failed_write_leaves_the_old_file(tmp_path):
    election = read(tmp_path, META + PROJECTS + VOTES)
    before = (tmp_path / "election.pb").read_bytes()
    comma = election.projects.with_columns(pl.lit("1,2").alias(c.PROJECT_ID))
    with pytest.raises(SchemaError, match="cannot stand"):
        write_pabulib(
            Election(election.meta, comma, election.voters, election.votes),
            tmp_path / "election.pb",
        )
    assert (tmp_path / "election.pb").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["election.pb"]


def test_rows_in_another_order_give_the_same_ballots(tmp_path):
    election = read(tmp_path, META + PROJECTS + VOTES)
    write_pabulib(election, tmp_path / "one.pb")
    shuffled = election.votes.sample(fraction=1, shuffle=True, seed=1)
    write_pabulib(
        Election(election.meta, election.projects, election.voters, shuffled), tmp_path / "two.pb"
    )
    assert (tmp_path / "one.pb").read_bytes() == (tmp_path / "two.pb").read_bytes()


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)


@settings(deadline=None, max_examples=60)
@given(titles=st.lists(texts, min_size=1, max_size=4), comment=texts, data=st.data())
def test_whatever_stands_in_the_tables_survives(tmp_path_factory, titles, comment, data):
    n = len(titles)
    ids = [str(i) for i in range(n)]
    ballots = data.draw(st.lists(st.lists(st.sampled_from(ids), unique=True), max_size=5))
    points = data.draw(st.sampled_from([None, 1.0, 2.5]))
    votes = [
        (str(voter), project, points, rank)
        for voter, ballot in enumerate(ballots)
        for rank, project in enumerate(ballot, 1)
    ]
    election = Election(
        {"budget": "10", "vote_type": "approval", "comment": comment},
        pl.DataFrame({"project_id": ids, "cost": [1.5] * n, "title": titles, "новое": titles}),
        pl.DataFrame(
            {
                "voter_id": [str(i) for i in range(len(ballots))],
                "note": [titles[i % n] for i in range(len(ballots))],
            },
            schema={"voter_id": pl.String, "note": pl.String},
        ),
        pl.DataFrame(votes, schema=c.VOTES.schema, orient="row"),
    )
    path = tmp_path_factory.mktemp("pb") / "x.pb"
    write_pabulib(election, path)
    assert_same(election, read_pabulib(path))


def test_every_kind_of_ballot_is_read_written_and_read_again(tmp_path, real_data):
    chosen = {}
    for path in sorted(
        (real_data / "pabulib").glob("*.pb"), key=lambda path: (path.stat().st_size, path.name)
    ):
        election = read_pabulib(path)
        if chosen.setdefault(election.vote_type, path) != path:
            continue
        write_pabulib(election, tmp_path / "again.pb")
        assert_same(election, read_pabulib(tmp_path / "again.pb"))
        if len(chosen) == 4:
            break
    assert set(chosen) == {"approval", "choose-1", "cumulative", "ordinal"}


ORDINAL = META.replace("approval", "ordinal") + "max_length;4\n"
FOUR = "PROJECTS\nproject_id;cost\n1;60\n2;50\n3;10\n4;0\n"


def test_a_project_listed_twice_keeps_the_ranks_behind_it_and_its_place(tmp_path):
    text = ORDINAL + FOUR + "VOTES\nvoter_id;vote\na;2,2,1\nb;1,9,1,3\n"
    election = read(tmp_path, text)
    assert election.votes.select(c.VOTER_ID, c.PROJECT_ID, c.RANK).rows() == [
        ("a", "2", 1),
        ("a", "1", 3),
        ("b", "1", 1),
        ("b", "3", 4),
    ]
    assert election.uncounted.select(c.VOTER_ID, c.PROJECT_ID, c.RANK).rows() == [
        ("a", "2", 2),
        ("b", "9", 2),
        ("b", "1", 3),
    ]
    assert election.rejected[c.REASON].value_counts().sort("count").rows() == [
        ("unknown_project", 1),
        ("project_again", 2),
    ]
    write_pabulib(election, tmp_path / "again.pb")
    assert (tmp_path / "again.pb").read_text(encoding="utf-8") == text
    assert_same(election, read_pabulib(tmp_path / "again.pb"))


def test_points_of_a_repeat_are_written_again(tmp_path):
    votes = "VOTES\nvoter_id;vote;points\na;2,2,1;3,1,2\nb;1;1\n"
    election = read(tmp_path, META.replace("approval", "cumulative") + PROJECTS + votes)
    write_pabulib(election, tmp_path / "again.pb")
    assert votes in (tmp_path / "again.pb").read_text(encoding="utf-8")


@pytest.mark.parametrize("told", ["320,000", "320.000", "320 000,00 р.", "320 тыс. руб."])
def test_money_has_marks_of_thousands(tmp_path, told):
    meta = META.replace("budget;100", f"budget;{told}")
    projects = f"PROJECTS\nproject_id;cost;votes;co_financing\n1;{told};1,234;{told}\n"
    election = read(tmp_path, meta + projects + ONE_VOTE)
    assert election.budget == 320_000
    row = election.projects.select(c.COST, c.VOTES_COUNT, c.CO_FINANCING).row(0)
    assert row == (320_000, 1234, 320_000)


def test_an_amount_of_two_meanings_is_an_error_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"line 7: cost '1480,000'.*could be thousands"):
        read(tmp_path, META + "PROJECTS\nproject_id;cost\n1;1480,000\n" + ONE_VOTE)


def test_three_decimals_of_our_own_survive_writing(tmp_path):
    election = read(tmp_path, META + PROJECTS + ONE_VOTE)
    dear = election.projects.with_columns(pl.Series(c.COST, [320.125, 1 / 3]))
    again = Election(election.meta, dear, election.voters, election.votes)
    write_pabulib(again, tmp_path / "again.pb")
    found = read_pabulib(tmp_path / "again.pb").projects[c.COST]
    assert found.to_list() == pytest.approx([320.125, 1 / 3], abs=1e-6)


def test_one_bad_figure_or_line_of_meta_does_not_lose_the_file(tmp_path):
    meta = META + 'comment;"не закрыт\nunit;А\nunit;Б\nbudget;100\n'
    projects = "PROJECTS\nproject_id;cost;votes;latitude\n1;60;много;55,5\n2;50;1.5;север\n"
    election = read(tmp_path, meta + projects + ONE_VOTE)
    assert election.meta["unit"] == "А"
    assert election.projects["latitude"].to_list() == [55.5, None]
    assert election.rejected.select("row", "reason").rows() == [
        (5, "broken_quotes"),
        (7, "told_twice"),
        (8, "told_twice"),
    ]
    assert election.unreadable.rows() == [
        (11, "votes", "много"),
        (12, "latitude", "север"),
        (12, "votes", "1.5"),
    ]


def test_what_became_of_a_project_survives_writing(tmp_path):
    projects = (
        "PROJECTS\nproject_id;cost;status;completed_at;actual_cost\n1;60;completed;05.03.2025;70\n"
    )
    election = read(tmp_path, META + projects + ONE_VOTE)
    assert (
        election.projects["completed_at"].dt.convert_time_zone("Europe/Moscow").dt.day().item() == 5
    )
    write_pabulib(election, tmp_path / "again.pb")
    assert_same(election, read_pabulib(tmp_path / "again.pb"))


def test_statements_the_votes_deny_are_listed(tmp_path):
    meta = META + "num_votes;5\nmin_length;2\nmax_length;2\nmax_sum_cost;100\n"
    projects = (
        "PROJECTS\nproject_id;cost;votes;score;selected\n1;60;2;9;1\n2;50;2;2;1\n3;10;1;1;0\n"
    )
    votes = "VOTES\nvoter_id;vote\na;1,2,3\nb;1,2\nc;\n"
    election = read(tmp_path, meta + projects + votes)
    found = election.contradictions
    c.CONTRADICTIONS.check(found, where="contradictions")
    assert found.rows() == [
        ("num_votes", None, 5.0, 3.0, None),
        ("max_length", None, 2.0, 3.0, 1),
        ("max_sum_cost", None, 100.0, 120.0, 2),
        ("budget", None, 100.0, 110.0, None),
        ("score", "1", 9.0, 2.0, None),
    ]
    one = read(tmp_path, META.replace("approval", "choose-1") + PROJECTS + VOTES)
    assert one.contradictions.rows() == [("vote_type", None, 1.0, 2.0, 1)]
    points = "VOTES\nvoter_id;vote;points\na;1,2;3,4\nb;2;1\n"
    rules = (
        META.replace("approval", "cumulative") + "max_sum_points;6\nmax_points;4\nmin_points;2\n"
    )
    assert read(tmp_path, rules + PROJECTS + points).contradictions.rows() == [
        ("max_sum_points", None, 6.0, 7.0, 1),
        ("min_points", None, 2.0, 1.0, 1),
    ]
    assert read(tmp_path, META + PROJECTS + VOTES).contradictions.is_empty()


def test_ballots_longer_than_the_rules_are_counted(tmp_path):
    from cur_lab import budgeting

    text = (
        ORDINAL.replace("max_length;4", "max_length;2") + FOUR + "VOTES\nvoter_id;vote\na;1,2,3\n"
    )
    election = read(tmp_path, text)
    assert budgeting.tally(election).select("project_id", "score").rows() == [
        ("1", 2.0),
        ("2", 1.0),
        ("3", 0.0),
        ("4", 0.0),
    ]
    assert election.contradictions["statement"].to_list() == ["max_length"]


def test_every_real_file_is_written_as_it_was_read(tmp_path, real_data):
    for path in sorted((real_data / "pabulib").glob("*.pb")):
        election = read_pabulib(path)
        if election.votes.height > 50_000:
            continue
        write_pabulib(election, tmp_path / "again.pb")
        assert_same(election, read_pabulib(tmp_path / "again.pb"))
