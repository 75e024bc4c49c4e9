"""What a decision changed in the complaints it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from cur_lab import columns as c
from cur_lab.columns import needs
from cur_lab.parameters import days_of
from cur_lab.trends.decisions import frames, peaks, reopens
from cur_lab.trends.decisions.checks import Subject, checks
from cur_lab.trends.decisions.compared import aware, read
from cur_lab.trends.decisions.estimating import at_decision

__all__ = ["Impact", "impact"]

_WHERE = "trends.impact"
FEWER, MORE, USUAL = "fewer_than_expected", "more_than_expected", "usual_swing"
NOWHERE_WITHOUT = "nowhere_without"


@dataclass(frozen=True, eq=False)
class Impact:
    """Change of complaints after a decision.

    Attributes
    ----------
    estimates
        One row per method; the headline is the one ``chosen``. None is where no untreated district
        is left.
    placebos
        The same estimate in untreated districts (``place``) and at earlier dates (``time``), and
        peaks as high without a decision (``peak``); the row ``decision`` among them.
    checks
        What could make the estimate wrong.
    path
        Observed and expected counts by bin, for the figure.
    reopens
        Shares of resolved messages opened again; empty without ``messages``.
    verdict
        Code of what was found, or why there is no number; words in ``columns.CODES``.
    reopen_verdict
        Code: answered or fixed.
    title
        What was decided, where it is one of several; else empty.
    """

    estimates: pl.DataFrame
    placebos: pl.DataFrame
    checks: pl.DataFrame
    path: pl.DataFrame
    reopens: pl.DataFrame
    verdict: str
    reopen_verdict: str
    title: str = ""

    @property
    def change(self) -> float | None:
        """Mean change over the horizon, −0.5 is half; None where there is no number."""
        return self._headline(c.CHANGE)

    @property
    def change_low(self) -> float | None:
        """Lower end of its 95 % interval."""
        return self._headline(c.CHANGE_LOW)

    @property
    def change_high(self) -> float | None:
        """Upper end of its 95 % interval."""
        return self._headline(c.CHANGE_HIGH)

    def rank(self, *kinds: str) -> tuple[int, int]:
        """Place of the decision among placebos of the kinds (``place``, ``time``), and how many.

        The strongest comes first; strength is the change in units of its uncertainty. (0, 0)
        without placebos.
        """
        kinds = kinds or (frames.PLACE, frames.TIME)
        score = self.placebos.filter(pl.col(c.KIND) == frames.DECISION)[c.SCORE]
        others = self.placebos.filter(pl.col(c.KIND).is_in(kinds))[c.SCORE].drop_nulls()
        if score.is_empty() or others.is_empty():
            return 0, 0
        return 1 + int((others.abs() >= abs(score[0])).sum()), len(others) + 1

    def _headline(self, column: str) -> float | None:
        found = self.estimates.filter(c.CHOSEN)[column]
        return None if found.is_empty() else found[0]


@needs(c.PERIOD_START, c.MESSAGES_COUNT)
def impact(
    counts: pl.DataFrame,
    *,
    decided_at: datetime,
    treated: Mapping[str, Sequence[str]] | None = None,
    horizon: str = "90d",
    messages: pl.DataFrame | None = None,
    decisions: pl.DataFrame | None = None,
) -> Impact:
    """Estimate what a decision changed in the complaints it is about.

    The estimand is the mean relative change of the messages of the treated cells against what
    would have been written, over a fixed horizon after the decision. The mean is geometric, over
    weeks: one accident does not decide it.

    Parameters
    ----------
    counts
        Table ``counts`` by day or hour, such as ``trends.counts(messages)``. Other rubrics and
        districts are the controls: give them all.
    decided_at
        When it was taken or came into force. The day itself counts neither as before nor as after.
    treated
        Which cells it is about: ``{"municipality": [...], "rubric": [...]}``; None: all.
    horizon
        Length after the decision, ``"90d"`` or ``"12w"``.
    messages
        Messages with ``resolved_at`` and ``reopened_at``, for telling fixed from answered; their
        ``channel`` tells a shift between channels.
    decisions
        Table ``decisions``, for naming others in the window.

    Returns
    -------
    Impact
        With a number only where the data can carry one: at least 12 weeks before, the whole horizon
        after, ten messages expected in it. Where no untreated district is left the verdict is
        ``nowhere_without``: a decision for all cannot be told from what else happened to all;
        ``estimates`` then describes the departure from the forecast.

    Raises
    ------
    NotEnoughDataError
        If there are no counts.
    ParameterError
        If the decision lies outside the counts, ``treated`` names what is not there, or a period is
        longer than a day.
    SchemaError
        If a column is missing.

    Notes
    -----
    Two methods, the naive ``before_after`` beside them as a warning. *Synthetic control*: the
    exposure of a series is a weighted sum of the same rubrics in untreated districts, with the
    weights of synthetic difference-in-differences. *Interrupted series*: it is the number of
    messages outside the treated rubrics. In both, what is left of the logarithm of the rate is
    forecast from before the decision by a Gaussian process (counting noise, a wandering level, a
    yearly rhythm) averaged over its parameters; the interval is that of the forecast. A forecast
    given the past includes the return from a peak, so that dates triggered by peaks need no
    correction. The headline is the method whose forecast is the more certain, which the past alone
    decides.

    tests/benchmarks/test_impact.py measures coverage on series of four kinds outside this family,
    beside HAC intervals of a segmented regression (far below 95 %) and conformal ones (somewhat
    below, and half as wide again).

    ``equal_peaks`` stands beside it where the date is a peak: how much more complaints fell than
    after peaks as high that no decision followed.

    References
    ----------
    Arkhangelsky D. et al. (2021). Synthetic difference-in-differences. American Economic Review
    111, 4088-4118.
    Abadie A., Diamond A., Hainmueller J. (2010). Synthetic control methods for comparative case
    studies. JASA 105, 493-505. (Placebos in place and time.)
    Bernal J. L., Cummins S., Gasparrini A. (2017). Interrupted time series regression for the
    evaluation of public health interventions. International Journal of Epidemiology 46, 348-355.
    """
    decided_at = aware(decided_at)
    days = days_of(horizon, where=_WHERE)
    cells = dict(treated or {})
    panel = read(counts, decided_at, cells, where=_WHERE)
    opened = (
        c.IMPACT_REOPENS.empty()
        if messages is None
        else reopens.reopens(messages, decided_at, cells, days)
    )
    short = panel.days - panel.at < days
    found = [] if short else at_decision(panel, days)
    if not found:
        return _without_number("too_few_days" if short else "too_few_messages", opened)
    main = found[0]
    single = not panel.names
    decision = peaks.at_decision(panel, days) if peaks.is_peak(panel) else None
    matched = [] if decision is None else peaks.equal_peaks(panel, decision, days)
    contrast = None if decision is None else peaks.contrast(decision, matched)
    subject = Subject(counts, panel, cells, decided_at, days, main, decisions, messages)
    estimates = frames.estimates(found, contrast, decision, panel, days, single=single)
    headline = estimates.filter(c.CHOSEN)
    change, high = (headline[name][0] if headline.height else None for name in _ENDS)
    return Impact(
        estimates,
        c.IMPACT_PLACEBOS.empty() if single else frames.placebos_of(panel, main, matched, days),
        checks(subject, contrast),
        frames.path(panel, main),
        opened,
        NOWHERE_WITHOUT if single else told(*main.forecast.interval),
        reopens.verdict(opened, change, high),
    )


_ENDS = (c.CHANGE, c.CHANGE_HIGH)


def _without_number(verdict: str, opened: pl.DataFrame) -> Impact:
    return Impact(
        c.IMPACT_ESTIMATES.empty(),
        c.IMPACT_PLACEBOS.empty(),
        c.IMPACT_CHECKS.empty(),
        c.IMPACT_PATH.empty(),
        opened,
        verdict,
        reopens.verdict(opened, None, None),
    )


def told(low: float, high: float) -> str:
    """Say what an interval of the logarithm of a change allows."""
    return FEWER if high < 0 else MORE if low > 0 else USUAL
