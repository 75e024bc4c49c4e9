"""How a message stands to what it repeats, or that it does not tell.

It repeats the claim, asks, doubts or refutes it. Cues are patterns anyone can read
(:mod:`~cur_lab.statements.cues`, :func:`cues`); how they, the kind of question and how much of the
claim is said weigh against each other is a logistic model of a few dozen coefficients
(``stance.json``). It knows a fifth answer, that nothing is told of the claim, and where no answer
stands out the stance is not decided. A citizen who asks about a rumour is not spreading it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import text
from cur_lab.errors import ParameterError
from cur_lab.inference import FloatArray
from cur_lab.statements.coverage import Claim, Evidence
from cur_lab.statements.cues import QUESTION_MARK, found
from cur_lab.statements.parsing import read

__all__ = ["cues", "stance_margins", "stances"]

STANCES = (c.SPREADS, c.ASKS, c.DOUBTS, c.REFUTES)
NONE = "none"
FEATURES = (
    *("coverage", "letters", "both", "unknown"),
    *("denied", "contradicted", "plain"),
    *("yes_no", "pure", "alone", "open", "loud", "negative", "addressed", "elsewhere"),
    *(f"{stance}_here" for stance in STANCES),
    *(f"{stance}_elsewhere" for stance in (c.ASKS, c.DOUBTS)),
    *("irony", "short", "long"),
)
_SPEAKING = [
    FEATURES.index(name) for name in ("denied", "yes_no", *(f"{stance}_here" for stance in STANCES))
]
# What is not known of a text without a claim lies between what is said of one and what is not.
_UNKNOWN = 0.5
_MOST = 4.0

# «Где», «почему» take for granted what they ask about; «правда?» does not.
_OPEN = re.compile(
    r"^\W*(?:(?:а|и|но|ну|да|так|вот|или|же|тогда|интересно|вопрос|с|до|на|в|из|к|о|у|за|для|по|от)\W+)"
    r"{0,3}(?:где|куда|откуда|почему|зачем|отчего|кто|кого|кому|кем|ком|чего|чем|чему|чья|чей|чьи|"
    r"как|каков\w*|как(?:ой|ая|ое|ие|им|ими|ого|их|ую)|сколько|когда|доколе)\b|"
    r"\b(?:где|почему|зачем|откуда|сколько|каким\w?|для чего|за что|с какой)\b"
)
_LOUD = re.compile(r"\?!|!\?|\?\?")
_YOU = re.compile(r"\b(?:ты|вы|тебе|тебя|вам|вас|ваш\w*|тво\w+)\b")
_NOT = re.compile(r"\bне\b")
_IRONY = re.compile(
    r"[🤣😂😆🤡👏]|\){2,}|\bну да\b|\bну-ну\b|\bага\b|\b(?:а?ха){2,}|\bлол\b|\bконечно,? конечно\b|"
    r"\bконечно же\b"
)
_WORD = re.compile(r"\w{2,}")
_SHORT, _LONG = 8, 40


def stances(
    texts: pl.Series, *, claim: pl.Series | None = None, denied: pl.Series | None = None
) -> pl.Series:
    """Tell how each text stands to what it repeats.

    Parameters
    ----------
    texts
        As found.
    claim
        The claim each text is held against, as long as ``texts``. Without it the words alone
        speak, and a text that only states something stays undecided.
    denied
        True where the text denies what the claim states («не закроют» of «закроют»); found from
        ``claim`` where it is given.

    Returns
    -------
    Series
        ``spreads`` (it repeats the claim), ``asks``, ``doubts`` or ``refutes``; ``undecided`` where
        none of these stands out or too little of the claim is said; null where the text is null or
        empty.

    Raises
    ------
    ParameterError
        If ``claim`` or ``denied`` is not as long as the texts.

    Notes
    -----
    Irony is not recognised. Of real comments with a stance about two thirds are decided, and of
    those two in three rightly (the README has the figures): shares are a first look, to be
    corrected by a coded sample.

    Examples
    --------
    >>> told = pl.Series(["Правда ли, что школу закроют?", "Автобус опять опоздал"])
    >>> stances(told, claim=pl.Series(["Школу закроют"] * 2)).to_list()
    ['asks', 'undecided']
    """
    found = stance_margins(texts, claim=claim, denied=denied)
    told: list[str | None] = [None] * len(texts)
    for row, stance in found.select(c.ROW, c.STANCE).iter_rows():
        told[row] = stance
    return pl.Series(c.STANCE, told, dtype=pl.String)


def stance_margins(
    texts: pl.Series, *, claim: pl.Series | None = None, denied: pl.Series | None = None
) -> pl.DataFrame:
    """Tell the leading stance of each text and by how much it leads, decided or not.

    Parameters
    ----------
    texts, claim, denied
        As :func:`stances` takes them.

    Returns
    -------
    DataFrame
        ``columns.STANCE_MARGINS``, a row per text that is not null or empty: ``leading`` of the
        four stances, ``margin`` of its probability over the next answer, «nothing told» among
        them, and ``stance``, which is ``undecided`` below the margin the model names.

    Raises
    ------
    ParameterError
        If ``claim`` or ``denied`` is not as long as the texts.
    """
    for name, given in (("claim", claim), ("denied", denied)):
        if given is not None and len(given) != len(texts):
            raise ParameterError(
                f"{len(texts)} texts, {len(given)} values of {name}",
                where="fakes.stance_margins",
                remedy="Give one value per text, at the same place",
            )
    cleaned = text.clean(texts.cast(pl.String))
    there = cleaned.fill_null("").str.len_chars() > 0
    held = pl.Series("claim", [None] * len(texts)) if claim is None else claim
    against = pl.Series([None] * len(texts), dtype=pl.Boolean) if denied is None else denied
    rows = np.flatnonzero(there.to_numpy())
    told = measured(cleaned.gather(rows), held.gather(rows), against.gather(rows))
    # Of a text without a claim only words that speak tell anything.
    speaks = told[:, _SPEAKING].any(axis=1) | (told[:, FEATURES.index("unknown")] == 0)
    found = []
    for row, known, chances in zip(
        rows.tolist(), speaks.tolist(), _probabilities(told), strict=True
    ):
        best = int(np.argmax(chances[: len(STANCES)]))
        lead = round(float(chances[best] - np.delete(chances, best).max()), 6)
        decided = known and lead >= _model().margin
        found.append((row, STANCES[best], lead, STANCES[best] if decided else c.UNDECIDED))
    return c.STANCE_MARGINS.conform(
        pl.DataFrame(found, schema=c.STANCE_MARGINS.schema, orient="row")
    )


def cues(content: str) -> pl.DataFrame:
    """Show the cues of one text: ``cue``, ``stance``, ``weight``, ``found`` (the words)."""
    rows = [
        (cue.name, cue.stance, cue.weight, words)
        for cue, words in found(_folded(text.clean(pl.Series([content]))[0]))
    ]
    schema = {"cue": pl.String, "stance": pl.String, "weight": pl.Float64, "found": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def measured(texts: pl.Series, claims: pl.Series, denied: pl.Series) -> FloatArray:
    """Measure :data:`FEATURES` of clean texts, a row each; null claims are unknown."""
    if texts.is_empty():
        return np.zeros((0, len(FEATURES)))
    sentences = [[_folded(one) for one in parts] for parts in text.sentences(texts).to_list()]
    evidence = _evidence(texts, claims)
    rows = [
        _features(parts, *known, _folded(claim or ""), is_denied)
        for parts, known, claim, is_denied in zip(sentences, evidence, claims, denied, strict=True)
    ]
    return np.array(rows, dtype=np.float64)


def _evidence(texts: pl.Series, claims: pl.Series) -> list[tuple[Evidence | None, bool]]:
    """Compare each text with its claim: what it has of it, and whether it contradicts it."""
    found: list[tuple[Evidence | None, bool]] = [(None, False)] * len(texts)
    places: dict[str, list[int]] = {}
    for place, claim in enumerate(claims):
        if claim is not None:
            places.setdefault(str(claim), []).append(place)
    if not places:
        return found
    told = read(texts)
    for claim, content in zip(places, read(pl.Series(list(places))), strict=True):
        known = Claim(content)
        of = [told[place] for place in places[claim]]
        for place, passages, seen in zip(places[claim], of, known.evidence(of), strict=True):
            passage = passages if seen is None else passages[seen.first : seen.last + 1]
            found[place] = (seen, known.contradicted(passage))
    return found


def _features(
    sentences: Sequence[str],
    evidence: Evidence | None,
    contradicted: bool,
    claim: str,
    denied: bool | None,
) -> list[float]:
    first, last = (0, len(sentences)) if evidence is None else (evidence.first, evidence.last + 1)
    here, elsewhere = sentences[first:last], [*sentences[:first], *sentences[last:]]
    # A fragment beside the passage («Правда?», «Бред.») speaks of it.
    for beside in (first - 1, last):
        if evidence is not None and 0 <= beside < len(sentences):
            words = len(_WORD.findall(sentences[beside]))
            if words <= 4:
                here = [*here, sentences[beside]]
                elsewhere = [one for one in elsewhere if one != sentences[beside]]
    asked = [one for one in here if "?" in one]
    openly = [one for one in asked if _OPEN.search(one)]
    closed = [one for one in asked if not _OPEN.search(one)]
    scores = {
        f"{cue_stance}_{name}": value
        for name, part in (("here", here), ("elsewhere", elsewhere))
        for cue_stance, value in _weights(part, claim).items()
    }
    whole = " ".join(sentences)
    words = len(_WORD.findall(whole))
    ironic = bool(_IRONY.search(whole))
    is_denied = bool(evidence is not None and evidence.negated) if denied is None else denied
    speaks = bool(asked) or is_denied or any(scores[f"{stance}_here"] for stance in STANCES)
    known = evidence is not None
    values = scores | {
        "coverage": evidence.coverage if evidence else _UNKNOWN * (not claim),
        "letters": evidence.letters if evidence else _UNKNOWN * (not claim),
        "both": evidence.both if evidence else _UNKNOWN * (not claim),
        "unknown": float(not known),
        "denied": float(is_denied and not asked),
        "contradicted": float(contradicted and not asked),
        "plain": float(not speaks) * (evidence.coverage if evidence else 0.0),
        "yes_no": float(bool(closed)),
        "pure": float(any(_is_pure(one) for one in closed) and not ironic),
        "alone": float(bool(closed) and len(asked) == len(sentences)),
        "open": float(bool(openly)),
        "loud": float(any(_LOUD.search(one) for one in asked)),
        "negative": float(any(_NOT.search(one) for one in closed)),
        "addressed": float(any(_YOU.search(one) for one in asked)),
        "elsewhere": float(any("?" in one for one in elsewhere)),
        "irony": float(ironic),
        "short": float(words <= _SHORT),
        "long": float(words > _LONG),
    }
    return [values[name] for name in FEATURES]


def _is_pure(question: str) -> bool:
    """Tell whether a question is about the matter: to nobody, of no «не», without «?!»."""
    return not any(marks.search(question) for marks in (_YOU, _NOT, _LOUD))


def _weights(sentences: Sequence[str], claim: str) -> dict[str, float]:
    total = dict.fromkeys(STANCES, 0.0)
    seen = set()
    for sentence in sentences:
        for cue, _ in found(sentence, claim):
            # What a question mark is worth depends on the question: it has features of its own.
            if cue.name not in seen and cue.name != QUESTION_MARK:
                seen.add(cue.name)
                total[cue.stance] += cue.weight
    return {stance: min(value, _MOST) for stance, value in total.items()}


def _folded(content: str) -> str:
    return content.lower().replace("ё", "е")


def _probabilities(told: FloatArray) -> FloatArray:
    """Of the four stances and of «nothing told», a row per text."""
    model = _model()
    scores = told @ model.weights.T + model.intercepts
    scores = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True)
class _Model:
    weights: FloatArray
    intercepts: FloatArray
    margin: float


@cache
def _model() -> _Model:
    content = resources.files("cur_lab.statements").joinpath("stance.json").read_text("utf-8")
    found = json.loads(content)
    return _Model(
        np.array(found["weights"], dtype=np.float64),
        np.array(found["intercepts"], dtype=np.float64),
        float(found["margin"]),
    )
