"""The lists that the scenes show: a morning at Harbour & Reef Tours, and what may come instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sessionconsole.domain.assessments import Assessment
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession, Network, Person, Place
from sessionconsole.services.states import Row
from tests.fakes.clock import START
from tests.fakes.console import sample_rows
from tests.hostile import HOSTILE, in_every_field

_STAFF = (
    ("Noah Fitzgerald-Abernathy", "Guide and dive instructor, Low Isles", "Noah at home", "macOS", "Safari"),
    ("Kirra Bancroft", "Port Douglas office", "Port Douglas PC", "Windows 10/11", "Edge"),
    ("Kirra Bancroft", "Port Douglas office", "Jetty tablet", "Android 15", "Chrome"),
    ("Ahmed El-Sayed", "Dive instructor", "Ahmed’s phone", "iOS 18", "Safari"),
    ("Yuki Tanaka", "Seasonal, until 31 Jan", None, "Android 14", "Samsung Internet"),
    ("Ruby Costello", "Seasonal, until 31 Jan", "Reception PC 1", "Windows 10/11", "Chrome"),
    ("Priya Nair", "Reservations", "Reservations PC", "Windows 10/11", "Chrome"),
    ("Sam Okafor", "Reception", "Front desk tablet", "iPadOS 17", "Safari"),
    ("Oliver Hartnett", "Accounts", "Accounts PC", "Windows 10/11", "Firefox"),
    ("Dana Whitlock", "Office manager", "Dana’s phone", "iOS 18", "Safari"),
    ("Jack Doolan", "Skipper, Reef Spirit", None, None, None),
    ("Lani Kepa", "Guide", "Reef Dancer tablet", "Android 15", "Chrome"),
)

ALIEN = (
    ("خالد العبدالله", "مرشد سياحي", "هاتف خالد"),
    ("نور الهدى 2", "Reservations", "مكتب الاستقبال PC"),
    ("יעל כהן", "מדריכת צלילה", "הטלפון של יעל"),
    ("דוד (Dave) לוי", "Skipper", "iPad של דוד"),
    ("山田 太郎", "ガイド", "太郎のiPhone"),
    ("สมชาย ใจดี", "คนขับเรือ", "โทรศัพท์"),
    ("Zoë Nuñez-Løkke", "Réception", "Zoë’s 📱"),
)


def morning() -> list[Row]:
    """An alarm, a check, this console, and some twenty familiar ones."""
    return [*sample_rows(), *(_colleague(number, *each) for number, each in enumerate(_STAFF, start=20))]


def familiar() -> list[Row]:
    """The same without any that needs a look."""
    return [row for row in morning() if not row.assessment.reasons]


def many(count: int = 2000) -> list[Row]:
    """As many as a large operator has."""
    some = morning()
    rows = list(some)
    for number in range(count - len(some)):
        like = some[3 + number % (len(some) - 3)]
        active = START - timedelta(minutes=7 * number)
        session = replace(
            like.session,
            handle=Handle(f"harbour-reef:m{number}"),
            is_current=False,
            signed_in_at=active - timedelta(hours=number % 90, minutes=4),
            last_active_at=active,
            idle_expires_at=active + timedelta(hours=12) if like.session.idle_expires_at else None,
        )
        rows.append(replace(like, session=session))
    return rows


def long_names() -> list[Row]:
    """Every text longer than its place."""
    name = "Maximiliane Alexandra Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh the Younger"
    device = "Reservations PC on the second desk behind the counter, next to the brochures"
    return [_texts(row, name, f"Head of {name}", device) for row in morning()]


def named(names: Sequence[tuple[str, str, str]]) -> list[Row]:
    """The morning with other people."""
    rows = morning()
    return [_texts(row, *names[number % len(names)]) for number, row in enumerate(rows)]


def hostile() -> list[Row]:
    """Text that wants to be obeyed, in every field that the platform fills."""
    rows = []
    for number, row in enumerate(sample_rows()):
        text = HOSTILE[number % len(HOSTILE)]
        rows.append(in_every_field(row, text))
    return rows


def _texts(row: Row, name: str, role: str, device: str) -> Row:
    session = replace(
        row.session,
        person=Person(name.lower().replace(" ", "."), name, role),
        device=replace(row.session.device, name=device),
        place=Place(name, "Llanfairpwllgwyngyll") if len(name) > 40 else row.session.place,
    )
    return replace(row, session=session)


def _colleague(
    number: int, name: str, role: str, device: str | None, system: str | None, browser: str | None
) -> Row:
    kinds = {"Android": DeviceType.PHONE, "iOS": DeviceType.PHONE, "iPadOS": DeviceType.TABLET}
    kind = kinds.get(system.split()[0], DeviceType.DESKTOP) if system else DeviceType.UNKNOWN
    if device and "tablet" in device:
        kind = DeviceType.TABLET
    office = kind is DeviceType.DESKTOP
    active = START - timedelta(minutes=(number - 19) ** 3)
    session = LoginSession(
        handle=Handle(f"harbour-reef:{number:03d}"),
        person=Person(name.lower().replace(" ", "."), name, role),
        device=Device(kind, system, browser, name=device),
        ip="203.0.113.10" if office else f"203.0.113.{100 + number}",
        place=None if system is None else Place("Cairns", "Australia"),
        network=None if system is None else Network(1221, "Telstra", "business" if office else "mobile"),
        signed_in_at=active - timedelta(days=number - 19, minutes=5),
        last_active_at=active,
        idle_expires_at=active + timedelta(hours=12),
        expires_at=START + timedelta(days=14),
        is_current=False,
    )
    return Row(
        session, Assessment(speaks_for=(f"{name.split(maxsplit=1)[0]} has used this device since March.",))
    )
