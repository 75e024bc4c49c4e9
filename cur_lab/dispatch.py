"""Drawing follows the type of a result, and a room of results knows nothing of who draws it.

A drawing room registers how it draws a result in the module named after the result's room, which
is imported on first use: ``cur_lab.tables.fakes`` for what ``cur_lab.fakes`` yields.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import singledispatch, update_wrapper
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar, cast

from cur_lab.columns import Absent
from cur_lab.errors import ParameterError

_Drawing = TypeVar("_Drawing")
_Drawn = TypeVar("_Drawn", covariant=True)
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Dispatched(Protocol[_Drawn]):
    """What :func:`by_type` makes: it draws, and takes registrations."""

    def __call__(self, result: object, *args: Any, **options: Any) -> _Drawn:
        """Draw a result."""

    def register(self, function: _Function) -> _Function:
        """Register how results of the annotated type are drawn."""


def by_type(room: str) -> Callable[[Callable[..., _Drawing]], Dispatched[_Drawing]]:
    """Make a :func:`functools.singledispatch` function whose registrations load on first use.

    Parameters
    ----------
    room
        Package of the drawing room, such as ``"cur_lab.tables"``. The decorated function only
        documents; what stands in a result's place is passed through.
    """

    def decorated(documented: Callable[..., _Drawing]) -> Dispatched[_Drawing]:
        def unregistered(result: object, *args: object, **options: object) -> object:
            for name in type(result).__module__.split(".")[1:]:
                if find_spec(f"{room}.{name}"):
                    import_module(f"{room}.{name}")
            found = draw.dispatch(type(result))
            if found is unregistered:
                raise ParameterError(
                    f"nothing is known of how to draw {type(result).__name__}",
                    where=f"{room.removeprefix('cur_lab.')}.of",
                    remedy="Give it a frame's own function, or tables.show",
                )
            return found(result, *args, **options)

        draw = singledispatch(update_wrapper(unregistered, documented))
        draw.register(Absent, lambda absent, *_args, **_options: absent)
        return cast("Dispatched[_Drawing]", draw)

    return decorated


def chosen(part: str | None, drawings: Mapping[str, Callable[[], _Drawing]]) -> _Drawing:
    """Draw the named part of a result; the first where none is named.

    Parameters
    ----------
    part
        Name of a table or picture.
    drawings
        Name → how to draw it.

    Raises
    ------
    ParameterError
        If there is no such part.
    """
    name = next(iter(drawings)) if part is None else part
    if name not in drawings:
        raise ParameterError(
            f"no part {name!r}", where="of", remedy=f"Take one of {', '.join(drawings)}"
        )
    return drawings[name]()
