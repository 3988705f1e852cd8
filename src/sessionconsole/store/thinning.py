"""Which earlier lists are worth keeping, and which few are left of many: each session is in one of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sessionconsole.domain.sessions import LoginSession, Snapshot

MOST = 200
"""Lists that are left of many."""
USUAL_GAP = 3600.0
"""Seconds between two earlier lists where nobody came and went in between."""

_SIZE = 8  # bytes of hash per session: a collision drops a list that another one nearly covers


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier list without its body: when it was taken, in seconds, and who was on it."""

    number: int
    taken_at: float
    seen: frozenset[bytes]


def seen_on(snapshot: Snapshot) -> bytes:
    """The fingerprints of the sessions, one after the other: what of a session an assessment would learn from."""
    # Not sorted, because a sort of 100,000 lets no other thread run.
    return b"".join(dict.fromkeys(map(_fingerprint, snapshot.sessions)))


def fingerprints(seen: bytes) -> frozenset[bytes]:
    """The fingerprints apart again."""
    return frozenset(seen[at : at + _SIZE] for at in range(0, len(seen), _SIZE))


def worth_keeping(leaving: Kept, last: Kept | None, following: frozenset[bytes]) -> bool:
    """Whether a list that another replaces becomes an earlier one: each hour, or where a session would be lost."""
    if last is None or abs(leaving.taken_at - last.taken_at) >= USUAL_GAP:
        return True
    return not leaving.seen <= last.seen | following


def too_many(kept: Sequence[Kept]) -> Sequence[int]:
    """The numbers to drop from lists in order of time: those that their neighbours cover, and stand closest, first."""
    left = list(kept)
    dropped = []
    while (
        len(left) > 2 * MOST
    ):  # far too many: every other one at once, because one by one takes the square of it
        others = range(1, len(left) - 1, 2)
        covered = [at for at in others if left[at].seen <= left[at - 1].seen | left[at + 1].seen]
        leaving = set(covered if 2 * len(covered) > len(others) else others)
        dropped += [left[at].number for at in sorted(leaving)]
        left = [each for at, each in enumerate(left) if at not in leaving]
    while len(left) > MOST:

        def loss(at: int) -> tuple[bool, float]:
            before, this, after = left[at - 1 : at + 2]
            return not this.seen <= before.seen | after.seen, after.taken_at - before.taken_at

        dropped.append(left.pop(min(range(1, len(left) - 1), key=loss)).number)
    return dropped


def _fingerprint(session: LoginSession) -> bytes:
    country = session.place.country if session.place else None
    facts = repr((session.handle, session.ip, country, session.device.family))
    return hashlib.blake2b(facts.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()
