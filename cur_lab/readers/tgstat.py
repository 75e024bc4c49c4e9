"""Tables of posts with their views: TGStat and what is like it → posts.

No such service describes its tables, so columns are told by their words: text and views (or reach),
and none of what tables of messages have, an author or a tone. Shares that such tables compute, ER
and the like, are not read: they follow from the counts.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from contextlib import suppress
from hashlib import blake2b

import polars as pl

from cur_lab import columns as c
from cur_lab.readers import content, reading, tabular
from cur_lab.readers.cells import Chunk
from cur_lab.readers.glance import Asked, Glance
from cur_lab.readers.headings import Known, words
from cur_lab.readers.reading import EDITED_AT, Draft
from cur_lab.readers.spellings import joined
from cur_lab.readers.times import utc

FORMATS = {"tgstat": frozenset({content.CSV, content.XLSX, content.ODS, content.PARQUET})}

_COUNTS = (c.VIEWS, c.REACH, c.LIKES, c.PAID_REACTIONS, c.COMMENTS, c.SHARES, c.FOLLOWERS)
_KNOWN = Known(
    {
        c.POST_ID: (
            "post id", "id", "id поста", "id публикации", "id записи", "номер поста", "message id",
        ),
        "link": (
            "link", "url", "ссылка", "ссылка на пост", "ссылка на публикацию", "ссылка на запись",
            "адрес", "post link", "post url", "permalink",
        ),
        c.PAGE_ID: (
            "page id", "канал", "название канала", "канал/чат", "username", "channel",
            "channel name", "сообщество", "группа", "источник", "паблик", "страница", "page",
        ),
        c.PUBLISHED_AT: (
            "published at", "дата публикации", "дата и время публикации", "дата поста",
            "опубликовано", "дата", "date", "datetime", "time", "время",
        ),
        c.TEXT: (
            "text", "текст", "текст поста", "текст публикации", "пост", "публикация", "содержание",
            "сообщение", "post", "message", "content", "описание", "заголовок",
        ),
        c.KIND: ("kind", "тип", "тип поста", "тип публикации", "формат", "тип медиа", "media type"),
        c.VIEWS: (
            "views", "просмотры", "просмотров", "количество просмотров", "кол-во просмотров",
            "число просмотров", "показы", "impressions", "view count",
        ),
        c.REACH: ("reach", "охват", "охват поста", "охват публикации"),
        c.LIKES: (
            "likes", "реакции", "реакций", "количество реакций", "лайки", "лайков",
            "количество лайков", "reactions", "нравится",
        ),
        c.PAID_REACTIONS: ("paid reactions", "платные реакции", "звезды", "stars"),
        c.COMMENTS: (
            "comments", "комментарии", "комментариев", "количество комментариев", "ответы",
            "replies",
        ),
        c.SHARES: (
            "shares", "репосты", "репостов", "количество репостов", "пересылки", "пересылок",
            "количество пересылок", "поделились", "forwards", "reposts",
        ),
        c.FOLLOWERS: (
            "followers", "подписчики", "подписчиков", "количество подписчиков", "subscribers",
            "members", "participants count",
        ),
        c.FORWARDED_FROM: ("forwarded from", "переслано из", "репост из", "источник репоста"),
        c.OBSERVED_AT: ("observed at", "дата выгрузки", "дата сбора", "собрано", "collected at"),
    }
)  # fmt: skip
_BY_VIEWS = tabular.Wanted(_KNOWN, (c.TEXT, c.VIEWS))
_BY_REACH = tabular.Wanted(_KNOWN, (c.TEXT, c.REACH))
# A table that has one of these is about what people wrote.
_PEOPLES = frozenset(
    (
        "автор", "author", "sender", "user", "тональност", "tone", "sentiment", "рубрик",
        "заявител", "ответствен", "исполнител", "муниципалитет",
    )
)  # fmt: skip
_HINT = re.compile("просмотр|охват|views|reach|показ|impressions", re.IGNORECASE)
_HEAD_BYTES = 1 << 16
_PARTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "content.xml")

_TELEGRAM = re.compile(r"(?:t|telegram)\.me/(?:s/|c/)?(\w+)/(\d+)")
_VK = re.compile(r"wall(-?\d+)_(\d+)")
_SHORT = re.compile(r"([\d\s.,\u00a0\u202f]+)\s*([kкmм]|тыс|млн)?\.?", re.IGNORECASE)
_TIMES = {"k": 1e3, "к": 1e3, "тыс": 1e3, "m": 1e6, "м": 1e6, "млн": 1e6}
_KINDS = {
    "photo": ("photo", "фото", "image", "изображ", "картин"),
    "clip": ("clip", "клип", "круж", "video note", "shorts", "reels"),
    "live": ("live", "трансляц", "эфир", "stream"),
    "video": ("video", "видео", "gif", "animation"),
    "quiz": ("quiz", "викторин"),
    "poll": ("poll", "опрос", "голосован"),
}


def sniff(file: Glance) -> str | None:
    """Tell a table of posts by its header."""
    if file.container not in (content.CSV, content.XLSX, content.ODS) or not _hinted(file):
        return None
    for wanted in (_BY_VIEWS, _BY_REACH):
        header = tabular.glimpse(file, wanted)
        if header is not None:
            # Views alone may stand beside anything.
            counts = sum(name in header.used for name in _COUNTS)
            told = {word for name in header.names for word in words(name)}
            posts = counts > 1 or "link" in header.used or c.PAGE_ID in header.used
            return "tgstat" if posts and not told & _PEOPLES else None
    return None


def _hinted(file: Glance) -> bool:
    """Look for a word in the first bytes: a large table is not laid out twice for nothing."""
    if file.container == content.CSV:
        with file.path.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
        codes = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1251")
        return any(_HINT.search(head.decode(code, "replace")) for code in codes)
    broken = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
    with suppress(*broken), zipfile.ZipFile(file.path) as archive:
        for part in sorted(set(_PARTS) & set(archive.namelist())):
            with archive.open(part) as opened:
                if _HINT.search(opened.read(_HEAD_BYTES).decode("utf-8", "replace")):
                    return True
    return False


def read(file: Glance, asked: Asked) -> Draft:
    """Read a table of posts.

    Raises
    ------
    InputError
        If the file is broken as a whole.
    SchemaError
        If it has no columns of texts and of views or reach.
    """
    draft = Draft(asked.timezone, owned=True)
    by_views = file.container == content.PARQUET or tabular.glimpse(file, _BY_VIEWS) is not None
    wanted = _BY_VIEWS if by_views else _BY_REACH
    for chunk in tabular.chunks(file, asked, draft, wanted):
        header = chunk[0]
        used = {name: column for column, name in header.used.items()}
        used |= {name: column for column, name in header.clocks.items()}
        known = c.POSTS.full_schema
        draft.headers |= {
            name: column if (column := used.get(name)) in known else None for name in header.names
        }
        draft.posts.append(_posts(chunk, draft))
    return draft


def _posts(chunk: Chunk, draft: Draft) -> pl.DataFrame:
    header, cells = chunk

    def of(name: str) -> pl.Series:
        return cells[f"_{header.names.index(name)}"].cast(pl.String, strict=False)

    row = cells[c.ROW].cast(pl.Int64)
    found = pl.DataFrame([row, *(of(name).alias(column) for column, name in header.used.items())])
    found = found.with_columns(
        joined(found[column], of(name)) for column, name in header.clocks.items()
    )
    absent = {*_STRINGS, c.PUBLISHED_AT, "link"} - set(found.columns)
    found = found.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    text = pl.col(c.TEXT).fill_null("")
    counts = [
        pl.Series(name, [_count(value) for value in found[name]], dtype=pl.Int64)
        for name in _COUNTS
        if name in found.columns
    ]
    times = [
        utc(found[name], draft.timezone, since_1904=header.since_1904)
        for name in (c.PUBLISHED_AT, c.OBSERVED_AT)
        if name in found.columns
    ]
    read = found.with_columns(
        text, *counts, *times, pl.Series(c.KIND, [_kind(word) for word in found[c.KIND]])
    ).with_columns(pl.lit(None, pl.Int64).alias(EDITED_AT), pl.lit(None, pl.String).alias("_why"))
    empty = pl.all_horizontal(pl.col(column.name).is_null() for column in (*counts, *times))
    visible = text.str.contains(reading.VISIBLE.pattern)
    read = read.with_columns(
        pl.when(~visible & empty)
        .then(pl.lit(reading.NO_TEXT))
        .when(pl.any_horizontal(pl.col(pl.String).str.contains("\0", literal=True)))
        .then(pl.lit(reading.NUL))
        .when(text.str.len_chars() > reading.LONGEST_TEXT)
        .then(pl.lit(reading.TOO_LONG))
        .alias("_why")
    )
    for place, reason, said in (
        read.filter(pl.col("_why").is_not_null()).select(c.ROW, "_why", c.TEXT).rows()
    ):
        draft.refuse(place, reason, said)
    kept = read.filter(pl.col("_why").is_null()).drop("_why")
    draft.unreadable.append(reading.unreadable(found, kept, c.PUBLISHED_AT))
    named = [
        _named(*one)
        for one in kept.select("link", c.POST_ID, c.PAGE_ID, c.PUBLISHED_AT, c.TEXT).rows()
    ]
    posts = kept.with_columns(
        pl.Series(c.PAGE_ID, [page for page, _ in named], dtype=pl.String),
        pl.Series(c.POST_ID, [post for _, post in named], dtype=pl.String),
    )
    names = [name for name in (*c.POSTS.full_schema, *reading.DRAFT) if name in posts.columns]
    return posts.select(names)


_STRINGS = (c.POST_ID, c.PAGE_ID, c.KIND)


def _named(
    link: str | None, post: str | None, page: str | None, at: object, text: str
) -> tuple[str, str]:
    """Page and id of a post: of its link, else as the table names them, else of what it says."""
    if found := _TELEGRAM.search(link or ""):
        return found[1], f"{found[1]}/{found[2]}"
    if found := _VK.search(link or ""):
        return found[1], f"{found[1]}_{found[2]}"
    page = (page or "").strip().removeprefix("@") or "telegram"
    number = (post or link or "").strip().removesuffix(".0")
    if not number:
        number = blake2b(f"{at}\0{text}".encode(), digest_size=8).hexdigest()
    return page, f"{page}/{number}"


def _count(written: str | None) -> int | None:
    """Read a count: 12345, 12 345, 12,345, 12.3k, 1,2 тыс."""
    found = _SHORT.fullmatch((written or "").strip())
    if not found:
        return None
    digits = re.sub(r"\s", "", found[1])
    times = _TIMES.get((found[2] or "").lower(), 1.0)
    if times == 1.0 and re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", digits):
        digits = re.sub(r"[.,]", "", digits)
    try:
        number = round(float(digits.replace(",", ".")) * times)
    except ValueError:
        return None
    return reading.whole(number)


def _kind(word: str | None) -> str:
    said = (word or "").casefold()
    return next(
        (kind for kind, names in _KINDS.items() if any(name in said for name in names)), "text"
    )
