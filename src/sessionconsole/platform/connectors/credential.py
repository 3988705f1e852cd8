"""What an account is signed in with: the variables that were taken, the cookies, and what of both is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from sessionconsole.domain.credentials import Credential
from sessionconsole.domain.errors import SignInExpired
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.connectors.cookies import Jar
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call
from sessionconsole.platform.connectors.format.signing_in import Step
from sessionconsole.platform.connectors.values import Variables

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_.]*)")
_LONGEST_LIFE = 10 * 365 * 24 * 3600.0


class Keeping:
    """What of a connector's variables is kept between starts: what some later call needs, and no more.

    The user's own secret variables are always kept, and a typed password only where each request needs it.
    """

    def __init__(self, connector: Connector) -> None:
        needed = _names_in(
            connector.whoami,
            connector.listing,
            connector.end,
            connector.sign_out,
            connector.refresh,
            connector.reauthenticate,
        )
        # A call names its entry of [credential]; what only the way in shows is of no use later.
        entries = [entry for name, entry in connector.credential.items() if name in needed]
        shown = _names_in(*entries)
        needed |= shown
        entered = frozenset(name for name, variable in connector.variables.items() if variable.secret)
        self.names = (_taken(connector) & needed) | entered | {"username"} | (shown & {"password"})
        refresh = connector.refresh
        self.refresh = refresh.token if refresh is not None else None
        self.life = refresh.expires_in if refresh is not None else None
        self.unit = 0.001 if refresh is not None and refresh.unit == "ms" else 1.0
        self.before = refresh.before_s if refresh is not None else 0.0

    def expiry(self, taken: Mapping[str, object], asked_at: float) -> float | None:
        """When what was taken just now wears out, in seconds since 1970; None where the platform does not say."""
        value = taken.get(self.life) if self.life is not None else None
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:15])
        life = read.number(value, 0, _LONGEST_LIFE / self.unit)
        return None if life is None else asked_at + life * self.unit

    def held(self, base: Variables, credential: Credential) -> Held:
        """What was stored, over what is always known; raises `SignInExpired` where it is none of ours."""
        values = credential.values
        try:
            until = values.get("expires_at")
            variables = base.with_(json.loads(values["variables"]), json.loads(values["secrets"]))
            jar = Jar.from_text(values["cookies"])
            return Held(self, variables, jar, None if until is None else float(until))
        except (KeyError, ValueError, TypeError, AttributeError):
            pass
        raise SignInExpired


@dataclass(frozen=True, slots=True)
class Held:
    """`renewing.Renewable` of one account; `expires_at` is in seconds since 1970, None where nobody said."""

    keeping: Keeping = field(repr=False, compare=False)
    variables: Variables = field(repr=False)
    jar: Jar = field(default_factory=Jar, repr=False)
    expires_at: float | None = None

    @property
    def access(self) -> str:
        """All secrets but the refresh token: at least one is another after each renewal."""
        secrets = {name: value for name, value in self._secrets().items() if name != self.keeping.refresh}
        return json.dumps([secrets, sorted([*c.place, c.value] for c in self.jar.cookies)], sort_keys=True)

    @property
    def refresh(self) -> str | None:
        """The token to renew it with."""
        found = self.variables.get(self.keeping.refresh) if self.keeping.refresh is not None else None
        return found if isinstance(found, str) and found else None

    def is_fresh(self, now: float) -> bool:
        """Whether it is good for another while."""
        return self.expires_at is None or now < self.expires_at - self.keeping.before

    def without_refresh(self) -> Self:
        """The same with its refresh token given up."""
        if self.keeping.refresh is None:
            return self
        return replace(self, variables=self.variables.with_(secret={self.keeping.refresh: None}))

    def ageless(self) -> Held:
        """The same where the platform does not say any more how long it lives."""
        return replace(self, expires_at=None)

    def credential(self) -> Credential:
        """The same as it is stored."""
        values = {
            "variables": json.dumps(self._kept(self.variables.shown)),
            "secrets": json.dumps(self._secrets()),
            "cookies": self.jar.to_text(),
        }
        return Credential(
            values if self.expires_at is None else {**values, "expires_at": f"{self.expires_at:.0f}"}
        )

    def with_taken(self, shown: Mapping[str, Any], secret: Mapping[str, Any], asked_at: float) -> Held:
        """The same with what an answer gave."""
        if not shown and not secret:
            return self
        until = self.keeping.expiry({**shown, **secret}, asked_at)
        return replace(
            self, variables=self.variables.with_(shown, secret), expires_at=until or self.expires_at
        )

    def worth_keeping(self, before: Held) -> bool:
        """Whether it has anything that the keyring should have instead of what it had before."""
        return self._secrets() != before._secrets() or self.jar.differs(before.jar)

    def _secrets(self) -> dict[str, Any]:
        return self._kept(self.variables.secrets)

    def _kept(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {n: value for n, value in values.items() if n in self.keeping.names and value is not None}


def uses_cookies(connector: Connector) -> bool:
    """Whether any request of it shows cookies."""
    return any(attach.cookies or attach.csrf is not None for attach in connector.credential.values())


def _taken(connector: Connector) -> frozenset[str]:
    """The variables that signing in, renewing and proving oneself again may take."""
    steps: list[Step] = [*(connector.sign_in.steps if connector.sign_in is not None else [])]
    if connector.second_factor is not None:
        factor = connector.second_factor
        for way in (factor.totp, factor.recovery_code, factor.mailed_code):
            steps += [] if way is None else [*([way.send] if way.send else []), *way.steps]
    if connector.reauthenticate is not None:
        again = connector.reauthenticate
        for proof in (again.password, again.totp, again.recovery_code):
            steps += [] if proof is None else proof.steps
    names: set[str] = set()
    for step in steps:
        names |= {*step.set, *step.set_secret, *(_taken_by(step.call) if step.call is not None else ())}
    if connector.refresh is not None:
        names |= {*_taken_by(connector.refresh.call)}
    return frozenset(names)


def _taken_by(call: Call) -> Iterator[str]:
    yield from (*call.take, *call.take_secret)
    for row in call.outcomes:
        yield from (*row.take, *row.take_secret)


def _names_in(*parts: object) -> frozenset[str]:
    """Every variable that a template, condition or comparison of these parts may name; rather one too many."""
    found: set[str] = set()
    for text in _texts(parts):
        found |= {text, *_PLACEHOLDER.findall(text)}
    return frozenset(found)


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)
    elif hasattr(node, "model_dump"):
        yield from _texts(node.model_dump(by_alias=True, exclude_none=True))
