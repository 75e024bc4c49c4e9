"""Problems of a district: which of them a page has room for."""

import polars as pl

from cur_lab.trends.briefing import problems


def test_what_is_outside_the_norm_is_shown_however_few_write_of_it():
    verdicts = ["within_norm"] * 4 + ["maybe_above", "within_norm", "below_norm"]
    table = pl.DataFrame({"subject": list("абвгдеж"), "verdict": verdicts})
    assert "".join(problems.notable(table, 4)["subject"]) == "абдж"
    assert "".join(problems.notable(table, 1)["subject"]) == "д"
    assert problems.notable(table, 20).equals(table)
