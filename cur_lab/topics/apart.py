"""What is set apart before topics are looked for: thanks, greetings and chatter.

They are counted as a topic of their own, so that no topic of substance is named by «молодцы» or
«вот именно». The rule reads a message alone: one written later is placed the same way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c

LABEL = "Прочее: благодарности, переписка"

# Fewer than this are no topic; and where most of the messages are such, they are what it is about.
FEWEST = 3
MOST = 0.5
# A longer message says something beside its thanks, or more than chatter.
_LONGEST_THANKS, _LONGEST_CHATTER = 30, 8
# Who thanks says so at the beginning; «заранее благодарю» and «будем благодарны, если» ask.
_THANKS = (
    r"(?i)^.{0,60}(спасибо|благодар|признательн|молодцы|умнички|поздравля|низкий поклон"
    r"|приятно удивл|дождались|с праздником|с дн[её]м)"
)
_ASKS = (
    r"(?i)\?|(^|[^а-яё])(не|нет|но|прошу|просим|просьба|заранее|если|когда|почему|доколе|помогите"
    r"|пожалуйста|проблем[а-я]*|жалоб[а-я]*|невозможно|требу[а-я]*)([^а-яё]|$)"
)
_CHATTER = frozenset(
    {"привет", "здравствуйте", "здравствовать", "добрый", "утро", "день", "вечер", "ночь", "всем"}
    | {"согласный", "согласен", "поддерживать", "подтверждать", "плюсовать", "плюс", "точно"}
    | {"именно", "правда", "верно", "ага", "угу", "ясно", "понятно", "понятный", "ладно", "окей"}
    | {"ха", "хах", "хаха", "ахах", "лол", "ой", "ох", "эх", "ого", "ура", "класс", "супер"}
    | {"хорошо", "хороший", "отлично", "отличный", "нормально", "прекрасный", "красота"}
    | {"красивый", "любимый", "город", "земляк", "друг", "сосед", "личка", "написать", "писать"}
    | {"адрес", "подсказать", "где", "какой", "кто", "что", "вы", "сам", "пробовать", "видеть"}
    | {"сегодня", "вчера", "завтра", "вроде", "уважаемый", "удача", "счастье", "здоровье", "пара"}
    | {"спасибо", "благодарить", "молодец", "поздравлять", "информация", "ответить", "услышать"}
    | {"праздник", "люди", "человек", "думать", "знать", "сказать", "подметить", "мир", "погода"}
)


def thanks_and_chatter(messages: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which messages only thank, greet or chat; the columns ``text`` and ``terms``."""
    terms, said = pl.col(c.TERM_LIST).fill_null([]), pl.col(c.TEXT).str.strip_chars()
    thanks = (
        said.str.contains(_THANKS)
        & ~said.str.contains(_ASKS)
        & (terms.list.len() <= _LONGEST_THANKS)
    )
    chatter = (
        terms.list.eval(pl.element().is_in(sorted(_CHATTER))).list.all()
        & (terms.list.len() <= _LONGEST_CHATTER)
        & said.str.contains(r"\p{L}")
    )
    found = messages.select((thanks | chatter).fill_null(value=False))
    return found.to_series().to_numpy().astype(bool)
