"""Tables of campaigns, of claims that come back, of an intake under attack."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl
from great_tables import GT

from cur_lab import columns as c
from cur_lab.columns import Absent
from cur_lab.dispatch import chosen
from cur_lab.fakes.campaigns import Campaigns
from cur_lab.fakes.claims import Judging, Spread
from cur_lab.fakes.intake import TOLD, Intake
from cur_lab.headlines import campaigns as headlines
from cur_lab.headlines import intake as intake_headlines
from cur_lab.headlines import listing
from cur_lab.tables import of, show
from cur_lab.wording import shortened

_TOP = 10
_OF_AUTHORS = ("pairs", "appeals", "appeal_sizes", "tones")
_CLAIM = 90
# Fewer messages are not told, and their shares say nothing.
_SMALLEST = 10
_SPAN = {c.STARTED_AT: "Начало", c.ENDED_AT: "Конец"}


def _laid(
    frame: pl.DataFrame, title: str, *columns: str, source: str | None, **headings: str
) -> GT | Absent:
    return show(frame, *columns, title=title, source=source, headings=headings)


@of.register
def _campaigns(
    result: Campaigns, part: str | None = None, *, source: str | None = None
) -> GT | Absent:
    laid = partial(_laid, source=source)
    families = result.families.with_columns(_opening(160))
    called = families.filter(pl.col(c.VERDICT) == "review")
    event = families.filter(pl.col(c.VERDICT) == "shared_event")
    event = event.sort(c.MESSAGES_COUNT, c.FAMILY, descending=[True, False])
    what = (c.TEMPLATE, c.MESSAGES_COUNT, c.AUTHORS)
    drawings: dict[str, Callable[[], GT | Absent]] = {
        "verdicts": partial(
            laid,
            result.verdicts,
            headlines.verdicts(result.verdicts, expected_false=result.expected_false),
            *(c.VERDICT, c.FAMILIES_COUNT, c.MESSAGES_COUNT, c.HIDDEN),
        ),
        "checks": partial(_checks, result.checks, source),
        "review": partial(
            laid,
            called.head(_TOP),
            listing.part(called, title="Что просит проверки, и чем ещё это бывает", top=_TOP),
            *(*what, c.Q_VALUE, c.EXPLANATION),
        ),
        "evidence": partial(
            laid,
            _lines(result, called),
            "Все доказательства",
            *(c.TEMPLATE, c.LINE, c.ROLE, c.COUNTED, c.STATISTIC, c.EXPECTED, c.WITHIN),
            *(c.P_VALUE, c.CONFORMAL, c.NOTE),
            template="Семья",
        ),
        "events": partial(
            laid,
            event.head(_TOP),
            listing.part(event, title="Похоже на общее событие, где 10 авторов и больше", top=_TOP),
            *(*what, c.ADDRESSES_COUNT, c.EXPLANATION),
        ),
        "channels": lambda: _audit(result, c.CHANNEL, "Отметки по каналам", source),
        "municipalities": lambda: _audit(
            result, c.MUNICIPALITY, "Отметки по муниципалитетам", source
        ),
        "pairs": partial(
            laid,
            result.pairs,
            headlines.pairs(result.pairs),
            *(c.TOGETHER, c.PAIRS_COUNT, c.FLAGGED),
            flagged="Чаще, чем объясняет активность",
        ),
        "appeals": partial(
            laid,
            result.appeals,
            "Группы, где 10 авторов и больше, которые возвращаются к одним выражениям",
            *(c.AUTHORS, c.MESSAGES_COUNT, c.FIRST_DAY, c.LAST_DAY, c.MUNICIPALITIES_COUNT),
            *(c.PHRASES, c.EXPLANATION),
        ),
        "appeal_sizes": partial(
            laid,
            result.appeal_sizes,
            "Сколько групп возвращается к одним выражениям",
            *(c.GROUP_SIZE, c.GROUPS_COUNT, c.EXPECTED),
            expected="Было бы случайно, любых",
        ),
        "tones": lambda: laid(
            result.tones,
            headlines.tones(result.tones),
            *(c.COORDINATED, c.TONE, c.FOUND, c.TRIALS),
            coordinated="По общему образцу",
            found="Отмечено",
            trials="Подложено",
        ),
        "rates": lambda: laid(
            result.rates, "Сколько семей при другом пороге", c.FDR, c.FLAGGED, flagged="Семей"
        ),
    }
    laid_out = chosen(part, drawings)
    # These are no tests of families: they are made where no family can be tested, too.
    if part in _OF_AUTHORS:
        if result.appeal_sizes.is_empty():
            return Absent(f"Нужны и авторы, и время: {c.UNKNOWN}", unknown=True)
        return laid_out
    return laid_out if part == "checks" else result.unanswered or laid_out


@of.register
def _judging(result: Judging, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    laid = partial(_laid, source=source)
    stated = result.items.select(c.CLAIM_ID, c.CLAIM).rows()
    claims = {name: shortened(claim, _CLAIM) for name, claim in stated}
    # Only what asks is quoted in a report; the workbook has every item.
    asks = result.items.filter(pl.col(c.STANCE) == c.ASKS)
    drawings: dict[str, Callable[[], GT | Absent]] = {
        "items": partial(
            laid,
            asks.head(_TOP),
            listing.part(asks, title="Что разметить: вопросы", top=_TOP),
            *(c.CLAIM, c.QUOTE),
        ),
        "claims": partial(
            laid,
            result.claims.with_columns(pl.col(c.CLAIM_ID).replace(claims)),
            "Сколько размечено",
            *(c.CLAIM_ID, c.JUDGED, c.JUDGED_YES, c.JUDGED_NO, c.NOTE),
        ),
    }
    return chosen(part, drawings)


@of.register
def _spread(result: Spread, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    laid = partial(_laid, source=source)
    titles = result.claims.select(c.CLAIM_ID, c.TEXT).drop_nulls().rows()
    named = pl.col(c.CLAIM_ID).replace(
        {name: shortened(text, _CLAIM) for name, text in titles if text}
    )
    claims = result.claims.sort(c.MESSAGES_COUNT, c.CLAIM_ID, descending=[True, False])
    # Who doubts or refutes brings no claim back; who asks comes first.
    late = result.waves.filter(
        pl.col(c.AFTER_REFUTATION), pl.col(c.STANCE).is_in([c.ASKS, c.SPREADS])
    ).sort(c.STANCE, c.CLAIM_ID, c.WAVE)
    phases = result.stances.filter(pl.col(c.PHASE) != "all", pl.col(c.MESSAGES_COUNT) >= _SMALLEST)
    phases = phases.sort(c.CLAIM_ID, c.PHASE, descending=[False, True])
    asked = result.askers.group_by(c.BY, maintain_order=True).head(_TOP)
    asked = asked.with_columns(pl.col(c.GROUP).replace(c.CODES[c.CHANNEL]))
    drawings: dict[str, Callable[[], GT | Absent]] = {
        "claims": partial(
            laid,
            claims.with_columns(named),
            "Как расходились",
            *(c.CLAIM_ID, c.MESSAGES_COUNT, c.FIRST_SEEN_AT, c.MUNICIPALITIES_COUNT, c.WAVES),
            *(c.DOUBLING_HOURS, c.HALF_LIFE_HOURS),
            municipalities="Муниципалитетов",
        ),
        "tiers": partial(laid, result.tiers, "Сопоставление с реестром", c.TIER, c.MESSAGES_COUNT),
        "returned": partial(
            laid,
            late.with_columns(named),
            "Волны после опровержения",
            *(c.STANCE, c.CLAIM_ID, c.WAVE, c.STARTED_AT, c.ENDED_AT, c.MESSAGES_COUNT),
            **_SPAN,
        ),
        "phases": partial(
            laid,
            phases.with_columns(named),
            "До и после опровержения",
            *(c.CLAIM_ID, c.PHASE, c.SPREADS, c.ASKS, c.DOUBTS, c.REFUTES, c.ASKERS_SHARE),
            *(c.UNDECIDED, c.DECIDED_SHARE),
        ),
        "askers": partial(
            laid,
            asked,
            "Где спрашивают после опровержения",
            *(c.BY, c.GROUP, c.MESSAGES_COUNT),
            group="Где",
            messages="Вопросов",
        ),
        "effects": partial(
            laid,
            result.effects.with_columns(named),
            "Опровержение против равных пиков",
            *(c.CLAIM_ID, c.BEFORE, c.AFTER, c.CONTROLS, c.RATIO, c.P_VALUE, c.NOTE),
            before="За 3 дня до",
            after="За 3 дня после",
            ratio="К обычному спаду",
            note="Почему не определяется",
        ),
        "sensitivity": lambda: laid(
            result.sensitivity,
            "Другой порог сходства",
            *(c.SCORE, c.MESSAGES_COUNT, c.RETURNED),
        ),
        "checks": partial(_checks, result.checks, source),
    }
    return chosen(part, drawings)


@of.register
def _intake(result: Intake, part: str | None = None, *, source: str | None = None) -> GT | Absent:
    laid = partial(_laid, source=source)
    surges = result.surges.sort(c.MESSAGES_COUNT, c.STARTED_AT, descending=[True, False])
    large = pl.col(c.MESSAGES_COUNT) >= TOLD
    told = surges.filter(large)
    drawings: dict[str, Callable[[], GT | Absent]] = {
        "surges": partial(
            laid,
            told.head(_TOP),
            intake_headlines.surges(surges, least=TOLD),
            *(c.STARTED_AT, c.ENDED_AT, c.MESSAGES_COUNT, c.EXCESS, c.IN_FAMILIES, c.AUTHORS),
            c.NEW_ACCOUNTS,
            excess="Сверх нормы",
            **_SPAN,
        ),
        "sensitivity": lambda: laid(
            result.sensitivity.with_columns(
                pl.when(large | (pl.col(c.SURGES) == 0)).then(c.MESSAGES_COUNT)
            ),
            "Другая ширина окна",
            *(c.WINDOW, c.SURGES, c.MESSAGES_COUNT),
            messages="Сообщений в крупнейшем",
        ),
        "checks": partial(_checks, result.checks, source),
    }
    return chosen(part, drawings)


def _lines(result: Campaigns, called: pl.DataFrame) -> pl.DataFrame:
    """Evidence of the families to check, deciding lines first, with what each line counts."""
    named = called.select(c.FAMILY, _opening(40))
    return (
        result.evidence.join(named, on=c.FAMILY, validate="m:1")
        .with_columns(pl.col(c.LINE).alias(c.COUNTED))
        .sort(c.FAMILY, pl.col(c.ROLE) == "setting", c.LINE)
    )


def _audit(result: Campaigns, by: str, title: str, source: str | None) -> GT | Absent:
    of_kind = result.audit.filter(pl.col(c.BY) == by).rename({c.GROUP: by})
    title = listing.part(of_kind, title=title, top=_TOP)
    return show(of_kind.head(_TOP), by, c.MESSAGES_COUNT, c.FLAGGED, title=title, source=source)


def _opening(most: int) -> pl.Expr:
    """Cut a longer text of a family at a word."""
    text = pl.col(c.TEMPLATE)
    # One character more: a word that ends where the cut falls stays whole.
    opening = text.str.slice(0, most + 1).str.replace(r"[ ,.;:—–-]*\s\S*$", "") + "…"
    return pl.when(text.str.len_chars() > most).then(opening).otherwise(text)


def _checks(frame: pl.DataFrame, source: str | None) -> GT | Absent:
    if frame.is_empty():
        return Absent("Посчитано всё, что здесь считается")
    return show(frame, c.TEST, c.REASON, c.NUMBER, title=c.UNCOUNTED, source=source)
