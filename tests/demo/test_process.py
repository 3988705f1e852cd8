"""The demo platform as a process: ready with one line, quiet, and gone when it is told to go."""

from __future__ import annotations

import signal
import socket
import sys
import time
from urllib.parse import urlsplit

import pytest

from tests.demo.client import Client, second_manager
from tests.helpers import free_port, run, until
from tests.servers import PATIENCE, STILL, DemoServer


def test_it_ends_when_standard_input_closes() -> None:
    server = DemoServer(*STILL)

    assert server.stop() == 0
    assert server.errors == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_it_ends_on_sigterm_even_while_somebody_is_connected() -> None:
    with DemoServer(*STILL) as server, socket.create_connection(_address(server)) as idle:
        idle.sendall(b"GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(100).startswith(b"HTTP/1.1 401")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(PATIENCE) == 0
    assert server.errors == ""


def test_the_ready_line_is_the_only_one_and_holds_what_is_promised() -> None:
    server = DemoServer(*STILL, "--seed", "3")
    Client(server).call("GET", "/v1/me")
    assert server.process.stdout is not None
    server.stop()

    again = DemoServer(*STILL, "--seed", "3")
    again.stop()
    assert (server.username, server.password, server.totp_secret) == (
        again.username,
        again.password,
        again.totp_secret,
    )


def test_a_port_that_is_taken_is_one_clear_sentence() -> None:
    with (
        DemoServer(*STILL) as first,
        pytest.raises(AssertionError, match=r"Port \d+ of 127\.0\.0\.1 cannot be used"),
    ):
        DemoServer("--port", str(urlsplit(first.url).port))


def test_it_listens_where_it_is_told() -> None:
    port = free_port()
    with DemoServer(*STILL, "--port", str(port)) as server:
        assert urlsplit(server.url).port == port
        assert Client(server).me().status == 401


def test_answers_can_be_made_to_wait() -> None:
    with DemoServer(*STILL, "--latency", "300") as slow:
        began = time.monotonic()
        Client(slow).me()
        assert time.monotonic() - began >= 0.3


def test_time_can_run_faster() -> None:
    with DemoServer("--time-scale", "3600", "--start", "2026-11-20T04:03:00Z") as fast:
        client = Client(fast)

        def hours_on() -> bool:
            return str(client.me().headers["date"]) >= "Fri, 20 Nov 2026 05:03:00 GMT"

        run(until(hours_on, timeout=PATIENCE))


def test_many_connections_at_once_are_all_served() -> None:
    with DemoServer(*STILL) as server:
        open_ones = [socket.create_connection(_address(server), timeout=PATIENCE) for _ in range(100)]
        for each in open_ones:
            each.sendall(b"GET /.well-known/sessionconsole HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert all(each.recv(20).startswith(b"HTTP/1.1 200") for each in open_ones)
        for each in open_ones:
            each.close()


def test_answers_carry_the_date_of_the_world() -> None:
    with DemoServer(*STILL, "--start", "2026-11-20T04:03:00Z") as server:
        assert second_manager(server).me().headers["date"] == "Fri, 20 Nov 2026 04:03:00 GMT"
        server.advance(60)
        assert Client(server).me().headers["date"] == "Fri, 20 Nov 2026 04:04:00 GMT"


def test_the_same_seed_shows_the_same_list() -> None:
    lists = []
    for _ in range(2):
        with DemoServer(*STILL, "--seed", "5", "--start", "2026-11-20T04:03:00Z") as server:
            server.advance(4 * 3600)
            sessions = Client(server, server.client("graham.pell")["access_token"]).sessions()
            lists.append([session for session in sessions if not session["is_current"]])
    assert lists[0] == lists[1]


def _address(server: DemoServer) -> tuple[str, int]:
    parts = urlsplit(server.url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port
