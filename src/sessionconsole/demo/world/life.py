"""How the days go by: one stream of events, the same for the same seed, seats and world time.

The stream knows nothing of what is ended from outside: whoever applies it ignores events of sessions that are gone.
So what a console ends never changes what the others do.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from random import Random

from sessionconsole.demo.world.devices import DAY, HOUR, Device
from sessionconsole.demo.world.seats import INTRUDER, Seat, Standing
from sessionconsole.demo.world.strangers import stranger

OPENING_HOUR = 14.05
"""The time of day in the world when it begins: a first look finds people at work, wherever on earth it is taken."""

_STRANGER = 1_000_000_000
_ASKED_FOR = 2_000_000_000
"""Where the numbers of those seats begin that come later, so that one asked for shifts no other."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A login began, and was last used at `active`; times in seconds since 1970."""

    at: float
    active: float
    session: str
    account: str
    device: Device
    ip: str


@dataclass(frozen=True, slots=True)
class WasActive:
    """A session was used."""

    at: float
    session: str
    ip: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """Somebody signed out at the end of a shift."""

    at: float
    session: str


Event = SignedIn | WasActive | SignedOut


class _Act(IntEnum):
    USE = 0
    SIGN_OUT = 1
    STRANGER = 2


class _Course:
    """What became of one seat so far."""

    __slots__ = ("active", "draws", "number", "seat", "session", "signed_in")

    def __init__(self, number: int, seat: Seat) -> None:
        self.number = number
        self.seat = seat
        self.session: str | None = None
        self.signed_in = 0.0
        self.active = 0.0
        self.draws = 0

    def lives_at(self, moment: float) -> bool:
        if self.session is None:
            return False
        idle, absolute = self.seat.device.lifetime.idle, self.seat.device.lifetime.absolute
        return (idle is None or moment < self.active + idle) and (
            absolute is None or moment < self.signed_in + absolute
        )


class Life:
    """The world's events in the order of time, produced only as far as somebody looks."""

    def __init__(
        self, seed: int, start: float, standing: Sequence[Standing], accounts: Sequence[str]
    ) -> None:
        self._seed = seed
        self._start = start
        self._accounts = tuple(accounts)
        self._courses: dict[int, _Course] = {}
        self._agenda: list[tuple[float, int, _Act]] = []
        self._strangers = 0
        self._asked_for = 0
        self._opening = [self._begin(each) for each in standing]
        self._opening.sort(key=lambda event: event.at)
        self._expect_stranger(start)

    def opening(self) -> list[SignedIn]:
        """The logins of those who are there when the world begins, oldest first, all at once; `until` then has none."""
        opening, self._opening = self._opening, []
        return opening

    def until(self, moment: float) -> Iterator[Event]:
        """Everything up to and at that moment that was not told yet."""
        while self._opening and self._opening[0].at <= moment:
            yield from self.opening()
        while self._agenda and self._agenda[0][0] <= moment:
            at, number, act = heapq.heappop(self._agenda)
            if act is _Act.STRANGER:
                yield self._stranger_comes(at, number)
            elif act is _Act.SIGN_OUT:
                yield from self._sign_out(self._courses[number], at)
            else:
                yield self._use(self._courses[number], at)

    def intrude(self, moment: float) -> SignedIn:
        """The well-known intruder comes now, because somebody asked for it."""
        self._asked_for += 1
        return self._seat_comes(INTRUDER, moment, _ASKED_FOR + self._asked_for)

    def _root(self, number: int) -> int:
        return (self._seed * 1_000_003 + number) * 1_000_033

    def _draw(self, course: _Course) -> Random:
        """Chance of its own for every step of every seat, so that no seat shifts another's."""
        course.draws += 1
        return Random(self._root(course.number) + course.draws)

    def _begin(self, standing: Standing) -> SignedIn:
        course = self._new_course(standing.seat, len(self._courses))
        rng = self._draw(course)
        signed_in, active = self._start - standing.signed_in, self._start - standing.active
        login = self._sign_in(course, signed_in, rng)
        course.active = active
        if standing.next_use is not None:
            heapq.heappush(self._agenda, (self._start + standing.next_use, course.number, _Act.USE))
        else:
            self._plan(course, self._start, rng)
        return replace(login, active=active)

    def _new_course(self, seat: Seat, number: int) -> _Course:
        course = self._courses[number] = _Course(number, seat)
        return course

    def _sign_in(self, course: _Course, at: float, rng: Random) -> SignedIn:
        course.session = f"ses_{rng.getrandbits(64):016x}"
        course.signed_in = course.active = at
        ip = rng.choice(course.seat.ips)
        return SignedIn(at, at, course.session, course.seat.account, course.seat.device, ip)

    def _use(self, course: _Course, at: float) -> Event:
        rng = self._draw(course)
        event: Event
        if course.session is not None and course.lives_at(at):
            course.active = at
            event = WasActive(at, course.session, rng.choice(course.seat.ips))
        else:
            event = self._sign_in(course, at, rng)
        self._plan(course, at, rng)
        return event

    def _sign_out(self, course: _Course, at: float) -> Iterator[Event]:
        if course.session is not None and course.lives_at(at):
            yield SignedOut(at, course.session)
        course.session = None

    def _plan(self, course: _Course, at: float, rng: Random) -> None:
        rhythm = course.seat.rhythm
        moment = at + max(20.0, rng.expovariate(1 / rhythm.gap))
        hour = self._hour(moment)
        if not rhythm.begins <= hour < rhythm.ends:
            shift_ends = at + (rhythm.ends - self._hour(at)) * HOUR
            if shift_ends > at and rng.random() < rhythm.signs_out:
                heapq.heappush(self._agenda, (shift_ends, course.number, _Act.SIGN_OUT))
            moment += ((rhythm.begins - hour) % 24) * HOUR + rng.expovariate(1 / (HOUR / 2))
            while rng.random() < rhythm.day_off:
                moment += DAY
        heapq.heappush(self._agenda, (moment, course.number, _Act.USE))

    def _hour(self, moment: float) -> float:
        return (OPENING_HOUR + (moment - self._start) / HOUR) % 24

    def _expect_stranger(self, at: float) -> None:
        self._strangers += 1
        number = _STRANGER + self._strangers
        moment = at + Random(self._root(number)).uniform(2, 6) * HOUR
        heapq.heappush(self._agenda, (moment, number, _Act.STRANGER))

    def _stranger_comes(self, at: float, number: int) -> SignedIn:
        self._expect_stranger(at)
        return self._seat_comes(stranger(Random(self._root(number) + 1), self._accounts), at, number)

    def _seat_comes(self, seat: Seat, at: float, number: int) -> SignedIn:
        course = self._new_course(seat, number)
        rng = self._draw(course)
        event = self._sign_in(course, at, rng)
        self._plan(course, at, rng)
        return event
