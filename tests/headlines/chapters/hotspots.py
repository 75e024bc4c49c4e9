"""What holds of sentences about places."""

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, put, swapped
from headlines.reading import close, numbers, quoted

from cur_lab.headlines import hotspots

NAMES = {
    "улица мира": "улица Мира",
    "площадь труда": "площадь Труда",
    "улица садовая": "улица Садовая",
}


def streets_found():
    rows = {
        "municipality": ["А", "А", "Б"],
        "street": ["улица мира", "площадь труда", "улица садовая"],
        "rubric": ["Ямы", "Свет", "Вода"],
        "ratio": [3.0, 5.0, 9.0],
        "ratio_low": [2.0, 3.0, 0.5],
        "ratio_high": [4.0, 8.0, 30.0],
        "verdict": ["above_expected", "above_expected", "like_other_streets"],
    }
    return pl.DataFrame(rows)


@holds(
    hotspots.streets,
    case(
        streets_found(),
        mutations=(
            swapped("street"),
            swapped("rubric"),
            multiplied(1.5, "ratio_low"),
            put(verdict="like_other_streets"),
            put(verdict="above_expected"),
            put(rubric=None),
        ),
    ),
    claims="чаще ожидаемого [(]",
)
def streets(sentence, found):
    sure = [row for row in found.to_dicts() if row["verdict"] == "above_expected"]
    if not sure:
        return sentence.endswith("не найдено")
    best = max(sure, key=lambda row: row["ratio"])
    printed = numbers(sentence)
    values = [best["ratio"], best["ratio_low"], best["ratio_high"]]
    near = len(printed) == 3 and all(close(p, v, 1) for p, v in zip(printed, values, strict=True))
    about = quoted(sentence) == ([best["rubric"]] if best["rubric"] else [])
    return near and about and sentence.startswith(f"{NAMES[best['street']]}:")


def places(*verdicts):
    return pl.DataFrame(
        {
            "municipality": [f"округ {name}" for name in "АБВГДЕ"[: len(verdicts)]],
            "rubric_group": ["Дороги"] * len(verdicts),
            "verdict": verdicts,
        }
    )


@holds(
    hotspots.districts,
    case(
        places("above_region", "like_region", "below_region"),
        mutations=(
            swapped("municipality"),
            swapped("verdict"),
            put(verdict="like_region"),
            put(rubric_group=None),
        ),
    ),
    case(places(*["above_region"] * 5), mutations=(put(verdict="below_region"),)),
    case(places(*["no_neighbours"] * 2), mutations=(put(verdict="like_region"),)),
    case(places("like_region", "like_region"), mutations=(put(verdict="above_region"),)),
    claims="не случайно",
)
def districts(sentence, found):
    rows = found.to_dicts()
    if not rows:
        return sentence == "Муниципалитетов в сообщениях нет"
    groups = {row["rubric_group"] for row in rows} - {None}
    if not sentence.startswith(f"{groups.pop() if groups else 'Все сообщения'}: "):
        return False
    told = sentence.partition(": ")[2]
    for verdict, often in (("above_region", "чаще: "), ("below_region", "реже: ")):
        names = sorted(row["municipality"] for row in rows if row["verdict"] == verdict)
        part = told.partition(often)[2].partition(";")[0]
        listed, _, more = part.partition(" и ещё ")
        if listed.split(", ") != (names[:3] or [""]) or int(more or 0) != max(len(names) - 3, 0):
            return False
    alone = all(row["verdict"] == "no_neighbours" for row in rows)
    same = not {row["verdict"] for row in rows} & {"above_region", "below_region"}
    return alone == ("мало" in sentence) and (same and not alone) == ("ни один" in sentence)
