"""One origin, bounded and without surprises; and each failure says whether anything was sent."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Awaitable, Callable

import pytest

from sessionconsole.domain.errors import AnswerLost, PlatformMisbehaved, SessionConsoleError, Unreachable
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.http import MEGABYTE, Answer, Http, Patience
from tests.helpers import free_port, run
from tests.platform import faults
from tests.platform.faults import FaultServer, respond
from tests.servers import ROOT

CANARY = "canary-3f9a-secret"
OK = respond({"fine": True})
BOMB = gzip.compress(b" " * (20 * MEGABYTE))


async def asked(
    server: FaultServer, method: str = "GET", *, patience: Patience | None = None, times: int = 1
) -> Answer:
    http = Http(read_address(server.address), patience=patience)
    try:
        for _ in range(times - 1):
            await http.send("GET", "/warm-up")
        body = {"password": CANARY} if method != "GET" else None
        return await http.send(method, "/thing", body=body, headers={"Authorization": f"Bearer {CANARY}"})
    finally:
        await http.close()


def met(
    *answers: faults.Answer, method: str = "GET", patience: Patience | None = None, times: int = 1
) -> Answer:
    """What comes of one request to a server that behaves so."""

    async def story() -> Answer:
        async with FaultServer(*answers) as server:
            return await asked(server, method, patience=patience, times=times)

    return run(story())


def test_an_answer_is_json_with_its_status_and_headers() -> None:
    answer = met(respond({"a": [1, 2.5, "ü"]}, 200, ETag='"x"'))
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, {"a": [1, 2.5, "ü"]}, '"x"')


def test_refusals_and_not_modified_are_answers_too() -> None:
    assert met(respond({"code": "x"}, 404)).body == {"code": "x"}
    assert met(respond(b"<html>", 404, kind="text/html")).body is None
    assert met(respond(None, 304)).status == 304
    assert met(respond(None, 204)).body is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_follows_a_redirect(status: int) -> None:
    async def story() -> None:
        async with FaultServer(OK) as elsewhere:
            there = f"{elsewhere.address}/thing"
            async with FaultServer(respond(None, status, Location=there)) as server:
                with pytest.raises(PlatformMisbehaved):
                    await asked(server)
            assert elsewhere.requests == []

    run(story())


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Guest Wi-Fi</title>",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b"1" * 5000,
        b'{"a": 1',
        '{"a": "é"}'.encode("latin-1"),
        b" " * (2 * MEGABYTE),
    ],
    ids=["web-page", "deep", "nan", "infinity", "1e999", "long-number", "short", "latin-1", "huge"],
)
def test_a_body_that_makes_no_sense_is_told_as_such(body: bytes) -> None:
    with pytest.raises(PlatformMisbehaved):
        met(respond(body))


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut() -> None:
    with pytest.raises(PlatformMisbehaved):
        met(respond(BOMB, Content_Encoding="gzip"))


def test_a_body_in_a_broken_packing_is_told_as_such() -> None:
    with pytest.raises(PlatformMisbehaved):
        met(respond(b"not gzip at all", Content_Encoding="gzip"))


def test_a_large_list_is_read_without_holding_the_loop() -> None:
    rows = [{"id": str(number), "name": "x" * 100} for number in range(20_000)]

    async def story() -> None:
        async with FaultServer(respond(rows)) as server:
            http = Http(read_address(server.address))
            answer = await http.send("GET", "/rows", largest=64 * MEGABYTE)
            assert answer.body == rows
            await http.close()

    run(story())


@pytest.mark.parametrize("fault", [faults.drop, faults.cut_short], ids=["dropped", "cut"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_was_sent_and_not_answered_is_a_lost_answer(
    fault: Callable[..., Awaitable[None]], method: str
) -> None:
    with pytest.raises(AnswerLost):
        met(fault, method=method)


def test_silence_and_dripping_come_to_an_end() -> None:
    with pytest.raises(AnswerLost):
        met(faults.say_nothing, patience=Patience(read=0.1))
    with pytest.raises(AnswerLost):
        met(faults.drip, patience=Patience(whole=0.2))


def test_a_fault_of_the_platform_itself_may_have_been_done() -> None:
    for status in (500, 502, 503, 504):
        with pytest.raises(AnswerLost):
            met(respond(b"<html>oops", status, kind="text/html"), method="DELETE")


def test_nothing_was_sent_where_no_connection_was_made() -> None:
    async def story(address: str) -> None:
        http = Http(read_address(address), patience=Patience(connect=5))
        with pytest.raises(Unreachable):
            await http.send("DELETE", "/thing")
        await http.close()
        with pytest.raises(Unreachable):
            await http.send("GET", "/after-closing")

    run(story(f"127.0.0.1:{free_port()}"))
    run(story("https://nowhere.invalid"))


def test_a_kept_connection_that_was_dropped_is_tried_again_for_reading_only() -> None:
    async def story() -> None:
        async with FaultServer(OK, faults.drop, OK) as server:
            assert (await asked(server, "GET", times=2)).body == {"fine": True}
            assert [request.connection for request in server.requests] == [1, 1, 2]
        async with FaultServer(OK, faults.drop, OK) as server:
            with pytest.raises(AnswerLost):
                await asked(server, "DELETE", times=2)
            assert [request.method for request in server.requests] == ["GET", "DELETE"]
        async with FaultServer(faults.drop, OK) as server:
            with pytest.raises(AnswerLost):
                await asked(server, "GET")
            assert len(server.requests) == 1

    run(story())


def test_cookies_are_not_kept_and_the_program_says_its_name() -> None:
    async def story() -> None:
        async with FaultServer(respond({}, Set_Cookie="session=1; Path=/")) as server:
            await asked(server, times=3)
            assert not any("cookie" in request.headers for request in server.requests)
            assert all(r.headers["user-agent"].startswith("sessionconsole/") for r in server.requests)

    run(story())


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert met(OK).status == 200


def test_how_long_to_wait_is_read_in_seconds_and_as_a_date() -> None:
    assert met(respond(None, 429, Retry_After="7")).retry_after == 7
    date, until_then = "Tue, 24 Nov 2026 09:00:00 GMT", "Tue, 24 Nov 2026 09:00:09 GMT"
    assert met(respond(None, 429, Retry_After=until_then, Date=date)).retry_after == 9
    assert met(respond(None, 429)).retry_after is None
    assert met(respond(None, 429, Retry_After="soon")).retry_after is None
    assert met(respond(None, 429, Retry_After="9" * 50)).retry_after == 24 * 3600


def test_cancelled_requests_leave_the_connections_usable() -> None:
    async def story() -> None:
        async with FaultServer(faults.say_nothing) as server:
            http = Http(read_address(server.address), patience=Patience(connect=2))
            for arrived in range(10, 61, 10):
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(http.send("GET", "/held")) for _ in range(10)]
                    await server.arrived(arrived)
                    for task in tasks:
                        task.cancel()
            server.answers[:] = [OK]
            assert (await http.send("GET", "/thing")).status == 200
            await http.close()

    run(story())


def test_closing_ends_what_is_under_way() -> None:
    async def story() -> None:
        async with FaultServer(faults.say_nothing) as server:
            http = Http(read_address(server.address))
            async with asyncio.TaskGroup() as group:

                async def held() -> None:
                    with pytest.raises(AnswerLost):
                        await http.send("DELETE", "/held")

                group.create_task(held())
                await server.arrived(1)
                await http.close()

    run(story())


@pytest.mark.parametrize(
    "answer",
    [faults.drop, faults.cut_short, BOMB, respond(b"<html>"), respond(None, 302), respond(None, 500)],
    ids=["dropped", "cut", "no-http", "web-page", "redirect", "failing"],
)
def test_no_failure_tells_what_was_sent(answer: faults.Answer) -> None:
    with pytest.raises(SessionConsoleError) as met_with:
        met(answer, method="POST")
    error = met_with.value
    told = repr(error) + str(error) + "".join(traceback.format_exception(error, chain=True))
    assert CANARY not in told
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_token_that_no_header_can_carry_is_not_told_either() -> None:
    async def story() -> None:
        async with FaultServer(OK) as server:
            http = Http(read_address(server.address))
            with pytest.raises(PlatformMisbehaved) as met_with:
                await http.send("GET", "/", headers={"Authorization": f"Bearer {CANARY}\r\nX: y"})
            assert CANARY not in "".join(traceback.format_exception(met_with.value, chain=True))
            assert server.requests == []
            await http.close()

    run(story())


def test_an_answer_keeps_its_body_to_itself() -> None:
    assert CANARY not in repr(met(respond({"access_token": CANARY}, Set_Cookie=CANARY)))


def test_starting_costs_no_http_library_and_no_parser() -> None:
    code = (
        "import sys, sessionconsole.platform.opening as o, sessionconsole.platform.user_agents as u;"
        "o.HttpPlatforms(b'k'); u.UaParser();"
        "print([m for m in ('httpx2', 'httpcore2', 'ua_parser', 'anyio') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert json.loads(done.stdout.replace("'", '"')) == []
