"""Each rule is true by itself, says so in a sentence, and is silent where data are missing."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.assessments import Answer, Level, Verdict
from sessionconsole.domain.sessions import Device, DeviceType, LoginSession, Network, Person, Place
from tests.builders import MARIA, NOW, a_handle, a_session, an_about
from tests.familiarity.worlds import a_snapshot, assess, codes

SAO_PAULO = Place("São Paulo", "BR", -23.55, -46.63)
SYDNEY = Place("Sydney", "AU", -33.87, 151.21)
HOSTING = Network(64500, "Serverloft", "hosting")
IPAD = Device(DeviceType.TABLET, "iPadOS 18", "Safari", model="iPad")
WINDOWS = Device(DeviceType.DESKTOP, "Windows 11", "Chrome")
LONG_AGO = NOW - timedelta(days=30)
ELSEWHERE = "198.51.100.77"


WATCHED = (a_snapshot((), LONG_AGO),)
"""Lists were kept already when the sessions of the stories began."""


def known(number: int = 1, **changes: object) -> LoginSession:
    """A session of Maria's that is old enough to vouch."""
    return a_session(number, **{"signed_in_at": LONG_AGO, **changes})


def fresh(number: int = 9, **changes: object) -> LoginSession:
    """A session of Maria's that began a quarter of an hour ago outside the office."""
    return a_session(
        number, **{"signed_in_at": NOW - timedelta(minutes=15), "ip": ELSEWHERE, "device": WINDOWS, **changes}
    )


def test_what_was_always_so_is_familiar() -> None:
    thought = assess(known(1, device=WINDOWS), fresh(ip="203.0.113.77"))[a_handle(9)]

    assert thought.level is Level.FAMILIAR
    assert thought.reasons == ()


def test_a_country_where_nobody_was_is_an_alarm() -> None:
    thought = assess(known(1), fresh(place=SAO_PAULO), history=WATCHED)[a_handle(9)]

    assert thought.level is Level.ALARM
    assert thought.reasons[0].code == "new-country"
    assert thought.reasons[0].text == "First time anyone here signs in from Brazil."
    assert thought.reasons[0].short == "first time from Brazil"


def test_of_what_began_before_the_first_list_nothing_is_called_the_first_time_or_new() -> None:
    tom = known(2, person=Person("tom.breuer", "Tom Breuer"))
    brazil = assess(known(1), tom, fresh(place=SAO_PAULO))[a_handle(9)]
    sydney = assess(known(1, last_active_at=NOW - timedelta(days=3)), fresh(place=SYDNEY, device=IPAD))[
        a_handle(9)
    ]

    assert brazil.level is Level.ALARM
    assert brazil.reasons[0].text == (
        "Nobody else here is signed in from Brazil. Everyone else is in Australia."
    )
    assert brazil.reasons[0].short == "from Brazil"
    said = " ".join(reason.text for reason in (*brazil.reasons, *sydney.reasons))
    assert not any(word in said for word in ("First time", "before", "new"))


def test_it_says_where_everyone_else_is() -> None:
    tom = Person("tom.breuer", "Tom Breuer")
    intruder = fresh(place=SAO_PAULO)

    def told(*others: LoginSession) -> str:
        return assess(known(1), intruder, *others)[a_handle(9)].reasons[0].text

    assert told(known(2, person=tom)).endswith(" Everyone else is in Australia.")
    assert told(known(2, person=tom), known(3, person=tom, place=None)).endswith(
        " Everyone else whose place is known is in Australia."
    )
    assert told(known(2, person=tom), known(3, person=tom, place=Place("Lagos", "NG"))).endswith("Brazil.")


def test_a_second_intruder_is_not_called_the_first() -> None:
    first, second = fresh(8, place=SAO_PAULO), fresh(9, place=SAO_PAULO)

    thoughts = assess(known(1), first, second, history=WATCHED)

    assert thoughts[a_handle(8)].level is thoughts[a_handle(9)].level is Level.ALARM
    assert thoughts[a_handle(9)].reasons[0].text == "Sign-ins from Brazil are new here."


def test_a_country_where_only_colleagues_were_wants_a_look() -> None:
    tom = known(2, person=Person("tom.breuer", "Tom Breuer"), place=SAO_PAULO)

    thought = assess(known(1), tom, fresh(place=SAO_PAULO), history=WATCHED)[a_handle(9)]

    assert "new-country-for-person" in codes(thought)
    assert thought.reasons[0].text == "First time Maria signs in from Brazil."


def test_a_far_place_where_nobody_was_wants_a_look() -> None:
    thought = assess(
        known(1, device=WINDOWS, last_active_at=NOW - timedelta(days=3)),
        fresh(place=SYDNEY, device=WINDOWS),
        history=WATCHED,
    )[a_handle(9)]

    assert thought.level is Level.CHECK
    assert thought.reasons[0].text == "Nobody here signed in from Sydney before."
    assert thought.reasons[0].short == "new place: Sydney"


def test_a_place_nearby_or_at_an_unknown_distance_is_no_reason_by_itself() -> None:
    usual = known(1, device=WINDOWS, last_active_at=NOW - timedelta(days=3))
    port_douglas = Place("Port Douglas", "AU", -16.48, 145.46)

    assert assess(usual, fresh(place=port_douglas))[a_handle(9)].score == 0
    assert assess(usual, fresh(place=Place("Sydney", "AU")))[a_handle(9)].level is Level.FAMILIAR


def test_what_began_long_before_the_first_list_is_no_news() -> None:
    """Of the sessions that had ended before anybody looked, nothing is known: so nothing is called new."""
    tablet = known(1, device=IPAD, signed_in_at=NOW - timedelta(days=51))
    phone = known(
        9, device=Device(DeviceType.PHONE, "Android 15"), signed_in_at=NOW - timedelta(days=44), ip=None
    )

    assert assess(tablet, phone)[a_handle(9)].level is Level.FAMILIAR


def test_a_new_city_on_a_new_device_wants_a_look() -> None:
    thought = assess(
        known(1, last_active_at=NOW - timedelta(days=3)), fresh(place=SYDNEY, device=IPAD), history=WATCHED
    )[a_handle(9)]

    assert thought.level is Level.CHECK
    assert [reason.text for reason in thought.reasons] == [
        "Nobody here signed in from Sydney before.",
        "First time Maria uses this kind of device: iPad.",
    ]


def test_a_hosting_company_makes_other_reasons_weigh_more_but_is_none_by_itself() -> None:
    quiet = assess(known(1, device=WINDOWS), fresh(network=HOSTING))[a_handle(9)]
    marked = assess(
        known(1, last_active_at=NOW - timedelta(days=3), device=WINDOWS),
        fresh(place=SYDNEY, device=IPAD, network=HOSTING),
    )[a_handle(9)]

    assert quiet.level is Level.FAMILIAR
    assert marked.level is Level.ALARM
    assert codes(marked) == ["new-place", "new-device", "hosting-network"]


def test_two_places_too_far_apart_for_the_time() -> None:
    thought = assess(
        known(1, last_active_at=NOW - timedelta(minutes=27)), fresh(place=SYDNEY, device=WINDOWS)
    )[a_handle(9)]

    assert thought.reasons[0].code == "too-far-apart"
    assert thought.reasons[0].text == (
        "Maria was active in Cairns within 12 minutes of this sign-in, about 2,000 km away."
    )


def test_a_long_flight_is_time_enough() -> None:
    thought = assess(known(1, last_active_at=NOW - timedelta(hours=4)), fresh(place=SYDNEY, device=WINDOWS))

    assert "too-far-apart" not in codes(thought[a_handle(9)])


def test_a_phone_that_signed_in_elsewhere_long_before_says_nothing_of_where_it_was_then() -> None:
    """Its place is that of its last activity, four hours ago; its sign-in just before may have been anywhere."""
    phone = known(
        1,
        device=Device(DeviceType.PHONE, "iOS 18"),
        signed_in_at=NOW - timedelta(minutes=20),
        last_active_at=None,
    )

    assert "too-far-apart" not in codes(assess(phone, fresh(place=SYDNEY))[a_handle(9)])


def test_the_office_is_quiet_even_while_an_intruder_is_far_away() -> None:
    intruder = fresh(8, place=SAO_PAULO, last_active_at=NOW, signed_in_at=NOW - timedelta(hours=1))
    in_office = a_session(9, signed_in_at=NOW - timedelta(minutes=5))

    thoughts = assess(known(1), intruder, in_office)

    assert thoughts[a_handle(9)].level is Level.FAMILIAR
    assert thoughts[a_handle(8)].level is Level.ALARM
    assert "It comes from the line of Cairns office." in thoughts[a_handle(9)].speaks_for


def test_a_browser_never_seen_of_this_person_is_a_small_thing() -> None:
    thought = assess(known(1, device=WINDOWS), fresh(device=replace(WINDOWS, browser="Firefox")))[a_handle(9)]

    assert thought.level is Level.FAMILIAR
    assert thought.score == 0.15


@pytest.mark.parametrize(
    "missing",
    [
        {"place": None},
        {"place": Place()},
        {"signed_in_at": None},
        {"last_active_at": None},
        {"device": Device(), "user_agent": None},
        {"ip": None},
        {"network": None},
        {"network": Network()},
    ],
)
def test_what_the_platform_does_not_provide_is_no_reason(missing: dict[str, object]) -> None:
    usual = known(1, device=WINDOWS)

    assert assess(usual, replace(usual, handle=a_handle(9), **missing))[a_handle(9)].level is Level.FAMILIAR  # type: ignore[arg-type]
    assert assess(replace(usual, **missing), replace(usual, handle=a_handle(9)))[a_handle(9)].level is (  # type: ignore[arg-type]
        Level.FAMILIAR
    )


def test_without_any_past_there_is_nothing_to_compare_with() -> None:
    thoughts = assess(fresh(8, place=SAO_PAULO), fresh(9, place=SYDNEY, device=IPAD), about=None)

    assert all(code == "too-far-apart" for thought in thoughts.values() for code in codes(thought))


def test_a_device_is_not_new_where_only_unknown_ones_were_seen() -> None:
    thought = assess(known(1, device=Device()), fresh(device=IPAD))[a_handle(9)]

    assert "new-device" not in codes(thought)


def test_a_session_of_the_last_day_never_vouches() -> None:
    day = timedelta(hours=24)
    begun = NOW - timedelta(minutes=15)
    young = fresh(8, place=SAO_PAULO, signed_in_at=begun - day + timedelta(seconds=1))
    old = fresh(8, place=SAO_PAULO, signed_in_at=begun - day)

    assert assess(known(1), young, fresh(place=SAO_PAULO))[a_handle(9)].level is Level.ALARM
    assert "new-country" not in codes(assess(known(1), old, fresh(place=SAO_PAULO))[a_handle(9)])


def test_a_session_never_vouches_for_itself() -> None:
    intruder = fresh(place=SAO_PAULO, signed_in_at=NOW - timedelta(days=5))
    history = [a_snapshot([known(1), intruder], NOW - timedelta(days=day)) for day in (4, 3, 2)]

    assert assess(known(1), intruder, history=history)[a_handle(9)].level is Level.ALARM


def test_a_stolen_session_does_not_vouch_for_the_thief() -> None:
    """Maria's old session turns up in Brazil today; the thief's own sign-in an hour later stays an alarm."""
    before = known(1, last_active_at=NOW - timedelta(days=1))
    stolen = replace(before, place=SAO_PAULO, ip=ELSEWHERE, last_active_at=NOW)
    history = [a_snapshot([before], NOW - timedelta(days=1))]

    thought = assess(stolen, fresh(place=SAO_PAULO), history=history)[a_handle(9)]

    assert thought.level is Level.ALARM
    assert "new-country" in codes(thought)


def test_what_was_seen_in_earlier_lists_vouches() -> None:
    holiday = known(7, place=SAO_PAULO)
    history = [a_snapshot([known(1), holiday], NOW - timedelta(days=20))]

    thought = assess(
        known(1, last_active_at=NOW - timedelta(days=3)), fresh(place=SAO_PAULO), history=history
    )

    assert codes(thought[a_handle(9)]) == []


def test_ours_makes_it_familiar_until_its_country_or_kind_of_device_changes() -> None:
    intruder = fresh(place=SAO_PAULO)
    verdict = Verdict(intruder.handle, Answer.OURS, NOW, "BR", intruder.device.family)

    def level(session: LoginSession) -> Level:
        return assess(known(1), session, verdicts={session.handle: verdict})[session.handle].level

    assert level(intruder) is Level.FAMILIAR
    assert level(replace(intruder, ip="198.51.100.78", place=Place("Rio", "BR"))) is Level.FAMILIAR
    assert level(replace(intruder, place=Place("Lagos", "NG"))) is Level.ALARM
    assert level(replace(intruder, device=IPAD)) is Level.ALARM


def test_not_ours_stays_an_alarm_wherever_it_goes() -> None:
    session = known(1)
    verdict = Verdict(session.handle, Answer.NOT_OURS, NOW, "BR", "")

    assert assess(session, verdicts={session.handle: verdict})[session.handle].level is Level.ALARM


def test_this_very_console_is_never_marked() -> None:
    thought = assess(known(1), fresh(place=SAO_PAULO, is_current=True))[a_handle(9)]

    assert thought.level is Level.FAMILIAR


PLACES = st.one_of(
    st.none(),
    st.builds(
        Place,
        st.one_of(st.none(), st.text(max_size=60)),
        st.one_of(st.none(), st.sampled_from(["AU", "BR", "VC", "GS", "x", " "]), st.text(max_size=50)),
        st.one_of(st.none(), st.floats(-90, 90)),
        st.one_of(st.none(), st.floats(-180, 180)),
    ),
)
DEVICES = st.builds(
    Device,
    st.sampled_from(DeviceType),
    st.one_of(st.none(), st.sampled_from(["", " ", "Windows 11", "iPadOS 18"])),
    st.one_of(st.none(), st.text(max_size=40)),
    model=st.one_of(st.none(), st.text(max_size=40)),
)
TIMES = st.one_of(st.none(), st.integers(-100, 10_000).map(lambda hours: NOW - timedelta(hours=hours / 10)))
SESSIONS = st.builds(
    LoginSession,
    handle=st.integers(0, 6).map(a_handle),
    person=st.sampled_from([MARIA, Person("tom.breuer"), Person(" ", " "), Person("", "")]),
    device=DEVICES,
    ip=st.sampled_from([None, "", "203.0.113.10", ELSEWHERE, "nonsense"]),
    place=PLACES,
    network=st.sampled_from([None, HOSTING]),
    signed_in_at=TIMES,
    last_active_at=TIMES,
    is_current=st.sampled_from([None, False, True]),
)


@given(st.lists(SESSIONS, max_size=8), st.lists(SESSIONS, max_size=5), st.sampled_from([None, an_about()]))
def test_whatever_a_platform_tells_the_words_fit_and_are_always_the_same(
    current: list[LoginSession], earlier: list[LoginSession], about: object
) -> None:
    history = [a_snapshot(earlier, NOW - timedelta(days=2))]

    thoughts = assess(*current, about=about, history=history)  # type: ignore[arg-type]

    assert thoughts == assess(*current, about=about, history=history)  # type: ignore[arg-type]
    for session in current:
        thought = thoughts[session.handle]
        assert 0 <= thought.score <= 1
        assert bool(thought.reasons) == (thought.level is not Level.FAMILIAR)
        for reason in thought.reasons:
            assert 0 < len(reason.short) <= 24
            assert reason.text.strip()


@pytest.mark.parametrize("people", [800, 1])
def test_twice_the_sessions_do_not_take_four_times_the_work(people: int) -> None:
    """Counted in calls, not seconds."""
    staff = [Person(f"person.{number}", f"Person {number}") for number in range(people)]
    crowd = [
        a_session(
            number, person=staff[number % people], ip=ELSEWHERE, signed_in_at=NOW - timedelta(hours=number)
        )
        for number in range(800)
    ]
    calls = 0

    def count(_frame: object, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event == "call"

    def weigh(number: int) -> int:
        nonlocal calls
        calls = 0
        sys.setprofile(count)
        try:
            assess(*crowd[:number])
        finally:
            sys.setprofile(None)
        return calls

    assert weigh(800) < 3 * weigh(400)
