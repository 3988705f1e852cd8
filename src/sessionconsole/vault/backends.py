"""Which of keyring's back ends may hold our secrets."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from typing import Protocol

from sessionconsole.domain.errors import KeyringMissing

SERVICE = "sessionconsole"


class Backend(Protocol):
    """What we use of `keyring.backend.KeyringBackend`."""

    def get_password(self, service: str, username: str, /) -> str | None: ...
    def set_password(self, service: str, username: str, password: str, /) -> None: ...
    def delete_password(self, service: str, username: str, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Allowed:
    """A class of keyring that may be used: the id by which a home remembers it, and its name for people."""

    id: str
    module: str
    name: str
    title: str


WINDOWS = Allowed("windows", "keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager")
MACOS = Allowed("macos", "keyring.backends.macOS", "Keyring", "macOS Keychain")
SECRET_SERVICE = Allowed(
    "secret-service",
    "keyring.backends.SecretService",
    "Keyring",
    "Secret Service (GNOME Keyring or alike)",
)
KWALLET = Allowed("kwallet", "keyring.backends.kwallet", "DBusKeyring", "KDE Wallet")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The back end in use; `instead_of` is the name of the one that the home remembers, where that is not there."""

    backend: Backend
    id: str
    title: str
    instead_of: str | None = None


class Memory(Protocol):
    """Where a home remembers which back end has its entries."""

    def recall(self) -> str | None:
        """The id of that back end; None where none was used yet."""
        ...

    def keep(self, backend_id: str) -> None:
        """Remember that one; a home that cannot be written is no reason to fail."""
        ...


def allowed_on(platform: str = sys.platform) -> tuple[Allowed, ...]:
    """The back ends of that system, best first; never one that writes clear text, and never keyring's chainer."""
    match platform:
        case "win32":
            return (WINDOWS,)
        case "darwin":
            return (MACOS,)
        case _:
            return (SECRET_SERVICE, KWALLET)


def choose(remembered: str | None = None, allowed: tuple[Allowed, ...] | None = None) -> Chosen:
    """The back end that the home remembers, else the first that works here; raises `KeyringMissing`.

    keyring's own discovery is not used: it would obey `PYTHON_KEYRING_BACKEND` and a configuration file, by which
    anybody could make us write clear text, and it costs more than opening the window. Slow: on Linux it asks D-Bus.
    """
    candidates = allowed_on() if allowed is None else allowed
    for candidate in sorted(candidates, key=lambda each: each.id != remembered):
        backend = _made(candidate)
        if backend is not None:
            missed = remembered if remembered not in (None, candidate.id) else None
            titles = {each.id: each.title for each in candidates}
            return Chosen(backend, candidate.id, candidate.title, missed and titles.get(missed, missed))
    raise KeyringMissing


def _made(candidate: Allowed) -> Backend | None:
    try:
        kind = getattr(importlib.import_module(candidate.module), candidate.name)
        if kind.priority <= 0:  # raises RuntimeError where the system lacks what it needs
            return None
        backend: Backend = kind()
        if candidate is WINDOWS:
            # keyring's default roams with the user's profile to every computer of the office.
            backend.persist = "local machine"  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001 - whatever a back end raises here, it cannot be used
        return None
    return backend
