"""What holds of sentences about promises."""

import re

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, only, put, swapped

from cur_lab.headlines import promises

DONE = {"kept": "в срок", "late": "позже срока", "no_term_done": "без названного срока"}
UNDONE = {"overdue": "срок прошёл", "open": "срок не истёк", "no_term": "срок не назван"}


def counted(**many):
    return pl.DataFrame(
        {"fate": list(many), "n": list(many.values())}, schema={"fate": pl.String, "n": pl.Int64}
    )


def told(sentence, names, many):
    """Every part that is there stands behind its name, and no other."""
    return all(
        (re.search(rf"{name} — (\d+)", sentence) or [0, 0])[1] in (str(many.get(code, 0)), 0)
        and (name in sentence) == (many.get(code, 0) > 0)
        for code, name in names.items()
    )


@holds(
    promises.fates,
    case(
        counted(kept=8, late=5, overdue=3, open=1, no_term=4, no_term_done=2),
        mutations=(only(2), multiplied(2, "n"), swapped("fate")),
    ),
    case(counted(no_term=1), mutations=(put(fate="kept"), multiplied(5, "n"))),
)
def fates(sentence, counts):
    many = {}
    for row in counts.to_dicts():
        many[row["fate"]] = many.get(row["fate"], 0) + row["n"]
    if not many:
        return sentence == "Обещаний с датой в данных нет"
    done, undone = (sum(many.get(code, 0) for code in names) for names in (DONE, UNDONE))
    sums = re.match(r"Из (\d+) \w+ сделано (\d+).*; не сделано (\d+)", sentence)
    right = sums and [int(n) for n in sums.groups()] == [done + undone, done, undone]
    return bool(right) and told(sentence, DONE | UNDONE, many)


def ledger(*fates):
    return pl.DataFrame({"fate": fates}, schema={"fate": pl.String})


@holds(
    promises.undone,
    case(
        ledger("overdue", "overdue", "open", "no_term"),
        mutations=(only(1), only(3), put(fate="open")),
    ),
)
def undone(sentence, ledger):
    many = {}
    for row in ledger.to_dicts():
        many[row["fate"]] = many.get(row["fate"], 0) + 1
    if not many:
        return "нет" in sentence
    total = re.match(r"Не сделано обещаний: (\d+)", sentence)
    return total is not None and int(total[1]) == ledger.height and told(sentence, UNDONE, many)
