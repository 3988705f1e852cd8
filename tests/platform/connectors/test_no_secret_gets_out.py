"""Whatever a platform does with the secrets that it is shown, none gets into a URL, an error, a log line or a repr."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sessionconsole.domain.errors import SessionConsoleError
from tests.helpers import run
from tests.platform.connectors.door import BEARER, LOGIN, door
from tests.platform.connectors.made import ANY_SECRET
from tests.platform.faults import Request, Wire, respond

LIST = """
[list]
path = "sessions"
query = { who = "{username}" }
items = "items"
outcomes = [
  { status = 200, path = "items", exists = true, is = "ok" },
  { status = 403, is = "not-allowed" },
]

[list.fields]
id = "id"
"""
PASSWORDS = ANY_SECRET.map(lambda text: f"¤{text}")
"""With a sign that stands in no text of ours, so that what is found was let out."""
TOKENS = st.text(st.sampled_from("abcXYZ0189._~+/=-"), min_size=8, max_size=40)
STATUSES = st.sampled_from([200, 302, 400, 403, 418, 429, 500])


@pytest.mark.parametrize("where", ["login", "list"])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=PASSWORDS, token=TOKENS, status=STATUSES)
def test_a_platform_that_gives_back_what_it_was_shown(
    caplog: pytest.LogCaptureFixture, where: str, password: str, token: str, status: int
) -> None:
    told: list[str] = []

    async def echo(request: Request, wire: Wire) -> None:
        if where == "list" and request.target == "/login":
            wire.send(respond({"token": token}))
            return
        secret = token if where == "list" else password
        shown = [secret, quote(secret, safe="", errors="replace"), json.dumps(secret), f"Bearer {secret}"]
        wire.send(respond({"message": " ".join(shown), "code": shown[-1], "echo": shown}, status))

    async def story() -> None:
        async with door(BEARER + LOGIN + LIST, echo) as at:
            with suppress(SessionConsoleError):
                keeper = await at.enter(password)
                told.append(repr(keeper.credential))
            if where == "list":
                try:
                    await at.caller.send(at.list_call)
                except SessionConsoleError as error:
                    told.extend((str(error), repr(error), error.message))
            told.extend(map(repr, at.seen))
            told.extend(unquote_plus(request.target) for request in at.server.requests)

    with caplog.at_level(logging.DEBUG):
        run(story())
    told.extend(record.getMessage() for record in caplog.records if not record.name.startswith("asyncio"))
    for text in told:
        assert token not in text
        assert password not in text
