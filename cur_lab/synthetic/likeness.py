"""How near the sample's texts come to real appeals, figure by figure, as found.

Nothing is generated here and nothing of the real texts is kept: each measure is one number from
either side. The comparable channel is the portal («gosuslugi»); where the sample has it, only its
messages are used, as many as there are real ones.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import polars as pl
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_mutual_info_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.preprocessing import normalize

from cur_lab import columns as c
from cur_lab import exact, families, routing, text
from cur_lab.errors import NotEnoughDataError
from cur_lab.synthetic import plans

__all__ = ["realism"]

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_TOKENS = (1_000, 5_000, 20_000, 50_000)
_CLUSTERS, _CLUSTERED = 60, 1_500
_WINDOWS = 3
_PORTAL = "gosuslugi"
_LEAST = 300
_WORD = re.compile(r"[а-яёa-z]+")


def realism(
    sample_messages: pl.DataFrame, real_messages: pl.DataFrame, *, seed: int = 0
) -> pl.DataFrame:
    """Measure the sample beside real appeals.

    Parameters
    ----------
    sample_messages
        The sample's messages with ``text``, ``rubric``, ``rubric_group``, ``channel`` and
        ``published_at``.
    real_messages
        Real appeals with ``message_id``, ``text``, ``rubric``.
    seed
        Of subsamples, clusters and folds.

    Returns
    -------
    DataFrame
        ``measure``, ``sample``, ``real``, ``ratio`` (sample to real), ``aim`` in words, and
        ``verdict``: «да» or «нет» where there is an aim. Lengths are in characters of the text
        without markup; family shares are shares of messages, averaged over stretches of
        consecutive messages of the sample as long as the real table; the masked families are those
        of :func:`cur_lab.families.find`.

    Raises
    ------
    SchemaError
        If a column is missing.
    NotEnoughDataError
        If either side has fewer than 300 texts.
    """
    needed = [c.MESSAGE_ID, c.TEXT, c.RUBRIC]
    c.MESSAGES.require(real_messages, needed, where="synthetic.realism, real messages")
    c.MESSAGES.require(
        sample_messages,
        [*needed, c.RUBRIC_GROUP, c.CHANNEL, c.PUBLISHED_AT],
        where="synthetic.realism, sample",
    )
    real = _prepared(real_messages).sort(c.MESSAGE_ID)
    portal = sample_messages.filter(pl.col(c.CHANNEL) == _PORTAL)
    sample = _prepared(portal).sort(c.PUBLISHED_AT, c.MESSAGE_ID)
    for name, frame in (("real messages", real), ("sample", sample)):
        if frame.height < _LEAST:
            raise NotEnoughDataError(
                f"{frame.height} texts, at least {_LEAST} are needed", where=f"realism, {name}"
            )
    rows = [
        *_lengths(sample, real),
        *_vocabulary(sample, real, seed),
        *_families(sample, real),
        *_topics(sample, real, seed),
        _told_apart(sample, real, seed),
        *_routers(sample, real, seed),
    ]
    measured = pl.DataFrame(
        rows,
        schema=[name for name in c.REALISM.schema if name != c.RATIO],
        orient="row",
    )
    ratio = pl.when(pl.col(c.REAL) > 0).then(pl.col(c.SAMPLE) / pl.col(c.REAL))
    return c.REALISM.conform(measured.with_columns(ratio.alias(c.RATIO)))


_Row = tuple[str, float | None, float | None, str | None, str | None]


def _prepared(messages: pl.DataFrame) -> pl.DataFrame:
    cleaned = messages.with_columns(text.clean(messages[c.TEXT]).alias("clean"))
    return cleaned.filter(pl.col("clean").str.len_chars() > 0)


def _verdict(fits: bool) -> str:
    return "да" if fits else "нет"


def _same(measure: str, sample: float, real: float, factor: float) -> _Row:
    fits = real / factor <= sample <= real * factor
    return measure, sample, real, f"отличие не больше чем в {factor:g} раза", _verdict(fits)


def _lengths(sample: pl.DataFrame, real: pl.DataFrame) -> list[_Row]:
    ours, theirs = sample["clean"].str.len_chars(), real["clean"].str.len_chars()
    return [
        _same(
            f"длина текста, квантиль {share:g}",
            float(ours.quantile(share, "linear") or 0),
            float(theirs.quantile(share, "linear") or 0),
            1.5,
        )
        for share in _QUANTILES
    ]


def _vocabulary(sample: pl.DataFrame, real: pl.DataFrame, seed: int) -> list[_Row]:
    ours, theirs = (_shuffled_tokens(frame, seed) for frame in (sample, real))
    rows = []
    for count in _TOKENS:
        if count <= min(len(ours), len(theirs)):
            here, there = (float(len(set(tokens[:count]))) for tokens in (ours, theirs))
            name = f"разных слов на {count:,} слов".replace(",", " ")
            rows.append(_same(name, here, there, 1.5))
    return rows


def _shuffled_tokens(frame: pl.DataFrame, seed: int) -> list[str]:
    shuffled = frame["clean"].sample(fraction=1.0, shuffle=True, seed=seed)
    return [token for value in shuffled for token in _WORD.findall(value.lower())][: _TOKENS[-1]]


def _families(sample: pl.DataFrame, real: pl.DataFrame) -> list[_Row]:
    theirs = _repeats(real)
    length = min(real.height, sample.height)
    starts = np.linspace(0, sample.height - length, _WINDOWS).astype(int)
    ours = np.mean([_repeats(sample.slice(int(start), length)) for start in starts], axis=0)
    names = (
        "доля дословных повторов",
        "доля почти дубликатов (5-граммы, Жаккар ≥ 0,8)",
        "доля в семьях с масками имён, адресов, чисел",
        "наибольшая семья с масками, сообщений",
        "средний размер семьи с масками, сообщений",
    )
    return [
        _same(name, float(a), float(b), 2.0) for name, a, b in zip(names, ours, theirs, strict=True)
    ]


def _repeats(frame: pl.DataFrame) -> tuple[float, float, float, float, float]:
    texts = frame["clean"].str.to_lowercase()
    exact = float(texts.is_duplicated().sum() / texts.len())
    found = families.find(frame.select(c.MESSAGE_ID, c.TEXT), threshold=0.8)
    sizes = found.group_by(c.FAMILY).len()["len"].to_numpy()
    near = _near_duplicates(texts.to_list())
    if not sizes.size:
        return exact, near, 0.0, 1.0, 1.0
    return exact, near, float(sizes.sum() / frame.height), float(sizes.max()), float(sizes.mean())


def _near_duplicates(texts: list[str]) -> float:
    """Share of texts with a neighbour of Jaccard similarity 0.8 on character 5-grams, unmasked."""
    rows = TfidfVectorizer(
        analyzer="char", ngram_range=(5, 5), binary=True, use_idf=False, norm=None
    ).fit_transform(text if len(text) > 5 else text.ljust(6, "·") for text in texts)
    sizes = np.asarray(rows.sum(axis=1)).ravel()
    shared = (rows @ rows.T).tocoo()
    apart = shared.row != shared.col
    left, right, common = shared.row[apart], shared.col[apart], shared.data[apart]
    close = common / (sizes[left] + sizes[right] - common) >= 0.8
    return float(len(set(left[close].tolist())) / len(texts))


def _topics(sample: pl.DataFrame, real: pl.DataFrame, seed: int) -> list[_Row]:
    ours, theirs = (
        float(np.mean([_agreement(frame, seed + turn) for turn in range(2)]))
        for frame in (sample, real)
    )
    aim = "0,42 ± 0,1"
    name = f"AMI k-средних (LSA, K = {_CLUSTERS}, {_CLUSTERED} текстов) с рубрикой"
    return [(name, ours, theirs, aim, _verdict(0.32 <= ours <= 0.52))]


def _agreement(frame: pl.DataFrame, seed: int) -> float:
    labelled = frame.filter(pl.col(c.RUBRIC).is_not_null())
    drawn = labelled.sample(min(_CLUSTERED, labelled.height), shuffle=True, seed=seed)
    lemmas = [" ".join(words) for words in text.terms(drawn["clean"])]
    rows = TfidfVectorizer(
        sublinear_tf=True, min_df=3, max_df=0.4, token_pattern=r"\S+"
    ).fit_transform(lemmas)
    # One thread adds up in one order, and on small matrices a pool costs more than it brings.
    with exact.one_thread():
        vectors = normalize(
            TruncatedSVD(min(100, rows.shape[1] - 1), random_state=seed).fit_transform(rows)
        )
        clusters = min(_CLUSTERS, drawn.height // 2)
        found = KMeans(clusters, n_init=3, random_state=seed).fit_predict(vectors)
    return float(adjusted_mutual_info_score(drawn[c.RUBRIC].to_list(), found))


def _told_apart(sample: pl.DataFrame, real: pl.DataFrame, seed: int) -> _Row:
    """Cross-validated AUC of telling a sample text from a real one by its words."""
    ours = sample.sample(min(sample.height, real.height), shuffle=True, seed=seed)["clean"]
    texts = [*ours, *real["clean"]]
    labels = np.repeat([0, 1], [ours.len(), real.height])
    rows = TfidfVectorizer(sublinear_tf=True, min_df=3, token_pattern=r"[а-яё]{2,}").fit_transform(
        [value.lower().replace("ё", "е") for value in texts]
    )
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    scores = cross_val_predict(
        LogisticRegression(C=4.0, max_iter=500), rows, labels, cv=folds, method="predict_proba"
    )[:, 1]
    auc = float(roc_auc_score(labels, scores))
    return "AUC различения «настоящее или учебное» по словам", auc, None, None, None


def _routers(sample: pl.DataFrame, real: pl.DataFrame, seed: int) -> list[_Row]:
    grouped = real.with_columns(
        pl.col(c.RUBRIC).map_elements(real_group, return_dtype=pl.String).alias(c.RUBRIC_GROUP)
    ).filter(pl.col(c.RUBRIC_GROUP).is_not_null())
    ours = sample.filter(pl.col(c.RUBRIC_GROUP).is_not_null())
    ours = ours.sample(min(ours.height, 3_000), shuffle=True, seed=seed)
    columns = [c.MESSAGE_ID, c.TEXT, c.RUBRIC, c.RUBRIC_GROUP]
    forth = _accuracy(ours.select(columns), grouped.select(columns), seed)
    back = _accuracy(grouped.select(columns), ours.select(columns), seed)
    share = grouped.height / real.height
    return [
        (
            "точность по группам: обучен на учебном, проверен на настоящем",
            forth,
            None,
            "≥ 0,6",
            _verdict(forth >= 0.6),
        ),
        ("точность по группам: обучен на настоящем, проверен на учебном", back, None, None, None),
        (
            "доля настоящих обращений, рубрика которых отнесена к нашим группам",
            None,
            share,
            None,
            None,
        ),
    ]


def _accuracy(taught: pl.DataFrame, asked: pl.DataFrame, seed: int) -> float:
    router = routing.fit(taught, target=c.RUBRIC_GROUP, seed=seed)
    truth = asked.select(c.MESSAGE_ID, pl.col(c.RUBRIC_GROUP).alias("truth"))
    # Every message gets its best group, sure or not: a router that may pass is not comparable.
    guesses = router.assign(asked.select(c.MESSAGE_ID, c.TEXT), sure=0.0)
    hits = truth.join(guesses, on=c.MESSAGE_ID, how="left", validate="1:1")
    return float((hits["truth"] == hits[c.RUBRIC_GROUP]).fill_null(value=False).mean() or 0.0)  # type: ignore[arg-type]


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(words), group) for words, group in plans.read("likeness")["rules"])


def real_group(rubric: str) -> str | None:
    """Return which of the sample's groups a real rubric belongs to, or None if none fits."""
    return next((group for words, group in _rules() if words.search(rubric)), None)
