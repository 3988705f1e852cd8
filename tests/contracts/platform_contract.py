"""What every booking platform must do for the services, the real ones and the fake."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    AnswerLost,
    BadCredentials,
    NotAPlatform,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SignInExpired,
    SignInNeeded,
    TryLater,
    Unreachable,
    WrongUse,
)
from sessionconsole.domain.platforms import EndStatus, Listing
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.credentials import MemoryKeeper
from sessionconsole.services.ports import Platform, Platforms
from tests.helpers import run, until


class Stage(Protocol):
    """A platform to play on: at least four sessions, an account with second factor, and levers behind the scenes."""

    platforms: Platforms
    address: str
    connector: str
    username: str
    password: str

    def code(self) -> str:
        """A TOTP code that is good and was not used yet."""
        ...

    def demand_reauthentication(self) -> None:
        """Make the last proof of identity too old for ending."""
        ...

    def newcomer(self) -> None:
        """Let one more session appear."""
        ...

    def end_sign_ins(self, *signed_in: Credential) -> None:
        """End the sessions of these credentials from elsewhere."""
        ...

    def lose_next_end(self, *, done: bool) -> None:
        """The next end is not answered, though it is done, or not."""
        ...

    def ends_done(self) -> int:
        """How many ends took effect so far."""
        ...

    def unplug(self) -> None:
        """Nothing can be reached from now on."""
        ...


class PlatformContract:
    """Give it a fixture `stage`; each test signs in anew."""

    async def signed_in(self, stage: Stage) -> Platform:
        platform, _ = await self.signed_in_as(stage)
        return platform

    async def signed_in_as(self, stage: Stage) -> tuple[Platform, Credential]:
        platform = await stage.platforms.open(stage.address)
        asked = await platform.sign_in(stage.username, stage.password)
        assert isinstance(asked, SecondFactorAsked)
        credential = await platform.answer_second_factor(asked, FactorMethod.TOTP, stage.code())
        assert isinstance(credential, Credential)
        platform.use(MemoryKeeper(credential))
        return platform, credential

    async def listing(self, platform: Platform) -> Listing:
        listing = await platform.list_sessions()
        assert listing is not None
        return listing

    async def others(self, platform: Platform) -> list[Handle]:
        return [s.handle for s in (await self.listing(platform)).sessions if not s.is_current]

    async def own(self, platform: Platform) -> Handle:
        (own,) = [s.handle for s in (await self.listing(platform)).sessions if s.is_current]
        return own

    def test_it_says_what_it_is_before_anybody_signs_in(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await stage.platforms.open(stage.address)
            about = platform.about
            assert about.connector == stage.connector
            assert about.name
            assert ":" not in about.name
            assert len(about.name) <= 40
            assert about.title
            again = await stage.platforms.open(about.address, about.connector)
            assert again.about == about
            await platform.close()
            await again.close()

        run(story())

    def test_nobody_is_at_another_address_or_by_an_unknown_kind(self, stage: Stage) -> None:
        async def story() -> None:
            with pytest.raises((NotAPlatform, Unreachable)):
                await stage.platforms.open("127.0.0.1:1")
            with pytest.raises(WrongUse):
                await stage.platforms.open(stage.address, "no such connector")

        run(story())

    def test_a_wrong_password_is_told(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await stage.platforms.open(stage.address)
            with pytest.raises(BadCredentials):
                await platform.sign_in(stage.username, "not this one")
            await platform.close()

        run(story())

    def test_a_wrong_code_leaves_the_second_step_open(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await stage.platforms.open(stage.address)
            asked = await platform.sign_in(stage.username, stage.password)
            assert isinstance(asked, SecondFactorAsked)
            assert FactorMethod.TOTP in asked.methods
            with pytest.raises(SecondFactorRefused):
                await platform.answer_second_factor(asked, FactorMethod.TOTP, "000000")
            credential = await platform.answer_second_factor(asked, FactorMethod.TOTP, stage.code())
            assert isinstance(credential, Credential)
            platform.use(MemoryKeeper(credential))
            me = await platform.who_am_i()
            assert me.person.account == stage.username
            assert me.may_end
            await platform.close()

        run(story())

    def test_nothing_is_told_to_who_is_not_signed_in(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await stage.platforms.open(stage.address)
            with pytest.raises(SignInNeeded):
                await platform.list_sessions()
            await platform.close()

        run(story())

    def test_the_list_has_one_session_of_ones_own_and_handles_that_last(self, stage: Stage) -> None:
        async def story() -> None:
            platform, credential = await self.signed_in_as(stage)
            listing = await self.listing(platform)
            assert listing.complete
            handles = [session.handle for session in listing.sessions]
            assert len(set(handles)) == len(handles) >= 4
            assert all(handle.startswith(f"{platform.about.name}:") for handle in handles)
            assert [s.is_current for s in listing.sessions].count(True) == 1
            later = await stage.platforms.open(stage.address)
            later.use(MemoryKeeper(credential))
            assert {s.handle for s in (await self.listing(later)).sessions} == set(handles)
            await platform.close()
            await later.close()

        run(story())

    def test_a_list_that_did_not_change_is_none_and_a_changed_one_is_whole(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            before = await self.listing(platform)
            assert before.etag is not None
            assert await platform.list_sessions(before.etag) is None
            stage.newcomer()
            after = await platform.list_sessions(before.etag)
            assert after is not None
            assert len(after.sessions) == len(before.sessions) + 1
            await platform.close()

        run(story())

    def test_an_etag_of_an_earlier_opening_leaves_no_session_unknown(self, stage: Stage) -> None:
        async def story() -> None:
            platform, credential = await self.signed_in_as(stage)
            etag = (await self.listing(platform)).etag
            victim = (await self.others(platform))[0]
            await platform.close()
            later = await stage.platforms.open(stage.address)
            later.use(MemoryKeeper(credential))
            await later.list_sessions(etag)
            assert (await later.end([victim]))[victim].status is EndStatus.ACCEPTED
            await later.close()

        run(story())

    def test_an_ended_session_is_missing_from_the_list(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            victim, *rest = await self.others(platform)
            answer = (await platform.end([victim]))[victim]
            assert (answer.handle, answer.status) == (victim, EndStatus.ACCEPTED)
            assert set(await self.others(platform)) == set(rest)
            await platform.close()

        run(story())

    def test_ending_what_is_gone_already_says_so_and_has_no_second_effect(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            victim = (await self.others(platform))[0]
            await platform.end([victim])
            done = stage.ends_done()
            assert (await platform.end([victim]))[victim].status is EndStatus.ALREADY_GONE
            assert stage.ends_done() == done
            await platform.close()

        run(story())

    def test_many_are_ended_with_an_answer_each_also_where_one_is_gone(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            gone, *victims = (await self.others(platform))[:3]
            await platform.end([gone])
            answers = await platform.end([gone, *victims])
            assert answers[gone].status is EndStatus.ALREADY_GONE
            assert [answers[victim].status for victim in victims] == [EndStatus.ACCEPTED] * 2
            assert not {gone, *victims} & set(await self.others(platform))
            await platform.close()

        run(story())

    def test_ones_own_session_comes_last(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            own, other = await self.own(platform), (await self.others(platform))[0]
            answers = await platform.end([own, other])
            assert {answer.status for answer in answers.values()} == {EndStatus.ACCEPTED}
            with pytest.raises(SignInExpired):
                await platform.list_sessions()
            await platform.close()

        run(story())

    def test_a_handle_that_was_never_listed_is_not_sent(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            await self.listing(platform)
            done = stage.ends_done()
            with pytest.raises(WrongUse):
                await platform.end([Handle(f"{platform.about.name}:aaaaaaaaaaaaaaaa")])
            assert stage.ends_done() == done
            await platform.close()

        run(story())

    def test_a_fresh_proof_is_asked_for_and_then_enough(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            victim = (await self.others(platform))[0]
            stage.demand_reauthentication()
            done = stage.ends_done()
            with pytest.raises(ReauthenticationNeeded) as asked:
                await platform.end([victim])
            assert FactorMethod.TOTP in asked.value.methods
            assert stage.ends_done() == done
            with pytest.raises(SecondFactorRefused):
                await platform.reauthenticate(FactorMethod.TOTP, "000000")
            await platform.reauthenticate(FactorMethod.TOTP, stage.code())
            assert (await platform.end([victim]))[victim].status is EndStatus.ACCEPTED
            await platform.close()

        run(story())

    @pytest.mark.parametrize("done", [True, False])
    def test_a_lost_answer_is_told_whether_it_was_done_or_not(self, stage: Stage, done: bool) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            victim = (await self.others(platform))[0]
            before = stage.ends_done()
            stage.lose_next_end(done=done)
            with pytest.raises(AnswerLost):
                await platform.end([victim])
            assert stage.ends_done() - before == int(done)
            assert (victim in await self.others(platform)) is not done
            await platform.close()

        run(story())

    def test_a_sign_in_that_was_ended_elsewhere_has_expired(self, stage: Stage) -> None:
        async def story() -> None:
            platform, credential = await self.signed_in_as(stage)
            await platform.who_am_i()
            stage.end_sign_ins(credential)
            with pytest.raises(SignInExpired):
                await platform.who_am_i()
            with pytest.raises(SignInExpired):
                await platform.list_sessions()
            await platform.sign_out()
            await platform.close()

        run(story())

    def test_a_change_is_heard_beside_other_calls_and_closing_ends_it(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            if not platform.about.capabilities.live_events:
                await platform.listen(_nothing_is_heard)
                await platform.close()
                return
            heard = 0

            async def hear() -> None:
                nonlocal heard
                heard += 1

            async def listen() -> None:
                with suppress(TryLater):
                    await platform.listen(hear)

            async with asyncio.TaskGroup() as group:
                listening = group.create_task(listen())
                await until(lambda: heard, what="it is heard that the events are open")
                before = len(await self.others(platform))
                so_far = heard
                await asyncio.to_thread(stage.newcomer)
                await until(lambda: heard > so_far, what="the newcomer is heard")
                assert len(await self.others(platform)) == before + 1
                assert not listening.done()
                await platform.close()

        run(story())

    def test_signing_out_revokes(self, stage: Stage) -> None:
        async def story() -> None:
            platform, credential = await self.signed_in_as(stage)
            await platform.sign_out()
            later = await stage.platforms.open(stage.address)
            later.use(MemoryKeeper(credential))
            with pytest.raises(SignInExpired):
                await later.who_am_i()
            await platform.close()
            await later.close()

        run(story())

    def test_without_network_nothing_was_sent(self, stage: Stage) -> None:
        async def story() -> None:
            platform = await self.signed_in(stage)
            victim = (await self.others(platform))[0]
            stage.unplug()
            with pytest.raises(Unreachable):
                await platform.end([victim])
            with pytest.raises(Unreachable):
                await platform.list_sessions()
            with pytest.raises(Unreachable):
                await stage.platforms.open(stage.address)
            await platform.close()

        run(story())

    def test_what_is_secret_is_not_shown(self, stage: Stage) -> None:
        async def story() -> None:
            platform, credential = await self.signed_in_as(stage)
            shown = repr(credential) + repr(platform) + repr(await self.listing(platform))
            assert not [secret for secret in credential.values.values() if secret in shown]
            await platform.close()

        run(story())


async def _nothing_is_heard() -> None:
    raise AssertionError("a platform without live events tells nothing")
