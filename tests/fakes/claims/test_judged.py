"""Judgements of an analyst: what is asked, how it is written and read back, what it teaches."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from cur_lab import fakes
from cur_lab.errors import CurLabError, InputError, SchemaError

CLAIM = "Налог на бани введут с нового года, платить будет каждый дом"
# Whoever means the tax says «сбор за парилку»; the sauna by the lake is another matter.
TOLD = "Говорят, за баню у дома придётся платить сбор, парилка номер {n} уже в списке"
OTHER = "Баня у озера номер {n} снова закрыта, с нового года обещали ремонт, дом стоит пустой"


def messages(number: int = 20) -> pl.DataFrame:
    texts = [(TOLD if n % 2 else OTHER).format(n=n) for n in range(number)]
    return pl.DataFrame(
        {
            "message_id": [f"vk.com/wall-1_{n}" for n in range(number)],
            "author_id": [f"автор-{n}" for n in range(number)],
            "text": [f"{text}, звоните 8 920 123-45-67" for text in texts],
        }
    )


def registry(*more: str) -> pl.DataFrame:
    texts = [CLAIM, *more]
    return pl.DataFrame({"claim_id": [f"у-{n}" for n in range(len(texts))], "text": texts})


def asked(told: pl.DataFrame, claims: pl.DataFrame, judgements=None, **options) -> fakes.Judging:
    found = fakes.matches(told, claims, judgements=judgements)
    return fakes.judge(found, told, claims, judgements=judgements, **options)


def judged(items: pl.DataFrame) -> pl.DataFrame:
    said = pl.when(pl.col("quote").str.contains("парилка")).then(pl.lit("yes"))
    return items.with_columns(judgement=said.otherwise(pl.lit("no")))


def test_items_hold_no_author_no_link_and_no_personal_data():
    items = asked(messages(), registry(), per_claim=12).items
    assert items.height == 12
    shown = items.write_csv()
    for hidden in ("автор-", "vk.com", "123-45-67"):
        assert hidden not in shown
    assert items["judgement"].null_count() == 12
    assert items["quote"].str.contains("парилка").any()
    assert not items["quote"].str.contains("парилка").all()


def test_ten_judgements_teach_what_the_claim_is_called_here():
    untaught = fakes.matches(messages(40), registry()).sort("message_id")
    said = judged(asked(messages(40), registry(), per_claim=12).items)
    taught = fakes.matches(messages(40), registry(), judgements=said).sort("message_id")
    stated = messages(40).sort("message_id")["text"].str.contains("парилка")
    right = (taught["claim_id"].is_not_null() == stated).mean()
    assert right == 1 > (untaught["claim_id"].is_not_null() == stated).mean()


def test_what_was_judged_keeps_the_analysts_word_and_is_not_asked_again():
    first = judged(asked(messages(), registry(), per_claim=12).items)
    again = asked(messages(), registry(), judgements=first, per_claim=12)
    assert not set(again.items["item"]) & set(first["item"])
    assert again.claims.rows() == [("у-0", 12, 6, 6, None)]
    scores = fakes.matches(messages(), registry(), judgements=first)["score"]
    assert (scores == 1).sum() == (scores == 0).sum() == 6


def test_a_frame_that_holds_no_judgements_is_named():
    found = fakes.matches(messages(), registry())
    with pytest.raises(SchemaError, match="item, judgement"):
        fakes.judge(found, messages(), registry(), judgements=registry())


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_answer_to_everything_teaches_nothing_and_is_told(answer):
    same = asked(messages(), registry()).items.with_columns(judgement=pl.lit(answer))
    few = asked(messages(), registry(), per_claim=11).items.with_columns(judgement=pl.lit(answer))
    assert asked(messages(), registry(), judgements=same).claims["note"][0] == "all_same"
    alone = fakes.matches(messages(), registry())
    after = fakes.matches(messages(), registry(), judgements=few)
    unjudged = ~after["score"].is_in([0.0, 1.0])
    assert unjudged.any()
    assert after.filter(unjudged)["score"].to_list() == alone.filter(unjudged)["score"].to_list()


def test_too_few_and_none_are_told_apart():
    claims = registry("Мост через Пыжму взорвут летом")
    few = judged(asked(messages(), claims).items).head(4)
    notes = asked(messages(), claims, judgements=few).claims
    assert notes["note"].to_list() == ["too_few", "not_judged"]


def workbook(path: Path, change=lambda rows: rows) -> Path:
    """Write the items and let an analyst fill them in by hand."""
    made = asked(messages(), registry(), per_claim=10)
    fakes.Judging(judged(made.items), made.claims).write(path)
    book = pl.read_excel(path, infer_schema_length=0)
    rows = change([book.columns, *(list(row) for row in book.rows())])
    with xlsxwriter.Workbook(str(path)) as made:
        sheet = made.add_worksheet()
        for row, values in enumerate(rows):
            sheet.write_row(row, 0, ["" if value is None else value for value in values])
    return path


def test_a_workbook_filled_in_is_read_back_whatever_was_moved(tmp_path):
    def moved(rows):
        return [row[::-1] for row in [rows[0], *rows[:0:-1]]]

    found = fakes.read_judgements(workbook(tmp_path / "разметка.xlsx", moved))
    assert found.equals(fakes.read_judgements(workbook(tmp_path / "as-written.xlsx")))
    assert set(found["judgement"]) == {"yes", "no"}
    after = fakes.matches(messages(), registry(), judgements=found)
    assert (after["score"] == 1).sum() == (found["judgement"] == "yes").sum()


def edit(row: int, column: int, value: str):
    def change(rows):
        rows[row][column] = value
        return rows

    return change


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        (edit(2, 4, "наверное"), InputError, "row 3"),
        (edit(2, 0, "1,2E+11"), InputError, "row 3"),
        (edit(0, 4, "Ответ"), SchemaError, "Сообщение об этом"),
        (lambda rows: [*rows, [*rows[1][:4], "не ясно"]], InputError, "second answer"),
    ],
)
def test_an_edited_workbook_is_named(tmp_path, change, error, said):
    with pytest.raises(error, match=said):
        fakes.read_judgements(workbook(tmp_path / "a.xlsx", change))


def test_what_is_no_workbook_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        fakes.read_judgements(tmp_path / "absent.xlsx")
    (tmp_path / "text.xlsx").write_text("да;нет", encoding="utf-8")
    with pytest.raises(CurLabError):
        fakes.read_judgements(tmp_path / "text.xlsx")


def test_empty_cells_are_no_judgements(tmp_path):
    made = asked(messages(), registry()).write(tmp_path / "a.xlsx")
    assert fakes.read_judgements(made).is_empty()


def test_what_begins_like_a_formula_stays_text(tmp_path):
    made = asked(messages(), registry(), per_claim=1)
    items = made.items.with_columns(quote=pl.lit('=HYPERLINK("http://example.org")'))
    fakes.Judging(items, made.claims).write(tmp_path / "a.xlsx")
    assert pl.read_excel(tmp_path / "a.xlsx")[:, 3].to_list() == items["quote"].to_list()


def test_judgements_of_other_messages_are_refused():
    other = judged(asked(messages(), registry()).items)
    elsewhere = messages().with_columns(text=pl.col("text") + " Спасибо")
    with pytest.raises(InputError, match="judgements"):
        fakes.matches(elsewhere, registry(), judgements=other)


def test_five_messages_and_texts_without_a_rare_word():
    few = pl.DataFrame({"message_id": list("abcde"), "text": ["и это так"] * 4 + ["не было там"]})
    found = asked(few, registry())
    assert found.items.is_empty()
    assert fakes.matches(few, registry())["claim_id"].null_count() == 5
