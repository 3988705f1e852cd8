"""An answer means what the first row says whose conditions hold; true is not 1, nothing is guessed from a status."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from sessionconsole.platform.connectors.conditions import (
    Subject,
    compile_condition,
    compile_conditions,
    compile_keep,
    compile_outcomes,
)
from sessionconsole.platform.connectors.format.parts import Condition, Outcome
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.replies import Reply
from sessionconsole.platform.connectors.values import Variables
from tests.platform.connectors.made import ANY_JSON, deep

ANSWER = Subject(
    body={
        "one": 1, "yes": True, "word": "revoked", "list": [1, "two", None, False], "none": None, "zero": 0, "text": "",
        "table": {}, "flows": [{"id": "mfa_authenticate"}],
    },
    headers={"content-type": "text/html", "x-empty": ""},
    cookies={"two_factor": "abc"},
    variables=Variables({"username": "dana@reef.example"}, {"token": "t"}),
    status=401,
)  # fmt: skip


def holds(subject: Subject = ANSWER, **condition: Any) -> bool:
    return compile_condition(Condition.model_validate(condition))(subject)


@pytest.mark.parametrize(
    "condition",
    [
        {"path": "one", "exists": True}, {"path": "none", "exists": False}, {"path": "gone", "exists": False},
        {"path": "zero", "exists": True}, {"path": "text", "exists": True},
        {"path": "one", "equals": 1}, {"path": "one", "equals": 1.0}, {"path": "yes", "equals": True},
        {"path": "word", "equals": "revoked"}, {"path": "zero", "equals": 0},
        {"path": "word", "one_of": ["ended", "revoked"]}, {"path": "one", "one_of": [2, 1]},
        {"path": "one", "differs": True}, {"path": "yes", "differs": 1}, {"path": "gone", "differs": "x"},
        {"path": "word", "differs": "ended"},
        {"path": "list", "contains": "two"}, {"path": "list", "contains": False}, {"path": "word", "contains": "vok"},
        {"path": "flows[].id", "contains": "mfa_authenticate"},
        {"path": "list", "lacks": True}, {"path": "list", "lacks": 0}, {"path": "gone", "lacks": "x"},
        {"path": "word", "lacks": "x"}, {"path": "one", "lacks": 1},
        {"path": "word", "matches": "^re[a-z]{1,9}$"},
        {"path": "text", "empty": True}, {"path": "table", "empty": True}, {"path": "none", "empty": True},
        {"path": "gone", "empty": True}, {"path": "zero", "empty": False}, {"path": "list", "empty": False},
        {"empty": False}, {"exists": True}, {"path": ".", "exists": True},
        {"header": "Content-Type", "contains": "html"}, {"header": "X-Empty", "empty": True},
        {"header": "x-none", "exists": False}, {"cookie": "two_factor", "exists": True},
        {"cookie": "sid", "exists": False}, {"variable": "username", "contains": "@"},
        {"variable": "token", "exists": True}, {"variable": "never_taken", "exists": False},
    ],
)  # fmt: skip
def test_what_holds(condition: dict[str, Any]) -> None:
    assert holds(**condition)


@pytest.mark.parametrize(
    "condition",
    [
        {"path": "one", "equals": True}, {"path": "yes", "equals": 1}, {"path": "one", "equals": "1"},
        {"path": "zero", "equals": False}, {"path": "none", "equals": "None"}, {"path": "table", "equals": ""},
        {"path": "yes", "one_of": [1, "true"]}, {"path": "gone", "one_of": ["a"]}, {"path": "word", "one_of": []},
        {"path": "one", "differs": 1}, {"path": "list", "contains": True}, {"path": "list", "contains": 0},
        {"path": "list", "contains": "tw"}, {"path": "table", "contains": "a"}, {"path": "one", "contains": 1},
        {"path": "list", "lacks": "two"}, {"path": "word", "lacks": "rev"}, {"path": "word", "contains": 1},
        {"path": "one", "matches": "1"}, {"path": "gone", "matches": "x"}, {"path": "list", "matches": "two"},
        {"path": "zero", "empty": True}, {"path": "yes", "empty": True}, {"path": "text", "empty": False},
        {"empty": True}, {"exists": False}, {"header": "content-type", "equals": "TEXT/HTML"},
        {"variable": "username", "equals": "dana"},
    ],
)  # fmt: skip
def test_what_does_not_hold(condition: dict[str, Any]) -> None:
    assert not holds(**condition)


def test_an_answer_without_body_is_empty() -> None:
    assert holds(Subject(body=None), empty=True)
    assert holds(Subject(body=[]), empty=True)
    assert not holds(Subject(body=None), exists=True)
    assert holds(Subject(body="<title>Sign in</title>"), matches="<title>Sign in")
    assert holds(Subject(body=f"<head>{' ' * 50_000}</head><h1>Sign in</h1>"), matches="<h1>Sign in")


@pytest.mark.parametrize(
    ("condition", "where"),
    [
        ({"path": "a"}, ()), ({}, ()), ({"path": "a", "exists": True, "equals": 1}, ("equals",)),
        ({"path": "a", "header": "b", "exists": True}, ("header",)), ({"path": "a..", "exists": True}, ("path",)),
        ({"path": "a", "matches": "a*"}, ("matches",)),
        ({"cookie": "a", "variable": "b", "exists": True}, ("variable",)),
    ],
)  # fmt: skip
def test_a_condition_is_about_one_thing_and_has_one_test(
    condition: dict[str, Any], where: tuple[str, ...]
) -> None:
    with pytest.raises(Mistake) as caught:
        compile_conditions([Condition(path="a", exists=True), Condition.model_validate(condition)])
    assert caught.value.where == (1, *where)


def test_all_conditions_must_hold_and_none_always_do() -> None:
    yes, no = Condition(path="yes", equals=True), Condition(path="one", equals=2)

    assert compile_conditions([])(ANSWER)
    assert compile_conditions([yes, yes])(ANSWER)
    assert not compile_conditions([yes, no])(ANSWER)


def test_items_are_kept_by_their_own_facts() -> None:
    keep = compile_keep([Condition(path="state", equals="active"), Condition(path="revoked", differs=True)])

    items = [{"state": "active"}, {"state": "active", "revoked": True}, {"state": "ended"}, None, "active", 7]
    assert [item for item in items if keep(item)] == [{"state": "active"}]
    assert compile_keep([])(None)
    assert compile_keep([Condition(exists=True)])({})
    with pytest.raises(Mistake) as caught:
        compile_keep([Condition(path="a", exists=True), Condition(header="x", exists=True)])
    assert caught.value.where == (1, "header")


def outcome(**row: Any) -> Outcome:
    return Outcome.model_validate(row)


def test_the_first_row_that_holds_says_what_an_answer_means() -> None:
    table = compile_outcomes(
        [
            outcome(status=401, path="flows[].id", contains="mfa_authenticate", **{"is": "second-factor"}),
            outcome(status=401, path="flows", exists=True, **{"is": "reauthenticate"}, methods="flows[].id"),
            outcome(status=[401, 410], **{"is": "dead"}),
            outcome(status="2xx", empty=False, **{"is": "ok", "and": [{"path": "error", "exists": False}]}),
            outcome(path="error.code", equals=7, **{"is": "refused"}),
        ]
    )

    def meaning(status: int, body: object) -> str | None:
        row = table.match(Subject(body=body, status=status))
        return None if row is None else row.outcome.means

    assert meaning(401, {"flows": [{"id": "mfa_authenticate"}]}) == "second-factor"
    assert meaning(401, {"flows": [{"id": "login"}]}) == "reauthenticate"
    assert meaning(401, {}) == meaning(410, None) == "dead"
    assert meaning(200, {"a": 1}) == meaning(299, [1]) == "ok"
    assert meaning(200, {"error": {"code": 7}}) == meaning(500, {"error": {"code": 7}}) == "refused"
    assert meaning(200, None) is None
    assert meaning(300, {"a": 1}) is None
    assert [row.index for row in table.rows] == [0, 1, 2, 3, 4]
    methods = table.rows[1].methods
    assert methods is not None
    assert methods({"flows": [{"id": "password"}, {"id": "totp"}]}) == ["password", "totp"]


def test_a_row_says_what_is_taken() -> None:
    row = outcome(
        status=200,
        take={"user": "body:user.id"},
        take_secret={"token": {"from": "header:authorization", "pattern": "Bearer ([^ ]{1,99})"}},
        **{"is": "ok"},
    )
    found = compile_outcomes([row]).match(Subject(status=200))

    assert found is not None
    reply = Reply(200, {"authorization": "Bearer t-1"}, body={"user": {"id": 5}})
    assert found.take["user"](reply) == 5
    assert found.take_secret["token"](reply) == "t-1"
    assert "t-1" not in repr(reply) + repr(Subject.of(reply, Variables({}, {"t": "t-1"})))


@pytest.mark.parametrize(
    "status", [0, 99, 600, "200", "6xx", "2XX", "xx", "2x", True, [200, "all"], "2xxx", ""]
)
def test_what_is_no_status_is_a_mistake(status: object) -> None:
    with pytest.raises(Mistake) as caught:
        compile_outcomes([outcome(status=200, **{"is": "ok"}), outcome(status=status, **{"is": "ok"})])
    assert caught.value.where == (1, "status")


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ({"path": "a"}, ()),
        ({"equals": 1, "exists": True}, ("exists",)),
        ({"and": [{"path": "a", "exists": True}, {"path": "b"}]}, ("and", 1)),
        ({"take": {"a": "b"}}, ("take", "a")),
        ({"take_secret": {"a": {"from": "text", "pattern": "("}}}, ("take_secret", "a", "pattern")),
        ({"methods": "a["}, ("methods",)),
    ],
)
def test_a_mistake_in_a_row_says_where_it_is(row: dict[str, Any], where: tuple[object, ...]) -> None:
    with pytest.raises(Mistake) as caught:
        compile_outcomes([outcome(status=200, **{"is": "ok"}, **row)])
    assert caught.value.where[1:] == where or set(caught.value.where[1:]) <= {"equals", "exists"}
    assert caught.value.where[0] == 0


@given(ANY_JSON)
def test_no_answer_makes_a_condition_raise(value: object) -> None:
    tests: list[dict[str, Any]] = [
        {"exists": True}, {"equals": 1}, {"one_of": ["a", 1]}, {"differs": "a"}, {"contains": "a"}, {"lacks": True},
        {"matches": "a{1,3}"}, {"empty": True},
    ]  # fmt: skip
    for test in tests:
        for subject in (
            Subject(body=value),
            Subject(variables=Variables({"v": value})),
            Subject(body=deep(3000)),
        ):
            for about in ({"path": "a[].b || ."}, {}, {"variable": "v"}):
                assert holds(subject, **about, **test) in (True, False)
