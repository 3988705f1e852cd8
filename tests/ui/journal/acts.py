"""A morning in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sessionconsole.domain.journal import About, Act, By, Kind
from sessionconsole.domain.orders import Outcome
from sessionconsole.domain.sessions import Handle
from tests.fakes.clock import START

PLATFORM, ADDRESS = "harbour-reef", "https://booking.example"
DANA = By("dana.whitlock", "frontdesk")


def the_acts() -> tuple[Act, ...]:
    """Dana signs in, knows one session, and ends two, one of which the platform refuses to end."""
    signed_in = Act(Kind.SIGN_IN, START - timedelta(hours=2), PLATFORM, ADDRESS, DANA)

    def later(minutes: int, kind: Kind, name: str, device: str, outcome: Outcome | None = None) -> Act:
        return replace(
            signed_in,
            kind=kind,
            at=signed_in.at + timedelta(minutes=minutes),
            about=About(name, device),
            session=Handle(f"{PLATFORM}:{name}"),
            outcome=outcome,
        )

    return (
        signed_in,
        later(3, Kind.VERDICT, "ruby.costello", "iPad"),
        later(9, Kind.ORDER, "maria.santos", "Windows PC"),
        later(10, Kind.RESULT, "maria.santos", "Windows PC", Outcome.PROVED_GONE),
        later(31, Kind.ORDER, "tom.breuer", "Android phone"),
        later(32, Kind.RESULT, "tom.breuer", "Android phone", Outcome.REFUSED),
    )
