"""An inspection in words, as a careful colleague would write it down; every line from a frame."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.study import abilities
from cur_lab.translation import say
from cur_lab.wording import grouped, plural

if TYPE_CHECKING:
    from cur_lab.study.inspecting import Inspection

_ROWS = ("строка", "строки", "строк")
_MESSAGES = ("сообщение", "сообщения", "сообщений")
_POSTS = ("пост", "поста", "постов")
_SHOWN = 12
_SIDES = (c.BY_FILE, c.BY_VOTES)
# Of these a column that is not used may well hold what is asked for.
_WORTH = {"date": "дату", "text": "текст"}
_MAY_BE = {
    c.MUNICIPALITY: r"район|округ|муниципал|город|нас[её]л|территори",
    c.MESSAGE_ID: r"номер|\bid\b|№|идентификатор",
    c.AUTHOR_ID: r"автор|заявител|отправител|фио",
    c.RUBRIC: r"рубрик|темати|тема\b|категори",
}


def of(found: Inspection) -> str:
    """Write the report, in Russian."""
    parts = (
        [f"{found.name}. Даты без пояса читаются в поясе {found.timezone}."],
        _problems(found.problems),
        _sources(found),
        _copies(found.copies),
        _places(found),
        _tables(found),
        _votes(found),
        _notebooks(found),
    )
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part)


def _problems(problems: pl.DataFrame) -> Iterator[str]:
    if problems.is_empty():
        return
    yield "ЧТО ПОПРАВИТЬ"
    for source, problem, remedy in problems.rows():
        place = say(source, context="where", russian=True)
        advice = f". {say(remedy, russian=True)}" if remedy else ""
        yield f"— {place}: {say(problem, russian=True)}{advice}."


def _sources(found: Inspection) -> Iterator[str]:
    if found.sources.is_empty():
        return
    yield "ВЫГРУЗКИ"
    for source in found.sources.to_dicts():
        name = source[c.SOURCE]
        yield f"{name}: {_many(source[c.ROWS_COUNT], _ROWS)}"
        yield f"  Взято: {'; '.join(_read(source))}."
        yield from _rejected(_with(found.reasons, name))
        yield from _dates(source, _with(found.cells, name))
        yield from _columns(_with(found.headings, name), name)
        for note in _with(found.notes, name).to_dicts():
            detail = f" ({note[c.DETAIL]})" if note[c.DETAIL] else ""
            words = c.CODES[c.NOTE].get(note[c.NOTE], note[c.NOTE])
            yield f"  {words}{detail}: {grouped(note[c.N_ROWS])}."


def _read(source: dict[str, Any]) -> Iterator[str]:
    yield _many(source[c.MESSAGES_COUNT], _MESSAGES)
    said = source[c.POSTS_COUNT], source[c.ANSWERS_COUNT]
    if any(said):
        answers = _many(said[1], ("ответ", "ответа", "ответов"))
        yield (
            "голос самих страниц — отдельно, к голосам граждан не отнесён: "
            f"{_many(said[0], _POSTS)} и {answers} на сообщения"
        )
    if source[c.REPEATED_COUNT]:
        yield (
            f"есть и в более позднем файле, взято оттуда: {_many(source[c.REPEATED_COUNT], _ROWS)}"
        )


def _rejected(reasons: pl.DataFrame) -> Iterator[str]:
    if reasons.is_empty():
        return
    yield f"  Не прочитано: {_many(int(reasons[c.N_ROWS].sum()), _ROWS)}."
    for reason in reasons.to_dicts():
        words = c.CODES[c.REASON].get(reason[c.REASON]) or say(reason[c.REASON], russian=True)
        where = "строка" if reason[c.N_ROWS] == 1 else "первая — строка"
        example = f": «{_short(reason[c.RAW])}»" if reason[c.RAW].strip() else ""
        yield f"    {words} — {grouped(reason[c.N_ROWS])} ({where} {reason[c.ROW]}{example})"


def _dates(source: dict[str, Any], cells: pl.DataFrame) -> Iterator[str]:
    if source[c.FIRST_AT] is None:
        yield "  Дат нет ни у одной записи: о времени по этому файлу сказать нечего."
    else:
        period = wording.days(source[c.FIRST_AT], source[c.LAST_AT])
        undated = source[c.UNDATED_COUNT]
        without = f"; без даты — {_many(undated, _MESSAGES)}" if undated else ""
        yield f"  Даты: {period}{without}."
    for cell in cells.to_dicts():
        heading = c.HEADINGS[cell[c.COLUMN]].text if cell[c.COLUMN] in c.HEADINGS else ""
        what = f"«{heading}»" if heading else cell[c.COLUMN]
        yield (
            f"  Не удалось прочесть {what}: {grouped(cell[c.N_ROWS])}, "
            f"например «{_short(cell[c.RAW])}» в строке {cell[c.ROW]}; эти ячейки пусты."
        )


def _columns(headings: pl.DataFrame, source: str) -> Iterator[str]:
    if headings.is_empty():
        return
    used = headings.drop_nulls(c.COLUMN)
    listed = ", ".join(f"{column} — «{name}»" for name, column in used[:, [1, 2]].rows())
    yield f"  Столбцы: {listed}."
    for heading, looks in headings.filter(pl.col(c.COLUMN).is_null())[:, [1, 3]].rows():
        if looks in _WORTH:
            column = c.PUBLISHED_AT if looks == "date" else c.TEXT
            yield f"  ! Столбец «{heading}» похож на {_WORTH[looks]} и не использован."
            yield (
                f'    Если он нужен, впишите в region.toml: [sources."{source.partition("/")[2]}"]'
                f' и ниже columns = {{ "{heading}" = "{column}" }}'
            )
    others = headings.filter(
        pl.col(c.COLUMN).is_null(), ~pl.col(c.LOOKS_LIKE).is_in([*_WORTH]).fill_null(False)
    )
    free = {column: words for column, words in _MAY_BE.items() if column not in {*used[c.COLUMN]}}
    for heading in others[c.HEADING]:
        for column, words in free.items():
            if re.search(words, heading.casefold()):
                named = c.HEADINGS[column].text.casefold()
                yield f"  ! Столбец «{heading}» не использован; может быть, это {named} ({column})."
                break
    if others.height:
        yield f"  Не использованы: {_listed(f'«{name}»' for name in others[c.HEADING])}."


def _copies(copies: pl.DataFrame) -> Iterator[str]:
    if copies.is_empty():
        return
    yield "ПОВТОРЫ ПОД РАЗНЫМИ НОМЕРАМИ"
    for source, other, number in copies.rows():
        yield (
            f"{source} и {other}: {_many(number, _MESSAGES)} с одним текстом, временем и автором. "
            "Они не убраны: если это одна и та же выгрузка, оставьте один файл."
        )


def _places(found: Inspection) -> Iterator[str]:
    listed = found.tables.filter(pl.col(c.TABLE) == c.MUNICIPALITIES.name)
    if listed.is_empty() or not listed[c.TAKEN_COUNT].item():
        yield "МУНИЦИПАЛИТЕТЫ"
        yield (
            "Списка нет: названия остаются как есть, на жителя ничего не посчитать. "
            "Заполните municipalities.csv."
        )
        return
    if found.places.is_empty():
        yield "МУНИЦИПАЛИТЕТЫ"
        yield "Список есть, но ни сообщения, ни проекты муниципалитета не называют."
        return
    others = found.places.filter(pl.col(c.FITTED) != "same")
    names = others.group_by(c.NAME, c.MUNICIPALITY, c.FITTED, c.NEAREST).agg(pl.col(c.N_ROWS).sum())
    yield "МУНИЦИПАЛИТЕТЫ"
    yield f"В списке: {grouped(listed[c.TAKEN_COUNT].item())}."
    if names.is_empty():
        yield "Все названия в данных — из списка."
    joined = names.drop_nulls(c.MUNICIPALITY).sort(c.N_ROWS, c.NAME, descending=[True, False])
    for name in joined.head(_SHOWN).to_dicts():
        yield (
            f"«{name[c.NAME]}» → «{name[c.MUNICIPALITY]}» "
            f"({c.CODES[c.FITTED][name[c.FITTED]]}; {_many(name[c.N_ROWS], _ROWS)})"
        )
    if joined.height > _SHOWN:
        yield f"… и ещё {grouped(joined.height - _SHOWN)}"
    lost = names.filter(pl.col(c.MUNICIPALITY).is_null())
    for name in lost.sort(c.N_ROWS, c.NAME, descending=[True, False]).to_dicts():
        near = f"; ближайшее — «{name[c.NEAREST]}»" if name[c.NEAREST] else ""
        yield (
            f"! «{name[c.NAME]}»: {c.CODES[c.FITTED][name[c.FITTED]]}{near} "
            f"({_many(name[c.N_ROWS], _ROWS)})"
        )
    if lost.height:
        yield (
            "Названия с «!» остались как есть. Если это муниципалитет из списка, впишите название "
            "в столбец «Другие названия»; несколько названий разделяет знак |."
        )


def _tables(found: Inspection) -> Iterator[str]:
    filled = found.tables.filter(pl.col(c.ROWS_COUNT) > 0)
    empty = found.tables.filter(pl.col(c.ROWS_COUNT) == 0)
    if found.tables.is_empty():
        return
    yield "ТАБЛИЦЫ"
    for table, rows, taken in filled.rows():
        yield f"{table}: {_many(rows, _ROWS)}, взято {grouped(taken)}"
        of_table = pl.col(c.SOURCE).str.starts_with(f"{table}.")
        yield from _rejected(found.reasons.filter(of_table))
        for cell in found.cells.filter(of_table).to_dicts():
            yield (
                f"  Не удалось прочесть столбец {cell[c.COLUMN]}: {grouped(cell[c.N_ROWS])}, "
                f"например «{_short(cell[c.RAW])}» в строке {cell[c.ROW]}; эти ячейки пусты."
            )
    if empty.height:
        yield f"Пусты: {', '.join(empty[c.TABLE])}."


def _votes(found: Inspection) -> Iterator[str]:
    if found.votes.is_empty():
        return
    yield "ГОЛОСОВАНИЯ, по времени"
    for vote in found.votes.to_dicts():
        counted = (
            _many(vote[c.N_PROJECTS], ("проект", "проекта", "проектов")),
            _many(vote[c.N_VOTERS], ("бюллетень", "бюллетеня", "бюллетеней")),
            _many(vote[c.VOTES_COUNT], ("голос", "голоса", "голосов")),
            f"бюджет {wording.decimal(vote[c.BUDGET], digits=0)}",
        )
        first, last = vote[c.FIRST_AT], vote[c.LAST_AT]
        period = wording.days(first, last) if first else "время голосов не указано"
        yield f"{vote[c.NAME]}: {', '.join(counted)}; {period}."
        yield from _rejected(_with(found.reasons, f"votes/{vote[c.NAME]}"))
        for told in found.statements.filter(pl.col(c.NAME) == vote[c.NAME]).to_dicts():
            by_file, by_votes = (wording.decimal(told[side], digits=0) for side in _SIDES)
            times = f" (таких мест {grouped(told[c.N_ROWS])})" if told[c.N_ROWS] > 1 else ""
            yield f"  ! {told[c.STATEMENT]}: в файле {by_file}, по голосам {by_votes}{times}."


def _notebooks(found: Inspection) -> Iterator[str]:
    yield "НА ЧТО ОТВЕТЯТ ТЕТРАДИ (если данных хватит)"
    for (notebook, title), sections in found.sections.group_by(
        c.NOTEBOOK, c.TITLE, maintain_order=True
    ):
        whole = sections.filter(pl.col(c.ANSWERED_COUNT) == pl.col(c.RESULTS_COUNT)).height
        count = f"{whole} из {sections.height}"
        yield f"{str(notebook)[:2]}. {title} — разделов с данными: {count}"
        needs = found.needs.filter(pl.col(c.NOTEBOOK) == notebook)
        lacking = needs.filter(~pl.col(c.FULLER)).group_by(c.TABLE, c.COLUMN, maintain_order=True)
        for (table, column), of_need in lacking:
            where = _listed((f"«{name}»" for name in of_need[c.SECTION]), most=3)
            yield f"  Нужно: {_need(str(table), column)} — для {where}."
        fuller = needs.filter(c.FULLER)[c.TABLE].to_list()
        if c.POSTS.name in fuller:
            yield "  Станет полнее с постами страниц (файлы в sources)."
        if tables := [f"{name}.csv" for name in fuller if name != c.POSTS.name]:
            yield f"  Станет полнее с таблицами: {', '.join(tables)}."


def _need(table: str, column: object) -> str:
    if column is None:
        return {
            c.MESSAGES.name: "сообщения граждан (файлы в sources)",
            c.POSTS.name: "посты страниц (файлы в sources)",
            "votes": "голоса (файлы в votes)",
        }.get(table, f"таблица {table}.csv")
    if column == abilities.SECOND:
        return "ещё одно голосование, прежнее (файлы в votes)"
    named = c.missing([str(column)])
    words = f" ({named[0]})" if named else ""
    where = {c.MESSAGES.name: "в сообщениях", "votes": "в голосовании"}.get(table, f"в {table}")
    return f"столбец {column}{words} {where}"


# --- words --------------------------------------------------------------------------------------


def _with(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    return frame.filter(pl.col(c.SOURCE) == source)


def _many(number: int, noun: tuple[str, str, str]) -> str:
    return f"{grouped(number)} {plural(number, *noun)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:80]}…"


def _listed(names: Iterable[str], *, most: int = _SHOWN) -> str:
    every = list(names)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" и ещё {grouped(rest)}" if rest > 0 else "")
