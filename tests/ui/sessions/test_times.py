"""Times in words, across midnight, the change of the clock and the change of the year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.ui.sessions.times import ago, ahead, clock_time, exact, moment, short_moment

BRISBANE = ZoneInfo("Australia/Brisbane")
BERLIN = ZoneInfo(
    "Europe/Berlin"
)  # puts its clocks back on 25 October 2026 at 03:00, forward on 29 March at 02:00


def at(text: str, zone: ZoneInfo = BRISBANE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


WEDNESDAY = at("2026-11-25 14:03:10")

MOMENTS = [
    ("2026-11-25 14:00", "2026-11-25 14:03", "Today 14:00"),
    ("2026-11-25 00:00", "2026-11-25 23:59", "Today 00:00"),
    ("2026-11-24 23:59", "2026-11-25 00:01", "Tue 23:59"),
    ("2026-11-26 02:00", "2026-11-25 14:03", "Tonight 02:00"),
    ("2026-11-25 20:00", "2026-11-25 14:03", "Tonight 20:00"),
    ("2026-11-25 02:00", "2026-11-25 01:00", "Tonight 02:00"),
    ("2026-11-25 17:59", "2026-11-25 14:03", "Today 17:59"),
    ("2026-11-25 20:00", "2026-11-25 21:00", "Today 20:00"),
    ("2026-11-26 13:48", "2026-11-25 14:03", "Thu 13:48"),
    ("2026-11-19 17:37", "2026-11-25 14:03", "Thu 17:37"),
    ("2026-11-18 17:37", "2026-11-25 14:03", "18 Nov"),
    ("2026-12-02 09:00", "2026-11-25 14:03", "2 Dec"),
    ("2025-12-31 23:59", "2026-01-01 00:01", "Wed 23:59"),
    ("2025-12-20 09:00", "2026-01-01 09:00", "20 Dec 2025"),
    ("2027-01-09 09:00", "2026-12-31 09:00", "9 Jan 2027"),
]


@pytest.mark.parametrize(("then", "now", "words"), MOMENTS)
def test_when_it_was_or_will_be(then: str, now: str, words: str) -> None:
    assert moment(at(then), at(now), BRISBANE) == words


AGES = [
    (timedelta(seconds=-90), "just now"),
    (timedelta(seconds=59), "just now"),
    (timedelta(minutes=1), "1 min ago"),
    (timedelta(minutes=59, seconds=59), "59 min ago"),
    (timedelta(hours=1), "1 h ago"),
    (timedelta(hours=14, minutes=11), "14 h ago"),
    (timedelta(hours=18, minutes=43), "yesterday"),
    (timedelta(days=2), "2 days ago"),
    (timedelta(days=46), "46 days ago"),
    (timedelta(days=400), "400 days ago"),
]


@pytest.mark.parametrize(("age", "words"), AGES)
def test_how_long_it_is_over(age: timedelta, words: str) -> None:
    assert ago(WEDNESDAY - age, WEDNESDAY, BRISBANE) == words


def test_a_long_day_without_midnight_still_counts_hours() -> None:
    assert ago(at("2026-11-25 00:30"), at("2026-11-25 23:30"), BRISBANE) == "23 h ago"


def test_just_after_midnight_last_evening_is_hours_ago() -> None:
    assert ago(at("2026-11-24 23:30"), at("2026-11-25 01:10"), BRISBANE) == "1 h ago"


def test_hours_are_counted_as_they_pass_when_the_clock_is_put_back() -> None:
    # 01:30 summer time to 04:30 winter time: the hands moved three hours, four have passed
    assert ago(at("2026-10-25 01:30", BERLIN), at("2026-10-25 04:30", BERLIN), BERLIN) == "4 h ago"


def test_hours_are_counted_as_they_pass_when_the_clock_is_put_forward() -> None:
    assert ago(at("2026-03-29 01:30", BERLIN), at("2026-03-29 04:30", BERLIN), BERLIN) == "2 h ago"


def test_a_zoned_time_is_not_subtracted_by_its_hands() -> None:
    then = datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN)
    now = datetime(2026, 10, 25, 4, 30, tzinfo=BERLIN)
    assert ago(then, now, BERLIN) == "4 h ago"


AHEAD = [
    (timedelta(0), "now"),
    (timedelta(seconds=10), "in 1 min"),
    (timedelta(minutes=59), "in 59 min"),
    (timedelta(hours=11, minutes=59), "in 11 h"),
    (timedelta(hours=25), "tomorrow"),
    (timedelta(days=4), "in 4 days"),
]


@pytest.mark.parametrize(("left", "words"), AHEAD)
def test_how_long_it_still_takes(left: timedelta, words: str) -> None:
    assert ahead(WEDNESDAY + left, WEDNESDAY, BRISBANE) == words


def test_the_exact_time_leaves_nothing_to_guess() -> None:
    assert exact(WEDNESDAY, BRISBANE) == "Wed 25 Nov 2026, 14:03:10"
    assert exact(WEDNESDAY, BERLIN) == "Wed 25 Nov 2026, 05:03:10"
    assert clock_time(WEDNESDAY, BRISBANE) == "14:03"
    assert clock_time(WEDNESDAY, BRISBANE, seconds=True) == "14:03:10"


def test_a_short_moment_leaves_out_today() -> None:
    assert short_moment(at("2026-11-25 14:02"), WEDNESDAY, BRISBANE) == "14:02"
    assert short_moment(at("2026-11-24 14:02"), WEDNESDAY, BRISBANE) == "Tue 14:02"


times = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 limits are naive there


@given(times, times, st.sampled_from([BRISBANE, BERLIN, ZoneInfo("America/St_Johns")]))
def test_any_two_times_have_words(then: datetime, now: datetime, zone: ZoneInfo) -> None:
    assert moment(then, now, zone)
    assert ago(then, now, zone)
    assert "-" not in ago(then, now, zone)
    assert "-" not in ahead(then, now, zone)
