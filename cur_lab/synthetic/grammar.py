"""A small grammar of clauses: alternatives, slots, and Russian inflection of what fills them.

``[a|b|]`` chooses one alternative, ``<slot>`` or ``<slot:arguments>`` asks the writer's context,
``*глагол`` marks an infinitive that :func:`verbs` turns into another form, ``^`` a subject and
``~разбит`` a predicate (given for a masculine subject) that follows it in gender and number. Each
clause is parsed once, each word form is inflected once (pymorphy3), so writing a message costs no
morphology.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import pymorphy3

from cur_lab.errors import ParameterError
from cur_lab.synthetic.streams import Dice

# A clause is a list of pieces: a string, a slot, or a list of alternative clauses.
Piece = str | tuple[str, str] | list["Clause"]
Clause = list[Piece]
Fill = Callable[[str, str], str]

_MARKS = re.compile(r"[\[\]|]|<[a-z_0-9]+(?::[^>]*)?>")


@cache
def _morphology() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def parse(source: str) -> Clause:
    """Parse one clause.

    Raises
    ------
    ParameterError
        If a bracket is not closed; the clause is named.
    """
    stack: list[list[Clause]] = [[[]]]
    position = 0
    for mark in _MARKS.finditer(source):
        if text := source[position : mark.start()]:
            stack[-1][-1].append(text)
        position = mark.end()
        match mark.group():
            case "[":
                stack.append([[]])
            case "|" if len(stack) > 1:
                stack[-1].append([])
            case "]" if len(stack) > 1:
                alternatives = stack.pop()
                stack[-1][-1].append(alternatives)
            case slot if slot.startswith("<"):
                name, _, arguments = slot[1:-1].partition(":")
                stack[-1][-1].append((name, arguments))
            case _:
                raise ParameterError(f"stray {mark.group()!r}", where=f"clause «{source}»")
    if len(stack) != 1:
        raise ParameterError("a bracket is not closed", where=f"clause «{source}»")
    if text := source[position:]:
        stack[-1][-1].append(text)
    return stack[0][0]


def expand(source: str, dice: Dice, fill: Fill) -> str:
    """Write out one clause: choose alternatives, fill slots, tidy the spaces."""
    text = _expand(parse(source), dice, fill)
    return tidy(_agreed(text) if "^" in text else text)


def _expand(clause: Clause, dice: Dice, fill: Fill) -> str:
    parts: list[str] = []
    for piece in clause:
        if isinstance(piece, str):
            parts.append(piece)
        elif isinstance(piece, tuple):
            parts.append(fill(*piece))
        else:
            parts.append(_expand(dice.pick(piece), dice, fill))
    return "".join(parts)


def _agreed(text: str) -> str:
    """Let every ``~predicate`` follow the subject marked before it."""
    head, *rest = text.split("^")
    done = [head]
    for part in rest:
        subject = _subject(part)
        done.append(re.sub(r"~([а-яё]+)", lambda mark: predicate(mark.group(1), subject), part))  # noqa: B023
    return "".join(done)


def _subject(text: str) -> str:
    """Return gender or ``plur`` of the first noun in the nominative."""
    for word in re.findall(r"[а-яёА-ЯЁ-]+", text):
        if found := _gender(word.lower()):
            return found
    return "masc"


@cache
def _gender(word: str) -> str | None:
    readings = _morphology().parse(word)
    if readings[0].tag.POS in ("ADJF", "PRTF", "PREP", "CONJ", "NUMR"):
        return None
    for reading in readings:
        if "NOUN" in reading.tag and "nomn" in reading.tag:
            return "plur" if "plur" in reading.tag else str(reading.tag.gender or "masc")
    return None


@cache
def predicate(word: str, subject: str) -> str:
    """Put a predicate given in the masculine into the gender or number of its subject.

    ``predicate("сломан", "femn")`` gives «сломана», ``predicate("стоит", "plur")`` «стоят».

    Raises
    ------
    ParameterError
        If the word has no such form.
    """
    if subject == "masc":
        return word
    parts = ("PRTS", "VERB", "ADJS", "ADJF", "PRTF", "NPRO")
    readings = [p for p in _morphology().parse(word) if p.tag.POS in parts and "plur" not in p.tag]
    # «переполнен» is a participle («переполнены») before it is an adjective («переполненны»).
    for reading in sorted(readings, key=lambda p: parts.index(p.tag.POS)):
        if reading.tag.POS == "VERB" and "past" not in reading.tag:
            wanted = {"3per", "plur" if subject == "plur" else "sing"}
        else:
            wanted = {"plur"} if subject == "plur" else {subject, "sing"}
        if (moved := reading.inflect(frozenset(wanted))) is not None:
            return str(moved.word)
    raise ParameterError(f"no form for {subject}", where=f"predicate «{word}»")


def tidy(text: str) -> str:
    """Close up what an empty alternative leaves behind: double spaces, spaces before commas."""
    text = re.sub(r"\s+", " ", text).strip(" ,")
    return re.sub(r" +([,.!?:;])", r"\1", text)


def capital(text: str) -> str:
    """Raise the first letter only; names further on keep theirs."""
    return text[:1].upper() + text[1:]


@cache
def inflect(phrase: str, grammemes: str) -> str:
    """Put a noun phrase into another form, such as ``inflect("детский сад", "plur,gent")``.

    Adjectives before the head noun follow it; what stands after the head («управляющая компания
    «Уют»», «школа № 5») stays as it is.

    Parameters
    ----------
    phrase
        A noun phrase in the nominative.
    grammemes
        pymorphy3 grammemes joined by commas.

    Raises
    ------
    ParameterError
        If the phrase has no noun, or the noun has no such form.
    """
    wanted = set(grammemes.split(","))
    words = phrase.split(" ")
    morph = _morphology()
    for index, word in enumerate(words):
        readings = [p for p in morph.parse(word) if "NOUN" in p.tag and "nomn" in p.tag]
        adjective = [p for p in morph.parse(word) if p.tag.POS in ("ADJF", "PRTF")]
        if readings and not (adjective and index + 1 < len(words) and _is_word(words[index + 1])):
            head = readings[0]
            break
    else:
        raise ParameterError("no noun in the nominative", where=f"phrase «{phrase}»")
    moved = head.inflect(frozenset(wanted))
    if moved is None:
        raise ParameterError(f"no form {grammemes}", where=f"phrase «{phrase}»")
    agreement = wanted & {"gent", "datv", "accs", "ablt", "loct", "nomn"} or {"nomn"}
    plural = "plur" in moved.tag
    agreement |= {"plur"} if plural else {str(head.tag.gender), "sing"}
    if "accs" in agreement:
        agreement |= {str(head.tag.animacy)} if plural or head.tag.gender == "masc" else set()
    result = []
    for word in words[:index]:
        forms = [p for p in morph.parse(word) if p.tag.POS in ("ADJF", "PRTF", "NPRO")]
        form = forms[0].inflect(frozenset(agreement)) if forms else None
        result.append(_like(word, form.word if form else word))
    return " ".join([*result, _like(words[index], moved.word), *words[index + 1 :]])


def _is_word(text: str) -> bool:
    return bool(re.fullmatch(r"[а-яёА-ЯЁ-]+", text))


def _like(model: str, word: str) -> str:
    """Give ``word`` the capital letter of ``model``."""
    return capital(word) if model[:1].isupper() else word


@cache
def counted(number: int, noun: str) -> str:
    """Return number and noun in agreement: «1 день», «3 дня», «11 дней»."""
    words = noun.split(" ")
    many = number % 10 in (0, 5, 6, 7, 8, 9) or 11 <= number % 100 <= 14
    if words[0] == "год" and many:
        return f"{number} лет"  # the dictionary's «годов» is not what people say
    parsed = next(
        (p for p in _morphology().parse(words[0]) if "NOUN" in p.tag and "nomn" in p.tag), None
    )
    if parsed is None:
        raise ParameterError("not a noun in the nominative", where=f"noun «{noun}»")
    return " ".join([str(number), parsed.make_agree_with_number(number).word, *words[1:]])


@cache
def verbs(phrase: str, grammemes: str) -> str:
    """Turn the marked infinitives of ``phrase`` into another form; none leaves infinitives.

    ``verbs("*убрать мусор и *поставить урну", "past,plur")`` gives «убрали мусор и поставили урну».

    Raises
    ------
    ParameterError
        If a verb has no such form.
    """

    def form(mark: re.Match[str]) -> str:
        word = mark.group(1)
        if not grammemes:
            return word
        infinitives = [p for p in _morphology().parse(word) if p.tag.POS == "INFN"]
        # «обрезать» is imperfective or perfective by its stress; only the latter has a future.
        forms = (p.inflect(frozenset(grammemes.split(","))) for p in infinitives)
        moved = next((found for found in forms if found is not None), None)
        if moved is None:
            raise ParameterError(f"no form {grammemes}", where=f"verb «{word}»")
        return _like(word, str(moved.word))

    return re.sub(r"\*([а-яёА-ЯЁ]+)", form, phrase)
