"""Matches with refuted claims: what states a claim, what only shares its nouns, bad registries."""

import polars as pl
import pytest
from claim_examples import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from cur_lab import fakes, text
from cur_lab.errors import InputError, NotEnoughDataError
from cur_lab.statements import retrieval
from cur_lab.statements.coverage import Claim
from cur_lab.statements.parsing import read

STANCES = ("spreads", "asks", "doubts", "refutes")


def registry() -> pl.DataFrame:
    return pl.DataFrame(
        [(f"c{n}", example.claim) for n, example in enumerate(EXAMPLES)],
        schema=["claim_id", "text"],
        orient="row",
    )


def stated() -> pl.DataFrame:
    """Messages with the claim they state (null: none) and their stance."""
    rows = [
        (content, f"c{n}" if stance != "near" else None, stance)
        for n, example in enumerate(EXAMPLES)
        for stance in (*STANCES, "near")
        for content in getattr(example, stance)
    ]
    return pl.DataFrame(rows, schema=["text", "truth", "kind"], orient="row").select(
        pl.format("m{}", pl.int_range(pl.len())).alias("message_id"), pl.all()
    )


@pytest.fixture(scope="module")
def matched() -> pl.DataFrame:
    return stated().join(fakes.matches(stated(), registry()), on="message_id", validate="1:1")


def messages(*texts: str | None) -> pl.DataFrame:
    ids = [f"m{n}" for n in range(len(texts))]
    return pl.DataFrame({"message_id": ids, "text": texts}, schema_overrides={"text": pl.String})


def evidence(claim: str, message: str):
    stated, told = read(pl.Series([claim, message]))
    return Claim(stated).evidence([told])[0]


def test_statements_are_found_and_never_given_to_another_claim(matched):
    told = matched.filter(pl.col("truth").is_not_null())
    assert (told["claim_id"] == told["truth"]).sum() / told.height >= 0.85
    assert (told["claim_id"] == told["truth"]).fill_null(True).all()


def test_what_shares_nouns_only_is_no_match(matched):
    near = matched.filter(pl.col("kind") == "near")
    # «Похоже» is for a person to read; these near misses were written to be hard.
    assert near["claim_id"].null_count() / near.height >= 0.65
    assert (near["tier"] == "match").sum() <= 2
    # The words are there all the same: nothing but the decision tells them apart.
    listed = fakes.candidates(near, registry())
    assert listed["message_id"].n_unique() / near.height >= 0.8


def test_a_match_has_a_stance_and_nothing_else_has(matched):
    assert (matched["stance"].is_null() == matched["claim_id"].is_null()).all()
    assert (matched["tier"].is_null() == matched["claim_id"].is_null()).all()
    told = matched.filter(pl.col("claim_id").is_not_null(), pl.col("truth").is_not_null())
    assert (told["stance"] == told["kind"]).mean() >= 0.9


@pytest.mark.parametrize(
    ("claim", "other"),
    [
        ("Мост через Оку закроют на два года", "Мост через Оку откроют через два года"),
        ("Воду в Заречном отключат на месяц", "Воду в Заречном включат через месяц"),
        ("Детский лагерь станет платным для местных", "Детский лагерь станет бесплатным для всех"),
    ],
)
def test_a_word_does_not_cover_its_opposite(claim, other):
    assert evidence(claim, claim).coverage == pytest.approx(1)
    assert evidence(claim, other).coverage < 0.85


def test_numbers_meet_however_written_and_others_count_against():
    claim = "Штраф за мусор вырастет до 5000 рублей"
    same = evidence(claim, "Теперь штраф за мусор вырастет до пяти тысяч рублей")
    other = evidence(claim, "Штраф за мусор вырастет до 500 рублей")
    assert same.coverage == pytest.approx(1)
    assert not same.other_number
    assert other.other_number
    assert other.coverage < same.coverage


def test_another_place_counts_against():
    claim = "В посёлке Залесье закроют школу"
    assert evidence(claim, "Говорят, в посёлке Приречное закроют школу").other_name
    assert not evidence(claim, "Говорят, в посёлке Залесье закроют школу").other_name
    assert not evidence(claim, "Говорят, у нас в посёлке закроют школу").other_name


def test_who_does_what_tells_equal_words_apart():
    claim = "Завод построят на месте парка"
    same = evidence(claim, "На месте парка скоро построят завод")
    other = evidence(claim, "На месте завода скоро построят парк")
    assert same.coverage == pytest.approx(other.coverage, abs=0.01)
    assert same.letters > other.letters  # runs of letters cross the borders of words


def test_denial_is_seen_whichever_side_denies():
    claim = "Больницу закроют"
    assert evidence(claim, "Нашу больницу не закроют").negated
    assert not evidence(claim, "Нашу больницу закроют").negated
    assert not evidence("Воду пить нельзя", "Воду не пейте").negated
    assert evidence("Воду пить нельзя", "Воду пейте").negated


def test_a_claim_deep_in_a_long_message_is_found():
    claim = EXAMPLES[0].claim
    around = "Двор у нас зелёный и тихий. Соседи хорошие, спасибо всем. " * 8
    found = fakes.matches(messages(around + EXAMPLES[0].spreads[0] + around), registry())
    assert found["claim_id"].to_list() == ["c0"], claim


def test_a_few_words_only_suggest():
    claims = pl.DataFrame({"claim_id": ["c"], "text": ["Больницу в Залесье закроют навсегда"]})
    found = fakes.matches(messages("Больницу в Залесье закроют навсегда"), claims)
    assert found["tier"].to_list() == ["similar"]
    assert found["score"][0] > 0.7


def test_a_million_equal_texts_are_read_once(monkeypatch):
    asked = []
    real = retrieval.pairs
    monkeypatch.setattr(
        retrieval, "pairs", lambda texts, claims: asked.append(len(texts)) or real(texts, claims)
    )
    many = pl.DataFrame({"text": [EXAMPLES[1].spreads[0]]}).select(
        pl.col("text").repeat_by(1_000_000).explode()
    )
    many = many.with_row_index("message_id").with_columns(pl.col("message_id").cast(pl.String))
    found = fakes.matches(many, registry())
    assert asked == [1]
    assert found.height == 1_000_000
    assert found["score"].n_unique() == 1


def test_pictures_and_nothing_match_nothing():
    found = fakes.matches(messages("👍👍👍", "", None, "!!!", "да"), registry())
    assert found["claim_id"].null_count() == 5
    assert found["score"].to_list() == [0.0] * 5


@given(st.lists(st.text(max_size=80), min_size=1, max_size=4))
@settings(max_examples=15, deadline=None)
def test_any_text_gets_one_row_and_a_score_within_bounds(texts):
    found = fakes.matches(messages(*texts), registry())
    assert found["message_id"].to_list() == sorted(f"m{n}" for n in range(len(texts)))
    assert found["score"].is_between(0, 1).all()


def test_what_other_messages_say_of_other_things_changes_no_score():
    one = messages(EXAMPLES[0].spreads[0])
    more = messages(EXAMPLES[0].spreads[0], *(e.spreads[0] for e in EXAMPLES[1:]))
    alone = fakes.matches(one, registry())["score"][0]
    assert fakes.matches(more, registry())["score"][0] == alone > 0.5


def test_order_of_claims_does_not_matter():
    few = stated().head(20)
    assert_frame_equal(fakes.matches(few, registry()), fakes.matches(few, registry().reverse()))


def test_bad_registries_are_named_by_row():
    one = messages("Больницу закроют")
    for content in ("", None, "  !!! ", "и не"):
        claims = pl.DataFrame({"claim_id": ["a", "b"], "text": ["Мост закроют", content]})
        with pytest.raises(InputError, match="row 2"):
            fakes.matches(one, claims)
    with pytest.raises(InputError, match="repeats: a"):
        fakes.matches(one, pl.DataFrame({"claim_id": ["a", "a"], "text": ["Мост снесут"] * 2}))
    with pytest.raises(NotEnoughDataError, match="no claims"):
        fakes.matches(one, registry().clear())


def test_ranks_are_fused_by_the_published_formula():
    spread = text.terms(pl.Series([e.spreads[0] for e in EXAMPLES]))
    found = retrieval.pairs(spread, text.terms(registry()["text"]))
    assert found.filter(pl.col("fused") == found["fused"].max())["lexical_rank"][0] == 1
    expected = [
        sum(1 / (60 + rank) for rank in ranks if rank is not None)
        for ranks in found.select("lexical_rank", "dense_rank").iter_rows()
    ]
    assert found["fused"].to_list() == pytest.approx(expected)
