"""Claims told in fresh wording, headline pairs, judged claims: beside BM25 and Jaccard.

``wording/development.toml`` was looked at while the matcher was built, ``wording/judging.toml``
only judges; the matcher learns from neither. «Recall at precision .9» takes the lowest cut, chosen
with hindsight, at which nine in ten of those above it are right; what the tiers themselves reach,
with their fixed cuts, is printed beside it. Run with
``pytest -m benchmark -n 0 -s tests/benchmarks/test_claims_retold.py``.
"""

from pathlib import Path

import bm25s
import numpy as np
import polars as pl
import pytest
from retold_claims import retold
from sklearn.metrics import average_precision_score

from cur_lab import fakes, text
from cur_lab.statements.judgements import item

pytestmark = pytest.mark.benchmark

WORDING = Path(__file__).with_name("wording")
SEEDS = {"development": (1, 2, 3), "judging": (101, 102, 103)}


def recall_at(right: np.ndarray, score: np.ndarray, wanted: int, precision: float = 0.9) -> float:
    """Recall at the lowest cut with this precision; a cut keeps or drops equal scores together."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right[order])
    taken = np.arange(1, len(order) + 1)
    whole = np.append(np.diff(score[order]) != 0, True)
    kept = whole & (hits / taken >= precision) & (score[order] > 0)
    return float(hits[kept].max() / wanted) if kept.any() else 0.0


def bm25(texts: pl.Series, claims: pl.Series) -> np.ndarray:
    """Scores of every claim for every text."""
    index = bm25s.BM25()
    index.index([words or [" "] for words in text.terms(claims).to_list()], show_progress=False)
    lists = text.terms(texts).to_list()
    rows = [index.get_scores(words) if words else np.zeros(len(claims)) for words in lists]
    return np.array(rows)


def jaccard(texts: pl.Series, claims: pl.Series) -> np.ndarray:
    left, right = ([set(words) for words in text.terms(side)] for side in (texts, claims))
    return np.array([[len(a & b) / max(len(a | b), 1) for b in right] for a in left])


def scored(retelling, best: pl.DataFrame) -> pl.DataFrame:
    """What was told of a claim with the claim found nearest and its score."""
    return (
        retelling.truth.rename({"claim_id": "truth"})
        .join(best.select("message_id", "claim_id", "score"), on="message_id", how="left")
        .with_columns(pl.col("score").fill_null(0.0))
        .with_columns(right=(pl.col("claim_id") == pl.col("truth")).fill_null(False))
        .sort("message_id")
    )


def nearest(retelling) -> pl.DataFrame:
    listed = fakes.candidates(retelling.messages, retelling.claims, top=1)
    return scored(retelling, listed)


def peer(retelling, scores) -> pl.DataFrame:
    told = retelling.messages.join(retelling.truth, on="message_id", how="semi")
    names = retelling.claims["claim_id"].to_numpy()
    table = scores(told["text"], retelling.claims["text"])
    found = told.select("message_id", claim_id=names[table.argmax(axis=1)], score=table.max(axis=1))
    return scored(retelling, found)


def figures(rows: pl.DataFrame) -> tuple[float, float, float]:
    """Recall at precision .9 of all statements and of those that share words; AP of all."""
    wanted = rows["truth"].count()
    everything = recall_at(rows["right"].to_numpy(), rows["score"].to_numpy(), wanted)
    some = rows.filter(pl.col("kind") != "new")
    sharing = recall_at(some["right"].to_numpy(), some["score"].to_numpy(), some["truth"].count())
    return everything, sharing, float(average_precision_score(rows["right"], rows["score"]))


def tiers(retelling, matched: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Precision and recall of what is named at the fixed cuts."""
    rows = retelling.truth.rename({"claim_id": "truth", "stance": "said"}).join(
        matched, on="message_id"
    )
    found = {}
    for name, kept in (("match", ["match"]), ("any", ["match", "similar"])):
        taken = rows.filter(pl.col("tier").is_in(kept))
        right = int((taken["claim_id"] == taken["truth"]).fill_null(False).sum())
        found[name] = (right / max(taken.height, 1), right / rows["truth"].count())
    return found


@pytest.mark.parametrize("wording", ["development", "judging"])
def test_fresh_wording_beside_bm25(wording, measured):
    ours, theirs, sets, fixed = [], [], [], []
    for seed in SEEDS[wording]:
        retelling = retold(WORDING / f"{wording}.toml", seed=seed)
        ours.append(figures(nearest(retelling)))
        theirs.append(figures(peer(retelling, bm25)))
        sets.append(figures(peer(retelling, jaccard)))
        fixed.append(tiers(retelling, fakes.matches(retelling.messages, retelling.claims)))
    means = [np.mean(one, axis=0) for one in (ours, theirs, sets)]
    print(f"\n{wording}: recall at precision .9, of all; of those that share words; AP")
    for name, mean in zip(("cur-lab", "BM25", "Jaccard"), means, strict=True):
        print(f"  {name:8} {mean[0]:.3f}  {mean[1]:.3f}  {mean[2]:.3f}")
    for name in ("match", "any"):
        precision, recall = np.mean([one[name] for one in fixed], axis=0)
        print(f"  tier {name:6} precision {precision:.3f}  recall {recall:.3f}")
    if wording == "judging":
        precision, recall = np.mean([one["any"] for one in fixed], axis=0)
        measured(
            "claims-retold",
            what="claims in fresh wording among as many near misses: AP; recall at precision .9 "
            "(precision and recall of the fixed cut)",
            ours=f"{means[0][2]:.2f}; {means[0][0]:.2f} ({precision:.2f}, {recall:.2f})",
            peer=f"BM25 {means[1][2]:.2f}; {means[1][0]:.2f}, "
            f"Jaccard of lemmas {means[2][2]:.2f}; {means[2][0]:.2f}",
        )
    assert means[0][2] > max(means[1][2], means[2][2])
    # As settled at first; on the judging wording it fails (0.42 against 0.50 of BM25).
    assert means[0][0] > max(means[1][0], means[2][0])


@pytest.mark.parametrize("wording", ["development", "judging"])
def test_thirty_judgements_of_a_claim(wording, measured):
    """Judged items leave the figures: only what the analyst did not see is counted."""
    reached = {10: [], 30: []}
    for seed in SEEDS[wording]:
        retelling = retold(WORDING / f"{wording}.toml", seed=seed)
        told = retelling.messages.join(
            retelling.truth.select("message_id", "claim_id"), on="message_id", how="left"
        )
        stated = {item(claim, told) for _, told, claim in told.rows() if claim}
        names = retelling.claims["claim_id"].to_list()
        given = retelling.messages, retelling.claims
        found = fakes.matches(*given)
        for number in reached:
            asked = fakes.judge(found, *given, per_claim=number).items
            yes = pl.col("item").is_in(stated)
            said = asked.with_columns(
                judgement=pl.when(yes).then(pl.lit("yes")).otherwise(pl.lit("no"))
            )
            listed = fakes.candidates(retelling.messages, retelling.claims, top=1, judgements=said)
            rows = scored(retelling, listed).join(retelling.messages, on="message_id")
            seen = set(said["item"])
            kept = [not seen & {item(name, content) for name in names} for content in rows["text"]]
            reached[number].append(figures(rows.filter(pl.Series(kept)))[0])
    means = {number: float(np.mean(values)) for number, values in reached.items()}
    print(f"\n{wording}: recall at precision .9 with judgements of each claim: {means}")
    if wording == "judging":
        measured(
            "claims-judged",
            what="claims in fresh wording after 10; 30 judgements of each, on messages not judged: "
            "recall at precision .9",
            ours=f"{means[10]:.2f}; {means[30]:.2f}",
            peer="not offered elsewhere",
        )
    assert means[30] >= 0.75


def test_headline_pairs_beside_bm25(real_data, measured):
    pairs = pl.read_csv(real_data / "paraphrases" / "pairs.csv").filter(pl.col("class") != 0)
    pairs = pairs.with_columns(message_id=pl.format("m{}", "id"))
    claims = pairs.select(text="text_1").unique().sort("text")
    claims = claims.select(pl.format("c{}", pl.int_range(pl.len())).alias("claim_id"), "text")
    messages = pairs.select("message_id", text="text_2")
    asked = pairs.join(claims, left_on="text_1", right_on="text").select(
        "message_id", "claim_id", "class"
    )
    listed = fakes.candidates(messages, claims, top=10)
    of_pair = (
        asked.join(listed, on=["message_id", "claim_id"], how="left")
        .with_columns(pl.col("score").fill_null(0.0))
        .sort("message_id", "claim_id")
    )
    told = of_pair.select("message_id", "claim_id").join(messages, on="message_id", how="left")
    place = {name: n for n, name in enumerate(claims["claim_id"])}
    own = [place[name] for name in told["claim_id"]]
    rows = np.arange(told.height)
    right = (of_pair["class"] == 1).to_numpy()
    found = {
        "cur-lab": of_pair["score"].to_numpy(),
        "BM25": bm25(told["text"], claims["text"])[rows, own],
        "Jaccard": jaccard(told["text"], claims["text"])[rows, own],
    }
    recall = {name: recall_at(right, score, right.sum()) for name, score in found.items()}
    taken = found["cur-lab"] >= 0.5
    precision, reached = right[taken].mean(), right[taken].sum() / right.sum()
    print(f"\n{right.sum()} paraphrases, {(~right).sum()} other pairs: recall at precision .9")
    for name, value in recall.items():
        print(f"  {name:8} {value:.3f}")
    print(f"  at the fixed cut: precision {precision:.3f}, recall {reached:.3f}")
    measured(
        "claims-headline-pairs",
        what=f"{right.sum()} headlines with their paraphrase, {(~right).sum()} with another: "
        "recall at precision .9 (precision and recall of the fixed cut)",
        ours=f"{recall['cur-lab']:.2f} ({precision:.2f}, {reached:.2f})",
        peer=f"BM25 {recall['BM25']:.2f}, Jaccard of lemmas {recall['Jaccard']:.2f}",
    )
    assert recall["cur-lab"] > max(recall["BM25"], recall["Jaccard"])
