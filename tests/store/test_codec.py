"""Values as JSON and back."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace

import pytest

from sessionconsole.domain.errors import StoreDamaged
from sessionconsole.domain.orders import Order
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Device, DeviceType, LoginSession, Person, Snapshot
from sessionconsole.store.codec import from_blob, from_text, to_blob, to_text
from tests.builders import NOW, PLATFORM, a_handle, a_session, an_about, an_order


def test_what_is_not_provided_takes_no_room() -> None:
    bare = LoginSession(a_handle(1), Person("dana"))

    assert json.loads(to_text(bare)) == {
        "handle": a_handle(1),
        "person": {"account": "dana"},
        "device": {"type": "unknown"},
    }


def test_keys_of_a_later_program_are_passed_over() -> None:
    text = to_text(Device(DeviceType.PHONE)).replace("{", '{"battery": 7, ', 1)

    assert from_text(Device, text) == Device(DeviceType.PHONE)


def test_a_field_that_may_be_none_and_has_no_default_comes_back_as_none() -> None:
    order = an_order(a_session(signed_in_at=None))

    assert from_text(Order, to_text(order)) == order


def test_what_was_entered_for_a_platform_comes_back_by_its_names() -> None:
    about = replace(an_about(), variables={"tenant": "reef", "region": "au"})

    assert from_text(PlatformAbout, to_text(about)) == about
    assert from_text(PlatformAbout, to_text(about).replace('"variables"', '"later"')).variables == {}


def test_a_long_list_of_the_same_is_small() -> None:
    snapshot = Snapshot(PLATFORM, "dana", NOW, tuple(a_session(number) for number in range(500)))

    blob = to_blob(snapshot)

    assert from_blob(Snapshot, blob) == snapshot
    assert len(blob) < 20 * 500


def test_a_long_list_comes_back_as_it_was_whatever_is_missing_in_it() -> None:
    bare = tuple(LoginSession(a_handle(number), Person("dana")) for number in range(50))
    full = tuple(a_session(number) for number in range(50, 100))

    for sessions in (bare, full, bare + full):
        snapshot = Snapshot(PLATFORM, "dana", NOW, sessions)
        assert from_blob(Snapshot, to_blob(snapshot)) == snapshot


def test_a_list_that_is_written_in_pieces_is_written_like_any_other() -> None:
    sessions = tuple(a_session(number, ip=f"10.0.{number // 250}.{number % 250}") for number in range(10_001))
    snapshot = Snapshot(PLATFORM, "dana", NOW, sessions)

    assert zlib.decompress(to_blob(snapshot)).decode() == to_text(snapshot)
    assert from_blob(Snapshot, to_blob(snapshot)) == snapshot


@pytest.mark.parametrize("different", [15, 24, 40])
def test_a_long_list_of_many_different_people_and_devices_comes_back_as_it_was(different: int) -> None:
    sessions = tuple(
        a_session(
            number,
            person=Person(f"account-{number % different}"),
            device=Device(DeviceType.DESKTOP, name=f"PC {number % different}"),
        )
        for number in range(different + 5)
    )
    snapshot = Snapshot(PLATFORM, "dana", NOW, sessions)

    assert from_blob(Snapshot, to_blob(snapshot)) == snapshot


def test_a_long_list_that_an_earlier_program_wrote_row_by_row_is_read() -> None:
    sessions = tuple(a_session(number) for number in range(50))
    rows = ",".join(to_text(session) for session in sessions)
    text = f'{{"platform":"{PLATFORM}","account":"dana","taken_at":"{NOW.isoformat()}","sessions":[{rows}]}}'

    assert from_text(Snapshot, text) == Snapshot(PLATFORM, "dana", NOW, sessions)


@pytest.mark.parametrize(
    "column", ['["a"]', '{"of":["a"],"at":[0]}', '{"of":["a"],"at":[0,1]}', '{"all":7}', "7"]
)
def test_a_column_that_does_not_fit_its_rows_is_damage(column: str) -> None:
    sessions = f'{{"rows":2,"handle":["a","b"],"person":{column}}}'
    text = f'{{"platform":"p","account":"a","taken_at":"{NOW.isoformat()}","sessions":{sessions}}}'

    with pytest.raises(StoreDamaged):
        from_text(Snapshot, text)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "{}", '{"account": 1, "x"', '{"type": "submarine"}'])
def test_nonsense_is_damage_not_a_traceback(text: str) -> None:
    with pytest.raises(StoreDamaged):
        from_text(Snapshot, text)
    with pytest.raises(StoreDamaged):
        from_blob(Snapshot, text.encode())


def test_an_unknown_word_is_damage() -> None:
    text = to_text(replace(an_order(), code="x")).replace('"held"', '"pondering"')

    with pytest.raises(StoreDamaged):
        from_text(Order, text)
