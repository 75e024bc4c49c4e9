"""Tables about campaigns, refuted claims and an intake under attack."""

from __future__ import annotations
