"""What a headline is, and the list of all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NewType, ParamSpec

# Only what follows from a frame may head it: a figure takes no other string for its title.
Headline = NewType("Headline", str)

# Sentences by the chapter and name of the function that makes them, such as "trends.counts".
REGISTRY: dict[str, Callable[..., Headline]] = {}

_Given = ParamSpec("_Given")


def headline(make: Callable[_Given, str]) -> Callable[_Given, Headline]:
    """Register a function from a frame to one sentence.

    Parameters
    ----------
    make
        Yields a Russian sentence, first letter large, no full stop. It is a function of its
        arguments alone and says no more than they carry: where an interval does not tell the
        first from the second, neither does the sentence.
    """

    @wraps(make)
    def made(*frames: _Given.args, **options: _Given.kwargs) -> Headline:
        return Headline(make(*frames, **options))

    REGISTRY[f"{make.__module__.rpartition('.')[2]}.{make.__name__}"] = made
    return made
