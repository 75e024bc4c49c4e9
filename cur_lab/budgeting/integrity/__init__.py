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

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import NIGHT, Ballots, ballots
from cur_lab.budgeting.integrity import finding as tests
from cur_lab.budgeting.integrity import occasions
from cur_lab.budgeting.integrity.finding import Finding
from cur_lab.budgeting.integrity.judgement import Case, Judged, findings_of, judge
from cur_lab.budgeting.integrity.occasions import Context
from cur_lab.budgeting.integrity.outcome import excess_votes, line
from cur_lab.budgeting.integrity.surges import detectable, surface
from cur_lab.budgeting.rules.choice import Rule
from cur_lab.columns import NATURAL, REVIEW, needs
from cur_lab.errors import ParameterError
from cur_lab.inference import q_values
from cur_lab.readers.election import Election

__all__ = ["Integrity", "integrity"]

# Other rates of false alarms, and p-values from which a test is worth explaining.
_RATES = [0.01, 0.05, 0.1, 0.2]
_EXPLAINED = 0.05


@dataclass(frozen=True, eq=False)
class Integrity:
    """What the votes of an election look like.

    Attributes
    ----------
    projects
        Table ``integrity_projects``: one verdict per project with p, q and explanation.
    flags
        Table ``integrity_flags``: every test of every project with window, counts and range.
    excess
        Table ``integrity_excess``: votes beyond the expected of projects that call for a check, and
        whether the outcome would be another without them.
    overall
        Table ``integrity_overall``: one row on the vote as a whole, such as expected false flags.
    channels, verdicts, places
        Tables ``integrity_channels``, ``integrity_verdicts``, ``integrity_places``: votes and
        nights by channel, projects by verdict and by municipality.
    checks
        Table ``checks``: what could not be tested or was left out, and why.
    """

    projects: pl.DataFrame
    flags: pl.DataFrame
    excess: pl.DataFrame
    overall: pl.DataFrame
    channels: pl.DataFrame
    verdicts: pl.DataFrame
    places: pl.DataFrame
    checks: pl.DataFrame
    _case: Case = field(repr=False)

    @property
    def tested(self) -> bool:
        """Whether any test could be made; where none could, nothing found is no finding."""
        return bool(self._case.findings)

    @cached_property
    def power(self) -> pl.DataFrame:
        """Table ``integrity_power``: share of artificial surges these tests would have shown."""
        case = self._case
        if not {tests.CHANNEL, tests.NIGHT_SHARE} <= case.findings.keys():
            return c.INTEGRITY_POWER.empty()
        combining = len(case.findings) - 1
        thresholds = case.judged.thresholds
        return surface(case.cast, thresholds=thresholds, combining=combining, seed=case.seed)

    @cached_property
    def detectable(self) -> pl.DataFrame:
        """Table ``integrity_detectable``: how large a surge is seen with a probability of 80 %."""
        return detectable(self.power)

    @cached_property
    def rates(self) -> pl.DataFrame:
        """Table ``integrity_rates``: projects to check at other rates, whatever their occasions."""
        q = self.projects[c.Q_VALUE]
        called = [int((q <= rate).sum()) for rate in _RATES]
        return c.INTEGRITY_RATES.conform(pl.DataFrame({c.FDR: _RATES, c.PROJECTS_COUNT: called}))

    @cached_property
    def stability(self) -> pl.DataFrame:
        """Table ``integrity_stability``: verdicts without occasions and with another seed."""
        case = self._case
        findings, _ = findings_of(case.cast, case.seed + 1)
        again = judge(case.cast, Context.of(None, None), findings, case.fdr)
        pairs = pl.DataFrame(
            {c.VERDICT: case.judged.verdict, c.OTHER_VERDICT: again.verdict},
            schema={c.VERDICT: pl.String, c.OTHER_VERDICT: pl.String},
        )
        counted = pairs.group_by(pl.all()).agg(pl.len().alias(c.PROJECTS_COUNT))
        return c.INTEGRITY_STABILITY.conform(counted.sort(c.VERDICT, c.OTHER_VERDICT))

    def hours(self, verdict: str) -> pl.DataFrame:
        """Count the votes of a project by hour and channel around its most telling window.

        Parameters
        ----------
        verdict
            ``review``: the project with most votes in excess; ``natural``: the one that rose most.

        Returns
        -------
        DataFrame
            Table ``integrity_hours``, two days before the window and after; empty if no project
            has the verdict and a window.

        Raises
        ------
        ParameterError
            If there is no such verdict.
        """
        if verdict not in (REVIEW, NATURAL):
            raise ParameterError(
                f"verdict {verdict!r}", where="hours", remedy=f"Name {REVIEW} or {NATURAL}"
            )
        risen = pl.col(c.VERDICT) == NATURAL, pl.col(c.TEST) == tests.RISE
        telling = (
            self.excess.sort(c.EXCESS, c.PROJECT_ID, descending=[True, False])
            if verdict == REVIEW
            else self.flags.filter(*risen).sort(c.P_VALUE, c.PROJECT_ID)
        )
        of_one = telling.head(1).select(c.PROJECT_ID, c.TITLE, c.STARTED_AT, c.ENDED_AT)
        at, around = pl.col(c.CAST_AT).dt.truncate("1h").alias(c.HOUR), pl.duration(days=2)
        counted = (
            self._case.cast.votes.join(of_one.drop_nulls(), on=c.PROJECT_ID)
            .group_by(*of_one.columns, at, c.CHANNEL)
            .agg(pl.len().alias(c.VOTES_COUNT))
            .filter(
                pl.col(c.HOUR).is_between(
                    pl.col(c.STARTED_AT) - around, pl.col(c.ENDED_AT) + around
                )
            )
        )
        return c.INTEGRITY_HOURS.conform(counted).sort(c.HOUR, c.CHANNEL)


@needs(c.VOTER_ID, c.PROJECT_ID)
def integrity(
    election: Election,
    *,
    posts: pl.DataFrame | None = None,
    broadcasts: pl.DataFrame | None = None,
    rule: Rule = "greedy",
    fdr: float = 0.05,
    seed: int = 0,
) -> Integrity:
    """Test the votes of every project alike and say which call for a check.

    Parameters
    ----------
    election
        Votes with ``cast_at`` and ``channel``; what lacks is named in ``checks``.
    posts, broadcasts
        Tables ``posts`` (with ``project_id``) and ``broadcasts``: occasions that explain a rise.
    rule
        Rule of :func:`cur_lab.budgeting.winners` by which the outcome is counted again.
    fdr
        Expected share of false alarms among the projects that call for a check.
    seed
        Of simulated gaps and of the artificial surges of the power table.

    Returns
    -------
    Integrity
        Tables, and on first use ``power``, ``detectable``, ``rates`` and ``stability``.

    Raises
    ------
    ParameterError
        If `fdr` is not between 0 and 1.
    SchemaError
        If a column is missing or has another type, two projects share an identifier, or a wrong
        date stretches the vote over more than 120 days.

    Notes
    -----
    Verdicts are ``review`` (calls for a check), ``natural`` (looks like a mobilisation) and
    ``ordinary``; none is a finding about a person.

    References
    ----------
    Genovese C., Roeder K., Wasserman L. (2006). False discovery control with p-value weighting.
    Biometrika 93, 509-524. Liu Y., Xie J. (2020). Cauchy combination test. JASA 115, 393-402.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr!r}", where="fdr", remedy="A number between 0 and 1")
    cast = ballots(election)
    context = Context.of(posts, broadcasts)
    findings, skipped = findings_of(cast, seed)
    judged = judge(cast, context, findings, fdr)
    projects = _projects(cast, judged)
    called = [i for i, verdict in enumerate(judged.verdict) if verdict == REVIEW]
    excess, more = excess_votes(election, cast, [(i, judged.telling[i]) for i in called], rule)
    crossing, late = line(election, cast, rule)
    if not {tests.CHANNEL, tests.NIGHT_SHARE} <= findings.keys():
        late.append(("power", "no_times_or_channels", None))
    overall = (
        *(len(cast.projects), cast.votes.height, len(called), fdr * len(called)),
        *crossing,
    )
    return Integrity(
        projects=projects,
        flags=_flags(cast, context, findings, judged),
        excess=excess,
        overall=pl.DataFrame([overall], schema=c.INTEGRITY_OVERALL.schema, orient="row"),
        channels=_channels(cast),
        verdicts=c.INTEGRITY_VERDICTS.conform(
            projects.group_by(c.VERDICT)
            .agg(pl.len().alias(c.PROJECTS_COUNT))
            .sort(c.PROJECTS_COUNT, c.VERDICT)
        ),
        places=_places(projects),
        checks=pl.DataFrame(
            [*cast.left_out, *skipped, *more, *late], schema=c.CHECKS.schema, orient="row"
        ).sort(c.TEST, c.REASON),
        _case=Case(cast, findings, judged, fdr, seed),
    )


def _channels(cast: Ballots) -> pl.DataFrame:
    """Votes of each channel, and how many of them came at night."""
    dark = pl.col("hour").mod(24).is_in(list(NIGHT)).mean()
    counted = cast.votes.group_by(c.CHANNEL).agg(
        pl.len().cast(pl.Int64).alias(c.VOTES_COUNT), dark.alias(c.NIGHT)
    )
    share = (pl.col(c.VOTES_COUNT) / pl.col(c.VOTES_COUNT).sum()).alias(c.SHARE)
    ordered = counted.sort(c.VOTES_COUNT, c.CHANNEL, descending=[True, False])
    return c.INTEGRITY_CHANNELS.conform(ordered.with_columns(share))


def _places(projects: pl.DataFrame) -> pl.DataFrame:
    """Projects of each municipality by what was found, where most is flagged first."""
    found = [(pl.col(c.VERDICT) == v).sum().cast(pl.Int64).alias(v) for v in (REVIEW, NATURAL)]
    counted = (
        projects.drop_nulls(c.MUNICIPALITY)
        .group_by(c.MUNICIPALITY)
        .agg(pl.len().cast(pl.Int64).alias(c.PROJECTS_COUNT), *found)
    )
    order = [REVIEW, NATURAL, c.MUNICIPALITY]
    return c.INTEGRITY_PLACES.conform(counted.sort(order, descending=[True, True, False]))


def _projects(cast: Ballots, judged: Judged) -> pl.DataFrame:
    votes = np.bincount(cast.votes["project"].to_numpy(), minlength=len(cast.projects))
    seen = [v in (NATURAL, REVIEW) for v in judged.verdict]
    frame = pl.DataFrame(
        {
            c.PROJECT_ID: cast.projects,
            c.TITLE: cast.titles,
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
        schema_overrides={
            name: c.INTEGRITY_PROJECTS.schema[name]
            for name in (c.MUNICIPALITY, c.TEST, c.EXPLANATION)
        },
    )
    return c.INTEGRITY_PROJECTS.conform(frame).sort(c.Q_VALUE, c.P_VALUE, c.PROJECT_ID)


def _flags(
    cast: Ballots, context: Context, findings: dict[str, Finding], judged: Judged
) -> pl.DataFrame:
    frames = [c.INTEGRITY_FLAGS.empty()]
    number = range(len(cast.projects))
    for test, finding in findings.items():
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
                c.TITLE: cast.titles,
                c.TEST: [test] * len(cast.projects),
                c.CHANNEL: [occasions.channel_of(cast, finding, i) for i in number],
                c.STARTED_AT: [start for start, _ in spans],
                c.ENDED_AT: [stop for _, stop in spans],
                **{name: pl.Series(values).fill_nan(None) for name, values in counts.items()},
                c.EXPLANATION: [
                    occasions.explanation(cast, context, finding, i)
                    if finding.p[i] <= _EXPLAINED
                    else None
                    for i in number
                ],
                c.VERDICT: judged.verdict,
            },
            schema_overrides={
                name: c.INTEGRITY_FLAGS.schema[name]
                for name in (c.EXPLANATION, c.STARTED_AT, c.ENDED_AT)
            },
        )
        frames.append(c.INTEGRITY_FLAGS.conform(frame, digits=9))
    return pl.concat(frames).sort(c.PROJECT_ID, c.TEST)
