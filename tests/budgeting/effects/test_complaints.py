"""Complaints and projects joined by district and subject; no number where none can be had."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab.budgeting import complaints_to_projects
from cur_lab.budgeting.effects import filed
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

DECIDED = datetime(2025, 6, 1, tzinfo=UTC)
DISTRICTS = [f"округ {number}" for number in range(10)]
SAID = {
    "Освещение": "На улице не горят фонари, темно, почините освещение",
    "Дороги": "Яма на дороге, разбит асфальт, нужен ремонт дороги",
}


def complaints(*, lit: float = 1.0) -> pl.DataFrame:
    """Each district complains of both; ``lit`` multiplies the dark in districts 0-4 afterwards."""
    rows = []
    for place, district in enumerate(DISTRICTS):
        for rubric, said in SAID.items():
            after = round(20 * lit) if rubric == "Освещение" and place < 5 else 20
            days = [-1 - number for number in range(20)] + list(range(after))
            rows += [(rubric, said, district, DECIDED + timedelta(days=d, hours=12)) for d in days]
    return pl.DataFrame(
        {
            c.MESSAGE_ID: [f"m{number:04}" for number in range(len(rows))],
            c.RUBRIC: [row[0] for row in rows],
            c.TEXT: [f"{row[1]}, дом {number}" for number, row in enumerate(rows)],
            c.MUNICIPALITY: [row[2] for row in rows],
            c.PUBLISHED_AT: [row[3] for row in rows],
        },
        schema_overrides={c.PUBLISHED_AT: pl.Datetime("us", "UTC")},
    )


PROJECTS = pl.DataFrame(
    {
        c.PROJECT_ID: [f"p{number}" for number in range(5)] + ["z"],
        c.TITLE: ["Освещение улицы, новые фонари"] * 5 + ["Покупка рояля"],
        c.MUNICIPALITY: [*DISTRICTS[:5], "округ 7"],
    }
)
WON = pl.DataFrame({c.PROJECT_ID: ["p0", "p1", "p2", "p3"]})


def test_a_project_gets_the_rubric_of_complaints_like_it_or_none():
    found = complaints_to_projects(complaints(), PROJECTS, winners=WON, decided_at=DECIDED)
    rubrics = dict(found.projects.select(c.PROJECT_ID, c.RUBRIC).iter_rows())
    assert rubrics == {**dict.fromkeys([f"p{n}" for n in range(5)], "Освещение"), "z": None}
    assert found.projects.filter(project_id="p0")[c.COMPLAINTS][0] == 20
    assert found.projects[c.SELECTED].to_list() == [True] * 4 + [False] * 2


def test_needs_nobody_proposed_to_meet_are_cells_without_projects():
    cells = complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED).cells
    assert cells.height == 20
    dark = cells.filter(municipality="округ 0", rubric="Освещение").row(0, named=True)
    assert (dark[c.COMPLAINTS], dark[c.SHARE], dark[c.N_PROJECTS]) == (20, 0.5, 1)
    assert dark[c.SHARE_LOW] < 0.5 < dark[c.SHARE_HIGH]
    assert dark[c.N_WINNERS] is None
    assert cells.filter(rubric="Дороги")[c.N_PROJECTS].sum() == 0


def test_complaints_that_halve_where_there_was_a_project_are_seen():
    found = complaints_to_projects(
        complaints(lit=0.5), PROJECTS, winners=WON, decided_at=DECIDED, days=20
    ).afterwards
    proposed = found.filter(compared="proposed").row(0, named=True)
    assert proposed[c.COMPLAINTS_BEFORE] == 100
    assert proposed[c.COMPLAINTS_AFTER] == 50
    assert proposed[c.RATIO] == pytest.approx(0.5)
    assert proposed[c.RATIO_HIGH] < 1
    funded = found.filter(compared="funded").row(0, named=True)
    assert funded[c.COMPLAINTS_BEFORE] == 80


def test_nothing_changed_is_no_change():
    found = complaints_to_projects(
        complaints(), PROJECTS, winners=WON, decided_at=DECIDED, days=20
    ).afterwards
    assert (found[c.RATIO] - 1).abs().max() < 1e-9
    assert (found[c.RATIO_LOW] <= 1).all()
    assert (found[c.RATIO_HIGH] >= 1).all()


def test_what_cannot_be_compared_is_said_so():
    undated = complaints_to_projects(complaints(), PROJECTS).afterwards
    assert undated[c.RATIO].null_count() == 1
    assert undated[c.NOTE][0] == "no_decision"
    early = complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED, days=365).afterwards
    assert early[c.RATIO][0] is None
    assert early[c.NOTE][0] == "messages_end"
    with pytest.raises(ParameterError, match="recent"):
        complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED, recent=0)
    with pytest.raises(ParameterError, match=r"days = 99999999999\. From 1 to 1830"):
        complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED, days=99999999999)
    week = complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED, recent=7)
    ever = complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED)
    assert 0 < week.needs[c.COMPLAINTS].sum() < ever.needs[c.COMPLAINTS].sum()
    for found in (week, ever):
        assert found.needs[c.COMPLAINTS].sum() == found.cells[c.COMPLAINTS].sum()
    few = complaints_to_projects(complaints(), PROJECTS, decided_at=DECIDED, days=3).afterwards
    assert few[c.NOTE][0] == "few_complaints"


def test_rows_in_another_order_give_the_same_tables_as_declared():
    data = complaints()
    made = complaints_to_projects(data, PROJECTS, winners=WON, decided_at=DECIDED, days=20)
    again = complaints_to_projects(
        data.sample(fraction=1, shuffle=True, seed=1),
        PROJECTS.reverse(),
        winners=WON.reverse(),
        decided_at=DECIDED,
        days=20,
    )
    for name, table in c.RESULTS["budgeting.complaints_to_projects"].items():
        table.check(getattr(made, name), where=name)
        assert_frame_equal(getattr(made, name), getattr(again, name))


def test_foreign_input_is_refused_by_name():
    with pytest.raises(NotEnoughDataError, match="municipalities"):
        complaints_to_projects(
            complaints().with_columns(pl.lit("нигде").alias(c.MUNICIPALITY)), PROJECTS
        )
    with pytest.raises(SchemaError, match="rubric"):
        complaints_to_projects(complaints().drop(c.RUBRIC), PROJECTS)
    with pytest.raises(NotEnoughDataError, match="title"):
        complaints_to_projects(complaints(), PROJECTS.drop(c.TITLE))
    with pytest.raises(ParameterError):
        complaints_to_projects(complaints(), PROJECTS, by="topic")


def test_a_projects_own_category_goes_before_its_words():
    filed = {"x": "Дороги и тротуары", "y": "Разное", "z": "Дороги, Освещение", "w": "Дороги"}
    projects = pl.DataFrame(
        {
            c.PROJECT_ID: list(filed),
            c.TITLE: ["Новые фонари на улице", "Покупка рояля", "Ремонт дороги, асфальт", "Фонари"],
            c.MUNICIPALITY: DISTRICTS[:4],
            c.CATEGORY: list(filed.values()),
        }
    )
    found = complaints_to_projects(complaints(), projects, decided_at=DECIDED)
    told = {
        row[0]: row[1:] for row in found.projects.select("project_id", "rubric", "told_by").rows()
    }
    assert told["x"] == ("Дороги", "category")
    assert told["w"] == ("Дороги", "category")
    # Of two categories the words may choose; a category that names no subject is none.
    assert told["z"] in {("Дороги", "words"), (None, "uncertain")}
    assert told["y"] == (None, "uncertain")
    needs = {row[c.RUBRIC]: row for row in found.needs.iter_rows(named=True)}
    sure = sum(rubric == "Дороги" for rubric, _ in told.values())
    assert needs["Дороги"][c.N_PROJECTS] == sure
    assert needs[None][c.N_PROJECTS] == 4 - sure
    assert needs["Освещение"][c.N_PROJECTS_HIGH] >= needs[None][c.N_PROJECTS]


@pytest.mark.parametrize(
    ("category", "meant"),
    [
        ("Дороги и тротуары", "Дороги"),
        ("Спорт", "Культура, спорт и связь"),
        ("Детские площадки", "Благоустройство"),
        # An adjective, or a word that two subjects share, is no subject.
        ("Общественные пространства", None),
        ("Ремонт", None),
        ("Ремонт библиотек", None),
        ("Водоснабжение", None),
    ],
)
def test_a_category_means_the_subject_that_shares_its_words(category, meant):
    subject = [
        "Дороги",
        "Общественный транспорт",
        "Культура, спорт и связь",
        *["Благоустройство"] * 2,
    ]
    rubric = [
        "Ремонт дорог",
        "Остановки",
        "Секции",
        "Детские и спортивные площадки",
        "Ремонт дворов",
    ]
    messages = pl.DataFrame({c.RUBRIC: rubric, c.RUBRIC_GROUP: subject})
    projects = pl.DataFrame({c.CATEGORY: [category]})
    found = filed._allowed(projects, filed._names(messages, c.RUBRIC_GROUP))
    assert found == [frozenset([meant] if meant else [])]


def test_the_number_of_projects_lies_between_what_is_sure_and_what_may_be():
    counted = pl.DataFrame(
        {c.RUBRIC: ["а", "б", "в", None], c.N_PROJECTS: [50, 20, 0, 4], "guessed": [0, 20, 0, 0]},
        schema_overrides={c.N_PROJECTS: pl.Int64},
    )
    right = filed.bounds(counted, 0.0)
    assert right[c.N_PROJECTS_LOW].to_list() == [50, 20, 0, None]
    assert right[c.N_PROJECTS_HIGH].to_list() == [54, 24, 4, None]
    wrong = filed.bounds(counted, 0.2)
    assert wrong[c.N_PROJECTS_LOW].to_list()[:2] == [50, 12]
    assert wrong[c.N_PROJECTS_HIGH].to_list()[:2] == [62, 24]


def test_complaints_that_part_before_anything_can_be_built_doubt_the_comparison():
    given = {"winners": WON, "decided_at": DECIDED, "days": 20}
    calm = complaints_to_projects(complaints(), PROJECTS, **given)
    assert calm.doubted == []
    parted = complaints_to_projects(complaints(lit=0.5), PROJECTS, **given)
    assert parted.doubted == ["unbuilt"]
    assert parted.afterwards.filter(compared="unfunded")[c.NOTE].to_list() == ["few_complaints"]
    ends = [pl.lit(1.1).alias(c.EARLIER_RATIO_LOW), pl.lit(2.0).alias(c.EARLIER_RATIO_HIGH)]
    before = replace(calm, afterwards=calm.afterwards.with_columns(ends))
    assert before.doubted == ["earlier"]
    half_a_year = replace(parted, days=180)
    assert half_a_year.doubted == []
    never = half_a_year.afterwards.with_columns(pl.lit("unfunded").alias(c.COMPARED))
    assert replace(half_a_year, afterwards=never).doubted == ["unfunded"]
