"""Promises: kept, late, forgotten; and what people write next.

==============  ==========================================================
``keeping``     promise → decision → money → fix, and what became of it
``follow_up``   complaints before and after, against the other districts
==============  ==========================================================
"""

from cur_lab.trends.promises.keeping import Promises, promises

__all__ = ["Promises", "promises"]
