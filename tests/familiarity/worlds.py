"""Lists to assess: made by hand, or read off the demo world as its API would show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.operator import Operator
from sessionconsole.demo.options import Options
from sessionconsole.demo.sessions import Session
from sessionconsole.demo.world.addresses import HOME_COUNTRY, OFFICES
from sessionconsole.domain.assessments import Assessment, Verdict
from sessionconsole.domain.platforms import Office, PlatformAbout
from sessionconsole.domain.sessions import Device, Handle, LoginSession, Network, Person, Place, Snapshot
from sessionconsole.familiarity.interface import Evidence
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.platform.user_agents import UaParser
from tests.builders import DANA, NOW, PLATFORM, an_about

WORLD_START = 1_795_485_780.0


def a_snapshot(sessions: Iterable[LoginSession], taken_at: datetime = NOW) -> Snapshot:
    """The list of Harbour & Reef Tours at that moment."""
    return Snapshot(PLATFORM, DANA.account, taken_at, tuple(sessions))


def assess(
    *sessions: LoginSession,
    about: PlatformAbout | None = an_about(),
    history: Sequence[Snapshot] = (),
    verdicts: Mapping[Handle, Verdict] | None = None,
) -> Mapping[Handle, Assessment]:
    """What is thought of these sessions."""
    return SimpleAssessor().assess(Evidence(a_snapshot(sessions), UTC, about, history, verdicts or {}))


def codes(assessment: Assessment) -> list[str]:
    """The reasons by their stable names."""
    return [reason.code for reason in assessment.reasons]


def a_demo_world(seed: int = 1) -> Operator:
    """Harbour & Reef Tours as it stands when the demo begins; time moves only when told."""
    return Operator(Options(seed=seed), WorldClock(WORLD_START, scale=0))


def seen(operator: Operator) -> Snapshot:
    """The list as a console would read it now."""
    now = datetime.fromtimestamp(operator.clock.now(), UTC)
    return a_snapshot((_shown(session) for session in operator.register), now)


def demo_evidence(current: Snapshot, history: Sequence[Snapshot] = ()) -> Evidence:
    """What is known of the demo world."""
    offices = tuple(Office(office.name, office.networks) for office in OFFICES)
    return Evidence(current, UTC, an_about(offices=offices, home_country=HOME_COUNTRY), history)


def _shown(session: Session) -> LoginSession:
    place, network = session.where
    read = _read(session.device.user_agent or "")
    return LoginSession(
        handle=Handle(f"{PLATFORM}:{session.id}"),
        person=Person(session.person.account, session.person.name, session.person.role),
        device=Device(
            read.type,
            read.os,
            read.browser,
            session.device.app or read.app,
            session.device.name or read.name,
            read.model,
        ),
        user_agent=session.device.user_agent,
        ip=session.ip,
        place=Place(place.city, place.country, place.latitude, place.longitude) if place else None,
        network=Network(network.asn, network.name, network.type) if network else None,
        signed_in_at=datetime.fromtimestamp(session.signed_in, UTC),
        last_active_at=datetime.fromtimestamp(session.active, UTC),
        is_current=False,
    )


@cache
def _read(user_agent: str) -> Device:
    return UaParser().parse(user_agent) if user_agent else Device()
