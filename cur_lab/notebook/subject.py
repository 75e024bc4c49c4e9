"""What a notebook is about: messages or a vote, with what a reader must know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256

import polars as pl

from cur_lab import columns as c
from cur_lab import datasets, parameters, wording
from cur_lab.errors import NotEnoughDataError, ParameterError
from cur_lab.readers import Election
from cur_lab.readers.times import utc
from cur_lab.wording import grouped, plural

# What is not there, in the genitive, where a region has no such table.
_TABLES = {
    "broadcasts": "эфиров",
    "claims": "реестра опровержений",
    "decisions": "решений",
    "messages": "обращений",
    "municipalities": "числа жителей",
    "notices": "официальных извещений",
    "posts": "публикаций",
}
_QUIET = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is known of the source, whatever it holds.

    Attributes
    ----------
    source
        Name of the source as captions print it.
    tables
        What else is known of the region, by name: ``municipalities``, ``notices``, ``decisions``,
        ``claims``, ``posts``, ``broadcasts``; one that is not known is not there.
    sample
        Name of the sample region this is, None for the user's own data.
    """

    source: str
    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    sample: str | None = None

    def table(self, name: str) -> pl.DataFrame | c.Absent:
        """Return a table a question cannot do without; ``tables.get`` is for one it can."""
        found = self.tables.get(name)
        # A list of names alone has nothing to divide by.
        needed = c.POPULATION if name == "municipalities" else None
        if found is None or found.is_empty() or (needed and not found[needed].count()):
            return c.Absent.lacking(_TABLES[name])
        return found

    def truth(self, name: str) -> pl.DataFrame | c.Absent:
        """Return what was planted in the sample region, to judge the findings by."""
        if self.sample is None:
            return c.Absent(
                "Истина заложена только в учебном регионе: свои данные сверить не с чем"
            )
        return datasets.truth(self.sample).tables[name]


@dataclass(frozen=True, slots=True)
class Data(Subject):
    """Messages under study.

    Attributes
    ----------
    messages
        Canonical messages with what is derived from them (:func:`cur_lab.prepare.messages`).
    rejected
        Rows of the source that were not read, with reasons; empty for the sample.
    unreadable
        Number of dates that could not be read; their messages stay, without a date.
    chosen
        District and days the messages were chosen by, in words; empty for all of them.
    total
        Number of messages before any was left out; None where none was.
    """

    messages: pl.DataFrame
    rejected: pl.DataFrame
    unreadable: int = 0
    chosen: str = ""
    total: int | None = None

    @property
    def caption(self) -> str:
        """Number of messages, choice, period and source in one line, for figures and tables."""
        chosen = f"{self.chosen}; " if self.chosen else ""
        number = self.messages.height
        noun = plural(number, "сообщение", "сообщения", "сообщений")
        dated = self.messages[c.PUBLISHED_AT].count() if self.known(c.PUBLISHED_AT) else number
        # Days of a few messages are not the period of all.
        of = "" if dated == number else f"с датой {grouped(dated)}: "
        return f"n = {grouped(number)} {noun}; {chosen}{of}{self.period}; {self.source}."

    @property
    def period(self) -> str:
        """First and last day in Moscow time, or that the source has no dates."""
        return _period(self.messages, c.PUBLISHED_AT)

    @property
    def fingerprint(self) -> str:
        """Hash of the messages under study, without what is derived from them."""
        return fingerprint(c.MESSAGES.conform(self.messages))

    def known(self, *columns: str) -> tuple[str, ...]:
        """Those of the columns that hold a value, so that messages can be told apart by them."""
        messages = self.messages
        return tuple(n for n in columns if n in messages.columns and messages[n].count())

    def choose(
        self,
        *,
        municipality: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Data:
        """Keep the messages of a district and of some days.

        Parameters
        ----------
        municipality
            Name of the district, or a part that only one name has.
        since, until
            First and last day in Moscow, as ``2025-03-01``. A message without a date is of no day.

        Raises
        ------
        ParameterError
            If there is no such district, a day cannot be read or lies outside the data, or the
            last day is before the first.
        NotEnoughDataError
            If no message is left.
        """
        messages, tables, chosen = self.messages, dict(self.tables), []
        if municipality is not None:
            known = messages[c.MUNICIPALITY].drop_nulls().unique()
            name = parameters.place(municipality, known, where="municipality")
            here = pl.col(c.MUNICIPALITY) == name
            messages = messages.filter(here)
            if (places := tables.get("municipalities")) is not None:
                # Rates are those of the district's own residents.
                tables["municipalities"] = places.filter(here)
            chosen.append(name)
        first = last = None
        if since is not None:
            first = parameters.moment(since, where="since", end=False)
            messages = messages.filter(pl.col(c.PUBLISHED_AT) >= first)
            chosen.append(f"с {parameters.written('since', since)}")
        if until is not None:
            last = parameters.moment(until, where="until")
            messages = messages.filter(pl.col(c.PUBLISHED_AT) < last)
            chosen.append(f"по {parameters.written('until', until)}")
        if first is not None and last is not None and last <= first:
            raise ParameterError(
                f"{since} is after until, {until}", where="since", remedy="Exchange the two days"
            )
        if not chosen:
            return self
        words = " ".join(chosen)
        if messages.is_empty():
            raise NotEnoughDataError(
                "no message is left", where=words, remedy=f"The data cover {self.period}"
            )
        self.check_days(since=since, until=until)
        return replace(
            self, messages=messages, tables=tables, chosen=words, total=self.messages.height
        )

    def check_days(
        self, *, since: date | str | None = None, until: date | str | None = None
    ) -> None:
        """Refuse days over a week outside the data: nearer ones were only quiet.

        Raises
        ------
        ParameterError
            Names the period of the data.
        """
        begin, stop = self.messages[c.PUBLISHED_AT].min(), self.messages[c.PUBLISHED_AT].max()
        for name, day in (("since", since), ("until", until)):
            if day is None or not isinstance(begin, datetime) or not isinstance(stop, datetime):
                continue
            at = parameters.moment(day, where=name, end=False)
            if not begin - _QUIET <= at <= stop + _QUIET:
                raise ParameterError(
                    f"{day} is outside the data", where=name, remedy=f"They cover {self.period}"
                )

    def statement(self) -> pl.DataFrame:
        """Describe the data: what was read, what was not, and which columns carry information."""
        messages = self.messages
        length = messages.select(pl.col(c.TEXT).str.len_chars().median()).item()
        read = messages.height if self.total is None else self.total
        chosen = [("взято", f"{grouped(messages.height)} ({self.chosen})")] if self.chosen else []
        rows = [
            ("источник", self.source),
            ("прочитано сообщений", grouped(read)),
            *chosen,
            ("не прочитано строк", _refused(self.rejected)),
            ("нечитаемых дат", grouped(self.unreadable)),
            ("без даты", grouped(messages[c.PUBLISHED_AT].null_count())),
            ("период", self.period),
            ("авторов", _known(messages, c.AUTHOR_ID)),
            ("каналов", _known(messages, c.CHANNEL)),
            ("муниципалитетов", _known(messages, c.MUNICIPALITY)),
            ("официальных рубрик", _known(messages, c.RUBRIC)),
            ("медиана длины, знаков", grouped(round(length or 0))),
        ]
        return pl.DataFrame(rows, schema=["fact", "value"], orient="row")


@dataclass(frozen=True, slots=True)
class Vote(Subject):
    """A vote under study.

    Attributes
    ----------
    election
        Projects and votes; absent where the region had no vote.
    campaign
        Which vote of the region this is; empty where there is no choice.
    campaigns
        All votes of the region by name, in the order of time; absent where there was none.
    """

    election: Election | c.Absent
    campaign: str = ""
    campaigns: Mapping[str, Election] | c.Absent = field(default_factory=dict)

    @property
    def caption(self) -> str:
        """Number of votes and projects, period and source in one line."""
        if isinstance(self.election, c.Absent):
            return f"{self.source}."
        votes, projects = self.election.votes.height, self.election.projects.height
        cast = f"{grouped(votes)} {plural(votes, 'голос', 'голоса', 'голосов')}"
        listed = f"{grouped(projects)} {plural(projects, 'проект', 'проекта', 'проектов')}"
        which = f"{self.campaign}; " if self.campaign else ""
        money = f"деньги — {self.money}; " if self.money else ""
        return f"n = {cast} за {listed}; {which}{self.period}; {money}{self.source}."

    @property
    def money(self) -> str:
        """What amounts are in, in words; empty where the vote does not tell."""
        if isinstance(self.election, c.Absent):
            return ""
        code = self.election.meta.get("currency", "").strip().upper()
        return "в рублях" if code in ("RUB", "RUR") else f"в валюте {code}" if code else ""

    @property
    def projects(self) -> pl.DataFrame | c.Absent:
        """Projects of the election; absent where there was none."""
        return self.election if isinstance(self.election, c.Absent) else self.election.projects

    @property
    def period(self) -> str:
        """First and last day in Moscow time, those the file states, or that there are none."""
        votes = self._votes
        if c.CAST_AT in votes.columns and votes[c.CAST_AT].count():
            return _period(votes, c.CAST_AT)
        return _stated(self.election) or _period(votes, c.CAST_AT)

    @property
    def ended_at(self) -> datetime | None:
        """Time of the last vote; None where no vote has a time."""
        votes = self._votes
        last = votes[c.CAST_AT].max() if c.CAST_AT in votes.columns else None
        return last if isinstance(last, datetime) else None

    @property
    def fingerprint(self) -> str:
        """Hash of the votes and of the projects."""
        if isinstance(self.election, c.Absent):
            return fingerprint(self._votes)
        return f"{fingerprint(self.election.votes)}-{fingerprint(self.election.projects)}"

    def statement(self) -> pl.DataFrame:
        """Describe the data: what was read, what was not, and which columns carry information."""
        election = self.election
        if isinstance(election, c.Absent):
            rows = [("источник", self.source), ("голосов", "0")]
            return pl.DataFrame(rows, schema=["fact", "value"], orient="row")
        which = [("кампания", self.campaign)] if self.campaign else []
        rows = [
            ("источник", self.source),
            *which,
            ("голосов", grouped(election.votes.height)),
            ("бюллетеней", grouped(election.voters.height)),
            ("проектов", grouped(election.projects.height)),
            ("не прочитано строк", _refused(election.rejected)),
            *_denied(election),
            *([("деньги", self.money)] if self.money else []),
            ("период", self.period),
            ("каналов", _known(election.votes, c.CHANNEL)),
            ("муниципалитетов", _known(election.projects, c.MUNICIPALITY)),
        ]
        return pl.DataFrame(rows, schema=["fact", "value"], orient="row")

    @property
    def _votes(self) -> pl.DataFrame:
        return c.VOTES.empty() if isinstance(self.election, c.Absent) else self.election.votes


def fingerprint(frame: pl.DataFrame) -> str:
    """Hash a table: SHA-256 of its rows and columns in a fixed order, 16 hex digits."""
    names = sorted(frame.columns)
    ordered = frame.select(names).sort(names)
    return sha256(ordered.write_csv().encode("utf-8")).hexdigest()[:16]


def _known(frame: pl.DataFrame, column: str) -> str:
    known = frame[column].drop_nulls().n_unique() if column in frame.columns else 0
    return grouped(known) if known else c.UNKNOWN


def _refused(rejected: pl.DataFrame) -> str:
    reasons = rejected[c.REASON].value_counts().sort("count", c.REASON, descending=[True, False])
    words = c.CODES[c.REASON]
    listed = "; ".join(
        f"{words.get(code, code)}: {grouped(count)}" for code, count in reasons.rows()
    )
    return f"{grouped(rejected.height)} ({listed})" if listed else "0"


def _denied(election: Election) -> list[tuple[str, str]]:
    """Name what the file states and its own votes deny, where there is such a thing."""
    found = election.contradictions
    statements = (
        found[c.STATEMENT].value_counts().sort("count", c.STATEMENT, descending=[True, False])
    )
    words = c.CODES[c.STATEMENT]
    listed = "; ".join(f"{words[code]}: {grouped(count)}" for code, count in statements.rows())
    return [("сказано в файле, но не так по голосам", listed)] if listed else []


def _stated(election: Election | c.Absent) -> str:
    """Days of the vote as the file states them; empty where it does not, or a year alone."""
    if isinstance(election, c.Absent):
        return ""
    stated = [election.meta.get(key, "").strip() for key in ("date_begin", "date_end")]
    if any(text.isdigit() or not text for text in stated):
        return ""
    opens, closes = utc(pl.Series(stated))
    known = opens is not None and closes is not None
    return f"{wording.days(opens, closes)}, у голосов времени нет" if known else ""


def _period(frame: pl.DataFrame, column: str) -> str:
    if column not in frame.columns or not (days := frame[column].drop_nulls()).len():
        return "даты в источнике не указаны"
    days = days.sort()
    return wording.days(days[0], days[-1])
