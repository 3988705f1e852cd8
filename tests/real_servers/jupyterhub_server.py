"""A real JupyterHub on loopback: the hub alone, whose API tokens are the sessions.

with JupyterHubServer() as server:
    phone = server.sign_in_device("Pixel 8")
    ...
    assert not phone.works()
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.helpers import free_port
from tests.real_servers.environments import python_of
from tests.real_servers.server import Answer, Device, RealServer

_HERE = Path(__file__).parent
_TRIES = 3  # for a port that somebody else took a moment before


class JupyterHubServer(RealServer):
    """Everybody has the same password; JupyterHub knows no second factor."""

    name = "jupyterhub"
    prefix = "/hub/api/"

    def __init__(self) -> None:
        super().__init__()
        self.password = secrets.token_urlsafe(12)
        self._registry_token = secrets.token_urlsafe(40)

    def register(self, username: str) -> None:
        """Make an account, unless there is one."""
        answer = self.ask("POST", _user(username), {}, _token(self._registry_token))
        assert answer.status in (201, 409), f"{answer} {answer.body}"

    def sign_in_device(self, name: str, username: str = "kim") -> Device:
        """Make a token as a device does that knows user name and password; the list shows it under that name."""
        asked = {"auth": {"username": username, "password": self.password}, "note": name}
        answer = self.ask("POST", f"{_user(username)}/tokens", asked, user_agent=name)
        assert answer.status == 201, f"{username} could not sign in: {answer} {answer.body}"
        credential = str(answer.body["token"])

        def alive() -> bool:
            told = self.ask("GET", "user", headers=_token(credential))
            assert told.status in (200, 403), told
            return told.status == 200

        return Device(name, str(answer.body["id"]), credential, alive)

    def sessions(self, device: Device, username: str = "kim") -> list[dict[str, Any]]:
        """The tokens of its person, as this device is told them."""
        answer = self.ask("GET", f"{_user(username)}/tokens", headers=_token(device.credential))
        assert answer.status == 200, f"{answer} {answer.body}"
        return list(answer.body["api_tokens"])

    def end(self, by: Device, session: str, username: str = "kim") -> Answer:
        """Revoke one token with the credential of another."""
        path = f"{_user(username)}/tokens/{session}"
        return self.ask("DELETE", path, headers=_token(by.credential))

    def _start(self) -> None:
        python = python_of(self.name)
        configuration = _HERE / "jupyterhub_site" / "jupyterhub_config.py"
        for _ in range(_TRIES):
            self.port = free_port()
            wishes = {
                "port": self.port,
                "password": self.password,
                "registry_token": self._registry_token,
            }
            program = ("-P", _HERE / "stopping_with_its_parent.py", "jupyterhub", "-f", configuration)
            self._spawn(python, *program, environment={"SITE_WISHES": json.dumps(wishes)})
            if self._until_it_answers("/hub/api/"):
                return
        raise RuntimeError(f"JupyterHub did not come up:\n{self.complaints()}")

    def _settle(self) -> None:
        self.register("kim")


def _user(name: str) -> str:
    return f"users/{quote(name, safe='')}"


def _token(credential: str) -> dict[str, str]:
    return {"Authorization": f"token {credential}"}
