"""What the words of an outcome table mean for the caller: one error of the tree each, in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    AnswerLost,
    BadCredentials,
    NotAllowed,
    NotAPlatform,
    PlatformMisbehaved,
    RateLimited,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SessionConsoleError,
    SignInExpired,
    TooManyTries,
    TryLater,
)
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.connectors.format.parts import RetryAfter, Word
from sessionconsole.platform.connectors.format.signing_in import FactorWay, ProofWay
from sessionconsole.platform.connectors.paths import compile_path
from sessionconsole.platform.http import LONGEST_WAIT, Answer, failure_of

if TYPE_CHECKING:
    from sessionconsole.platform.connectors.exchange import Done
    from sessionconsole.platform.connectors.format.connector import Connector
    from sessionconsole.platform.connectors.replies import Reply
    from sessionconsole.platform.connectors.requests import CompiledCall
    from sessionconsole.platform.connectors.values import Variables

_MOST_SAID = 200
_NO_WAY = (
    NotAllowed,
    "The booking platform wants a step that this program cannot do.",
    "Sign in once with your web browser and complete it there, then try again.",
)
_USUAL: Mapping[Word, tuple[type[SessionConsoleError], str | None, str | None]] = {
    "bad-credentials": (BadCredentials, None, None),
    "second-factor-refused": (SecondFactorRefused, None, None),
    "sign-in-expired": (
        SignInExpired,
        "The sign-in took too long, so the platform has forgotten its first half.",
        "Enter your password once more.",
    ),
    "second-factor": _NO_WAY,
    "reauthenticate": _NO_WAY,
    "reauthenticate-or-dead": _NO_WAY,
    "dead": (SignInExpired, None, None),
    "try-later": (AnswerLost, None, None),
    "not-known": (AnswerLost, None, None),
    "not-this-kind": (NotAPlatform, None, None),
}
"""What a word means, with the usual message and advice where those of the error itself would not fit."""


def error_for(
    done: Done, call: CompiledCall, connector: Connector, methods: tuple[FactorMethod, ...] = ()
) -> SessionConsoleError:
    """The error that an answer stands for; the row's own message and advice replace the usual ones.

    `methods` are the ways that the answer offers to prove oneself. What the platform itself says is inert and masked.
    """
    row = done.row.outcome if done.row is not None else None
    message, advice = (row.message, row.advice) if row is not None else (None, None)
    match done.word:
        case "too-many-tries":
            return TooManyTries(message, advice, retry_after=retry_after(done, connector))
        case "rate-limited":
            return RateLimited(message, advice, retry_after=retry_after(done, connector))
        case "reauthenticate" if methods:
            return ReauthenticationNeeded(message, advice, methods=methods)
        case "not-allowed" | "refused":
            return NotAllowed(message or _with_words(NotAllowed.default_message, done, connector), advice)
        case "try-later" if not call.ends:
            return TryLater(message, advice)
    kind, usual_message, usual_advice = _USUAL.get(done.word, (PlatformMisbehaved, None, None))
    return kind(message or usual_message, advice or usual_advice)


class UnknownAnswer(PlatformMisbehaved):
    """No row of the tables knows the answer; `status` is the answer's."""

    def __init__(self, status: int, said: str | None) -> None:
        words = f' It says: "{said}".' if said else ""
        super().__init__(f"{PlatformMisbehaved.default_message[:-1]} (status {status}).{words}")
        self.status = status


def unmatched(reply: Reply, variables: Variables, connector: Connector) -> SessionConsoleError:
    """The error for an answer that no row of the tables knows."""
    failure = failure_of(reply.status)
    if failure is not None:
        return failure
    return UnknownAnswer(reply.status, said_by(reply, variables, connector))


def said_by(reply: Reply, variables: Variables, connector: Connector) -> str | None:
    """The platform's own words for a refusal, inert and with every secret hidden."""
    path = connector.errors.message
    found = compile_path(path)(reply.body) if path else None
    return read.text(variables.mask(found), _MOST_SAID) if isinstance(found, str) else None


def code_of(reply: Reply, variables: Variables, connector: Connector) -> str | None:
    """The platform's own code for a refusal, inert and with every secret hidden."""
    path = connector.errors.code
    found = compile_path(path)(reply.body) if path else None
    found = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
    return read.text(variables.mask(found), 60) if isinstance(found, str) else None


def retry_after(done: Done, connector: Connector) -> float | None:
    """Seconds to wait as the answer says, where the row or the connector says that it stands; else None."""
    own = done.row.outcome.retry_after if done.row is not None else None
    for told in (own, connector.rate_limit):
        if told is not None:
            return _told(told, done.reply)
    return Answer(done.reply.status, done.reply.headers).retry_after


def offered(ways: Mapping[FactorMethod, FactorWay | ProofWay], done: Done) -> tuple[FactorMethod, ...]:
    """Those of the ways that the answer offers, where its row says where it does; all of them else."""
    path = done.row.methods if done.row is not None else None
    if path is None:
        return tuple(ways)
    found = path(done.reply.body)
    words = found if isinstance(found, list) else [found]
    return tuple(
        method
        for method, way in ways.items()
        if not way.offered_as or any(word in words for word in way.offered_as)
    )


def _told(told: RetryAfter, reply: Reply) -> float | None:
    answer = Answer(reply.status, reply.headers)
    scale = 0.001 if told.unit == "ms" else 1.0
    begun = answer.sent_at.timestamp() if told.unit == "epoch-s" else 0.0
    found: float | None = None
    if told.path is not None:
        found = _number(compile_path(told.path)(reply.body), scale, begun)
    if found is None and told.header is not None:
        found = _number(reply.headers.get(told.header.lower()), scale, begun)
        found = answer.wait_in(told.header.lower()) if found is None else found
    if found is None:
        found = answer.retry_after
    return told.default_s if found is None else min(found, LONGEST_WAIT)


def _number(value: object, scale: float, begun: float) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value[:20])
        except ValueError:
            return None
    found = read.number(value, 0, 1e12)
    return None if found is None else max(found * scale - begun, 0.0)


def _with_words(message: str, done: Done, connector: Connector) -> str:
    said = said_by(done.reply, done.variables, connector)
    return f'{message} The platform says: "{said}".' if said else message
