"""The contract of ports.Platform and ports.Platforms, kept by the fake and by the Console API client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contracts.platform_contract import PlatformContract
from tests.platform.stages import DemoStage, FakeStage
from tests.servers import STILL, DemoServer


class TestTheFake(PlatformContract):
    @pytest.fixture
    def stage(self) -> FakeStage:
        return FakeStage()


class TestTheConsoleApi(PlatformContract):
    @pytest.fixture(scope="class")
    def servers(self) -> Iterator[list[DemoServer]]:
        running: list[DemoServer] = []
        yield running
        for server in running:
            server.stop()

    @pytest.fixture
    def stage(self, servers: list[DemoServer]) -> DemoStage:
        if not servers or servers[-1].process.poll() is not None:
            servers.append(DemoServer(*STILL, "--reauth-after", "300", "--sessions", "60"))
        return DemoStage(servers[-1])
