"""What an answer gives away is taken from its body, headers, cookies or text, and never raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.platform.connectors.format.parts import TakeFrom
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.replies import Reply
from sessionconsole.platform.connectors.sources import compile_source, next_link
from tests.platform.connectors.made import ANY_JSON, ANY_TEXT

REPLY = Reply(
    201,
    {"set-auth-token": "signed.t", "x-empty": "", "link": '</a?page=1>; rel="prev", </a?page=3>; rel="next"'},
    {"sessionid": "s-1"},
    {"token": "bare", "none": None, "user": {"id": 7}, "text": "Session 42 of dana"},
    '<input name="csrf" value="c-99">',
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("body:token", "bare"),
        ("body:user.id", 7),
        ("body:.", REPLY.body),
        ("body:none", None),
        ("header:set-auth-token", "signed.t"),
        ("header:Set-Auth-Token", "signed.t"),
        ("header:x-none", None),
        ("header:link", "/a?page=3"),
        ("cookie:sessionid", "s-1"),
        ("cookie:SESSIONID", None),
        ("status", 201),
        ("text", REPLY.text),
        ("header:x-none || body:none || cookie:sessionid", "s-1"),
        ("header:x-empty || body:token", "bare"),
        ("header:x-empty", ""),
        ("body:none || cookie:none", None),
    ],
)
def test_a_value_is_taken_from_its_source(source: str, value: object) -> None:
    assert compile_source(source)(REPLY) == value


@pytest.mark.parametrize(
    ("source", "pattern", "value"),
    [
        ("text", 'name="csrf" value="([^"]{1,99})"', "c-99"),
        ("body:text", r"Session (\d{1,9})", "42"),
        ("body:text", "of [a-z]{1,9}", "of dana"),
        ("body:user.id", "7", "7"),
        ("status", "^2", "2"),
        ("body:none", "a", None),
        ("body:user", "a", None),
        ("body:text", "nothing like it", None),
    ],
)
def test_a_pattern_takes_a_part(source: str, pattern: str, value: object) -> None:
    assert compile_source(TakeFrom.model_validate({"from": source, "pattern": pattern}))(REPLY) == value


def test_a_careful_pattern_reaches_into_a_long_page() -> None:
    page = Reply(200, text="<p>words</p>" * 5000 + '<input name="csrf" value="far">')
    take = compile_source(
        TakeFrom.model_validate({"from": "text", "pattern": 'name="csrf" value="([^"]{1,99})"'})
    )

    assert take(page) == "far"


def test_a_source_without_pattern_is_taken_whole() -> None:
    assert compile_source(TakeFrom.model_validate({"from": "body:token"}))(REPLY) == "bare"
    assert compile_source("text")(Reply(204)) is None


@pytest.mark.parametrize(
    "source",
    ["", "token", "body", "body:", "body:a..b", "header", "header:", "header:a b", "cookie:", "cookie:a;b", "text:x",
     "status:x", "body:a || b", "header:a ||", "Header:a", "query:a", "body:a[", "header:\n", " "],
)  # fmt: skip
def test_what_is_no_source_is_a_mistake(source: str) -> None:
    with pytest.raises(Mistake):
        compile_source(source)


def test_a_mistake_in_a_source_says_where_it_is() -> None:
    for wrong, where in (({"from": "nowhere"}, "from"), ({"from": "text", "pattern": "a*"}, "pattern")):
        with pytest.raises(Mistake) as caught:
            compile_source(TakeFrom.model_validate(wrong))
        assert caught.value.where == (where,)


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ("<https://reef.example/s?page=2>; rel=next", "https://reef.example/s?page=2"),
        ('</s?page=2>;rel="next"', "/s?page=2"),
        ('</s?a=1,2>; title="a, b; rel=next"; rel="last", </s?page=2> ; REL="prev NEXT"', "/s?page=2"),
        ('</a>; rel="last"; rel="next"', None),
        ('</a>; title="; rel=next"', None),
        ("</a>", None),
        ("", None),
        ("rel=next", None),
        ("<>; rel=next", None),
        ("</a b>; rel=next", None),
        ("<" * 30_000, None),
        ('</a>; rel="next' * 2000, None),
    ],
)
def test_the_next_link_is_read_as_the_standard_says(header: str, link: str | None) -> None:
    assert next_link(header) == link


@given(
    st.sampled_from(["body:a || header:a || cookie:a || text", "header:link", "body:a[].b", "status"]),
    ANY_JSON,
    ANY_TEXT,
)
def test_no_answer_makes_a_source_raise(source: str, body: object, text: str) -> None:
    reply = Reply(200, {"a": text, "link": f'<{text}>; rel="next"'}, {"a": text}, body, text)
    compile_source(source)(reply)
    compile_source(TakeFrom.model_validate({"from": source, "pattern": "(a|b{1,3})"}))(reply)
