"""Addresses and names: speed, and what is found; run with ``pytest -m benchmark -s``."""

from __future__ import annotations

from time import process_time

import polars as pl
import pytest

from cur_lab import entities, privacy, text


@pytest.mark.benchmark
def test_speed_on_real_appeals(real_data):
    texts = text.clean(pl.read_csv(real_data / "kursk" / "appeals.csv")["text"])
    few = texts.head(300)
    print(f"\n{len(texts)} appeals, one core")
    for name, function, sample in (
        ("entities.addresses", entities.addresses, texts),
        ("privacy.redact, names=False", lambda s: privacy.redact(s, names=False), texts),
        ("entities.find", entities.find, few),
        ("privacy.redact", privacy.redact, few),
    ):
        function(sample.head(20))
        start = process_time()
        function(sample)
        print(f"  {name:30}{len(sample) / (process_time() - start):8.0f} texts/s")


@pytest.mark.benchmark
def test_addresses_beside_natasha(real_data):
    with pytest.MonkeyPatch.context() as patch:
        dictionaries = pytest.importorskip("pymorphy2_dicts_ru")
        patch.setenv("PYMORPHY2_DICT_PATH", dictionaries.get_path())
        from natasha import AddrExtractor, MorphVocab

        extractor = AddrExtractor(MorphVocab())
    texts = text.clean(pl.read_csv(real_data / "kursk" / "appeals.csv")["text"]).head(40)
    start = process_time()
    theirs = sum(len(list(extractor(content))) for content in texts)
    peer = len(texts) / (process_time() - start)
    start = process_time()
    ours = len(entities.addresses(texts))
    speed = len(texts) / (process_time() - start)
    print(f"\n  Natasha's AddrExtractor {peer:8.0f} texts/s, {theirs} parts of addresses")
    print(f"  entities.addresses      {speed:8.0f} texts/s, {ours} addresses")
    assert speed > peer
