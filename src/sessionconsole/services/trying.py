"""A dry run of a connector against the real platform: what it does, and what its file should say better.

It ends nothing, unless it is asked to end a second session of its own, and leaves no session behind.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sessionconsole.domain.credentials import FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
)
from sessionconsole.domain.platforms import Capabilities, Field, Listing
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TrialWish, TriedCall, TriedList
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
_DEVICE: Final = ("name", "model", "app", "os", "browser")


class DryRun:
    """Goes through a connector call by call."""

    def __init__(
        self, open_platform: OpenPlatform, devices: DeviceReader, clock: Clock, code_for: CodeFor, tell: Tell
    ) -> None:
        self._open = open_platform
        self._devices = devices
        self._clock = clock
        self._code_for = code_for
        self._tell = tell

    async def run(self, wish: TrialWish) -> bool:
        """Whether nothing was wrong; what was seen is told on the way.

        Raises `Unreachable`, `CertificateProblem` and `WrongUse`; what else goes wrong is told.
        """
        wrong = False

        def tell(trial: Trial) -> None:
            nonlocal wrong
            wrong = wrong or (isinstance(trial, TrialRemark) and trial.remark is Remark.WRONG)
            self._tell(trial)

        try:
            await _Trial(self._open, self._devices, self._clock, self._code_for, tell).run(wish)
        except SessionConsoleError as error:
            tell(TrialRemark(Remark.WRONG, error.message, _advice(error)))
        return not wrong


class _Trial:
    def __init__(
        self, open_platform: OpenPlatform, devices: DeviceReader, clock: Clock, code_for: CodeFor, tell: Tell
    ) -> None:
        self._open = open_platform
        self._devices = devices
        self._clock = clock
        self._code_for = code_for
        self._tell = tell

    async def run(self, wish: TrialWish) -> None:
        async with self._signed_in(wish) as platform:
            me = await platform.who_am_i()
            self._good(f"Signed in as {me.person.account}.")
            if not me.may_end:
                self._note("This account may look, and not end sessions.")
            listing = await self._listed(platform)
            self._look_at(listing, me.person.account, platform.about.capabilities)
            if wish.end_own_test_session:
                await self._measure(platform, wish)
            await self._sign_out(platform)

    @asynccontextmanager
    async def _signed_in(self, wish: TrialWish) -> AsyncIterator[Platform]:
        platform = await self._open(self._tell)
        try:
            answer = await platform.sign_in(wish.username, wish.password)
            while isinstance(answer, SecondFactorAsked):
                if answer.methods == (FactorMethod.MAILED_CODE,):
                    answer = await platform.send_code(answer, FactorMethod.MAILED_CODE)
                proof = await self._code_for(answer.methods)
                if proof is None:
                    raise SignInNeeded(
                        "The booking platform asks for a code as well.",
                        "Give the code of your authenticator app, or a recovery code, with --otp.",
                    )
                answer = await platform.answer_second_factor(answer, *proof)
            platform.use(MemoryKeeper(answer))
            try:
                yield platform
            except (SessionConsoleError, asyncio.CancelledError):
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
        told["device"] = sum(_has_device(session) for session in sessions)
        self._tell(TriedList(tuple(sessions[:FIRST]), len(sessions), told))
        return replace(listing, sessions=sessions)

    def _look_at(self, listing: Listing, account: str, capabilities: Capabilities) -> None:
        sessions = listing.sessions
        if not sessions:
            self._wrong(
                "The list is empty, although this program's own session must be on it.",
                "Look at list.items and list.keep. If the platform leaves out the session that asks, add list.own.",
            )
            return
        if not listing.complete:
            self._note(
                "The list was cut at its cap, or the platform told of more than it gave: nothing can be proved gone.",
                "Look at list.paging; raise list.most_pages or list.most_sessions.",
            )
        self._look_for_own(sessions)
        self._look_at_people(sessions, account)
        self._look_at_times(sessions, capabilities)
        if not any(map(_has_device, sessions)):
            self._note(
                "No session tells its device.",
                "If the platform sends a browser string or a name, map list.fields.user_agent or device_name.",
            )

    def _look_for_own(self, sessions: Sequence[LoginSession]) -> None:
        marks = Counter(session.is_current for session in sessions)
        if marks[True] == 1:
            self._good("This program's own session is told apart.")
        elif marks[True] > 1:
            self._wrong(
                f"{marks[True]} sessions are told to be this program's own.",
                "Only one can be. Look at list.current: its path must differ from session to session.",
            )
        elif marks[False]:
            self._wrong(
                "None of the sessions is told to be this program's own.",
                "Look at list.current, and at what whoami.session takes. If the list leaves out the session that asks, "
                "add list.own.",
            )
        else:
            self._note(
                "The list does not tell which session is this program's own.",
                "If it has a mark, or an id that whoami tells too, say so in list.current.",
            )

    def _look_at_people(self, sessions: Sequence[LoginSession], account: str) -> None:
        nobody = sum(session.person.account.startswith("(") for session in sessions)
        if nobody:
            self._wrong(
                f"{nobody} of {len(sessions)} sessions tell no account.",
                "Look at list.fields.account; leave it out where the list has only the sessions of who asks.",
            )
        accounts = {session.person.account for session in sessions}
        own = [session for session in sessions if session.is_current]
        if own and own[0].person.account != account:
            self._note(
                f"This program is signed in as {account}, and its own session is one of {own[0].person.account}.",
                "Let whoami.account and list.fields.account take the same name of a person.",
            )
        elif len(accounts) > 1:
            self._good(f"The list has sessions of {len(accounts)} people.")

    def _look_at_times(self, sessions: Sequence[LoginSession], capabilities: Capabilities) -> None:
        now = self._clock.now()
        for fact in (Field.SIGNED_IN, Field.LAST_ACTIVE, Field.IDLE_EXPIRES, Field.EXPIRES):
            if fact not in capabilities.provides:
                continue
            times: list[datetime] = [
                time for session in sessions if (time := getattr(session, fact.value)) is not None
            ]
            place = f"list.fields.{fact.value}"
            if not times:
                self._note(
                    f"{fact.value} is told for none of the sessions.",
                    f"Look at {place}: its path, and whether its `time` is iso, epoch-s or epoch-ms.",
                )
            elif fact in (Field.SIGNED_IN, Field.LAST_ACTIVE) and max(times) > now + timedelta(hours=1):
                self._wrong(
                    f"{fact.value} lies in the future.",
                    f"Look at {place}: its path, its `time` and its `zone`. Check this computer's clock too.",
                )
            elif fact is Field.LAST_ACTIVE and max(times) < now - timedelta(hours=1):
                self._note(
                    "No session was used within the last hour, although this program's own was just now.",
                    f"Look at the `zone` of {place}. If the platform writes it late, say so in "
                    "capabilities.last_active_note.",
                )

    async def _measure(self, platform: Platform, wish: TrialWish) -> None:
        """Sign in a second time, end that session, and see by its own credential how long it lives on."""
        before = {session.handle for session in (await self._read(platform)).sessions}
        async with self._signed_in(wish) as second:
            target = await self._second_session(platform, second, before)
            if target is None:
                with suppress(SessionConsoleError):
                    await second.sign_out()
                return
            await self._end(platform, target, wish)
            began = self._clock.monotonic()
            listed_for: float | None = None
            died_after: float | None = None
            while self._clock.monotonic() - began < LONGEST and None in (listed_for, died_after):
                passed = self._clock.monotonic() - began
                if listed_for is None and (await self._read(platform)).find(target) is None:
                    listed_for = passed
                if died_after is None and not await _lives(second):
                    died_after = passed
                if None in (listed_for, died_after):
                    await self._clock.sleep(LOOK_AGAIN)
            self._judge_end(platform.about.capabilities, listed_for, died_after)
            if died_after is None:
                with suppress(SessionConsoleError):
                    await second.sign_out()

    async def _second_session(
        self, platform: Platform, second: Platform, before: set[Handle]
    ) -> Handle | None:
        mine = [s.handle for s in (await self._read(second)).sessions if s.is_current]
        new = [s.handle for s in (await self._read(platform)).sessions if s.handle not in before]
        found = mine if len(mine) == 1 and mine[0] not in before else new
        if len(found) == 1:
            return found[0]
        self._wrong(
            f"The second sign-in shows as {len(found)} new sessions, so that none was ended.",
            "Each sign-in has to be one session of the list. Look at list.fields.id and list.keep.",
        )
        return None

    async def _end(self, platform: Platform, target: Handle, wish: TrialWish) -> None:
        try:
            answers = await platform.end([target])
        except ReauthenticationNeeded as asked:
            await self._prove(platform, asked, wish)
            answers = await platform.end([target])
        answer = answers[target]
        self._good(f"The platform answered to the end of the second session: {answer.status.value}.")

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

    def _judge_end(self, can: Capabilities, listed_for: float | None, died_after: float | None) -> None:
        if listed_for is None:
            self._wrong(f"The ended session is still listed after {LONGEST:.0f} s.", "Look at end.one.")
        elif listed_for > can.verify_within.total_seconds():
            self._wrong(
                f"The ended session was listed for {listed_for:.0f} s.",
                f"Set capabilities.verify_within_s to at least {listed_for + 1:.0f}.",
            )
        else:
            self._good(f"The ended session was off the list after {listed_for:.0f} s.")
        declared = can.revocation_delay.total_seconds()
        if died_after is None:
            if not can.hides_only:
                self._wrong(
                    f"The credential of the ended session still works after {LONGEST:.0f} s.",
                    'Set capabilities.ends = "listing-only", or revocation_delay_s to what the platform\'s '
                    "documentation says.",
                )
            return
        if can.hides_only:
            self._note(
                f"The credential of the ended session was refused after {died_after:.0f} s.",
                'capabilities.ends = "listing-only" says that it never is.',
            )
        elif died_after > declared + LOOK_AGAIN + 1:
            self._wrong(
                f"The credential of the ended session worked on for {died_after:.0f} s; the file says "
                f"{declared:.0f}.",
                f"Set capabilities.revocation_delay_s to at least {died_after + LOOK_AGAIN:.0f}.",
            )
        else:
            self._good(f"The credential of the ended session was refused after {died_after:.0f} s.")

    async def _sign_out(self, platform: Platform) -> None:
        await platform.sign_out()
        if await _lives(platform):
            self._note(
                "After signing out the credential is still accepted.",
                "Look at sign_out. If access tokens live on, say so in capabilities.revocation_delay_s.",
            )
        else:
            self._good("Signed out; the credential is refused now.")

    @staticmethod
    async def _read(platform: Platform) -> Listing:
        listing = await platform.list_sessions()
        if listing is None:
            raise SignInExpired
        return listing

    def _good(self, text: str) -> None:
        self._tell(TrialRemark(Remark.GOOD, text))

    def _note(self, text: str, advice: str | None = None) -> None:
        self._tell(TrialRemark(Remark.NOTE, text, advice))

    def _wrong(self, text: str, advice: str) -> None:
        self._tell(TrialRemark(Remark.WRONG, text, advice))


async def _lives(platform: Platform) -> bool:
    """Whether the platform takes the credential for anything at all."""
    for ask in (platform.list_sessions, platform.who_am_i):
        try:
            await ask()
        except SignInNeeded:
            continue
        return True
    return False


def _has_device(session: LoginSession) -> bool:
    return session.user_agent is not None or any(getattr(session.device, fact) for fact in _DEVICE)


def _advice(error: SessionConsoleError) -> str:
    if isinstance(error, BadCredentials | SecondFactorRefused):
        return f"{error.advice} If what you typed is right, look at the outcomes of that call."
    return error.advice
