"""Signing in by the steps of a connector file, with each kind of credential and of second factor."""

from __future__ import annotations

import base64

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    NotAllowed,
    PlatformMisbehaved,
    SecondFactorRefused,
    SignInExpired,
    TooManyTries,
    WrongUse,
)
from sessionconsole.services.credentials import MemoryKeeper
from tests.helpers import run
from tests.platform.connectors.door import BEARER, LIST, LOGIN, LOGIN_TWICE, PASSWORD, door, form, sent
from tests.platform.faults import respond

EMPTY = respond({"items": []})
ASKED = respond({"half": "half-1234", "ways": ["totp", "saved", "mail"]}, 401)

FACTORS = """
[credential.half]
headers = { Authorization = "Half {half}" }

[second_factor.totp]
offered_as = ["totp"]

[[second_factor.totp.steps]]
[second_factor.totp.steps.call]
method = "POST"
path = "totp"
credential = "half"
json = { code = "{code}" }
take_secret = { token = "body:token", half = "body:half" }
outcomes = [
  { status = 200, is = "ok" },
  { status = 400, take_secret = { half = "body:half" }, is = "second-factor-refused" },
  { status = 409, methods = "ways", is = "second-factor" },
  { status = 410, is = "sign-in-expired" },
]

[second_factor.recovery_code]
offered_as = ["saved"]

[[second_factor.recovery_code.steps]]
[second_factor.recovery_code.steps.call]
method = "POST"
path = "saved"
credential = "half"
json = { code = "{code}" }
take_secret = { token = "body:token" }
outcomes = [{ status = 200, is = "ok" }]

[second_factor.mailed_code]
offered_as = ["mail"]

[second_factor.mailed_code.send.call]
method = "POST"
path = "mail"
credential = "half"
take_secret = { letter = "body:letter" }
outcomes = [{ status = 200, is = "ok" }, { status = 429, is = "too-many-tries" }]

[[second_factor.mailed_code.steps]]
[second_factor.mailed_code.steps.call]
method = "POST"
path = "mailed"
credential = "half"
json = { code = "{code}", letter = "{letter}" }
take_secret = { token = "body:token" }
outcomes = [{ status = 200, is = "ok" }]
"""


def test_a_password_goes_in_whole_and_the_token_comes_out() -> None:
    async def story() -> None:
        async with door(BEARER + LOGIN + LIST, respond({"token": "t-12345"}), EMPTY) as at:
            keeper = await at.enter()
            assert sent(at.last) == {"user": "kim", "password": PASSWORD}
            assert "authorization" not in at.last.headers
            await at.caller.send(at.list_call)
            assert at.last.headers["authorization"] == "Bearer t-12345"
            assert PASSWORD not in str(dict(keeper.credential.values))

    run(story())


def test_what_was_kept_is_enough_after_a_restart() -> None:
    async def story() -> None:
        async with door(BEARER + LOGIN + LIST, respond({"token": "t-12345"}), EMPTY) as at:
            credential = await at.sign_in()
            async with door(BEARER + LOGIN + LIST, EMPTY) as later:
                later.caller.use(MemoryKeeper(credential))
                await later.caller.send(later.list_call)
                assert later.last.headers["authorization"] == "Bearer t-12345"
                later.caller.use(MemoryKeeper(Credential({"session_token": "of an earlier version"})))
                with pytest.raises(SignInExpired):
                    await later.caller.send(later.list_call)

    run(story())


def test_refusals_at_the_door() -> None:
    async def story() -> None:
        answers = (
            respond({"message": "no"}, 401),
            respond(None, 429, Retry_After="30"),
            respond({"message": "strange"}, 418),
            respond({"token": None}),
        )
        async with door(BEARER + LOGIN + LIST, *answers) as at:
            with pytest.raises(BadCredentials):
                await at.sign_in()
            with pytest.raises(TooManyTries) as met:
                await at.sign_in()
            assert met.value.retry_after == 30
            with pytest.raises(PlatformMisbehaved, match=r'status 418.*"strange"'):
                await at.sign_in()
            with pytest.raises(PlatformMisbehaved):
                await at.sign_in()

    run(story())


def test_an_answer_that_lacks_the_token_is_no_sign_in() -> None:
    async def story() -> None:
        file = LOGIN.replace('path = "token", exists = true, ', "")
        async with door(BEARER + file + LIST, respond({"tokn": "x"})) as at:
            with pytest.raises(PlatformMisbehaved, match="incomplete"):
                await at.sign_in()

    run(story())


@pytest.mark.parametrize(
    ("method", "path"), [(FactorMethod.TOTP, "/totp"), (FactorMethod.RECOVERY_CODE, "/saved")]
)
def test_a_second_factor_by_each_method(method: FactorMethod, path: str) -> None:
    async def story() -> None:
        async with door(
            BEARER + LOGIN_TWICE + FACTORS + LIST, ASKED, respond({"token": "t-12345"}), EMPTY
        ) as at:
            asked = await at.ask()
            assert asked.methods == (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE, FactorMethod.MAILED_CODE)
            credential = await at.way_in.answer(asked, method, "123456")
            assert isinstance(credential, Credential)
            assert (at.last.target, sent(at.last)) == (path, {"code": "123456"})
            assert at.last.headers["authorization"] == "Half half-1234"
            at.caller.use(MemoryKeeper(credential))
            await at.caller.send(at.list_call)
            assert at.last.headers["authorization"] == "Bearer t-12345"
            assert "half-1234" not in str(dict(credential.values))

    run(story())


def test_only_what_the_platform_offers_is_offered() -> None:
    async def story() -> None:
        asks = respond({"half": "h-1234", "ways": ["saved"]}, 401)
        key = respond({"half": "h-1234", "ways": ["passkey"]}, 401)
        async with door(BEARER + LOGIN_TWICE + FACTORS + LIST, asks, respond({"token": "t"}), key) as at:
            asked = await at.ask()
            assert asked.methods == (FactorMethod.RECOVERY_CODE,)
            await at.way_in.answer(asked, FactorMethod.TOTP, "a saved code")  # the only way there is
            assert at.last.target == "/saved"
            with pytest.raises(NotAllowed, match="cannot do"):
                await at.ask()
            with pytest.raises(WrongUse):
                await at.way_in.answer(
                    SecondFactorAsked((FactorMethod.TOTP, FactorMethod.RECOVERY_CODE), {}),
                    FactorMethod.TOTP,
                    "1",
                )

    run(story())


def test_a_code_is_sent_when_it_is_asked_for() -> None:
    async def story() -> None:
        sent_away = respond({"letter": "letter-7"})
        async with door(
            BEARER + LOGIN_TWICE + FACTORS + LIST, ASKED, sent_away, respond({"token": "t"})
        ) as at:
            asked = await at.ask()
            waiting = await at.way_in.send_code(asked, FactorMethod.MAILED_CODE)
            assert at.last.target == "/mail"
            assert at.last.body == b""
            await at.way_in.answer(waiting, FactorMethod.MAILED_CODE, "777777")
            assert sent(at.last) == {"code": "777777", "letter": "letter-7"}

    run(story())


def test_the_half_sign_in_travels_with_what_was_asked() -> None:
    async def story() -> None:
        async with door(BEARER + LOGIN_TWICE + FACTORS + LIST, ASKED, ASKED) as at:
            first = await at.ask()
            await at.ask()  # another one, which this object remembers instead
            assert "half-1234" not in repr(first)
            async with door(BEARER + LOGIN_TWICE + FACTORS + LIST, respond({"token": "t"})) as other:
                await other.way_in.answer(first, FactorMethod.TOTP, "1")
                assert other.last.headers["authorization"] == "Half half-1234"

    run(story())


def test_a_wrong_code_leaves_the_step_open_with_what_the_platform_gave_with_it() -> None:
    async def story() -> None:
        wrong = respond({"half": "half-5678"}, 400)
        async with door(BEARER + LOGIN_TWICE + FACTORS + LIST, ASKED, wrong, respond({"token": "t"})) as at:
            asked = await at.ask()
            with pytest.raises(SecondFactorRefused):
                await at.way_in.answer(asked, FactorMethod.TOTP, "1")
            await at.way_in.answer(asked, FactorMethod.TOTP, "2")
            assert at.last.headers["authorization"] == "Half half-5678"

    run(story())


def test_one_factor_more_may_be_asked_and_a_late_one_is_told() -> None:
    async def story() -> None:
        more = respond({"ways": ["saved"]}, 409)
        answers = (ASKED, more, respond({"token": "t"}), ASKED, respond({}, 410))
        async with door(BEARER + LOGIN_TWICE + FACTORS + LIST, *answers) as at:
            asked = await at.way_in.answer(await at.ask(), FactorMethod.TOTP, "1")
            assert isinstance(asked, SecondFactorAsked)
            assert asked.methods == (FactorMethod.RECOVERY_CODE,)
            assert isinstance(await at.way_in.answer(asked, FactorMethod.RECOVERY_CODE, "2"), Credential)
            with pytest.raises(SignInExpired, match="forgotten its first half"):
                await at.way_in.answer(await at.ask(), FactorMethod.TOTP, "1")

    run(story())


def test_the_rest_of_the_steps_comes_after_the_factor() -> None:
    rest = """
[[sign_in.steps]]
only_if = { variable = "token", exists = true }
set_secret = { both = "{token}.{half}" }

[sign_in.steps.call]
method = "POST"
path = "exchange"
json = { both = "{both}", password = "{password}" }
take_secret = { token = "body:token" }
outcomes = [{ status = 200, is = "ok" }]

[[sign_in.steps]]
only_if = { variable = "username", contains = "@" }
call = { path = "never", outcomes = [{ status = 200, is = "ok" }] }
"""

    async def story() -> None:
        answers = (ASKED, respond({"token": "t-1"}), respond({"token": "t-2"}), EMPTY)
        async with door(BEARER + LOGIN_TWICE + rest + FACTORS + LIST, *answers) as at:
            credential = await at.way_in.answer(await at.ask(), FactorMethod.TOTP, "1")
            assert sent(at.last) == {"both": "t-1.half-1234", "password": PASSWORD}
            assert isinstance(credential, Credential)
            at.caller.use(MemoryKeeper(credential))
            await at.caller.send(at.list_call)
            assert at.last.headers["authorization"] == "Bearer t-2"
            assert at.asked == ["POST /login", "POST /totp", "POST /exchange", "GET /sessions"]

    run(story())


COOKIES = """
[credential.default]
cookies = true
origin = true
csrf = { cookie = "csrftoken", header = "X-CSRFToken" }

[[sign_in.steps]]
[sign_in.steps.call]
path = "login"
answer = "text"
take_secret = { field = { from = "text", pattern = 'name="token" value="([a-z0-9]{1,40})"' } }
outcomes = [{ status = 200, is = "ok" }]

[[sign_in.steps]]
[sign_in.steps.call]
method = "POST"
path = "login"
form = { user = "{username}", password = "{password}", token = "{field}" }
answer = "none"
outcomes = [
  { status = [302, 303], cookie = "sessionid", exists = true, is = "ok" },
  { status = 200, is = "bad-credentials" },
]

[end.one]
method = "POST"
path = "end/{session.id}"
outcomes = [{ status = 204, is = "ok" }]
"""


def page(*cookies: str) -> bytes:
    head = "".join(f"Set-Cookie: {cookie}\r\n" for cookie in cookies)
    body = b'<form><input name="token" value="abc123"></form>'
    return (
        f"HTTP/1.1 200 OK\r\n{head}Content-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


def moved(where: str, *cookies: str) -> bytes:
    head = "".join(f"Set-Cookie: {cookie}\r\n" for cookie in cookies)
    return f"HTTP/1.1 302 Found\r\nLocation: {where}\r\n{head}Content-Length: 0\r\n\r\n".encode()


def test_cookies_csrf_and_origin_of_a_platform_made_for_browsers() -> None:
    async def story() -> None:
        entered = moved(
            "https://elsewhere.example/", "sessionid=s-1; Path=/; HttpOnly", "csrftoken=c%2D2; Path=/"
        )
        answers = (page("csrftoken=c-1; Path=/", "old=1; Path=/admin"), entered, EMPTY, respond(None, 204))
        async with door(COOKIES + LIST, *answers) as at:
            keeper = await at.enter()
            login = at.last
            assert form(login) == {"user": ["kim"], "password": [PASSWORD], "token": ["abc123"]}
            assert login.headers["content-type"] == "application/x-www-form-urlencoded"
            assert login.headers["x-csrftoken"] == "c-1"
            assert login.headers["origin"] == at.server.address
            await at.caller.send(at.list_call)
            assert set(at.last.headers["cookie"].split("; ")) == {"sessionid=s-1", "csrftoken=c%2D2"}
            assert "x-csrftoken" not in at.last.headers
            await at.caller.send(at.end_call(), lambda known: known.with_session({"id": 7}))
            assert at.last.headers["x-csrftoken"] == "c-2"
            assert "s-1" in keeper.credential.values["cookies"]
            assert "s-1" not in repr(keeper.credential)
            assert len(at.server.requests) == 4  # the redirect was not followed

    run(story())


def test_a_session_cookie_that_the_platform_changes_is_kept() -> None:
    async def story() -> None:
        answers = (
            page(),
            moved("/", "sessionid=s-1; Path=/"),
            respond({"items": []}, Set_Cookie="sessionid=s-2; Path=/"),
        )
        async with door(COOKIES + LIST, *answers) as at:
            keeper = await at.enter()
            await at.caller.send(at.list_call)
            assert "s-2" in keeper.credential.values["cookies"]

    run(story())


def test_basic_authentication_keeps_the_password_because_each_request_needs_it() -> None:
    basic = """
[credential.default.basic]
username = "{username}"
password = "{password}"

[[sign_in.steps]]
[sign_in.steps.call]
path = "me"
outcomes = [{ status = 200, is = "ok" }, { status = 401, is = "bad-credentials" }]
"""

    async def story() -> None:
        async with door(basic + LIST, respond({}), EMPTY) as at:
            await at.enter()
            await at.caller.send(at.list_call)
            shown = base64.b64encode(f"kim:{PASSWORD}".encode()).decode()
            assert at.last.headers["authorization"] == f"Basic {shown}"

    run(story())


def test_a_pasted_token_with_a_line_break_is_told_before_anything_is_sent() -> None:
    token = """
[credential.default]
headers = { Authorization = "token {token}" }

[[sign_in.steps]]
set_secret = { token = "{password}" }
"""

    async def story() -> None:
        async with door(token + LIST, EMPTY) as at:
            await at.enter(" t-1\n")
            await at.caller.send(at.list_call)
            assert at.last.headers["authorization"] == "token  t-1"
            await at.enter("t\nX-Evil: 1")
            with pytest.raises(WrongUse, match="header Authorization"):
                await at.caller.send(at.list_call)
            assert len(at.server.requests) == 1

    run(story())


def test_what_the_user_enters_is_checked_and_kept() -> None:
    file = (
        """
[variables.organizer]
label = "Organizer"
pattern = "[a-z]{1,20}"
example = "reef"

[variables.key]
label = "Partner key"
secret = true

[credential.default]
headers = { Authorization = "Bearer {token}", X-Key = "{key}" }
"""
        + LOGIN
        + LIST.replace('path = "sessions"', 'path = "{organizer}/sessions"')
    )

    async def story() -> None:
        async with door(file, respond({"token": "t"}), EMPTY, organizer="reef", key="k-123") as at:
            keeper = await at.enter()
            await at.caller.send(at.list_call)
            assert (at.last.target, at.last.headers["x-key"]) == ("/reef/sessions", "k-123")
            async with door(file, EMPTY, organizer="reef") as later:
                later.caller.use(MemoryKeeper(keeper.credential))
                await later.caller.send(later.list_call)
                assert later.last.headers["x-key"] == "k-123"
                with pytest.raises(WrongUse, match="Partner key"):
                    await later.sign_in()
        for wrong, words in (
            ({}, "Organizer"),
            ({"organizer": "R-1"}, "not as it should"),
            ({"x": "1"}, "nothing to enter"),
        ):
            with pytest.raises(WrongUse, match=words):
                async with door(file, EMPTY, **wrong):
                    pass

    run(story())
