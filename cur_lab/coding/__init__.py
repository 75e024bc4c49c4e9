"""People's judgement as numbers: coded texts, expert panels, surveys.

====================  =========================================================================
``agreement(…)``      how far coders agree, on what they part, how good each is
``panel(…)``          entries scored by experts, the experts' severity taken out
====================  =========================================================================
"""

from cur_lab.coding.agreement import Agreement, agreement
from cur_lab.coding.panel import Panel, panel

__all__ = ["Agreement", "Panel", "agreement", "panel"]
