"""Devices that are never ended in bulk: which session is one, and which one only may be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sessionconsole.domain.sessions import Device, DeviceType, LoginSession, Person, Place
from sessionconsole.domain.sparing import Recognised, Spared, SparedDevice, marks_that_mean, recognise
from tests.builders import NOW, a_handle, a_session, an_about

TABLET = Device(DeviceType.TABLET, "iPadOS 17", "Safari")
KIOSK = Person("kiosk", "Kiosk")
LATER = NOW + timedelta(hours=3)


def wall(number: int | str = 1, **changes: Any) -> LoginSession:
    """The tablet on the wall of the Cairns office; from the second session on it has signed in after the marking."""
    since = NOW - timedelta(hours=1) if number == 1 else LATER
    told: dict[str, Any] = {"person": KIOSK, "device": TABLET, "user_agent": "Mozilla/5.0 (iPad)"}
    return a_session(number, **{**told, "signed_in_at": since, **changes})


MARK = SparedDevice.of(wall(), an_about(), NOW)


def known(*sessions: LoginSession, complete: bool = True) -> Recognised:
    return recognise(sessions, {MARK.handle: MARK}, an_about(), LATER, complete=complete)


def test_the_marked_session_is_spared_and_others_are_not() -> None:
    found = known(wall(), a_session(2))
    assert found == Recognised({a_handle(1): Spared.YES}, {})


def test_the_same_device_that_signs_in_anew_is_spared_and_takes_the_mark_over() -> None:
    anew = wall(2)
    found = known(anew)
    assert found.spared == {anew.handle: Spared.YES}
    assert found.carried == {a_handle(1): SparedDevice.of(anew, an_about(), LATER)}


def test_a_device_with_a_name_is_known_by_it_whatever_its_browser_calls_itself() -> None:
    named = Device(DeviceType.TABLET, "iPadOS 17", "Safari", name="Wall tablet")
    mark = SparedDevice.of(wall(device=named), an_about(), NOW)
    anew = wall(2, device=named, user_agent="newer")
    found = recognise([anew], {mark.handle: mark}, an_about(), LATER)
    assert found.spared == {anew.handle: Spared.YES}


@pytest.mark.parametrize(
    "doubtful",
    [
        {"ip": "198.51.100.77"},
        {"ip": None},
        {"user_agent": "newer"},
        {"user_agent": None},
        {"signed_in_at": None},
        {"device": Device(DeviceType.TABLET, "iPadOS 18", "Safari", name="Front tablet")},
    ],
    ids=str,
)
def test_what_only_may_be_the_device_is_not_spared_but_told(doubtful: dict[str, Any]) -> None:
    found = known(wall(2, **doubtful))
    assert found == Recognised({a_handle(2): Spared.MAYBE}, {})


@pytest.mark.parametrize(
    "other",
    [
        {"person": Person("maria.santos")},
        {"device": Device(DeviceType.PHONE, "iOS 17", "Safari"), "user_agent": "Mozilla/5.0 (iPhone)"},
        {"signed_in_at": NOW - timedelta(days=1)},
    ],
    ids=str,
)
def test_another_person_another_device_or_one_that_was_there_before_is_none(other: dict[str, Any]) -> None:
    assert known(wall(2, **other)) == Recognised({}, {})


def test_two_that_may_be_it_are_both_only_told() -> None:
    found = known(wall(2), wall(3))
    assert found == Recognised({a_handle(2): Spared.MAYBE, a_handle(3): Spared.MAYBE}, {})


def test_while_the_marked_session_is_still_listed_a_second_one_is_only_told() -> None:
    found = known(wall(1), wall(2))
    assert found == Recognised({a_handle(1): Spared.YES, a_handle(2): Spared.MAYBE}, {})


def test_of_a_list_that_was_cut_nobody_knows_that_the_marked_one_is_gone() -> None:
    assert known(wall(2), complete=False) == Recognised({a_handle(2): Spared.MAYBE}, {})


def test_outside_the_offices_city_and_country_tell_the_place() -> None:
    at_home: dict[str, Any] = {"ip": "198.51.100.77", "place": Place("Mossman", "AU")}
    mark = SparedDevice.of(wall(**at_home), an_about(), NOW)
    for place, spared in (
        (Place("Mossman", "AU"), Spared.YES),
        (Place("Mossman", "ZA"), Spared.MAYBE),
        (None, Spared.MAYBE),
    ):
        anew = wall(2, ip="198.51.100.99", place=place)
        assert recognise([anew], {mark.handle: mark}, an_about(), LATER).spared == {anew.handle: spared}


def test_one_session_takes_the_place_of_one_mark_only() -> None:
    twin = SparedDevice.of(wall(9, signed_in_at=NOW - timedelta(hours=1)), an_about(), NOW)
    anew = wall(2)
    found = recognise([anew], {mark.handle: mark for mark in (MARK, twin)}, an_about(), LATER)
    assert found.spared == {anew.handle: Spared.YES}
    assert list(found.carried) == [MARK.handle], "the other one waits for its own device"


def test_what_a_session_was_marked_for_is_found_with_all_that_would_go_over_to_it() -> None:
    earlier, other = SparedDevice.of(wall(7), an_about(), NOW), SparedDevice.of(a_session(8), an_about(), NOW)
    own = SparedDevice.of(wall(2), an_about(), LATER)
    marks = {mark.handle: mark for mark in (earlier, other, own, MARK)}
    assert marks_that_mean(wall(2), marks, listed={a_handle(2), MARK.handle}) == [earlier.handle, own.handle]
