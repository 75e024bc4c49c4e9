"""Participatory budgeting: who wins under which rule, why, and how fair it is."""

from cur_lab.budgeting.complaints import ComplaintsToProjects, complaints_to_projects
from cur_lab.budgeting.dynamics import Forecast, backtest, curves, deadline, forecast
from cur_lab.budgeting.effects import PostEffects, post_effects
from cur_lab.budgeting.equity import Equity, equity
from cur_lab.budgeting.fairness import compare, proportionality, satisfaction, sensitivity
from cur_lab.budgeting.integrity import Integrity, integrity
from cur_lab.budgeting.losses import losses
from cur_lab.budgeting.practice import applicants, counterfactuals, indicators
from cur_lab.budgeting.rules import Bonus, PointsRule, tally, winners
from cur_lab.budgeting.turnout import campaigns, turnout_change

__all__ = [
    "Bonus",
    "ComplaintsToProjects",
    "Equity",
    "Forecast",
    "Integrity",
    "PointsRule",
    "PostEffects",
    "applicants",
    "backtest",
    "campaigns",
    "compare",
    "complaints_to_projects",
    "counterfactuals",
    "curves",
    "deadline",
    "equity",
    "forecast",
    "indicators",
    "integrity",
    "losses",
    "post_effects",
    "proportionality",
    "satisfaction",
    "sensitivity",
    "tally",
    "turnout_change",
    "winners",
]
