"""Structure of the pictures of campaigns: what is drawn, what the title says, nothing as markup."""

from datetime import UTC, datetime

import polars as pl

from cur_lab.figures import campaigns

HOSTILE = "Верните <b>рынок</b> & <script>alert(1)</script>"
REVIEW, EVENT = "review", "shared_event"


def families() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "family": ["aa11", "bb22", "cc33"],
            "verdict": [REVIEW, EVENT, None],
            "p": [1e-20, 0.9, None],
            "messages": [30, 40, 9],
            "template": [HOSTILE, "Просим сделать переход", "Спасибо"],
        }
    )


def lines() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "family": ["aa11", "aa11", "bb22", "cc33"],
            "line": ["same_words", "one_place", "one_place", "one_place"],
            "role": ["words", "setting", "setting", "setting"],
            "p": [1e-20, 0.01, None, 1.0],
        }
    )


def test_evidence_shows_verdicts_and_the_setting_last():
    figure = campaigns.evidence(families(), lines(), caption="n = 79")
    heat = figure.data[0]
    assert [list(row) for row in heat.z] == [[12, 2.0], [None, None]]
    assert heat.x[-1].replace("<br>", " ") == "одно место"
    assert heat.y[0].startswith("▲")
    assert "<script>" not in "".join(heat.y)
    title = "Из 3 семей, где 10 авторов и больше, проверки требует 1 семья (▲)"
    assert figure.layout.title.text.replace("<br>", " ").startswith(title)
    event = campaigns.evidence(families().tail(2), lines(), caption="").layout.title.text
    assert event.replace("<br>", " ").endswith("проверки не требует ни одна")
    quiet = campaigns.evidence(families().tail(1), lines(), caption="")
    assert "не выделяется" in str(quiet)


def test_the_course_stacks_the_family_on_its_channel():
    frame = pl.DataFrame(
        {
            "period_start": [
                datetime(2025, 1, 1, 9, tzinfo=UTC),
                datetime(2025, 1, 1, 10, tzinfo=UTC),
            ],
            "inside": [0, 21],
            "beside": [5, 4],
        }
    )
    figure = campaigns.course(frame, what=HOSTILE, caption="")
    assert [list(bar.y) for bar in figure.data] == [[5, 4], [0, 21]]
    assert figure.data[0].x[0] == "2025-01-01 12:00"  # Moscow
    assert "21 сообщение" in figure.layout.title.text
    assert "<script>" not in figure.layout.title.text


def test_shares_name_the_rubric_that_moves_most():
    frame = pl.DataFrame({"label": ["Парки", "Ямы"]}).with_columns(
        *(
            pl.Series(f"{share}{end}", values)
            for share, values in (("share", [0.3, 0.7]), ("share_once", [0.1, 0.9]))
            for end in ("", "_low", "_high")
        )
    )
    frame = frame.with_columns(share_once=pl.Series([0.1, 0.75]))
    figure = campaigns.shares(frame, caption="")
    said = figure.layout.title.text.replace("<br>", " ")
    assert "«Парки»: 10\u00a0% вместо 30\u00a0%" in said
    assert list(figure.data[0].x) == [70.0, 30.0]


def test_sensitivity_and_power_say_their_range():
    grid = pl.DataFrame(
        {
            "similarity": [0.8, 0.8, 0.9, 0.9],
            "windows": ["10s", "1m", "10s", "1m"],
            "spread": [30.0] * 4,
            "flagged": [1, 2, 2, 3],
        }
    )
    figure = campaigns.sensitivity(grid, caption="")
    assert len(figure.data) == 2
    assert "от 1 до 3" in figure.layout.title.text
    power = pl.DataFrame(
        {
            "kind": ["new_1h", "new_1h", "old_1h"],
            "size": [10, 20, 20],
            "found": [0.5, 0.9, 0.2],
            "found_low": [0.3, 0.7, 0.1],
            "found_high": [0.7, 1.0, 0.4],
            "trials": [12, 12, 12],
        }
    )
    assert "уже с 20 сообщений: новые аккаунты, за час" in campaigns.power(
        power, caption=""
    ).layout.title.text.replace("<br>", " ")
    weak = power.with_columns(found=pl.lit(0.1))
    assert "Ни одна из подложенных" in campaigns.power(weak, caption="").layout.title.text
