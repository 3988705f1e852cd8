"""One item of a platform's list becomes a session: what is wrong is not provided, what is shown is inert."""

from __future__ import annotations

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession, Network, Person, Place
from sessionconsole.platform.connectors.facts import LONGEST_ID
from sessionconsole.platform.connectors.format.listing import Listing
from sessionconsole.platform.connectors.mapping import (
    Mapper,
    beside,
    compile_fields,
    compile_list,
)
from sessionconsole.platform.connectors.mistakes import Mistake
from tests.hostile import HOSTILE
from tests.platform.connectors.made import ANY_JSON, deep

ME = Person("dana", "Dana Reef", "manager")
NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def listing(fields: dict[str, Any], **more: Any) -> Listing:
    document = {
        "path": "sessions",
        "outcomes": [{"status": 200, "is": "ok"}],
        "fields": {"id": "id", **fields},
        **more,
    }
    return Listing.model_validate(document)


def mapped(
    item: object, own: object = None, current: dict[str, Any] | None = None, **fields: Any
) -> LoginSession:
    mapper = compile_fields(listing(fields, **({"current": current} if current else {})))
    return mapper.bind(Handle, ME, own)(item)


EVERYTHING: dict[str, Any] = {
    "account": "user.login || user.mail",
    "name": "user.name",
    "role": {"path": "user.level", "map": {"1": "guide", "2": "manager"}},
    "user_agent": "ua",
    "device_name": "device.label",
    "device_type": {"path": "device.kind", "map": {"MOBILE": "phone", "3": "tablet"}},
    "model": "device.model",
    "os": {"path": "ua", "pattern": r"\(([A-Za-z ]{1,30})"},
    "browser": {"value": "Reef Browser"},
    "app": "device.app",
    "ip": "seen[-1].ip || ip",
    "city": "geo.city",
    "country": "geo.country",
    "latitude": "geo.at[0]",
    "longitude": "geo.at[1]",
    "asn": "net.asn",
    "network_name": "net.name",
    "network_type": "net.type",
    "signed_in_at": {"path": "created", "time": "epoch-s"},
    "last_active_at": "seen[-1].at || created_at",
    "idle_expires_at": {"path": "created", "time": "epoch-s", "plus_s": 1800},
    "expires_at": {"path": "expires", "time": "epoch-ms"},
}
WHOLE: dict[str, Any] = {
    "id": "s-1",
    "user": {"login": None, "mail": "sam@reef.example", "name": "Sam", "level": 2},
    "ua": "Reef/1.0 (Windows; desk)",
    "device": {"label": "Front desk", "kind": "MOBILE", "model": "R2", "app": "Reef 4"},
    "ip": "203.0.113.9",
    "seen": [{"ip": "203.0.113.1"}, {"ip": "203.0.113.2", "at": "2026-11-24T19:00:00+10:00"}],
    "geo": {"city": "Cairns", "country": "AU", "at": [-16.92, "145.77"]},
    "net": {"asn": "AS64500", "name": "Reef Net", "type": "business"},
    "created": "1795510800",
    "expires": 1795510800000,
    "is_current": True,
}


def test_every_fact_finds_its_place() -> None:
    assert mapped(WHOLE, current={"path": "is_current"}, **EVERYTHING) == LoginSession(
        handle=Handle("s-1"),
        person=Person("sam@reef.example", "Sam", "manager"),
        device=Device(DeviceType.PHONE, "Windows", "Reef Browser", "Reef 4", "Front desk", "R2"),
        user_agent="Reef/1.0 (Windows; desk)",
        ip="203.0.113.2",
        place=Place("Cairns", "AU", -16.92, 145.77),
        network=Network(64500, "Reef Net", "business"),
        signed_in_at=NINE,
        last_active_at=NINE,
        idle_expires_at=NINE.replace(minute=30),
        expires_at=NINE,
        is_current=True,
    )


def test_what_the_file_leaves_out_is_not_provided() -> None:
    assert mapped(WHOLE) == LoginSession(Handle("s-1"), ME)


def test_what_the_platform_leaves_out_is_not_provided() -> None:
    found = mapped({"id": "s-1"}, current={"path": "is_current"}, **EVERYTHING)

    assert found == LoginSession(Handle("s-1"), Person("(no account)"), Device(browser="Reef Browser"))


@pytest.mark.parametrize("wrong", [True, 7, 7.5, [], {}, ["a"], {"a": 1}, "", "  ", None])
def test_facts_of_a_wrong_type_are_not_provided(wrong: object) -> None:
    texts = (
        "name",
        "role",
        "user_agent",
        "device_name",
        "model",
        "os",
        "browser",
        "app",
        "ip",
        "network_name",
    )
    fields: dict[str, Any] = dict.fromkeys((*texts, "device_type", "city", "country", "network_type"), "x")
    found = mapped({"id": "s-1", "x": wrong, "ok": "fine"}, **fields, account="ok")

    assert found == LoginSession(Handle("s-1"), Person("fine"))


@pytest.mark.parametrize(
    "wrong", ["north", True, None, [], float("nan"), float("inf"), 181, -181.5, 10**400, "1e1", "٣"]
)
def test_places_are_on_earth_and_whole(wrong: object) -> None:
    item = {"id": 1, "lat": 10, "lon": wrong, "asn": wrong}
    assert mapped(item, latitude="lat", longitude="lon").place is None
    assert mapped(item, latitude="lat", longitude="lon", city={"value": "Cairns"}).place == Place("Cairns")
    assert mapped(item, latitude="lat", city={"value": "Cairns"}).place == Place("Cairns")
    assert mapped({"id": 1, "asn": -1}, asn="asn").network is None
    assert mapped({"id": 1, "asn": 2**32}, asn="asn").network is None


@pytest.mark.parametrize("number", [64500, "64500", "AS64500", "as64500"])
def test_network_numbers_come_as_numbers_and_as_text(number: object) -> None:
    assert mapped({"id": 1, "asn": number}, asn="asn").network == Network(64500)


def test_a_map_says_what_words_numbers_and_flags_mean() -> None:
    role = {"path": "r", "map": {"1": "guide", "true": "manager", "x": "owner"}}
    for said, meant in ((1, "guide"), (1.0, "guide"), (True, "manager"), ("x", "owner"), ("other", "other")):
        assert mapped({"id": 1, "r": said}, role=role, account="id").person == Person("1", None, meant)
    nothings: list[object] = ["", None, [1], {}]
    for nothing in nothings:
        assert mapped({"id": 1, "r": nothing}, role=role, account="id").person == Person("1")


def test_a_device_type_that_nobody_knows_is_unknown() -> None:
    for kind, meant in (
        ("Phone", DeviceType.PHONE),
        ("toaster", DeviceType.UNKNOWN),
        (3, DeviceType.UNKNOWN),
    ):
        assert mapped({"id": 1, "k": kind}, device_type="k").device.type is meant


def test_a_pattern_takes_its_first_group_or_nothing() -> None:
    city = {"path": "location", "pattern": "^([^,]{1,80}),"}
    country = {"path": "location", "pattern": ", ?([^,]{1,60})$"}

    assert mapped({"id": 1, "location": "Cairns, AU"}, city=city, country=country).place == Place(
        "Cairns", "AU"
    )
    assert mapped({"id": 1, "location": "Cairns"}, city=city, country=country).place is None


def test_accounts_may_be_numbers_and_names_stay_with_the_own_account() -> None:
    assert mapped({"id": 1, "u": 7}, account="u").person == Person("7")
    assert mapped({"id": 1, "n": "Front desk"}, name="n").person == Person("dana", "Front desk", "manager")
    assert mapped({"id": 1}, name="n").person == ME


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_of_a_platform_is_inert(hostile: str) -> None:
    fields: dict[str, Any] = {
        name: "x" for name in EVERYTHING if name not in ("device_type", "latitude", "longitude", "asn")
    }
    found = mapped({"id": "s-1", "x": hostile}, **fields)

    for text in (found.person.account, found.person.name, found.user_agent, found.ip, found.device.app):
        assert text is None or (len(text) <= 512 and not any(hidden(char) for char in text))


def hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs")


@pytest.mark.parametrize(
    "native", [None, "", True, False, 1.5, [], {}, ["a"], "x" * (LONGEST_ID + 1), 2**64, -(2**64)]
)
def test_an_item_without_id_is_never_left_out_silently(native: object) -> None:
    mapper = compile_fields(listing({}))
    session_of = mapper.bind(Handle, ME)
    for item in ({"id": native}, {}, None, native, [native]):
        for work in (session_of, mapper.native, mapper.values):
            with pytest.raises(PlatformMisbehaved):
                work(item)


@pytest.mark.parametrize(
    "native", [0, -5, 2**63, "a", "a -> b", "..", "ä", "\x00", "x" * LONGEST_ID, "\ud800"]
)
def test_an_id_keeps_its_own_type(native: Any) -> None:
    mapper = compile_fields(listing({}, values={"kind": "kind"}, secret_values={"token": "t[0]"}))

    assert mapper.native({"id": native}) == native
    assert mapper.values({"id": native, "kind": [1], "t": ["s"]}) == {"id": native, "kind": [1], "token": "s"}
    assert mapper.bind(Handle, ME)({"id": native}).handle == str(native)


def test_an_id_may_be_a_part_of_a_text_or_the_item_itself() -> None:
    part = compile_fields(listing({"id": {"path": "href", "pattern": "/sessions/([0-9]{1,9})$"}}))

    assert part.native({"href": "/api/sessions/77"}) == "77"
    with pytest.raises(PlatformMisbehaved):
        part.native({"href": "/api/other/77"})
    assert compile_fields(listing({"id": "."})).native("s-9") == "s-9"


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        (None, None),
        (2, None),
        ("true", None),
        ([], None),
        (1.5, None),
    ],
)
def test_the_own_session_by_a_flag(value: object, flag: bool | None) -> None:
    assert mapped({"id": 1, "is_current": value}, current={"path": "is_current"}).is_current is flag


@pytest.mark.parametrize(
    ("value", "own", "found"),
    [
        ("t-1", "t-1", True), ("t-1", "t-2", False), (7, 7, True), (7, "7", True), ("7", 7, True), (7, 8, False),
        (None, "t-1", None), ("t-1", None, None), (True, 1, None), (1, True, None), ("", "", None), (["a"], "a", None),
        ("", "a", False), (None, None, None),
    ],
)  # fmt: skip
def test_the_own_session_by_comparison(value: object, own: object, found: bool | None) -> None:
    current = {"path": "token", "same_as": "whoami.session"}
    assert mapped({"id": 1, "token": value}, own=own, current=current).is_current is found


def test_without_a_way_to_tell_no_session_is_the_own_one() -> None:
    assert mapped({"id": 1, "is_current": True}).is_current is None


@pytest.mark.parametrize(
    ("fields", "more", "where"),
    [
        ({"id": "a..b"}, {}, ("fields", "id")),
        ({"id": {"value": "x"}}, {}, ("fields", "id")),
        ({"id": {"path": "x", "map": {"a": "b"}}}, {}, ("fields", "id")),
        ({"id": {"path": "x", "pattern": "x*"}}, {}, ("fields", "id", "pattern")),
        ({"city": {}}, {}, ("fields", "city")),
        ({"city": {"path": "a", "value": "b"}}, {}, ("fields", "city")),
        ({"city": {"value": "b", "pattern": "b"}}, {}, ("fields", "city")),
        ({"city": {"path": "a["}}, {}, ("fields", "city", "path")),
        (
            {"latitude": {"path": "a", "pattern": "("}, "longitude": "b"},
            {},
            ("fields", "latitude", "pattern"),
        ),
        ({"expires_at": {"path": "a", "time": "soon"}}, {}, ("fields", "expires_at", "time")),
        ({"expires_at": "a b"}, {}, ("fields", "expires_at")),
        ({}, {"current": {"path": "a b"}}, ("current", "path")),
        ({}, {"values": {"x": "a b"}}, ("values", "x")),
        ({}, {"values": {"id": "a"}}, ("values", "id")),
        ({}, {"values": {"x": "a"}, "secret_values": {"x": "b"}}, ("secret_values", "x")),
    ],
)
def test_a_mistake_says_where_it_is(
    fields: dict[str, Any], more: dict[str, Any], where: tuple[str, ...]
) -> None:
    with pytest.raises(Mistake) as caught:
        compile_fields(listing(fields, **more))
    assert caught.value.where == where


def test_lists_of_all_shapes_are_found() -> None:
    rooted, grouped = compile_list(listing({})), compile_list(listing({}, items="groups[].sessions[]"))

    assert rooted([{"id": 1}, None]) == [{"id": 1}, None]
    assert rooted({"id": 1}) is None
    assert grouped({"groups": [{"sessions": [1]}, {}]}) == [1, None]
    with pytest.raises(Mistake) as caught:
        compile_list(listing({}, items="a b"))
    assert caught.value.where == ("items",)


def test_a_keyed_table_gives_each_item_its_key() -> None:
    items_of = compile_list(listing({"id": "@key"}, items="sessions", keyed=True))
    items = items_of({"sessions": {"k1": {"ip": "203.0.113.9"}, "k2": "bare", "k3": None}})

    assert items == [
        {"ip": "203.0.113.9", "@key": "k1"},
        {"@value": "bare", "@key": "k2"},
        {"@value": None, "@key": "k3"},
    ]
    assert [compile_fields(listing({"id": "@key"})).native(item) for item in items or []] == [
        "k1",
        "k2",
        "k3",
    ]
    bodies: list[object] = [None, [], {"sessions": []}, {"sessions": None}, {}]
    for body in bodies:
        assert items_of(body) is None
    assert beside({"id": 1}, "@detail", {"name": "x"}) == {"id": 1, "@detail": {"name": "x"}}


FULL = compile_fields(listing(EVERYTHING, current={"path": "is_current"}, values={"a": "a[].b"}))


@given(
    st.dictionaries(st.sampled_from([*WHOLE, "created_at"]), ANY_JSON, max_size=12),
    st.dictionaries(
        st.sampled_from(["login", "name", "level", "kind", "city", "at", "asn", "ip"]), ANY_JSON, max_size=6
    ),
)
def test_no_item_raises_anything_but_that_it_has_no_id(outer: dict[str, Any], inner: dict[str, Any]) -> None:
    nested = dict.fromkeys(("user", "device", "geo", "net"), inner) | {"seen": [inner]}
    for item in (outer, {**WHOLE, **outer}, {**outer, **nested, "id": 1}):
        check(FULL, item)


@given(ANY_JSON)
def test_what_is_no_item_at_all_has_no_id(item: object) -> None:
    with pytest.raises(PlatformMisbehaved):
        FULL.bind(Handle, ME)(item if not isinstance(item, dict) else {**item, "id": None})


def test_items_as_deep_as_the_sea_are_read() -> None:
    for name in WHOLE:
        check(FULL, {**WHOLE, name: deep()})


def check(mapper: Mapper, item: object) -> None:
    try:
        session = mapper.bind(Handle, ME)(item)
    except PlatformMisbehaved:
        native = item.get("id") if isinstance(item, dict) else None
        assert not isinstance(native, str | int) or native in ("", True, False) or isinstance(native, int)
        return
    shown = (session.person.account, session.person.name, session.ip, session.user_agent, session.device.name)
    assert not any(hidden(char) for text in shown if text for char in text)
    for moment in (session.signed_in_at, session.last_active_at, session.expires_at):
        assert moment is None or (moment.tzinfo is UTC and 2000 <= moment.year < 2200)
    assert session.place is None or isinstance(session.place.latitude, float | None)
    repr(session).encode("utf-8", "surrogatepass")


def test_a_list_is_mapped_in_threads_as_on_the_loop() -> None:
    items = [
        json.loads(json.dumps({**WHOLE, "id": number, "created": 1795510800 + number}))
        for number in range(500)
    ]
    session_of = FULL.bind(Handle, ME)

    with ThreadPoolExecutor(4) as threads:
        in_threads = list(threads.map(session_of, items))

    assert in_threads == [session_of(item) for item in items]
    assert len({session.handle for session in in_threads}) == 500
