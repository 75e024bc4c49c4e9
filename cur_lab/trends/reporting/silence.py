"""What a silence after the last report tells: nobody wrote, or there was nothing left to write of.

Reports of an open incident come at the rate λ, and one that nobody marks as fixed ends at the rate
μ. A silence of c days after its last report has the probability

    S = (μ + λ·exp(-(λ + μ)·c)) / (λ + μ),

and what is expected of it - how many of its days the incident was open, and whether it has ended -
follows from both rates. With those expectations in the place of what is not seen, the derivative of
the likelihood is that of plain counts (Fisher's identity; Dempster, Laird and Rubin 1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cur_lab.inference import FloatArray

# Of a logarithm of a rate: second derivatives are differences of exact first ones.
_STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Watched:
    """Incidents as they were watched: one entry each.

    Attributes
    ----------
    reports
        Reports after the first.
    sure
        Days after the first report on which it was open for sure: up to the last report, or to the
        end of watching where a mark of a fix, sooner or later, says so.
    silent
        Days after the last report of which that is not known; zero where it is.
    """

    reports: FloatArray
    sure: FloatArray
    silent: FloatArray

    def open_days(self, reporting: FloatArray, ending: FloatArray) -> FloatArray:
        """Count the days an incident is expected to have been open while it was watched."""
        return self.sure + self._silence(reporting, ending)[1]

    def log_likelihood(self, log_reporting: FloatArray, log_ending: FloatArray) -> FloatArray:
        """Return that of every incident."""
        reporting, ending = np.exp(log_reporting), np.exp(log_ending)
        quiet = np.log(self._silence(reporting, ending)[0])
        lasted = reporting + np.where(self.silent > 0, ending, 0.0)
        return np.asarray(self.reports * log_reporting - lasted * self.sure + quiet)

    def scores(
        self, log_reporting: FloatArray, log_ending: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Derive the log likelihood by both logarithms."""
        reporting, ending = np.exp(log_reporting), np.exp(log_ending)
        _, days, ended = self._silence(reporting, ending)
        open_days = self.sure + days
        of_ending = np.where(self.silent > 0, ended - ending * open_days, 0.0)
        return self.reports - reporting * open_days, of_ending

    def information(
        self, log_reporting: FloatArray, log_ending: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Minus the second derivatives: of reporting twice, of both, of ending twice."""
        up, down = (self.scores(log_reporting + s, log_ending) for s in (_STEP, -_STEP))
        later, sooner = (self.scores(log_reporting, log_ending + s) for s in (_STEP, -_STEP))
        twice = -(up[0] - down[0]) / (2 * _STEP)
        both = -(up[1] - down[1]) / (2 * _STEP)
        return twice, both, -(later[1] - sooner[1]) / (2 * _STEP)

    def _silence(
        self, reporting: FloatArray, ending: FloatArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Probability of each silence, days of it open, probability of an end within it."""
        leaving = reporting + ending
        passed = leaving * self.silent
        lasts, gone = np.exp(-passed), -np.expm1(-passed)
        quiet = lasts + ending / leaving * gone
        until_end = ending / leaving**2 * (gone - passed * lasts)
        return quiet, (self.silent * lasts + until_end) / quiet, ending / leaving * gone / quiet
