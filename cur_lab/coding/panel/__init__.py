"""Entries scored by experts: fair scores, ranks with intervals, who is likely to win."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.coding.alpha import alpha, of_tallies, tallies
from cur_lab.coding.panel import facets
from cur_lab.columns import needs
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError
from cur_lab.inference import FloatArray, q_values

__all__ = ["Panel", "panel"]

_WHERE = "coding.panel"
_MOST_STEPS = 20
_DRAWS, _EACH = 200, 20
_RESAMPLES = 500
_FDR = 0.05
# What is left of a maximum and of draws hangs on the processor.
_DIGITS = 5


@dataclass(frozen=True, eq=False)
class Panel:
    """What a panel's scores say once the judges' severity is taken out.

    Judges have numbers, not names.

    Attributes
    ----------
    entries
        ``columns.PANEL_ENTRIES``, the best first.
    judges
        ``columns.PANEL_JUDGES``, the strictest first.
    criteria
        ``columns.PANEL_CRITERIA``, the hardest first.
    overall
        ``columns.PANEL_OVERALL``, one row.
    unusual
        ``columns.PANEL_UNUSUAL``: a judge and an entry whose scores the other judges and the
        judge's own severity do not foretell, at a false-discovery rate of 5 %.
    aside
        ``columns.PANEL_ASIDE``: scores that were not used, and why.
    """

    entries: pl.DataFrame
    judges: pl.DataFrame
    criteria: pl.DataFrame
    overall: pl.DataFrame
    unusual: pl.DataFrame
    aside: pl.DataFrame


@needs(c.JUDGE, c.ENTRY, c.CRITERION, c.SCORE)
def panel(scores: pl.DataFrame, *, prizes: int = 15, seed: int = 0) -> Panel:
    """Rank entries as if the same average judge had scored them all.

    Where not everybody scores everything, an entry that met strict judges has a low mean. A
    many-facet Rasch model takes the judges' severity and the criteria's difficulty out.

    Parameters
    ----------
    scores
        ``judge, entry, criterion, score``; a column ``interested`` (true where the judge has an
        interest in the entry) is heeded where it is there: such scores are not used.
    prizes
        How many places win.
    seed
        Of the draws that ranks and intervals are made of.

    Returns
    -------
    Panel
        Fair scores and ranks with 95 % intervals, the probability of being among the winners,
        severities in points.

    Raises
    ------
    NotEnoughDataError
        If fewer than two judges or two entries are left, or all scores are the same.
    ParameterError
        If ``prizes`` is below one.
    SchemaError
        If a column is missing, a judge scored an entry twice by one criterion, or the scale has
        more than 20 steps.

    Notes
    -----
    A judge who gives every entry the same tells nothing of them and is set aside. Scores of one
    judge for one entry by several criteria repeat each other (halo); each then counts for less.
    Qualities are taken to be normally distributed, so that an entry few have scored is pulled
    towards the mean. Where a part of the judges shares no entry with the rest, their severity is
    known only if entries were dealt out at random; ``aside`` says ``not_linked`` with their number,
    though their scores are used.

    References
    ----------
    Linacre J. M. (1989). Many-facet Rasch measurement. Chicago: MESA Press.

    Examples
    --------
    >>> import polars as pl
    >>> given = [("a", "x", 5.0), ("a", "y", 4.0), ("a", "z", 2.0), ("b", "x", 4.0),
    ...          ("b", "y", 2.0), ("b", "z", 1.0)]
    >>> scores = pl.DataFrame(
    ...     [{"judge": j, "entry": e, "criterion": "всё", "score": s} for j, e, s in given])
    >>> result = panel(scores, prizes=1)
    >>> result.entries["entry"].to_list()
    ['x', 'y', 'z']
    >>> result.judges["mean_score"].round(1).to_list()
    [2.3, 3.7]
    """
    used, aside = _used(scores, prizes)
    coded, names = _numbered(used)
    found = facets.fit(coded)
    drawn = facets.draws(found, coded, number=_DRAWS, each=_EACH, seed=seed)
    judges, number = _judges(used, drawn, found, coded, names[c.JUDGE])
    return Panel(
        _entries(used, drawn, names[c.ENTRY], prizes),
        judges,
        _criteria(used, drawn, names[c.CRITERION]),
        _overall(used, drawn, found, seed),
        _unusual(found, coded, names[c.ENTRY], number),
        aside,
    )


# --- scores -------------------------------------------------------------------------------------


def _used(scores: pl.DataFrame, prizes: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Scores that tell something, and what was set aside."""
    key = [c.JUDGE, c.ENTRY, c.CRITERION]
    c.PANEL_SCORES.require(scores, [*key, c.SCORE], where=_WHERE)
    if prizes < 1:
        raise ParameterError(
            f"prizes = {prizes} makes no sense", where=_WHERE, remedy="Give one place or more"
        )
    twice = scores.filter(pl.struct(key).is_duplicated()).sort(key)
    if twice.height:
        place = ", ".join(str(cell) for cell in twice.select(key).row(0))
        raise SchemaError(
            f"scored twice: {place}", where=_WHERE, remedy="Keep one score of each judge"
        )
    interested = (
        pl.col(c.INTERESTED).fill_null(False) if c.INTERESTED in scores.columns else pl.lit(False)
    )
    told = scores.with_columns(
        pl.when(pl.any_horizontal(pl.col(*key, c.SCORE).is_null()) | pl.col(c.SCORE).is_nan())
        .then(pl.lit("no_score"))
        .when(interested)
        .then(pl.lit("interested_judge"))
        .alias(c.REASON)
    )
    # Alike by each criterion, over at least three entries: two may well be as good as each other.
    alike = (
        told.filter(pl.col(c.REASON).is_null())
        .group_by(c.JUDGE, c.CRITERION)
        .agg(pl.col(c.SCORE).n_unique().alias("_values"), pl.len().alias("_given"))
        .group_by(c.JUDGE)
        .agg((pl.col("_values").max() == 1) & (pl.col("_given").max() > 2))
        .filter("_values")[c.JUDGE]
    )
    told = told.with_columns(
        pl.when(pl.col(c.REASON).is_null() & pl.col(c.JUDGE).is_in(alike.implode()))
        .then(pl.lit("scored_all_alike"))
        .otherwise(c.REASON)
        .alias(c.REASON)
    )
    used = told.filter(pl.col(c.REASON).is_null()).select(*key, c.SCORE).sort(key)
    if min(used[c.JUDGE].n_unique(), used[c.ENTRY].n_unique(), used[c.SCORE].n_unique()) < 2:
        raise NotEnoughDataError(
            "a panel needs two judges, two entries and two different scores",
            where=_WHERE,
            remedy="Scores that are empty, of an interested judge or the same for all do not count",
            code="few_scores",
        )
    if (steps := used[c.SCORE].n_unique()) > _MOST_STEPS:
        raise SchemaError(
            f"the scale has {steps} different scores",
            where=_WHERE,
            remedy=f"Round scores to {_MOST_STEPS} steps or fewer: (pl.col('score') / 5).round()",
        )
    apart = _apart(used)
    aside = pl.concat([told.drop_nulls(c.REASON).select(c.JUDGE, c.REASON), apart])
    counted = aside.group_by(c.REASON).agg(
        pl.col(c.JUDGE).n_unique().alias(c.JUDGES_COUNT), pl.len().alias(c.N)
    )
    return used, c.PANEL_ASIDE.conform(counted.sort(c.REASON))


def _apart(used: pl.DataFrame) -> pl.DataFrame:
    """Scores of judges who share no entry, even through others, with the largest group."""
    group = {judge: number for number, judge in enumerate(used[c.JUDGE].unique().sort())}
    met = used.group_by(c.ENTRY).agg(pl.col(c.JUDGE).unique())[c.JUDGE].to_list()
    for _ in group:
        for judges in met:
            least = min(group[judge] for judge in judges)
            group.update(dict.fromkeys(judges, least))
    of_judge = pl.DataFrame({c.JUDGE: list(group), "_group": list(group.values())})
    told = used.join(of_judge, on=c.JUDGE, how="left")
    sizes = told.group_by("_group").len().sort(["len", "_group"], descending=[True, False])
    return told.filter(pl.col("_group") != sizes["_group"][0]).select(
        c.JUDGE, pl.lit("not_linked").alias(c.REASON)
    )


def _numbered(used: pl.DataFrame) -> tuple[facets.Scores, dict[str, pl.Series]]:
    names = {name: used[name].unique().sort() for name in (c.ENTRY, c.JUDGE, c.CRITERION, c.SCORE)}
    entry, judge, criterion, step = (
        values.search_sorted(used[name]).to_numpy().astype(np.int64)
        for name, values in names.items()
    )
    sizes = (len(names[name]) for name in (c.ENTRY, c.JUDGE, c.CRITERION))
    points = names[c.SCORE].to_numpy()
    return facets.Scores(entry, judge, criterion, step, points, *sizes), names


# --- tables -------------------------------------------------------------------------------------


def _span(draws: FloatArray, name: str) -> dict[str, FloatArray]:
    """Mean of the draws in a column's place and the ends of its 95 % interval."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return {name: draws.mean(axis=0), f"{name}_low": low, f"{name}_high": high}


def _entries(
    used: pl.DataFrame, drawn: facets.Drawn, names: pl.Series, prizes: int
) -> pl.DataFrame:
    order = (-drawn.fair).argsort(axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(1, len(names) + 1)[None, :], axis=1)
    low, middle, high = np.quantile(rank, [0.025, 0.5, 0.975], axis=0, method="nearest")
    found = pl.DataFrame(
        {
            c.ENTRY: names,
            **_span(drawn.fair, c.FAIR_SCORE),
            c.FAIR_RANK: middle,
            f"{c.FAIR_RANK}_low": low,
            f"{c.FAIR_RANK}_high": high,
            c.WIN_PROBABILITY: (rank <= prizes).mean(axis=0),
        }
    )
    given = used.group_by(c.ENTRY).agg(
        pl.col(c.JUDGE).n_unique().alias(c.JUDGES_COUNT),
        pl.len().alias(c.SCORES_COUNT),
        pl.col(c.SCORE).sort().mean().alias(c.MEAN_SCORE),
    )
    table = found.join(given, on=c.ENTRY, how="left", validate="1:1").with_columns(
        pl.col(c.MEAN_SCORE).round(9).rank("min", descending=True).alias(c.MEAN_RANK)
    )
    ordered = c.PANEL_ENTRIES.conform(table, digits=_DIGITS)
    return ordered.sort(c.FAIR_SCORE, c.ENTRY, descending=[True, False])


def _judges(
    used: pl.DataFrame,
    drawn: facets.Drawn,
    found: facets.Fit,
    coded: facets.Scores,
    names: pl.Series,
) -> tuple[pl.DataFrame, dict[int, int]]:
    given = used.group_by(c.JUDGE).agg(
        pl.len().alias(c.SCORES_COUNT), pl.col(c.SCORE).sort().mean().alias(c.MEAN_SCORE)
    )
    table = pl.DataFrame(
        {
            c.JUDGE: names,
            "_place": np.arange(len(names)),
            **_span(drawn.severity, c.SEVERITY),
            c.MISFIT: facets.misfit(found, coded),
        }
    ).join(given, on=c.JUDGE, how="left", validate="1:1")
    rounded = table.with_columns(pl.col(c.SEVERITY).round_sig_figs(_DIGITS))
    numbered = rounded.sort(c.SEVERITY, c.JUDGE, descending=[True, False]).with_row_index(
        c.JUDGE_NUMBER, offset=1
    )
    number = dict(numbered.select("_place", c.JUDGE_NUMBER).iter_rows())
    return c.PANEL_JUDGES.conform(numbered.drop(c.JUDGE), digits=_DIGITS), number


def _criteria(used: pl.DataFrame, drawn: facets.Drawn, names: pl.Series) -> pl.DataFrame:
    given = used.group_by(c.CRITERION).agg(pl.len().alias(c.SCORES_COUNT))
    table = pl.DataFrame({c.CRITERION: names, **_span(drawn.difficulty, c.DIFFICULTY)})
    ordered = c.PANEL_CRITERIA.conform(
        table.join(given, on=c.CRITERION, how="left", validate="1:1"), digits=_DIGITS
    )
    return ordered.sort(c.DIFFICULTY, c.CRITERION, descending=[True, False])


def _overall(used: pl.DataFrame, drawn: facets.Drawn, found: facets.Fit, seed: int) -> pl.DataFrame:
    """How well the panel tells entries apart, and how far its judges agree."""
    wide = (
        used.group_by(c.ENTRY, c.JUDGE)
        .agg(pl.col(c.SCORE).sort().mean())
        .pivot(c.JUDGE, index=c.ENTRY, values=c.SCORE, sort_columns=True)
        .sort(c.ENTRY)
        .drop(c.ENTRY)
        .to_numpy()
        .astype(float)
    )
    counts, scale = tallies(wide)
    random = np.random.default_rng(seed)
    times = random.multinomial(
        len(counts), np.full(len(counts), 1 / max(len(counts), 1)), _RESAMPLES
    )
    again = np.array([of_tallies(counts, scale, drawn, level="interval") for drawn in times])
    agreement = {"alpha": alpha(wide, level="interval")}
    if np.isfinite(again).mean() > 0.9:
        agreement["alpha_low"], agreement["alpha_high"] = np.nanquantile(again, [0.025, 0.975])
    row = {
        "entries": used[c.ENTRY].n_unique(),
        c.JUDGES_COUNT: used[c.JUDGE].n_unique(),
        c.SCORES_COUNT: used.height,
        **{name: float(value) for name, value in _span(drawn.reliability, c.RELIABILITY).items()},
        **agreement,
        c.HALO: found.halo,
    }
    return c.PANEL_OVERALL.conform(pl.DataFrame([row]).fill_nan(None), digits=_DIGITS)


def _unusual(
    found: facets.Fit, coded: facets.Scores, entries: pl.Series, number: dict[int, int]
) -> pl.DataFrame:
    pairs, given, foretold, p = facets.surprises(found, coded)
    table = pl.DataFrame(
        {
            c.ENTRY: entries.gather(pairs // coded.judges),
            c.JUDGE_NUMBER: [number[place] for place in pairs % coded.judges],
            c.OBSERVED: given,
            c.EXPECTED: foretold,
            c.Q_VALUE: q_values(p),
        },
        schema_overrides={c.JUDGE_NUMBER: pl.Int64},
    ).filter(pl.col(c.Q_VALUE) <= _FDR)
    ordered = c.PANEL_UNUSUAL.conform(table, digits=_DIGITS)
    return ordered.sort(c.Q_VALUE, c.ENTRY, c.JUDGE_NUMBER)
