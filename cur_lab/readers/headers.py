"""Headers of tables people export → our columns.

For each of our columns the known headers, best first: of two that are present the earlier is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cur_lab import columns as c

KNOWN: dict[str, tuple[str, ...]] = {
    c.MESSAGE_ID: (
        "message id", "id", "id сообщения", "id обращения", "id инцидента", "номер обращения",
        "номер инцидента", "номер сообщения", "регистрационный номер", "идентификатор", "номер",
        "№ обращения", "№ инцидента", "№",
    ),
    c.PUBLISHED_AT: (
        # When the citizen wrote comes before when the authority filed it.
        "published at", "дата публикации", "дата и время публикации", "дата сообщения",
        "дата обращения", "дата подачи", "дата создания", "дата и время создания",
        "дата поступления", "дата регистрации", "date", "created at", "datetime", "timestamp",
        "дата", "время",
    ),
    c.AUTHOR_ID: (
        "author id", "id автора", "user id", "from id", "sender id", "ссылка на автора",
        "author", "автор", "автор сообщения", "имя автора", "фио автора", "фио заявителя", "фио",
        "заявитель", "отправитель", "username", "user", "from",
    ),
    c.CHANNEL: (
        "channel", "канал", "источник", "источник сообщения", "источник обращения",
        "канал поступления", "социальная сеть", "соцсеть", "площадка", "source", "platform",
        "media",
    ),
    c.MUNICIPALITY: (
        "municipality", "муниципалитет", "муниципальное образование", "городской округ",
        "муниципальный район", "мо", "город/район", "район", "населенный пункт", "территория",
        "city", "district",
    ),
    c.TEXT: (
        "text", "текст", "текст инцидента", "текст обращения", "текст сообщения",
        "текст комментария", "текст поста", "содержание обращения", "суть обращения",
        "содержание", "сообщение", "обращение", "комментарий", "описание проблемы", "описание",
        "message", "body", "comment", "content", "description",
    ),
    c.RUBRIC: (
        "rubric", "рубрика", "тема", "тема инцидента", "тема обращения", "тематика", "подкатегория",
        "topic", "subcategory",
    ),
    c.RUBRIC_GROUP: (
        "rubric group", "группа тем", "группа рубрик", "категория", "категория обращения", "раздел",
        "category",
    ),
    c.AGENCY: (
        "agency", "исполнитель", "ответственный исполнитель", "ответственный",
        "ответственная организация", "орган власти", "ведомство", "орган", "организация",
    ),
    c.KIND: ("kind", "тип обращения", "вид обращения", "тип сообщения", "тип инцидента"),
    c.ANSWERED_AT: (
        "answered at", "дата ответа", "дата первого ответа", "дата публикации ответа",
        "дата и время ответа",
    ),
    c.ANSWER_TEXT: ("answer text", "текст ответа", "ответ", "answer"),
    c.RESOLVED_AT: (
        "resolved at", "дата решения", "дата устранения", "дата закрытия", "дата завершения",
    ),
    c.REOPENED_AT: ("reopened at", "дата возобновления", "дата повторного открытия"),
    c.THREAD_ID: ("thread id", "post id", "id поста", "id записи"),
    c.REPLY_TO_ID: ("reply to id", "reply to message id", "reply to", "в ответ на"),
    c.FORWARDED_FROM: ("forwarded from", "переслано от", "переслано из"),
    c.ACCOUNT_CREATED_AT: (
        "account created at", "дата регистрации аккаунта", "дата создания аккаунта",
    ),
}  # fmt: skip

# The kinds of a message in the words of the exports, by how the word begins.
KINDS = {
    "complaint": ("complaint", "жалоб"),
    "proposal": ("proposal", "предлож"),
    "question": ("question", "вопрос"),
    "thanks": ("thanks", "благодарн"),
    "report": ("report", "сообщени", "информ"),
}


_WITHIN_ROWS = 10


@dataclass(frozen=True, slots=True)
class Header:
    """Names of a table's columns, what they stand for, and where its rows begin."""

    names: list[str]
    used: dict[str, str]
    above: int = 0
    lines: int = 0


def locate(
    rows: Sequence[Sequence[str]], named: Mapping[str, str] | Sequence[str]
) -> Header | None:
    """Find the header: the first of the top rows that names a column of texts.

    Exports often put a title or a period above the header.

    Parameters
    ----------
    rows
        The first rows of the source.
    named
        Header → our column; or the header itself, for a source that has none.

    Returns
    -------
    Header or None
        ``above`` rows stand before it, the data begin after ``lines``; None if no row names texts.
    """
    if not isinstance(named, Mapping):
        names = _distinct(named)
        return Header(names, match(names, {}))
    for place, row in enumerate(rows[:_WITHIN_ROWS]):
        names = _distinct(row)
        used = match(names, named)
        if c.TEXT in used:
            return Header(names, used, above=place, lines=place + 1)
    return None


def match(
    names: Sequence[str],
    named: Mapping[str, str],
    known: Mapping[str, tuple[str, ...]] = KNOWN,
) -> dict[str, str]:
    """Find which header stands for which of our columns; what the user named goes first.

    Returns
    -------
    dict
        Our column → header.
    """
    found = {column: name for name, column in named.items() if name in names and column in known}
    free = {_fold(name): name for name in reversed(names) if name not in named}
    for column, headers in known.items():
        present = (free[name] for name in (_fold(column), *headers) if name in free)
        if column not in found and (name := next(present, None)) is not None:
            found[column] = name
    return found


def _fold(name: str) -> str:
    """Case, ё, underscores, quotes and spaces do not tell two headers apart."""
    return re.sub(r"[_\s«»\"'*:.,()]+", " ", name.casefold().replace("ё", "е")).strip()


def _distinct(row: Sequence[str]) -> list[str]:
    """Name the nameless and tell apart the namesakes."""
    names: list[str] = []
    for place, found in enumerate(row, start=1):
        name = found.strip("\ufeff \t\r\n") or f"column {place}"
        names.append(name if name not in names else f"{name} ({place})")
    return names
