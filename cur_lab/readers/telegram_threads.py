"""What began the thread a message of Telegram stands in, and the section of its forum."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from cur_lab import columns as c

NUMBER = "_number"

# A number within the chat, or the whole name of a message of another chat.
Message = int | str


def links(chat: str, above: Mapping[int, Message], sections: Mapping[int, str]) -> pl.DataFrame:
    """Follow the replies of a chat.

    A section of a forum is a service message that all first messages in it reply to: it is no
    thread, and they reply to nothing. Of replies that go round the smallest number began them.

    Parameters
    ----------
    chat
        Its name in ids.
    above
        Number of a message → what it replies to.
    sections
        Number of the service message that opened a section → title.

    Returns
    -------
    DataFrame
        ``_number, reply_to_id, thread_id, forum_topic`` of every message that replies.
    """
    begun: dict[Message, tuple[Message, str | None]] = {}
    for number in above:
        path: dict[Message, int] = {}
        first: Message = number
        section: str | None = None
        while True:
            if first in begun:
                first, section = begun[first]
                break
            if isinstance(first, str) or (answered := above.get(first)) is None:
                break
            if answered in sections:
                section = sections[answered]  # type: ignore[index]
                break
            if first in path:
                round_trip = list(path)[path[first] :]
                first = min(one for one in round_trip if isinstance(one, int))
                break
            path[first] = len(path)
            first = answered
        begun |= dict.fromkeys([*path, number], (first, section))

    def named(message: Message) -> str:
        return message if isinstance(message, str) else f"{chat}/{message}"

    rows = [
        (
            number,
            None if answered in sections else named(answered),
            named(begun[number][0]),
            begun[number][1],
        )
        for number, answered in above.items()
    ]
    schema = {
        NUMBER: pl.Int64,
        c.REPLY_TO_ID: pl.String,
        c.THREAD_ID: pl.String,
        c.FORUM_TOPIC: pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
