"""What holds of sentences about codes."""

import polars as pl
from headlines.chapters.topics import first
from headlines.entries import case, holds
from headlines.mutations import only, put, swapped, widened
from headlines.reading import close, digits, numbers, quoted

from cur_lab.headlines import coding


def shares_of(*values, reach=0.03, model=None):
    return pl.DataFrame(
        {
            "value": [f"код {name}" for name in "АБВГ"[: len(values)]],
            "share": values,
            "share_low": [value - reach for value in values],
            "share_high": [value + reach for value in values],
            "model_share": model or list(values),
        },
        schema_overrides=dict.fromkeys(("share", "share_low", "share_high"), pl.Float64),
    )


@holds(
    coding.shares,
    case(
        shares_of(0.6, 0.3, 0.1),
        mutations=(swapped("value"), widened("share"), put(model_share=0.9)),
    ),
    case(
        shares_of(0.6, 0.3, model=[0.8, 0.2]),
        mutations=(put(model_share=0.6), swapped("value")),
    ),
    case(shares_of(0.31, 0.3, 0.29, 0.1), mutations=(swapped("value"), only(1))),
    claims="Чаще всего",
)
def shares(sentence, table):
    rows = [row for row in table.to_dicts() if row["share"] is not None]
    if not rows:
        return "не определяются" in sentence
    rivals = first(rows)
    if quoted(sentence) != [row["value"] for row in rivals[:3]]:
        return False
    if len(rivals) > 1:
        return "Среди" in sentence and sentence.endswith(" и другие") == (len(rivals) > 3)
    row = rivals[0]
    wrong = not row["share_low"] <= row["model_share"] <= row["share_high"]
    values = [100 * row[f"share{end}"] for end in ("", "_low", "_high")]
    values += [100 * row["model_share"]] if wrong else []
    told = sentence.partition("»")[2]
    said, places = numbers(told), digits(told)
    return (
        ("модель" in sentence) == wrong
        and len(said) == len(values)
        and all(map(close, said, values, places))
    )


@holds(
    coding.differences,
    case(
        pl.DataFrame({"q": [0.01, 0.2, 0.6]}),
        mutations=(put(q=0.3), put(q=0.01), only(2)),
        fdr=0.05,
    ),
    case(pl.DataFrame({"q": [0.3, 0.2]}), mutations=(put(q=0.01), only(1)), fdr=0.05),
    claims="^Доли различаются",
)
def differences(sentence, table, fdr):
    known = [row["q"] for row in table.to_dicts() if row["q"] is not None]
    if not known:
        return "не определяется" in sentence
    found = sum(q < fdr for q in known)
    return numbers(sentence) == ([found, len(known)] if found else [len(known)])
