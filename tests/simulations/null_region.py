"""A region in which nothing is to be found: texts of the sample, and all else drawn at random.

Every message has a rubric, a place, a channel, an hour and an author that know nothing of each
other: rubrics are equally frequent, places write by the number of their residents, days are alike.
Decisions and posts fall on days of their own and change nothing; votes go to all projects alike.
Fourteen people sign one letter, each in an hour of one's own. So whatever a title claims to differ,
to rise, to follow from a decision or to be a campaign, it claims of chance.

Not a test module: tests of notebooks and the benchmark of false titles load it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab import datasets, readers
from cur_lab.readers import Election

NAME = "Ровная область"
FIRST = datetime(2023, 2, 5, 21, tzinfo=UTC)  # a Monday, 00:00 in Moscow
GROUPS = ("Дороги", "Деревья", "Трава")  # of the three rubrics with most texts
PLACES = {"округ Левый": 60_000, "округ Правый": 40_000, "район Дальний": 25_000}
CHANNELS = ("vk", "telegram", "bot", "hotline")
AGENCIES = ("Управление хозяйства", "Управление дорог")
KINDS = ("photo", "text", "poll")
SIGNED = 14
VOTE_DAYS = 14
PROJECTS = 18
# Of an hour of the day in Moscow: people sleep.
HOURS = np.array([1, 1, 0, 0, 0, 0, 1, 3, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 3, 2], float)


@dataclass(frozen=True)
class Null:
    """Tables of a region by name, and its vote."""

    tables: dict[str, pl.DataFrame]
    election: Election


def draw(seed: int = 0, *, messages: int = 900, days: int = 240, votes: int = 2_500) -> Null:
    """Draw a region.

    Parameters
    ----------
    seed
        Of everything.
    messages, days
        How many are written in how many days.
    votes
        Number of voters; each chooses one of the projects.
    """
    dice = np.random.default_rng(seed)
    written = _messages(dice, messages, days)
    projects = _projects(dice)
    election = _election(dice, projects, votes, _vote_opens(days))
    tables = {
        c.MESSAGES.name: written,
        c.POSTS.name: _posts(dice, projects, _vote_opens(days)),
        c.MUNICIPALITIES.name: _municipalities(),
        c.DECISIONS.name: _decisions(dice, days),
        c.CLAIMS.name: _claims(dice, days),
        c.NOTICES.name: _notices(dice, days),
    }
    return Null(tables, election)


def write(folder: Path, seed: int = 0, **sizes: int) -> Path:
    """Write a region as the folder a user would fill; its posts are an export of their own."""
    made = draw(seed, **sizes)
    for name in ("sources", "votes"):
        (folder / name).mkdir(parents=True)
    (folder / "region.toml").write_text(f'name = "{NAME}"\n', encoding="utf-8")
    for name, frame in made.tables.items():
        inside = folder / "sources" if name == c.MESSAGES.name else folder
        if name != c.POSTS.name:
            frame.write_csv(inside / f"{name}.csv")
    readers.write_pabulib(made.election, folder / "votes" / "2023.pb")
    return folder


@cache
def _texts() -> dict[str, pl.DataFrame]:
    """Ordinary complaints and questions of the sample, each of an incident of its own."""
    sample, truth = datasets.load("zarechye").messages, datasets.truth().tables
    planted = pl.concat(
        [truth[name].select(c.MESSAGE_ID) for name in ("campaign_messages", "claim_messages")]
    )
    ordinary = truth["messages"].filter(
        pl.col("copy_of").is_null() & pl.col("shock_id").is_null(),
        pl.col("kind").is_in(["complaint", "question"]),
    )
    rows = (
        sample.select(c.MESSAGE_ID, c.TEXT, c.RUBRIC, c.ANSWER_TEXT)
        .join(ordinary.select(c.MESSAGE_ID, "incident_id", "kind"), on=c.MESSAGE_ID)
        .join(planted, on=c.MESSAGE_ID, how="anti")
        .sort(c.MESSAGE_ID)
        .unique("incident_id", keep="first", maintain_order=True)
        .unique(c.TEXT, keep="first", maintain_order=True)
    )
    largest = rows[c.RUBRIC].drop_nulls().value_counts().sort("count", c.RUBRIC, descending=True)
    return {
        name: rows.filter(pl.col(c.RUBRIC) == name) for name in largest[c.RUBRIC][: len(GROUPS)]
    }


def _moments(dice: np.random.Generator, number: int, days: int) -> list[datetime]:
    day = dice.integers(0, days, number)
    second = 3600 * dice.choice(24, number, p=HOURS / HOURS.sum()) + dice.integers(0, 3600, number)
    return [
        FIRST + timedelta(days=int(d), seconds=int(s)) for d, s in zip(day, second, strict=True)
    ]


def _messages(dice: np.random.Generator, number: int, days: int) -> pl.DataFrame:
    texts = list(_texts().items())
    of = dice.integers(0, len(texts), number)
    orders = [iter(dice.permutation(frame.height)) for _, frame in texts]
    picked = [texts[kind][1].row(int(next(orders[kind])), named=True) for kind in of]
    # A letter many sign, each in an hour of one's own: as lawful as it is common.
    for row in dice.choice(number, SIGNED, replace=False):
        of[row], picked[row] = of[0], picked[0]
    people = np.array(list(PLACES.values()), float)
    places, at = list(PLACES), sorted(_moments(dice, number, days))
    place = dice.choice(len(places), number, p=people / people.sum())
    answered = [
        when + timedelta(days=float(wait)) if dice.random() < 0.9 else None
        for when, wait in zip(at, dice.exponential(8, number), strict=True)
    ]
    known = FIRST - timedelta(days=2)
    frame = pl.DataFrame(
        {
            c.MESSAGE_ID: [f"m{row:05}" for row in range(number)],
            c.PUBLISHED_AT: at,
            c.AUTHOR_ID: [f"a{who:05}" for who in dice.integers(0, number, number)],
            c.CHANNEL: dice.choice(CHANNELS, number),
            c.MUNICIPALITY: [places[index] for index in place],
            c.TEXT: [row[c.TEXT] for row in picked],
            c.RUBRIC: [texts[kind][0] for kind in of],
            c.RUBRIC_GROUP: [GROUPS[kind] for kind in of],
            c.AGENCY: dice.choice(AGENCIES, number),
            c.KIND: [row["kind"] for row in picked],
            c.ANSWERED_AT: answered,
            c.ANSWER_TEXT: [row[c.ANSWER_TEXT] for row in picked],
            c.ACCOUNT_CREATED_AT: [
                known - timedelta(days=int(age)) for age in dice.integers(0, 2_000, number)
            ],
        },
        schema_overrides={c.ANSWERED_AT: pl.Datetime("us", "UTC")},
    )
    return c.MESSAGES.conform(frame)


def _municipalities() -> pl.DataFrame:
    return c.MUNICIPALITIES.conform(
        pl.DataFrame(
            {
                c.MUNICIPALITY: list(PLACES),
                c.POPULATION: list(PLACES.values()),
                c.POPULATION_ELIGIBLE: [people * 4 // 5 for people in PLACES.values()],
                c.LATITUDE: [56.1, 56.4, 56.8],
                c.LONGITUDE: [44.1, 44.6, 45.3],
            }
        )
    )


def _decisions(dice: np.random.Generator, days: int) -> pl.DataFrame:
    number = 4
    day = dice.integers(days * 2 // 5, days * 3 // 5, number)
    return c.DECISIONS.conform(
        pl.DataFrame(
            {
                c.DECISION_ID: [f"d{row}" for row in range(number)],
                c.DECIDED_AT: [FIRST + timedelta(days=int(d), hours=12) for d in day],
                c.KIND: ["works", "money", "order", "works"],
                c.SCOPE: ["municipality"] * number,
                c.TRIGGERED_BY: ["plan"] * number,
                # Of one rubric and of the third place too little is written to tell what followed.
                c.RUBRIC: [*dice.choice(list(_texts()), 2), None, None],
                c.MUNICIPALITY: dice.choice(list(PLACES)[:2], number),
                c.TITLE: [f"Решение № {row + 1}" for row in range(number)],
                c.BUDGET: [1e6] * number,
            }
        )
    )


def _claims(dice: np.random.Generator, days: int) -> pl.DataFrame:
    day = int(dice.integers(days // 4, days * 3 // 4))
    told = datasets.load("zarechye").claims.sort(c.CLAIM_ID).row(int(dice.integers(8)), named=True)
    return c.CLAIMS.conform(
        pl.DataFrame(
            {
                c.CLAIM_ID: ["c0"],
                c.TEXT: [told[c.TEXT]],
                c.FIRST_SEEN_AT: [FIRST + timedelta(days=day)],
                c.REFUTED_AT: [FIRST + timedelta(days=day + 3)],
                c.SOURCE: ["сайт области"],
                c.VERDICT: ["не подтвердилось"],
            }
        )
    )


def _notices(dice: np.random.Generator, days: int) -> pl.DataFrame:
    return c.NOTICES.conform(
        pl.DataFrame(
            {
                c.NOTICE_ID: ["n0", "n1"],
                c.PUBLISHED_AT: sorted(_moments(dice, 2, days)),
                c.MUNICIPALITY: dice.choice(list(PLACES), 2),
                c.RUBRIC: dice.choice(list(_texts()), 2),
                c.TEXT: ["Плановые работы на сетях"] * 2,
            }
        )
    )


def _vote_opens(days: int) -> datetime:
    return FIRST + timedelta(days=days - VOTE_DAYS - 20)


def _projects(dice: np.random.Generator) -> pl.DataFrame:
    places = list(PLACES)
    return c.PROJECTS.conform(
        pl.DataFrame(
            {
                c.PROJECT_ID: [f"p{row:02}" for row in range(PROJECTS)],
                c.COST: dice.integers(10, 31, PROJECTS) * 100_000.0,
                c.TITLE: [f"Сквер № {row + 1}" for row in range(PROJECTS)],
                c.MUNICIPALITY: [places[row % len(places)] for row in range(PROJECTS)],
                c.CATEGORY: ["Благоустройство"] * PROJECTS,
                c.APPLICANT: dice.choice(["Совет дома", "ТОС «Луч»"], PROJECTS),
            }
        )
    )


def _election(
    dice: np.random.Generator, projects: pl.DataFrame, number: int, opens: datetime
) -> Election:
    """Every voter of a place takes one of its projects; places vote by their residents."""
    people = np.array(list(PLACES.values()), float)
    place = dice.choice(len(PLACES), number, p=people / people.sum())
    chosen = place + len(PLACES) * dice.integers(0, PROJECTS // len(PLACES), number)
    day = dice.integers(0, VOTE_DAYS, number)
    second = 3600 * dice.choice(24, number, p=HOURS / HOURS.sum()) + dice.integers(0, 3600, number)
    at = [opens + timedelta(days=int(d), seconds=int(s)) for d, s in zip(day, second, strict=True)]
    votes = pl.DataFrame(
        {
            c.VOTER_ID: [f"v{row:05}" for row in range(number)],
            c.PROJECT_ID: [f"p{index:02}" for index in chosen],
            c.RANK: [1] * number,
            c.CAST_AT: at,
            c.CHANNEL: dice.choice(["esia", "sms", "call_centre"], number, p=[0.5, 0.3, 0.2]),
            c.MUNICIPALITY: [list(PLACES)[index] for index in place],
        }
    )
    votes = c.VOTES.conform(votes.sort(c.CAST_AT, c.VOTER_ID))
    last = opens + timedelta(days=VOTE_DAYS - 1, hours=12)
    meta = {
        "description": f"Голосование, {NAME}",
        "country": "Россия",
        "unit": NAME,
        "instance": "2023",
        "num_projects": str(PROJECTS),
        "num_votes": str(number),
        "budget": f"{0.4 * projects[c.COST].sum():.0f}",
        "vote_type": "choose-1",
        "rule": "greedy",
        "date_begin": f"{opens + timedelta(hours=12):%d.%m.%Y}",
        "date_end": f"{last:%d.%m.%Y}",
    }
    return Election(meta, projects, votes.select(c.VOTER_ID).sort(c.VOTER_ID), votes)


def _posts(dice: np.random.Generator, projects: pl.DataFrame, opens: datetime) -> pl.DataFrame:
    number = 30
    at = [
        opens + timedelta(hours=float(hour))
        for hour in dice.uniform(24, 24 * VOTE_DAYS - 24, number)
    ]
    return c.POSTS.conform(
        pl.DataFrame(
            {
                c.POST_ID: [f"w{row:03}" for row in range(number)],
                c.PAGE_ID: dice.choice(["page0", "page1"], number),
                c.PUBLISHED_AT: at,
                c.TEXT: ["Голосуйте за сквер"] * number,
                c.KIND: dice.choice(KINDS, number),
                c.VIEWS: dice.integers(100, 900, number),
                c.LIKES: dice.integers(0, 40, number),
                c.COMMENTS: dice.integers(0, 9, number),
                c.SHARES: dice.integers(0, 9, number),
                c.FOLLOWERS: [2_000] * number,
                c.PROJECT_ID: dice.choice(projects[c.PROJECT_ID].to_list(), number),
            }
        )
    )
