"""Tokens and lemmas beside stock Natasha and pymorphy3; run with ``pytest -m benchmark -s``."""

from __future__ import annotations

from time import process_time

import polars as pl
import pymorphy3
import pytest
import razdel

from cur_lab import text
from cur_lab.text import lemmas, tokens

CONTENT_WORDS = frozenset({"NOUN", "VERB", "ADJ", "ADV"})
CORPORA = {
    "kursk": "kursk/appeals.csv",
    "telegram-news": "telegram-news/posts.csv",
    "vk-comments": "vk-comments/comments.csv",
}
# Of content words, by the rules over pymorphy3 that were here before rumorph, and what is asked of
# rumorph alone. It was trained on Taiga's training part, never on PUD.
TREEBANKS = {"ru_pud-ud-test": (0.962, 0.972), "ru_taiga-ud-dev": (0.939, 0.955)}


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


def folded(words):
    return [word.lower().replace("ё", "е") for word in words]


def sentences_of(path):
    """Words and, for each content word of letters, its place and lemma."""
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line[0].isdigit()]
        rows = [row for row in rows if row[0].isdecimal()]
        words = [row[1] for row in rows]
        judged = [
            (place, folded([row[2]])[0])
            for place, row in enumerate(rows)
            if row[3] in CONTENT_WORDS and row[1].replace("-", "").isalpha()
        ]
        yield words, judged


@pytest.mark.benchmark
@pytest.mark.parametrize("treebank", TREEBANKS)
def test_lemmas_of_a_treebank_beside_peers(treebank, natasha, real_data, measured):
    path = real_data / "ud" / f"{treebank}.conllu"
    if not path.exists():
        pytest.skip("this treebank is not there")
    morphology, analyzer = pymorphy3.MorphAnalyzer(), lemmas.analyzer()
    likeliest = {}

    def by_pymorphy(words):
        for word in set(words) - likeliest.keys():
            likeliest[word] = morphology.parse(word)[0].normal_form
        return [likeliest[word] for word in words]

    systems = {
        "cur_lab, each word alone": lambda words: lemmas.lemmas_of(pl.Series(words)),
        "rumorph among neighbours": lambda words: [
            readings[0].lemma for readings in analyzer.analyze_sentence(words)
        ],
        "pymorphy3, likeliest": by_pymorphy,
        "stock Natasha": lambda words: [lemma for _, lemma in natasha(" ".join(words))],
    }
    right, total = dict.fromkeys(systems, 0), 0
    for words, judged in sentences_of(path):
        # Only where the tokens of the treebank are those of razdel, so that all judge the same.
        if words != [token.text for token in razdel.tokenize(" ".join(words))]:
            continue
        total += len(judged)
        for name, system in systems.items():
            found = folded(system(words))
            right[name] += sum(found[place] == lemma for place, lemma in judged)
    before, asked = TREEBANKS[treebank]
    print(f"\n{treebank}: {total} content words; rules over pymorphy3, before: {before:.3f}")
    share = {name: count / total for name, count in right.items()}
    for name, accuracy in share.items():
        print(f"  {name:26} {accuracy:.3f}")
    measured(
        f"lemmas-{treebank}",
        what=f"lemmas of {total:,} content words of {treebank}",
        ours=f"{share['cur_lab, each word alone']:.3f}",
        peer=f"stock Natasha {share['stock Natasha']:.3f}, "
        f"pymorphy3 {share['pymorphy3, likeliest']:.3f}",
    )
    assert share["cur_lab, each word alone"] >= asked


def forget() -> None:
    """Drop every cache, so that the next run is the first of a process."""
    for cached in (tokens._chunk_tokens, lemmas.analyzer, lemmas._register):
        cached.cache_clear()


@pytest.mark.benchmark
@pytest.mark.parametrize("corpus", CORPORA)
def test_speed_of_lemmas_beside_natasha(corpus, natasha, real_data, measured):
    texts = text.clean(pl.read_csv(real_data / CORPORA[corpus])["text"].drop_nulls())
    forget()
    start = process_time()
    split = text.tokenize(texts)
    text.lemmatize(texts)
    ours = len(texts) / (process_time() - start)

    sample = texts.sample(min(1500, len(texts)), seed=0)
    start = process_time()
    for content in sample:
        natasha(content)
    theirs = len(sample) / (process_time() - start)
    print(f"\n{corpus}: {len(texts)} texts, {split.list.len().sum()} tokens, first run, one core")
    print(f"  stock Natasha {theirs:8.0f} texts/s")
    print(f"  cur_lab       {ours:8.0f} texts/s   {ours / theirs:6.1f} times")
    measured(
        f"lemma-speed-{corpus}",
        what=f"tokens and lemmas of {corpus}, first run: texts a second of processor time",
        ours=f"{ours:,.0f}",
        peer=f"stock Natasha {theirs:,.0f}",
    )
    # Loading the dictionary is most of the first run on 1,500 texts.
    assert ours > (30 if len(texts) > 20_000 else 12) * theirs


@pytest.mark.benchmark
@pytest.mark.parametrize("corpus", CORPORA)
def test_tokens_of_whole_corpora_are_those_of_razdel(corpus, real_data):
    texts = pl.read_csv(real_data / CORPORA[corpus])["text"].drop_nulls()
    for content, ours in zip(texts, text.tokenize(texts), strict=True):
        assert list(ours) == [token.text for token in razdel.tokenize(content)]
