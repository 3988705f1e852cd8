"""The opening scene of the demo: two who do not belong are marked, everybody at work is left in peace."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.familiarity.simple import SimpleAssessor
from tests.familiarity.worlds import a_demo_world, a_snapshot, codes, demo_evidence, seen

HOUR = 3600.0
SEEDS = (1, 2, 3)
RUBYS_IPAD = "203.0.113.164"
"""Part of the opening scene, and as doubtful when it comes again."""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_opening_scene(seed: int) -> None:
    snapshot = seen(a_demo_world(seed))
    thoughts = SimpleAssessor().assess(demo_evidence(snapshot))
    marked = {
        (session.person.name, thoughts[session.handle].level)
        for session in snapshot.sessions
        if thoughts[session.handle].level is not Level.FAMILIAR
    }

    assert ("Maria Santos", Level.ALARM) in marked
    assert ("Ruby Costello", Level.CHECK) in marked
    assert {name for name, _ in marked} <= {"Maria Santos", "Ruby Costello", "Tom Breuer"}


def test_the_alarm_says_why() -> None:
    snapshot = seen(a_demo_world())
    thoughts = SimpleAssessor().assess(demo_evidence(snapshot))
    intruder = next(s for s in snapshot.sessions if s.place and s.place.country == "BR")

    thought = thoughts[intruder.handle]

    assert codes(thought)[:2] == ["new-country", "too-far-apart"]
    assert thought.reasons[0].short == "from Brazil"
    assert thought.reasons[1].text.startswith("Maria was active in Cairns within 12 minutes of this sign-in")


@pytest.mark.parametrize("seed", SEEDS)
def test_days_later_staff_are_still_left_in_peace_and_strangers_are_not(seed: int) -> None:
    world = a_demo_world(seed)
    assessor = SimpleAssessor()
    history = [seen(world)]
    judged: Counter[tuple[str, str]] = Counter()
    for _ in range(36):
        world.clock.advance(2 * HOUR)
        world.catch_up()
        snapshot = seen(world)
        thoughts = assessor.assess(demo_evidence(snapshot, history))
        known = {s.handle for s in history[0].sessions}
        for session in snapshot.sessions:
            if session.handle in known or session.ip == RUBYS_IPAD:
                continue
            marked = thoughts[session.handle].level is not Level.FAMILIAR
            judged["stranger" if is_stranger(session) else "ours", "marked" if marked else "quiet"] += 1
        history.append(a_snapshot(snapshot.sessions, snapshot.taken_at + timedelta(seconds=1)))

    assert judged["ours", "quiet"] > 100
    assert judged["ours", "marked"] == 0, judged
    assert judged["stranger", "quiet"] <= judged["stranger", "marked"] * 0.25, judged


def is_stranger(session: LoginSession) -> bool:
    return bool(session.ip and session.ip.startswith("198.51.100.")) or session.ip == "203.0.113.166"
