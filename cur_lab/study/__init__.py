"""Begin a region, check it, run notebooks and make the report; run a study handed over again.

A study never overwrites a notebook: executed copies and the report go to the output folder. A copy
of a curated notebook differs from the committed file only where a result does.
"""

from cur_lab.study.beginning import new
from cur_lab.study.execution import find, run
from cur_lab.study.inspecting import Inspection, check
from cur_lab.study.verifying import verify

__all__ = ["Inspection", "check", "find", "new", "run", "verify"]
