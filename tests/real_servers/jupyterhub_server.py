"""A real JupyterHub on loopback: the hub alone, whose API tokens are the sessions.

with JupyterHubServer() as server:
    phone = server.sign_in_device("BookingApp/4.12.0 (Android 14; Pixel 8)")
    ...
    assert not phone.works()
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

from tests.helpers import free_port
from tests.real_servers.environments import python_of
from tests.real_servers.server import Answer, Device, RealServer

_HERE = Path(__file__).parent
_TRIES = 3  # for a port that somebody else took a moment before


class JupyterHubServer(RealServer):
    """kim and sam have accounts, with one password; JupyterHub knows no second factor."""

    name = "jupyterhub"
    prefix = "/hub/api/"

    def __init__(self) -> None:
        super().__init__()
        self.username = "kim"
        self.password = secrets.token_urlsafe(12)
        self._people = [self.username, "sam"]
        self._registry_token = secrets.token_urlsafe(40)

    def sign_in_device(self, user_agent: str, username: str = "") -> Device:
        """Make a token as a device does that knows name and password; its note is the user agent."""
        who = username or self.username
        asked = {"auth": {"username": who, "password": self.password}, "note": user_agent}
        answer = self.ask("POST", f"users/{who}/tokens", asked, user_agent=user_agent)
        assert answer.status == 201, f"{who} could not sign in: {answer} {answer.body}"
        credential = str(answer.body["token"])

        def alive() -> bool:
            told = self.ask("GET", "user", headers=_token(credential))
            assert told.status in (200, 403), told
            return told.status == 200

        return Device(user_agent, str(answer.body["id"]), credential, alive)

    def sessions(self, device: Device, username: str = "") -> list[dict[str, Any]]:
        """The tokens of its person, as this device is told them."""
        path = f"users/{username or self.username}/tokens"
        answer = self.ask("GET", path, headers=_token(device.credential))
        assert answer.status == 200, f"{answer} {answer.body}"
        return list(answer.body["api_tokens"])

    def end(self, by: Device, ended: Device) -> Answer:
        """Revoke one token with the credential of another."""
        path = f"users/{self.username}/tokens/{ended.session}"
        return self.ask("DELETE", path, headers=_token(by.credential))

    def _start(self) -> None:
        python = python_of(self.name)
        configuration = _HERE / "jupyterhub_site" / "jupyterhub_config.py"
        for _ in range(_TRIES):
            self.port = free_port()
            wishes = {
                "port": self.port,
                "password": self.password,
                "people": self._people,
                "registry_token": self._registry_token,
            }
            program = ("-P", _HERE / "stopping_with_its_parent.py", "jupyterhub", "-f", configuration)
            self._spawn(python, *program, environment={"SITE_WISHES": json.dumps(wishes)})
            if self._until_it_answers("/hub/api/"):
                return
        raise RuntimeError(f"JupyterHub did not come up:\n{self.complaints()}")

    def _settle(self) -> None:
        for name in self._people:
            answer = self.ask("POST", f"users/{name}", {}, _token(self._registry_token))
            assert answer.status in (201, 409), f"{answer} {answer.body}"


def _token(credential: str) -> dict[str, str]:
    return {"Authorization": f"token {credential}"}
