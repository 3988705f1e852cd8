"""What is typed, or sent by a platform, fills its place in a request and changes nothing else of it."""

from __future__ import annotations

import base64
import json
import traceback
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.platform.connectors.mistakes import Mistake, NotSendable, NotTaken
from sessionconsole.platform.connectors.templates import (
    FILTERS,
    Template,
    compile_path_template,
    compile_template,
)
from sessionconsole.platform.connectors.values import Variables
from tests.platform.connectors.made import ANY_JSON, ANY_SECRET, deep

KNOWN = Variables(
    {
        "username": "dana",
        "ids": [8, 9],
        "yes": True,
        "pages": 3,
        "half": 1.5,
        "nothing": None,
        "none_left": "",
    },
    {"password": 'cor"al\\7', "token": "t-1"},
)


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("plain", "plain"),
        ("", ""),
        ("{username}", "dana"),
        ("{ids}", [8, 9]),
        ("{yes}", True),
        ("{pages}", 3),
        ("{half}", 1.5),
        ("{nothing}", None),
        ("{username} on {pages} pages", "dana on 3 pages"),
        ("{yes} {half} {ids}", "true 1.5 [8,9]"),
        ("{{username}} {{}} }}{{", "{username} {} }{"),
        ("{{{username}}}", "{dana}"),
        ("Bearer {token}", "Bearer t-1"),
        ("{username|b64}", "ZGFuYQ=="),
        ("{password|json}", '"cor\\"al\\\\7"'),
        ("where={ids|json}", "where=[8,9]"),
        ("{password|pct}", "cor%22al%5C7"),
        ("{password|b64|pct}", "Y29yImFsXDc%3D"),
        ("{ids|comma}", "8,9"),
        ("{username|comma}", "dana"),
        ("{yes|lower}", "true"),
        ({"email": "{username}", "n": {"d": ["{ids}", 7, False]}}, {"email": "dana", "n": {"d": [[8, 9], 7, False]}}),
        ({"a": "{nothing}", "b": "{nothing|lower}", "c": ["{nothing}"], "d": "{username}"}, {"c": [None], "d": "dana"}),
        (None, None),
        (7, 7),
        ([], []),
        ({}, {}),
    ],
)  # fmt: skip
def test_a_template_is_filled(template: object, made: object) -> None:
    rendered = compile_template(template).render(KNOWN)

    assert rendered == made
    assert type(rendered) is type(made)


def test_a_loop_has_one_entry_for_each_session() -> None:
    several = Variables({"reason": "not ours"}).with_sessions(
        [{"id": 8, "kind": "web"}, {"id": "k-9", "kind": "app"}]
    )
    template = compile_template(
        {
            "ids": "{sessions.id}",
            "requests": {
                "for_each": "sessions",
                "as": {"method": "DELETE", "path": "/sessions/{session.id|pct}", "reason": "{reason}"},
            },
        }
    )

    assert template.names == {"sessions.id", "sessions", "session.id", "reason"}
    assert template.inside == {"session.id", "reason"}
    assert template.filters == {"pct"}
    assert template.render(several) == {
        "ids": [8, "k-9"],
        "requests": [
            {"method": "DELETE", "path": "/sessions/8", "reason": "not ours"},
            {"method": "DELETE", "path": "/sessions/k-9", "reason": "not ours"},
        ],
    }
    assert compile_template({"for_each": "sessions", "as": "{session.id}"}).render(several) == [8, "k-9"]


def test_a_name_inside_and_outside_of_a_loop_is_known_outside() -> None:
    template = compile_template(
        {"why": "{reason}", "all": {"for_each": "sessions", "as": ["{session.id}", "{reason}"]}}
    )

    assert template.names == {"reason", "sessions", "session.id"}
    assert template.inside == {"session.id"}


def test_a_template_tells_what_it_needs() -> None:
    template = compile_template({"a": "{username} {password|b64}", "b": ["{session.id}", "{{x}}"]})

    assert template.names == {"username", "password", "session.id"}
    assert template.inside == frozenset()
    assert template.filters == {"b64"}
    assert repr(template) == "Template(password, session.id, username)"
    assert compile_path_template("users/{user}/x").names == {"user"}


@pytest.mark.parametrize(
    "template",
    [
        "{", "}", "{}", "{username", "username}", "{User}", "{a b}", "{ a }", "{a.b.c}", "{a.}", "{.a}", "{a|}",
        "{a|upper}", "{a|pct|}", "{a||pct}", "{{{a}}", "{a!r}", "{a:>10}", "{a[0]}", "{0}", "{a|link}", "{{a}",
        {"x": ["{a|nope}"]}, {"for_each": "sessions"}, {"for_each": "users", "as": 1},
        {"for_each": "sessions", "as": 1, "more": 2}, {"for_each": "sessions", "as": "{"},
        {"for_each": "sessions", "as": {"for_each": "sessions", "as": 1}}, object(), {"a": {1, 2}},
    ],
)  # fmt: skip
def test_what_is_no_template_is_a_mistake(template: object) -> None:
    with pytest.raises(Mistake):
        compile_template(template)


def test_a_mistake_says_where_it_is() -> None:
    with pytest.raises(Mistake) as caught:
        compile_template({"a": [1, {"for_each": "sessions", "as": {"b": "{oops"}}]})
    assert caught.value.where == ("a", 1, "as", "b")


def test_templates_too_deep_are_a_mistake() -> None:
    with pytest.raises(Mistake):
        compile_template(deep())


def test_what_is_not_there_is_told_by_name_and_nothing_is_sent() -> None:
    for template in ("{other}", "Bearer {nothing}", {"a": "{other}"}, "{nothing}/{username}"):
        with pytest.raises(NotTaken):
            compile_template(template).render(KNOWN)
    with pytest.raises(NotTaken):
        compile_path_template("users/{nothing}").render(KNOWN)


@pytest.mark.parametrize("ids", [["a,b"], ["", "a"], ["a", None, "b,"], "a,b", ""])
def test_a_list_with_commas_between_has_none_inside(ids: object) -> None:
    with pytest.raises(NotSendable):
        compile_template("{ids|comma}").render(Variables({"ids": ids}))


@pytest.mark.parametrize("text", ["x{ids|each}", "{ids|each}{ids|each}"])
def test_a_parameter_for_each_stands_alone(text: str) -> None:
    with pytest.raises(Mistake, match="alone"):
        compile_template(text)


@given(ANY_SECRET)
def test_no_password_breaks_a_json_body(password: str) -> None:
    template = compile_template(
        {"email": "{u}", "password": "{p}", "auth": {"both": "{u}:{p}", "list": ["{p}"]}}
    )

    body = json.loads(json.dumps(template.render(Variables({"u": "dana"}, {"p": password}))))

    assert body == {
        "email": "dana",
        "password": password,
        "auth": {"both": f"dana:{password}", "list": [password]},
    }


@given(ANY_SECRET)
def test_no_password_breaks_a_form_or_a_query(password: str) -> None:
    form = compile_template({"username": "{u}", "password": "{p}"}).render(
        Variables({"u": "dana"}, {"p": password})
    )

    sent = urlencode(form, errors="surrogatepass")

    assert parse_qsl(sent, keep_blank_values=True, errors="surrogatepass") == [
        ("username", "dana"),
        ("password", password),
    ]


@given(ANY_SECRET)
def test_a_filter_gives_back_what_went_in(secret: str) -> None:
    variables = Variables({}, {"s": secret})
    raw = secret.encode("utf-8", "surrogatepass")

    assert base64.b64decode(compile_template("{s|b64}").render(variables)) == raw
    assert json.loads(compile_template("{s|json}").render(variables)) == secret
    percent = compile_template("{s|pct}").render(variables)
    assert unquote(percent, errors="surrogatepass") == secret
    assert not set(percent) & set("/?#&=+ ;\r\n")


@given(ANY_SECRET)
def test_a_value_stays_inside_of_its_segment(value: str) -> None:
    path = compile_path_template("/api/users/{u}/sessions/x{u}.json").render(Variables({"u": value}))

    segments = path.split("/")
    assert [unquote(segment, errors="surrogatepass") for segment in segments] == [
        "", "api", "users", value, "sessions", f"x{value}.json",
    ]  # fmt: skip
    assert urlsplit(f"https://reef.example{path}").path == path
    assert path.isascii()
    assert path.isprintable()


@pytest.mark.parametrize("value", [".", "..", ""])
def test_a_value_that_would_change_the_path_is_refused(value: str) -> None:
    with pytest.raises(NotSendable):
        compile_path_template("sessions/{id}").render(Variables({"id": value}))


def test_segments_that_only_look_odd_are_sent() -> None:
    variables = Variables({"id": ".", "hash": "a -> b/c", "number": 8, "yes": True})

    assert compile_path_template("sessions/{id}x").render(variables) == "sessions/.x"
    assert compile_path_template("{hash}").render(variables) == "a%20-%3E%20b%2Fc"
    assert compile_path_template("{hash|pct}").render(variables) == "a%20-%3E%20b%2Fc"
    assert compile_path_template("{hash|b64}/{number}/").render(variables) == "YSAtPiBiL2M%3D/8/"
    assert compile_path_template("a%20b/@{yes}").render(variables) == "a%20b/@true"
    with pytest.raises(NotSendable):
        compile_path_template("a/.{id}").render(variables)


@pytest.mark.parametrize(
    "path",
    ["a?b=c", "a#b", "a b", "a\nb", "../a", "a/./b", "..", "a/%zz", "a%2", "é", 'a"', "a\\b", "a/{sessions.id}",
     "a/{b", "{a}{b|link}", "{b|link|pct}", "x{b|link}"],
)  # fmt: skip
def test_a_path_that_is_more_than_a_path_is_a_mistake(path: str) -> None:
    with pytest.raises(Mistake):
        compile_path_template(path)


def test_a_link_of_the_platform_is_given_as_it_is() -> None:
    template = compile_path_template("{next|link}")

    assert template.is_link
    assert template.names == {"next"}
    assert template.render(Variables({"next": "/api/x?page=2"})) == "/api/x?page=2"
    assert not compile_path_template("{next}").is_link
    with pytest.raises(NotTaken):
        template.render(Variables({"next": None}))
    for wrong in (7, "", ["/x"], True):
        with pytest.raises(NotSendable):
            template.render(Variables({"next": wrong}))


@given(ANY_JSON)
def test_a_lone_placeholder_keeps_the_type(value: object) -> None:
    assert compile_template("{x}").render(Variables({"x": value})) is value
    assert compile_template(["{x}"]).render(Variables({"x": value}))[0] is value
    made = compile_template({"x": "{x}"}).render(Variables({"x": value}))
    assert made == ({} if value is None else {"x": value}) or value != value


@given(
    st.sampled_from(
        ["{s}", "a{s}b", *(f"{{s|{name}}}" for name in sorted(FILTERS - {"link"})), "{s|json|b64|pct}"]
    ),
    ANY_JSON,
    ANY_SECRET,
)
def test_no_failure_tells_a_secret(text: str, value: object, chosen: str) -> None:
    secret = f"⟦{chosen}⟧"
    for hidden in (
        [value, secret],
        {"in": secret, "and": value},
        [float("inf"), secret],
        [secret, deep(3000)],
    ):
        for compiled in (compile_template, compile_path_template):
            assert "⟦" not in told_by(compiled, text, Variables({}, {"s": hidden}))


@given(st.text("{}|ab.ct pc1_", max_size=14), ANY_SECRET)
def test_any_text_is_a_template_or_a_mistake(text: str, chosen: str) -> None:
    known = dict.fromkeys(["a", "b", "c", "t", "p", "ab", "a.b", "pct"], f"⟦{chosen}⟧")
    for compiled in (compile_template, compile_path_template):
        assert "⟦" not in told_by(compiled, text, Variables({}, known))


def told_by(compiled: Callable[[str], Template], text: str, variables: Variables) -> str:
    """All that a log could print of the failure to render it; "" where it succeeds."""
    try:
        compiled(text).render(variables)
    except (Mistake, PlatformMisbehaved) as problem:
        printed = traceback.TracebackException.from_exception(problem, lookup_lines=False)
        return "".join(printed.format_exception_only()) + repr(problem) + repr(problem.__cause__)
    return ""
