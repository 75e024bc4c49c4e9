"""Answers and fixes: how long they take, what they say, what the law demands.

==============  ==========================================================
``stamps``      dates of a message, and whether they fit together
``survival``    time to an event, messages without it being censored
``states``      answered, fixed, opened again: whichever comes first
``quality``     whether the texts of answers say anything
``legal``       terms that an act sets, and when an answer is due
``deadlines``   whether answers come by then
``resolution``  all of it
==============  ==========================================================
"""

from cur_lab.trends.answers.deadlines import Deadlines, deadlines
from cur_lab.trends.answers.legal import terms
from cur_lab.trends.answers.resolution import Resolution, resolution

__all__ = ["Deadlines", "Resolution", "deadlines", "resolution", "terms"]
