"""When an answer is due, and what is said where that is not known."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cur_lab import columns, datasets, trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

START = datetime(2025, 4, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
END = START + 100 * DAY


def messages(*rows: dict[str, object]) -> pl.DataFrame:
    """Appeals registered when they were written, unless a row says otherwise; days count on."""
    days = ("answered", "due", "extended", "redirected", "registered", "published")
    times = {
        "answered": "answered_at",
        "due": "due_at",
        "extended": "extended_until",
        "redirected": "redirected_at",
        "registered": "registered_at",
        "published": "published_at",
    }
    assumed = {"registered": 0.0, "published": 0.0}
    records = []
    for number, row in enumerate(rows):
        told = assumed | row
        records.append(
            {
                "message_id": row.get("message_id", f"m{number:03}"),
                "author_id": f"a{number}",
                "text": row.get("text", f"на улице номер {number} яма"),
                "channel": row.get("channel", "gosuslugi"),
                "agency": row.get("agency", "ЖКХ"),
                "kind": row.get("kind", "complaint"),
                "regime": row.get("regime", "appeal"),
                "answer_required": row.get("required"),
                **{
                    times[name]: None if told.get(name) is None else START + told[name] * DAY
                    for name in days
                },
            }
        )
    schema = columns.MESSAGES.full_schema
    frame = pl.DataFrame(records, schema_overrides={n: schema[n] for n in records[0]})
    return columns.MESSAGES.conform(frame)


def only(*rows: dict[str, object], **more: object) -> dict[str, object]:
    (row,) = trends.deadlines(messages(*rows), until=END, **more).summary.rows(named=True)
    return row


def test_an_appeal_is_due_at_the_end_of_the_thirtieth_day_after_registration():
    # Registered on the first of April at noon in Moscow: due by the end of the first of May.
    assert only({"answered": 30.4})["in_time"] == 1
    assert only({"answered": 30.6})["late"] == 1
    assert only({"registered": 3.0, "answered": 33.4})["in_time"] == 1


def test_unanswered_appeals_are_overdue_only_once_their_term_is_over():
    found = trends.deadlines(messages({}, {}), until=START + 20 * DAY).summary
    assert found.select("not_yet_due", "overdue").row(0) == (2, 0)
    assert only({}, {})["overdue"] == 2


def test_the_rules_are_not_the_channel():
    unknown = trends.deadlines(messages({"regime": None}, {"regime": "portal"}), until=END)
    assert unknown.summary.select("overdue", "undetermined", "unanswered").row(0) == (0, 2, 2)
    assert dict(unknown.reasons.rows()) == {"no_regime": 1, "no_term": 1}
    assert only({"regime": "portal", "due": 10.0, "answered": 12.0})["late"] == 1
    assert only({"registered": None})["undetermined"] == 1


def test_a_letter_by_email_is_no_appeal_since_the_act_was_changed():
    before = {"channel": "email", "registered": -10.0, "published": -10.0}
    assert only(before)["overdue"] == 1
    assert only(before | {"registered": 0.0})["undetermined"] == 1


def test_extension_redirection_and_collective_appeals_are_no_delay():
    assert only({"answered": 45.0, "due": 30.0, "extended": 60.0})["in_time"] == 1
    assert only({"answered": 45.0, "due": 30.0, "extended": 60.0})["extended"] == 1
    assert only({"redirected": 5.0})["redirected"] == 1
    text = "просим построить школу в нашем микрорайоне потому что дети учатся в две смены"
    rows = [{"text": text, "answered": 5.0 if number == 3 else None} for number in range(12)]
    together = only(*rows)
    assert (together["in_time"], together["with_others"], together["overdue"]) == (1, 11, 0)
    few = only(*rows[:6])
    assert (few["in_time"], few["with_others"], few["overdue"]) == (1, 0, 5)


def test_what_calls_for_no_answer_does_not_wait():
    row = only({}, {"required": False}, {"kind": "thanks"}, {"kind": "thanks", "required": True})
    assert (row["n"], row["n_not_required"]) == (2, 2)


def test_the_rules_of_a_body_stand_in_where_the_message_names_none():
    bodies = columns.AGENCIES.conform(
        pl.DataFrame({"agency": ["ЖКХ"], "regime": ["appeal"], "connected_at": [START + 2 * DAY]})
    )
    early = trends.deadlines(messages({"regime": None}), bodies, until=END)
    assert early.reasons["reason"].to_list() == ["not_connected"]
    late = trends.deadlines(messages({"regime": None, "registered": 3.0}), bodies, until=END)
    assert late.summary["overdue"].to_list() == [1]


def test_entries_that_contradict_each_other_are_named_and_the_rest_goes_on():
    found = trends.deadlines(
        messages(
            {"answered": 1.0},
            {"due": -5.0},
            {"due": 30.0, "extended": 20.0},
            {"redirected": -2.0},
            {"message_id": "x", "regime": "appeal"},
            {"message_id": "x", "regime": "portal"},
        ),
        until=END,
    )
    assert found.rejected["reason"].to_list() == [
        "due_before_registered",
        "extended_before_due",
        "redirected_before_registered",
        "two_regimes",
        "two_regimes",
    ]
    assert found.summary["n"].to_list() == [1]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "answered": st.none() | st.floats(0, 90),
                "regime": st.sampled_from([None, "appeal", "portal", "network"]),
                "registered": st.none() | st.floats(0, 9),
                "required": st.sampled_from([None, True, False]),
                "redirected": st.none() | st.floats(10, 20),
            }
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_message_is_counted_once(rows):
    found = trends.deadlines(messages(*rows), by=(), until=END)
    row = found.summary.row(0, named=True)
    states = ("in_time", "late", "not_yet_due", "overdue", "redirected", "with_others")
    assert sum(row[name] for name in states) + row["undetermined"] == row["n"]
    assert row["n"] + row["n_not_required"] + found.rejected.height == len(rows)
    assert found.reasons["n"].sum() == row["undetermined"]


def test_the_terms_of_the_sample_end_as_planted():
    region, planted = datasets.load("zarechye"), datasets.truth("zarechye").tables["deadlines"]
    portal = (
        region.tables["messages"]
        .filter(channel="gosuslugi")
        .with_columns(
            # Which texts are one another's copies is not asked here.
            family=pl.lit(None, pl.String),
            template=pl.lit(None, pl.String),
        )
    )
    found = trends.deadlines(portal, by=()).summary.row(0, named=True)
    states = dict(planted["state"].value_counts().rows())
    assert found["n_not_required"] == states.pop("not_required")
    assert {name: found[name] for name in states} == states
    assert found["undetermined"] == 0


def test_what_cannot_be_asked_is_an_error():
    with pytest.raises(SchemaError):
        trends.deadlines(messages({}).drop("answered_at"))
    with pytest.raises(ParameterError, match="time zone"):
        trends.deadlines(messages({}), until=datetime(2025, 6, 1))  # noqa: DTZ001
    with pytest.raises(NotEnoughDataError):
        trends.deadlines(messages({}).clear())
