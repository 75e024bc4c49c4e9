"""Tables of what became of a vote: no code is left in them, amounts and averages are readable."""

import re

import polars as pl

from cur_lab import columns as c
from cur_lab import tables
from cur_lab.budgeting import Seasons


def seasons() -> Seasons:
    breaks = [
        ("budget", "10000000", "14920000"),
        ("ballot", "choose-1", "approval"),
        ("rule", "greedy", "own rule"),
        ("channel_opened", None, "esia"),
    ]
    changed = {"campaign": "2022", "later_campaign": "2023", "note": ""}
    campaign = {
        "campaign": "2022",
        "votes": 9,
        "n_voters": 9,
        "n_projects": 3,
        "n_winners": 1,
        "budget": 10_000_000.0,
        "spent": 9_000_000.0,
    }
    return Seasons(
        c.SEASONS.conform(pl.DataFrame([campaign])),
        c.SEASON_BREAKS.conform(
            pl.DataFrame(
                [("2022", "2023", *row) for row in breaks],
                schema=c.SEASON_BREAKS.schema.names(),
                orient="row",
            )
        ),
        c.SEASON_CHANGES.conform(
            pl.DataFrame(
                [
                    changed | {"metric": "votes_per_100", "value_then": 2.04, "value_now": 2.46},
                    changed | {"metric": "votes", "value_then": 2500.0, "value_now": 3000.0},
                ]
            )
        ),
        c.SEASON_COURSE.empty(),
        pl.DataFrame(),
        pl.DataFrame(),
    )


def cells(table) -> list[str]:
    found = re.findall(r"<td[^>]*>(.*?)</td>", table.as_raw_html(), re.DOTALL)
    return [cell.replace("\u00a0", " ").strip() for cell in found]


def test_breaks_are_told_in_words():
    told = cells(tables.of(seasons(), "breaks"))
    assert {"10 000 000", "14 920 000", "один проект", "несколько проектов"} <= set(told)
    assert {"больше голосов", "own rule", "Госуслуги"} <= set(told)
    assert not {"choose-1", "approval", "greedy", "esia"} & set(told)


def test_an_average_of_few_keeps_a_digit():
    told = cells(tables.of(seasons(), "changes"))
    assert {"2,0", "2,5", "2 500", "3 000"} <= set(told)


def test_money_of_a_campaign_is_in_no_currency():
    assert "Рублей" not in tables.of(seasons(), "campaigns").as_raw_html()
