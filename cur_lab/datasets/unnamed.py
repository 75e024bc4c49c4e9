"""Personal data go as a user's tables are read: no result, figure or file of a study meets them.

Messages stay as they came, since who reads them takes them apart; what is shown of them is redacted
then.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from cur_lab import columns as c
from cur_lab import privacy
from cur_lab.readers import Election

# What people write in their own words.
_FREE = (c.TITLE, c.DESCRIPTION, c.TEXT, c.SOURCE, c.VERDICT, c.SPEAKER_ROLE, c.REFUTED_BY)


def table(frame: pl.DataFrame) -> pl.DataFrame:
    """Redact what a table says in free words."""
    said = [name for name in _FREE if name in frame.columns]
    return frame.with_columns(privacy.redact(frame[name]) for name in said)


def election(vote: Election) -> Election:
    """Redact the projects; applicants are told apart first and redacted when they are counted."""
    return replace(vote, projects=table(vote.projects))
