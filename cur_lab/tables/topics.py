"""Tables of topics: the largest, what they say, which join first, how many there are, rubrics."""

from __future__ import annotations

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.dispatch import chosen
from cur_lab.headlines import topics as headlines
from cur_lab.tables import of, show
from cur_lab.topics import Model

_HIDDEN, _ENDS = "hidden", 3
_TOPICS, _EXAMPLES, _EACH, _JOINS, _KEYWORDS, _RIVALS = 25, 8, 2, 8, 6, 3


@of.register
def _model(result: Model, part: str | None = None, *, source: str | None = None) -> GT | c.Absent:
    largest = result.topics.sort(c.SHARE, c.TOPIC, descending=[True, False])
    number = headlines.numbers(
        result.reasons, topics=result.topics, twins=result.twins, apart=result.apart
    )
    below = " ".join(p for p in (headlines.merged(result.topics, result.twins), source) if p)
    drawings = {
        "topics": lambda: show(
            largest.head(_TOPICS).with_columns(pl.col(c.KEYWORDS).list.head(_KEYWORDS)),
            *(c.LABEL, c.SIZE, c.SHARE, c.STABILITY, c.KEYWORDS),
            title=headlines.largest(largest, top=_TOPICS),
            source=below or None,
        ),
        # They are redacted already.
        "examples": lambda: show(
            largest.head(_EXAMPLES)
            .with_columns(pl.col(c.EXAMPLES).list.head(_EACH))
            .explode(c.EXAMPLES),
            *(c.LABEL, c.EXAMPLES),
            title="Сообщения, ближайшие к центру своей темы",
            source=source,
        ),
        "hierarchy": lambda: _hierarchy(result, source),
        "numbers": lambda: show(
            result.reasons if result.reasons.height else c.Absent(number),
            *(c.N_TOPICS, c.AGREEMENT, c.SEPARATION, c.SCORE, c.STANDARD_ERROR),
            *(c.AS_GOOD, c.CHOSEN),
            title=number,
            source=source,
            headings={c.SCORE: "Произведение"},
        ),
    }
    return chosen(part, drawings)


def _hierarchy(result: Model, source: str | None) -> GT | c.Absent:
    named = dict(result.topics.select(c.TOPIC, c.LABEL).iter_rows())
    named |= dict(result.hierarchy.select(c.NODE, c.LABEL).iter_rows())
    return show(
        result.hierarchy.sort(c.DISTANCE, c.NODE)
        .head(_JOINS)
        .with_columns(
            pl.col(side).replace_strict(named, return_dtype=pl.String) for side in (c.LEFT, c.RIGHT)
        ),
        *(c.LEFT, c.RIGHT, c.DISTANCE, c.SIZE),
        title="Какие темы сливаются первыми",
        source=source,
        headings={c.SIZE: "Сообщений вместе"},
    )


def leading(
    breakdown: pl.DataFrame | c.Absent,
    *,
    by: str,
    source: str | None = None,
    apart: int | None = None,
) -> GT | c.Absent:
    """Lay out the leading topics of every group that has one of a publishable size.

    Where the intervals of others reach that of the first, they are named beside it. Messages that
    state no group are counted below the table.

    Parameters
    ----------
    breakdown
        Frame of :func:`cur_lab.topics.breakdown`.
    by
        Its grouping column.
    source
        Note below the table.
    apart
        The topic of thanks and chatter, which leads nowhere.
    """
    if isinstance(breakdown, c.Absent):
        return breakdown
    note = headlines.unstated(breakdown, by=by)
    breakdown = breakdown.drop_nulls(by)
    # The most that a suppressed topic can have is what the others leave.
    left = 1 - pl.col(c.SHARE).sum()
    hidden = breakdown.group_by(by).agg(
        pl.when(pl.col(c.SHARE).is_null().any()).then(left).alias(_HIDDEN)
    )
    best = (
        breakdown.filter(pl.col(c.SIZE) > 0, pl.col(c.TOPIC).ne_missing(apart))
        .sort(by, c.SHARE, c.TOPIC, descending=[False, True, False])
        .filter(_not_told_from_first(by))
        .join(hidden, on=by, nulls_equal=True, maintain_order="left")
        .group_by(by, maintain_order=True)
        .agg(
            _listed(c.LABEL)
            + pl.when(pl.col(_HIDDEN).first() > pl.col(c.SHARE_LOW).first())
            .then(pl.lit("; может быть, и скрытая тема"))
            .otherwise(pl.lit("")),
            pl.col(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH).first(),
        )
    )
    headings = {c.LABEL: "О чём пишут", c.SHARE: "Доля первой из них"}
    title = "Самые частые темы: те, что по этим данным не отличить от первой"
    below = " ".join(part for part in (note, source) if part)
    return show(best, by, c.LABEL, c.SHARE, title=title, source=below, headings=headings)


def _not_told_from_first(by: str) -> pl.Expr:
    """Rows of a group, the largest first, whose interval reaches that of the first."""
    reaches = pl.col(c.SHARE_HIGH) > pl.col(c.SHARE_LOW).first().over(by)
    return reaches | (pl.int_range(pl.len()).over(by) == 0)


def _listed(name: str) -> pl.Expr:
    """Name the first few of a group in one cell."""
    more = pl.when(pl.len() > _RIVALS).then(pl.lit("; и другие")).otherwise(pl.lit(""))
    return pl.col(name).head(_RIVALS).str.join("; ") + more


def crosswalk(frame: pl.DataFrame | c.Absent, *, source: str | None = None) -> GT | c.Absent:
    """Lay out the leading rubric of the largest topics and what the rubricator does with them.

    Parameters
    ----------
    frame
        Frame of :func:`cur_lab.topics.crosswalk`.
    source
        Note below the table.
    """
    if isinstance(frame, c.Absent):
        return frame
    best = (
        frame.sort(c.SHARE, c.RUBRIC, descending=[True, False])
        .filter(_not_told_from_first(c.TOPIC))
        .group_by(c.TOPIC, c.LABEL, maintain_order=True)
        .agg(_listed(c.RUBRIC), pl.col(c.SHARE, c.SHARE_LOW, c.SHARE_HIGH, c.VERDICT).first())
        .sort(c.TOPIC)
    )
    return show(
        best.head(_TOPICS),
        *(c.LABEL, c.RUBRIC, c.SHARE, c.VERDICT),
        title="Темы и официальные рубрики: те, что по этим данным не отличить от первой",
        source=source,
        headings={
            c.RUBRIC: "В каких рубриках тема",
            c.SHARE: "Доля темы в первой из них",
            c.VERDICT: "Что делает рубрикатор",
        },
    )


def children(frame: pl.DataFrame | c.Absent, *, source: str | None = None) -> GT | c.Absent:
    """Lay out the parts of each topic that was opened, the largest topics first.

    Parameters
    ----------
    frame
        Frame of :func:`cur_lab.topics.children`.
    source
        Note below the table.
    """
    if isinstance(frame, c.Absent):
        return frame
    share = pl.col(c.SHARE).map_elements(wording.percent, return_dtype=pl.String)
    opened = (
        frame.sort(c.TOPIC, c.CHILD)
        .group_by(c.TOPIC, c.LABEL, maintain_order=True)
        .agg(
            pl.concat_str(c.CHILD_LABEL, share, separator=" — ").str.join("; "),
            pl.col(c.SIZE).sum(),
            pl.col(c.AGREEMENT).first(),
        )
        .sort(pl.col(c.SIZE) * -1, c.TOPIC)
    )
    return show(
        opened.head(_TOPICS),
        *(c.LABEL, c.CHILD_LABEL, c.SIZE, c.AGREEMENT),
        title=headlines.children(frame),
        source=source,
        headings={c.CHILD_LABEL: "Части темы", c.AGREEMENT: "Согласие половин"},
    )


def places(layout: pl.DataFrame | c.Absent, *, source: str | None = None) -> GT | c.Absent:
    """Lay out how well the map keeps the distances of topics, worst and best ones.

    Parameters
    ----------
    layout
        Frame of :func:`cur_lab.topics.layout`.
    source
        Note below the table.
    """
    if isinstance(layout, c.Absent):
        return layout
    ranked = layout.drop_nulls(c.QUALITY).sort(c.QUALITY, c.TOPIC)
    if ranked.is_empty():
        return c.Absent("Тем слишком мало, чтобы судить, каким местам на карте верить")
    title = "Каким местам на карте верить"
    return show(
        pl.concat([ranked.head(_ENDS), ranked.tail(_ENDS)]).unique(c.TOPIC, maintain_order=True),
        *(c.LABEL, c.SIZE, c.QUALITY),
        title=title if ranked.height <= 2 * _ENDS else f"{title}: три худших и три лучших",
        source=source,
    )
