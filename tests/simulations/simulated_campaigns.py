"""Campaigns and organic look-alikes planted into any stream of messages.

Texts are put together from lists, so that every planting words something else. Only the shape of
each kind is fixed: how alike the texts are, how close in time, whose accounts.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from cur_lab.columns import MESSAGES

ATTACKS = ("copy", "mail merge", "paraphrase", "disposable", "slow praise")
LOOK_ALIKES = ("outage", "storm", "petition", "school", "flash mob")

SUBJECTS = (
    "рынок на площади|продавцы потеряют работу|купить зелень и мёд станет негде",
    "старый парк у реки|деревья пойдут под пилу|гулять с детьми станет негде",
    "маршрут тридцать восемь|старики не доедут до больницы|ждать на морозе придётся час",
    "музыкальная школа|ребята останутся без занятий|инструменты увезут на склад",
    "детская поликлиника|очередь растянется на месяц|везти ребёнка придётся в область",
    "спортивная площадка|подростки вернутся в подвалы|тренироваться станет негде",
    "библиотека на углу|книги сложат в подвал|читать вслух малышам станет негде",
    "лодочная станция|причал сгниёт за одну зиму|кататься по озеру станет не на чем",
)
OPENINGS = ("Дорогие соседи", "Земляки", "Друзья", "Неравнодушные жители", "Люди добрые")
PLEAS = (
    "Прошу остановить закрытие и услышать тех, кто здесь живёт",
    "Требую отменить это решение и провести честные слушания",
    "Верните всё как было и покажите документы жителям города",
    "Отмените приказ и объясните, куда ушли деньги из бюджета",
)
NAMES = ("Анна", "Иван", "Мария", "Пётр", "Ольга", "Денис", "Вера", "Егор", "Лидия", "Марк")
SURNAMES = ("Лосев", "Кротов", "Зимин", "Дубов", "Рогов", "Мохов", "Чижов", "Волков")
STREETS = ("Садовая", "Речная", "Лесная", "Мира", "Школьная", "Новая")
MARKS = ("", "", "!", "!!", ".", " 🙏", " ❗")

DARK = (
    ("Нет света", "Опять свет вырубили", "Сидим в темноте", "Электричества нет", "Погас свет"),
    ("уже полчаса", "минут двадцать", "только что", "с вечера", "вторые сутки", ""),
    ("весь дом", "вся улица", "у нас в подъезде", "на Речной", "в микрорайоне", "и у соседей"),
    ("кто знает когда дадут?", "дозвониться не могу", "холодильник течёт", "а у вас?", ""),
    ("ребёнок боится", "лифт встал", "еду не разогреть", "телефон садится", "насос не качает", ""),
)
WIND = (
    ("Упало дерево", "Сорвало крышу", "Провода искрят", "Залило подвал", "Остановку перевернуло"),
    ("на парковке", "у школы", "возле магазина", "прямо на дороге", "во дворе", "за гаражами"),
    ("машину помяло", "проехать нельзя", "все целы", "ветер страшный", "град как яйцо", ""),
    ("куда звонить?", "приехали спасатели", "никого нет", "берегите себя", "такого не помню", ""),
)
PUPILS = (
    ("Я учусь в третьем классе", "Пишу вместе с классом", "Мой сын учится тут", "Я школьник"),
    ("спасите наши дубы в парке", "не пилите старые дубы", "сохраните дубы для нас"),
    ("мы считали на них кольца", "там живут белки и дятел", "мы вырастили из желудей саженцы"),
    ("поставьте заборчик", "повесьте табличку", "пусть парк будет зелёным", "лечите деревья"),
)
GREETINGS = (
    ("С днём города", "С праздником, земляки", "Поздравляю любимый город", "С днём рождения"),
    ("расти и хорошей", "процветай", "пусть дети не уезжают", "живи сто веков", "радуй нас", ""),
    ("живу здесь тридцать лет", "тут родились мои дети", "лучшее место на земле", "", ""),
    ("ура", "всем добра", "обнимаю", "спасибо за праздник", "до встречи на площади", ""),
)
PRAISE = (
    ("Спасибо дорожной службе", "Молодцы дорожники", "Отличная работа дорожной службы"),
    ("трассу не узнать", "яму заделали за день", "разметка как в столице", "еду и радуюсь"),
    ("всё сделали в срок", "видно, что стараются", "люди на своём месте"),
    ("так держать", "побольше бы таких служб", "желаю дальнейших успехов"),
)


@dataclass(frozen=True)
class Planted:
    """A stream with one planting.

    Attributes
    ----------
    messages
        Background and planting.
    ids
        Messages of the planting.
    """

    messages: pl.DataFrame
    ids: frozenset[str]


def plant(
    background: pl.DataFrame, kind: str, size: int, *, new: bool, rng: np.random.Generator
) -> Planted:
    """Plant a campaign or look-alike; `new`: of accounts never seen before, else of present ones.

    Look-alikes have mostly present accounts, and slow praise always has.
    """
    texts = [_text(kind, person, rng) for person in _people(kind, size, rng)]
    timed = background.drop_nulls("published_at").sort("published_at", "message_id")
    place = int(rng.integers(timed.height // 3, timed.height))
    anchor, earlier = timed[place : place + 1], timed[:place]
    moments = _moments(kind, size, rng)
    accounts = _accounts(earlier, kind, size, new, rng)
    start = anchor["published_at"][0]
    ids = [f"planted-{rng.integers(2**60):x}" for _ in range(size)]
    columns = {
        "message_id": ids,
        "published_at": [start + timedelta(seconds=float(m)) for m in moments],
        "author_id": accounts,
        "channel": [anchor["channel"][0]] * size,
        "text": texts,
    }
    if "thread_id" in background.columns and kind not in {"slow praise", "storm"}:
        columns["thread_id"] = [anchor["thread_id"][0]] * size
    more = pl.DataFrame(columns, schema_overrides={"author_id": pl.String, "channel": pl.String})
    more = MESSAGES.conform(
        more.with_columns(pl.col("published_at").cast(pl.Datetime("us", "UTC")))
    )
    return Planted(pl.concat([background, more], how="diagonal"), frozenset(ids))


def _people(kind: str, size: int, rng: np.random.Generator) -> list[dict[str, str]]:
    what, loss, grief = str(rng.choice(SUBJECTS)).split("|")
    fixed = {
        "opening": str(rng.choice(OPENINGS)),
        "plea": str(rng.choice(PLEAS)),
        "what": what,
        "loss": loss,
        "grief": grief,
    }
    return [
        {
            **fixed,
            "name": f"{rng.choice(NAMES)} {rng.choice(SURNAMES)}",
            "street": str(rng.choice(STREETS)),
            "house": str(rng.integers(1, 120)),
        }
        for _ in range(size)
    ]


def _text(kind: str, person: dict[str, str], rng: np.random.Generator) -> str:
    mark = str(rng.choice(MARKS))
    match kind:
        case "copy" | "disposable":
            return "{opening}, закрывают {what}: {loss}, {grief}. {plea}".format(**person) + mark
        case "mail merge":
            form = (
                "Я, {name}, живу по адресу ул. {street}, д. {house}. Закрывают {what}, из-за этого "
                "{loss}, {grief}. {plea}"
            )
            return form.format(**person) + mark
        case "paraphrase":
            middle = rng.permutation([person["loss"], person["grief"], person["plea"]])
            kept = middle[: rng.integers(2, 4)]
            return f"{rng.choice(OPENINGS)}! Закрывают {person['what']}. {'. '.join(kept)}{mark}"
        case "petition":
            form = (
                "Мы, жители улицы {street}, просим сохранить {what}. Иначе {loss}, а {grief}. "
                "{plea}. {name}, кв. {house}"
            )
            return form.format(**person)
    parts = {
        "slow praise": PRAISE,
        "outage": DARK,
        "storm": WIND,
        "school": PUPILS,
        "flash mob": GREETINGS,
    }[kind]
    return ", ".join(said for said in (str(rng.choice(part)) for part in parts) if said) + mark


def _moments(kind: str, size: int, rng: np.random.Generator) -> np.ndarray:
    """Seconds after the beginning."""
    day = 86_400
    match kind:
        case "copy" | "mail merge" | "paraphrase":
            return np.sort(rng.uniform(0, 60 * rng.uniform(5, 15), size))
        case "disposable":
            return np.sort(rng.uniform(0, 3600 * rng.uniform(1, 4), size))
        case "slow praise":
            return np.sort(rng.uniform(0, 6 * day, size))
        case "outage":
            return np.sort(rng.exponential(300, size))
        case "storm":
            return np.sort(rng.uniform(0, 5 * 3600, size))
        case "petition":
            return np.sort(rng.uniform(0, rng.uniform(3, 7) * day, size))
        case "school":
            return np.sort(rng.uniform(0, rng.uniform(4, 9) * 3600, size))
    # A flash mob: quick at first, fading within hours.
    return np.sort(rng.exponential(3600, size))


def _accounts(
    earlier: pl.DataFrame, kind: str, size: int, new: bool, rng: np.random.Generator
) -> list[str]:
    """Accounts that wrote before, new ones, or both."""
    present = earlier["author_id"].drop_nulls().unique().sort()
    fresh = [f"new-{rng.integers(2**60):x}" for _ in range(size)]
    share = {"school": 0.5, "flash mob": 0.3, "outage": 0.2, "storm": 0.2, "petition": 0.1}.get(
        kind, float(new)
    )
    if kind == "disposable":
        share = 1.0
    number = max(3, size // 5) if kind == "slow praise" else size
    # A stream of few accounts: what is planted comes from accounts that came to stay elsewhere.
    known = [
        str(present[int(i)])
        for i in rng.choice(present.len(), min(number, present.len()), replace=False)
    ]
    known = (known * size)[:size] if kind == "slow praise" else known
    known += [f"quiet-{rng.integers(2**60):x}" for _ in range(size - len(known))]
    return [f if rng.random() < share else k for f, k in zip(fresh, known, strict=True)]


def chatter(messages: int, *, seed: int, days: int = 20) -> pl.DataFrame:
    """Return made-up background: a few chats with hours of the day, and accounts that come back."""
    rng = np.random.default_rng(seed)
    start = datetime(2025, 3, 3, tzinfo=UTC)
    hours = np.exp(1.2 * np.sin((np.arange(24) - 8) / 24 * 2 * np.pi))
    words = [
        f"{a}{b}" for a in "бвгдклмнпрст" for b in ("ара", "олка", "инок", "есть", "уга", "ывка")
    ]
    everyone = rng.zipf(1.6, messages) % (messages // 4)
    rows = []
    for number in range(messages):
        moment = start + timedelta(
            days=int(rng.integers(days)),
            hours=int(rng.choice(24, p=hours / hours.sum())),
            seconds=float(rng.uniform(0, 3600)),
        )
        length = int(rng.integers(1, 14))
        said = " ".join(rng.choice(words, length))
        rows.append(
            {
                "message_id": f"m{number:06}",
                "published_at": moment,
                "author_id": f"a{everyone[number]}",
                "channel": f"чат {number % 2}",
                "text": said,
            }
        )
    return MESSAGES.conform(pl.DataFrame(rows))
