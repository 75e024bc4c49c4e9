"""Begin a region, check it, run notebooks, make the report, look it through, run it again.

A study never overwrites a notebook: executed copies and the report go to the output folder. A copy
of a curated notebook differs from the committed file only where a result does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cur_lab.study.execution import find, run

# The others are imported on first use: the bars of a study stand before anything that takes long.
if TYPE_CHECKING:
    from cur_lab.study.beginning import new
    from cur_lab.study.inspecting import Inspection, check
    from cur_lab.study.scanning import scan
    from cur_lab.study.verifying import verify

__all__ = ["Inspection", "check", "find", "new", "run", "scan", "verify"]

_MODULES = {
    "Inspection": "inspecting",
    "check": "inspecting",
    "new": "beginning",
    "scan": "scanning",
    "verify": "verifying",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
