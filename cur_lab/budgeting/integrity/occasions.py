"""What is said of a project: the evidence, the innocent explanation, one of three verdicts.

Nothing here speaks of anybody's intent; a test reads every word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.budgeting.ballots.grid import ALL_CHANNELS, Ballots
from cur_lab.budgeting.ballots.hours import ZONE
from cur_lab.budgeting.integrity import finding as tests
from cur_lab.budgeting.integrity.finding import Finding

REVIEW = "требует проверки"
NATURAL = "похоже на естественную мобилизацию"
ORDINARY = "не выделяется"
VERDICTS = (REVIEW, NATURAL, ORDINARY)

TESTS = {
    tests.RISE: "рост доли",
    tests.CHANNEL: "состав каналов в окне",
    tests.NIGHT_SHARE: "доля ночных голосов",
    tests.OFF_HOURS: "звонки вне рабочего времени",
    tests.NUMBERS: "соседние номера",
    tests.REGULARITY: "ровные промежутки",
    tests.IDENTICAL: "одинаковые бюллетени подряд",
}
CHANNELS = {
    "esia": "Госуслуги",
    "sms": "СМС",
    "call_centre": "колл-центр",
    "paper": "бумага",
}
# What else brings such votes about, by test.
_INNOCENT = {
    tests.CHANNEL: "голоса собирали одним способом: ссылка в чате, волонтёры, пункт с телефоном",
    tests.NIGHT_SHARE: "ночная смена, другой часовой пояс, голоса внесены пакетом после сбоя",
    tests.OFF_HOURS: "колл-центр работал сверх графика или внёс звонки позже",
    tests.NUMBERS: "корпоративные или семейные номера, купленные подряд",
    tests.REGULARITY: "голоса переданы из очереди или внесены пакетом через равные промежутки",
    tests.IDENTICAL: "класс или двор голосовал вместе по общему списку",
}
_BEFORE_POST = timedelta(hours=24)
_BEFORE_BROADCAST = timedelta(hours=12)
_LAST_EVENING = timedelta(hours=8)


@dataclass(frozen=True)
class Context:
    """What was going on while people voted: posts and broadcasts, in local time."""

    posts: pl.DataFrame
    broadcasts: pl.DataFrame

    @classmethod
    def of(cls, posts: pl.DataFrame | None, broadcasts: pl.DataFrame | None) -> Context:
        """Keep what is needed of both tables; absent ones are empty."""
        return cls(
            _timed(posts, c.POSTS, c.PUBLISHED_AT, "posts"),
            _timed(broadcasts, c.BROADCASTS, c.STARTED_AT, "broadcasts"),
        )

    def post(self, project: str, start: datetime, stop: datetime) -> timedelta | None:
        """Time from the last post about the project to the rise, if there was one."""
        about = self.posts.filter(
            pl.col(c.PROJECT_ID) == project,
            pl.col("at").is_between(start - _BEFORE_POST, stop, closed="left"),
        )
        first = about["at"].min()
        return start - first if isinstance(first, datetime) else None

    def broadcast(self, project: str, home: str, start: datetime, stop: datetime) -> bool:
        """Tell whether a broadcast for the project or its district came before the rise."""
        return not self.broadcasts.filter(
            pl.col("at").is_between(start - _BEFORE_BROADCAST, stop, closed="left"),
            (pl.col(c.PROJECT_ID) == project)
            | (pl.col(c.PROJECT_ID).is_null() & (pl.col(c.MUNICIPALITY).fill_null(home) == home)),
        ).is_empty()


def _timed(frame: pl.DataFrame | None, table: c.Table, time: str, where: str) -> pl.DataFrame:
    if frame is None:
        frame = table.empty()
    table.require(frame, (time,), where=where)
    present = [
        pl.col(name).cast(pl.String)
        if name in frame.columns
        else pl.lit(None, dtype=pl.String).alias(name)
        for name in (c.PROJECT_ID, c.MUNICIPALITY)
    ]
    local = pl.col(time).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(ZONE)
    return frame.select(local.dt.replace_time_zone(None).alias("at"), *present).drop_nulls("at")


def evidence(ballots: Ballots, finding: Finding, project: int) -> str:
    """Say in words what a test saw of a project."""
    if np.isnan(finding.p[project]):
        return "слишком мало голосов для этой проверки"
    if not finding.length[project]:
        return "не отличается от ожидаемого"
    seen, usual = finding.observed[project], finding.expected[project]
    limits = f"{_number(finding.low[project])}–{_number(finding.high[project])}"
    how = channel_name(ballots, int(finding.channel[project]))
    return _SENTENCES[finding.test](_number(seen), f"{_number(usual)} ({limits})", how)


_SENTENCES: dict[str, Callable[[str, str, str], str]] = {
    tests.RISE: lambda seen, usual, _: f"голосов в окне {seen}, по обычной доле ожидалось {usual}",
    tests.CHANNEL: lambda seen, usual, how: (
        f"голосов по каналу «{how}» в окне {seen}, при таком же составе, как у соседей, {usual}"
    ),
    tests.NIGHT_SHARE: lambda seen, usual, _: (
        f"голосов с 0 до 6 часов {seen} за сутки, ожидалось {usual}"
    ),
    tests.OFF_HOURS: lambda seen, usual, _: (
        f"звонков вне будней с 9 до 18 часов {seen}, ожидалось {usual}"
    ),
    tests.NUMBERS: lambda seen, usual, how: (
        f"голосов с соседних номеров ({how}) {seen}, ожидалось {usual}"
    ),
    tests.REGULARITY: lambda seen, usual, how: (
        f"разброс промежутков между голосами ({how}) {seen}, у случайного потока {usual}"
    ),
    tests.IDENTICAL: lambda seen, usual, _: (
        f"одинаковых бюллетеней сразу друг за другом {seen}, ожидалось {usual}"
    ),
}


def explanation(ballots: Ballots, context: Context, finding: Finding, project: int) -> str:
    """Give the innocent explanation that fits best."""
    occasion = occasion_of(ballots, context, finding, project)
    if finding.test != tests.RISE:
        also = f"; кроме того, {occasion}" if occasion else ""
        return _INNOCENT[finding.test] + also
    if occasion:
        return occasion
    if _together(ballots, finding, project):
        return "все каналы выросли вместе, как бывает, когда зовут школа, двор или предприятие"
    return "повода в данных нет: узнать у заявителя, что было в эти часы"


def invited(ballots: Ballots, context: Context, finding: Finding, project: int) -> bool:
    """Tell whether an occasion in the data leads voters to the very channel that rose.

    A post carries a link to Госуслуги; it does not make people telephone or send messages.
    """
    internet = finding.channel[project] >= 0 and (
        ballots.channels[finding.channel[project]] == "esia"
    )
    return bool(internet) and occasion_of(ballots, context, finding, project) is not None


def span(
    ballots: Ballots, finding: Finding, project: int
) -> tuple[datetime | None, datetime | None]:
    """Local beginning and end of the most telling window; none where nothing stands out."""
    if ballots.opens is None or not finding.length[project]:
        return None, None
    start = ballots.moment(int(finding.start[project]))
    return start, start + timedelta(hours=int(finding.length[project]))


def _together(ballots: Ballots, finding: Finding, project: int) -> bool:
    """Tell whether at least two channels came to twice their usual number in the window."""
    start = int(finding.start[project])
    hours = slice(start, start + int(finding.length[project]))
    own, rest = ballots.panel.own[project], ballots.panel.rest[project]
    usual = rest[hours].sum(axis=0) * own.sum(axis=0) / np.maximum(rest.sum(axis=0), 1.0)
    return bool((own[hours].sum(axis=0) >= 2 * usual + 2).sum() >= 2)


def occasion_of(ballots: Ballots, context: Context, finding: Finding, project: int) -> str | None:
    """Name the post, broadcast or last evening that stands right before the window."""
    start, stop = span(ballots, finding, project)
    if start is None or stop is None or stop - start > timedelta(days=2):
        return None
    name = ballots.projects[project]
    home = ballots.districts[ballots.district[project]]
    since = context.post(name, start, stop)
    if since is not None:
        hours = max(0, round(since.total_seconds() / 3600))
        when = f"за {hours} ч до подъёма" if hours else "перед самым подъёмом"
        return f"{when} вышла публикация о проекте"
    if context.broadcast(name, home, start, stop):
        return "в эти часы шёл прямой эфир для округа или о проекте"
    last = ballots.votes["local"].max()
    if isinstance(last, datetime) and stop > last - _LAST_EVENING:
        return "последний вечер голосования"
    return None


def channel_name(ballots: Ballots, index: int) -> str:
    """Channel in Russian; unknown ones as found."""
    name = ALL_CHANNELS if index < 0 else ballots.channels[index]
    return CHANNELS.get(name, name)


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "—"
    return (
        f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}".replace(".", ",")
    )
