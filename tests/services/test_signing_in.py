"""Signing in, staying so between starts, and signing out: on the platform, in the keyring, and without network."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked, SignInRecord
from sessionconsole.domain.errors import (
    AnswerLost,
    BadCredentials,
    CertificateProblem,
    KeyringFull,
    KeyringHangs,
    KeyringLocked,
    KeyringProblem,
    NotAPlatform,
    SecondFactorRefused,
    SignInNeeded,
    TooManyTries,
    TryLater,
    Unreachable,
    WrongUse,
)
from sessionconsole.services.console import Console
from sessionconsole.services.credentials import (
    VaultKeeper,
    decode_record,
    encode_record,
)
from sessionconsole.services.leftovers import Leftovers
from sessionconsole.services.signing_in import Stage
from sessionconsole.services.states import Link, ListState
from tests.fakes.platform import session
from tests.services.desk import ADDRESS, Desk, cancelled, link, play, settle, shown

OWN = session("own1").handle


async def sign_in(desk: Desk, console: Console, password: str | None = None) -> object:
    operator = desk.operator
    return await console.signing_in.begin(ADDRESS, operator.username, password or operator.password)


def stage(console: Console) -> Stage:
    return console.signing_in.state.value.stage


def test_a_password_is_enough_where_no_more_is_asked() -> None:
    async def story() -> None:
        desk = Desk()
        console = desk.a_console()
        await console.start()
        assert stage(console) is Stage.SIGNED_OUT

        record = await sign_in(desk, console)

        assert isinstance(record, SignInRecord)
        assert (record.account, record.platform, record.name) == ("dana.whitlock", "harbour", "Dana Whitlock")
        assert console.signing_in.state.value.record == record
        kept = await desk.vault.read("sign-in")
        assert kept is not None
        assert desk.operator.password not in kept, "the password is kept nowhere"
        assert console.notices.value == ()

    play(story())


def test_a_second_factor_is_asked_and_given() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
        console = desk.a_console()
        await console.start()

        asked = await sign_in(desk, console)

        assert isinstance(asked, SecondFactorAsked)
        assert stage(console) is Stage.SECOND_FACTOR
        assert console.signing_in.state.value.methods == desk.operator.factors
        with pytest.raises(SecondFactorRefused):
            await console.signing_in.answer(FactorMethod.TOTP, "000000")
        assert stage(console) is Stage.SECOND_FACTOR, "one may try again"
        await console.signing_in.answer(FactorMethod.TOTP, desk.operator.code)
        assert stage(console) is Stage.SIGNED_IN

    play(story())


def test_a_code_is_sent_at_once_where_no_other_is_taken_and_else_when_it_is_asked_for() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.MAILED_CODE,)
        console = desk.a_console()
        await console.start()
        await sign_in(desk, console)
        assert desk.operator.calls.count("send_code") == 1
        await console.signing_in.back()

        desk.operator.factors = (FactorMethod.TOTP, FactorMethod.MAILED_CODE)
        await sign_in(desk, console)
        assert desk.operator.calls.count("send_code") == 1
        await console.signing_in.send_code(FactorMethod.MAILED_CODE)
        await console.signing_in.answer(FactorMethod.MAILED_CODE, desk.operator.code)
        assert stage(console) is Stage.SIGNED_IN
        with pytest.raises(SignInNeeded):
            await console.signing_in.send_code(FactorMethod.MAILED_CODE)

    play(story())


def test_a_code_that_cannot_be_sent_leaves_nothing_open() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.MAILED_CODE,)
        desk.operator.fail("send_code", TooManyTries())
        console = desk.a_console()
        await console.start()
        with pytest.raises(TooManyTries):
            await sign_in(desk, console)
        assert stage(console) is Stage.SIGNED_OUT
        assert all(platform.closed for platform in desk.platforms.opened)

    play(story())


def test_one_factor_more_is_asked_where_the_platform_wants_it() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.TOTP,)
        desk.operator.more_factors = [(FactorMethod.RECOVERY_CODE,)]
        console = desk.a_console()
        await console.start()
        await sign_in(desk, console)

        asked = await console.signing_in.answer(FactorMethod.TOTP, desk.operator.code)

        assert isinstance(asked, SecondFactorAsked)
        assert stage(console) is Stage.SECOND_FACTOR
        assert console.signing_in.state.value.methods == (FactorMethod.RECOVERY_CODE,)
        await console.signing_in.answer(FactorMethod.RECOVERY_CODE, desk.operator.code)
        assert stage(console) is Stage.SIGNED_IN

    play(story())


def test_what_was_entered_besides_is_kept_and_given_again_at_the_next_start() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = ()
        entered = {"organizer": "reef"}
        desk.operator.about = replace(desk.operator.about, variables=entered)
        console = desk.a_console()
        await console.start()
        await console.signing_in.begin(
            ADDRESS, desk.operator.username, desk.operator.password, variables={**entered, "key": "secret"}
        )
        assert desk.platforms.variables == {**entered, "key": "secret"}
        kept = await desk.vault.read("sign-in")
        assert kept is not None
        record = decode_record(kept)
        assert record is not None
        assert record.variables == entered
        await console.close()

        again = desk.a_console()
        desk.platforms.variables = {}
        await again.start()
        async with again.connection.use():
            assert desk.platforms.variables == entered
        await again.close()

    play(story())


def test_a_sign_in_that_an_earlier_version_kept_is_still_read() -> None:
    old = (
        '{"address": "https://b.example", "connector": "console-api", "username": "dana", "platform": "b", '
        '"title": "B", "account": "dana", "name": null, "credential": {"access_token": "x"}}'
    )
    record = decode_record(old)
    assert record is not None
    assert record.variables == {}


def test_going_back_drops_the_half_sign_in_and_offers_the_same_name_again() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.TOTP,)
        console = desk.a_console()
        await console.start()
        await sign_in(desk, console)

        await console.signing_in.back()

        state = console.signing_in.state.value
        assert (state.stage, state.last_address, state.last_username) == (
            Stage.SIGNED_OUT,
            ADDRESS,
            desk.operator.username,
        )
        assert all(platform.closed for platform in desk.platforms.opened)
        with pytest.raises(SignInNeeded):
            await console.signing_in.answer(FactorMethod.TOTP, desk.operator.code)

    play(story())


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        ("open", NotAPlatform()),
        ("open", CertificateProblem()),
        ("open", Unreachable()),
        ("sign_in", BadCredentials()),
        ("sign_in", TooManyTries()),
        ("who_am_i", AnswerLost()),
    ],
)
def test_what_fails_leaves_nothing_behind(call: str, problem: Exception) -> None:
    async def story() -> None:
        desk = Desk()
        console = desk.a_console()
        await console.start()
        desk.operator.fail(call, problem)

        with pytest.raises(type(problem)):
            await sign_in(desk, console)

        assert stage(console) is Stage.SIGNED_OUT
        assert console.connection.record is None
        assert await desk.vault.read("sign-in") is None
        assert OWN not in desk.operator.sessions, "no session is left on the platform"
        assert all(platform.closed for platform in desk.platforms.opened)
        assert isinstance(await sign_in(desk, console), SignInRecord)

    play(story())


def test_a_second_step_that_fails_at_the_end_leads_back_to_the_beginning() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.TOTP,)
        console = desk.a_console()
        await console.start()
        await sign_in(desk, console)
        desk.operator.fail("who_am_i", AnswerLost())

        with pytest.raises(AnswerLost):
            await console.signing_in.answer(FactorMethod.TOTP, desk.operator.code)

        assert stage(console) is Stage.SIGNED_OUT

    play(story())


def test_a_wrong_password_after_a_half_sign_in_leads_back_to_the_beginning() -> None:
    async def story() -> None:
        desk = Desk()
        desk.operator.factors = (FactorMethod.TOTP,)
        console = desk.a_console()
        await console.start()
        await sign_in(desk, console)

        with pytest.raises(BadCredentials):
            await sign_in(desk, console, "wrong")

        assert stage(console) is Stage.SIGNED_OUT

    play(story())


def test_the_next_start_is_signed_in_without_asking_the_network() -> None:
    async def story() -> None:
        desk = Desk()
        await desk.signed_in()
        calls = len(desk.operator.calls)

        console = desk.a_console()
        await console.start()

        assert stage(console) is Stage.SIGNED_IN
        assert len(desk.operator.calls) == calls
        await console.watching.refresh()
        assert link(console) is Link.LIVE

    play(story())


@pytest.mark.parametrize("kept", ["", "nonsense", "{}", '{"credential": 1}', "[]", "null"])
def test_a_keyring_entry_that_makes_no_sense_is_no_sign_in(kept: str) -> None:
    async def story() -> None:
        desk = Desk()
        await desk.vault.write("sign-in", kept)
        console = desk.a_console()
        await console.start()
        assert stage(console) is Stage.SIGNED_OUT

    play(story())


def test_a_keyring_that_fails_costs_a_notice_and_the_next_start_but_not_this_one() -> None:
    async def story() -> None:
        desk = Desk()
        desk.vault.problem = KeyringLocked()
        console = desk.a_console()
        await console.start()
        assert stage(console) is Stage.SIGNED_OUT

        await sign_in(desk, console)

        assert stage(console) is Stage.SIGNED_IN
        assert [type(notice) for notice in console.notices.value] == [KeyringLocked], "said once"
        await console.watching.refresh()
        assert link(console) is Link.LIVE
        desk.vault.problem = None
        assert await desk.vault.read("sign-in") is None, "and nothing is kept"

    play(story())


def test_a_reader_in_the_background_never_finds_the_old_credential_after_signing_in_again() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.end_sign_ins()
            await desk.live(31)
            assert link(console) is Link.SIGN_IN_NEEDED
            links: list[Link] = []
            console.watching.state.subscribe(lambda state: links.append(state.link))
            await sign_in(desk, console)
            await settle()
            assert links == [Link.LIVE]

    play(story())


def test_whoever_goes_back_from_signing_in_again_is_still_signed_in() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.factors = (FactorMethod.TOTP,)
            await sign_in(desk, console)
            await console.signing_in.back()
            assert stage(console) is Stage.SIGNED_IN
            assert console.connection.record is not None
            assert "maria" in shown(console)

    play(story())


def test_signing_in_again_ends_the_earlier_session_of_this_console() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await sign_in(desk, console)
        assert OWN not in desk.operator.sessions
        await console.watching.refresh()
        assert link(console) is Link.LIVE

    play(story())


def test_another_account_is_refused_and_its_session_revoked() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.me = session("x").person

        with pytest.raises(WrongUse):
            await sign_in(desk, console)

        assert stage(console) is Stage.SIGNED_IN
        assert console.connection.record is not None
        assert console.connection.record.account == "dana.whitlock"
        assert session("own2").handle not in desk.operator.sessions
        assert OWN in desk.operator.sessions
        await console.watching.refresh()
        assert link(console) is Link.LIVE

    play(story())


def test_signing_out_revokes_and_forgets() -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            await console.signing_in.sign_out()
            assert OWN not in desk.operator.sessions
            assert stage(console) is Stage.SIGNED_OUT
            assert console.signing_in.state.value.last_username == desk.operator.username
            assert console.watching.state.value == ListState()
            assert await desk.vault.read("sign-in") is None
            assert await desk.vault.read("to-revoke") is None
            with pytest.raises(SignInNeeded):
                await console.signing_in.sign_out()

    play(story())


@pytest.mark.parametrize("problem", [Unreachable(), AnswerLost(), NotAPlatform(), CertificateProblem()])
def test_without_network_the_secret_is_kept_only_to_be_revoked(problem: Exception) -> None:
    async def story() -> None:
        desk = Desk()
        async with desk.at_work() as console:
            desk.operator.fail("sign_out", problem, times=100)
            await console.signing_in.sign_out()
            assert stage(console) is Stage.SIGNED_OUT
            assert await desk.vault.read("sign-in") is None
            await desk.live(130)
            assert OWN in desk.operator.sessions
            assert await desk.vault.read("to-revoke") is not None
            desk.operator.no_faults()
            await desk.live(61)
            assert OWN not in desk.operator.sessions, "revoked when the network was back"
            assert await desk.vault.read("to-revoke") is None
            calls = len(desk.operator.calls)
            await desk.live(600)
            assert len(desk.operator.calls) == calls, "and that is the end of it"

    play(story())


def test_a_later_start_revokes_what_an_earlier_one_could_not() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.fail("sign_out", Unreachable())
        await console.signing_in.sign_out()

        again = desk.a_console()
        await again.start()
        async with desk.at_work(again):
            await settle()
            assert OWN not in desk.operator.sessions

    play(story())


def test_after_seven_days_the_secret_is_dropped() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.fail("sign_out", Unreachable())
        await console.signing_in.sign_out()
        await desk.jump(timedelta(days=7, seconds=1).total_seconds())
        calls = len(desk.operator.calls)

        await console.signing_in.revoke_leftovers()

        assert await desk.vault.read("to-revoke") is None
        assert len(desk.operator.calls) == calls, "it is not even tried"

    play(story())


def test_a_credential_that_was_renewed_while_the_keyring_failed_is_the_one_that_is_revoked() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await console.watching.refresh()
        desk.vault.problem = KeyringHangs()
        renewed = desk.operator.admit()
        keeper = console.connection._keeper
        assert keeper is not None
        await keeper.save(renewed)
        assert [type(notice) for notice in console.notices.value] == [KeyringHangs]
        desk.vault.problem = None
        assert await console.connection.credential() == renewed
        desk.operator.fail("sign_out", Unreachable())

        await console.signing_in.sign_out()
        await console.signing_in.revoke_leftovers()

        assert session("own2").handle not in desk.operator.sessions

    play(story())


def a_record(account: str = "dana", token: str = "one") -> SignInRecord:
    return SignInRecord(
        ADDRESS, "fake", "dana", "harbour", "Harbour", account, None, Credential({"t": token})
    )


def test_what_is_kept_can_be_read_back() -> None:
    record = a_record()

    assert decode_record(encode_record(record)) == record


def test_a_keeper_sees_what_another_process_renewed_and_never_takes_anothers() -> None:
    async def story() -> None:
        desk = Desk()
        keeper = VaultKeeper(desk.vault, desk.locks, a_record(), lambda _: None)
        await desk.vault.write("sign-in", encode_record(a_record(token="two")))
        assert await keeper.load() == Credential({"t": "two"})
        await desk.vault.write("sign-in", encode_record(a_record("somebody.else")))
        assert await keeper.load() is None
        await desk.vault.write("sign-in", encode_record(replace(a_record(), address="https://elsewhere")))
        assert await keeper.load() is None, (
            "a platform of the same name elsewhere never gets this one's secrets"
        )
        await desk.vault.delete("sign-in")
        assert await keeper.load() is None, "signed out elsewhere"

    play(story())


def test_a_keeper_whose_keyring_fails_goes_on_in_memory_and_says_so_once() -> None:
    async def story() -> None:
        desk = Desk()
        told: list[KeyringProblem] = []
        keeper = VaultKeeper(desk.vault, desk.locks, a_record(), told.append)
        desk.vault.problem = KeyringHangs()
        assert await keeper.load() == Credential({"t": "one"})
        await keeper.save(Credential({"t": "two"}))
        await keeper.save(Credential({"t": "three"}))
        assert await keeper.load() == Credential({"t": "three"})
        assert len(told) == 1

    play(story())


def test_a_renewal_needs_the_keyring_because_another_process_may_have_used_up_what_is_in_memory() -> None:
    async def story() -> None:
        desk = Desk()
        await desk.vault.write("sign-in", encode_record(a_record()))
        told: list[KeyringProblem] = []
        keeper = VaultKeeper(desk.vault, desk.locks, a_record(), told.append)
        desk.vault.problem = KeyringLocked()
        assert await keeper.load() == Credential({"t": "one"}), "good for a request"
        async with keeper.exclusive():
            with pytest.raises(KeyringLocked, match="nothing was sent"):
                await keeper.load()
        desk.vault.problem = None
        async with keeper.exclusive():
            assert await keeper.load() == Credential({"t": "one"}), "and it is tried again"
        assert not told, "it goes on in the keyring"

    play(story())


def test_a_renewal_whose_beginning_the_keyring_does_not_keep_sends_nothing_and_its_end_is_never_lost() -> (
    None
):
    async def story() -> None:
        desk = Desk()
        await desk.vault.write("sign-in", encode_record(a_record()))
        told: list[KeyringProblem] = []
        keeper = VaultKeeper(desk.vault, desk.locks, a_record(), told.append)
        async with keeper.exclusive():
            assert await keeper.load() == Credential({"t": "one"})
            desk.vault.problem = KeyringFull()
            with pytest.raises(KeyringFull, match="nothing was sent"):
                await keeper.save(Credential({"t": "one, spent"}))
            desk.vault.problem = None
            assert await keeper.load() == Credential({"t": "one"})

        async with keeper.exclusive():
            await keeper.save(Credential({"t": "one, spent"}))
            desk.vault.problem = KeyringFull()
            await keeper.save(Credential({"t": "two"}))
        assert await keeper.load() == Credential({"t": "two"}), (
            "in memory, because the platform has it already"
        )
        assert [type(problem) for problem in told] == [KeyringFull]

    play(story())


def test_a_renewal_that_another_process_never_finishes_is_tried_later() -> None:
    async def story() -> None:
        desk = Desk()
        desk.locks.held_elsewhere.add("renewal")
        keeper = VaultKeeper(desk.vault, desk.locks, a_record(), lambda _: None)
        with pytest.raises(TryLater):
            async with keeper.exclusive():
                pytest.fail("nobody may renew beside another")

    play(story())


def test_a_sign_out_while_the_platform_is_opened_wins() -> None:
    async def story() -> None:
        desk = Desk()
        await desk.signed_in()
        console = desk.a_console()
        await console.start()
        desk.operator.hold("open")
        reading = asyncio.get_running_loop().create_task(console.watching.refresh())
        await settle()
        await console.signing_in.leave()
        desk.operator.let_go("open")
        await reading

        assert console.watching.state.value == ListState()
        assert desk.platforms.opened[-1].closed

    play(story())


def test_what_another_process_signed_in_as_is_not_forgotten_by_signing_out_here() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        theirs = encode_record(a_record("somebody.else"))
        await desk.vault.write("sign-in", theirs)

        await console.signing_in.sign_out()

        assert stage(console) is Stage.SIGNED_OUT
        assert await desk.vault.read("sign-in") == theirs

    play(story())


def test_what_another_process_signed_in_as_is_not_replaced_by_another_account() -> None:
    async def story() -> None:
        desk = Desk()
        console = desk.a_console()
        await console.start()
        theirs = encode_record(a_record("somebody.else"))
        await desk.vault.write("sign-in", theirs)

        with pytest.raises(WrongUse):
            await sign_in(desk, console)

        assert await desk.vault.read("sign-in") == theirs
        assert OWN not in desk.operator.sessions, "what was begun is revoked"

    play(story())


def test_the_same_sign_in_of_another_process_is_revoked_when_it_is_replaced() -> None:
    async def story() -> None:
        desk = Desk()
        window = desk.a_console()
        await window.start()
        await desk.signed_in()
        assert OWN in desk.operator.sessions

        await sign_in(desk, window)

        assert OWN not in desk.operator.sessions
        assert stage(window) is Stage.SIGNED_IN

    play(story())


def test_a_sign_in_by_another_process_is_taken_up_when_it_is_looked_for() -> None:
    async def story() -> None:
        desk = Desk()
        window = desk.a_console()
        await window.start()
        await window.signing_in.look_again()
        assert stage(window) is Stage.SIGNED_OUT
        command = await desk.signed_in()
        await command.watching.refresh()
        calls = len(desk.operator.calls)

        await window.signing_in.look_again()

        assert stage(window) is Stage.SIGNED_IN
        assert window.connection.record == command.connection.record
        assert "maria" in shown(window), "the stored list, without asking the network"
        assert len(desk.operator.calls) == calls
        await window.watching.refresh()
        assert link(window) is Link.LIVE

    play(story())


def test_a_look_for_a_sign_in_disturbs_nobody_who_is_signed_in_or_half_way() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        await desk.vault.write("sign-in", encode_record(a_record("somebody.else")))
        await console.signing_in.look_again()
        assert console.connection.record is not None
        assert console.connection.record.account == "dana.whitlock"

        await desk.vault.delete("sign-in")
        desk.operator.factors = (FactorMethod.TOTP,)
        half_way = desk.a_console()
        await half_way.start()
        await sign_in(desk, half_way)
        await desk.vault.write("sign-in", encode_record(a_record()))
        await half_way.signing_in.look_again()
        assert stage(half_way) is Stage.SECOND_FACTOR

    play(story())


def test_a_keyring_that_failed_is_not_asked_at_each_look_because_it_may_ask_the_user() -> None:
    async def story() -> None:
        desk = Desk()
        console = desk.a_console()
        await console.start()
        desk.vault.problem = KeyringLocked()
        await console.signing_in.look_again()
        desk.vault.problem = None
        await desk.signed_in()

        await console.signing_in.look_again()

        assert stage(console) is Stage.SIGNED_OUT

    play(story())


def test_a_sign_in_that_the_keyring_did_not_let_go_of_is_not_taken_up_again() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.vault.problem = KeyringHangs()
        await console.signing_in.sign_out()
        desk.vault.problem = None

        await console.signing_in.look_again()

        assert stage(console) is Stage.SIGNED_OUT

    play(story())


def test_a_keyring_that_does_not_let_go_of_the_sign_in_is_told() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.fail("sign_out", Unreachable())
        desk.vault.problem = KeyringHangs()

        assert not await console.signing_in.sign_out()

        assert stage(console) is Stage.SIGNED_OUT
        assert [type(notice) for notice in console.notices.value] == [KeyringHangs]

    play(story())


def test_whoever_signs_out_and_closes_at_once_is_signed_out_and_it_is_revoked_at_the_next_start() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.hold("sign_out")
        leaving = asyncio.get_running_loop().create_task(console.signing_in.sign_out())
        await settle()
        assert stage(console) is Stage.SIGNED_OUT, "at once, whatever the platform says"
        await cancelled(leaving)
        desk.operator.let_go("sign_out")

        again = desk.a_console()
        await again.start()
        assert stage(again) is Stage.SIGNED_OUT
        async with desk.at_work(again):
            assert await desk.vault.read("to-revoke") is None
        assert OWN not in desk.operator.sessions

    play(story())


def test_what_is_given_up_while_another_is_revoked_is_not_forgotten() -> None:
    async def story() -> None:
        desk = Desk()
        leftovers = Leftovers(desk.vault, desk.locks, desk.clock)
        await leftovers.add(a_record())
        console = desk.a_console()
        desk.operator.hold("sign_out")
        revoking = asyncio.get_running_loop().create_task(console.signing_in.revoke_leftovers())
        await settle()
        later = await leftovers.add(a_record("somebody.else"))
        desk.operator.let_go("sign_out")
        await revoking

        assert await leftovers.pending() == [later]

    play(story())


def test_a_second_sign_out_without_network_leaves_the_first_to_be_revoked_too() -> None:
    async def story() -> None:
        desk = Desk()
        console = await desk.signed_in()
        desk.operator.fail("sign_out", Unreachable(), times=2)
        assert not await console.signing_in.sign_out()
        await sign_in(desk, console)
        assert not await console.signing_in.sign_out()
        assert {OWN, session("own2").handle} <= desk.operator.sessions.keys()

        await console.signing_in.revoke_leftovers()

        assert not {OWN, session("own2").handle} & desk.operator.sessions.keys()
        assert await desk.vault.read("to-revoke") is None

    play(story())


def test_a_renewal_that_ends_after_the_sign_out_signs_nobody_in_again() -> None:
    async def story() -> None:
        desk = Desk()
        await desk.vault.write("sign-in", encode_record(a_record()))
        keeper = VaultKeeper(desk.vault, desk.locks, a_record(), lambda _: None)
        await desk.vault.delete("sign-in")

        await keeper.save(Credential({"t": "two"}))

        assert await desk.vault.read("sign-in") is None

    play(story())
