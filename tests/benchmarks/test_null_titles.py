"""Titles over regions in which nothing is to be found: how often one claims something all the same.

Two hundred regions of `null_region`, seeds 0–199: the sample's texts, all else drawn at random. On
each the methods of the notebooks answer and the figures are titled as there; a title claims what
the pattern beside its predicate says (`headlines.entries`). Titles that say of themselves that the
data are too few are no chance to be wrong and are left out. Pooled by the kind of title: the number
that claims, Clopper & Pearson's 95 % interval, the error the methods state (5 %); alarms state a
rate instead, twelve false ones a year of the region, so episodes are counted against days.

What a claim is, the sizes, the seeds and the kinds were settled before a row was looked at.
"""

import re
import time
from collections import Counter

import null_region
import pytest
from headlines.entries import ENTRIES, load, overheard
from scipy import stats

from cur_lab import budgeting, fakes, figures, prepare, topics, trends
from cur_lab.errors import NotEnoughDataError

pytestmark = pytest.mark.benchmark

REGIONS = 200
SIZES = {"messages": 800, "days": 240, "votes": 1_500}
KINDS = {
    "difference": (
        *("topics.shares", "topics.by_group", "hotspots.districts", "hotspots.streets"),
        *("answers.waiting", "answers.incidence", "reporting.rates", "fairness.turnout"),
    ),
    "rise": ("trends.changes", "trends.mix", "briefing.problems", "intake.volume"),
    "effect": ("decisions.impact", "decisions.overview", "budgeting.posts"),
    "campaign": ("campaigns.evidence", "integrity.evidence"),
}
STATED = 0.05
BUDGET = 12  # alarms a region-year
_UNANSWERED = re.compile("едостаточно данных|не определ|нечего|слишком мал", re.IGNORECASE)


def titled(seed: int) -> list[tuple[str, str]]:
    """Name and sentence of every title over a region."""
    made = null_region.draw(seed, **SIZES)
    with overheard() as heard:
        for draw in _pictures(made):
            try:
                draw()
            except NotEnoughDataError:
                continue
    return [(name, sentence) for name, _, _, sentence in heard]


def _pictures(made: null_region.Null):
    """What is drawn of a region, each by itself: one that lacks data keeps no other back."""
    tables, vote = made.tables, made.election
    messages, known = prepare.messages(tables["messages"]), {"caption": "n"}
    places = tables["municipalities"]
    figure = figures.trends
    days = trends.counts(messages, (), "1d", municipalities=places)
    by_rubric = trends.counts(messages, ("rubric",), "1d", municipalities=places)
    cells = trends.counts(messages, ("rubric", "municipality"))
    yield lambda: figure.changes(days, trends.changes(days), **known)
    yield lambda: figure.changes(by_rubric, trends.changes(by_rubric), **known)
    yield lambda: figure.mix(trends.mix(messages), **known)
    yield lambda: figures.of(trends.alarms(messages, budget=f"{BUDGET} per region-year"), **known)
    yield lambda: _both(trends.hotspots(messages, municipalities=places), "streets", "districts")
    model = topics.fit(messages, n_topics=3, refits=2)
    yield lambda: figures.of(model, "shares", **known)
    for by in ("municipality", "channel"):
        told = {"by": by, "heading": by, "apart": model.apart}
        yield lambda told=told: figures.topics.by_group(
            topics.breakdown(messages, model, by=told["by"]), **told, **known
        )
    place = places["municipality"][0]
    yield lambda: _both(trends.briefing(messages, municipality=place), "problems", "waiting")
    yield lambda: figures.of(trends.reporting(messages), **known)
    impacts = trends.impacts(cells, tables["decisions"], messages=messages)
    yield lambda: figures.of(impacts, **known)
    # As in notebook 04: the decision after which the fall is the surest.
    yield lambda: figures.of(impacts.clearest(), "path", **known)
    yield lambda: figures.of(fakes.campaigns(messages), "evidence", **known)
    yield lambda: figures.of(fakes.intake(messages, every="1h"), "volume", **known)
    winners = budgeting.winners(vote)
    yield lambda: figures.of(budgeting.equity(vote, winners, places), "turnout", **known)
    posts = tables["posts"]
    yield lambda: figures.of(budgeting.post_effects(vote, posts, placebos=19), **known)
    yield lambda: figures.of(budgeting.integrity(vote), "evidence", **known)


def _both(result: object, *pictures: str) -> None:
    for picture in pictures:
        figures.of(result, picture, caption="n")


def _claims(name: str, sentence: str) -> bool:
    return re.search(ENTRIES[name].claims or "(?!)", sentence) is not None


def _exact(number: int, of: int) -> str:
    ends = stats.binomtest(number, of).proportion_ci(method="exact")
    return f"{number} of {of}: {number / of:.3f} ({ends.low:.3f}–{ends.high:.3f})"


def test_titles_over_nothing(measured):
    load("headlines.chapters")
    begun = time.process_time()
    told = [title for seed in range(REGIONS) for title in titled(seed)]
    spent = time.process_time() - begun
    asked = [(name, said) for name, said in told if not _UNANSWERED.search(said)]
    made, wrong = Counter(name for name, _ in asked), Counter()
    wrong.update(name for name, said in asked if _claims(name, said))
    for name in sorted(made):
        print(f"{name:24} {_exact(wrong[name], made[name])}")
    rows = {}
    for kind, names in KINDS.items():
        number, of = (sum(counter[name] for name in names) for counter in (wrong, made))
        rows[kind] = _exact(number, of)
        print(f"{kind:12} {rows[kind]}, stated {STATED}; p = {_p(number, of):.3f}")
    episodes = sum(
        int(re.search(r"(\d+) эпизод", said)[1]) if _claims(name, said) else 0
        for name, said in told
        if name == "alarms.episodes"
    )
    years = REGIONS * SIZES["days"] / 365.25
    print(
        f"alarms: {episodes / years:.1f} a region-year, borne {BUDGET}; {spent:.0f} s of processor"
    )
    measured(
        "null-titles",
        what=f"{REGIONS} null regions: titles that claim (exact 95 % interval); alarms a year",
        ours="; ".join(f"{kind} {row}" for kind, row in rows.items())
        + f"; alarms {episodes / years:.1f}",
        peer=f"error the methods state: {STATED}; alarms borne: {BUDGET}",
    )
    assert all(
        _p(sum(wrong[n] for n in names), sum(made[n] for n in names)) > 0.01
        for names in KINDS.values()
    )
    assert episodes / years <= BUDGET


def _p(number: int, of: int) -> float:
    """How likely as many false titles are, were the stated error true."""
    return float(stats.binomtest(number, of, STATED, alternative="greater").pvalue) if of else 1.0
