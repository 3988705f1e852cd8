"""A booking platform that is spoken to as a connector file says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import NotAllowed, PlatformMisbehaved, SignInExpired, SignInNeeded
from sessionconsole.domain.platforms import (
    EndAnswer,
    Listing,
    PlatformAbout,
    WhoAmI,
)
from sessionconsole.domain.sessions import Handle, Person
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.addresses import Address
from sessionconsole.platform.connectors.about import capabilities_of
from sessionconsole.platform.connectors.calling import Caller
from sessionconsole.platform.connectors.conditions import Subject, compile_condition
from sessionconsole.platform.connectors.ending import Ender
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.known import KnownSessions
from sessionconsole.platform.connectors.listing import Lister
from sessionconsole.platform.connectors.paths import compile_path
from sessionconsole.platform.connectors.reauthenticating import Reauthentication
from sessionconsole.platform.connectors.signing_in import SignIn
from sessionconsole.platform.connectors.templates import compile_template
from sessionconsole.platform.connectors.values import Variables
from sessionconsole.platform.handles import Handles
from sessionconsole.services.ports import CredentialKeeper


class ConnectorPlatform:
    """`ports.Platform` over the calls of a connector file."""

    def __init__(self, caller: Caller, handle_key: bytes) -> None:
        connector = caller.connector
        if connector.listing is None:
            raise ValueError("a connector without list was let through")
        self._caller = caller
        self._about = about(connector, caller.address, caller.base_variables)
        handles = Handles(self._about.name, handle_key)
        known = KnownSessions(
            frozenset(connector.listing.secret_values) | ({"id"} if connector.listing.id_is_secret else set())
        )
        self._sign_in = SignIn(caller)
        self._again = Reauthentication(caller, self._sign_in)
        self._lister = Lister(caller, connector.listing, known, handles.of)
        self._ender = Ender(caller, connector.end, known)
        self._known = known
        self._sign_out = (
            caller.compiled(connector.sign_out, "sign_out") if connector.sign_out is not None else None
        )
        whoami = connector.whoami
        self._account = compile_path(whoami.account) if whoami and whoami.account else None
        self._name = compile_path(whoami.name) if whoami and whoami.name else None
        self._may_end = compile_condition(whoami.may_end) if whoami and whoami.may_end else None
        self._asks_whoami = whoami is not None
        self._needs_whoami = connector.listing.own is not None
        self._me: WhoAmI | None = None
        self._whoami: object = None

    @property
    def about(self) -> PlatformAbout:
        """What it is and can do."""
        return self._about

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on, and keep changed ones there."""
        self._caller.use(keeper)
        self._me = None

    async def sign_in(self, username: str, password: str) -> Credential | SecondFactorAsked:
        """Prove who one is."""
        return await self._sign_in.sign_in(username, password)

    async def send_code(self, asked: SecondFactorAsked, method: FactorMethod) -> SecondFactorAsked:
        """Have the platform send a code."""
        return await self._sign_in.send_code(asked, method)

    async def answer_second_factor(
        self, asked: SecondFactorAsked, method: FactorMethod, code: str
    ) -> Credential | SecondFactorAsked:
        """The second step."""
        return await self._sign_in.answer(asked, method, code)

    async def who_am_i(self) -> WhoAmI:
        """The account signed in as; where the platform has no such call, the name that was typed."""
        may_end = self._caller.connector.capabilities.may_end and self._caller.connector.end is not None
        if not self._asks_whoami:
            account = read.text((await self._caller.variables()).get("username"))
            if account is None:
                raise SignInNeeded
            self._me = WhoAmI(Person(account), may_end)
            return self._me
        done = await self._caller.ask_whoami()
        body = self._whoami = done.reply.body
        account = _name_in(self._account(body)) if self._account else None
        if account is None and self._account is None:
            account = read.text(done.variables.get("username"))
        if account is None:
            raise PlatformMisbehaved
        name = _name_in(self._name(body)) if self._name else None
        if self._may_end is not None:
            may_end = may_end and self._may_end(Subject.of(done.reply, done.variables))
        self._me = WhoAmI(Person(account, None if name == account else name), may_end)
        return self._me

    async def list_sessions(self, etag: str | None = None) -> Listing | None:
        """The whole list, or None where nothing changed since `etag`."""
        me = self._me
        if me is None or self._needs_whoami:
            me = await self.who_am_i()
        return await self._lister.read(me.person, self._whoami, etag)

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """End sessions of the last list; the console's own comes last."""
        if self._caller.connector.end is None:
            raise NotAllowed(
                "This platform lets nobody end sessions by a program.",
                "End it on the platform's own page, or change the password of the account there.",
            )
        return await self._ender.end(handles)

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Give the fresh proof that was asked for."""
        await self._again.reauthenticate(method, secret)

    async def listen(self, heard: Callable[[], Awaitable[None]]) -> None:
        """A connector has no live events."""

    async def sign_out(self) -> None:
        """Revoke the credential; without a call for it, the console's own session is ended where it is known."""
        try:
            if self._sign_out is not None:
                await self._caller.send(self._sign_out, wanted={"ok", "gone", "dead"})
            elif self._caller.connector.end is not None:
                await self.list_sessions()
                if self._known.own is not None:
                    await self._ender.end([self._known.own])
        except SignInExpired:
            return  # what is asked before, such as whoami, finds it dead already

    async def close(self) -> None:
        """Let go of all connections."""
        await self._caller.close()


def about(connector: Connector, address: Address, variables: Variables) -> PlatformAbout:
    """What the file says of the platform at that address."""
    page = connector.security_page
    return PlatformAbout(
        name=address.slug,
        title=address.base.partition("://")[2],
        address=address.base,
        connector=connector.connector.name,
        capabilities=capabilities_of(connector),
        security_page=str(compile_template(page).render(variables)) if page else None,
        variables={
            name: str(variables[name])
            for name, variable in connector.variables.items()
            if not variable.secret
        },
        notes=tuple(connector.capabilities.notes),
    )


def _name_in(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:40]
    return read.text(value)
