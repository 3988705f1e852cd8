"""Sessions, rows, orders and platforms of "Harbour & Reef Tours", for tests to change one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sessionconsole.domain.assessments import Assessment, Level, Reason
from sessionconsole.domain.orders import Order, OrderState, SessionFacts
from sessionconsole.domain.platforms import Office, PlatformAbout
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession, Network, Person, Place
from sessionconsole.services.states import Row

NOW = datetime(2026, 11, 25, 4, 3, 10, tzinfo=UTC)
"""A Wednesday, 14:03:10 in Cairns."""

PLATFORM = "harbour-reef"
ADDRESS = "https://booking.example"
CAIRNS_OFFICE_IP = "203.0.113.10"

MARIA = Person("maria.santos", "Maria Santos", "Reservations")
DANA = Person("dana.whitlock", "Dana Whitlock", "Office manager")
RESERVATIONS_PC = Device(DeviceType.DESKTOP, "Windows 11", "Chrome", name="Reservations PC")


def a_handle(number: int | str = 1) -> Handle:
    """The handle of the n-th session."""
    return Handle(f"{PLATFORM}:{number}")


def a_session(number: int | str = 1, **changes: Any) -> LoginSession:
    """Maria on the reservations PC in the Cairns office, active three minutes ago; any field may be given."""
    session = LoginSession(
        handle=a_handle(number),
        person=MARIA,
        device=RESERVATIONS_PC,
        user_agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0",
        ip=CAIRNS_OFFICE_IP,
        place=Place("Cairns", "AU", -16.92, 145.77),
        network=Network(1221, "Telstra", "business"),
        signed_in_at=NOW - timedelta(hours=5),
        last_active_at=NOW - timedelta(minutes=3),
        idle_expires_at=NOW + timedelta(hours=12),
        expires_at=NOW + timedelta(days=2),
        is_current=False,
    )
    return replace(session, **changes)


def an_assessment(level: Level = Level.FAMILIAR, short: str = "first time from Brazil") -> Assessment:
    """An assessment with one reason where it is not familiar."""
    if level is Level.FAMILIAR:
        return Assessment(speaks_for=("Maria has used this device since March.",))
    score = {Level.CHECK: 0.5, Level.ALARM: 0.9}[level]
    return Assessment(level, score, (Reason("new-country", "First time from Brazil.", short),))


def an_order(
    session: LoginSession | None = None, state: OrderState = OrderState.HELD, **changes: Any
) -> Order:
    """An order to end that session, given just now by Dana; any field may be given."""
    session = session or a_session()
    order = Order(
        id=f"order-{session.handle}",
        address=ADDRESS,
        platform=PLATFORM,
        account=DANA.account,
        handle=session.handle,
        facts=SessionFacts.of(session),
        ordered_at=NOW,
        state=state,
    )
    return replace(order, **changes)


def a_row(
    session: LoginSession | None = None,
    level: Level = Level.FAMILIAR,
    *,
    order: Order | None = None,
    short: str = "first time from Brazil",
    **changes: Any,
) -> Row:
    """A line of the list; any field of Row may be given."""
    row = Row(session or a_session(), an_assessment(level, short), order=order)
    return replace(row, **changes)


def an_about(**changes: Any) -> PlatformAbout:
    """The booking platform of Harbour & Reef Tours with its two offices."""
    about = PlatformAbout(
        name=PLATFORM,
        title="Harbour & Reef Tours",
        address=ADDRESS,
        connector="console-api",
        offices=(
            Office("Cairns office", ("203.0.113.0/28",)),
            Office("Port Douglas office", ("203.0.113.60/32",)),
        ),
        home_country="AU",
    )
    return replace(about, **changes)
