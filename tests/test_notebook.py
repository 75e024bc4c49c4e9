import random

import polars as pl
import pytest

from cur_lab import notebook
from cur_lab.columns import MESSAGES
from cur_lab.errors import NotEnoughDataError

ROWS = [
    {"message_id": "a", "text": "нет воды", "channel": "vk"},
    {"message_id": "b", "text": "яма", "channel": "vk"},
    {"message_id": "c", "text": "снег", "channel": "bot"},
]
MESSAGES_SAMPLE = MESSAGES.conform(pl.DataFrame(ROWS))


def test_fingerprint_knows_the_rows_and_not_their_order():
    shuffled = MESSAGES_SAMPLE[random.Random(0).sample(range(3), 3)]
    other = MESSAGES_SAMPLE.with_columns(text=pl.col("text").str.replace("яма", "ямы"))
    own = notebook.fingerprint(MESSAGES_SAMPLE)
    assert notebook.fingerprint(shuffled) == own
    assert notebook.fingerprint(MESSAGES_SAMPLE.select(reversed(MESSAGES_SAMPLE.columns))) == own
    assert notebook.fingerprint(other) != own


def test_data_without_dates_and_rubrics_says_so():
    data = notebook.Data(MESSAGES_SAMPLE, pl.DataFrame({"reason": ["empty text"] * 2}), "x.csv")
    said = dict(data.statement().rows())
    assert said["официальных рубрик"] == notebook.UNKNOWN
    assert said["период"] == "даты в источнике не указаны"
    assert said["не прочитано строк"] == "2 (empty text: 2)"
    assert data.has("channel")
    assert not data.has("rubric")
    assert not data.has("municipality")


def test_the_users_file_is_read_and_counted(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("Текст обращения,Тема\nнет воды,ЖКХ\n,ЖКХ\n", encoding="utf-8")
    data = notebook.load(str(file))
    assert data.messages["text"].to_list() == ["нет воды"]
    assert data.rejected.height == 1
    assert data.source == "mine.csv"


def test_a_file_without_messages_is_named(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("Текст обращения\n", encoding="utf-8")
    with pytest.raises(NotEnoughDataError, match=r"mine\.csv"):
        notebook.load(str(file))


def test_what_the_data_lack_is_said_in_words():
    assert "муниципалитетов" in notebook.absent("муниципалитетов").data
    assert notebook.UNKNOWN in notebook.absent("дат").data
