"""Live events of the demo platform: a hint that the list has changed, at once, and as long as the token is good."""

from __future__ import annotations

import http.client
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from sessionconsole.demo.api.events import told
from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.operator import Operator, device_of
from sessionconsole.demo.options import Options
from sessionconsole.demo.wire import Connections
from tests.demo.client import Client, manager
from tests.helpers import run
from tests.servers import PATIENCE, DemoServer


class Stream:
    """An open stream, read line by line; http.client's exceptions where it breaks."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self._response = response

    def event(self) -> dict[str, str] | None:
        """The next event, without comments; None where the platform has ended the stream."""
        found: dict[str, str] = {}
        while line := self._response.readline():
            field, _, value = line.decode().strip().partition(": ")
            if not field and not value and found:
                return found
            if field:
                found[field] = value
        return None


@contextmanager
def listening(client: Client, last_id: str | None = None) -> Iterator[Stream]:
    connection = http.client.HTTPConnection(urlsplit(client.server.url).netloc, timeout=PATIENCE)
    headers = {"Authorization": f"Bearer {client.access_token}"}
    connection.request("GET", "/v1/events", headers=headers | ({"Last-Event-ID": last_id} if last_id else {}))
    response = connection.getresponse()
    try:
        assert (response.status, response.headers.get_content_type()) == (200, "text/event-stream")
        yield Stream(response)
    finally:
        response.close()
        connection.close()


def etag(client: Client) -> str:
    return client.call("GET", "/v1/sessions").headers["etag"]


def test_a_change_is_told_with_the_mark_of_the_new_list(dana: Client, server: DemoServer) -> None:
    with listening(dana) as stream:
        first = stream.event()
        assert first is not None
        assert (first["event"], json.loads(first["data"])["etag"]) == ("changed", etag(dana))
        server.intruder()
        second = stream.event()
        assert second is not None
        assert json.loads(second["data"])["etag"] == etag(dana) != json.loads(first["data"])["etag"]


def test_who_comes_back_hears_what_was_missed_and_nothing_twice(dana: Client, server: DemoServer) -> None:
    with listening(dana) as stream:
        first = stream.event()
    assert first is not None
    server.intruder()
    with listening(dana, first["id"]) as stream:
        missed = stream.event()
    assert missed is not None
    assert missed["id"] != first["id"]
    with listening(dana, missed["id"]) as stream:
        server.intruder()
        newer = stream.event()
    assert newer is not None
    assert newer["id"] not in (first["id"], missed["id"])


def test_it_ends_with_the_session_and_with_the_token(dana: Client, server: DemoServer) -> None:
    graham = Client(server)
    graham.password("graham.pell", "tides-and-timetables")
    with listening(graham) as stream:
        assert stream.event()
        dana.end(graham.me().body["session_id"])
        while stream.event():
            pass
    with listening(dana) as stream:
        assert stream.event()
        server.advance(301)
        while stream.event():
            pass
    assert dana.me().code == "token-expired"


def test_only_who_may_look_may_listen(server: DemoServer) -> None:
    staff = Client(server, server.client("sam.okafor")["access_token"])
    assert (staff.call("GET", "/v1/events").status, Client(server).call("GET", "/v1/events").status) == (
        403,
        401,
    )
    assert manager(server).raw("HEAD", "/v1/events").status == 200


def test_the_platform_ends_although_somebody_listens(server: DemoServer) -> None:
    with listening(manager(server)) as stream:
        assert stream.event()
        assert server.stop() == 0
        assert stream.event() is None


def test_in_silence_a_comment_tells_that_it_lives() -> None:
    async def story() -> None:
        operator = Operator(Options(), WorldClock(1_795_485_780.0, scale=0))
        pair = operator.admit(operator.accounts["graham.pell"], device_of("Tests"), "203.0.113.10")
        caller = operator.caller(pair.access)
        newest = f"{operator.born}-{operator.register.revision}"
        stream = told(operator, caller, pair.access, newest, Connections(), heartbeat=0.01)
        assert [await _next(stream) for _ in range(3)] == [": welcome\n\n", *[": still here\n\n"] * 2]
        operator.end(caller.session.id)
        with pytest.raises(StopAsyncIteration):
            await _next(stream)

    run(story())


async def _next(stream: AsyncIterator[str]) -> str:
    return await anext(stream)
