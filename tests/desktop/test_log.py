"""The log holds no secrets."""

from __future__ import annotations

import logging
import stat
import sys
from pathlib import Path

import pytest

from sessionconsole.desktop.log import logging_to, without_secrets

CANARY = "c4n4ry-Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {CANARY}",
        f"{{'Authorization': 'Bearer {CANARY}'}}",
        f'{{"refresh_token": "{CANARY}", "expires_in": 60}}',
        f"X-Session-Token: {CANARY}",
        f"GET /?access_token={CANARY}&page=2",
        f"password={CANARY}",
        f"Set-Cookie: sessionid={CANARY}; HttpOnly",
        f"the answer was {CANARY}",
        f"DELETE https://booking.example/v1/sessions/{CANARY}?why=end answered 204",
        f"eyJhbGciOiJub25lIn0.{CANARY}.sig",
    ],
)
def test_secrets_are_taken_out(text: str) -> None:
    assert CANARY not in without_secrets(text)
    assert "[not logged]" in without_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET https://booking.example/v1/sessions answered 200 in 31 ms",
        "/home/dana/.local/share/sessionconsole/console.db holds 14 lists",
        "Traceback (most recent call last): a_function_with_a_rather_long_name_of_letters failed",
    ],
)
def test_what_is_no_secret_stays_readable(text: str) -> None:
    assert without_secrets(text) == text


def test_the_file_is_for_this_user_only_and_covers_tracebacks(tmp_path: Path) -> None:
    log = logging.getLogger("sessionconsole.test")

    with logging_to(tmp_path / "logs") as path:
        try:
            raise ValueError(f"Bearer {CANARY}")
        except ValueError:
            log.exception("asked with %s", f"token={CANARY}")
    log.warning("after the end")

    written = path.read_text()
    assert "Traceback" in written
    assert CANARY not in written
    assert "after the end" not in written
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
