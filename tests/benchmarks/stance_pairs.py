"""Pairs of a claim and a real comment for the benchmark of stance: how chosen, who labelled.

The claims are ours, of what the comments talk about; a comment is a candidate of a claim by BM25 on
lemmas alone, if it shares two different ones. Chosen before any stance was looked at: of the forty
nearest comments of a claim four of the first twelve and three of the others, by a fixed seed (a
first draw without the second condition brought mostly comments of other subjects and was given up
before it was labelled): stratum ``near``, the one for coverage. Few of them ask or doubt, so other
strata are drawn beside, for F1 alone: with a question mark, short with it, with a word of belief
or disbelief; and ``worded``: comments with such marks drawn at random from all, the claim worded
afterwards by what the comment asks, doubts, denies or states (so it covers more of it).

Labelled twice by one language model, the second time in another order without the first labels at
hand, without the output of any method: one judge asked twice, no second judge, so their agreement
is a ceiling of consistency. Every second claim serves development, the others judge. Labels are
kept by hash: the comments are not part of this project.
"""

import hashlib
import json
import re
from pathlib import Path

import bm25s
import numpy as np
import polars as pl

from cur_lab import text

LABELS = Path(__file__).parent / "stance_labels.json"
SEED = 20261130
NEAREST, CLOSE, EACH = 40, 12, (4, 3)
AMONG = 200
# Pattern, most words, terms shared with the claim; how many of each claim.
RARE = {
    "question": (r"\?", 70, 2),
    "short": (r"\?", 16, 1),
    "belief": (r"\bвер[июья]|сомне|якобы|фейк|врань|неправд|правда", 40, 1),
}
EACH_RARE = {"question": 3, "short": 2, "belief": 2}
SHARED = 2
WORDS = (4, 70)

CLAIMS = (
    "Санкции бьют прежде всего по обычным людям",
    "Санкции сделают страну только сильнее",
    "Цены в магазинах вырастут в несколько раз",
    "Цены растут, а зарплаты не поднимают",
    "Доллар будет стоить двести рублей",
    "Рубль скоро обесценится",
    "Деньги со вкладов в банках не вернут",
    "Сахар и гречка пропадут из магазинов",
    "Лекарства пропадут из аптек",
    "Скоро вернутся девяностые",
    "Интернет отключат, как в Северной Корее",
    "Социальные сети заблокируют",
    "Свободы слова в стране больше нет",
    "По телевизору показывают неправду",
    "Все новости об этом — фейки",
    "Фото и видео оттуда — постановка",
    "Комментарии здесь пишут оплаченные боты",
    "Европа не проживёт без российского газа",
    "Европа откажется от российской нефти и газа",
    "Китай поможет и заменит западные товары",
    "США зарабатывают на чужих войнах",
    "НАТО подошло к самым границам",
    "Иностранные компании уйдут из страны",
    "Самолёты не смогут летать без запчастей",
    "Спорт должен быть вне политики",
    "Спортсменов отстранили несправедливо",
    "Срочников отправляют воевать",
    "Солдатам говорили, что едут на учения",
    "Настоящие потери скрывают",
    "Войска не стреляют по мирным жителям",
    "Жилые дома разрушены обстрелом",
    "Обстрелы Донбасса идут восемь лет",
    "Минские соглашения нарушала Украина",
    "Русский язык на Украине запрещали",
    "Русские и украинцы — братские народы",
    "Переговоры ни к чему не приведут",
    "Скоро начнётся третья мировая война",
    "Будет применено ядерное оружие",
    "Введут военное положение",
    "Границы закроют, и из страны не выпустят",
    "Пенсионный возраст снова поднимут",
    "Смертную казнь вернут",
    "Народ поддерживает президента",
    "Люди боятся выходить на митинги",
    "Петиции ничего не решают",
    "Дети чиновников живут за границей",
    "Беженцев принимает Россия",
    "Молодые специалисты уезжают из страны",
)


def key(claim: str, comment: str) -> str:
    """Name of a pair that does not tell the comment."""
    return hashlib.sha256(f"{claim}\n{comment}".encode()).hexdigest()[:20]


def half(claim: str) -> str:
    """Whether a claim serves development or judges: every second one of a drawn order."""
    order = np.random.default_rng(SEED).permutation(len(CLAIMS))
    return ("development", "judging")[int(np.flatnonzero(order == CLAIMS.index(claim))[0]) % 2]


def chosen(comments: pl.Series) -> pl.DataFrame:
    """Pairs to label: ``claim``, ``comment``, ``half``, ``stratum``."""
    bare = comments.drop_nulls().str.replace_all(r"\[(?:id|club)\w*\|[^\]]*\],?", " ")
    words = bare.str.count_matches(r"\p{L}{2,}")
    kept = pl.DataFrame({"comment": comments.drop_nulls(), "bare": bare})
    kept = kept.filter(words.is_between(*WORDS)).unique("comment", keep="any").sort("comment")
    said = text.terms(kept["bare"]).to_list()
    index = bm25s.BM25()
    index.index(said, show_progress=False)
    terms_of = dict(zip(CLAIMS, text.terms(pl.Series(CLAIMS)).to_list(), strict=True))
    count = kept["bare"].str.count_matches(r"\p{L}{2,}").to_list()
    dice = np.random.default_rng(SEED)
    taken: set[int] = set()
    rows, nearest = [], {}
    for claim, terms in terms_of.items():
        scores = index.get_scores(terms)
        ranked = np.argsort(-scores, kind="stable")[:4_000]
        nearest[claim] = [n for n in ranked if scores[n] > 0]
        near = [n for n in ranked if len(set(terms) & set(said[n])) >= SHARED][:NEAREST]
        for part, each in zip((near[:CLOSE], near[CLOSE:]), EACH, strict=True):
            free = [n for n in part if n not in taken]
            for n in dice.choice(free, min(each, len(free)), replace=False):
                taken.add(int(n))
                rows.append((claim, kept["comment"][int(n)], half(claim), "near"))
    for stratum, (pattern, longest, shared) in RARE.items():
        for claim, near in nearest.items():
            free = [
                n
                for n in near
                if n not in taken
                and count[n] <= longest
                and len(set(said[n]) & set(terms_of[claim])) >= shared
                and re.search(pattern, kept["bare"][int(n)].lower())
            ][:AMONG]
            for n in dice.choice(free, min(EACH_RARE[stratum], len(free)), replace=False):
                taken.add(int(n))
                rows.append((claim, kept["comment"][int(n)], half(claim), stratum))
    return pl.DataFrame(rows, schema=["claim", "comment", "half", "stratum"], orient="row")


def labelled(comments: pl.Series) -> pl.DataFrame:
    """Pairs with what the two passes said: ``first``, ``second``; those found in ``comments``.

    ``spreads``, ``asks``, ``doubts``, ``refutes``, or ``none`` where nothing is said of the claim.
    """
    found = json.loads(LABELS.read_text())
    rows = [
        (*pair, *found["pairs"][key(*pair[:2])])
        for pair in chosen(comments).rows()
        if key(*pair[:2]) in found["pairs"]
    ]
    for comment in comments.drop_nulls().unique().sort():
        if (name := key("", comment)) in found["worded"]:
            claim, *said = found["worded"][name]
            part = ("development", "judging")[int(name, 16) % 2]
            rows.append((claim, comment, part, "worded", *said))
    names = ["claim", "comment", "half", "stratum", "first", "second"]
    return pl.DataFrame(rows, schema=names, orient="row")
