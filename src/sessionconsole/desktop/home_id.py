"""The random name of a home, by which two homes of one user never collide in the keyring."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from sessionconsole.desktop.files import write_once

_SHAPE = re.compile(rb"[0-9a-f]{32}\n?")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HomeId:
    """32 hexadecimal digits, 128 random bits; not a secret, but nobody else's to know."""

    text: str

    @property
    def handle_key(self) -> bytes:
        """32 bytes for the keyed hash of session ids (HMAC-SHA-256, RFC 2104): the same in every run of this home."""
        return hmac.digest(bytes.fromhex(self.text), b"sessionconsole session handles", hashlib.sha256)


def read_home_id(path: Path) -> HomeId:
    """The id kept there, made at the first call; processes that call at once all get the same one.

    A file that holds no id is set aside: the keyring entries and the store under the lost id cannot be found any
    more, which then says so itself. Raises `StoreNotWritable`.
    """
    content = write_once(path, secrets.token_hex(16).encode("ascii"))
    if not _SHAPE.fullmatch(content):
        aside = path.with_name(path.name + "-damaged")
        _LOG.warning("%s holds no id and is set aside as %s", path, aside.name)
        path.replace(aside)
        content = write_once(path, secrets.token_hex(16).encode("ascii"))
    return HomeId(content.decode("ascii").strip())
