"""The generator of the sample region «Заречье».

A fictional oblast whose truth is known: what people complain about, when, where, how they write,
and what they are answered. :func:`write` makes the whole data set from one seed, bit for bit;
:func:`realism` says how near its texts come to real appeals.

One small module per thing planted:

============ =========================================================================
plans        what is planted, and in which words (``*.toml``)
streams      named streams of random numbers
grammar      alternatives, slots, inflection
region       municipalities, streets, people's names, spellings of an address
catalogue    rubrics and their words (``rubrics/*.toml``)
calendar     hours, weekdays, holidays, seasons, weather
incidents    what happens, and which of it is reported when
people       who writes how often
writer       the clean text of a message; noise: the dirty one
answers      what is answered when, and what is fixed
messages     the messages table
decisions    decisions of the authorities, and what is no longer written because of them
channels     messages that move to another channel
accidents    utility accidents many write about at once; notices: what is announced, and when
planting     what planted messages share: senders who were there before, labels, answers
coordination campaigns, and organic events that resemble them
rumours      refuted claims: who spreads, doubts, asks, refutes, and near misses
projects     what is put to the vote; campaign: posts and broadcasts about it
votes        the vote hour by hour, and the surges planted in it; ballots: its tables
package      the tables on disk; descriptor: their data dictionary
likeness     the sample beside real appeals
============ =========================================================================

Every module draws from streams of its own (:mod:`cur_lab.synthetic.streams`), named by what is
drawn: ``("incidents", rubric)``, ``("message", incident, number)``, ``("answer", message)`` … So a
later module (posts, votes, campaigns) adds rows without changing a letter of the existing ones,
and a message's identifier, a digest of its name, does not tell which module planted it.
"""

from __future__ import annotations

from cur_lab.synthetic.likeness import realism
from cur_lab.synthetic.package import SEED, write

__all__ = ["SEED", "realism", "write"]
