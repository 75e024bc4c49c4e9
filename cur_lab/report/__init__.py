"""What leaves the workbench as HTML: pages that ask nothing of the network.

=============  ==========================================================
``site``       executed notebooks, one page each, and an index of cards
``briefing``   what a team reads before a live broadcast, two sheets of A4
``districts``  briefings as files: one district, or all with an index
=============  ==========================================================
"""

from cur_lab.report.cards import title
from cur_lab.report.site import Outcome, page, shell, write

__all__ = ["Outcome", "page", "shell", "title", "write"]
