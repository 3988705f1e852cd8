"""The way in of a platform that answers as it is told, for connectors that each test writes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

from sessionconsole.domain.credentials import Credential, SecondFactorAsked
from sessionconsole.platform.connectors.calling import Caller, Seen, open_caller
from sessionconsole.platform.connectors.loading import load
from sessionconsole.platform.connectors.reauthenticating import Reauthentication
from sessionconsole.platform.connectors.requests import CompiledCall
from sessionconsole.platform.connectors.signing_in import SignIn
from sessionconsole.services.credentials import MemoryKeeper
from tests.platform.faults import Answer, FaultServer, Request

HEAD = """
format = 1

[connector]
name = "door"
title = "A door"
written_from = ["these tests"]

[errors]
message = "message"
code = "code"
"""

BEARER = """
[credential.default]
headers = { Authorization = "Bearer {token}" }
"""

LOGIN = """
[[sign_in.steps]]
name = "password"

[sign_in.steps.call]
method = "POST"
path = "login"
credential = "none"
json = { user = "{username}", password = "{password}" }
take_secret = { token = "body:token" }
outcomes = [
  { status = 200, path = "token", exists = true, is = "ok" },
  { status = 401, is = "bad-credentials" },
  { status = 429, is = "too-many-tries" },
]
"""

ASKS_CODE = r"""
outcomes = [
  { status = 401, path = "half", exists = true, methods = "ways", is = "second-factor",take_secret.half = "body:half" },
"""
LOGIN_TWICE = LOGIN.replace("\noutcomes = [\n", ASKS_CODE)
"""The same where a second factor may be asked."""

LIST = """
[list]
path = "sessions"
items = "items"
outcomes = [
  { status = 200, path = "items", exists = true, is = "ok" },
  { status = 401, is = "dead" },
  { status = 403, is = "not-allowed" },
  { status = 429, is = "rate-limited" },
  { status = 503, is = "try-later" },
]

[list.fields]
id = "id"
"""

PASSWORD = 'pass "word" \\ ÄÖ{x}&=%'


class Clock:
    """Time that moves when it is told to, in seconds since 1970."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


class Door:
    """One caller of the platform, and what reached it."""

    def __init__(self, file: str, server: FaultServer, variables: Mapping[str, str] | None = None) -> None:
        self.server = server
        self.seen: list[Seen] = []
        self.clock = Clock()
        connector = load(HEAD + file, "door.toml")
        self.caller: Caller = open_caller(
            connector, server.address, variables, home="h", observer=self.seen.append, now=self.clock
        )
        self.way_in = SignIn(self.caller)
        self.again = Reauthentication(self.caller, self.way_in, self.clock)
        assert connector.listing is not None
        self.list_call: CompiledCall = self.caller.compiled(connector.listing, "list")

    async def sign_in(self, password: str = PASSWORD) -> Credential:
        """Through the door with nothing but a password."""
        credential = await self.way_in.sign_in("kim", password)
        assert isinstance(credential, Credential)
        return credential

    async def ask(self, password: str = PASSWORD) -> SecondFactorAsked:
        """As far as the second factor."""
        asked = await self.way_in.sign_in("kim", password)
        assert isinstance(asked, SecondFactorAsked)
        return asked

    async def enter(self, password: str = PASSWORD) -> MemoryKeeper:
        """Sign in, and use what came of it."""
        return self.keep(await self.sign_in(password))

    def keep(self, credential: Credential | SecondFactorAsked) -> MemoryKeeper:
        """Use what came of signing in."""
        assert isinstance(credential, Credential)
        keeper = MemoryKeeper(credential)
        self.caller.use(keeper)
        return keeper

    def end_call(self) -> CompiledCall:
        """The call that ends one session."""
        end = self.caller.connector.end
        assert end is not None
        assert end.one is not None
        return self.caller.compiled(end.one, "end.one")

    @property
    def asked(self) -> list[str]:
        """Method and target of each request."""
        return [f"{request.method} {request.target}" for request in self.server.requests]

    @property
    def last(self) -> Request:
        """The newest request."""
        return self.server.requests[-1]


@asynccontextmanager
async def door(file: str, *answers: Answer, **variables: str) -> AsyncIterator[Door]:
    """In front of a platform that gives these answers, one after the other."""
    async with FaultServer(*answers) as server:
        made = Door(file, server, variables)
        try:
            yield made
        finally:
            await made.caller.close()


def sent(request: Request) -> Any:
    """The JSON of a request."""
    return json.loads(request.body)


def form(request: Request) -> dict[str, list[str]]:
    """The form of a request."""
    return parse_qs(request.body.decode(), keep_blank_values=True, strict_parsing=True)
