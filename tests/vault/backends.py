"""Keyrings that behave as badly as real ones do."""

from __future__ import annotations

import threading


class FakeKeyring:
    """A back end of `keyring` in memory."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.calls = 0

    def get_password(self, service: str, username: str, /) -> str | None:
        self.calls += 1
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.calls += 1
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        self.calls += 1
        del self.entries[service, username]


class FakeMemory:
    """`vault.backends.Memory`: what a home remembers of its back end."""

    def __init__(self, remembered: str | None = None) -> None:
        self.remembered = remembered

    def recall(self) -> str | None:
        return self.remembered

    def keep(self, backend_id: str) -> None:
        self.remembered = backend_id


class Died(BaseException):
    """The process ended here."""


class DyingKeyring(FakeKeyring):
    """The process dies before the call that makes `changes` zero: nothing is written after that."""

    def __init__(self, entries: dict[tuple[str, str], str], changes: int) -> None:
        super().__init__()
        self.entries = entries
        self.changes = changes

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self._one_less()
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str, /) -> None:
        self._one_less()
        super().delete_password(service, username)

    def _one_less(self) -> None:
        if self.changes == 0:
            raise Died
        self.changes -= 1


class RaisingKeyring(FakeKeyring):
    """Every call raises that."""

    def __init__(self, problem: Exception) -> None:
        super().__init__()
        self.problem = problem

    def get_password(self, service: str, username: str, /) -> str | None:
        raise self.problem

    def set_password(self, service: str, username: str, password: str, /) -> None:
        raise self.problem


class RefusingKeyring(FakeKeyring):
    """It can be read, and every write raises that."""

    def __init__(self, problem: Exception) -> None:
        super().__init__()
        self.problem = problem

    def set_password(self, service: str, username: str, password: str, /) -> None:
        raise self.problem


class HangingKeyring(FakeKeyring):
    """No call returns before `mended` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.mended = threading.Event()

    def get_password(self, service: str, username: str, /) -> str | None:
        self.mended.wait()
        return super().get_password(service, username)


class ForgetfulKeyring(FakeKeyring):
    """It takes everything and keeps nothing, as keyring's null back end does."""

    def set_password(self, service: str, username: str, password: str, /) -> None:
        self.calls += 1


class ClingingKeyring(FakeKeyring):
    """It says that it deleted, and did not."""

    def delete_password(self, service: str, username: str, /) -> None:
        self.calls += 1


class DoublingKeyring(FakeKeyring):
    """It holds an entry twice, as a Secret Service can, and deletes one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.twice: set[tuple[str, str]] = set()

    def set_password(self, service: str, username: str, password: str, /) -> None:
        super().set_password(service, username, password)
        self.twice.add((service, username))

    def delete_password(self, service: str, username: str, /) -> None:
        if (service, username) in self.twice:
            self.twice.discard((service, username))
        else:
            super().delete_password(service, username)
