"""The world behind the demo platform: the same for the same seed, and alive."""

from __future__ import annotations

from collections import Counter
from ipaddress import ip_address, ip_network

import pytest

from sessionconsole.demo.clock import WorldClock
from sessionconsole.demo.operator import Operator
from sessionconsole.demo.options import Options, read
from sessionconsole.demo.world.addresses import look_up
from sessionconsole.demo.world.life import Event, Life, SignedIn, SignedOut, WasActive
from sessionconsole.demo.world.people import staff
from sessionconsole.demo.world.seats import CAST_SESSIONS, opening

START = 1_795_485_780.0
HOUR = 3600.0
DAY = 24 * HOUR
DOCUMENTATION = [
    ip_network(each) for each in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


def life(seed: int = 1, people: int = 14, sessions: int = CAST_SESSIONS) -> Life:
    cast = staff(seed, people)
    return Life(seed, START, opening(seed, cast, sessions), [person.account for person in cast])


def still_operator(**options: float) -> Operator:
    return Operator(Options(**options), WorldClock(START, scale=0))  # type: ignore[arg-type]


def test_the_same_seed_lives_the_same_days() -> None:
    assert list(life(7).until(START + 2 * DAY)) == list(life(7).until(START + 2 * DAY))


def test_it_does_not_matter_how_often_one_looks() -> None:
    often = life(7)
    seen: list[Event] = [event for hour in range(49) for event in often.until(START + hour * HOUR)]

    assert seen == list(life(7).until(START + 48 * HOUR))


def test_an_intruder_asked_for_changes_nobody_elses_day() -> None:
    disturbed = life(7)
    list(disturbed.until(START))
    asked = disturbed.intrude(START + 1)

    rest = [event for event in disturbed.until(START + DAY) if event.session != asked.session]

    undisturbed = life(7)
    list(undisturbed.until(START))
    assert rest == list(undisturbed.until(START + DAY))


def test_another_seed_lives_other_days() -> None:
    assert list(life(7).until(START + DAY)) != list(life(8).until(START + DAY))


def test_time_does_not_run_backwards() -> None:
    moments = [event.at for event in life().until(START + 3 * DAY)]

    assert moments == sorted(moments)


def test_people_come_work_and_go() -> None:
    kinds = Counter(type(event) for event in life().until(START + 2 * DAY))

    assert kinds[SignedIn] > CAST_SESSIONS, "people come back in the morning"
    assert kinds[SignedOut] > 0
    assert kinds[WasActive] > 500


def test_now_and_then_a_login_appears_that_does_not_belong() -> None:
    abroad = [
        event
        for event in life().until(START + 2 * DAY)
        if isinstance(event, SignedIn) and event.at > START and is_abroad(event.ip)
    ]

    assert 4 <= len(abroad) <= 24


def is_abroad(ip: str) -> bool:
    place, _ = look_up(ip)
    return place is not None and place.country != "AU"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_address_is_one_of_documentation(seed: int) -> None:
    addresses = {
        event.ip for event in life(seed, 200, 400).until(START + DAY) if not isinstance(event, SignedOut)
    }

    assert addresses
    assert all(any(ip_address(ip) in network for network in DOCUMENTATION) for ip in addresses)


def test_unused_sessions_expire_and_the_list_stays_in_order() -> None:
    operator = still_operator()
    before = {session.id for session in operator.register}
    for _ in range(30):
        operator.clock.advance(6 * HOUR)
        operator.catch_up()
        keys = [session.key for session in operator.register]
        assert keys == sorted(keys)
        assert all(
            session.dies is None or session.dies > operator.clock.now() for session in operator.register
        )

    after = {session.id for session in operator.register}
    assert before - after, "desk sessions ended unused"
    assert after - before, "and people signed in again"


def test_what_is_ended_stays_gone_although_life_goes_on() -> None:
    operator = still_operator()
    intruder = next(session for session in operator.register if is_abroad(session.ip))
    operator.end(intruder.id)

    operator.clock.advance(5 * HOUR)
    operator.catch_up()

    assert operator.register.get(intruder.id) is None


def test_the_mark_does_not_change_merely_because_time_passes() -> None:
    operator = still_operator(sessions=1)  # the intruder alone, who moves every few minutes
    revisions = []
    for _ in range(60):
        operator.clock.advance(1)
        operator.catch_up()
        revisions.append(operator.register.revision)

    assert len(set(revisions)) <= 2


@pytest.mark.parametrize(
    ("arguments", "people", "sessions"),
    [
        ([], 14, 23),
        (["--people", "140"], 140, 230),
        (["--sessions", "2300"], 1400, 2300),
        (["--people", "5", "--sessions", "9"], 5, 9),
    ],
)
def test_people_and_sessions_grow_together(arguments: list[str], people: int, sessions: int) -> None:
    options = read(arguments)

    assert (options.people, options.sessions) == (people, sessions)
    assert len(list(still_operator(people=people, sessions=sessions).register)) == sessions


@pytest.mark.parametrize(
    "arguments", [["--people", "3"], ["--latency", "-1"], ["--port", "x"], ["--start", "soon"]]
)
def test_senseless_options_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read(arguments)

    assert ended.value.code == 2
    assert arguments[0] in capsys.readouterr().err
