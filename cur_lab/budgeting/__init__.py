"""Participatory budgeting: who wins under which rule, why, and how fair it is.

=============  ============================================================================
``ballots``    votes as arrays, hours of a campaign, where voters are at home
``rules``      winners, tally, what losers lacked, rules compared
``fairness``   satisfaction, proportionality, equity, other splits, indicators, applicants
``course``     curves, the deadline, forecasts, the published years
``afterwards``  winners built, late, dearer; one campaign beside the next
``effects``    posts, turnout, complaints that became projects
``integrity``  votes that call for a look
=============  ============================================================================
"""

from cur_lab.budgeting.afterwards.delivery import Delivery, delivery
from cur_lab.budgeting.afterwards.seasons import Seasons, seasons
from cur_lab.budgeting.course.curves import curves
from cur_lab.budgeting.course.deadline import deadline
from cur_lab.budgeting.course.forecast import Backtest, Forecast, backtest, forecast
from cur_lab.budgeting.course.history import history
from cur_lab.budgeting.effects.complaints import ComplaintsToProjects, complaints_to_projects
from cur_lab.budgeting.effects.posts import PostEffects, post_effects
from cur_lab.budgeting.effects.turnout import turnout_change
from cur_lab.budgeting.fairness.applicants import applicants
from cur_lab.budgeting.fairness.counterfactuals import Counterfactuals, counterfactuals
from cur_lab.budgeting.fairness.equity import Equity, equity
from cur_lab.budgeting.fairness.indicators import indicators
from cur_lab.budgeting.fairness.proportionality import proportionality
from cur_lab.budgeting.fairness.satisfaction import satisfaction
from cur_lab.budgeting.integrity import Integrity, integrity
from cur_lab.budgeting.rules.choice import tally, winners
from cur_lab.budgeting.rules.comparison import compare, sensitivity
from cur_lab.budgeting.rules.losses import losses
from cur_lab.budgeting.rules.points import Bonus, PointsRule

__all__ = [
    "Backtest",
    "Bonus",
    "ComplaintsToProjects",
    "Counterfactuals",
    "Delivery",
    "Equity",
    "Forecast",
    "Integrity",
    "PointsRule",
    "PostEffects",
    "Seasons",
    "applicants",
    "backtest",
    "compare",
    "complaints_to_projects",
    "counterfactuals",
    "curves",
    "deadline",
    "delivery",
    "equity",
    "forecast",
    "history",
    "indicators",
    "integrity",
    "losses",
    "post_effects",
    "proportionality",
    "satisfaction",
    "seasons",
    "sensitivity",
    "tally",
    "turnout_change",
    "winners",
]
