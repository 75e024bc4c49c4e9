"""Structured personal data in hard spellings, beside peers; run with ``pytest -m benchmark -s``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from time import process_time
from typing import TypeAlias

import polars as pl
import pytest
from benchmarks import (
    personal_examples,
    personal_spellings,
    personal_spellings_fresh,
    personal_spellings_second,
    personal_spellings_unseen,
)
from benchmarks.personal_examples import Example, pieces, whole

from cur_lab import privacy

Finder: TypeAlias = Callable[[Sequence[str]], list[list[tuple[int, int]]]]


def ours(contents: Sequence[str]) -> list[list[tuple[int, int]]]:
    found: list[list[tuple[int, int]]] = [[] for _ in contents]
    for row, kind, start, stop in (
        privacy.find(pl.Series(contents), names=False).select("row", "kind", "start", "stop").rows()
    ):
        if kind != "person":
            found[row].append((start, stop))
    return found


def presidio() -> Finder:
    """Presidio with the Russian recognizers, over a blank pipeline: patterns and checksums."""
    analyzer = pytest.importorskip("presidio_analyzer")
    recognizers = pytest.importorskip("presidio_ru_recognizers")
    spacy = pytest.importorskip("spacy")
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    class Blank(SpacyNlpEngine):
        def load(self) -> None:
            self.nlp = {"ru": spacy.blank("ru")}

    registry = analyzer.RecognizerRegistry(supported_languages=["ru"])
    engine = analyzer.AnalyzerEngine(
        registry=registry, nlp_engine=Blank(), supported_languages=["ru"]
    )
    recognizers.register_all_ru_recognizers(registry)

    def find(contents: Sequence[str]) -> list[list[tuple[int, int]]]:
        return [
            [
                (result.start, result.end)
                for result in engine.analyze(content, language="ru")
                if result.entity_type not in ("PERSON", "LOCATION", "ORGANIZATION", "DATE_TIME")
            ]
            for content in contents
        ]

    return find


def scored(examples: Sequence[Example], find: Finder) -> tuple[float, float, float, Counter[str]]:
    """Share of examples covered whole, of spans rightly found, examples/s, faults by number."""
    start = process_time()
    found = find([example.text for example in examples])
    speed = len(examples) / (process_time() - start)
    planted = hit = right = marked = 0
    faults: Counter[str] = Counter()
    for example, spans in zip(examples, found, strict=True):
        places = {place for a, b in spans for place in range(a, b)}
        if example.spans:
            planted += 1
            covered = whole(example.text, example.spans, places)
            hit += covered
            if not covered:
                faults[f"{example.kind} missed: {example.spelling}"] += 1
        for good, (a, b) in zip(pieces(example, spans), spans, strict=True):
            right, marked = right + good, marked + 1
            if not good:
                faults[f"false: {example.text[a:b]!r} of {example.text!r}"] += 1
    return hit / planted, right / max(1, marked), speed, faults


@pytest.mark.benchmark
def test_structured_kinds_beside_presidio(measured):
    privacy.find(pl.Series(["Прогрев 8 910 123-45-67"]), names=False)
    told: dict[str, str] = {}
    for name, source, seed in (
        ("settled before the rules", personal_spellings, 18),
        ("written after them", personal_spellings_fresh, 1),
        ("of twenty and more a kind", personal_spellings_unseen, 5),
        ("of a second such set", personal_spellings_second, 6),
    ):
        examples = personal_examples.draw(source.SPELLINGS, source.LOOK_ALIKE, n=2000, seed=seed)
        recall, precision, speed, faults = scored(examples, ours)
        told[name] = f"{recall:.3f} / {precision:.3f}"
        print(f"\n{name}: ours {told[name]}, {speed:.0f} texts/s")
        for fault, number in faults.most_common(25):
            print(f"  {number} {fault}")
        try:
            theirs = scored(examples, presidio())
            peer = f"{theirs[0]:.3f} / {theirs[1]:.3f}"
        except pytest.skip.Exception as skipped:
            peer = f"not run: {skipped}"
        print(f"Presidio with presidio-ru-recognizers {peer}")
        measured(
            f"personal_data_{seed}",
            what=f"structured personal data in spellings {name}, 2,000 messages: found whole / "
            "rightly",
            ours=told[name],
            peer=f"Presidio with presidio-ru-recognizers {peer}",
        )
        if source is personal_spellings:
            assert recall >= 0.99
            assert precision >= 0.98
