"""How many votes are beyond the expected, and whether the outcome hangs on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import NIGHT, Ballots, Checks
from cur_lab.budgeting.ballots.hours import ZONE
from cur_lab.budgeting.integrity import finding as tests
from cur_lab.budgeting.integrity import occasions
from cur_lab.budgeting.integrity.finding import Finding, rise_limits
from cur_lab.budgeting.integrity.windows import Windows, rises
from cur_lab.budgeting.rules.choice import Rule, winners
from cur_lab.errors import CurLabError
from cur_lab.readers.election import Election

SAME, OTHER, OPEN, LOST = "same", "other", "open", "lost"
_NEAR_LINE = 0.25
_FEWEST_BESIDE = 5
# Tests whose finding is about the whole vote and not about a window.
_WHOLE = (tests.OFF_HOURS, tests.NUMBERS)
_NO_LINE = None, None, None


def excess_votes(
    election: Election, ballots: Ballots, called: list[tuple[int, Finding | None]], rule: Rule
) -> tuple[pl.DataFrame, Checks]:
    """Estimate the excess of each project that calls for a check and count the outcome without it.

    Parameters
    ----------
    election
        Its budget and costs decide; its votes are those examined.
    ballots
        The votes examined.
    called
        Number of the project and its most telling finding.
    rule
        Of :func:`cur_lab.budgeting.winners`.

    Returns
    -------
    tuple
        Table ``integrity_excess``, and what could not be counted and why.
    """
    rows = []
    skipped: Checks = []
    clean = _clean(election, ballots)
    funded: set[str] | None = None
    if called:
        try:
            funded = set(winners(clean, rule=rule)[c.PROJECT_ID])
        except CurLabError:
            skipped.append(("outcome", "not_counted", None))
    for project, finding in called:
        assert finding is not None
        votes = _questioned(ballots, finding, project)
        estimate, low, high = _estimate(ballots, finding, project, votes.height)
        name = ballots.projects[project]
        outcome = None
        if funded is not None:
            outcome = LOST
        if funded is not None and name in funded:
            wins = [
                name in set(winners(_without(clean, votes, name, n), rule=rule)[c.PROJECT_ID])
                for n in (round(low), round(high))
            ]
            outcome = {2: SAME, 1: OPEN, 0: OTHER}[sum(wins)]
        start, stop = occasions.span(ballots, finding, project)
        rows.append(
            (
                name,
                ballots.titles[project],
                finding.test,
                occasions.channel_of(ballots, finding, project),
                start,
                stop,
                votes.height,
                estimate,
                low,
                high,
                None if funded is None else name in funded,
                outcome,
            )
        )
    frame = pl.DataFrame(rows, schema=c.INTEGRITY_EXCESS.schema, orient="row")
    return frame.sort(c.PROJECT_ID), skipped


def line(
    election: Election, ballots: Ballots, rule: Rule
) -> tuple[tuple[int | None, int | None, float | None], Checks]:
    """Ask whether projects just below the funding line gained more on the last day than just above.

    The line is drawn by the votes cast before the last day, so that the last day's gain does not
    decide which side a project is on.

    Returns
    -------
    tuple
        Projects just below and just above, and the p-value, or three nulls and why.
    """
    test = "line"
    last = ballots.votes["hour"].max()
    if not ballots.hours or not isinstance(last, int) or last < 48:
        return _NO_LINE, [(test, "two_days_needed", None)]
    early = ballots.votes.filter(pl.col("hour").fill_null(0) <= last - 24)
    try:
        clean = _clean(election, replace(ballots, votes=early))
        funded = set(winners(clean, rule=rule)[c.PROJECT_ID])
    except CurLabError:
        return _NO_LINE, [(test, "not_counted", None)]
    votes = np.bincount(early["project"].to_numpy(), minlength=len(ballots.projects))
    won = np.array([name in funded for name in ballots.projects])
    if won.all() or not won.any():
        return _NO_LINE, [(test, "all_or_none_won", None)]
    level = votes[~won].max()
    distance = votes / max(level, 1) - 1
    below = ~won & (distance >= -_NEAR_LINE)
    above = won & (distance >= 0) & (distance <= _NEAR_LINE)
    if below.sum() < _FEWEST_BESIDE or above.sum() < _FEWEST_BESIDE:
        return _NO_LINE, [(test, "few_at_line", int(below.sum() + above.sum()))]
    tails = rises(ballots.panel.total, Windows(np.array([last - 23]), 24))
    expected, spread = tails.expected[:, 0, 0], tails.spread[:, 0, 0]
    gain = (tails.observed[:, 0, 0] - expected) / np.sqrt(expected + spread * expected**2 + 1e-9)
    p = float(scipy.stats.mannwhitneyu(gain[below], gain[above], alternative="greater").pvalue)
    return (int(below.sum()), int(above.sum()), p), []


def _questioned(ballots: Ballots, finding: Finding, project: int) -> pl.DataFrame:
    """Votes a finding is about, in the order of time."""
    of_project = pl.col("project") == project
    channel = int(finding.channel[project])
    if channel >= 0:
        of_project &= pl.col("way") == channel
    local = pl.col(c.CAST_AT).dt.convert_time_zone(ZONE)
    hour, weekday = local.dt.hour(), local.dt.weekday()
    match finding.test:
        case tests.NUMBERS:
            of_project &= pl.col(c.NUMBER_GAP) <= tests.NEAR
        case tests.OFF_HOURS:
            of_project &= ~((weekday <= 5) & hour.is_between(9, 17))
        case tests.NIGHT_SHARE:
            of_project &= hour.is_in(list(NIGHT))
    if finding.test not in _WHOLE:
        start = int(finding.start[project])
        stop = start + int(finding.length[project])
        of_project &= pl.col("hour").is_between(start, stop, closed="left")
    return ballots.votes.filter(of_project)


def _estimate(
    ballots: Ballots, finding: Finding, project: int, seen: int
) -> tuple[float, float, float]:
    """Excess votes with 95 % limits: seen less usual, by the project's share of these hours."""
    if finding.test in _WHOLE:
        usual, low, high = (
            finding.expected[project],
            finding.low[project],
            finding.high[project],
        )
    else:
        start, length = int(finding.start[project]), int(finding.length[project])
        hours = np.arange(start, start + length)
        if finding.test == tests.NIGHT_SHARE:
            hours = hours[np.isin(hours % 24, NIGHT)]
        channel = int(finding.channel[project])
        pick = slice(None) if channel < 0 else slice(channel, channel + 1)
        own = ballots.panel.own[project][:, pick].sum(axis=1)
        rest = ballots.panel.rest[project][:, pick].sum(axis=1)
        others = own.sum() - own[hours].sum()
        usual = (others + 0.5) / max(rest.sum() - rest[hours].sum(), 1.0) * rest[hours].sum()
        tails = rises(ballots.panel.total, Windows(np.array([start]), length))
        spread = tails.spread[project, 0, 0] + 1 / (others + 0.5)
        low, high = rise_limits(np.array(usual), np.array(spread), np.array(seen))
    # No more votes can be in excess than were seen.
    estimate, least, most = (min(max(seen - x, 0.0), seen) for x in (usual, high, low))
    return float(estimate), float(least), float(most)


def _clean(election: Election, ballots: Ballots) -> Election:
    """Return the election with the votes examined only."""
    kept = ballots.votes.select(c.VOTER_ID, c.PROJECT_ID)
    votes = election.votes.unique([c.VOTER_ID, c.PROJECT_ID], keep="first", maintain_order=True)
    voters = election.voters
    known = kept.select(c.VOTER_ID).unique().sort(c.VOTER_ID)
    if c.VOTER_ID in voters.columns:
        known = known.join(
            voters.select(c.VOTER_ID).unique(), on=c.VOTER_ID, how="full", coalesce=True
        ).sort(c.VOTER_ID)
    return replace(
        election,
        voters=known.drop_nulls(),
        votes=votes.join(kept, on=[c.VOTER_ID, c.PROJECT_ID], how="semi"),
        projects=election.projects.drop_nulls(c.PROJECT_ID),
    )


def _without(election: Election, votes: pl.DataFrame, project: str, number: int) -> Election:
    """Take away the first ``number`` of these votes for a project."""
    gone = votes.head(number).select(c.VOTER_ID, pl.lit(project).alias(c.PROJECT_ID))
    kept = election.votes.join(gone, on=[c.VOTER_ID, c.PROJECT_ID], how="anti")
    return replace(election, votes=kept)
