"""People's judgement as numbers: coded texts, expert panels, surveys.

====================  =========================================================================
``panel(…)``          entries scored by experts, the experts' severity taken out
====================  =========================================================================
"""

from cur_lab.coding.panel import Panel, panel

__all__ = ["Panel", "panel"]
