"""Sending a call of a connector file with the right credential, and saying what the answer means."""

from __future__ import annotations

import ssl
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sessionconsole import __version__
from sessionconsole.domain.credentials import Credential, FactorMethod
from sessionconsole.domain.errors import (
    NotAPlatform,
    ReauthenticationNeeded,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
)
from sessionconsole.platform.addresses import Address, read_address
from sessionconsole.platform.connectors.bases import Bases
from sessionconsole.platform.connectors.credential import Held, Keeping
from sessionconsole.platform.connectors.errors import UnknownAnswer, error_for, offered
from sessionconsole.platform.connectors.exchange import Done, Exchange, Layer, Observer, Seen
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call, Word
from sessionconsole.platform.connectors.format.signing_in import ProofWay
from sessionconsole.platform.connectors.paths import Path, compile_path
from sessionconsole.platform.connectors.requests import CompiledCall, compile_call
from sessionconsole.platform.connectors.user_variables import entered
from sessionconsole.platform.connectors.values import Variables
from sessionconsole.platform.http import Patience
from sessionconsole.platform.renewing import NotUsedUp, Renewing, Spend
from sessionconsole.services.ports import CredentialKeeper

__all__ = [
    "OK",
    "Caller",
    "Done",
    "Layer",
    "Observer",
    "Prover",
    "Repeat",
    "Seen",
    "open_caller",
    "proof_ways",
]

OK: frozenset[Word] = frozenset({"ok"})

_CONSOLE = "sessionconsole"
_CLOSING = 2.0
"""Seconds for a renewal under way."""
_TRIES = 2
"""Because a credential that another process renewed may be as old as this one by the platform's clock."""
_DEAD: frozenset[Word] = frozenset({"dead", "reauthenticate-or-dead"})
_UNPROVED: frozenset[Word] = frozenset({"reauthenticate", "bad-credentials", "second-factor-refused"})


@dataclass(frozen=True, slots=True)
class Repeat:
    """Says that the refused request may go once more, with this put into its body."""

    merge: Mapping[str, Any] | None = field(default=None, repr=False)


class Prover(Protocol):
    """Proves the account again without asking the user, where a proof was typed lately."""

    async def proved(self, refused: Done, call: CompiledCall) -> Repeat | None:
        """What to repeat the refused call with; None where the user has to be asked.

        Raises `ReauthenticationNeeded` where the proof that was kept is not accepted.
        """
        ...

    def refused(self) -> None:
        """The proof was not accepted: forget it."""
        ...


class Caller:
    """Speaks to one platform as one account.

    It attaches the credential, keeps what the platform changes of it, renews it before it is too old and once after
    `dead`, lets whoami decide `reauthenticate-or-dead`, and proves the account again with a proof that was typed
    lately. Not for use from two tasks at once.
    """

    def __init__(
        self,
        connector: Connector,
        address: Address,
        variables: Variables,
        bases: Bases,
        observer: Observer | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.connector = connector
        self.address = address
        self.base_variables = variables
        self.keeping = Keeping(connector)
        self.exchange = Exchange(connector, bases, observer, now)
        self.prover: Prover | None = None
        self.refusal: Done | None = None
        """The answer by which a fresh proof was asked for last."""
        self._bases = bases
        self._now = now
        self._known: dict[str, object] = {}
        self._knows_itself = False
        """Whether what whoami told is of the sign-in that is held now."""
        self._whoami = self.compiled(connector.whoami, "whoami") if connector.whoami else None
        self._told: dict[str, Path] = {}
        if connector.whoami is not None:
            told = {"session": connector.whoami.session, "account": connector.whoami.account}
            self._told = {name: compile_path(path) for name, path in told.items() if path is not None}
        self._refresh = self.compiled(connector.refresh.call, "refresh.call") if connector.refresh else None
        self._renewing: Renewing[Held] = Renewing(
            lambda stored: self.keeping.held(self.base_variables, stored),
            self._renew,
            now,
            rotates=connector.refresh is None or connector.refresh.rotates,
        )

    def compiled(self, call: Call, name: str) -> CompiledCall:
        """The call with the common rows behind its own; `name` is its key path, such as "end.one"."""
        return compile_call(call, self.connector, name)

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on, and keep changed ones there."""
        self._renewing.use(keeper)
        self._forget_itself()
        self.refusal = None

    async def variables(self) -> Variables:
        """What every call knows now; raises `SignInNeeded`, `SignInExpired`."""
        return self._all_known((await self._renewing.current()).variables)

    async def send(
        self,
        call: CompiledCall,
        layer: Layer | None = None,
        *,
        wanted: Collection[Word] = OK,
        query: Mapping[str, object] | None = None,
        into_body: Mapping[str, object] | None = None,
        link: str | None = None,
        document: str | None = None,
        large: bool = False,
    ) -> Done:
        """Send the call as the signed-in account; returns only answers whose word is `wanted`.

        `query` is put over the call's own query, `into_body` into its body (the parameters of paging; None takes one
        out of the query). `link` takes the place of path and query: one that the platform gave in the answer to the
        request for `document`, held to the same origin. `large` allows a list's size.

        Raises for any other word what `errors.error_for` makes of it: `SignInExpired`, `ReauthenticationNeeded`,
        `NotAllowed`, `RateLimited`, `TryLater`, `AnswerLost` (also for "not-known", and "try-later" of an end),
        `PlatformMisbehaved`; and whatever `Http.send` raises. "dead" is returned, if wanted, after a renewal was tried.
        """
        if call is not self._whoami:
            await self.make_ready(call.names)

        async def ask(held: Held, merge: Mapping[str, Any] | None = None) -> tuple[Done, Held]:
            return await self.exchange.once(
                call,
                held,
                self._over(layer),
                query=query,
                into_body=into_body,
                link=link,
                document=document,
                merge=merge,
                large=large,
            )

        done = await self._answered(call, ask)
        if done.word == "reauthenticate" and done.word not in wanted:
            done = await self._proved(call, done, ask)
        if done.word in wanted:
            return done
        raise self.error(done, call)

    async def ask_whoami(self) -> Done:
        """Ask who is signed in; its answers `whoami.session` and `whoami.account` are known to later calls from now on.

        Raises as `send` does; `SignInNeeded` where the platform has no such call.
        """
        if self._whoami is None:
            raise SignInNeeded
        done = await self.send(self._whoami)
        found = {f"whoami.{name}": path(done.reply.body) for name, path in self._told.items()}
        self._known = {"whoami.session": None, "whoami.account": None, **found}
        self._knows_itself = True
        return done

    async def make_ready(self, names: Collection[str]) -> None:
        """Ask whoami where one of the names is an answer of it that is not known yet; raises as `ask_whoami`."""
        if not self._knows_itself and any(name.startswith("whoami.") for name in names):
            await self.ask_whoami()

    async def recognise(self, detect: Call) -> None:
        """Ask without credential whether the platform is of this kind, and know what is taken from its answer.

        Raises `NotAPlatform` where it is not, and what `Exchange.once` raises.
        """
        call = self.compiled(detect.model_copy(update={"credential": "none"}), "detect")
        try:
            done, held = await self.exchange.once(call, Held(self.keeping, self.base_variables))
        except UnknownAnswer:
            raise NotAPlatform from None
        if done.word != "ok":
            raise self.error(done, call)
        self.base_variables = held.variables

    async def adopt(self, credential: Credential) -> Held:
        """Be signed in with that from now on, in every process; returns what was signed in with before."""
        before = await self._renewing.current()
        before = replace(before, variables=self._all_known(before.variables))
        await self._renewing.keep(self.keeping.held(self.base_variables, credential))
        self._forget_itself()
        return before

    async def keep(self, before: Held, after: Held) -> None:
        """Be signed in with `after` from now on, in every process unless another one has changed it meanwhile."""
        self._renewing.replace(after)
        if after.worth_keeping(before):
            stored = await self._renewing.stored()
            # Where another process has renewed it meanwhile, writing would bring back what is used up.
            if stored is not None and stored.access == before.access:
                await self._renewing.keep(after)

    async def held(self) -> Held:
        """What is signed in with, good for another while; raises `SignInNeeded`, `SignInExpired`."""
        return await self._renewing.current()

    def error(self, done: Done, call: CompiledCall) -> SessionConsoleError:
        """What the answer stands for; see `errors.error_for`."""
        return error_for(done, call, self.connector, self.methods(done))

    def methods(self, refused: Done) -> tuple[FactorMethod, ...]:
        """The ways to prove oneself again that the refusal offers and the connector knows."""
        again = self.connector.reauthenticate
        if again is None or refused.word not in ("reauthenticate", "reauthenticate-or-dead"):
            return ()
        ways = proof_ways(self.connector)
        if again.way == "sign-in" and not ways:
            return (FactorMethod.PASSWORD,)
        return offered(ways, refused)

    async def close(self) -> None:
        """Let go of all connections, after a renewal under way has come to its end."""
        await self._renewing.settle(_CLOSING)
        await self._bases.close()

    # ------------------------------------------------------------------------------- one call, and again

    async def _answered(self, call: CompiledCall, ask: _Ask) -> Done:
        """The answer of a credential that lives, or of the last one that could be had."""
        held = await self._renewing.current()
        done = await self._once(held, ask)
        for _ in range(_TRIES):
            if done.word == "reauthenticate-or-dead":
                alive = call is not self._whoami and await self._lives()
                asks: Word = "reauthenticate" if self.connector.reauthenticate is not None else "not-allowed"
                done = replace(done, word=asks if alive else "dead")
            if done.word != "dead":
                break
            # A dead credential does nothing, so that even an end may be sent again with another one.
            another = await self._another_than(held)
            if another is None:
                break
            held = another
            done = await self._once(held, ask)
        return done

    async def _once(self, held: Held, ask: _Ask) -> Done:
        done, after = await ask(held)
        await self._took(held, after, done)
        return done

    async def _took(self, before: Held, after: Held, done: Done) -> None:
        if (
            after is not before and done.word not in _DEAD
        ):  # a platform takes its cookies back with the last answer
            await self.keep(before, after)

    async def _lives(self) -> bool:
        if self._whoami is None:
            return True
        done, _ = await self.exchange.once(self._whoami, await self._renewing.current(), self._over(None))
        if done.word in _DEAD:
            return False
        if done.word in ("ok", "reauthenticate", "second-factor"):
            return True
        raise self.error(done, self._whoami)

    async def _another_than(self, stale: Held) -> Held | None:
        """What another process has signed in with meanwhile, or a renewed one; None where there is neither."""
        self._knows_itself = False  # it may be of another session
        if self._refresh is not None:
            try:
                return await self._renewing.renewed(stale)
            except SignInExpired:
                return None
        stored = await self._renewing.stored()
        if stored is None or stored.access == stale.access:
            return None
        self._renewing.replace(stored)
        return stored

    async def _proved(self, call: CompiledCall, refused: Done, ask: _Ask) -> Done:
        """The answer after the account was proved again; the refusal itself where the user has to be asked."""
        self.refusal = refused
        repeat = await self.prover.proved(refused, call) if self.prover is not None else None
        if repeat is None or self.prover is None:
            return refused
        held = await self._renewing.current()
        done, after = await ask(held, repeat.merge)
        await self._took(held, after, done)
        if done.word in _UNPROVED:
            self.prover.refused()
            self.refusal = done
            row = done.row.outcome if done.row is not None else None
            raise ReauthenticationNeeded(
                (row.message if row is not None else None) or "That was not accepted.",
                row.advice if row is not None else None,
                methods=self.methods(done) or self.methods(refused) or (FactorMethod.PASSWORD,),
            )
        return done

    async def _renew(self, held: Held, spend: Spend) -> Held:
        assert self._refresh is not None
        before = held
        done, after = await self.exchange.once(self._refresh, held, self._over(None), about_to_send=spend)
        if done.word == "ok":
            if after.expires_at == before.expires_at and self.keeping.life is not None:
                after = after.ageless()
            return after
        error = self.error(done, self._refresh)
        if done.word == "dead" or isinstance(error, SignInExpired):
            raise SignInExpired
        if done.word in ("rate-limited", "too-many-tries", "try-later", "not-allowed"):
            raise NotUsedUp(error)
        raise error

    def _forget_itself(self) -> None:
        self._known, self._knows_itself = {}, False

    def _over(self, layer: Layer | None) -> Layer:
        def over(variables: Variables) -> Variables:
            known = self._all_known(variables)
            return known if layer is None else layer(known)

        return over

    def _all_known(self, variables: Variables) -> Variables:
        if not self._known:
            return variables
        secret = self.connector.listing is not None and self.connector.listing.id_is_secret
        own = {n: v for n, v in self._known.items() if secret and n == "whoami.session"}
        return variables.with_({n: v for n, v in self._known.items() if n not in own}, own)


class _Ask(Protocol):
    def __call__(
        self, held: Held, merge: Mapping[str, Any] | None = None
    ) -> Awaitable[tuple[Done, Held]]: ...


def proof_ways(connector: Connector) -> dict[FactorMethod, ProofWay]:
    """The ways to prove oneself again that the connector has, in the order in which they are offered."""
    again = connector.reauthenticate
    if again is None:
        return {}
    ways = {
        FactorMethod.PASSWORD: again.password,
        FactorMethod.TOTP: again.totp,
        FactorMethod.RECOVERY_CODE: again.recovery_code,
    }
    return {method: way for method, way in ways.items() if way is not None}


def open_caller(
    connector: Connector,
    address: str,
    variables: Mapping[str, str] | None = None,
    *,
    home: str = "",
    verify: ssl.SSLContext | None = None,
    patience: Patience | None = None,
    observer: Observer | None = None,
    now: Callable[[], float] = time.time,
) -> Caller:
    """Get ready to speak to the platform at the address that the user typed, without sending anything.

    `variables` are what the user entered for [variables]; `home` is the same in every run of one home. Raises
    `WrongUse` for what is missing or wrong. Signing in is `signing_in.SignIn(caller)`, proving oneself again
    `reauthenticating.Reauthentication(caller, sign_in)`; both take and return what `ports.Platform` does.
    """
    where = read_address(address)
    shown, secret = entered(connector, variables or {})
    known = Variables(
        {
            "address": where.base,
            "address_path": where.path,
            "origin": where.origin,
            "console.name": _CONSOLE,
            "console.version": __version__,
            "console.id": home,
            **connector.constants,
            **shown,
        },
        secret,
    )
    return Caller(connector, where, known, Bases(connector.base, known, verify, patience), observer, now)
