"""The documents of the Console API v1, read into the words of the domain (docs/console-api-v1.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import NotAPlatform, PlatformMisbehaved
from sessionconsole.domain.platforms import Capabilities, Field, Office, PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Device, Handle, LoginSession, Network, Person, Place
from sessionconsole.domain.text import USER_AGENT_LIMIT
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.addresses import Address, slug_of

CONNECTOR = "console-api"
NO_ACCOUNT = "(no account)"
"""Stands for the account of a session where the platform tells none."""

DISCOVERY = "/.well-known/sessionconsole"

LONGEST_ID = 200
LONGEST_TOKEN = 8000
_LONGEST_CODE = 60
_MOST_OFFICES = 1000
_LONGEST_DELAY = 30 * 24 * 3600.0
_LATEST_ASN = 2**32 - 1
LINKS = (
    "sign_in", "second_factor", "token", "session", "me", "sessions", "end_session", "end_sessions", "reauthenticate",
)  # fmt: skip
OPTIONAL_LINKS = ("events",)


@dataclass(frozen=True, slots=True)
class Discovery:
    """What the platform says of itself: `links` are relative references, by name."""

    about: PlatformAbout
    links: Mapping[str, str]


def discovery(body: object, address: Address) -> Discovery:
    """The discovery document; raises `NotAPlatform` where it is none, or a broken one."""
    if not read.is_object(body) or "api_version" not in body:
        raise NotAPlatform
    if body["api_version"] != "1":
        raise NotAPlatform(
            "The booking platform speaks a version of the Console API that this program does not know.",
            "Install the newest version of this program.",
        )
    name = read.text(body.get("name"))
    offered = read.object_in(body, "links")
    links = {wanted: read.raw_text(offered.get(wanted), 2000) for wanted in (*LINKS, *OPTIONAL_LINKS)}
    if (
        name is None
        or None in (links[wanted] for wanted in LINKS)
        or "{id}" not in (links["end_session"] or "")
    ):
        raise NotAPlatform(
            "The booking platform describes itself, but incompletely.", "Tell the platform's support."
        )
    about = PlatformAbout(
        name=slug_of(name) or address.slug,
        title=name,
        address=address.origin,  # where the discovery is, whatever page of it was typed
        connector=CONNECTOR,
        capabilities=Capabilities(
            provides=frozenset(field for field in Field if field in read.list_in(body, "provides")),
            revocation_delay=timedelta(
                seconds=read.number(body.get("revocation_delay"), 0, _LONGEST_DELAY) or 0
            ),
            live_events=links["events"] is not None,
        ),
        offices=tuple(_offices(body)),
        home_country=read.text(body.get("home_country"), _LONGEST_CODE),
        security_page=_page(body.get("security_page"), address),
    )
    return Discovery(about, {wanted: link for wanted, link in links.items() if link is not None})


def who(body: object) -> WhoAmI:
    """The answer to who-am-I."""
    found = read.must_be_object(body)
    me = _person(found)
    if me.account == NO_ACCOUNT:
        raise PlatformMisbehaved
    return WhoAmI(me, may_end=read.truth(found.get("may_end")) is not False)


def session(item: object, handle_of: Callable[[str], Handle]) -> LoginSession:
    """One session of a page; without id it is `PlatformMisbehaved`, for absence is proof.

    One that tells no account is listed all the same: a login of nobody is the first that a manager should see.
    """
    found = read.must_be_object(item)
    native = read.raw_text(found.get("id"), LONGEST_ID)
    if native is None or native in (".", ".."):  # those would change the path that an end is sent to
        raise PlatformMisbehaved
    return LoginSession(
        handle=handle_of(native),
        person=_person(found),
        device=Device(app=read.text(found.get("app")), name=read.text(found.get("device_name"))),
        user_agent=read.text(found.get("user_agent"), USER_AGENT_LIMIT),
        ip=read.text(found.get("ip"), _LONGEST_CODE),
        place=_place(found.get("place")),
        network=_network(found.get("network")),
        signed_in_at=read.moment(found.get("signed_in_at")),
        last_active_at=read.moment(found.get("last_active_at")),
        idle_expires_at=read.moment(found.get("idle_expires_at")),
        expires_at=read.moment(found.get("expires_at")),
        is_current=read.truth(found.get("is_current")),
    )


def methods(problem: object) -> tuple[FactorMethod, ...]:
    """The methods that a problem names and that this program knows."""
    named = read.list_in(problem, "methods")
    return tuple(method for method in FactorMethod if method.value in named)


def code_of(problem: object) -> str | None:
    """The stable code of a problem document (RFC 9457)."""
    return read.text(problem.get("code"), _LONGEST_CODE) if read.is_object(problem) else None


def _person(found: Mapping[str, Any]) -> Person:
    account = read.text(found.get("account")) or NO_ACCOUNT
    return Person(account, read.text(found.get("name")), read.text(found.get("role")))


def _place(value: object) -> Place | None:
    if not read.is_object(value):
        return None
    latitude = read.number(value.get("latitude"), -90, 90)
    longitude = read.number(value.get("longitude"), -180, 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    city, country = read.text(value.get("city")), read.text(value.get("country"), _LONGEST_CODE)
    known = (city, country, latitude) != (None, None, None)
    return Place(city, country, latitude, longitude) if known else None


def _network(value: object) -> Network | None:
    if not read.is_object(value):
        return None
    found = Network(
        asn=read.whole(value.get("asn"), 0, _LATEST_ASN),
        name=read.text(value.get("name")),
        type=read.text(value.get("type"), _LONGEST_CODE),
    )
    return None if found == Network() else found


def _offices(body: object) -> list[Office]:
    offices = []
    for item in read.list_in(body, "offices")[:_MOST_OFFICES]:
        name = read.text(item.get("name")) if read.is_object(item) else None
        networks = tuple(line for line in read.list_in(item, "networks")[:_MOST_OFFICES] if _is_network(line))
        if name is not None and networks:
            offices.append(Office(name, networks))
    return offices


def _is_network(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        ip_network(value, strict=False)
    except ValueError:
        return False
    return True


def _page(value: object, address: Address) -> str | None:
    """A web page for the user's browser: https, or on the platform's own origin."""
    link = read.raw_text(value, 2000)
    if link is None:
        return None
    try:
        page = urljoin(address.origin + DISCOVERY, link)
        parts = urlsplit(page)
    except ValueError:
        return None
    own = page == address.origin or page.startswith(f"{address.origin}/")
    return page if own or (parts.scheme == "https" and parts.hostname and "@" not in parts.netloc) else None
