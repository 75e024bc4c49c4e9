"""What a post about a project does to its votes: an event study by hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from cur_lab import columns as c
from cur_lab import exact
from cur_lab.budgeting.effects import hour_regression as regression
from cur_lab.budgeting.effects.post_panel import AFTER, BEFORE, EVERY_KIND, Events, PostPanel
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.inference import FloatArray, IntArray
from cur_lab.readers.election import Election

# The hour before a post is the reference of an event study; so are all hours outside its window.
REFERENCE = -1
OWN, OTHERS = "own", "others"
_FEWEST_POSTS = 5
_FEWEST_CLUSTERS = 6
_MOVES = 99
_LEVEL = 0.95
_DIGITS = 9
_PHASES = {"0-5": (0, 5), "6-23": (6, 23), f"24-{AFTER}": (24, AFTER)}
_WHOLE = f"0-{AFTER}"
_LEADING = "before"
_RARE = 0.05


@dataclass(frozen=True, eq=False)
class PostEffects:
    """Effects of posts on the votes of the project they are about, and of its neighbours.

    Attributes
    ----------
    effects
        Rate ratio and votes beyond the expected by kind of post and hours since. ``before`` is the
        check of the design: a ratio away from one says that posts follow the votes.
    path
        The same hour by hour, against the hour before the post and all hours outside the window;
        pointwise intervals.
    placebos
        The 0-72 ratio at drawn times of the same projects, same hour of day, without a post.
    unused
        Posts that could not be used, and why.
    """

    effects: pl.DataFrame
    path: pl.DataFrame
    placebos: pl.DataFrame
    unused: pl.DataFrame

    @property
    def placebo_p(self) -> float:
        """Share of placebo times with at least as strong an effect (on the log scale)."""
        found = self.effects.filter(
            pl.col(c.TARGET) == OWN, pl.col(c.KIND) == EVERY_KIND, pl.col(c.PHASE) == _WHOLE
        )[c.RATIO][0]
        drawn = self.placebos[c.RATIO]
        if found is None or drawn.is_empty():
            return float("nan")
        return (1 + int((drawn.log().abs() >= abs(np.log(found))).sum())) / (len(drawn) + 1)

    @property
    def doubted(self) -> list[str]:
        """Checks of the design that failed: ``before``, ``placebos``.

        The first where the interval of the ratio before the post leaves one out (votes moved ahead
        of it), the second where more than one drawn time of twenty shows as strong an effect.
        """
        ahead = self.effects.filter(
            pl.col(c.TARGET) == OWN, pl.col(c.KIND) == EVERY_KIND, pl.col(c.PHASE) == _LEADING
        )
        moved = ahead.filter((pl.col(c.RATIO_LOW) > 1) | (pl.col(c.RATIO_HIGH) < 1)).height > 0
        failed = {"before": moved, "placebos": self.placebo_p > _RARE}
        return [name for name, fails in failed.items() if fails]


@c.needs(c.CAST_AT)
def post_effects(
    election: Election, posts: pl.DataFrame, *, placebos: int = 199, seed: int = 0
) -> PostEffects:
    """Estimate what posts about projects did to the votes, by project and hour.

    The model is ``log E[votes of project p in hour h] = project p + hour h + effect``, so that a
    project's popularity, the hour of day, and the rush before the deadline are not taken for an
    effect. Intervals and p-values are clustered by municipality.

    Parameters
    ----------
    election
        Votes with ``cast_at``; projects with a municipality, where there are districts.
    posts
        Table ``posts`` with the column ``project_id``.
    placebos
        How many sets of placebo times are drawn.
    seed
        Of the wild cluster bootstrap and of the placebo times.

    Returns
    -------
    PostEffects
        Votes drawn from other projects of the municipality (displacement) are the row ``others``;
        its interval is at least as wide as what posts moved by whole days would give.

    Raises
    ------
    NotEnoughDataError
        If votes have no times, or fewer than five posts are about a project that got votes.

    Notes
    -----
    The ratio tells the effect of the post together with all that happens because of it or always
    with it. A post published because something else was about to happen (a fair, a meeting) shows
    its effect as its own; ``before`` and the placebos do not detect that.

    References
    ----------
    Sun L., Abraham S. (2021). Estimating dynamic treatment effects in event studies. Journal of
    Econometrics 225, 175-199.
    MacKinnon J. G., Nielsen M. Ø., Webb M. D. (2023), see ``effects.hour_regression``.
    """
    c.POSTS.require(
        posts, (c.POST_ID, c.PROJECT_ID, c.PUBLISHED_AT, c.KIND), where="post_effects(posts)"
    )
    if placebos < 0:
        raise ParameterError("fewer than no placebos", where="placebos")
    panel = PostPanel(election)
    used, unused = panel.usable(posts)
    if used.height < _FEWEST_POSTS:
        raise NotEnoughDataError(
            f"{used.height} posts are about a project with votes during the campaign",
            where="posts",
            remedy=f"At least {_FEWEST_POSTS} are needed; fill the column {c.PROJECT_ID}",
            code="few_posts",
        )
    events = panel.events(used)
    # Threads gain nothing on systems of this size, and their sums differ in the last digit.
    with exact.one_thread():
        return PostEffects(
            c.POST_EFFECTS.conform(_effects(panel, events, seed), digits=_DIGITS),
            _path(panel, events),
            _placebos(panel, events, placebos, seed),
            unused,
        )


@dataclass(frozen=True)
class _Term:
    target: str
    kind: str | tuple[str, ...]
    phase: str
    hours: tuple[int, int]


class _Model:
    """Fits sets of terms and writes their estimates as rows of ``POST_EFFECTS``."""

    def __init__(self, panel: PostPanel, seed: int):
        self.panel, self.seed = panel, seed

    def rows(self, terms: Sequence[_Term], events: Events) -> list[dict[str, object]]:
        """Return one row per term, in the order given."""
        regressors = [
            self.panel.regressor(events.of(t.kind), t.hours, others=t.target == OTHERS)
            for t in terms
        ]
        estimable = [
            place
            for place, (term, row) in enumerate(zip(terms, regressors, strict=True))
            if self.panel.votes_in(row) > 0 and (term.target == OWN or self.panel.has_neighbours)
        ]
        rows: list[dict[str, object]] = [
            {
                c.TARGET: term.target,
                c.KIND: term.kind,
                c.PHASE: term.phase,
                c.POSTS_COUNT: len(events.of(term.kind).unit),
                c.VOTES_COUNT: self.panel.votes_in(row),
                c.NOTE: "" if place in estimable else "nobody_voted",
            }
            for place, (term, row) in enumerate(zip(terms, regressors, strict=True))
        ]
        if not self.panel.has_neighbours:
            for row in rows:
                if row[c.TARGET] == OTHERS:
                    row[c.NOTE] = "no_neighbours"
        if not estimable:
            return rows
        try:
            fitted = regression.fit(
                self.panel.counts,
                scipy.sparse.vstack([regressors[place] for place in estimable]).tocsr(),
                self.panel.cluster,
            )
        except NotEnoughDataError:
            for place in estimable:
                rows[place][c.NOTE] = "not_determined"
            return rows
        low, high, p_values, why = self._intervals(fitted)
        for number, place in enumerate(estimable):
            ends = (fitted.coefficients[number], low[number], high[number])
            for name, beta in zip((c.RATIO, c.RATIO_LOW, c.RATIO_HIGH), ends, strict=True):
                rows[place][name] = _number(np.exp(beta))
            for name, beta in zip((c.EXTRA, c.EXTRA_LOW, c.EXTRA_HIGH), ends, strict=True):
                rows[place][name] = _number(_extra(self.panel, regressors[place], beta))
            rows[place][c.P_VALUE] = _number(p_values[number])
            rows[place][c.NOTE] = why
        return rows

    def _intervals(self, fitted: regression.Fit) -> tuple[FloatArray, FloatArray, FloatArray, str]:
        clusters = len(fitted.scores)
        nothing = np.full(len(fitted.coefficients), np.nan)
        if clusters < _FEWEST_CLUSTERS:
            return nothing, nothing, nothing, "few_clusters"
        return *fitted.intervals(level=_LEVEL, seed=self.seed), ""


def _effects(panel: PostPanel, events: Events, seed: int) -> pl.DataFrame:
    """Rows of all posts, of the phases after a post, and of each kind there is enough of."""
    model = _Model(panel, seed)
    before = _Term(OWN, EVERY_KIND, _LEADING, (-BEFORE, REFERENCE - 1))
    whole = _Term(OWN, EVERY_KIND, _WHOLE, (0, AFTER))
    others = _Term(OTHERS, EVERY_KIND, _WHOLE, (0, AFTER))
    rows = model.rows([before, whole, others], events)
    _widen(rows[-1], panel, events, seed)
    phases = [_Term(OWN, EVERY_KIND, phase, hours) for phase, hours in _PHASES.items()]
    rows += model.rows([before, *phases, others], events)[1:-1]
    kinds, number = np.unique(events.kind, return_counts=True)
    if len(kinds) > 1:
        enough = [_Term(OWN, str(k), _WHOLE, (0, AFTER)) for k in kinds[number >= _FEWEST_POSTS]]
        # Posts of rare kinds stay in the model, without a row of their own.
        rare = tuple(str(k) for k in kinds[number < _FEWEST_POSTS])
        rest = [_Term(OWN, rare, _WHOLE, (0, AFTER))] if rare else []
        found = model.rows([before, *enough, *rest, others], events)
        rows += found[1 : 1 + len(enough)]
    return pl.DataFrame(rows, infer_schema_length=None)


def _widen(row: dict[str, object], panel: PostPanel, events: Events, seed: int) -> None:
    """Widen the interval of the neighbours to what posts at other times would give.

    A post touches its whole municipality, so few municipalities carry this estimate, and their own
    ups and downs look like an effect. Moving all posts of a municipality by the same number of days
    keeps how dense they are and takes away what they did.
    """
    beta, low, high = (row.get(name) for name in (c.RATIO, c.RATIO_LOW, c.RATIO_HIGH))
    days = panel.hours // 24
    if not (isinstance(beta, float) and isinstance(low, float) and isinstance(high, float)):
        return
    draw = np.random.default_rng(seed)
    clusters = int(panel.cluster.max()) + 1
    moved = []
    for _ in range(_MOVES):
        shift = 24 * draw.integers(1, max(days, 2), clusters)[panel.cluster[events.unit]]
        again = Events(events.unit, (events.hour + shift) % panel.hours, events.kind)
        moved.append(panel.regressor(again, (0, AFTER), others=True))
    fitted = regression.fit(
        panel.counts,
        scipy.sparse.vstack(
            [
                panel.regressor(events, (0, AFTER)),
                panel.regressor(events, (0, AFTER), others=True),
            ]
        ).tocsr(),
        panel.cluster,
    )
    estimates = fitted.one_more(scipy.sparse.vstack(moved).tocsr())
    estimates = np.abs(estimates[np.isfinite(estimates)])
    if not len(estimates):
        return
    reach = float(np.quantile(estimates, _LEVEL))
    row[c.RATIO_LOW] = min(low, beta * float(np.exp(-reach)))
    row[c.RATIO_HIGH] = max(high, beta * float(np.exp(reach)))
    share = (1 + int((estimates >= abs(np.log(beta))).sum())) / (len(estimates) + 1)
    row[c.P_VALUE] = max(share, float(str(row[c.P_VALUE])))
    regressor = panel.regressor(events, (0, AFTER), others=True)
    for end, ratio in ((c.EXTRA_LOW, row[c.RATIO_LOW]), (c.EXTRA_HIGH, row[c.RATIO_HIGH])):
        row[end] = _extra(panel, regressor, float(np.log(float(str(ratio)))))


def _extra(panel: PostPanel, regressor: scipy.sparse.csr_matrix, beta: float) -> float:
    """Votes cast beyond those expected had the posts not been published."""
    cast = panel.counts.ravel()[regressor.indices]
    return float((cast * (1 - np.exp(-beta * regressor.data))).sum())


def _path(panel: PostPanel, events: Events) -> pl.DataFrame:
    hours = list(range(-BEFORE, AFTER + 1))
    rows = {hour: panel.regressor(events, (hour, hour)) for hour in hours}
    cast = {hour: panel.votes_in(row) for hour, row in rows.items()}
    # An hour without a vote has no logarithm; the reference is one by definition.
    fitted_hours = [hour for hour in hours if hour != REFERENCE and cast[hour] > 0]
    table = pl.DataFrame({c.HOUR: hours, c.VOTES_COUNT: [cast[hour] for hour in hours]})
    if not fitted_hours:
        return c.POST_PATH.conform(table, digits=_DIGITS)
    estimates: dict[str, list[float | None]] = {}
    try:
        fitted = regression.fit(
            panel.counts,
            scipy.sparse.vstack([rows[hour] for hour in fitted_hours]).tocsr(),
            panel.cluster,
        )
    except NotEnoughDataError:
        return c.POST_PATH.conform(table, digits=_DIGITS)
    clusters = len(fitted.scores)
    reach = (
        scipy.stats.t.ppf(0.5 + _LEVEL / 2, clusters - 1) * fitted.errors
        if clusters >= _FEWEST_CLUSTERS
        else np.full(len(fitted_hours), np.nan)
    )
    for name, shift in ((c.RATIO, 0.0), (c.RATIO_LOW, -1.0), (c.RATIO_HIGH, 1.0)):
        estimates[name] = [_number(r) for r in np.exp(fitted.coefficients + shift * reach)]
    estimated = pl.DataFrame({c.HOUR: fitted_hours, **estimates})
    reference = pl.DataFrame(
        {c.HOUR: [REFERENCE], c.RATIO: [1.0], c.RATIO_LOW: [None], c.RATIO_HIGH: [None]},
        schema=estimated.schema,
    )
    known = pl.concat([estimated, reference])
    return c.POST_PATH.conform(
        table.join(known, on=c.HOUR, how="left").sort(c.HOUR), digits=_DIGITS
    )


def _placebos(panel: PostPanel, events: Events, number: int, seed: int) -> pl.DataFrame:
    """Estimate the effect of posts nobody published: other days, the same hour of day."""
    draw = np.random.default_rng(seed)
    actual = panel.regressor(events, (-BEFORE, AFTER))
    width = panel.counts.shape[1]
    touched = {(cell // width, cell % width) for cell in actual.indices}
    choices: list[IntArray] = []
    for unit, hour in zip(events.unit, events.hour, strict=True):
        days = np.arange(hour % 24, panel.hours - AFTER, 24)
        free = [
            day
            for day in days
            if not any((unit, panel.column[day + k]) in touched for k in range(AFTER + 1))
        ]
        choices.append(np.array(free, dtype=np.int64))
    able = [place for place, free in enumerate(choices) if len(free)]
    # Times from a handful of projects only would be no picture of the posts.
    if len(able) < max(_FEWEST_POSTS, len(choices) / 2) or number == 0:
        return c.POST_PLACEBOS.empty()
    units = events.unit[able]
    candidates = [
        panel.regressor(
            Events(units, np.array([draw.choice(choices[place]) for place in able]), events.kind),
            (0, AFTER),
        )
        for _ in range(number)
    ]
    try:
        fitted = regression.fit(
            panel.counts,
            scipy.sparse.vstack([panel.regressor(events, (0, AFTER))]).tocsr(),
            panel.cluster,
        )
    except NotEnoughDataError:
        return c.POST_PLACEBOS.empty()
    ratios = np.exp(fitted.one_more(scipy.sparse.vstack(candidates).tocsr()))
    table = pl.DataFrame({c.DRAW: np.arange(1, number + 1), c.RATIO: ratios})
    return c.POST_PLACEBOS.conform(table.filter(pl.col(c.RATIO).is_finite()), digits=_DIGITS)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
