"""Who sits where when the world begins: the story of the cast, then as many more seats as are asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from sessionconsole.demo.world import addresses as at
from sessionconsole.demo.world import devices as on
from sessionconsole.demo.world.devices import DAY, HOUR, Device
from sessionconsole.demo.world.people import CAST, CHANNEL_MANAGER, Person

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a seat is used: mean seconds between two uses, hours of the day, how often it rests or signs out."""

    gap: float
    begins: float = 0.0
    ends: float = 24.0
    day_off: float = 0.0
    signs_out: float = 0.0


AT_DESK = Rhythm(4 * MINUTE, 7, 18, day_off=0.2)
AT_SHARED_DESK = Rhythm(4 * MINUTE, 7, 18, day_off=0.2, signs_out=0.6)
ON_PHONE = Rhythm(20 * MINUTE, 6, 22)
AT_HOME = Rhythm(30 * MINUTE, 19, 22, day_off=0.5)
RARELY = Rhythm(5 * HOUR, 6, 22, day_off=0.3)
AS_PROGRAM = Rhythm(5 * MINUTE)
LEFT_LYING = Rhythm(400 * DAY)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person at one device, behind one of some addresses."""

    account: str
    device: Device
    ips: tuple[str, ...]
    rhythm: Rhythm


@dataclass(frozen=True, slots=True)
class Standing:
    """A seat that is signed in when the world begins; ages in seconds, `next_use` is when it is used again."""

    seat: Seat
    signed_in: float
    active: float
    next_use: float | None = None


_OFFICE = (at.CAIRNS_LINE,)
_PORT = (at.PORT_DOUGLAS_LINE,)
_RECEPTION_1 = on.WINDOWS_CHROME.called("Reception PC 1")
_RECEPTION_2 = on.WINDOWS_CHROME.called("Reception PC 2")
_RESERVATIONS = on.WINDOWS_CHROME.called("Reservations PC")
_ACCOUNTS = on.WINDOWS_EDGE.called("Accounts PC")
_PORT_DESK = on.WINDOWS_EDGE.called("Port Douglas desk")

INTRUDER = Seat("maria.santos", on.WINDOWS_FIREFOX, ("198.51.100.77",), Rhythm(6 * MINUTE))
"""The login that does not belong: hosting in São Paulo, 12 minutes after Maria was active in Cairns."""


def _at(
    account: str, device: Device, ips: tuple[str, ...], rhythm: Rhythm, signed_in: float, active: float
) -> Standing:
    return Standing(Seat(account, device, ips, rhythm), signed_in, active)


_IPHONE, _ANDROID = on.IPHONE, on.ANDROID_CHROME
_MARIA = Seat("maria.santos", _RESERVATIONS, _OFFICE, AT_DESK)
_IPAD_AT_NIGHT = Seat("ruby.costello", on.IPAD, ("203.0.113.164",), RARELY)
_PHONE_FROM_AFAR = Seat("tom.breuer", _ANDROID, ("203.0.113.130",), RARELY)

STORY = (
    Standing(INTRUDER, 15 * MINUTE, 3 * MINUTE),
    Standing(_MARIA, 7 * HOUR, 27 * MINUTE, next_use=40 * MINUTE),
    Standing(_IPAD_AT_NIGHT, 11 * HOUR + 20 * MINUTE, 6 * HOUR + 20 * MINUTE, next_use=9 * HOUR),
    Standing(_PHONE_FROM_AFAR, 3 * HOUR, 41 * MINUTE, next_use=2 * HOUR),
)
_HOME = ("203.0.113.52", "2001:db8:40::52")
_MACBOOK = on.MAC_CHROME.called("Graham's MacBook")
_TABLET = on.IPAD.kept().called("Reef Spirit tablet")
_MAC_AT_HOME = on.MAC_SAFARI.kept().called("Oliver at home")
_CAST_SEATS = (
    _at("sam.okafor", _RECEPTION_2, _OFFICE, AT_SHARED_DESK, 6.9 * HOUR, 1 * MINUTE),
    _at("priya.nair", _RESERVATIONS, _OFFICE, AT_DESK, 6.2 * HOUR, 2 * MINUTE),
    _at("dana.whitlock", _IPHONE.called("Dana's phone"), ("203.0.113.70",), ON_PHONE, 20 * DAY, 50 * MINUTE),
    _at("ruby.costello", _RECEPTION_1, _OFFICE, AT_SHARED_DESK, 6.8 * HOUR, 4 * MINUTE),
    _at("oliver.hartnett", _ACCOUNTS, _OFFICE, AT_DESK, 5.5 * HOUR, 12 * MINUTE),
    _at("hannah.lindqvist", _PORT_DESK, _PORT, AT_SHARED_DESK, 6.5 * HOUR, 3 * MINUTE),
    _at("graham.pell", _MACBOOK, _OFFICE, AT_DESK, 4.6 * HOUR, 9 * MINUTE),
    _at("lani.kepa", _ANDROID.called("Lani's phone"), ("203.0.113.41",), ON_PHONE, 33 * DAY, 8 * MINUTE),
    _at("jack.doolan", _TABLET, ("203.0.113.42",), ON_PHONE, 51 * DAY, 22 * MINUTE),
    _at("mei-ling.zhang", _IPHONE.called("Mei-Ling's phone"), ("203.0.113.90",), ON_PHONE, 12 * DAY, 35 * MINUTE),
    _at("ben.tran", on.APP_PIXEL, ("192.0.2.17", "192.0.2.18", "192.0.2.44"), ON_PHONE, 9 * DAY, 14 * MINUTE),
    _at("aroha.ngata", on.APP_IPHONE, ("2001:db8:50::a7", "192.0.2.61"), ON_PHONE, 5 * DAY, 26 * MINUTE),
    _at(CHANNEL_MANAGER.account, on.PROGRAM, ("203.0.113.200",), AS_PROGRAM, 120 * DAY, 1 * MINUTE),
    _at("priya.nair", _IPHONE.called("Priya's phone"), ("203.0.113.88",), ON_PHONE, 25 * DAY, 72 * MINUTE),
    _at("oliver.hartnett", _MAC_AT_HOME, _HOME, AT_HOME, 40 * DAY, 17 * HOUR),
    _at("maria.santos", _ANDROID.called("Maria's phone"), ("192.0.2.80", "192.0.2.91"), ON_PHONE, 30 * DAY, 3 * HOUR),
    _at("jack.doolan", on.APP_GALAXY, ("192.0.2.130", "192.0.2.133"), ON_PHONE, 44 * DAY, 2.5 * HOUR),
    _at("sam.okafor", on.UNTOLD, ("203.0.113.75",), LEFT_LYING, 61 * DAY, 33 * DAY),
    _at("tom.breuer", on.APP_PIXEL.called("Tom's phone"), ("192.0.2.201",), LEFT_LYING, 90 * DAY, 46 * DAY),
)  # fmt: skip
CAST_SESSIONS = len(STORY) + len(_CAST_SEATS)

_FOR_CROWD = (
    (on.WINDOWS_CHROME, AT_SHARED_DESK), (on.WINDOWS_EDGE, AT_DESK), (_IPHONE, ON_PHONE), (_ANDROID, ON_PHONE),
    (on.APP_PIXEL, ON_PHONE), (on.APP_GALAXY, ON_PHONE), (on.APP_IPHONE, ON_PHONE), (on.IPAD.kept(), RARELY),
    (on.MAC_SAFARI.kept(), AT_HOME), (on.WINDOWS_FIREFOX, AT_DESK),
)  # fmt: skip


def opening(seed: int, people: list[Person], sessions: int) -> list[Standing]:
    """The seats that are signed in when the world begins: `sessions` in all, the story first."""
    known = {person.account for person in people} | {CHANNEL_MANAGER.account}
    rng = Random(f"{seed} seats")
    cast = [standing for standing in (*STORY, *_CAST_SEATS) if standing.seat.account in known]
    seats = [_at_some_hour(rng, standing) for standing in cast[:sessions]]
    newcomers = people[len(CAST) :] or people
    crowd = (_somebody(rng, newcomers[n % len(newcomers)], n) for n in range(sessions - len(seats)))
    return [*seats, *crowd]


def _at_some_hour(rng: Random, standing: Standing) -> Standing:
    """What is days old did not all happen at this very minute of the day."""
    signed_in, active = (
        age + rng.uniform(0, 5 * HOUR) if age >= DAY else age for age in (standing.signed_in, standing.active)
    )
    return replace(standing, signed_in=signed_in, active=active)


def _somebody(rng: Random, person: Person, number: int) -> Standing:
    device, rhythm = rng.choice(_FOR_CROWD)
    if rhythm in (AT_DESK, AT_SHARED_DESK):
        seat = Seat(person.account, device, _OFFICE if rng.random() < 0.7 else _PORT, rhythm)
        active = rng.uniform(0.5 * MINUTE, 2 * HOUR)
        return Standing(seat, active + rng.uniform(0, 5 * HOUR), active)
    ips: tuple[str, ...]
    if rng.random() < 0.5:
        ips = tuple(f"192.0.2.{rng.randint(1, 254)}" for _ in range(3))
    elif rng.random() < 0.3:
        ips = (f"2001:db8:40::{number + 0x1000:x}",)
    else:
        ips = (f"203.0.113.{rng.randint(64, 127)}",)
    active = min(rng.expovariate(1 / (9 * HOUR)), 50 * DAY)
    return Standing(Seat(person.account, device, ips, rhythm), active + rng.uniform(0, 100 * DAY), active)
