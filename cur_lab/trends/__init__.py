"""Complaint trends: counts, change, alarms, districts, decisions, answers.

Texts are counted three ways, side by side: messages, incidents (families of texts that say the
same) and authors; one angry person with forty messages is not forty problems.
"""

from cur_lab.trends.alarms import Alarms, alarms
from cur_lab.trends.answers import Deadlines, Resolution, deadlines, resolution, terms
from cur_lab.trends.briefing import Briefing, briefing, unusual
from cur_lab.trends.changes import changes, decomposition, mix, robustness
from cur_lab.trends.counts import counts, latest, totals
from cur_lab.trends.decisions import (
    Impact,
    Impacts,
    Responsiveness,
    Rollout,
    impact,
    impacts,
    responsiveness,
    rollout,
)
from cur_lab.trends.hotspots import Hotspots, hotspots
from cur_lab.trends.promises import Promises, promises
from cur_lab.trends.reporting import Reporting, reporting

__all__ = [
    "Alarms",
    "Briefing",
    "Deadlines",
    "Hotspots",
    "Impact",
    "Impacts",
    "Promises",
    "Reporting",
    "Resolution",
    "Responsiveness",
    "Rollout",
    "alarms",
    "briefing",
    "changes",
    "counts",
    "deadlines",
    "decomposition",
    "hotspots",
    "impact",
    "impacts",
    "latest",
    "mix",
    "promises",
    "reporting",
    "resolution",
    "responsiveness",
    "robustness",
    "rollout",
    "terms",
    "totals",
    "unusual",
]
