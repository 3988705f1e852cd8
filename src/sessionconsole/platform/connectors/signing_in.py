"""From user name and password to a credential, by the steps of a connector file."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    PlatformMisbehaved,
    SecondFactorRefused,
    SessionConsoleError,
    WrongUse,
)
from sessionconsole.platform.connectors.calling import Caller, Done
from sessionconsole.platform.connectors.conditions import Holds, Subject, compile_condition
from sessionconsole.platform.connectors.cookies import Jar
from sessionconsole.platform.connectors.credential import Held
from sessionconsole.platform.connectors.errors import offered
from sessionconsole.platform.connectors.format.signing_in import FactorWay, Step
from sessionconsole.platform.connectors.requests import CompiledCall, compile_attach
from sessionconsole.platform.connectors.templates import Template, compile_template
from sessionconsole.platform.connectors.user_variables import must_be_complete


@dataclass(frozen=True, slots=True)
class CompiledStep:
    """One step; `call` is None where it only sets variables."""

    only_if: Holds | None
    set: Mapping[str, Template]
    set_secret: Mapping[str, Template]
    call: CompiledCall | None


def compile_steps(caller: Caller, steps: Sequence[Step], name: str) -> tuple[CompiledStep, ...]:
    """The steps under that key path; raises `Mistake`."""
    return tuple(
        CompiledStep(
            None if step.only_if is None else compile_condition(step.only_if),
            {key: compile_template(value) for key, value in step.set.items()},
            {key: compile_template(value) for key, value in step.set_secret.items()},
            None if step.call is None else caller.compiled(step.call, f"{name}[{place}].call"),
        )
        for place, step in enumerate(steps)
    )


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step whose answer was not ok; `place` counts from 0."""

    done: Done
    call: CompiledCall
    place: int


async def run_steps(
    caller: Caller, steps: Sequence[CompiledStep], held: Held, begin: int = 0
) -> tuple[Held, Stopped | None]:
    """What is held after the steps from `begin` on, and where they stopped; raises as `Exchange.once`."""
    for place, step in enumerate(steps[begin:], begin):
        if step.only_if is not None and not step.only_if(Subject(variables=held.variables)):
            continue
        for templates, secret in ((step.set, False), (step.set_secret, True)):
            values = {name: template.render(held.variables) for name, template in templates.items()}
            held = held.with_taken({}, values, 0) if secret else held.with_taken(values, {}, 0)
        if step.call is None:
            continue
        done, held = await caller.exchange.once(step.call, held)
        if done.word != "ok":
            return held, Stopped(done, step.call, place)
    return held, None


@dataclass(frozen=True, slots=True)
class _Half:
    """A sign-in between two steps; `step` is the one that goes on after the second factor."""

    held: Held = field(repr=False)
    step: int
    number: str

    def challenge(self) -> dict[str, str]:
        """The same as it travels in `SecondFactorAsked`; the typed password is in it, because steps may repeat it."""
        variables = self.held.variables
        until = self.held.expires_at
        return {
            "number": self.number,
            "step": str(self.step),
            "variables": json.dumps(dict(variables.shown)),
            "secrets": json.dumps(dict(variables.secrets)),
            "cookies": self.held.jar.to_text(),
            **({} if until is None else {"expires_at": str(until)}),
        }


class SignIn:
    """Signs in to one platform; what it returns and raises is that of `ports.Platform`."""

    def __init__(self, caller: Caller) -> None:
        connector = caller.connector
        self._caller = caller
        steps = connector.sign_in.steps if connector.sign_in is not None else []
        self._steps = compile_steps(caller, steps, "sign_in.steps")
        self._ways = _factor_ways(caller)
        self._compiled = {
            method: compile_steps(caller, way.steps, f"second_factor.{method.value}.steps")
            for method, way in self._ways.items()
        }
        self._sends = {
            method: compile_steps(caller, [way.send], f"second_factor.{method.value}.send")
            for method, way in self._ways.items()
            if way.send is not None
        }
        usual = connector.credential.get("default")
        self._shown = frozenset() if usual is None else compile_attach(usual).names
        self._newest: _Half | None = None

    async def sign_in(
        self, username: str, password: str, entered: Mapping[str, Any] | None = None
    ) -> Credential | SecondFactorAsked:
        """Prove who one is; `entered` are secret variables of the user that were kept since an earlier sign-in."""
        base = self._caller.base_variables.with_(secret=entered)
        must_be_complete(self._caller.connector, dict.fromkeys(base))
        variables = base.with_({"username": username}, {"password": password})
        return await self._go_on(Held(self._caller.keeping, variables), 0)

    async def answer(
        self, asked: SecondFactorAsked, method: FactorMethod, code: str
    ) -> Credential | SecondFactorAsked:
        """Give the second factor, or learn that one more is asked; after `SecondFactorRefused` another may be given."""
        half = self._half(asked)
        steps = self._compiled[_one_of(method, asked.methods, self._compiled)]
        held = replace(half.held, variables=half.held.variables.with_(secret={"code": code}))
        held, stopped = await run_steps(self._caller, steps, held)
        # Also after a refusal: some platforms change their tokens and cookies with each try.
        self._newest = replace(half, held=held)
        if stopped is not None:
            if stopped.done.word == "second-factor":
                return self._asked(held, stopped, half.step)
            raise self._refused(stopped)
        return await self._go_on(held, half.step)

    async def send_code(self, asked: SecondFactorAsked, method: FactorMethod) -> SecondFactorAsked:
        """Have the platform send a code, where it is to be asked for one; what to answer with from now on.

        Raises `TooManyTries`, `SignInExpired` and what sending raises.
        """
        half = self._half(asked)
        steps = self._sends.get(_one_of(method, asked.methods, self._compiled), ())
        held, stopped = await run_steps(self._caller, steps, half.held)
        self._newest = half = replace(half, held=held)
        if stopped is not None:
            raise self._caller.error(stopped.done, stopped.call)
        return SecondFactorAsked(asked.methods, half.challenge())

    async def _go_on(self, held: Held, step: int) -> Credential | SecondFactorAsked:
        held, stopped = await run_steps(self._caller, self._steps, held, step)
        if stopped is None:
            self._newest = None
            return self._credential(held)
        if stopped.done.word == "dead":  # a common row, about what was shown: here that is the password
            raise BadCredentials
        if stopped.done.word != "second-factor":
            raise self._caller.error(stopped.done, stopped.call)
        return self._asked(held, stopped, stopped.place + 1)

    def _asked(self, held: Held, stopped: Stopped, step: int) -> SecondFactorAsked:
        methods = offered(self._ways, stopped.done)
        if not methods:
            raise self._caller.error(stopped.done, stopped.call)
        half = _Half(held, step, secrets.token_hex(8))
        self._newest = half
        return SecondFactorAsked(methods, half.challenge())

    def _credential(self, held: Held) -> Credential:
        if any(held.variables.get(name) is None for name in self._shown):
            raise PlatformMisbehaved("The booking platform let you in, but its answer is incomplete.")
        return held.credential()

    def _refused(self, stopped: Stopped) -> SessionConsoleError:
        if stopped.done.word in ("bad-credentials", "reauthenticate"):
            row = stopped.done.row.outcome if stopped.done.row is not None else None
            return SecondFactorRefused(*((row.message, row.advice) if row is not None else ()))
        if stopped.done.word == "sign-in-expired":
            self._newest = None
        return self._caller.error(stopped.done, stopped.call)

    def _half(self, asked: SecondFactorAsked) -> _Half:
        challenge = asked.challenge
        if self._newest is not None and self._newest.number == challenge.get("number"):
            return self._newest
        try:
            variables = self._caller.base_variables.with_(
                json.loads(challenge["variables"]), json.loads(challenge["secrets"])
            )
            until = challenge.get("expires_at")
            held = Held(
                self._caller.keeping,
                variables,
                Jar.from_text(challenge["cookies"]),
                None if until is None else float(until),
            )
            return _Half(held, int(challenge["step"]), challenge["number"])
        except (KeyError, ValueError, TypeError):
            pass
        raise WrongUse("This is no sign-in of this platform that waits for a code.", "Sign in again.")


def _factor_ways(caller: Caller) -> dict[FactorMethod, FactorWay]:
    factor = caller.connector.second_factor
    if factor is None:
        return {}
    ways: dict[FactorMethod, FactorWay | None] = {
        FactorMethod.TOTP: factor.totp,
        FactorMethod.RECOVERY_CODE: factor.recovery_code,
        FactorMethod.MAILED_CODE: factor.mailed_code,
    }
    return {method: way for method, way in ways.items() if way is not None}


def _one_of(
    method: FactorMethod, methods: Sequence[FactorMethod], known: Mapping[FactorMethod, Any]
) -> FactorMethod:
    """The method itself, or the only one that is offered: whoever types a code need not know what kind it is."""
    if method in known and (method in methods or not methods):
        return method
    if len(methods) == 1 and methods[0] in known:
        return methods[0]
    raise WrongUse("The booking platform does not offer this way.", "Use another one.")
