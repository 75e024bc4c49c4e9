"""What holds of sentences about complaints over time."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import mode
from zoneinfo import ZoneInfo

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import both, multiplied, only, put, swapped, turned, widened
from headlines.reading import changes as read_changes
from headlines.reading import close, dates, numbers

from cur_lab import columns as c
from cur_lab.headlines import trends

START = datetime(2025, 3, 31, 21, tzinfo=UTC)
MONTHS = ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь"]
MONTHS += ["октябрь", "ноябрь", "декабрь"]


def days(step=timedelta(days=1), **values):
    starts = [START + n * step for n in range(10)]
    columns = {"messages": [6] * 10, "incidents": [3] * 10, "authors": [2] * 10} | values
    return c.COUNTS.conform(
        pl.DataFrame({"period_start": starts, "recorded": [True] * 10, **columns})
    )


def levels(*at, change=0.5, verdict="more"):
    rows = [
        {
            "changed_at": START + timedelta(days=day),
            "changed_low": START + timedelta(days=day - 1),
            "changed_high": START + timedelta(days=day + 1),
            "change": change,
            "change_low": change - 0.2,
            "change_high": change + 0.3,
            "unit": "messages",
            "observed": 60,
            "days": 10,
            "verdict": verdict,
        }
        for day in at
    ]
    without = {"unit": "messages", "observed": 60, "days": 10, "verdict": verdict}
    return c.CHANGES.conform(pl.DataFrame(rows or [without]))


def parts(week, year, note=None):
    number = len(week)
    return c.DECOMPOSITION.conform(
        pl.DataFrame(
            {
                "period_start": [START + timedelta(days=n) for n in range(number)],
                "trend": [5.0] * number,
                "seasonal_week": week,
                "seasonal_year": year,
                "note": [note] * number,
            },
            schema_overrides={"seasonal_year": pl.Float64, "note": pl.String},
        )
    )


def last_month(hidden=(False, True, True, False)):
    rows = {
        "period_start": [START] * 4,
        "messages": [12, None, None, 30],
        "suppressed": list(hidden),
        "municipality": ["А", "Б", "В", "Г"],
    }
    return c.LATEST.conform(pl.DataFrame(rows))


def moves(**columns):
    rows = {
        "channel": ["Портал", "Группа", "Горячая линия"],
        "changed_at": [START, START + timedelta(days=40), START + timedelta(days=90)],
        "share_before": [0.2, 0.4, 0.4],
        "share_after": [0.25, 0.1, 0.42],
        "verdict": ["came_over", "went_over", "total_unclear"],
    }
    return c.MIX.conform(pl.DataFrame(rows | columns))


@holds(
    trends.counts,
    case(days(), mutations=(multiplied(2, "messages"), multiplied(3, "incidents"))),
    case(days(timedelta(weeks=1)), mutations=(multiplied(2, "messages"),)),
    case(days(incidents=[0] * 10, messages=[0] * 10), mutations=(put(messages=4, incidents=2),)),
)
def counts(sentence, frame):
    rows = frame.to_dicts()
    incidents = sum(row["incidents"] for row in rows)
    if not incidents or "Сообщений нет" in sentence:
        return (not incidents) == ("Сообщений нет" in sentence)
    starts = sorted(row["period_start"] for row in rows)
    steps = [later - earlier for earlier, later in pairwise(starts)]
    said = {"За сутки": 24, "За неделю": 7 * 24, "За час": 1}
    step = next((hours for words, hours in said.items() if sentence.startswith(words)), None)
    right = step is None or mode(steps) == timedelta(hours=step)
    (ratio,) = numbers(sentence)
    return right and close(ratio, sum(r["messages"] for r in rows) / incidents, 2)


@holds(
    trends.changes,
    case(levels(3), mutations=(turned("change"), widened("change"), multiplied(1.3, "change"))),
    case(
        levels(3, 6, change=-0.4, verdict="less"),
        mutations=(only(1), both(turned("change"), put(verdict="more"))),
        name="Ямы",
    ),
    case(levels(3, change=12.4), mutations=(multiplied(0.8, "change"), put(change_low=-0.5))),
    case(levels(3, change=4.0), mutations=(multiplied(0.8, "change"), put(change_low=-0.5))),
    case(levels(verdict="too_little"), mutations=(put(verdict="nothing_found"),)),
    claims="стало (больше|меньше)|уровень другой",
)
def changes(sentence, found, name="", zone="Europe/Moscow"):
    rows = sorted((r for r in found.to_dicts() if r["changed_at"]), key=lambda r: r["changed_at"])
    if not rows:
        verdict = found["verdict"].to_list()[0] if found.height else "nothing_found"
        words = {"too_little": "недостаточно данных", "nothing_found": "изменений не найдено"}
        return words[verdict] in sentence.lower() and not numbers(sentence)
    said = dates(sentence) == [rows[0]["changed_at"].astimezone(ZoneInfo(zone)).date()]
    more = re.search(r"всего изменений: (\d+)", sentence)
    counted = int(more[1]) if more else 1
    low, high = rows[0]["change_low"], rows[0]["change_high"]
    sides = {"больше": low > 0, "меньше": high < 0, "не определяется": low <= 0 <= high}
    right = all(true == (side in sentence) for side, true in sides.items())
    printed = read_changes(sentence)
    values = [rows[0]["change"], low, high]
    near = len(printed) == 3 and all(
        close(p, v, 2 if v < 2 else v < 9) for p, v in zip(printed, values, strict=True)
    )
    return said and counted == len(rows) and right and near and sentence.startswith(name)


@holds(
    trends.table_of_changes,
    case(levels(1, 3, 5), mutations=(only(2),), top=2),
    case(levels(1, 3), mutations=(only(1), put(changed_at=None)), top=5),
)
def table_of_changes(sentence, found, top):
    number = sum(row["changed_at"] is not None for row in found.to_dicts())
    return numbers(sentence) == ([min(number, top), number] if number else [])


@holds(
    trends.decomposition,
    case(
        parts([-1.0, 2.0, 0.0], [-4.0, 0.5, 1.0]),
        mutations=(multiplied(2, "seasonal_week"), put(seasonal_year=None)),
    ),
    case(
        parts([-1.0, 2.0], [None, None], "season_does_not_repeat"),
        mutations=(put(note="season_unseen"), put(seasonal_week=0.0)),
    ),
)
def decomposition(sentence, parts):
    if not parts.height:
        return sentence == "Раскладывать нечего"
    swings = []
    for name in ("seasonal_week", "seasonal_year"):
        values = [value for value in parts[name].to_list() if value is not None]
        swings += [max(values) - min(values)] if values else []
    printed = numbers(sentence.partition(";")[0])
    same = len(printed) == len(swings) and all(map(lambda p, s: close(p, s, 1), printed, swings))
    notes = set(parts["note"].drop_nulls()) if len(swings) < 2 else set()
    words = {"season_does_not_repeat": "не повторяет", "season_unseen": "не видно"}
    return same and all((words[note] in sentence) == (note in notes) for note in words)


@holds(
    trends.mix,
    case(
        moves(),
        mutations=(
            swapped("channel"),
            swapped("verdict"),
            put(share_after=0.8),
            put(changed_at=None),
        ),
    ),
    case(
        moves(changed_at=[None] * 3, verdict=["one_channel"] * 3),
        mutations=(put(verdict="nothing_found"),),
    ),
    case(
        moves(verdict=["move_or_rise", "fell_most", "fell_most"], change=[0.8, -0.5, -0.1]),
        mutations=(swapped("channel"),),
    ),
    claims="перешли|ушли|стало больше|стало меньше|сдвинулись",
)
def mix(sentence, found):
    rows = [row for row in found.to_dicts() if row["changed_at"] and row["channel"]]
    if not rows and "one_channel" in [row["verdict"] for row in found.to_dicts()]:
        return sentence == "Сдвигов между каналами не определить: канал один или не указан"
    if not rows:
        return sentence == "Сдвигов между каналами не найдено"
    # All channels went one way only where none is seen to go the other.
    if "во всех каналах" in sentence and len({row["change"] > 0 for row in rows}) > 1:
        return False
    channel, _, verdict = sentence.partition(": ")
    widest = max(abs(row["share_after"] - row["share_before"]) for row in rows)
    return any(
        c.CODES["channel"].get(row["channel"], row["channel"]) == channel
        and c.CODES["verdict"][row["verdict"]] == verdict
        and abs(row["share_after"] - row["share_before"]) >= widest - 1e-12
        for row in rows
    )


@holds(
    trends.latest,
    case(
        last_month(),
        mutations=(
            put(suppressed=False),
            put(period_start=START + timedelta(days=40)),
            only(2),
        ),
    ),
    case(last_month((False,) * 4), mutations=(put(suppressed=True),)),
)
def _(said, frame):
    if frame.is_empty():
        return said == "По муниципалитетам: показывать нечего"
    local = frame["period_start"][0].astimezone(ZoneInfo("Europe/Moscow"))
    hidden = frame.filter("suppressed").height
    right = numbers(said.partition("скрыто")[2]) == ([hidden, frame.height] if hidden else [])
    return right and f"{MONTHS[local.month - 1]} {local.year}" in said
