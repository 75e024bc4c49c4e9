"""Weighted shares of a survey's answers, and weights that meet known margins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.inference import BoolArray, FloatArray, IntArray, wilson

__all__ = ["Raked", "rake", "survey"]

_WHERE = "coding.survey"
_DIGITS = 9
_FEWEST = 2
_CLOSE, _ROUNDS = 1e-9, 1_000
Row = dict[str, object]


def survey(answers: pl.DataFrame, *, probability: bool, level: float = 0.95) -> pl.DataFrame:
    """Estimate the share of every answer to every question.

    Parameters
    ----------
    answers
        ``columns.SURVEY``: ``respondent, question, answer, weight``; ``stratum`` and ``cluster``
        (such as the settlement interviews were held in) where the sample had them.
    probability
        Whether everybody had a known chance to be asked. Of a poll that people chose to answer no
        margin can be told, however many answered.
    level
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        ``columns.SURVEY_SHARES``, in the order of question and answer.

    Raises
    ------
    NotEnoughDataError
        If nobody answered.
    ParameterError
        If ``level`` makes no sense.
    SchemaError
        If a column is missing, a respondent answered a question twice, or a weight is negative.

    Notes
    -----
    The variance of a weighted share is linearised (Taylor), over clusters within strata; clusters
    are taken as drawn with replacement. The design effect sets it beside that of as many answers
    drawn at random (Kish 1965). Who gave no answer is counted and left out of the share.

    References
    ----------
    Kish L. (1965). Survey sampling. Wiley.

    Lumley T. (2010). Complex surveys. Wiley.

    Examples
    --------
    >>> told = pl.DataFrame({
    ...     "respondent": [f"{n}" for n in range(100)], "question": "Довольны ли вы?",
    ...     "answer": ["да"] * 60 + ["нет"] * 40, "weight": 1.0,
    ... })
    >>> survey(told, probability=True).select("answer", "share", "design_effect").row(0)
    ('да', 0.6, 1.0)
    """
    c.SURVEY.require(answers, [c.RESPONDENT, c.QUESTION, c.ANSWER], where=_WHERE)
    if not 0 < level < 1:
        raise ParameterError(f"level {level} is not in (0, 1)", where=_WHERE, remedy="Try 0.95")
    told = c.SURVEY.complete(answers, c.WEIGHT, c.STRATUM, c.CLUSTER).with_columns(
        pl.col(c.WEIGHT).fill_null(1.0)
    )
    _check(told)
    rows: list[Row] = []
    for (question,), part in told.sort(c.QUESTION, c.RESPONDENT).group_by(
        c.QUESTION, maintain_order=True
    ):
        given = part.filter(pl.col(c.ANSWER).is_not_null(), pl.col(c.WEIGHT) > 0)
        for answer in sorted(set(given[c.ANSWER])):
            about = {
                c.QUESTION: question,
                c.ANSWER: answer,
                c.N: given.height,
                c.NO_ANSWER: part[c.ANSWER].null_count(),
            }
            rows.append(about | _share(given, answer, probability, level))
    if not rows:
        raise NotEnoughDataError(
            "nobody answered", where=_WHERE, remedy="Give answers", code="no_answers"
        )
    table = pl.DataFrame(rows, schema=c.SURVEY_SHARES.schema)
    return c.SURVEY_SHARES.conform(table, digits=_DIGITS).sort(c.QUESTION, c.ANSWER)


def _check(told: pl.DataFrame) -> None:
    twice = told.filter(pl.struct(c.RESPONDENT, c.QUESTION).is_duplicated()).sort(c.RESPONDENT)
    if twice.height:
        raise SchemaError(
            f"respondent {twice[c.RESPONDENT][0]} answers {twice[c.QUESTION][0]!r} twice",
            where=_WHERE,
            remedy="Make each choice of several a question of its own",
        )
    if (told[c.WEIGHT] < 0).any():
        raise SchemaError("a weight is negative", where=_WHERE, remedy="Give weights from 0")


def _share(given: pl.DataFrame, answer: str, probability: bool, level: float) -> Row:
    weight = given[c.WEIGHT].to_numpy()
    hit = (given[c.ANSWER] == answer).cast(pl.Float64).to_numpy()
    share = float((weight * hit).sum() / weight.sum())
    row: Row = {c.SHARE: share, c.REASON: None if probability else "self_selected"}
    # One who answered for all of a cluster stands for it: a cluster of its own otherwise.
    cluster = given.select(
        pl.struct(c.STRATUM, pl.coalesce(c.CLUSTER, c.RESPONDENT)).rank("dense") - 1
    ).to_series()
    stratum = given[c.STRATUM].rank("dense").fill_null(0).to_numpy().astype(np.int64)
    spread, freedom = _linearised(weight * (hit - share), cluster.to_numpy(), stratum)
    spread /= weight.sum() ** 2
    simple = share * (1 - share) / (given.height - 1) if given.height >= _FEWEST else 0.0
    if not probability:
        return row
    if freedom < 1:
        return row | {c.REASON: "one_cluster"}
    effect = spread / simple if simple > 0 else None
    row[c.DESIGN_EFFECT] = effect
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    if effect:
        z = scipy.special.ndtri(0.5 + level / 2)
        t = scipy.special.stdtrit(freedom, 0.5 + level / 2)
        effective = share * (1 - share) / spread * (z / t) ** 2
    low, high = wilson(share * effective, effective, level=level)
    return row | {c.SHARE_LOW: float(low), c.SHARE_HIGH: float(high)}


def _linearised(values: FloatArray, cluster: IntArray, stratum: IntArray) -> tuple[float, int]:
    """Variance of a total over clusters within strata, and its degrees of freedom."""
    totals = np.bincount(cluster, weights=values)
    home = np.zeros(len(totals), dtype=np.int64)
    home[cluster] = np.unique(stratum, return_inverse=True)[1]
    spread, freedom = 0.0, 0
    for one in np.unique(home):
        of = totals[home == one]
        if len(of) < _FEWEST:
            # A stratum of one cluster tells nothing of itself: it is set against nought.
            spread += float((of**2).sum())
            continue
        spread += len(of) / (len(of) - 1) * float(((of - of.mean()) ** 2).sum())
        freedom += len(of) - 1
    return spread, freedom


@dataclass(frozen=True, eq=False)
class Raked:
    """Weights that meet margins, and how far they do.

    Attributes
    ----------
    weights
        ``columns.RAKED``: one row per respondent.
    margins
        ``columns.RAKED_MARGINS``: every margin before, after, and as it is known to be.
    effect
        What unequal weights cost: so many times fewer respondents would do if they were equal.
    """

    weights: pl.DataFrame
    margins: pl.DataFrame
    effect: float


def rake(
    respondents: pl.DataFrame,
    margins: Mapping[str, Mapping[str, float]],
    *,
    trim: float | None = None,
) -> Raked:
    """Weigh respondents so that their margins are those known of the population.

    Parameters
    ----------
    respondents
        One row each: ``respondent``, the columns of the margins, and ``weight`` where they have
        one to begin with.
    margins
        Column → value → known share, such as ``{"sex": {"ж": 0.54, "м": 0.46}}``.
    trim
        The largest weight, in means; then margins are met only as far as it allows, and the gap is
        told. None: no weight is cut.

    Returns
    -------
    Raked
        Weights have a mean of one.

    Raises
    ------
    ParameterError
        If shares do not add up to one, or ``trim`` is not above one.
    SchemaError
        If a column is missing, a value of it has no known share, or one with a share has no
        respondent.

    References
    ----------
    Deming W. E., Stephan F. F. (1940). On a least squares adjustment of a sampled frequency table
    when the expected marginal totals are known. Annals of Mathematical Statistics 11, 427-444.

    Examples
    --------
    >>> people = pl.DataFrame({"respondent": ["1", "2", "3", "4"], "sex": ["ж", "ж", "ж", "м"]})
    >>> found = rake(people, {"sex": {"ж": 0.5, "м": 0.5}})
    >>> found.weights["weight"].round(3).to_list()
    [0.667, 0.667, 0.667, 2.0]
    """
    names = list(margins)
    missing = [name for name in (c.RESPONDENT, *names) if name not in respondents.columns]
    if missing:
        raise SchemaError.missing(missing, respondents.columns, where="coding.rake")
    if trim is not None and trim <= 1:
        raise ParameterError(
            f"trim {trim} is not above 1", where="coding.rake", remedy="Take 5, or none"
        )
    people = respondents.sort(c.RESPONDENT)
    codes, wanted = {}, {}
    for name in names:
        codes[name], wanted[name] = _margin(people, name, margins[name])
    start = (
        people[c.WEIGHT].fill_null(1.0).to_numpy().astype(float)
        if c.WEIGHT in people.columns
        else np.ones(people.height)
    )
    weight = start / start.mean()
    for _ in range(_ROUNDS):
        before = weight
        for name in names:
            found = np.bincount(codes[name], weights=weight, minlength=len(wanted[name]))
            weight = weight * (wanted[name] * weight.sum() / found)[codes[name]]
        weight = weight / weight.mean()
        if np.abs(weight - before).max() < _CLOSE:
            break
    if trim is not None:
        weight = _trimmed(weight, trim)
    rows = [
        _met(name, value, codes[name] == place, start, weight, wanted[name][place])
        for name in names
        for place, value in enumerate(sorted(margins[name]))
    ]
    told = pl.DataFrame(rows, schema=c.RAKED_MARGINS.schema)
    return Raked(
        c.RAKED.conform(
            people.select(c.RESPONDENT).with_columns(pl.Series(c.WEIGHT, weight)), digits=_DIGITS
        ),
        c.RAKED_MARGINS.conform(told, digits=_DIGITS).sort(c.MARGIN_OF, c.VALUE),
        float(people.height * (weight**2).sum() / weight.sum() ** 2),
    )


def _trimmed(weight: FloatArray, most: float) -> FloatArray:
    """Cut weights at so many means; what is cut off goes to the others in proportion."""
    while (weight > most + _CLOSE).any():
        cut = weight >= most
        rest = len(weight) - most * cut.sum()
        weight = np.where(cut, most, weight * rest / weight[~cut].sum())
    return weight


def _met(
    name: str, value: str, here: BoolArray, start: FloatArray, weight: FloatArray, known: float
) -> Row:
    return {
        c.MARGIN_OF: name,
        c.VALUE: value,
        c.MARGIN_BEFORE: float(start[here].sum() / start.sum()),
        c.MARGIN_AFTER: float(weight[here].sum() / weight.sum()),
        c.MARGIN_KNOWN: float(known),
    }


def _margin(
    people: pl.DataFrame, name: str, known: Mapping[str, float]
) -> tuple[IntArray, FloatArray]:
    values = sorted(known)
    shares = np.array([known[value] for value in values], dtype=float)
    if abs(shares.sum() - 1) > 1e-6 or (shares <= 0).any():
        raise ParameterError(
            f"shares of {name!r} add up to {shares.sum():.4f}, or one of them is not above 0",
            where="coding.rake",
            remedy="Give shares that add up to 1",
        )
    there = set(people[name].cast(pl.String).fill_null("").to_list())
    unlike = sorted(there.symmetric_difference(values))
    if unlike:
        raise SchemaError(
            f"{name} {unlike[0]!r} has a known share or a respondent, not both",
            where="coding.rake",
            remedy="Give the same values in both; leave nobody without a value",
        )
    places = {value: place for place, value in enumerate(values)}
    code = [places[value] for value in people[name].cast(pl.String)]
    return np.array(code, dtype=np.int64), shares
