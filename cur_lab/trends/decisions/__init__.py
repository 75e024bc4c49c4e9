"""Decisions and what they changed in the complaints.

==================  ================================================================
``compared``        treated, untreated and other messages day by day
``bins``            days put together
``forecasting``     what would have been counted, from the past
``controls``        a district put together from untreated ones
``estimating``      the change by each method
``placebos``        the same where and when nothing was decided
``peaks``           equal peaks without a decision
``checks``          what could make the estimate wrong
``reopens``         fixed, or only answered
``frames``          tables of the result
``impact``          all of it
``impacts``         several decisions side by side
``staggered``       districts decided upon at different times
``twoway``          counts as district times week
``rollout``         one decision, district after district
``responsiveness``  from the first complaint to a decision and its outcome
==================  ================================================================
"""

from cur_lab.trends.decisions.impact import Impact, impact
from cur_lab.trends.decisions.impacts import Impacts, impacts
from cur_lab.trends.decisions.responsiveness import Responsiveness, responsiveness
from cur_lab.trends.decisions.rollout import Rollout, rollout

__all__ = [
    "Impact",
    "Impacts",
    "Responsiveness",
    "Rollout",
    "impact",
    "impacts",
    "responsiveness",
    "rollout",
]
