"""Tables of coded texts: shares, differences between groups."""

from __future__ import annotations

from great_tables import GT

from cur_lab import columns as c
from cur_lab.coding import Prevalence, Raked, Trained
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.headlines import coding as headlines
from cur_lab.tables import of, show

_MOST = 20
_FDR = 0.05


@of.register
def _(result: Prevalence, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    groups = c.PREVALENCE.splits(result.shares)
    one = result.shares[c.CODE].n_unique() == 1 and not groups
    title = headlines.shares(result.shares) if one else "Доли кодов"
    apart = result.differences.sort(c.P_VALUE, c.CODE, c.VALUE, *groups, nulls_last=True)
    parts = {
        "shares": lambda: show(
            result.shares.head(_MOST),
            *(*groups, c.CODE, c.VALUE, c.N_CODED_TEXTS, c.SHARE, c.MODEL_SHARE),
            *(c.EFFECTIVE_TEXTS, c.REASON),
            title=title,
            source=source,
        ),
        "differences": lambda: show(
            apart.head(_MOST),
            *(*groups, c.CODE, c.VALUE, c.DIFFERENCE, c.Q_VALUE, c.REASON),
            title=headlines.differences(result.differences, fdr=_FDR),
            source=source,
        ),
        "aside": lambda: show(
            result.aside,
            *(c.CODE, c.REASON, c.CODES_COUNT),
            title="Коды, которые не считаются",
            source=source,
        ),
    }
    return chosen(part, parts)


@of.register
def _(result: Trained, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    parts = {
        "figures": lambda: show(
            result.figures,
            *(c.CODE, c.VALUE, c.N_CODED_TEXTS, c.ACCURACY),
            title="Насколько модель права в текстах, которых не видела",
            source=source,
            headings={c.VALUE: "Значение (прочерк — все)"},
        ),
        "predictions": lambda: show(
            result.predictions[c.VALUE].value_counts(sort=True, name=c.N).head(_MOST),
            *(c.VALUE, c.N),
            title="Прогнозы модели без поправки",
            source=source,
            headings={c.N: "Сообщений"},
        ),
    }
    return chosen(part, parts)


@of.register
def _(result: Raked, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    known = (c.MARGIN_OF, c.VALUE, c.MARGIN_BEFORE, c.MARGIN_AFTER, c.MARGIN_KNOWN)
    parts = {
        "margins": lambda: show(
            result.margins, *known, title="Взвешивание по известным долям", source=source
        ),
        "weights": lambda: show(
            result.weights.head(_MOST),
            *(c.RESPONDENT, c.WEIGHT),
            title="Веса анкет",
            source=source,
        ),
    }
    return chosen(part, parts)
