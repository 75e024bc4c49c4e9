"""Accidents, decisions, notices, the shift of channels: what the truth says is in the messages."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import datasets
from cur_lab.synthetic import calendar, channels, decisions, notices
from cur_lab.synthetic.accidents import accidents
from cur_lab.synthetic.answers import NOTHING, Answer, agencies, answer
from cur_lab.synthetic.catalogue import by_key, rubrics
from cur_lab.synthetic.incidents import of_rubric, reports
from cur_lab.synthetic.messages import Message, messages
from cur_lab.synthetic.people import newcomer
from cur_lab.synthetic.region import region

SEED = 7
CENTRES = [m.centre for m in region().municipalities]


@pytest.fixture(scope="module")
def base():
    return messages(SEED, 0.03, calendar.shocks(SEED))


@pytest.fixture(scope="module")
def taken(base):
    return {d.plan["key"]: d for d in decisions.decisions(SEED, base[0])}


@pytest.fixture(scope="module")
def planted(base):
    return accidents(SEED, 1.0, base[0])


# --- accidents ------------------------------------------------------------------------------------
def test_six_accidents_are_written_about_hours_before_their_notice(planted):
    assert len(planted) == 6
    assert len({a.incident.municipality for a in planted}) == 6
    assert len({a.incident.rubric.key for a in planted}) == 6
    for accident in planted:
        times = [m.written_at for m in accident.messages]
        assert times == sorted(times)
        assert timedelta(hours=1) <= accident.notice_at - times[0] <= timedelta(hours=6)
        assert 15 <= len(times) <= 80
        assert accident.incident.started_at <= times[0]
        lasted = accident.incident.ended_at - accident.incident.started_at
        assert timedelta(hours=5) <= lasted <= timedelta(days=3)
        assert {m.incident.incident_id for m in accident.messages} == {
            accident.incident.incident_id
        }
        assert len({m.incident.where.street for m in accident.messages}) <= 4
        assert len({m.channel for m in accident.messages}) >= 3


def test_who_writes_in_the_first_hours_speaks_of_no_weeks_and_no_two_alike(planted):
    texts = [m.text for a in planted for m in a.messages]
    long = r"недел|месяц|год(?:а|у)? назад|в прошлом году|(?i:январ|феврал|июн|июл|август)"
    assert not pl.Series(texts).str.contains(long).any()
    worded = [text for text in texts if len(text) > 60]
    assert len(worded) > 100
    assert len(set(worded)) == len(worded)
    assert max(map(len, texts)) < 600
    assert sum(len(a.messages) for a in planted) == len(
        {m.message_id for a in planted for m in a.messages}
    )


def test_most_notices_are_no_accidents(planted, base):
    found = notices.notices(SEED, planted, base[1])
    accident_notices = {a.notice_id for a in planted}
    assert accident_notices <= {n.notice_id for n in found}
    assert 30 <= len(found) - len(accident_notices) <= 60
    tables = notices.tables(planted, found)
    c.NOTICES.check(tables["notices"], where="notices")
    assert tables["notices"][c.NOTICE_ID].is_unique().all()
    truth = tables["truth/accidents"]
    assert (truth["first_message_at"] <= truth["third_message_at"]).all()
    assert (truth["third_message_at"] < truth["notice_at"]).all()
    assert not tables["notices"][c.TEXT].str.contains(r"[\[\]|<>]").any()


# --- decisions ------------------------------------------------------------------------------------
NOBODY = newcomer(1, "vk", datetime(2024, 1, 1), "nobody")  # noqa: DTZ001 (local)


def bare(report):
    """A report without its text: what the effects of decisions look at."""
    incident = report.incident
    return Message(
        message_id=f"{incident.incident_id}/{report.number}",
        written_at=report.written_at,
        author=NOBODY,
        channel=report.channel,
        municipality=incident.municipality,
        text="",
        kind="complaint",
        rubric=incident.rubric,
        label=incident.rubric,
        agency=None,
        incident=incident,
        problems=(incident.rubric.key,),
        voice="chatty",
        reply=NOTHING,
        thread_id=None,
    )


def many(key, scale, keep=None):
    """Reports of one rubric at many times the volume of the region."""
    happened = [i for i in of_rubric(3, scale, by_key()[key], ()) if keep in (None, i.municipality)]
    made = [(i, reports(3, i)) for i in happened]
    rows = sorted(
        (bare(r) for _, several in made for r in several),
        key=lambda m: (m.written_at, m.message_id),
    )
    return rows, [(i, len(several)) for i, several in made]


@pytest.mark.parametrize("key", ["lighting", "potholes", "waste", "management"])
def test_the_rate_falls_as_planted_in_the_treated_cell_and_nowhere_else(key, taken):
    decision = taken[key]
    rows, happened = many(decision.rubric.key, 4)
    after = decisions.aftermath(SEED, [decision], rows, happened)
    home = decision.municipality
    assert {m.municipality for m in after.missing} == {home}
    assert all(m.written_at >= decision.decided_at for m in after.missing)

    def share(first, last, within=home):
        window = [decision.decided_at + timedelta(days=d) for d in (first, last)]
        lost, left = (
            sum(window[0] <= m.written_at < window[1] and m.municipality == within for m in part)
            for part in (after.missing, after.written)
        )
        return lost / (lost + left)

    for first, last in ((0, 30), (30, 60), (60, 90), (90, 112)):
        days = [
            decision.decided_at + timedelta(days=first + (last - first) * i / 200)
            for i in range(200)
        ]
        expected = sum(map(decision.fall, days)) / 200
        assert share(first, last) == pytest.approx(expected, abs=0.13), (first, last)
    assert -share(0, 90) == pytest.approx(decision.effect(), abs=0.08)
    assert decision.effect() < -0.4
    assert share(0, 90, within=1 - home if home < 2 else 0) == 0


def test_shapes_differ_and_a_temporary_effect_is_over_in_the_end(taken):
    day = timedelta(days=1)
    course = {
        key: [round(taken[key].fall(taken[key].decided_at + n * day), 2) for n in (-1, 1, 44, 80)]
        for key in ("lighting", "potholes", "waste")
    }
    assert course["lighting"] == [0, 0.6, 0.6, 0.6]
    assert course["potholes"][0] < course["potholes"][1] < course["potholes"][2]
    assert course["potholes"][2:] == [0.78, 0.8]
    assert course["waste"] == [0, 0.7, 0.7, 0]
    assert {d.shape for d in taken.values()} == {
        "step", "ramp", "temporary", "closed", "growing", "none",
    }  # fmt: skip


def test_what_is_fixed_ends_and_what_is_closed_goes_on(taken):
    fixed, closed = taken["lighting"], taken["management"]
    for decision, changes in ((fixed, True), (closed, False)):
        rows, happened = many(decision.rubric.key, 2, keep=decision.municipality)
        after = decisions.aftermath(SEED, [decision], rows, happened)
        assert after.missing
        assert (len(after.happened) < len(happened)) is changes
        before = {i.incident_id: i.ended_at for i, _ in happened}
        ended = [i for i, _ in after.happened if i.ended_at != before[i.incident_id]]
        assert bool(ended) is changes
        assert all(i.ended_at >= i.started_at for i in ended)
        counts = Counter(m.incident.incident_id for m in after.written)
        assert {i.incident_id: n for i, n in after.happened if n} == counts


def test_decisions_without_an_effect_leave_every_message(taken):
    null = [d for d in taken.values() if d.shape == "none"]
    assert sorted(d.plan["key"] for d in null) == ["appointment", "crossings", "dumps"]
    assert [d.plan["key"] for d in null if d.municipality is None] == ["dumps"]
    for decision in null:
        rows, happened = many(decision.rubric.key, 1)
        after = decisions.aftermath(SEED, [decision], rows, happened)
        assert after.missing == []
        assert after.happened == happened
        assert decision.effect() == 0


def test_a_decision_after_a_peak_follows_the_highest_fortnight(taken):
    rows, _ = many("roads.crossings", 1)
    plan = {
        "key": "peak",
        "shape": "none",
        "rubric": "roads.crossings",
        "district": "Верхнереченск",
    }
    plan |= {"kind": "works", "scope": "municipality", "triggered_by": "peak", "title": ""}
    decision = decisions._decision(SEED, plan, rows)
    here = [m.written_at.date() for m in rows if m.municipality == 0]
    before = sum(
        timedelta(0) < decision.decided_at.date() - day <= timedelta(days=16) for day in here
    )
    after = sum(
        timedelta(0) < day - decision.decided_at.date() <= timedelta(days=16) for day in here
    )
    assert before > 1.5 * after  # regression to the mean, nothing planted
    assert before > 1.5 * len(here) * 16 / calendar.DAYS


def test_centres_open_one_after_the_other_and_work_better_with_time(taken):
    opened = [d for d in taken.values() if d.kind == "centre"]
    assert 8 <= len(opened) <= 10
    assert (
        len({d.decided_at for d in opened}) == len({d.municipality for d in opened}) == len(opened)
    )
    assert len(opened) < len(CENTRES)  # somebody is left to compare with
    year = timedelta(days=365)
    falls = [(d.fall(d.decided_at), d.fall(d.decided_at + year)) for d in opened]
    assert all(first < later for first, later in falls)
    assert len({later for _, later in falls}) > 3


def test_rows_no_decision_concerns_stay_as_they_were(base, taken):
    written, happened = base
    after = decisions.aftermath(SEED, list(taken.values()), written, happened)
    treated = {d.municipality for d in taken.values() if d.shape == "growing"}
    elsewhere = [m for m in written if m.municipality not in treated | {0, 1}]
    found = {m.message_id: m for m in after.written}
    spoken = 0
    for message in elsewhere:
        now = found[message.message_id]
        spoken += now != message
        assert now == replace(message, reply=now.reply)
    assert len(elsewhere) > 30
    assert spoken <= 0.05 * len(elsewhere)  # answers that speak of the region's decision
    assert len(after.written) + len(after.missing) == len(written)
    gone = {m.message_id for m in after.missing}
    assert not {m.copy_of or m.reply_to_id for m in after.written} & gone


def test_what_is_only_closed_is_reopened(taken):
    """The same messages, answered as ever and as the order wants it."""
    decision = taken["management"]
    rows, happened = many("house.management", 1, keep=decision.municipality)
    agency = "Государственная жилищная инспекция области"

    def answered(message):
        reply = answer(
            SEED,
            message.message_id,
            "complaint",
            "bot",
            agency,
            message.incident,
            message.written_at,
        )
        return replace(message, agency=agency, reply=reply, channel="bot")

    after = decisions.aftermath(SEED, [decision], map(answered, rows), happened)
    early = [m.reply for m in after.written if m.written_at < decision.decided_at]
    late = [m for m in after.written if m.written_at >= decision.decided_at]
    assert len(early) > 100
    assert len(late) > 100

    def reopened(replies: list[Answer]) -> float:
        closed = [r for r in replies if r.resolved_at]
        return sum(r.reopened_at is not None for r in closed) / len(closed)

    assert reopened([m.reply for m in late]) > 2 * reopened(early)
    waits = [m.reply.answered_at - m.written_at for m in late if m.reply.answered_at]
    assert max(waits) < timedelta(days=15)  # two working days, and holidays
    assert all(m.reply.boilerplate for m in late if m.reply.answered_at)


# --- channels -------------------------------------------------------------------------------------
def test_people_change_the_channel_and_write_no_more_and_no_less(base):
    written = base[0]
    moved = channels.moved(SEED, written)
    shift = channels.table()
    date = shift["date"][0]
    assert len(moved) == len(written)
    same = ("message_id", "written_at", "municipality", "rubric", "label", "kind", "incident")
    for before, after in zip(written, moved, strict=True):
        assert all(getattr(before, name) == getattr(after, name) for name in same)
        if before.written_at.date() < date:
            assert after == before
    late = [(b, a) for b, a in zip(written, moved, strict=True) if b.written_at.date() >= date]
    went = Counter((b.channel, a.channel) for b, a in late if b.channel != a.channel)
    assert set(went) == set(shift.select("from", "to").iter_rows())
    for source, target, share in shift.select("from", "to", "share").iter_rows():
        here = sum(b.channel == source for b, _ in late)
        assert went[source, target] / here == pytest.approx(share, abs=0.12)


# --- agencies -------------------------------------------------------------------------------------
def test_agencies_have_a_pace_of_their_own_and_some_miss_the_legal_term():
    habits = agencies()
    assert habits["agency"].is_unique().all()
    assert habits["pace"].max() > 2 * habits["pace"].min()
    known = set(habits["agency"])
    assert all(
        name.replace("<of>", m.of) in known
        for r in rubrics() for name in r.agencies for m in region().municipalities
    )  # fmt: skip
    incident = next(iter(of_rubric(3, 1, by_key()["roads.signs"], ())))
    slow, quick = habits.sort("pace")["agency"][[-1, 0]]

    def late(agency):
        written = datetime(2024, 6, 3, 12)  # noqa: DTZ001 (local)
        replies = [
            answer(SEED, str(n), "complaint", "gosuslugi", agency, incident, written)
            for n in range(300)
        ]
        waits = [r.answered_at - written for r in replies if r.answered_at]
        return sum(wait > timedelta(days=30) for wait in waits) / len(waits)

    assert late(quick) < 0.02 < 0.05 < late(slow)


# --- the shipped sample ---------------------------------------------------------------------------
@pytest.fixture(scope="module")
def shipped_sample():
    return datasets.load("zarechye"), datasets.truth("zarechye")


def test_the_shipped_tables_fit_their_schemas(shipped_sample):
    sample, truth = shipped_sample
    c.DECISIONS.check(sample.decisions, where="decisions")
    c.NOTICES.check(sample.notices, where="notices")
    assert 15 <= sample.decisions.height <= 30
    assert sample.decisions[c.BUDGET].drop_nulls().min() > 0
    assert set(truth.decisions["decision_id"]) == set(sample.decisions[c.DECISION_ID])
    names = {rubric.name for rubric in rubrics()}
    assert set(sample.decisions[c.RUBRIC].drop_nulls()) <= names
    assert set(sample.decisions[c.MUNICIPALITY].drop_nulls()) <= set(
        sample.municipalities[c.MUNICIPALITY]
    )


def test_the_shipped_accidents_are_in_the_messages(shipped_sample):
    sample, truth = shipped_sample
    joined = truth.messages.join(
        sample.messages.select(c.MESSAGE_ID, c.PUBLISHED_AT, c.MUNICIPALITY), on=c.MESSAGE_ID
    )
    for row in truth.accidents.iter_rows(named=True):
        here = joined.filter(pl.col("incident_id") == row["incident_id"]).sort(c.PUBLISHED_AT)
        assert here.height == row["reports"]
        assert here["topic"].unique().to_list() == [row["rubric"]]
        assert here[c.MUNICIPALITY].unique().to_list() == [row["municipality"]]
        assert here[c.PUBLISHED_AT][0] == row["first_message_at"]
        assert here[c.PUBLISHED_AT][2] == row["third_message_at"]
        notice = sample.notices.row(
            by_predicate=pl.col(c.NOTICE_ID) == row["notice_id"], named=True
        )
        assert notice[c.PUBLISHED_AT] == row["notice_at"]
        assert notice[c.RUBRIC] == row["rubric"]


def test_the_shipped_counts_are_those_of_the_truth(shipped_sample):
    sample, truth = shipped_sample
    known = sample.decisions.join(truth.decisions, on=c.DECISION_ID)
    for row in known.iter_rows(named=True):
        start = row[c.DECIDED_AT]
        here = sample.messages.filter(
            pl.col(c.PUBLISHED_AT).is_between(
                start, start + timedelta(days=decisions.HORIZON), closed="left"
            )
        )
        for column in (c.RUBRIC, c.MUNICIPALITY):
            if row[column] is not None:
                here = here.filter(pl.col(column) == row[column])
        assert here.height == row["messages"]
        if row["shape"] not in ("none", "growing"):
            # Labels err, so what is seen is somewhat less than what was planted.
            seen = row["missing"] / (row["missing"] + row["messages"])
            assert row["missing"] > 25
            assert -row["effect"] - 0.2 < seen < -row["effect"] + 0.15
    assert known.filter(~pl.col("identifiable"))[c.SCOPE].to_list() == ["region"]
