"""The contract of ports.Platform and ports.Platforms, kept by the fake and by the Console API client."""

from __future__ import annotations

import pytest

from tests.contracts.platform_contract import PlatformContract
from tests.platform.stages import DemoStage, FakeStage
from tests.servers import DemoServer


class TestTheFake(PlatformContract):
    @pytest.fixture
    def stage(self) -> FakeStage:
        return FakeStage()


class TestTheConsoleApi(PlatformContract):
    @pytest.fixture
    def stage(self, demo: DemoServer) -> DemoStage:
        return DemoStage(demo)
