"""Proving oneself again: by a request of its own, merged into the refused one, or by signing in anew."""

from __future__ import annotations

import pytest

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    BadCredentials,
    ReauthenticationNeeded,
    SecondFactorRefused,
    TooManyTries,
    WrongUse,
)
from sessionconsole.platform.connectors.calling import Done
from tests.helpers import run
from tests.platform.connectors.door import BEARER, LIST, LOGIN, LOGIN_TWICE, Door, door, sent
from tests.platform.faults import Request, Wire, respond

IN = respond({"token": "t-0001"})
ENDED = respond(None, 204)

END = """
[end.one]
method = "DELETE"
path = "sessions/{session.id}"
json = { reason = "not ours" }
outcomes = [
  { status = 204, is = "ok" },
  { status = 401, take = { question = "body:question" }, methods = "ways", is = "reauthenticate" },
]
"""


def refuses(*ways: str, question: str = "q-1") -> bytes:
    return respond({"question": question, "ways": list(ways)}, 401)


async def end(at: Door) -> Done:
    return await at.caller.send(at.end_call(), lambda known: known.with_session({"id": 7}))


MERGE = """
[reauthenticate]
way = "merge"
reuse_s = 100

[reauthenticate.password]
offered_as = ["password"]
merge = { auth = { question = "{question}", secret = "{password}" } }

[reauthenticate.totp]
offered_as = ["totp"]
merge = { auth = { question = "{question}", code = "{code}" } }
"""


def test_a_proof_is_merged_into_the_refused_request_with_the_number_of_its_question() -> None:
    async def story() -> None:
        ask, ask_2 = refuses("password"), refuses("password", question="q-2")
        async with door(BEARER + LOGIN + LIST + END + MERGE, IN, ask, ask, ENDED, ask_2, ENDED, ask) as at:
            await at.enter()
            with pytest.raises(ReauthenticationNeeded) as met:
                await end(at)
            assert met.value.methods == (FactorMethod.PASSWORD,)
            await at.again.reauthenticate(FactorMethod.PASSWORD, 'pass "word"')
            await end(at)
            proof = {"auth": {"question": "q-1", "secret": 'pass "word"'}}
            assert sent(at.last) == {"reason": "not ours", **proof}
            await end(at)  # a batch asks once
            assert sent(at.last)["auth"] == {"question": "q-2", "secret": 'pass "word"'}
            at.clock.time += 101
            with pytest.raises(ReauthenticationNeeded):
                await end(at)

    run(story())


def test_a_wrong_proof_in_the_request_is_asked_for_once_more() -> None:
    async def story() -> None:
        ask = refuses("password", "totp")
        async with door(BEARER + LOGIN + LIST + END + MERGE, IN, ask, ask, ask, ask, ENDED, ask) as at:
            await at.enter()
            await at.again.reauthenticate(FactorMethod.PASSWORD, "wrong")
            with pytest.raises(ReauthenticationNeeded, match="not accepted") as met:
                await end(at)
            assert met.value.methods == (FactorMethod.PASSWORD, FactorMethod.TOTP)
            with pytest.raises(ReauthenticationNeeded):
                await end(at)
            assert len(at.server.requests) == 4  # the wrong one is forgotten, so nothing is repeated
            await at.again.reauthenticate(FactorMethod.TOTP, "123456")
            await end(at)
            assert sent(at.last)["auth"] == {"question": "q-1", "code": "123456"}
            with pytest.raises(ReauthenticationNeeded):  # a code is good for one use
                await end(at)

    run(story())


STEP = """
[reauthenticate]
way = "step"
reuse_s = 100

[[reauthenticate.password.steps]]
[reauthenticate.password.steps.call]
method = "POST"
path = "prove"
json = { password = "{password}", question = "{question}" }
take_secret = { token = "body:token" }
outcomes = [
  { status = 200, is = "ok" },
  { status = 400, is = "bad-credentials" },
  { status = 429, is = "too-many-tries", retry_after = { default_s = 9 } },
]

[[reauthenticate.totp.steps]]
[reauthenticate.totp.steps.call]
method = "POST"
path = "prove"
json = { code = "{code}" }
outcomes = [{ status = 200, is = "ok" }, { status = 400, is = "second-factor-refused" }]
"""
STEP_END = END.replace(', methods = "ways"', "")


def test_a_step_proves_it_and_may_give_another_token() -> None:
    async def story() -> None:
        proved = respond({"token": "t-0002"})
        async with door(BEARER + LOGIN + LIST + STEP_END + STEP, IN, refuses(), proved, ENDED) as at:
            keeper = await at.enter()
            with pytest.raises(ReauthenticationNeeded) as met:
                await end(at)
            assert met.value.methods == (FactorMethod.PASSWORD, FactorMethod.TOTP)
            await at.again.reauthenticate(FactorMethod.PASSWORD, "the-password")
            assert sent(at.last) == {"password": "the-password", "question": "q-1"}
            await end(at)
            assert at.last.headers["authorization"] == "Bearer t-0002"
            assert "t-0002" in keeper.credential.values["secrets"]
            assert "the-password" not in str(dict(keeper.credential.values))

    run(story())


def test_a_password_that_was_typed_lately_answers_the_next_question_and_a_code_does_not() -> None:
    async def story() -> None:
        ok = respond({})
        answers = (IN, refuses(), ok, refuses(), ok, ENDED, refuses(), ok, refuses())
        async with door(BEARER + LOGIN + LIST + STEP_END + STEP, *answers) as at:
            await at.enter()
            with pytest.raises(ReauthenticationNeeded):
                await end(at)
            await at.again.reauthenticate(FactorMethod.PASSWORD, "p")
            await end(at)
            assert at.asked[3:] == ["DELETE /sessions/7", "POST /prove", "DELETE /sessions/7"]
            at.clock.time += 101
            with pytest.raises(ReauthenticationNeeded):
                await end(at)
            await at.again.reauthenticate(FactorMethod.TOTP, "123456")
            with pytest.raises(ReauthenticationNeeded):
                await end(at)

    run(story())


def test_a_wrong_proof_of_a_step_is_told_as_what_it_is() -> None:
    async def story() -> None:
        wrong = respond({}, 400)
        answers = (IN, refuses(), wrong, wrong, respond({}, 429))
        async with door(BEARER + LOGIN + LIST + STEP_END + STEP, *answers) as at:
            await at.enter()
            with pytest.raises(ReauthenticationNeeded):
                await end(at)
            with pytest.raises(BadCredentials, match="password is wrong"):
                await at.again.reauthenticate(FactorMethod.PASSWORD, "p")
            with pytest.raises(SecondFactorRefused):
                await at.again.reauthenticate(FactorMethod.TOTP, "1")
            with pytest.raises(TooManyTries) as met:
                await at.again.reauthenticate(FactorMethod.PASSWORD, "p")
            assert met.value.retry_after == 9
            with pytest.raises(WrongUse):
                await at.again.reauthenticate(FactorMethod.RECOVERY_CODE, "p")

    run(story())


ANEW = """
[reauthenticate]
way = "sign-in"

[second_factor.totp]
[[second_factor.totp.steps]]
[second_factor.totp.steps.call]
method = "POST"
path = "totp"
credential = "none"
json = { code = "{code}", half = "{half}" }
take_secret = { token = "body:token" }
outcomes = [{ status = 200, is = "ok" }, { status = 400, is = "second-factor-refused" }]

[whoami]
path = "me"
session = "session"
outcomes = [{ status = 200, is = "ok" }]

[sign_out]
method = "DELETE"
path = "sessions/{whoami.session}"
outcomes = [{ status = 204, is = "ok" }]
"""


def test_signing_in_anew_takes_a_code_on_the_way_and_ends_the_older_session_of_our_own() -> None:
    async def answer(request: Request, wire: Wire) -> None:
        shown = request.headers.get("authorization", "")
        if request.target == "/login":
            wire.send(respond({"half": "h-0001"}, 401))
        elif request.target == "/totp":
            codes.append(sent(request)["code"])
            wire.send(respond({}, 400) if codes[-1] == "0" else respond({"token": f"t-000{len(codes)}"}))
        elif request.target == "/me":
            wire.send(respond({"session": "s-of-" + shown[-4:]}))
        elif shown.endswith("t-0001") and request.target == "/sessions/7":
            wire.send(refuses())
        else:
            wire.send(ENDED)

    codes: list[str] = []

    async def story() -> None:
        file = BEARER + LOGIN_TWICE + LIST + STEP_END + ANEW
        async with door(file, answer) as at:
            asked = await at.ask()
            credential = await at.way_in.answer(asked, FactorMethod.TOTP, "1")
            keeper = at.keep(credential)
            with pytest.raises(ReauthenticationNeeded) as met:
                await end(at)
            assert met.value.methods == (FactorMethod.PASSWORD,)
            with pytest.raises(ReauthenticationNeeded) as met:
                await at.again.reauthenticate(FactorMethod.TOTP, "2")
            assert met.value.methods == (FactorMethod.PASSWORD,)
            with pytest.raises(ReauthenticationNeeded, match="a code as well") as met:
                await at.again.reauthenticate(FactorMethod.PASSWORD, "the-password")
            assert met.value.methods == (FactorMethod.TOTP,)
            assert sent(at.last) == {"user": "kim", "password": "the-password"}
            with pytest.raises(SecondFactorRefused):
                await at.again.reauthenticate(FactorMethod.TOTP, "0")
            await at.again.reauthenticate(FactorMethod.TOTP, "3")
            assert at.asked[-1] == "DELETE /sessions/s-of-0001"
            assert at.last.headers["authorization"] == "Bearer t-0001"
            await end(at)
            assert at.last.headers["authorization"] == "Bearer t-0003"
            assert "t-0003" in keeper.credential.values["secrets"]

    run(story())


def test_what_was_entered_in_secret_is_there_also_when_one_signs_in_anew_after_a_restart() -> None:
    file = (
        BEARER
        + LOGIN.replace('user = "{username}"', 'user = "{username}", key = "{key}"')
        + LIST
        + STEP_END
        + '[reauthenticate]\nway = "sign-in"\n[variables.key]\nlabel = "Key"\nsecret = true\n'
    )

    async def story() -> None:
        async with door(file, IN, key="k-0001") as at:
            credential = await at.sign_in()
        async with door(file, refuses(), respond({"token": "t-0002"}), ENDED) as later:
            later.keep(credential)
            with pytest.raises(ReauthenticationNeeded):
                await end(later)
            await later.again.reauthenticate(FactorMethod.PASSWORD, "p")
            assert sent(later.last) == {"user": "kim", "password": "p", "key": "k-0001"}
            await end(later)

    run(story())


def test_a_list_never_signs_in_by_itself() -> None:
    async def story() -> None:
        file = (
            BEARER
            + LOGIN
            + LIST.replace('{ status = 401, is = "dead" }', '{ status = 401, is = "reauthenticate" }')
            + '[reauthenticate]\nway = "sign-in"\n'
        )
        again = respond({"token": "t-0002"})
        async with door(file, IN, respond({}, 401), again, respond({"items": []}), respond({}, 401)) as at:
            await at.enter()
            with pytest.raises(ReauthenticationNeeded):
                await at.caller.send(at.list_call)
            await at.again.reauthenticate(FactorMethod.PASSWORD, "p")
            await at.caller.send(at.list_call)
            with pytest.raises(ReauthenticationNeeded):
                await at.caller.send(at.list_call)
            assert at.asked.count("POST /login") == 2

    run(story())
