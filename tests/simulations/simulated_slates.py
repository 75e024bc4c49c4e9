"""Ballots of several choices from outside the generator of the sample: slates, copies, chance.

Not a test module: the tests of the room and the benchmarks load it by path.
"""

from datetime import UTC, datetime

import numpy as np
import polars as pl

from cur_lab.readers.election import Election

OPENS = datetime(2025, 2, 2, 21, tzinfo=UTC)
PROJECTS, CHOICES = 12, 3
SLATE = (0, 1, 2)
# Weight of each hour of a day; nights are quiet.
CLOCK = np.array([0.1] * 6 + [0.5, 0.8] + [1.0] * 10 + [1.4] * 4 + [0.8, 0.4])


def slates(kind: str, *, voters: int = 1_500, days: int = 10, copies: int = 15, seed: int = 0):
    """Draw an election of ballots with three choices in one district.

    ``kind`` is ``chance``: nothing; ``day``: on one day two of five honest voters take the slate;
    ``evening``: the same within three hours of one day, from a minute no clock strikes; ``row``:
    copies of the slate, one right after the other; ``mixed``: as many within ten minutes, with
    whoever votes in between.
    """
    draw = np.random.default_rng(seed)
    taste = draw.dirichlet(np.full(PROJECTS, 3.0))
    weight = np.tile(CLOCK, days) * draw.gamma(12.0, 1 / 12, size=24 * days)
    hour = draw.choice(24 * days, size=voters, p=weight / weight.sum())
    at = np.sort(3600 * (hour + draw.random(voters)))
    ballots = [draw.choice(PROJECTS, size=CHOICES, replace=False, p=taste) for _ in at]
    day = int(draw.integers(1, days - 1))
    start = 3600 * (24 * day + draw.uniform(12, 19))
    begins, ends = {
        "day": (86_400 * day, 86_400 * (day + 1)),
        "evening": (start, start + 3 * 3600),
    }.get(kind, (0, 0))
    popular = (at >= begins) & (at < ends) & (draw.random(voters) < 0.4)
    ballots = [SLATE if takes else ballot for takes, ballot in zip(popular, ballots, strict=True)]
    if kind == "row":
        # Between two neighbours of the vote: nobody comes in between.
        place = int(np.searchsorted(at, start))
        gap = np.linspace(at[place], at[place + 1], copies + 2)[1:-1]
        at, ballots = np.concatenate([at, gap]), [*ballots, *[SLATE] * copies]
    if kind == "mixed":
        at = np.concatenate([at, start + 600 * draw.random(copies)])
        ballots = [*ballots, *[SLATE] * copies]
    return _election(at, ballots, draw)


def _election(at: np.ndarray, ballots: list, draw: np.random.Generator) -> Election:
    number = draw.permutation(len(at))
    rows = [
        (f"v{number[voter]:06}", f"p{project:02}", int(second * 1e6))
        for voter, (second, ballot) in enumerate(zip(at, ballots, strict=True))
        for project in ballot
    ]
    opens = pl.lit(OPENS).cast(pl.Datetime("us", "UTC"))
    votes = pl.DataFrame(
        rows, schema=["voter_id", "project_id", "cast_at"], orient="row"
    ).with_columns((opens + pl.duration(microseconds="cast_at")).alias("cast_at"))
    projects = pl.DataFrame(
        {"project_id": [f"p{n:02}" for n in range(PROJECTS)], "cost": [1.0] * PROJECTS}
    )
    meta = {"budget": "5", "vote_type": "approval"}
    return Election(meta, projects, votes.select("voter_id").unique().sort("voter_id"), votes)
