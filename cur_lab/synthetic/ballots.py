"""The vote on disk: projects, votes, posts, broadcasts, their truth."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from cur_lab import columns as c
from cur_lab.synthetic import plans
from cur_lab.synthetic.campaign import Broadcast, Post, broadcasts, opens, posts
from cur_lab.synthetic.projects import Project, projects
from cur_lab.synthetic.region import UTC_OFFSET, region
from cur_lab.synthetic.votes import CHANNELS, Votes, budget, votes

DATE = "%d.%m.%Y"


def voting(seed: int, scale: float) -> dict[str, pl.DataFrame]:
    """Make the tables of the vote, by path below the folder of the sample.

    Parameters
    ----------
    seed
        Seed of the whole region.
    scale
        Share of the full number of votes (150,000); projects, posts and planted surges stay.
    """
    candidates = projects(seed)
    written = posts(seed, candidates)
    cast = votes(seed, scale, candidates, written, broadcasts(seed))
    return {
        "election": _election(candidates, cast),
        "projects": _projects(candidates),
        "votes": _votes(candidates, cast),
        "posts": _posts(candidates, written),
        "broadcasts": _broadcasts(candidates, cast.broadcasts),
        "truth/posts": _post_effects(candidates, written),
        "truth/broadcasts": _broadcast_effects(cast.broadcasts),
        "truth/surges": _surges(candidates, cast),
        "truth/votes": _planted(cast),
    }


def _names() -> list[str]:
    return [m.name for m in region().municipalities]


def _utc(moments: list[datetime]) -> pl.Series:
    return (pl.Series(moments, dtype=pl.Datetime("us")) - UTC_OFFSET).dt.replace_time_zone("UTC")


def _election(candidates: tuple[Project, ...], cast: Votes) -> pl.DataFrame:
    """META of Pabulib, so that the tables make an election."""
    last = opens() + timedelta(days=plans.read("voting")["days"] - 1)
    meta = {
        "description": "Вам решать! Заречье 2025 (вымышлено)",
        "country": "Россия",
        "unit": "Заречье",
        "instance": "2025",
        "num_projects": str(len(candidates)),
        "num_votes": str(len(cast.project)),
        "budget": f"{budget(candidates):.0f}",
        "vote_type": "choose-1",
        "rule": "greedy",
        "date_begin": opens().strftime(DATE),
        "date_end": last.strftime(DATE),
        "language": "ru",
        "currency": "RUB",
    }
    return pl.DataFrame({"key": list(meta), "value": list(meta.values())})


def _projects(candidates: tuple[Project, ...]) -> pl.DataFrame:
    names = _names()
    frame = pl.DataFrame(
        {
            c.PROJECT_ID: [p.project_id for p in candidates],
            c.COST: [p.cost for p in candidates],
            c.TITLE: [p.title for p in candidates],
            c.MUNICIPALITY: [names[p.municipality] for p in candidates],
            c.CATEGORY: [p.category for p in candidates],
            c.CO_FINANCING: [p.co_financing for p in candidates],
            c.APPLICANT: [p.applicant for p in candidates],
            c.POINTS: [p.points for p in candidates],
        }
    )
    return c.PROJECTS.conform(frame).sort(c.PROJECT_ID)


def _votes(candidates: tuple[Project, ...], cast: Votes) -> pl.DataFrame:
    names = _names()
    ids = np.array([p.project_id for p in candidates])
    homes = np.array([names[p.municipality] for p in candidates])
    opened = pl.lit(opens() - UTC_OFFSET).cast(pl.Datetime("us"))
    cast_at = opened + pl.duration(seconds=pl.col("seconds"))
    frame = pl.DataFrame({c.VOTER_ID: cast.voter_id, "seconds": cast.seconds.astype(np.int64)})
    frame = frame.select(
        c.VOTER_ID,
        pl.Series(c.PROJECT_ID, ids[cast.project]),
        pl.lit(1, dtype=pl.Int64).alias(c.RANK),
        cast_at.dt.replace_time_zone("UTC").alias(c.CAST_AT),
        pl.Series(c.CHANNEL, np.array(CHANNELS)[cast.channel]),
        pl.Series(c.MUNICIPALITY, homes[cast.project]),
        pl.Series(c.NUMBER_GAP, cast.number_gap).replace(-1, None),
    )
    return c.VOTES.conform(frame)


def _posts(candidates: tuple[Project, ...], written: list[Post]) -> pl.DataFrame:
    frame = pl.DataFrame(
        {
            c.POST_ID: [p.post_id for p in written],
            c.PAGE_ID: [p.page_id for p in written],
            c.PUBLISHED_AT: _utc([p.published_at for p in written]),
            c.TEXT: [p.text for p in written],
            c.KIND: [p.kind for p in written],
            c.VIEWS: [p.views for p in written],
            c.LIKES: [p.likes for p in written],
            c.COMMENTS: [p.comments for p in written],
            c.SHARES: [p.shares for p in written],
            c.FOLLOWERS: [p.followers for p in written],
            c.PROJECT_ID: [_id(candidates, p.project) for p in written],
        },
        schema_overrides={c.PROJECT_ID: pl.String},
    )
    return c.POSTS.conform(frame)


def _broadcasts(candidates: tuple[Project, ...], spoken: list[Broadcast]) -> pl.DataFrame:
    names = _names()
    homes = [None if b.municipality is None else names[b.municipality] for b in spoken]
    frame = pl.DataFrame(
        {
            c.BROADCAST_ID: [b.broadcast_id for b in spoken],
            c.STARTED_AT: _utc([b.started_at for b in spoken]),
            c.PAGE_ID: [b.page_id for b in spoken],
            c.MUNICIPALITY: homes,
            c.SPEAKER_ROLE: [b.speaker_role for b in spoken],
            c.PROJECT_ID: [_id(candidates, b.project) for b in spoken],
        },
        schema_overrides={c.PROJECT_ID: pl.String, c.MUNICIPALITY: pl.String},
    )
    return c.BROADCASTS.conform(frame)


def _id(candidates: tuple[Project, ...], index: int | None) -> str | None:
    return None if index is None else candidates[index].project_id


def _post_effects(candidates: tuple[Project, ...], written: list[Post]) -> pl.DataFrame:
    half_life = float(plans.read("voting")["posts"]["half_life"])
    about = [p for p in written if p.project is not None]
    return pl.DataFrame(
        {
            "post_id": [p.post_id for p in about],
            "project_id": [_id(candidates, p.project) for p in about],
            "kind": [p.kind for p in about],
            "log_rate": [p.effect for p in about],
            "half_life_hours": [half_life] * len(about),
        }
    )


def _broadcast_effects(spoken: list[Broadcast]) -> pl.DataFrame:
    hours = int(plans.read("voting")["broadcasts"]["hours"])
    return pl.DataFrame(
        {
            "broadcast_id": [b.broadcast_id for b in spoken],
            "log_rate": [b.effect for b in spoken],
            "hours": [hours] * len(spoken),
        }
    )


def _surges(candidates: tuple[Project, ...], cast: Votes) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "surge_id": [s.surge_id for s in cast.surges],
            "kind": [s.kind for s in cast.surges],
            "what": [s.what for s in cast.surges],
            "project_id": [_id(candidates, s.project) for s in cast.surges],
            "started_at": _utc([s.started_at for s in cast.surges]),
            "ended_at": _utc([s.ended_at for s in cast.surges]),
            "votes": [s.votes for s in cast.surges],
        }
    )


def _planted(cast: Votes) -> pl.DataFrame:
    rows = np.flatnonzero(cast.surge >= 0)
    return pl.DataFrame(
        {
            "voter_id": [cast.voter_id[row] for row in rows],
            "surge_id": [cast.surges[cast.surge[row]].surge_id for row in rows],
        }
    )
