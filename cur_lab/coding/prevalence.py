"""Shares of codes in a corpus: from what people coded and what a model forecasts of the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab.coding.difference import Coded, Estimate, estimated, variance
from cur_lab.columns.table import check_once
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.inference import FloatArray, IntArray, q_values

__all__ = ["Prevalence", "prevalence"]

_WHERE = "coding.prevalence"
_DIGITS = 9
_FEWEST = 5
Row = dict[str, object]


@dataclass(frozen=True, eq=False)
class Prevalence:
    """How common codes are.

    Attributes
    ----------
    shares
        ``columns.PREVALENCE``: share of every code with its interval, beside the model's own count
        and what the coded texts say alone.
    differences
        ``columns.PREVALENCE_DIFFERENCES``: each group against all others; empty without groups.
    aside
        ``columns.CODES_ASIDE``: codes that count for nothing, and why.
    """

    shares: pl.DataFrame
    differences: pl.DataFrame
    aside: pl.DataFrame


def prevalence(
    codes: pl.DataFrame,
    predictions: pl.DataFrame,
    *,
    sample: pl.DataFrame | None = None,
    by: Sequence[str] = (),
    level: float = 0.95,
) -> Prevalence:
    """Estimate how common codes are, right even when the model is bad.

    A model's count alone is biased, and nobody can code everything. The difference estimator takes
    the model's count and adds what the coded texts say it is wrong by; how far the model is
    listened to is tuned to what it is worth. A bad model costs only the width it could have saved.

    Parameters
    ----------
    codes
        ``columns.HUMAN_CODES``: codes of the texts that were drawn, some by several coders.
    predictions
        ``columns.CODE_PREDICTIONS``: what the model says of *every* message, of the coded ones out
        of fold: ``message_id, code, value``, with ``probability`` where the model has one, and the
        columns of ``by``.
    sample
        What :func:`cur_lab.coding.sample` drew: with what probability each text, and how many
        messages it stands for. Without it the coded messages are taken for a plain random sample.
    by
        Groups: ``municipality``, ``month``, ``rubric``, ``channel``.
    level
        Coverage of the intervals.

    Returns
    -------
    Prevalence

    Raises
    ------
    NotEnoughDataError
        If fewer than five coded texts are left.
    ParameterError
        If ``by`` or ``level`` makes no sense.
    SchemaError
        If a column is missing, a message is predicted twice, or a coded message is not among the
        predictions or the sample.

    Notes
    -----
    With fewer than ten coded texts that have a code, or have it not, the model is left aside and
    the interval is Clopper and Pearson's at the effective size (Korn & Graubard 1998), else
    Wilson's.
    Where coders coded the same texts, how far they differ in giving a code widens the interval: it
    is about what coders of this kind would say on average. What all of them get wrong is not seen.

    References
    ----------
    Särndal C.-E., Swensson B., Wretman J. (1992). Model assisted survey sampling. Springer.

    Angelopoulos A. N., Duchi J. C., Zrnic T. (2023). PPI++: efficient prediction-powered inference.
    arXiv 2311.01453.

    Korn E. L., Graubard B. I. (1998). Confidence intervals for proportions with small expected
    number of positive counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> ids = [f"m{n}" for n in range(400)]
    >>> said = ["вода" if n % 4 == 0 else "дороги" for n in range(400)]
    >>> predictions = pl.DataFrame({"message_id": ids, "code": "тема", "value": said})
    >>> codes = predictions.head(80).with_columns(coder=pl.lit("1"))
    >>> found = prevalence(codes, predictions).shares
    >>> found.filter(value="вода")["share"].round(3).item()
    0.25
    """
    groups = c.PREVALENCE.split_by(by, where=_WHERE)
    if not 0 < level < 1:
        raise ParameterError(f"level {level} is not in (0, 1)", where=_WHERE, remedy="Try 0.95")
    c.HUMAN_CODES.require(codes, c.HUMAN_CODES.schema.keys(), where=_WHERE)
    c.CODE_PREDICTIONS.require(predictions, [c.MESSAGE_ID, c.CODE, c.VALUE, *groups], where=_WHERE)
    decided = codes.filter(pl.col(c.VALUE).is_not_null())
    shares: list[Row] = []
    differences: list[Row] = []
    for (code,), part in decided.sort(c.CODE, c.MESSAGE_ID, c.CODER).group_by(
        c.CODE, maintain_order=True
    ):
        about = predictions.filter(pl.col(c.CODE) == code)
        check_once(about, c.MESSAGE_ID, where=_WHERE)
        question = _Question(str(code), part, about, sample, groups, level)
        shares += question.shares()
        differences += question.differences()
    if not shares:
        raise NotEnoughDataError(
            "no text is coded", where=_WHERE, remedy="Give codes with values", code="no_codes"
        )
    return Prevalence(
        _table(c.PREVALENCE, shares, groups),
        _with_q(_table(c.PREVALENCE_DIFFERENCES, differences, groups)),
        _aside(codes),
    )


class _Question:
    """One question of the codebook: its coded texts beside the forecasts of all messages."""

    def __init__(
        self,
        code: str,
        codes: pl.DataFrame,
        predictions: pl.DataFrame,
        sample: pl.DataFrame | None,
        groups: list[str],
        level: float,
    ) -> None:
        self.code, self.codes, self.groups, self.level = code, codes, groups, level
        self.everything = predictions.sort(c.MESSAGE_ID)
        self.texts = self._texts(sample)
        self.values = sorted(set(codes[c.VALUE]))

    def _texts(self, sample: pl.DataFrame | None) -> pl.DataFrame:
        coded = self.codes.select(c.MESSAGE_ID).unique().sort(c.MESSAGE_ID)
        if coded.height < _FEWEST:
            raise NotEnoughDataError(
                f"{coded.height} texts are coded for {self.code!r}",
                where=_WHERE,
                remedy=f"Code {_FEWEST} and more",
                code="few_codes",
            )
        self._known(coded, self.everything, "predictions")
        if sample is None:
            drawn = coded.with_columns(
                pl.lit(1.0).alias(c.MESSAGES_ALIKE),
                pl.lit(coded.height / self.everything.height).alias(c.INCLUSION_PROBABILITY),
                pl.lit(0, pl.Int64).alias("_stratum"),
            )
        else:
            c.CODING_SAMPLE.require(
                sample, [c.MESSAGE_ID, c.MESSAGES_ALIKE, c.INCLUSION_PROBABILITY], where=_WHERE
            )
            self._known(coded, sample, "sample")
            key = pl.struct(*c.CODING_SAMPLE.splits(sample), c.INCLUSION_PROBABILITY)
            drawn = coded.join(sample, on=c.MESSAGE_ID, how="left").with_columns(
                (key.rank("dense") - 1).cast(pl.Int64).alias("_stratum")
            )
        forecast = self.everything.rename({c.VALUE: "_forecast"})
        return drawn.select(
            c.MESSAGE_ID, c.MESSAGES_ALIKE, c.INCLUSION_PROBABILITY, "_stratum"
        ).join(forecast, on=c.MESSAGE_ID, how="left", maintain_order="left")

    def _known(self, coded: pl.DataFrame, among: pl.DataFrame, name: str) -> None:
        strangers = coded.join(among, on=c.MESSAGE_ID, how="anti").sort(c.MESSAGE_ID)
        if strangers.height:
            raise SchemaError(
                f"coded message {strangers[c.MESSAGE_ID][0]!r} is not among the {name}",
                where=_WHERE,
                remedy=f"Give the {name} of all coded messages",
            )

    def _forecast(self, frame: pl.DataFrame, column: str, value: str) -> FloatArray:
        hit = (frame[column] == value).fill_null(False).cast(pl.Float64)
        if c.PROBABILITY not in frame.columns:
            return hit.to_numpy()
        # A probability is that of the value the model names; the rest says nothing of which other.
        return (hit * frame[c.PROBABILITY].fill_null(1.0)).to_numpy()

    def _coded(self, value: str) -> Coded:
        said = self.codes.group_by(c.MESSAGE_ID).agg(
            (pl.col(c.VALUE) == value).mean().alias("said")
        )
        texts = self.texts.join(said, on=c.MESSAGE_ID, how="left", maintain_order="left")
        return Coded(
            texts["said"].to_numpy(),
            self._forecast(texts, "_forecast", value),
            texts[c.MESSAGES_ALIKE].cast(pl.Float64).to_numpy(),
            texts[c.INCLUSION_PROBABILITY].to_numpy(),
            texts["_stratum"].to_numpy(),
        )

    def _coders(self, value: str) -> float:
        """Variance of a share that comes of who codes: how far coders part on the same texts."""
        given = self.codes.with_columns((pl.col(c.VALUE) == value).cast(pl.Float64).alias("said"))
        shared = given.filter(pl.len().over(c.MESSAGE_ID) > 1).with_columns(
            (pl.col("said") - pl.col("said").mean().over(c.MESSAGE_ID)).alias("apart")
        )
        each = shared.group_by(c.CODER).agg(
            pl.col("apart").mean(), pl.col("apart").var().alias("noise"), pl.len().alias("n")
        )
        if each.height < 2:
            return 0.0
        apart, noise, n = (each[name].to_numpy() for name in ("apart", "noise", "n"))
        between = (apart**2).sum() / (len(apart) - 1) - np.nanmean(noise / n)
        part = given[c.CODER].value_counts()["count"].to_numpy() / given.height
        return float(max(between, 0.0) * (part**2).sum())

    def shares(self) -> list[Row]:
        """Rows of ``columns.PREVALENCE``: of every value, in every group."""
        rows = []
        for value in self.values:
            coded, coders = self._coded(value), self._coders(value)
            for key, chosen, everything in self._parts():
                rows.append(
                    {c.CODE: self.code, c.VALUE: value}
                    | key
                    | self._row(value, coded.of(chosen), everything, coders)
                )
        return rows

    def _parts(self) -> list[tuple[Row, IntArray, pl.DataFrame]]:
        if not self.groups:
            return [({}, np.arange(self.texts.height), self.everything)]
        parts = []
        for keys, everything in self.everything.sort(*self.groups, c.MESSAGE_ID).group_by(
            self.groups, maintain_order=True
        ):
            key = dict(zip(self.groups, keys, strict=True))
            same = pl.all_horizontal(
                pl.col(name).eq_missing(pl.lit(value, self.everything.schema[name]))
                for name, value in key.items()
            )
            chosen = self.texts.select(same.arg_true()).to_series().to_numpy()
            parts.append((key, chosen, everything))
        return parts

    def _row(self, value: str, coded: Coded, everything: pl.DataFrame, coders: float) -> Row:
        forecast = self._forecast(everything, c.VALUE, value)
        named = (everything[c.VALUE] == value).fill_null(False).sum()
        row: Row = {
            c.N_CODED_TEXTS: len(coded.said),
            c.N_POPULATION: everything.height,
            c.MODEL_SHARE: named / everything.height,
            c.REASON: "few_coded_texts",
        }
        found = self._estimate(coded, everything, forecast, coders)
        if found is None:
            return row
        plain = variance(coded, coded.said) / everything.height**2 + coders
        gained = len(coded.said) * plain / found.variance if found.variance > 0 else None
        correlation = None
        if coded.said.std() > 0 and coded.forecast.std() > 0:
            correlation = float(np.corrcoef(coded.said, coded.forecast)[0, 1])
        return row | {
            c.SHARE: found.share,
            c.SHARE_LOW: found.low,
            c.SHARE_HIGH: found.high,
            c.TUNING: found.tuning,
            c.CORRELATION: correlation,
            c.EFFECTIVE_TEXTS: gained,
            c.REASON: "exact_interval" if found.exact else None,
        }

    def _estimate(
        self, coded: Coded, everything: pl.DataFrame, forecast: FloatArray, coders: float
    ) -> Estimate | None:
        if len(coded.said) < _FEWEST:
            return None
        # Of a group it is known how many messages it has: the texts drawn there stand for them.
        stands = (coded.alike / coded.inclusion).sum()
        scaled = Coded(
            coded.said,
            coded.forecast,
            coded.alike,
            np.clip(coded.inclusion * stands / everything.height, 1e-12, 1.0),
            coded.stratum,
        )
        return estimated(
            scaled, everything.height, float(forecast.mean()), coders=coders, level=self.level
        )

    def differences(self) -> list[Row]:
        """Rows of ``columns.PREVALENCE_DIFFERENCES``: a group against all the others."""
        if not self.groups:
            return []
        rows = []
        for value in self.values:
            coded = self._coded(value)
            for key, chosen, everything in self._parts():
                others = np.setdiff1d(np.arange(self.texts.height), chosen)
                rest = self.everything.join(everything, on=c.MESSAGE_ID, how="anti")
                pair = [
                    self._estimate(
                        coded.of(rows_of), part, self._forecast(part, c.VALUE, value), 0.0
                    )
                    if part.height
                    else None
                    for rows_of, part in ((chosen, everything), (others, rest))
                ]
                row: Row = {c.CODE: self.code, c.VALUE: value} | key
                rows.append(row | _apart(*pair))
        return rows


def _apart(here: Estimate | None, there: Estimate | None) -> Row:
    if here is None or there is None or here.variance + there.variance <= 0:
        return {c.REASON: "few_coded_texts"}
    # Coders err alike here and there; how they differ among themselves falls out (Newcombe 1998).
    apart = here.share - there.share
    low = apart - float(np.hypot(here.share - here.low, there.high - there.share))
    high = apart + float(np.hypot(here.high - here.share, there.share - there.low))
    z = apart / np.sqrt(here.variance + there.variance)
    return {
        c.DIFFERENCE: apart,
        c.DIFFERENCE_LOW: low,
        c.DIFFERENCE_HIGH: high,
        c.P_VALUE: float(2 * scipy.special.ndtr(-abs(z))),
    }


def _table(table: c.Table, rows: list[Row], groups: list[str]) -> pl.DataFrame:
    order = [*groups, *table.schema.names()]
    frame = pl.DataFrame(rows, schema={name: table.full_schema[name] for name in order})
    sorted_frame = table.conform(frame, digits=_DIGITS).select(order)
    return sorted_frame.sort(c.CODE, c.VALUE, *groups)


def _with_q(frame: pl.DataFrame) -> pl.DataFrame:
    known = frame[c.P_VALUE].is_not_null()
    q = np.full(frame.height, np.nan)
    if known.any():
        q[known.to_numpy()] = q_values(frame[c.P_VALUE].drop_nulls())
    return frame.with_columns(pl.Series(c.Q_VALUE, q).fill_nan(None))


def _aside(codes: pl.DataFrame) -> pl.DataFrame:
    undecided = codes.filter(pl.col(c.VALUE).is_null())
    counted = undecided[c.CODE].value_counts(name=c.CODES_COUNT)
    return c.CODES_ASIDE.conform(counted.with_columns(pl.lit("no_code").alias(c.REASON))).sort(
        c.CODE
    )
