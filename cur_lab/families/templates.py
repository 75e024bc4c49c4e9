"""What the texts of a family have in common, with the differing runs as slots."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import LCSseq

SLOT = "«…»"
# The shared words hardly change after this many members, and a family may have thousands.
_MEMBERS = 25
_WORDS = 400
_NOT_A_LETTER = re.compile(r"[\W_]+")


def template(texts: Sequence[str]) -> str:
    """Return the words all texts share, in order, in the first text's spelling.

    Parameters
    ----------
    texts
        The distinct texts of a family, at least one. At most 25 of them, evenly spread, are
        aligned, and at most 400 words of each.

    Returns
    -------
    str
        Shared words with «…» where texts differ; the first text where they share none.
    """
    first, *others = (_words(text) for text in texts[:: -(-len(texts) // _MEMBERS)])
    shared = list(range(len(first)))
    slots: set[int] = set()  # there is a slot before this word of the first text
    for other in others:
        keys = [first[place][0] for place in shared]
        edits = LCSseq.editops(keys, [key for key, _ in other])
        dropped = {shared[edit.src_pos] for edit in edits if edit.tag == "delete"}
        # The position of an insertion is that of the shared word it stands before.
        ends = [*shared, len(first)]
        slots |= {ends[edit.src_pos] for edit in edits if edit.tag == "insert"} | dropped
        shared = [place for place in shared if place not in dropped]
    parts: list[str] = []
    for place, (_, word) in enumerate(first):
        if place in slots and parts[-1:] != [SLOT]:
            parts.append(SLOT)
        if place in shared:
            parts.append(word)
    if len(first) in slots and parts[-1:] != [SLOT]:
        parts.append(SLOT)
    return " ".join(parts) if shared else texts[0].strip()


def _words(text: str) -> list[tuple[str, str]]:
    """Words with the key they are compared by; marks and pictures between words are left out."""
    keyed = (
        (_NOT_A_LETTER.sub("", word.casefold()).replace("ё", "е"), word)
        for word in text.split()[:_WORDS]
    )
    return [(key, word.strip("*_")) for key, word in keyed if key]
