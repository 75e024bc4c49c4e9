"""Pairs of a claim and a real comment for the benchmark of stance: how they were chosen.

The claims are ours, of what the comments talk about; a comment is a candidate of a claim by BM25 on
lemmas alone. Chosen before any stance was looked at: of the forty nearest comments of a claim four
of the first twelve and four of the others, by a fixed seed. Half of the claims serve development,
half judge. Labels are kept by hash: the comments are not part of this project.
"""

import hashlib
import json
from pathlib import Path

import bm25s
import numpy as np
import polars as pl

from cur_lab import text

LABELS = Path(__file__).parent / "stance_labels.json"
SEED = 20261130
NEAREST, CLOSE, EACH = 40, 12, 4
WORDS = (4, 70)

CLAIMS = (
    "Санкции бьют прежде всего по обычным людям",
    "Цены в магазинах вырастут в несколько раз",
    "Доллар будет стоить двести рублей",
    "Деньги на вкладах в банках заморозят",
    "Сахар и гречка пропадут из магазинов",
    "Интернет отключат от мирового, как в Северной Корее",
    "Европа замёрзнет без российского газа",
    "Китай во всём заменит западных поставщиков",
    "Комментарии здесь пишут оплаченные боты",
    "Срочников отправляют воевать",
    "Обстрелы жилых домов сняты как постановка",
    "Войска не стреляют по мирным жителям",
    "Скоро начнётся третья мировая война",
    "Пенсионный возраст снова поднимут",
    "Смертную казнь вернут",
    "Переговоры ни к чему не приведут",
    "Иностранные компании уйдут из страны навсегда",
    "Спортсменов отстранили из-за политики",
    "Русские и украинцы — один народ",
    "По телевизору показывают неправду",
    "Минские соглашения не выполняла ни одна сторона",
    "Люди боятся выходить на улицу и протестовать",
    "Деньги и дети чиновников давно за границей",
    "Большинство жителей поддерживает операцию",
    "Восемь лет никто не замечал обстрелов Донбасса",
    "Будет применено ядерное оружие",
    "Введут военное положение и закроют границы для выезда",
    "Настоящее число погибших скрывают",
    "Лекарства пропадут из аптек",
    "Видео с места событий снято давно и в другом месте",
)


def key(claim: str, comment: str) -> str:
    """Name of a pair that does not tell the comment."""
    return hashlib.sha256(f"{claim}\n{comment}".encode()).hexdigest()[:20]


def half(claim: str) -> str:
    """Whether a claim serves development or judges: every second one of a drawn order."""
    order = np.random.default_rng(SEED).permutation(len(CLAIMS))
    return ("development", "judging")[int(np.flatnonzero(order == CLAIMS.index(claim))[0]) % 2]


def chosen(comments: pl.Series) -> pl.DataFrame:
    """Pairs to label: ``claim``, ``comment``, ``half``."""
    bare = comments.drop_nulls().str.replace_all(r"\[(?:id|club)\w*\|[^\]]*\],?", " ")
    words = bare.str.count_matches(r"\p{L}{2,}")
    kept = pl.DataFrame({"comment": comments.drop_nulls(), "bare": bare})
    kept = kept.filter(words.is_between(*WORDS)).unique("comment", keep="any").sort("comment")
    index = bm25s.BM25()
    index.index(text.terms(kept["bare"]).to_list(), show_progress=False)
    dice = np.random.default_rng(SEED)
    taken: set[int] = set()
    rows = []
    for claim, terms in zip(CLAIMS, text.terms(pl.Series(CLAIMS)).to_list(), strict=True):
        scores = index.get_scores(terms)
        near = [n for n in np.argsort(-scores, kind="stable") if scores[n] > 0][:NEAREST]
        for part in (near[:CLOSE], near[CLOSE:]):
            free = [n for n in part if n not in taken]
            for n in dice.choice(free, min(EACH, len(free)), replace=False):
                taken.add(int(n))
                rows.append((claim, kept["comment"][int(n)], half(claim)))
    return pl.DataFrame(rows, schema=["claim", "comment", "half"], orient="row")


def labelled(comments: pl.Series) -> pl.DataFrame:
    """Pairs with what the two passes said: ``first``, ``second``; those found in ``comments``."""
    found = json.loads(LABELS.read_text())
    pairs = chosen(comments)
    named = [found.get(key(claim, comment)) for claim, comment, _ in pairs.rows()]
    said = pl.DataFrame(
        {"first": [n and n[0] for n in named], "second": [n and n[1] for n in named]},
        schema={"first": pl.String, "second": pl.String},
    )
    return pairs.hstack(said).drop_nulls()
