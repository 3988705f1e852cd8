"""Time-based one-time passwords (RFC 6238: SHA-1, 6 digits, 30 seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac

STEP = 30
DIGITS = 6


def code_at(secret: str, counter: int) -> str:
    """The code of one time step (RFC 4226, section 5.3); `secret` is base32."""
    key = base64.b32decode(secret)
    digest = hmac.new(key, counter.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_counter(secret: str, code: str, now: float, skew: int = 1) -> int | None:
    """The time step whose code this is, at most `skew` steps from now (seconds since 1970), or None."""
    here = int(now // STEP)
    for counter in range(here - skew, here + skew + 1):
        if hmac.compare_digest(code_at(secret, counter).encode(), code.encode()):
            return counter
    return None
