"""Every sentence with a finding comes from the registry, and its predicate can refute it."""

import ast
import re
from pathlib import Path

import pytest
from headlines.entries import ENTRIES, load

from cur_lab import headlines
from cur_lab.figures.theme import finish

PACKAGE = Path(__file__).parents[2] / "cur_lab"
ROOMS = ("figures", "tables", "report", "notebook")
RUSSIAN = re.compile(r"[а-яё]{2}", re.IGNORECASE)

# Labels, captions and notes, by module: they name what is drawn and claim nothing.
LABELS = {
    "tables/fakes.py": {"f'Нужны и авторы, и время: {c.UNKNOWN}'"},
    "tables/afterwards.py": {"f'Прослежено по {wording.calendar_day(result.at)}. '"},
    "figures/budgeting.py": {
        "f'{escaped(name)}<br>прошло %{{x:.0f}} % срока, отдано %{{y:.1f}} % "
        "голосов<extra></extra>'",
        "f'постов {max(posts)}; {caption}'",
    },
    "figures/fairness.py": {
        "f'%{{customdata[0]}}<br>{hover}, голосовавших %{{customdata[1]}}<br>денег на жителя "
        "%{{y:.0f}}, победителей %{{customdata[2]}}<extra></extra>'",
    },
    "figures/campaigns.py": {
        "f'сходство от {value:.1f}'",
        "f'{spread:.0f} мин'",
    },
    "figures/alarms.py": {
        "f'{row[c.OBSERVED]} за {row[c.HOURS]} ч, ожидалось "
        "{wording.decimal(row[c.EXPECTED], digits=1)}'",
    },
    "figures/answers.py": {
        "f'ещё нет {_EVENTS[event]}, %'",
        "f'доля за {days} дней, %, и 95 %-й интервал'",
    },
    "figures/briefing.py": {
        "f'{result.municipality}; за всё время по {last}; {source}'",
    },
    "figures/hotspots.py": {"f'{rate} на 10 тыс. жителей ({low}–{high})'"},
    "figures/trends.py": {"f'{_UNITS[of]} в день'"},
    "notebook/loading.py": {"f'учебный регион «{region.name}» (вымышлен)'"},
    "notebook/showing.py": {"f'Таблицы не согласуются ({told}): {UNKNOWN}'"},
    "notebook/subject.py": {
        "f'n = {cast} за {listed}; {which}{self.period}; {money}{self.source}.'",
        "f'в валюте {code}'",
        "f'деньги — {self.money}; '",
        "f'с датой {grouped(dated)}: '",
        "f'{wording.days(opens, closes)}, у голосов времени нет'",
        "f\"по {parameters.written('until', until)}\"",
    },
    "report/briefing.py": {"f'за {hours} ч до тревоги'", "f'через {hours} ч'"},
    "report/districts.py": {
        "f'Сводки перед эфиром, {last}'",
        "f'{escape(name)} — недостаточно данных: {escape(_told(error))}'",
    },
    "report/site.py": {
        "f'<h1>Исследования</h1>\\n<ul class=\"cards\">\\n{listed}\\n</ul>'",
        "f'<p class=\"failed\">Выполнение прервано: {escape(outcome.error)}</p>\\n{body}'",
        "f'<p class=\"state failed\">ошибка: {escape(outcome.error)}</p>'",
    },
    "tables/layout.py": {"f\"{title.rstrip('.')}: нечего показать\""},
    "tables/topics.py": {"f'{title}: три худших и три лучших'"},
    "tables/trends.py": {"f'рядов, где {one}'"},
}

load("cur_lab.headlines")
load("headlines.chapters")


def written(path: Path) -> set[str]:
    """Strings a module builds from Russian words and values."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {plain(ast.unparse(n)) for n in nodes if isinstance(n, ast.JoinedStr) and _russian(n)}


def plain(string: str) -> str:
    """One kind of quotes: which of them a string is written in differs by the version of Python."""
    return string.replace("\\'", "'").replace('"', "'")


def _russian(string: ast.JoinedStr) -> bool:
    words = (part.value for part in string.values if isinstance(part, ast.Constant))
    return any(RUSSIAN.search(word) for word in words)


def called_headlines(path: Path) -> list[ast.expr]:
    """What a module calls a headline without the registry."""
    return [
        node.args[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Headline"
    ]


def outside() -> dict[str, set[str]]:
    """What is written outside the registry and is no label, by module."""
    found = {}
    for path in sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")):
        name = str(path.relative_to(PACKAGE))
        found[name] = written(path) - set(map(plain, LABELS.get(name, set())))
    return {name: strings for name, strings in found.items() if strings}


def test_every_headline_has_a_predicate_and_mutations():
    assert ENTRIES.keys() == headlines.REGISTRY.keys()
    for entry in ENTRIES.values():
        assert entry.cases, entry.name
        assert all(case.mutations for case in entry.cases), entry.name


def test_no_sentence_is_written_outside_the_registry():
    assert outside() == {}


def test_a_headline_of_no_frame_is_a_constant():
    """A figure takes a headline and nothing else; what finds nothing is written where it stands."""
    for path in (path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")):
        assert all(isinstance(said, ast.Constant) for said in called_headlines(path)), path
    assert finish.__annotations__["title"] == "Headline"


def test_every_label_on_the_list_is_there():
    for name, labels in LABELS.items():
        assert set(map(plain, labels)) <= written(PACKAGE / name), name


def test_what_claims_something_is_told_from_what_does_not():
    """An expression of claims that matches every form of a sentence, or none, counts nothing."""
    for name, entry in ENTRIES.items():
        if entry.claims is None:
            continue
        said = [
            headlines.REGISTRY[name](*arguments, **case.options)
            for case in entry.cases
            for arguments in (case.arguments, *case.mutated())
        ]
        claiming = [re.search(entry.claims, sentence) is not None for sentence in said]
        assert any(claiming), name
        assert not all(claiming), name


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_a_sentence_follows_from_its_frame_and_no_other(name):
    entry = ENTRIES[name]
    make = headlines.REGISTRY[name]
    for number, case in enumerate(entry.cases):
        told = f"{name}, case {number}"
        sentence = make(*case.arguments, **case.options)
        assert RUSSIAN.search(sentence), told
        assert entry.predicate(sentence, *case.arguments, **case.options), (told, sentence)
        for which, arguments in enumerate(case.mutated()):
            other = make(*arguments, **case.options)
            assert entry.predicate(other, *arguments, **case.options), (told, which, other)
            # What was said of the frame before is not true of this one.
            if other != sentence:
                assert not entry.predicate(sentence, *arguments, **case.options), (told, which)
            else:
                assert which == 0, (told, which, sentence)


# Captions that say what a number is, and what stands where there is none; findings are headlines.
OF_THE_BRIEFING = {
    "Сводка обращений перед эфиром",
    "Под числом — 95 %-ный интервал",
    "По одному сообщению, самому близкому",
    "Необычный рост относительно обычного часа недели",
    "Недостаточно данных: ни о чём не писали",
    "Решений, о которых можно судить, в данных нет",
    "Не определяется по этим данным: в них нет ведомств",
    "Спросили менее",
    "Ещё ведомств с неотвеченными",
    "Не поместились ещё",
}


def test_the_page_of_a_briefing_says_no_more_than_its_headlines():
    page = (PACKAGE / "report" / "briefing.html").read_text(encoding="utf-8")
    page = re.sub(r"<style.*?</style>|\{#.*?#\}", " ", page, flags=re.DOTALL)
    page = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "#", page, flags=re.DOTALL)
    said = [piece.strip(" #\n") for piece in re.split(r"<[^>]+>", page)]
    sentences = {piece for piece in said if re.search(r"[а-яё]{2}.*[.:·]", piece)}
    # A heading, and the headline after it.
    sentences -= {"О чём пишут#.", "О чём спрашивают.", "Тревоги#.", "Обещано и не сделано#."}
    new = {one for one in sentences if not any(map(one.startswith, OF_THE_BRIEFING))}
    assert not new
    assert all(any(one.startswith(known) for one in sentences) for known in OF_THE_BRIEFING)
