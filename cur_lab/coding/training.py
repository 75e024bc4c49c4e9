"""A model taught by coded texts: its forecasts of all messages, and how good they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, routing
from cur_lab.columns import needs
from cur_lab.columns.table import check_once
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.inference import wilson

__all__ = ["Trained", "train"]

_WHERE = "coding.train"
_FOLDS = 5
_FEWEST = 20
_GROUPS = (c.MUNICIPALITY, c.RUBRIC, c.CHANNEL)
_CHOSEN = "_chosen"


@dataclass(frozen=True, eq=False)
class Trained:
    """What a model that learnt from codes says.

    Attributes
    ----------
    predictions
        ``columns.CODE_PREDICTIONS`` of every message with a text: of the coded ones by a model
        that did not see them, as :func:`prevalence` wants it.
    figures
        ``columns.CODE_TRAINING``: how often it is right about texts it did not see, by value.
    """

    predictions: pl.DataFrame
    figures: pl.DataFrame


@needs(c.MESSAGE_ID, c.TEXT)
def train(messages: pl.DataFrame, codes: pl.DataFrame, *, seed: int = 0) -> Trained:
    """Teach a model the codes people gave, question by question.

    Parameters
    ----------
    messages
        All of them: ``message_id`` and ``text``; columns to group by are passed on.
    codes
        ``columns.HUMAN_CODES``. Of several coders the commonest value counts; where two are as
        common, the text teaches nothing.
    seed
        Of the folds.

    Returns
    -------
    Trained

    Raises
    ------
    NotEnoughDataError
        If fewer than twenty coded texts of two values are left for a question.
    SchemaError
        If a column is missing, a message stands twice, or a coded message is not among the
        messages.

    Notes
    -----
    The model is that of :func:`cur_lab.routing.fit`. Its own count is biased, as that of any
    model: shares are what :func:`prevalence` makes of it. Five folds tell how good it is; texts
    that say the same stand in one of them.

    Examples
    --------
    >>> texts = ["нет холодной воды в доме", "яма на дороге у школы"] * 30
    >>> messages = pl.DataFrame({
    ...     "message_id": [f"m{n}" for n in range(60)],
    ...     "text": [f"{text} номер {n}" for n, text in enumerate(texts)],
    ... })
    >>> said = pl.Series(["вода", "дороги"] * 20)
    >>> codes = messages.head(40).select("message_id", coder=pl.lit("1"), code=pl.lit("тема"),
    ...     value=said)
    >>> train(messages, codes).figures.select("value", "accuracy").row(0)
    (None, 1.0)
    """
    c.MESSAGES.require(messages, [c.MESSAGE_ID, c.TEXT], where=_WHERE)
    c.HUMAN_CODES.require(codes, c.HUMAN_CODES.schema.keys(), where=_WHERE)
    check_once(messages, c.MESSAGE_ID, where=_WHERE)
    spoken = messages.filter(pl.col(c.TEXT).str.strip_chars().fill_null("") != "")
    groups = [name for name in _GROUPS if name in spoken.columns]
    strangers = codes.join(messages, on=c.MESSAGE_ID, how="anti").sort(c.MESSAGE_ID)
    if strangers.height:
        raise SchemaError(
            f"coded message {strangers[c.MESSAGE_ID][0]!r} is not among the messages",
            where=_WHERE,
            remedy="Give the messages that were coded and all others",
        )
    predictions, figures = [c.CODE_PREDICTIONS.empty()], []
    for (code,), part in codes.sort(c.CODE).group_by(c.CODE, maintain_order=True):
        taught = spoken.join(_commonest(part), on=c.MESSAGE_ID, how="inner").sort(c.MESSAGE_ID)
        if taught.height < _FEWEST or taught[_CHOSEN].n_unique() < 2:
            raise NotEnoughDataError(
                f"{taught.height} coded texts of {taught[_CHOSEN].n_unique()} values for {code!r}",
                where=_WHERE,
                remedy=f"Code {_FEWEST} and more, of two values at least",
                code="few_codes",
            )
        seen, unseen = _forecast(taught, spoken, seed)
        about = pl.concat([seen, unseen]).with_columns(pl.lit(code, pl.String).alias(c.CODE))
        predictions.append(
            c.CODE_PREDICTIONS.conform(
                about.join(spoken.select(c.MESSAGE_ID, *groups), on=c.MESSAGE_ID, how="left")
            )
        )
        figures += _figures(str(code), taught, seen)
    return Trained(
        pl.concat(predictions, how="diagonal").sort(c.CODE, c.MESSAGE_ID),
        c.CODE_TRAINING.conform(
            pl.DataFrame(figures, schema=c.CODE_TRAINING.schema), digits=9
        ).sort(c.CODE, c.VALUE, nulls_last=False),
    )


def _commonest(codes: pl.DataFrame) -> pl.DataFrame:
    """Take the value most coders gave; none where two are as common."""
    counted = codes.drop_nulls(c.VALUE).group_by(c.MESSAGE_ID, c.VALUE).len()
    most = counted.filter(pl.col("len") == pl.col("len").max().over(c.MESSAGE_ID))
    alone = most.filter(pl.len().over(c.MESSAGE_ID) == 1)
    return alone.select(c.MESSAGE_ID, pl.col(c.VALUE).alias(_CHOSEN))


def _forecast(
    taught: pl.DataFrame, spoken: pl.DataFrame, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Forecast the taught texts out of fold, and all others by the model of them all."""
    texts = taught[c.TEXT].unique().sort()
    fold = np.random.default_rng(seed).permutation(len(texts)) % _FOLDS
    place = taught.join(
        pl.DataFrame({c.TEXT: texts, "_fold": fold}), on=c.TEXT, how="left", maintain_order="left"
    )["_fold"]
    parts = [
        _assigned(taught.filter(place != number), taught.filter(place == number))
        for number in range(_FOLDS)
        if (place == number).any()
    ]
    others = spoken.join(taught, on=c.MESSAGE_ID, how="anti")
    return pl.concat(parts), _assigned(taught, others)


def _assigned(taught: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Forecast texts by a model of others; the rubrics they have are not its business."""
    words = (c.MESSAGE_ID, c.TEXT, *prepare.given(taught))
    plain = taught.select(*words, pl.col(_CHOSEN).alias(c.RUBRIC))
    schema = {c.MESSAGE_ID: pl.String, c.VALUE: pl.String, c.PROBABILITY: pl.Float64}
    if asked.is_empty():
        return pl.DataFrame(schema=schema)
    router = routing.fit(plain)
    told = router.assign(asked.select(words), sure=0.0)
    return told.rename({c.RUBRIC: c.VALUE}).select(schema.keys())


def _figures(code: str, taught: pl.DataFrame, seen: pl.DataFrame) -> list[dict[str, object]]:
    both = taught.join(seen, on=c.MESSAGE_ID, how="left")
    right = both[_CHOSEN] == both[c.VALUE]
    rows = [_row(code, None, int(right.sum()), both.height)]
    for (value,), part in both.sort(_CHOSEN).group_by(_CHOSEN, maintain_order=True):
        rows.append(_row(code, str(value), int((part[c.VALUE] == value).sum()), part.height))
    return rows


def _row(code: str, value: str | None, right: int, n: int) -> dict[str, object]:
    low, high = wilson(right, n)
    return {
        c.CODE: code,
        c.VALUE: value,
        c.N_CODED_TEXTS: n,
        c.ACCURACY: right / n,
        c.ACCURACY_LOW: float(low),
        c.ACCURACY_HIGH: float(high),
    }
