import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import columns, entities
from cur_lab.entities import address_rules


def keys(content):
    return entities.addresses(pl.Series([content]))["address"].to_list()


# Each line is one house, spelled in several ways.
HOUSES = [
    "на улице Ленина, дом 5|ул.Ленина,д.5|по Ленина 5|ул ленина 5|ленина 5|Ул. Ленина д 5 кв 3",
    "ул.Харьковская,д.14|на Харьковской 14|по улице Харьковской, 14|улицу Харьковскую 14",
    "Ленинский проспект, 12|пр-т Ленинский 12|по Ленинскому проспекту, д. 12",
    "пр-т Победы 12 корп. 2|проспект Победы, д.12, корпус 2|пр. Победы 12 к2",
    "улица Карла Маркса 65/2|ул. К.Маркса, 65/2|Маркса 65/2|ул. К. Маркса д. 65 / 2",
    "ул. Сумская, 5а|Сумская 5 А|улица Сумская дом 5-а|на Сумской, 5а",
    "пер. Светлый 3|Светлый переулок, 3|в переулке Светлый 3",
    "мкр. Волокно 3|микрорайон Волокно, д. 3",
    "2-й Весенний пр-д д.22|проезд 2-й Весенний, 22",
    "ул. 50 лет Октября 106|улице 50 лет октября, д. 106",
    "дом №16 по улице Студенческая|ул. Студенческая 16|домом 16 по ул. Студенческой",
    "ш. Московское 7|Московское шоссе, 7",
    "б-р Майский 11|Майский бульвар 11",
]


@pytest.mark.parametrize("spellings", HOUSES)
def test_spellings_of_one_house_meet(spellings):
    found = {spelling: keys(spelling) for spelling in spellings.split("|")}
    first = next(iter(found.values()))
    assert len(first) == 1
    assert found == dict.fromkeys(found, first)


def test_houses_stay_apart():
    different = ["ул. Ленина 5", "ул. Ленина 5а", "ул. Ленина 5/2", "пр. Ленина 5", "ул. Мира 5"]
    assert len({keys(address)[0] for address in different}) == len(different)


@pytest.mark.parametrize(
    "content",
    [
        "дом 5 лет стоит пустой",
        "9 мая был праздник",
        "школа 5, детский сад 12",
        "На улице минус 20 градусов",
        "на улице темно и холодно",
        "Маршрут 263 опоздал на 15 минут",
        "площадь 50 кв. метров",
        "Иванова 12 мая звонила",
        "перешёл улицу",
        "проезд подорожал на 5 рублей",
        "квартира 5 этаж",
        "Водитель № 15 хамит пассажирам",
        "Видел водителя № 15",
        "Гимназия № 3 закрыта",
        "Автобусы № 7 не ходят",
    ],
)
def test_no_address(content):
    assert keys(content) == []


def test_parts_of_an_address():
    content = "Живу: г. Курск, ул. Ленина, д. 5, корп. 2, подъезд 1, кв. 30."
    row = entities.addresses(pl.Series([content])).row(0, named=True)
    assert row["text"] == "г. Курск, ул. Ленина, д. 5, корп. 2, подъезд 1, кв. 30"
    assert content[row["start"] : row["stop"]] == row["text"]
    assert (row["settlement"], row["street"]) == ("Курск", "улица ленина")
    assert (row["house"], row["flat"], row["address"]) == ("5к2", "30", "улица ленина, 5к2")


def test_streets_named_after_people_keep_the_genitive():
    assert keys("проспект Плевицкой") == ["проспект плевицкой"]
    assert keys("ул. Дзержинского") == ["улица дзержинского"]
    assert keys("улица 9 Мая, 10") == ["улица 9 мая, 10"]
    assert keys("проспект Победы дом 5 лет назад") == ["проспект победы"]


def test_villages_and_homes_without_a_street():
    village = entities.addresses(pl.Series(["деревня Ивановка, дом 5"])).row(0, named=True)
    assert (village["settlement"], village["house"], village["street"]) == ("Ивановка", "5", None)
    assert keys("дом 5, кв. 12") == ["5"]
    assert entities.addresses(pl.Series(["домов №1-3"]))["flat"].null_count() == len(
        keys("домов №1-3")
    )


def test_debug_shows_the_rules():
    frame = entities.debug("г. Курск, ул. Ленина, д. 5, кв. 3")
    assert frame["rule"].to_list() == ["kind_then_name", "name_then_house", "house_and_flat"]
    assert frame["kept"].to_list() == [True, False, False]


def test_find_people_places_organisations_addresses():
    content = "Мария Иванова из Курска пишет в Роспотребнадзор о доме на ул. Мира, 5."
    found = entities.find(pl.Series([None, content, ""]))
    assert set(found["row"]) == {1}
    assert found.select("kind", "text").rows() == [
        ("person", "Мария Иванова"),
        ("place", "Курска"),
        ("organisation", "Роспотребнадзор"),
        ("address", "ул. Мира, 5"),
    ]


def test_find_places_spans_in_long_texts():
    content = "Вода есть. " * 300 + "Пишет Мария Иванова. " + "слово" * 500
    found = entities.find(pl.Series([content]))
    assert ("person", "Мария Иванова") in found.select("kind", "text").rows()
    assert all(content[a:b] == t for a, b, t in found.select("start", "stop", "text").rows())


@given(st.text(max_size=80) | st.text(alphabet="ул. дЛенина5,-/квг№ \n", max_size=60))
@settings(deadline=None, max_examples=200)
def test_spans_are_true_and_apart(content):
    found = entities.addresses(pl.Series([content]))
    columns.ADDRESSES.check(found, where="test")
    place = 0
    for start, stop, words in found.select("start", "stop", "text").rows():
        assert place <= start < stop <= len(content)
        assert content[start:stop] == words
        place = stop


def test_nothing_in_nothing():
    texts = pl.Series([None, "", "😀🔥", "\u202e", "!" * 10_000], dtype=pl.String)
    for function in (entities.find, entities.addresses):
        assert function(texts).is_empty()
        assert function(texts.head(1)).schema == function(pl.Series(["ул. Мира, 5"])).schema


PARTS = st.sampled_from(
    [
        "ул.",
        "Ул. ",
        "на улице ",
        "пр-т ",
        "ш.",
        "пер. ",
        "Ленина",
        "ленина",
        "Харьковская",
        "Садовой ",
        "К.Маркса",
        "Победы",
        "Ивановка-",
        "дон-",
        "-Ова",
        "деревня Ивановка",
        "с. ",
        "д. ",
        "дом ",
        "Дом №",
        "№",
        "5",
        "12а",
        "14/2",
        " ",
        ", ",
        ".",
        "\n",
        "кв. 3",
        "-",
        "по ",
        "на ",
        "лет",
        "2-й ",
        "Ленинский ",
    ]
)


@given(st.lists(st.lists(PARTS, max_size=9).map("".join) | st.none(), max_size=60))
@settings(deadline=None, max_examples=100)
def test_addresses_of_many_texts_are_those_of_each(contents):
    found = address_rules.find_all(contents)
    assert found == [address_rules.find(content or "") for content in contents]
