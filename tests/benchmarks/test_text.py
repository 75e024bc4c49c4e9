"""Tokens and lemmas beside stock Natasha; run with ``pytest -m benchmark -s``."""

from __future__ import annotations

from collections import Counter
from time import process_time

import polars as pl
import pytest
import razdel

from cur_lab import text
from cur_lab.text import lemmas, readings, tokens

CONTENT_WORDS = frozenset({"NOUN", "VERB", "ADJ", "ADV", "PROPN"})
CORPORA = {
    "kursk": "kursk/appeals.csv",
    "telegram-news": "telegram-news/posts.csv",
    "vk-comments": "vk-comments/comments.csv",
}


@pytest.fixture(scope="module")
def natasha():
    """Stock Natasha: segmenter, morphology tagger, lemmatiser."""
    with pytest.MonkeyPatch.context() as patch:
        dictionaries = pytest.importorskip("pymorphy2_dicts_ru")
        # pymorphy2 looks its dictionary up through pkg_resources, which is no longer there.
        patch.setenv("PYMORPHY2_DICT_PATH", dictionaries.get_path())
        from natasha import Doc, MorphVocab, NewsEmbedding, NewsMorphTagger, Segmenter

        segmenter, vocabulary = Segmenter(), MorphVocab()
        tagger = NewsMorphTagger(NewsEmbedding())

    def tokens(content: str) -> list[tuple[str, str]]:
        document = Doc(content)
        document.segment(segmenter)
        document.tag_morph(tagger)
        for token in document.tokens:
            token.lemmatize(vocabulary)
        return [(token.pos, token.lemma) for token in document.tokens]

    return tokens


def forget() -> None:
    """Drop every cache, so that the next run is the first of a process."""
    for cached in (
        readings._morphology,
        tokens._chunk_tokens,
        tokens._chunk_tokens_beside,
        lemmas.lemma_of,
    ):
        cached.cache_clear()


@pytest.mark.benchmark
@pytest.mark.parametrize("corpus", CORPORA)
def test_lemmas_beside_natasha(corpus, natasha, real_data):
    texts = text.clean(pl.read_csv(real_data / CORPORA[corpus])["text"].drop_nulls())
    forget()
    start = process_time()
    tokens, lemmas = text.tokenize(texts), text.lemmatize(texts)
    cold = len(texts) / (process_time() - start)
    start = process_time()
    text.tokenize(texts), text.lemmatize(texts)
    warm = len(texts) / (process_time() - start)

    sample = texts.to_frame().with_row_index().sample(min(1500, len(texts)), seed=0)
    start = process_time()
    peer = [natasha(content) for content in sample["text"]]
    speed = len(peer) / (process_time() - start)

    total, folded, unfolded = Counter(), Counter(), Counter()
    for row, judged in zip(sample["index"], peer, strict=True):
        for (pos, theirs), ours in zip(judged, lemmas[row], strict=True):
            if pos in CONTENT_WORDS:
                total[pos] += 1
                folded[pos] += theirs == ours.replace("ё", "е")
                unfolded[pos] += theirs == ours
    print(f"\n{corpus}: {len(texts)} texts, {tokens.list.len().sum()} tokens, one core")
    print(f"  stock Natasha {speed:8.0f} texts/s")
    print(f"  cur_lab first {cold:8.0f} texts/s   {cold / speed:6.1f} times")
    print(f"  cur_lab again {warm:8.0f} texts/s   {warm / speed:6.1f} times")
    print(f"  equal lemmas of content words, ё folded {folded.total() / total.total():.3f}")
    print(f"  equal as written (Natasha has no ё)     {unfolded.total() / total.total():.3f}")
    for pos, words in total.most_common():
        print(f"    {pos:6}{folded[pos] / words:.3f} of {words}")
    assert folded.total() / total.total() > 0.95


@pytest.mark.benchmark
@pytest.mark.parametrize("corpus", CORPORA)
def test_tokens_of_whole_corpora_are_those_of_razdel(corpus, real_data):
    texts = pl.read_csv(real_data / CORPORA[corpus])["text"].drop_nulls()
    for content, ours in zip(texts, text.tokenize(texts), strict=True):
        assert list(ours) == [token.text for token in razdel.tokenize(content)]
