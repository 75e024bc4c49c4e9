"""Shares of codes: what the intervals hold, and what a router is worth on real appeals.

Run with ``pytest -m benchmark -s tests/benchmarks/test_coding.py``.
"""

import numpy as np
import polars as pl
import pytest

from cur_lab import coding, routing
from cur_lab.coding.difference import Coded, estimated

pytestmark = pytest.mark.benchmark

MESSAGES, TEXTS, RUNS = 20_000, 200, 1_000
STRATA, TAKEN = (10_000, 7_000, 3_000), (60, 60, 80)


def forecasts(truth, kind, draw):
    """A model that is right in 93 of 100, one that knows nothing, one that says yes too often."""
    if kind == "good":
        return np.where(draw.random(len(truth)) < 0.93, truth, 1 - truth)
    if kind == "bad":
        return (draw.random(len(truth)) < 0.4).astype(float)
    return np.maximum(truth, draw.random(len(truth)) < 0.25).astype(float)


def held(truth, model, draw, *, unequal):
    """Share of draws whose interval holds the truth, and how long it is on average."""
    stratum = draw.permutation(np.repeat(range(3), STRATA))
    members = [np.flatnonzero(stratum == number) for number in range(3)]
    hits, length = 0, 0.0
    for _ in range(RUNS):
        if unequal:
            pairs = zip(members, TAKEN, strict=True)
            rows = np.concatenate([draw.choice(of, n, replace=False) for of, n in pairs])
            inclusion, layers = (np.array(TAKEN) / STRATA)[stratum[rows]], stratum[rows]
        else:
            rows = draw.choice(MESSAGES, TEXTS, replace=False)
            inclusion, layers = np.full(TEXTS, TEXTS / MESSAGES), np.zeros(TEXTS, dtype=np.int64)
        texts = Coded(truth[rows], model[rows], np.ones(TEXTS), inclusion, layers)
        found = estimated(texts, MESSAGES, float(model.mean()))
        hits += found.low <= truth.mean() <= found.high
        length += found.high - found.low
    return hits / RUNS, length / RUNS


def test_the_intervals_hold_what_they_promise(measured):
    draw = np.random.default_rng(20261201)
    rows = {}
    for share in (0.02, 0.1, 0.3):
        for kind in ("good", "bad", "biased"):
            truth = (draw.random(MESSAGES) < share).astype(float)
            model = forecasts(truth, kind, draw)
            rows[share, kind] = [
                held(truth, model, draw, unequal=unequal)[0] for unequal in (False, True)
            ]
            print(share, kind, rows[share, kind])
    listed = []
    for share in (0.02, 0.1, 0.3):
        found = [values for (of, _), values in rows.items() if of == share]
        told = ", ".join(f"{equal:.3f} / {weighed:.3f}" for equal, weighed in found)
        listed.append(f"{share}: {told}")
    measured(
        "prevalence-coverage",
        what=f"95 % intervals of a share, {TEXTS} of {MESSAGES:,} texts coded, {RUNS:,} draws: "
        "hold the truth with a good, a useless and a biased model (equal / unequal probabilities)",
        ours="; ".join(listed),
        peer="aim: 0.93 to 0.97, of rare codes 0.95 and more",
    )
    assert all(0.93 <= value <= 0.98 for key in rows if key[0] > 0.05 for value in rows[key])
    assert all(value >= 0.95 for key in rows if key[0] < 0.05 for value in rows[key])


def test_a_router_beside_coding_alone(real_data, measured):
    data = pl.read_csv(real_data / "kursk" / "appeals.csv").select(
        pl.col("id").cast(pl.String).alias("message_id"),
        "text",
        pl.col("category").cast(pl.String).alias("rubric"),
    )
    data = data.drop_nulls()
    draw = np.random.default_rng(20261202)
    order = draw.permutation(data.height)
    taught, asked = data[np.sort(order[: len(order) // 2])], data[np.sort(order[len(order) // 2 :])]
    said = routing.fit(taught).assign(asked).select("message_id", pl.col("rubric").alias("value"))
    predictions = said.with_columns(code=pl.lit("категория"))
    truth = dict(asked.select("message_id", "rubric").rows())
    largest = asked["rubric"].value_counts(sort=True)["rubric"].head(3).to_list()
    blind = predictions.with_columns(value=pl.lit(None, pl.String))
    widths = {name: ([], []) for name in largest}
    hits, correlations = [], {name: [] for name in largest}
    for _ in range(100):
        rows = np.sort(draw.choice(asked.height, TEXTS, replace=False))
        ids = asked["message_id"][rows.tolist()]
        # Coders err: one code in ten is another's.
        given = [
            truth[name] if draw.random() > 0.1 else draw.choice(list(truth.values()))
            for name in ids
        ]
        codes = pl.DataFrame({"message_id": ids, "coder": "1", "code": "категория", "value": given})
        for place, forecast in enumerate((predictions, blind)):
            found = coding.prevalence(codes, forecast).shares
            for name in largest:
                row = found.filter(value=name).row(0, named=True)
                widths[name][place].append(row["share_high"] - row["share_low"])
                if not place:
                    correlations[name].append(row["correlation"])
                    real = (asked["rubric"] == name).mean()
                    hits.append(row["share_low"] <= real <= row["share_high"])
    rows = [
        f"{100 * np.mean(widths[name][0]):.1f} ({np.mean(correlations[name]):.2f})"
        for name in largest
    ]
    alone = [f"{100 * np.mean(widths[name][1]):.1f}" for name in largest]
    print(largest, rows, alone, f"{np.mean(hits):.3f}")
    measured(
        "prevalence-kursk",
        what=f"{TEXTS} of {asked.height} real appeals coded (one code in ten wrong), a router "
        "taught on others: length of the 95 % interval of the three largest categories, points "
        "(correlation of router and codes)",
        ours=", ".join(rows),
        peer=f"coded texts alone: {', '.join(alone)}",
    )


def test_alpha_is_that_of_krippendorff(measured):
    krippendorff = pytest.importorskip("krippendorff")
    draw, apart = np.random.default_rng(20261203), 0.0
    for _ in range(200):
        units, coders = draw.integers(5, 40), draw.integers(2, 6)
        table = draw.integers(0, 4, (units, coders)).astype(float)
        table[draw.random(table.shape) < 0.2] = np.nan
        if (np.isfinite(table).sum(axis=1) > 1).sum() < 2 or np.nanstd(table) == 0:
            continue
        rows = [
            {"message_id": f"m{u}", "coder": f"к{k}", "code": "т", "value": f"{table[u, k]:.0f}"}
            for u in range(units)
            for k in range(coders)
            if np.isfinite(table[u, k])
        ]
        for level in ("nominal", "ordinal", "interval"):
            ours = coding.agreement(pl.DataFrame(rows), level=level).questions["alpha"].item()
            theirs = krippendorff.alpha(reliability_data=table.T, level_of_measurement=level)
            apart = max(apart, abs(ours - theirs))
    measured(
        "alpha",
        what="Krippendorff's alpha of 200 random tables with gaps, three levels: largest "
        "difference, five significant digits kept",
        ours=f"{apart:.0e}",
        peer="krippendorff 0.9, the same tables",
    )
    assert apart < 1e-5
