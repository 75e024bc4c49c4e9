"""Addresses and names: speed, and what is found; run with ``pytest -m benchmark -s``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
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
def test_addresses_beside_natasha(real_data, measured):
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
    measured(
        "addresses",
        what="addresses in real appeals: texts a second of one core",
        ours=f"{speed:,.0f}",
        peer=f"Natasha's AddrExtractor {peer:,.0f}",
    )
    assert speed > peer


def people(folder: Path) -> Iterator[tuple[str, set[int]]]:
    """Texts of factRuEval, and the places of the letters of people's names in them."""
    for path in sorted(folder.glob("*.txt")):
        content, spans = path.read_text(encoding="utf-8"), {}
        for line in path.with_suffix(".spans").read_text(encoding="utf-8").splitlines():
            number, kind, start, length, *_ = line.split()
            if kind in ("name", "surname", "patronymic", "nickname"):
                spans[number] = range(int(start), int(start) + int(length))
        objects = path.with_suffix(".objects").read_text(encoding="utf-8").splitlines()
        persons = [line.split("#")[0].split()[2:] for line in objects if " Person " in line]
        named = {place for person in persons for span in person for place in spans.get(span, ())}
        yield content, {place for place in named if content[place].isalpha()}


@pytest.mark.benchmark
def test_people_beside_stock_natasha(real_data, measured):
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, tagger = Segmenter(), NewsNERTagger(NewsEmbedding())
    documents = list(people(real_data / "factrueval"))
    found = privacy.find(pl.Series([content for content, _ in documents]))
    total, counts = 0, {"ours": [0, 0], "theirs": [0, 0]}
    for row, (content, names) in enumerate(documents):
        document = Doc(content)
        document.segment(segmenter)
        document.tag_ner(tagger)
        spans = {
            "ours": found.filter(row=row, kind="person").select("start", "stop").rows(),
            "theirs": [(s.start, s.stop) for s in document.spans if s.type == "PER"],
        }
        total += len(names)
        for whose, pairs in spans.items():
            covered = {p for a, b in pairs for p in range(a, b) if content[p].isalpha()}
            counts[whose][0] += len(names & covered)
            counts[whose][1] += len(covered)
    written = {
        whose: f"{hit / total:.3f} / {hit / marked:.3f}" for whose, (hit, marked) in counts.items()
    }
    print(f"\n{total} letters of names: recall / precision {written}")
    measured(
        "people",
        what="people in factRuEval, letters: recall / precision",
        ours=written["ours"],
        peer=f"stock Natasha {written['theirs']}",
    )
    assert counts["ours"][0] / total > 0.94
