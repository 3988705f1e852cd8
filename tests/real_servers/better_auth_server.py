"""A real Better Auth server on loopback, with the plugins bearer, two-factor and username.

with BetterAuthServer() as server:
    phone = server.sign_in_device("BookingApp/4.12.0 (Android 14; Pixel 8)")
    ...
    assert not phone.works()
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import trustme

from sessionconsole.demo.totp import STEP, code_at
from tests.real_servers.environments import node, node_modules
from tests.real_servers.server import PATIENCE, Answer, Device, RealServer

_DAY = 86_400
_DATABASE = "database.sqlite"
_SETTING_UP = {"X-Forwarded-For": "192.0.2.250"}  # so that the rate limits of the others are not used up


class Member:
    """Somebody with an account; totp_secret (Base32) is "" without a second factor."""

    def __init__(self, username: str) -> None:
        self.username = username
        self.email = f"{username}@harbour.example"
        self.password = secrets.token_urlsafe(12)
        self.totp_secret = ""
        self.unused_recovery_codes: list[str] = []

    def totp_code(self) -> str:
        """The code of now; Better Auth takes one more than once."""
        return code_at(self.totp_secret, int(time.time()) // STEP)

    def recovery_code(self) -> str:
        """A recovery code that was not handed out before."""
        assert self.unused_recovery_codes, f"{self.username} has no recovery code left"
        return self.unused_recovery_codes.pop(0)


class BetterAuthServer(RealServer):
    """manager has a second factor (TOTP and recovery codes), clerk only a password.

    fresh_age and cookie_cache are in seconds: how long after its sign-in a session may list, and how long an
    ended browser's cookies stay good (0: not at all). With rate_limits on, three sign-ins in ten seconds pass.
    Without bearer it knows its people by cookies only.
    """

    name = "better-auth"
    prefix = "/api/auth/"

    def __init__(
        self,
        *,
        fresh_age: int = _DAY,
        cookie_cache: int = 0,
        rate_limits: bool = False,
        bearer: bool = True,
        authority: trustme.CA | None = None,
    ) -> None:
        super().__init__(authority)
        self.manager = Member("kim")
        self.clerk = Member("sam")
        self._numbers = count(1)
        self._wishes = {
            "fresh_age": fresh_age,
            "cookie_cache": cookie_cache,
            "rate_limits": rate_limits,
            "bearer": bearer,
        }

    def sign_in_device(self, user_agent: str, ip: str = "192.0.2.7", person: Member | None = None) -> Device:
        """Sign a device in, by recovery code where a second factor is asked; of the manager unless told."""
        who = person or self.manager
        headers = {"X-Forwarded-For": ip, "Origin": self.url}
        credentials = {"email": who.email, "password": who.password}
        answer = self.ask("POST", "sign-in/email", credentials, headers, user_agent=user_agent)
        if (answer.body or {}).get("twoFactorRedirect"):
            headers["Cookie"] = _cookies(answer)
            code = {"code": who.recovery_code()}
            answer = self.ask("POST", "two-factor/verify-backup-code", code, headers, user_agent=user_agent)
        assert answer.status == 200, f"{who.username} could not sign in: {answer} {answer.body}"
        return self._device(user_agent, str(answer.headers["set-auth-token"]))

    def count_sessions(self, person: Member) -> int:
        """How many sessions the server itself has of somebody."""
        with closing(sqlite3.connect(self.folder / _DATABASE)) as database:
            query = "SELECT count(*) FROM session JOIN user ON user.id = session.userId WHERE user.email = ?"
            (number,) = database.execute(query, (person.email,)).fetchone()
        return int(number)

    def sessions(self, device: Device) -> list[dict[str, Any]]:
        """The sessions of its person, as this device is told them; `token` is what ends one."""
        answer = self.ask("GET", "list-sessions", headers=_bearer(device.credential))
        assert answer.status == 200, f"{answer} {answer.body}"
        return list(answer.body)

    def end(self, by: Device, session: str) -> Answer:
        """End one session with the credential of a device, by the server's own interface."""
        return self.ask("POST", "revoke-session", {"token": session}, _bearer(by.credential))

    def end_others(self, by: Device) -> Answer:
        """End all sessions of its person but this device's own."""
        return self.ask("POST", "revoke-other-sessions", {}, _bearer(by.credential))

    def newcomer(self) -> Member:
        """Somebody new, with a password only."""
        person = Member(f"guest{next(self._numbers)}")
        self._register(person)
        return person

    def _device(self, user_agent: str, credential: str) -> Device:
        def alive() -> bool:
            answer = self.ask("GET", "get-session", headers=_bearer(credential))
            assert answer.status == 200, answer
            return answer.body is not None

        return Device(user_agent, credential.split(".", maxsplit=1)[0], credential, alive)

    def _start(self) -> None:
        program = node_modules().parent / "serve.mjs"
        self._spawn(node(), program, environment={"NODE_ENV": "production"}, stdout=subprocess.PIPE)
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wishes = {
            **self._wishes,
            "port": 0,
            "secret": secrets.token_urlsafe(40),
            "database": str(self.folder / _DATABASE),
            "tls": self._certificate(),
        }
        self._process.stdin.write(json.dumps(wishes) + "\n")
        self._process.stdin.flush()
        late = threading.Timer(PATIENCE, self._process.kill)
        late.start()
        line = self._process.stdout.readline()
        late.cancel()
        if not line:
            raise RuntimeError(f"Better Auth did not come up:\n{self.complaints()}")
        self.port = json.loads(line)["port"]

    def _certificate(self) -> dict[str, str] | None:
        if self.authority is None:
            return None
        issued = self.authority.issue_cert("127.0.0.1")
        chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
        return {"key": issued.private_key_pem.bytes().decode(), "cert": chain.decode()}

    def _settle(self) -> None:
        for person in (self.manager, self.clerk):
            self._register(person)
        self._give_second_factor(self.manager)

    def _register(self, person: Member) -> None:
        account = {"name": person.username.title(), "username": person.username, "email": person.email}
        answer = self._set_up("sign-up/email", {**account, "password": person.password})
        self._set_up("sign-out", {}, _cookies(answer))

    def _give_second_factor(self, person: Member) -> None:
        answer = self._set_up("sign-in/email", {"email": person.email, "password": person.password})
        cookies = _cookies(answer)
        told = self._set_up("two-factor/enable", {"password": person.password}, cookies).body
        (secret,) = parse_qs(urlsplit(told["totpURI"]).query)["secret"]
        person.totp_secret = secret + "=" * (-len(secret) % 8)  # addresses spare the padding of Base32
        person.unused_recovery_codes = list(told["backupCodes"])
        # The session is another one from then on.
        answer = self._set_up("two-factor/verify-totp", {"code": person.totp_code()}, cookies)
        self._set_up("sign-out", {}, _cookies(answer))

    def _set_up(self, path: str, body: object, cookies: str = "") -> Answer:
        answer = self.ask("POST", path, body, {**_SETTING_UP, "Cookie": cookies, "Origin": self.url})
        assert answer.status == 200, f"{answer} {answer.body}"
        return answer


def _bearer(credential: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {credential}"}


def _cookies(answer: Answer) -> str:
    set_cookies = answer.headers.get_all("set-cookie") or []
    return "; ".join(cookie.split(";")[0] for cookie in set_cookies)
