"""What holds of sentences about a vote."""

import math
from collections import Counter
from dataclasses import replace

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import multiplied, of, only, put, swapped, turned, widened
from headlines.reading import close, digits, numbers, quoted

from cur_lab.budgeting import ComplaintsToProjects, PostEffects
from cur_lab.headlines import budgeting


def published(**votes):
    rows = [(period, "votes", number) for period, number in votes.items()]
    schema = {"period": pl.String, "metric": pl.String, "value": pl.Float64}
    return pl.DataFrame([*rows, ("2025", "projects", 9e6)], schema=schema, orient="row")


def course(*halves, whole=200):
    rows = [(0.25, 10), *((0.5, half) for half in halves), *((1.0, whole) for _ in halves)]
    return pl.DataFrame(rows, schema=["elapsed", "votes"], orient="row")


def outcomes(*rows):
    names = ["forecast_low", "forecast_high", "final"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row").with_columns(
        pl.col("final").cast(pl.Int64)
    )


def covered(*shares, projects=300):
    rows = {"covered": shares, "projects": [projects] * len(shares)}
    return pl.DataFrame(rows, schema={"covered": pl.Float64, "projects": pl.Int64})


def wilson(share, number, z=1.959963984540054):
    middle = (share + z**2 / (2 * number)) / (1 + z**2 / number)
    half = z * math.sqrt(share * (1 - share) / number + z**2 / (4 * number**2))
    return middle - half / (1 + z**2 / number), middle + half / (1 + z**2 / number)


def phases(ratio, low, high):
    others = [("others", "all", "0-5"), ("own", "video", "0-5"), ("own", "all", "0-72")]
    rows = [("own", "all", "0-5", ratio, low, high), *((*key, 3.3, 2.2, 4.4) for key in others)]
    names = dict.fromkeys(("target", "kind", "phase"), pl.String)
    schema = names | dict.fromkeys(("ratio", "ratio_low", "ratio_high"), pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def posts_of(before, whole, drawn):
    rows = [
        ("own", "all", "0-72", *whole),
        ("own", "all", "before", *before),
    ]
    names = ["target", "kind", "phase", "ratio", "ratio_low", "ratio_high"]
    effects = pl.DataFrame(rows, schema=names, orient="row")
    return PostEffects(effects, pl.DataFrame(), pl.DataFrame({"ratio": drawn}), pl.DataFrame())


def joined(told_by, categories, error=0.1, rows=(), days=30):
    projects = pl.DataFrame(
        {"told_by": told_by, "category": categories}, schema_overrides={"category": pl.String}
    )
    names = ["ratio", "ratio_low", "ratio_high"]
    names += [f"earlier_{name}" for name in names]
    schema = {"compared": pl.String} | dict.fromkeys(names, pl.Float64)
    after = pl.DataFrame(list(rows), schema=schema, orient="row")
    nothing = pl.DataFrame()
    return ComplaintsToProjects(projects, nothing, nothing, after, error, days)


def filed(rows):
    known = [one.strip() for row in rows for one in (row["category"] or "").split(",")]
    return sorted(Counter(filter(None, known)).items(), key=lambda pair: (-pair[1], pair[0]))


def field(**values):
    return lambda result: replace(result, **values)


@holds(
    budgeting.history,
    case(
        published(**{"2021": 359_046.0, "2023": 770_000.0, "2024": 590_000.0}),
        mutations=(swapped("period"), only(1), put(metric="projects"), put(value=5.0)),
    ),
    case(published(a=5.0, b=5.0), mutations=(only(1),)),
)
def history(sentence, table):
    votes = {r["period"]: r["value"] for r in table.to_dicts() if r["metric"] == "votes"}
    if not votes or "чисел голосов нет" in sentence:
        return not votes and "чисел голосов нет" in sentence
    most = [period for period, number in votes.items() if number == max(votes.values())]
    alone = sentence.startswith(budgeting.PUBLISHED)
    named = all(period in sentence for period in most)
    others = [period for period in votes if period not in most and period in sentence]
    return alone == (len(most) == 1) and named and not others


@holds(
    budgeting.curves,
    case(course(40, 62), mutations=(put(votes=7), only(3), put(elapsed=1.0))),
    case(course(40, whole=0), mutations=(put(votes=7),)),
)
def curves(sentence, table):
    rows = table.to_dicts()
    half, whole = (sum(r["votes"] for r in rows if r["elapsed"] == at) for at in (0.5, 1.0))
    if not whole or "не определяется" in sentence:
        return not whole and "не определяется" in sentence
    (said,) = numbers(sentence)
    return close(said, 100 * half / whole, digits(sentence)[0])


@holds(
    budgeting.forecasts,
    case(
        outcomes((3, 9, 5), (4, 8, 20), (1, 2, 1)),
        mutations=(only(2), put(final=100), put(forecast_low=None), multiplied(3, "final")),
    ),
    case(outcomes((None, None, 5)), mutations=(put(forecast_low=1, forecast_high=9),)),
)
def forecasts(sentence, projects):
    rows = [r for r in projects.to_dicts() if None not in r.values()]
    inside = sum(r["forecast_low"] <= r["final"] <= r["forecast_high"] for r in rows)
    return numbers(sentence) == ([90, inside, len(rows)] if rows else [])


@holds(
    budgeting.coverage,
    case(
        covered(0.96, 0.99, 0.99), mutations=(put(covered=0.7), only(1), multiplied(0.9, "covered"))
    ),
    case(covered(0.8, 0.85), mutations=(put(covered=0.95),)),
    case(covered(0.88, 0.95), mutations=(put(covered=None), only(1))),
    case(covered(1.0, 1.0, projects=18), mutations=(put(projects=180),)),
    claims="чем нужно",
)
def coverage(sentence, shares):
    rows = [row for row in shares.to_dicts() if row["covered"] is not None]
    known = [row["covered"] for row in rows]
    said = numbers(sentence)[1:]
    if not known or "не определяется" in sentence:
        return not known and "не определяется" in sentence
    ends = [min(known), max(known)][: len(said)] if len(said) < 2 else [min(known), max(known)]
    near = all(close(one, 100 * end) for one, end in zip(said, ends, strict=True))
    if len(said) == 1:
        near = near and close(100 * min(known), 100 * max(known))
    ends = [wilson(row["covered"], row["projects"]) for row in rows]
    words = {"шире": min(ends)[0] > 0.9, "уже, чем": max(high for _, high in ends) < 0.9}
    return near and all((word in sentence) == true for word, true in words.items())


@holds(
    budgeting.posts,
    case(
        phases(1.5, 1.2, 1.9),
        mutations=(
            widened("ratio"),
            multiplied(2, "ratio"),
            put(ratio=None),
            put(phase="0-72"),
            swapped("target"),
            put(kind="video"),
        ),
    ),
    case(phases(1.1, 0.7, 1.6), mutations=(put(ratio_low=1.02), put(ratio_high=0.95))),
    case(phases(0.6, 0.4, 0.8), mutations=(put(ratio_high=1.4),)),
    case(phases(1.2, None, None), mutations=(put(ratio_low=1.1, ratio_high=1.3),)),
    claims="раза чаще|реже",
)
def posts(sentence, effects):
    rows = {(r["target"], r["kind"], r["phase"]): r for r in effects.to_dicts()}
    row = rows.get(("own", "all", "0-5"))
    known = row is not None and row["ratio"] is not None
    if not known or "не определяется" in sentence:
        return not known and "не определяется" in sentence
    values = [row["ratio"], row["ratio_low"], row["ratio_high"]]
    more = values[1] is not None and values[1] > 1
    fewer = values[2] is not None and values[2] < 1
    words = {"раза чаще": more, "реже": fewer, "не видно": not more and not fewer}
    right = all((word in sentence) == true for word, true in words.items())
    said = numbers(sentence)
    if not more and not fewer:
        return right and not said
    return (
        right and len(said) == 3 and all(close(n, v, 2) for n, v in zip(said, values, strict=True))
    )


@holds(
    budgeting.design,
    case(
        posts_of((1.0, 0.9, 1.1), (1.3, 1.1, 1.5), [1.01, 0.98, 1.02] * 9),
        mutations=(
            of("effects", put(ratio_low=1.2)),
            of("effects", put(ratio=1.0)),
            of("placebos", put(ratio=2.0)),
            of("placebos", only(0)),
        ),
    ),
    case(
        posts_of((1.3, 1.2, 1.4), (1.0, 0.9, 1.1), [1.1, 0.8]),
        mutations=(of("effects", put(ratio_low=0.5, ratio_high=1.5)),),
    ),
    claims="не пройдена",
)
def design(sentence, result):
    every = [r for r in result.effects.to_dicts() if (r["target"], r["kind"]) == ("own", "all")]
    rows = {row["phase"]: row for row in every}
    unknown = not rows or rows["0-72"]["ratio"] is None or not result.placebos.height
    if unknown or "не определяется" in sentence:
        return unknown and "не определяется" in sentence
    found = abs(math.log(rows["0-72"]["ratio"]))
    drawn = [abs(math.log(row["ratio"])) for row in result.placebos.to_dicts()]
    strong = sum(one >= found for one in drawn)
    p = (1 + strong) / (1 + len(drawn))
    low, high = rows["before"]["ratio_low"], rows["before"]["ratio_high"]
    ahead = low is not None and (low > 1 or high < 1)
    failed = {"«до поста» не пройдена": ahead, "датами не пройдена": p > 0.05}
    right = all((words in sentence) == true for words, true in failed.items())
    said = numbers(sentence)
    return right and said[:2] == [strong, len(drawn)] and close(said[2], p, 3)


@holds(
    budgeting.needs,
    case(
        joined(["category", "words", "words", "uncertain"], ["Дворы, Спорт", "Спорт", None, ""]),
        mutations=(
            field(error=0.3),
            of("projects", put(told_by="category")),
            of("projects", put(category="Дворы")),
            of("projects", only(2)),
        ),
        top=1,
    ),
    case(
        joined(["category"] * 2, [None, None]),
        mutations=(of("projects", put(category="Спорт")), of("projects", only(1))),
        top=8,
    ),
    case(
        joined(["category", "uncertain", "uncertain"], ["Дворы", "Вода", "Вода"]),
        mutations=(
            of("projects", swapped("category")),
            of("projects", swapped("told_by")),
            of("projects", put(told_by="words")),
        ),
        top=8,
    ),
)
def needs(sentence, result, top):
    rows = result.projects.to_dicts()
    by = Counter(row["told_by"] for row in rows)
    own = filed(rows)
    unclear = filed([row for row in rows if row["told_by"] == "uncertain"])
    first, _, listed = sentence.partition(". Собственные категории проектов: ")
    counted = [by["category"]]
    counted += [by["words"], 100 * result.error] if by["words"] else []
    if by["uncertain"]:
        counted += [by["uncertain"], *(number for _, number in unclear[:top])]
    told = numbers(first)
    near = len(told) == len(counted) and all(
        close(said, true, places)
        for said, true, places in zip(told, counted, digits(first), strict=True)
    )
    named = quoted(first) == [name for name, _ in unclear[:top]]
    shown = dict(own[:top])
    right = quoted(listed) == list(shown) and numbers(listed) == list(shown.values())
    more = ("и другие" in first) == (len(unclear) > top)
    return named and right and near and more and ("и другие" in listed) == (len(own) > top)


@holds(
    budgeting.apart,
    case(
        joined([], [], rows=[("proposed", 0.2, 0.1, 0.5, 1.0, 0.8, 1.2)]),
        mutations=(
            field(days=900),
            of("afterwards", put(earlier_ratio_low=1.1)),
            of("afterwards", put(compared="unfunded")),
        ),
    ),
    case(
        joined([], [], rows=[("proposed", *[None] * 6)]),
        mutations=(of("afterwards", put(ratio=1.0, ratio_low=0.9, ratio_high=1.1)),),
    ),
    case(
        joined([], [], rows=[("proposed", 1.0, 0.9, 1.1, 1.0, 0.8, 1.2)]),
        mutations=(
            of("afterwards", turned("ratio")),
            of("afterwards", put(earlier_ratio_low=None, earlier_ratio_high=None)),
        ),
    ),
    case(
        joined(
            [],
            [],
            rows=[
                ("proposed", 1.0, 0.9, 1.1, 1.0, 0.8, 1.2),
                ("unfunded", *[None] * 6),
            ],
        ),
        mutations=(
            of("afterwards", only(1)),
            of("afterwards", put(ratio=1.0, ratio_low=0.9, ratio_high=1.1)),
        ),
    ),
    claims="не пройдена|не единица",
)
def apart(sentence, result):
    rows = result.afterwards.to_dicts()
    known = [row[name] for row in rows for name in ("ratio", "earlier_ratio")]
    if set(known) <= {None} or "Сравнение не посчитано" in sentence:
        return set(known) <= {None} and "Сравнение не посчитано" in sentence
    only_lost = [row["ratio_low"] for row in rows if row["compared"] == "unfunded"]
    unmade = set()
    if all(row["earlier_ratio_low"] is None for row in rows):
        unmade.add("то же до решения")
    if only_lost == [None]:
        unmade.add("предложен, но не победил")
    said, _, missing = sentence.partition("Не посчитано: ")
    if set(quoted(missing)) != unmade:
        return False
    sentence = said
    rows = [{k: 1 if v is None else v for k, v in row.items()} for row in rows]
    away = [row for row in rows if row["ratio_low"] > 1 or row["ratio_high"] < 1]
    failed = {
        "«то же до решения»": any(
            row["earlier_ratio_low"] > 1 or row["earlier_ratio_high"] < 1 for row in rows
        ),
        "«предложен, но не победил»": any(row["compared"] == "unfunded" for row in away),
        "ничего не успевают": bool(away) and result.days < 90,
    }
    right = all((words in sentence) == true for words, true in failed.items())
    return right and ("не провалена ни одна" in sentence) == (not any(failed.values()))
