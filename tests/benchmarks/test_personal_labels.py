"""Personal data in messages labelled blind; run with ``pytest -m benchmark -s``.

100 real appeals (of at most 1,200 characters) and 300 messages of the sample, drawn with seed
4242, were read by a language model that labelled personal data from the text alone, before it saw
what the rules find there: names of people (an official's too), phones, addresses that lead to a
flat, birthdays and the rest. Kept are places, not words.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from benchmarks.personal_examples import whole
from benchmarks.test_personal_data import presidio

from cur_lab import datasets, privacy
from cur_lab.inference.intervals import wilson

LABELS = Path(__file__).with_name("personal_labels.json")


def with_interval(hits: int, of: int) -> str:
    if not of:
        return "–"
    low, high = wilson(np.array([float(hits)]), np.array([float(of)]))
    return f"{hits} of {of} ({float(low[0]):.2f}–{float(high[0]):.2f})"


def texts_of(name: str, real_data: Path) -> dict[int | str, str]:
    """Give the texts that were read, in the order in which they were."""
    if name == "kursk":
        frame = pl.read_csv(real_data / "kursk" / "appeals.csv").select("id", "text")
    else:
        frame = datasets.load("zarechye").messages.select("message_id", "text")
    return dict(frame.iter_rows())


def stock(contents: list[str]) -> list[list[tuple[int, int, str]]]:
    """Natasha's tagger for names, Presidio with the Russian recognizers for the rest."""
    from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter

    segmenter, tagger, find = Segmenter(), NewsNERTagger(NewsEmbedding()), presidio()
    told = []
    for content, rest in zip(contents, find(contents), strict=True):
        document = Doc(content)
        document.segment(segmenter)
        document.tag_ner(tagger)
        names = [(s.start, s.stop, "person") for s in document.spans if s.type == "PER"]
        told.append([*names, *((start, stop, "structured") for start, stop in rest)])
    return told


@pytest.mark.benchmark
@pytest.mark.parametrize(("name", "said"), [("kursk", "real appeals"), ("sample", "sample")])
def test_what_was_labelled_blind_is_found(real_data, measured, name, said):
    labels = json.loads(LABELS.read_text(encoding="utf-8"))[name]
    every = texts_of(name, real_data)
    contents = [every[row] for row in labels["read"]]
    digest = sha256("\0".join(contents).encode()).hexdigest()
    assert digest == labels["sha256"], "the texts are no longer those that were labelled"
    planted: dict[int, list[tuple[int, int, str]]] = {}
    for row, start, stop, kind in labels["spans"]:
        planted.setdefault(labels["read"].index(row), []).append((start, stop, kind))
    found: list[list[tuple[int, int, str]]] = [[] for _ in contents]
    for row, kind, start, stop, _ in privacy.find(pl.Series(contents)).rows():
        found[row].append((start, stop, kind))
    told = []
    for spans in (found, stock(contents)):
        hits, of, right, marked = Counter(), Counter(), Counter(), Counter()
        for row, content in enumerate(contents):
            places = {place for a, b, _ in spans[row] for place in range(a, b)}
            for start, stop, kind in planted.get(row, []):
                kind = "person" if kind == "person" else "structured"
                of[kind] += 1
                hits[kind] += whole(content, [(start, stop)], places)
            for start, stop, kind in spans[row]:
                kind = "person" if kind == "person" else "structured"
                marked[kind] += 1
                good = any(start < b and a < stop for a, b, _ in planted.get(row, []))
                right[kind] += good
                if not good and spans is found:
                    print(f"  false {kind}: {labels['read'][row]} {start}–{stop}")
            if spans is found:
                missed = [s for s in planted.get(row, []) if not whole(content, [s[:2]], places)]
                print("".join(f"  missed: {labels['read'][row]} {s}\n" for s in missed), end="")
        told.append(
            "; ".join(
                f"{kind} {with_interval(hits[kind], of[kind])}, "
                f"rightly {with_interval(right[kind], marked[kind])}"
                for kind in ("person", "structured")
            )
        )
        print(told[-1])
    measured(
        f"personal_labels_{name}",
        what=f"personal data in {len(contents)} messages ({said}) labelled blind by a language "
        "model: found whole, rightly found (95 % interval)",
        ours=told[0],
        peer=f"stock Natasha, Presidio with presidio-ru-recognizers {told[1]}",
    )
