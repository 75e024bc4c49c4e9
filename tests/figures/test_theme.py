"""The look every figure shares."""

import plotly.graph_objects as go

from cur_lab.figures import theme


def test_a_long_title_is_broken_between_words_and_makes_room_for_itself():
    long = "Доля " + "очень длинных названий " * 8 + "20\u00a0%"
    short, tall = (
        theme.finish(go.Figure(), title=title, caption="n", height=300) for title in ("А", long)
    )
    lines = tall.layout.title.text.split("<br>")
    assert len(lines) == 2
    assert max(map(len, lines)) <= 110
    assert " ".join(lines) == long
    assert tall.layout.height - short.layout.height == 22
    assert tall.layout.margin.t - short.layout.margin.t == 22
