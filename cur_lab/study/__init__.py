"""Run notebooks and make the report.

A study never overwrites a notebook: executed copies and the report go to the output folder.
"""

from cur_lab.study.execution import find, run

__all__ = ["find", "run"]
