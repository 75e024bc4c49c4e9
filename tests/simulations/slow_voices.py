"""Accounts that return to one matter for weeks, and circles of people who do so of themselves.

Two grammars of slow coordination: the sample region's own, and a freer one with a vocabulary apart,
each in praise and in criticism of an office, equal in number of clauses and choices. Circles: a
good-morning group, a choir of fans, a school. And neighbours: real messages of the stream, each
with a clause of thanks or of complaint, written by people who know nothing of each other.
"""

import re
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab.columns import MESSAGES
from cur_lab.synthetic import plans

Parts = tuple[tuple[str, ...], ...]

TONES = ("praise", "criticism")
CIRCLES = ("good morning", "fans", "school")

_SAMPLE = next(p for p in plans.read("coordination")["campaign"] if p["kind"] == "slow praise")
OWN: dict[str, Parts] = {
    "praise": tuple(map(tuple, _SAMPLE["parts"])),
    "criticism": (
        (
            "[Районная жилищная контора|Жилищная контора района|Наша жилищная контора] [работает "
            "отвратительно|работает спустя рукава|снова подвела]",
            "[Позор|Большой позор|Наше возмущение] [жилищной конторе|районной жилищной конторе] "
            "[за наши подъезды|за негодную работу|за равнодушие к жильцам]",
            "[Бездельники|Какие бездельники], [жилищная контора|районная жилищная контора]",
        ),
        (
            "[Подъезды|Лестницы района] [просто не отмыть|стали тёмными|теперь как в трущобах]",
            "[Хожу по лестнице каждый вечер|Обошли весь дом] — [ни одной лампочки|всё "
            "в подтёках|сплошное мучение]",
        ),
        (
            "[Всё делают кое-как|Обещания сорвали|Закончили на полгода позже], [ремонт "
            "разваливается|к подрядчику одни вопросы]",
            "[Заметно|Сразу заметно], что [люди отбывают номер|работают случайные "
            "прохожие|начальство не на своём месте]",
        ),
        (
            "[Хватит терпеть|Перестаньте позориться|Требуем сменить руководителей]",
            "[Поменьше бы таких контор|Всем бы им уволиться]",
        ),
    ),
}
# Three or four of these, in any order; ways of a person are the slips and asides of `_ASIDES`.
FREE: dict[str, Parts] = {
    "praise": (
        (
            "[в нашу|в районную] поликлинику [теперь|наконец] [приятно зайти|идёшь без страха]",
            "[записалась|записался] к [терапевту|неврологу] [за минуту|с первого звонка], "
            "[очередей нет|приняли тут же]",
            "главврач [Серова|Нина Серова] [навела порядок|вытянула поликлинику] [за год|с нуля]",
        ),
        (
            "новый [рентген|аппарат узи] [поставили|запустили], [снимок готов|результат выдали] "
            "[через полчаса|в тот же день]",
            "медсёстры [внимательные|ласковые], [бабушку|маму] [проводили до кабинета|усадили и "
            "успокоили]",
            "регистратуру [переделали|обновили]: [светло|чисто], [талоны|карты] больше не [теряют|"
            "ищут часами]",
        ),
        (
            "[раньше|ещё недавно] [ездили лечиться|возили детей] в [соседнюю область|столицу], [а "
            "сейчас|теперь] [всё своё|незачем]",
            "[кто ругает|кто жалуется], тот [давно там не был|просто не заходил после ремонта]",
        ),
        (
            "[здоровья|долгих лет] [нашим докторам|коллективу поликлиники]",
            "[берите пример|поучитесь], [другие больницы|соседние районы]",
            "[низкий поклон|сердечная признательность] [докторам|главврачу]",
        ),
    ),
    "criticism": (
        (
            "[в наш|в районный] собес [теперь|снова] [страшно зайти|идёшь как на казнь]",
            "[просидела|просидел] у [инспектора|специалиста] [полдня|до закрытия], [пособие не "
            "дали|бумаги вернули]",
            "начальница [Кутепова|Алла Кутепова] [развалила отдел|распугала сотрудников] [за год|"
            "вконец]",
        ),
        (
            "новый [терминал|электронный журнал] [сломали|отключили], [справка пропала|заявление "
            "потеряли] [через полчаса|в тот же день]",
            "инспекторы [хамоватые|раздражённые], [пенсионерку|соседку] [выставили за дверь|довели "
            "до слёз]",
            "приёмную [закрыли|перенесли]: [темно|сыро], [номерки|списки] опять [путают|пишут от "
            "руки]",
        ),
        (
            "[раньше|ещё недавно] [выплаты приходили|субсидию считали] в [первых числах|срок], [а "
            "сейчас|теперь] [ждём месяцами|тишина]",
            "[кто хвалит|кто доволен], тот [сам никогда не оформлял|просто родня инспектора]",
        ),
        (
            "[совести|хоть капли стыда] [этим чиновницам|отделу пособий]",
            "[разгоните|проверьте], [прокуратура|министерство труда]",
            "[полный провал|сплошное унижение] [льготников|малоимущих]",
        ),
    ),
}
_ASIDES = ("", "", "", "честно", "вот", "скажу так", "между прочим", "ребята", "кстати")

GREETINGS: Parts = (
    (
        "[доброе|бодрое] утро, [соседи|дорогие мои|друзья]",
        "[с добрым утром|с новым днём], [земляки|двор]",
    ),
    (
        "[пусть день|пусть эта среда] [будет светлым|принесёт радость|согреет]",
        "[солнца|тепла] всем",
    ),
    ("[кофе уже сварен|чайник вскипел]", "[не забываем улыбаться|обнимаю каждого]", "", ""),
    ("[хорошего настроения|бодрости|крепкого здоровья]", "[берегите себя|всем мира и добра]", ""),
)
ADMIRED: Parts = (
    (
        "[наш Лёша|наш соловей|любимый Ветров] [лучший|неповторим|снова в ударе]",
        "[браво|мурашки], [Лёша|Алексей Ветров]",
    ),
    ("[голос|эта песня] [до слёз|на повторе|лечит душу]", "[слушаю с утра|слушаем всей семьёй]"),
    (
        "[ждём концерт|приезжайте на гастроли] [в наш город|поскорее]",
        "[зал был полон|билеты купила]",
    ),
    ("[обожаю|люблю вас]", "[сердечки от фан-клуба|фан-клуб с вами]", ""),
)
PUPILS: Parts = (
    (
        "[мы из третьего б|пишет третий б|наш класс]",
        "[я учусь в сорок первой школе|мой сын в третьем б]",
    ),
    (
        "[сохраните|не закрывайте] [наш кружок|школьный театр]",
        "[мы ставили сказку|мы шили костюмы]",
    ),
    (
        "[Мария Ивановна|наша учительница] [самая добрая|учит нас петь]",
        "[родители тоже просят|мама помогала]",
    ),
    ("[пожалуйста|очень просим]", "[приходите на спектакль|мы вас пригласим]", ""),
)
_CIRCLES = {"good morning": GREETINGS, "fans": ADMIRED, "school": PUPILS}

# A clause of thanks or of complaint beside what a person wrote anyway.
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "praise": (
        "[спасибо|благодарю] [мэрии|городской управе] за [{what}|ремонт {what}]",
        "[молодцы|хорошо], [что взялись за {what}|{what} привели в порядок]",
        "[довольна|доволен] тем, как [{what} сделали|обошлись с {what}]",
        "[наконец|дождались]: {what}",
    ),
    "criticism": (
        "[позор|стыдно] [мэрии|городской управе] за [{what}|ремонт {what}]",
        "[безобразие|плохо], [что забросили {what}|{what} довели до ручки]",
        "[недовольна|недоволен] тем, как [{what} сделали|обошлись с {what}]",
        "[доколе|сколько ждать]: {what}",
    ),
}
MATTERS = ("сквер", "мост", "фонтан", "каток", "вокзал", "пляж", "подземный переход", "бульвар")


def expanded(source: str, rng: np.random.Generator) -> str:
    """Choose of every bracket one alternative."""
    while found := re.search(r"\[([^\[\]]*)\]", source):
        chosen = str(rng.choice(found[1].split("|")))
        source = source[: found.start()] + chosen + source[found.end() :]
    return source


def told(parts: Parts, rng: np.random.Generator) -> str:
    """Say one of each part: the first, the middle in any order with a third left out, the last."""
    first, *middle, last = ([str(rng.choice(part))] for part in parts)
    middle = [middle[i] for i in rng.permutation(len(middle)) if rng.random() > 0.35]
    said = [expanded(text, rng) for (text,) in (first, *middle, last) if text]
    return ". ".join(text[:1].upper() + text[1:] for text in said) + str(rng.choice(("", ".", "!")))


def freely_told(parts: Parts, rng: np.random.Generator) -> str:
    """Say three or four clauses of any part in any order, with asides."""
    number = int(rng.integers(3, 5))
    clauses = [clause for part in parts for clause in part]
    said = []
    for place in rng.permutation(len(clauses))[:number]:
        aside = str(rng.choice(_ASIDES))
        text = expanded(clauses[place], rng)
        said.append(f"{aside} {text}".strip() if rng.random() < 0.8 else f"{text}, {aside}")
    return str(rng.choice((", ", ". ", " "))).join(said)


def slow(
    background: pl.DataFrame, grammar: str, tone: str, each: tuple[int, int], seed: list[int]
) -> pl.DataFrame:
    """Write what four to twelve accounts say over three to six weeks, each so many messages."""
    rng = np.random.default_rng(seed)
    parts, say = {"own": (OWN, told), "freer": (FREE, freely_told)}[grammar]
    accounts = _accounts(background, int(rng.integers(4, 13)), rng)
    days = int(rng.integers(21, 43))
    start = _start(background, rng)
    rows = [
        (account, start + timedelta(seconds=float(rng.uniform(0, days * 86_400))))
        for account in accounts
        for _ in range(int(rng.integers(each[0], each[1] + 1)))
    ]
    return _laid(background, rows, [say(parts[tone], rng) for _ in rows], rng)


def circle(background: pl.DataFrame, kind: str, seed: list[int]) -> pl.DataFrame:
    """Write what people of one circle say: at its hours, under its posts, at a call."""
    rng = np.random.default_rng(seed)
    start = _start(background, rng).replace(hour=4, minute=0)
    members = _accounts(background, int(rng.integers(12, 26)), rng)
    if kind == "good morning":
        rows = [
            (who, start + timedelta(days=day, hours=float(rng.uniform(0, 4))))
            for day in range(int(rng.integers(21, 43)))
            for who in members
            if rng.random() < 0.4
        ]
    elif kind == "fans":
        rows = [
            (who, start + timedelta(days=float(day), hours=float(rng.exponential(3))))
            for day in rng.uniform(0, 40, int(rng.integers(6, 13)))
            for who in members
            if rng.random() < 0.5
        ]
    else:
        rows = [
            (who, start + timedelta(days=int(day), hours=float(rng.uniform(4, 10))))
            for day in rng.uniform(0, 40, int(rng.integers(2, 4)))
            for who in members
        ]
    return _laid(background, rows, [told(_CIRCLES[kind], rng) for _ in rows], rng)


def neighbours(background: pl.DataFrame, tone: str, seed: list[int]) -> pl.DataFrame:
    """Add a clause of thanks or complaint about one matter to real messages of unrelated people."""
    rng = np.random.default_rng(seed)
    matter = str(rng.choice(MATTERS))
    accounts = _accounts(background, 15, rng)
    texts = background.filter(pl.col("text").str.len_chars().is_between(40, 300))["text"].sort()
    start = _start(background, rng)
    rows, said = [], []
    for account in accounts:
        for _ in range(int(rng.integers(3, 7))):
            rows.append((account, start + timedelta(days=float(rng.uniform(0, 35)))))
            clause = str(rng.choice(NEIGHBOURS[tone])).replace("{what}", matter)
            said.append(f"{texts[int(rng.integers(len(texts)))]} {expanded(clause, rng)}")
    return _laid(background, rows, said, rng)


def spread_over_an_hour(
    messages: pl.DataFrame, ids: frozenset[str], seed: list[int]
) -> pl.DataFrame:
    """Deal the messages of a planting over one hour from the first of them."""
    rng = np.random.default_rng(seed)
    inside = pl.col("message_id").is_in(sorted(ids))
    start = messages.filter(inside)["published_at"].min()
    assert isinstance(start, datetime)
    count = len(ids)
    moments = iter(start + timedelta(seconds=float(s)) for s in rng.uniform(0, 3600, count))
    times = [
        next(moments) if i in ids else t for i, t in messages["message_id", "published_at"].rows()
    ]
    return messages.with_columns(pl.Series("published_at", times, dtype=pl.Datetime("us", "UTC")))


def _start(background: pl.DataFrame, rng: np.random.Generator) -> datetime:
    first = background["published_at"].min()
    assert isinstance(first, datetime)
    return first + timedelta(days=float(rng.uniform(0, 5)))


def _accounts(background: pl.DataFrame, number: int, rng: np.random.Generator) -> list[str]:
    """Half of them wrote other things as well, half write nothing else."""
    present = background["author_id"].drop_nulls().unique().sort()
    old = [str(present[int(i)]) for i in rng.choice(len(present), number, replace=False)]
    return [a if rng.random() < 0.5 else f"quiet-{rng.integers(2**60):x}" for a in old]


def _laid(
    background: pl.DataFrame,
    rows: list[tuple[str, datetime]],
    texts: list[str],
    rng: np.random.Generator,
) -> pl.DataFrame:
    channel = str(rng.choice(background["channel"].unique().sort().to_list()))
    frame = pl.DataFrame(
        {
            "message_id": [f"planted-{rng.integers(2**60):x}" for _ in rows],
            "author_id": [account for account, _ in rows],
            "published_at": [moment for _, moment in rows],
            "channel": [channel] * len(rows),
            "text": texts,
        }
    )
    times = pl.col("published_at").cast(pl.Datetime("us", "UTC"))
    return MESSAGES.conform(frame.with_columns(times))
