"""Complaint trends: counts, change, alarms, districts, decisions, answers.

Texts are counted three ways, side by side: messages, incidents (families of texts that say the
same) and authors; one angry person with forty messages is not forty problems.
"""

from cur_lab.trends.alarms import Alarms, alarms
from cur_lab.trends.briefing import Briefing, briefing
from cur_lab.trends.changes import changes
from cur_lab.trends.counts import counts
from cur_lab.trends.decisions import Impact, Rollout, impact, rollout
from cur_lab.trends.decomposition import decomposition
from cur_lab.trends.hotspots import Hotspots, hotspots
from cur_lab.trends.mix import mix
from cur_lab.trends.reporting import Reporting, reporting
from cur_lab.trends.resolution import Resolution, resolution
from cur_lab.trends.responsiveness import Responsiveness, responsiveness
from cur_lab.trends.terms import terms

__all__ = [
    "Alarms",
    "Briefing",
    "Hotspots",
    "Impact",
    "Reporting",
    "Resolution",
    "Responsiveness",
    "Rollout",
    "alarms",
    "briefing",
    "changes",
    "counts",
    "decomposition",
    "hotspots",
    "impact",
    "mix",
    "reporting",
    "resolution",
    "responsiveness",
    "rollout",
    "terms",
]
