"""What a booking platform is and can do, as far as it or its connector declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from sessionconsole.domain.sessions import Handle, LoginSession, Person


class Field(StrEnum):
    """The facts of a session that some platforms do not provide."""

    PLACE = "place"
    NETWORK = "network"
    LAST_ACTIVE = "last_active_at"
    SIGNED_IN = "signed_in_at"
    IDLE_EXPIRES = "idle_expires_at"
    EXPIRES = "expires_at"


@dataclass(frozen=True, slots=True)
class Office:
    """One of the operator's own places; networks are in CIDR notation."""

    name: str
    networks: tuple[str, ...]

    def holds(self, ip: str | None) -> bool:
        """Whether the address is one of this office's lines."""
        if ip is None:
            return False
        try:
            address = ip_address(ip)
        except ValueError:
            return False
        return any(address in network for network in map(_network, self.networks) if network is not None)


@lru_cache(maxsize=1024)
def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the platform can do; `revocation_delay` is how long an ended session's credential may still work."""

    provides: frozenset[Field] = frozenset(Field)
    revocation_delay: timedelta = timedelta(0)
    hides_only: bool = False
    """Ending only takes the session off the list; its credential lives on."""
    verify_within: timedelta = timedelta(seconds=6)
    """How long the platform may take until an ended session is off the list."""
    last_active_note: str | None = None
    live_events: bool = False
    """It says at once when its list has changed."""


@dataclass(frozen=True, slots=True)
class PlatformAbout:
    """One booking platform: `name` is short, unique in this home and stands in handles; `title` is for people."""

    name: str
    title: str
    address: str
    connector: str
    capabilities: Capabilities = field(default_factory=Capabilities)
    offices: tuple[Office, ...] = ()
    home_country: str | None = None
    security_page: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the user entered to reach it, and nothing secret."""
    notes: tuple[str, ...] = ()
    """What there is to know of it besides, in sentences."""

    def office_of(self, ip: str | None) -> str | None:
        """The name of the own office that the address belongs to, or None."""
        return next((office.name for office in self.offices if office.holds(ip)), None)


@dataclass(frozen=True, slots=True)
class WhoAmI:
    """The account that the console is signed in as."""

    person: Person
    may_end: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer to "who is logged in"; not `complete` where the cap on pages cut it, so it can prove nothing gone."""

    sessions: tuple[LoginSession, ...]
    etag: str | None = None
    complete: bool = True

    def find(self, handle: Handle) -> LoginSession | None:
        """The session of that handle, or None where the listing does not have it."""
        return next((session for session in self.sessions if session.handle == handle), None)


class EndStatus(StrEnum):
    """What the platform answered to an end; only a list read afterwards is proof."""

    ACCEPTED = "accepted"
    ALREADY_GONE = "already-gone"
    REFUSED = "refused"
    LOST = "lost"
    """It was sent, and no answer came: it may have been done."""


@dataclass(frozen=True, slots=True)
class EndAnswer:
    """The platform's answer for one session; `code` is stable, `detail` is for people."""

    handle: Handle
    status: EndStatus
    code: str | None = None
    detail: str | None = None
