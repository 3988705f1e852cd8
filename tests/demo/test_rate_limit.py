"""Who asks too often is told how long to wait, and nothing is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sessionconsole.demo.rate_limit import RateLimit
from sessionconsole.domain.errors import RateLimited
from sessionconsole.platform.opening import HttpPlatforms
from sessionconsole.services.credentials import MemoryKeeper
from tests.demo.client import Client, second_manager
from tests.helpers import run
from tests.servers import STILL, DemoServer


@pytest.fixture
def strict() -> Iterator[DemoServer]:
    with DemoServer(*STILL, "--rate-limit", "3") as running:
        yield running
    assert running.errors == ""


def test_a_bucket_is_emptied_and_fills_by_the_minute() -> None:
    now = [0.0]
    limit = RateLimit(6, lambda: now[0])
    assert [limit.wait("dana") for _ in range(7)] == [0] * 6 + [10]
    assert limit.wait("graham") == 0, "everybody has a bucket of their own"
    now[0] = 9.0
    assert limit.wait("dana") == 1
    now[0] = 10.0
    assert [limit.wait("dana"), limit.wait("dana")] == [0, 10]


def test_without_a_limit_nobody_waits() -> None:
    limit = RateLimit(0)
    assert not any(limit.wait("dana") for _ in range(1000))


def test_every_route_has_it_and_nothing_is_done(strict: DemoServer) -> None:
    client = second_manager(strict)
    victim = strict.intruder()
    for _ in range(3):
        assert client.me().status == 200

    answers = [
        client.me(),
        client.end(victim),
        client.end_all(victim),
        client.call("GET", "/v1/sessions"),
        client.call("GET", "/v1/people"),
        client.call("GET", "/v1/events"),
        client.call("DELETE", "/v1/session"),
    ]

    assert {(each.status, each.code) for each in answers} == {(429, "rate-limited")}
    assert all(1 <= int(each.headers["retry-after"]) <= 20 for each in answers)
    assert strict.effects()["ended"] == {}


def test_who_is_not_signed_in_is_counted_by_address(strict: DemoServer) -> None:
    anonymous = [Client(strict).call("GET", "/.well-known/sessionconsole") for _ in range(4)]
    assert [each.status for each in anonymous] == [200, 200, 200, 429]
    refused = Client(strict).password("graham.pell", "tides-and-timetables")
    assert (refused.status, refused.code) == (429, "rate-limited")


def test_the_console_hears_how_long_to_wait(strict: DemoServer) -> None:
    async def story() -> None:
        platform = await HttpPlatforms(b"key").open(strict.url)
        credential = await platform.sign_in("graham.pell", "tides-and-timetables")
        platform.use(MemoryKeeper(credential))  # type: ignore[arg-type]
        for _ in range(3):
            await platform.who_am_i()
        with pytest.raises(RateLimited) as asked:
            await platform.list_sessions()
        assert 1 <= (asked.value.retry_after or 0) <= 20
        await platform.sign_in("graham.pell", "tides-and-timetables")
        with pytest.raises(RateLimited):
            await platform.sign_in("graham.pell", "tides-and-timetables")
        await platform.close()

    run(story())
