"""The data set on disk: tables, truth, descriptor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from cur_lab import columns as c
from cur_lab.files import replacing, write_text
from cur_lab.synthetic import (
    calendar,
    channels,
    coordination,
    decisions,
    handling,
    notices,
    promises,
    rumours,
)
from cur_lab.synthetic.accidents import accidents
from cur_lab.synthetic.answers import agencies
from cur_lab.synthetic.ballots import voting
from cur_lab.synthetic.catalogue import rubrics
from cur_lab.synthetic.descriptor import descriptor
from cur_lab.synthetic.incidents import Incident
from cur_lab.synthetic.messages import Message, messages, still_open
from cur_lab.synthetic.region import region, utc

SEED = 2024


def write(folder: str | os.PathLike[str], *, seed: int = SEED, scale: float = 1.0) -> Path:
    """Make the sample region and write it as a Frictionless Data Package.

    Parameters
    ----------
    folder
        Where to write; files of an earlier run are replaced.
    seed
        Seed of the whole region. Equal seeds and scales give equal files, bit for bit.
    scale
        Share of the full number of messages (about 45,000).

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(folder)
    tables = _tables(seed, scale)
    paths = {name: f"{name}.parquet" for name in tables}
    # The one small table people open in a spreadsheet.
    paths["municipalities"] = "municipalities.csv"
    for name, frame in tables.items():
        _write(frame, folder / paths[name])
    write_text(folder / "datapackage.json", descriptor(folder, tables, paths))
    return folder


def _tables(seed: int, scale: float) -> dict[str, pl.DataFrame]:
    """Make every table, by path below the folder."""
    weather = calendar.shocks(seed)
    written, happened = messages(seed, scale, weather)
    taken = decisions.decisions(seed, written)
    after = decisions.aftermath(seed, taken, channels.moved(seed, written), happened)
    written, happened = after.written, after.happened
    broken = accidents(seed, scale, written)
    announced = notices.notices(seed, broken, happened)
    campaigns, claims = coordination.choruses(seed, written), rumours.rumours(seed, written)
    happened += [(a.incident, len(a.messages)) for a in broken]
    happened += [(i, chorus.reports(i)) for chorus in campaigns for i in chorus.incidents]
    written += [message for accident in broken for message in accident.messages]
    written += [message for chorus in campaigns for message in chorus.messages]
    written += [message for rumour in claims for message in rumour.messages]
    # Last, so that nothing above depends on them.
    early, open_already = still_open(seed, scale)
    written, happened = written + early, happened + open_already
    written.sort(key=lambda m: (m.written_at, m.message_id))
    votes = voting(seed, scale)
    treated = [handling.handled(seed, message) for message in written]
    return {
        "messages": _messages(written, treated),
        "agencies": handling.bodies(seed),
        "municipalities": region().frame(),
        "truth/messages": _truth(written),
        "truth/deadlines": handling.truth(written, treated),
        "truth/incidents": _incidents(happened),
        "truth/shocks": _shocks(weather),
        "truth/municipalities": _districts(),
        "truth/rubrics": _rubrics(),
        "truth/agencies": agencies(),
        "truth/channel_shift": channels.table(),
        **decisions.tables(taken, written, after.missing),
        **notices.tables(broken, announced),
        **coordination.truth(campaigns),
        **rumours.tables(claims),
        **votes,
        **promises.tables(seed, written, votes["broadcasts"]),
    }


def _write(frame: pl.DataFrame, path: Path) -> None:
    with replacing(path) as temporary:
        if path.suffix == ".csv":
            frame.write_csv(temporary)
        else:
            frame.write_parquet(
                temporary, compression="zstd", compression_level=19, statistics=False
            )


def _messages(written: list[Message], treated: list[handling.Handling]) -> pl.DataFrame:
    names = [m.name for m in region().municipalities]
    values: dict[str, Any] = {
        c.MESSAGE_ID: [m.message_id for m in written],
        c.PUBLISHED_AT: utc([m.written_at for m in written]),
        c.AUTHOR_ID: [m.author.author_id for m in written],
        c.CHANNEL: [m.channel for m in written],
        c.MUNICIPALITY: [names[m.municipality] for m in written],
        c.TEXT: [m.text for m in written],
        c.RUBRIC: [m.label.name if m.label else None for m in written],
        c.RUBRIC_GROUP: [m.label.group if m.label else None for m in written],
        c.AGENCY: [m.agency for m in written],
        c.KIND: [m.kind if m.label or m.kind == "other" else None for m in written],
        c.ANSWERED_AT: utc([m.reply.answered_at for m in written]),
        c.ANSWER_TEXT: [m.reply.text for m in written],
        c.RESOLVED_AT: utc([m.reply.resolved_at for m in written]),
        c.REOPENED_AT: utc([m.reply.reopened_at for m in written]),
        c.THREAD_ID: [m.thread_id for m in written],
        c.REPLY_TO_ID: [m.reply_to_id for m in written],
        c.FORWARDED_FROM: [m.forwarded_from for m in written],
        c.ACCOUNT_CREATED_AT: utc([m.author.created_at for m in written]),
        **handling.columns_of(treated),
    }
    frame = pl.DataFrame(
        values,
        schema_overrides=dict.fromkeys((c.RUBRIC, c.FORWARDED_FROM, c.ANSWER_TEXT), pl.String),
    )
    return c.MESSAGES.conform(frame)


def _truth(written: list[Message]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "message_id": [m.message_id for m in written],
            "topic": [m.rubric.name if m.rubric else None for m in written],
            "topic_group": [m.rubric.group if m.rubric else None for m in written],
            "kind": [m.kind for m in written],
            "problems": [list(m.problems) for m in written],
            "incident_id": [m.incident.incident_id if m.incident else None for m in written],
            "shock_id": [m.incident.shock_id if m.incident else None for m in written],
            "voice": [m.voice for m in written],
            "boilerplate_answer": [m.reply.boilerplate for m in written],
            "copy_of": [m.copy_of for m in written],
        },
        schema_overrides={
            "copy_of": pl.String,
            "shock_id": pl.String,
            "problems": pl.List(pl.String),
            "boilerplate_answer": pl.Boolean,
        },
    )


def _incidents(happened: list[tuple[Incident, int]]) -> pl.DataFrame:
    names = [m.name for m in region().municipalities]
    frame = pl.DataFrame(
        {
            "incident_id": [i.incident_id for i, _ in happened],
            "topic": [i.rubric.name for i, _ in happened],
            "municipality": [names[i.municipality] for i, _ in happened],
            "address": [i.where.key() for i, _ in happened],
            "started_at": utc([i.started_at.replace(microsecond=0) for i, _ in happened]),
            "ended_at": utc([i.ended_at.replace(microsecond=0) for i, _ in happened]),
            "severity": [i.severity for i, _ in happened],
            "reports": [count for _, count in happened],
            "shock_id": [i.shock_id for i, _ in happened],
        },
        schema_overrides={"shock_id": pl.String},
    )
    return frame.sort("started_at", "incident_id")


def _shocks(weather: Sequence[calendar.Shock]) -> pl.DataFrame:
    names = [m.name for m in region().municipalities]
    return pl.DataFrame(
        {
            "shock_id": [s.shock_id for s in weather],
            "kind": [s.kind for s in weather],
            "first_day": [calendar.day(s.first) for s in weather],
            "last_day": [calendar.day(s.last) for s in weather],
            "municipalities": [[names[m] for m in s.municipalities] for s in weather],
        }
    )


def _districts() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "municipality": [m.name for m in region().municipalities],
            "propensity": [m.propensity for m in region().municipalities],
        }
    )


def _rubrics() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "key": [r.key for r in rubrics()],
            "topic": [r.name for r in rubrics()],
            "topic_group": [r.group for r in rubrics()],
            "weight": [float(r.weight) for r in rubrics()],
            "reports_per_incident": [float(r.spread) for r in rubrics()],
            "days_open": [float(r.days) for r in rubrics()],
        }
    )
