"""A dry run of a connector: what it says of a list that is not as it should be, and of an end that takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import BadCredentials, PlatformMisbehaved, SignInExpired
from sessionconsole.domain.platforms import Capabilities, EndAnswer, EndStatus, Field, Listing, WhoAmI
from sessionconsole.domain.sessions import Device, Handle, LoginSession, Person
from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TrialWish, TriedCall, TriedList
from sessionconsole.services.ports import Platform
from sessionconsole.services.reading_devices import DeviceReader
from sessionconsole.services.trial_remarks import advice_on
from sessionconsole.services.trying import DryRun
from tests.cli.desk import HurriedClock
from tests.fakes.platform import ABOUT, DANA, START, WINDOWS, FakeOperator, FakePlatforms, session
from tests.fakes.store import FakeStore
from tests.helpers import run


class _NoAgents:
    version = "1"

    def parse(self, user_agent: str) -> Device:
        return Device()


Alter = Callable[[LoginSession], LoginSession | None]


class Altered:
    """The platform with another list: what the file makes of it is what is tried here."""

    def __init__(self, platform: Platform, alter: Alter) -> None:
        self._platform = platform
        self._alter = alter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._platform, name)

    async def list_sessions(self, etag: str | None = None) -> Listing | None:
        listing = await self._platform.list_sessions(etag)
        assert listing is not None
        altered = [self._alter(session) for session in listing.sessions]
        return replace(listing, sessions=tuple(session for session in altered if session is not None))


class Unasked(Altered):
    """The same without a call that tells who is signed in: the typed name is told without asking anybody."""

    async def who_am_i(self) -> WhoAmI:
        return WhoAmI(DANA)


class Refusing(Altered):
    """The same, and it ends nothing."""

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        return {each: EndAnswer(each, EndStatus.REFUSED, None, "Not now.") for each in handles}


class Trier:
    """Tries a fake platform, on which one other person is logged in, and has what was told."""

    def __init__(self, alter: Alter = lambda session: session, operator: FakeOperator | None = None) -> None:
        self.operator = operator or FakeOperator(session("other"))
        self.told: list[Trial] = []
        self._alter = alter
        self.kind: type[Altered] = Altered

    def run(self, *, ends: bool = False, password: str | None = None) -> bool:
        clock = HurriedClock(START)
        wish = TrialWish(
            ABOUT.address,
            self.operator.username,
            password or self.operator.password,
            end_own_test_session=ends,
        )
        devices = DeviceReader(_NoAgents(), FakeStore(clock).devices)
        return run(DryRun(self.open, devices, clock, self.code_for, self.told.append).run(wish))

    def said(self, remark: Remark) -> list[str]:
        return [told.text for told in self.told if isinstance(told, TrialRemark) and told.remark is remark]

    @property
    def listed(self) -> TriedList:
        return next(told for told in self.told if isinstance(told, TriedList))

    async def open(self, heard: Callable[[TriedCall], None]) -> Platform:
        return self.kind(await FakePlatforms(self.operator).open(ABOUT.address, None), self._alter)

    async def code_for(self, methods: Sequence[FactorMethod]) -> tuple[FactorMethod, str] | None:
        return methods[0], self.operator.code


def test_a_trial_that_is_broken_off_leaves_no_session_behind() -> None:
    trier = Trier()

    async def story() -> None:
        def tell(trial: Trial) -> None:
            if isinstance(trial, TriedList):
                trying.cancel()

        clock = HurriedClock(START)
        devices = DeviceReader(_NoAgents(), FakeStore(clock).devices)
        wish = TrialWish(ABOUT.address, trier.operator.username, trier.operator.password)
        dry_run = DryRun(trier.open, devices, clock, trier.code_for, tell)
        async with asyncio.TaskGroup() as group:
            trying = group.create_task(dry_run.run(wish))
        assert trying.cancelled()

    run(story())
    assert list(trier.operator.sessions) == [Handle("harbour:other")]


def test_a_code_is_sent_where_the_platform_takes_no_other() -> None:
    trier = Trier()
    trier.operator.factors = (FactorMethod.MAILED_CODE,)

    assert trier.run()
    assert trier.operator.calls.count("send_code") == 1


def lacking(**facts: object) -> Alter:
    return lambda session: replace(session, **facts)  # type: ignore[arg-type]


def test_a_good_connector_is_good() -> None:
    trier = Trier()

    assert trier.run()
    assert trier.said(Remark.WRONG) == trier.said(Remark.NOTE) == []
    assert trier.listed.count == 2
    assert trier.listed.told["signed_in_at"] == 2
    assert "Signed out; the credential is refused now." in trier.said(Remark.GOOD)


def test_a_wrong_password_points_at_the_outcomes_too() -> None:
    trier = Trier()

    assert not trier.run(password="wrong")
    (remark,) = (told for told in trier.told if isinstance(told, TrialRemark))
    assert remark.text == BadCredentials.default_message
    assert remark.advice is not None
    assert "outcomes of that call" in remark.advice


def test_an_empty_list_is_wrong_because_the_trial_is_signed_in_itself() -> None:
    trier = Trier(lambda _: None)

    assert not trier.run()
    assert trier.said(Remark.WRONG) == [
        "The list is empty, although this program's own session must be on it."
    ]


def test_the_own_session_must_be_one_and_only_one() -> None:
    none, two, unknown = (Trier(lacking(is_current=current)) for current in (False, True, None))

    assert not none.run()
    assert none.said(Remark.WRONG) == ["None of the sessions is told to be this program's own."]
    assert not two.run()
    assert two.said(Remark.WRONG) == ["2 sessions are told to be this program's own."]
    assert unknown.run()
    assert unknown.said(Remark.NOTE) == ["The list does not tell which session is this program's own."]


def test_sessions_of_nobody_are_wrong() -> None:
    trier = Trier(lacking(person=Person("(no account)")))

    assert not trier.run()
    assert trier.said(Remark.WRONG) == ["2 of 2 sessions tell no account."]


def test_a_time_that_is_told_for_nobody_is_noted() -> None:
    trier = Trier(lacking(signed_in_at=None))

    assert trier.run()
    assert trier.said(Remark.NOTE) == ["signed_in_at is told for none of the sessions."]


def test_a_fact_that_the_file_does_not_map_is_not_missed() -> None:
    about = replace(ABOUT, capabilities=Capabilities(provides=frozenset({Field.PLACE})))
    trier = Trier(lacking(signed_in_at=None), FakeOperator(session("other"), about=about))

    assert trier.run()
    assert trier.said(Remark.NOTE) == []


def test_a_time_in_the_future_is_wrong() -> None:
    trier = Trier(lacking(last_active_at=START + timedelta(hours=8)))

    assert not trier.run()
    assert trier.said(Remark.WRONG) == ["last_active_at lies in the future."]


def test_a_list_that_tells_no_device_is_noted() -> None:
    trier = Trier(lacking(user_agent=None, device=Device()))

    assert trier.run()
    assert trier.said(Remark.NOTE) == ["No session tells its device."]


def test_a_second_session_of_its_own_is_ended_and_its_death_is_measured() -> None:
    trier = Trier()

    assert trier.run(ends=True)
    assert "The ended session was off the list after 0 s." in trier.said(Remark.GOOD)
    assert "The credential of the ended session was refused after 0 s." in trier.said(Remark.GOOD)
    assert trier.operator.effects.total() == 1
    assert Handle("harbour:other") not in trier.operator.effects


def test_the_password_is_given_again_where_the_platform_wants_it_before_it_ends() -> None:
    trier = Trier()
    trier.operator.reauthentication = (FactorMethod.PASSWORD,)
    trier.operator.code = "not asked for"

    assert trier.run(ends=True)
    assert trier.operator.effects.total() == 1


def test_a_code_is_given_where_the_password_is_not_enough_to_end() -> None:
    trier = Trier()
    trier.operator.reauthentication = (FactorMethod.PASSWORD,)
    trier.operator.more_proofs = [(FactorMethod.TOTP,)]

    assert trier.run(ends=True)
    assert trier.operator.effects.total() == 1


def test_a_platform_that_does_not_tell_who_is_signed_in_proves_death_by_its_list() -> None:
    trier = Trier()
    trier.kind = Unasked

    assert trier.run(ends=True)
    assert "The credential of the ended session was refused after 0 s." in trier.said(Remark.GOOD)
    assert "Signed out; the credential is refused now." in trier.said(Remark.GOOD)


def test_a_platform_that_keeps_one_session_for_each_device_id_is_told_as_such() -> None:
    operator = FakeOperator(session("other"))

    def only_the_newest(listed: LoginSession) -> LoginSession | None:
        return listed if listed.handle in ("harbour:other", list(operator.sessions)[-1]) else None

    trier = Trier(only_the_newest, operator)

    assert not trier.run(ends=True)
    assert trier.said(Remark.WRONG) == [
        "After the second sign-in the session of the first one is not listed any more, so that none was ended."
    ]
    assert operator.effects.total() == 0


def test_an_end_that_is_refused_is_wrong_and_nobody_waits_for_it() -> None:
    trier = Trier()
    trier.kind = Refusing

    assert not trier.run(ends=True)
    assert trier.said(Remark.WRONG) == [
        "The platform answered to the end of the second session: refused. It says: Not now."
    ]
    assert [row.handle for row in trier.operator.sessions.values()] == [Handle("harbour:other")]


def test_a_second_sign_in_that_is_no_session_of_the_list_ends_nothing() -> None:
    trier = Trier(lambda session: replace(session, handle=Handle("harbour:one")))

    trier.run(ends=True)

    assert trier.said(Remark.WRONG) == ["The second sign-in shows as 0 new sessions, so that none was ended."]
    assert trier.operator.effects.total() == 0


def test_a_session_that_appears_meanwhile_and_may_be_somebody_else_s_is_not_ended() -> None:
    def as_a_browser_s(listed: LoginSession) -> LoginSession:
        return replace(listed, is_current=None, user_agent=WINDOWS, signed_in_at=START)

    trier = Trier(as_a_browser_s)

    trier.run(ends=True)

    assert trier.said(Remark.WRONG) == [
        "One session is new, but it may be somebody else's, so it was not ended."
    ]
    assert trier.operator.effects.total() == 0


def test_where_the_list_does_not_tell_its_own_session_a_new_one_of_this_program_is_ended() -> None:
    trier = Trier(lambda listed: replace(listed, is_current=None, signed_in_at=START))

    trier.run(ends=True)

    assert trier.operator.effects.total() == 1


def _call(call: str, status: int | None, word: str | None = None) -> TriedCall:
    row = None if word is None else 1
    return TriedCall(call, "GET https://harbour.example", status, word, row, False, None, {}, "", None)


def test_what_went_wrong_is_said_with_the_place_in_the_file() -> None:
    nonsense, dead = PlatformMisbehaved(), SignInExpired()

    assert "No row of list.outcomes" in advice_on(nonsense, _call("list", 404))
    assert "sign_in.steps[0].call takes" in advice_on(nonsense, _call("sign_in.steps[0].call", 200, "ok"))
    assert "list.items and list.fields.id" in advice_on(nonsense, _call("list", 200, "ok"))
    assert "whoami.account" in advice_on(nonsense, _call("whoami", 200, "ok"))
    assert "Compare [credential.default]" in advice_on(dead, _call("list", 401, "dead"))
    assert advice_on(dead, _call("list", None)) == dead.advice
    half = advice_on(SignInExpired(), _call("sign_in.steps[1].call", 403, "sign-in-expired"))
    assert half.startswith("A row of sign_in.steps[1].call.outcomes took the answer for sign-in-expired.")
