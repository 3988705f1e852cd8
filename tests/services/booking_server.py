"""A booking platform over HTTP that has every bad day there is, a connector for it, and a home with a real store."""

from __future__ import annotations

import asyncio
import email.utils
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC
from enum import StrEnum
from pathlib import Path

from sessionconsole.domain.orders import Order
from sessionconsole.domain.sessions import Handle
from sessionconsole.familiarity.simple import SimpleAssessor
from sessionconsole.platform.connectors.calling import open_caller
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.loading import load
from sessionconsole.platform.connectors.platform import ConnectorPlatform
from sessionconsole.platform.http import Patience
from sessionconsole.services.console import Console
from sessionconsole.services.opening import Opened
from sessionconsole.store.opening import SqliteStore, open_store
from tests.fakes.clock import FakeClock
from tests.fakes.connecting import no_connecting
from tests.fakes.locks import FakeLocks
from tests.fakes.settings import FakeSettingsFile
from tests.fakes.vault import FakeVault
from tests.platform.connectors.stand import HEAD, KEY, LIST
from tests.platform.faults import Answer, FaultServer, Request, Wire, cut_short, drip, drop, respond
from tests.services.desk import FakeAgents

FILE = """
[end.one]
method = "DELETE"
path = "sessions/{session.id}"
outcomes = [
  { status = 204, is = "ok" },
  { status = 202, is = "ok" },
  { status = 404, is = "gone" },
  { status = 409, is = "refused" },
]
"""
_TRIES = 10
SHORT = Patience(read=5, whole=1.0)
"""Seconds; a slow drip is given up soon."""
PORTAL = respond(b"<html>Welcome to the hotel. Sign in to go online.</html>", kind="text/html")


class Day(StrEnum):
    """What becomes of a request to end a session."""

    GOOD = "good"
    WENT_JUST_NOW = "404: it went just now, by itself"
    REFUSED = "409"
    BUSY = "429"
    BUSY_SECONDS = "429 with Retry-After in seconds"
    BUSY_DATE = "429 with Retry-After as a date"
    OOPS = "500, nothing done"
    OOPS_DONE = "500, and done all the same"
    LATER = "202, done after two more readings"
    NEVER = "202, and never done"
    RESET = "done, and the answer is cut in its middle"
    LOST = "done, and no answer"
    NOT_ARRIVED = "hung up before anything was done"
    DRIP = "done, and the answer drips for ever"
    PORTAL = "a captive portal says 200 in HTML"
    REDIRECT = "a redirect to another page"


DONE = frozenset({Day.GOOD, Day.OOPS_DONE, Day.RESET, Day.LOST, Day.DRIP})
"""Those on which it takes effect at once."""

_IN_A_MINUTE = email.utils.formatdate(time.time() + 60, usegmt=True)

ANSWERS: dict[Day, Answer] = {
    Day.GOOD: respond(status=204),
    Day.WENT_JUST_NOW: respond(status=404),
    Day.REFUSED: respond({"code": "protected", "message": "The kiosk stays."}, 409),
    Day.BUSY: respond(status=429),
    Day.BUSY_SECONDS: respond(status=429, Retry_After="7"),
    Day.BUSY_DATE: respond(status=429, Retry_After=_IN_A_MINUTE),
    Day.OOPS: respond(b"<html>oops", 500, kind="text/html"),
    Day.OOPS_DONE: respond(b"<html>oops", 500, kind="text/html"),
    Day.LATER: respond({}, 202),
    Day.NEVER: respond({}, 202),
    Day.RESET: cut_short,
    Day.LOST: drop,
    Day.NOT_ARRIVED: drop,
    Day.DRIP: drip,
    Day.PORTAL: PORTAL,
    Day.REDIRECT: respond(status=302, Location="/welcome"),
}


class Bookings:
    """The platform's own side: who is signed in, what took effect how often, and what becomes of the next requests."""

    def __init__(self, *ids: str) -> None:
        self.there = dict.fromkeys(ids, 0)
        self.effects: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        self.left: set[str] = set()
        self.days: list[Day] = []
        self.lists: list[Answer] = []
        self._leaving: dict[str, int] = {}

    async def answer(self, request: Request, wire: Wire) -> None:
        """One request."""
        if request.method == "GET":
            await self._list(request, wire)
        else:
            native = request.target.rpartition("/")[2]
            self.requests[native] += 1
            await self._end(native, request, wire)

    async def _list(self, request: Request, wire: Wire) -> None:
        if self.lists:
            answer = self.lists.pop(0)
            if isinstance(answer, bytes):
                wire.send(answer)
            else:
                await answer(request, wire)
            return
        for native, readings in list(self._leaving.items()):
            self._leaving[native] = readings - 1
            if readings <= 0:
                del self._leaving[native]
                self._take_effect(native)
        wire.send(respond({"items": [{"id": native} for native in self.there]}))

    def _take_effect(self, native: str) -> None:
        if native in self.there:
            del self.there[native]
            self.effects[native] += 1

    async def _end(self, native: str, request: Request, wire: Wire) -> None:
        day = self.days.pop(0) if self.days else Day.GOOD
        if native not in self.there:
            day = Day.WENT_JUST_NOW
        elif day is Day.WENT_JUST_NOW:
            del self.there[native]
            self.left.add(native)
        if day in DONE:
            self._take_effect(native)
        elif day is Day.LATER:
            self._leaving.setdefault(native, 1)
        answer = ANSWERS[day]
        if isinstance(answer, bytes):
            wire.send(answer)
        else:
            await answer(request, wire)


class HastyClock(FakeClock):
    """Whoever sleeps on it finds that the time has passed."""

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        await asyncio.sleep(0)


class _Platforms:
    """`ports.Platforms` that speaks to the server by the connector, whatever the address."""

    def __init__(self, connector: Connector, address: str) -> None:
        self._connector, self._address = connector, address
        self.opened: list[ConnectorPlatform] = []

    async def open(
        self, _address: str, _connector: str | None = None, _variables: Mapping[str, str] | None = None
    ) -> ConnectorPlatform:
        self.opened.append(
            ConnectorPlatform(open_caller(self._connector, self._address, patience=SHORT), KEY)
        )
        return self.opened[-1]


class RealHome:
    """A home whose outbox is the encrypted file; a console can be left at any moment and opened anew."""

    def __init__(self, folder: Path, bookings: Bookings, platforms: _Platforms) -> None:
        self.bookings = bookings
        self.clock = HastyClock()
        self._path, self._key = folder / f"{secrets.token_hex(4)}.db", secrets.token_bytes(32)
        self._platforms = platforms
        self._vault, self._locks = FakeVault(), FakeLocks()
        self._settings = FakeSettingsFile()
        self._stores: list[SqliteStore] = []

    async def open(self) -> Console:
        """As by a new process; signed in, with the list read."""
        store, _ = await open_store(self._path, self._key, self.clock)
        self._stores.append(store)
        console = Console(
            Opened(self._vault, store),
            self._platforms,
            FakeAgents(),
            SimpleAssessor(),
            self._locks,
            self.clock,
            UTC,
            self._settings,
            no_connecting(),
        )
        await console.start()
        if console.connection.record is None:
            await console.signing_in.begin("stand.example", "kim", "a token")
        for _ in range(_TRIES):  # a busy machine may be slower than this client is patient
            await console.watching.refresh()
            if console.watching.state.value.rows or not self.bookings.there:
                break
        return console

    async def come_to_an_end(self, console: Console) -> None:
        """Try again and again, with time between, until nothing is open; days pass for nobody."""
        for _ in range(12):
            await console.ending.work_off()
            for asked in console.ending.state.value.asks:
                await console.ending.confirm(asked.id)
            orders = await self.orders()
            if not any(order.is_open for order in orders):
                return
            self.clock.advance(60)

    async def orders(self) -> list[Order]:
        """What is on the disk."""
        return list(await self._stores[-1].outbox.orders())

    async def close(self) -> None:
        """Leave nothing behind."""
        for platform in self._platforms.opened:
            await platform.close()
        for store in self._stores:
            await store.close()


def by_id(console: Console) -> dict[str, Handle]:
    """The shown handles by the id that the platform knows them by: it lists them in its order."""
    rows = console.watching.state.value.rows
    return {str(number): row.session.handle for number, row in enumerate(rows)}


@asynccontextmanager
async def real_home(folder: Path, bookings: Bookings) -> AsyncIterator[RealHome]:
    """A home at a platform that is there until the block ends."""
    async with FaultServer(bookings.answer) as server:
        home = RealHome(folder, bookings, _Platforms(load(HEAD + LIST + FILE, "stand.toml"), server.address))
        try:
            yield home
        finally:
            await home.close()
