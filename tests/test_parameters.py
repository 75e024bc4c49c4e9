"""Values of parameters: read by what they mean, refused with the place and the remedy."""

from datetime import UTC, date, datetime

import pytest

from cur_lab import budgeting, datasets, parameters
from cur_lab.errors import InputError, ParameterError
from cur_lab.parameters import days_of, moment, place, read, unknown, written

PLACES = ["городской округ Лесной", "Лесогорский округ", "Дальний округ"]


@pytest.mark.parametrize(
    ("name", "value", "default", "expected"),
    [
        ("fdr", "0.1", 0.05, 0.1),
        ("fdr", "0,1", 0.05, 0.1),
        ("n_topics", "12", None, 12),
        ("n_topics", "None", None, None),
        ("since", "2025-03-01", None, "2025-03-01"),
        ("until", date(2025, 3, 1), None, "2025-03-01"),
        ("by", "rubric, channel", ["rubric"], ["rubric", "channel"]),
        ("by", "rubric", "channel", "rubric"),
        ("window", "30d", "90d", "30d"),
        ("window", "52w", "30d", "52w"),
        ("every", "1w", "1h", "1w"),
        ("interval", "1440m", "10m", "1440m"),
        ("municipality", " Камнегорск ", None, "Камнегорск"),
        ("own", "true", False, True),
        ("own", "12", 1, 12),
        ("own", "[1, 2]", None, [1, 2]),
        ("own", "word", None, "word"),
    ],
)
def test_a_value_is_read_by_what_the_parameter_means(name, value, default, expected):
    assert read(name, value, default=default) == expected
    # What was read is a value, so that it can be read again.
    assert read(name, expected, default=default) == expected


@pytest.mark.parametrize(
    ("name", "value", "default", "said"),
    [
        ("fdr", "many", 0.05, "not a number"),
        ("fdr", "nan", 0.05, "not a number"),
        ("fdr", "1", 0.05, "between 0 and 1"),
        ("fdr", 0.0, 0.05, "between 0 and 1"),
        ("fdr", True, 0.05, "not a number"),
        ("fdr", None, 0.05, "not a number"),
        ("n_topics", "1", None, "from 2 to 1000"),
        ("n_topics", "12.5", None, "not a whole number"),
        ("n_topics", 12.0, None, "not a whole number"),
        ("since", "2025-02-30", None, "not a day"),
        ("since", "30.06.2025", None, "not a day"),
        ("until", 2025, None, "not a day"),
        ("window", "a month", "30d", "length of time"),
        ("every", "9999y", "1h", "one of 1h, 1d, 1w"),
        ("interval", "2d", "10m", "from 1m to 1d"),
        ("interval", "1w", "10m", "from 1m to 1d"),
        ("window", "1h", "30d", "from 7d to 366d"),
        ("window", "9999y", "30d", "from 7d to 366d"),
        ("window", "53w", "30d", "from 7d to 366d"),
        ("horizon", "6d", "90d", "from 7d to 1830d"),
        ("horizon_centres", "9999d", "180d", "from 7d to 1830d"),
        ("days", "99999999999", 30, "from 1 to 1830"),
        ("days", "0", 30, "from 1 to 1830"),
        ("n_topics", "1001", None, "from 2 to 1000"),
        ("seed", "4294967296", 0, "from 0 to 4294967295"),
        ("municipality", "", None, "not a text"),
        ("municipality", 12, None, "not a text"),
        ("own", "maybe", True, "true or false"),
        ("own", 1, True, "true or false"),
        ("by", "rubric,,channel", ["rubric"], "list of names"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(name, value, default, said):
    with pytest.raises(ParameterError, match=said) as refusal:
        read(name, value, default=default)
    assert str(refusal.value).startswith(f"{name}: ")
    assert repr(default) in str(refusal.value)


def test_an_annotation_tells_the_type():
    assert read("own", "0.5", default=None, annotation="float") == 0.5
    with pytest.raises(ParameterError, match="not a number"):
        read("own", "half", default=None, annotation="float")


def test_a_file_must_be_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.csv").touch()
    assert read("messages_file", "mine.csv", default=None) == str(tmp_path / "mine.csv")
    with pytest.raises(InputError, match=r"absent\.csv: no such file"):
        read("messages_file", "absent.csv", default=None)
    with pytest.raises(InputError, match=r"a folder, not a file"):
        read("messages_file", str(tmp_path), default=None)


@pytest.mark.parametrize("length", ["9999y", "6d", "1831d", "90"])
def test_a_length_in_days_has_its_limits(length):
    assert (days_of("7d", where="x"), days_of("12w", where="x")) == (7, 84)
    with pytest.raises(ParameterError, match=f"'{length}' is not a length in days or weeks, from"):
        days_of(length, where="x")


def test_an_unknown_name_is_answered_with_the_nearest():
    said = str(unknown("municipalty", ["fdr", "municipality"]))
    assert said.startswith("municipalty: ")
    assert "Did you mean municipality? Their parameters: fdr, municipality" in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("own", 12_500, "12\xa0500"),
        ("own", -0.5, "−0,5"),
        ("own", True, "да"),
        ("since", date(2025, 3, 1), "01.03.2025"),
        ("until", "2025-03-01T12:00", "01.03.2025"),
        ("by", [], "не задано"),
        ("by", ("municipality", "unheard"), "муниципалитет, unheard"),
        ("window", "21d", "21\xa0день"),
        ("every", "10m", "10\xa0минут"),
        ("channel", "bot", "чат-бот"),
        ("municipality", "Лесной", "Лесной"),
        # Whose folder it lies in is nobody's business.
        ("topic_names", "/home/me/названия.csv", "названия.csv"),
    ],
)
def test_values_are_written_in_russian(name, value, said):
    assert written(name, value) == said


def test_every_rule_is_one_of_budgeting():
    for rule in parameters.KNOWN["rule"].must.removeprefix("one of ").split(", "):
        assert read("rule", rule, default="greedy") == rule
        budgeting.winners(datasets.election(), rule=rule)
    with pytest.raises(ParameterError, match="rule: 'most' makes no sense"):
        read("rule", "most", default="greedy")


def test_a_clear_part_of_a_name_is_enough():
    assert place("дальний", PLACES, where="x") == "Дальний округ"
    assert place(" Дальний  округ ", PLACES, where="x") == "Дальний округ"
    assert place("лесо", PLACES, where="x") == "Лесогорский округ"
    assert place("городской округ Лесной", PLACES, where="x") == "городской округ Лесной"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("округ", "several municipalities have 'округ'"),
        ("Дольний округ", "Choose one of: Дальний округ"),
        ("Лесногорский", "Лесогорский округ"),
        ("", "no municipality"),
    ],
)
def test_an_unclear_name_is_answered_with_names(name, said):
    with pytest.raises(ParameterError, match=said):
        place(name, PLACES, where="x")


def test_a_date_is_the_end_of_that_day_in_moscow():
    end = datetime(2025, 6, 30, 21, tzinfo=UTC)
    assert moment("2025-06-30", where="x") == moment(date(2025, 6, 30), where="x") == end
    assert moment("2025-07-01", where="x", end=False) == end
    assert moment("2025-06-30T15:00", where="x") == datetime(2025, 6, 30, 12, tzinfo=UTC)
    with pytest.raises(ParameterError, match="is not a date"):
        moment("30.06.2025", where="x")
