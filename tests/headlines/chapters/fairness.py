"""What holds of sentences about fairness."""

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import both, multiplied, only, put, turned, widened
from headlines.reading import close, numbers

from cur_lab.headlines import fairness


def indices(metric, value=None, low=None, high=None):
    row = {"metric": [metric], "value": [value], "value_low": [low], "value_high": [high]}
    number = dict.fromkeys(("value", "value_low", "value_high"), pl.Float64)
    return pl.DataFrame(row, schema_overrides=number)


def split(*winners, rule="as_decided"):
    names = [f"Район {n}" for n in range(len(winners))]
    rows = {"rule": [rule] * len(winners), "municipality": names, "n_winners": winners}
    return pl.DataFrame(rows, schema_overrides={"n_winners": pl.Int64})


def measured(frame, metric):
    rows = [row for row in frame.to_dicts() if row["metric"] == metric]
    return rows[0] if rows and rows[0]["value"] is not None else None


def printed(sentence, row, percents=1):
    """The estimate and, where there is one, the 95 % interval behind it."""
    ends = [row["value_low"], row["value_high"]]
    true = [row["value"], *([95.0, *ends] if None not in ends else [])]
    said = numbers(sentence)[percents:]
    return len(said) == len(true) and all(
        close(one, other, 2) for one, other in zip(said, true, strict=True)
    )


@holds(
    fairness.lorenz,
    case(
        indices("gini", 0.26, 0.13, 0.37),
        mutations=(multiplied(1.5, "value"), widened("value"), put(metric="theil")),
    ),
    case(indices("gini", 0.26), mutations=(put(value=None), put(value_low=0.2, value_high=0.3))),
)
def lorenz(sentence, frame):
    row = measured(frame, "gini")
    if row is None or "не распределено" in sentence:
        return row is None and "не распределено" in sentence
    return printed(sentence, row, percents=0)


@holds(
    fairness.turnout,
    case(
        indices("elasticity", 1.36, 0.78, 2.74),
        mutations=(turned("value"), widened("value"), multiplied(2, "value")),
        told=True,
    ),
    case(
        indices("elasticity_votes", -0.9, -1.4, -0.2),
        mutations=(turned("value"), put(metric="elasticity")),
        told=False,
    ),
    case(
        indices("elasticity", 0.4, -0.3, 1.1),
        mutations=(put(value_low=0.1), put(value_high=-0.1)),
        told=True,
    ),
    claims="^Где",
)
def turnout(sentence, frame, told):
    row = measured(frame, "elasticity" if told else "elasticity_votes")
    named = ("явк" in sentence) == told
    low, high = (row["value_low"], row["value_high"]) if row else (None, None)
    if low is not None and low > 0:
        said = "денег на жителя больше на" in sentence
        return named and said and numbers(sentence)[0] == 1 and printed(sentence, row)
    if high is not None and high < 0:
        return named and "денег на жителя меньше" in sentence and printed(sentence, row, percents=0)
    return named and "не определяется" in sentence and not numbers(sentence)


@holds(
    fairness.counterfactuals,
    case(
        pl.concat([split(3, 0, 1, 0), split(0, 0, 0, 0, rule="equal_voice")]),
        mutations=(only(2), put(n_winners=0), both(put(n_winners=2), only(3))),
    ),
    case(split(3, 1), mutations=(put(n_winners=0), only(1))),
    case(split(0), mutations=(put(rule="equal_voice"),)),
)
def counterfactuals(sentence, table):
    won = [row["n_winners"] for row in table.to_dicts() if row["rule"] == "as_decided"]
    nothing = won.count(0)
    said = numbers(sentence)
    if not won:
        return not said
    one = len(won) % 10 == 1 and len(won) != 11
    right = ("муниципалитета" in sentence) == one
    return right and said == ([nothing, len(won)] if nothing else [len(won)])
