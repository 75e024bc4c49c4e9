"""What campaigns say: families to check, what they do to shares, how small one would be seen."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab.headlines.sentence import headline
from cur_lab.wording import FINER_SHARES, decimal, grouped, interval, percent, plural, shortened

_SEEN = 0.8
# Shares that read the same with so many digits more are told to be the same.
_FINEST = 2
_LOW, _HIGH = f"{c.FOUND}_low", f"{c.FOUND}_high"
# A title stands on one line.
_CHARACTERS = 50
_NAMED = 2
_MESSAGES = ("сообщение", "сообщения", "сообщений")


@headline
def evidence(families: pl.DataFrame, *, top: int) -> str:
    """Say how many of the families that may be told call for a check, and how many are drawn."""
    if families.is_empty():
        return "Семей, где 10 авторов и больше, нет"
    called = int((families[c.VERDICT] == "review").sum())
    noticed = families[c.VERDICT].count()
    part = f"; показано {grouped(top)} из {grouped(noticed)} заметных" if noticed > top else ""
    if families.height == 1:
        only = "проверки не требует" if noticed else "не выделяется"
        said = "требует проверки (▲)" if called else only
        return f"Семья, где 10 авторов и больше, одна: {said}"
    of = f"{grouped(families.height)} {plural(families.height, 'семьи', 'семей', 'семей')}"
    if not called:
        more = "" if noticed else ", и ни одна не выделяется"
        return f"Из {of}, где 10 авторов и больше, проверки не требует ни одна{more}{part}"
    verb = plural(called, "требует", "требуют", "требуют")
    number = f"{grouped(called)} {plural(called, 'семья', 'семьи', 'семей')}"
    return f"Из {of}, где 10 авторов и больше, проверки {verb} {number} (▲){part}"


@headline
def course(frame: pl.DataFrame, *, what: str) -> str:
    """Say how many messages a family of this verdict has."""
    number = int(frame[c.INSIDE].sum())
    return f"Семья с выводом «{what}»: {grouped(number)} {plural(number, *_MESSAGES)}"


@headline
def shares(frame: pl.DataFrame) -> str:
    """Say which share a flagged family counted once changes most."""
    if frame.is_empty():
        return "Рубрик нет: сравнивать нечего"
    moved = (pl.col(c.SHARE) - pl.col(c.SHARE_ONCE)).abs()
    label, raw, once = (
        frame.sort(moved, c.LABEL, descending=[True, False])
        .select(c.LABEL, c.SHARE, c.SHARE_ONCE)
        .row(0)
    )
    for finer in range(_FINEST + 1):
        before, after = percent(raw, finer=finer), percent(once, finer=finer)
        if before != after:
            name = shortened(label, _CHARACTERS)
            return f"Сильнее всего меняется «{name}»: {after} вместо {before}"
    return "Доли рубрик не меняются, если отмеченную семью считать за одно сообщение"


@headline
def sensitivity(grid: pl.DataFrame) -> str:
    """Say between which numbers of families to check other settings lie."""
    if grid.is_empty():
        return "Другие настройки не пробовались"
    flagged = grid[c.FLAGGED].sort()
    low, high = grouped(flagged[0]), grouped(flagged[-1])
    span = f"всегда {low}" if low == high else f"от {low} до {high}"
    return f"Семей, требующих проверки, при других настройках: {span}"


@headline
def power(frame: pl.DataFrame) -> str:
    """Say from how many messages on, and of which kind, four campaigns of five are seen."""
    if frame.is_empty():
        return "Искусственные кампании не подкладывались"
    seen = frame.filter(pl.col(c.FOUND) >= _SEEN).sort(c.SIZE, c.KIND)
    often = f"в {percent(_SEEN)} проб и чаще"
    if seen.is_empty():
        return f"Ни одна из подложенных кампаний не замечена {often}"
    size = seen[c.SIZE][0]
    kinds = [c.CODES[c.KIND][kind] for kind in seen.filter(pl.col(c.SIZE) == size)[c.KIND]]
    number = f"{grouped(size)} {plural(size, 'сообщения', 'сообщений', 'сообщений')}"
    tried = frame[c.KIND].n_unique()
    # The legend names them all; a title has room for two.
    told = "; ".join(kinds) if len(kinds) <= _NAMED else _of_kinds(len(kinds), tried)
    return f"Кампания видна {often} уже с {number}: {told}"


def _of_kinds(seen: int, tried: int) -> str:
    of = f"{grouped(tried)} {plural(tried, 'вида', 'видов', 'видов')}"
    return f"все {of}" if seen == tried else f"{grouped(seen)} из {of}"


@headline
def verdicts(table: pl.DataFrame, *, expected_false: float) -> str:
    """Head the verdicts on families with how many of those to check are there by chance."""
    if not (table[c.VERDICT] == "review").any():
        return "Выводы о семьях: проверки не требует ни одна"
    expected = decimal(expected_false, digits=2)
    return f"Выводы о семьях; ложных среди требующих проверки в среднем не больше {expected}"


@headline
def pairs(table: pl.DataFrame) -> str:
    """Say how many pairs of authors have joint days, and how many stand out."""
    if table.is_empty():
        return "Пар авторов с двумя и более совместными днями нет"
    number, flagged = (int(table[name].sum()) for name in (c.PAIRS_COUNT, c.FLAGGED))
    return (
        f"Пары авторов с двумя и более совместными днями: {grouped(number)}; "
        f"чаще, чем объясняет активность, — {grouped(flagged)}"
    )


@headline
def tones(table: pl.DataFrame) -> str:
    """Say how far the false flags of praise and of criticism are apart."""
    false = table.filter(~pl.col(c.COORDINATED))
    rows = {row[c.TONE]: row for row in false.iter_rows(named=True)}
    if len(rows) < 2:
        return "Похвала и критика не подкладывались"
    praise, criticism = rows["praise"], rows["criticism"]
    low, high = sorted((praise, criticism), key=lambda row: float(row[c.FOUND]))
    apart = "; различия по стольким пробам не видно"
    if low[_HIGH] < high[_LOW]:
        apart = f"; разница {decimal(100 * (high[c.FOUND] - low[c.FOUND]), digits=1)} п. п."
    told = (
        interval(row[c.FOUND], row[_LOW], row[_HIGH], write=percent, finer=FINER_SHARES)
        for row in (praise, criticism)
    )
    return f"Ложно отмечено похвалы {next(told)}, критики {next(told)}{apart}"
