"""The reader's words: a Russian heading for every column shown, and words for every code.

Columns that several chapters share are described here, the others beside their tables. A name
means one thing everywhere; where a table gives it a narrower sense, :func:`cur_lab.tables.show`
takes a heading of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from cur_lab.columns import names as c
from cur_lab.columns.heading import Heading
from cur_lab.errors import SchemaError

_SHARED = {
    # what people write, where, when
    c.MESSAGE_ID: Heading("Сообщение", absent="сообщений"),
    c.PUBLISHED_AT: Heading("Отправлено", kind="moment", absent="дат"),
    c.AUTHOR_ID: Heading("Автор", absent="авторов"),
    c.CHANNEL: Heading("Канал", absent="каналов"),
    c.MUNICIPALITY: Heading("Муниципалитет", absent="муниципалитетов"),
    c.TEXT: Heading("Что пишут", absent="текстов"),
    c.RUBRIC: Heading("Рубрика", absent="рубрик"),
    c.RUBRIC_GROUP: Heading("Группа рубрик", absent="групп рубрик"),
    c.AGENCY: Heading("Ведомство", absent="ведомств"),
    c.KIND: Heading("Вид", absent="видов сообщений"),
    c.ANSWERED_AT: Heading("Ответ дан", kind="moment", absent="времени ответов"),
    c.RESOLVED_AT: Heading("Решено", kind="moment", absent="отметок о решении"),
    c.THREAD_ID: Heading("Запись", absent="записей, под которыми пишут"),
    c.STREET: Heading("Улица", kind="street", absent="адресов"),
    c.HOUSE: Heading("Дом", absent="домов"),
    c.TEMPLATE: Heading("Общие слова"),
    c.POPULATION: Heading("Жителей", absent="числа жителей"),
    c.TOPIC: Heading("Номер темы", absent="тем"),
    c.LABEL: Heading("Тема"),
    c.KEYWORDS: Heading("Ключевые слова"),
    # how much, how sure
    "messages": Heading("Сообщений"),
    "incidents": Heading("Случаев"),
    "authors": Heading("Авторов"),
    c.SHARE: Heading("Доля", kind="share"),
    c.RATIO: Heading("Отношение"),
    c.OBSERVED: Heading("Наблюдалось", kind="count", digits=1),
    c.EXPECTED: Heading("Ожидалось", kind="count", digits=1),
    c.P_VALUE: Heading("p", kind="p"),
    c.Q_VALUE: Heading("q", kind="p"),
    c.VERDICT: Heading("Вывод"),
    c.EXPLANATION: Heading("Невинное объяснение"),
    c.NOTE: Heading("Примечание"),
    c.TEST: Heading("Проверка"),
    c.REASON: Heading("Почему"),
    c.SUPPRESSED: Heading("Скрыто"),
    c.METHOD: Heading("Способ"),
    c.UNIT: Heading("Единица"),
    c.VALUE: Heading("Значение"),
    "fact": Heading("Что"),
    "package": Heading("Пакет"),
    "version": Heading("Версия"),
}

_CHANNELS = {
    "vk": "ВКонтакте",
    "ok": "Одноклассники",
    "telegram": "Telegram",
    "max": "MAX",
    "bot": "чат-бот",
    "gosuslugi": "Госуслуги. Решаем вместе",
    "hotline": "горячая линия",
    "portal": "портал",
}

# Codes of what a question is not answered for; no column of a table.
NOT_ENOUGH = "not_enough"

_SHARED_CODES = {
    NOT_ENOUGH: {
        "not_enough": "Данных недостаточно",
        "campaign_goes_on": "Голосование ещё не кончилось",
        "few_days": "Слишком мало дней",
        "few_posts": "Слишком мало постов о проектах за время голосования",
        "few_scores": "Оценок не хватает, чтобы отделить работы от строгости экспертов",
        "few_codes": "Текстов с кодами слишком мало",
        "no_codes": "Ни один текст не закодирован",
        "no_answers": "Никто не ответил",
        "few_rubrics": "Рубрик с сообщениями меньше двух",
        "few_texts": "Слишком мало разных текстов",
        "few_votes": "Слишком мало проектов с достаточным числом голосов",
        "one_coder": "Ни одно сообщение не кодировали двое",
        "no_applicants": "Ни у одного проекта нет заявителя",
        "no_claims": "В реестре нет опровержений",
        "no_counts": "Считать нечего",
        "no_dated_decisions": "Нет решений с датой и муниципалитетом",
        "no_dates": "Ни у одного сообщения нет даты",
        "no_municipalities": "Ни у одного сообщения нет муниципалитета",
        "no_decisions": "Нет решений или сообщений до и после них",
        "no_estimates": "Ни одно решение не получило оценки",
        "no_fitting_dates": "Даты сообщений и ответов не согласуются",
        "not_watched": "Ни одно происшествие не наблюдалось после первого сообщения",
        "no_linked_messages": "Ни одно сообщение не связать с другим по рубрике, дому и времени",
        "no_messages": "Нет сообщений",
        "no_project_places": "Ни у одного проекта нет муниципалитета из списка",
        "no_project_texts": "У проектов нет ни названия, ни описания",
        "no_projects": "Ни один проект не стоит на голосовании",
        "no_rubrics_in_window": "За этот срок нет сообщений с рубрикой",
        "no_rubrics_with_projects": "Нет муниципалитета, где есть и рубрики, и проекты с текстом",
        "no_rubrics_with_topics": "Ни у одного сообщения нет и рубрики, и темы",
        "no_shared_words": "Ни одно слово не встречается дважды",
        "no_texts": "Ни у одного сообщения нет текста",
        "no_vote_groups": "У голосов нет столбца, по которому их делить",
        "no_vote_places": "Ни у одного голоса нет муниципалитета из списка",
        "no_vote_times": "Ни у одного голоса нет времени",
        "not_followed": "О проектах после голосования ничего не сказано",
        "one_campaign": "Кампания одна, сравнить её не с чем",
        "one_day": "Все сообщения одного дня: сравнить не с чем",
        "short_intake": "Сообщений с датой меньше чем за две недели: обычное взять неоткуда",
        "short_campaign": "Голосование слишком короткое или только началось",
    },
    c.CHANNEL: _CHANNELS,
    "partners": _CHANNELS,
    c.KIND: {
        "complaint": "жалоба",
        "proposal": "предложение",
        "question": "вопрос",
        "thanks": "благодарность",
        "report": "сообщение",
        "other": "прочее",
    },
}


def _headings(chapters: Iterable[Mapping[str, Heading]]) -> dict[str, Heading]:
    """Join the headings of the chapters to the shared ones; a name is described once."""
    joined = dict(_SHARED)
    for chapter in chapters:
        for name, heading in chapter.items():
            if joined.setdefault(name, heading) != heading:
                raise SchemaError(f"column {name} has two headings", where="columns")
    return joined


def _codes(chapters: Iterable[Mapping[str, Mapping[str, str]]]) -> dict[str, dict[str, str]]:
    """Join the words for codes, column by column; a code has one word in a column."""
    joined = {name: dict(words) for name, words in _SHARED_CODES.items()}
    for chapter in chapters:
        for name, words in chapter.items():
            known = joined.setdefault(name, {})
            for code, word in words.items():
                if known.setdefault(code, word) != word:
                    raise SchemaError(f"code {code} of {name} has two words", where="columns")
    return joined


# A chapter joins by standing here; one that shows nothing of its own has neither.
_OTHERS = {"vocabulary", "results"}
_CHAPTERS = [
    import_module(f"cur_lab.columns.{module.name}")
    for module in iter_modules([str(Path(__file__).parent)])
    if module.name not in _OTHERS
]
HEADINGS = _headings(getattr(chapter, "HEADINGS", {}) for chapter in _CHAPTERS)
CODES = _codes(getattr(chapter, "CODES", {}) for chapter in _CHAPTERS)


def missing(names: Iterable[str]) -> tuple[str, ...]:
    """Name in the genitive what is missing where these columns are: «дат», «рубрик»."""
    found = (HEADINGS.get(name) for name in names)
    said = (heading.absent or f"столбца «{heading.text}»" for heading in found if heading)
    return tuple(dict.fromkeys(said))
