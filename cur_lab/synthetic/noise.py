"""How texts get dirty: typos, case, lost punctuation, look-alikes, residue of forms."""

from __future__ import annotations

import re

from cur_lab.synthetic.grammar import capital
from cur_lab.synthetic.streams import Dice

_NEIGHBOURS = {
    "а": "пвс", "б": "ью", "в": "аыу", "г": "нш", "д": "лж", "е": "нк", "ж": "дэ", "з": "хщ",
    "и": "мт", "к": "уе", "л": "од", "м": "си", "н": "ег", "о": "лр", "п": "ар", "р": "по",
    "с": "чм", "т": "иь", "у": "цк", "х": "зъ", "ц": "уй", "ч": "яс", "ш": "гщ", "щ": "шз",
    "ы": "фв", "ь": "тб", "э": "жх", "ю": "б", "я": "чф",
}  # fmt: skip
_HEARD = {"о": "а", "е": "и", "и": "е", "а": "о", "я": "е", "ё": "о"}
_LATIN = str.maketrans("аеорсухАЕОРСКМТН", "aeopcyxAEOPCKMTH")
_SPELLINGS = (
    ("тся", "ться"), ("ться", "тся"), ("никто", "ни кто"), ("почему-то", "почему то"),
    ("сколько", "скока"), ("сейчас", "щас"), ("сейчас", "сечас"), ("чтобы", "что бы"),
    ("что-то", "чтото"), ("также", "так же"), ("вообще", "вобще"), ("вообще", "ваще"),
    ("пожалуйста", "пожалуста"), ("пожалуйста", "пожайлуста"), ("пожалуйста", "пож-та"),
    ("здравствуйте", "здраствуйте"), ("Здравствуйте", "Здраствуйте"),
    ("невозможно", "не возможно"), ("в течение", "в течении"), ("из-за", "изза"),
    ("какой-то", "какой то"), ("когда-нибудь", "когда нибудь"), ("нн", "н"), ("сс", "с"),
    ("жи", "жы"), ("ча", "чя"), ("придётся", "прийдётся"), ("будет", "буит"), ("человек", "чел"),
    ("ничего", "ничо"), ("администрация", "админ-ция"), ("территория", "територия"),
    ("территории", "терретории"), ("аккуратно", "акуратно"), ("компания", "кампания"),
    ("компании", "кампании"), ("подъезд", "подьезд"), ("подъезд", "подезд"), ("объезд", "обьезд"),
    ("асфальт", "асвальт"), ("тротуар", "тратуар"), ("участок", "учасок"),
    ("вследствие", "в следствии"), ("несмотря", "не смотря"), ("поликлиник", "поликлинник"),
)  # fmt: skip
_EMOJI = (
    "😡",
    "🤬",
    "😢",
    "🙏",
    "🤦‍♀️",
    "🤷",
    "👎",
    "❗",
    "❗❗",
    "😤",
    "🤯",
    "😂",
    "👏",
    "😠😠",
    "🙄",
    "‼️",
    "💩",
    "🆘",
    "🚮",
    "😭",
)
_GLAD = ("👍", "🙏", "😊", "❤️", "👏👏", "🌹", "🥰")


def dirty(text: str, channel: str, neatness: float, glad: bool, dice: Dice) -> str:
    """Write ``text`` the way a person of this neatness types it in this channel.

    Parameters
    ----------
    text
        A clean text.
    channel
        Its channel; operators of the hotline make few errors, chats many.
    neatness
        0 (careless) to 1 (careful).
    glad
        Whether the emoji are friendly.
    """
    careless = (1 - neatness) ** 2 * (0.25 if channel == "hotline" else 1.0)
    if not dice.chance(0.06 + 0.2 * neatness):
        text = text.replace("ё", "е").replace("Ё", "Е")
    text = _typos(text, 0.007 + 0.06 * careless, dice)
    if dice.chance(0.5 * careless):
        text = text.lower()
    elif dice.chance(0.02 + 0.05 * careless):
        text = _shout(text, dice)
    if dice.chance(0.6 * careless):
        text = _unpunctuated(text, dice)
    if dice.chance(0.35 * careless):
        text = re.sub(r"([,.]) ", lambda m: m.group(1) + ("" if dice.chance(0.5) else " "), text)
    if channel in ("vk", "telegram", "ok", "bot") and dice.chance(0.16):
        text = f"{text} {dice.pick(_GLAD if glad else _EMOJI)}"
    if dice.chance(0.012):
        text = " ".join(w.translate(_LATIN) if dice.chance(0.3) else w for w in text.split(" "))
    return text


def _typos(text: str, rate: float, dice: Dice) -> str:
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) > 3 and dice.chance(rate):
            words[index] = _typo(word, dice)
    if dice.chance(min(0.9, rate * 25)):
        wrong, spelt = dice.pick(_SPELLINGS)
        return " ".join(words).replace(wrong, spelt)
    return " ".join(words)


def _typo(word: str, dice: Dice) -> str:
    place = dice.integer(1, len(word) - 2)
    letter = word[place]
    if not letter.isalpha():
        return word
    match dice.integer(0, 4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + letter + word[place:]
        case 2:
            return word[:place] + word[place + 1] + letter + word[place + 2 :]
        case 3:
            return word[:place] + dice.pick(_NEIGHBOURS.get(letter, letter)) + word[place + 1 :]
        case _:
            return word[:place] + _HEARD.get(letter, letter) + word[place + 1 :]


def _shout(text: str, dice: Dice) -> str:
    """Put the whole of a short text, or one sentence of a long one, in capitals."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    loud = dice.integer(0, len(sentences) - 1)
    sentences[loud] = sentences[loud].upper()
    return " ".join(sentences)


def _unpunctuated(text: str, dice: Dice) -> str:
    match dice.integer(0, 3):
        case 0:
            return text.replace(",", "")
        case 1:
            return text.rstrip(".!")
        case 2:
            return re.sub(r"[,.!?]", "", text)
        case _:
            return re.sub(
                r"\. (\w)",
                lambda m: f", {m.group(1).lower()}" if dice.chance(0.7) else m.group(),
                text,
            )


def form_residue(text: str, dice: Dice) -> str:
    """Wrap a portal text in what its editor leaves behind: paragraphs and hard spaces."""
    paragraphs = [part for part in re.split(r"\n+", text) if part]
    if len(paragraphs) == 1 and len(text) > 350 and dice.chance(0.4):
        sentences = re.split(r"(?<=[.!?]) ", text)
        cut = dice.integer(1, max(1, len(sentences) - 1))
        paragraphs = [" ".join(sentences[:cut]), " ".join(sentences[cut:])]
    rate = 0.0 if dice.chance(0.55) else 0.03
    done = []
    for paragraph in paragraphs:
        words = re.split(" ", paragraph)
        spaced = "".join(
            word + ("&nbsp; " if dice.chance(rate) else " ") for word in words[:-1]
        ) + (words[-1] if words else "")
        done.append(f"<p>{capital(spaced)}{'&nbsp;' if dice.chance(0.18) else ''}</p>")
    return "\n\n".join(part for part in done if part != "<p></p>")
