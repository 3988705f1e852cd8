"""Signing in, staying signed in between starts, and signing out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sessionconsole.domain.credentials import (
    Credential,
    FactorMethod,
    SecondFactorAsked,
    SignInRecord,
)
from sessionconsole.domain.errors import KeyringProblem, SessionConsoleError, SignInNeeded, WrongUse
from sessionconsole.domain.journal import Kind
from sessionconsole.services.connection import Connection
from sessionconsole.services.credentials import (
    SIGN_IN,
    MemoryKeeper,
    decode_record,
    encode_record,
)
from sessionconsole.services.leftovers import Leftover, Leftovers
from sessionconsole.services.observable import Observable
from sessionconsole.services.ports import Clock, Platform, Platforms, Vault
from sessionconsole.services.waiting import wait_for_wake

REVOKE_SECONDS = 60.0
"""How often it is tried to revoke what was given up without network."""


class Stage(StrEnum):
    """Where the user stands."""

    OPENING = "opening"
    SIGNED_OUT = "signed-out"
    SECOND_FACTOR = "second-factor"
    SIGNED_IN = "signed-in"


@dataclass(frozen=True, slots=True)
class SignInState:
    """What the sign-in page shows; what was entered last, and is not secret, is kept to be offered again."""

    stage: Stage = Stage.OPENING
    record: SignInRecord | None = None
    methods: tuple[FactorMethod, ...] = ()
    last_address: str = ""
    last_username: str = ""
    last_connector: str | None = None
    last_variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _HalfWay:
    platform: Platform
    username: str
    asked: SecondFactorAsked


class SigningIn:
    """One home is signed in to one platform as one account at a time."""

    def __init__(
        self,
        platforms: Platforms,
        connection: Connection,
        vault: Vault,
        leftovers: Leftovers,
        clock: Clock,
        tell: Callable[[KeyringProblem], None],
        noted: Callable[[Kind, SignInRecord], Awaitable[None]],
    ) -> None:
        self._platforms = platforms
        self._connection = connection
        self._vault = vault
        self._leftovers = leftovers
        self._clock = clock
        self._tell = tell
        self._noted = noted
        self._half_way: _HalfWay | None = None
        self._some_left = False
        self._asks_vault = True
        self._prepare: Callable[[SignInRecord], Awaitable[None]] | None = None
        self._given_up = asyncio.Event()
        self.state: Observable[SignInState] = Observable(SignInState())

    async def resume(
        self, prepare: Callable[[SignInRecord], Awaitable[None]] | None = None
    ) -> SignInRecord | None:
        """Be signed in as at the last start, without asking the network; None where nobody was.

        `prepare` is awaited before anybody is told, so that what runs once signed in finds everything in place.
        """
        self._prepare = prepare
        record = None
        try:
            text = await self._vault.read(SIGN_IN)
            record = decode_record(text) if text else None
        except KeyringProblem as problem:
            self._asks_vault = False
            self._tell(problem)
        if record is None:
            self.state.set(SignInState(Stage.SIGNED_OUT))
            return None
        await self._take_up(record)
        return record

    async def look_again(self) -> None:
        """Be signed in where another process of this home has signed in since nobody was here; asks no network.

        A vault that has failed is not asked any more: each look could ask the user to unlock it.
        """
        if self._asks_vault and self._is_signed_out():
            try:
                text = await self._vault.read(SIGN_IN)
            except KeyringProblem:
                self._asks_vault = False
                return
            record = decode_record(text) if text else None
            if record is not None and self._is_signed_out():
                await self._take_up(record)

    def _is_signed_out(self) -> bool:
        return self.state.value.stage is Stage.SIGNED_OUT and self._connection.record is None

    async def _take_up(self, record: SignInRecord) -> None:
        self._connection.resume(record)
        if self._prepare is not None:
            await self._prepare(record)
        if self._connection.record is record:  # else somebody has signed in here meanwhile
            self._signed_in(record)

    async def begin(
        self,
        address: str,
        username: str,
        password: str,
        connector: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> SignInRecord | SecondFactorAsked:
        """Sign in, or learn that a second factor is asked; where only a sent code is taken, it is sent.

        Raises `BadCredentials`, `TooManyTries`, `NotAPlatform`, `Unreachable`, `CertificateProblem`, `WrongUse`.
        """
        if self._half_way is not None:
            await self.back()
        platform = await self._platforms.open(address, connector, variables)
        try:
            answer = await platform.sign_in(username, password)
            if isinstance(answer, SecondFactorAsked):
                if answer.methods == (FactorMethod.MAILED_CODE,):
                    answer = await platform.send_code(answer, FactorMethod.MAILED_CODE)
                self._wait_for_code(_HalfWay(platform, username, answer), address, connector)
                return answer
            return await self._finish(platform, username, answer)
        except BaseException:
            if self._half_way is None:
                await platform.close()
            raise

    async def send_code(self, method: FactorMethod) -> None:
        """Have the platform send a code; raises `TooManyTries`, `SignInExpired`."""
        half_way = self._half_way
        if half_way is None:
            raise SignInNeeded
        asked = await half_way.platform.send_code(half_way.asked, method)
        if self._half_way is half_way:
            self._half_way = replace(half_way, asked=asked)

    async def answer(self, method: FactorMethod, code: str) -> SignInRecord | SecondFactorAsked:
        """Give the second factor, or learn that one more is asked.

        Raises `SecondFactorRefused`, `TooManyTries`, `SignInExpired`.
        """
        half_way = self._half_way
        if half_way is None:
            raise SignInNeeded
        credential = await half_way.platform.answer_second_factor(half_way.asked, method, code)
        if isinstance(credential, SecondFactorAsked):
            self._half_way = replace(half_way, asked=credential)
            self.state.set(replace(self.state.value, methods=credential.methods))
            return credential
        self._half_way = None
        try:
            return await self._finish(half_way.platform, half_way.username, credential)
        except BaseException:
            await half_way.platform.close()
            await self.back()
            raise

    def _wait_for_code(self, half_way: _HalfWay, address: str, connector: str | None) -> None:
        self._half_way = half_way
        self.state.set(
            SignInState(
                Stage.SECOND_FACTOR,
                methods=half_way.asked.methods,
                last_address=address,
                last_username=half_way.username,
                last_connector=connector,
                last_variables=half_way.platform.about.variables,
            )
        )

    async def back(self) -> None:
        """Leave the second step; whoever was signed in before it still is."""
        await self._drop_half_way()
        record = self._connection.record
        if record is not None:
            self._signed_in(record)
            return
        self.state.set(replace(self.state.value, stage=Stage.SIGNED_OUT, record=None, methods=()))

    async def sign_out(self) -> bool:
        """Revoke on the platform and forget here; False where it could not be revoked yet.

        The secret is then kept only to be revoked later, for at most `leftovers.KEEP_TO_REVOKE`.
        """
        record = self._connection.record
        if record is None:
            raise SignInNeeded
        await self._connection.close()
        given_up = replace(record, credential=await self._connection.credential() or record.credential)
        # Forgotten first, revoked then: whoever closes the program meanwhile is signed out all the same.
        leftover: Leftover | None = None
        try:
            leftover = await self._leftovers.add(given_up)
        except KeyringProblem as problem:
            self._tell(problem)
        await self.leave()
        revoked = await self._revoked(given_up)
        if not revoked:
            self._given_up.set()
        elif leftover is not None:
            await self._leftovers.remove(leftover)
        return revoked

    async def leave(self) -> None:
        """Be signed out here: the platform has ended this console's session already, or it was revoked."""
        state = self.state.value
        record = self._connection.record
        await self._connection.drop()
        kept = await self._kept()
        # Another process may have signed in as somebody else meanwhile: that is not ours to forget.
        if kept is None or record is None or kept.identity == record.identity:
            try:
                await self._vault.delete(SIGN_IN)
            except KeyringProblem as problem:
                self._asks_vault = False  # what it did not let go of is no news
                self._tell(problem)
        if record is not None:
            state = _state_of(Stage.SIGNED_OUT, record)
        self.state.set(replace(state, stage=Stage.SIGNED_OUT, record=None, methods=()))
        if record is not None:
            await self._noted(Kind.SIGN_OUT, record)

    async def close(self) -> None:
        """Let go of a sign-in that is under way."""
        await self._drop_half_way()

    async def run(self) -> None:
        """Revoke what was given up without network, as soon as the platform answers, until cancelled."""
        while True:
            await self.revoke_leftovers()
            if self._some_left:
                await wait_for_wake(self._given_up, self._clock, REVOKE_SECONDS)
            else:
                await self._given_up.wait()
                self._given_up.clear()

    async def revoke_leftovers(self) -> None:
        """Revoke what was given up without network, as far as the platforms answer."""
        self._some_left = False
        async with asyncio.TaskGroup() as group:
            for leftover in await self._leftovers.pending():
                group.create_task(self._revoke_leftover(leftover))

    async def _revoke_leftover(self, leftover: Leftover) -> None:
        if await self._revoked(leftover.record):
            await self._leftovers.remove(leftover)
        else:
            self._some_left = True

    async def _revoked(self, record: SignInRecord) -> bool:
        try:
            await self._revoke(record)
        except SignInNeeded:
            return True
        except SessionConsoleError:
            # Also a strange answer, as of a hotel's Wi-Fi: the secret is worth asking again until it is too old.
            return False
        return True

    async def _revoke(self, record: SignInRecord) -> None:
        platform = await self._platforms.open(record.address, record.connector, record.variables)
        try:
            platform.use(MemoryKeeper(record.credential))
            await platform.sign_out()
        finally:
            await platform.close()

    async def _kept(self) -> SignInRecord | None:
        """The sign-in that the vault has now, also where another process wrote it."""
        with suppress(KeyringProblem):
            text = await self._vault.read(SIGN_IN)
            return decode_record(text) if text else None
        return None

    async def _finish(self, platform: Platform, username: str, credential: Credential) -> SignInRecord:
        keeper = MemoryKeeper(credential)
        platform.use(keeper)
        try:
            me = await platform.who_am_i()
        except SessionConsoleError:
            with suppress(SessionConsoleError):
                await platform.sign_out()
            raise
        about = platform.about
        record = SignInRecord(
            address=about.address,
            connector=about.connector,
            username=username,
            platform=about.name,
            title=about.title,
            account=me.person.account,
            name=me.person.name,
            credential=keeper.credential,
            variables=about.variables,
        )
        await self._replace_old(platform, record)
        kept = True
        try:
            # Before anybody may ask the vault for it, or a reader in the background would find the old one.
            await self._vault.write(SIGN_IN, encode_record(record))
        except KeyringProblem as problem:
            self._tell(problem)
            kept = False
        await self._connection.adopt(platform, record, kept=kept)
        self._given_up.set()  # the network is there, so what was given up without it can be revoked
        self._signed_in(record)
        await self._noted(Kind.SIGN_IN, record)
        return record

    async def _replace_old(self, platform: Platform, record: SignInRecord) -> None:
        ours = self._connection.record
        old = await self._kept() or ours
        if old is None:
            return
        if old.identity != record.identity:
            with suppress(SessionConsoleError):
                await platform.sign_out()
            raise WrongUse(
                f"This computer is signed in to {old.title} as {old.username} already.",
                "Sign out there first (sessionconsole sign-out), then sign in again.",
            )
        with suppress(SessionConsoleError):
            if ours is None:
                await self._revoke(old)
                return
            async with self._connection.use() as earlier:
                await earlier.sign_out()

    async def _drop_half_way(self) -> None:
        half_way, self._half_way = self._half_way, None
        if half_way is not None:
            await half_way.platform.close()

    def _signed_in(self, record: SignInRecord) -> None:
        self.state.set(_state_of(Stage.SIGNED_IN, record))


def _state_of(stage: Stage, record: SignInRecord) -> SignInState:
    return SignInState(
        stage,
        record=record,
        last_address=record.address,
        last_username=record.username,
        last_connector=record.connector,
        last_variables=record.variables,
    )
