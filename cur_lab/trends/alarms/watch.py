"""Watch all series, and all words, and say which episodes stand out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from cur_lab.inference import BoolArray, FloatArray
from cur_lab.trends.alarms.episodes import Episode, Stream, discover
from cur_lab.trends.alarms.events import DAY, HOUR, ROW, ROW_GROUP, ROW_PLACE, Panel
from cur_lab.trends.alarms.null import Null
from cur_lab.trends.alarms.periods import LENGTH, score_periods
from cur_lab.trends.alarms.power import smallest_bursts
from cur_lab.trends.alarms.rolling import busy, rolling
from cur_lab.trends.alarms.scan import EVERYWHERE, RUN_IN, SHARED, Scores, scan
from cur_lab.trends.alarms.subjects import LEMMA, nameless, score_terms

YEAR = 365.25
_REFRESH = 7  # days after which the null of hours is brought up to date
FIRST_DAY = 28  # nothing is raised before the baseline and the null have settled
SERIES, SHARED_RISE, WHOLE_RISE, TERM = "series", "shared", "whole", "term"
_KINDS = {SHARED: SHARED_RISE, EVERYWHERE: WHOLE_RISE}
SCAN, ROLLING, EARS, FARRINGTON, WORDS = "scan", "rolling", "ears", "farrington", "word_burst"
_FOR_ROLLING = 0.3  # of the budget of busy series


@dataclass(frozen=True, eq=False)
class Finding:
    """An episode in hours: the window that raised it is ``(start, detected]``, hours inclusive.

    ``per_year`` is the number of chance episodes so strong in a year, over all series.
    """

    kind: str
    method: str
    episode: Episode
    per_year: float
    start: int
    detected: int
    last: int
    window: int
    observed: float
    expected: float
    size: float
    words: tuple[str, ...] = ()


def watch_hours(panel: Panel, budget: float) -> tuple[list[Finding], pl.DataFrame]:
    """Find episodes by the scan of trailing windows, and by rolling C1.

    Parameters
    ----------
    panel
        Events of all series.
    budget
        How many chance episodes all series together may have in a year.
    """
    hours = score_hours(panel)
    findings, null = within_budget(hours, budget)
    limits = _for_scan(hours.scanned) * budget / (YEAR * DAY)
    return findings, smallest_bursts(hours.scanned, null, limits)


@dataclass(frozen=True, eq=False)
class Hours:
    """What the scan makes of every hour, and what rolling C1 does."""

    scanned: Scores
    rolled: Scores


def score_hours(panel: Panel) -> Hours:
    """Score every hour of every series with a message."""
    scanned = scan(panel)
    return Hours(scanned, rolling(panel, scanned))


def within_budget(hours: Hours, budget: float) -> tuple[list[Finding], Null]:
    """Find the episodes that a budget allows; return what was learnt of chance by the scan, too."""
    streams = [
        Stream(hours.scanned, Null(hours.scanned, DAY, RUN_IN), _for_scan(hours.scanned)),
        Stream(hours.rolled, Null(hours.rolled, DAY, RUN_IN), _FOR_ROLLING),
    ]
    limit = budget / (YEAR * DAY)
    found = discover(streams, limit, first=FIRST_DAY * DAY, quiet=DAY, refresh=_REFRESH)
    methods = (SCAN, ROLLING)
    findings = [
        _finding(streams[episode.stream].scores, episode, methods[episode.stream], 1, 0)
        for episode in found
    ]
    return findings, streams[0].null


def _for_scan(scanned: Scores) -> FloatArray:
    """Return what of the budget the scan has: all of it where nothing else looks."""
    return np.where(busy(scanned), 1 - _FOR_ROLLING, 1.0)


def watch_periods(panel: Panel, every: str, budget: float) -> list[Finding]:
    """Find episodes by EARS and Farrington Flexible."""
    length = LENGTH[every]
    offset = panel.weekday * DAY if every == "1w" else 0
    scores, flexible, may_raise = score_periods(panel, every)
    null = Null(scores, 1, int(scores.hour.min(initial=0)))
    found = discover(
        [Stream(scores, null, may_raise=may_raise)],
        budget * length / (YEAR * DAY),
        first=(FIRST_DAY * DAY + offset) // length,
        quiet=2,
    )
    return [
        _finding(scores, episode, FARRINGTON if flexible[episode.score] else EARS, length, offset)
        for episode in found
    ]


def watch_terms(
    frame: pl.DataFrame, words: pl.DataFrame, every: int, known: list[Finding], budget: float
) -> list[Finding]:
    """Find episodes of words, without those that an episode of the district explains."""
    if words.is_empty():
        return []
    span, day = max(every, DAY), max(DAY // every, 1)
    scores, names = score_terms(frame, words, span, every)
    # All words of a district are one series: one story is one episode.
    together = replace(scores, group=np.zeros_like(scores.group))
    null = Null(together, day, RUN_IN * DAY // every // day)
    found = discover(
        [Stream(together, null, may_raise=~_explained(scores, known, every, span))],
        budget * every / (YEAR * DAY),
        first=FIRST_DAY * DAY // every,
        quiet=max(day, 2),
        refresh=_REFRESH if day > 1 else 1,
    )
    findings = []
    for episode in found:
        during = (
            (scores.place == episode.place)
            & (scores.hour >= episode.detected)
            & (scores.hour <= episode.last)
        )
        strong = np.flatnonzero(during & (scores.surprise >= scores.surprise[episode.score]))
        ranked = strong[np.lexsort((scores.group[strong], -scores.surprise[strong]))]
        told = dict.fromkeys(names[group] for group in scores.group[ranked].tolist())
        shown = tuple(filter(nameless, told))[:6]
        if shown:
            raw = _finding(scores, episode, WORDS, every, 0)
            findings.append(replace(raw, kind=TERM, words=shown))
    return findings


def _finding(scores: Scores, episode: Episode, method: str, length: int, offset: int) -> Finding:
    row = episode.score
    window = int(scores.window[row]) * length
    end = (episode.detected + 1) * length - offset
    return Finding(
        kind=_KINDS.get(episode.place, SERIES),
        method=method,
        episode=episode,
        per_year=episode.rate * YEAR * DAY / length,
        start=end - window,
        detected=end,
        last=(episode.last + 1) * length - offset,
        window=window,
        observed=float(scores.observed[row]),
        expected=float(scores.expected[row]),
        size=float(scores.size[row]),
    )


def _explained(scores: Scores, known: list[Finding], every: int, span: int) -> BoolArray:
    """Mark words of districts where an episode was raised within the window and still lasts."""
    marked = scores.hour < 0
    end = (scores.hour + 1) * every
    for finding in known:
        near = (end >= finding.detected) & (end <= finding.last + span)
        if finding.kind == SERIES:
            near &= scores.place == finding.episode.place
        elif finding.kind == SHARED_RISE:
            near &= pl.Series(scores.place).is_in(sorted(finding.episode.places)).to_numpy()
        marked |= near
    return marked


def messages_of(frame: pl.DataFrame, finding: Finding, words: pl.DataFrame) -> pl.DataFrame:
    """Messages of an episode, from the window that raised it to its end."""
    during = frame.filter((pl.col(HOUR) >= finding.start) & (pl.col(HOUR) < finding.last))
    if finding.kind == TERM:
        during = during.filter(pl.col(ROW_PLACE) == finding.episode.place)
        held = words.filter(pl.col(LEMMA).is_in(finding.words))
        return during.join(held, on=ROW, how="semi")
    if finding.kind == WHOLE_RISE:
        return during
    during = during.filter(pl.col(ROW_GROUP) == finding.episode.group)
    if finding.kind == SERIES:
        return during.filter(pl.col(ROW_PLACE) == finding.episode.place)
    return during
