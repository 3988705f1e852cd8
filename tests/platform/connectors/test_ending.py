"""Ending by a connector: one, several, by batch with results, all others, the own one, and what cannot be ended."""

from __future__ import annotations

import json

import pytest

from sessionconsole.domain.errors import (
    AnswerLost,
    NotAllowed,
    PlatformMisbehaved,
    RateLimited,
    SignInExpired,
    WrongUse,
)
from sessionconsole.domain.platforms import EndAnswer, EndStatus
from sessionconsole.domain.sessions import Handle
from tests.helpers import run, until
from tests.platform.connectors.stand import END_ONE, LIST, page, rows, sent, stand
from tests.platform.faults import Answer, Request, Wire, drop, respond

END_MANY = """
[end.many]
method = "POST"
path = "sessions/end"
json = { ids = "{sessions.id}" }
most = 2
outcomes = [{ status = 200, is = "ok" }, { status = 400, is = "refused" }]
"""

BATCH = """
[end.many]
method = "POST"
path = "batch"
outcomes = [{ status = 200, path = ".", exists = true, is = "ok" }]

[end.many.json]
requests = { for_each = "sessions", as = { method = "DELETE", path = "/sessions/{session.id|pct}" } }

[end.many.results]
items = "."
ok = [{ path = "success", exists = true }]
gone = [{ path = "error.code", equals = 101 }]
code = "error.code"
message = "error.error"
"""

OWN = LIST.replace("[list.fields]", 'current = { path = "mine" }\n\n[list.fields]')

GONE, DONE = respond(status=404), respond(status=204)


def test_one_session_is_ended_by_its_id_as_one_segment_of_the_path() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE, page("a/b c"), DONE) as opened:
            (handle,) = await opened.handles()
            assert await opened.platform.end([handle]) == {handle: EndAnswer(handle, EndStatus.ACCEPTED)}
            assert opened.asked[-1] == "DELETE /sessions/a%2Fb%20c"

    run(story())


def test_what_is_gone_and_what_is_refused_is_told_in_the_platform_s_words() -> None:
    refusal = respond({"code": "protected", "message": "The kiosk stays."}, 409)

    async def story() -> None:
        async with stand(LIST + END_ONE, page(1, 2), GONE, refusal) as opened:
            one, two = await opened.handles()
            answers = await opened.platform.end([one, two])
            assert answers[one].status is EndStatus.ALREADY_GONE
            assert answers[two] == EndAnswer(two, EndStatus.REFUSED, "protected", "The kiosk stays.")

    run(story())


def test_several_are_ended_at_once_with_their_ids_in_their_own_type() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE + END_MANY, page(1, 2, 3, 4), respond({})) as opened:
            handles = await opened.handles()
            answers = await opened.platform.end(handles)
            assert {answer.status for answer in answers.values()} == {EndStatus.ACCEPTED}
            assert [sent(request) for request in opened.server.requests[1:]] == [
                {"ids": [1, 2]},
                {"ids": [3, 4]},
            ]

    run(story())


def test_one_that_spoils_the_batch_leaves_the_others_to_be_ended_one_by_one() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE + END_MANY, page(1, 2), respond({}, 400), GONE, DONE) as opened:
            one, two = await opened.handles()
            answers = await opened.platform.end([one, two])
            assert answers[one].status is EndStatus.ALREADY_GONE
            assert answers[two].status is EndStatus.ACCEPTED

    run(story())


@pytest.mark.parametrize(
    ("key", "sent_as"),
    [
        ('query = { ids = "{sessions.id|each}" }', ("POST /sessions/end?ids=8&ids=9", b"")),
        ('form = { "ids[]" = "{sessions.id|each}" }', ("POST /sessions/end", b"ids%5B%5D=8&ids%5B%5D=9")),
    ],
)
def test_several_are_named_by_a_parameter_for_each(key: str, sent_as: tuple[str, bytes]) -> None:
    async def story() -> None:
        file = LIST + END_MANY.replace('json = { ids = "{sessions.id}" }', key)
        async with stand(file, page(8, 9), respond({})) as opened:
            await opened.platform.end(await opened.handles())
            assert (opened.asked[-1], opened.last.body) == sent_as

    run(story())


def test_a_batch_that_the_platform_cannot_answer_is_followed_by_one_by_one() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE + END_MANY, page(1, 2), respond({}, 500), DONE) as opened:
            handles = await opened.handles()
            with pytest.raises(AnswerLost):
                await opened.platform.end(handles)
            answers = await opened.platform.end(handles)
            assert {answer.status for answer in answers.values()} == {EndStatus.ACCEPTED}
            assert opened.asked[1:] == ["POST /sessions/end", "DELETE /sessions/1", "DELETE /sessions/2"]

    run(story())


def test_a_batch_is_built_session_by_session_and_answers_for_each() -> None:
    results = respond([{"success": {}}, {"error": {"code": 101, "error": "Object not found."}}])

    async def story() -> None:
        async with stand(LIST + BATCH, page("x y", "z"), results) as opened:
            one, two = await opened.handles()
            answers = await opened.platform.end([one, two])
            assert sent(opened.last) == {
                "requests": [
                    {"method": "DELETE", "path": "/sessions/x%20y"},
                    {"method": "DELETE", "path": "/sessions/z"},
                ]
            }
            assert answers[one] == EndAnswer(one, EndStatus.ACCEPTED)
            assert answers[two] == EndAnswer(two, EndStatus.ALREADY_GONE, "101", "Object not found.")

    run(story())


def test_a_batch_may_name_the_path_that_the_user_typed() -> None:
    file = BATCH.replace('"/sessions/', '"{address_path}/sessions/')

    async def story() -> None:
        async with stand(LIST + file, page(1), respond([{"success": {}}]), path="/parse") as opened:
            await opened.platform.end(await opened.handles())
            assert sent(opened.last)["requests"][0]["path"] == "/parse/sessions/1"

    run(story())


def test_results_may_come_in_any_order_where_they_have_an_id() -> None:
    file = BATCH.replace('items = "."', 'items = "."\nid = "id"')
    results = respond([{"id": 2, "error": {"code": 7}}, {"id": 1, "success": True}])

    async def story() -> None:
        async with stand(LIST + file, page(1, 2), results) as opened:
            one, two = await opened.handles()
            answers = await opened.platform.end([one, two])
            assert answers[one].status is EndStatus.ACCEPTED
            assert answers[two] == EndAnswer(two, EndStatus.REFUSED, "7")

    run(story())


@pytest.mark.parametrize("results", [[{"success": 1}], [], {"success": 1}, [{"success": 1}] * 3])
def test_a_batch_that_does_not_answer_for_each_claims_nothing(results: object) -> None:
    with pytest.raises(PlatformMisbehaved):
        _end_both(LIST + BATCH, respond(results))


def test_all_others_are_not_ended_where_the_list_is_cut_and_more_may_be_meant_than_it_shows() -> None:
    file = OWN.replace("[list.fields]", "most_sessions = 2\n\n[list.fields]") + (
        '[end.others]\nmethod = "DELETE"\npath = "others"\noutcomes = [{ status = 204, is = "ok" }]\n'
    )

    async def story() -> None:
        async with stand(file, rows({"id": 1, "mine": True}, {"id": 2}, {"id": 3}), DONE) as opened:
            _, two, three = await opened.handles()
            with pytest.raises(NotAllowed):
                await opened.platform.end([two, three])
            assert opened.asked == ["GET /sessions"]

    run(story())


def test_all_others_are_ended_by_one_call_where_there_is_no_other() -> None:
    file = (
        OWN + '[end.others]\nmethod = "DELETE"\npath = "others"\noutcomes = [{ status = 204, is = "ok" }]\n'
    )
    listed = rows({"id": 1, "mine": True}, {"id": 2}, {"id": 3})

    async def story() -> None:
        async with stand(file, listed, DONE) as opened:
            _, two, three = await opened.handles()
            answers = await opened.platform.end([two, three])
            assert opened.asked[1:] == ["DELETE /others"]
            assert set(answers) == {two, three}

    run(story())


def test_all_others_are_not_ended_when_only_some_are_meant() -> None:
    file = (
        OWN + '[end.others]\nmethod = "DELETE"\npath = "others"\noutcomes = [{ status = 204, is = "ok" }]\n'
    )
    listed = rows({"id": 1, "mine": True}, {"id": 2}, {"id": 3})

    async def story() -> None:
        async with stand(file, listed, DONE) as opened:
            _, two, _ = await opened.handles()
            with pytest.raises(NotAllowed):
                await opened.platform.end([two])
            assert opened.asked == ["GET /sessions"]

    run(story())


def test_the_own_session_comes_last_and_by_its_own_call() -> None:
    own = (
        '[end.own]\nmethod = "POST"\npath = "bye"\njson = { session = "{session.id}" }\n'
        'outcomes = [{ status = 401, is = "ok" }]\n'
    )

    async def story() -> None:
        async with stand(
            OWN + END_ONE + own, rows({"id": 1, "mine": True}, {"id": 2}), DONE, respond({}, 401)
        ) as opened:
            mine, other = await opened.handles()
            answers = await opened.platform.end([mine, other])
            assert opened.asked[1:] == ["DELETE /sessions/2", "POST /bye"]
            assert sent(opened.last) == {"session": 1}
            assert answers[mine].status is EndStatus.ACCEPTED

    run(story())


def test_a_platform_without_a_call_for_it_ends_nothing() -> None:
    with pytest.raises(NotAllowed, match="lets nobody end sessions"):
        _end_both(LIST)


def test_after_the_first_was_ended_trouble_with_the_second_leaves_it_unsent() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE, page(1, 2, 3), DONE, respond({}, 429)) as opened:
            one, two, three = await opened.handles()
            answers = await opened.platform.end([one, two, three])
            assert answers == {one: EndAnswer(one, EndStatus.ACCEPTED)}

    run(story())


def test_an_answer_that_is_lost_is_told_for_its_own_session_only() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE, page(1, 2), DONE, drop) as opened:
            one, two = await opened.handles()
            answers = await opened.platform.end([one, two])
            assert (answers[one].status, answers[two].status) == (EndStatus.ACCEPTED, EndStatus.LOST)

    run(story())


def test_what_was_not_sent_after_an_answer_was_lost_does_not_count_as_sent() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE, page(1, 2, 3), drop, respond({}, 429)) as opened:
            one, two, three = await opened.handles()
            answers = await opened.platform.end([one, two, three])
            assert answers == {one: EndAnswer(one, EndStatus.LOST)}

    run(story())


def test_many_are_ended_ten_at_once_but_the_first_goes_alone() -> None:
    under_way = 0
    most: list[int] = []

    async def slow(_: Request, wire: Wire) -> None:
        nonlocal under_way
        under_way += 1
        most.append(under_way)
        await until(lambda: under_way >= min(10, 31 - len(most)) or len(most) <= 1)
        under_way -= 1
        wire.send(DONE)

    async def story() -> None:
        async with stand(LIST + END_ONE, page(*range(31)), slow) as opened:
            answers = await opened.platform.end(await opened.handles())
            assert {answer.status for answer in answers.values()} == {EndStatus.ACCEPTED}
            assert most[:2] == [1, 1]
            assert max(most) == 10

    run(story())


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (respond({}, 429), RateLimited),
        (respond({}, 401), SignInExpired),
        (respond({}, 418), PlatformMisbehaved),
        (drop, AnswerLost),
        (respond(b"<html>", 200, kind="text/html"), PlatformMisbehaved),
    ],
)
def test_trouble_with_the_first_is_told_as_it_is(answer: Answer, error: type[Exception]) -> None:
    with pytest.raises(error):
        _end_both(LIST + END_ONE, answer)


def test_only_sessions_of_a_list_that_was_read_can_be_ended() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE, page(1)) as opened:
            await opened.handles()
            with pytest.raises(WrongUse, match="not in the list"):
                await opened.platform.end([Handle("stand:unknown")])

    run(story())


def test_an_order_is_carried_out_although_another_list_was_read_meanwhile() -> None:
    async def story() -> None:
        async with stand(LIST + END_ONE, page(1), page(2), DONE) as opened:
            (handle,) = await opened.handles()
            await opened.handles()
            await opened.platform.end([handle])
            assert opened.asked[-1] == "DELETE /sessions/1"

    run(story())


def test_an_id_that_is_a_credential_goes_into_the_body_and_nowhere_else() -> None:
    file = LIST.replace("[list.fields]", "id_is_secret = true\n\n[list.fields]") + (
        '[end.one]\nmethod = "POST"\npath = "revoke"\njson = { token = "{session.id}" }\n'
        'outcomes = [{ status = 200, is = "ok" }, { status = 409, is = "refused" }]\n'
    )
    secret = "the live token of somebody else"
    refusal = respond({"message": f"Will not end {secret}.", "code": secret}, 409)

    async def story() -> None:
        async with stand(file, page(secret), refusal) as opened:
            (handle,) = await opened.handles()
            answer = (await opened.platform.end([handle]))[handle]
            assert sent(opened.last) == {"token": secret}
            assert secret not in opened.last.target + json.dumps(opened.last.headers)
            assert secret not in f"{answer} {handle} {opened.platform!r}"
            assert answer.detail == "Will not end •••."

    run(story())


def _end_both(file: str, *answers: Answer) -> None:
    async def story() -> None:
        async with stand(file, page(1, 2), *answers) as opened:
            await opened.platform.end(await opened.handles())

    run(story())


def test_a_platform_that_asks_to_wait_in_the_midst_of_many_is_left_in_peace_by_the_next_call_too() -> None:
    async def story() -> None:
        busy = respond(status=429, Retry_After="40")
        async with stand(LIST + END_ONE, page(1, 2), DONE, busy, DONE) as opened:
            one, two = await opened.handles()
            assert (await opened.platform.end([one, two])).keys() == {one}
            sent_so_far = len(opened.asked)
            with pytest.raises(RateLimited) as met:
                await opened.platform.end([two])
            assert met.value.retry_after is not None
            assert 0 < met.value.retry_after <= 40
            assert len(opened.asked) == sent_so_far

    run(story())
