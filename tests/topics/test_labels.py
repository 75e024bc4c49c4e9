from collections import Counter

import pytest

from cur_lab.topics import phrases


@pytest.mark.parametrize(
    ("written", "heading"),
    [
        ("детской площадки", "детская площадка"),
        ("твердых бытовых отходов", "твёрдые бытовые отходы"),
        ("отсутствия горячей воды", "отсутствие горячей воды"),
        ("новую машину", "новая машина"),
        ("ремонту двора", "ремонт двора"),
        # A noun that looks like an adjective.
        ("российского военного", "российский военный"),
        # A verb or a negation stays as it is.
        ("выкорчевать пни", "выкорчевать пни"),
        ("не работает фонарь", "не работает фонарь"),
        ("нет горячей воды", "нет горячей воды"),
    ],
)
def test_a_heading_stands_in_the_nominative(written, heading):
    assert phrases._heading(written) == heading


def test_forms_that_differ_in_case_count_as_one():
    forms = {"детская площадка": 3, "детской площадки": 3, "детские площадки": 5}
    assert phrases.heading_of(Counter(forms)) == "Детская площадка"
