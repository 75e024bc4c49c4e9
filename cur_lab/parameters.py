"""Parameters of a notebook: how a value is read, what makes no sense, and their Russian names.

What a name means is the same in every notebook: ``fdr`` is a share, ``since`` a day, ``by`` names
columns. A name not in :data:`KNOWN` has the type of its annotation or default.
"""

from __future__ import annotations

import math
import os
import re
from ast import literal_eval
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cur_lab import clock, wording
from cur_lab.columns import CODES, HEADINGS
from cur_lab.errors import InputError, ParameterError

ZONE = ZoneInfo("Europe/Moscow")
_LENGTH = r"([1-9]\d{0,3})(mo|[mhdwqy])"
_ISO = "Write it as 2025-06-30"
_MINUTES = {"m": 1, "h": 60, "d": 1440}
# How far from now or from a decision it makes sense to look, in days.
LONGEST = 5 * 366
_UNITS = {
    "m": ("минута", "минуты", "минут"),
    "h": ("час", "часа", "часов"),
    "d": ("день", "дня", "дней"),
    "w": ("неделя", "недели", "недель"),
    "mo": ("месяц", "месяца", "месяцев"),
    "q": ("квартал", "квартала", "кварталов"),
    "y": ("год", "года", "лет"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A parameter notebooks share.

    Attributes
    ----------
    words
        Its name in Russian, as the passport prints it.
    kind
        Name of its type in ``_READERS``; that of its default if empty.
    holds
        Whether a value makes sense; None if every value of the type does.
    must
        What :attr:`holds` asks, after "must be".
    """

    words: str
    kind: str = ""
    holds: Callable[[Any], bool] | None = None
    must: str = ""


def _share(words: str) -> Known:
    return Known(words, "float", lambda value: 0 < value < 1, "between 0 and 1, both excluded")


def _whole_between(least: int, most: int, words: str) -> Known:
    return Known(words, "int", lambda value: least <= value <= most, f"from {least} to {most}")


def _one_of(words: str, kind: str, *values: str) -> Known:
    return Known(words, kind, values.__contains__, f"one of {', '.join(values)}")


def _stretch(words: str, most: int) -> Known:
    must = f"days or weeks, from 7d to {most}d"
    return Known(words, "length", lambda value: _days(value, most) is not None, must)


def _within_a_day(length: str) -> bool:
    found = re.fullmatch(r"(\d+)([mhd])", length)
    return found is not None and int(found[1]) * _MINUTES[found[2]] <= _MINUTES["d"]


_RULES = ("greedy", "greedy-no-skip", "mes", "mes-add1", "phragmen", "points")

KNOWN = {
    "messages_file": Known("файл сообщений", "file"),
    "election_file": Known("файл голосования", "file"),
    "judgements_file": Known("файл разметки", "file"),
    "region": Known("папка региона", "folder"),
    "campaign": Known("кампания голосования", "str"),
    "municipality": Known("муниципалитет", "str"),
    "channel": Known("канал", "str"),
    "since": Known("первый день", "date"),
    "until": Known("последний день", "date"),
    "by": Known("разрез"),
    "rubric": Known("рубрика", "str"),
    "every": _one_of("шаг времени", "length", "1h", "1d", "1w"),
    "interval": Known("шаг времени", "length", _within_a_day, "minutes or hours, from 1m to 1d"),
    "window": _stretch("окно", 366),
    "horizon": _stretch("горизонт", LONGEST),
    "horizon_centres": _stretch("горизонт для центров", LONGEST),
    "budget": Known("бюджет тревог", "str", clock.is_budget, "as in '12 per region-year'"),
    "fdr": _share("допустимая доля ложных находок"),
    "threshold": _share("порог сходства"),
    "at": _share("доля срока, с которой дан прогноз"),
    "days": _whole_between(1, LONGEST, "дней до решения и после него"),
    "rule": _one_of("правило голосования", "str", *_RULES),
    "n_topics": _whole_between(2, 1000, "число тем"),
    "topic_names": Known("свои названия тем", "file"),
    "top": _whole_between(1, 1000, "строк в таблице"),
    # As many as the generators of all libraries take.
    "seed": _whole_between(0, 2**32 - 1, "зерно случайных чисел"),
}


def read(name: str, value: object, *, default: object, annotation: str = "") -> object:
    """Read the value of a parameter, a text as the command line gives it or a Python value.

    Parameters
    ----------
    name
        Of the parameter.
    value
        To be read; ``None`` and ``"None"`` stand for the default None.
    default
        Of the notebook: what it may be, and its type where nothing else tells.
    annotation
        Type as the notebook writes it, if it does.

    Returns
    -------
    object
        What can be written into a notebook: days as ISO text, files as absolute paths.

    Raises
    ------
    ParameterError
        If the value is of another type or outside its range.
    InputError
        If it names a file that does not exist.

    Examples
    --------
    >>> read("fdr", "0,1", default=0.05), read("since", "2025-03-01", default=None)
    (0.1, '2025-03-01')
    """
    known = KNOWN.get(name, Known(name))
    kind = known.kind or annotation or type(default).__name__
    reader, words = _READERS.get(kind, _READERS["NoneType"])
    if default is None and (value is None or value == "None"):
        return None
    try:
        understood = reader(value)
    except ValueError:
        raise ParameterError(
            f"{value!r} is not {words}", where=name, remedy=f"The default is {default!r}"
        ) from None
    if known.holds is not None and not known.holds(understood):
        raise ParameterError(
            f"{value!r} makes no sense",
            where=name,
            remedy=f"It must be {known.must}; the default is {default!r}",
        )
    return understood


def unknown(name: str, known: Iterable[str]) -> ParameterError:
    """Name a parameter that does not exist, those that do, and the nearest of them."""
    known = sorted(known)
    near = get_close_matches(name, known, n=1)
    hint = f"Did you mean {near[0]}? " if near else ""
    listed = ", ".join(known) or "none"
    return ParameterError(
        "no notebook of those chosen has such a parameter",
        where=name,
        remedy=f"{hint}Their parameters: {listed}",
    )


def words(name: str) -> str:
    """Return what a parameter is called in Russian; its name where it is not a known one."""
    return KNOWN.get(name, Known(name)).words


def written(name: str, value: object) -> str:
    r"""Write the value of a parameter as Russian prose prints it.

    Examples
    --------
    >>> written("fdr", 0.05), written("since", "2025-03-01"), written("window", "30d")
    ('0,05', '01.03.2025', '30\xa0дней')
    >>> written("by", ["rubric", "channel"]), written("rule", "greedy"), written("n_topics", None)
    ('рубрика, канал', 'больше голосов', 'не задано')
    """
    match value:
        case None:
            return "не задано"
        case bool():
            return "да" if value else "нет"
        case int():
            return wording.grouped(value)
        case float():
            return f"{value:.6g}".replace(".", ",").replace("-", "−")
        case date():
            return wording.calendar_day(value)
        case list() | tuple():
            return ", ".join(written(name, item) for item in value) or "не задано"
        case str() if name in ("since", "until"):
            return wording.calendar_day(date.fromisoformat(value[:10]))
        case str() if KNOWN.get(name, Known(name)).kind == "file":
            return Path(value).name
        case str() if name == "budget":
            return f"{written('', clock.per_year(value))} на область в год"
        case str() if found := re.fullmatch(_LENGTH, value):
            return f"{found[1]}\u00a0{wording.plural(int(found[1]), *_UNITS[found[2]])}"
        case str() if name == "by" and value in HEADINGS:
            return HEADINGS[value].text.lower()
    return CODES.get(name, {}).get(str(value), str(value))


def days_of(length: str, *, where: str, most: int = LONGEST) -> int:
    """Read ``"90d"`` or ``"12w"`` as a number of days.

    Raises
    ------
    ParameterError
        If it is not such a length, below a week or above ``most`` days.

    Examples
    --------
    >>> days_of("90d", where="window"), days_of("12w", where="window")
    (90, 84)
    """
    if (days := _days(length, most)) is None:
        raise ParameterError(
            f"{length!r} is not a length in days or weeks, from 7d to {most}d",
            where=where,
            remedy='Such as "90d" or "12w"',
        )
    return days


def _days(length: str, most: int) -> int | None:
    found = re.fullmatch(r"(\d{1,4})([dw])", length)
    days = int(found[1]) * (7 if found[2] == "w" else 1) if found else 0
    return days if 7 <= days <= most else None


def moment(day: date | str, *, where: str, end: bool = True) -> datetime:
    """Read a date as the end (or the beginning) of that day in Moscow; a time of day is kept.

    Raises
    ------
    ParameterError
        If it is not an ISO date, or beyond what a calendar holds.
    """
    try:
        return _moment(day, where=where, end=end)
    except OverflowError:
        raise ParameterError(f"{day} is beyond the calendar", where=where, remedy=_ISO) from None


def _moment(day: date | str, *, where: str, end: bool) -> datetime:
    if isinstance(day, str):
        try:
            day = datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
        except ValueError as error:
            raise ParameterError(f"{day!r} is not a date", where=where, remedy=_ISO) from error
    if isinstance(day, datetime):
        at = day if day.tzinfo else day.replace(tzinfo=ZONE)
    else:
        at = datetime.combine(day + timedelta(days=end), time(), tzinfo=ZONE)
    return at.astimezone(UTC)


def place(name: str, known: Iterable[str], *, where: str) -> str:
    """Find a municipality by its name, or by a part that only one name has.

    Raises
    ------
    ParameterError
        If none or several fit; names those that come near.
    """
    name = " ".join(name.split())
    known = sorted(known)
    if name in known:
        return name
    holding = [other for other in known if name and name.casefold() in other.casefold()]
    if len(holding) == 1:
        return holding[0]
    # «Камнегорс», «Камнегорск г.о.»: a word of a name may come nearer than the whole of it.
    words = {word: other for other in known for word in other.split()}
    near = get_close_matches(name, [*known, *words], cutoff=0.5)
    near = holding or list(dict.fromkeys(words.get(other, other) for other in near)) or known[:5]
    several = f"several municipalities have {name!r} in their names"
    raise ParameterError(
        several if holding else f"no municipality {name!r} in the data",
        where=where,
        remedy=f"Choose one of: {', '.join(near)}" if near else "Give data with municipalities",
    )


def _truth(value: Any) -> bool:
    if isinstance(value, str) and value.casefold() in {"true", "false"}:
        return value.casefold() == "true"
    return bool(_only(value, bool))


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        raise ValueError
    return int(value if isinstance(value, str) else _only(value, int))


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError
    read = value.replace(",", ".") if isinstance(value, str) else _only(value, int | float)
    if not math.isfinite(number := float(read)):
        raise ValueError
    return number


def _text(value: Any) -> str:
    if not (text := str(_only(value, str)).strip()):
        raise ValueError
    return text


def _names(value: Any) -> list[str]:
    given = value.split(",") if isinstance(value, str) else _only(value, list | tuple)
    return [_text(name) for name in given]


def _day(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return date.fromisoformat(_only(value, str)).isoformat()


def _length(value: Any) -> str:
    if not re.fullmatch(_LENGTH, _only(value, str)):
        raise ValueError
    return str(value)


def _file(value: Any) -> str:
    path = Path(_only(value, str | os.PathLike))
    if path.is_dir():
        raise InputError("a folder, not a file", where=str(path), remedy="Name a file in it")
    if not path.is_file():
        raise InputError("no such file", where=str(path), remedy="Check the path")
    return str(path.resolve())


def _folder(value: Any) -> str:
    path = Path(_only(value, str | os.PathLike))
    if path.is_file():
        raise InputError(
            "a file, not the folder of a region",
            where=str(path),
            remedy="Name the folder, or give one file as --messages FILE",
        )
    if not path.is_dir():
        raise InputError(
            "no such folder", where=str(path), remedy="Check the path; cur-lab new makes one"
        )
    return str(path.resolve())


def _literal(value: Any) -> Any:
    try:
        return literal_eval(value) if isinstance(value, str) else value
    except (ValueError, SyntaxError):
        return value


def _only(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError
    return value


# Kind → how it is read, and what a value must be, after "is not".
_READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "bool": (_truth, "true or false"),
    "int": (_whole, "a whole number"),
    "float": (_number, "a number such as 0.05"),
    "str": (_text, "a text"),
    "list": (_names, "a list of names such as rubric,channel"),
    "tuple": (_names, "a list of names such as rubric,channel"),
    "date": (_day, "a day such as 2025-06-30"),
    "length": (_length, "a length of time such as 30d, 1h or 1mo"),
    "file": (_file, "a path"),
    "folder": (_folder, "a path"),
    "NoneType": (_literal, "a value"),
}
