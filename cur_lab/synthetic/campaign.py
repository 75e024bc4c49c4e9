"""What is said about the projects while people vote: posts and broadcasts with known effects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from cur_lab.synthetic import plans
from cur_lab.synthetic.projects import Project, phrase
from cur_lab.synthetic.region import region
from cur_lab.synthetic.streams import Dice, identifier

POSTS_PER_PROJECT = 0.9
GENERAL_POSTS = 120
BROADCASTS = 11


@dataclass(frozen=True, slots=True)
class Post:
    """One post; ``effect`` is the log of the rate of the project's votes right after it."""

    post_id: str
    page_id: str
    published_at: datetime
    text: str
    kind: str
    views: int
    likes: int
    comments: int
    shares: int
    followers: int
    project: int | None
    effect: float


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One live stream; ``effect`` lifts the log rate of every project of the district."""

    broadcast_id: str
    started_at: datetime
    page_id: str
    municipality: int | None
    speaker_role: str
    project: int | None
    effect: float


def opens() -> datetime:
    """Return the first midnight of the campaign, local time."""
    return datetime.combine(plans.read("voting")["opens"], datetime.min.time())


def page(municipality: int | None) -> str:
    """Return the page of a district; None is the page of the region."""
    return identifier("page", "region" if municipality is None else municipality)


def posts(seed: int, candidates: tuple[Project, ...]) -> list[Post]:
    """Draw the posts. Their times do not depend on the votes, so effects are identified."""
    said = plans.read("voting")["posts"]
    kinds = said["kinds"]
    written = []
    for index, project in enumerate(candidates):
        dice = Dice(seed, "posts", project.project_id)
        # Popular projects are written about more often.
        mean = POSTS_PER_PROJECT * min(project.appeal, 2.5) ** 0.5
        for number in range(sum(dice.chance(mean / 4) for _ in range(4))):
            kind = dice.weighted(kinds, [k["weight"] for k in kinds])
            text = said.get(kind["kind"], said["project"])
            home = region().municipalities[project.municipality]
            name = f"{project.project_id}/{number}"
            wording = Dice(seed, "post text", name)
            body = phrase(wording.pick(text), home, wording, project.title)
            written.append(_post(seed, name, project.municipality, kind, body, dice, index))
    for number in range(GENERAL_POSTS):
        dice = Dice(seed, "general post", number)
        municipality = dice.integer(0, len(region().municipalities) - 1)
        home = region().municipalities[municipality]
        wording = Dice(seed, "general post text", number)
        body = phrase(wording.pick(said["general"]), home, wording)
        kind = {"kind": dice.pick(("text", "photo")), "effect": 0.0}
        written.append(_post(seed, f"general/{number}", municipality, kind, body, dice, None))
    return sorted(written, key=lambda post: (post.published_at, post.post_id))


def _post(
    seed: int,
    name: str,
    municipality: int,
    kind: dict[str, object],
    text: str,
    dice: Dice,
    project: int | None,
) -> Post:
    population = region().municipalities[municipality].population
    followers = int(0.06 * population ** (0.97 + 0.04 * Dice(0, "page", municipality).uniform()))
    views = int(followers * 0.22 * float(np.exp(0.5 * dice.normal())))
    likes = int(views * 0.018 * float(np.exp(0.6 * dice.normal())))
    return Post(
        post_id=identifier(seed, "post", name),
        page_id=page(municipality),
        published_at=_moment(dice, 9, 20),
        text=text,
        kind=str(kind["kind"]),
        views=views,
        likes=likes,
        comments=int(likes * 0.25 * dice.uniform()),
        shares=int(likes * 0.3 * dice.uniform()),
        followers=followers,
        project=project,
        effect=float(str(kind["effect"])),
    )


def broadcasts(seed: int) -> list[Broadcast]:
    """Draw the broadcasts about the vote as a whole: ten of districts, one of the region."""
    source = plans.read("voting")["broadcasts"]
    drawn = []
    for number in range(BROADCASTS):
        dice = Dice(seed, "broadcast", number)
        regional = number == 0
        home = None if regional else dice.integer(0, len(region().municipalities) - 1)
        drawn.append(
            Broadcast(
                broadcast_id=identifier(seed, "broadcast", number),
                started_at=_moment(dice, 17, 19).replace(minute=0, second=0),
                page_id=page(home),
                municipality=home,
                speaker_role=source["regional"] if regional else dice.pick(source["roles"]),
                project=None,
                effect=0.5 * source["effect"] if regional else source["effect"],
            )
        )
    return sorted(drawn, key=lambda item: (item.started_at, item.broadcast_id))


def _moment(dice: Dice, first_hour: int, last_hour: int) -> datetime:
    day = dice.integer(1, plans.read("voting")["days"] - 2)
    return opens() + timedelta(
        days=day,
        hours=dice.integer(first_hour, last_hour),
        minutes=dice.integer(0, 59),
        seconds=dice.integer(0, 59),
    )
