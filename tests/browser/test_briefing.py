"""A briefing on paper: two sheets, however long its texts are."""

import re
import subprocess
from datetime import UTC, datetime

import polars as pl

from cur_lab import columns as c
from cur_lab.trends.briefing import Briefing

NAME = "Содержание и ремонт дорог, тротуаров и дворовых территорий многоквартирных домов " * 2
TEXT = "Просим принять меры, потому что так жить больше нельзя и никто не отвечает. " * 3


def full(table):
    """A table of more rows than a page shows, its texts as long as they come."""
    values = {}
    for column in table.columns:
        if column.name in {c.TEXT, c.QUESTION}:
            values[column.name] = " ".join(TEXT.split()[:8])
        elif column.dtype == pl.String:
            values[column.name] = NAME
        elif column.dtype == pl.Datetime("us", "UTC"):
            values[column.name] = datetime(2025, 6, 30, tzinfo=UTC)
        elif column.dtype == pl.List(pl.String):
            values[column.name] = [NAME[:30]] * 4
        else:
            values[column.name] = 1234 if column.dtype.is_integer() else 0.98
    # Codes of the longest words.
    values |= {
        "fact": "waiting",
        "state": "reopened",
        "verdict": "nowhere_without",
        "fate": "overdue",
    }
    known = {name: value for name, value in values.items() if name in table.schema}
    return table.conform(pl.DataFrame([known] * 30, schema=table.schema))


def test_two_sheets_of_a4(chromium, tmp_path):
    briefing = Briefing(
        facts=full(c.BRIEFING_FACTS)
        .head(5)
        .with_columns(value=pl.lit(12_345), share=pl.lit(None, pl.Float64)),
        problems=full(c.BRIEFING_PROBLEMS).with_columns(verdict=pl.lit("within_norm")),
        questions=full(c.BRIEFING_QUESTIONS),
        alarms=full(c.ALARM_EPISODES),
        backlog=full(c.BRIEFING_BACKLOG),
        oldest=full(c.BRIEFING_OLDEST),
        quotes=full(c.BRIEFING_QUOTES).head(3),
        outcomes=full(c.BRIEFING_OUTCOMES),
        promises=full(c.PROMISES),
        answers=c.Absent.lacking("ответов"),
        alarms_borne=12.0,
        municipality=NAME[:60],
        period="01.06.2025–30.06.2025",
        until=datetime(2025, 6, 30, tzinfo=UTC),
        fdr=0.05,
    )
    page = tmp_path / "briefing.html"
    page.write_text(
        briefing.to_html(source="учебный регион «Заречье» (вымышлен)"), encoding="utf-8"
    )
    printed = tmp_path / "briefing.pdf"
    subprocess.run(
        [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    assert len(re.findall(rb"/Type\s*/Page\b", printed.read_bytes())) == 2
