"""Who may sign in: passwords, second factors, and the door that closes after too many failures.

Everything here is invented from the seed for a demo that listens on loopback only; nothing is a real secret.
"""

from __future__ import annotations

import base64
import hmac
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random

from sessionconsole.demo import problems
from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.totp import matching_counter
from sessionconsole.demo.world.people import VIEWER, Person

MANAGER = "dana.whitlock"
SECOND_MANAGER = "graham.pell"
FIXED_PASSWORDS = {VIEWER.account: "look-but-do-not-touch", SECOND_MANAGER: "tides-and-timetables"}
"""The accounts that are documented rather than printed; neither has a second factor."""

_WORDS = (
    "anchor", "bowline", "coral", "current", "dinghy", "eddy", "fathom", "galley", "harbour", "island", "jetty",
    "keel", "lagoon", "mangrove", "lantern", "osprey", "pontoon", "reef", "sextant", "tiller", "wharf",
)  # fmt: skip


@dataclass(slots=True)
class Account:
    """One account that can sign in."""

    person: Person
    password: str = field(repr=False)
    may_look: bool = False
    may_end: bool = False
    totp_secret: str | None = field(default=None, repr=False)
    recovery_codes: list[str] = field(default_factory=list, repr=False)

    @property
    def methods(self) -> list[str]:
        """The second factors of this account; empty where the password is enough."""
        return ["totp", "recovery_code"] if self.totp_secret else []


def invent(seed: int, people: Iterable[Person]) -> dict[str, Account]:
    """The accounts of these people and of the viewer, the same for the same seed."""
    accounts: dict[str, Account] = {}
    for person in (*people, VIEWER):
        rng = Random(f"{seed} account {person.account}")
        password = f"{rng.choice(_WORDS)}-{rng.choice(_WORDS)}-{rng.randint(1000, 9999)}"
        account = Account(person, FIXED_PASSWORDS.get(person.account, password))
        account.may_end = person.account in (MANAGER, SECOND_MANAGER)
        account.may_look = account.may_end or person is VIEWER
        if person.account == MANAGER:
            account.totp_secret = base64.b32encode(rng.randbytes(20)).decode()
            account.recovery_codes = [
                f"{rng.getrandbits(20):05x}-{rng.getrandbits(20):05x}" for _ in range(10)
            ]
        accounts[person.account] = account
    return accounts


class Door:
    """Checks proofs of identity; after `limit` failures in a row it stays shut for `shut_for` world seconds."""

    def __init__(
        self,
        accounts: dict[str, Account],
        clock: WorldClock,
        *,
        limit: int = 5,
        shut_for: float = 300.0,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._accounts = accounts
        self._clock = clock
        self._limit = limit
        self._shut_for = shut_for
        self._wall = wall
        self._failures: dict[str, tuple[int, float]] = {}
        self._used: set[tuple[str, int]] = set()

    def password(self, username: str, password: str) -> Account:
        """The account of this name and password; raises Problem where they do not fit."""
        self._refuse_while_shut(username)
        account = self._accounts.get(username)
        known = account.password if account else ""
        if account is None or not hmac.compare_digest(known.encode(), password.encode(errors="replace")):
            self._failed(username)
            raise problems.bad_credentials()
        if not account.methods:
            self._failures.pop(username, None)
        return account

    def code(self, account: Account, method: str, code: str) -> None:
        """Accept a TOTP or recovery code, each once; raises Problem where it does not fit."""
        username = account.person.account
        self._refuse_while_shut(username)
        accepted = self._totp(account, code) if method == "totp" else self._recovery(account, code)
        if not accepted:
            self._failed(username)
            raise problems.second_factor_refused()
        self._failures.pop(username, None)

    def _totp(self, account: Account, code: str) -> bool:
        if account.totp_secret is None:
            return False
        # An authenticator app knows the real time only; a test that moved the world on has new codes at once.
        for now in {self._wall(), self._wall() + self._clock.advanced}:
            counter = matching_counter(account.totp_secret, code.replace(" ", ""), now)
            if counter is not None and (account.person.account, counter) not in self._used:
                self._used.add((account.person.account, counter))
                return True
        return False

    def _recovery(self, account: Account, code: str) -> bool:
        given = code.strip().lower()
        if given not in account.recovery_codes:
            return False
        account.recovery_codes.remove(given)
        return True

    def _refuse_while_shut(self, username: str) -> None:
        count, last = self._failures.get(username, (0, 0.0))
        left = last + self._shut_for - self._clock.now()
        if count >= self._limit and left > 0:
            raise problems.too_many_attempts(max(1, math.ceil(self._clock.to_real(left))))
        if left <= 0:
            self._failures.pop(username, None)

    def _failed(self, username: str) -> None:
        self._failures[username] = (self._failures.get(username, (0, 0.0))[0] + 1, self._clock.now())
