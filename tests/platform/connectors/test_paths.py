"""A path says where a value stands; where nothing stands, or something else than was thought, there is None."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.paths import compile_items, compile_path
from tests.platform.connectors.made import ANY_JSON, deep

ANSWER = {
    "data": {
        "flows": [
            {"id": "login"},
            {"id": "mfa", "types": ["totp", "recovery_codes"], "is_pending": True},
            {"id": "other", "types": "none"},
        ],
        "user": {"name": None, "login": "", "mail": "dana@reef.example"},
    },
    "errors": [{"code": "a"}, {"code": None}, {}, {"code": 7}],
    "rows": [[1, 2], [], [3]],
    "odd.name": {"with space": 1, "a||b": 2},
    "@key": "k1",
    "2fa": {"is-on": False, "$id": 0},
    "zero": 0,
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("zero", 0),
        ("@key", "k1"),
        ("2fa.is-on", False),
        ("2fa.$id", 0),
        ("data.user.mail", "dana@reef.example"),
        ("data.flows[1].id", "mfa"),
        ("data.flows[-1].id", "other"),
        ("data.flows[0].types", None),
        ("data.flows[3]", None),
        ("data.flows[-4]", None),
        ("data.flows[].id", ["login", "mfa", "other"]),
        ("data.flows[].types[]", ["totp", "recovery_codes"]),
        ("data.flows[].types", [["totp", "recovery_codes"], "none"]),
        ("errors[].code", ["a", 7]),
        ("rows[]", [[1, 2], [], [3]]),
        ("rows[][]", [1, 2, 3]),
        ("rows[][0]", [1, 3]),
        ("data.user[]", None),
        ("zero.name", None),
        ("data.flows.id", None),
        ("data[0]", None),
        ('"odd.name"."with space"', 1),
        ('"odd.name"."a||b" || zero', 2),
        ("data.user.name || data.user.login || data.user.mail", "dana@reef.example"),
        ("data.user.name||zero", 0),
        ("2fa.is-on || zero", False),
        ("data.user.name || data.user.login", None),
        ("data.user.login", ""),
    ],
)
def test_a_path_leads_to_what_stands_there(path: str, value: object) -> None:
    assert compile_path(path)(ANSWER) == value
    assert type(compile_path(path)(ANSWER)) is type(value)


def test_a_dot_is_the_whole_and_a_list_may_be_the_top() -> None:
    assert compile_path(".")(ANSWER) is ANSWER
    assert compile_path("[].id")([{"id": 1}, {"id": 2}, 3]) == [1, 2]
    assert compile_path("[0]")(["a"]) == "a"
    assert compile_path("missing || .")({"a": 1}) == {"a": 1}
    assert compile_path(".")(None) is None


@pytest.mark.parametrize(
    "path",
    [
        "", " ", ".a", "a.", "a..b", "..", "a b", "a[", "a]", "a[x]", "a[1:2]", "a[*]", "a.*", "a.[0]", "a.[]", "[]a",
        "a[0]b", 'a"b"', '"a"b', '"a', 'a.""', "a||", "||a", "a || || b", "a.b()", "a|b", "@", "@@a", "a@b",
        "a[0000000]", "a[--1]", "a." * 300 + "a", "a\nb", "a[?x]", "$.a.", "a\x00",
    ],
)  # fmt: skip
def test_what_is_no_path_is_a_mistake(path: str) -> None:
    for compiled in (compile_path, compile_items):
        with pytest.raises(Mistake):
            compiled(path)


def test_a_list_that_proves_something_keeps_what_is_missing() -> None:
    groups = {
        "groups": [{"sessions": [{"id": 1}, None]}, {"name": "no sessions here"}, None, {"sessions": []}]
    }

    assert compile_items("groups[].sessions[]")(groups) == [{"id": 1}, None, None, None]
    assert compile_items("groups[].sessions[].id")(groups) == [1, None, None, None]
    assert compile_path("groups[].sessions[]")(groups) == [{"id": 1}]


def test_a_list_that_proves_something_is_a_list_or_none_at_all() -> None:
    bodies: list[object] = [{"data": {}}, {"data": "abc"}, {"data": None}, {}, None, 7, "data", [1]]
    for body in bodies:
        assert compile_items("data")(body) is None
    assert compile_items("data || results")({"results": [1]}) == [1]
    assert compile_items("data || results")({"data": [], "results": [1]}) == []
    assert compile_items(".")([1, None]) == [1, None]


@given(
    st.sampled_from(
        [
            "a",
            "a.b",
            "a.b.c",
            "[0]",
            "[-1].a",
            "a[].b",
            "a[].b[].c",
            "[][]",
            ".",
            "a || b[0] || .",
            '"".a'.replace('""', '"x y"'),
        ]
    ),
    ANY_JSON,
)
def test_no_shape_makes_a_path_raise(path: str, value: object) -> None:
    compile_path(path)(value)
    found = compile_items(path)(value)
    assert found is None or isinstance(found, list)


@given(st.text('ab.[]|@"01- ', max_size=20))
def test_any_text_is_a_path_or_a_mistake(text: str) -> None:
    with suppress(Mistake):
        compile_path(text)({"a": [{"b": 1}]})


def test_a_path_does_not_fall_into_the_deep() -> None:
    compile_path("[0][0].a")(deep())
    assert compile_path("[][][]")(deep()) is not None
