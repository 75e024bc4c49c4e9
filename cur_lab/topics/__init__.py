"""What people write about: topics with stability, intervals and readable names.

:func:`fit` finds topics, :func:`load` reads a saved model, :func:`breakdown` counts topics by
group, :func:`crosswalk` lays them beside the official rubricator, :func:`intrusion` makes a sheet
for two people to judge them by.
"""

from cur_lab.topics.breakdown import breakdown
from cur_lab.topics.fitting import fit
from cur_lab.topics.model import Model, load

__all__ = ["Model", "breakdown", "fit", "load"]
