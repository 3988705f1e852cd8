"""What answers at an address is found out, and what does not is told for what it is."""

from __future__ import annotations

import pytest

from sessionconsole.domain.errors import NotAPlatform, PlatformMisbehaved, SessionConsoleError, WrongUse
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.platform.opening import HttpPlatforms
from tests.helpers import run
from tests.platform import faults
from tests.platform.faults import FaultServer, Request, Wire, respond
from tests.platform.test_console_api import DESCRIPTION

CONFIG = {"status": 200, "data": {"account": {}, "usersessions": {"track_activity": True}}}
NOT_HERE = respond(b"<html>Not found", 404, kind="text/html")
WEB_PAGE = respond(b"<html>Welcome", kind="text/html")


def opened(console_api: bytes, allauth: bytes, connector: str | None = None, path: str = "") -> PlatformAbout:
    """What is found where the two places answer so."""

    async def answer(request: Request, wire: Wire) -> None:
        wire.send(console_api if request.target.startswith("/.well-known/") else allauth)

    async def story() -> PlatformAbout:
        async with FaultServer(answer) as server:
            platform = await HttpPlatforms(b"key").open(server.address + path, connector)
            await platform.close()
            return platform.about

    return run(story())


def test_each_kind_is_known_by_its_own_place() -> None:
    assert opened(respond(DESCRIPTION), NOT_HERE).connector == "console-api"
    about = opened(NOT_HERE, respond(CONFIG))
    assert about.connector == "django-allauth"
    assert about.name.startswith("127-0-0-1-")
    assert about.capabilities.last_active_note is not None
    assert opened(WEB_PAGE, respond(CONFIG)).connector == "django-allauth"


def test_a_kind_that_is_named_is_the_only_one_tried() -> None:
    assert opened(respond(DESCRIPTION), respond(CONFIG), "django-allauth").connector == "django-allauth"
    with pytest.raises(NotAPlatform):
        opened(NOT_HERE, respond(CONFIG), "console-api")
    with pytest.raises(WrongUse, match="console-api, django-allauth"):
        opened(respond(DESCRIPTION), NOT_HERE, "telnet")


def test_an_allauth_below_a_path_is_found_there() -> None:
    assert opened(NOT_HERE, respond(CONFIG), path="/portal/").address.endswith("/portal")


@pytest.mark.parametrize(
    ("console_api", "allauth", "error", "words"),
    [
        (NOT_HERE, NOT_HERE, NotAPlatform, "no booking platform"),
        (WEB_PAGE, NOT_HERE, NotAPlatform, "no booking platform"),
        (WEB_PAGE, WEB_PAGE, PlatformMisbehaved, "Wi-Fi"),
        (respond(None, 302, Location="/"), respond(None, 302, Location="/"), PlatformMisbehaved, "Wi-Fi"),
        (respond({**DESCRIPTION, "api_version": "2"}), NOT_HERE, NotAPlatform, "version"),
        (respond({**DESCRIPTION, "links": {}}), NOT_HERE, NotAPlatform, "incompletely"),
        (respond([]), respond({"data": []}), NotAPlatform, "no booking platform"),
        (NOT_HERE, respond({"data": {"account": {}}}), NotAPlatform, "no list of sessions"),
    ],
)
def test_what_is_no_platform_is_told_for_what_it_is(
    console_api: bytes, allauth: bytes, error: type[SessionConsoleError], words: str
) -> None:
    with pytest.raises(error, match=words):
        opened(console_api, allauth)


def test_no_connection_stays_open_where_nothing_was_found() -> None:
    async def story() -> None:
        async with FaultServer(NOT_HERE) as server:
            with pytest.raises(NotAPlatform):
                await HttpPlatforms(b"key").open(server.address)
            assert len(server.requests) > 2
            await server.all_gone()

    run(story())


def test_a_gateway_that_fails_is_tried_again_later() -> None:
    async def story() -> None:
        async with FaultServer(faults.drop) as server:
            with pytest.raises(SessionConsoleError) as met:
                await HttpPlatforms(b"key").open(server.address)
            assert met.value.code == "answer-lost"

    run(story())
