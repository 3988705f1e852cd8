"""One demo platform for all tests of a file: each of them signs in anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.servers import STILL, DemoServer

# A busy machine is no fault of the code, and the whole suite has three minutes.
settings.register_profile("house", deadline=None, max_examples=50)
settings.load_profile("house")


@pytest.fixture(scope="module")
def _demo_servers() -> Iterator[list[DemoServer]]:
    running: list[DemoServer] = []
    yield running
    for server in running:
        server.stop()


@pytest.fixture
def demo(_demo_servers: list[DemoServer]) -> DemoServer:
    """A demo platform whose world stands still; a test may kill it."""
    if not _demo_servers or _demo_servers[-1].process.poll() is not None:
        _demo_servers.append(DemoServer(*STILL, "--sessions", "60"))
    _demo_servers[-1].no_faults()
    return _demo_servers[-1]
