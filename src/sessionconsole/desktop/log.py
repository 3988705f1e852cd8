"""The log: a file for this user only, without secrets."""

from __future__ import annotations

import contextlib
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

_SIZE = 1_000_000  # bytes per file
_FILES = 3
_GONE = "[not logged]"

_SECRETS = (
    # A header or JSON key that names a secret, whatever its value looks like.
    re.compile(
        r"(?i)((?:authorization|cookie|set-cookie|x-session-token|api-key|password|passphrase|secret|otp"
        r"|[a-z_-]*token|code_verifier|recovery_code)[\"']?\s*[:=]\s*)(?:(?:bearer|basic)\s+)?"
        r"(?:\"[^\"]*\"|'[^']*'|[^\s,;&}]+)"
    ),
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)[^\s,;\"']+"),
    # What has no name beside it but the look of a token (128 bits are 22 letters and digits in base64), also as a
    # part of a URL: some platforms use a live token as the id of a session.
    re.compile(r"()(?<![\w.~+-])(?=[\w.~+-]*\d)(?=[\w.~+-]*[A-Za-z])[\w.~+-]{22,}={0,2}"),
)


def without_secrets(text: str) -> str:
    """The text with everything that is or looks like a credential taken out; rather too much than too little."""
    for pattern in _SECRETS:
        text = pattern.sub(lambda found: found[1] + _GONE, text)
    return text


class _Redacting(logging.Formatter):
    """Works on the finished text, so that tracebacks and arguments are covered too."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class _PrivateFile(RotatingFileHandler):
    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace")

    def doRollover(self) -> None:  # noqa: N802 - the name that logging.handlers calls
        # On Windows the file cannot be renamed while another process of this home logs too: go on with it then.
        with contextlib.suppress(PermissionError):
            super().doRollover()


@contextmanager
def logging_to(folder: Path, level: int = logging.INFO) -> Iterator[Path]:
    """Log to `sessionconsole.log` there while the block runs; raises OSError where it cannot be opened."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "sessionconsole.log"
    handler = _PrivateFile(path, maxBytes=_SIZE, backupCount=_FILES, delay=False)
    handler.setFormatter(_Redacting("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield path
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()
