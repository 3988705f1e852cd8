"""What the demo platform can be told."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sessionconsole.demo.world.people import CAST
from sessionconsole.demo.world.seats import CAST_SESSIONS

_STORY_PEOPLE = 4


@dataclass(frozen=True, slots=True)
class Options:
    """Durations in seconds, `start` in seconds since 1970 (None is now); `sessions` does not count the caller's own."""

    port: int = 0
    seed: int = 1
    people: int = len(CAST)
    sessions: int = CAST_SESSIONS
    latency_ms: float = 0.0
    reauth_after: float = 300.0
    revocation_delay: float = 0.0
    time_scale: float = 1.0
    rate_limit: int = 6000
    start: float | None = None


def read(argv: Sequence[str]) -> Options:
    """Options of a command line; argparse ends the process with 2 where they make no sense."""
    parser = argparse.ArgumentParser(
        prog="sessionconsole demo --serve",
        description="Run the demo platform on 127.0.0.1 until standard input closes or SIGTERM comes.",
    )
    add = parser.add_argument
    add("--port", type=_whole(0), default=0, help="0 takes a free one")
    add("--seed", type=int, default=1, help="the same seed makes the same world")
    add("--people", type=_whole(_STORY_PEOPLE), help=f"staff (default {len(CAST)})")
    add("--sessions", type=_whole(1), help=f"sessions at the start (default {CAST_SESSIONS})")
    add("--latency", type=_seconds, default=0.0, metavar="MS", help="milliseconds before each answer")
    add(
        "--reauth-after",
        type=_seconds,
        default=300.0,
        metavar="S",
        help="how long a proof of identity counts",
    )
    add(
        "--revocation-delay",
        type=_seconds,
        default=0.0,
        metavar="S",
        help="how long an ended token still works",
    )
    add(
        "--time-scale",
        type=_seconds,
        default=1.0,
        metavar="X",
        help="how fast the world lives; 0 holds it still",
    )
    add(
        "--rate-limit",
        type=_whole(0),
        default=6000,
        metavar="N",
        help="requests per minute of one client (6000); 0 is no limit",
    )
    add("--start", type=_moment, metavar="TIME", help="the world's time at the start, ISO 8601 (default now)")
    given = parser.parse_args(argv)
    people, sessions = _sizes(given.people, given.sessions)
    return Options(
        port=given.port,
        seed=given.seed,
        people=people,
        sessions=sessions,
        latency_ms=given.latency,
        reauth_after=given.reauth_after,
        revocation_delay=given.revocation_delay,
        time_scale=given.time_scale,
        rate_limit=given.rate_limit,
        start=given.start,
    )


def _sizes(people: int | None, sessions: int | None) -> tuple[int, int]:
    """Whichever was not given grows with the other."""
    per_person = CAST_SESSIONS / len(CAST)
    if people is None:
        people = len(CAST) if sessions is None else max(len(CAST), round(sessions / per_person))
    return people, sessions if sessions is not None else max(_STORY_PEOPLE, round(people * per_person))


def _whole(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"must be {least} or more")
        return value

    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
