"""The fictional oblast: municipalities, streets, names, and places as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from cur_lab import columns
from cur_lab.synthetic import plans
from cur_lab.synthetic.grammar import inflect
from cur_lab.synthetic.streams import Dice

TIME_ZONE = "Europe/Moscow"
UTC_OFFSET = timedelta(hours=3)  # of the years of the sample; the zone itself changed until 2014
_KM_PER_DEGREE = 111.2
_ADJECTIVE_ENDINGS = ("ая", "яя", "ый", "ий", "ой", "ое")
_SHORT_KINDS = {
    "улица": "ул.",
    "проспект": "пр-т",
    "переулок": "пер.",
    "бульвар": "б-р",
    "проезд": "пр-д",
    "шоссе": "ш.",
    "тупик": "туп.",
}


def utc(values: Sequence[datetime | None]) -> pl.Series:
    """Turn local times without a zone into UTC."""
    return (pl.Series(values, dtype=pl.Datetime("us")) - UTC_OFFSET).dt.replace_time_zone("UTC")


@dataclass(frozen=True, slots=True)
class Municipality:
    """One district: its forms of name, residents, centre, and how readily it writes.

    ``sixteen`` is the share of residents aged 16 and over, who may vote on projects: the younger
    a district, the smaller.
    """

    name: str
    centre: str
    of: str
    within: str
    population: int
    sixteen: float
    latitude: float
    longitude: float
    propensity: float
    villages: tuple[str, ...]
    streets: tuple[str, ...]

    @property
    def urban(self) -> bool:
        """Whether it is a town with its surroundings."""
        return self.name.startswith("городской")


@dataclass(frozen=True, slots=True)
class Region:
    """The oblast and the names used in it."""

    municipalities: tuple[Municipality, ...]
    neighbours_km: float
    districts: tuple[str, ...]
    surnames: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]
    patronymics: tuple[str, ...]
    companies: tuple[str, ...]
    shops: tuple[str, ...]

    def frame(self) -> pl.DataFrame:
        """Return the table of municipalities, largest first."""
        return columns.MUNICIPALITIES.conform(
            pl.DataFrame(
                {
                    columns.MUNICIPALITY: [m.name for m in self.municipalities],
                    columns.POPULATION: [m.population for m in self.municipalities],
                    columns.LATITUDE: [m.latitude for m in self.municipalities],
                    columns.LONGITUDE: [m.longitude for m in self.municipalities],
                    # Of the plan and not drawn: nothing else of the region moves with it.
                    columns.POPULATION_ELIGIBLE: [
                        round(m.population * m.sixteen / 100) * 100 for m in self.municipalities
                    ],
                }
            )
        )

    def distances(self) -> npt.NDArray[np.float64]:
        """Return kilometres between the centres, municipality by municipality."""
        latitude = np.array([m.latitude for m in self.municipalities])
        longitude = np.array([m.longitude for m in self.municipalities])
        shrink = np.cos(np.radians(latitude.mean()))
        north = latitude[:, None] - latitude[None, :]
        east = (longitude[:, None] - longitude[None, :]) * shrink
        return np.asarray(np.hypot(north, east) * _KM_PER_DEGREE, dtype=float)


@cache
def region() -> Region:
    """Read the oblast from ``region.toml``; the streets of a district are drawn once for all."""
    source = plans.read("region")
    names, organisations = source["names"], source["organisations"]
    streets = source["streets"]["names"]
    municipalities = []
    for entry in source["municipality"]:
        # A million people have more streets than eight thousand; the seed never changes them.
        count = int(np.clip(12 + (entry["population"] / 1000) ** 0.72, 14, len(streets)))
        dice = Dice(0, "streets", entry["name"])
        municipalities.append(
            Municipality(
                name=entry["name"],
                centre=entry["centre"],
                of=entry["of"],
                within=entry["in"],
                population=entry["population"],
                sixteen=entry["sixteen"],
                latitude=entry["latitude"],
                longitude=entry["longitude"],
                propensity=entry["propensity"],
                villages=tuple(entry["villages"]),
                streets=tuple(dice.shuffled(streets)[:count]),
            )
        )
    return Region(
        municipalities=tuple(municipalities),
        neighbours_km=source["neighbours_km"],
        districts=tuple(source["streets"]["districts"]),
        surnames=tuple(names["surnames"]),
        female=tuple(names["female"]),
        male=tuple(names["male"]),
        patronymics=tuple(names["patronymics"]),
        companies=tuple(organisations["companies"]),
        shops=tuple(organisations["shops"]),
    )


@dataclass(frozen=True, slots=True)
class Person:
    """A fictional citizen."""

    surname: str
    name: str
    patronymic: str
    female: bool
    phone: str

    @property
    def full(self) -> str:
        """Surname, name and patronymic."""
        return f"{self.surname} {self.name} {self.patronymic}"

    @property
    def initials(self) -> str:
        """Surname with initials."""
        return f"{self.surname} {self.name[0]}.{self.patronymic[0]}."


def person(dice: Dice) -> Person:
    """Invent a citizen; the phone lies in a block no operator hands out (+7 000)."""
    names = region()
    female = dice.chance(0.64)
    surname = dice.pick(names.surnames)
    stem = dice.pick(names.patronymics)
    if female:
        surname = surname[:-2] + "ая" if surname.endswith(("ый", "ой")) else surname + "а"
    digits = f"{dice.integer(0, 9999999):07d}"
    tail = f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
    return Person(
        surname=surname,
        name=dice.pick(names.female if female else names.male),
        patronymic=stem + ("на" if female else "ич"),
        female=female,
        phone=dice.pick((f"8 (000) {tail}", f"+7 000 {tail}", f"8000{digits}", f"8-000-{tail}")),
    )


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incident is: a street and house, a village, or a whole district."""

    municipality: Municipality
    street: str
    house: str
    village: str | None
    entrance: int
    district: str
    shop: str
    number: int

    def key(self) -> str:
        """Return the address in one plain form, for the truth."""
        settlement = self.village or self.municipality.centre
        return f"{settlement}, {self.street}, {self.house}"


def place(municipality: Municipality, dice: Dice) -> Place:
    """Draw a place; in rural districts most places lie in villages."""
    village = None
    if dice.chance(0.08 if municipality.urban else 0.75):
        village = dice.pick(municipality.villages)
    house = str(dice.integer(1, 40 if village else 140))
    if dice.chance(0.18):
        house += dice.pick(("А", "Б", "/1", "/2", " корп. 2", "а", "/5"))
    return Place(
        municipality=municipality,
        street=dice.pick(municipality.streets[:14] if village else municipality.streets),
        house=house,
        village=village,
        entrance=dice.integer(1, 8),
        district=dice.pick(region().districts),
        shop=dice.pick(region().shops),
        number=dice.integer(1, 12 if not municipality.urban else 60),
    )


def street_in(street: str, case: str, *, with_kind: bool = True) -> str:
    """Inflect a street: ``street_in("улица Садовая", "loct")`` → «улице Садовой».

    A name in the genitive («улица Мира») stays; without its kind only an adjective changes.
    """
    kind, _, name = street.partition(" ")
    if case == "nomn":
        return street if with_kind else name
    moved = inflect(kind, f"{case},sing")
    if name.endswith(_ADJECTIVE_ENDINGS):
        # Inflecting «улица» beside each adjective makes the adjective follow its gender.
        words = [
            inflect(f"{word} {kind}", f"{case},sing").split(" ")[0] for word in name.split(" ")
        ]
        name = " ".join(words)
    return f"{moved} {name}" if with_kind else name


def short_street(street: str, case: str, dice: Dice) -> str:
    """Abbreviate the kind as people do: «ул. Садовой», «ул Садовой», «Садовой»."""
    kind = street.partition(" ")[0]
    name = street_in(street, case, with_kind=False)
    short = _SHORT_KINDS[kind]
    return dice.pick((f"{short} {name}", f"{short} {name}", f"{short.rstrip('.')} {name}", name))


def address(where: Place, dice: Dice) -> str:
    """Write the postal address in one of its many spellings."""
    home, house = where.municipality, where.house
    kind, _, name = where.street.partition(" ")
    short = _SHORT_KINDS[kind]
    street = dice.pick(
        (f"{short} {name}", f"{short}{name}", f"{kind} {name}", f"{short.rstrip('.')} {name}")
    )
    number = dice.pick(
        (f", д. {house}", f" д.{house}", f" {house}", f", {house}", f", дом {house}", f" д {house}")
    )
    if where.village:
        town = dice.pick(
            (
                f"с. {where.village}, ",
                f"д. {where.village} ",
                f"{home.name}, с. {where.village}, ",
                f"деревня {where.village}, ",
                f"п. {where.village}, ",
            )
        )
    else:
        town = dice.pick(
            (
                f"г. {home.centre}, ",
                f"г.{home.centre} ",
                f"{home.centre}, ",
                f"город {home.centre} ",
                "",
                "",
                "",
            )
        )
    return f"{town}{street}{number}"
