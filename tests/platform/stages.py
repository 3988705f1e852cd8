"""The stages of the platform contract: the fake, and the demo platform over HTTP."""

from __future__ import annotations

import urllib.request
from dataclasses import replace

from sessionconsole.domain.credentials import Credential, FactorMethod
from sessionconsole.domain.errors import AnswerLost, Unreachable
from sessionconsole.domain.platforms import Capabilities
from sessionconsole.platform.console_api_reading import CONNECTOR
from sessionconsole.platform.opening import HttpPlatforms
from sessionconsole.services.ports import Platforms
from tests.fakes.platform import ABOUT, FakeOperator, FakePlatforms, session
from tests.servers import DemoServer

KEY = b"a key for handles in these tests"


class FakeStage:
    """The fake, played on by its own levers."""

    def __init__(self) -> None:
        about = replace(ABOUT, capabilities=Capabilities(live_events=True))
        self.operator = FakeOperator(*(session(f"s{number}") for number in range(5)), about=about)
        self.platforms: Platforms = FakePlatforms(self.operator)
        self.address = self.operator.about.address
        self.connector = self.operator.about.connector
        self.username, self.password = self.operator.username, self.operator.password

    def code(self) -> str:
        return self.operator.code

    def demand_reauthentication(self) -> None:
        self.operator.reauthentication = (FactorMethod.TOTP,)

    def newcomer(self) -> None:
        self.operator.appear(session("newcomer"))
        self.operator.announce()

    def end_sign_ins(self, *signed_in: Credential) -> None:
        self.operator.end_sign_ins()

    def lose_next_end(self, *, done: bool) -> None:
        self.operator.fail("end", AnswerLost(), after=done)

    def ends_done(self) -> int:
        return self.operator.effects.total()

    def unplug(self) -> None:
        for call in ("end", "list_sessions", "open"):
            self.operator.fail(call, Unreachable())


class DemoStage:
    """The demo platform in a process of its own; its world moves only when it is told to."""

    connector = CONNECTOR

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self.platforms: Platforms = HttpPlatforms(KEY)
        self.address = server.url
        self.username, self.password = server.username, server.password

    def code(self) -> str:
        self.server.advance(30)
        return self.server.totp_code()

    def demand_reauthentication(self) -> None:
        self.server.advance(400)

    def newcomer(self) -> None:
        self.server.client(self.username, user_agent="okhttp/4.12.0")

    def end_sign_ins(self, *signed_in: Credential) -> None:
        for credential in signed_in:
            request = urllib.request.Request(  # noqa: S310 - our own server on loopback
                f"{self.address}/v1/session",
                method="DELETE",
                headers={"Authorization": f"Bearer {credential.values['access_token']}"},
            )
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            opener.open(request, timeout=10).close()

    def lose_next_end(self, *, done: bool) -> None:
        self.server.fault("DELETE /v1/sessions/", "drop-after" if done else "drop-before")

    def ends_done(self) -> int:
        return sum(self.server.effects()["ended"].values())

    def unplug(self) -> None:
        self.server.kill()
