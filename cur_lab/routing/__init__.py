"""Which official rubric, group or agency a message belongs to: learnt from those already routed.

The classifier is kernel ridge regression on TF-IDF of lemmas, pairs of lemmas and letter runs. Its
leave-one-out scores come in closed form, so every probability is calibrated on messages the model
has not seen, without fitting it again. The name of a rubric takes part in training as one more
message of that rubric: a rubric with a single message, or a rare word of a name, is not lost.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import scipy

from cur_lab import columns, exact, files, prepare, text
from cur_lab.errors import InputError, NotEnoughDataError, ParameterError, SchemaError
from cur_lab.routing import ridge
from cur_lab.routing.calibration import (
    DECIMALS,
    calibration_error,
    chances,
    curve,
    quality,
    summed,
    temperature_of,
)
from cur_lab.routing.features import Features
from cur_lab.routing.ridge import Float64Array, Int64Array

__all__ = ["Router", "fit", "load"]


_TARGETS = (columns.RUBRIC, columns.RUBRIC_GROUP, columns.AGENCY)
# With 0.3 more is learnt of single messages: by cross-validation among those who teach accuracy is
# 0.01 lower where 600 teach and 0.004 where 1,200 do.
_PENALTY = 1.0
_LANDMARKS = 2_000
_TERMS = 10
# Scores hang on the processor in their last digits; what is chosen and told does not.
_TOLD, _PARTS = 4, 7
_FORMAT = 1


@dataclass(frozen=True)
class Router:
    """A fitted router.

    Attributes
    ----------
    target
        The column it was taught.
    names
        Values of the target it can name, in order.
    classes
        ``columns.ROUTED``: for every value how many messages had it, and, leaving each message
        out in turn, how often the router was right when it named it (precision) and how much of
        it was found (recall), with 95 % Wilson intervals.
    accuracy
        Share of messages routed rightly when left out, "not sure" apart.
    calibration_error
        Mean distance between the probability of the best value and how often it is right, over
        ten bins of equally many left-out messages (expected calibration error). Each fifth of them
        is calibrated by the other four.
    """

    target: str
    names: tuple[str, ...]
    classes: pl.DataFrame
    accuracy: float
    calibration_error: float
    _features: Features
    _model: ridge.Ridge
    _parents: Int64Array  # the value of the target each class of the model belongs to
    _temperature: float
    _curve: Float64Array  # 2 x knots: probability of the model, how often it is right

    def assign(self, messages: pl.DataFrame, *, sure: float = 0.2) -> pl.DataFrame:
        """Name the most probable value of the target for each message.

        Parameters
        ----------
        messages
            Needs ``message_id`` and ``text``.
        sure
            Below this probability the value is null, «not sure». At the default four of five
            suggestions left out would be wrong, and checking them costs more time than reading the
            message. 0 always names one.

        Returns
        -------
        DataFrame
            ``columns.ROUTES`` with its column ``rubric`` named after the target, ordered by
            message.

        Raises
        ------
        SchemaError
            If a column is missing.
        ParameterError
            If ``sure`` is not in [0, 1].
        """
        if not 0 <= sure <= 1:
            raise ParameterError(f"sure {sure} is not in [0, 1]", where="Router.assign")
        ids, documents = _read(messages, where="Router.assign")
        rows = self._features.transform(documents)
        probabilities = self._probabilities(self._model.scores(rows))
        # Of a message without a known word nothing is known but how common the values are.
        unknown = np.diff(rows.indptr) == 0
        probabilities[unknown] = summed(self._model.bias[None, :], self._parents, len(self.names))
        best, top = probabilities.argmax(axis=1), probabilities.max(axis=1)
        routes = pl.DataFrame(
            {
                columns.MESSAGE_ID: ids,
                self.target: pl.Series([self.names[place] for place in best], dtype=pl.String),
                columns.PROBABILITY: np.where(unknown, top, np.interp(top, *self._curve)).round(
                    _TOLD
                ),
            }
        )
        return routes.with_columns(
            pl.when(pl.col(columns.PROBABILITY) >= sure).then(pl.col(self.target))
        ).sort(columns.MESSAGE_ID)

    def explain(self, messages: pl.DataFrame) -> pl.DataFrame:
        """Name the words that spoke for the most probable value, «not sure» or not.

        Parameters
        ----------
        messages
            Needs ``message_id`` and ``text``.

        Returns
        -------
        DataFrame
            ``columns.REASONS``: up to ten lemmas per message and their part in the score of the
            value, which is about 1 where the value is certain; largest first.
        """
        ids, documents = _read(messages, where="Router.explain")
        rows = self._features.transform(documents)
        scores = self._model.scores(rows)
        best = self._probabilities(scores).argmax(axis=1)
        found = []
        for place, lemmas in enumerate(documents):
            leaves = np.flatnonzero(self._parents == best[place])
            leaf = leaves[scores[place, leaves].round(DECIMALS).argmax()]
            row = rows[place]
            # Only the landmarks that share a term with the message weigh its terms.
            weights = np.zeros(rows.shape[1])
            part = self._model.landmarks[:, row.indices].T @ self._model.coefficients[:, leaf]
            weights[row.indices] = row.data * part
            shares = {
                term: round(share, _PARTS)
                for term, share in self._features.shares(lemmas, weights).items()
            }
            ranked = sorted(shares.items(), key=lambda share: (-share[1], share[0]))
            found += [(ids[place], term, weight) for term, weight in ranked[:_TERMS] if weight > 0]
        reasons = pl.DataFrame(found, schema=columns.REASONS.schema, orient="row")
        return reasons.sort(
            columns.MESSAGE_ID, columns.WEIGHT, columns.TERM, descending=[False, True, False]
        )

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write the router into a folder, as JSON and plain arrays; return the folder.

        The landmarks hold the lemmas of training messages as numbers and the vocabulary in plain
        text: keep the folder with the data it was made from.
        """
        folder = Path(folder)
        description = {
            "format": _FORMAT,
            "target": self.target,
            "names": self.names,
            "accuracy": self.accuracy,
            "calibration_error": self.calibration_error,
            "temperature": self._temperature,
            "vocabularies": [list(vocabulary) for vocabulary in self._features.vocabularies],
            "classes": self.classes.to_dict(as_series=False),
        }
        arrays = {
            "idf_0": self._features.idf[0],
            "idf_1": self._features.idf[1],
            "data": self._model.landmarks.data,
            "indices": self._model.landmarks.indices,
            "indptr": self._model.landmarks.indptr,
            "coefficients": self._model.coefficients,
            "bias": self._model.bias,
            "parents": self._parents,
            "curve": self._curve,
        }
        with files.replacing(folder / "arrays.npz") as path, path.open("wb") as file:
            np.savez_compressed(file, **arrays)
        files.write_text(folder / "router.json", json.dumps(description, ensure_ascii=False))
        return folder

    def _probabilities(self, scores: Float64Array) -> Float64Array:
        return chances(scores, self._temperature, self._parents, len(self.names))


@exact.one_thread()
def fit(messages: pl.DataFrame, *, target: str = columns.RUBRIC, seed: int = 0) -> Router:
    """Learn to route from messages that have been routed.

    Parameters
    ----------
    messages
        Needs ``message_id``, ``text`` and the target. Rows without a target or without a word are
        passed over. For ``rubric_group`` rubrics are used where they are there: the model learns
        them and sums their probabilities, so that one group may hold unlike rubrics.
    target
        ``"rubric"``, ``"rubric_group"`` or ``"agency"``.
    seed
        Of the choice of landmarks where there are more than 2,000 messages.

    Returns
    -------
    Router
        With its quality on messages left out.

    Raises
    ------
    SchemaError
        If a column is missing.
    NotEnoughDataError
        If fewer than two values of the target have a message with a word.
    """
    if target not in _TARGETS:
        raise ParameterError(
            f"target {target!r} is unknown", where="routing.fit", remedy=f"One of {_TARGETS}"
        )
    needed = [columns.MESSAGE_ID, columns.TEXT, target]
    columns.MESSAGES.require(messages, needed, where="routing.fit")
    leaf = columns.RUBRIC if columns.RUBRIC in messages.columns else target
    if target != columns.RUBRIC_GROUP:
        leaf = target
    known = messages.filter(pl.col(target).is_not_null() & pl.col(columns.TEXT).is_not_null())
    taught = (
        prepare.with_terms(known)
        .select(
            columns.MESSAGE_ID,
            pl.col(columns.TEXT).cast(pl.String),
            pl.col(target).cast(pl.String).alias("parent"),
            pl.col(leaf).cast(pl.String).fill_null("").alias("leaf"),
            pl.col(columns.TERM_LIST).alias("lemmas"),
        )
        .filter(pl.col("lemmas").list.len() > 0)
        .sort(columns.MESSAGE_ID, columns.TEXT)
    )
    names = taught["parent"].unique().sort()
    if len(names) < 2:
        raise NotEnoughDataError(
            f"{len(names)} values of {target} have a message with a word, two are needed",
            where="routing.fit",
            remedy="Give messages that were routed, or another target",
            code="few_rubrics",
        )
    leaves = taught.select("parent", "leaf").unique().sort("parent", "leaf")
    leaves = leaves.with_row_index("class")
    classes = taught.join(leaves, on=["parent", "leaf"], how="left", maintain_order="left")["class"]
    parents = np.searchsorted(names.to_numpy(), leaves["parent"].to_numpy())
    # A name of a rubric is one more message of it; a number is not a name.
    named = leaves.with_columns(text.terms(leaves["leaf"]).alias("lemmas")).filter(
        pl.col("lemmas").list.len() > 0
    )
    documents = [*taught["lemmas"].to_list(), *named["lemmas"].to_list()]
    truth = np.concatenate([classes.to_numpy(), named["class"].to_numpy()]).astype(np.int64)
    features = Features.fit(documents)
    model, left_out = ridge.fit(
        features.transform(documents),
        truth,
        leaves.height,
        weights=_weights(truth),
        landmarks=_landmarks(taught.height, len(documents), seed),
        penalty=_PENALTY,
    )
    left_out = left_out[: taught.height]
    target_truth = parents[truth[: taught.height]]
    temperature = temperature_of(left_out, parents, target_truth)
    probabilities = chances(left_out, temperature, parents, len(names))
    best, top = probabilities.argmax(axis=1), probabilities.max(axis=1)
    right = best == target_truth
    return Router(
        target=target,
        names=tuple(names),
        classes=quality(names, target_truth, best),
        accuracy=float(np.mean(right)),
        calibration_error=calibration_error(top, right, seed),
        _features=features,
        _model=model,
        _parents=parents,
        _temperature=temperature,
        _curve=curve(top, right),
    )


def load(folder: str | os.PathLike[str]) -> Router:
    """Read a router written by :meth:`Router.save`.

    Raises
    ------
    InputError
        If the folder does not hold a router of this version.
    """
    folder = Path(folder)
    try:
        description = json.loads((folder / "router.json").read_text(encoding="utf-8"))
        if description["format"] != _FORMAT:
            raise ValueError(f"format {description['format']}")
        with np.load(folder / "arrays.npz", allow_pickle=False) as arrays:
            landmarks = scipy.sparse.csr_matrix(
                (arrays["data"], arrays["indices"], arrays["indptr"]),
                shape=(len(arrays["indptr"]) - 1, len(arrays["idf_0"]) + len(arrays["idf_1"])),
            )
            return Router(
                target=description["target"],
                names=tuple(description["names"]),
                classes=pl.DataFrame(description["classes"], schema=columns.ROUTED.schema),
                accuracy=description["accuracy"],
                calibration_error=description["calibration_error"],
                _features=Features(
                    tuple(
                        {term: place for place, term in enumerate(terms)}
                        for terms in description["vocabularies"]
                    ),
                    (arrays["idf_0"], arrays["idf_1"]),
                ),
                _model=ridge.Ridge(landmarks, arrays["coefficients"], arrays["bias"]),
                _parents=arrays["parents"],
                _temperature=description["temperature"],
                _curve=arrays["curve"],
            )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"not a saved router ({error})",
            where=str(folder),
            remedy="Name the folder Router.save wrote, or fit and save again",
        ) from error


def _read(messages: pl.DataFrame, *, where: str) -> tuple[pl.Series, list[list[str]]]:
    columns.MESSAGES.require(messages, [columns.MESSAGE_ID, columns.TEXT], where=where)
    ids = messages[columns.MESSAGE_ID].cast(pl.String)
    if ids.null_count():
        raise SchemaError(f"column {columns.MESSAGE_ID} has empty values", where=where)
    lemmas = prepare.with_terms(messages)[columns.TERM_LIST]
    return ids, [words or [] for words in lemmas.to_list()]


def _landmarks(messages: int, documents: int, seed: int) -> Int64Array:
    """Every name and up to 2,000 messages at random, in order."""
    chosen = np.random.default_rng(seed).permutation(messages)[:_LANDMARKS]
    return np.concatenate([np.sort(chosen), np.arange(messages, documents)])


def _weights(classes: Int64Array) -> Float64Array:
    """Weigh messages by the root of how rare their class is.

    Halfway between equal messages, where rare rubrics are never named, and equal rubrics, where
    one message outweighs hundreds.
    """
    sizes = np.bincount(classes)
    return np.asarray(np.sqrt(sizes[sizes > 0].mean() / sizes[classes]))
