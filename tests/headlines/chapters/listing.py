"""What holds of titles over a part of a list."""

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import only
from headlines.reading import numbers

from cur_lab.headlines import listing

LISTED = pl.DataFrame({"title": [f"Проект {n}" for n in range(12)]})


@holds(
    listing.part,
    case(LISTED, mutations=(only(11), only(4)), title="Заявки", top=5),
    case(LISTED.head(6), mutations=(lambda frame: frame.vstack(frame),), title="Заявки", top=6),
)
def part(sentence, frame, title, top):
    rows = len(frame.rows())
    said = numbers(sentence.removeprefix(title))
    return sentence.startswith(title) and said == ([top, rows] if rows > top else [])
