"""Time to answer and to a fix: known answers, lifelines as oracle, bad input."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_time, qth_survival_times

from cur_lab import columns, trends
from cur_lab.errors import NotEnoughDataError, ParameterError, SchemaError

START = datetime(2025, 1, 1, tzinfo=UTC)
END = START + timedelta(days=100)
DAY = timedelta(days=1)


def messages(rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows written on the first day unless they say otherwise; days count from then."""
    return columns.MESSAGES.conform(
        pl.DataFrame(
            [
                {
                    "message_id": f"m{number:04}",
                    "published_at": START,
                    "channel": row.get("channel", "gosuslugi"),
                    "regime": row.get("regime", "appeal"),
                    "registered_at": START,
                    "agency": row.get("agency", "ЖКХ"),
                    "municipality": row.get("municipality", "Лесной"),
                    "rubric": row.get("rubric", "Вода"),
                    "text": row.get("text", "нет воды на Лесной"),
                    "answer_text": row.get("reply"),
                    **{
                        name: None if row.get(day) is None else START + row[day] * DAY
                        for name, day in (
                            ("answered_at", "answered"),
                            ("resolved_at", "fixed"),
                            ("reopened_at", "reopened"),
                        )
                    },
                }
                for number, row in enumerate(rows)
            ],
            schema=columns.MESSAGES.full_schema,
        )
    )


def simulated(seed: int, n: int = 400) -> pl.DataFrame:
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        answered = draw.exponential(8)
        fixed = answered + draw.exponential(30)
        reopened = fixed + draw.exponential(40)
        rows.append(
            {
                "agency": draw.choice(["ЖКХ", "Дороги"]),
                "answered": answered if draw.random() < 0.8 else None,
                "fixed": fixed if draw.random() < 0.6 else None,
            }
        )
        if rows[-1]["fixed"] is not None and draw.random() < 0.3:
            rows[-1]["reopened"] = reopened
    return messages(rows)


def of(frame: pl.DataFrame, **keys: object) -> dict[str, object]:
    found = frame.filter(*(pl.col(name) == value for name, value in keys.items()))
    assert found.height == 1
    return found.row(0, named=True)


def test_unanswered_messages_are_censored_not_forgotten():
    data = messages([{"answered": day} for day in range(1, 11)] + [{} for _ in range(10)])
    row = of(trends.resolution(data, until=END).summary, event="answer")
    assert (row["n"], row["n_open"], row["median"]) == (20, 10, 10)
    # The median of the answered alone would be 5.5 days.
    assert row["p90"] is None
    assert row["reason"] == "p90_not_reached"


def test_an_answer_after_the_extraction_has_not_come_yet():
    data = messages([{"answered": 1.0}] * 10 + [{"answered": 50.0}] * 30)
    row = of(trends.resolution(data, until=START + 20 * DAY).summary, event="answer")
    assert row["n_open"] == 30
    assert row["median"] is None


def test_when_everything_is_unanswered_there_is_no_number():
    data = messages([{}] * 30).with_columns(
        published_at=pl.Series([START + n * DAY for n in range(30)])
    )
    found = trends.resolution(data)
    row = of(found.summary, event="answer")
    assert row["n_open"] == 30
    assert row["median"] is row["median_low"] is row["p90"] is None
    assert found.backlog.filter(event="answer").height == 30
    assert found.quality["boilerplate"].to_list() == [None]


@pytest.mark.parametrize("seed", range(4))
def test_quantiles_and_term_are_those_of_lifelines(seed):
    written = pl.col("published_at")
    data = simulated(seed).with_columns(registered_at=written, due_at=written + 30 * DAY)
    found = trends.resolution(data, by=("agency",), until=END)
    for agency in ("ЖКХ", "Дороги"):
        part = data.filter(agency=agency)
        done = part["answered_at"].fill_null(END)
        done = done.clip(upper_bound=END)
        days = (done - part["published_at"]).dt.total_microseconds().to_numpy() / 86_400e6
        happened = (part["answered_at"] <= END).fill_null(False).to_numpy()
        fit = KaplanMeierFitter().fit(days, happened)
        row = of(found.summary, agency=agency, event="answer")
        # A product that is one half but for rounding is one half here; lifelines takes the next.
        half = qth_survival_time(0.5 + 1e-12, fit.survival_function_)
        assert row["median"] == pytest.approx(half, rel=1e-12)
        ends = median_survival_times(fit.confidence_interval_).to_numpy()[0]
        assert [row["median_low"], row["median_high"]] == pytest.approx(ends, rel=1e-12)
        p90 = qth_survival_time(0.1, fit.survival_function_)
        assert (row["p90"] or np.inf) == pytest.approx(p90, rel=1e-12)
        ends = qth_survival_times(0.1, fit.confidence_interval_).to_numpy()[0]
        if np.isfinite(p90):
            assert [row["p90_low"], row["p90_high"] or np.inf] == pytest.approx(ends, rel=1e-12)
        band = fit.confidence_interval_.loc[:30].iloc[-1].to_numpy()
        assert row["within_term"] == pytest.approx(1 - float(fit.predict(30)), rel=1e-9)
        assert [row["within_term_high"], row["within_term_low"]] == pytest.approx(1 - band)


def test_what_comes_first_is_told_apart():
    rows = (
        [{"answered": 2.0}] * 20
        + [{"answered": 2.0, "fixed": 2.0, "reopened": 5.0}] * 20
        + [{"answered": 2.0, "fixed": 10.0}] * 20
        + [{"answered": 2.0, "reopened": 4.0}] * 20
    )
    risks = trends.resolution(messages(rows), until=END).risks

    def incidence(since: str, cause: str) -> float:
        return of(risks, since=since, cause=cause, days=30)["incidence"]

    assert incidence("written", "answer") == pytest.approx(0.75)
    assert incidence("written", "fixed") == pytest.approx(0.25)
    assert incidence("answered", "fixed") == pytest.approx(1 / 3)
    assert incidence("answered", "reopened") == pytest.approx(1 / 3)
    # Half of the fixes came with the answer, and all of those were reopened.
    assert incidence("fixed", "reopened") == pytest.approx(0.5)


def test_a_horizon_nobody_was_followed_to_has_no_number():
    found = trends.resolution(messages([{"answered": 1.0}] * 5 + [{}] * 15), until=START + 10 * DAY)
    row = of(found.risks, since="written", cause="answer", days=30)
    assert row["incidence"] is None
    assert row["reason"] == "not_followed"


def test_contradicting_dates_are_set_aside_with_a_reason():
    rows = [{"answered": 3.0}] * 12 + [
        {"answered": -1.0},
        {"answered": 1.0, "fixed": -2.0},
        {"reopened": 3.0},
        {"answered": 4.0, "reopened": 3.0},
    ]
    data = messages(rows)
    undated = data.head(1).with_columns(
        message_id=pl.lit("x"), published_at=pl.lit(None, columns.MESSAGES.schema["published_at"])
    )
    found = trends.resolution(pl.concat([data, undated]), until=END)
    assert found.rejected["reason"].to_list() == [
        "answered_before_written",
        "fixed_before_written",
        "reopened_never_closed",
        "reopened_before_closed",
        "no_date",
    ]
    assert found.summary["n"].to_list() == [12, 12]


def test_terms_name_their_act_and_a_mixture_is_judged_on_those_that_have_one():
    network = {"channel": "vk", "regime": "network"}
    rows = [{"answered": 10.0}] * 15 + [{"answered": 40.0, **network}] * 15
    row = of(trends.resolution(messages(rows), until=END).summary, event="answer")
    assert (row["n_with_term"], row["term_days"], row["within_term"]) == (15, 30, 1)
    assert "59-ФЗ" in row["source"]
    by_channel = trends.resolution(messages(rows), by=("channel",), until=END).summary
    vk = of(by_channel, channel="vk", event="answer")
    assert vk["within_term"] is vk["term_days"] is None
    assert vk["source"] == "no_term_in_networks"
    fixed = of(by_channel, channel="gosuslugi", event="resolution")
    assert fixed["within_term"] is None


def test_rules_nobody_listed_have_no_term():
    rows = [{"answered": 1.0, "regime": "голубиная почта"}] * 10
    assert trends.resolution(messages(rows)).summary["source"][0] == "not_known"


def test_the_age_of_the_backlog_is_measured_against_the_term():
    rows = [{"answered": 1.0}, {}, {"channel": "vk", "regime": "network"}]
    backlog = trends.resolution(messages(rows), until=START + 40 * DAY).backlog
    shown = backlog.filter(event="answer").select("message_id", "age_days", "overdue").rows()
    assert shown == [("m0001", 40.0, True), ("m0002", 40.0, None)]


def test_small_groups_get_words_instead_of_numbers():
    rows = [{"answered": 1.0}] * 9 + [{"answered": 1.0, "agency": "Дороги"}] * 30
    found = trends.resolution(messages(rows), until=END)
    small = of(found.summary, agency="ЖКХ", event="answer")
    assert small["median"] is None
    assert small["reason"] == "too_few"
    assert "ЖКХ" not in found.curves["agency"].to_list()
    assert of(found.summary, agency="Дороги", event="answer")["median"] == 1


def test_one_reply_to_many_matters_is_boilerplate_and_to_one_accident_is_not():
    reply = "Ваше обращение принято к сведению и будет рассмотрено в установленном порядке"
    accident = "Авария на водоводе устраняется, воду обещают дать к вечеру"
    rows = (
        [{"answered": 1.0, "reply": reply, "rubric": r} for r in ("Вода", "Снег", "Ямы") * 4]
        + [{"answered": 1.0, "reply": accident}] * 12
        + [
            {"answered": 1.0, "reply": f"Фонарь у дома {n} заменён бригадой {'абвгд'[n % 5]}" * 2}
            for n in range(3)
        ]
    )
    row = trends.resolution(messages(rows), until=END).quality.row(0, named=True)
    assert row["n_answers"] == 27
    assert row["boilerplate"] == pytest.approx(12 / 27)
    assert row["boilerplate_low"] < 12 / 27 < row["boilerplate_high"]
    assert row["to_point"] is None
    assert row["reason"] == "none_coded"


def test_codes_of_people_are_used_where_they_are():
    rows = [{"answered": 1.0, "reply": f"Ответ номер {n}"} for n in range(40)]
    data = messages(rows).with_columns(to_point=pl.Series([True, False] * 10 + [None] * 20))
    row = trends.resolution(data, until=END).quality.row(0, named=True)
    assert (row["n_coded"], row["to_point"]) == (20, 0.5)
    assert row["reason"] is None


def test_groups_may_be_any_or_none():
    data = simulated(1)
    assert trends.resolution(data, by=(), until=END).summary.height == 2
    both = trends.resolution(data, by=("agency", "municipality"), until=END).summary
    assert both.columns[:2] == ["agency", "municipality"]
    assert both["n"].sum() == 2 * data.height


def test_without_a_column_of_fixes_nothing_is_said_of_fixes():
    data = simulated(2).drop("resolved_at", "reopened_at")
    found = trends.resolution(data, until=END)
    assert found.summary["event"].unique().to_list() == ["answer"]
    reopened = found.risks.filter(cause="reopened")
    assert reopened["incidence"].null_count() == reopened.height


def test_bad_input_is_named():
    data = simulated(3, n=20)
    with pytest.raises(SchemaError, match="agency"):
        trends.resolution(data.drop("agency"))
    with pytest.raises(SchemaError, match="answered_at"):
        trends.resolution(data.drop("answered_at"))
    with pytest.raises(ParameterError, match="colour"):
        trends.resolution(data, by=("colour",))
    with pytest.raises(ParameterError, match="time zone"):
        trends.resolution(data, until=datetime(2025, 2, 1))  # noqa: DTZ001
    with pytest.raises(NotEnoughDataError, match="dates"):
        trends.resolution(data.with_columns(published_at=pl.lit(None, data["published_at"].dtype)))
