"""The sample's claims told in wording that neither the sample nor the matcher knows.

Half of the messages state a claim: four in five share words with it, one in five says it in wholly
other words. The other half are near misses: the same subject and many of the same words, something
else stated. Ordinary messages of the sample stand around them, as they do in a real export.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cur_lab import datasets
from cur_lab.synthetic.grammar import capital, expand
from cur_lab.synthetic.streams import Dice

STANCES = ("repeats", "asks", "doubts", "refutes")
_SHARES = (0.5, 0.25, 0.1, 0.15)
_NEW = 0.2
# Which of the sample's claims a heading of the wording means, by a word of its text.
_WORDS = {
    "hospital": "больницу",
    "water": "Водопровод",
    "wells": "колодцы",
    "schools": "Школу",
    "fare": "Проезд",
    "benefit": "льготу",
    "landfill": "полигон",
    "layoffs": "уволят",
}


@dataclass(frozen=True)
class Retold:
    """Messages, the registry, and per message what it states: ``claim_id`` null for a near miss."""

    messages: pl.DataFrame
    claims: pl.DataFrame
    truth: pl.DataFrame


def retold(wording: Path, *, seed: int, per_claim: int = 120, around: int = 3_000) -> Retold:
    """Write messages by a file of wording, among as many ordinary ones as asked."""
    plan = tomllib.loads(wording.read_text(encoding="utf-8"))
    region = datasets.load("zarechye")
    planted = datasets.truth("zarechye").claim_messages
    claims = region.claims
    names = {
        key: claims.filter(pl.col("text").str.contains(word, literal=True))["claim_id"].item()
        for key, word in _WORDS.items()
    }
    rows = []
    for key, name in names.items():
        for number in range(per_claim):
            dice = Dice(seed, "retold", key, number)
            rows.append((f"{key}-{number:03}", *_message(plan, key, name, number, dice)))
    schema = ["message_id", "text", "claim_id", "near_claim_id", "kind", "stance"]
    told = pl.DataFrame(rows, schema=schema, orient="row", infer_schema_length=None)
    rest = region.messages.join(planted, on="message_id", how="anti").sort("message_id")
    rest = rest.select("message_id", "text").sample(around, seed=seed, shuffle=True)
    return Retold(pl.concat([told.select("message_id", "text"), rest]), claims, told.drop("text"))


def _message(
    plan: dict, key: str, name: str, number: int, dice: Dice
) -> tuple[str, str | None, str | None, str, str | None]:
    clauses = plan["claims"][key]
    near = number % 2 == 1
    kind = "near" if near else ("new" if dice.chance(_NEW) else "says")
    stance = "near" if near else dice.weighted(STANCES, _SHARES)
    core = _said(dice.pick(clauses[kind]), dice)
    frame = dice.pick(plan["frames"][stance])
    parts = [_said(frame, dice, core)]
    if dice.chance(0.45):
        parts.insert(int(dice.chance(0.7)), _said(dice.pick(plan["frames"]["more"]), dice))
    text = _typed(" ".join(capital(p if p[-1] in ".?!" else p + ".") for p in parts), dice)
    return text, None if near else name, name if near else None, kind, None if near else stance


def _said(source: str, dice: Dice, core: str = "") -> str:
    return expand(source, dice, lambda _slot, _arguments: core)


def _typed(text: str, dice: Dice) -> str:
    """Type it as people do: without capitals, without full stops, with a letter lost."""
    if dice.chance(0.3):
        text = text.lower()
    if dice.chance(0.2):
        text = text.replace(".", "").replace(",", "")
    if dice.chance(0.2) and len(text) > 30:
        place = dice.integer(5, len(text) - 5)
        text = text[:place] + text[place + 1 :]
    return text
