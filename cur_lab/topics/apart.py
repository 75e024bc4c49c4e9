"""What is set apart before topics are looked for: thanks, greetings and chatter.

They are counted as a topic of their own, so that no topic of substance is named by «молодцы» or
«вот именно». The rule reads a message alone: one written later is placed the same way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns as c
from cur_lab.topics import phrases

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
# Whom a message answers, as VK writes it: [id1|Name].
_ADDRESSED = r"\[(?:id|club|public)\w+\|[^\]]*\]"
# Words that hold talk together and name no matter, by what they do; forms that dictionaries give no
# lemma stand as written. Particles, interjections and first names are known by their kind.
_TALK = frozenset(
    # greetings, address
    {"привет", "приветствовать", "здравствуйте", "здравствовать", "добрый", "доброе", "утро"}
    | {"день", "вечер", "ночь", "уважаемый", "дорогой", "друг", "господин", "всем", "коллега"}
    # agreement, doubt, refusal
    | {"согласный", "согласен", "поддерживать", "поддержать", "подтверждать", "плюсовать", "плюс"}
    | {"плюсануть", "точно", "именно", "правда", "правильно", "верно", "конечно", "ясно", "ясный"}
    | {"понятно", "понятный", "ладно", "окей", "случай", "вроде", "фактически", "наверное", "никто"}
    | {"возможно", "видимо", "прав", "правый", "пора", "давно", "скоро", "всегда"}
    # laughter, surprise, praise, scorn
    | {"ха", "хах", "хаха", "хахаха", "ахах", "ахаха", "лол", "ой", "ох", "эх", "ого", "ура"}
    | {"класс", "супер", "браво", "хорошо", "хороший", "отлично", "отличный", "прекрасный"}
    | {"нормально", "замечательный", "замечательно", "красота", "красиво", "красивый", "здорово"}
    # thanks, wishes
    | {
        "спасибо",
        "благодарить",
        "благодарность",
        "молодец",
        "поздравлять",
        "поздравить",
        "праздник",
    }
    | {"удача", "счастье", "здоровье", "желать", "пожелать", "господь", "бог", "помочь", "мир"}
    | {"ерунда", "чушь", "бред", "фигня", "ужас", "позор", "кошмар", "неправда", "ложь"}
    # where one talks; questions and talk about talk
    | {"личка", "лс", "комментарий", "коммент", "пост", "чат", "ссылка", "источник", "сведение"}
    | {"где", "какой", "кто", "что", "куда", "откуда", "зачем", "вы", "сам", "сегодня", "вчера"}
    | {"завтра", "подсказать", "спросить", "писать", "написать", "сказать", "говорить", "ответить"}
    | {"ответ", "вопрос", "слово", "информация", "услышать", "слышать", "видеть", "знать", "думать"}
    | {"понимать", "понять", "читать", "почитать", "прочитать", "человек", "люди"}
)
_WITHOUT_MATTER = frozenset({"INTJ", "PRCL", "NPRO", "CONJ", "PREP"})


def thanks_and_chatter(messages: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which messages only thank, greet or chat; the columns ``text`` and ``terms``."""
    said = pl.col(c.TEXT).str.strip_chars()
    whom = said.str.extract_all(_ADDRESSED).list.join(" ").str.to_lowercase()
    terms = (
        pl.col(c.TERM_LIST)
        .fill_null([])
        .list.set_difference(whom.str.extract_all(r"[\p{L}]+").fill_null([]))
    )
    thanks = (
        said.str.contains(_THANKS)
        & ~said.str.contains(_ASKS)
        & (terms.list.len() <= _LONGEST_THANKS)
    )
    short = messages.select(terms.alias("term")).filter(
        pl.col("term").list.len() <= _LONGEST_CHATTER
    )
    words = short["term"].explode(empty_as_null=False).drop_nulls().unique().sort()
    of_talk = [word for word in words if _is_talk(word)]
    chatter = (
        terms.list.eval(pl.element().is_in(of_talk)).list.all()
        & (terms.list.len() <= _LONGEST_CHATTER)
        & said.str.contains(r"\p{L}")
    )
    found = messages.select((thanks | chatter).fill_null(value=False))
    return found.to_series().to_numpy().astype(bool)


def _is_talk(word: str) -> bool:
    return word in _TALK or phrases.is_first_name(word) or phrases.part_of(word) in _WITHOUT_MATTER
