"""A booking platform built on django-allauth headless in app mode, with its user sessions app.

Source: allauth/headless/spec/doc/openapi.yaml and what a running 65.21 answers. A 401 has four meanings there, told
apart by the flows it names; a dead token is a 410; and ending one's own session is answered with 401.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
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
    SignInNeeded,
    TooManyTries,
    WrongUse,
)
from sessionconsole.domain.platforms import (
    Capabilities,
    EndAnswer,
    EndStatus,
    Field,
    Listing,
    PlatformAbout,
    WhoAmI,
)
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.domain.text import USER_AGENT_LIMIT
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.addresses import Address
from sessionconsole.platform.handles import Handles
from sessionconsole.platform.http import LARGE, SMALL, Answer, Http
from sessionconsole.services.ports import CredentialKeeper

CONNECTOR: Final = "django-allauth"
BASE: Final = "/_allauth/app/v1"

_TOKEN = "X-Session-Token"
_LONGEST_TOKEN = 2000
_LARGEST_ID = 2**63 - 1
_TOO_MANY = frozenset({"too_many_login_attempts", "too_many_attempts"})
_FACTORS = {"totp": FactorMethod.TOTP, "recovery_codes": FactorMethod.RECOVERY_CODE}


def about(config: object, address: Address) -> PlatformAbout:
    """What `GET config` tells; raises `NotAPlatform` where it is not allauth, or has no list of sessions."""
    data = read.object_in(config, "data")
    if "account" not in data and "usersessions" not in data:
        raise NotAPlatform
    if "usersessions" not in data:
        raise NotAPlatform(
            "The booking platform at this address has no list of sessions to offer.",
            "Ask its support to switch on allauth.usersessions.",
        )
    tracked = read.truth(read.object_in(data, "usersessions").get("track_activity")) is True
    provides = {Field.SIGNED_IN, Field.LAST_ACTIVE} if tracked else {Field.SIGNED_IN}
    # The activity is written down for browsers only: an app's stays as it was at the sign-in.
    note = "for apps: as of the sign-in" if tracked else None
    return PlatformAbout(
        name=address.slug,
        title=address.base.partition("://")[2],
        address=address.base,
        connector=CONNECTOR,
        capabilities=Capabilities(provides=frozenset(provides), last_active_note=note),
    )


class Allauth:
    """`ports.Platform` over allauth headless: a session token, which is the credential and never an id."""

    def __init__(self, http: Http, base: str, about: PlatformAbout, handle_key: bytes) -> None:
        self._http = http
        self._base = base
        self._about = about
        self._handles = Handles(about.name, handle_key)
        self._keeper: CredentialKeeper | None = None
        self._token: str | None = None
        self._me: Person | None = None
        self._own: Handle | None = None

    @property
    def about(self) -> PlatformAbout:
        """What it is and can do."""
        return self._about

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on, and keep changed ones there."""
        self._keeper = keeper
        self._token = self._me = None

    async def sign_in(self, username: str, password: str) -> Credential | SecondFactorAsked:
        """Prove who one is, by e-mail address where the name has an @."""
        name = "email" if "@" in username else "username"
        answer = await self._send("POST", "auth/login", {name: username, "password": password})
        if answer.status == 401:
            return self._second_factor_in(answer)
        return self._credential_in(answer, BadCredentials())

    async def answer_second_factor(
        self,
        asked: SecondFactorAsked,
        method: FactorMethod,  # noqa: ARG002 - the platform finds out by itself
        code: str,
    ) -> Credential:
        """The second step; TOTP and recovery codes go to the same place."""
        token = asked.challenge["session_token"]
        answer = await self._send("POST", "auth/2fa/authenticate", {"code": code}, token=token)
        if answer.status in (401, 409, 410):
            raise SignInExpired("The sign-in took too long.", "Enter your password once more.")
        return self._credential_in(answer, SecondFactorRefused())

    async def who_am_i(self) -> WhoAmI:
        """The account signed in as; it may end its own sessions, and sees no others."""
        answer = await self._call("GET", "auth/session")
        user = read.object_in(read.object_in(_expect(answer), "data"), "user")
        names = (read.text(user.get(key)) for key in ("username", "email", "display"))
        account = next((name for name in names if name is not None), None)
        if account is None:
            raise PlatformMisbehaved
        display = read.text(user.get("display"))
        self._me = Person(account, None if display == account else display)
        return WhoAmI(self._me)

    async def list_sessions(self, etag: str | None = None) -> Listing | None:
        """The account's own sessions; the platform has no ETag, so one is made of what is listed."""
        me = self._me or (await self.who_am_i()).person
        body = read.must_be_object(_expect(await self._call("GET", "auth/sessions", largest=LARGE)))
        items = read.must_be_list(body.get("data"))
        made = hashlib.sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()
        sessions = {session.handle: session for session in (self._session(item, me) for item in items)}
        self._own = next((handle for handle, session in sessions.items() if session.is_current), None)
        return None if made == etag else Listing(tuple(sessions.values()), made)

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """End sessions of the last list; the console's own comes last, for nothing works after it."""
        wanted = list(dict.fromkeys(handles))
        natives = {handle: self._native(handle) for handle in wanted}
        others = [handle for handle in wanted if handle != self._own]
        answers: dict[Handle, EndAnswer] = {}
        try:
            if len(others) > 1 and await self._end(*(natives[handle] for handle in others)):
                answers |= {handle: EndAnswer(handle, EndStatus.ACCEPTED) for handle in others}
            else:  # one that is gone already spoils the whole batch
                for handle in others:
                    answers[handle] = _answer(handle, await self._end(natives[handle]))
            if self._own in natives:
                own = self._own
                answers[own] = _answer(own, await self._end(natives[own], own=True))
        except SessionConsoleError as error:
            # "Nothing was ended" would be untrue by now: only the list can tell.
            raise AnswerLost if answers else error from None
        return answers

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Give the fresh proof that was asked for."""
        if method is FactorMethod.PASSWORD:
            answer = await self._call("POST", "auth/reauthenticate", {"password": secret})
        else:
            answer = await self._call("POST", "auth/2fa/reauthenticate", {"code": secret})
        if answer.status == 429 or _codes(answer) & _TOO_MANY:
            raise TooManyTries(retry_after=answer.retry_after)
        if answer.status == 400:
            by_password = method is FactorMethod.PASSWORD
            raise BadCredentials("The password is wrong.") if by_password else SecondFactorRefused()
        _expect(answer)
        await self._keep_token_of(answer)

    async def listen(self, heard: Callable[[], Awaitable[None]]) -> None:
        """It has no live events."""

    async def sign_out(self) -> None:
        """Revoke the credential; the platform answers that with 401."""
        try:
            answer = await self._call("DELETE", "auth/session")
        except SignInNeeded:
            return
        if answer.status != 401:
            _expect(answer)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.close()

    async def _call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, largest: int = SMALL
    ) -> Answer:
        if self._token is None:
            self._token = await self._stored_token()
            if self._token is None:
                raise SignInNeeded
        answer = await self._send(method, path, body, token=self._token, largest=largest)
        if answer.status == 410:
            # A dead token does nothing, so the call may be made again where another process has signed in anew.
            fresh = await self._stored_token()
            if fresh is None or fresh == self._token:
                raise SignInExpired
            self._token = fresh
            answer = await self._send(method, path, body, token=fresh, largest=largest)
        if answer.status == 410:
            raise SignInExpired
        return answer

    async def _stored_token(self) -> str | None:
        if self._keeper is None:
            raise SignInNeeded
        stored = await self._keeper.load()
        return stored.values.get("session_token") if stored else None

    async def _send(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        largest: int = SMALL,
    ) -> Answer:
        headers = {_TOKEN: token} if token else None
        return await self._http.send(
            method, f"{self._base}/{path}", body=body, headers=headers, largest=largest
        )

    async def _end(self, *natives: str, own: bool = False) -> bool:
        """Whether it took effect; False where a session is not there (any more)."""
        answer = await self._call(
            "DELETE", "auth/sessions", {"sessions": [int(native) for native in natives]}
        )
        if own and answer.status == 401 and not _asks_again(answer):
            return True
        if answer.status == 400 and "invalid_choice" in _codes(answer):
            return False
        _expect(answer)
        return True

    async def _keep_token_of(self, answer: Answer) -> None:
        token = _token_in(answer)
        if token is not None and token != self._token and self._keeper is not None:
            await self._keeper.save(Credential({"session_token": token}))
            self._token = token

    def _second_factor_in(self, answer: Answer) -> SecondFactorAsked:
        token = _token_in(answer)
        pending = [flow for flow in _flows(answer) if flow.get("is_pending") is True]
        named = [kind for flow in pending for kind in read.list_in(flow, "types")]
        methods = tuple(method for kind, method in _FACTORS.items() if kind in named)
        if token is None or not methods:
            raise NotAllowed(
                "The booking platform wants a step before it lets you in that this program cannot do.",
                "Sign in once with your web browser and complete it there, then try again.",
            )
        return SecondFactorAsked(methods, {"session_token": token})

    def _credential_in(self, answer: Answer, refused: SessionConsoleError) -> Credential:
        if answer.status == 429 or _codes(answer) & _TOO_MANY:
            raise TooManyTries(retry_after=answer.retry_after)
        if answer.status == 400 and _codes(answer):
            raise refused
        _expect(answer)
        token = _token_in(answer)
        if token is None:
            raise PlatformMisbehaved
        return Credential({"session_token": token})

    def _native(self, handle: Handle) -> str:
        native = self._handles.native(handle)
        if native is None:
            raise WrongUse("This session is not in the list that was read last.", "Read the list again.")
        return native

    def _session(self, item: object, me: Person) -> LoginSession:
        found = read.must_be_object(item)
        native = read.whole(found.get("id"), 0, _LARGEST_ID)
        if native is None:
            raise PlatformMisbehaved
        return LoginSession(
            handle=self._handles.of(str(native)),
            person=me,
            user_agent=read.text(found.get("user_agent"), USER_AGENT_LIMIT),
            ip=read.text(found.get("ip"), 60),
            signed_in_at=read.epoch(found.get("created_at")),
            last_active_at=read.epoch(found.get("last_seen_at")),
            is_current=read.truth(found.get("is_current")),
        )


def _answer(handle: Handle, took_effect: bool) -> EndAnswer:
    return EndAnswer(handle, EndStatus.ACCEPTED if took_effect else EndStatus.ALREADY_GONE)


def _flows(answer: Answer) -> list[read.JsonObject]:
    flows = read.list_in(read.object_in(answer.body, "data"), "flows")
    return [flow for flow in flows if read.is_object(flow)]


def _codes(answer: Answer) -> frozenset[object]:
    errors = read.list_in(answer.body, "errors") if answer.status == 400 else []
    codes = (error.get("code") for error in errors if read.is_object(error))
    return frozenset(code for code in codes if isinstance(code, str))


def _token_in(answer: Answer) -> str | None:
    return read.raw_text(read.object_in(answer.body, "meta").get("session_token"), _LONGEST_TOKEN)


def _asks_again(answer: Answer) -> bool:
    return read.object_in(answer.body, "meta").get("is_authenticated") is True


def _expect(answer: Answer) -> Any:
    """The body of a 200, or the error that any other answer stands for."""
    if answer.status == 200 and answer.body is not None:
        return answer.body
    if answer.status == 401 and _asks_again(answer):
        ways = {"reauthenticate": FactorMethod.PASSWORD, "mfa_reauthenticate": FactorMethod.TOTP}
        methods = tuple(ways[flow["id"]] for flow in _flows(answer) if flow.get("id") in tuple(ways))
        raise ReauthenticationNeeded(methods=methods or (FactorMethod.PASSWORD,))
    if answer.status == 401 and read.is_object(answer.body):
        raise SignInExpired
    if answer.status == 403 and read.is_object(answer.body):
        raise NotAllowed
    if answer.status == 429:
        raise RateLimited(retry_after=answer.retry_after)
    raise PlatformMisbehaved
