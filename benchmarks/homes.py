"""Homes to start on: signed in, with a stored list and the lists of the days before it."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from file_vault import FileVault

from sessionconsole.desktop.clock import SystemClock
from sessionconsole.desktop.folders import Folders
from sessionconsole.domain.credentials import Credential, SignInRecord
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import (
    Device,
    DeviceType,
    Handle,
    LoginSession,
    Network,
    Person,
    Place,
    Snapshot,
)
from sessionconsole.familiarity.interface import Evidence
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.services.credentials import SIGN_IN, encode_record
from sessionconsole.services.opening import STORE_KEY
from sessionconsole.store.opening import open_store

UNREACHABLE = "http://127.0.0.1:9"
"""No network is asked before the stored list is shown, and no answer is waited for."""

_CITIES = (
    ("Cairns", -16.92, 145.77),
    ("Brisbane", -27.47, 153.03),
    ("Sydney", -33.87, 151.21),
    ("Port Douglas", -16.48, 145.47),
)
_SYSTEMS = (
    (DeviceType.PHONE, "Android 14", "Chrome", "Pixel 8"),
    (DeviceType.PHONE, "iOS 18.1", "Safari", None),
    (DeviceType.DESKTOP, "Windows 10/11", "Edge", None),
    (DeviceType.DESKTOP, "macOS", "Safari", None),
    (DeviceType.TABLET, "iPadOS 18", "Safari", None),
)


async def fill(folder: Path, sessions: int, days: int) -> None:
    """A home in that folder with so many sessions on the newest list, and one earlier list for each of the days."""
    key = secrets.token_bytes(32)
    vault = FileVault(folder / "vault.json")
    await vault.write(STORE_KEY, key.hex())
    record = SignInRecord(
        UNREACHABLE,
        "console-api",
        "dana",
        "bench",
        "Bench",
        "dana",
        "Dana",
        Credential({"access_token": "-"}),
    )
    await vault.write(SIGN_IN, encode_record(record))
    folders = Folders.for_home({"SESSIONCONSOLE_HOME": str(folder)})
    folders.create()
    about = PlatformAbout("bench", "Bench", UNREACHABLE, "console-api")
    store, _ = await open_store(folders.store, key, SystemClock())
    now = datetime.now(UTC)
    history: list[Snapshot] = []
    for day in range(days, -1, -1):
        taken_at = now - timedelta(days=day)
        listed = sessions_of(sessions, taken_at, first=(days - day) * sessions // 20)
        history.append(Snapshot("bench", "dana", taken_at, listed))
        await store.lists.keep(about, history[-1])
    evidence = Evidence(history[-1], UTC, about, history[:-1])
    await store.lists.judge("bench", SimpleAssessor().assess(evidence))
    await store.close()


def sessions_of(count: int, now: datetime, first: int = 0) -> tuple[LoginSession, ...]:
    """So many sessions of 400 people; those of another `first` overlap with these where the numbers do."""
    return tuple(_session(number, now, is_current=number == first) for number in range(first, first + count))


def _session(number: int, now: datetime, *, is_current: bool) -> LoginSession:
    person, (kind, system, browser, model) = number % 400, _SYSTEMS[number % 5]
    city, latitude, longitude = _CITIES[person % 4]
    return LoginSession(
        Handle(f"bench:{number:07}"),
        Person(f"person.{person}", f"Person Number{person}", "Guide"),
        Device(kind, system, browser, None, None, model),
        f"Mozilla/5.0 ({system}; build {number % 60}) AppleWebKit/537.36 (KHTML, like Gecko) {browser}",
        f"203.0.{number % 113}.{person % 250}",
        Place(city, "AU", latitude, longitude),
        Network(64500 + number % 12, f"Network {number % 12}", "mobile"),
        now - timedelta(days=20, seconds=number * 11),
        now - timedelta(seconds=number * 7),
        now + timedelta(hours=12),
        now + timedelta(days=7),
        is_current,
    )
