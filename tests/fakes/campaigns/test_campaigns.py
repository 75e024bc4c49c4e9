"""Campaigns: known answers of the parts, planted attacks, organic look-alikes, bad input."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import simulated_campaigns as simulated
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy import stats

from cur_lab import columns as c
from cur_lab import fakes, prepare
from cur_lab.columns import campaigns as columns_of_campaigns
from cur_lab.errors import CurLabError, ParameterError

# The function of the room has the name of the package it comes from.
permutations, timing, pairs, verdicts = (
    import_module(f"cur_lab.fakes.campaigns.{name}")
    for name in ("permutations", "timing", "pairs", "verdicts")
)
VERDICTS = {"review", "shared_event", "synchronous"}
# Words that would say of people what a text cannot show.
INTENT = re.compile(
    r"накрут|тролл|заказн|проплач|фейк|фабрик|намерен|умысел|умышлен|злонамер|лжив|лгут|обман|"
    r"атак|вброс|подстав|фальш|манипул|\bбот[ыаов]*\b|дезинформ|поддел",
    re.I,
)


@pytest.fixture(scope="module")
def background() -> pl.DataFrame:
    return simulated.chatter(4_000, seed=0)


def found(planted, *, verdict="review") -> float:
    """Share of the planted messages in families of a verdict."""
    result = fakes.campaigns(planted.messages)
    named = result.families.filter(pl.col(c.VERDICT) == verdict)[c.FAMILY]
    members = result.members.filter(pl.col(c.FAMILY).is_in(named.implode()))
    return len(planted.ids & set(members[c.MESSAGE_ID])) / len(planted.ids)


# --- planted ------------------------------------------------------------------------------------


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("kind", ["copy", "mail merge"])
def test_a_text_pasted_within_minutes_calls_for_a_check(background, kind, new):
    rng = np.random.default_rng(1)
    planted = simulated.plant(background, kind, 25, new=new, rng=rng)
    assert found(planted) > 0.9


def test_accounts_that_write_once_are_seen_as_a_family(background):
    planted = simulated.plant(background, "disposable", 30, new=True, rng=np.random.default_rng(2))
    assert found(planted) > 0.9


@pytest.mark.parametrize("kind", simulated.LOOK_ALIKES)
def test_organic_look_alikes_are_left_alone(background, kind):
    planted = simulated.plant(background, kind, 40, new=False, rng=np.random.default_rng(3))
    assert found(planted) == 0


def test_an_outage_told_in_the_same_words_is_a_shared_event(background):
    """Everybody copies the dispatcher's notice, but everybody else writes about it as well."""
    rng = np.random.default_rng(4)
    notice = simulated.plant(background, "copy", 15, new=False, rng=rng)
    when = notice.messages.filter(pl.col(c.MESSAGE_ID).is_in(list(notice.ids)))
    start, channel = when[c.PUBLISHED_AT].min(), when[c.CHANNEL][0]
    others = background.filter(pl.col(c.CHANNEL) == channel).head(150)
    moved = others.with_columns(
        (pl.col(c.MESSAGE_ID) + "-x").alias(c.MESSAGE_ID),
        pl.Series(
            c.PUBLISHED_AT,
            [start + timedelta(seconds=float(s)) for s in rng.uniform(-60, 900, 150)],
            dtype=pl.Datetime("us", "UTC"),
        ),
    )
    messages = pl.concat([notice.messages, moved], how="diagonal")
    result = fakes.campaigns(messages)
    family = result.members.filter(pl.col(c.MESSAGE_ID).is_in(list(notice.ids)))[c.FAMILY][0]
    row = result.families.row(by_predicate=pl.col(c.FAMILY) == family, named=True)
    assert row[c.VERDICT] == "shared_event"
    assert row[c.EXPLANATION] == "shared_news"


def test_background_alone_and_permuted_is_quiet(background):
    assert fakes.campaigns(background).families.filter(pl.col(c.Q_VALUE) <= 0.05).is_empty()


def test_copies_of_one_author_call_for_nothing(background):
    rng = np.random.default_rng(5)
    planted = simulated.plant(background, "copy", 30, new=False, rng=rng)
    one = planted.messages.with_columns(
        pl.when(pl.col(c.MESSAGE_ID).is_in(list(planted.ids)))
        .then(pl.lit("a1"))
        .otherwise(c.AUTHOR_ID)
        .alias(c.AUTHOR_ID)
    )
    families = fakes.campaigns(one).families
    assert "review" not in families[c.VERDICT].to_list()


# --- what is said -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(background) -> pl.DataFrame:
    messages = background
    for number, kind in enumerate((*simulated.ATTACKS, *simulated.LOOK_ALIKES)):
        rng = np.random.default_rng([7, number])
        messages = simulated.plant(messages, kind, 30, new=number % 2 == 0, rng=rng).messages
    return messages


@pytest.fixture(scope="module")
def result(mixed):
    return fakes.campaigns(mixed)


def called(result) -> int:
    """Families to check, the small ones too."""
    return result.verdicts.filter(pl.col(c.VERDICT) == "review")["families"].sum()


def test_no_other_verdict_is_ever_printed(result):
    assert set(verdicts.VERDICTS) == VERDICTS
    said = set(result.families[c.VERDICT].drop_nulls())
    assert said <= VERDICTS
    assert "review" in said


def test_every_code_has_words_and_none_speaks_of_intent(result):
    coded = {
        c.VERDICT: result.verdicts[c.VERDICT],
        c.EVIDENCE: result.families[c.EVIDENCE].explode().drop_nulls(),
        c.EXPLANATION: result.families[c.EXPLANATION],
        c.LINE: result.evidence[c.LINE],
        c.COUNTED: result.evidence[c.LINE],
        c.ROLE: result.evidence[c.ROLE],
        c.NOTE: result.evidence[c.NOTE].drop_nulls(),
        c.TEST: result.checks[c.TEST],
        c.REASON: result.checks[c.REASON],
        c.KIND: result.power[c.KIND],
        c.WINDOWS: result.sensitivity[c.WINDOWS],
    }
    for name, codes in coded.items():
        assert set(codes) <= set(c.CODES[name]), name
    # Words for codes that this stream did not call forth count as well.
    words = [word for codes in columns_of_campaigns.CODES.values() for word in codes.values()]
    assert [word for word in words if INTENT.search(word)] == []


def test_no_rule_holds_a_russian_word():
    folder = Path(verdicts.__file__).parent
    for path in folder.glob("*.py"):
        assert not re.search(r'"[^"\n]*[а-яё][^"\n]*"', path.read_text(encoding="utf-8")), path


def test_every_flag_comes_with_evidence_and_an_innocent_explanation(result):
    flagged = result.families.filter(pl.col(c.VERDICT) == "review")
    assert set(flagged[c.EXPLANATION]) <= set(c.CODES[c.EXPLANATION]) - {"nothing_to_explain"}
    lines = result.evidence.filter(pl.col(c.FAMILY).is_in(flagged[c.FAMILY].implode()))
    assert {"same_words", "tight"} <= set(lines[c.LINE])
    assert result.expected_false == pytest.approx(0.05 * called(result), abs=0.005)
    assert "before_the_data" in result.checks[c.REASON]
    known = set(flagged[c.FAMILY])
    assert result.leading in known
    assert {"same_words", "tight"} <= set(flagged.row(0, named=True)[c.EVIDENCE])


def test_p_is_the_larger_of_words_and_conduct(result):
    tested = result.families.drop_nulls(c.P_VALUE)
    larger = tested.select(pl.max_horizontal(c.P_WORDING, c.P_CONDUCT)).to_series()
    assert tested[c.P_VALUE].equals(larger.alias(c.P_VALUE))


def test_tables_of_demand_are_as_declared(result):
    c.CAMPAIGN_POWER.check(result.power, where="power")
    c.CAMPAIGN_SENSITIVITY.check(result.sensitivity, where="sensitivity")
    assert result.power.filter(pl.col(c.SIZE) == 60)[c.FOUND].max() > 0.8
    usual = result.sensitivity.filter(
        (pl.col(c.SIMILARITY) == 0.8) & (pl.col("spread") == 60) & (pl.col("windows") == "all")
    )
    assert usual["kept"].item() == usual["flagged_before"].item()
    assert usual["added"].item() == 0


def test_families_are_counted_by_verdict_and_by_other_rates(result):
    hidden = result.verdicts["hidden"].sum()
    assert result.verdicts["families"].sum() == result.families.height + hidden
    assert hidden > 0
    assert result.verdicts["messages"].sum() > result.families["messages"].sum()
    assert result.families["authors"].min() >= 10
    assert dict(result.rates.iter_rows())[0.05] == called(result)


def test_every_channel_is_audited_and_small_cells_are_hidden(mixed, result):
    channels = result.audit.filter(pl.col("by") == "channel")
    assert set(channels["group"]) == set(mixed[c.CHANNEL])
    shown = channels.drop_nulls("flagged")
    assert ((shown["flagged"] == 0) | (shown["flagged"] >= 5)).all()
    flagged = result.verdicts.filter(pl.col(c.VERDICT) == "review")["messages"].item()
    assert shown["flagged"].sum() <= flagged


def test_what_was_planted_is_set_beside_what_is_flagged(background):
    planted = simulated.plant(background, "copy", 25, new=True, rng=np.random.default_rng(1))
    ids = sorted(planted.ids)
    outside = ids.pop()
    kinds = pl.DataFrame({"campaign_id": ["x"], "kind": ["mail merge"], "coordinated": [True]})
    members = pl.DataFrame({"message_id": [*ids, "gone"], "campaign_id": "x"})
    result = fakes.campaigns(planted.messages)
    found = result.recovered(kinds, members)
    assert found["kind"].to_list() == ["mail_merge", "outside"]
    assert found["messages"].to_list() == [24, 1]
    assert found["share"].to_list() == [found["flagged"][0] / 24, None]
    assert found["share_low"][0] < found["share"][0] <= found["share_high"][0]
    assert outside in set(result.members[c.MESSAGE_ID])


def test_flagged_copies_are_counted_once_beside_the_raw_count(mixed):
    rubrics = mixed.with_columns(
        pl.when(pl.col(c.MESSAGE_ID).str.starts_with("planted"))
        .then(pl.lit("Парки"))
        .otherwise(pl.lit("Прочее"))
        .alias(c.RUBRIC)
    )
    shares = fakes.campaigns(rubrics).topic_shares
    parks = shares.row(by_predicate=pl.col(c.LABEL) == "Парки", named=True)
    assert parks[c.SHARE_ONCE] < parks[c.SHARE]
    assert parks["without_copies"] < parks["messages"] == 300


# --- parts --------------------------------------------------------------------------------------


def test_pairs_in_time_are_those_of_different_accounts():
    times = np.array([[0.0, 5.0, 8.0, 100.0]])
    # 0-5, 0-8, 5-8 lie within 10 s; messages 0 and 2 are of one account.
    counts = timing.joint(times, np.array([1, 2, 1, 3]), (10.0, 100.0))
    assert counts.tolist() == [[2.0, 5.0]]
    assert timing.joint(times, np.full(4, -1), (10.0,)).tolist() == [[3.0]]


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 4)), min_size=2, max_size=25),
    st.integers(1, 200),
)
def test_the_sweep_counts_what_two_loops_count(messages, window):
    times = np.array([[float(t) for t, _ in messages]])
    accounts = np.array([a for _, a in messages])
    slow = sum(
        abs(times[0, i] - times[0, j]) <= window and accounts[i] != accounts[j]
        for i in range(len(messages))
        for j in range(i)
    )
    assert timing.joint(times, accounts, (float(window),))[0, 0] == slow


def test_the_tail_meets_the_normal_far_beyond_the_draws():
    rng = np.random.default_rng(0)
    p = np.median([permutations.tail(4.5, rng.normal(size=999)) for _ in range(50)])
    # Below what 999 draws can count, and cautious: no end of the null is claimed.
    assert stats.norm.sf(4.5) < p < 5e-4
    counted = permutations.tail(0.0, rng.normal(size=999))
    assert counted == pytest.approx(0.5, abs=0.06)


def test_conformal_rank_is_uniform_and_needs_a_pool():
    rng = np.random.default_rng(2)
    scores, sizes = rng.normal(size=400), rng.uniform(5, 60, 400)
    ranks = permutations.conformal(scores, sizes, np.ones(400, dtype=bool))
    assert (ranks <= 0.1).mean() == pytest.approx(0.1, abs=0.05)
    few = permutations.conformal(scores[:15], sizes[:15], np.ones(15, dtype=bool))
    assert np.isnan(few).all()


def test_configuration_model_meets_the_degrees():
    rng = np.random.default_rng(3)
    acts = rng.random((40, 25)) < np.outer(rng.uniform(0.05, 0.6, 40), rng.uniform(0.2, 1, 25))
    acts[0, 0] = acts[:, 0].any() or True
    rows, columns = acts.sum(axis=1), acts.sum(axis=0)
    keep, held = rows > 0, columns > 0
    x, y = pairs.chances(rows[keep], columns[held])
    link = np.outer(x, y) / (1 + np.outer(x, y))
    assert link.sum(axis=1) == pytest.approx(rows[keep], abs=1e-4)
    assert link.sum(axis=0) == pytest.approx(columns[held], abs=1e-4)


def test_accounts_that_act_together_on_many_days_are_a_pair():
    start = datetime(2025, 4, 1, 9, tzinfo=UTC)
    rows = []
    for day in range(8):
        text = (
            f"Наш {simulated.STREETS[day % 6]} район просит вернуть лавочки у дома номер {day + 3}"
        )
        for account in ("верный", "верная", f"случайный {day}"):
            moment = start + timedelta(days=day, hours=len(rows) % 7)
            rows.append((f"m{len(rows)}", moment, account, "чат", text + " " + "ещё раз " * day))
    messages = pl.DataFrame(
        rows,
        schema={
            "message_id": pl.String,
            "published_at": pl.Datetime("us", "UTC"),
            "author_id": pl.String,
            "channel": pl.String,
            "text": pl.String,
        },
        orient="row",
    )
    # One pair on eight days, which is all there is of both; who it is is not told.
    assert fakes.campaigns(messages).pairs.rows() == [(8, 1, 0)]


# --- bad input ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def attacked(background) -> pl.DataFrame:
    rng = np.random.default_rng(6)
    return simulated.plant(background, "copy", 30, new=True, rng=rng).messages


def test_without_authors_nothing_calls_for_a_check_and_it_says_why(attacked):
    result = fakes.campaigns(attacked.drop(c.AUTHOR_ID))
    assert "review" not in result.families[c.VERDICT].to_list()
    assert set(result.families[c.VERDICT].drop_nulls()) <= {"synchronous", "shared_event"}
    assert "one_or_many" in result.checks[c.REASON]
    assert "rhythm" in result.evidence[c.LINE]


def test_families_of_a_common_phrase_are_said_to_be_untested(background):
    chosen = pl.int_range(pl.len()).is_in(list(range(0, 2_000, 250)))
    thanks = background.with_columns(
        pl.when(chosen).then(pl.lit("Давно пора")).otherwise(pl.col(c.TEXT)).alias(c.TEXT)
    )
    phrases = pl.col(c.REASON) == "common_phrases"
    before, after = (
        fakes.campaigns(of).checks.filter(phrases).select(c.TEST, c.NUMBER).rows()
        for of in (background, thanks)
    )
    ((test, number),) = before
    assert after == [(test, number + 1)]


def test_without_times_the_words_are_still_compared(attacked):
    result = fakes.campaigns(attacked.drop(c.PUBLISHED_AT))
    assert "no_times" in result.checks[c.REASON]
    assert result.families[c.P_WORDING].min() < 1e-6
    assert result.power.is_empty()


def test_two_columns_are_enough(attacked):
    result = fakes.campaigns(attacked.select(c.MESSAGE_ID, c.TEXT))
    assert result.families[c.VERDICT].null_count() == result.families.height


@pytest.mark.parametrize(
    "text", ["👍👍👍", "Прошу вернуть автобус на нашу улицу, дети мёрзнут каждое утро"]
)
def test_a_flood_of_identical_texts_is_swept_not_joined(text):
    size = 30_000
    start = datetime(2025, 1, 1, tzinfo=UTC)
    messages = pl.DataFrame(
        {
            "message_id": [f"m{i}" for i in range(size)],
            "published_at": pl.Series(
                [start + timedelta(seconds=i % 9000) for i in range(size)],
                dtype=pl.Datetime("us", "UTC"),
            ),
            "author_id": [f"a{i}" for i in range(size)],
            "channel": ["чат"] * size,
            "text": [text] * size,
        }
    )
    result = fakes.campaigns(messages)
    assert result.families["messages"].to_list() == [size]


def test_one_author_with_everything(attacked):
    everything = attacked.with_columns(pl.lit("a").alias(c.AUTHOR_ID))
    assert fakes.campaigns(everything).families.is_empty()


def test_parameters_make_sense(background):
    with pytest.raises(ParameterError):
        fakes.campaigns(background, fdr=0)
    with pytest.raises(CurLabError):
        fakes.campaigns(background.clear())


def test_shuffled_rows_give_the_same_result(attacked):
    first, second = (
        fakes.campaigns(attacked),
        fakes.campaigns(attacked.sample(fraction=1, shuffle=True, seed=1)),
    )
    for table in ("families", "members", "evidence", "pairs", "appeals", "appeal_sizes"):
        assert_frame_equal(getattr(first, table), getattr(second, table))


def test_families_may_have_names_of_the_callers_own(mixed, result):
    named = {name: number for number, name in enumerate(result.families[c.FAMILY])}
    prepared = prepare.messages(mixed)
    own = pl.when(pl.col("family").is_not_null()).then("Семья " + pl.col("family"))
    found = fakes.campaigns(prepared.with_columns(own.alias("family")))
    assert set(found.families[c.FAMILY]) == {f"Семья {name}" for name in named}
    assert_frame_equal(
        found.families.select(c.MESSAGES_COUNT, c.VERBATIM).sort(pl.all()),
        result.families.select(c.MESSAGES_COUNT, c.VERBATIM).sort(pl.all()),
    )


def test_the_draws_of_a_family_hang_on_its_name_alone():
    def drawn(name):
        family = verdicts.Family(name, "", np.arange(3))
        return verdicts.generator(family, 0).integers(1 << 30)

    assert drawn("00000000ff0a") == np.random.default_rng([0, 0xFF0A]).integers(1 << 30)
    assert drawn("ZZZ") == drawn("ZZZ")
    assert len({drawn(name) for name in ("ZZZ", "-5", "", "00000000FF0A", "00000000ff0a")}) == 5
