"""From lines of evidence to one p-value, a verdict and the innocent explanation that fits best."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from cur_lab.fakes.campaigns import accounts, places, timing
from cur_lab.fakes.campaigns.permutations import Reading, conformal, recalibrated
from cur_lab.fakes.campaigns.phrasing import SLOGAN
from cur_lab.fakes.campaigns.stream import Family, Stream
from cur_lab.inference import BoolArray, FloatArray, cauchy, q_values

REVIEW, EVENT, SYNCHRONOUS = "review", "shared_event", "synchronous"
VERDICTS = (REVIEW, EVENT, SYNCHRONOUS)

WORDING = "same_words"
TIGHT = "tight"
AGES = "account_ages"
NEWCOMERS = "newcomers"
PAIRS = "acquainted"
RHYTHM = "rhythm"
BURST = "burst"
BESIDE = "others_beside"
PLACE = "one_place"
TARGET = "one_thread"

# Lines of the setting are broken by every outage and petition: they describe, and never accuse.
ROLES = {
    WORDING: "words",
    **dict.fromkeys((TIGHT, AGES, NEWCOMERS, PAIRS), "conduct"),
    **dict.fromkeys((RHYTHM, BURST, BESIDE, PLACE, TARGET), "setting"),
}

Readings = dict[str, Reading]
_DAY = 86_400.0
# The same words over a longer time are a way of speaking, not an event.
_EVENT_DAYS = 14.0
# A line that says nothing (p = 1) must not outweigh one that says much.
_MOST = 0.9
# A single line that describes needs no correction for how many there are.
_ALONE = 0.05


def setting(stream: Stream, family: Family, seed: int) -> Readings:
    """Read the lines that describe; lines that cannot be read are absent."""
    burst = timing.burst(stream, family)
    rng = generator(family, seed)
    found = {
        RHYTHM: timing.rhythm(stream, family, rng),
        BURST: burst and burst[0],
        BESIDE: burst and burst[1],
        PLACE: places.place(stream, family, rng),
        TARGET: places.target(stream, family, rng),
    }
    return {line: reading for line, reading in found.items() if reading is not None}


def acts(stream: Stream, family: Family, seed: int) -> Readings:
    """Read the lines of conduct that depend on the family alone, not on which others there are."""
    rng = generator(family, seed)
    found = {
        TIGHT: timing.tightness(stream, family, rng),
        AGES: accounts.ages(stream, family, rng),
        NEWCOMERS: accounts.newcomers(stream, family, rng),
    }
    return {line: reading for line, reading in found.items() if reading is not None}


def generator(family: Family, seed: int) -> np.random.Generator:
    """Random numbers of a family do not depend on which other families there are."""
    # The names that families.find gives are such hashes already; others are the caller's own.
    own = re.fullmatch(r"[0-9a-f]{12}", family.name) is None
    name = blake2b(family.name.encode(), digest_size=6).hexdigest() if own else family.name
    return np.random.default_rng([seed, int(name, 16)])


def conduct(readings: Readings) -> float:
    """Combine what speaks of common action: closeness, new accounts, old acquaintance.

    Where accounts have a date of registration, being first seen in these data adds nothing.
    """

    def p(line: str) -> float:
        return readings[line].p if line in readings else math.nan

    new = AGES if AGES in readings else NEWCOMERS
    return float(cauchy([p(TIGHT), p(new), p(PAIRS)], most=_MOST))


@dataclass(frozen=True, eq=False)
class Judged:
    """P-values of families, and which of them call for a check.

    Attributes
    ----------
    wording, conduct, p, q
        One value per family. `p` is the larger of the first two: neither the same words nor common
        action alone is enough. NaN where a part could not be tested.
    rank
        Conformal rank of the conduct among families of similar size that are not flagged.
    """

    wording: FloatArray
    conduct: FloatArray
    p: FloatArray
    q: FloatArray
    rank: FloatArray
    flagged: BoolArray


def judge(readings: list[Readings], sizes: FloatArray, fdr: float) -> Judged:
    """Combine the lines of every family and control the false-discovery rate over families."""
    wording = np.array([r[WORDING].p if WORDING in r else math.nan for r in readings])
    acted = np.array([conduct(r) for r in readings])
    alike = wording <= fdr
    # What is usual is learnt from families that share their words as well.
    acted[alike] = recalibrated(acted[alike])
    p = np.maximum(wording, acted)
    q = q_values(p)
    flagged = q <= fdr
    rank = conformal(-np.log(acted), sizes, ~flagged)
    return Judged(wording, acted, p, q, rank, flagged)


def verdicts(
    stream: Stream, families: list[Family], readings: list[Readings], judged: Judged, fdr: float
) -> list[str | None]:
    """Say of each family one of three verdicts, or nothing where nothing stands out."""
    together = np.array([r[RHYTHM].p if RHYTHM in r else math.nan for r in readings])
    synchronous = q_values(together) <= fdr
    alike = q_values(judged.wording) <= fdr
    said: list[str | None] = []
    for number, (family, reading) in enumerate(zip(families, readings, strict=True)):
        if judged.flagged[number]:
            said.append(REVIEW)
        elif synchronous[number]:
            said.append(EVENT if shared_occasion(reading) else SYNCHRONOUS)
        else:
            soon = days(stream, family) <= _EVENT_DAYS
            said.append(EVENT if alike[number] and soon else None)
    return said


def days(stream: Stream, family: Family) -> float:
    """Days from the first message to the last; 0 where no time is known."""
    known = stream.times[family.members]
    known = known[~np.isnan(known)]
    return float(np.ptp(known)) / _DAY if len(known) else 0.0


def shared_occasion(readings: Readings) -> bool:
    """Tell whether others wrote more at the time as well, or all write of one place."""
    return any(_stands_out(readings, line) for line in (BESIDE, PLACE))


def explanation(stream: Stream, family: Family, readings: Readings, verdict: str | None) -> str:
    """Name the innocent explanation that fits best, by its code."""
    long = days(stream, family)
    if WORDING in readings and readings[WORDING].note == SLOGAN:
        return "common_phrase"
    if _stands_out(readings, BESIDE):
        return "shared_news"
    if _stands_out(readings, PLACE) and long < 2:
        return "one_place"
    if long >= 2:
        return "handed_on"
    if _stands_out(readings, AGES):
        return "new_channel"
    if _stands_out(readings, TARGET):
        return "one_thread"
    return "nothing_to_explain" if verdict is None else "asked_in_chat"


def outstanding(readings: Readings) -> list[str]:
    """Lines of evidence that stand out by themselves."""
    return [line for line in readings if _stands_out(readings, line)]


def _stands_out(readings: Readings, line: str) -> bool:
    return line in readings and readings[line].p <= _ALONE
