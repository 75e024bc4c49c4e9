"""What holds of sentences about topics."""

from datetime import date

import polars as pl
from headlines.entries import case, holds
from headlines.mutations import both, multiplied, only, put, swapped, widened
from headlines.reading import close, digits, numbers, quoted

from cur_lab import columns as c
from cur_lab.headlines import topics

MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь"),
    *("октябрь", "ноябрь", "декабрь"),
)


def table(shares, reach=0.01):
    number = len(shares)
    rows = {
        "topic": range(number),
        "label": [f"тема {name}" for name in "абвгде"[:number]],
        "size": [round(1000 * share) for share in shares],
        "share": shares,
        "share_low": [share - reach for share in shares],
        "share_high": [share + reach for share in shares],
    }
    return pl.DataFrame(rows)


def cells(shares, reach=0.01):
    return table(shares, reach).with_columns(
        topic=pl.Series([0, 1, 0, 1]),
        label=pl.Series(["ямы", "свет", "ямы", "свет"]),
        channel=pl.Series(["bot", "bot", "hotline", "hotline"]),
    )


def twice(frame):
    return pl.concat([frame, frame])


def first(rows, value="share"):
    """The largest, and the rows its interval does not tell from it, in plain Python."""
    rows = sorted((r for r in rows if r[value] is not None), key=lambda r: -r[value])
    return [r for r in rows if r is rows[0] or r[f"{value}_high"] > rows[0][f"{value}_low"]]


@holds(
    topics.shares,
    case(table([0.3, 0.2, 0.1]), mutations=(swapped("label"), widened("share"))),
    case(
        table([0.3, 0.29, 0.28, 0.27], reach=0.05),
        mutations=(swapped("label"), only(1), put(share_high=0.2)),
    ),
    case(table([0.5, 0.2, 0.1]), mutations=(swapped("label"), widened("share")), apart=0),
    case(table([0.4]), mutations=(put(share=0.3, share_low=0.2),)),
    claims="Чаще всего",
)
def shares(sentence, topics, apart=None):
    rivals = first([row for row in topics.to_dicts() if row["topic"] != apart])
    if not rivals:
        return sentence == "Тем не найдено"
    names = [row["label"] for row in rivals]
    if len(rivals) == 1:
        printed, places = numbers(sentence), digits(sentence)
        values = [100 * rivals[0][f"share{end}"] for end in ("", "_low", "_high")]
        near = len(printed) == 3 and all(map(close, printed, values, places))
        alone = sum(row["topic"] != apart for row in topics.to_dicts()) == 1
        said = "Найдена одна тема" if alone else "Чаще всего"
        return sentence.startswith(said) and quoted(sentence) == names and near
    rest = sentence.endswith(" и другие") == (len(rivals) > 3)
    return "Среди самых частых" in sentence and quoted(sentence) == names[:3] and rest


CHANNELS = {"by": "channel", "heading": "Канал"}


@holds(
    topics.by_group,
    case(
        cells([0.5, 0.2, 0.3, 0.1]),
        mutations=(
            swapped("channel", "label"),
            widened("share"),
            multiplied(0.5, "share", "share_low", "share_high"),
        ),
        of=2,
        **CHANNELS,
    ),
    case(
        cells([0.5, 0.49, 0.48, 0.47], reach=0.1),
        mutations=(swapped("channel"), only(3), put(share=None)),
        of=7,
        **CHANNELS,
    ),
    claims="Самая большая доля",
)
def by_group(sentence, drawn, by, heading, of):
    rivals = first(drawn.to_dicts())
    if not rivals:
        return "слишком малы" in sentence and heading in sentence
    among = len({row["topic"] for row in drawn.to_dicts()})
    if ("крупнейш" in sentence) != (among < of):
        return False
    cells = [f"«{r['label']}» — {_named(r[by], by)}, " for r in rivals[:3]]
    told = sentence.partition(": ")[2].split("; ")
    # The year of a month is no share.
    said = [number for part in told for number in numbers(part)[-1:]]
    near = len(said) == len(cells)
    near = near and all(close(p, 100 * r["share"]) for p, r in zip(said, rivals, strict=False))
    right = len(told) == len(cells) and all(map(str.startswith, told, cells))
    alone = ("Самая большая" in sentence) == (len(rivals) == 1)
    return right and near and alone and ("и другие" in sentence) == (len(rivals) > 3)


@holds(
    topics.unstated,
    case(
        cells([0.5, 0.2, 0.3, 0.1]).with_columns(
            channel=pl.Series(["vk", "vk", None, None], dtype=pl.String)
        ),
        mutations=(put(channel="vk"), multiplied(3, "size"), only(3)),
        by="channel",
    ),
)
def unstated(sentence, breakdown, by):
    size = sum(row["size"] or 0 for row in breakdown.to_dicts() if row[by] is None)
    return numbers(sentence) == ([size] if size else [])


def _named(group, by):
    if isinstance(group, date):
        return f"{MONTHS[group.month - 1]} {group.year}"
    return c.CODES.get(by, {}).get(group, group or "не указано")


@holds(
    topics.largest,
    case(table([0.3, 0.2, 0.1]), mutations=(twice,), top=2),
    case(table([0.3, 0.2]), mutations=(twice,), top=3),
)
def largest(sentence, topics, top):
    number = len(topics.to_dicts())
    if not number:
        return sentence == "Тем не найдено"
    return "крупнейшие" in sentence.lower() and numbers(sentence) == (
        [top, number] if number > top else []
    )


SAME = pl.DataFrame(
    {
        "topic": [0, 0],
        "size": [20, 10],
        "keywords": [["яма", "асфальт", "край", "дом"], ["часть", "край"]],
    }
)


def grid(good, open_end=False):
    tried = [4, 8, 16]
    return pl.DataFrame(
        {
            "n_topics": tried,
            "as_good": [number in good for number in tried],
            "open_end": [open_end and number == 16 for number in tried],
        }
    )


@holds(
    topics.numbers,
    case(grid([8, 16], open_end=True), mutations=(put(open_end=False), only(2))),
    case(grid([8]), mutations=(both(put(as_good=True), put(open_end=True)),)),
    case(grid([4]), mutations=(put(as_good=True),), topics=table([0.3, 0.2, 0.1, 0.1])),
    case(grid([4]), mutations=(put(as_good=True),), topics=table([0.1] * 4), twins=SAME, apart=3),
    case(grid([4]), mutations=(put(as_good=True),), topics=table([0.3, 0.2, 0.1]), twins=SAME),
)
def numbers_of_topics(sentence, reasons, topics=None, twins=None, apart=None):
    good = sorted(row["n_topics"] for row in reasons.to_dicts() if row["as_good"])
    if not good:
        return "выбирать не из чего" in sentence
    said = [good[0], good[0], good[-1]] if len(good) > 1 else good[:]
    ended = any(row["open_end"] for row in reasons.to_dicts())
    rows = good[0] if topics is None else len(topics.to_dicts())
    into = [row["topic"] for row in ([] if twins is None else twins.to_dicts())]
    if into or rows != good[0]:
        said.append(rows)
        said += [len(into) - len(set(into))] if into else []
        if ("«Прочее»" in sentence) != (apart is not None):
            return False
    return numbers(sentence) == said and ("не пробовали" in sentence) == ended


def named_anew(frame):
    return frame.with_columns(label=pl.lit("«»") + pl.col("label"))


@holds(
    topics.merged,
    case(table([0.3, 0.2, 0.1]), SAME, mutations=(named_anew,)),
)
def merged(sentence, topics, twins):
    labels = {row["topic"]: row["label"] for row in topics.to_dicts()}
    rows = [row for row in twins.to_dicts() if row["topic"] in labels]
    if not rows:
        return not sentence
    parts = sentence.removesuffix(".").partition(": ")[2].split("; ")
    told = {
        f"«{labels[topic]}» — это "
        + " и ".join(f"«{', '.join(r['keywords'][:3])}»" for r in rows if r["topic"] == topic)
        for topic in {row["topic"] for row in rows}
    }
    return set(parts) == told


def parts(shares, reach=0.01, topic=0, of=1000):
    """Parts of one topic."""
    return table(shares, reach).select(
        topic=pl.lit(topic),
        label=pl.lit(f"вся {topic}"),
        child=pl.int_range(pl.len()),
        child_label=pl.col("label"),
        size=(pl.col("share") * of).round().cast(pl.Int64),
        share="share",
        share_low="share_low",
        share_high="share_high",
    )


@holds(
    topics.children,
    case(
        pl.concat([parts([0.5, 0.3, 0.2]), parts([0.9, 0.1], topic=1, of=500)]),
        mutations=(swapped("child_label"), widened("share"), put(topic=1, label="вся 1")),
    ),
    case(
        parts([0.3, 0.29, 0.28, 0.13], reach=0.05),
        mutations=(swapped("child_label"), only(1)),
    ),
    claims="больше всего",
)
def children(sentence, children):
    rows = children.to_dicts()
    if not rows:
        return sentence.startswith("Ни одна тема")
    totals = {}
    for row in rows:
        totals[row["topic"]] = totals.get(row["topic"], 0) + row["size"]
    own = [row for row in rows if row["topic"] == max(totals, key=totals.get)]
    rivals = first(own)
    names = [own[0]["label"], *(row["child_label"] for row in rivals[:3])]
    if quoted(sentence) != names or ("больше всего" in sentence) != (len(rivals) == 1):
        return False
    if len(rivals) > 1:
        return sentence.endswith(" и другие") == (len(rivals) > 3)
    values = [100 * rivals[0][f"share{end}"] for end in ("", "_low", "_high")]
    said, places = numbers(sentence.rpartition("»")[2]), digits(sentence.rpartition("»")[2])
    return len(said) == 3 and all(map(close, said, values, places))
