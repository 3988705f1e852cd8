"""A real Synapse (Matrix) on loopback, with SQLite and without federation.

with SynapseServer() as server:
    phone = server.sign_in_device("Pixel 8")
    ...
    assert not phone.works()
"""

from __future__ import annotations

import hmac
import json
import secrets
import subprocess
from itertools import count
from pathlib import Path
from typing import Any

from tests.helpers import free_port
from tests.real_servers.environments import python_of
from tests.real_servers.server import Answer, Device, Person, RealServer

_STOPPING = Path(__file__).parent / "stopping_with_its_parent.py"
_TRIES = 3  # for a port that somebody else took a moment before
_NO_LIMIT = {"per_second": 1000, "burst_count": 1000}


class SynapseServer(RealServer):
    """kim has an account; Synapse knows no second factor.

    reauthentication_timeout is in seconds: how long after a password the next one is not asked for.
    access_token_life is in seconds, for sign-ins that ask for a refresh token. With rate_limits on, two sign-ins
    pass at once and one each ten seconds.
    """

    name = "synapse"
    prefix = "/_matrix/client/v3/"

    def __init__(
        self, *, reauthentication_timeout: int = 0, access_token_life: int = 300, rate_limits: bool = False
    ) -> None:
        super().__init__()
        self.kim = Person("kim", secrets.token_urlsafe(12))
        self._numbers = count(1)
        self._reauthentication_timeout = reauthentication_timeout
        self._access_token_life = access_token_life
        self._limit = {"per_second": 0.1, "burst_count": 2} if rate_limits else _NO_LIMIT
        self._shared_secret = secrets.token_urlsafe(40)

    def newcomer(self) -> Person:
        """Somebody new, whom no other test has signed in."""
        person = Person(f"guest{next(self._numbers)}", secrets.token_urlsafe(12))
        self._register(person)
        return person

    def sign_in_device(self, name: str, person: Person | None = None) -> Device:
        """Sign a device in that the list shows under that name; of kim unless told."""
        who = person or self.kim
        asked = {**_proof_of(who), "initial_device_display_name": name}
        answer = self.ask("POST", "login", asked, user_agent=name)
        assert answer.status == 200, f"{who.username} could not sign in: {answer} {answer.body}"
        return self.device_of(str(answer.body["access_token"]), str(answer.body["device_id"]), name)

    def device_of(self, access_token: str, session: str = "", name: str = "") -> Device:
        """The device that has that access token."""

        def alive() -> bool:
            told = self.ask("GET", "account/whoami", headers=_bearer(access_token))
            assert told.status in (200, 401), told
            assert told.status == 200 or told.body["errcode"] == "M_UNKNOWN_TOKEN", told.body
            return told.status == 200

        return Device(name, session, access_token, alive)

    def sessions(self, device: Device) -> list[dict[str, Any]]:
        """The devices of its person, as this device is told them; `device_id` is what ends one."""
        answer = self.ask("GET", "devices", headers=_bearer(device.credential))
        assert answer.status == 200, f"{answer} {answer.body}"
        return list(answer.body["devices"])

    def end(self, by: Device, session: str, person: Person | None = None) -> Answer:
        """End one session with the credential of a device; the password goes along once it is asked for."""
        path, headers = f"devices/{session}", _bearer(by.credential)
        answer = self.ask("DELETE", path, {}, headers)
        if answer.status == 401 and "flows" in answer.body:
            proof = {**_proof_of(person or self.kim), "session": answer.body["session"]}
            answer = self.ask("DELETE", path, {"auth": proof}, headers)
        return answer

    def _start(self) -> None:
        python = python_of(self.name)
        self._make_signing_key(python)
        for _ in range(_TRIES):
            self.port = free_port()
            (self.folder / "homeserver.yaml").write_text(json.dumps(self._configuration()), encoding="utf-8")
            program = ("-P", _STOPPING, "synapse.app.homeserver", "-c", self.folder / "homeserver.yaml")
            self._spawn(python, *program, environment={})
            if self._until_it_answers("/health"):
                return
        raise RuntimeError(f"Synapse did not come up:\n{self.complaints()}")

    def _settle(self) -> None:
        self._register(self.kim)

    def _register(self, person: Person) -> None:
        """https://element-hq.github.io/synapse/latest/admin_api/register_api.html."""
        path = "/_synapse/admin/v1/register"
        nonce = self.ask("GET", path).body["nonce"]
        words = (nonce, person.username, person.password, "notadmin")
        proof = hmac.digest(self._shared_secret.encode(), "\0".join(words).encode(), "sha1").hex()
        account = {"nonce": nonce, "username": person.username, "password": person.password, "admin": False}
        answer = self.ask("POST", path, {**account, "mac": proof, "inhibit_login": True})
        assert answer.status == 200, f"{answer} {answer.body}"

    def _make_signing_key(self, python: Path) -> None:
        make = "from synapse._scripts.generate_signing_key import main; main()"
        key = str(self.folder / "signing.key")
        subprocess.run([str(python), "-c", make, "-o", key], check=True, capture_output=True)

    def _configuration(self) -> dict[str, Any]:
        """YAML is a superset of JSON: https://element-hq.github.io/synapse/latest/usage/configuration/."""
        limits = {"address": self._limit, "account": self._limit, "failed_attempts": self._limit}
        return {
            "server_name": "harbour.example",
            "listeners": [
                {
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "x_forwarded": True,
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "log_config": None,
            "registration_shared_secret": self._shared_secret,
            "macaroon_secret_key": secrets.token_urlsafe(40),
            "form_secret": secrets.token_urlsafe(40),
            "report_stats": False,
            "trusted_key_servers": [],
            "enable_registration": False,
            "bcrypt_rounds": 4,
            "refreshable_access_token_lifetime": f"{self._access_token_life}s",
            "ui_auth": {"session_timeout": f"{self._reauthentication_timeout}s"},
            "rc_login": limits,
            "rc_message": _NO_LIMIT,
        }


def _proof_of(person: Person) -> dict[str, Any]:
    identifier = {"type": "m.id.user", "user": person.username}
    return {"type": "m.login.password", "identifier": identifier, "password": person.password}


def _bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}
