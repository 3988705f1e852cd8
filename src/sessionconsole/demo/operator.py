"""The platform behind the API: the world, the register, accounts and tokens, brought together."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field

from sessionconsole.demo import problems
from sessionconsole.demo.accounts import Account, Door, invent
from sessionconsole.demo.bell import Bell
from sessionconsole.demo.breaches import Breach
from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.options import Options
from sessionconsole.demo.sessions import Register, Session
from sessionconsole.demo.tokens import Pair, Tokens
from sessionconsole.demo.world.devices import SHARED, Device
from sessionconsole.demo.world.life import Life, SignedIn, SignedOut, WasActive
from sessionconsole.demo.world.people import CHANNEL_MANAGER, OPERATOR, VIEWER, Person, staff
from sessionconsole.demo.world.seats import opening

CHALLENGE_LIFETIME = 300.0
AT_ONCE = 0.005
"""Real seconds that anybody spends in one go on what the world has missed, so that nobody else has to wait."""


@dataclass(slots=True)
class Caller:
    """Who makes a call: the account, its session, and when it last proved its identity."""

    account: Account
    session: Session
    authenticated_at: float


@dataclass(slots=True)
class Effects:
    """What really happened, for tests that count."""

    ended: Counter[str] = field(default_factory=Counter)
    end_requests: int = 0
    refreshes: int = 0


class Operator:
    """Harbour & Reef Tours, alive: every call first lets the world catch up with its clock."""

    name = OPERATOR

    def __init__(self, options: Options, clock: WorldClock) -> None:
        people = staff(options.seed, options.people)
        self.options = options
        self.clock = clock
        self.accounts = invent(options.seed, people)
        self.people: dict[str, Person] = {
            person.account: person for person in (*people, CHANNEL_MANAGER, VIEWER)
        }
        self.everybody = sorted(self.people)
        self.door = Door(self.accounts, clock)
        self.tokens = Tokens(clock)
        self.bell = Bell()
        self.register = Register(self.bell.ring)
        self.effects = Effects()
        self.breaches: frozenset[Breach] = frozenset()
        self.born = secrets.token_hex(4)
        seats = opening(options.seed, people, options.sessions)
        self._life = Life(options.seed, clock.start, seats, [person.account for person in people])
        self._callers: dict[str, Caller] = {}
        self._ended_at: dict[str, float] = {}
        self._challenges: dict[str, tuple[str, float, str | None]] = {}
        self.register.begin_with(map(self._session_of, self._life.opening()), clock.start)
        self.catch_up()

    def catch_up(self, within: float = math.inf) -> bool:
        """Let happen what belongs to the time until now, for so many real seconds; False where some of it is left.

        What is left happens in its order, before anything that comes later.
        """
        give_up = time.monotonic() + within
        now = self.clock.now()
        for event in self._life.until(now):
            self.register.expire_until(event.at)
            match event:
                case SignedIn():
                    session = self._session_of(event)
                    self.register.add(session, event.at)
                case WasActive():
                    self.register.touch(event.session, event.at, event.ip)
                case SignedOut():
                    self.register.remove(event.session, event.at)
            if time.monotonic() > give_up:
                return False
        self.register.expire_until(now)
        return True

    async def live_on(self) -> None:
        """Catch up whole, with room for others in between."""
        while not self.catch_up(AT_ONCE):  # noqa: ASYNC110 -- this is work in slices, not waiting
            await asyncio.sleep(0)

    def intrude(self) -> Session:
        """The login that does not belong appears at once."""
        login = self._life.intrude(self.clock.now())
        session = self._session_of(login)
        self.register.add(session, login.at)
        return session

    def sign_in(self, username: str, password: str, device: Device, ip: str) -> Pair:
        """Tokens, or Problem: bad credentials, second factor required, too many attempts."""
        account = self.door.password(username, password)
        if account.methods:
            challenge = f"half_{secrets.token_urlsafe(24)}"
            self._challenges[challenge] = (username, self.clock.now() + CHALLENGE_LIFETIME, device.name)
            raise problems.second_factor_required(challenge, account.methods)
        return self.admit(account, device, ip)

    def complete(self, challenge: str, method: str, code: str, device: Device, ip: str) -> Pair:
        """Tokens for a half sign-in, or Problem."""
        username, expires, device_name = self._challenges.get(challenge, ("", 0.0, None))
        if expires <= self.clock.now():
            self._challenges.pop(challenge, None)
            raise problems.challenge_expired()
        account = self.accounts[username]
        self.door.code(account, method, code)
        del self._challenges[challenge]
        return self.admit(account, device.called(device_name) if device_name else device, ip)

    def admit(self, account: Account, device: Device, ip: str) -> Pair:
        """Begin a session that is held from outside, whose identity was just proved."""
        now = self.clock.now()
        session = Session(f"ses_{secrets.token_hex(8)}", account.person, device, ip, int(now), int(now))
        self.register.add(session, now)
        self._callers[session.id] = Caller(account, session, now)
        return self.tokens.issue(session.id)

    def caller(self, access_token: str) -> Caller:
        """Who this access token speaks for; an ended session's may linger for the declared delay."""
        session_id = self.tokens.session_of_access(access_token)
        if self.register.get(session_id) is None and not self._lingers(session_id):
            raise problems.session_ended()
        self.register.touch(session_id, self.clock.now())
        return self._callers[session_id]

    def knows(self, access_token: str) -> bool:
        """Whether this access token is good now; asking is no use of its session."""
        try:
            session_id = self.tokens.session_of_access(access_token)
        except problems.Problem:
            return False
        return self.register.get(session_id) is not None or self._lingers(session_id)

    def renew(self, refresh_token: str) -> Pair:
        """The next pair; a token that was used before ends its session."""
        session_id, is_current = self.tokens.session_of_refresh(refresh_token)
        if self.register.get(session_id) is None:
            raise problems.session_ended()
        if not is_current and Breach.REFRESH_TWICE not in self.breaches:
            self.end(session_id)
            raise problems.token_reused()
        self.register.touch(session_id, self.clock.now())
        self.effects.refreshes += 1
        return self.tokens.issue(session_id)

    def prove(self, caller: Caller, *, password: str | None, method: str, code: str) -> None:
        """Renew the caller's proof of identity, or raise Problem."""
        if caller.account.methods:
            self.door.code(caller.account, method, code)
        else:
            self.door.password(caller.account.person.account, password or "")
        caller.authenticated_at = self.clock.now()

    def refuse_unless_may_end(self, caller: Caller) -> None:
        """Raise Problem where the account may not end others' sessions, or its proof is too old."""
        if not caller.account.may_end:
            raise problems.not_allowed("It may see who is signed in, but not end other sessions.")
        age = self.clock.now() - caller.authenticated_at
        if age > self.clock.to_world(self.options.reauth_after):
            raise problems.reauthentication_required(caller.account.methods or ["password"])

    def end(self, session_id: str) -> bool:
        """End a session; False where there is none. Counted, so that tests see how often it took effect."""
        now = self.clock.now()
        if Breach.ENDED_STILL_LISTED in self.breaches:
            return self.register.get(session_id) is not None
        if not self.register.remove(session_id, now):
            return False
        self._ended_at[session_id] = now
        self.effects.ended[session_id] += 1
        return True

    def _lingers(self, session_id: str) -> bool:
        delay = self.clock.to_world(self.options.revocation_delay)
        if Breach.ENDED_TOKEN_WORKS in self.breaches:
            delay = math.inf
        ended = self._ended_at.get(session_id)
        return ended is not None and self.clock.now() < ended + delay

    def _session_of(self, login: SignedIn) -> Session:
        person = self.people[login.account]
        return Session(login.session, person, login.device, login.ip, int(login.at), int(login.active))


def device_of(user_agent: str | None, name: str | None = None, app: str | None = None) -> Device:
    """The device of a client that signs in over the API."""
    return Device(user_agent, app, name, SHARED)
