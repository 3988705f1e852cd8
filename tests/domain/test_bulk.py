"""Ending many at once: which rows go, and why the others stay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sessionconsole.domain.bulk import (
    Bulk,
    Candidate,
    IdleLonger,
    Left,
    OfPerson,
    Others,
    Picked,
    Wish,
    choose,
    still_meant,
)
from sessionconsole.domain.sessions import Handle
from sessionconsole.domain.sparing import Spared
from tests.builders import DANA, MARIA, NOW, a_handle, a_session

OWN = Candidate(a_session("own", person=DANA, is_current=True))
MARIAS = Candidate(a_session("marias"))
IDLE = Candidate(a_session("idle", last_active_at=NOW - timedelta(days=40)))
UNTOLD = Candidate(a_session("untold", last_active_at=None))
TABLET = Candidate(a_session("tablet", last_active_at=NOW - timedelta(days=90)), spared=Spared.YES)
LIKE_IT = Candidate(a_session("like it"), spared=Spared.MAYBE)
ENDING = Candidate(a_session("ending"), ending=True)
GONE = Candidate(a_session("gone"), listed=False)
ALL = (OWN, MARIAS, IDLE, UNTOLD, TABLET, LIKE_IT, ENDING, GONE)


def chosen(wish: Wish, *rows: Candidate, may_end: bool = True) -> Bulk:
    return choose(rows or ALL, wish, NOW, own_account=DANA.account, may_end=may_end)


def left(bulk: Bulk) -> dict[str, Left]:
    return {row.session.handle.partition(":")[2]: why for row, why in bulk.left}


def test_all_others_leaves_this_console_what_is_spared_and_what_ends_already() -> None:
    bulk = chosen(Others())
    assert list(bulk.to_end) == [MARIAS, IDLE, UNTOLD, LIKE_IT]
    assert left(bulk) == {
        "own": Left.THIS_CONSOLE,
        "tablet": Left.NEVER_IN_BULK,
        "ending": Left.ALREADY_ENDING,
    }


def test_idle_longer_ends_what_was_seen_to_be_idle_and_leaves_what_is_not_told() -> None:
    bulk = chosen(IdleLonger(30))
    assert list(bulk.to_end) == [IDLE]
    assert left(bulk) == {"tablet": Left.NEVER_IN_BULK, "untold": Left.LAST_USE_NOT_TOLD}


@pytest.mark.parametrize(("days", "ends"), [(39, True), (40, False), (41, False)])
def test_idle_longer_means_longer(days: int, ends: bool) -> None:
    assert bool(chosen(IdleLonger(days), OWN, IDLE).to_end) is ends


def test_what_is_picked_ends_but_for_what_never_ends_in_bulk() -> None:
    picked = Picked(frozenset(row.session.handle for row in (OWN, MARIAS, TABLET, GONE)))
    bulk = chosen(picked)
    assert list(bulk.to_end) == [MARIAS]
    assert left(bulk) == {
        "own": Left.THIS_CONSOLE,
        "tablet": Left.NEVER_IN_BULK,
        "gone": Left.NOT_LISTED,
    }


def test_of_a_person_is_of_exactly_that_account() -> None:
    assert list(chosen(OfPerson(MARIA.account)).to_end) == [MARIAS, IDLE, UNTOLD, LIKE_IT]
    assert left(chosen(OfPerson(DANA.account))) == {"own": Left.THIS_CONSOLE}


def test_an_account_that_may_only_look_ends_nothing_and_is_told_so() -> None:
    bulk = chosen(Others(), OWN, MARIAS, may_end=False)
    assert not bulk.to_end
    assert left(bulk) == {"own": Left.THIS_CONSOLE, "marias": Left.MAY_ONLY_LOOK}


def test_where_the_platform_does_not_tell_its_own_session_all_of_the_own_account_stay() -> None:
    rows = [
        Candidate(a_session("mine", person=DANA, is_current=None)),
        Candidate(a_session("marias", is_current=None)),
    ]
    bulk = chosen(Others(), *rows)
    assert list(bulk.to_end) == rows[1:]
    assert left(bulk) == {"mine": Left.MAYBE_THIS_CONSOLE}


def test_reasons_are_counted_in_the_order_in_which_they_are_told() -> None:
    bulk = chosen(Others(), *ALL, Candidate(a_session("kiosk"), spared=Spared.YES))
    assert list(bulk.reasons.items()) == [
        (Left.THIS_CONSOLE, 1),
        (Left.NEVER_IN_BULK, 2),
        (Left.ALREADY_ENDING, 1),
    ]


def test_never_more_than_was_agreed_to_and_only_while_it_is_still_so() -> None:
    seen = chosen(Others(), OWN, MARIAS, IDLE, LIKE_IT)
    now = chosen(Others(), OWN, MARIAS, IDLE, Candidate(LIKE_IT.session, ending=True), UNTOLD)
    same: set[Handle] = {MARIAS.session.handle, LIKE_IT.session.handle, UNTOLD.session.handle}
    assert still_meant(seen, now, same) == [a_handle("marias")]
