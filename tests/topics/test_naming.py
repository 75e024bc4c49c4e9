"""An analyst's names: what they rename and merge, where they are kept, what is wrong with them."""

import polars as pl
import pytest
from test_topics import planted

from cur_lab import topics
from cur_lab.errors import InputError, SchemaError


@pytest.fixture(scope="module")
def model():
    return topics.fit(planted(120), n_topics=6, refits=4)


def names(model, **new: int) -> pl.DataFrame:
    labels = model.topics["label"].to_list()
    rows = [(labels[topic], name) for name, topics in new.items() for topic in topics]
    return pl.DataFrame(rows, schema=["label", "name"], orient="row")


def test_a_name_renames_and_two_topics_of_one_name_are_one(model):
    found = model.renamed(names(model, Сеть=[1, 4], Первая=[0]))
    sizes = dict(model.topics.select("topic", "size").iter_rows())
    named = {row["label"]: row for row in found.topics.iter_rows(named=True)}
    assert found.topics.height == 5
    assert named["Сеть"]["size"] == sizes[1] + sizes[4]
    assert named["Сеть"]["stability"] is None
    assert named["Первая"]["stability"] == model.topics["stability"][0]
    assert found.topics["topic"].to_list() == list(range(5))
    counted = found.assignments.filter(pl.col("topic") == named["Сеть"]["topic"]).height
    assert counted == named["Сеть"]["size"]
    assert found.hierarchy.height == 4
    assert topics.layout(found).height == 5


def test_new_messages_go_to_the_merged_topic_also_after_a_reload(model, tmp_path):
    found = model.renamed(names(model, Всё=[0, 1, 2, 3, 4, 5]))
    found.save(tmp_path / "m")
    new = pl.DataFrame({"message_id": ["a", "b"], "text": ["Фонарь не горит", "Стая собак"]})
    assert topics.load(tmp_path / "m").assign(new)["topic"].to_list() == [0, 0]


def test_the_file_is_written_filled_in_and_read_back(model, tmp_path):
    path = model.write_names(tmp_path / "names.csv")
    assert model.renamed(path).topics["label"].to_list() == model.topics["label"].to_list()
    table = pl.read_csv(path, separator=";")
    edited = table.with_columns(name=pl.Series(["Вода в домах", *[None] * 5]))
    edited.write_csv(path)  # another program, another separator
    assert model.renamed(path).topics["label"][0] == "Вода в домах"
    assert model.renamed(None) is model


def test_what_is_wrong_with_a_table_is_said(model, tmp_path):
    label = model.topics["label"][0]
    wrong = pl.DataFrame({"label": [label + "ы"], "name": ["Вода"]})
    with pytest.raises(InputError, match=f"nearest is {label}"):
        model.renamed(wrong)
    twice = pl.DataFrame({"label": [label] * 2, "name": ["Вода", "Кран"]})
    with pytest.raises(InputError, match="two names"):
        model.renamed(twice)
    with pytest.raises(SchemaError, match="no column name"):
        model.renamed(twice.select("label"))
    with pytest.raises(InputError, match="no such file"):
        model.renamed(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(SchemaError, match="no column"):
        model.renamed(tmp_path / "empty.csv")
    (tmp_path / "torn.csv").write_text("label;name\nодна")
    with pytest.raises(InputError, match="row 2"):
        model.renamed(tmp_path / "torn.csv")
