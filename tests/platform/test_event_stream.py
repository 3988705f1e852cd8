"""Live events: read in any pieces, bounded, and ended by silence, by the platform, or by closing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    SessionConsoleError,
    SignInExpired,
)
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.console_api import ConsoleApi
from sessionconsole.platform.console_api_reading import discovery
from sessionconsole.platform.event_stream import LARGEST_EVENT, LONGEST_LINE, Event, EventReader
from sessionconsole.platform.http import Http, Patience
from sessionconsole.services.credentials import MemoryKeeper
from tests.helpers import run, until
from tests.platform import faults
from tests.platform.faults import FaultServer, Request, Wire, respond
from tests.platform.test_console_api import DESCRIPTION, FRESH, problem

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
CHANGED = b'id: 7-1\nevent: changed\ndata: {"etag": "x"}\n\n'


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"], ids=["lf", "cr", "crlf"])
@given(cuts=st.lists(st.integers(0, 80), max_size=8))
def test_events_are_the_same_in_whatever_pieces_they_come(end: bytes, cuts: list[int]) -> None:
    lines = [
        b"\xef\xbb\xbf: hello",
        b"id: 1",
        b"event: changed",
        b"data",
        b"",
        b"data: x",
        b"id:2",
        b"",
        b"event: y",
        b"",
    ]
    stream = b"".join(line + end for line in lines)
    edges = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    reader = EventReader()

    found = [e for a, b in pairwise(edges) for e in reader.feed(stream[a:b])]

    assert found == [Event("changed", "1"), Event("message", "2")], "without data nothing has happened"


def test_an_id_that_no_header_can_carry_is_left_out() -> None:
    reader = EventReader()
    (event,) = reader.feed(b"id: good\nid: b\x00d\nid: " + b"x" * 300 + "\nid: ü\ndata\n\n".encode())
    assert event.id == "good"


@pytest.mark.parametrize(
    "stream", [b"data: " + b"x" * LONGEST_LINE, b"data: x\n" * LARGEST_EVENT], ids=["line", "event"]
)
def test_what_has_no_end_is_no_event(stream: bytes) -> None:
    with pytest.raises(PlatformMisbehaved):
        EventReader().feed(stream)


def sends(*pieces: bytes, then_ends: bool = False) -> Callable[[Request, Wire], Awaitable[None]]:
    """An answer that begins a stream, and keeps it open."""

    async def behave(_: Request, wire: Wire) -> None:
        wire.send(HEAD)
        for piece in pieces:
            wire.send(piece)
        if then_ends:
            wire.cut()
        else:
            await wire.released.wait()

    return behave


async def talks(_: Request, wire: Wire) -> None:
    """A stream that says something all the time, and so notices when nobody is there any more."""
    wire.send(HEAD)
    while not wire.released.is_set():
        wire.send(b": still here\n\n")
        await wire.writer.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.01):
                await wire.released.wait()


class Listener:
    """A platform that is listened to."""

    def __init__(self, server: FaultServer, patience: Patience | None = None) -> None:
        http = Http(read_address(server.address), patience=patience)
        links = {**DESCRIPTION["links"], "events": "/v1/events"}  # type: ignore[dict-item]
        self.platform = ConsoleApi(http, discovery({**DESCRIPTION, "links": links}, http.address), b"key")
        self.platform.use(MemoryKeeper(Credential(FRESH.values)))
        self.heard = 0

    async def listen(self) -> None:
        async def hear() -> None:
            self.heard += 1

        await self.platform.listen(hear)


async def listened(*answers: faults.Answer, patience: Patience | None = None) -> int:
    async with FaultServer(*answers) as server:
        listener = Listener(server, patience)
        try:
            await listener.listen()
        finally:
            await listener.platform.close()
        return listener.heard


def test_it_is_heard_that_the_stream_is_open_and_that_something_changed() -> None:
    assert run(listened(sends(CHANGED, then_ends=True))) in (1, 2), "several at once are one"


def test_comments_and_other_events_wake_nobody() -> None:
    pieces = (b": still here\n\n", b"event: weather\ndata: sun\n\n")
    assert run(listened(sends(*pieces, then_ends=True))) == 1


def test_the_newest_id_is_told_when_the_stream_is_opened_anew() -> None:
    async def story() -> list[str | None]:
        async with FaultServer(sends(CHANGED, then_ends=True)) as server:
            listener = Listener(server)
            await listener.listen()
            await listener.listen()
            await listener.platform.close()
            return [request.headers.get("last-event-id") for request in server.requests]

    assert run(story()) == [None, "7-1"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (sends(b"data: " + b"x" * 20_000), PlatformMisbehaved),
        (respond({"fine": True}), PlatformMisbehaved),
        (respond(None, 302), PlatformMisbehaved),
        (respond(None, 204), PlatformMisbehaved),
        (problem(403, "not-allowed"), NotAllowed),
        (problem(429, "rate-limited"), RateLimited),
        (respond(None, 500), AnswerLost),
        (faults.drop, AnswerLost),
    ],
)
def test_what_is_no_stream_is_told_as_such(answer: faults.Answer, error: type[SessionConsoleError]) -> None:
    with pytest.raises(error):
        run(listened(answer))


def test_silence_ends_it() -> None:
    with pytest.raises(AnswerLost):
        run(listened(sends(CHANGED), patience=Patience(silent=0.1)))


def test_it_may_last_longer_than_any_answer() -> None:
    async def story() -> None:
        async with FaultServer(talks) as server:
            listener = Listener(server, Patience(whole=0.1))
            loop = asyncio.get_running_loop()
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(listener.listen())
                await until(lambda: listener.heard)
                began = loop.time()
                await until(lambda: listening.done() or loop.time() > began + 0.3)
                assert not listening.done()
                listening.cancel()
            await listener.platform.close()

    run(story())


def test_a_token_that_is_too_old_is_renewed_and_an_ended_session_told() -> None:
    renewed = respond(
        {"access_token": "a2", "refresh_token": "r2", "expires_in": 300, "token_type": "Bearer"}
    )
    assert run(listened(problem(401, "token-expired"), renewed, sends(CHANGED, then_ends=True)))
    with pytest.raises(SignInExpired):
        run(listened(problem(401, "session-ended")))


def test_others_are_served_meanwhile_and_closing_ends_it() -> None:
    async def story() -> None:
        me = respond({"account": "dana", "name": None, "may_end": True})
        async with FaultServer(talks, me) as server:
            listener = Listener(server)
            async with asyncio.TaskGroup() as group:

                async def hang_up() -> None:
                    with pytest.raises(AnswerLost):
                        await listener.listen()

                group.create_task(hang_up())
                await until(lambda: listener.heard)
                assert (await listener.platform.who_am_i()).may_end
                await listener.platform.close()
            await server.all_gone()

    run(story())


def test_cancelling_hangs_up() -> None:
    async def story() -> None:
        async with FaultServer(talks) as server:
            listener = Listener(server)
            async with asyncio.TaskGroup() as group:
                listening = group.create_task(listener.listen())
                await until(lambda: listener.heard)
                listening.cancel()
            await server.all_gone()
            await listener.platform.close()

    run(story())


def test_cancelling_while_a_change_is_told_leaves_nothing_to_the_garbage_collector() -> None:
    async def story() -> None:
        async with FaultServer(talks) as server:
            listener = Listener(server)
            told = asyncio.Event()

            async def busy() -> None:
                told.set()
                await asyncio.Event().wait()

            async with asyncio.TaskGroup() as group:
                listening = group.create_task(listener.platform.listen(busy))
                await told.wait()
                listening.cancel()
            await server.all_gone()
            await listener.platform.close()

    run(story())
    gc.collect()
