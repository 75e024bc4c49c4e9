"""Refuted claims that come back: how they spread, and what may become the next one."""

from cur_lab.fakes.claims.judged import Judging, judge, read_judgements
from cur_lab.fakes.claims.review import review
from cur_lab.fakes.claims.spread import Spread, spread

__all__ = ["Judging", "Spread", "judge", "read_judgements", "review", "spread"]
