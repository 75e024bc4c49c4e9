"""New subjects: words that many suddenly use in one district, whatever rubric they are put under.

A rubricator has no drawer for what never happened before. So every lemma of a district is compared
with its own past: of the messages of the last day, as many are expected to hold it as held it
before in the region or lately, here or elsewhere, whichever is most. Words that sit in one rubric
are left to the scan of that rubric. A place is no subject: streets and districts are left out, in
whatever case and letters they stand.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import prepare, text
from cur_lab.inference import BoolArray, FloatArray, IntArray
from cur_lab.inference.overdispersed import at_least
from cur_lab.trends.alarms.events import DAY, HOUR, ROW, ROW_PLACE
from cur_lab.trends.alarms.scan import RUN_IN, Scores

LEMMA = "_lemma"
_DULL = 3.0  # surprises below which a word is not looked at
_FEWEST = 3  # messages with the word below which it is no subject
_LATELY = 28 * DAY
_CLUMP = 0.3
_OWN_PRIOR = 200.0  # messages by which a district's share of a word is drawn to the region's
_ONE_RUBRIC = 2 / 3
_NOT_SHOWN = frozenset({"Name", "Surn", "Patr", "Abbr", "Geox"})
_OF_STREETS = 0.2  # of its uses so far from which on a word is one of streets


def lemmas(frame: pl.DataFrame) -> pl.DataFrame:
    """Return each message's row number with each of its lemmas; places are left out.

    Only distinct words are analysed: thirty times fewer than there are words.
    """
    return _without_places(frame, _lemmatized(frame.select(ROW, c.TEXT)))


def _lemmatized(texts: pl.DataFrame) -> pl.DataFrame:
    """Each row number with each lemma of its text, once."""
    words = (
        texts.select(
            ROW,
            pl.col(c.TEXT)
            .str.to_lowercase()
            .str.replace_all("ё", "е")
            .str.extract_all(r"[а-я]{4,30}")
            .list.unique()
            .alias("_word"),
        )
        .explode("_word")
        .drop_nulls()
    )
    # A word written twice in all cannot be a subject of three messages, unless inflected.
    distinct = words["_word"].unique().sort()
    lemma = text.terms(distinct).list.first()
    known = pl.DataFrame({"_word": distinct, LEMMA: lemma}).drop_nulls()
    return words.join(known, on="_word", how="inner", validate="m:1").select(ROW, LEMMA).unique()


def _without_places(frame: pl.DataFrame, words: pl.DataFrame) -> pl.DataFrame:
    """Leave out words of districts, of the street a message names, and of streets so far.

    People write «на пролетарской», which no rule tells from other words; but others write the
    street with its kind or a house, and from them it is known.
    """
    if c.MUNICIPALITY in frame.columns:
        districts = frame.select(pl.col(c.MUNICIPALITY).unique().drop_nulls().alias(c.TEXT))
        named = _lemmatized(districts.with_columns(pl.lit(0).alias(ROW)))
        words = words.join(named, on=LEMMA, how="anti")
    addressed = prepare.with_addresses(frame).select(ROW, pl.col(c.STREET).alias(c.TEXT))
    streets = _lemmatized(addressed).with_columns(pl.lit(True).alias("_street"))
    told = words.join(streets, on=[ROW, LEMMA], how="left", validate="1:1").sort(ROW, LEMMA)
    of_street = pl.col("_street").fill_null(False)
    so_far = of_street.cum_sum().over(LEMMA) / pl.int_range(1, pl.len() + 1).over(LEMMA)
    return told.filter(~of_street & (so_far < _OF_STREETS)).select(ROW, LEMMA)


def nameless(lemma: str) -> bool:
    """Tell whether a word may be shown: it is no name of a person or a settlement."""
    return not any(_NOT_SHOWN & set(parse.tag.grammemes) for parse in text.parses(lemma)[:1])


def score_terms(
    frame: pl.DataFrame, found: pl.DataFrame, span: int, period: int
) -> tuple[Scores, list[str]]:
    """Score every word of every district at every period in which it is used.

    Parameters
    ----------
    frame
        Dated messages in order of time.
    found
        Frame of :func:`lemmas` for these messages.
    span
        Hours of the trailing window.
    period
        Hours of a period; windows end with periods.

    Returns
    -------
    tuple
        Scores whose ``group`` numbers lemmas, and the lemmas.
    """
    hour = frame[HOUR].to_numpy()
    place = frame[ROW_PLACE].to_numpy()
    names = found[LEMMA].unique().sort()
    coded = found.with_columns(pl.col(LEMMA).cast(pl.Enum(names)).to_physical().alias("_code"))
    coded = _once_per_author(frame, coded.sort(ROW, "_code"))
    rows = coded_rows = coded[ROW].to_numpy().astype(np.int64)
    code = coded["_code"].to_numpy().astype(np.int64)
    end = hour[rows] // period * period + period - 1  # last hour of the period
    everywhere, here = (
        _Tally(code, hour[rows]),
        _Tally(code * (place.max() + 1) + place[rows], hour[rows]),
    )
    n = here.within(here.key, end, span)
    cell = np.unique(np.stack([end, here.key]), axis=1, return_index=True)[1]
    cell = cell[(n[cell] >= _FEWEST) & (end[cell] >= RUN_IN * DAY)]
    rows, code, end, n = rows[cell], code[cell], end[cell], n[cell].astype(float)
    due = _due(everywhere, here, hour, place, code, place[rows], end, span)
    size = due / (_CLUMP + 0.1 * due)
    surprise = -np.log(np.maximum(at_least(n, due, size), 1e-300))
    kept = surprise >= _DULL
    if c.RUBRIC in frame.columns:
        rubric = frame[c.RUBRIC].rank("dense").fill_null(0).to_numpy().astype(np.int64)
        key = code[kept] * (int(place.max()) + 1) + place[rows[kept]]
        kept[kept] = ~_of_one_rubric(here, rubric[coded_rows], key, end[kept], span)
    rows, code, end, n = rows[kept], code[kept], end[kept], n[kept]
    due, size = due[kept], size[kept]
    scores = Scores(
        hour=end // period,
        group=code,
        place=place[rows],
        surprise=surprise[kept],
        window=np.full(n.size, max(span // period, 1)),
        observed=n,
        expected=due,
        size=size,
        level=due,
    )
    order = np.lexsort((scores.place, scores.group, scores.hour))
    return Scores(
        *(getattr(scores, name)[order] for name in Scores.__dataclass_fields__)
    ), names.to_list()


def _once_per_author(frame: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    """Keep the first use of a word by an author in a day."""
    if c.AUTHOR_ID not in frame.columns:
        return coded
    author = frame[c.AUTHOR_ID].gather(coded[ROW])
    day = frame[HOUR].gather(coded[ROW]) // DAY
    uses = coded.select("_code").with_columns(author, day)
    first = uses.select(pl.struct(pl.all()).is_first_distinct()).to_series()
    return coded.filter(first | author.is_null())


class _Tally:
    """How many events of a key lie in a stretch of time."""

    def __init__(self, key: IntArray, hour: IntArray) -> None:
        self.key = key
        self._length = int(hour.max()) + 2 if hour.size else 1
        self.order = np.argsort(key * self._length + hour, kind="stable")
        self._sorted = (key * self._length + hour)[self.order]

    def stretch(self, key: IntArray, hour: IntArray) -> IntArray:
        """Place in ``order`` after the last event of the key up to and including this hour."""
        at = np.clip(hour, -1, self._length - 2)
        return np.searchsorted(self._sorted, key * self._length + at, side="right")

    def until(self, key: IntArray, hour: IntArray) -> IntArray:
        """Events of the key in hours up to and including this one."""
        return self.stretch(key, hour) - self.stretch(key, np.full_like(hour, -1))

    def within(self, key: IntArray, hour: IntArray, span: int) -> IntArray:
        """Events of the key in the ``span`` hours that end with this one."""
        return self.until(key, hour) - self.until(key, hour - span)


def _due(
    everywhere: _Tally,
    here: _Tally,
    hour: IntArray,
    place: IntArray,
    code: IntArray,
    where: IntArray,
    end: IntArray,
    span: int,
) -> FloatArray:
    """Messages of the window that would hold the word if it were used as before."""
    messages, local = _Tally(np.zeros_like(hour), hour), _Tally(place, hour)
    zero, key = np.zeros_like(end), code * (int(place.max()) + 1) + where
    before = end - span

    def share(seen: IntArray, total: IntArray) -> FloatArray:
        return np.asarray((seen + 0.5) / (total + 1.0))

    always = share(everywhere.until(code, before), messages.until(zero, before))
    lately = share(everywhere.within(code, before, _LATELY), messages.within(zero, before, _LATELY))
    usual = np.maximum(always, lately)
    own = (here.until(key, before) + _OWN_PRIOR * usual) / (local.until(where, before) + _OWN_PRIOR)
    usual = np.maximum(usual, own)
    mine = local.within(where, end, span)
    others = everywhere.within(code, end, span) - here.within(key, end, span)
    due_others = usual * (messages.within(zero, end, span) - mine)
    return np.asarray(usual * mine * np.maximum(1.0, (others + 1) / (due_others + 1)))


def _of_one_rubric(
    here: _Tally, rubric: IntArray, key: IntArray, end: IntArray, span: int
) -> BoolArray:
    """Tell which windows have most of their messages in one stated rubric."""
    ordered = rubric[here.order]
    one = np.zeros(key.size, dtype=bool)
    starts, stops = here.stretch(key, end - span), here.stretch(key, end)
    for cell, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        tally = np.bincount(ordered[start:stop], minlength=1)
        one[cell] = tally[1:].max(initial=0) >= _ONE_RUBRIC * (stop - start)
    return one
