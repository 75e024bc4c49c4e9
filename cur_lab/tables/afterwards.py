"""Tables of what became of a vote: winners built, campaigns side by side."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.budgeting import Delivery, Seasons
from cur_lab.columns import Absent
from cur_lab.headlines import listing
from cur_lab.tables import of
from cur_lab.tables.layout import Part, show_part

_TOP = 8


@of.register
def _(result: Delivery, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    late = result.projects.filter(pl.col(c.DAYS_LATE) > 0)
    late = late.sort(c.DAYS_LATE, c.PROJECT_ID, descending=[True, False])
    dearer = result.projects.filter(pl.col(c.COST_RATIO) > 1)
    dearer = dearer.sort(c.COST_RATIO, c.PROJECT_ID, descending=[True, False])
    named = (c.TITLE, c.MUNICIPALITY)
    parts: dict[str, Part] = {
        "overall": (
            result.overall,
            "Что стало с победителями",
            (c.METRIC, c.VALUE, c.UNIT, c.PROJECTS_COUNT, c.NOTE),
        ),
        "states": (
            result.states,
            "Победители по состоянию",
            (c.STATE_OF_DELIVERY, c.PROJECTS_COUNT, c.MONEY),
        ),
        "late": (
            late.head(_TOP),
            listing.part(late, title="Самые большие опоздания", top=_TOP),
            (*named, c.DUE_AT, c.DAYS_LATE),
        ),
        "dearer": (
            dearer.head(_TOP),
            listing.part(dearer, title="Подорожали сильнее всех", top=_TOP),
            (*named, c.COST, c.ACTUAL_COST, c.COST_RATIO),
        ),
        "payers": (result.payers, "Кто платит", (c.PAYER, c.MONEY, c.SHARE, c.PROJECTS_COUNT)),
        "checks": (result.checks, "Что не сходится", (c.REASON, c.NUMBER)),
    }
    followed = f"Прослежено по {wording.calendar_day(result.at)}. " if result.at else ""
    names = {c.TITLE: "Проект", c.MONEY: "Стоимость"}
    if part == "payers":
        names[c.MONEY] = "Денег"
    return show_part(part, followed + (source or ""), parts, names)


@of.register
def _(result: Seasons, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    pair = (c.CAMPAIGN, c.LATER)
    parts: dict[str, Part] = {
        "campaigns": (
            result.campaigns,
            "Кампании",
            (c.CAMPAIGN, c.CLOSED_ON, c.LENGTH, c.VOTES_COUNT, c.VOTES_PER_100,
             c.N_PROJECTS, c.N_WINNERS, c.BUDGET, c.SPENT, c.OUTSIDE),
        ),
        "breaks": (
            result.breaks.with_columns(_told(result.breaks[end]) for end in (c.BEFORE, c.AFTER)),
            "Что изменилось между кампаниями",
            (*pair, c.BREAK, c.BEFORE, c.AFTER),
        ),
        "changes": (
            result.changes,
            "Кампания рядом с прежней",
            (*pair, c.METRIC, c.THEN, c.NOW, c.RATIO, c.NOTE),
        ),
        "applicants": (
            result.applicants,
            "Кто возвращается",
            (*pair, c.GROUP, c.APPLICANTS_COUNT, c.N_PROJECTS, c.N_WINNERS, c.WON_SHARE),
        ),
        "bought": (
            result.bought,
            "Те же голоса при прежнем и при новом бюджете",
            (c.LATER, c.BUDGET, c.N_WINNERS, c.SPENT, c.LEAST_VOTES, c.OUTSIDE),
        ),
    }  # fmt: skip
    names = {c.BEFORE: "Было", c.AFTER: "Стало", c.LATER: "Следующая", c.GROUP: "Заявители"}
    names[c.BUDGET] = "Бюджет"
    if part == "bought":
        names[c.LATER] = "Кампания"
    return show_part(part, source, parts, names)


def _told(ends: pl.Series) -> pl.Series:
    """Put kinds of ballots, rules and channels in words, and set the thousands of amounts apart."""
    words = c.CODES[c.CHANNEL] | c.CODES[c.RULE] | c.CODES[c.BALLOT]
    written = [
        wording.grouped(int(end)) if end is not None and end.isdecimal() else words.get(end, end)
        for end in ends
    ]
    return pl.Series(ends.name, written, dtype=pl.String)
