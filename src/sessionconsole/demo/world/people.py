"""The people of Harbour & Reef Tours, and as many more as are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

OPERATOR = "Harbour & Reef Tours"


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the platform."""

    account: str
    name: str
    role: str


CAST = (
    Person("dana.whitlock", "Dana Whitlock", "Office manager"),
    Person("maria.santos", "Maria Santos", "Reservations"),
    Person("ruby.costello", "Ruby Costello", "Seasonal, reception"),
    Person("tom.breuer", "Tom Breuer", "Seasonal, guide"),
    Person("sam.okafor", "Sam Okafor", "Reception"),
    Person("priya.nair", "Priya Nair", "Reservations"),
    Person("lani.kepa", "Lani Kepa", "Guide"),
    Person("jack.doolan", "Jack Doolan", "Skipper, Reef Spirit"),
    Person("mei-ling.zhang", "Mei-Ling Zhang", "Guide"),
    Person("oliver.hartnett", "Oliver Hartnett", "Accounts"),
    Person("hannah.lindqvist", "Hannah Lindqvist", "Reception, Port Douglas"),
    Person("graham.pell", "Graham Pell", "Operations manager"),
    Person("ben.tran", "Ben Tran", "Guide"),
    Person("aroha.ngata", "Aroha Ngata", "Seasonal, guide"),
)
"""The 14 staff; the first four carry the story that a first look finds."""

CHANNEL_MANAGER = Person("channel.manager", "Channel manager", "Program")
VIEWER = Person("viewer", "Night auditor", "May look only")

_FIRST = (
    "Alex", "Amelia", "Anika", "Arlo", "Bianca", "Caleb", "Carla", "Chloé", "Dev", "Elena", "Emil", "Finn",
    "Freya", "Gus", "Harriet", "Hiro", "Imogen", "Isla", "Jarrah", "Jonas", "Kaia", "Kofi", "Leila", "Liam",
    "Lucia", "Marcus", "Mika", "Nadia", "Noah", "Olu", "Paola", "Quinn", "Rafael", "Sofia", "Tariq", "Una",
    "Vikram", "Wanda", "Xin", "Yara", "Zoë",
)  # fmt: skip
_LAST = (
    "Abbott", "Barlow", "Campbell", "Dufour", "Eriksen", "Fraser", "Gallo", "Hughes", "Ito", "Jensen", "Kaur",
    "Lam", "Müller", "Nguyen", "O'Brien", "Petrov", "Quirke", "Rossi", "Singh", "Tanaka", "Ueda", "Varga",
    "Walker", "Xu", "Young", "Zeller",
)  # fmt: skip
_ROLES = (
    "Guide",
    "Guide",
    "Reception",
    "Reservations",
    "Seasonal, guide",
    "Deckhand",
    "Driver",
    "Dive instructor",
)


def staff(seed: int, count: int) -> list[Person]:
    """So many people: the cast first, then others, the same for the same seed."""
    people = list(CAST[:count])
    rng = Random(f"{seed} people")
    for number in range(len(people), count):
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        account = "".join(letter for letter in f"{first}.{last}".lower() if letter.isalnum() or letter == ".")
        people.append(Person(f"{account}.{number}", f"{first} {last}", rng.choice(_ROLES)))
    return people
