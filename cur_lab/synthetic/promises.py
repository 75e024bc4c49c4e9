"""Promises made in broadcasts and on visits: kept, late, forgotten, or without a term."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.synthetic import calendar
from cur_lab.synthetic.grammar import capital, expand, verbs
from cur_lab.synthetic.messages import Message
from cur_lab.synthetic.region import region, utc
from cur_lab.synthetic.streams import Dice, identifier

_ON_VISITS = 28
_FATES = ("kept", "kept", "kept", "kept", "late", "late", "forgotten", "forgotten", "no_term")
_HEARD_DAYS = 60  # a promise answers what was written so long before
_TERMS = (14, 30, 45, 60)
_END = datetime.combine(calendar.LAST, time.max)


def tables(
    seed: int, written: Sequence[Message], broadcasts: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the promises as a centre keeps them, and the fate planted for each."""
    names = [m.name for m in region().municipalities]
    made = [
        (row[c.BROADCAST_ID], row[c.STARTED_AT].astimezone(UTC).replace(tzinfo=None), row)
        for row in broadcasts.sort(c.STARTED_AT, c.BROADCAST_ID).iter_rows(named=True)
    ]
    rows, fates = [], []
    for number in range(_ON_VISITS + len(made)):
        dice = Dice(seed, "promise", number)
        if number < len(made):
            broadcast, started, row = made[number]
            # Broadcasts are told in UTC; everything here is local.
            moment = started + timedelta(hours=3, minutes=dice.integer(10, 70))
            place = row[c.MUNICIPALITY]
            home = names.index(place) if place else dice.integer(0, len(names) - 1)
        else:
            broadcast = None
            day = calendar.day(dice.integer(_HEARD_DAYS, calendar.DAYS - 20))
            moment = datetime.combine(day, time(10)) + timedelta(minutes=dice.integer(0, 480))
            home = dice.integer(0, len(names) - 1)
        heard = _heard(written, home, moment)
        if not heard:
            # Of a region made small nobody may have written.
            continue
        row, fate = _promise(seed, number, broadcast, moment, dice.pick(heard), dice)
        rows.append(row | {c.MUNICIPALITY: names[home]})
        fates.append({"commitment_id": row[c.COMMITMENT_ID], "fate": fate})
    times = (c.MADE_AT, c.DUE_AT, c.DONE_AT)
    told = {name: [row[name] for row in rows] for name in c.COMMITMENTS.schema}
    shown = pl.DataFrame(told | {name: utc(told[name]) for name in times})
    planted = pl.DataFrame(fates, schema={"commitment_id": pl.String, "fate": pl.String})
    return {
        "commitments": c.COMMITMENTS.conform(shown).sort(c.MADE_AT, c.COMMITMENT_ID),
        "truth/commitments": planted.sort("commitment_id"),
    }


def _heard(written: Sequence[Message], home: int, moment: datetime) -> list[Message]:
    """List what was written in a district before a promise, of a known rubric and place."""
    since = moment - timedelta(days=_HEARD_DAYS)
    return [
        m
        for m in written
        if m.municipality == home
        and m.label is not None
        and m.agency is not None
        and m.incident is not None
        and since <= m.written_at < moment
    ]


def _promise(
    seed: int,
    number: int,
    broadcast: str | None,
    moment: datetime,
    about: Message,
    dice: Dice,
) -> tuple[dict[str, Any], str]:
    assert about.label is not None
    assert about.incident is not None
    what = capital(expand(verbs(dice.pick(about.label.fixes), ""), dice, lambda *_: ""))
    where = about.incident.where
    fate = dice.pick(_FATES)
    due = None if fate == "no_term" else moment + timedelta(days=dice.pick(_TERMS))
    done = None
    if due and fate == "kept":
        done = moment + (due - moment) * (0.3 + 0.6 * dice.uniform())
    if due and fate == "late":
        done = due + timedelta(days=3 + 40 * dice.uniform())
    if fate == "no_term" and dice.chance(0.3):
        done = moment + timedelta(days=10 + 50 * dice.uniform())
    done = done.replace(microsecond=0) if done and done <= _END else None
    if due:
        due = datetime.combine(due.date(), time(23, 59, 59))
    row: dict[str, Any] = {
        c.COMMITMENT_ID: identifier(seed, "promise", number),
        c.MADE_AT: moment,
        c.BROADCAST_ID: broadcast,
        c.RUBRIC: about.label.name,
        c.TEXT: f"{what} ({where.village or where.street})",
        c.AGENCY: about.agency,
        c.DUE_AT: due,
        c.DONE_AT: done,
        c.EVIDENCE_URL: None,
    }
    return row, fate
