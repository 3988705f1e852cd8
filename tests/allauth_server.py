"""A real django-allauth server in a process of its own, with people who can sign in and clients to end.

    with AllauthServer() as server:
        phone = server.login_as_client("BookingApp/4.12.0 (Android 14; Pixel 8)", "192.0.2.144")
        ...
        assert phone.status() == 410

What allauth says on each path: https://docs.allauth.org/en/latest/headless/openapi-specification/
"""

from __future__ import annotations

import base64
import hmac
import http.client
import json
import secrets
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from django.core.signing import JSONSerializer, TimestampSigner

from tests.allauth_site.settings import DATABASE, REQUEST_LOG

_ROOT = Path(__file__).resolve().parent.parent
_API = "/_allauth/app/v1/"
_SESSION_SALT = "django.contrib.sessions.SessionStore"  # with which Django's database sessions are signed
_STEP = 30  # seconds a TOTP code stands for (RFC 6238)
_PATIENCE = 30  # seconds for the process to come up, to answer, or to leave
_TOLERANCE = 10  # time steps


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: its status code and its JSON, {} where there was none."""

    status: int
    body: dict[str, Any] = field(repr=False)

    @property
    def token(self) -> str:
        """The session token that this answer hands out; "" where it hands out none."""
        return str(self.body.get("meta", {}).get("session_token", ""))

    @property
    def flows(self) -> list[str]:
        """What the server offers to do next, by id: `login`, `mfa_authenticate`, `reauthenticate`, ..."""
        data = self.body.get("data", {})
        return [str(flow["id"]) for flow in data.get("flows", [])] if isinstance(data, dict) else []

    @property
    def errors(self) -> list[str]:
        """The codes of the errors in the answer."""
        return [str(error["code"]) for error in self.body.get("errors", [])]


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session as it lies in the server's database; key is its live credential."""

    id: int
    username: str
    ip: str
    user_agent: str
    key: str = field(repr=False)


class Account:
    """A person on the server, with a second factor (TOTP and recovery codes) or without."""

    def __init__(self, username: str, *, totp_tolerance: int | None = None) -> None:
        self.username = username
        self.email = f"{username}@harbour.example"
        self.password = secrets.token_urlsafe(12)
        self.totp_secret = (
            "" if totp_tolerance is None else base64.b32encode(secrets.token_bytes(20)).decode()
        )
        self.unused_recovery_codes: list[str] = []
        self._tolerance = totp_tolerance or 0
        self._last_step = 0

    def totp_code(self) -> str:
        """A code that is valid now and was not handed out before.

        allauth takes no code twice, and a new one comes only every 30 seconds. So the server of the tests
        accepts the codes of neighbouring steps (MFA_TOTP_TOLERANCE), and each call hands out the next of
        them. AssertionError when they are used up: then use a recovery code.
        """
        assert self.totp_secret, f"{self.username} has no second factor"
        now = int(time.time()) // _STEP
        # The oldest step that is still accepted is left out: it may lapse on its way to the server.
        step = max(self._last_step + 1, now - max(self._tolerance - 1, 0))
        assert step <= now + self._tolerance, "no unused TOTP code left for now; use recovery_code()"
        self._last_step = step
        return _hotp(self.totp_secret, step)

    def recovery_code(self) -> str:
        """A recovery code that was not handed out before."""
        assert self.unused_recovery_codes, f"{self.username} has no recovery code left"
        return self.unused_recovery_codes.pop(0)


@dataclass(frozen=True, slots=True)
class Client:
    """A device that is signed in with a session token of its own."""

    server: AllauthServer
    user_agent: str
    ip: str
    token: str = field(repr=False)

    def request(self, method: str, path: str, body: object = None) -> Answer:
        """Ask as this device, with its own token."""
        return self.server.request(
            method, path, body, token=self.token, user_agent=self.user_agent, ip=self.ip
        )

    def status(self) -> int:
        """What the server answers to this device's own token: 200 while it is signed in, 410 once it is gone."""
        return self.request("GET", "auth/session").status

    def works(self) -> bool:
        """Whether the server still accepts this device."""
        return self.status() == 200

    def sessions(self) -> list[dict[str, Any]]:
        """The sessions of its person, as this device is told them."""
        answer = self.request("GET", "auth/sessions")
        assert answer.status == 200, answer
        return list(answer.body["data"])

    @property
    def session_id(self) -> int:
        """The id under which this device stands in the list; LookupError when it is no longer there."""
        for session in self.server.sessions_in_database():
            if session.key == self.token:
                return session.id
        raise LookupError(f"{self.user_agent} is not signed in")


class AllauthServer:
    """The server, running while the `with` block does; afterwards neither process nor file is left.

    manager has a second factor, clerk only a password. The server's own attributes (username, password,
    totp_secret, totp_code, recovery_code) are the manager's. reauthentication_timeout is in seconds,
    totp_tolerance in time steps. TimeoutError or RuntimeError when the server does not come up.
    """

    def __init__(
        self,
        *,
        reauthentication_timeout: float = 300,
        rate_limits: bool = True,
        totp_tolerance: int = _TOLERANCE,
    ) -> None:
        self.manager = Account("kim", totp_tolerance=totp_tolerance)
        self.clerk = Account("sam")
        self._settings = {
            "secret_key": secrets.token_urlsafe(40),
            "reauthentication_timeout": reauthentication_timeout,
            "rate_limits": rate_limits,
            "totp_tolerance": totp_tolerance,
        }
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="allauth-site-")
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ------------------------------------------------------------------------------------ the person

    @property
    def url(self) -> str:
        """Where the server is, without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def username(self) -> str:
        return self.manager.username

    @property
    def password(self) -> str:
        return self.manager.password

    @property
    def totp_secret(self) -> str:
        """The manager's TOTP secret in Base32."""
        return self.manager.totp_secret

    def totp_code(self) -> str:
        """A code of the manager's that was not used yet."""
        return self.manager.totp_code()

    def recovery_code(self) -> str:
        """A recovery code of the manager's that was not used yet."""
        return self.manager.recovery_code()

    # --------------------------------------------------------------------------------------- clients

    def login_as_client(self, user_agent: str, ip: str, account: Account | None = None) -> Client:
        """Sign a device in, by recovery code where a second factor is asked; of the manager unless told.

        With rate limits on, allauth refuses the fifth sign-in of one name *at the same moment*: it counts an
        attempt as failed until it has succeeded.
        """
        person = account or self.manager
        credentials = {"username": person.username, "password": person.password}
        answer = self.request("POST", "auth/login", credentials, user_agent=user_agent, ip=ip)
        if "mfa_authenticate" in answer.flows:
            code = {"code": person.recovery_code()}
            answer = self.request(
                "POST", "auth/2fa/authenticate", code, token=answer.token, user_agent=user_agent, ip=ip
            )
        assert answer.status == 200, f"{person.username} could not sign in: {answer} {answer.errors}"
        return Client(self, user_agent, ip, answer.token)

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str = "",
        user_agent: str = "test",
        ip: str = "",
    ) -> Answer:
        """Ask the server once, without any code of ours; path is relative to the app client's root."""
        headers = {"Accept": "application/json", "User-Agent": user_agent}
        if token:
            headers["X-Session-Token"] = token
        if ip:
            headers["X-Forwarded-For"] = ip
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        with closing(connection):
            connection.request(method, _API + path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
        is_json = response.headers.get_content_type() == "application/json"
        return Answer(response.status, json.loads(text) if is_json and text else {})

    # ------------------------------------------------------------------------------ behind the scenes

    def sessions_in_database(self) -> list[StoredSession]:
        """The sessions that are alive and listed, by id; can be asked while the server is stopped, too.

        Sign clients in one after the other where the list matters: when two sign-ins of one person meet,
        allauth may drop the row of one from its list while its token lives on (seen with 65.21.1).
        """
        with self._database() as database:
            rows = database.execute(
                "SELECT listed.id, person.username, listed.ip, listed.user_agent, listed.session_key"
                " FROM usersessions_usersession AS listed"
                " JOIN django_session AS live ON live.session_key = listed.session_key"
                " JOIN auth_user AS person ON person.id = listed.user_id ORDER BY listed.id"
            ).fetchall()
        return [StoredSession(*row) for row in rows]

    def end(self, *clients: Client) -> None:
        """End these as an operator would who deletes their rows: nobody is told, the tokens get 410."""
        with self._database() as database:
            database.executemany(
                "DELETE FROM django_session WHERE session_key = ?", [(client.token,) for client in clients]
            )

    def end_all(self, keep: Sequence[Client] = ()) -> None:
        """End every session on the server in the same way, but for those to keep."""
        kept = {client.token for client in keep}
        with self._database() as database:
            database.executemany(
                "DELETE FROM django_session WHERE session_key = ?",
                [
                    (key,)
                    for (key,) in database.execute("SELECT session_key FROM django_session")
                    if key not in kept
                ],
            )

    def age_factors(self, client: Client, seconds: float) -> None:
        """Make it that many seconds longer ago that this device was given a password or a code."""
        signer = TimestampSigner(key=self._settings["secret_key"], salt=_SESSION_SALT, fallback_keys=[])
        with self._database() as database:
            query = "SELECT session_data FROM django_session WHERE session_key = ?"
            (signed,) = database.execute(query, (client.token,)).fetchone()
            session = signer.unsign_object(signed, serializer=JSONSerializer)
            for shown in session["account_authentication_methods"]:
                shown["at"] -= seconds
            signed = signer.sign_object(session, serializer=JSONSerializer, compress=True)
            database.execute(
                "UPDATE django_session SET session_data = ? WHERE session_key = ?", (signed, client.token)
            )

    def requests(self) -> list[str]:
        """What the server was asked, in order, as "DELETE auth/sessions 200"."""
        return (self._path / REQUEST_LOG).read_text(encoding="utf-8").replace(_API, "").splitlines()

    def complaints(self) -> str:
        """What the server wrote to its standard error: warnings, tracebacks; "" when all is well."""
        return (self._path / "stderr.txt").read_text(encoding="utf-8", errors="replace")

    # --------------------------------------------------------------------------------- start and stop

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, or start it again on the same port with the same people and sessions."""
        assert not self.running, "it is running already"
        with (self._path / "stderr.txt").open("ab") as complaints:
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "tests.allauth_site.serve"],
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints,
                encoding="utf-8",
            )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(self._options()) + "\n")
        process.stdin.flush()
        late = threading.Timer(_PATIENCE, process.kill)
        late.start()
        line = process.stdout.readline()
        late.cancel()
        if not line:
            raise RuntimeError(f"the django-allauth server did not come up:\n{self.complaints()}")
        told = json.loads(line)
        self.port = told["port"]
        for account in (self.manager, self.clerk):
            account.unused_recovery_codes += told["recovery_codes"].get(account.username, [])

    def stop(self) -> None:
        """Stop it; whoever asks now is refused a connection. Its sessions wait in the database."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.communicate(timeout=_PATIENCE)  # closes its standard input: the sign to leave
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def close(self) -> None:
        """Stop it for good and remove its files."""
        self.stop()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _options(self) -> dict[str, Any]:
        people = [
            {"username": a.username, "email": a.email, "password": a.password, "totp_secret": a.totp_secret}
            for a in (self.manager, self.clerk)
        ]
        return {"folder": str(self._path), "port": self.port, "settings": self._settings, "people": people}

    @property
    def _path(self) -> Path:
        assert self._folder is not None, "use it in a with block"
        return Path(self._folder.name)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path / DATABASE, timeout=20)) as database, database:
            yield database


def _hotp(secret: str, counter: int) -> str:
    """The six digits for a counter (RFC 4226, 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"
