import json
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import privacy
from cur_lab.errors import ParameterError
from cur_lab.privacy import tagging
from cur_lab.privacy.folded import folded


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
    "mark", ["\u2011", "\u2212", "\u202f", "\u2009", "\u00ad", "\u200b", "\ufe0f"]
)
@pytest.mark.parametrize(
    ("groups", "label"),
    [
        (("+7", "910", "123", "45", "67"), "ТЕЛЕФОН"),
        (("4111", "1111", "1111", "1111"), "КАРТА"),
        (("40817", "810", "0", "9991", "0004312"), "СЧЁТ"),
        (("СНИЛС 112", "233", "445", "95"), "ДОКУМЕНТ"),
        (("М", "178", "РХ", "46"), "НОМЕР АВТО"),
    ],
)
def test_no_rule_asks_for_the_exact_mark(mark, groups, label):
    assert redact(mark.join(groups)).endswith(f"[{label}]")


@pytest.mark.parametrize(
    ("found", "redacted"),
    [
        ("8-91O-123-45-67", "[ТЕЛЕФОН]"),
        ("８９１０１２３４５６７", "[ТЕЛЕФОН]"),
        ("эт. 3, 89101234567;89107654321", "эт. 3, [ТЕЛЕФОН];[ТЕЛЕФОН]"),
        ("8(910)1234567 доб. 12", "[ТЕЛЕФОН]"),
        ("+992 93 123 45 67", "[ТЕЛЕФОН]"),
        ("восемь девятьсот шесть двести сорок пять десять двадцать", "[ТЕЛЕФОН]"),
        ("пишите anna собака mail точка ru", "пишите [ПОЧТА]"),
        ("участок 46:29:102030:15", "участок [КАДАСТРОВЫЙ НОМЕР]"),
        ("VIN XTA210990Y2766389", "VIN [НОМЕР АВТО]"),
        ("кв. 3, дом 5, ул. Мира", "[АДРЕС]"),
        ("ул. Мира, д. 12/3 (под. 1, эт. 2, кв. 7)", "[АДРЕС]"),
        ("8&nbsp;910&nbsp;123-45-67", "[ТЕЛЕФОН]"),
        ("8/910/123.45.67", "[ТЕЛЕФОН]"),
        ("00 380 67 123 45 67", "[ТЕЛЕФОН]"),
        ("8 910 двести тридцать один сорок пять", "[ТЕЛЕФОН]"),
        ("СНИЛС 112/233/445/95", "СНИЛС [ДОКУМЕНТ]"),
        ("4111\n1111\n1111\n1111", "[КАРТА]"),
        ("паспорт_4510_123456", "паспорт_[ДОКУМЕНТ]"),
        ("загран 71 № 1234567", "загран [ДОКУМЕНТ]"),
        ("прицеп АК 1234 46", "прицеп [НОМЕР АВТО]"),
        ("Л.С.№ 574744", "Л.С.№ [СЧЁТ]"),
        ("ЕЛС 46АЕ123456", "ЕЛС [СЧЁТ]"),
        ("ОГРНИП 304463212345674", "ОГРНИП [ДОКУМЕНТ]"),
        ("Иванова Анна Петровна, 01.02.1990", "[ИМЯ], [ДАТА РОЖДЕНИЯ]"),
        ("в квартире 3 (г. Курск, ул. Мира, д. 5)", "в [АДРЕС]"),
        ("305000, г. Курск, ул. Мира, д. 5, кв. 7", "[АДРЕС]"),
        ("anna собака джимейл точка ком", "[ПОЧТА]"),
        ("вк: marina_k", "вк: [ПРОФИЛЬ]"),
    ],
)
def test_spellings(found, redacted):
    assert redact(found) == redacted


def test_json_stays_json_and_a_time_is_no_phone():
    row = {"date": 1693526400, "at": 1693526400123, "from": "user8910", "phone": 89101234567}
    row |= {
        "text": 'Звоните "8 910 123-45-67"\nСидорова М. И.',
        "more": ["тел. 34-56-78", 12345678901],
    }
    for escaped in (True, False):
        told = json.loads(redact(json.dumps(row, ensure_ascii=escaped)))
        assert told == row | {
            "phone": "[ТЕЛЕФОН]",
            "text": 'Звоните "[ТЕЛЕФОН]"\n[ИМЯ]',
            "more": ["тел. [ТЕЛЕФОН]", 12345678901],
        }


@pytest.mark.parametrize(
    ("keep", "redacted"),
    [
        ("house", "ул. Мира, д. 5 и [АДРЕС]; дом 7 по улице Мира"),
        (
            "street",
            "ул. Мира, д. [АДРЕС] и г. Курск, ул. 9 мая, [АДРЕС]; [АДРЕС] по улице Мира",
        ),
        ("municipality", "[АДРЕС] и г. Курск, [АДРЕС]; [АДРЕС]"),
    ],
)
def test_what_may_stay_of_an_address(keep, redacted):
    content = "ул. Мира, д. 5 и г. Курск, ул. 9 мая, д. 9, кв. 7; дом 7 по улице Мира"
    assert privacy.redact(pl.Series([content]), names=False, keep=keep)[0] == redacted


def test_what_may_stay_is_one_of_three():
    with pytest.raises(ParameterError, match="house, street, municipality"):
        privacy.redact(pl.Series(["ул. Мира, 5"]), keep="flat")


OFFICIALS = ["Соколов Игорь Павлович", "Жукова Анна Сергеевна", "Сергеев Сергей Сергеевич"]


@pytest.mark.parametrize(
    ("found", "redacted"),
    [
        ("губернатору Соколову И. П.", None),
        ("Соколова Игоря Павловича просим", None),
        ("СОКОЛОВУ И.П.", None),
        ("И. П. Соколов обещал", None),
        ("Игорем Соколовым обещано", None),
        ("у Анны Сергеевны Жуковой", None),
        ("Сергееву Сергею Сергеевичу", None),
        ("Жукова А.С. и Жукова А.П.", "Жукова А.С. и [ИМЯ]"),
        ("Соколову И. И. и Соколову Павлу", "[ИМЯ] и [ИМЯ]"),
        ("Соколов Игорь Иванович", "[ИМЯ]"),
        ("Ирина Павловна Соколова", "[ИМЯ]"),
        ("Игорь Павлович просит", "[ИМЯ] просит"),
        ("губернатору Соколову И. П. от Котова П. П.", "губернатору Соколову И. П. от [ИМЯ]"),
        ("с уважением, Соколов", "с уважением, [ИМЯ]"),
    ],
)
def test_officials_stay_and_their_namesakes_do_not(found, redacted):
    told = privacy.redact(pl.Series([found]), names=False, officials=OFFICIALS)[0]
    assert told == (redacted or found)
    assert privacy.redact(pl.Series([told]), names=False, officials=OFFICIALS)[0] == told
    assert "[ИМЯ]" in redact(found)


def test_an_official_has_a_first_name():
    with pytest.raises(ParameterError, match="surname, a first name"):
        privacy.redact(pl.Series(["Соколов"]), officials=["Соколов"])


def test_debug_names_the_rules():
    found = privacy.debug("карта 4111 1111 1111 1111, тел. 8\u2011910\u2011123\u201145\u201167")
    assert set(found["rule"]) >= {"cards", "of_eleven"}
    assert found.filter(rule="of_eleven")["text"].to_list() == [
        "8\u2011910\u2011123\u201145\u201167"
    ]


@pytest.mark.parametrize(
    "content",
    [
        "КБК 182 1 06 01020 04 1000 110",
        "хеш данных d44327336165a2db",
        "ОГРН 1024600959416",
        "страховщик по ОМС «Здоровье», ОГРН 1024600959415",
        "Telegram Desktop завис",
        "папки telegram-news и vk-comments",
        "за 2019/2020/2021/2023",
        "двигатель 150 л.с. 2015 года",
        "счётчик № 12345678",
        "заявка № 2345678901",
        "цена 12 345 678 руб., тариф 5,06",
        "дома 178-180 и 182",
        "с 10.06.2021 по 11.06.2021",
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


FULL_NAMES = ["Ковалёва Анна Сергеевна", "Пётр Ильич Жуков", "Светлана Игоревна", "Игорь Соколов"]


@pytest.mark.parametrize("case", [str, str.lower, str.upper])
@pytest.mark.parametrize("name", FULL_NAMES)
def test_names_in_any_case_without_the_tagger(name, case):
    assert redact(case(f"Пишет вам {name} с жалобой")) == case("Пишет вам ") + "[ИМЯ]" + case(
        " с жалобой"
    )


@pytest.mark.parametrize(
    ("found", "redacted"),
    [
        ("соколова и.п. жалуется", "[ИМЯ] жалуется"),
        ("И.П.СОКОЛОВА", "[ИМЯ]"),
        ("меня зовут игорь соколов", "меня зовут [ИМЯ]"),
        ("Свтлана Игоревна просит", "[ИМЯ] просит"),
        ("с уважением, соколова", "с уважением, [ИМЯ]"),
        ("Соколова-Жукова Анна Петровна", "[ИМЯ]"),
        ("Глава сельсовета В. И. Соколов", "Глава сельсовета [ИМЯ]"),
        ("Воробьёва С.В. жалуется", "[ИМЯ] жалуется"),
        ("Щеглов Алексей Васильевич", "[ИМЯ]"),
    ],
)
def test_names_by_rules(found, redacted):
    assert redact(found) == redacted


@pytest.mark.parametrize(
    "content",
    [
        "Бекетова, 38: нет воды",
        "ул карла маркса яма",
        "на улице ленина нет света",
        "памятник Юрию Гагарину",
        "света нет, надежды нет, т.е. и т.д.",
        "ПОЧЕМУ НЕ РАБОТАЕТ ЛИФТ НА УЛИЦЕ САДОВОЙ",
        "УК НЕ ЧИСТИТ ДВОР",
    ],
)
def test_what_is_named_after_people_and_common_words_stay(content):
    assert redact(content, names=True) == content


def test_a_name_found_once_is_found_again():
    content = "Вчера Сидоров сказал одно. Потом мы спросили его, и ответа Сидорова нет."
    assert "Сидоров" not in redact(content, names=True)


def test_the_tagger_is_asked_only_where_dictionaries_are_in_doubt(monkeypatch):
    asked = []
    monkeypatch.setattr(tagging, "mentions", lambda contents: asked.extend(contents) or [])
    privacy.redact(pl.Series(["Нет воды в Курске. Когда дадут?", "Пишет Анна Петровна Жукова"]))
    assert not asked
    privacy.redact(pl.Series(["а Жуков опять молчит"]))
    assert asked


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


ODD = st.sampled_from(
    ["\u0301", "\u00ad", "\u200b", "&nbsp;", "и\u0306", "8\u2011910", "Пeтpoв", "１２"]
)
# Letters that look alike in two alphabets, and digits that look like letters.
ALIKE = str.maketrans("аеорсухикмнптьвзёéoil", "ae0pcyxukmhntbb3ee011")


def plainest(content):
    return content.casefold().translate(ALIKE)


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


@given(st.lists(PIECES | ODD, max_size=8).map("".join) | st.text(max_size=60))
@settings(deadline=None, max_examples=60)
def test_places_of_the_folded_text_are_those_of_the_original(content):
    read = folded(content)
    for start in range(len(read.text)):
        for stop in range(start + 1, min(start + 4, len(read.text)) + 1):
            begin, end = read.original(start, stop)
            assert 0 <= begin < end <= len(content)
            # Neighbours decide what a look-alike is: they are told apart by the whole alone.
            told = folded(content[begin:end]).text
            assert len(told) == stop - start
            assert plainest(told) == plainest(read.text[start:stop])


@given(st.lists(st.lists(PIECES, max_size=4).map(" ".join), min_size=1, max_size=4))
@settings(deadline=None, max_examples=20)
def test_redacting_what_is_joined_is_joining_what_is_redacted(contents):
    # A name may be told from another one beside it, so sentences with words stand between.
    apart = "\n\nНа дворе яма.\n\n"
    parts = [content.replace("и", "").replace("\n", " ").strip(" ,") for content in contents]
    assert redact(apart.join(parts)) == apart.join(redact(part) for part in parts)


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


def test_towns_and_slips_of_the_pen_are_no_people():
    texts = [
        "У знакомых в Камнегорске порядок, а наш двор забыли",
        "Гуляли с детьми на площади, Плаатье испорчено, водитель говрит: не моё дело",
    ]
    assert privacy.redact(pl.Series(texts[:1])).to_list() == texts[:1]
    assert "говрит" in privacy.redact(pl.Series(texts))[1]


@pytest.mark.parametrize("word", ["веетр", "нелзья", "квартиоы", "сдаал"])
def test_a_common_word_misspelt_in_small_letters_is_nobody(word):
    told = f"опять {word} и грязь во дворе, сколько можно терпеть, приезжайте и посмотрите"
    assert privacy.redact(pl.Series([told])).to_list() == [told]
