"""What topics say: the most frequent, the largest share in a group, how many there are."""

from __future__ import annotations

import polars as pl

from cur_lab import columns as c
from cur_lab import wording
from cur_lab.headlines import telling
from cur_lab.headlines.sentence import headline

# So many rivals for the first place are named.
_NAMED = 3
# So many keywords stand for a topic that got no label.
_WORDS = 3
_MESSAGES = ("сообщение", "сообщения", "сообщений")
_LARGEST = ("крупнейшей темы", "крупнейших тем", "крупнейших тем")


@headline
def shares(topics: pl.DataFrame, *, apart: int | None = None) -> str:
    """Name the topic that is surely the most frequent, or those that may be.

    `apart` is the topic of thanks and chatter, which leads nowhere.
    """
    named = topics.filter(pl.col(c.TOPIC).ne_missing(apart))
    rivals = telling.leaders(named, c.SHARE, c.TOPIC)
    if rivals.is_empty():
        return "Тем не найдено"
    if rivals.height == 1:
        share = telling.share(rivals.row(0, named=True), c.SHARE)
        # One topic is first among none.
        what = "Найдена одна тема" if named.height == 1 else "Чаще всего пишут о теме"
        return f"{what} «{rivals[c.LABEL][0]}»: {share} сообщений"
    first = ", ".join(f"«{label}»" for label in rivals[c.LABEL].head(_NAMED))
    return f"Среди самых частых тем: {first}{_more(rivals)}"


@headline
def by_group(drawn: pl.DataFrame, *, by: str, heading: str, of: int) -> str:
    """Name the cell that surely has the largest share of those drawn, or those that may have it.

    `of` is the number of topics there are: drawn may be the largest of them only.
    """
    rivals = telling.leaders(drawn, c.SHARE, by, c.TOPIC)
    if rivals.is_empty():
        return f"Темы по группам ({heading}): все ячейки слишком малы, чтобы их показать"
    cells = [
        f"«{row[c.LABEL]}» — {telling.group(row[by], by)}, {wording.percent(row[c.SHARE])}"
        for row in rivals.head(_NAMED).iter_rows(named=True)
    ]
    among = drawn[c.TOPIC].n_unique()
    which = f" (из {among} {wording.plural(among, *_LARGEST)})" if among < of else ""
    if rivals.height == 1:
        return f"Самая большая доля{which}: {cells[0]}"
    return f"Среди самых больших долей{which}: {'; '.join(cells)}{_more(rivals)}"


@headline
def unstated(breakdown: pl.DataFrame, *, by: str) -> str:
    """Say how many messages stand in no group of a breakdown; nothing where all do."""
    size = int(breakdown.filter(pl.col(by).is_null())[c.SIZE].sum())
    if not size:
        return ""
    written = wording.grouped(size)
    return f"Не указано, к кому отнести: {written} {wording.plural(size, *_MESSAGES)}."


@headline
def largest(topics: pl.DataFrame, *, top: int) -> str:
    """Say how many of the topics are listed."""
    if topics.is_empty():
        return "Тем не найдено"
    if topics.height > top:
        return f"Крупнейшие темы: {top} из {topics.height}"
    return "Все темы, крупнейшие первыми"


@headline
def numbers(
    reasons: pl.DataFrame,
    *,
    topics: pl.DataFrame | None = None,
    twins: pl.DataFrame | None = None,
    apart: int | None = None,
) -> str:
    """Say which numbers of topics cannot be told apart, and whether the grid ended there.

    And how many stand in the table of topics, where these are not as many: some say the same,
    thanks and chatter come on top.
    """
    good = sorted(reasons.filter(c.AS_GOOD)[c.N_TOPICS])
    if not good:
        return "Число тем задано или других не попробовать: выбирать не из чего"
    told = f"Тем взято {wording.grouped(good[0])}"
    if len(good) > 1:
        told += f"; числа от {good[0]} до {good[-1]} по этим данным не различить"
    told += "; больше не пробовали" if reasons[c.OPEN_END].any() else ""
    same = 0 if twins is None else twins.height - twins[c.TOPIC].n_unique()
    if topics is None or (topics.height == good[0] and not same):
        return told
    why = [f"слито одинаковых — {same}"] if same else []
    why += ["«Прочее» сверх того"] if apart is not None else []
    return f"{told}; всего их стало {topics.height}{': ' if why else ''}{', '.join(why)}"


@headline
def merged(topics: pl.DataFrame, twins: pl.DataFrame) -> str:
    """Say what was found as several topics and is one; nothing where there is none."""
    named = dict(topics.select(c.TOPIC, c.LABEL).iter_rows())
    told = []
    known = twins.filter(pl.col(c.TOPIC).is_in(list(named)))
    for topic, parts in known.group_by(c.TOPIC, maintain_order=True).agg(c.KEYWORDS).iter_rows():
        words = " и ".join(f"«{', '.join(part[:_WORDS])}»" for part in parts)
        told.append(f"«{named[topic]}» — это {words}")
    return f"Слиты темы, говорящие об одном: {'; '.join(told)}." if told else ""


@headline
def children(children: pl.DataFrame) -> str:
    """Name the part that surely leads the largest topic opened, or those that may."""
    if children.is_empty():
        return "Ни одна тема не делится на части, о которых согласны половины её сообщений"
    sizes = children.group_by(c.TOPIC, c.LABEL).agg(pl.col(c.SIZE).sum())
    topic, label, _ = sizes.sort(pl.col(c.SIZE) * -1, c.TOPIC).row(0)
    rivals = telling.leaders(children.filter(pl.col(c.TOPIC) == topic), c.SHARE, c.CHILD)
    if rivals.height == 1:
        share = telling.share(rivals.row(0, named=True), c.SHARE)
        return (
            f"В теме «{label}» больше всего сообщений в части «{rivals[c.CHILD_LABEL][0]}»: {share}"
        )
    named = ", ".join(f"«{part}»" for part in rivals[c.CHILD_LABEL].head(_NAMED))
    return f"В теме «{label}» среди самых частых частей: {named}{_more(rivals)}"


def _more(rivals: pl.DataFrame) -> str:
    return " и другие" if rivals.height > _NAMED else ""
