"""What every headline is held to: a predicate, and frames on which it must and must not hold.

A predicate is a function ``(sentence, *arguments of the headline) -> bool``. It reads numbers and
names back out of the sentence (`reading`) and works them out from the frame by another way than
the code that wrote the sentence: rows in plain Python, no helper of the package.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import polars as pl
import pytest

from cur_lab import headlines

Predicate = Callable[..., bool]


@dataclass(frozen=True)
class Case:
    """Arguments of a headline, and changes of them that must not leave the sentence true."""

    arguments: tuple[Any, ...]
    mutations: tuple[Callable[[Any], Any], ...]
    options: dict[str, Any]

    def mutated(self) -> Iterator[tuple[Any, ...]]:
        """Arguments after each of the changes; emptying comes of itself."""
        first, *others = self.arguments
        for mutation in (_emptied, *self.mutations):
            yield (mutation(first), *others)


def case(*arguments: Any, mutations: tuple[Callable[[Any], Any], ...], **options: Any) -> Case:
    """Arguments of a headline; `mutations` change the first of them."""
    return Case(arguments, mutations, options)


@dataclass(frozen=True)
class Entry:
    """One headline with all it is held to."""

    name: str
    predicate: Predicate
    cases: tuple[Case, ...]
    # A sentence that matches claims a difference, a rise, an effect or a campaign.
    claims: str | None


ENTRIES: dict[str, Entry] = {}


def holds(
    make: Callable[..., headlines.Headline], *cases: Case, claims: str | None = None
) -> Callable[[Predicate], Predicate]:
    """Hold a headline to a predicate.

    Parameters
    ----------
    make
        The headline.
    cases
        One for each form of the sentence.
    claims
        A regular expression of the forms that claim something a null region does not hold; None
        where no form does.
    """
    (name,) = (name for name, made in headlines.REGISTRY.items() if made is make)

    def held(predicate: Predicate) -> Predicate:
        ENTRIES[name] = Entry(name, predicate, cases, claims)
        return predicate

    return held


def load(package: str) -> None:
    """Import every module of a package, so that what registers itself is registered."""
    for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
        importlib.import_module(f"{package}.{found.name}")


@contextmanager
def overheard() -> Iterator[list[tuple[str, tuple[Any, ...], dict[str, Any], str]]]:
    """Listen to every headline that is made meanwhile: its name, arguments, options, sentence."""
    load("cur_lab.headlines")
    heard: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = []

    def listening(name: str, make: Callable[..., str]) -> Callable[..., str]:
        def made(*arguments: Any, **options: Any) -> str:
            sentence = make(*arguments, **options)
            heard.append((name, arguments, options, sentence))
            return sentence

        return made

    with pytest.MonkeyPatch.context() as patch:
        for name, make in headlines.REGISTRY.items():
            chapter, function = name.split(".")
            module = importlib.import_module(f"cur_lab.headlines.{chapter}")
            patch.setattr(module, function, listening(name, make))
        yield heard


def _emptied(given: Any) -> Any:
    if isinstance(given, pl.DataFrame):
        return given.clear()
    if is_dataclass(given) and not isinstance(given, type):
        frames = {f.name: getattr(given, f.name) for f in fields(given)}
        return replace(
            given,
            **{n: frame.clear() for n, frame in frames.items() if isinstance(frame, pl.DataFrame)},
        )
    raise TypeError(f"a headline is made from a frame or a result, not from {type(given)}")
