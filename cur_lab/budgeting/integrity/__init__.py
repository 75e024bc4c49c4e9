"""Which projects' votes call for a look, and which only rose the way lively campaigns do.

Two groups of tests are kept apart. *Rises* of a project's share are what schools, posts and last
evenings bring about; they are named, never accused. *Composition* (which channels, at what hours,
how evenly, from which numbers) does not change by itself when more people come, so only that asks
for a check. The false-discovery rate is controlled over all projects, and half of it is spent on
those that rose: the composition of a window, given its total, does not depend on the rise.

The make-up over the whole vote is left alone: villages that telephone and towns that click differ
by nature, and only a window that differs from the project's own habit says something.

A boosting that copies channels, hours and rhythm of ordinary votes cannot be told from a
mobilisation by any test here; the power table tells how small a plain one could have been seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import Ballots, BoolArray, FloatArray, ballots
from cur_lab.budgeting.ballots.hours import ZONE
from cur_lab.budgeting.integrity import composition, occasions, succession
from cur_lab.budgeting.integrity import finding as tests
from cur_lab.budgeting.integrity.finding import Finding
from cur_lab.budgeting.integrity.occasions import Context
from cur_lab.budgeting.integrity.outcome import excess_votes, line
from cur_lab.budgeting.integrity.surges import combined, surface
from cur_lab.budgeting.integrity.windows import Tails
from cur_lab.errors import ParameterError
from cur_lab.inference import q_values
from cur_lab.readers.election import Election

__all__ = ["Integrity", "integrity"]


@dataclass(frozen=True, eq=False)
class Integrity:
    """What the votes of an election look like.

    Attributes
    ----------
    projects
        Table ``integrity_projects``: one verdict per project with p, q and explanation.
    flags
        Table ``integrity_flags``: every test of every project with window, counts and evidence.
    excess
        Table ``integrity_excess``: votes beyond the expected of projects that call for a check, and
        whether the outcome would be another without them.
    power
        Table ``integrity_power``: share of artificial surges that these tests would have shown.
    overall
        Table ``integrity_overall``: figures of the vote as a whole, such as expected false flags.
    skipped
        Table ``integrity_skipped``: what could not be tested or was left out, and why.
    """

    projects: pl.DataFrame
    flags: pl.DataFrame
    excess: pl.DataFrame
    power: pl.DataFrame
    overall: pl.DataFrame
    skipped: pl.DataFrame


def integrity(
    election: Election,
    *,
    posts: pl.DataFrame | None = None,
    broadcasts: pl.DataFrame | None = None,
    rule: str = "greedy",
    fdr: float = 0.05,
    seed: int = 0,
) -> Integrity:
    """Test the votes of every project alike and say which call for a check.

    Parameters
    ----------
    election
        Votes with ``cast_at`` and ``channel``; what lacks is named in ``skipped``.
    posts, broadcasts
        Tables ``posts`` (with ``project_id``) and ``broadcasts``: occasions that explain a rise.
    rule
        Rule of :func:`cur_lab.budgeting.winners` by which the outcome is counted again.
    fdr
        Expected share of false alarms among the projects that call for a check.
    seed
        Of simulated gaps and of the artificial surges of the power table.

    Raises
    ------
    ParameterError
        If `fdr` is not between 0 and 1.
    SchemaError
        If a column is missing or has another type, two projects share an identifier, or a wrong
        date stretches the vote over more than 120 days.

    Notes
    -----
    Verdicts are «требует проверки», «похоже на естественную мобилизацию» and «не выделяется»; none
    is a finding about a person.

    References
    ----------
    Genovese C., Roeder K., Wasserman L. (2006). False discovery control with p-value weighting.
    Biometrika 93, 509-524. Liu Y., Xie J. (2020). Cauchy combination test. JASA 115, 393-402.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr!r}", where="fdr", remedy="A number between 0 and 1")
    cast = ballots(election)
    context = Context.of(posts, broadcasts)
    findings, skipped = _findings(cast, seed)
    judged = _judge(cast, context, findings, fdr)
    projects = _projects(cast, judged)
    called = [i for i, verdict in enumerate(judged.verdict) if verdict == occasions.REVIEW]
    excess, more = excess_votes(election, cast, [(i, judged.telling[i]) for i in called], rule)
    power, again = _power(cast, judged, findings, seed)
    crossing, late = line(election, cast, rule)
    overall = [
        ("проектов проверено", float(len(cast.projects)), None),
        ("голосов проверено", float(cast.votes.height), None),
        ("отмечено «требует проверки»", float(len(called)), None),
        ("из них ложных в среднем не больше", round(fdr * len(called), 2), None),
        *crossing,
    ]
    return Integrity(
        projects=projects,
        flags=_flags(cast, context, findings, judged),
        excess=excess,
        power=power,
        overall=pl.DataFrame(overall, schema=c.INTEGRITY_OVERALL.schema, orient="row"),
        skipped=pl.DataFrame(
            [*cast.left_out, *skipped, *more, *again, *late],
            schema=c.INTEGRITY_SKIPPED.schema,
            orient="row",
        ).sort(c.TEST, c.REASON),
    )


Skipped = list[tuple[str, str]]

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
    votes, clock = cast.votes, cast.votes["local"].drop_nulls().dt
    lacking = {}
    if cast.votes["project"].n_unique() < 2:
        lacking["rivals"] = "голоса есть меньше чем у двух проектов: не с чем сравнить"
    if not cast.hours:
        lacking |= dict.fromkeys(("hours", "minutes"), "у голосов нет времени")
    elif clock.time().n_unique() == 1:
        lacking |= dict.fromkeys(("hours", "minutes"), "известен только день голоса")
    elif (clock.minute() == 0).all() and (clock.second() == 0).all():
        lacking["minutes"] = "время записано с точностью до часа"
    if len(cast.channels) < 2:
        lacking["channels"] = "каналов меньше двух"
    if "call_centre" not in cast.channels:
        lacking["calls"] = "нет голосов через колл-центр"
    if votes[c.NUMBER_GAP].null_count() == votes.height:
        lacking["numbers"] = "расстояния между номерами не сохранены при чтении"
    if votes.height == votes[c.VOTER_ID].n_unique():
        lacking["lists"] = "в бюллетене один выбор"
    return lacking


def _findings(cast: Ballots, seed: int) -> tuple[dict[str, Finding], Skipped]:
    """Run every test the data allow; say why the others do not run."""
    lacking = _lacking(cast)
    findings: dict[str, Finding] = {}
    skipped: Skipped = []
    risen: list[Tails] = []
    for test, needs in _NEEDS.items():
        why = next((lacking[need] for need in needs if need in lacking), None)
        if why is not None:
            skipped.append((test, why))
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
    explanation: list[str]
    thresholds: FloatArray


def _judge(cast: Ballots, context: Context, findings: dict[str, Finding], fdr: float) -> Judged:
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
        said = occasions.ORDINARY
        if finding is not None and q[project] <= fdr:
            only = [f.test for f in asked if f.p[project] <= fdr] == [tests.CHANNEL]
            invited = occasions.invited(cast, context, finding, project)
            said = occasions.NATURAL if only and invited else occasions.REVIEW
        elif rise is not None and rose[project]:
            finding, said = rise, occasions.NATURAL
        telling.append(finding)
        verdict.append(said)
        fits = None
        if finding is not None and said != occasions.ORDINARY:
            fits = occasions.explanation(cast, context, finding, project)
        explanation.append(fits or "объяснять нечего: отличий больше, чем от случая, не видно")
    return Judged(p, q, rose, telling, verdict, explanation, thresholds)


def _weights(rose: BoolArray) -> FloatArray:
    """Weights of mean 1 that give projects that rose and the others half of the error each."""
    number, risen = len(rose), int(rose.sum())
    if risen in (0, number):
        return np.ones(number)
    return np.where(rose, 0.5 * number / risen, 0.5 * number / (number - risen))


def _or_one(p: float) -> float:
    return 1.0 if np.isnan(p) else float(p)


def _projects(cast: Ballots, judged: Judged) -> pl.DataFrame:
    votes = np.bincount(cast.votes["project"].to_numpy(), minlength=len(cast.projects))
    seen = [v != occasions.ORDINARY for v in judged.verdict]
    frame = pl.DataFrame(
        {
            c.PROJECT_ID: cast.projects,
            c.MUNICIPALITY: [cast.districts[d] or None for d in cast.district],
            c.VOTES_COUNT: votes,
            c.P_VALUE: judged.p,
            c.Q_VALUE: judged.q,
            c.ROSE: judged.rose,
            c.TEST: [
                f.test if f and s else None for f, s in zip(judged.telling, seen, strict=True)
            ],
            c.VERDICT: judged.verdict,
            c.EXPLANATION: judged.explanation,
        },
        schema_overrides={c.MUNICIPALITY: pl.String, c.TEST: pl.String},
    )
    return c.INTEGRITY_PROJECTS.conform(frame).sort(c.Q_VALUE, c.P_VALUE, c.PROJECT_ID)


def _flags(
    cast: Ballots, context: Context, findings: dict[str, Finding], judged: Judged
) -> pl.DataFrame:
    frames = [c.INTEGRITY_FLAGS.empty()]
    for test, finding in findings.items():
        number = range(len(cast.projects))
        spans = [occasions.span(cast, finding, i) for i in number]
        counts = {
            c.OBSERVED: finding.observed,
            c.EXPECTED: finding.expected,
            c.EXPECTED_LOW: finding.low,
            c.EXPECTED_HIGH: finding.high,
            c.P_VALUE: finding.p,
            c.Q_VALUE: q_values(finding.p),
        }
        frame = pl.DataFrame(
            {
                c.PROJECT_ID: cast.projects,
                c.TEST: [test] * len(cast.projects),
                c.CHANNEL: [occasions.channel_name(cast, int(i)) for i in finding.channel],
                c.STARTED_AT: pl.Series([s for s, _ in spans], dtype=pl.Datetime("us")),
                c.ENDED_AT: pl.Series([s for _, s in spans], dtype=pl.Datetime("us")),
                **{name: pl.Series(values).fill_nan(None) for name, values in counts.items()},
                c.EVIDENCE: [occasions.evidence(cast, finding, i) for i in number],
                c.EXPLANATION: [
                    occasions.explanation(cast, context, finding, i)
                    if finding.p[i] <= 0.05
                    else None
                    for i in number
                ],
                c.VERDICT: judged.verdict,
            },
            schema_overrides={c.EXPLANATION: pl.String},
        )
        utc = [
            pl.col(name).dt.replace_time_zone(ZONE).dt.convert_time_zone("UTC")
            for name in (c.STARTED_AT, c.ENDED_AT)
        ]
        frames.append(c.INTEGRITY_FLAGS.conform(frame.with_columns(utc)))
    return pl.concat(frames).sort(c.PROJECT_ID, c.TEST)


def _power(
    cast: Ballots, judged: Judged, findings: dict[str, Finding], seed: int
) -> tuple[pl.DataFrame, Skipped]:
    if tests.CHANNEL not in findings or tests.NIGHT_SHARE not in findings:
        return c.INTEGRITY_POWER.empty(), [("power", "нужны время и каналы голосов")]
    rows = surface(cast, thresholds=judged.thresholds, combining=len(findings) - 1, seed=seed)
    frame = pl.DataFrame(rows, schema=c.INTEGRITY_POWER.schema, orient="row")
    return frame.sort(c.CHANNEL, c.HOURS, c.EXCESS), []
