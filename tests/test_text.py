import unicodedata

import polars as pl
import pytest
import razdel
from hypothesis import given, settings
from hypothesis import strategies as st

from cur_lab import text
from cur_lab.errors import ParameterError, SchemaError
from cur_lab.text import boundaries, cleaning

# Characters between which razdel's rules decide, so that random texts meet them.
RAZDEL = st.text(alphabet="абВё yZ 15,.-–_/\\!?…:=;)(«»\"'@№Δβ*%\n\t", max_size=60)


def one(function, content):
    return function(pl.Series([content], dtype=pl.String)).to_list()[0]


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        ("<p>Нет&nbsp;воды</p><p>Помогите</p>", "Нет воды\nПомогите"),
        ("<strong>Яма</strong>, <a href='x'>тут</a>", "Яма, тут"),
        ("Вода&amp;nbsp;есть", "Вода есть"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("3 < 5 и <имя>", "3 < 5 и <имя>"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("до\u200bро\u00adга \u202eтут\u202c\x07", "дорога тут"),
        ("  а \t б \r\n\n в ", "а б\nв"),
        ("и\u0306од", "йод"),
        ("за\u0301мок", "замок"),
        ("вoды нет, Cовет", "воды нет, Совет"),
        ("ICQом и Windows, SMSкой", "ICQом и Windows, SMSкой"),
        ("ооочень, НЕЕЕТ, длиннннный", "очень, НЕТ, длинный"),
        ("длинношеее зоообъединение", "длинношеее зоообъединение"),
        ("ввввыъъъ", "ввввыъъъ"),
        ("", ""),
    ],
)
def test_clean(found, clean):
    assert one(text.clean, found) == clean


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_clean_leaves_no_invisible_character(content):
    cleaned = one(text.clean, content)
    assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cf") for c in cleaned)
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert "  " not in cleaned
    assert "\n\n" not in cleaned


UNTIDY = st.lists(
    st.sampled_from(
        [*'аАёйоaxX&;.,!?…:)"»-—1 \n\t\xa0\u200b\u0301\u0306²🤦\u200d\ufe0f', "ааа", "<br>"]
    )
    | st.sampled_from(["&amp;", "[id1|", "]", "[club2|ЖКХ]", "</b>", "т. д.", "им. ", "2024 г. "]),
    max_size=12,
).map("".join)


@given(st.lists(UNTIDY | st.text(max_size=30), max_size=40))
@settings(deadline=None, max_examples=100)
def test_many_texts_are_cleaned_as_each_alone(contents):
    assert text.clean(pl.Series(contents, dtype=pl.String)).to_list() == [
        cleaning.cleaned(content) for content in contents
    ]


@given(UNTIDY)
@settings(deadline=None, max_examples=500)
def test_sentences_are_those_of_razdel_or_parts_of_them(content):
    whole = [found.text for found in razdel.sentenize(content)]
    assert list(boundaries._of_razdel(content)) == whole
    parts = [part for sentence in whole for part in boundaries._parts(sentence)]
    assert one(text.sentences, content) == parts


@given(RAZDEL | st.text(max_size=60))
@settings(deadline=None, max_examples=500)
def test_tokens_are_those_of_razdel(content):
    assert one(text.tokenize, content) == [token.text for token in razdel.tokenize(content)]


def test_tokens_are_those_of_razdel_over_spaces():
    for content in ("в 5, 6 и 7 - 8", "слово -то", "слово- то", "5 .5", "а _б", "1/ 2", "?! ...)"):
        assert one(text.tokenize, content) == [token.text for token in razdel.tokenize(content)]


@pytest.mark.parametrize("corpus", ["kursk/appeals.csv", "vk-comments/comments.csv"])
def test_tokens_of_real_texts_are_those_of_razdel(real_data, corpus):
    texts = pl.read_csv(real_data / corpus)["text"].drop_nulls().head(700)
    expected = [[token.text for token in razdel.tokenize(content)] for content in texts]
    assert text.tokenize(texts).to_list() == expected


def test_sentences():
    found = one(text.sentences, "Нет воды на ул. Ленина. Когда дадут? Ждём с 5 ч.")
    assert found == ["Нет воды на ул. Ленина.", "Когда дадут?", "Ждём с 5 ч."]


@pytest.mark.parametrize(
    "content",
    [
        "Звонили в 104.|Никто не приехал.",
        "Замеры были 14.02.2023.|Показали 12 градусов.",
        "Живу на д.7.|Лифт сломан",
        "Темно во дворе.|Просим свет",
        "Сколько можно ждать!|А дети?|Когда починят?..|Всё.",
        "Живём в Орле.|Очень холодно",
        "Света нет с 03.11.2024 г. |Никаких объявлений не было",
        "Дом сдан в 1968г.|Лифт старый",
        "Договор заключён 03.11.2024 г. |Срок истёк",
    ],
)
def test_sentences_that_razdel_leaves_in_one_piece(content):
    expected = [part.strip() for part in content.split("|")]
    assert one(text.sentences, content.replace("|", "")) == expected


@pytest.mark.parametrize(
    "content",
    [
        "ул.Мира, г.Орёл, пос.Южный, тел.диспетчера",
        "Письмо А.Иванова и И.О.Фамилия",
        "Яндекс.Такси и Госуслуги.Дом",
        "Нужны: 1.Лавочки 2.Урны 3.Фонари",
        "В 2021 г. Правительство изменило порядок",
        "Закон принят 03.11.2024 г. Думой",
        "Уехал в 2021 г. Сидоров",
        "С 2021 г. Орёл без воды",
        "Сообщили, что с 2021 г. Комитет закрыт",
        "Закрыто с 03.11.2024 г. в связи с ремонтом",
        "Работает с 2021 г. К.Петров",
        "Сайт gosuslugi.ru и файл план.docx",
    ],
)
def test_what_is_no_end_of_a_sentence(content):
    assert one(text.sentences, content) == [content]


def test_no_sentence_of_a_treebank_is_cut(real_data):
    """A treebank says where its sentences end: those that razdel leaves whole stay whole."""
    lines = (real_data / "ud" / "ru_taiga-ud-dev.conllu").read_text(encoding="utf-8").splitlines()
    texts = [
        line.removeprefix("# text = ").strip() for line in lines if line.startswith("# text =")
    ]
    found = text.sentences(pl.Series(texts)).to_list()
    assert found == [[part.text for part in razdel.sentenize(content)] for content in texts]


@pytest.mark.parametrize(
    ("content", "lemmas"),
    [
        ("Ямы на дорогах", "яма на дорога"),
        ("в доме нет воды", "в дом нет вода"),
        ("стекла разбиты, лифт стоит", "стекло разбить , лифт стоять"),
        ("банки с мусором, баки полны", "банка с мусор , бак полный"),
        ("мусорку не вывозят", "мусорка не вывозить"),
        ("нет люков, упали провода", "нет люк , упасть провод"),
        ("права и защита прав", "право и защита право"),
        ("есть проблема", "быть проблема"),
        ("данной улице нужно освещение", "данный улица нужный освещение"),
        ("утром пришли рабочие", "утро прийти рабочий"),
        ("холодное отопление", "холодный отопление"),
        ("г. Курск, ул. Ленина, д. 5", "г . курск , улица . ленин , д . 5"),
        ("в мфц и МКД, за 5 тыс. руб.", "в мфц и мкд , за 5 тысяча . рубль ."),
        ("Песковым обещан песок", "песков обещать песок"),
        ("зелёный огонёк", "зеленый огонек"),
        ("WhatsApp 112", "whatsapp 112"),
    ],
)
def test_lemmas(content, lemmas):
    assert one(text.lemmatize, content) == lemmas.split()


@given(st.text(max_size=80) | RAZDEL)
@settings(deadline=None, max_examples=100)
def test_one_lemma_per_token(content):
    assert len(one(text.lemmatize, content)) == len(one(text.tokenize, content))


@given(st.lists(st.none() | st.text(max_size=60) | RAZDEL, max_size=6))
@settings(deadline=None, max_examples=100)
def test_lemmas_are_the_same_alone_and_among_others(contents):
    texts = pl.Series(contents, dtype=pl.String)
    for function in (text.lemmatize, text.terms):
        assert function(texts).to_list() == [one(function, content) for content in contents]
        assert function(texts.reverse()).reverse().equals(function(texts))


def test_terms():
    content = "<p>Здравствуйте! Прошу Вас убрать 5 тёмных куч мусора во дворе д. 7. Спасибо</p>"
    assert one(text.terms, content) == ["убрать", "темный", "куча", "мусор", "двор"]


def test_stop_words_are_lemmas_and_names_of_subjects_are_not_among_them():
    texts = pl.Series(sorted(text.STOP_WORDS))
    assert text.lemmatize(texts).list.join("").to_list() == texts.to_list()
    assert text.STOP_WORDS.isdisjoint({"вода", "дом", "дорога", "школа", "мусор", "свет", "яма"})


def test_nulls_stay_null_and_the_name_stays():
    texts = pl.Series("message", [None, "", "Нет воды"])
    for function in (text.clean, text.sentences, text.tokenize, text.lemmatize, text.terms):
        found = function(texts)
        assert found.name == "message"
        assert found.is_null().to_list() == [True, False, False]
    assert text.terms(texts).to_list() == [None, [], ["вода"]]
    assert text.terms(pl.Series([None, None])).to_list() == [None, None]
    assert text.tokenize(pl.Series([], dtype=pl.String)).dtype == pl.List(pl.String)


def test_workers_give_the_same():
    texts = pl.Series(["Нет воды", None, "Ямы на дороге", "", "Мусор во дворе"])
    assert text.terms(texts, workers=2).equals(text.terms(texts))
    with pytest.raises(ParameterError):
        text.lemmatize(texts, workers=0)


def test_numbers_are_no_texts():
    with pytest.raises(SchemaError, match=r"text\.clean"):
        text.clean(pl.Series([1, 2]))


def test_debug_says_why_a_token_is_not_counted():
    frame = text.debug("Прошу убрать мусор, д. 5")
    assert frame["term"].to_list() == [
        "stop word: plea",
        "counted",
        "counted",
        "not a word",
        "lone letter",
        "not a word",
        "not a word",
    ]
    assert frame["part_of_speech"].to_list()[:3] == ["VERB", "VERB", "NOUN"]
    content = "Прошу убрать мусор, д. 5"
    assert [content[a:b] for a, b in frame.select("start", "stop").rows()] == frame[
        "token"
    ].to_list()


@pytest.mark.parametrize("content", ["а" * 50_000, "кв" * 30_000, "!" * 50_000, "<p" * 30_000])
def test_long_texts_are_cleaned_in_linear_time(content):
    # A quadratic pattern would take hours here.
    texts = pl.Series([content])
    assert one(text.clean, content)
    assert len(text.terms(texts)) == 1


def test_mentions_of_vk_leave_the_name_alone():
    texts = pl.Series(["[id12ab|Таня], нет воды", "[club5|ЖКХ] молчит", "[id1|не закрыто", "а|б"])
    assert text.clean(texts).to_list() == [
        "Таня, нет воды",
        "ЖКХ молчит",
        "[id1|не закрыто",
        "а|б",
    ]
