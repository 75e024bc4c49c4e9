"""Messages with planted personal data in many spellings, beside what only looks like it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

BEFORE = (
    "Добрый день! ",
    "Прошу принять меры. ",
    "нет воды третий день, ",
    "Сколько можно ждать\n",
    "Обращаюсь повторно: ",
    "",
)
BEHIND = (
    ". Жду ответа.",
    ", помогите пожалуйста",
    " спасибо",
    "\nНикто не реагирует!",
    "; дорогу не чистят",
    "",
)
LOGINS = ("ivanova", "petrov", "s.kotova", "anna_k", "zhitel", "master", "oleg.p")
WORDS = ("kotik", "marina", "voron", "kursk", "sever", "olga", "batman", "lisa")
NAMES = ("Мария", "Олег", "Анна Котова", "Пётр")
STREETS = ("Садовая", "Ленина", "Карла Маркса", "50 лет Октября", "Дзержинского", "Школьная")


@dataclass(frozen=True)
class Example:
    """A message, what is personal in it, and of which kind."""

    text: str
    spans: tuple[tuple[int, int], ...]
    kind: str | None
    spelling: str


def draw(
    spellings: Mapping[str, Sequence[str]], look_alike: Sequence[str], *, n: int, seed: int
) -> list[Example]:
    """Draw messages: every spelling in turn, and as many that only look personal as a third."""
    random = Random(seed)
    # Kind by kind in turn, so that a kind of few spellings counts as much as one of many.
    turns = {kind: list(forms) for kind, forms in spellings.items()}
    examples = []
    while len(examples) < n - n // 3:
        for kind, forms in turns.items():
            spelling = forms[len(examples) // len(turns) % len(forms)]
            examples.append(_example(spelling, kind, look_alike, random))
    examples = examples[: n - n // 3]
    for number in range(n // 3):
        spelling = look_alike[number % len(look_alike)]
        content, _ = _filled(spelling, random)
        framed = f"{random.choice(BEFORE)}{content}{random.choice(BEHIND)}"
        examples.append(Example(framed, (), None, spelling))
    return examples


def _example(spelling: str, kind: str, look_alike: Sequence[str], random: Random) -> Example:
    content, marks = _filled(spelling, random)
    before = random.choice(BEFORE)
    spans = tuple((len(before) + a, len(before) + b) for a, b in marks)
    behind = random.choice(BEHIND)
    if random.random() < 0.4:
        behind += f" Ещё: {_filled(random.choice(look_alike), random)[0]}"
    return Example(before + content + behind, spans, kind, spelling)


def _filled(spelling: str, random: Random) -> tuple[str, list[tuple[int, int]]]:
    """Fill a spelling; give the places of what is marked, or of all of it."""
    filled = spelling.format_map(_parts(random))
    filled = "".join(_digits(random, 1) if c == "#" else c for c in filled)
    if "⟦" not in filled:
        return filled, [(0, len(filled))]
    bare, marks = "", []
    for character in filled:
        if character == "⟦":
            marks.append((len(bare), len(bare)))
        elif character == "⟧":
            marks[-1] = (marks[-1][0], len(bare))
        else:
            bare += character
    return bare, marks


def _digits(random: Random, n: int) -> str:
    return "".join(str(random.randrange(10)) for _ in range(n))


def _parts(random: Random) -> dict[str, str]:
    """Draw the data of one person; what has control digits is right."""
    letters, latin = random.choices("АВЕКМНОРСТУХ", k=3), random.choices("ABEKMHOPCTYX", k=3)
    login, street = random.choice(LOGINS), random.choice(STREETS)
    card = luhn(random.choice(("2202", "4276", "5469")) + _digits(random, 11))
    policy = luhn("46" + _digits(random, 13))
    tax = inn("46" + _digits(random, 8))
    insured = snils(_digits(random, 9))
    vin = "".join(random.choices("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", k=8)) + _digits(random, 6)
    series = random.randrange(10, 24)
    return {
        "a": random.choice(("910", "906", "951", "960", "919", "903", "471")),
        "b": _digits(random, 3),
        "c": _digits(random, 2),
        "d": _digits(random, 2),
        "s": f"38{series}",
        "s1": "38",
        "s2": f"{series}",
        "n": _digits(random, 6),
        "p": insured[:3],
        "q": insured[3:6],
        "r": insured[6:9],
        "k": insured[9:],
        "inn": tax,
        **{f"i{i + 1}": tax[3 * i : 3 * i + 3] for i in range(4)},
        "oms": policy,
        **{f"o{i + 1}": policy[4 * i : 4 * i + 4] for i in range(4)},
        "card": card,
        **{f"c{i + 1}": card[4 * i : 4 * i + 4] for i in range(4)},
        "account": "40817810" + _digits(random, 12),
        **dict(zip("xyz", letters, strict=True)),
        **{f"l{name}": letter.lower() for name, letter in zip("xyz", letters, strict=True)},
        "latin": f"{latin[0]}{_digits(random, 3)}{latin[1]}{latin[2]}46",
        "vin": "XTA" + vin,
        "lvin": "xta" + vin.lower(),
        "login": login,
        "LOGIN": login.upper(),
        "word": random.choice(WORDS),
        "word2": random.choice(WORDS),
        "name": random.choice(NAMES),
        "street": street,
        "STREET": street.upper(),
        "h": f"{random.randrange(1, 150)}",
        "f": f"{random.randrange(1, 200)}",
        "g": f"{random.randrange(1, 200)}",
        "day": f"{random.randrange(1, 29):02}",
        "month": f"{random.randrange(1, 13):02}",
        "year": f"{random.randrange(1935, 2015)}",
    }


def luhn(digits: str) -> str:
    """Append the control digit of cards and policies."""
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(digits))]
    return digits + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def inn(digits: str) -> str:
    """Append the two control digits of a person's tax number."""
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        digits += str(sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 % 10)
    return digits


def snils(digits: str) -> str:
    """Append the control number of an insurance account."""
    total = sum(int(d) * (9 - i) for i, d in enumerate(digits)) % 101
    return digits + f"{total % 100:02}"


def whole(text: str, spans: Sequence[tuple[int, int]], found: set[int]) -> bool:
    """Tell whether every letter and digit of the spans is among the places found."""
    return all(
        place in found
        for start, stop in spans
        for place in range(start, stop)
        if text[place].isalnum()
    )


def pieces(example: Example, found: Sequence[tuple[int, int]]) -> Iterator[bool]:
    """For every span found, whether it lies on something planted."""
    for start, stop in found:
        yield any(start < end and begin < stop for begin, end in example.spans)
