"""The command line speaks Russian where Russian is spoken, whatever it may say."""

import argparse
import ast
import inspect
import re
import warnings

import polars as pl
import pytest
import templates
from babel.messages.pofile import read_po

from cur_lab import cli, parameters, prepare, translation
from cur_lab.errors import InputError, ParameterError
from cur_lab.prepare import cache

SPOKEN = {
    ("ru_RU.UTF-8", None, None): True,
    (None, "ru_RU.UTF-8", "en_US.UTF-8"): True,
    ("C", "ru_RU.UTF-8", "ru_RU.UTF-8"): False,
    (None, None, "ru"): True,
    (None, None, "Russian_Russia.1251"): True,
    (None, None, "run_ZZ"): False,
    ("", "", "ru_RU"): True,
    (None, None, None): False,
}
# Faults of whoever writes a parser; its user never sees them.
PROGRAMMING = {"ValueError", "TypeError", "ArgumentError", "NotImplementedError"}
UNSEEN = {
    "cannot have multiple subparser arguments",
    'argument "-" with mode %r',
    # Of Python 3.13: we give the help of --version, and warn of nothing.
    "show program's version number and exit",
    "%(heading)s:",
    " (default: %(default)s)",
    "%(prog)s: warning: %(message)s\n",
    "argument '%(argument_name)s' is deprecated",
}
# What stays as it is written in any language.
NAMES = ("None", "true", "false", "rubric", "channel")
CATALOGUE = templates.PACKAGE / "locale" / "ru.po"
MESSAGES = pl.DataFrame({"message_id": ["a"], "text": ["Яма на дороге"]})


def catalogue():
    with CATALOGUE.open("rb") as file:
        return {(one.context, one.id): one.string for one in read_po(file) if one.id}


@pytest.fixture
def russian(monkeypatch):
    monkeypatch.setenv("LC_ALL", "ru_RU.UTF-8")


def russian_words(text):
    return re.search("[а-яё]", text, re.IGNORECASE)


@pytest.mark.parametrize("named", SPOKEN)
def test_the_locale_decides(named, monkeypatch):
    for name, value in zip(("LC_ALL", "LC_MESSAGES", "LANG"), named, strict=True):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert translation.russian_is_spoken() == SPOKEN[named]


def test_every_sentence_of_the_package_has_its_russian():
    """To mend a failure, add what it prints to ``cur_lab/locale/ru.po`` with the Russian."""
    known = catalogue()
    absent = {}
    for said in templates.raised():
        if (said.context, said.text) not in known:
            absent.setdefault((said.context, said.text), said.place)
    entries = [
        f"# {place}\n" + (f'msgctxt "{context}"\n' if context else "") + f"msgid {quoted(text)}\n"
        for (context, text), place in absent.items()
    ]
    assert not entries, "no Russian for\n\n" + "\n".join(entries)


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def test_the_russian_has_the_holes_of_the_english():
    for (_, english), russian in catalogue().items():
        assert set(re.findall(r"\{\d+\}", english)) == set(re.findall(r"\{\d+\}", russian))


def test_what_argparse_says_of_itself_is_known():
    known = catalogue()
    for words, raised in argparse_calls():
        if words not in UNSEEN and not (raised and raised <= PROGRAMMING):
            assert (None, words) in known


def argparse_calls():
    """Yield what argparse hands to gettext, with the errors raised there."""
    tree = ast.parse(inspect.getsource(argparse))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for call in ast.walk(tree):
        looked_up = isinstance(call, ast.Call) and ast.unparse(call.func) == "_"
        if looked_up and isinstance(call.args[0], ast.Constant):
            function = parents[call]
            while not isinstance(function, ast.FunctionDef):
                function = parents[function]
            raised = [n.exc for n in ast.walk(function) if isinstance(n, ast.Raise) and n.exc]
            yield call.args[0].value, {ast.unparse(getattr(exc, "func", exc)) for exc in raised}


@pytest.mark.parametrize("name", sorted(parameters.KNOWN))
def test_what_a_parameter_must_be_is_told_in_russian(name, russian):
    default = None if parameters.KNOWN[name].kind else 1.5
    for value in ("-7", "x", " "):
        try:
            parameters.read(name, value, default=default)
        except (ParameterError, InputError) as error:
            said = translation.error(error)
            named = "|".join(
                (
                    *sorted(parameters._RULES, reverse=True),
                    "None",
                    "true",
                    "false",
                    "rubric",
                    "channel",
                )
            )
            plain = re.sub(rf"'[^']*'|\b({named})\b", "", said)
            assert russian_words(said)
            assert not re.search(r"\b[a-z]{4,}\b", plain.removeprefix(f"{name}: ")), said


def commands(parser):
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from commands(command)


def test_help_is_in_russian(russian, capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    printed = capsys.readouterr().out
    assert printed.startswith("использование: cur-lab")
    for parser in commands(cli._parser()):
        for action in parser._actions:
            assert russian_words(action.help or "КОМАНДА"), action
        english = re.findall(r"^[a-z ]+:", parser.format_help(), re.MULTILINE)
        assert not english


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["study", "-p", "fdr"], "ошибка: аргумент -p: 'fdr' — не ИМЯ=ЗНАЧЕНИЕ"),
        (["briefing", "--all"], "не хватает аргументов: --until"),
        (["briefing", "--until", "2025-01-01"], "нужен один из аргументов --municipality --all"),
        (["briefing", "--all", "--municipality", "x"], "нельзя вместе с аргументом --all"),
        (["study", "--out"], "нужно одно значение"),
        (["study", "--qq"], "неизвестные аргументы: --qq"),
        (["stady"], "недопустимое значение 'stady' (есть: "),
    ],
)
def test_wrong_arguments_are_told_in_russian(arguments, said, russian, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.startswith("использование: ")


def test_bad_input_is_told_in_russian_with_its_own_words_left_alone(russian, tmp_path, capsys):
    file = tmp_path / "no such file"
    assert cli.main(["study", "01", "--messages", str(file)]) == 2
    said = f"cur-lab: {file}: нет такого файла. Проверьте путь\n"
    assert capsys.readouterr().err == said


def test_a_warning_is_told_in_russian_in_one_line(russian, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CUR_LAB_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr(cli, "_cache", lambda options: prepare.messages(MESSAGES).height)
    cache._warn.cache_clear()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert cli.main(["cache"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("cur-lab: выведенное не хранится в ")
    assert "назовите папку" in line


@pytest.mark.parametrize(
    ("said", "russian"),
    [
        ("x.csv: no such file. Check the path", "x.csv: нет такого файла. Проверьте путь"),
        ("no messages (3 posts, 0 rejected rows)", "нет сообщений"),
        ("fdr: 'x' is not a number such as 0.05. The default is 0.05", "По умолчанию 0.05"),
        ("something else: quite unknown. Really", "something else: quite unknown. Really"),
    ],
)
def test_where_only_the_text_is_left_its_parts_are_found(said, russian):
    assert russian in translation.of_text(said, russian=True)
    assert translation.of_text(said, russian=False) == said


def test_elsewhere_all_stays_english(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    with pytest.raises(SystemExit):
        cli.main(["study", "--help"])
    assert not russian_words(capsys.readouterr().out.replace("Камнегорск", ""))
    assert cli.main(["study", "77"]) == 2
    assert "77: no such notebook. Available: 01-" in capsys.readouterr().err


def test_of_several_sentences_the_one_that_says_most_is_meant():
    error = InputError(
        "project 'a' lies in 'b', which is not among the municipalities",
        where="x.csv, row 7 below the header",
        remedy="Did you mean c? There are: none",
    )
    assert translation.error(error, russian=True) == (
        "x.csv, строка 7 под заголовком: проект 'a' в 'b', которого нет среди муниципалитетов. "
        "Может быть, c? Есть: нет"
    )
    assert translation.error(error, russian=False) == str(error)
