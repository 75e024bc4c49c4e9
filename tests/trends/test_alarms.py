"""Alarms: no look-ahead, planted bursts, shared shocks, false alarms, evidence, bad input."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
import simulated_messages as simulated
import statsmodels.api as sm
from polars.testing import assert_frame_equal

from cur_lab import columns as c
from cur_lab import trends
from cur_lab.errors import CurLabError, NotEnoughDataError, ParameterError
from cur_lab.trends.alarms import farrington as flexible
from cur_lab.trends.alarms.ears import ears, judge
from cur_lab.trends.alarms.episodes import Stream, discover
from cur_lab.trends.alarms.events import DAY, Panel, silent_hours, weekdays
from cur_lab.trends.alarms.null import Null
from cur_lab.trends.alarms.rolling import rolling
from cur_lab.trends.alarms.scan import Scores, scan
from cur_lab.trends.alarms.watch import watch_hours

MUNICIPALITIES = ("Большой", "Малый", "Средний")
START = datetime(2024, 3, 4, tzinfo=UTC)
RUBRICS = ("Нет воды", "Ямы", "Свет")


def quiet_region(days=120, seed=0, per_day=(12.0, 0.15, 2.0)):
    """Three districts of very different size, three rubrics, nothing happening."""
    draw = np.random.default_rng(seed)
    rows = []
    for place, mean in enumerate(per_day):
        for number in range(draw.poisson(mean * days)):
            day, hour = int(draw.integers(days)), int(draw.integers(8, 22))
            at = START + timedelta(days=day, hours=hour - 3, minutes=int(draw.integers(60)))
            rows.append((at, MUNICIPALITIES[place], RUBRICS[number % 3], "Обычная жалоба на дом"))
    return rows


def burst(municipality, rubric, at, size, minutes, text="Прорвало трубу на улице Лесной, дом 5"):
    return [
        (at + timedelta(minutes=minutes * k / size), municipality, rubric, text)
        for k in range(size)
    ]


def frame(rows, authors=None):
    ordered = sorted(rows, key=lambda row: row[0])
    return c.MESSAGES.conform(
        pl.DataFrame(
            {
                "message_id": [f"m{k:05}" for k in range(len(ordered))],
                "published_at": [row[0] for row in ordered],
                "author_id": authors or [f"a{k:05}" for k in range(len(ordered))],
                "channel": "vk",
                "municipality": [row[1] for row in ordered],
                "text": [row[3] for row in ordered],
                "rubric": [row[2] for row in ordered],
            },
            schema_overrides={"published_at": pl.Datetime("us", "UTC")},
        )
    )


WHEN = START + timedelta(days=80, hours=9)
STRICT = "0.2 per region-year"  # chance may raise something in none of these short regions


def alarms(messages, **how):
    return trends.alarms(messages, **({"budget": STRICT} | how))


# --- what is found ------------------------------------------------------------------------------


def test_a_few_messages_in_a_small_district_are_an_alarm_in_a_large_one_nothing():
    small = alarms(frame(quiet_region() + burst("Малый", "Нет воды", WHEN, 6, 50)))
    large = alarms(frame(quiet_region() + burst("Большой", "Нет воды", WHEN, 6, 50)))
    found = small.episodes.filter(pl.col(c.MUNICIPALITY) == "Малый")
    assert found.height == 1
    third = WHEN + timedelta(minutes=2 * 50 / 6)
    assert timedelta(0) < found[c.DETECTED_AT][0] - third <= timedelta(hours=2)
    assert found[c.OBSERVED][0] > found[c.EXPECTED_HIGH][0] >= found[c.EXPECTED_LOW][0]
    assert found[c.Q_VALUE][0] <= 0.05
    assert large.episodes.is_empty()


def test_nothing_is_found_where_nothing_happens():
    for seed in range(3):
        assert alarms(frame(quiet_region(seed=seed))).episodes.is_empty()


def test_alarms_less_than_a_day_apart_are_one_episode():
    rows = quiet_region()
    for later in (0, 10, 20):
        rows += burst("Малый", "Нет воды", WHEN + timedelta(hours=later), 8, 40)
    found = alarms(frame(rows)).episodes
    assert found.height == 1
    assert found[c.MESSAGES_COUNT][0] >= 24
    assert found[c.ENDED_AT][0] >= WHEN + timedelta(hours=20)


def test_forty_messages_of_one_author_are_not_forty_people():
    rows = sorted(quiet_region() + burst("Малый", "Нет воды", WHEN, 40, 50), key=lambda r: r[0])
    authors = ["one" if "Прорвало" in row[3] else f"a{k}" for k, row in enumerate(rows)]
    assert alarms(frame(rows, authors)).episodes.is_empty()


def test_a_storm_over_all_districts_is_one_finding():
    panel, _ = simulated.simulate("negative binomial", seed=3, bursts=0, shocks=0)
    draw = np.random.default_rng(5)
    storm = 150 * DAY + np.sort(draw.integers(0, 30, 48))
    hour = np.concatenate([panel.hour, storm])
    order = np.argsort(hour, kind="stable")
    group = np.concatenate([panel.group, np.full(48, 2)])[order]
    place = np.concatenate([panel.place, np.arange(48) % 8])[order]
    struck = Panel.of_events(panel.first, hour[order], group, place, groups=5, places=8)
    found = [f for f in watch_hours(struck, 12.0)[0] if f.episode.group == 2]
    assert [f.kind for f in found].count("shared") == 1
    assert len(found) <= 2


def test_two_bursts_on_one_day_in_different_rubrics_are_two_findings():
    rows = quiet_region() + burst("Малый", "Нет воды", WHEN, 8, 50)
    found = alarms(frame(rows + burst("Средний", "Свет", WHEN, 14, 50))).episodes
    assert set(found[c.RUBRIC]) == {"Нет воды", "Свет"}


def test_a_subject_without_a_rubric_raises_its_own_alarm():
    text = "Над посёлком летает странный дирижабль, шумит"
    rows = quiet_region()
    for number, rubric in enumerate((*RUBRICS, None) * 3):
        at = WHEN + timedelta(minutes=20 * number)
        rows.append((at, "Средний", rubric, f"{text} номер {number}"))
    result = alarms(frame(rows))
    terms = result.episodes.filter(pl.col(c.KIND) == "term")
    assert terms.height == 1
    assert "дирижабль" in terms[c.KEYWORDS][0].to_list()
    assert terms[c.RUBRIC].null_count() == 1
    unsorted = quiet_region() + burst("Малый", None, WHEN, 8, 50)
    assert alarms(frame(unsorted)).episodes.filter(pl.col(c.RUBRIC).is_null()).height >= 1


@pytest.mark.parametrize("spelling", ["на {}", "улица {}, дом 7"])
def test_a_street_in_the_letters_of_a_word_is_no_new_theme(spelling):
    rows = quiet_region()
    for day in range(40):  # from others it is known that there is such a street
        at = START + timedelta(days=2 * day, hours=10)
        rows.append((at, "Большой", RUBRICS[day % 3], "Улица Чапаевская, дом 3, ждём ответа"))
    for number, rubric in enumerate((*RUBRICS, None) * 3):
        street = spelling.format("чапаевской" if spelling.startswith("на") else "чапаевская")
        text = f"{street} непорядок и в посёлке Малый тоже, номер {number}"
        rows.append((WHEN + timedelta(minutes=20 * number), "Малый", rubric, text))
    found = alarms(frame(rows), budget="12 per region-year").episodes
    told = set(found[c.KEYWORDS].explode())
    assert "непорядок" in told
    assert not told & {"чапаевский", "чапаевская", "малый", "улица"}


def test_names_of_people_are_no_keywords():
    rows = quiet_region() + burst(
        "Малый", "Нет воды", WHEN, 8, 50, "Мастер Кузнецова Валентина отключила стояк, воды нет"
    )
    found = alarms(frame(rows)).episodes
    words = set(found[c.KEYWORDS].explode())
    assert "стояк" in words
    assert not words & {"валентина", "кузнецова", "кузнецов"}


# --- nothing but the past -----------------------------------------------------------------------


@pytest.mark.parametrize("background", simulated.BACKGROUNDS)
def test_the_future_changes_nothing(background):
    panel, _ = simulated.simulate(background, seed=1, days=150, bursts=12, sizes=(20, 40))
    full = watch_hours(panel, 12.0)[0]
    for cut in (60 * DAY + 13, 111 * DAY + 7):
        kept = panel.hour < cut
        part = Panel.of_events(
            panel.first,
            panel.hour[kept],
            panel.group[kept],
            panel.place[kept],
            groups=panel.groups,
            places=panel.places,
        )
        early = [key(f) for f in watch_hours(part, 12.0)[0]]
        assert early == [key(f) for f in full if f.detected <= cut]
    assert full


def key(finding):
    episode = finding.episode
    return (
        finding.detected,
        episode.group,
        episode.place,
        episode.rate,
        episode.q,
        finding.expected,
    )


@pytest.mark.parametrize("every", ["1h", "1d"])
def test_messages_of_the_future_change_no_alarm(every):
    panel, _ = simulated.simulate("clumped", seed=2, days=120, sizes=(15, 30))
    whole = simulated.messages(panel)
    until = datetime(2024, 5, 27, tzinfo=UTC)
    shown = [c.EPISODE, c.DETECTED_AT, c.OBSERVED, c.EXPECTED, c.CHANCE_PER_YEAR, c.Q_VALUE]
    late = alarms(whole, every=every).episodes.filter(pl.col(c.DETECTED_AT) <= until)
    early = alarms(whole.filter(pl.col(c.PUBLISHED_AT) < until), every=every).episodes
    assert_frame_equal(
        early.filter(pl.col(c.DETECTED_AT) <= until).select(shown), late.select(shown)
    )


def test_a_past_burst_does_not_raise_what_is_expected():
    rows = quiet_region()
    first, second = WHEN, WHEN + timedelta(days=10)
    once = alarms(frame(rows + burst("Малый", "Свет", second, 20, 60))).episodes
    again = alarms(
        frame(rows + burst("Малый", "Свет", first, 60, 60) + burst("Малый", "Свет", second, 20, 60))
    ).episodes
    assert again.height == 2
    assert again[c.EXPECTED][1] <= 5 * once[c.EXPECTED][0] + 0.05


def test_a_message_counts_from_when_it_was_seen():
    data = frame(quiet_region() + burst("Малый", "Нет воды", WHEN, 8, 50))
    late, never = timedelta(hours=5), timedelta(days=400)
    seen = data.with_columns(seen_at=pl.col("published_at") + late)
    loaded = data.with_columns(seen_at=pl.col("published_at") + never)
    plain, later, at_once = (
        alarms(kept).episodes[c.DETECTED_AT].to_list() for kept in (data, seen, loaded)
    )
    assert plain
    assert [moment - late for moment in later] == plain == at_once


def test_a_budget_tells_what_it_buys():
    rows = quiet_region()
    generous, strict = (
        alarms(frame(rows), budget=f"{number} per region-year").power for number in (12, 0.1)
    )
    both = generous.join(strict, on=c.VOLUME, suffix="_strict")
    assert both.height >= 2
    assert (both[c.BURST] < both[f"{c.BURST}_strict"]).all()
    # What is promised of the busiest series holds: four such bursts in five are raised.
    size = generous.filter(pl.col(c.VOLUME) == "below_ten")[c.BURST][0]
    seen = 0
    for day in range(10):
        at = START + timedelta(days=100 + day, hours=8)
        struck = frame(rows + burst("Большой", "Свет", at, size, 50))
        found = alarms(struck, budget="12 per region-year").episodes
        near = found[c.DETECTED_AT].is_between(at, at + timedelta(hours=3))
        seen += bool((near & (found[c.RUBRIC] == "Свет")).any())
    assert seen >= 7


def test_a_working_saturday_is_a_friday_and_a_holiday_its_own_day():
    # In 2024 Russia worked on the 27th of April; the 1st of May is a holiday.
    kinds = weekdays(date(2024, 4, 22), 10).tolist()
    assert kinds == [0, 1, 2, 3, 4, 4, 6, 7, 7, 7]


def test_a_channel_that_joins_the_source_is_no_rise():
    data = frame(quiet_region(days=150))
    joins = (pl.col("published_at") > WHEN) & (pl.col("message_id").hash() % 3 == 0)
    found = alarms(
        data.with_columns(channel=pl.when(joins).then(pl.lit("ok")).otherwise("channel")),
        by=("channel",),
    )
    assert found.episodes.is_empty()


# --- false alarms -------------------------------------------------------------------------------


@pytest.mark.parametrize("background", simulated.BACKGROUNDS)
def test_false_episodes_fit_the_budget_and_bursts_are_found(background):
    false, hits, years = 0, [], 0.0
    for seed in range(4):
        panel, planted = simulated.simulate(background, seed=100 + seed, sizes=(12, 30))
        found = watch_hours(panel, 12.0)[0]
        false += sum(not any(matches(f, p) for p in planted) for f in found)
        hits += [any(matches(f, p) for f in found) for p in planted]
        years += (panel.days - 28) / 365.25
    assert false <= 1.5 * 12 * years
    assert np.mean(hits) >= 0.6


def matches(finding, planted):
    here = finding.kind == "shared" or finding.episode.place in planted.places
    during = finding.detected > planted.first and finding.start < planted.last + DAY
    return here and during and finding.episode.group == planted.group


# --- days and weeks -----------------------------------------------------------------------------


def test_ears_by_hand():
    counts = np.array([2, 4, 3, 3, 2, 4, 3, 3, 3, 9, 3, 12.0])[:, None]
    c1, c2, c3 = (values[:, 0] for values in ears(counts))
    base, lagged = counts[2:9, 0], counts[0:7, 0]
    assert c1[9] == pytest.approx((9 - base.mean()) / max(base.std(ddof=1), 1.0))
    assert c2[9] == pytest.approx((9 - lagged.mean()) / max(lagged.std(ddof=1), 1.0))
    assert c3[11] == pytest.approx(c2[11] + max(0.0, c2[10] - 1) + max(0.0, c2[9] - 1))
    assert np.isnan(c1[:7]).all()
    assert np.isnan(c2[:9]).all()


def test_seven_days_of_history_leave_doubt():
    draw = np.random.default_rng(0)
    surprise = judge(draw.poisson(0.4, (4000, 5)).astype(float)).surprise[9:]
    # Three looks at a count: at most three times the nominal share.
    assert (surprise > -np.log(0.01)).mean() <= 0.03
    assert (surprise > -np.log(0.0001)).mean() <= 0.0003


def test_farrington_equals_a_quasi_poisson_regression():
    draw = np.random.default_rng(0)
    weeks = np.arange(160)
    mean = np.exp(1.5 + 0.002 * weeks + 0.5 * np.sin(2 * np.pi * weeks / 52.18))
    counts = draw.poisson(mean)[:, None].astype(float)
    ahead = flexible.farrington(counts, np.zeros(160), 159, per_year=52.18)
    past = np.arange(159 - 26)
    design = flexible._design(past, 159, 52.18)
    plain = sm.GLM(counts[past, 0], design[:-1], family=sm.families.Poisson()).fit(scale="X2")
    assert ahead.expected[0] == pytest.approx(float(plain.predict(design[-1:])[0]), rel=0.02)
    assert ahead.dispersion[0] == pytest.approx(max(1.0, float(plain.scale)), rel=0.1)


def test_farrington_weighs_past_outbreaks_down():
    draw = np.random.default_rng(1)
    counts = draw.poisson(4.0, (160, 1)).astype(float)
    struck = counts.copy()
    struck[106:109] += 60  # a year before, in the season now
    calm = flexible.farrington(counts, np.zeros(160), 159, per_year=52.18)
    after = flexible.farrington(struck, np.zeros(160), 159, per_year=52.18)
    assert after.expected[0] < calm.expected[0] + 4  # unweighted: 30 more
    assert after.tail(np.array([20.0]))[0] < 0.01


def test_days_are_judged_by_ears_and_after_years_by_farrington():
    rows = quiet_region(days=600, per_day=(6.0, 0.05, 1.0))
    early, late = START + timedelta(days=100, hours=8), START + timedelta(days=590, hours=8)
    rows += burst("Большой", "Свет", early, 30, 300) + burst("Большой", "Свет", late, 30, 300)
    found = alarms(frame(rows), every="1d").episodes
    assert found.filter(pl.col(c.BEGAN_AT) < early + timedelta(days=1))[c.METHOD][0] == "ears"
    assert found[c.METHOD][-1] == "farrington"
    assert found.height <= 3


# --- gaps ---------------------------------------------------------------------------------------


def test_a_silent_month_is_a_gap_a_quiet_night_is_none():
    draw = np.random.default_rng(0)
    day, hour = draw.integers(0, 150, 9000), draw.integers(9, 21, 9000)
    hours = np.sort(day * DAY + hour)
    kept = hours[(hours < 80 * DAY) | (hours >= 110 * DAY)]
    silent = silent_hours(kept, 150 * DAY)
    assert silent[80 * DAY + 12 : 110 * DAY + 8].all()
    assert silent.sum() <= 31 * DAY


def test_a_silent_month_raises_no_alarm_when_it_ends():
    rows = [
        row
        for row in quiet_region(days=150)
        if not START + timedelta(days=60) <= row[0] < START + timedelta(days=90)
    ]
    assert alarms(frame(rows)).episodes.is_empty()
    # A later day of six messages where two thirds of one are usual is no work of the gap.
    strict = {"every": "1d", "budget": "0.1 per region-year"}
    assert alarms(frame(rows), **strict).episodes.is_empty()


# --- a channel with habits of its own -----------------------------------------------------------


def habitual_hours(days=150, seed=0):
    """Two messages every hour from 8 to 19, one in ten of them left out."""
    draw = np.random.default_rng(seed)
    hours = np.repeat(np.arange(days)[:, None] * DAY + np.arange(8, 20), 2)
    return hours[draw.random(hours.size) > 0.1]


def alone(hours):
    return Panel.of_events(START.date(), hours, hours * 0, hours * 0, groups=1, places=1)


def test_what_rises_over_half_a_day_in_a_regular_channel_is_seen_by_rolling_hours():
    seen = []
    for seed in range(6):
        hours = habitual_hours(seed=seed)
        slow = 110 * DAY + 8 + np.arange(14) * 12 // 14
        found = watch_hours(alone(np.sort(np.concatenate([hours, slow]))), 1.0)[0]
        near = [f for f in found if 110 * DAY < f.detected <= 111 * DAY]
        seen.append([f.method for f in near])
        assert len(found) - len(near) <= 1
    assert sum("rolling" in methods for methods in seen) >= 4


def test_what_barely_fits_the_budget_is_learnt_from_and_an_accident_is_not():
    days = np.arange(28, 40)
    surprise = np.where(days == 30, 5.0, np.where(days == 35, 50.0, 1.0))
    ones = np.ones(days.size)
    where = np.zeros(days.size, dtype=int)
    scores = Scores(days * DAY, where, where, surprise, where + 1, 5 * ones, ones, ones, ones)
    null = Known(scores)
    found = discover([Stream(scores, null)], np.exp(-4.0), first=0, quiet=DAY)
    assert [episode.detected // DAY for episode in found] == [30, 35]
    assert null.left_out == {(0, 0, 35), (0, 0, 36)}


def known_days(surprises):
    """Scores of one series, one a day from the 28th on, of so many surprises."""
    surprise = np.array(surprises, dtype=float)
    ones, where = np.ones(surprise.size), np.zeros(surprise.size, dtype=int)
    hours = np.arange(28, 28 + surprise.size) * DAY
    return Scores(hours, where, where, surprise, where + 1, 5 * ones, ones, ones, ones)


def test_what_a_series_did_more_than_twice_is_its_habit_and_what_is_stronger_is_not():
    days = np.ones(200)
    days[[20, 21, 60, 100, 140]] = 20.0  # the first lasts two days
    days[180] = 30.0
    scores = known_days(days)
    null = Known(scores)
    found = discover([Stream(scores, null)], 1e-4, first=0, quiet=2 * DAY)
    assert [episode.detected // DAY - 28 for episode in found] == [20, 60, 100, 180]
    assert null.habit(100) == null.habit(180) == 0.0
    assert null.habit(140) > 0


def test_working_days_and_days_off_of_a_channel_have_hours_of_their_own():
    hours = habitual_hours()
    free = weekdays(START.date(), 150)[hours // DAY] >= 5
    panel = alone(hours[~free | (np.arange(hours.size) % 5 == 0)])
    found = rolling(panel, scan(panel))
    late = found.window == 12
    off = weekdays(START.date(), 150)[found.hour // DAY] >= 5
    noon = found.hour % DAY >= 18
    assert found.expected[late & noon & off].max() < 8
    assert found.expected[late & noon & ~off].min() > 15


class Known(Null):
    """Of which chance is known, and that tells what it may not learn."""

    def __init__(self, scores):
        super().__init__(scores, DAY, 28)
        self._of = scores.surprise

    def rates(self, rows, block):
        return np.exp(-self._of[rows])

    def learn(self, block, left_out):
        self.left_out = set(left_out)
        self._learnt = max(block - self.first, 0)


# --- evidence -----------------------------------------------------------------------------------


def test_evidence_is_redacted_and_tells_the_lag_to_the_notice():
    text = "Прорвало трубу на улице Лесной, дом 5, звоните 8 (910) 123-45-67"
    rows = quiet_region() + burst("Малый", "Нет воды", WHEN, 8, 40, text)
    notices = c.NOTICES.conform(
        pl.DataFrame(
            {
                "notice_id": ["n1", "n2"],
                "published_at": [WHEN + timedelta(hours=4), WHEN + timedelta(hours=4)],
                "municipality": ["Малый", "Малый"],
                "rubric": ["Нет воды", "Ямы"],
                "text": ["Авария", "Ремонт"],
            }
        )
    )
    result = alarms(frame(rows), notices=notices)
    episode = result.episodes.row(0, named=True)
    assert episode[c.NOTICE_AT] == WHEN + timedelta(hours=4)
    expected = (episode[c.NOTICE_AT] - episode[c.DETECTED_AT]) / timedelta(hours=1)
    assert episode[c.LAG_HOURS] == pytest.approx(expected)
    assert episode[c.LAG_HOURS] > 0
    assert episode[c.STREETS] == ["улица лесная"]
    assert (episode[c.MESSAGES_COUNT], episode[c.INCIDENTS], episode[c.AUTHORS]) == (8, 1, 8)
    assert result.evidence[c.TEXT].str.contains("123-45-67", literal=True).sum() == 0
    assert result.evidence[c.ORDER].to_list() == [1, 2, 3, 4, 5]
    assert result.places.row(0) == (episode[c.EPISODE], "улица лесная", "5", 8)
    assert episode[c.FIRST_MESSAGES] == result.evidence[c.MESSAGE_ID].to_list()


# --- bad input ----------------------------------------------------------------------------------


def test_no_dates_or_one_day_are_not_enough():
    data = frame(quiet_region(days=40))
    undated = data.with_columns(pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias("published_at"))
    with pytest.raises(NotEnoughDataError, match="no message has a date"):
        alarms(undated)
    one_day = data.with_columns(pl.lit(WHEN).dt.cast_time_unit("us").alias("published_at"))
    with pytest.raises(NotEnoughDataError, match="one day"):
        alarms(one_day)


@pytest.mark.parametrize("every", ["1h", "1d", "1w"])
@pytest.mark.parametrize("by", [(c.MUNICIPALITY, c.RUBRIC), (c.CHANNEL,), ()])
def test_of_one_week_nothing_can_be_said(every, by):
    week = frame(quiet_region(days=7) + burst("Большой", "Свет", START + timedelta(days=6), 40, 50))
    result = alarms(week, every=every, by=by)
    assert result.episodes.is_empty()
    assert set(result.checks[c.REASON]) == {"history_of_28_days"}
    assert result.checks[c.MESSAGES_COUNT].sum() == week.height


@pytest.mark.parametrize("every", ["1h", "1d"])
def test_one_channel_is_watched_like_many(every):
    rows = quiet_region(days=100)
    calm = alarms(frame(rows), every=every, by=(c.CHANNEL,))
    assert calm.episodes.is_empty()
    struck = frame(rows + burst("Большой", "Свет", WHEN, 60, 50))
    found = alarms(struck, every=every, by=(c.CHANNEL,)).episodes
    assert found[c.KIND].to_list() == ["series"]
    assert found[c.BEGAN_AT][0] >= WHEN - timedelta(days=1)


def test_three_weeks_are_skipped_with_a_reason():
    result = alarms(frame(quiet_region(days=20)))
    assert result.episodes.is_empty()
    assert set(result.checks[c.REASON]) == {"history_of_28_days"}
    assert result.checks[c.MESSAGES_COUNT].sum() == len(quiet_region(days=20))


def test_a_district_with_three_messages_is_skipped():
    rows = quiet_region() + burst("Хутор", "Свет", WHEN, 3, 20)
    result = alarms(frame(rows))
    assert result.episodes.is_empty()
    assert result.checks[c.MUNICIPALITY].to_list() == ["Хутор"]
    assert result.checks[c.REASON].to_list() == ["district_of_10_messages"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"by": ("text",)},
        {"every": "5m"},
        {"budget": "0 per region-year"},
        {"budget": "-1 per region-year"},
        {"budget": "many"},
        {"budget": "nan per region-year"},
        {"budget": 12},
        {"zone": "Europe/Zarechye"},
    ],
)
def test_wrong_parameters_are_named(wrong):
    with pytest.raises(ParameterError):
        alarms(frame(quiet_region(days=40)), **wrong)


def test_series_without_districts_and_without_a_split():
    rows = quiet_region() + burst("Малый", "Нет воды", WHEN, 60, 50)
    for by in ((c.RUBRIC,), (c.CHANNEL,), ()):
        found = alarms(frame(rows), by=by).episodes
        assert found.height >= 1
        assert found[c.MUNICIPALITY].null_count() == found.height
    twice = alarms(frame(rows), by=(c.RUBRIC, c.RUBRIC)).episodes
    assert twice.equals(alarms(frame(rows), by=c.RUBRIC).episodes)
    with pytest.raises(CurLabError):
        alarms(frame(rows).drop("rubric"))


def test_a_burst_of_which_some_have_no_text_shows_those_that_have_one():
    data = frame(quiet_region() + burst("Малый", "Нет воды", WHEN, 6, 50))
    first = pl.col("published_at").is_between(WHEN, WHEN + timedelta(minutes=10))
    holed = data.with_columns(text=pl.when(~first).then("text"))
    found, whole = alarms(holed), alarms(data)
    columns = [c.MUNICIPALITY, c.DETECTED_AT, c.OBSERVED]
    assert found.episodes.select(columns).equals(whole.episodes.select(columns))
    assert found.evidence.height == whole.evidence.height - 1
