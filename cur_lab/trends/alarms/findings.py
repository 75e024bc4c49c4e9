"""Findings as tables: episodes, first messages, places, and what was not judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

import polars as pl

from cur_lab import columns as c
from cur_lab.inference.overdispersed import limits
from cur_lab.trends.alarms.background import SHOWN, Evidence, evidence, notice_of, redacted
from cur_lab.trends.alarms.events import HOUR, ROW
from cur_lab.trends.alarms.scan import ENOUGH
from cur_lab.trends.alarms.subjects import LEMMA, nameless
from cur_lab.trends.alarms.watch import (
    FIRST_DAY,
    SERIES,
    SHARED_RISE,
    TERM,
    WHOLE_RISE,
    Finding,
    messages_of,
)

_KEYWORDS = 6


@dataclass(frozen=True, eq=False)
class Tables:
    """Episodes, first messages and places."""

    episodes: pl.DataFrame
    evidence: pl.DataFrame
    places: pl.DataFrame


def tables(
    frame: pl.DataFrame,
    words: pl.DataFrame,
    findings: list[Finding],
    *,
    by: Sequence[str],
    notices: pl.DataFrame | None,
    first: date,
    zone: str,
) -> Tables:
    """Lay out the findings, the earliest alarm first."""
    clock = _Clock(first, zone)
    rows, firsts, places = [], [], []
    for finding in findings:
        messages = messages_of(frame, finding, words)
        behind = evidence(messages)
        row = _row(frame, messages, words, finding, behind, by, notices, clock)
        label = pl.lit(row[c.EPISODE]).alias(c.EPISODE)
        order = pl.int_range(1, pl.len() + 1).alias(c.ORDER)
        firsts.append(behind.first.select(label, order, pl.all()))
        places.append(behind.places.select(label, pl.all()))
        rows.append(row)
    split = [name for name in by if name not in (c.MUNICIPALITY, c.RUBRIC)]
    schema = dict(c.ALARM_EPISODES.schema) | dict.fromkeys(split, pl.String)
    episodes = pl.DataFrame(rows, schema=schema, orient="row").sort(c.DETECTED_AT, c.EPISODE)
    shown = redacted(pl.concat([c.ALARM_EVIDENCE.empty(), *firsts], how="vertical_relaxed"))
    named = pl.concat([c.ALARM_PLACES.empty(), *places], how="vertical_relaxed")
    return Tables(
        c.ALARM_EPISODES.conform(episodes),
        c.ALARM_EVIDENCE.conform(shown.sort(c.EPISODE, c.ORDER)),
        c.ALARM_PLACES.conform(
            named.sort(
                c.EPISODE,
                c.MESSAGES_COUNT,
                c.STREET,
                c.HOUSE,
                descending=[False, True, False, False],
            )
        ),
    )


@dataclass(frozen=True, slots=True)
class _Clock:
    """Instants of local hours."""

    first: date
    zone: str

    def at(self, hour: int) -> datetime:
        wall = datetime.combine(self.first, time.min) + timedelta(hours=hour)
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


def _row(
    frame: pl.DataFrame,
    messages: pl.DataFrame,
    words: pl.DataFrame,
    finding: Finding,
    behind: Evidence,
    by: Sequence[str],
    notices: pl.DataFrame | None,
    clock: _Clock,
) -> dict[str, object]:
    detected, ended = clock.at(finding.detected), clock.at(finding.last)
    began = messages[c.PUBLISHED_AT].min()
    assert isinstance(began, datetime)
    districts = (
        sorted(messages[c.MUNICIPALITY].drop_nulls().unique()) if c.MUNICIPALITY in by else []
    )
    of_series = {name: messages[name][0] for name in by if name != c.MUNICIPALITY}
    if finding.kind in (TERM, WHOLE_RISE):
        of_series = dict.fromkeys(of_series)
    rubric = of_series.get(c.RUBRIC)
    notice = notice_of(notices, districts, rubric, began, ended)
    low, high = limits(finding.expected, finding.size)
    alone = finding.kind in (SERIES, TERM) and districts
    place = districts[0] if alone else None
    return {
        c.EPISODE: _name(finding, place, of_series, detected),
        c.MUNICIPALITY: place,
        **({c.RUBRIC: None} | of_series),
        c.MUNICIPALITIES_HIT: districts,
        c.KIND: finding.kind,
        c.BEGAN_AT: began,
        c.DETECTED_AT: detected,
        c.ENDED_AT: ended,
        c.METHOD: finding.method,
        c.HOURS: finding.window,
        c.OBSERVED: int(finding.observed),
        c.EXPECTED: finding.expected,
        c.EXPECTED_LOW: float(low),
        c.EXPECTED_HIGH: float(high),
        c.CHANCE_PER_YEAR: finding.per_year,
        c.Q_VALUE: finding.episode.q,
        c.MESSAGES_COUNT: behind.messages,
        c.INCIDENTS: behind.incidents,
        c.AUTHORS: behind.authors,
        c.STREETS: behind.streets,
        c.KEYWORDS: list(finding.words) or _keywords(frame, messages, words, finding),
        c.FIRST_MESSAGES: behind.first[c.MESSAGE_ID].head(SHOWN).to_list(),
        c.NOTICE_AT: notice,
        c.LAG_HOURS: (notice - detected).total_seconds() / 3600 if notice else None,
        c.NOTE: _notes(finding, behind, by, rubric),
    }


def _name(
    finding: Finding, place: str | None, of_series: dict[str, str | None], detected: datetime
) -> str:
    series = f"{finding.kind}|{place}|{sorted(of_series.items())}|{detected.isoformat()}"
    return blake2b(series.encode("utf-8"), digest_size=6).hexdigest()


def _keywords(
    frame: pl.DataFrame, messages: pl.DataFrame, words: pl.DataFrame, finding: Finding
) -> list[str]:
    """Words that speak most for the episode against everything written before it."""
    here = words.join(messages.select(ROW), on=ROW, how="semi").group_by(LEMMA).len("n")
    earlier = frame.filter(pl.col(HOUR) < finding.start).height
    before = words.filter(pl.col(ROW) < earlier).group_by(LEMMA).len("before")
    due = (pl.col("before").fill_null(0) + 0.5) / (earlier + 1) * messages.height
    ranked = (
        here.filter(pl.col("n") >= 2)
        .join(before, on=LEMMA, how="left", validate="1:1")
        .with_columns((pl.col("n") * (pl.col("n") / due).log() - pl.col("n") + due).alias(c.SCORE))
        .sort(c.SCORE, LEMMA, descending=[True, False])
    )
    return [lemma for lemma in ranked[LEMMA].head(4 * _KEYWORDS) if nameless(lemma)][:_KEYWORDS]


def _notes(finding: Finding, behind: Evidence, by: Sequence[str], rubric: str | None) -> list[str]:
    """Tell, in codes, what to know when reading an episode."""
    told = {
        "shared_rise": finding.kind == SHARED_RISE,
        "whole_rise": finding.kind == WHOLE_RISE,
        "new_words": finding.kind == TERM,
        "no_rubric": finding.kind in (SERIES, SHARED_RISE) and c.RUBRIC in by and rubric is None,
        "mostly_copies": behind.messages >= 4 and behind.incidents <= behind.messages / 2,
    }
    return [code for code, holds in told.items() if holds]


def checks(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Name the districts and series about which nothing is said."""
    days = int(frame[HOUR].max()) // 24 + 1  # type: ignore[arg-type]
    if days <= FIRST_DAY:
        counted = frame.group_by(by).len() if by else frame.select(pl.len())
        return _conformed(counted, "history_of_28_days")
    if c.MUNICIPALITY not in by:
        return c.ALARM_CHECKS.empty()
    few = frame.group_by(c.MUNICIPALITY).len().filter(pl.col("len") <= ENOUGH)
    others = (pl.lit(None, pl.String).alias(name) for name in by if name != c.MUNICIPALITY)
    return _conformed(few.with_columns(*others), "district_of_10_messages")


def _conformed(counted: pl.DataFrame, reason: str) -> pl.DataFrame:
    rows = counted.with_columns(
        pl.col("len").cast(pl.Int64).alias(c.MESSAGES_COUNT), pl.lit(reason).alias(c.REASON)
    )
    conformed = c.ALARM_CHECKS.conform(rows.drop("len"))
    return conformed.sort([name for name in conformed.columns if name != c.REASON])
