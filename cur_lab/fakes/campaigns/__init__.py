"""Families of messages that came about in a way organic events do not.

An outage, a petition or a congratulation breaks every test of «no synchrony». So two things are
asked together: words that so many accounts do not hit upon by chance, and conduct that an event
does not bring about — closer in time than people who learn of one thing write, accounts newer than
those that write in the same hours, accounts that were together before. What events do as well
(a burst, one place, one post) only describes.

Coordinated is not inauthentic: the result asks for reading, and gives the innocent explanation
that fits best beside the evidence.

================  ==================================================================================
``stream``        the messages as arrays, strata of like messages
``case``          the stream with its families, read and judged
``permutations``  p-values of permutations, their combination, the pool of ordinary families
``phrasing``      the same words
``timing``        synchrony, closeness, bursts
``accounts``      new accounts
``places``        one place, one post
``pairs``         accounts that act together again and again
``returning``     accounts that return to the same rare phrases for weeks
``tones``         are praise and criticism flagged alike
``appeals``       … counted: days, places, phrases
``cosharing``     the same as CooRTweet counts it, with q-values
``verdicts``      p, q, verdict, innocent explanation
``sensitivity``   … over thresholds, windows, widths
``arrivals``      when a family came, beside the others of its channels
``detectable``    the smallest campaign that could have been seen
``auditing``      are all channels treated alike, is what was planted found
``copies``        what flagged families do to the picture
================  ==================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import ParameterError
from cur_lab.fakes.campaigns import appeals, pairs, tones, verdicts
from cur_lab.fakes.campaigns.arrivals import course
from cur_lab.fakes.campaigns.auditing import audit, recovered
from cur_lab.fakes.campaigns.case import Case
from cur_lab.fakes.campaigns.copies import topic_shares
from cur_lab.fakes.campaigns.stream import stream
from cur_lab.fakes.campaigns.verdicts import VERDICTS
from cur_lab.topics import Model
from cur_lab.vectors import Embedding

__all__ = ["VERDICTS", "Campaigns", "campaigns"]


_RATES = (0.01, 0.05, 0.1, 0.2)


@dataclass(frozen=True, eq=False)
class Campaigns:
    """Families of five or more messages, and which of them call for a check.

    Attributes
    ----------
    families
        Table ``campaign_families``: p, q, verdict, evidence and innocent explanation. Families of
        fewer than ten accounts are counted in ``verdicts`` and nowhere told.
    members
        Table ``campaign_members``: messages of these families that have a verdict.
    evidence
        Table ``campaign_evidence``: family by line of evidence, what was seen and expected.
    pairs
        Table ``campaign_pairs``: how many pairs of accounts have two or more joint acts.
    appeals
        Table ``campaign_appeals``: groups of ten and more accounts that return to the same phrases
        for weeks, each message in words of its own.
    appeal_sizes
        Table ``campaign_appeal_sizes``: how many such groups there are, smaller ones too.
    topic_shares
        Table ``campaign_shares``: shares raw, and with flagged families counted once.
    checks
        Table ``checks``: what could not be tested, and why.
    expected_false
        Families among those to check that are there by chance, on average at most.
    """

    families: pl.DataFrame
    members: pl.DataFrame
    evidence: pl.DataFrame
    pairs: pl.DataFrame
    appeals: pl.DataFrame
    appeal_sizes: pl.DataFrame
    topic_shares: pl.DataFrame
    checks: pl.DataFrame
    expected_false: float
    _said: list[str | None] = field(repr=False)
    _case: Case = field(repr=False)

    @property
    def tested(self) -> bool:
        """Whether any family could be tested; where none could, nothing found is no finding."""
        return not bool(np.isnan(self._case.judged.p).all())

    @property
    def unanswered(self) -> c.Absent | None:
        """What stands in the place of verdicts where no family could be tested; None otherwise."""
        if self.tested:
            return None
        if self._case.tested:
            return c.Absent.untested(c.UNCOUNTED)
        reason = c.CODES[c.REASON]["no_families"]
        return c.Absent(f"{reason[:1].upper()}{reason[1:]}: {c.UNKNOWN}", unknown=True)

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        """Table ``campaign_sensitivity``: flagged under other thresholds, windows and widths."""
        return self._case.sensitivity()

    @cached_property
    def power(self) -> pl.DataFrame:
        """Table ``campaign_power``: how small a campaign could have been seen."""
        return self._case.power()

    @cached_property
    def tones(self) -> pl.DataFrame:
        """Table ``campaign_tones``: equal plants of praise and criticism, how many are found."""
        return tones.table(self._case.stream, fdr=self._case.fdr, seed=self._case.seed)

    @cached_property
    def verdicts(self) -> pl.DataFrame:
        """Table ``campaign_verdicts``: families by verdict, the fewest first."""
        sizes = [len(family.members) for family in self._case.tested]
        said = pl.Series(c.VERDICT, self._said, dtype=pl.String).fill_null("ordinary")
        counted = pl.DataFrame([said, pl.Series(c.MESSAGES_COUNT, sizes, dtype=pl.Int64)])
        hidden = pl.Series(c.HIDDEN, [not self._case.shown(f) for f in self._case.tested])
        counted = counted.with_columns(hidden.cast(pl.Int64))
        counted = counted.group_by(c.VERDICT).agg(
            pl.len().alias(c.FAMILIES_COUNT), pl.col(c.MESSAGES_COUNT, c.HIDDEN).sum()
        )
        return c.CAMPAIGN_VERDICTS.conform(counted).sort(c.FAMILIES_COUNT, c.VERDICT)

    @cached_property
    def audit(self) -> pl.DataFrame:
        """Table ``campaign_audit``: messages to check by channel and municipality."""
        return audit(self._case.stream.frame, self._case.flagged)

    @cached_property
    def rates(self) -> pl.DataFrame:
        """Table ``campaign_rates``: families to check at other false-discovery rates."""
        q = self._case.judged.q
        rows = [(rate, int((q <= rate).sum())) for rate in _RATES]
        return pl.DataFrame(rows, schema=c.CAMPAIGN_RATES.schema, orient="row")

    def recovered(self, planted: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
        """Return table ``campaign_recovered``: what is flagged of what a sample region holds.

        Parameters
        ----------
        planted, members
            ``campaigns`` and ``campaign_messages`` of :func:`cur_lab.datasets.truth`; only messages
            among those judged count. Flagged are those of families to check and those of groups
            that return.
        """
        case = self._case
        marks = case.flagged.to_numpy().copy()
        for group in case.returning.groups:
            marks[group.members] = True
        named = members.join(planted, on="campaign_id").select(c.MESSAGE_ID, c.KIND, c.COORDINATED)
        return recovered(case.stream.frame, pl.Series(marks), named)

    @cached_property
    def shared_accounts(self) -> pl.DataFrame:
        """Table ``campaign_shared``: families that ten and more accounts have in common."""
        return self._case.shared(self._said)

    @property
    def leading(self) -> str | None:
        """Name of the family that stands out most; None where none has a verdict."""
        said = self.families.drop_nulls(c.VERDICT)
        called = said.filter(pl.col(c.VERDICT) == verdicts.REVIEW)
        return next(iter(pl.concat([called, said])[c.FAMILY]), None)

    def course(self, family: str) -> pl.DataFrame:
        """Return table ``campaign_course`` of a family: its messages beside its channels' others.

        Raises
        ------
        ParameterError
            If there is no such family.
        """
        shown = (f for f in self._case.tested if self._case.shown(f))
        found = next((f for f in shown if f.name == family), None)
        if found is None:
            raise ParameterError(f"no family {family!r}", where="course", remedy="See families")
        return course(self._case.stream, found)


@c.needs(c.MESSAGE_ID, c.TEXT)
def campaigns(
    messages: pl.DataFrame,
    *,
    fdr: float = 0.05,
    embedding: Embedding | None = None,
    model: Model | None = None,
    seed: int = 0,
) -> Campaigns:
    """Find families of texts that call for a check, at a false-discovery rate.

    Parameters
    ----------
    messages
        Needs ``message_id`` and ``text``; uses ``published_at``, ``author_id``, ``channel``,
        ``thread_id``, ``municipality``, ``account_created_at``, ``rubric`` where they are there.
    fdr
        Expected share of false alarms among the families that call for a check.
    embedding
        Joins paraphrases to families too, such as ``vectors.lexical()``; slow above 10,000 texts.
    model
        Topics for ``topic_shares``; official rubrics without it.
    seed
        Of the permutations.

    Raises
    ------
    SchemaError
        If a column is missing or has another type.
    NotEnoughDataError
        If no message has a text.
    ParameterError
        If `fdr` is not between 0 and 1.

    Notes
    -----
    Verdicts are ``review``, ``shared_event`` and ``synchronous``; null where nothing stands out.
    None is a finding about a person or an intent. Without accounts nothing calls for a
    check: one person may have sent all copies.

    Each permutation test keeps the channel and hour of the week, or the thread and the half hour
    around; p-values of a family are combined by Cauchy, and the wording must be unlikely as well:
    p is the larger of both. Benjamini-Hochberg over families. Groups that return call for
    nothing: they are appeals by a template, which is a right, and the same words alone are no
    ground for more.

    References
    ----------
    Liu Y., Xie J. (2020). Cauchy combination test. JASA 115, 393-402.
    Berger R. (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr!r}", where="fdr", remedy="A number between 0 and 1")
    case = Case(stream(messages), embedding, fdr, seed)
    said = verdicts.verdicts(case.stream, case.tested, case.readings, case.judged, fdr)
    flagged = [f for f, hit in zip(case.tested, case.judged.flagged, strict=True) if hit]
    shares = topic_shares(case.stream, flagged, model)
    return Campaigns(
        families=case.families(said),
        members=case.members(said),
        evidence=case.evidence(),
        pairs=pairs.table(case.ties, fdr=fdr),
        appeals=appeals.table(case.stream, case.returning),
        appeal_sizes=appeals.sizes(case.stream, case.returning),
        topic_shares=shares,
        checks=case.checks(no_topics=shares.is_empty()),
        expected_false=round(fdr * len(flagged), 2),
        _said=said,
        _case=case,
    )
