"""The folder a user's own region begins as: everything in its place, nothing invented."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from pathlib import Path

from cur_lab import columns as c
from cur_lab.datasets import own_tables, samples, settings
from cur_lab.errors import InputError, ParameterError

# One line of every table, commented: what stands in the cells, and how.
_EXAMPLES: dict[c.Table, dict[str, str]] = {
    c.MUNICIPALITIES: {
        c.MUNICIPALITY: "городской округ Примерный",
        c.OTHER_NAMES: "Примерный район | посёлок Примерный",
        c.POPULATION: "101300",
        c.POPULATION_ELIGIBLE: "80100",
        c.POPULATION_YEAR: "2025",
        c.LATITUDE: "56,74",
        c.LONGITUDE: "48,83",
        c.OKTMO: "99701000",
    },
    c.DECISIONS: {
        c.DECISION_ID: "р-1",
        c.DECIDED_AT: "03.03.2025",
        c.KIND: "работы",
        c.SCOPE: "муниципалитет",
        c.TRIGGERED_BY: "пик",
        c.RUBRIC: "Ямы на дорогах",
        c.MUNICIPALITY: "городской округ Примерный",
        c.TITLE: "Ямочный ремонт улиц",
        c.BUDGET: "12 500 000",
    },
    c.COMMITMENTS: {
        c.COMMITMENT_ID: "о-1",
        c.MADE_AT: "05.03.2025 18:30",
        c.BROADCAST_ID: "э-1",
        c.MUNICIPALITY: "городской округ Примерный",
        c.RUBRIC: "Ямы на дорогах",
        c.TEXT: "Заделать ямы на улице Мира",
        c.AGENCY: "Администрация Примерного",
        c.DUE_AT: "01.06.2025",
        c.DONE_AT: "",
        c.EVIDENCE_URL: "https://example.org/news/1",
    },
    c.AGENCIES: {
        c.AGENCY: "Администрация Примерного",
        c.LEVEL: "муниципальный",
        c.REGIME: "обращение",
        c.CONNECTED_AT: "01.09.2023",
    },
    c.CLAIMS: {
        c.CLAIM_ID: "у-1",
        c.TEXT: "Воду в Примерном отключат на весь июль",
        c.FIRST_SEEN_AT: "10.06.2025 09:00",
        c.REFUTED_AT: "11.06.2025 15:00",
        c.SOURCE: "сайт администрации",
        c.VERDICT: "не подтвердилось",
        c.EVIDENCE_URL: "https://example.org/news/2",
        c.REFUTED_BY: "Водоканал",
        c.INTERESTED_PARTY: "да",
        c.WITHDRAWN_AT: "",
    },
    c.NOTICES: {
        c.NOTICE_ID: "и-1",
        c.PUBLISHED_AT: "15.06.2025 12:00",
        c.MUNICIPALITY: "городской округ Примерный",
        c.RUBRIC: "Отключение воды",
        c.TEXT: "Плановое отключение воды 20 июня с 9 до 17 часов",
    },
    c.BROADCASTS: {
        c.BROADCAST_ID: "э-1",
        c.STARTED_AT: "05.03.2025 18:00",
        c.PAGE_ID: "club1",
        c.MUNICIPALITY: "",
        c.SPEAKER_ROLE: "губернатор",
        c.PROJECT_ID: "",
    },
    c.PAGES: {
        c.PAGE_ID: "club1",
        c.TITLE: "Администрация Примерного",
        c.SECTOR: "администрация",
        c.MUNICIPALITY: "городской округ Примерный",
        c.NETWORK: "ВКонтакте",
        c.OPENED_AT: "01.12.2022",
    },
}

_SETTINGS = """\
# Регион. После знака # стоят пояснения; строку без этого знака читает программа.
# Проверить папку: cur-lab check {folder}

# Так регион называют люди: имя стоит в подписях таблиц и графиков.
name = "{name}"

# Часовой пояс дат, при которых пояс не указан: Europe/Kaliningrad, Asia/Yekaterinburg, Asia/Omsk …
timezone = "Europe/Moscow"


# Выгрузки кладут в папку sources такими, какими они получены. Формат и столбцы находятся сами.
# Если нашлось не то (это скажет проверка), здесь пишут, как верно:
#
# [sources."обращения.xlsx"]
# channel = "hotline"
# columns = {{ "Суть вопроса" = "text", "Дата регистрации (МСК)" = "published_at" }}
#
# channel — откуда все сообщения файла: vk, telegram, hotline или своё слово.
# format — если формат не узнан: {formats}.
# columns — какой заголовок что значит; значить он может:
{columns}


# Голосования кладут в папку votes: файл .pb; либо таблицы проектов и голосов, CSV или XLSX, каждое
# голосование в своей папке. Сколько денег распределяли, таблицы не говорят:
#
# [votes."2025"]
# budget = 150000000
# vote_type = "choose-1"   # один проект на человека; "approval" — несколько


# Свои названия тем: таблицу пишет model.write_names("topic_names.csv"); заполненную кладут в эту
# папку, рядом с region.toml, и тетрадь 01 берёт её сама, когда изучает весь регион.


# Параметры тетрадей: те же имена, что в ячейке параметров.
[parameters]
# since = "2025-01-01"
"""
# What a table of messages may tell, in the words of whoever has one.
_COLUMNS = {
    c.MESSAGE_ID: "номер сообщения",
    c.PUBLISHED_AT: "когда написано",
    c.AUTHOR_ID: "кто написал (станет псевдонимом)",
    c.CHANNEL: "канал: откуда сообщение",
    c.MUNICIPALITY: "муниципалитет",
    c.TEXT: "текст",
    c.RUBRIC: "официальная рубрика",
    c.RUBRIC_GROUP: "группа рубрик",
    c.AGENCY: "кому направлено",
    c.KIND: "жалоба, предложение, вопрос, благодарность",
    c.ANSWERED_AT: "когда дан первый ответ",
    c.ANSWER_TEXT: "текст ответа",
    c.RESOLVED_AT: "когда отмечено решённым",
    c.REOPENED_AT: "когда открыто снова",
}
_SOURCES_IGNORED = "# Выгрузки с текстами граждан в репозиторий не попадают.\n*\n!.gitignore\n"
_VOTES_IGNORED = "# В таблицах голосов бывают номера телефонов.\n*\n!.gitignore\n!*.pb\n"


def new(name: str | os.PathLike[str]) -> Path:
    """Make the folder of a region of your own.

    Parameters
    ----------
    name
        Path of the folder; its last part is what the region is called until ``region.toml`` says
        otherwise.

    Returns
    -------
    Path
        The folder: ``region.toml``, ``sources``, ``votes``, ``notebooks`` and tables of headings
        with one commented example each.

    Raises
    ------
    InputError
        If something lies there already: nothing is ever overwritten.
    ParameterError
        If the name is that of the sample region.
    """
    folder = Path(name)
    if str(name) in samples.NAMES:
        raise ParameterError(
            f"{name} is the sample region",
            where="name",
            remedy="Give your region another name",
        )
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise InputError(
            "something lies here already, nothing is overwritten",
            where=str(folder),
            remedy="Give another name, or check what there is: cur-lab check NAME",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Made beside and moved: a folder is there whole or not at all.
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".region-"))
        try:
            _write(made, folder)
            made.chmod(0o755)
            if folder.is_dir():
                folder.rmdir()
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise InputError(
            f"the folder cannot be made ({error.strerror})",
            where=str(folder),
            remedy="Name a place you may write to",
        ) from error
    return folder


def _write(made: Path, folder: Path) -> None:
    (made / settings.FILE).write_text(_settings(folder), encoding="utf-8")
    for name, ignored in (("sources", _SOURCES_IGNORED), ("votes", _VOTES_IGNORED)):
        (made / name).mkdir()
        (made / name / ".gitignore").write_text(ignored, encoding="utf-8")
    (made / "notebooks").mkdir()
    (made / "notebooks" / ".gitkeep").touch()
    for table, example in _EXAMPLES.items():
        # Russian Excel takes a semicolon for the separator, and UTF-8 by its mark.
        (made / f"{table.name}.csv").write_text(_table(table, example), encoding="utf-8-sig")


def _settings(folder: Path) -> str:
    longest = max(map(len, _COLUMNS))
    listed = [f"#   {name:{longest}}  {words}" for name, words in _COLUMNS.items()]
    return _SETTINGS.format(
        folder=folder.name,
        name=folder.name.replace("\\", "").replace('"', ""),
        formats=", ".join(settings.FORMATS),
        columns="\n".join(listed),
    )


def _table(table: c.Table, example: dict[str, str]) -> str:
    headings = own_tables.headings(table)
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\n")
    rows.writerow(headings[name] for name in example)
    first, *others = example.values()
    rows.writerow([f"# {first}", *others])
    return written.getvalue()
