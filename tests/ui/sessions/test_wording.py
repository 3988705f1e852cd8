"""What a row says, in the words of the house."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.sessions import Device, DeviceType, LoginSession, Network, Person, Place
from sessionconsole.services.states import Presence
from sessionconsole.ui.sessions import wording
from sessionconsole.ui.sessions.wording import Setting, Tone
from tests.builders import NOW, a_row, a_session, an_about

CAIRNS = ZoneInfo("Australia/Brisbane")
LIVE = Setting(NOW, CAIRNS)


def later(**passed: float) -> Setting:
    return Setting(NOW + timedelta(**passed), CAIRNS, offline=True, as_of=NOW)


def two(lines: wording.Lines) -> tuple[str, str]:
    return lines.first, lines.second


# ------------------------------------------------------------------------------------------ person


def test_a_familiar_row_shows_the_job() -> None:
    lines = wording.person(a_row())
    assert two(lines) == ("Maria Santos", "Reservations")
    assert not lines.strong


@pytest.mark.parametrize(
    ("level", "short", "second", "tone"),
    [
        (Level.ALARM, "first time from Brazil", "Alarm: first time from Brazil", Tone.ALARM),
        (Level.CHECK, "new device, at night", "Check: new device, at night", Tone.CHECK),
    ],
)
def test_a_marked_row_says_why(level: Level, short: str, second: str, tone: Tone) -> None:
    lines = wording.person(a_row(level=level, short=short))
    assert (lines.second, lines.second_tone, lines.strong) == (second, tone, True)


def test_the_own_row_says_so_but_never_hides_an_alarm() -> None:
    own = a_session(is_current=True)
    assert wording.person(a_row(own)).second == "This console"
    assert wording.person(a_row(own, presence=Presence.DEPARTED)).second == own.person.role
    assert wording.person(a_row(own, Level.ALARM)).second.startswith("Alarm: ")


def test_what_is_gone_shows_the_job_again() -> None:
    lines = wording.person(a_row(level=Level.ALARM), gone=True)
    assert two(lines) == ("Maria Santos", "Reservations")
    assert not lines.strong


def test_without_a_name_the_account_is_shown() -> None:
    assert two(wording.person(a_row(a_session(person=Person("maria.santos"))))) == ("maria.santos", "")


# ------------------------------------------------------------------------------------------ device

DEVICES = [
    (Device(DeviceType.DESKTOP, "Windows 11", "Edge", name="Office PC"), "Office PC", "Windows 11, Edge"),
    (Device(DeviceType.DESKTOP, "Windows 10", "Firefox"), "Windows 10 PC", "Firefox"),
    (Device(DeviceType.TABLET, "iPadOS 18", "Safari", model="iPad"), "iPad", "iPadOS 18, Safari"),
    (Device(DeviceType.PHONE, "Android 15", "Chrome"), "Android phone", "Android 15, Chrome"),
    (Device(DeviceType.PHONE, "Android 15", app="Guide app 4"), "Android phone", "Android 15, Guide app 4"),
    (Device(DeviceType.PROGRAM, app="Bookings import"), "Bookings import", ""),
    (Device(), "Unknown device", ""),
]


@pytest.mark.parametrize(("device", "first", "second"), DEVICES)
def test_a_device_in_two_lines(device: Device, first: str, second: str) -> None:
    assert two(wording.device(device)) == (first, second)


def test_a_device_in_one_line() -> None:
    assert wording.device_in_words(DEVICES[1][0]) == "Windows 10 PC, Firefox"
    assert wording.device_in_words(DEVICES[5][0]) == "Bookings import"


# ------------------------------------------------------------------------------------- place, network

PLACES: list[tuple[dict[str, Any], str, str]] = [
    ({}, "Cairns office", "203.0.113.10"),
    ({"ip": "203.0.113.88"}, "Cairns", "203.0.113.88"),
    ({"ip": "198.51.100.77", "place": Place("São Paulo", "BR")}, "São Paulo, Brazil", "198.51.100.77"),
    ({"ip": "198.51.100.77", "place": Place(None, "BR")}, "Brazil", "198.51.100.77"),
    ({"ip": "203.0.113.88", "place": Place(None, "AU")}, "Australia", "203.0.113.88"),
    ({"ip": "203.0.113.88", "place": Place("Nowhere", "Atlantis")}, "Nowhere, Atlantis", "203.0.113.88"),
    ({"ip": "203.0.113.88", "place": None}, "Not provided", "203.0.113.88"),
    ({"ip": "203.0.113.88", "place": Place()}, "Not provided", "203.0.113.88"),
    ({"ip": None, "place": None}, "Not provided", ""),
    ({"ip": None}, "Cairns", "IP not provided"),
]


@pytest.mark.parametrize(("changes", "first", "second"), PLACES)
def test_a_place_has_its_address_below(changes: dict[str, Any], first: str, second: str) -> None:
    assert two(wording.place(a_session(**changes), an_about())) == (first, second)


def test_without_a_home_country_every_country_is_named() -> None:
    session = a_session(ip="203.0.113.88")
    assert wording.place(session, an_about(home_country=None)).first == "Cairns, Australia"
    assert wording.place(session, None).first == "Cairns, Australia"


@pytest.mark.parametrize(
    ("network", "office", "expected"),
    [
        (Network(1, "Telstra", "mobile"), False, ("Telstra", "mobile")),
        (Network(1, "Telstra", "business"), True, ("Telstra", "your office")),
        (Network(1, "Serverloft", "hosting"), False, ("Serverloft", "hosting company")),
        (Network(1, "TPG", "residential"), False, ("TPG", "home internet")),
        (Network(64500, None, "satellite"), False, ("AS64500", "satellite")),
        (Network(None, None, "mobile"), False, ("Mobile", "")),
        (Network(), False, ("Not provided", "")),
        (None, False, ("Not provided", "")),
    ],
)
def test_a_network_says_what_it_is(network: Network | None, office: bool, expected: tuple[str, str]) -> None:
    assert two(wording.network(network, office=office)) == expected


# ------------------------------------------------------------------------------------------- times

ACTIVE = [
    (timedelta(0), "Active now", "Today 14:03"),
    (timedelta(seconds=119), "Active now", "Today 14:01"),
    (timedelta(minutes=2), "2 min ago", "Today 14:01"),
    (timedelta(minutes=-3), "Active now", "Today 14:06"),
    (timedelta(hours=6, minutes=22), "6 h ago", "Today 07:41"),
    (timedelta(hours=18, minutes=43), "Yesterday", "Tue 19:20"),
    (timedelta(days=46), "46 days ago", "10 Oct"),
]


@pytest.mark.parametrize(("age", "first", "second"), ACTIVE)
def test_last_active_first_how_long_ago(age: timedelta, first: str, second: str) -> None:
    assert two(wording.last_active(NOW - age, LIVE)) == (first, second)


def test_last_active_of_an_old_list_first_when() -> None:
    assert two(wording.last_active(NOW, later(days=2))) == ("Wed 14:03", "2 days ago")


def test_an_exact_time_is_at_hand() -> None:
    assert wording.last_active(NOW, LIVE).more == "Wed 25 Nov 2026, 14:03:10"
    assert wording.signed_in(NOW, LIVE).more == "Wed 25 Nov 2026, 14:03:10"


def test_what_is_missing_is_said_to_be_not_provided() -> None:
    for lines in (
        wording.last_active(None, LIVE),
        wording.signed_in(None, LIVE),
        wording.expires(a_session(idle_expires_at=None, expires_at=None), LIVE),
    ):
        assert two(lines) == ("Not provided", "")
        assert lines.first_tone is Tone.QUIET


EXPIRIES = [
    (timedelta(hours=12), timedelta(hours=23, minutes=45), LIVE, "In 12 h if unused", "latest Thu 13:48"),
    (timedelta(hours=12), None, LIVE, "In 12 h", "if not used"),
    (None, timedelta(days=4), LIVE, "In 4 days", "at the latest"),
    (timedelta(days=4), timedelta(hours=2), LIVE, "In 2 h", "at the latest"),
    (timedelta(minutes=-5), timedelta(days=4), LIVE, "Expired", "Today 13:58"),
    (timedelta(hours=12), timedelta(days=4), later(days=2), "Thu 02:03", "if not used"),
    (None, timedelta(days=4), later(days=2), "Sun 14:03", "at the latest"),
]


@pytest.mark.parametrize(("idle", "last", "setting", "first", "second"), EXPIRIES)
def test_both_limits_are_told_apart(
    idle: timedelta | None, last: timedelta | None, setting: Setting, first: str, second: str
) -> None:
    session = limits(idle, last)
    assert two(wording.expires(session, setting)) == (first, second)


def test_the_details_say_both_limits_in_full() -> None:
    session = limits(timedelta(hours=11, minutes=57), timedelta(hours=23, minutes=45))
    assert wording.expiry_sentences(session, LIVE) == ("Tonight 02:00 if not used", "Thu 13:48 at the latest")
    assert wording.expiry_sentences(limits(None, None), LIVE) == ()


def limits(idle: timedelta | None, last: timedelta | None) -> LoginSession:
    return a_session(
        idle_expires_at=None if idle is None else NOW + idle, expires_at=None if last is None else NOW + last
    )


# ------------------------------------------------------------------------------------------- state

STATES: list[tuple[dict[str, Any], Setting, str]] = [
    ({}, LIVE, "Active"),
    ({"last_active_at": NOW - timedelta(hours=13)}, LIVE, "Idle"),
    ({"last_active_at": None}, LIVE, "Listed"),
    ({"idle_expires_at": None, "expires_at": None}, later(days=2), "Was active"),
    (
        {"last_active_at": NOW - timedelta(days=5), "idle_expires_at": None, "expires_at": None},
        later(days=2),
        "Was idle",
    ),
    ({"last_active_at": None, "idle_expires_at": None, "expires_at": None}, later(days=2), "Was listed"),
    ({}, later(hours=1), "Was active"),
    ({}, later(hours=13), "Should be expired"),
]


@pytest.mark.parametrize(("changes", "setting", "words"), STATES)
def test_ordinary_states_are_quiet(changes: dict[str, Any], setting: Setting, words: str) -> None:
    lines = wording.ordinary_state(a_row(a_session(**changes)), setting)
    assert two(lines) == (words, "")
    assert lines.first_tone is Tone.QUIET


@pytest.mark.parametrize(
    ("presence", "first", "second"),
    [
        (Presence.NEW, "New", "since 14:02"),
        (Presence.CHANGED, "Changed", "at 14:02"),
        (Presence.DEPARTED, "Gone", "since 14:02"),
    ],
)
def test_rows_that_come_change_and_go_say_so(presence: Presence, first: str, second: str) -> None:
    row = a_row(presence=presence, presence_at=NOW - timedelta(minutes=1))
    assert two(wording.ordinary_state(row, LIVE)) == (first, second)
