"""Projects put to the vote: what, where, for how much, by whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cur_lab.synthetic import plans
from cur_lab.synthetic.grammar import capital, expand
from cur_lab.synthetic.region import Municipality, place, region, street_in
from cur_lab.synthetic.streams import Dice, identifier

NUMBER = 300
_FEWEST = 5
_FAMILY_BONUS = 50.0


@dataclass(frozen=True, slots=True)
class Project:
    """One project; money in roubles, ``appeal`` multiplies its share of the district's votes."""

    project_id: str
    title: str
    municipality: int
    category: str
    cost: float
    co_financing: float
    applicant: str
    points: float
    appeal: float


def projects(seed: int) -> tuple[Project, ...]:
    """Draw the projects district by district; large districts put more of them to the vote."""
    weight = np.array([m.population**0.45 for m in region().municipalities])
    free = NUMBER - _FEWEST * len(weight)
    # Largest remainders, so that the number is exact.
    exact = free * weight / weight.sum()
    count = np.floor(exact).astype(int)
    count[np.argsort(-(exact - count), kind="stable")[: free - int(count.sum())]] += 1
    return tuple(
        _project(seed, number, home, int(many) + _FEWEST)
        for home, many in enumerate(count)
        for number in range(int(many) + _FEWEST)
    )


def _project(seed: int, number: int, home: int, many: int) -> Project:
    dice = Dice(seed, "project", home, number)
    said = plans.read("voting")
    category = dice.weighted(said["category"], [c["weight"] for c in said["category"]])
    municipality = region().municipalities[home]
    cost = round(category["cost"] * float(np.exp(0.45 * dice.normal())), -3)
    share = 0.05 + 0.25 * dice.uniform() ** 2
    # Two projects in five come from an applicant who has another one.
    applicant = Dice(seed, "applicant", home, dice.integer(0, max(1, int(1.2 * many))))
    # Words come from a stream of their own: another street list changes no vote.
    wording = Dice(seed, "title", home, number)
    return Project(
        project_id=f"p-{identifier(seed, 'project', home, number)[:8]}",
        title=phrase(wording.pick(category["titles"]), municipality, wording),
        municipality=home,
        category=category["name"],
        cost=cost,
        co_financing=round(cost * share, -3),
        applicant=phrase(applicant.pick(said["applicants"]["names"]), municipality, applicant),
        points=round(min(10.0, 40 * share), 1) + (_FAMILY_BONUS if dice.chance(0.14) else 0.0),
        appeal=float(np.exp(0.6 * dice.normal())),
    )


def phrase(source: str, municipality: Municipality, dice: Dice, title: str = "") -> str:
    """Write out one clause of ``voting.toml``."""
    where = place(municipality, dice)

    def fill(slot: str, arguments: str) -> str:
        match slot:
            case "street":
                return street_in(where.street, arguments)
            case "number":
                low, high = arguments.split(":")
                return str(dice.integer(int(low), int(high)))
            case "where":
                settlement = f"в населённом пункте {where.village}"
                return settlement if where.village else municipality.within
            case _:
                return {"title": title}[slot]

    return capital(expand(source, dice, fill))
