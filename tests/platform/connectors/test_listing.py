"""Listing by a connector: which items are sessions, whose they are, which is the own one, and details and parents."""

from __future__ import annotations

import pytest

from sessionconsole.domain.credentials import Credential, FactorMethod
from sessionconsole.domain.errors import PlatformMisbehaved, RateLimited
from sessionconsole.domain.sessions import LoginSession
from sessionconsole.services.credentials import MemoryKeeper
from tests.helpers import run
from tests.platform.connectors.stand import LIST, TOKEN, Stand, page, rows, stand
from tests.platform.faults import Answer, Request, Wire, respond

WHOAMI = """
[whoami]
path = "me"
account = "login"
name = "display"
session = "sid"
outcomes = [{ status = 200, path = "login", exists = true, is = "ok" }]
"""


def _with(text: str) -> str:
    return LIST.replace("[list.fields]", f"{text}\n\n[list.fields]")


def _sessions(file: str, *answers: Answer) -> list[LoginSession]:
    async def story() -> list[LoginSession]:
        async with stand(file, *answers) as opened:
            return list((await opened.listed()).sessions)

    return run(story())


def me(**told: object) -> bytes:
    return respond({"login": "kim@hotel.example", "display": "Kim", **told})


def test_sessions_belong_to_the_signed_in_account_where_the_list_does_not_say() -> None:
    (session,) = _sessions(WHOAMI + LIST, me(), page(1))
    assert (session.person.account, session.person.name) == ("kim@hotel.example", "Kim")


def test_without_a_call_that_says_who_one_is_the_typed_name_counts() -> None:
    assert _sessions(LIST, page(1))[0].person.account == "kim"


def test_the_own_session_is_another_one_after_signing_in_anew() -> None:
    anew = '[reauthenticate]\nway = "sign-in"\n'
    file = WHOAMI + anew + _with('current = { path = "id", same_as = "whoami.session" }')
    file = file.replace(
        'is = "ok" }]\n\ncurrent', 'is = "ok" }, { status = 403, is = "reauthenticate" }]\n\ncurrent'
    )

    async def answer(request: Request, wire: Wire) -> None:
        is_new = request.headers["authorization"].endswith("another password")
        wire.send(me(sid=2 if is_new else 1) if request.target == "/me" else page(1, 2))

    async def story() -> None:
        async with stand(file, answer) as opened:
            assert [session.is_current for session in (await opened.listed()).sessions] == [True, False]
            await opened.platform.reauthenticate(FactorMethod.PASSWORD, "another password")
            assert [session.is_current for session in (await opened.listed()).sessions] == [False, True]

    run(story())


def test_the_own_session_is_another_one_where_another_process_signed_in_anew() -> None:
    file = WHOAMI + _with('current = { path = "id", same_as = "whoami.session" }')

    async def answer(request: Request, wire: Wire) -> None:
        is_new = request.headers["authorization"].endswith("another password")
        if is_new or not anew:
            wire.send(me(sid=2 if is_new else 1) if request.target == "/me" else page(1, 2))
        else:
            wire.send(respond({}, 401))

    anew: list[Credential] = []

    async def story() -> None:
        async with stand(file, answer) as opened:
            keeper = MemoryKeeper(await _credential(opened, TOKEN))
            opened.platform.use(keeper)
            assert [session.is_current for session in (await opened.listed()).sessions] == [True, False]
            anew.append(await _credential(opened, "another password"))
            await keeper.save(anew[0])
            assert [session.is_current for session in (await opened.listed()).sessions] == [False, True]

    run(story())


async def _credential(opened: Stand, password: str) -> Credential:
    credential = await opened.platform.sign_in("kim", password)
    assert isinstance(credential, Credential)
    return credential


def test_only_kept_items_are_sessions() -> None:
    file = _with('keep = [{ path = "revoked", differs = true }, { path = "kind", equals = "login" }]')
    listed = rows(
        {"id": 1, "kind": "login"},
        {"id": 2, "kind": "login", "revoked": True},
        {"id": 3, "kind": "app"},
        {"id": 4, "kind": "login", "revoked": False},
    )
    assert len(_sessions(file, listed)) == 2


def test_a_list_of_which_nothing_is_kept_proves_nothing_gone_since_the_own_session_lives() -> None:
    keep = 'keep = [{ path = "active", equals = true }]'
    renamed = rows({"id": 1, "is_active": True}, {"id": 2, "is_active": True})

    async def story(file: str) -> bool:
        async with stand(file, renamed) as opened:
            return (await opened.listed()).complete

    assert not run(story(_with(f'{keep}\ncurrent = {{ path = "me" }}')))
    assert run(story(_with(keep)))  # a platform may not list the one that asks


@pytest.mark.parametrize(("second", "complete"), [("198.51.100.7", False), ("203.0.113.9", True)])
def test_two_sessions_of_one_id_hide_each_other_so_that_the_list_proves_nothing_gone(
    second: str, complete: bool
) -> None:
    async def story() -> bool:
        listed = rows({"id": 1, "ip": "203.0.113.9"}, {"id": 1, "ip": second})
        async with stand(LIST + 'ip = "ip"\n', listed) as opened:
            return (await opened.listed()).complete

    assert run(story()) is complete


def test_sessions_that_are_grouped_by_device_have_the_facts_of_their_device() -> None:
    file = LIST.replace('items = "items"', 'items = "items[].sessions[]"') + 'os = "@group.os"\nip = "ip"\n'
    devices = rows(
        {"os": "Windows", "sessions": [{"id": 1, "ip": "203.0.113.9"}, {"id": 2}]},
        {"os": "macOS", "sessions": [{"id": 3}]},
    )
    found = [(session.device.os, session.ip) for session in _sessions(file, devices)]
    assert found == [("Windows", "203.0.113.9"), ("Windows", None), ("macOS", None)]
    with pytest.raises(PlatformMisbehaved):
        _sessions(file, rows({"os": "Windows"}))


def test_a_table_of_sessions_is_listed_by_its_keys() -> None:
    file = _with("keyed = true").replace('id = "id"', 'id = "@key"\nip = "ip"')
    found = _sessions(file, respond({"items": {"a": {"ip": "203.0.113.7"}, "b": {"ip": "203.0.113.8"}}}))
    assert [session.ip for session in found] == ["203.0.113.7", "203.0.113.8"]


def test_the_own_session_is_the_one_that_whoami_names() -> None:
    file = WHOAMI + _with('current = { path = "id", same_as = "whoami.session" }')
    found = _sessions(file, me(sid=2), page(1, 2))
    assert [session.is_current for session in found] == [False, True]


def test_nobody_is_taken_for_the_own_session_where_whoami_does_not_say() -> None:
    file = WHOAMI + _with('current = { path = "id", same_as = "whoami.session" }')
    assert _sessions(file, me(), page(1))[0].is_current is None


def test_the_own_session_is_added_where_the_list_leaves_it_out() -> None:
    file = WHOAMI + _with('own = "current"\ncurrent = { path = "id", same_as = "whoami.session" }')
    found = _sessions(file, me(sid=9, current={"id": 9}), page(1))
    assert [session.is_current for session in found] == [False, True]


def test_it_is_not_added_twice() -> None:
    file = WHOAMI + _with('own = "current"')
    assert len(_sessions(file, me(current={"id": 1}), page(1, 2))) == 2


def test_a_platform_that_does_not_tell_the_own_session_as_promised_is_not_believed() -> None:
    with pytest.raises(PlatformMisbehaved):
        _sessions(WHOAMI + _with('own = "current"'), me(), page(1))


def test_details_are_asked_for_once_for_each_value() -> None:
    file = LIST + (
        'account = "@detail.name || user"\n\n[list.values]\nuser = "user"\n\n'
        '[list.detail]\npath = "users/{session.user}"\n'
        'outcomes = [{ status = 200, path = "name", exists = true, is = "ok" }, { status = 403, is = "not-allowed" }]\n'
    )
    listed = rows({"id": 1, "user": 7}, {"id": 2, "user": 7}, {"id": 3, "user": 8})

    async def story() -> None:
        async with stand(file, listed, respond({"name": "ana"}), respond({}, 403)) as opened:
            found = (await opened.listed()).sessions
            assert [session.person.account for session in found] == ["ana", "ana", "8"]
            assert opened.asked[1:] == ["GET /users/7", "GET /users/8"]

    run(story())


PARENTS = """
account = "@parent.login"

[list.for_each]
path = "users"
items = "users"
keep = [{ path = "active", equals = true }]
values = { id = "id", login = "login" }
paging = { kind = "link", next = "body:next" }
outcomes = [{ status = 200, path = "users", exists = true, is = "ok" }]
"""


def test_people_and_pages_without_end_come_to_one() -> None:
    file = _with(
        'most_pages = 3\nmost_sessions = 4\npaging = { kind = "cursor", parameter = "c", cursor = "body:n" }'
    )
    file = file.replace('path = "sessions"', 'path = "of/{parent.id}"') + PARENTS
    asked = 0

    async def answer(request: Request, wire: Wire) -> None:
        nonlocal asked
        asked += 1
        people = [{"id": n, "login": str(n), "active": True} for n in range(100)]
        wire.send(
            respond({"users": people} if request.target == "/users" else {"items": [], "n": str(asked)})
        )

    async def story() -> None:
        async with stand(file, answer) as opened:
            assert not (await opened.listed()).complete
            assert {target.partition("?")[0] for target in opened.asked[1:]} <= {
                f"GET /of/{n}" for n in range(4)
            }
            assert len(opened.asked) <= 1 + 3 + 2 * 4 + 1

    run(story())


def test_the_list_is_asked_once_for_each_person() -> None:
    file = (
        LIST.replace('"sessions"', '"users/{parent.id}/sessions"').replace(
            'is = "ok" }]', 'is = "ok" }, { status = 404, is = "gone" }]'
        )
        + PARENTS
    )
    first = respond(
        {
            "users": [{"id": 1, "login": "ana", "active": True}, {"id": 2, "login": "bo", "active": False}],
            "next": "/more",
        }
    )
    second = respond(
        {"users": [{"id": 3, "login": "cy", "active": True}, {"id": 4, "login": "di", "active": True}]}
    )

    async def story() -> None:
        async with stand(file, first, second, page("a"), respond({}, 404), page("b", "c")) as opened:
            found = (await opened.listed()).sessions
            assert [session.person.account for session in found] == ["ana", "di", "di"]
            assert opened.asked == [
                "GET /users",
                "GET /more",
                "GET /users/1/sessions",
                "GET /users/3/sessions",
                "GET /users/4/sessions",
            ]

    run(story())


def test_an_unchanged_list_is_not_handed_over_again() -> None:
    async def story() -> None:
        async with stand(LIST, page(1), page(1), page(1, 2)) as opened:
            etag = (await opened.listed()).etag
            assert await opened.platform.list_sessions(etag) is None
            assert await opened.platform.list_sessions(etag) is not None

    run(story())


def test_a_list_past_its_cap_is_not_the_whole_one() -> None:
    async def story() -> None:
        async with stand(_with("most_sessions = 2"), page(1, 2, 3)) as opened:
            assert not (await opened.listed()).complete

    run(story())


@pytest.mark.parametrize(
    "listed", [rows({"id": None}), rows({}), respond({"items": ["x"]}), respond({"items": {}})]
)
def test_what_is_no_list_of_sessions_proves_nothing(listed: bytes) -> None:
    with pytest.raises(PlatformMisbehaved):
        _sessions(LIST, listed)


def test_trouble_in_the_middle_of_the_pages_is_no_shorter_list() -> None:
    file = _with('paging = { kind = "offset" }')
    with pytest.raises(RateLimited):
        _sessions(file, page(1), respond({}, 429))


def test_an_account_that_may_only_look_is_known_by_what_whoami_says() -> None:
    file = WHOAMI + 'may_end = { path = "roles", contains = "admin" }\n' + LIST
    file += (
        '\n[end.one]\nmethod = "DELETE"\npath = "s/{session.id}"\noutcomes = [{ status = 204, is = "ok" }]\n'
    )

    async def story(roles: list[str]) -> bool:
        async with stand(file, me(roles=roles)) as opened:
            return (await opened.platform.who_am_i()).may_end

    assert run(story(["admin"])) is True
    assert run(story(["viewer"])) is False


def test_a_platform_without_an_end_may_only_be_looked_at() -> None:
    async def story() -> bool:
        async with stand(LIST, page(1)) as opened:
            return (await opened.platform.who_am_i()).may_end

    assert run(story()) is False
