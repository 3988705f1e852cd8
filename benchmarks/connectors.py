"""Mapping a platform's list to sessions by a connector, against Python that was written by hand for the same fields.

    python benchmarks/connectors.py [--sessions 100000] [--runs 7]

Two lists: django-allauth's, with the fields of its built-in connector; and a rich one, grouped, with a filter, nested
paths, fallbacks, ISO times, places and networks. The rival by hand does what a careful author of a platform's own class
does: the same inert text, the same rules for times and wrong types, by `dict.get` and `isinstance` and the readers of
`platform/json_fields.py`. All make the same sessions, which is checked first. "By hand, careless" takes every type and
text as it comes, which no program should do with what a platform sends; it is there to show what the care costs.
Ours and the rivals take turns (A B C A B C ...). What ends up in a handle (a keyed hash) is left out of all.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from figures import line

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.domain.sessions import Device, Handle, LoginSession, Network, Person, Place
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.connectors.conditions import compile_keep
from sessionconsole.platform.connectors.format.listing import Listing
from sessionconsole.platform.connectors.mapping import compile_fields, compile_list

ROOT = Path(__file__).resolve().parents[1]
Sessions = list[LoginSession]
ME = Person("dana", "Dana Reef")
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"
    " Safari/537.36"
)
FIRST = 1795424507.25

RICH = """
path = "sessions"
items = "groups[].sessions[]"
keep = [{ path = "state", equals = "active" }]
current = { path = "key", same_as = "whoami.session" }
outcomes = [{ status = 200, is = "ok" }]

[fields]
id = "key"
account = "user.login || user.mail"
name = "user.profile.display_name"
role = "user.role"
user_agent = "client.agent || agent"
device_name = "client.device.label"
os = "client.device.os"
ip = "seen[-1].ip || client.ip"
city = "client.geo.city"
country = "client.geo.country"
latitude = "client.geo.lat"
longitude = "client.geo.lon"
asn = "client.network.number"
network_name = "client.network.name"
signed_in_at = "created"
last_active_at = "seen[-1].at || created"
expires_at = "limits.expires"
"""


def handle_of(native: str) -> Handle:
    """Stands for the keyed hash, which costs both the same."""
    return Handle(native)


@dataclass(frozen=True, slots=True)
class Race:
    name: str
    body: Any
    ours: Callable[[Any], Sessions]
    rival: Callable[[Any], Sessions]
    careless: Callable[[Any], Sessions]


def allauth(count: int) -> Race:
    with (ROOT / "resources/connectors/django-allauth.toml").open("rb") as file:
        listing = Listing.model_validate(tomllib.load(file)["list"])
    body = {"status": 200, "data": [allauth_item(number) for number in range(count)]}
    return Race(
        "django-allauth", as_sent(body), by_connector(listing, None), allauth_by_hand, allauth_careless
    )


def allauth_item(number: int) -> dict[str, object]:
    return {
        "id": number,
        "user_agent": f"{AGENT} Edg/{number % 40}",
        "ip": f"203.0.113.{number % 250}",
        "created_at": FIRST + number,
        "last_seen_at": FIRST + number * 1.5,
        "is_current": number == 7,
    }


def allauth_by_hand(body: Any) -> Sessions:
    found = []
    for item in body["data"]:
        native = item.get("id") if isinstance(item, dict) else None
        if isinstance(native, bool) or not isinstance(native, int):
            raise PlatformMisbehaved
        session = LoginSession(
            handle=handle_of(str(native)),
            person=ME,
            user_agent=read.text(item.get("user_agent"), 512),
            ip=read.text(item.get("ip"), 60),
            signed_in_at=read.epoch(item.get("created_at")),
            last_active_at=read.epoch(item.get("last_seen_at")),
            is_current=read.truth(item.get("is_current")),
        )
        found.append(session)
    return found


def allauth_careless(body: Any) -> Sessions:
    return [
        LoginSession(
            handle=handle_of(str(item["id"])),
            person=ME,
            user_agent=item["user_agent"],
            ip=item["ip"],
            signed_in_at=datetime.fromtimestamp(item["created_at"], UTC),
            last_active_at=datetime.fromtimestamp(item["last_seen_at"], UTC),
            is_current=item["is_current"],
        )
        for item in body["data"]
    ]


def rich(count: int) -> Race:
    groups = [
        {"name": f"office {at}", "sessions": [rich_item(number) for number in range(at, min(at + 50, count))]}
        for at in range(0, count, 50)
    ]
    listing = Listing.model_validate(tomllib.loads(RICH))
    return Race(
        "rich", as_sent({"groups": groups}), by_connector(listing, "session-7"), rich_by_hand, rich_careless
    )


def rich_item(number: int) -> dict[str, object]:
    hour, minute = number % 24, number % 60
    seen = [{"at": f"2026-11-23T{hour:02}:{minute:02}:01.250Z", "ip": f"203.0.113.{number % 250}"}] * (
        number % 3
    )
    return {
        "key": f"session-{number}",
        "state": "active" if number % 20 else "ended",
        "user": {
            "login": f"guide{number % 900}" if number % 4 else None,
            "mail": f"guide{number % 900}@reef.example",
            "role": "guide",
            "profile": {"display_name": f"Guide Nº {number % 900}"},
        },
        "client": {
            "agent": AGENT if number % 5 else None,
            "ip": f"198.51.100.{number % 250}",
            "device": {"label": f"Front desk {number % 30}", "os": "Windows 11"},
            "geo": {"city": "Cairns", "country": "AU", "lat": -16.92, "lon": 145.77} if number % 6 else None,
            "network": {"number": 64500 + number % 9, "name": "Reef Net"},
        },
        "agent": "ReefApp/4.1 (Android 14; Pixel 8)",
        "created": f"2026-11-22T{hour:02}:{minute:02}:59.123456+10:00",
        "seen": seen,
        "limits": {"expires": f"2026-12-01T{hour:02}:00:00Z"} if number % 2 else {},
    }


def rich_by_hand(body: Any) -> Sessions:
    found = []
    for group in body["groups"]:
        for item in group["sessions"]:
            if not isinstance(item, dict):
                raise PlatformMisbehaved
            if item.get("state") == "active":
                found.append(rich_session(item))
    return found


def rich_session(item: dict[str, Any]) -> LoginSession:
    native = item.get("key")
    if not isinstance(native, str) or not native:
        raise PlatformMisbehaved
    user, client = read.object_in(item, "user"), read.object_in(item, "client")
    device, limits = read.object_in(client, "device"), read.object_in(item, "limits")
    seen = read.list_in(item, "seen")
    last = seen[-1] if seen and isinstance(seen[-1], dict) else {}
    created = item.get("created")
    return LoginSession(
        handle=handle_of(native),
        person=Person(
            read.text(user.get("login") or user.get("mail")) or "(no account)",
            read.text(read.object_in(user, "profile").get("display_name")),
            read.text(user.get("role")),
        ),
        device=Device(os=read.text(device.get("os")), name=read.text(device.get("label"))),
        user_agent=read.text(client.get("agent") or item.get("agent"), 512),
        ip=read.text(last.get("ip") or client.get("ip"), 60),
        place=rich_place(read.object_in(client, "geo")),
        network=rich_network(read.object_in(client, "network")),
        signed_in_at=read.moment(created),
        last_active_at=read.moment(last.get("at") or created),
        expires_at=read.moment(limits.get("expires")),
        is_current=native == "session-7",
    )


def rich_place(geo: read.JsonObject) -> Place | None:
    latitude, longitude = read.number(geo.get("lat"), -90, 90), read.number(geo.get("lon"), -180, 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    city, country = read.text(geo.get("city")), read.text(geo.get("country"), 60)
    if city is None and country is None and latitude is None:
        return None
    return Place(city, country, latitude, longitude)


def rich_network(network: read.JsonObject) -> Network | None:
    asn, name = read.whole(network.get("number"), 0, 2**32 - 1), read.text(network.get("name"))
    return None if asn is None and name is None else Network(asn, name)


def rich_careless(body: Any) -> Sessions:
    found = []
    for item in (item for group in body["groups"] for item in group["sessions"]):
        if item["state"] != "active":
            continue
        user, client = item["user"], item["client"]
        device, geo, network = client["device"], client["geo"], client["network"]
        last = item["seen"][-1] if item["seen"] else {}
        created = datetime.fromisoformat(item["created"]).astimezone(UTC)
        expires = item["limits"].get("expires")
        session = LoginSession(
            handle=handle_of(item["key"]),
            person=Person(user["login"] or user["mail"], user["profile"]["display_name"], user["role"]),
            device=Device(os=device["os"], name=device["label"]),
            user_agent=client["agent"] or item["agent"],
            ip=last.get("ip") or client["ip"],
            place=Place(geo["city"], geo["country"], geo["lat"], geo["lon"]) if geo else None,
            network=Network(network["number"], network["name"]),
            signed_in_at=created,
            last_active_at=datetime.fromisoformat(last["at"]) if last else created,
            expires_at=datetime.fromisoformat(expires) if expires else None,
            is_current=item["key"] == "session-7",
        )
        found.append(session)
    return found


def as_sent(body: object) -> Any:
    """What comes out of a JSON reader: no text is shared but the names."""
    return json.loads(json.dumps(body))


def by_connector(listing: Listing, own: object) -> Callable[[Any], Sessions]:
    items_of, keep = compile_list(listing), compile_keep(listing.keep)
    session_of = compile_fields(listing).bind(handle_of, ME, own)

    def sessions(body: Any) -> Sessions:
        items = items_of(body)
        if items is None:
            raise PlatformMisbehaved
        return [session_of(item) for item in items if keep(item)]

    return sessions


def took(work: Callable[[Any], Sessions], body: Any) -> float:
    gc.collect()
    gc.disable()
    begun = time.perf_counter()
    work(body)
    milliseconds = (time.perf_counter() - begun) * 1000
    gc.enable()
    return milliseconds


def run(race: Race, runs: int) -> None:
    made = race.ours(race.body)
    assert made == race.rival(race.body) == race.careless(race.body), "all must make the same sessions"
    del made
    rival, ours, careless = [], [], []
    for _ in range(runs):
        rival.append(took(race.rival, race.body))
        ours.append(took(race.ours, race.body))
        careless.append(took(race.careless, race.body))
    print(line(f"  {race.name}: by hand", rival, rival))
    print(line(f"  {race.name}: by the connector", ours, rival))
    print(line(f"  {race.name}: by hand, careless", careless, rival))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    print(f"{asked.sessions:,} sessions")
    for make in (allauth, rich):
        run(make(asked.sessions), asked.runs)


if __name__ == "__main__":
    main()
