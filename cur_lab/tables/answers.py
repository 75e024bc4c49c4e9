"""Tables of answers: how long they take, what they say, who waits."""

from __future__ import annotations

from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.tables import of, show
from cur_lab.trends.answers import Resolution

_MOST = 10


@of.register
def _(result: Resolution, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    by = c.RESOLUTION.splits(result.summary)
    times = (c.EVENT, c.N, c.N_OPEN, c.MEDIAN, c.P90, c.WITHIN_TERM, c.REASON)
    risks = (c.SINCE, c.CAUSE, c.DAYS, c.N, c.INCIDENCE, c.REASON)
    # Without codes of people these say the same in every row.
    coded = (c.N_CODED, c.TO_POINT, c.REASON) if result.quality[c.N_CODED].sum() else ()
    quality = (c.N_ANSWERS, c.BOILERPLATE, c.NAMES_SUBJECT, *coded)
    waiting = (c.EVENT, c.PUBLISHED_AT, c.AGE_DAYS, c.OVERDUE)
    most = result.quality.sort(c.N_ANSWERS, *by, descending=[True, *[False] * len(by)]).head(_MOST)
    parts = {
        "summary": lambda: show(result.summary, *by, *times, title="Сколько ждут", source=source),
        "risks": lambda: show(
            result.risks, *by, *risks, title="Что происходит с сообщениями", source=source
        ),
        "quality": lambda: show(most, *by, *quality, title="Что в ответах", source=source),
        "backlog": lambda: show(
            result.backlog.head(_MOST), *by, *waiting, title="Дольше всех ждут", source=source
        ),
        "rejected": lambda: show(
            result.rejected[c.REASON].value_counts(sort=True, name=c.N),
            *(c.REASON, c.N),
            title="Сообщения, даты которых противоречат друг другу",
            source=source,
            headings={c.N: "Сообщений"},
        ),
    }
    return chosen(part, parts)
