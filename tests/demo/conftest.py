"""A still world for each test, which nobody else disturbs; one for all those that leave nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.demo.client import Client, manager, second_manager
from tests.servers import STILL, DemoServer


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(*STILL) as running:
        yield running
    assert running.errors == ""


@pytest.fixture
def dana(server: DemoServer) -> Client:
    return manager(server)


@pytest.fixture(scope="session")
def shared() -> Iterator[DemoServer]:
    with DemoServer(*STILL) as running:
        yield running
    assert running.errors == ""


@pytest.fixture(scope="session")
def graham(shared: DemoServer) -> Client:
    return second_manager(shared)
