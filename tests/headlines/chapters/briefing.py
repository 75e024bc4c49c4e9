"""What holds of sentences about a district before a broadcast."""

import polars as pl
from headlines.chapters.topics import twice
from headlines.entries import case, holds
from headlines.mutations import only, put
from headlines.reading import numbers

from cur_lab.headlines import briefing


def judged(*verdicts):
    return pl.DataFrame({"verdict": verdicts}, schema={"verdict": pl.String})


@holds(
    briefing.problems,
    case(
        judged("above_norm", "above_norm", "maybe_above", "within_norm"),
        mutations=(only(1), only(2), put(verdict="within_norm"), put(verdict="below_norm")),
    ),
    case(
        judged("maybe_above", "maybe_above"),
        mutations=(only(1), put(verdict="above_norm"), put(verdict="short_history")),
    ),
    case(judged("short_history"), mutations=(put(verdict="within_norm"),)),
    claims="Выше нормы — ",
)
def problems(sentence, table):
    verdicts = [row["verdict"] for row in table.to_dicts()]
    if not verdicts:
        return "столько, чтобы судить" in sentence
    if all(verdict == "short_history" for verdict in verdicts):
        return "не определяется" in sentence
    counted = [sum(v == code for v in verdicts) for code in ("above_norm", "maybe_above")]
    none = ("нет ни одной" in sentence) == (counted[0] == 0)
    perhaps = ("возможно" in sentence) == (counted[1] > 0)
    known = "не определяется" not in sentence and "судить" not in sentence
    return numbers(sentence) == [n for n in counted if n] and none and perhaps and known


def asked(*authors):
    return pl.DataFrame({"authors": authors}, schema={"authors": pl.Int64})


@holds(
    briefing.questions,
    case(asked(9, 6, None), mutations=(only(1), put(authors=None), put(authors=8)), least=5),
    case(asked(None, None), mutations=(put(authors=7),), least=5),
)
def questions(sentence, table, least):
    rows = table.to_dicts()
    if not rows:
        # A question nobody asked was not asked by one person either.
        return "задали бы двое" in sentence and "каждый" not in sentence
    often = sum(row["authors"] is not None for row in rows)
    if not often:
        return sentence.startswith("Нет вопроса") and numbers(sentence) == [least]
    rest = [least] if often < len(rows) else []
    return sentence.startswith("Вопросов") and numbers(sentence) == [least, often, *rest]


@holds(
    briefing.alarms,
    case(judged("x", "x", "x"), mutations=(only(1), only(2)), borne=12.0),
    case(judged("x"), mutations=(twice,), borne=None),
    claims="За период [0-9]",
)
def alarms(sentence, table, borne):
    number = len(table.to_dicts())
    if number:
        return numbers(sentence) == [number]
    return ("слишком мало" in sentence) == (borne is None) and not numbers(sentence)
