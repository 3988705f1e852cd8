"""Cookies go back to where they came from, as long as they live, and nowhere else (RFC 6265)."""

from __future__ import annotations

import pytest

from sessionconsole.platform.connectors.cookies import Jar, as_header, names_and_values

HERE = "https://booking.example"
NOW = 1_800_000_000.0


def jar(*set_cookies: str, path: str = "/api/login", sent_at: float = NOW) -> Jar:
    return Jar().with_set(set_cookies, HERE, path, NOW, sent_at)


def shown(cookies: Jar, path: str = "/api/x", origin: str = HERE, later: float = 0) -> str | None:
    return cookies.header(origin, path, NOW + later)


@pytest.mark.parametrize(
    ("cookie", "path", "goes"),
    [
        ("a=1", "/api", True),  # the folder of the request where the cookie names none
        ("a=1", "/api/sessions", True),
        ("a=1", "/", False),
        ("a=1", "/apian", False),
        ("a=1; Path=/", "/anything", True),
        ("a=1; Path=/api/", "/api/x", True),
        ("a=1; Path=/other", "/api/x", False),
        ("a=1; path=api", "/api/x", True),  # no path, so the folder
        ("a=1; Path=/; Domain=booking.example", "/", True),
        ("a=1; Path=/; Domain=.EXAMPLE", "/", True),
        ("a=1; Path=/; Domain=evil.example", "/", False),
        ("a=1; Path=/; Domain=ing.example", "/", False),
        ("a=1; Path=/; Secure; HttpOnly; SameSite=Strict", "/", True),
    ],
)
def test_where_a_cookie_goes(cookie: str, path: str, goes: bool) -> None:
    assert (shown(jar(cookie), path) is not None) is goes


def test_a_cookie_never_goes_to_another_origin() -> None:
    cookies = jar("a=1; Path=/; Domain=example")
    for other in ("http://booking.example", "https://booking.example:8443", "https://example"):
        assert shown(cookies, origin=other) is None


@pytest.mark.parametrize(
    ("life", "after"),
    [
        ("Max-Age=60", 60),
        ("Max-Age=60; Expires=Wed, 01 Jan 2020 00:00:00 GMT", 60),
        ("Expires=Fri, 15 Jan 2027 08:01:00 GMT", 60),
        ("Expires=Fri, 15-Jan-2027 08:01:00 GMT", 60),
    ],
)
def test_how_long_a_cookie_lives(life: str, after: float) -> None:
    cookies = jar(f"a=1; Path=/; {life}")
    assert shown(cookies, later=after - 1) == "a=1"
    assert shown(cookies, later=after + 1) is None


def test_a_wrong_clock_of_ours_does_not_shorten_a_life_that_is_told_as_a_date() -> None:
    cookies = jar("a=1; Path=/; Expires=Fri, 15 Jan 2027 08:01:00 GMT", sent_at=NOW + 30)
    assert shown(cookies, later=29) == "a=1"
    assert shown(cookies, later=31) is None


def test_a_later_cookie_replaces_one_and_an_expired_one_takes_it_away() -> None:
    cookies = jar("a=1; Path=/", "b=2; Path=/", "b=3; Path=/api")
    assert shown(cookies) == "b=3; a=1; b=2"
    assert cookies.value("b", HERE, "/api/x", NOW) == "3"
    again = cookies.with_set(["a=9; Path=/", "b=; Path=/api; Max-Age=0"], HERE, "/", NOW, NOW)
    assert shown(again) == "b=2; a=9"
    assert again.differs(cookies)
    longer = again.with_set(["a=9; Path=/; Max-Age=60"], HERE, "/", NOW, NOW)
    assert not longer.differs(longer.with_set(["a=9; Path=/; Max-Age=90"], HERE, "/", NOW, NOW))


@pytest.mark.parametrize(
    "nonsense",
    ["", "=1", "a", "a\x00b=1", "a=ß", "a=" + "x" * 5000, "a=1\r\nX: y", "; Path=/", "a=1; Domain=b.c"],
)
def test_nonsense_is_no_cookie(nonsense: str) -> None:
    assert jar(nonsense).cookies == ()


def test_a_platform_cannot_fill_the_keyring() -> None:
    assert len(jar(*(f"c{number}=1" for number in range(500))).cookies) == 50
    large = jar(*(f"c{number}={'x' * 4000}" for number in range(50)))
    assert [cookie.name for cookie in large.cookies] == ["c46", "c47", "c48", "c49"]


def test_cookies_are_kept_as_text_and_shown_in_no_repr() -> None:
    cookies = jar("sid=secret-value; Path=/; Max-Age=60", "b=2")
    assert Jar.from_text(cookies.to_text()) == cookies
    assert "secret-value" not in repr(cookies)
    for broken in ("{}x", "[1]", '[["a"]]', "null", '[["o", "/", "n", "v", "soon"]]'):
        with pytest.raises((ValueError, TypeError)):
            Jar.from_text(broken)


def test_what_an_answer_sets_by_name_and_what_a_csrf_cookie_means() -> None:
    assert names_and_values(["a=1; Path=/", "b=", "nonsense"]) == {"a": "1", "b": ""}
    assert as_header("a%2Fb%3D") == "a/b="
    assert as_header("a+b") == "a+b"
    for not_for_a_header in ("a%0D%0AX-Evil: 1", "%C3%A9"):
        assert as_header(not_for_a_header) == not_for_a_header
