"""What holds of sentences about what became of a vote."""

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, only, put
from headlines.reading import close, digits, numbers

from cur_lab.headlines import afterwards


def curve(*shares):
    rows = {"days": [30.0 * n for n in range(len(shares))], "share": shares}
    frame = pl.DataFrame(rows)
    return frame.with_columns(share_low=pl.col("share") * 0.8, share_high=pl.col("share") * 1.1)


def campaigns(*names):
    return pl.DataFrame({"campaign": names}, schema={"campaign": pl.String})


@holds(
    afterwards.course,
    case(campaigns("2023", "2023", "2024"), mutations=(only(2), put(campaign="2024"))),
)
def course(sentence, table):
    number = len({row["campaign"] for row in table.to_dicts()})
    return numbers(sentence) == ([number] if number else [])


@holds(
    afterwards.delivery,
    case(
        curve(0.1, 0.34, 0.62),
        mutations=(only(2), multiplied(1.2, "share"), put(share_low=None), put(share_high=0.9)),
    ),
    case(curve(0.5), mutations=(put(share=0.05),)),
    case(
        curve(0.3, 1.0).with_columns(share_low=pl.lit(1.0), share_high=pl.lit(1.0)),
        mutations=(put(share_low=0.6), only(1)),
    ),
)
def delivery(sentence, frame):
    rows = sorted(frame.to_dicts(), key=lambda row: row["days"])
    said = numbers(sentence)
    if not rows:
        return not said
    last = rows[-1]
    ends = [last["share_low"], last["share_high"]]
    true = [last["share"], *(ends if None not in ends and ends[0] < ends[1] else [])]
    return len(said) == len(true) and all(
        close(one, 100 * value, places)
        for one, value, places in zip(said, true, digits(sentence), strict=True)
    )
