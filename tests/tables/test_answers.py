"""Tables of answers and of reporting show every part, codes in words."""

import pytest

from cur_lab import datasets, tables, trends


@pytest.fixture(scope="module")
def messages():
    return datasets.load("zarechye").messages.head(6000)


def test_answers_are_laid_out_by_part(messages):
    found = trends.resolution(messages, by=("channel",))
    summary = tables.of(found, source="n").as_raw_html()
    assert "Половина за, дней (95 %-й интервал)" in summary.replace("\u00a0", " ")
    assert "ВКонтакте" in summary
    assert "отметка об устранении" in summary
    assert "written" not in tables.of(found, "risks").as_raw_html()
    assert "none_coded" not in tables.of(found, "quality").as_raw_html()
    assert tables.of(found, "backlog").as_raw_html().count("<tr") == 12


def test_reporting_is_laid_out_by_part(messages):
    found = trends.reporting(messages)
    rates = tables.of(found).as_raw_html()
    assert found.rates["municipality"][0] in rates
    assert "копии текста не в счёт" in tables.of(found, "sensitivity").as_raw_html()
    assert "нет дома в тексте" in tables.of(found, "unused").as_raw_html()
