"""What a booking platform tells about who is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

Handle = NewType("Handle", str)
"""The console's own name of a session, `<platform>:<opaque>`: the same in every run, never a credential."""


IDLE_AFTER = timedelta(hours=12)
"""Used longer ago than this, a session is called idle: a day's break is one, a shift without a click is not."""


class DeviceType(StrEnum):
    """The kinds of device that have an icon of their own."""

    DESKTOP = "desktop"
    PHONE = "phone"
    TABLET = "tablet"
    PROGRAM = "program"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Person:
    """The platform account that is logged in."""

    account: str
    name: str | None = None
    role: str | None = None

    @property
    def shown(self) -> str:
        """The name for people to read."""
        return self.name if self.name and self.name.strip() else self.account


@dataclass(frozen=True, slots=True)
class Device:
    """What the person uses, as far as the platform tells; None is "not provided"."""

    type: DeviceType = DeviceType.UNKNOWN
    os: str | None = None
    browser: str | None = None
    app: str | None = None
    name: str | None = None
    model: str | None = None

    @property
    def shown(self) -> str:
        """What it is in a few words, such as "Windows 10 PC" or "iPad"."""
        told = next((text for text in (self.name, self.model) if text and text.strip()), None)
        if told:
            return told
        system = self._system
        match self.type:
            case DeviceType.DESKTOP:
                return self._desktop
            case DeviceType.PHONE:
                return f"{system} phone" if system else "Phone"
            case DeviceType.TABLET:
                return f"{system} tablet" if system else "Tablet"
            case DeviceType.PROGRAM:
                return self.app or "Program"
            case DeviceType.UNKNOWN:
                return self.app or (self.os if self.os and system else "Unknown device")

    @property
    def _desktop(self) -> str:
        if not self.os or not self._system:
            return "Computer"
        if self.os == "macOS":
            return "Mac"
        # Browsers do not tell Windows 10 from 11, and "Windows 10/11 PC" is nothing that people say.
        return f"{self._system if '/' in self.os else self.os} PC"

    @property
    def family(self) -> str:
        """What stays the same when the browser updates itself: type and system without versions."""
        return f"{self.type}/{self._system}"

    @property
    def _system(self) -> str:
        words = self.os.split() if self.os else ()
        return words[0] if words else ""


@dataclass(frozen=True, slots=True)
class Place:
    """City and country as reported; degrees where the platform gives coordinates."""

    city: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Who runs the network that the address belongs to."""

    asn: int | None = None
    name: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class LoginSession:
    """One device logged in to the platform as one person; times are aware and in UTC, None is "not provided"."""

    handle: Handle
    person: Person
    device: Device = Device()
    user_agent: str | None = None
    ip: str | None = None
    place: Place | None = None
    network: Network | None = None
    signed_in_at: datetime | None = None
    last_active_at: datetime | None = None
    idle_expires_at: datetime | None = None
    expires_at: datetime | None = None
    is_current: bool | None = None

    def is_idle(self, now: datetime) -> bool | None:
        """Whether it was not used for long; None where the platform does not tell when it was used."""
        return None if self.last_active_at is None else now - self.last_active_at > IDLE_AFTER


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole list at one moment, as one account of one platform was shown it."""

    platform: str
    account: str
    taken_at: datetime
    sessions: tuple[LoginSession, ...]

    def find(self, handle: Handle) -> LoginSession | None:
        """The session of that handle, or None where the list does not have it."""
        return next((session for session in self.sessions if session.handle == handle), None)
