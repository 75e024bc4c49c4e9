import pytest

from cur_lab.errors import ParameterError
from cur_lab.synthetic.catalogue import rubrics
from cur_lab.synthetic.grammar import counted, expand, inflect, parse, predicate, tidy, verbs
from cur_lab.synthetic.region import region, street_in
from cur_lab.synthetic.streams import Dice


@pytest.mark.parametrize(
    "case",
    [
        "детский сад|plur,gent|детских садов",
        "пожарная часть|sing,gent|пожарной части",
        "микрорайон Восточный|sing,loct|микрорайоне Восточный",
        "Заречный микрорайон|sing,loct|Заречном микрорайоне",
        "кошка|sing,accs|кошку",
        "февраль|sing,gent|февраля",
    ],
)
def test_phrases_are_inflected(case):
    phrase, grammemes, expected = case.split("|")
    assert inflect(phrase, grammemes) == expected


@pytest.mark.parametrize(
    "case",
    [
        "улица Садовая|loct|улице Садовой",
        "улица Малая Садовая|gent|улицы Малой Садовой",
        "улица Мира|datv|улице Мира",
        "проспект Заречный|loct|проспекте Заречном",
        "переулок Тихий|gent|переулка Тихого",
        "шоссе Камнегорское|loct|шоссе Камнегорском",
        "улица Садовая|accs|улицу Садовую",
    ],
)
def test_streets_are_inflected(case):
    street, grammemes, expected = case.split("|")
    assert street_in(street, grammemes) == expected


@pytest.mark.parametrize(
    "case",
    ["1|день|1 день", "3|неделя|3 недели", "11|день|11 дней", "5|год|5 лет", "22|год|22 года"],
)
def test_numbers_agree(case):
    number, noun, expected = case.split("|")
    assert counted(int(number), noun) == expected


@pytest.mark.parametrize(
    "case",
    [
        "сломан|femn|сломана",
        "переполнен|plur|переполнены",
        "завален|neut|завалено",
        "стоит|plur|стоят",
        "провалился|femn|провалилась",
        "сломан|masc|сломан",
    ],
)
def test_predicates_follow_their_subject(case):
    word, subject, expected = case.split("|")
    assert predicate(word, subject) == expected


def test_verbs_take_the_wanted_form():
    phrase = "*убрать мусор и *поставить урну"
    assert verbs(phrase, "") == "убрать мусор и поставить урну"
    assert verbs(phrase, "past,plur") == "убрали мусор и поставили урну"
    assert verbs(phrase, "futr,3per,plur") == "уберут мусор и поставят урну"


def test_a_clause_agrees_whatever_is_drawn():
    clause = "^[люк|крышка люка|кольцо|плиты] <at> [~разбит]"
    written = {expand(clause, Dice(n, "clause"), lambda slot, _: f"<{slot}>") for n in range(60)}
    assert written == {
        "люк <at> разбит",
        "крышка люка <at> разбита",
        "кольцо <at> разбито",
        "плиты <at> разбиты",
    }


def test_empty_alternatives_leave_no_gaps():
    assert tidy("двор , где  темно ,") == "двор, где темно"


@pytest.mark.parametrize("clause", ["[яма|выбоина", "яма]", "яма|выбоина"])
def test_an_open_bracket_is_named(clause):
    with pytest.raises(ParameterError, match="clause"):
        parse(clause)


def test_a_phrase_without_a_noun_is_refused():
    with pytest.raises(ParameterError, match="noun"):
        inflect("быстро", "gent")


def test_every_fix_has_the_forms_messages_and_answers_need():
    for rubric in rubrics():
        for fix in rubric.fixes:
            for grammemes in ("", "past,plur", "futr,3per,plur"):
                assert "*" in fix
                assert "*" not in verbs(fix, grammemes), rubric.key


def test_every_street_has_all_cases_and_only_adjectives_change():
    for street in {street for town in region().municipalities for street in town.streets}:
        name = street.partition(" ")[2]
        there = street_in(street, "loct", with_kind=False)
        adjective = name.endswith(("ая", "яя", "ый", "ий", "ой", "ое"))
        assert (there != name) == adjective, street
        assert street_in(street, "nomn") == street
