"""Names as people write them are joined to the list where one municipality fits, else to nobody."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cur_lab.datasets.place_names import fit, folded

LISTED = [
    "городской округ Камнегорск",
    "Лесной муниципальный округ",
    "муниципальный район Верхний",
    "город Нижние Ключи",
    "Белозёрский муниципальный округ",
    "городской округ Усть-Каменка",
]
OWN = {
    "Камнегорск": LISTED[0],
    "Лесной": LISTED[1],
    "Верхний": LISTED[2],
    "Нижние Ключи": LISTED[3],
    "Белозёрский": LISTED[4],
    "Усть-Каменка": LISTED[5],
}
TYPES = [
    "г.о.", "г. о.", "ГО", "городской округ", "городской округ город", "г.о.г.", "г.", "гор.",
    "город", "м.о.", "МО", "муниципальный округ", "муниципальное образование", "м.р-н", "м.р.",
    "м. р-н", "р-н", "район", "муниципальный район", "округ", "ЗАТО", "",
]  # fmt: skip
# Places of the lower level are no districts, whatever they are called.
LOWER = [
    "посёлок", "пос.", "пгт", "р.п.", "село", "с.", "деревня", "д.", "сельское поселение",
    "сельсовет", "микрорайон", "улица", "СНТ", "станция",
]  # fmt: skip


def listed(names: list[str], others: dict[str, str] | None = None) -> pl.DataFrame:
    told = [(others or {}).get(name) for name in names]
    return pl.DataFrame({"municipality": names, "other_names": pl.Series(told, dtype=pl.String)})


def fitted(name: str, names: pl.DataFrame) -> str | None:
    return fit([name], names)["municipality"].item()


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """A name of the list as somebody might write it, and the name itself."""
    own = draw(st.sampled_from(list(OWN)))
    kind = draw(st.sampled_from(TYPES))
    name = draw(st.sampled_from([own, f"«{own}»", f'"{own}"', own.replace("ё", "е")]))
    if kind.endswith("."):
        space = draw(st.sampled_from(["", " ", "  "]))
        full = f"{kind}{space}{name}"
    else:
        full = draw(st.sampled_from([f"{kind} {name}", f"{name} {kind}"]))
    change = draw(st.sampled_from([str, str.upper, str.lower, str.title]))
    tail = draw(st.sampled_from(["", " ", ", Камский край", " Камской области"]))
    return change(f"{draw(st.sampled_from(['', ' ']))}{full}") + tail, OWN[own]


@settings(max_examples=400, deadline=None)
@given(written(), st.permutations(LISTED))
@example(("г.о. Камнегорск", LISTED[0]), LISTED)
def test_a_way_of_writing_is_understood_whatever_the_order_of_the_list(found, names):
    name, municipality = found
    assert fitted(name, listed(names)) == municipality


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(OWN)), st.sampled_from(LOWER), st.booleans())
def test_a_settlement_is_not_the_district_of_its_name(own, kind, first):
    name = f"{kind} {own}" if first else f"{own} {kind}"
    assert fitted(name, listed(LISTED)) is None


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.text(alphabet="абвгдеёклмнорст -", min_size=2, max_size=12).filter(
            lambda text: len(text.strip(" -")) > 1
        ),
        min_size=1,
        max_size=6,
        unique_by=folded,
    ),
    st.text(alphabet="абвгдеёклмнорст -.", max_size=14),
    st.sampled_from(TYPES),
)
def test_no_name_is_joined_to_one_that_has_other_words(names, text, kind):
    found = fitted(f"{kind} {text}", listed([f"городской округ {name}" for name in names]))
    if found is not None:
        assert folded(found) == folded(f"{kind} {text}")


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(list(OWN)), st.sampled_from(TYPES))
def test_of_two_that_fit_none_is_taken(own, kind):
    two = listed([f"город {own}", f"муниципальный район {own}", "Третий"])
    found = fit([f"{kind} {own}  "], two).row(0, named=True)
    assert (found["municipality"], found["fitted"]) == (None, "several")
    # As it stands in the list it names one.
    assert fitted(f"город {own}", two) == f"город {own}"


@pytest.mark.parametrize(
    "name",
    [
        "Камнегорский район",  # not the town Камнегорск
        "Камнегорск-2",
        "Новый Камнегорск",
        "Камнегорск, Лесной",
        "Нижние",
        "Каменка",
        "г.о.",
        "—",
        "",
        "городской округ",
    ],
)
def test_near_is_not_the_same(name):
    assert fitted(name, listed(LISTED)) is None


def test_other_names_are_those_of_before_the_reform():
    names = listed(LISTED, {LISTED[1]: "Заречный сельсовет | Лесной р-н; Старолесной район"})
    found = fit(["Старолесной р-н", "ЗАРЕЧНЫЙ СЕЛЬСОВЕТ", "Заречный"], names)
    assert found.select("name", "municipality", "fitted").rows() == [
        ("ЗАРЕЧНЫЙ СЕЛЬСОВЕТ", LISTED[1], "other_name"),
        ("Заречный", None, "none"),
        ("Старолесной р-н", LISTED[1], "other_name"),
    ]


def test_an_other_name_of_two_is_nobodys():
    names = listed(LISTED, {LISTED[0]: "Прежний", LISTED[1]: "Прежний район"})
    assert fit(["Прежний"], names)["fitted"].item() == "several"


def test_a_name_of_its_own_goes_before_another_ones_other_name():
    names = listed(LISTED, {LISTED[0]: "Лесной район"})
    assert fitted("Лесной р-н", names) == LISTED[1]


def test_the_nearest_is_shown_and_not_taken():
    found = fit(["г.о. Камнегорскк", "яяя"], listed(LISTED))
    assert found.select("municipality", "nearest").rows() == [(None, LISTED[0]), (None, None)]
