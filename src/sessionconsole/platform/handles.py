"""The console's own names of sessions: the same in every run, and nothing can be learned from one."""

from __future__ import annotations

import base64
import hashlib
import hmac

from sessionconsole.domain.sessions import Handle

_LENGTH = 16  # base32 characters: 80 bits, far from collisions among the sessions of one platform


class Handles:
    """Makes handles of native ids, and knows again the ids that it has seen; it never shows one.

    Some platforms use a live credential as id, so what is stored and shown is a keyed hash (HMAC-SHA256, RFC 2104).
    """

    def __init__(self, platform: str, key: bytes) -> None:
        self._platform = platform
        self._key = key
        self._native: dict[Handle, str] = {}

    def of(self, native: str) -> Handle:
        """The handle of a session, `<platform>:<opaque>`; from now on it is known."""
        secret = f"{self._platform}\0{native}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self._key, secret, hashlib.sha256).digest()
        opaque = base64.b32encode(digest).decode("ascii").lower()[:_LENGTH]
        handle = Handle(f"{self._platform}:{opaque}")
        self._native[handle] = native
        return handle

    def native(self, handle: Handle) -> str | None:
        """The platform's own id, None where no list had that session since the platform was opened."""
        return self._native.get(handle)
