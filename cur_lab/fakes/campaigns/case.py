"""A stream with its families, read and judged once; tables are laid out of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import families, privacy
from cur_lab.fakes.campaigns import detectable, pairs, permutations, places, verdicts
from cur_lab.fakes.campaigns.pairs import Ties
from cur_lab.fakes.campaigns.phrasing import SLOGAN, Wording
from cur_lab.fakes.campaigns.returning import Returning, returning
from cur_lab.fakes.campaigns.sensitivity import Again, grid
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.fakes.campaigns.verdicts import Judged, Readings
from cur_lab.inference import FloatArray
from cur_lab.vectors import Embedding

# Fewer messages, or fewer accounts, are no chorus.
SMALLEST = 5
_ACCOUNTS = 3
# Families and groups of fewer accounts are counted, and nothing else is told of them.
FEWEST_SHOWN = 10
_SIMILARITY, _OTHERS = 0.8, (0.7, 0.9)
_HALF = 0.5
# The rest of a sum hangs on the processor.
_DIGITS = 9
_KIN, _TEMPLATE = "_kin", "_template"


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
class Case:
    """The stream with its families, read and judged."""

    stream: Stream
    embedding: Embedding | None
    fdr: float
    seed: int
    # At another threshold than usual.
    found: pl.DataFrame | None = None
    # What families did, for those that are the same at several thresholds.
    read: dict[tuple[str, bytes], Readings] = field(default_factory=dict)
    read_again: Again = field(default_factory=dict)

    @cached_property
    def all_families(self) -> list[Family]:
        """Families of the stream, kin joined."""
        texts = self._texts
        found = self._usual() if self.found is None else self.found
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

    @property
    def _texts(self) -> pl.DataFrame:
        return self.stream.frame.select(c.MESSAGE_ID, c.TEXT, c.CHANNEL)

    def _usual(self) -> pl.DataFrame:
        frame = self.stream.frame
        if self.embedding is not None:
            return families.find(self._texts, threshold=_SIMILARITY, embedding=self.embedding)
        copies = frame.drop_nulls(c.FAMILY).filter(pl.len().over(c.FAMILY) > 1)
        return copies.select(c.MESSAGE_ID, c.FAMILY, c.TEMPLATE)

    @cached_property
    def numbers(self) -> list[int]:
        """Places of the tested families in the list of all."""
        return [
            number
            for number, family in enumerate(self.all_families)
            if len(family.members) >= SMALLEST
            and (not self._known or self._writers(family) >= _ACCOUNTS)
        ]

    @cached_property
    def tested(self) -> list[Family]:
        """Families of some size and several accounts."""
        return [self.all_families[number] for number in self.numbers]

    @cached_property
    def _ties(self) -> tuple[Ties | None, int]:
        return pairs.ties(self.stream, self.all_families)

    @property
    def ties(self) -> Ties | None:
        """Who wrote what; None without accounts."""
        return self._ties[0]

    @cached_property
    def wording(self) -> Wording:
        """How often words are written in the stream."""
        return Wording.of(self.stream, self.all_families, smallest=SMALLEST)

    @cached_property
    def readings(self) -> list[Readings]:
        """Every line of evidence of the tested families."""
        return [
            deciding | verdicts.setting(self.stream, family, self.seed)
            for deciding, family in zip(self.deciding, self.tested, strict=True)
        ]

    @cached_property
    def deciding(self) -> list[Readings]:
        """Only the lines a flag depends on."""
        return [
            self._decide(number, family)
            for number, family in zip(self.numbers, self.tested, strict=True)
        ]

    def _decide(self, number: int, family: Family) -> Readings:
        if family.key not in self.read:
            self.read[family.key] = verdicts.acts(self.stream, family, self.seed)
        acquainted = self.ties.within(number) if self.ties else None
        found = {verdicts.WORDING: self.wording.read(self.stream, family), **self.read[family.key]}
        return found if acquainted is None else found | {verdicts.PAIRS: acquainted}

    @cached_property
    def sizes(self) -> FloatArray:
        """Messages of the tested families."""
        return np.array([len(family.members) for family in self.tested], dtype=float)

    @cached_property
    def judged(self) -> Judged:
        """P-values and flags of the tested families."""
        return verdicts.judge(self.readings, self.sizes, self.fdr)

    @cached_property
    def flagged(self) -> pl.Series:
        """Whether each message of the stream is in a family that calls for a check."""
        marks = np.zeros(self.stream.size, dtype=bool)
        for family, hit in zip(self.tested, self.judged.flagged, strict=True):
            marks[family.members] |= bool(hit)
        return pl.Series(marks)

    @cached_property
    def returning(self) -> Returning:
        """Accounts that return to the same phrases for weeks."""
        return returning(self.stream, fdr=self.fdr, seed=self.seed)

    def shown(self, family: Family) -> bool:
        """Tell whether so many accounts wrote it that naming the text points at nobody.

        Where accounts are unknown altogether nobody can be pointed at.
        """
        return not self._known or self._writers(family) >= FEWEST_SHOWN

    @cached_property
    def _known(self) -> bool:
        return bool((self.stream.accounts >= 0).any())

    def _writers(self, family: Family) -> int:
        accounts = self.stream.accounts[family.members]
        return len(np.unique(accounts[accounts >= 0]))

    def families(self, said: list[str | None]) -> pl.DataFrame:
        """Lay out table ``campaign_families``."""
        times = self.stream.frame[c.PUBLISHED_AT]
        rows = []
        for number, family in enumerate(self.tested):
            if not self.shown(family):
                continue
            judged, reading = self.judged, self.readings[number]
            moments = times.gather(family.members)
            wording, verdict = reading[verdicts.WORDING], said[number]
            rows.append(
                {
                    c.FAMILY: family.name,
                    c.VERDICT: verdict,
                    c.P_VALUE: judged.p[number],
                    c.Q_VALUE: judged.q[number],
                    c.P_WORDING: judged.wording[number],
                    c.P_CONDUCT: judged.conduct[number],
                    c.CONFORMAL: judged.rank[number],
                    c.MESSAGES_COUNT: len(family.members),
                    c.AUTHORS: self._writers(family),
                    c.FIRST_SEEN_AT: moments.min(),
                    c.LAST_SEEN_AT: moments.max(),
                    c.EVIDENCE: verdicts.outstanding(reading),
                    c.EXPLANATION: verdicts.explanation(self.stream, family, reading, verdict),
                    c.SHARED_WORDS: wording.words,
                    c.VERBATIM: wording.verbatim,
                    c.ADDRESSES_COUNT: places.addresses(self.stream, family)
                    if said[number]
                    else None,
                    c.TEMPLATE: family.template,
                }
            )
        frame = pl.DataFrame(rows, schema=c.CAMPAIGN_FAMILIES.schema)
        frame = frame.with_columns(
            pl.col(pl.Float64).fill_nan(None), privacy.redact(frame[c.TEMPLATE]).alias(c.TEMPLATE)
        )
        told = c.CAMPAIGN_FAMILIES.conform(frame, digits=_DIGITS)
        return told.sort(c.Q_VALUE, c.P_VALUE, c.FAMILY, nulls_last=True)

    def members(self, said: list[str | None]) -> pl.DataFrame:
        """Lay out table ``campaign_members``."""
        frame = self.stream.frame.select(c.MESSAGE_ID)
        parts = [c.CAMPAIGN_MEMBERS.empty()]
        for family, verdict in zip(self.tested, said, strict=True):
            if verdict is not None and self.shown(family):
                named = frame[family.members].with_columns(pl.lit(family.name).alias(c.FAMILY))
                parts.append(c.CAMPAIGN_MEMBERS.conform(named))
        return pl.concat(parts).sort(c.FAMILY, c.MESSAGE_ID)

    def shared(self, said: list[str | None]) -> pl.DataFrame:
        """Lay out table ``campaign_shared``."""
        writers = {
            family.name: set(self.stream.accounts[family.members].tolist()) - {-1}
            for family, verdict in zip(self.tested, said, strict=True)
            if verdict is not None and self.shown(family)
        }
        rows = [
            (left, right, number)
            for left, right in combinations(sorted(writers), 2)
            if (number := len(writers[left] & writers[right])) >= FEWEST_SHOWN
        ]
        return pl.DataFrame(rows, schema=c.CAMPAIGN_SHARED.schema, orient="row")

    def evidence(self) -> pl.DataFrame:
        """Lay out table ``campaign_evidence``."""
        ranks = {line: self._ranks(line) for line in verdicts.ROLES}
        rows = [
            (
                family.name,
                line,
                verdicts.ROLES[line],
                reading.statistic,
                reading.expected,
                reading.p,
                ranks[line][number],
                reading.window,
                reading.note,
            )
            for number, family in enumerate(self.tested)
            if self.shown(family)
            for line, reading in self.readings[number].items()
        ]
        frame = pl.DataFrame(rows, schema=c.CAMPAIGN_EVIDENCE.schema, orient="row")
        told = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
        return c.CAMPAIGN_EVIDENCE.conform(told, digits=_DIGITS).sort(c.FAMILY, c.LINE)

    def _ranks(self, line: str) -> FloatArray:
        p = np.array([r[line].p if line in r else np.nan for r in self.readings], dtype=float)
        return permutations.conformal(-np.log(p), self.sizes, ~self.judged.flagged)

    def checks(self, *, no_topics: bool) -> pl.DataFrame:
        """Lay out table ``checks``."""
        rows: list[tuple[str, str, int | None]] = [(*row, None) for row in self._lacking()]
        if no_topics:
            rows.append(("topic_shares", "no_topics", None))
        if self._ties[1]:
            rows.append((verdicts.PAIRS, "too_many_authors", self._ties[1]))
        notes = [of[verdicts.WORDING].note for of in self.readings if verdicts.WORDING in of]
        if slogans := notes.count(SLOGAN):
            rows.append((verdicts.WORDING, "common_phrases", slogans))
        if not self.tested:
            rows.append(("families", "no_families", None))
        if 0 < len(self.tested) < permutations.POOL:
            rows.append(("rank", "few_families", len(self.tested)))
        frame = pl.DataFrame(rows, schema=c.CHECKS.schema, orient="row")
        return frame.sort(c.TEST, c.REASON)

    def _lacking(self) -> list[tuple[str, str]]:
        stream = self.stream
        rows = []
        if not stream.knows(stream.times):
            timed = (verdicts.TIGHT, verdicts.NEWCOMERS, verdicts.RHYTHM, verdicts.BURST)
            rows += [(line, "no_times") for line in (*timed, verdicts.BESIDE)]
        if stream.knows(stream.accounts):
            rows.append((verdicts.NEWCOMERS, "before_the_data"))
        else:
            lines = (verdicts.WORDING, verdicts.PAIRS, verdicts.NEWCOMERS)
            rows += [(line, "one_or_many") for line in lines]
        if not stream.knows(stream.ages):
            rows.append((verdicts.AGES, "no_registrations"))
        if not stream.knows(stream.places):
            rows.append((verdicts.PLACE, "no_municipalities"))
        if not stream.several_threads:
            rows.append((verdicts.TARGET, "no_threads"))
        if self.embedding is None:
            rows.append(("paraphrases", "no_embedding"))
        return rows

    def sensitivity(self) -> pl.DataFrame:
        """Flag again under other thresholds, windows and widths."""
        found = families.at(self._texts, _OTHERS, embedding=self.embedding)
        others = dict(zip(_OTHERS, found, strict=True))
        parts = []
        for similarity in sorted((_SIMILARITY, *_OTHERS)):
            case, readings = self, self.readings
            if similarity in others:
                case = replace(self, found=others[similarity])
                readings = case.deciding
            parts.append(
                grid(
                    case.stream,
                    case.tested,
                    readings,
                    similarity,
                    self.flagged.to_numpy(),
                    self.read_again,
                    fdr=self.fdr,
                    seed=self.seed,
                )
            )
        return pl.concat(parts)

    def power(self) -> pl.DataFrame:
        """Plant campaigns among the families tested."""
        # One more family among those tested already.
        tested = 1 + int((~np.isnan(self.judged.p)).sum())
        threshold = self.fdr * (1 + int(self.judged.flagged.sum())) / tested
        return detectable.power(self.stream, min(threshold, self.fdr), seed=self.seed)
