"""Logins that do not belong, of the kinds that operators really see."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sessionconsole.demo.world import devices as on
from sessionconsole.demo.world.seats import INTRUDER, Rhythm, Seat

_NOW_AND_THEN = Rhythm(12 * 60.0)

_KINDS = (
    (INTRUDER.device, INTRUDER.ips),
    (on.WINDOWS_CHROME, ("198.51.100.98",)),
    (on.ANDROID_CHROME, ("198.51.100.115", "198.51.100.116")),
    (on.LINUX_CHROME, ("198.51.100.130",)),
    (on.MAC_CHROME, ("198.51.100.150",)),
    (on.WINDOWS_EDGE, ("203.0.113.166",)),
)


def stranger(rng: Random, accounts: Sequence[str]) -> Seat:
    """One more of them, as one of these accounts."""
    device, ips = rng.choice(_KINDS)
    return Seat(rng.choice(accounts), device, ips, _NOW_AND_THEN)
