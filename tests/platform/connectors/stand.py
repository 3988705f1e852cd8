"""A platform that answers as it is told, and a small connector for it that each test fills in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.platforms import Listing
from sessionconsole.domain.sessions import Handle
from sessionconsole.platform.connectors.calling import open_caller
from sessionconsole.platform.connectors.loading import load
from sessionconsole.platform.connectors.platform import ConnectorPlatform
from sessionconsole.services.credentials import MemoryKeeper
from tests.platform.faults import Answer, FaultServer, Request, respond

KEY = b"a key for handles in these tests"

HEAD = """
format = 1

[connector]
name = "stand"
title = "A stand"
written_from = ["these tests"]

[credential.default]
headers = { Authorization = "Bearer {token}" }

[errors]
message = "message"
code = "code"

[[outcomes]]
status = 401
is = "dead"

[[outcomes]]
status = 429
is = "rate-limited"

[[sign_in.steps]]
set_secret = { token = "{password}" }
"""

LIST = """
[list]
path = "sessions"
items = "items"
outcomes = [{ status = 200, path = "items", exists = true, is = "ok" }]

[list.fields]
id = "id"
"""

END_ONE = """
[end.one]
method = "DELETE"
path = "sessions/{session.id}"
outcomes = [{ status = 204, is = "ok" }, { status = 404, is = "gone" }, { status = 409, is = "refused" }]
"""

TOKEN = "a token that nobody may see"


class Stand:
    """The opened platform and what reached it."""

    def __init__(self, platform: ConnectorPlatform, server: FaultServer) -> None:
        self.platform = platform
        self.server = server

    @property
    def asked(self) -> list[str]:
        """Method and target of each request."""
        return [f"{request.method} {request.target}" for request in self.server.requests]

    @property
    def last(self) -> Request:
        """The newest request."""
        return self.server.requests[-1]

    async def listed(self) -> Listing:
        """The list, read now."""
        listing = await self.platform.list_sessions()
        assert listing is not None
        return listing

    async def handles(self) -> list[Handle]:
        """The sessions of the list, read now."""
        return [session.handle for session in (await self.listed()).sessions]


@asynccontextmanager
async def stand(file: str, *answers: Answer, path: str = "") -> AsyncIterator[Stand]:
    """Signed in to a platform that gives these answers, one after the other, at that path of its address."""
    async with FaultServer(*answers) as server:
        caller = open_caller(load(HEAD + file, "stand.toml"), server.address + path)
        platform = ConnectorPlatform(caller, KEY)
        try:
            credential = await platform.sign_in("kim", TOKEN)
            assert isinstance(credential, Credential)
            platform.use(MemoryKeeper(credential))
            yield Stand(platform, server)
        finally:
            await platform.close()


def page(*ids: object, **beside: Any) -> bytes:
    """A page of sessions that have an id and nothing else."""
    return respond({"items": [{"id": native} for native in ids], **beside})


def rows(*items: Mapping[str, Any], **beside: Any) -> bytes:
    """A page of these items."""
    return respond({"items": list(items), **beside})


def sent(request: Request) -> Any:
    """The JSON of a request."""
    return json.loads(request.body)
