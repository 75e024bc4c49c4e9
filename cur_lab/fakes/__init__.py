"""Campaigns with a false-discovery rate, claims that come back, an intake under attack.

Findings speak of texts and families of texts, never of people or their intent.
"""

__all__: list[str] = []
