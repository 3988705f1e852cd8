"""A dry run of a connector against the real platform: what it does, and what its file should say better.

It ends nothing, unless it is asked to end a second session of its own, and leaves no session behind.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    CertificateProblem,
    ReauthenticationNeeded,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
    Unreachable,
    WrongUse,
)
from sessionconsole.domain.platforms import Listing
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TrialWish, TriedCall, TriedList
from sessionconsole.services import trial_remarks as remarks
from sessionconsole.services.credentials import MemoryKeeper
from sessionconsole.services.ports import Clock, Platform
from sessionconsole.services.reading_devices import DeviceReader

FIRST: Final = 3
"""How many sessions are shown as the window would show them."""

LONGEST: Final = 600.0
"""Seconds for which the trial waits at most until an ended credential is refused."""

LOOK_AGAIN: Final = 1.0

LAST_WORD: Final = 5.0
"""Seconds for which signing out may take where the trial is broken off."""

_MOST_PROOFS: Final = 3

OpenPlatform = Callable[[Callable[[TriedCall], None]], Awaitable[Platform]]
"""Opens the platform anew, as the file says; what each call does is told as it happens."""

CodeFor = Callable[[Sequence[FactorMethod]], Awaitable[tuple[FactorMethod, str] | None]]
"""Gives a code that was not used yet, or a password; None where there is none."""

Tell = Callable[[Trial], None]

_FACTS: Final = (
    "user_agent", "ip", "place", "network", "signed_in_at", "last_active_at", "idle_expires_at", "expires_at",
)  # fmt: skip
_OURS: Final = "sessionconsole"
"""Stands in the browser string of every session of this program."""
_JUST_NOW: Final = timedelta(minutes=10)


class DryRun:
    """Goes through a connector call by call; made for one run."""

    def __init__(
        self, open_platform: OpenPlatform, devices: DeviceReader, clock: Clock, code_for: CodeFor, tell: Tell
    ) -> None:
        self._open = open_platform
        self._devices = devices
        self._clock = clock
        self._code_for = code_for
        self._tell = tell
        self._good = True
        self._last: TriedCall | None = None
        self._failed: TriedCall | None = None
        self._answers = 0

    async def run(self, wish: TrialWish) -> bool:
        """Whether nothing was wrong; what was seen is told on the way.

        Raises `Unreachable`, `CertificateProblem` and `WrongUse`; what else goes wrong is told.
        """
        self._good = True
        try:
            await self._go_through(wish)
        except (Unreachable, CertificateProblem, WrongUse):
            raise
        except SessionConsoleError as error:
            self._say(remarks.wrong(error.message, remarks.advice_on(error, self._failed or self._last)))
        return self._good

    async def _go_through(self, wish: TrialWish) -> None:
        async with self._signed_in(wish) as platform:
            me = await platform.who_am_i()
            self._say(remarks.good(f"Signed in as {me.person.account}."))
            if not me.may_end:
                self._say(
                    remarks.note(
                        "This account may look, and not end sessions.",
                        "If it may, the file has no [end] yet, or whoami.may_end does not hold for it.",
                    )
                )
            listing = await self._listed(platform)
            self._say(
                *remarks.of_list(listing, me.person.account, platform.about.capabilities, self._clock.now())
            )
            if wish.end_own_test_session:
                await self._measure(platform, wish, me.person)
            await self._sign_out(platform)

    def _say(self, *said: TrialRemark) -> None:
        for remark in said:
            self._good = self._good and remark.remark is not Remark.WRONG
            self._tell(remark)

    def _hear(self, call: TriedCall) -> None:
        self._last = call
        self._answers += call.status is not None
        self._tell(call)

    @asynccontextmanager
    async def _signed_in(self, wish: TrialWish) -> AsyncIterator[Platform]:
        platform = await self._open(self._hear)
        try:
            answer = await platform.sign_in(wish.username, wish.password)
            while isinstance(answer, SecondFactorAsked):
                if answer.methods == (FactorMethod.MAILED_CODE,):
                    answer = await platform.send_code(answer, FactorMethod.MAILED_CODE)
                proof = await self._code_for(answer.methods)
                if proof is None:
                    raise SignInNeeded(
                        "The booking platform asks for a code as well.",
                        "Without one it stopped here. Try again with the code of your authenticator app, or a "
                        "recovery code (in a terminal: --otp).",
                    )
                answer = await platform.answer_second_factor(answer, *proof)
            platform.use(MemoryKeeper(answer))
            try:
                yield platform
            except (SessionConsoleError, asyncio.CancelledError):
                self._failed = self._failed or self._last  # signing out is a call too
                with suppress(SessionConsoleError, TimeoutError):
                    async with asyncio.timeout(LAST_WORD):
                        await platform.sign_out()
                raise
        finally:
            await platform.close()

    async def _listed(self, platform: Platform) -> Listing:
        listing = await platform.list_sessions()
        if listing is None:  # no etag was given, so that there is nothing to compare with
            raise SignInExpired
        sessions = await self._devices.read(listing.sessions)
        told = {fact: sum(getattr(session, fact) is not None for session in sessions) for fact in _FACTS}
        told["device"] = sum(remarks.has_device(session) for session in sessions)
        self._tell(TriedList(tuple(sessions[:FIRST]), len(sessions), told))
        return replace(listing, sessions=sessions)

    async def _measure(self, platform: Platform, wish: TrialWish, me: Person) -> None:
        """Sign in a second time, end that session, and see by its own credential how long it lives on."""
        listed = (await self._read(platform)).sessions
        before = {session.handle for session in listed}
        own = {session.handle for session in listed if session.is_current}
        async with self._signed_in(wish) as second:
            if not own <= {session.handle for session in (await self._read(second)).sessions}:
                self._say(remarks.SECOND_ENDED_THE_FIRST)
                with suppress(SessionConsoleError):
                    await second.sign_out()
                return
            target = await self._second_session(platform, second, before, me)
            if target is None:
                with suppress(SessionConsoleError):
                    await second.sign_out()
                return
            if not await self._end(platform, target, wish):
                with suppress(SessionConsoleError):
                    await second.sign_out()
                return
            began = self._clock.monotonic()
            listed_for: float | None = None
            died_after: float | None = None
            while self._clock.monotonic() - began < LONGEST and None in (listed_for, died_after):
                passed = self._clock.monotonic() - began
                if listed_for is None and (await self._read(platform)).find(target) is None:
                    listed_for = passed
                if died_after is None and not await self._lives(second):
                    died_after = passed
                if None in (listed_for, died_after):
                    await self._clock.sleep(LOOK_AGAIN)
            can = platform.about.capabilities
            self._say(
                remarks.of_listing_on(listed_for, can, LONGEST),
                remarks.of_living_on(died_after, can, LONGEST, LOOK_AGAIN),
            )
            if died_after is None:
                with suppress(SessionConsoleError):
                    await second.sign_out()

    async def _second_session(
        self, platform: Platform, second: Platform, before: set[Handle], me: Person
    ) -> Handle | None:
        """The session of the second sign-in, None where it cannot be told for sure: somebody else's is never ended."""
        mine = [s.handle for s in (await self._read(second)).sessions if s.is_current]
        new = [session for session in (await self._read(platform)).sessions if session.handle not in before]
        if len(mine) == 1 and mine[0] not in before:
            return mine[0]
        if len(new) == 1 and self._was_made_now(new[0], me):
            return new[0].handle
        self._say(
            remarks.wrong(
                f"The second sign-in shows as {len(new)} new sessions, so that none was ended."
                if len(new) != 1
                else "One session is new, but it may be somebody else's, so it was not ended.",
                "Each sign-in has to be one session of the list. Look at list.fields.id and list.keep.",
            )
        )
        return None

    def _was_made_now(self, session: LoginSession, me: Person) -> bool:
        ours = session.user_agent is None or _OURS in session.user_agent
        at = session.signed_in_at
        just_now = at is None or abs(self._clock.now() - at) < _JUST_NOW
        return ours and just_now and session.person.account == me.account

    async def _end(self, platform: Platform, target: Handle, wish: TrialWish) -> bool:
        """Whether the platform took the order."""
        try:
            answers = await platform.end([target])
        except ReauthenticationNeeded as asked:
            await self._prove(platform, asked, wish)
            answers = await platform.end([target])
        said = remarks.of_end(answers[target])
        self._say(said)
        return said.remark is Remark.GOOD

    async def _prove(self, platform: Platform, asked: ReauthenticationNeeded, wish: TrialWish) -> None:
        """Give the password again, which was typed a moment ago, and codes where they are wanted."""
        for _ in range(_MOST_PROOFS):
            if FactorMethod.PASSWORD in asked.methods:
                proof: tuple[FactorMethod, str] | None = FactorMethod.PASSWORD, wish.password
            else:
                proof = await self._code_for(asked.methods)
            if proof is None:
                break
            try:
                await platform.reauthenticate(*proof)
            except ReauthenticationNeeded as more:
                asked = more
            else:
                return
        raise asked

    async def _sign_out(self, platform: Platform) -> None:
        await platform.sign_out()
        if await self._lives(platform):
            self._say(
                remarks.note(
                    "After signing out the credential is still accepted.",
                    "Look at sign_out. If access tokens live on, say so in capabilities.revocation_delay_s.",
                )
            )
        else:
            self._say(remarks.good("Signed out; the credential is refused now."))

    @staticmethod
    async def _read(platform: Platform) -> Listing:
        listing = await platform.list_sessions()
        if listing is None:
            raise SignInExpired
        return listing

    async def _lives(self, platform: Platform) -> bool:
        """Whether the platform takes the credential for anything at all."""
        with suppress(SignInNeeded):
            await platform.list_sessions()
            return True
        before = self._answers
        with suppress(SignInNeeded):
            await platform.who_am_i()
            # Without [whoami] the typed name is told without asking, which proves nothing.
            return self._answers > before
        return False
