"""Answers beside lifelines, and reporting rates under right and wrong links.

``pytest -m benchmark -s tests/benchmarks/test_answers.py``
"""

import warnings
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.datasets import load_lymph_node, load_waltons
from lifelines.utils import qth_survival_time, qth_survival_times
from scipy import stats

from cur_lab import columns, datasets, trends
from cur_lab.inference import survival, wilson
from cur_lab.trends.reporting import linkage, rates

pytestmark = pytest.mark.benchmark

START = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
REPLICATES = 500
DISTRICTS = 8
RATES = 0.05 * np.exp(np.linspace(-0.8, 0.8, DISTRICTS))
RATIOS = RATES / np.exp(np.log(RATES).mean())
RUBRICS = np.array([0.6, 1.0, 1.8])


def show(title: str, frame: pl.DataFrame) -> None:
    with pl.Config(
        tbl_rows=60, tbl_width_chars=160, tbl_hide_column_data_types=True, fmt_str_lengths=50
    ):
        print(f"\n{title}\n{frame}")


# --- lifelines ----------------------------------------------------------------------------------


def public_sets() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    waltons, nodes = load_waltons(), load_lymph_node()
    return {
        "waltons": (waltons["T"].to_numpy(float), waltons["E"].to_numpy(int)),
        "lymph node": (nodes["rectime"].to_numpy(float), nodes["censrec"].to_numpy(int)),
    }


def test_survival_equals_lifelines_on_public_data():
    rows = []
    for name, (times, happened) in public_sets().items():
        fit = KaplanMeierFitter().fit(times, happened)
        ours = survival.Survival(times, happened.astype(bool))
        theirs = [
            np.array(
                [
                    # A product that is the quantile but for rounding is the quantile.
                    qth_survival_time(1 - p + 1e-12, fit.survival_function_),
                    *qth_survival_times(1 - p + 1e-12, fit.confidence_interval_).to_numpy()[0],
                ]
            )
            for p in (0.5, 0.9)
        ]
        found = [
            np.array([np.inf if end is None else end for end in ours.quantile(p)], dtype=float)
            for p in (0.5, 0.9)
        ]
        rows += [
            {
                "data": name,
                "quantile": p,
                "n": len(times),
                "ours": f.tolist(),
                "lifelines": t.tolist(),
            }
            for p, f, t in zip((0.5, 0.9), found, theirs, strict=True)
        ]
        np.testing.assert_array_equal(ours.share, fit.survival_function_.to_numpy()[:, 0])
        for f, t in zip(found, theirs, strict=True):
            if np.isfinite(t[0]):
                np.testing.assert_array_equal(f, t)
    show("Kaplan-Meier: quantile, lower and upper end", pl.DataFrame(rows))


def test_incidences_equal_lifelines_on_public_data():
    rows = []
    worst = 0.0
    for name, (times, happened) in public_sets().items():
        draw = np.random.default_rng(0)
        # One cause is split at random in two, and ties are set apart: lifelines jitters those.
        causes = happened * (1 + (draw.random(len(times)) < 0.3))
        apart = times + 1e-4 * draw.random(len(times))
        at = np.quantile(times, [0.25, 0.5, 0.75])
        for cause in (1, 2):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                fit = AalenJohansenFitter().fit(apart, causes, event_of_interest=cause)
            found = survival.incidences(apart, causes, cause, at)
            for time, estimate in zip(at, found, strict=True):
                band = np.sort(fit.confidence_interval_.loc[:time].iloc[-1].to_numpy())
                theirs = [fit.cumulative_density_.loc[:time].iloc[-1, 0], *band]
                worst = max(worst, float(np.abs(np.array(estimate) - theirs).max()))
                rows.append({"data": name, "cause": cause, "at": time, "incidence": estimate[0]})
    show(f"Aalen-Johansen: largest difference to lifelines {worst:.1e}", pl.DataFrame(rows))
    assert worst < 1e-9


def test_medians_of_a_region_equal_lifelines():
    draw = np.random.default_rng(0)
    n = 20_000
    answered = np.where(draw.random(n) < 0.85, draw.exponential(8, n), np.nan)
    data = columns.MESSAGES.conform(
        pl.DataFrame(
            {
                "message_id": [f"m{number:05}" for number in range(n)],
                "published_at": [START + 300 * u * DAY for u in draw.random(n)],
                "agency": draw.choice([f"А{number}" for number in range(40)], n),
                "text": ["нет воды"] * n,
                "wait": answered,
            }
        )
        .with_columns(
            answered_at=pl.when(pl.col("wait").is_not_nan()).then(
                pl.col("published_at")
                + pl.duration(microseconds=(pl.col("wait").fill_nan(0) * 86_400e6).cast(pl.Int64))
            )
        )
        .drop("wait")
    )
    until = START + 310 * DAY
    summary = trends.resolution(data, until=until).summary
    differing = 0
    for row in summary.iter_rows(named=True):
        part = data.filter(agency=row["agency"])
        came = (part["answered_at"] <= until).fill_null(False)
        end = part["answered_at"].fill_null(until).clip(upper_bound=until)
        days = (end - part["published_at"]).dt.total_microseconds().to_numpy() / 86_400e6
        fit = KaplanMeierFitter().fit(days, came.to_numpy())
        ends = qth_survival_times(0.5 + 1e-12, fit.confidence_interval_).to_numpy()[0]
        theirs = [qth_survival_time(0.5 + 1e-12, fit.survival_function_), *ends]
        ours = [row["median"], row["median_low"], row["median_high"]]
        differing += not np.allclose(ours, theirs, rtol=1e-12, atol=0)
    print(
        f"\nmedians of {summary.height} agencies, {n:,} messages: {differing} differ from lifelines"
    )
    assert differing == 0


# --- reporting rates ----------------------------------------------------------------------------


def incidents(seed: int, each: int, frailty: float | None) -> tuple[pl.DataFrame, np.ndarray]:
    """Incidents of eight districts and three rubrics, and the true rate at their mix."""
    draw = np.random.default_rng(seed)
    group = np.repeat(np.arange(DISTRICTS), each)
    mix = draw.integers(0, 3, group.size)
    days = np.minimum(draw.exponential(20, group.size), 60) + 0.01
    severity = draw.gamma(frailty, 1 / frailty, group.size) if frailty else np.ones(group.size)
    frame = pl.DataFrame(
        {
            "incident_id": [f"{number:06}" for number in range(group.size)],
            "group": group,
            "mix": mix.astype(str),
            "duplicates": draw.poisson(RATES[group] * RUBRICS[mix] * severity * days),
            "exposure_days": days,
            "silent_days": 0.0,
            "ending": mix.astype(str),
            "home": [f"{number:06}" for number in range(group.size)],
        }
    )
    return frame, RATES * (np.bincount(mix, minlength=3) / mix.size @ RUBRICS)


def counted_alone(frame: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Exact Poisson intervals of all reports over all days of a district."""
    known = frame.group_by("group").agg(pl.col("duplicates", "exposure_days").sum()).sort("group")
    number, days = known["duplicates"].to_numpy(), known["exposure_days"].to_numpy()
    low = np.where(number > 0, stats.chi2.ppf(0.025, 2 * np.maximum(number, 1)) / 2, 0.0)
    return low / days, stats.chi2.ppf(0.975, 2 * (number + 1)) / 2 / days


@pytest.mark.parametrize("each", [12, 25, 100])
@pytest.mark.parametrize("frailty", [None, 1.0, 0.6])
def test_intervals_of_reporting_rates_cover(each, frailty, measured):
    rate, ratio, alone = [], [], []
    for seed in range(REPLICATES):
        frame, truth = incidents(seed, each, frailty)
        found = rates.fit(frame)
        low, high = counted_alone(frame)
        alone += ((low <= truth) & (truth <= high)).tolist()
        known = np.isfinite(found.ratio)
        rate += ((found.low <= truth) & (truth <= found.high)).tolist()
        ratio += ((found.ratio_low <= RATIOS) & (found.ratio_high >= RATIOS))[known].tolist()
    rows = []
    for name, covered in (("rate", rate), ("ratio", ratio)):
        low, high = wilson(sum(covered), len(covered))
        rows.append(
            {"of": name, "covered": np.mean(covered), "low": float(low), "high": float(high)}
        )
    show(f"{each} incidents a district, severity {frailty or 'equal'}", pl.DataFrame(rows))
    if each == 25:
        measured(
            f"reporting-{frailty or 'equal'}",
            what=f"reporting rates, {each} incidents a district, severity {frailty or 'equal'}: "
            "coverage of 95 % intervals of rates; of ratios",
            ours=f"{np.mean(rate):.3f}; {np.mean(ratio):.3f}",
            peer=f"exact Poisson intervals {np.mean(alone):.3f}",
        )
    assert np.mean(rate) >= 0.9
    assert np.mean(ratio) >= 0.9


def reports(seed: int, *, each: int = 40, herding: float = 0.0) -> pl.DataFrame:
    """Messages of incidents that are all closed; some call forth a copy within a day."""
    draw = np.random.default_rng(seed)
    rows = []
    for district in range(DISTRICTS):
        for number in range(each):
            begun, lasts = 300 * draw.random(), 5 + draw.exponential(15)
            rubric = int(draw.integers(0, 3))
            rate = RATES[district] * RUBRICS[rubric] * draw.gamma(1.0)
            later = np.sort(lasts * draw.random(draw.poisson(rate * lasts)))
            copies = [t + draw.random() for t in [0.0, *later] if draw.random() < herding]
            for place, (time, copied) in enumerate(
                sorted([(t, False) for t in [0.0, *later]] + [(t, True) for t in copies])
            ):
                if time > lasts:
                    continue
                rows.append(
                    {
                        "message_id": f"m{len(rows):06}",
                        "incident_id": f"i{district}-{number:03}",
                        "published_at": START + (begun + time) * DAY,
                        "resolved_at": START + (begun + lasts) * DAY,
                        "municipality": f"район {district}",
                        "rubric": f"рубрика {rubric}",
                        "copied": copied,
                        "place": place,
                    }
                )
    return pl.DataFrame(rows)


def fitted(frame: pl.DataFrame, *, cap: int = 60) -> rates.Rates:
    known = frame.with_columns(
        text=pl.lit(""),
        reopened_at=pl.lit(None, columns.MESSAGES.full_schema["reopened_at"]),
        home=pl.lit(None, pl.String),
    )
    observed = linkage.observed(known, ["municipality"], cap, START + 500 * DAY, gap=None)
    return rates.fit(
        observed.with_columns(
            group=pl.col("municipality").str.slice(6).cast(pl.Int64), mix=pl.col("rubric")
        ),
        usual_days=cap,
    )


def test_the_loss_under_wrong_links_copies_and_caps():
    replicates = 100
    changes = {"right links": lambda frame, draw: (frame, 60)}
    for share in (0.05, 0.1, 0.2, 0.3):
        changes[f"{share:.0%} merged"] = lambda f, d, s=share: (linkage.merged(f, s, d), 60)
        changes[f"{share:.0%} split"] = lambda f, d, s=share: (linkage.split(f, s, d), 60)
    for cap in (30, 60, 90):
        changes[f"cap {cap} days, a third never closed"] = lambda f, d, cap=cap: (
            f.with_columns(
                resolved_at=pl.when(
                    pl.col("incident_id").str.slice(-3).cast(pl.Int64) % 3 > 0
                ).then("resolved_at")
            ),
            cap,
        )
    for share in (0.3, 0.6):
        changes[f"{share:.0%} copied, counted"] = share
        changes[f"{share:.0%} copied, left out"] = -share
    rows = []
    for name, change in changes.items():
        bias, covered, covered_ratio = [], [], []
        for seed in range(replicates):
            draw = np.random.default_rng(seed)
            if callable(change):
                frame, cap = change(reports(seed), draw)
            else:
                frame, cap = reports(seed, herding=abs(change)), 60
                frame = frame.filter(~pl.col("copied")) if change < 0 else frame
            found = fitted(frame, cap=cap)
            truth = RATES * RUBRICS.mean()
            bias.append(np.log(found.rate / truth).mean())
            covered.append(((found.low <= truth) & (truth <= found.high)).mean())
            inside = (found.ratio_low <= RATIOS) & (found.ratio_high >= RATIOS)
            covered_ratio.append(inside.mean())
        rows.append(
            {
                "what": name,
                "rate over truth": float(np.exp(np.mean(bias))),
                "rate covered": float(np.mean(covered)),
                "ratio covered": float(np.mean(covered_ratio)),
            }
        )
    table = pl.DataFrame(rows)
    show(f"Reporting rates, {replicates} replicates of {DISTRICTS} districts", table)
    right = table.row(0, named=True)
    assert right["rate covered"] >= 0.88
    assert right["ratio covered"] >= 0.9
    # Whatever is wrong with the links, districts compare nearly as they should.
    assert table.filter(pl.col("what").str.contains("merged|split"))["ratio covered"].min() > 0.8


@pytest.mark.parametrize("links", ["by address", "true"])
def test_the_planted_readiness_of_the_sample_comes_back(links):
    sample, truth = datasets.load("zarechye"), datasets.truth("zarechye")
    given = truth.messages.select("message_id", "incident_id") if links == "true" else None
    found = trends.reporting(sample.messages, incidents=given).rates.drop_nulls("ratio")
    table = found.join(truth.municipalities, on="municipality", validate="1:1")
    planted = table["propensity"].to_numpy()
    planted = planted / np.exp(np.log(planted).mean())
    ratio, low, high = (table[name].to_numpy() for name in ("ratio", "ratio_low", "ratio_high"))
    slope = float(np.polyfit(np.log(planted), np.log(ratio), 1)[0])
    covered = float(((low <= planted) & (planted <= high)).mean())
    rank = float(stats.spearmanr(planted, ratio).statistic)
    print(
        f"\nreadiness of {table.height} districts, links {links}: "
        f"rank correlation {rank:.2f}, slope {slope:.2f}, covered {covered:.2f}"
    )
    assert rank > 0.5
    assert covered > 0.8
