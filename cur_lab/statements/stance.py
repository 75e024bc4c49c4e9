"""How a message stands to what it repeats: it spreads it, asks, doubts or refutes it.

Rules, not a trained model: every cue is a pattern with the stance it speaks for and a weight, and
:func:`cues` shows which of them a text has. A citizen who asks about a rumour is not spreading it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from cur_lab import columns as c
from cur_lab import text

__all__ = ["cues", "stances"]

SPREADS, ASKS, DOUBTS, REFUTES = c.SPREADS, c.ASKS, c.DOUBTS, c.REFUTES
# In a tie the more cautious reading wins: what could be a question is not called spreading.
_ORDER = (REFUTES, ASKS, DOUBTS, SPREADS)

_FALSEHOOD = (
    r"(?:фейк\w*|неправд\w*|лож(?:ь|ью|ная|ную)|вранье|враки|брехня|бред|чушь|ерунда|выдумк\w*|"
    r"вымысел|вымышлен\w*|утка|вброс\w*|дезинформаци\w*|байк[аи]|сказк[аи]|страшилк\w*|миф\w*|"
    r"сплетн\w*|домыс\w*|обман\w*)"
)


@dataclass(frozen=True)
class _Cue:
    name: str
    stance: str
    weight: float
    pattern: re.Pattern[str]


def _cue(name: str, stance: str, weight: float, pattern: str) -> _Cue:
    return _Cue(name, stance, weight, re.compile(pattern))


# Patterns meet the text in lower case with е for ё.
_CUES = (
    # --- refutes
    _cue("опроверг", REFUTES, 3, r"\bопроверг\w*|\bопровержен\w*|\bопровергн\w*|\bразвенча\w*"),
    _cue(
        "не соответствует действительности",
        REFUTES,
        3,
        r"не соответству\w+ (?:действительност|реальност|истин)\w*|не подтвер(?:дил|жда|жден)\w*|"
        r"не имеет (?:ничего общего|под собой)\b|\bэто не так\b|\bвсе не так\b",
    ),
    _cue("это ложь", REFUTES, 2.5, rf"\b{_FALSEHOOD}\b"),
    _cue("это слухи", REFUTES, 1.5, r"\b(?:слухи|слух(?:ам|ами)?)\b(?!\s+ход)"),
    _cue(
        "не верьте",
        REFUTES,
        3,
        r"\bне (?:верьте|верь|ведитесь|слушайте|паникуйте|поддавайтесь|распространяйте|"
        r"разносите|пересылайте|пугайте|сейте|вводите)\b",
    ),
    _cue(
        "хватит распускать",
        REFUTES,
        2.5,
        r"\b(?:хватит|прекратите|перестаньте)\b.{0,40}"
        r"\b(?:пуга|распуск|распростран|разнос|врать|выдумыв|сеять|паник|нагнет)\w*",
    ),
    _cue("никто не", REFUTES, 0.9, r"\bникто\b.{0,40}\bне\b|\bникого\b.{0,30}\bне\b"),
    _cue("никаких", REFUTES, 2, r"\bникак(?:ой|ого|их|ие|ую|ая)\b"),
    _cue("на самом деле", REFUTES, 1.5, r"\bна самом деле\b|\bв действительности\b"),
    _cue(
        "официально",
        REFUTES,
        1.5,
        r"\bофициальн(?:о|ый ответ|ая информаци\w+|ое (?:заявлен|опровержен)\w+)\b|"
        r"\bпресс-служб\w*|\b(?:ответил|объяснил|разъяснил|проверил|заверил)[аио]?\b",
    ),
    # --- asks
    _cue("правда ли", ASKS, 3, r"\b(?:правда|верно|действительно|неужели|разве|точно|так)\s+ли\b"),
    _cue("правда, что…?", ASKS, 3, r"\bправда\b[^.!]{0,160}\?|\bэто (?:точно|верно|так)\s*\?"),
    _cue(
        "подскажите",
        ASKS,
        2.5,
        r"\b(?:подскажите|скажите|ответьте|объясните|разъясните|поясните|уточните|прокомментируйте|"
        r"проясните|подтвердите|проверьте|сообщите|прошу (?:уточн|разъясн|поясн|сообщ|ответ|"
        r"подтверд|провер|прокоммент)\w*|"
        r"хотел\w* бы (?:у?знать|уточнить)|хочу (?:узнать|уточнить))\b",
    ),
    _cue(
        "кто знает",
        ASKS,
        2.5,
        r"\bкто(?:-нибудь|-то|нибудь)? (?:\w+ )?(?:знает|в курсе|слышал\w*|может подтвер\w+)\b|"
        r"\bесть (?:ли )?(?:инфа|информаци\w+|подтвержден\w+)\b.{0,60}\?|"
        r"\bгде (?:об этом |это |можно )*(?:у?знать|прочитать|почитать|посмотреть|уточнить)\b|"
        r"\b(?:нужен|жду|ждем|хотим|хочется) (?:\w+ )?(?:ответ\w*|услышать|разъяснен\w*)\b",
    ),
    _cue("или нет", ASKS, 1.5, r"\bили нет\b|\bили это\b[^.!]{0,60}\?"),
    _cue(
        "глагол и «ли»", ASKS, 2, r"\b\w+(?:ут|ют|ат|ят|ет|ит|ла|ло|ли|л|на|но|ны)(?:ся|сь)? ли\b"
    ),
    _cue("знак вопроса", ASKS, 2.2, r"\?"),
    # Asked of nobody: it is indignation that puts the question mark.
    _cue(
        "вопрос без ответа",
        SPREADS,
        2.4,
        r"\b(?:до чего (?:мы )?(?:дожили|довели)|доколе|сколько можно|что (?:же )?дальше|"
        r"куда (?:смотр\w+|катимся)|кто (?:за это |нам )?ответит|как (?:нам |теперь |дальше )*жить|"
        r"за что (?:нам|платим)|о чем (?:они )?думают|совесть есть|кому это (?:надо|выгодно))\b",
    ),
    _cue(
        "а вы знаете?",
        SPREADS,
        2,
        r"\b(?:вы|все) (?:уже |хоть |еще не )?(?:знаете|слышали|в курсе|видели)\b",
    ),
    # --- doubts
    _cue(
        "не верится",
        DOUBTS,
        3,
        r"\bне (?:очень |особо |слишком |сильно )?вер(?:ится|ю|им)\b|"
        r"\bверится с трудом\b|\bс трудом верится\b|\bсложно поверить\b|\bтрудно поверить\b|"
        r"\bслабо верится\b|\bчто-то не верю\b",
    ),
    _cue("сомневаюсь", DOUBTS, 3, r"\bсомнева\w+|\bсомнен\w+|\bсомнительн\w+"),
    _cue("вряд ли", DOUBTS, 3, r"\bвряд ли\b|\bедва ли\b|\bнавряд\b"),
    _cue("якобы", DOUBTS, 2, r"\bякобы\b|\bтипа того\b|\bмол\b"),
    _cue(
        "не уверен",
        DOUBTS,
        3,
        r"\bне уверен\w*|\bнепохоже\b|\bне похоже\b|\bмаловероятн\w+|\bне факт\b|\bне думаю\b|"
        r"\b(?:вы )?(?:серьезно|правда|реально) (?:\w+ )?верите\b|\bнапутал\w*|\bодни разговоры\b|"
        r"\bбез паники\b|\bпреувеличива\w+|\bсгуща\w+ краск\w+",
    ),
    _cue("странно", DOUBTS, 2, r"\bстранно\b|\bподозрительно\b|\bнелогично\b|\bмутн\w+ истори\w+"),
    _cue(
        "похоже на выдумку",
        DOUBTS,
        4,
        rf"\b(?:похоже|смахивает|тянет|наверн\w+|может|возможно|кажется|по-моему)\b[^.!?]{{0,40}}"
        rf"\b{_FALSEHOOD}\b",
    ),
    _cue(
        "где доказательства",
        DOUBTS,
        3.5,
        r"\b(?:где|откуда)\b.{0,40}\b(?:доказательств\w*|"
        r"подтвержден\w*|документ\w*|бумаг\w*|приказ\w*|инф[аоуы]\w*|информаци\w*|данны\w*|сведени\w*|результат\w*|"
        r"источник\w*|постановлен\w*|взяли)\b|\bссылк\w+ (?:есть|на источник|будет)\b|"
        r"\bисточник\s*\?",
    ),
    _cue(
        "бабушка сказала",
        DOUBTS,
        2.5,
        r"\bодна баб\w+ сказал\w*|\bобс\b|\bну-ну\b|\bага,? конечно\b|"
        r"\bсколько раз\b.{0,40}\b(?:пугал|обещал|говорил)\w*|\bпоживем.? увидим\b|"
        r"\bкак(?:ой|ая|ие) еще\b",
    ),
    # --- spreads
    _cue(
        "распространите",
        SPREADS,
        3,
        r"(?<!не )\b(?:распространите|распространяйте|перешлите|передайте|передавайте|перекиньте|"
        r"репост\w*|разошлите|делитесь|поделитесь|предупредите|расскажите всем|сообщите всем|"
        r"имейте в виду|готовьтесь|готовьте|не молчите|бейте тревогу|берегите|запасайтесь|"
        r"запаситесь|успейте|поднимайтесь|подписывайте)\b",
    ),
    _cue("срочно", SPREADS, 1.5, r"\bсрочно\b|\bвнимание\b|\bмаксимальный\b|\bтревога\b|!{2,}"),
    _cue(
        "своими ушами",
        SPREADS,
        1.5,
        r"\b(?:информация|инфа) (?:\d+|проверенн\w+|точн\w+|достоверн\w+|из)|\b(?:сестра|брат|муж|"
        r"жена|мама|знаком\w+|подруга|сосед\w*|кум\w*|племянни\w+|друг|коллега)\b.{0,60}\b"
        r"(?:работает|говор\w+|сказал\w*|рассказ\w+|подтверд\w+)|"
        r"\bиз (?:надежных|достоверных|проверенных) ист\w+",
    ),
    _cue(
        "говорят",
        SPREADS,
        1,
        r"\b(?:говорят|слышал[аи]?|пишут|передают|узнал[аи]?|оказывается|"
        r"стало известно|по слухам|ходят слухи|сообщают)\b",
    ),
    _cue(
        "уже решено",
        SPREADS,
        1,
        r"\bуже (?:подписал|решил|решен|согласова|приня|утверд|начал|"
        r"предупред)\w*|\bскрыва\w+|\bзамалчива\w+|\bмолчат\b",
    ),
    _cue(
        "это правда",
        SPREADS,
        2,
        r"(?<!ли )\bэто (?:не фейк|не слухи|не шутка|чистая правда|правда)(?![^.!]*\?)",
    ),
)
# «Это не фейк»: what is denied is no cue.
_DENIED = re.compile(r"\bне\s+(?:просто\s+)?$")
# Said of a plain statement: without any cue it repeats the claim, if it says enough of it.
_STATEMENT = 1.0
_COVERED = 0.5
_DENIAL = 2.6


def stances(
    texts: pl.Series, *, denied: pl.Series | None = None, covered: pl.Series | None = None
) -> pl.Series:
    """Tell how each text stands to what it repeats.

    Parameters
    ----------
    texts
        As found.
    denied
        True where the text denies what the claim states («не закроют» of «закроют»), as
        :func:`cur_lab.fakes.matches` finds it.
    covered
        How much of the claim each text says, 0 to 1; without it nothing is known of that.

    Returns
    -------
    Series
        ``spreads``, ``asks``, ``doubts`` or ``refutes``; ``undecided`` where the text has no cue
        and says too little of the claim to repeat it; null where the text is null or empty.

    Notes
    -----
    Irony is not recognised.
    """
    against = [False] * len(texts) if denied is None else denied.fill_null(False).to_list()
    said = [0.0] * len(texts) if covered is None else covered.fill_null(0.0).to_list()
    cleaned = text.clean(texts.cast(pl.String))
    return pl.Series(
        "stance",
        [
            None if not content else _stance(content, is_denied, share)
            for content, is_denied, share in zip(cleaned, against, said, strict=True)
        ],
        dtype=pl.String,
    )


def cues(content: str) -> pl.DataFrame:
    """Show the cues of one text: ``cue``, ``stance``, ``weight``, ``found`` (the words)."""
    rows = [
        (cue.name, cue.stance, cue.weight, found)
        for cue, found in _found(text.clean(pl.Series([content]))[0])
    ]
    schema = {"cue": pl.String, "stance": pl.String, "weight": pl.Float64, "found": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _stance(content: str, denied: bool, covered: float) -> str:
    found = _found(content)
    if not found and not denied and covered < _COVERED:
        return c.UNDECIDED
    total = dict.fromkeys(_ORDER, 0.0)
    total[SPREADS] = _STATEMENT
    total[REFUTES] = _DENIAL * denied
    for cue, _ in found:
        total[cue.stance] += cue.weight
    return max(_ORDER, key=lambda stance: total[stance])


def _found(content: str) -> list[tuple[_Cue, str]]:
    folded = content.lower().replace("ё", "е")
    found = []
    for cue in _CUES:
        for match in cue.pattern.finditer(folded):
            if cue.stance == REFUTES and _DENIED.search(folded[: match.start()]):
                continue
            found.append((cue, match[0]))
            break
    return found
