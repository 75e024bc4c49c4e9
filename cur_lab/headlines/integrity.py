"""What the integrity of votes says: projects to check, a peak, an excess, what would be seen."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.inference import wilson
from cur_lab.wording import FINER_SHARES, grouped, interval, percent, plural, shortened

# A title stands on one line.
_CHARACTERS = 60


@headline
def evidence(flags: pl.DataFrame) -> str:
    """Say how many projects call for a check, and how many only rose."""
    total = flags[c.PROJECT_ID].n_unique()
    if not total:
        return "Проектов, которые можно проверить, нет"
    called, risen = (
        flags.filter(pl.col(c.VERDICT) == verdict)[c.PROJECT_ID].n_unique()
        for verdict in (c.REVIEW, c.NATURAL)
    )
    of = f"{grouped(total)} {plural(total, 'проекта', 'проектов', 'проектов')}"
    if total == 1 and not called and not risen:
        return "Проект один, и он не выделяется"
    if not called and not risen:
        return f"Ни один из {of} не выделяется"
    verb = plural(called, "требует", "требуют", "требуют")
    asked = f"{verb} {grouped(called)}" if called else "не требует ни один"
    mark = " (▲)" if called else ""
    return f"Проверки {asked} из {of}{mark}; похожи на мобилизацию: {grouped(risen)}"


@headline
def by_hour(hours: pl.DataFrame) -> str:
    """Say in which hour a project had most votes; hours are as they are drawn."""
    if hours.is_empty():
        return "Проектов с таким выводом и окном нет"
    summed = hours.group_by(c.HOUR).agg(pl.col(c.VOTES_COUNT).sum())
    hour, votes = summed.sort(c.VOTES_COUNT, c.HOUR, descending=[True, False]).row(0)
    when = f"{hour:%d.%m}, {hour:%H} ч"
    title = shortened(hours[c.TITLE][0], _CHARACTERS)
    return f"«{title}»: больше всего голосов за час — {grouped(votes)} ({when})"


@headline
def excess(frame: pl.DataFrame) -> str:
    """Say how many votes are beyond the expected where a check is called for."""
    if frame.is_empty():
        return "Избытка голосов, требующего проверки, не найдено"
    number = round(float(frame[c.EXCESS].sum()))
    noun = plural(number, "голоса", "голосов", "голосов")
    return f"Сверх ожидаемого в проверяемых окнах: около {grouped(number)} {noun}"


@headline
def power(frame: pl.DataFrame) -> str:
    """Name the channel whose artificial surges are seen worst, or those that may be."""
    if frame.is_empty():
        return "Чувствительность не определяется по этим данным"
    found = (pl.col(c.FOUND) * pl.col(c.TRIALS)).sum().alias("seen")
    summed = frame.group_by(c.CHANNEL).agg(found, pl.col(c.TRIALS).sum())
    share = (pl.col("seen") / pl.col(c.TRIALS)).alias(c.FOUND)
    each = summed.with_columns(share).sort(c.FOUND, c.CHANNEL)
    low, high = wilson(each["seen"].to_numpy(), each[c.TRIALS].to_numpy())
    # No other channel is seen better for sure than the worst one.
    last = [
        c.CODES[c.CHANNEL].get(name, name) for name in each[c.CHANNEL].to_numpy()[low <= high[0]]
    ]
    mean = interval(
        each[c.FOUND][0], float(low[0]), float(high[0]), write=percent, finer=FINER_SHARES
    )
    if each.height == 1:
        return f"Приток через один канал «{last[0]}» виден в среднем в {mean} проб"
    if len(last) == 1:
        return f"Хуже всего видно приток через один канал «{last[0]}»: в среднем {mean} проб"
    listed = ", ".join(f"«{name}»" for name in last)
    return f"Среди хуже всего видных — приток через один канал: {listed}; от {mean} проб"


@headline
def places(table: pl.DataFrame, *, top: int) -> str:
    """Head the municipalities with whether anything is marked, and that not all are shown."""
    part = f" (показано {grouped(top)} из {grouped(table.height)})" if table.height > top else ""
    if not table.select(pl.sum_horizontal(c.REVIEW, c.NATURAL).sum()).item():
        return f"Ни в одном муниципалитете проекты не отмечены{part}"
    return f"Отмеченные проекты по муниципалитетам{part}"


@headline
def seen(detectable: pl.DataFrame, *, hours: int, least: int, most: int) -> str:
    """Say how small a surge would have been seen: what stands out in nothing may be smaller."""
    of_hours = detectable.filter(pl.col(c.HOURS) == hours).sort(c.CHANNEL)
    if of_hours.is_empty():
        return "Каким был бы заметный прилив, по этим данным не определяется"
    sizes = [
        f"«{c.CODES[c.CHANNEL].get(channel, channel)}» — {_size(votes, least, most)}"
        for channel, votes in of_hours.select(c.CHANNEL, c.DETECTABLE).iter_rows()
    ]
    return (
        f"Прилив через один канал за {hours} часов с вероятностью 80 % попал бы в проверку, "
        f"будь в нём голосов: {', '.join(sizes)}; «не выделяется» не исключает меньшего"
    )


def _size(votes: int | None, least: int, most: int) -> str:
    if votes is None:
        return f"больше {grouped(most)}"
    # Less was not tried.
    return f"{'уже от' if votes == least else 'от'} {grouped(votes)}"
