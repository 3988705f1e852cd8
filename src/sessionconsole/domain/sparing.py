"""Devices that are never ended in bulk, such as a wall tablet or a kiosk, and how one is known again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Device, Handle, LoginSession


class Spared(StrEnum):
    """Whether a session is of such a device; MAYBE is one that is like it, and is ended like any other."""

    NO = "no"
    YES = "yes"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class SparedDevice:
    """The session that was marked, and by what its device is known again when it signs in anew."""

    handle: Handle
    account: str
    marked_at: datetime
    device: Device = Device()
    user_agent: str | None = None
    office: str | None = None
    city: str | None = None
    country: str | None = None

    @classmethod
    def of(cls, session: LoginSession, about: PlatformAbout | None, marked_at: datetime) -> SparedDevice:
        """The mark for a listed session."""
        place = session.place
        return cls(
            handle=session.handle,
            account=session.person.account,
            marked_at=marked_at,
            device=session.device,
            user_agent=session.user_agent,
            office=about.office_of(session.ip) if about else None,
            city=place.city if place else None,
            country=place.country if place else None,
        )

    @property
    def platform(self) -> str:
        """The name of the platform that it is signed in to."""
        return self.handle.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What is known of the listed sessions; `carried` are marks that go over to another session.

    `carried` maps the handle that a mark had to the mark that takes its place.
    """

    spared: Mapping[Handle, Spared]
    carried: Mapping[Handle, SparedDevice]


def recognise(
    sessions: Sequence[LoginSession],
    marks: Mapping[Handle, SparedDevice],
    about: PlatformAbout | None,
    now: datetime,
    *,
    complete: bool = True,
) -> Recognised:
    """Which of the listed sessions are of spared devices: those that were marked, and what surely took their place.

    A mark goes over only where its own session is off a list that is `complete`, and exactly one other session is of
    the same account, signed in after the marking, with the same device and from the same place, all of it told by the
    platform. What only may be that device is `MAYBE`.
    """
    if not marks:
        return Recognised({}, {})
    listed = {session.handle: session for session in sessions if session.handle in marks}
    spared = dict.fromkeys(listed, Spared.YES)
    carried: dict[Handle, SparedDevice] = {}
    candidates = _others_of_their_accounts(sessions, marks)
    taken: set[Handle] = set()
    for mark in marks.values():
        alike = [one for one in candidates[mark.account] if one.handle not in taken and _may_be(mark, one)]
        sure = [one for one in alike if _is_surely(mark, one, about)]
        if complete and mark.handle not in listed and len(sure) == len(alike) == 1:
            taken.add(alike[0].handle)  # it takes the place of one mark only
            spared[alike[0].handle] = Spared.YES
            carried[mark.handle] = SparedDevice.of(alike[0], about, now)
            continue
        for one in alike:
            spared.setdefault(one.handle, Spared.MAYBE)
    return Recognised(spared, carried)


def marks_that_mean(
    session: LoginSession, marks: Mapping[Handle, SparedDevice], listed: Collection[Handle]
) -> list[Handle]:
    """The handles of all marks that are this session's: its own, and those that would only go over to it."""
    return [
        mark.handle
        for mark in marks.values()
        if mark.handle == session.handle
        or (mark.handle not in listed and mark.account == session.person.account and _may_be(mark, session))
    ]


def _others_of_their_accounts(
    sessions: Sequence[LoginSession], marks: Mapping[Handle, SparedDevice]
) -> Mapping[str, list[LoginSession]]:
    accounts = {mark.account for mark in marks.values()}
    others: dict[str, list[LoginSession]] = defaultdict(list)
    for session in sessions:
        if session.person.account in accounts and session.handle not in marks:
            others[session.person.account].append(session)
    return others


def _may_be(mark: SparedDevice, session: LoginSession) -> bool:
    """Nothing that is told speaks against it, beyond the place, which a device may change."""
    if session.signed_in_at is not None and session.signed_in_at <= mark.marked_at:
        return False  # it was there when the other one was marked, and was not marked
    name, other = mark.device.name, session.device.name
    if name and other:
        return name == other
    if mark.user_agent and mark.user_agent == session.user_agent:
        return True  # whatever another version of the program reads in it
    return session.device.family == mark.device.family and session.device.model == mark.device.model


def _is_surely(mark: SparedDevice, session: LoginSession, about: PlatformAbout | None) -> bool:
    if session.signed_in_at is None:
        return False
    name, other = mark.device.name, session.device.name
    same_name = bool(name) and name == other and session.device.family == mark.device.family
    same_browser = not name and not other and bool(mark.user_agent) and mark.user_agent == session.user_agent
    there = SparedDevice.of(session, about, mark.marked_at)
    if mark.office or there.office:
        same_place = mark.office == there.office
    else:
        same_place = bool(mark.city) and (mark.city, mark.country) == (there.city, there.country)
    return (same_name or same_browser) and same_place
