"""One spelling per text: what must not tell two copies apart is folded away.

Everything is a polars expression, so a million texts are folded without a Python loop.
"""

from __future__ import annotations

import polars as pl

from cur_lab import privacy

# Latin letters that look like Cyrillic ones. Folding *all* of them, also inside English words,
# costs nothing: identity is all that is asked of the folded text.
_LOOK_ALIKES = dict(zip("abcehkmoptxyё", "авсенкмортхуе", strict=True))
# Marks are dropped below, and й may be written with one.
_LOOK_ALIKES["й"] = "и"

_MARKUP = r"<[^<>]{1,200}>|&[a-zA-Z]{2,8};|&#\d{1,6};"
_LINK = r"(?i)\]\([^()\s]*\)|https?://\S+|\bwww\.\S+|\bt\.me/\S+"
_MARKDOWN_LINK = r"\[([^\[\]]*)\]\([^()\s]*\)"
# Whom a comment answers says nothing of what it says; two short answers to one person are not
# copies of each other.
_ADDRESSEE = r"\[(?:id|club|public)[0-9a-f]+\|[^\[\]]*\],?|(?:^|\s)@\w+"
# Accents and breves written as separate marks, zero-width and direction marks.
_INVISIBLE = r"[\p{Mn}\p{Cf}]"

# What a mail merge fills in. Tags are single rare characters: a slot weighs little in the shingles.
_CAPITAL = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PATRONYMIC = r"[А-ЯЁ][а-яё]+(?:ович|евич|ьич|овн|евн|ичн|инич)(?:а|у|ем|ом|е|ы|ой)?\b"
_STREET = (
    r"(?:ул|улиц[аыеу]|пр|пр-т|просп|проспект[ае]?|пер|переул(?:ок|ке|ка)|пл|площад[ьи]|ш|шоссе|"
    r"б-р|бульвар[ае]?|мкр|микрорайон[ае]?|наб|набережн(?:ая|ой)|проезд[ае]?)"
)
# Markup, links and addressees hold one of these.
_MARKED = r"[<&@\[\]]|(?i:http|www\.|t\.me)"
_PERSONS = (
    # [фамилия] имя отчество [фамилия]; фамилия с инициалами или инициалы с фамилией
    rf"(?:{_CAPITAL}\s+){{0,2}}{_PATRONYMIC}(?:\s+{_CAPITAL})?",
    rf"{_CAPITAL}\s+[А-ЯЁ]\.\s?[А-ЯЁ]\.|[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?{_CAPITAL}",
)
# What a text needs to have, the pattern, the tag.
_MASKS = (
    ("@", r"[\w.+-]+@[\w-]+\.\w+", "¤"),
    (r"(?:ови|еви|ьи)ч|(?:ов|ев|ич)н|инич", _PERSONS[0], "¤"),
    (r"[А-ЯЁ]\.", _PERSONS[1], "¤"),
    (
        # Without borders of words, which in Russian are slow to look for.
        rf"(?i:{_STREET})\.?\s*(?:\d+\s+)?[А-ЯЁ][а-яё-]",
        rf"(?i:\b{_STREET}\b)\.?\s*(?:\d+\s+)?[А-ЯЁ][а-яё-]+(?:\s+[А-ЯЁ][а-яё-]+)?",
        "§",
    ),
    (r"\d", r"\d+(?:-?[а-яА-Я]{1,2}\b)?", "#"),
)
_TAGS = "¤§#"

# A text of fewer words than this outside the slots says too little to be a template.
_WORDS_OF_A_TEMPLATE = 6
_OTHERS_SIGNED = 5


def fold(texts: pl.Series) -> pl.Series:
    """Fold case, ё, Latin look-alikes, markup, links, addressees, accents, punctuation, spaces.

    A text without a letter or digit («👍👍») keeps its symbols, so that equal ones stay equal; a
    text of nothing but white space becomes empty.
    """
    column = pl.col("text")
    plain = _plain(column)
    symbols = column.str.replace_all(r"[\s\p{Cf}]+", "")
    return _select(texts, pl.when(plain == "").then(symbols).otherwise(plain))


def mask(texts: pl.Series) -> pl.Series:
    """Fold as :func:`fold` does, with names, addresses and numbers as one-letter tags.

    A text with fewer than six words outside the tags is folded without masking: «дом 5» and
    «дом 7» are not one template.
    """
    bare = _where(texts.cast(pl.String).fill_null(""), _MARKED, _bare(pl.col("text")))
    masked = bare
    for needed, pattern, tag in _MASKS:
        masked = _where(masked, needed, pl.col("text").str.replace_all(pattern, f" {tag} "))
    # What is masked may have become markup.
    masked = _where(masked, _MARKED, _bare(pl.col("text")))
    masked = _select(masked, _even(pl.col("text"), _TAGS).str.replace_all(r"#(?: #)+", "#"))
    short = (masked.str.count_matches(r"\p{L}{2,}") < _WORDS_OF_A_TEMPLATE).arg_true()
    return masked.scatter(short, fold(texts.gather(short))).alias("masked")


def readable(texts: pl.Series) -> pl.Series:
    """Drop markup and addressees for display; case, punctuation and bare links stay."""
    column = pl.col("text").str.replace_all(_MARKDOWN_LINK, "$1")
    for pattern in (_MARKUP, _ADDRESSEE, r"\*\*|__"):
        column = column.str.replace_all(pattern, " ")
    return _select(texts, column.str.replace_all(r"\s+", " ").str.strip_chars())


def redact(templates: pl.Series) -> pl.Series:
    """Redact by rules alone: full names here, the rest by the privacy room.

    Names recognised in context would take longer than finding the families.
    """
    column = pl.col("text")
    for person in _PERSONS:
        column = column.str.replace_all(person, "[ИМЯ]")
    return privacy.redact(_select(templates, column), names=False)


def without_signature(texts: pl.Series, channels: pl.Series) -> pl.Series:
    """Drop the last line where five other texts of the channel end with it.

    Parameters
    ----------
    texts, channels
        Of equal length; texts of no channel are one channel.

    Returns
    -------
    Series
        Texts without «Подписаться на наш канал» and the like; what is nothing else stays.
    """
    body = pl.col("text").str.strip_chars()
    last = _bare(body).str.strip_chars().str.extract(r"\n\s*([^\n]{1,200})$")
    frame = pl.DataFrame(
        {"text": texts.cast(pl.String).fill_null(""), "channel": channels.cast(pl.String)}
    ).with_columns(last=last)
    repeated = (pl.col("text").n_unique() > _OTHERS_SIGNED).over("channel", "last")
    unsigned = body.str.replace(r"\n[^\n]*$", "").str.strip_chars()
    return frame.select(
        text=pl.when(pl.col("last").is_not_null() & repeated).then(unsigned).otherwise("text")
    ).get_column("text")


def _plain(column: pl.Expr) -> pl.Expr:
    return _even(_bare(column))


def _even(column: pl.Expr, keep: str = "") -> pl.Expr:
    """Lower case without accents and punctuation."""
    return (
        column.str.replace_all(_INVISIBLE, "")
        .str.to_lowercase()
        .str.replace_many(_LOOK_ALIKES)
        .str.replace_all(rf"[^\p{{L}}\p{{N}}{keep}]+", " ")
        .str.strip_chars()
    )


def _bare(column: pl.Expr) -> pl.Expr:
    for pattern in (_MARKUP, _LINK, _ADDRESSEE):
        column = column.str.replace_all(pattern, " ")
    return column


def _where(texts: pl.Series, needed: str, expression: pl.Expr) -> pl.Series:
    """Rewrite the texts that have what the expression looks for: finding that out costs less."""
    places = texts.str.contains(needed).arg_true()
    return texts.clone().scatter(places, _select(texts.gather(places), expression))


def _select(texts: pl.Series, expression: pl.Expr) -> pl.Series:
    frame = pl.DataFrame({"text": texts.cast(pl.String).fill_null("")})
    return frame.select(folded=expression).get_column("folded")
