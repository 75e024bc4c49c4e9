"""A small region made from the seed: the same every time, in the schema, with the truth apart."""

import json
import re
from datetime import datetime, timedelta
from hashlib import sha256

import polars as pl
import pytest

from cur_lab import columns as c
from cur_lab import families, synthetic
from cur_lab.errors import NotEnoughDataError, SchemaError
from cur_lab.files import shipped
from cur_lab.synthetic import calendar
from cur_lab.synthetic.catalogue import rubrics
from cur_lab.synthetic.incidents import incidents, of_rubric, opened_before, reports
from cur_lab.synthetic.region import TIME_ZONE, region
from cur_lab.synthetic.streams import Dice, stream

SCALE = 0.03


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return synthetic.write(tmp_path_factory.mktemp("region"), seed=7, scale=SCALE)


@pytest.fixture(scope="module")
def messages(folder):
    return pl.read_parquet(folder / "messages.parquet")


@pytest.fixture(scope="module")
def truth(folder):
    return pl.read_parquet(folder / "truth" / "messages.parquet")


def contents(folder):
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_makes_the_same_bytes_and_another_seed_other_ones(tmp_path):
    first = contents(synthetic.write(tmp_path / "a", seed=7, scale=0.004))
    assert first == contents(synthetic.write(tmp_path / "b", seed=7, scale=0.004))
    assert first != contents(synthetic.write(tmp_path / "c", seed=8, scale=0.004))


def test_streams_of_different_names_do_not_touch():
    before = stream(1, "b").random(3).tolist()
    stream(1, "a").random(1000)
    assert stream(1, "b").random(3).tolist() == before
    assert stream(1, "a").random(3).tolist() != before


def test_dice_are_fair():
    dice = Dice(3, "fair")
    drawn = [dice.weighted("ab", (1, 3)) for _ in range(4000)]
    assert 0.72 < drawn.count("b") / 4000 < 0.78
    assert sorted(dice.shuffled([1, 2, 3])) == [1, 2, 3]


def test_messages_fit_the_schema(messages):
    c.MESSAGES.check(messages, where="sample")
    # The region's centre keeps no journal of terms, sees what is written at once, and its pages
    # are told by their threads.
    journal = {c.SEEN_AT, c.REGISTERED_AT, c.DUE_AT, c.STATUS}
    without = {c.POST_ID, c.PAGE_ID, c.FORUM_TOPIC} | journal
    assert set(c.MESSAGES.full_schema) == set(messages.columns) | without
    assert messages[c.MESSAGE_ID].is_unique().all()
    assert messages[c.PUBLISHED_AT].is_sorted()
    assert set(messages[c.CHANNEL]) == {"gosuslugi", "vk", "ok", "telegram", "bot", "hotline"}
    assert messages[c.TEXT].str.len_chars().min() > 0


def test_nothing_of_the_grammar_is_left_in_a_text(messages):
    written = messages[c.TEXT].to_list() + messages[c.ANSWER_TEXT].drop_nulls().to_list()
    left = [text for text in written if re.search(r"[\[\]|^~*]|<(?!/?p>)", text)]
    assert left == []


def test_times_are_in_order(messages):
    for earlier, later in (
        (c.PUBLISHED_AT, c.ANSWERED_AT),
        (c.PUBLISHED_AT, c.RESOLVED_AT),
        (c.RESOLVED_AT, c.REOPENED_AT),
        (c.ACCOUNT_CREATED_AT, c.PUBLISHED_AT),
    ):
        assert messages.filter(pl.col(later) < pl.col(earlier)).is_empty(), (earlier, later)


def test_the_truth_names_the_same_messages_and_real_incidents(messages, truth, folder):
    assert messages[c.MESSAGE_ID].to_list() == truth[c.MESSAGE_ID].to_list()
    happened = pl.read_parquet(folder / "truth" / "incidents.parquet")
    reported = set(truth["incident_id"].drop_nulls())
    assert reported <= set(happened["incident_id"])
    assert (happened["reports"] == 0).sum() > 0  # some trouble nobody writes about
    assert set(truth["copy_of"].drop_nulls()) <= set(messages[c.MESSAGE_ID])
    keys = {rubric.key for rubric in rubrics()}
    assert set(truth["problems"].explode().drop_nulls()) <= keys


def test_official_rubrics_are_mostly_but_not_always_right(messages, truth):
    labelled = messages.join(truth, on=c.MESSAGE_ID).filter(pl.col(c.RUBRIC).is_not_null())
    right = (labelled[c.RUBRIC] == labelled["topic"]).mean()
    assert 0.82 < right < 0.97


def test_phones_and_people_are_fictional(messages):
    numbers = messages[c.TEXT].str.extract_all(r"(?:\+7|\b8)[ -]?\(?\d{3}\)?[ -]?\d{3}[ -]?\d{2}")
    found = [number for several in numbers for number in several]
    assert found
    assert all("000" in number for number in found)


def test_no_template_covers_many_messages(messages):
    """Masked families of the portal are small: what repeats is a person, not the generator."""
    portal = messages.filter(
        (pl.col(c.CHANNEL) == "gosuslugi") & (pl.col(c.TEXT).str.len_chars() > 60)
    )
    found = families.find(portal.select(c.MESSAGE_ID, c.TEXT))
    sizes = found.group_by(c.FAMILY).len()["len"]
    assert (sizes.max() or 0) <= 0.02 * portal.height
    assert found.height <= 0.08 * portal.height


def test_several_people_report_one_incident_in_their_own_words(messages, truth):
    joined = messages.join(truth, on=c.MESSAGE_ID).filter(pl.col("copy_of").is_null())
    shared = joined.filter(
        pl.col("incident_id").is_not_null() & (pl.col("incident_id").len().over("incident_id") > 2)
    )
    assert shared.height > 50
    assert shared[c.TEXT].n_unique() > 0.97 * shared.height
    assert shared.group_by("incident_id").agg(pl.col(c.AUTHOR_ID).n_unique())[c.AUTHOR_ID].max() > 2


def test_authors_repeat_as_people_do(messages):
    counts = messages.group_by(c.AUTHOR_ID).len()["len"]
    assert (counts == 1).mean() > 0.5
    assert counts.max() >= 4
    accounts = messages.group_by(c.AUTHOR_ID).agg(pl.col(c.ACCOUNT_CREATED_AT).n_unique())
    assert accounts[c.ACCOUNT_CREATED_AT].max() == 1


# --- rhythm: planted, and not found where it was not planted -------------------------------------
def happened(key, *, scale=1.0, weather=(), seed=5):
    rubric = next(rubric for rubric in rubrics() if rubric.key == key)
    return list(of_rubric(seed, scale, rubric, weather))


def test_snow_falls_in_winter_and_potholes_know_all_months():
    snow = [incident.started_at.month for incident in happened("roads.snow")]
    assert sum(month in (12, 1, 2) for month in snow) > 0.6 * len(snow)
    assert not {5, 6, 7, 8, 9} & set(snow)
    holes = [incident.started_at.month for incident in happened("roads.potholes")]
    assert set(holes) == set(range(1, 13))
    assert holes.count(4) / holes.count(12) > 2  # after the thaw


def test_seasons_have_mean_one_and_keep_their_zeros():
    snow = calendar.season(next(r for r in rubrics() if r.key == "roads.snow").months)
    assert snow.mean() == pytest.approx(1)
    july = [day for day in range(calendar.DAYS) if calendar.day(day).month == 7]
    assert snow[july].max() == 0
    flat = calendar.season((1.0,) * 12)
    assert flat.min() == flat.max() == 1


def test_weekends_and_holidays_are_quiet():
    shipped_messages = pl.read_parquet(shipped("datasets", "zarechye", "messages.parquet"))
    local = shipped_messages.with_columns(
        pl.col(c.PUBLISHED_AT).dt.convert_time_zone(TIME_ZONE).alias("local")
    )
    hotline = local.filter(pl.col(c.CHANNEL) == "hotline")["local"].dt.weekday()
    assert (hotline >= 6).mean() < 0.2
    weekdays = local.filter(pl.col(c.CHANNEL) == "vk")["local"].dt.weekday()
    days = weekdays.filter(weekdays <= 5).value_counts()["count"]
    assert days.max() < 1.2 * days.min()  # no weekday of a social network stands out
    night = local["local"].dt.hour().is_between(1, 4).mean()
    assert night < 0.1


def test_weather_strikes_the_districts_it_covers_and_no_others():
    storm = calendar.Shock("storm-1", "storm", 540, 541, (0, 1))
    calm, struck = (happened("power.outage", weather=weather) for weather in ((), (storm,)))

    def count(found, districts):
        window = {calendar.day(540), calendar.day(541)}
        return sum(i.started_at.date() in window and i.municipality in districts for i in found)

    assert count(struck, {0, 1}) >= 4 * max(count(calm, {0, 1}), 1)
    assert count(struck, set(range(4, 18))) <= count(calm, set(range(4, 18))) + 3
    assert {i.shock_id for i in struck} == {None, "storm-1"}


def test_districts_that_write_readily_send_more_duplicates():
    """Reports per incident follow propensity; incidents per resident do not."""
    # Each rubric has its own taste in each district; over several it levels out.
    keys = ("yard.lighting", "roads.potholes", "yard.trees", "waste.dumps", "nature.animals")
    found = [incident for key in keys for incident in happened(key, scale=3.0)]
    eager, shy = 3, 4  # propensities 1.55 and 0.70
    sent = {n: [len(reports(11, i)) for i in found if i.municipality == n] for n in (eager, shy)}
    ratio = (sum(sent[eager]) / len(sent[eager])) / (sum(sent[shy]) / len(sent[shy]))
    assert 1.6 < ratio < 3.0
    residents = [region().municipalities[n].population for n in (eager, shy)]
    rates = [len(sent[n]) / size for n, size in zip((eager, shy), residents, strict=True)]
    assert 0.65 < rates[0] / rates[1] < 1.55


def test_boilerplate_answers_repeat_and_the_others_do_not(messages, truth):
    answered = messages.join(truth, on=c.MESSAGE_ID).filter(pl.col(c.ANSWER_TEXT).is_not_null())
    empty = answered.filter(pl.col("boilerplate_answer"))[c.ANSWER_TEXT]
    real = answered.filter(~pl.col("boilerplate_answer"))[c.ANSWER_TEXT]
    assert empty.n_unique() < 0.4 * empty.len()
    assert real.n_unique() > 0.95 * real.len()
    reopened = answered.group_by("boilerplate_answer").agg(
        pl.col(c.REOPENED_AT).is_not_null().sum() / pl.col(c.RESOLVED_AT).is_not_null().sum()
    )
    shares = dict(reopened.rows())
    assert shares[True] > 2 * shares[False]


# --- the package on disk -------------------------------------------------------------------------
@pytest.mark.parametrize("where", ["made", "shipped"])
def test_the_descriptor_describes_every_file_and_field(where, folder):
    root = folder if where == "made" else shipped("datasets", "zarechye")
    package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"[a-z0-9._-]+", package["name"])
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    described = {resource["path"] for resource in package["resources"]}
    tables = {
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.suffix in (".parquet", ".csv")
    }
    assert described == tables
    types = {"string", "integer", "number", "boolean", "date", "datetime", "array"}
    for resource in package["resources"]:
        content = (root / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{sha256(content).hexdigest()}"
        read = pl.read_csv if resource["format"] == "csv" else pl.read_parquet
        frame = read(root / resource["path"])
        assert resource["rows"] == frame.height
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == frame.columns
        for field in fields:
            assert field["description"]
            assert field["type"] in types
            if field.get("constraints", {}).get("required"):
                assert frame[field["name"]].null_count() == 0
        assert frame.select(resource["schema"]["primaryKey"]).is_unique().all()


def test_the_shipped_sample_is_small_enough_and_has_its_papers():
    root = shipped("datasets", "zarechye")
    sizes = [path.stat().st_size for path in root.rglob("*") if path.is_file()]
    assert sum(sizes) <= 20 * 2**20
    assert max(sizes) <= 8 * 2**20
    for paper in ("README.md", "LICENSE.md"):
        assert (root / paper).read_text(encoding="utf-8").strip()


def test_the_shipped_messages_span_two_years_and_eighteen_districts():
    messages = pl.read_parquet(shipped("datasets", "zarechye", "messages.parquet"))
    assert 40_000 < messages.height < 52_000
    assert messages[c.MUNICIPALITY].n_unique() == 18
    span = messages[c.PUBLISHED_AT].max() - messages[c.PUBLISHED_AT].min()
    assert span > timedelta(days=728)
    assert 55 <= messages[c.RUBRIC].drop_nulls().n_unique() <= 75
    assert messages[c.RUBRIC_GROUP].drop_nulls().n_unique() == 12


# --- realism --------------------------------------------------------------------------------------
def test_realism_of_a_sample_with_itself_finds_no_difference():
    portal = pl.read_parquet(shipped("datasets", "zarechye", "messages.parquet")).filter(
        pl.col(c.CHANNEL) == "gosuslugi"
    )
    by_chance = portal.sort(c.MESSAGE_ID)
    half, other = by_chance.head(500), by_chance.slice(500, 500)
    other = other.select(c.MESSAGE_ID, c.TEXT, c.RUBRIC)
    measured = synthetic.realism(half, other)
    c.REALISM.check(measured, where="realism")
    figures = {row[c.MEASURE]: row for row in measured.iter_rows(named=True)}
    for measure, row in figures.items():
        if measure.startswith(("длина", "разных слов")):
            assert row[c.VERDICT] == "да", row
    apart = next(row for measure, row in figures.items() if measure.startswith("AUC"))
    assert 0.35 < apart[c.SAMPLE] < 0.65


def test_realism_refuses_what_it_cannot_measure(messages):
    few = messages.head(20)
    with pytest.raises(NotEnoughDataError):
        synthetic.realism(messages, few)
    with pytest.raises(SchemaError, match="rubric"):
        synthetic.realism(messages.drop(c.RUBRIC), few)


def test_the_sample_does_not_begin_with_a_lull():
    begin = datetime.combine(calendar.FIRST, datetime.min.time())
    before = list(opened_before(5, 1.0))
    assert all(incident.started_at < begin < incident.ended_at for incident in before)
    assert all(report.written_at >= begin for incident in before for report in reports(5, incident))
    # As many troubles are open on the first day as on the same day of the second year.
    year = begin + timedelta(days=366)
    later = [i for i in incidents(5, 1.0, ()) if i.started_at < year < i.ended_at]
    assert 0.8 < len(before) / len(later) < 1.25


def test_who_may_vote_is_a_plausible_part_of_the_residents():
    places = region().frame()
    share = places[c.POPULATION_ELIGIBLE] / places[c.POPULATION]
    # Sixteen and over: of an ageing region four fifths and a little more.
    assert share.min() > 0.78
    assert share.max() < 0.88
    assert share.n_unique() > 10
