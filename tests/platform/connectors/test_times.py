"""Times as platforms write them become aware ones in UTC, and what is no time is "not provided"."""

from __future__ import annotations

import locale
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.platform.connectors.format.listing import TimeField
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.times import compile_time
from tests.platform.connectors.made import ANY_JSON, deep

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
FINE = NINE.replace(second=7, microsecond=250_000)


def read(value: object, time: str = "iso", zone: str = "UTC", plus_s: int = 0) -> datetime | None:
    return compile_time(TimeField(path="at", time=time, zone=zone, plus_s=plus_s))({"at": value})


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-24T09:00:00Z", NINE),
        ("2026-11-24T09:00:00.000Z", NINE),
        ("2026-11-24T09:00:07.250Z", FINE),
        ("2026-11-24T09:00:07.250000+00:00", FINE),
        ("2026-11-24T09:00:07.250000999Z", FINE),
        ("2026-11-24 09:00:00", NINE),
        ("2026-11-24 09:00:00Z", NINE),
        ("2026-11-24T19:00:00+10:00", NINE),
        ("2026-11-24T19:00:00+1000", NINE),
        ("2026-11-24T09:00", NINE),
        ("20261124T090000Z", NINE),
        ("2026-11-24", NINE.replace(hour=0)),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59-23:00", None),
        ("1970-01-01T00:00:00Z", None),
        ("soon", None),
        ("", None),
        (NINE.timestamp(), None),
        ("2" * 1_000_000, None),
    ],
)
def test_iso_times_in_their_variants(value: object, moment: datetime | None) -> None:
    assert read(value) == moment
    assert compile_time("at")({"at": value}) == moment


def test_an_iso_time_without_zone_is_of_the_zone_that_is_named() -> None:
    assert read("2026-11-24 10:00:00", zone="Europe/Berlin") == NINE
    assert read("2026-07-24 11:00:00", zone="Europe/Berlin") == datetime(2026, 7, 24, 9, tzinfo=UTC)
    assert read("2026-11-24 09:00:00Z", zone="Europe/Berlin") == NINE


@pytest.mark.parametrize("value", [NINE.timestamp(), int(NINE.timestamp()), "1795510800", "1795510800.0"])
def test_seconds_since_1970(value: object) -> None:
    assert read(value, "epoch-s") == NINE


@pytest.mark.parametrize("value", [1795510800000, 1795510800000.0, "1795510800000"])
def test_milliseconds_since_1970(value: object) -> None:
    assert read(value, "epoch-ms") == NINE
    assert read(1795510807250, "epoch-ms") == FINE


def test_microseconds_are_read_as_such() -> None:
    assert read(1795510807250000, "epoch-us") == FINE
    assert read("1795510807250000", "epoch-us") == FINE
    assert read(1795510807250, "epoch-us") is None


@pytest.mark.parametrize(
    "value",
    [
        0, -1, 1e300, True, None, "", "1e9", "1_795_510_800", " 1795510800", "nan", "inf", "٣٤", float("nan"),
        float("inf"), 10**400, "9" * 400, [], {}, "-1795510800",
    ],
)  # fmt: skip
def test_what_is_no_number_of_this_century_is_not_provided(value: object) -> None:
    assert read(value, "epoch-s") is None
    assert read(value, "epoch-ms") is None


def test_seconds_and_milliseconds_are_not_mixed_up() -> None:
    assert read(1795510800000, "epoch-s") is None
    assert read(1795510800, "epoch-ms") is None


def test_times_by_a_pattern() -> None:
    assert read("24.11.2026 10:00", "%d.%m.%Y %H:%M", "Europe/Berlin") == NINE
    assert read("24/Nov/2026:19:00:00 +1000", "%d/%b/%Y:%H:%M:%S %z") == NINE
    assert read(" 2026-11-24 09:00:00 UTC ", "%Y-%m-%d %H:%M:%S UTC") == NINE
    assert read("24.11.2026", "%d.%m.%Y") == NINE.replace(hour=0)
    assert read("Tue, 24 Nov 2026 09:00:00 GMT", "%a, %d %b %Y %H:%M:%S %Z") == NINE
    assert read("november 24, 26  9:00:07.25 am", "%B %d, %y %I:%M:%S.%f %p") == FINE
    assert read("24.11.2026 12:30 AM -0830", "%d.%m.%Y %I:%M %p %z") == NINE
    assert read("100% 20261124T0900Z", "100%% %Y%m%dT%H%M%z") == NINE
    for wrong in (
        "",
        "tomorrow",
        5,
        None,
        "31.02.2026 10:00",
        "24.11.0001 10:00",
        "1" * 200,
        "٢٤.11.2026 10:00",
    ):
        assert read(wrong, "%d.%m.%Y %H:%M") is None


def test_months_are_english_wherever_the_program_runs() -> None:
    # Qt sets the language of the whole process to the desktop's, and with it that of `strptime`.
    before = locale.setlocale(locale.LC_TIME)
    try:
        with suppress(locale.Error):
            locale.setlocale(locale.LC_TIME, "de_DE.UTF-8")
        for number, name in enumerate(
            ("Jan", "feb", "March", "Apr", "May", "June", "JUL", "Aug", "Sept", "Oct", "Nov", "Dec")
        ):
            moment = read(f"24 {name} 2026 09:00", "%d %b %Y %H:%M")
            assert moment == NINE.replace(month=number + 1)
    finally:
        locale.setlocale(locale.LC_TIME, before)


def test_seconds_may_be_added() -> None:
    assert read("2026-11-24T09:00:00Z", plus_s=3600) == NINE + timedelta(hours=1)
    assert read("2026-11-24T09:00:00Z", plus_s=10**10) is None
    assert read(None, plus_s=3600) is None
    assert read("2026-11-24T09:00:00Z", plus_s=60 * 60 * 24 * 365 * 9000) is None


@pytest.mark.parametrize(
    ("field", "where"),
    [
        ({"time": "unix"}, ("time",)),
        ({"time": "%H:%M"}, ("time",)),
        ({"time": "%d.%m."}, ("time",)),
        ({"time": "%Q"}, ("time",)),
        ({"time": "%"}, ("time",)),
        ({"time": "%d.%m.%Y %d"}, ("time",)),
        ({"time": "%d.%m.%Y %-H"}, ("time",)),
        ({"time": "%x %d.%m.%Y"}, ("time",)),
        ({"time": ""}, ("time",)),
        ({"zone": "Mars/Olympus"}, ("zone",)),
        ({"zone": "../../etc/passwd"}, ("zone",)),
        ({"zone": ""}, ("zone",)),
        ({"plus_s": 10**20}, ("plus_s",)),
        ({"path": "a..b"}, ("path",)),
    ],
)
def test_what_is_no_way_to_write_a_time_is_a_mistake(
    field: dict[str, object], where: tuple[str, ...]
) -> None:
    with pytest.raises(Mistake) as caught:
        compile_time(TimeField.model_validate({"path": "at", **field}))
    assert caught.value.where == where


@given(
    st.sampled_from(["iso", "epoch-s", "epoch-ms", "%d.%m.%Y %H:%M %z"]),
    st.sampled_from(["UTC", "Pacific/Apia", "Europe/Berlin"]),
    st.sampled_from([0, -(10**9), 10**11]),
    ANY_JSON | st.text("0123456789-:.TZ+ ", max_size=30) | st.builds(deep),
)
def test_nothing_that_is_sent_breaks_the_reading(time: str, zone: str, plus_s: int, value: object) -> None:
    found = read(value, time, zone, plus_s)
    assert found is None or (found.tzinfo is UTC and 2000 <= found.year < 2200)
