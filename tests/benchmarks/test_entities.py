"""Addresses and names: speed, and what is found; run with ``pytest -m benchmark -s``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import process_time

import polars as pl
import pytest

from cur_lab import entities, privacy, text
from cur_lab.entities.tagger import mentions
from cur_lab.privacy import tagging


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


def found_by(spans: list[list[tuple[int, int]]], documents: list[tuple[str, set[int]]]) -> str:
    """Share of the letters of names that were found, and of what was found that is one."""
    total = hit = marked = 0
    for (content, names), pairs in zip(documents, spans, strict=True):
        covered = {p for a, b in pairs for p in range(a, b) if content[p].isalpha()}
        total, hit, marked = total + len(names), hit + len(names & covered), marked + len(covered)
    return f"{hit / total:.3f} / {hit / max(1, marked):.3f}"


@pytest.mark.benchmark
@pytest.mark.parametrize(
    ("case", "said", "floor"),
    [(str, "", 0.97), (str.lower, ", in small letters", 0.90), (str.upper, ", in capitals", 0.90)],
    ids=["news", "lower", "upper"],
)
def test_people_beside_stock_natasha(real_data, measured, case, said, floor):
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, tagger = Segmenter(), NewsNERTagger(NewsEmbedding())
    documents = list(people(real_data / "factrueval"))
    contents = [case(content) for content, _ in documents]
    found = privacy.find(pl.Series(contents)).filter(kind="person")
    ours = [found.filter(row=row).select("start", "stop").rows() for row in range(len(contents))]
    theirs = []
    for content in contents:
        document = Doc(content)
        document.segment(segmenter)
        document.tag_ner(tagger)
        theirs.append([(s.start, s.stop) for s in document.spans if s.type == "PER"])
    written, peer = found_by(ours, documents), found_by(theirs, documents)
    print(f"\npeople{said}: recall / precision {written}, stock Natasha {peer}")
    measured(
        f"people{said.replace(', in ', '_').replace(' ', '_')}",
        what=f"people in factRuEval{said}, letters: recall / precision",
        ours=written,
        peer=f"stock Natasha {peer}",
    )
    recall, precision = map(float, written.split(" / "))
    assert recall >= floor
    assert precision >= (0.97 if case is str else 0.93)


@pytest.mark.benchmark
def test_redaction_beside_the_tagger_over_every_text(real_data, measured):
    texts = text.clean(pl.read_csv(real_data / "kursk" / "appeals.csv")["text"])
    privacy.redact(texts.head(20))
    times = []
    for function in (
        lambda: privacy.redact(texts, names=False),
        lambda: privacy.redact(texts),
        lambda: list(mentions(texts.to_list())),
    ):
        start = process_time()
        function()
        times.append(process_time() - start)
    rules, ours, whole = (len(texts) / seconds for seconds in times)
    print(f"\nrules {rules:.0f}, with the tagger {ours:.0f}, tagger over all {whole:.0f} texts/s")
    measured(
        "redaction",
        what="redacting real appeals, texts a second of one core: rules alone, with the tagger",
        ours=f"{rules:,.0f}, {ours:,.0f}",
        peer=f"the tagger alone over every text {whole:,.0f}",
    )
    assert ours > 300


@pytest.mark.benchmark
def test_doubts_beside_the_tagger_asked_for_every_text(real_data, measured, monkeypatch):
    texts = text.clean(pl.read_csv(real_data / "kursk" / "appeals.csv")["text"])
    # The vocabulary is looked up beforehand: both ways need it alike.
    privacy.find(texts)
    letters, times = [], []
    for always in (False, True):
        if always:
            monkeypatch.setattr(tagging, "_is_doubtful", lambda *_: True)
        start = process_time()
        found = privacy.find(texts).filter(kind="person")
        times.append(process_time() - start)
        letters.append(
            {
                (row, at)
                for row, a, b in found.select("row", "start", "stop").rows()
                for at in range(a, b)
            }
        )
    ours, earlier = letters
    both = len(ours & earlier)
    measured(
        "redaction_doubts",
        what="people in real appeals, the tagger asked where dictionaries are in doubt: processor "
        "time, and letters of people found that the other way finds too",
        ours=f"{times[0]:.1f} s, {both / len(ours):.3f}",
        peer=f"asked for every text {times[1]:.1f} s, {both / len(earlier):.3f}",
    )
    print(f"\n{times[0] / times[1]:.2f} of the time; {both / len(earlier):.3f} of its letters")
