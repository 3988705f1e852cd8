"""Facts of a wrong type are not provided, text is inert, and nothing that a platform sends breaks the reading."""

from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.errors import NotAPlatform, PlatformMisbehaved
from sessionconsole.platform import console_api_reading
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.handles import Handles

ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs", "Cf", "Cc", "Mn"]), max_size=60)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "id", "account", "is_current", "name", "role", "user_agent", "app", "device_name", "ip", "place", "network",
    "signed_in_at", "expires_at", "city", "country", "latitude", "longitude", "asn", "type", "api_version", "links",
    "offices", "networks", "provides", "revocation_delay", "home_country", "data", "usersessions", "created_at",
)  # fmt: skip
ANY_DOCUMENT = st.dictionaries(st.sampled_from(NAMES), ANY_JSON, max_size=8)


@given(ANY_TEXT)
def test_text_is_inert_and_can_be_stored(text: str) -> None:
    shown = read.text(text)
    assert shown is None or (
        not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in shown)
        and len(shown) <= 200
        and shown.encode()
    )


@given(ANY_JSON)
def test_any_value_reads_as_a_fact_or_as_not_provided(value: object) -> None:
    assert isinstance(read.text(value), str | None)
    assert isinstance(read.truth(value), bool | None)
    assert isinstance(read.moment(value), datetime | None)
    assert isinstance(read.epoch(value), datetime | None)
    assert isinstance(read.number(value, -10, 10), float | None)
    assert isinstance(read.whole(value, 0, 10), int | None)
    assert isinstance(read.raw_text(value, 100), str | None)
    assert isinstance(read.list_in(value, "x"), list)
    assert read.object_in(value, "x") is not None


@given(ANY_DOCUMENT)
def test_any_session_is_read_or_told_as_nonsense(item: dict[str, object]) -> None:
    handles = Handles("harbour", b"key")
    for document in (item, {**item, "id": "s1", "account": "dana"}):
        try:
            session = console_api_reading.session(document, handles.of)
        except PlatformMisbehaved:
            continue
        assert session.handle.startswith("harbour:")
        repr(session).encode()


@given(ANY_DOCUMENT)
def test_any_description_is_read_or_is_no_platform(body: dict[str, object]) -> None:
    address = read_address("booking.example.com")
    links = dict.fromkeys(console_api_reading.LINKS, "/x/{id}")
    for document in (body, {**body, "api_version": "1", "name": "Reef", "links": links}):
        with suppress(NotAPlatform):
            assert console_api_reading.discovery(document, address).about.name


def test_times_come_in_utc_and_absurd_ones_not_at_all() -> None:
    nine = datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert read.moment("2026-11-24T09:00:00Z") == nine
    assert read.moment("2026-11-24T19:00:00+10:00") == nine
    assert read.moment("2026-11-24T09:00:00") == nine
    assert read.epoch(nine.timestamp() + 0.25) == nine.replace(microsecond=250_000)
    for absurd in (
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00+14:00",
        "1970-01-01T00:00:00Z",
        "soon",
        "",
    ):
        assert read.moment(absurd) is None
    for wrong in (0, -1, 1e300, True, "1795424507", nine.timestamp() * 1000):
        assert read.epoch(wrong) is None


@pytest.mark.parametrize("account", [None, "", " ", 7])
def test_a_session_of_nobody_is_listed_and_does_not_take_the_list_down(account: object) -> None:
    session = console_api_reading.session({"id": "s1", "account": account}, Handles("harbour", b"key").of)

    assert session.person.shown == "(no account)"


def test_a_session_without_id_is_never_left_out_silently() -> None:
    handles = Handles("harbour", b"key")
    items: list[object] = [None, [], {"account": "dana"}]
    items += [{"id": native, "account": "dana"} for native in ("", "..", "a b", "é", 7)]
    for item in items:
        with pytest.raises(PlatformMisbehaved):
            console_api_reading.session(item, handles.of)


def test_facts_of_a_wrong_type_leave_the_others_alone() -> None:
    item = json.loads(
        '{"id": "s1", "account": "dana", "name": 5, "ip": "203.0.113.10", "user_agent": ["x"], "place": "Cairns",'
        ' "network": {"asn": "64500", "name": "Reef\\u202e"}, "signed_in_at": 17, "is_current": "yes"}'
    )
    session = console_api_reading.session(item, Handles("harbour", b"key").of)
    assert (session.person.name, session.user_agent, session.place) == (None, None, None)
    assert (session.signed_in_at, session.is_current) == (None, None)
    assert session.ip == "203.0.113.10"
    assert session.network is not None
    assert (session.network.asn, session.network.name) == (None, "Reef[U+202E]")


def test_handles_are_the_same_in_every_run_and_tell_nothing() -> None:
    handle = Handles("harbour", b"key").of("canary-credential")
    again = Handles("harbour", b"key")
    assert again.of("canary-credential") == handle
    assert again.native(handle) == "canary-credential"
    assert Handles("harbour", b"another key").of("canary-credential") != handle
    assert Handles("other", b"key").of("canary-credential").split(":")[1] != handle.split(":")[1]
    assert Handles("harbour", b"key").native(handle) is None
    name, opaque = handle.split(":")
    assert (name, len(opaque)) == ("harbour", 16)
    assert "canary" not in repr(again) + str(vars(again).keys())
