"""Campaigns, look-alikes and refuted claims: what the truth says is in the messages."""

import re
from collections import Counter
from datetime import timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import families, synthetic
from cur_lab.synthetic import calendar, coordination, rumours
from cur_lab.synthetic.messages import messages
from cur_lab.synthetic.planting import Regulars
from cur_lab.synthetic.streams import Dice

SEED = 7


@pytest.fixture(scope="module")
def written():
    return messages(SEED, 0.03, calendar.shocks(SEED))[0]


@pytest.fixture(scope="module")
def choruses(written):
    return {chorus.kind: chorus for chorus in coordination.choruses(SEED, written)}


@pytest.fixture(scope="module")
def claims(written):
    return rumours.rumours(SEED, written)


def seconds(chorus):
    times = [m.written_at for m in chorus.messages]
    return (max(times) - min(times)).total_seconds()


def largest_family(chorus):
    """Share of the messages that stand in the largest family."""
    frame = pl.DataFrame(
        {
            c.MESSAGE_ID: [m.message_id for m in chorus.messages],
            c.TEXT: [m.text for m in chorus.messages],
        }
    )
    found = families.find(frame)
    sizes = found.group_by(c.FAMILY).len()["len"]
    return (sizes.max() or 1) / frame.height


# --- campaigns and look-alikes --------------------------------------------------------------------
def test_five_are_coordinated_and_five_only_look_it(choruses):
    assert Counter(chorus.coordinated for chorus in choruses.values()) == {True: 5, False: 5}
    assert all(15 <= len(chorus.messages) <= 60 for chorus in choruses.values())


def test_the_truth_counts_what_was_written(tmp_path):
    folder = synthetic.write(tmp_path, seed=SEED, scale=0.003)
    written = pl.read_parquet(folder / "messages.parquet")
    told = pl.read_parquet(folder / "truth" / "campaigns.parquet")
    members = pl.read_parquet(folder / "truth" / "campaign_messages.parquet")
    counted = (
        members.join(written, on=c.MESSAGE_ID)
        .group_by("campaign_id")
        .agg(
            first_at=pl.col(c.PUBLISHED_AT).min(),
            last_at=pl.col(c.PUBLISHED_AT).max(),
            messages=pl.len().cast(pl.Int64),
            accounts=pl.col(c.AUTHOR_ID).n_unique().cast(pl.Int64),
            municipalities=pl.col(c.MUNICIPALITY).n_unique(),
            municipality=pl.col(c.MUNICIPALITY).first(),
        )
        .sort("campaign_id")
    )
    told = told.sort("campaign_id")
    names = ["campaign_id", "first_at", "last_at", "messages", "accounts"]
    assert counted.select(names).equals(told.select(names))
    alone = told["municipality"].is_not_null()
    assert (counted["municipalities"] == 1).to_list() == alone.to_list()
    assert counted.filter(alone)["municipality"].equals(told.filter(alone)["municipality"])
    planted = pl.read_parquet(folder / "truth" / "claim_messages.parquet")
    registry = pl.read_parquet(folder / "claims.parquet")
    c.CLAIMS.check(registry, where="sample")
    assert set(planted[c.MESSAGE_ID]) <= set(written[c.MESSAGE_ID])
    assert not set(planted[c.MESSAGE_ID]) & set(members[c.MESSAGE_ID])
    named = planted.filter(pl.col("claim_id").is_not_null())
    assert set(named["claim_id"]) == set(registry[c.CLAIM_ID])
    first = (
        named.join(written, on=c.MESSAGE_ID)
        .group_by("claim_id")
        .agg(pl.col(c.PUBLISHED_AT).filter(pl.col("stance") == "spreads").min().alias("first"))
    )
    seen = registry.join(first, on=c.CLAIM_ID)
    assert seen[c.FIRST_SEEN_AT].equals(seen["first"].rename(c.FIRST_SEEN_AT))


def test_disposable_accounts_are_opened_to_write_once(choruses):
    attack = choruses["disposable accounts"]
    senders = [m.author.author_id for m in attack.messages]
    ages = [m.written_at - m.author.created_at for m in attack.messages]
    assert len(set(senders)) == len(senders)
    assert min(ages) > timedelta(0)
    assert max(ages) < timedelta(hours=4)
    assert {m.channel for m in attack.messages} == {"bot"}
    assert seconds(attack) <= 3600


def test_praise_is_slow_and_comes_from_a_few(choruses):
    praise = choruses["slow praise"]
    assert seconds(praise) > 28 * 86_400
    assert len({m.author.author_id for m in praise.messages}) <= 8
    assert len({m.text for m in praise.messages}) > 0.9 * len(praise.messages)
    assert {m.kind for m in praise.messages} == {"thanks"}


def test_neighbours_in_the_dark_write_at_once_in_their_own_words(choruses):
    outage = choruses["outage"]
    assert seconds(outage) <= 12 * 60
    assert len(outage.messages) >= 40
    assert len({m.author.author_id for m in outage.messages}) == len(outage.messages)
    assert len({m.incident.where.street for m in outage.messages}) == 1
    assert len({m.text for m in outage.messages}) > 0.9 * len(outage.messages)


def test_a_storm_passes_over_several_districts(choruses):
    storm = choruses["storm"]
    assert len({m.municipality for m in storm.messages}) >= 4
    assert all(m.incident.municipality == m.municipality for m in storm.messages)
    reported = sum(storm.reports(incident) for incident in storm.incidents)
    assert reported == len(storm.messages)


def test_a_petition_speaks_of_one_house_over_days(choruses):
    petition = choruses["petition"]
    houses = {re.search(r"у дома (\S+)", m.text).group(1).rstrip(".,") for m in petition.messages}
    assert len(houses) == 1
    assert len({m.written_at.date() for m in petition.messages}) >= 4


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("copy-paste", 0.95, 1.0),
        ("mail merge", 0.9, 1.0),
        ("disposable accounts", 0.7, 1.0),
        ("paraphrase", 0.0, 0.3),
        ("slow praise", 0.0, 0.3),
        ("outage", 0.0, 0.2),
        ("storm", 0.0, 0.2),
        ("petition", 0.3, 0.95),
        ("flash mob", 0.05, 0.5),
    ],
)
def test_texts_are_as_alike_as_their_kind_demands(choruses, kind, least, most):
    assert least <= largest_family(choruses[kind]) <= most


def test_established_senders_were_there_before_and_speak_once(written):
    regulars = Regulars(written)
    channel, home, moment = "vk", 0, written[len(written) // 2].written_at
    heard = {
        m.author.author_id
        for m in written
        if (m.channel, m.municipality) == (channel, home) and m.written_at < moment
    }
    dice = Dice(1, "pick")
    picked = [regulars.pick(channel, home, moment, dice) for _ in range(len(heard))]
    assert {author.author_id for author in picked} == heard
    assert regulars.pick(channel, home, moment, dice) is None


def test_planting_changes_no_row_and_is_the_same_every_time(written, choruses, claims):
    before = [(m.message_id, m.text, m.author.author_id) for m in written]
    again = {chorus.kind: chorus for chorus in coordination.choruses(SEED, written)}
    assert again == choruses
    assert rumours.rumours(SEED, written) == claims
    assert [(m.message_id, m.text, m.author.author_id) for m in written] == before
    ids = [m.message_id for planted in (*choruses.values(), *claims) for m in planted.messages]
    assert len(set(ids)) == len(ids)
    assert not set(ids) & {row[0] for row in before}


def test_the_portal_is_left_alone(choruses, claims):
    channels = {m.channel for planted in (*choruses.values(), *claims) for m in planted.messages}
    assert channels == {"vk", "telegram", "ok", "bot"}


# --- claims ---------------------------------------------------------------------------------------
def words(text):
    return set(re.findall(r"[а-я]+", text.lower().replace("ё", "е")))


def stems(text):
    return {word[:4] for word in words(text) if len(word) > 3}


def lines(claim, stance="any"):
    return [
        line
        for line in claim.lines
        if (line.stance is not None if stance == "any" else line.stance == stance)
    ]


def test_eight_claims_are_spread_doubted_asked_about_and_refuted(claims):
    assert len(claims) == 8
    for claim in claims:
        counts = Counter(line.stance for line in claim.lines)
        assert set(counts) == {"spreads", "doubts", "asks", "refutes", None}
        assert min(counts.values()) >= 10
        refuted = claim.plan["refuted"]
        moments = [line.message.written_at for line in lines(claim, "spreads")]
        assert min(moments) < refuted < max(moments)
    assert sum(len(lines(claim, None)) for claim in claims) >= 500
    assert sum(len(claim.lines) for claim in claims) <= 2000


def test_after_the_refutation_more_refute_and_some_claims_come_back_in_other_words(claims):
    for claim in claims:
        wave = [line for line in lines(claim) if line.wave == 1]
        refuted = claim.plan["refuted"]
        share = {}
        for late in (False, True):
            part = [line.stance for line in wave if (line.message.written_at > refuted) == late]
            share[late] = part.count("refutes") / len(part)
        assert share[True] > share[False]
    returning = [claim for claim in claims if any(line.wave == 2 for line in claim.lines)]
    assert len(returning) >= 3
    for claim in returning:
        first, second = (words(" ".join(claim.plan[own])) for own in ("core", "again"))
        assert len(first & second) < 0.35 * len(second)
        gap = claim.plan["waves"][1]["start"] - claim.plan["refuted"]
        assert gap > timedelta(days=60)


def test_near_misses_share_the_subject_and_no_word_gives_them_away(claims):
    for claim in claims:
        about = [words(line.message.text) for line in lines(claim)]
        near = [words(line.message.text) for line in lines(claim, None)]
        subject = stems(claim.plan["text"] + " ".join(claim.plan["core"]))
        shared = [bool(subject & {word[:4] for word in one if len(word) > 3}) for one in near]
        assert sum(shared) >= 0.8 * len(shared), claim.plan["key"]
        seen, missed = (Counter(word for one in texts for word in one) for texts in (about, near))
        for word in seen | missed:
            apart = abs(seen[word] / len(about) - missed[word] / len(near))
            assert apart < 0.62, (claim.plan["key"], word)


def test_near_misses_are_asked_denied_and_passed_on_too(claims):
    texts = [line.message.text.lower() for claim in claims for line in lines(claim, None)]
    for mark in ("правда", "говорят", "неправда|не верьте|враньё|вранье|выдумка|слух"):
        assert sum(bool(re.search(mark, text)) for text in texts) >= 15, mark
    claimed = {line.message.text for claim in claims for line in lines(claim)}
    assert not claimed & set(texts)


def test_who_asks_and_who_refutes_repeats_the_words_of_the_claim(claims):
    for claim in claims:
        subject = stems(" ".join(claim.plan["core"] + claim.plan.get("again", [])))
        for stance in ("asks", "doubts", "refutes"):
            told = [stems(line.message.text) for line in lines(claim, stance)]
            assert sum(len(subject & one) >= 2 for one in told) >= 0.85 * len(told)


def test_nothing_of_the_grammar_is_left(choruses, claims):
    texts = [m.text for planted in (*choruses.values(), *claims) for m in planted.messages]
    assert [text for text in texts if re.search(r"[\[\]|^~*<>]", text)] == []
