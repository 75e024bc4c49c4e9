"""How far coders agree, on which values they part, and how good each of them is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.coding import truth
from cur_lab.coding.alpha import Level, of_tallies, tallies
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.inference import FloatArray

__all__ = ["Agreement", "agreement"]

_WHERE = "coding.agreement"
_KEY = [c.MESSAGE_ID, c.CODER, c.CODE]
_RESAMPLES = 500
_LEVELS = ("nominal", "ordinal", "interval", "ratio")
# Sums over units and what iterations leave hang on the processor.
_DIGITS = 5


@dataclass(frozen=True, eq=False)
class Agreement:
    """How far coders agree; they are named by their labels only.

    Attributes
    ----------
    questions
        ``columns.AGREEMENT_QUESTIONS``: alpha and AC1 of each question.
    values
        ``columns.AGREEMENT_VALUES``: the same of each value against all others.
    disagreements
        ``columns.DISAGREEMENTS``: who parts from the others on what, the commonest first.
    coders
        ``columns.CODER_QUALITY``: the share of each coder's codes that are right.
    aside
        ``columns.CODES_ASIDE``: codes that tell nothing of agreement, and why.
    """

    questions: pl.DataFrame
    values: pl.DataFrame
    disagreements: pl.DataFrame
    coders: pl.DataFrame
    aside: pl.DataFrame


@needs(c.MESSAGE_ID, c.CODER, c.CODE, c.VALUE)
def agreement(codes: pl.DataFrame, *, level: Level = "nominal", seed: int = 0) -> Agreement:
    """Measure how far coders agree beyond chance, question by question and value by value.

    Parameters
    ----------
    codes
        ``columns.HUMAN_CODES``: ``message_id, coder, code, value``; messages may be coded by some
        of the coders only.
    level
        What differences between two values of a question mean: ``"nominal"``, ``"ordinal"``,
        ``"interval"`` or ``"ratio"``; all but nominal need numbers.
    seed
        Of the bootstrap, which draws messages.

    Returns
    -------
    Agreement
        With 95 % intervals.

    Raises
    ------
    NotEnoughDataError
        If no message was coded by two coders.
    ParameterError
        If the level is none of the four.
    SchemaError
        If a column is missing, a coder coded a message twice, or a value is no number where the
        level needs one.

    Notes
    -----
    Where nearly all codes are the same, alpha is low however seldom coders part; AC1 is not, and
    stands beside it. Messages with one code are left out of both (Gwet counts them among the
    shares of values, which moves AC1 by little). Who is right is known to nobody: Dawid and
    Skene's model takes it from what all coders say, which takes three of them, of whom most are
    mostly right, and who do not err together.

    References
    ----------
    Krippendorff K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.

    Gwet K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
    agreement. British Journal of Mathematical and Statistical Psychology 61, 29-48.

    Dawid A. P., Skene A. M. (1979). Maximum likelihood estimation of observer error-rates using
    the EM algorithm. Applied Statistics 28, 20-28.

    Examples
    --------
    >>> import polars as pl
    >>> codes = pl.DataFrame(
    ...     {"message_id": ["m1", "m1", "m2", "m2", "m3", "m3"], "coder": ["1", "2"] * 3,
    ...      "code": "тема", "value": ["вода", "вода", "дороги", "дороги", "вода", "дороги"]})
    >>> result = agreement(codes)
    >>> result.questions["alpha"].round(3).to_list()
    [0.444]
    >>> result.disagreements.select("coder", "given", "other_given").row(0)
    ('1', 'вода', 'дороги')
    """
    used, aside = _used(codes, level)
    questions: list[dict[str, object]] = []
    values: list[dict[str, object]] = []
    coders: list[dict[str, object]] = []
    for (code,), part in used.group_by(c.CODE, maintain_order=True):
        about = {c.CODE: code}
        wide, names, labels = _wide(part, level)
        times = _draws(len(wide), seed)
        counts, scale = tallies(wide)
        given = counts.sum(axis=0)
        questions.append(
            {
                **about,
                c.CODERS_COUNT: len(labels),
                c.DOUBLE_CODED: len(wide),
                c.LARGEST_SHARE: given.max() / given.sum(),
                **_measured(counts, scale, times, level),
            }
        )
        for place, value in enumerate(names):
            one = np.column_stack([counts[:, place], counts.sum(axis=1) - counts[:, place]])
            measured = _measured(one, np.array([0.0, 1.0]), times, "nominal")
            values.append({**about, c.VALUE: value, c.CODES_COUNT: int(given[place]), **measured})
        coders.extend({**about, **row} for row in _quality(wide, labels, times))
    return Agreement(
        c.AGREEMENT_QUESTIONS.conform(_frame(questions), digits=_DIGITS).sort(c.CODE),
        c.AGREEMENT_VALUES.conform(_frame(values), digits=_DIGITS).sort(c.CODE, c.VALUE),
        _disagreements(used),
        c.CODER_QUALITY.conform(_frame(coders), digits=_DIGITS).sort(c.CODE, c.CODER),
        aside,
    )


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def _used(codes: pl.DataFrame, level: Level) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Codes of messages that two coders have coded, and what was set aside."""
    c.HUMAN_CODES.require(codes, [*_KEY, c.VALUE], where=_WHERE)
    if level not in _LEVELS:
        raise ParameterError(
            f"level {level!r} is not known",
            where=_WHERE,
            remedy=f"Take one of {', '.join(_LEVELS)}",
        )
    twice = codes.drop_nulls(_KEY).filter(pl.struct(_KEY).is_duplicated()).sort(_KEY)
    if twice.height:
        place = ", ".join(str(cell) for cell in twice.select(_KEY).row(0))
        raise SchemaError(
            f"coded twice: {place}", where=_WHERE, remedy="Keep one code of each coder"
        )
    told = codes.select(*_KEY, pl.col(c.VALUE).cast(pl.String).str.strip_chars())
    told = told.with_columns(
        pl.when(pl.any_horizontal(pl.all().is_null()) | (pl.col(c.VALUE) == ""))
        .then(pl.lit("no_code"))
        .alias(c.REASON)
    )
    # Coders of a message are counted after empty codes are gone.
    both = pl.col(c.REASON).is_null().sum().over(c.MESSAGE_ID, c.CODE) > 1
    told = told.with_columns(
        pl.when(pl.col(c.REASON).is_null() & ~both)
        .then(pl.lit("coded_once"))
        .otherwise(c.REASON)
        .alias(c.REASON)
    )
    used = told.filter(pl.col(c.REASON).is_null()).drop(c.REASON).sort(c.CODE, *_KEY[:2])
    if used.is_empty():
        raise NotEnoughDataError(
            "no message was coded by two coders",
            where=_WHERE,
            remedy="Give a part of the messages to two coders or more",
            code="one_coder",
        )
    if level != "nominal":
        number = pl.col(c.VALUE).cast(pl.Float64, strict=False)
        words = used.filter(~number.is_finite().fill_null(False))
        if words.height:
            raise SchemaError(
                f"the value {words[c.VALUE].sort()[0]!r} is no number",
                where=_WHERE,
                remedy="Number the values in their order, or take level='nominal'",
            )
        # «1» and «1.0» are one number; it goes by the name that comes first.
        used = used.with_columns(pl.col(c.VALUE).min().over(c.CODE, number + 0.0))
    counted = told.drop_nulls(c.REASON).group_by(c.CODE, c.REASON).len(c.CODES_COUNT)
    return used, c.CODES_ASIDE.conform(counted.sort(c.CODE, c.REASON))


def _wide(part: pl.DataFrame, level: Level) -> tuple[FloatArray, list[str], list[str]]:
    """Messages x coders of one question, the values' names in the order of their numbers."""
    names = part[c.VALUE].unique().sort().to_list()
    if level == "nominal":
        number = {name: float(place) for place, name in enumerate(names)}
    else:
        number = {name: float(name) for name in names}
    wide = (
        part.with_columns(pl.col(c.VALUE).replace_strict(number, return_dtype=pl.Float64))
        .pivot(c.CODER, index=c.MESSAGE_ID, values=c.VALUE, sort_columns=True)
        .sort(c.MESSAGE_ID)
        .drop(c.MESSAGE_ID)
    )
    return wide.to_numpy().astype(float), sorted(names, key=number.__getitem__), wide.columns


# --- measures -----------------------------------------------------------------------------------


def _draws(units: int, seed: int) -> FloatArray:
    random = np.random.default_rng(seed)
    return random.multinomial(units, np.full(units, 1 / units), _RESAMPLES).astype(float)


def _measured(
    counts: FloatArray, scale: FloatArray, times: FloatArray, level: Level
) -> dict[str, float]:
    whole = np.ones(len(counts))
    row = {c.ALPHA: of_tallies(counts, scale, whole, level=level)}
    again = {c.ALPHA: [of_tallies(counts, scale, drawn, level=level) for drawn in times]}
    if level == "nominal":
        row[c.AC1] = ac1(counts, whole)
        again[c.AC1] = [ac1(counts, drawn) for drawn in times]
    for name, drawn in again.items():
        # Draws of a single value say nothing; where they are many, neither does the rest.
        if np.isfinite(drawn).mean() > 0.9:
            low, high = np.nanquantile(drawn, [0.025, 0.975])
            row |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    return row


def ac1(counts: FloatArray, times: FloatArray) -> float:
    """Gwet's AC1 of tallied units, each taken so many ``times``; NaN of a single value."""
    coded = counts.sum(axis=1)
    values = int(((times @ counts) > 0).sum())
    if values < 2:
        return float("nan")
    together = (counts * (counts - 1)).sum(axis=1) / (coded * (coded - 1))
    observed = times @ together / times.sum()
    share = times @ (counts / coded[:, None]) / times.sum()
    by_chance = (share * (1 - share)).sum() / (counts.shape[1] - 1)
    return float((observed - by_chance) / (1 - by_chance))


def _quality(wide: FloatArray, labels: list[str], times: FloatArray) -> list[dict[str, object]]:
    given = (~np.isnan(wide)).sum(axis=0)
    rows: list[dict[str, object]] = [
        {c.CODER: label, c.CODES_COUNT: int(number)}
        for label, number in zip(labels, given, strict=True)
    ]
    # Two coders who part leave open which of them is right.
    if len(labels) < 3 or len(np.unique(wide[~np.isnan(wide)])) < 2:
        return rows
    found, low, high = truth.accuracies(wide, times)
    for place, row in enumerate(rows):
        row[c.CODER_ACCURACY] = found[place]
        row[f"{c.CODER_ACCURACY}_low"], row[f"{c.CODER_ACCURACY}_high"] = low[place], high[place]
    return rows


def _disagreements(used: pl.DataFrame) -> pl.DataFrame:
    pairs = used.join(used, on=[c.MESSAGE_ID, c.CODE], suffix="_other").filter(
        (pl.col(c.CODER) != pl.col(f"{c.CODER}_other"))
        & (pl.col(c.VALUE) != pl.col(f"{c.VALUE}_other"))
    )
    counted = (
        pairs.rename({c.VALUE: c.GIVEN, f"{c.VALUE}_other": c.OTHER_GIVEN})
        .group_by(c.CODE, c.CODER, c.GIVEN, c.OTHER_GIVEN)
        .len(c.TIMES_PARTED)
    )
    order = [c.CODE, c.TIMES_PARTED, c.CODER, c.GIVEN, c.OTHER_GIVEN]
    down = [False, True, False, False, False]
    return c.DISAGREEMENTS.conform(counted).sort(order, descending=down)
