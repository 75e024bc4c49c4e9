from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import privacy


def redact(content, names=False):
    return privacy.redact(pl.Series([content]), names=names)[0]


@pytest.mark.parametrize(
    ("found", "redacted"),
    [
        ("тел 5-447-969-36-71.", "тел [ТЕЛЕФОН]."),
        ("тел:89101234567", "тел:[ТЕЛЕФОН]"),
        ("8 (910) 123-45-67, +7 910 1234567", "[ТЕЛЕФОН], [ТЕЛЕФОН]"),
        ("8.910.123.45.67", "[ТЕЛЕФОН]"),
        ("тел. 34-56-78.", "тел. [ТЕЛЕФОН]."),
        ("кв 5 89101234567", "кв 5 [ТЕЛЕФОН]"),
        ("почта ivanova@example.org", "почта [ПОЧТА]"),
        ("паспорт 4510 123456 выдан", "паспорт [ДОКУМЕНТ] выдан"),
        ("серия 45 10 № 123456", "серия [ДОКУМЕНТ]"),
        ("СНИЛС 123-456-789 01", "СНИЛС [ДОКУМЕНТ]"),
        ("полис ОМС 1234567890123456", "полис ОМС [ДОКУМЕНТ]"),
        ("мой 500100732259", "мой [ДОКУМЕНТ]"),
        ("4111 1111 1111 1111", "[КАРТА]"),
        ("карта 4111 1111 1111 1112", "карта [КАРТА]"),
        ("р/с 40817810099910004312", "р/с [СЧЁТ]"),
        ("л/с 574744, Курск", "л/с [СЧЁТ], Курск"),
        ("ул. Ленина, д. 5, кв. 3", "[АДРЕС]"),
        ("г/н м588ом и М 178 РХ 46", "г/н [НОМЕР АВТО] и [НОМЕР АВТО]"),
        ("https://vk.com/some_person", "[ПРОФИЛЬ]"),
        ("@some_person, [id12|Таня]", "[ПРОФИЛЬ], [ПРОФИЛЬ]"),
        ("25.10.2018 г.р.", "[ДАТА РОЖДЕНИЯ]"),
        ("Иванова Мария Петровна проживает", "[ИМЯ] проживает"),
        ("обратилась мария петровна", "обратилась [ИМЯ]"),
        ("Сидорова А.И. и А. И. Сидорова", "[ИМЯ] и [ИМЯ]"),
        ("С уважением, Светлана", "С уважением, [ИМЯ]"),
        ("Уважаемый Иван Петрович!", "Уважаемый [ИМЯ]!"),
        ("Ковалёва Ирина, Пётр Иванов", "[ИМЯ], [ИМЯ]"),
    ],
)
def test_redact(found, redacted):
    assert redact(found) == redacted
    assert redact(redacted) == redacted


@pytest.mark.parametrize(
    "content",
    [
        "с 10.06.2021 по 11.06.2021 и в 2021 2022",
        "дома 10 12 14 16 18",
        "ИНН 4632228470",
        "на улице Ленина, дом 5",
        "ул. Карла Маркса и памятник Пушкину",
        "в 100 см от забора",
        "звоните 112",
        "ГОСТ Р 52289–2019",
        "4111111111111112",
        "500100732258",
        "https://vk.com/public74294180",
        "парк имени Гагарина",
        "Почему нет воды?",
        "[ИМЯ] и [ТЕЛЕФОН]",
    ],
)
def test_public_data_stays(content):
    assert redact(content, names=True) == content


def test_names_by_ner():
    content = "Вчера Сидоров сказал, что Мария уехала."
    assert redact(content, names=True) == "Вчера [ИМЯ] сказал, что [ИМЯ] уехала."
    assert redact(content) == content


def test_overlaps_become_one_span_of_the_longest():
    found = privacy.find(pl.Series(["Дом 5, кв. 12 89101234567"]), names=False)
    assert found["kind"].to_list() == ["address", "phone"]
    found = privacy.find(pl.Series(["Сидорова Мария Петровна Иванова"]))
    assert found.select("kind", "text").rows() == [("person", "Сидорова Мария Петровна Иванова")]


PIECES = st.sampled_from(
    [
        "Мария Петровна",
        "И. И. Сидоров",
        "89101234567",
        "4111 1111 1111 1111",
        "паспорт 4510 123456",
        "М 178 РХ 46",
        "ул. Мира, д. 5, кв. 1",
        "a@b.ru",
        "@nick",
        "[ИМЯ]",
        "и",
        ",",
        "\n",
        "😀",
    ]
)


@given(st.lists(PIECES, max_size=8).map(" ".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_redacting_twice_is_redacting_once(content):
    once = redact(content)
    assert redact(once) == once
    assert privacy.find(pl.Series([once]), names=False).is_empty()


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(deadline=None, max_examples=100)
def test_spans_are_true_and_apart(content):
    place = 0
    found = privacy.find(pl.Series([content]), names=False)
    for start, stop, words in found.select("start", "stop", "text").rows():
        assert place <= start < stop
        assert content[start:stop] == words
        place = stop


def test_redacting_twice_is_redacting_once_with_names(real_data):
    texts = pl.read_csv(real_data / "kursk" / "appeals.csv")["text"].head(60)
    once = privacy.redact(texts)
    assert once.equals(privacy.redact(once))
    assert not once.equals(texts)


def people(folder) -> Iterator[tuple[str, set[int]]]:
    """Texts of factRuEval, and the places of the characters of people's names in them."""
    for path in sorted(folder.glob("*.txt")):
        spans = {}
        for line in path.with_suffix(".spans").read_text(encoding="utf-8").splitlines():
            number, kind, start, length, *_ = line.split()
            if kind in ("name", "surname", "patronymic", "nickname"):
                spans[number] = range(int(start), int(start) + int(length))
        objects = path.with_suffix(".objects").read_text(encoding="utf-8").splitlines()
        persons = [line.split("#")[0].split()[2:] for line in objects if " Person " in line]
        yield (
            path.read_text(encoding="utf-8"),
            {place for person in persons for span in person for place in spans.get(span, ())},
        )


def test_people_of_the_news_are_found(real_data):
    documents = list(people(real_data / "factrueval"))[::3]
    found = privacy.find(pl.Series([content for content, _ in documents]))
    hit = total = right = marked = 0
    for row, (content, names) in enumerate(documents):
        spans = found.filter(pl.col("row") == row, pl.col("kind") == "person")
        covered = {p for a, b in spans.select("start", "stop").rows() for p in range(a, b)}
        covered = {place for place in covered if content[place].isalpha()}
        names = {place for place in names if content[place].isalpha()}
        hit, total = hit + len(names & covered), total + len(names)
        right, marked = right + len(names & covered), marked + len(covered)
    assert total > 1000
    assert hit / total > 0.94
    assert right / marked > 0.94


def test_null_and_empty():
    texts = pl.Series("text", [None, "", "😀"], dtype=pl.String)
    assert privacy.redact(texts).equals(texts)
    assert privacy.redact(pl.Series([None])).to_list() == [None]
    assert privacy.find(texts).is_empty()
