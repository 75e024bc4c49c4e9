"""Every test that the data allow, and what they say of each project together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import Ballots, Checks
from cur_lab.budgeting.integrity import composition, occasions, succession
from cur_lab.budgeting.integrity import finding as tests
from cur_lab.budgeting.integrity.finding import Finding
from cur_lab.budgeting.integrity.occasions import Context
from cur_lab.budgeting.integrity.surges import combined
from cur_lab.budgeting.integrity.windows import Tails
from cur_lab.columns import NATURAL, REVIEW
from cur_lab.inference import BoolArray, FloatArray, q_values

ORDINARY, UNTESTED = "ordinary", "untested"

# What each test cannot do without.
_NEEDS = {
    tests.RISE: ("rivals", "hours"),
    tests.CHANNEL: ("rivals", "hours", "channels"),
    tests.NIGHT_SHARE: ("rivals", "hours"),
    tests.OFF_HOURS: ("rivals", "hours", "calls"),
    tests.NUMBERS: ("rivals", "numbers"),
    tests.REGULARITY: ("minutes",),
    tests.IDENTICAL: ("lists", "minutes"),
}


def _lacking(cast: Ballots) -> dict[str, str]:
    """Say what these data lack, by the name a test needs it under."""
    votes, clock = cast.votes, cast.votes[c.CAST_AT].drop_nulls().dt
    lacking = {}
    if votes[c.PROJECT_ID].n_unique() < 2:
        lacking["rivals"] = "one_project"
    if not cast.hours:
        lacking |= dict.fromkeys(("hours", "minutes"), "votes_without_times")
    elif clock.time().n_unique() == 1:
        lacking |= dict.fromkeys(("hours", "minutes"), "days_only")
    elif (clock.minute() == 0).all() and (clock.second() == 0).all():
        lacking["minutes"] = "hours_only"
    if len(cast.channels) < 2:
        lacking["channels"] = "one_channel"
    if "call_centre" not in cast.channels:
        lacking["calls"] = "no_calls"
    if votes[c.NUMBER_GAP].null_count() == votes.height:
        lacking["numbers"] = "gaps_not_kept"
    if votes.height == votes[c.VOTER_ID].n_unique():
        lacking["lists"] = "single_choice"
    return lacking


def findings_of(cast: Ballots, seed: int) -> tuple[dict[str, Finding], Checks]:
    """Run every test the data allow; say why the others do not run."""
    lacking = _lacking(cast)
    findings: dict[str, Finding] = {}
    skipped: Checks = []
    risen: list[Tails] = []
    for test, needs in _NEEDS.items():
        why = next((lacking[need] for need in needs if need in lacking), None)
        if why is not None:
            skipped.append((test, why, None))
        elif test == tests.RISE:
            findings[test], risen = composition.rise(cast.panel)
        else:
            findings[test] = _run(test, cast, risen, seed)
    return findings, skipped


def _run(test: str, cast: Ballots, risen: list[Tails], seed: int) -> Finding:
    match test:
        case tests.CHANNEL:
            return composition.channel(cast.panel, risen)
        case tests.NIGHT_SHARE:
            return composition.night(cast, cast.panel)
        case tests.OFF_HOURS:
            return composition.off_hours(cast)
        case tests.NUMBERS:
            return composition.numbers(cast)
        case tests.REGULARITY:
            return succession.regularity(cast, seed=seed)
        case _:
            return succession.identical(cast)


@dataclass(frozen=True)
class Judged:
    """What the tests say of each project together.

    Attributes
    ----------
    p, q
        Shape (projects,): of the composition of its votes.
    rose
        Shape (projects,): whether its share rose at the false-discovery rate.
    telling
        The most telling finding of each project.
    verdict, explanation
        In occasions.
    thresholds
        Largest combined p that is flagged, of projects that rose and of others.
    """

    p: FloatArray
    q: FloatArray
    rose: BoolArray
    telling: list[Finding | None]
    verdict: list[str]
    explanation: list[list[str]]
    thresholds: FloatArray


def judge(cast: Ballots, context: Context, findings: dict[str, Finding], fdr: float) -> Judged:
    """Combine the tests of composition and give each project its verdict."""
    number = len(cast.projects)
    asked = [findings[test] for test in tests.COMPOSITION if test in findings]
    p = combined(np.stack([f.p for f in asked])) if asked else np.ones(number)
    rise = findings.get(tests.RISE)
    rose = np.zeros(number, dtype=bool) if rise is None else q_values(rise.p) <= fdr
    weight = _weights(rose)
    q = q_values(np.minimum(p / weight, 1.0))
    cut = fdr * (1 + (q <= fdr).sum()) / max(number, 1)
    thresholds = cut * np.array([weight[rose].max(initial=1.0), weight[~rose].max(initial=1.0)])
    telling: list[Finding | None] = []
    verdict, explanation = [], []
    for project in range(number):
        finding = min(asked, key=lambda f: _or_one(f.p[project]), default=None)
        said = ORDINARY if findings else UNTESTED
        if finding is not None and q[project] <= fdr:
            only = [f.test for f in asked if f.p[project] <= fdr] == [tests.CHANNEL]
            invited = occasions.invited(cast, context, finding, project)
            said = NATURAL if only and invited else REVIEW
        elif rise is not None and rose[project]:
            finding, said = rise, NATURAL
        telling.append(finding)
        verdict.append(said)
        fits = None
        if finding is not None and said in (NATURAL, REVIEW):
            fits = occasions.explanation(cast, context, finding, project)
        explanation.append(fits or ["nothing_to_explain"])
    return Judged(p, q, rose, telling, verdict, explanation, thresholds)


def _weights(rose: BoolArray) -> FloatArray:
    """Weights of mean 1 that give projects that rose and the others half of the error each."""
    number, risen = len(rose), int(rose.sum())
    if risen in (0, number):
        return np.ones(number)
    return np.where(rose, 0.5 * number / risen, 0.5 * number / (number - risen))


def _or_one(p: float) -> float:
    return 1.0 if np.isnan(p) else float(p)


@dataclass(frozen=True)
class Case:
    """What power and stability are counted from."""

    cast: Ballots
    findings: dict[str, Finding]
    judged: Judged
    fdr: float
    seed: int
