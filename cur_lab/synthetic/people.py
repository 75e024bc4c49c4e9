"""Who writes: most people once, a few again and again (a Simon process in each crowd)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cur_lab.synthetic.region import Person, person
from cur_lab.synthetic.streams import Dice, identifier

_NEWCOMER = 0.62
_OPENED = {"vk": datetime(2007, 3, 1), "bot": datetime(2023, 2, 1)}  # noqa: DTZ001 (local)


@dataclass(frozen=True, slots=True)
class Author:
    """One pseudonymous sender with habits of writing that stay the same."""

    author_id: str
    person: Person
    created_at: datetime | None
    voice: str
    neatness: float


class Crowd:
    """The senders of one channel in one district."""

    def __init__(self, seed: int, channel: str, municipality: int) -> None:
        self._seed, self._channel, self._municipality = seed, channel, municipality
        self._dice = Dice(seed, "crowd", channel, municipality)
        self._messages: list[Author] = []

    def next(self, moment: datetime) -> Author:
        """Return who writes next: a newcomer, or someone in proportion to what they wrote."""
        dice = self._dice
        if not self._messages or dice.chance(_NEWCOMER):
            name = ("author", self._channel, self._municipality, len(self._messages))
            author = newcomer(self._seed, self._channel, moment, *name)
        else:
            author = dice.pick(self._messages)
        self._messages.append(author)
        return author

    def again(self, author: Author) -> Author:
        """Count one more message of an author already known."""
        self._messages.append(author)
        return author


def newcomer(seed: int, channel: str, moment: datetime, *name: str | int) -> Author:
    """Invent who writes for the first time at ``moment``; the name is that of their stream."""
    dice = Dice(seed, *name)
    created = None
    if opened := _OPENED.get(channel):
        age = moment - opened
        # A bot account is opened to write; a page of a social network is years old.
        share = dice.uniform() ** (0.35 if channel == "vk" else 6.0)
        created = (moment - timedelta(minutes=2) - age * share).replace(microsecond=0)
    return Author(
        author_id=identifier(seed, *name),
        person=person(dice),
        created_at=created,
        voice=dice.weighted(("angry", "resigned", "official", "chatty"), (0.25, 0.25, 0.3, 0.2)),
        neatness=dice.uniform(),
    )
