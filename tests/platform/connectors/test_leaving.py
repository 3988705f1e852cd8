"""Signing out by a connector: one that is dead already is a success, whichever call finds it out."""

from __future__ import annotations

from tests.helpers import run
from tests.platform.connectors.stand import END_ONE, LIST, rows, stand
from tests.platform.faults import Answer, respond

WHOAMI = """
[whoami]
path = "me"
session = "sid"
outcomes = [{ status = 200, path = "sid", exists = true, is = "ok" }]
"""

SIGN_OUT = """
[sign_out]
method = "DELETE"
path = "tokens/{whoami.session}"
outcomes = [{ status = 204, is = "ok" }]
"""

OWN = LIST.replace("[list.fields]", 'current = { path = "mine" }\n\n[list.fields]')
ME, DONE, DEAD = respond({"sid": 7}), respond(status=204), respond({}, 401)


def _asked(file: str, *answers: Answer) -> list[str]:
    async def story() -> list[str]:
        async with stand(file, *answers) as opened:
            await opened.platform.sign_out()
            return opened.asked

    return run(story())


def test_the_token_is_revoked_by_what_whoami_tells() -> None:
    assert _asked(WHOAMI + LIST + SIGN_OUT, ME, DONE) == ["GET /me", "DELETE /tokens/7"]


def test_a_credential_that_whoami_finds_dead_is_signed_out_already() -> None:
    assert _asked(WHOAMI + LIST + SIGN_OUT, DEAD) == ["GET /me"]


def test_without_a_call_for_it_the_own_session_is_ended() -> None:
    assert _asked(OWN + END_ONE, rows({"id": 1, "mine": True}, {"id": 2}), DONE) == [
        "GET /sessions",
        "DELETE /sessions/1",
    ]
