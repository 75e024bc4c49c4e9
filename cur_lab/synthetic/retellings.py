"""Claims of our own, told again and nearly told: what the weights of the matcher are learnt from.

None of them is a claim of the sample region. ``python -m cur_lab.synthetic.retellings`` prints what
``cur_lab/statements/odds.json`` holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from cur_lab.statements import odds
from cur_lab.statements.coverage import Claim
from cur_lab.statements.parsing import read
from cur_lab.synthetic import plans
from cur_lab.synthetic.grammar import capital, expand
from cur_lab.synthetic.streams import Dice

_SEED = 0
_PER_CLAIM = 40
_NEW = 0.1  # of the statements in words the claim does not have
_STANCES = ("repeats", "asks", "doubts", "refutes")
_SHARES = (0.5, 0.25, 0.1, 0.15)
_MORE = 0.45
_ELSEWHERE = 0.5  # of the texts stand beside a claim on another subject too

CLAIM, TEXT, STATED = "claim", "text", "stated"


def examples() -> pl.DataFrame:
    """Write pairs of a claim and a text: ``claim``, ``text``, ``stated``."""
    plan = plans.read("retellings")
    groups = [*_rumours(plan), *_headlines(plan)]
    rows = [(*pair, group) for group, found in enumerate(groups) for pair in found]
    dice = Dice(_SEED, "another subject")
    claims = [(claim, group) for claim, _, _, group in rows]
    others = []
    for _, text, _, group in rows:
        claim, elsewhere = dice.pick(claims)
        if dice.chance(_ELSEWHERE) and elsewhere != group:
            others.append((claim, text, False, elsewhere))
    table = pl.DataFrame([*rows, *others], schema=[CLAIM, TEXT, STATED, "group"], orient="row")
    return table.select(CLAIM, TEXT, STATED)


def weights() -> dict[str, Any]:
    """Learn the model of :mod:`cur_lab.statements.odds` from the examples."""
    rows, stated, claims = [], [], []
    for number, ((claim,), group) in enumerate(examples().group_by(CLAIM, maintain_order=True)):
        content = read(pl.Series([claim]))[0]
        found = Claim(content).evidence(read(group[TEXT]))
        rows.append(odds.features(found))
        stated.append(group[STATED].to_numpy())
        claims.append(np.full(group.height, number))
    return odds.fit(*(np.concatenate(part) for part in (rows, stated, claims)))


def _rumours(plan: dict[str, Any]) -> Iterator[list[tuple[str, str, bool]]]:
    for place, claim in enumerate(plan["claim"]):
        told = []
        for number in range(_PER_CLAIM):
            dice = Dice(_SEED, "retelling", place, number)
            near = number % 2 == 1
            kind = "near" if near else "new" if dice.chance(_NEW) else "says"
            stance = "near" if near else dice.weighted(_STANCES, _SHARES)
            core = _said(dice.pick(claim[kind]), dice)
            parts = [_said(dice.pick(plan["frames"][stance]), dice, core)]
            if dice.chance(_MORE):
                more = _said(dice.pick(plan["frames"]["more"]), dice)
                parts.insert(int(dice.chance(0.7)), more)
            told.append((claim["text"], _written(parts), not near))
        yield told


def _headlines(plan: dict[str, Any]) -> Iterator[list[tuple[str, str, bool]]]:
    for story in plan["news"]:
        says = story["says"]
        same = [(claim, text, True) for claim in says for text in says if text != claim]
        yield same + [(claim, text, False) for claim in says for text in story["near"]]


def _said(source: str, dice: Dice, core: str = "") -> str:
    return expand(source, dice, lambda _slot, _arguments: core)


def _written(parts: list[str]) -> str:
    return " ".join(capital(part if part[-1] in ".?!" else f"{part}.") for part in parts)


if __name__ == "__main__":
    print(json.dumps(weights()))
