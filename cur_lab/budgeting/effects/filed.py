"""Which subject of complaints a project is about: by its own category, else by its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import prepare, text
from cur_lab.columns import BY_CATEGORY, BY_WORDS, UNCERTAIN
from cur_lab.errors import NotEnoughDataError

# A subject given by words is wrong in one case of five at most, or is not given.
_SURE = 0.8
# Messages the router learns from: more cost minutes and teach little.
_TAUGHT = 4_000
# Projects of known subject that tell how words fare; of one subject, to tell of that.
_FEWEST, _FEWEST_OF_ONE = 30, 5
# Share of a project's words that some message has.
_HEARD = 0.5


@dataclass(frozen=True, eq=False)
class Subjects:
    """Projects with their subject, and how often a subject given by words is wrong.

    Attributes
    ----------
    projects
        ``project_id, municipality, rubric, told_by, probability``.
    error
        Share of wrong subjects among those given by words, as measured on projects whose category
        tells, or as the router expects of itself.
    """

    projects: pl.DataFrame
    error: float


def subjects(described: pl.DataFrame, messages: pl.DataFrame, *, by: str, seed: int) -> Subjects:
    """Give every project the subject its category names, else the one its words surely tell.

    Parameters
    ----------
    described
        ``project_id, municipality, text, category``.
    messages
        ``message_id``, ``text`` and the columns of the rubricator.
    by
        Column whose values are the subjects: ``rubric`` or ``rubric_group``.
    seed
        Of the messages the router learns from.
    """
    allowed = _allowed(described, _names(messages, by))
    own = [next(iter(fits)) if len(fits) == 1 else None for fits in allowed]
    rows = described.with_columns(
        pl.Series("own", own, dtype=pl.String), pl.Series("fits", [sorted(f) for f in allowed])
    )
    if rows["own"].null_count() == 0:
        routed, error = rows.with_columns(said=pl.lit(None, pl.String), p=pl.lit(None)), 0.0
    else:
        routed, error = _trusted(_routed(rows, messages, by, seed))
    # Of several categories the words may choose one, not name another.
    fits = (pl.col("fits").list.len() == 0) | pl.col("fits").list.contains(pl.col("said"))
    by_words = pl.col("own").is_null() & pl.col("said").is_not_null() & fits
    told_by = (
        pl.when(pl.col("own").is_not_null())
        .then(pl.lit(BY_CATEGORY))
        .when(by_words)
        .then(pl.lit(BY_WORDS))
        .otherwise(pl.lit(UNCERTAIN))
    )
    subject = pl.coalesce("own", pl.when(by_words).then("said"))
    return Subjects(
        routed.select(
            c.PROJECT_ID,
            c.MUNICIPALITY,
            subject.alias(c.RUBRIC),
            told_by.alias(c.TOLD_BY),
            pl.when(by_words).then("p").cast(pl.Float64).alias(c.PROBABILITY),
            c.CATEGORY,
        ).sort(c.PROJECT_ID),
        error,
    )


def bounds(counted: pl.DataFrame, error: float) -> pl.DataFrame:
    """Between how many and how many projects each subject has, were words wrong so often.

    Parameters
    ----------
    counted
        ``rubric``, ``n_projects`` and ``guessed``, those given by words; null stands for those of
        no subject, which may be of any.
    error
        Share of wrong subjects among those given by words.

    Returns
    -------
    DataFrame
        The frame with ``n_projects_low, n_projects_high``.
    """
    guessed = counted["guessed"].to_numpy()
    unknown = counted.filter(pl.col(c.RUBRIC).is_null())[c.N_PROJECTS].sum()
    law = scipy.stats.binom
    # Of the guessed so many are right at least; of those guessed elsewhere so many are its own.
    wrong = guessed - np.maximum(law.ppf(0.025, guessed, 1 - error), 0)
    missed = np.maximum(law.ppf(0.975, guessed.sum() - guessed, error), 0)
    told = pl.col(c.RUBRIC).is_not_null()
    low = pl.col(c.N_PROJECTS) - pl.Series(wrong, dtype=pl.Int64)
    high = pl.col(c.N_PROJECTS) + pl.Series(missed, dtype=pl.Int64) + unknown
    return counted.with_columns(
        pl.when(told).then(low).alias(c.N_PROJECTS_LOW),
        pl.when(told).then(high).alias(c.N_PROJECTS_HIGH),
    )


def _names(messages: pl.DataFrame, by: str) -> list[tuple[str, list[str], bool]]:
    """Subject, words of a name that stands for it, and whether the name is its own."""
    finer = c.RUBRIC if by == c.RUBRIC_GROUP and c.RUBRIC in messages.columns else by
    pairs = messages.select(pl.col(by).alias("subject"), pl.col(finer).alias("name")).drop_nulls()
    named = pl.concat([pairs, pairs.select("subject", pl.col("subject").alias("name"))])
    named = named.unique().sort("subject", "name")
    terms = text.terms(named["name"]).to_list()
    return [
        (subject, words or [], subject == name)
        for (subject, name), words in zip(named.iter_rows(), terms, strict=True)
    ]


def _allowed(
    described: pl.DataFrame, names: list[tuple[str, list[str], bool]]
) -> list[frozenset[str]]:
    """Subjects that the categories of each project name; none where they name nothing."""
    filed = described[c.CATEGORY].fill_null("").str.split(",")
    each = pl.Series([name.strip() for names_ in filed for name in names_]).unique().sort()
    terms = text.terms(each).to_list()
    meant = {name: _meant(words or [], names) for name, words in zip(each, terms, strict=True)}
    return [
        frozenset(found for name in names_ if (found := meant[name.strip()]) is not None)
        for names_ in filed
    ]


def _meant(category: list[str], names: list[tuple[str, list[str], bool]]) -> str | None:
    """Name the only subject whose names share most words with a category; else none.

    Half of the words are enough for a subject's own name, more than half for that of a rubric in
    it; an adjective alone (common areas, common transport) is no subject.
    """
    words, best = set(category), dict[str, tuple[float, bool]]()
    for subject, of_name, own in names:
        shared = words & set(of_name)
        if not any("NOUN" in parse.tag for word in shared for parse in text.parses(word)):
            continue
        share = len(shared) / len(words)
        if share > 0.5 or (own and share == 0.5):
            best[subject] = max(best.get(subject, (0.0, False)), (share, own))
    most = max(best.values(), default=None)
    first = [subject for subject, score in best.items() if score == most]
    return first[0] if len(first) == 1 else None


def _routed(rows: pl.DataFrame, messages: pl.DataFrame, by: str, seed: int) -> pl.DataFrame:
    """Ask a router taught by messages for the subject of every project."""
    known = messages.drop_nulls(by).sort(c.MESSAGE_ID)
    if known.height > _TAUGHT:
        known = known.sample(_TAUGHT, seed=seed)
    # Two rows of one project are asked apart.
    asked = rows.with_row_index(c.MESSAGE_ID).select(pl.col(c.MESSAGE_ID).cast(pl.String), c.TEXT)
    rows = rows.with_columns(asked[c.MESSAGE_ID])
    try:
        from cur_lab import routing

        routes = routing.fit(known, target=by, seed=seed).assign(asked, sure=_SURE)
    except NotEnoughDataError:
        # Of one rubric, or none with a word, nothing is learnt.
        return rows.with_columns(said=pl.lit(None, pl.String), p=pl.lit(None, pl.Float64))
    # Runs of letters alone make a word nobody wrote like any other.
    spoken = prepare.with_terms(known)[c.TERM_LIST].explode().drop_nulls().unique()
    own_words = pl.col(c.TERM_LIST).list.eval(pl.element().is_in(spoken.implode()))
    heard = prepare.with_terms(asked).select(c.MESSAGE_ID, own_words.list.mean().alias("heard"))
    said = routes.select(c.MESSAGE_ID, pl.col(by).alias("said"), pl.col(c.PROBABILITY).alias("p"))
    joined = rows.join(said, on=c.MESSAGE_ID, how="left", maintain_order="left").join(
        heard, on=c.MESSAGE_ID, how="left", maintain_order="left"
    )
    return joined.with_columns(pl.when(pl.col("heard") >= _HEARD).then("said").alias("said"))


def _trusted(routed: pl.DataFrame) -> tuple[pl.DataFrame, float]:
    """Leave out subjects that words give wrongly where a category tells; say how often that is."""
    checked = routed.drop_nulls(["own", "said"]).with_columns(right=pl.col("own") == pl.col("said"))
    of_subject = checked.group_by("said").agg(pl.len().alias("n"), pl.col("right").mean())
    doubted = of_subject.filter(pl.col("n") >= _FEWEST_OF_ONE, pl.col("right") < _SURE)["said"]
    bad = pl.col("said").is_in(doubted.implode())
    kept = routed.with_columns(pl.when(~bad).then("said").alias("said"))
    checked = checked.filter(~bad)
    if checked.height >= _FEWEST:
        right = checked["right"].mean()
    else:
        right = kept.filter(pl.col("own").is_null()).drop_nulls("said")["p"].mean()
    return kept, 0.0 if right is None else 1.0 - float(right)  # type: ignore[arg-type]
