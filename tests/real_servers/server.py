"""What all real servers have in common: a child process, a scratch folder, a port, and devices that sign in."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Self

import trustme

PATIENCE = 60  # seconds to come up, to answer, or to leave, on a busy machine
_LOOK = 0.05  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its status code, headers and JSON; None where there was none."""

    status: int
    headers: Message = field(repr=False)
    body: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Device:
    """A device that is signed in with a credential of its own; session is its id in the platform's list."""

    name: str
    session: str = field(repr=False)
    credential: str = field(repr=False)
    works: Callable[[], bool] = field(repr=False)
    """Whether the server still accepts this device's own credential."""


class RealServer(ABC):
    """A server that runs while the `with` block does; afterwards neither process nor file is left.

    With an authority it speaks HTTPS. RuntimeError with what it wrote when it does not come up.
    """

    name: ClassVar[str]
    prefix: ClassVar[str]
    """The path below which the server's interface lies."""

    def __init__(self, authority: trustme.CA | None = None) -> None:
        self.port = 0
        self.authority = authority
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix=f"{self.name}-site-")
        try:
            self._start()
            self._settle()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def _start(self) -> None:
        """Start the process and learn its port."""

    @abstractmethod
    def _settle(self) -> None:
        """Make the people, once it answers."""

    @property
    def url(self) -> str:
        """Where the server is, without a path."""
        return f"http{'s' if self.authority else ''}://127.0.0.1:{self.port}"

    @property
    def folder(self) -> Path:
        assert self._folder is not None, "use it in a with block"
        return Path(self._folder.name)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        *,
        user_agent: str = "test",
    ) -> Answer:
        """Ask the server once, without any code of ours; path is relative to `prefix` unless it begins with /."""
        sent = {"Accept": "application/json", "User-Agent": user_agent, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        address = path if path.startswith("/") else self.prefix + path
        with closing(self._connection()) as connection:
            connection.request(method, address, None if body is None else json.dumps(body), sent)
            response = connection.getresponse()
            text = response.read()
        is_json = response.headers.get_content_type() == "application/json" and text
        return Answer(response.status, response.headers, json.loads(text) if is_json else None)

    def _connection(self) -> http.client.HTTPConnection:
        if self.authority is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        trusting = ssl.create_default_context()
        self.authority.configure_trust(trusting)
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE, context=trusting)

    def complaints(self) -> str:
        """What the server wrote."""
        return (self.folder / "output.txt").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Stop it and remove its files."""
        process, self._process = self._process, None
        if process is not None:
            _stopped(process)
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def _spawn(self, *command: str | Path, environment: Mapping[str, str], stdout: int | None = None) -> None:
        with (self.folder / "output.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [str(word) for word in command],
                cwd=self.folder,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=stdout or output,
                stderr=output,
                encoding="utf-8",
            )

    def _until_it_answers(self, path: str) -> bool:
        """Whether it came up; False when the process left instead, as it does where its port was taken."""
        process = self._process
        assert process is not None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                process.wait(timeout=_LOOK)
            except subprocess.TimeoutExpired:
                pass
            else:
                return False
            try:
                if self.ask("GET", path).status == 200:
                    return True
            except (OSError, http.client.HTTPException):
                continue
        raise RuntimeError(f"{self.name} did not answer within {PATIENCE} s:\n{self.complaints()}")


def _stopped(process: subprocess.Popen[str]) -> None:
    try:
        process.communicate(timeout=PATIENCE)  # closes its standard input: the sign to leave
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
