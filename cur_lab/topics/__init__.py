"""What people write about: topics with stability, intervals and readable names.

:func:`fit` finds topics, :func:`load` reads a saved model, :func:`children` opens topics into their
parts, :func:`breakdown` counts topics by group, :func:`deduplicated` by messages, copies and
authors, :func:`layout` places them on a plane, :func:`crosswalk` lays them beside the official
rubricator, :func:`intrusion` makes a sheet for two people to judge them by.
"""

from cur_lab.topics.breakdown import breakdown, deduplicated
from cur_lab.topics.children import children
from cur_lab.topics.fitting import fit
from cur_lab.topics.judging import Intrusion, intrusion
from cur_lab.topics.model import Model, load
from cur_lab.topics.plane import layout
from cur_lab.topics.rubricator import crosswalk

__all__ = [
    "Intrusion",
    "Model",
    "breakdown",
    "children",
    "crosswalk",
    "deduplicated",
    "fit",
    "intrusion",
    "layout",
    "load",
]
