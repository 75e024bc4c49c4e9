"""A sheet by which two people judge whether topics hold together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.errors import NotEnoughDataError
from cur_lab.topics.model import Model

_OWN = 4


@dataclass(frozen=True, slots=True)
class Intrusion:
    """A sheet to hand out and the key to keep.

    Attributes
    ----------
    sheet
        Columns of :data:`cur_lab.columns.INTRUSION_SHEET`: tasks of five texts, one of which comes
        from another topic.
    key
        Columns of :data:`cur_lab.columns.INTRUSION_KEY`: which one.
    """

    sheet: pl.DataFrame
    key: pl.DataFrame


def intrusion(model: Model, *, seed: int = 0) -> Intrusion:
    """Make a document-intrusion task of every topic with at least four examples.

    A topic holds together if people who do not know the key find the text that does not belong.
    Guessing finds one of five.

    Parameters
    ----------
    model
        Fitted topics; their redacted examples are used.
    seed
        Of the order of tasks and texts, and of the intruders.

    Raises
    ------
    NotEnoughDataError
        If there are fewer than two topics, or none has four examples.

    References
    ----------
    Chang J. et al. (2009). Reading tea leaves: How humans interpret topic models. NIPS 22.
    """
    examples = dict(model.topics.sort(c.TOPIC).select(c.TOPIC, c.EXAMPLES).iter_rows())
    judged = [topic for topic, texts in examples.items() if len(texts) >= _OWN]
    if len(examples) < 2 or not judged:
        raise NotEnoughDataError(
            "an intruder needs a topic with four examples and another topic",
            where="topics.intrusion",
            remedy="Fit on more messages",
            code="few_texts",
        )
    rng = np.random.default_rng(seed)
    sheet, key = [], []
    for row, topic in enumerate(rng.permutation(judged).tolist()):
        own = rng.permutation(len(examples[topic]))[:_OWN]
        texts = [examples[topic][number] for number in own]
        others = [other for other, found in examples.items() if other != topic and found]
        stranger = int(rng.choice(others))
        place = int(rng.integers(_OWN + 1))
        texts.insert(place, examples[stranger][int(rng.integers(len(examples[stranger])))])
        sheet += [(row, option, shown) for option, shown in enumerate(texts)]
        key.append((row, topic, place, stranger))
    return Intrusion(
        sheet=c.INTRUSION_SHEET.conform(
            pl.DataFrame(sheet, schema=[c.ROW, c.OPTION, c.TEXT], orient="row")
        ),
        key=c.INTRUSION_KEY.conform(
            pl.DataFrame(key, schema=[c.ROW, c.TOPIC, c.INTRUDER, c.INTRUDER_TOPIC], orient="row")
        ),
    )
