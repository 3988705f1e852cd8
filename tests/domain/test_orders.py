"""An order knows its session again, and knows when it must ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sessionconsole.domain.orders import OrderState, SessionFacts
from sessionconsole.domain.sessions import Device, DeviceType, Person
from tests.builders import NOW, a_session, an_order

FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Firefox/157.0"
NEWER_FIREFOX = "Mozilla/5.0 (Windows NT 10.0) Firefox/158.0"
IPAD = Device(DeviceType.TABLET, "iPadOS 18", "Safari")


def test_the_same_session_is_known_again_although_it_was_used_since() -> None:
    ordered = a_session()
    later = replace(ordered, last_active_at=NOW, ip="198.51.100.77", user_agent="Chrome/142.0")

    assert SessionFacts.of(ordered).match(later)


@pytest.mark.parametrize(
    "change",
    [
        {"person": Person("tom.breuer")},
        {"signed_in_at": NOW - timedelta(minutes=1)},
        {"device": IPAD},
    ],
)
def test_another_session_under_the_same_id_is_not_the_one_ordered(change: dict[str, object]) -> None:
    ordered = a_session()

    assert not SessionFacts.of(ordered).match(replace(ordered, **change))  # type: ignore[arg-type]


def test_a_platform_that_rounds_times_does_not_make_another_session() -> None:
    ordered = a_session(signed_in_at=NOW)

    assert SessionFacts.of(ordered).match(replace(ordered, signed_in_at=NOW + timedelta(milliseconds=900)))


def test_without_a_time_of_sign_in_the_browser_string_must_be_the_same() -> None:
    ordered = a_session(signed_in_at=None, user_agent=FIREFOX)

    assert SessionFacts.of(ordered).match(ordered)
    assert not SessionFacts.of(ordered).match(replace(ordered, user_agent=NEWER_FIREFOX))


def test_with_neither_time_nor_browser_string_the_kind_of_device_must_be_the_same() -> None:
    ordered = a_session(signed_in_at=None, user_agent=None)

    assert SessionFacts.of(ordered).match(ordered)
    assert not SessionFacts.of(ordered).match(replace(ordered, device=IPAD))


def test_only_another_person_proves_that_an_id_was_given_anew() -> None:
    ordered = a_session()
    facts = SessionFacts.of(ordered)

    assert facts.certainly_another(replace(ordered, person=Person("tom.breuer")))
    assert not facts.certainly_another(replace(ordered, signed_in_at=NOW)), (
        "a platform whose times drift, or whose word cannot be trusted, still lists it"
    )
    assert not facts.certainly_another(replace(ordered, device=IPAD, user_agent="Safari")), (
        "a stolen session that shows up on another device is the same session, and not gone"
    )
    assert not facts.certainly_another(replace(ordered, signed_in_at=None))


@pytest.mark.parametrize(
    ("now", "asks"),
    [
        (NOW, False),
        (NOW + timedelta(minutes=15), False),
        (NOW + timedelta(minutes=15, seconds=1), True),
        (NOW + timedelta(days=2), True),
        (NOW - timedelta(seconds=30), False),
        (NOW - timedelta(hours=1), True),
    ],
)
def test_an_order_that_waited_long_or_whose_clock_was_set_back_asks(now: datetime, asks: bool) -> None:
    assert an_order(ordered_at=NOW).must_ask(now) is asks


def test_it_asks_once() -> None:
    assert not an_order(ordered_at=NOW, confirmed=True).must_ask(NOW + timedelta(days=3))


@pytest.mark.parametrize("state", OrderState)
def test_an_order_is_open_until_it_is_settled_or_withdrawn(state: OrderState) -> None:
    assert an_order(state=state).is_open is (state not in ("settled", "withdrawn"))
