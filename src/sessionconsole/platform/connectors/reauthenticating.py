"""Proving oneself again where a platform wants a fresh proof before it does something."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SessionConsoleError,
    WrongUse,
)
from sessionconsole.platform.connectors.calling import Caller, Done, Repeat, proof_ways
from sessionconsole.platform.connectors.requests import CompiledCall
from sessionconsole.platform.connectors.signing_in import SignIn, compile_steps, run_steps
from sessionconsole.platform.connectors.templates import compile_template

_CODE_TOO = "The booking platform wants a code as well."
_FIRST_THE_PASSWORD = "The booking platform wants your password first."


@dataclass(frozen=True, slots=True)
class _Proof:
    """What was typed; a code is good for one use."""

    method: FactorMethod
    secret: str = field(repr=False)
    until: float


class Reauthentication:
    """`calling.Prover` of one platform: by a request of its own, merged into the refused one, or by signing in anew.

    A password that was typed is kept in memory for `reuse_s`, so that a batch asks once; it is used without asking for
    requests that change something, and never for a list, which is read often.
    """

    def __init__(self, caller: Caller, sign_in: SignIn, now: Callable[[], float] = time.monotonic) -> None:
        self._caller = caller
        self._sign_in = sign_in
        self._now = now
        self._model = caller.connector.reauthenticate
        ways = proof_ways(caller.connector)
        self._steps = {
            method: compile_steps(caller, way.steps, f"reauthenticate.{method.value}.steps")
            for method, way in ways.items()
        }
        self._merges = {method: compile_template(way.merge) for method, way in ways.items() if way.merge}
        sign_out = caller.connector.sign_out
        self._sign_out = caller.compiled(sign_out, "sign_out") if sign_out is not None else None
        self._proof: _Proof | None = None
        self._half: SecondFactorAsked | None = None
        caller.prover = self

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Give the fresh proof that `ReauthenticationNeeded` asked for.

        Where it goes into the refused request itself, the platform judges it when that is sent again. Raises
        `BadCredentials`, `SecondFactorRefused`, `TooManyTries`, and `ReauthenticationNeeded` where one more is wanted.
        """
        self._proof = None
        if self._model is None:
            raise WrongUse("This booking platform asks for no fresh proof.", "Try again.")
        if self._model.way == "merge":
            self._must_know(method)
            self._proof = _Proof(method, secret, self._now() + max(self._model.reuse_s, 1.0))
            return
        await self._prove(method, secret)
        if method is FactorMethod.PASSWORD:
            self._proof = _Proof(method, secret, self._now() + self._model.reuse_s)

    async def proved(self, refused: Done, call: CompiledCall) -> Repeat | None:
        """What to repeat the refused call with."""
        proof = self._kept()
        if proof is None or self._model is None:
            return None
        if self._model.way == "merge":
            if proof.method not in self._caller.methods(refused):
                return None
            if proof.method is not FactorMethod.PASSWORD:
                self._proof = None
            variables = refused.variables.with_(secret=_typed(proof.method, proof.secret))
            return Repeat(self._merges[proof.method].render(variables))
        if not call.writes:
            return None
        try:
            await self._prove(proof.method, proof.secret)
        except (BadCredentials, SecondFactorRefused) as refusal:
            self.refused()
            raise ReauthenticationNeeded(
                refusal.message, refusal.advice, methods=self._caller.methods(refused) or (proof.method,)
            ) from None
        return Repeat()

    def refused(self) -> None:
        """The proof was not accepted: forget it."""
        self._proof = None

    def _kept(self) -> _Proof | None:
        if self._proof is not None and self._now() > self._proof.until:
            self._proof = None
        return self._proof

    async def _prove(self, method: FactorMethod, secret: str) -> None:
        if self._model is not None and self._model.way == "sign-in":
            await self._sign_in_anew(method, secret)
        else:
            await self._by_step(method, secret)

    async def _by_step(self, method: FactorMethod, secret: str) -> None:
        steps = self._steps[self._must_know(method)]
        held = await self._caller.held()
        refusal = self._caller.refusal
        challenge = {} if refusal is None else {n: refusal.variables.get(n) for n in _taken_by(refusal)}
        for_now = {**challenge, **_typed(method, secret)}
        with_proof = replace(held, variables=held.variables.with_(secret=for_now))
        after, stopped = await run_steps(self._caller, steps, with_proof)
        if stopped is not None:
            if stopped.done.word in ("bad-credentials", "second-factor-refused", "reauthenticate"):
                raise _wrong(method, stopped.done)
            raise self._caller.error(stopped.done, stopped.call)
        before = {name: held.variables.get(name) for name in for_now}
        await self._caller.keep(held, replace(after, variables=after.variables.with_(secret=before)))

    async def _sign_in_anew(self, method: FactorMethod, secret: str) -> None:
        if self._half is not None and method is not FactorMethod.PASSWORD:
            answer = await self._sign_in.answer(self._half, method, secret)
        elif method is not FactorMethod.PASSWORD:
            raise ReauthenticationNeeded(_FIRST_THE_PASSWORD, methods=(FactorMethod.PASSWORD,))
        else:
            known = await self._caller.variables()
            entered = {
                name: known[name]
                for name, variable in self._caller.connector.variables.items()
                if variable.secret and name in known
            }
            answer = await self._sign_in.sign_in(str(known["username"]), secret, entered)
        self._half = answer if isinstance(answer, SecondFactorAsked) else None
        if isinstance(answer, SecondFactorAsked):
            raise ReauthenticationNeeded(_CODE_TOO, "Enter it.", methods=answer.methods)
        await self._replace(answer)

    async def _replace(self, credential: Credential) -> None:
        """Be signed in with the new credential, and end the older session of our own, which would stay in the list."""
        if self._sign_out is not None:
            with suppress(SessionConsoleError):
                await self._caller.make_ready(self._sign_out.names)
        before = await self._caller.adopt(credential)
        if self._sign_out is not None:
            with suppress(SessionConsoleError):
                await self._caller.exchange.once(self._sign_out, before)

    def _must_know(self, method: FactorMethod) -> FactorMethod:
        if method not in self._steps:
            raise WrongUse("The booking platform does not offer this way.", "Use another one.")
        return method


def _typed(method: FactorMethod, secret: str) -> dict[str, str]:
    return {"password": secret} if method is FactorMethod.PASSWORD else {"code": secret}


def _taken_by(done: Done) -> list[str]:
    return [] if done.row is None else [*done.row.take, *done.row.take_secret]


def _wrong(method: FactorMethod, done: Done) -> SessionConsoleError:
    row = done.row.outcome if done.row is not None else None
    message, advice = (row.message, row.advice) if row is not None else (None, None)
    if method is FactorMethod.PASSWORD:
        return BadCredentials(message or "The password is wrong.", advice)
    return SecondFactorRefused(message, advice)
