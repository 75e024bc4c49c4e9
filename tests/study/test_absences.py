"""On a user's own data a copy says once what cannot be answered, and nothing of the sample."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cur_lab.study.absences import gather

NO_DATES = "В этих данных нет дат: не определяется по этим данным"
NO_PLACES = "В этих данных нет муниципалитетов: не определяется по этим данным"
OF_A_FIGURE = "Точка — доля.\n\n**Чего это не показывает:** причин."


def code(name, shows=True, **metadata):
    outputs = [new_output("display_data", {"text/html": name})] if shows else []
    return new_code_cell(name, id=name, outputs=outputs, metadata=metadata)


def notebook(*cells):
    return new_notebook(cells=[new_markdown_cell("# Вопрос", id="head"), *cells])


DATA = (new_markdown_cell("## Данные", id="data"), code("read"))
PASSPORT = (new_markdown_cell("## Паспорт", id="end"), code("passport"))


def words(copy):
    return [cell.source for cell in copy.cells if cell.cell_type == "markdown"]


def shown(copy):
    return [cell.id for cell in copy.cells if cell.get("outputs")]


def test_a_section_without_an_answer_is_named_once_below_the_data():
    asked = notebook(
        *DATA,
        new_markdown_cell("Дни.\n\n## Когда", id="when"),
        code("days"),
        new_markdown_cell(f"{OF_A_FIGURE}\n\n## Где", id="where"),
        code("places"),
        *PASSPORT,
    )
    before = [cell.copy() for cell in asked.cells]
    copy = gather(asked, {"days": NO_DATES})
    assert asked.cells == before
    told = words(copy)
    assert told[3] == (
        "**Что по этим данным не определяется** — по причинам и разделам:\n\n"
        "- В этих данных нет дат: «Когда»."
    )
    assert told == ["# Вопрос", "## Данные", "Дни.", told[3], "## Где", "## Паспорт"]
    assert shown(copy) == ["read", "places", "passport"]
    # The code stays: the copy can be run again.
    assert [cell.id for cell in copy.cells if cell.cell_type == "code"] == [
        "read",
        "days",
        "places",
        "passport",
    ]


def test_a_notebook_that_answers_nothing_says_so_in_one_sentence():
    asked = notebook(
        *DATA,
        new_markdown_cell("## Когда", id="when"),
        code("days"),
        new_markdown_cell("## Сдвиги", id="shifts"),
        code("shifts-table"),
        code("nothing"),
        *PASSPORT,
    )
    copy = gather(asked, {"days": NO_DATES, "shifts-table": NO_DATES}, {"nothing"})
    assert words(copy)[2] == (
        "**Эта тетрадь по этим данным не отвечает на свой вопрос.** В этих данных нет дат."
    )
    assert shown(copy) == ["read", "passport"]


def test_within_a_section_a_reason_is_said_once_and_a_figures_words_go_with_it():
    asked = notebook(
        *DATA,
        new_markdown_cell("## Где", id="where"),
        code("table"),
        code("figure"),
        new_markdown_cell(OF_A_FIGURE, id="words"),
        code("again"),
        *PASSPORT,
    )
    copy = gather(asked, {"figure": NO_PLACES, "again": NO_PLACES})
    assert OF_A_FIGURE not in words(copy)
    assert shown(copy) == ["read", "table", "figure", "passport"]
    assert not any("не определяется**" in told for told in words(copy))


def test_a_figure_that_is_there_keeps_its_words():
    asked = notebook(*DATA, code("figure"), new_markdown_cell(OF_A_FIGURE, id="w"), *PASSPORT)
    assert gather(asked, {}).cells == asked.cells


def test_nothing_of_the_sample_is_left():
    asked = notebook(
        *DATA,
        new_markdown_cell("Учебный регион.", id="told", metadata={"tags": ["sample"]}),
        new_markdown_cell("## Сверка с истиной", id="truth", metadata={"tags": ["sample"]}),
        code("planted", tags=["sample"]),
        *PASSPORT,
    )
    copy = gather(asked, {})
    assert words(copy) == ["# Вопрос", "## Данные", "## Паспорт"]
    assert shown(copy) == ["read", "passport"]
    assert "planted" in [cell.id for cell in copy.cells]
