"""Families of messages that came about in a way organic events do not.

An outage, a petition or a congratulation breaks every test of «no synchrony». So two things are
asked together: words that so many accounts do not hit upon by chance, and conduct that an event
does not bring about — closer in time than people who learn of one thing write, accounts newer than
those that write in the same hours, accounts that were together before. What events do as well
(a burst, one place, one post) only describes.

Coordinated is not inauthentic: the result asks for reading, and gives the innocent explanation
that fits best beside the evidence.

==============  ==================================================================================
``stream``      the messages as arrays, strata of like messages
``evidence``    p-values of permutations, their combination, the pool of ordinary families
``wording``     the same words
``timing``      synchrony, closeness, bursts
``accounts``    new accounts
``places``      one place, one post
``pairs``       accounts that act together again and again
``judging``     p, q, verdict, innocent explanation
``sensitivity`` … over thresholds, windows, widths
``course``      when a family came, beside the others of its channels
``power``       the smallest campaign that could have been seen
``shares``      what flagged families do to the picture
==============  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import families
from cur_lab.errors import ParameterError
from cur_lab.fakes.campaigns import evidence, judging, pairs
from cur_lab.fakes.campaigns import power as power_
from cur_lab.fakes.campaigns.course import course
from cur_lab.fakes.campaigns.judging import VERDICTS, Judged, Readings
from cur_lab.fakes.campaigns.pairs import Ties
from cur_lab.fakes.campaigns.sensitivity import grid
from cur_lab.fakes.campaigns.shares import topic_shares
from cur_lab.fakes.campaigns.stream import BoolArray, Family, FloatArray, Stream, stream
from cur_lab.fakes.campaigns.wording import Wording
from cur_lab.topics import Model
from cur_lab.vectors import Embedding

__all__ = ["VERDICTS", "Campaigns", "campaigns"]

# Fewer messages, or fewer accounts, are no chorus.
SMALLEST = 5
_ACCOUNTS = 3
_SIMILARITY = 0.8
_HALF = 0.5
_KIN, _TEMPLATE = "_kin", "_template"


@dataclass(frozen=True, eq=False)
class Campaigns:
    """Families of five or more messages, and which of them call for a check.

    Attributes
    ----------
    families
        Table ``campaign_families``: p, q, verdict, evidence and innocent explanation.
    members
        Table ``campaign_members``: messages of families with a verdict, accounts as pseudonyms.
    evidence
        Table ``campaign_evidence``: family by line of evidence, in numbers and words.
    pairs
        Table ``campaign_pairs``: accounts with two or more joint acts.
    topic_shares
        Table ``campaign_shares``: shares raw, and with flagged families counted once.
    skipped
        Table ``campaign_skipped``: what could not be tested, and why.
    expected_false
        Families among those to check that are there by chance, on average at most.
    """

    families: pl.DataFrame
    members: pl.DataFrame
    evidence: pl.DataFrame
    pairs: pl.DataFrame
    topic_shares: pl.DataFrame
    skipped: pl.DataFrame
    expected_false: float
    _case: _Case = field(repr=False)

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        """Table ``campaign_sensitivity``: flagged under other thresholds, windows and widths."""
        return self._case.sensitivity()

    @cached_property
    def power(self) -> pl.DataFrame:
        """Table ``campaign_power``: how small a campaign could have been seen."""
        return self._case.power()

    def course(self, family: str) -> pl.DataFrame:
        """Return table ``campaign_course`` of a family: its messages beside its channels' others.

        Raises
        ------
        ParameterError
            If there is no such family.
        """
        found = next((f for f in self._case.tested if f.name == family), None)
        if found is None:
            raise ParameterError(f"no family {family!r}", where="course", remedy="See families")
        return course(self._case.stream, found)


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
    Verdicts are «требует проверки», «похоже на общее событие» and «синхронно»; null where nothing
    stands out. None is a finding about a person or an intent. Without accounts nothing calls for a
    check: one person may have sent all copies.

    Each permutation test keeps the channel and hour of the week, or the thread and the half hour
    around; p-values of a family are combined by Cauchy, and the wording must be unlikely as well:
    p is the larger of both. Benjamini-Hochberg over families.

    References
    ----------
    Liu Y., Xie J. (2020). Cauchy combination test. JASA 115, 393-402.
    Berger R. (1982). Multiparameter hypothesis testing and acceptance sampling. Technometrics 24.
    """
    if not 0 < fdr < 1:
        raise ParameterError(f"fdr {fdr!r}", where="fdr", remedy="A number between 0 and 1")
    case = _Case(stream(messages), embedding, fdr, seed)
    said = judging.verdicts(case.stream, case.tested, case.readings, case.judged, fdr)
    flagged = [f for f, hit in zip(case.tested, case.judged.flagged, strict=True) if hit]
    shares = topic_shares(case.stream, flagged, model)
    return Campaigns(
        families=case.families(said),
        members=case.members(said),
        evidence=case.evidence(),
        pairs=pairs.table(case.stream, case.ties),
        topic_shares=shares,
        skipped=case.skipped(no_topics=shares.is_empty()),
        expected_false=round(fdr * len(flagged), 2),
        _case=case,
    )


def _kin(texts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Families whose texts are half the same are one: a form letter with parts to choose from.

    One text stands for each family, so this costs next to nothing.
    """
    one = found.sort(c.FAMILY, c.MESSAGE_ID).unique(c.FAMILY, keep="first", maintain_order=True)
    named = texts.join(one.select(c.MESSAGE_ID, c.FAMILY), on=c.MESSAGE_ID, validate="1:1")
    # The family a text belongs to already is not the one it is about to join.
    kin = families.find(named.drop(c.FAMILY), threshold=_HALF)
    joined = kin.join(named.select(c.MESSAGE_ID, pl.col(c.FAMILY).alias("own")), on=c.MESSAGE_ID)
    return joined.select(
        pl.col("own").alias(c.FAMILY),
        pl.col("own").min().over(c.FAMILY).alias(_KIN),
        pl.col(c.TEMPLATE).alias(_TEMPLATE),
    )


@dataclass(frozen=True, eq=False)
class _Case:
    """The stream with its families, read and judged."""

    stream: Stream
    embedding: Embedding | None
    fdr: float
    seed: int
    similarity: float = _SIMILARITY

    @cached_property
    def all_families(self) -> list[Family]:
        texts = self.stream.frame.select(c.MESSAGE_ID, c.TEXT, c.CHANNEL)
        found = families.find(texts, threshold=self.similarity, embedding=self.embedding)
        placed = (
            found.join(_kin(texts, found), on=c.FAMILY, how="left", validate="m:1")
            .with_columns(pl.coalesce(_KIN, c.FAMILY).alias(_KIN))
            .join(texts.select(c.MESSAGE_ID).with_row_index("place"), on=c.MESSAGE_ID)
            .sort(_KIN, c.FAMILY, "place")
        )
        grouped = placed.group_by(_KIN, maintain_order=True).agg(
            pl.coalesce(_TEMPLATE, c.TEMPLATE).first(), pl.col("place").sort()
        )
        return [
            Family(name, template, np.array(places, dtype=np.int64))
            for name, template, places in grouped.iter_rows()
        ]

    @cached_property
    def numbers(self) -> list[int]:
        """Places of the tested families in the list of all."""
        accounts = self.stream.accounts
        known = bool((accounts >= 0).any())
        return [
            number
            for number, family in enumerate(self.all_families)
            if len(family.members) >= SMALLEST and (not known or self._writers(family) >= _ACCOUNTS)
        ]

    @cached_property
    def tested(self) -> list[Family]:
        return [self.all_families[number] for number in self.numbers]

    @cached_property
    def _ties(self) -> tuple[Ties | None, int]:
        return pairs.ties(self.stream, self.all_families)

    @property
    def ties(self) -> Ties | None:
        return self._ties[0]

    @cached_property
    def wording(self) -> Wording:
        return Wording.of(self.stream, self.all_families, smallest=SMALLEST)

    @cached_property
    def readings(self) -> list[Readings]:
        return self._read(judging.read)

    @cached_property
    def deciding(self) -> list[Readings]:
        return self._read(judging.deciding)

    def _read(self, read: Callable[..., Readings]) -> list[Readings]:
        return [
            read(self.stream, family, number, self.wording, self.ties, self.seed)
            for number, family in zip(self.numbers, self.tested, strict=True)
        ]

    @cached_property
    def sizes(self) -> FloatArray:
        return np.array([len(family.members) for family in self.tested], dtype=float)

    @cached_property
    def judged(self) -> Judged:
        return judging.judge(self.readings, self.sizes, self.fdr)

    def _writers(self, family: Family) -> int:
        accounts = self.stream.accounts[family.members]
        return len(np.unique(accounts[accounts >= 0]))

    def families(self, said: list[str | None]) -> pl.DataFrame:
        times = self.stream.frame[c.PUBLISHED_AT]
        rows = []
        for number, family in enumerate(self.tested):
            judged, reading = self.judged, self.readings[number]
            moments = times.gather(family.members)
            words = "; ".join(f"{line}: {r.words}" for line, r in reading.items())
            rows.append(
                {
                    c.FAMILY: family.name,
                    c.VERDICT: said[number],
                    c.P_VALUE: judged.p[number],
                    c.Q_VALUE: judged.q[number],
                    c.P_WORDING: judged.wording[number],
                    c.P_CONDUCT: judged.conduct[number],
                    c.CONFORMAL: judged.rank[number],
                    c.MESSAGES_COUNT: len(family.members),
                    c.AUTHORS: self._writers(family),
                    c.FIRST_SEEN_AT: moments.min(),
                    c.LAST_SEEN_AT: moments.max(),
                    c.EVIDENCE: words,
                    c.EXPLANATION: judging.explanation(self.stream, family, reading, said[number]),
                    c.TEMPLATE: family.template,
                }
            )
        frame = pl.DataFrame(rows, schema=c.CAMPAIGN_FAMILIES.schema)
        frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
        return frame.sort(c.Q_VALUE, c.P_VALUE, c.FAMILY, nulls_last=True)

    def members(self, said: list[str | None]) -> pl.DataFrame:
        frame = self.stream.frame.select(c.MESSAGE_ID, c.AUTHOR_ID, c.PUBLISHED_AT)
        parts = [c.CAMPAIGN_MEMBERS.empty()]
        for family, verdict in zip(self.tested, said, strict=True):
            if verdict is not None:
                named = frame[family.members].with_columns(pl.lit(family.name).alias(c.FAMILY))
                parts.append(c.CAMPAIGN_MEMBERS.conform(named))
        return pl.concat(parts).sort(c.FAMILY, c.MESSAGE_ID)

    def evidence(self) -> pl.DataFrame:
        ranks = {line: self._ranks(line) for line in judging.ROLES}
        rows = [
            (
                family.name,
                line,
                judging.ROLES[line],
                reading.statistic,
                reading.expected,
                reading.p,
                ranks[line][number],
                reading.words,
            )
            for number, family in enumerate(self.tested)
            for line, reading in self.readings[number].items()
        ]
        frame = pl.DataFrame(rows, schema=c.CAMPAIGN_EVIDENCE.schema, orient="row")
        return frame.with_columns(pl.col(pl.Float64).fill_nan(None)).sort(c.FAMILY, c.LINE)

    def _ranks(self, line: str) -> FloatArray:
        p = np.array([r[line].p if line in r else np.nan for r in self.readings], dtype=float)
        return evidence.conformal(-np.log(p), self.sizes, ~self.judged.flagged)

    def skipped(self, *, no_topics: bool) -> pl.DataFrame:
        rows = list(self._lacking())
        if no_topics:
            rows.append(("доли тем", "нет официальных рубрик и не дана модель тем"))
        if self._ties[1]:
            reason = f"у {self._ties[1]} текстов слишком много авторов, чтобы перебирать пары"
            rows.append((judging.PAIRS, reason))
        if 0 < len(self.tested) < evidence.POOL:
            reason = f"проверено семей: {len(self.tested)}, для сравнения нужно {evidence.POOL}"
            rows.append(("место среди обычных семей", reason))
        return pl.DataFrame(rows, schema=c.CAMPAIGN_SKIPPED.schema, orient="row").sort(
            c.TEST, c.REASON
        )

    def _lacking(self) -> list[tuple[str, str]]:
        stream = self.stream
        rows = []
        if not stream.knows(stream.times):
            timed = (judging.TIGHT, judging.NEWCOMERS, judging.RHYTHM, judging.BURST)
            rows += [(line, "у сообщений нет времени") for line in (*timed, judging.BESIDE)]
        if not stream.knows(stream.accounts):
            reason = "нет авторов: одного человека не отличить от многих"
            rows += [(line, reason) for line in (judging.WORDING, judging.PAIRS)]
            rows.append((judging.NEWCOMERS, reason))
        else:
            reason = "кто писал до начала данных, неизвестно: в начале новыми кажутся все"
            rows.append((judging.NEWCOMERS, reason))
        if not stream.knows(stream.ages):
            rows.append((judging.AGES, "даты регистрации аккаунтов не указаны"))
        if not stream.knows(stream.places):
            rows.append((judging.PLACE, "муниципалитеты не указаны"))
        if len(np.unique(stream.threads)) < 2:
            rows.append((judging.TARGET, "записи, под которыми пишут, не указаны"))
        if self.embedding is None:
            reason = "пересказы другими словами не искались: не дано представление текстов"
            rows.append(("пересказы", reason))
        return rows

    def sensitivity(self) -> pl.DataFrame:
        usual: BoolArray = np.zeros(self.stream.size, dtype=bool)
        for family, hit in zip(self.tested, self.judged.flagged, strict=True):
            usual[family.members] |= bool(hit)
        parts = []
        for similarity in (0.7, _SIMILARITY, 0.9):
            case, readings = self, self.readings
            if similarity != _SIMILARITY:
                case = _Case(self.stream, self.embedding, self.fdr, self.seed, similarity)
                readings = case.deciding
            parts.append(
                grid(
                    case.stream,
                    case.tested,
                    readings,
                    similarity,
                    usual,
                    fdr=self.fdr,
                    seed=self.seed,
                )
            )
        return pl.concat(parts)

    def power(self) -> pl.DataFrame:
        # One more family among those tested already.
        tested = 1 + int((~np.isnan(self.judged.p)).sum())
        threshold = self.fdr * (1 + int(self.judged.flagged.sum())) / tested
        return power_.power(self.stream, min(threshold, self.fdr), seed=self.seed)
