"""An analyst's judgements: whether a text states a claim, kept without the text itself."""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

from cur_lab import columns as c
from cur_lab.errors import InputError

YES, NO = "yes", "no"


class Judged:
    """Judgements by item, found again beside the texts they are of."""

    def __init__(self, judgements: pl.DataFrame | None):
        self._by_item: dict[str, bool] = {}
        self._met = 0
        if judgements is not None:
            c.CLAIM_JUDGEMENTS.require(judgements, [c.ITEM, c.JUDGEMENT], where="judgements")
            clear = judgements.filter(pl.col(c.JUDGEMENT).is_in([YES, NO]))
            self._by_item = {
                name: value == YES for name, value in clear.select(c.ITEM, c.JUDGEMENT).rows()
            }

    def of(self, claim: str, texts: pl.Series) -> dict[int, bool]:
        """Judgements about these texts and this claim, by place."""
        if not self._by_item:
            return {}
        items = [item(claim, text) for text in texts]
        found = {n: self._by_item[name] for n, name in enumerate(items) if name in self._by_item}
        self._met += len(found)
        return found

    def require_some(self) -> None:
        """Fail if there are judgements and none was about what was asked.

        Raises
        ------
        InputError
            With how many there are.
        """
        if self._by_item and not self._met:
            raise InputError(
                f"none of {len(self._by_item)} judgements is about these messages and claims",
                where="judgements",
                remedy="Judge items made of the same messages and the same registry",
            )


def item(claim: str, text: str) -> str:
    """Name the pair of a claim and a text so that neither can be read off it."""
    return blake2b(f"{claim}\0{text}".encode(), digest_size=6).hexdigest()
