"""What users type becomes one origin, and no link leads out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.errors import PlatformMisbehaved, WrongUse
from sessionconsole.platform.addresses import read_address, slug_of


@pytest.mark.parametrize(
    ("typed", "base"),
    [
        ("booking.example.com", "https://booking.example.com"),
        ("  https://booking.example.com/ ", "https://booking.example.com"),
        ("HTTPS://Booking.Example.COM:443", "https://booking.example.com"),
        ("booking.example.com.", "https://booking.example.com"),
        ("booking.example.com:8443/portal/", "https://booking.example.com:8443/portal"),
        ("booking.example.com/?next=/x#y", "https://booking.example.com"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("localhost", "http://localhost"),
        ("https://localhost:8000", "https://localhost:8000"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("bücher.example", "https://xn--bcher-kva.example"),
    ],
)
def test_what_is_typed_becomes_an_address(typed: str, base: str) -> None:
    assert read_address(typed).base == base
    assert read_address(base).base == base


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://booking.example.com",
        "ftp://booking.example.com",
        "javascript://x",
        "file:///etc/passwd",
        "dana@booking.example.com",
        "https://dana:secret@booking.example.com",
        "https://",
        "booking example com",
        "booking\u202eexample.com",
        "booking.example.com\x00",
        "booking.example.com:99999",
        "booking.example.com:port",
        "\\\\server\\share",
        "[::1",
        "a" * 600,
    ],
)
def test_what_is_no_safe_address_is_told_in_a_sentence(typed: str) -> None:
    with pytest.raises(WrongUse) as met:
        read_address(typed)
    assert met.value.message.endswith(".")
    assert "secret" not in str(met.value)


@given(st.text(st.characters(), max_size=80))
def test_no_typing_breaks_it(typed: str) -> None:
    try:
        address = read_address(typed)
    except WrongUse:
        return
    assert address.base.isascii()
    assert address.scheme in ("http", "https")
    assert 0 < len(address.slug) <= 40


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("/v1/sessions", "/v1/sessions"),
        ("v1/me", "/.well-known/v1/me"),
        ("?cursor=a&limit=2", "/.well-known/sessionconsole?cursor=a&limit=2"),
        ("https://booking.example.com/v1/me", "/v1/me"),
        ("https://booking.example.com:443", "/"),
        ("../v1/me", "/v1/me"),
    ],
)
def test_links_of_the_same_origin_are_followed(link: str, target: str) -> None:
    assert read_address("booking.example.com").target(link, "/.well-known/sessionconsole") == target


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1/me",
        "//evil.example/v1/me",
        "http://booking.example.com/v1/me",
        "https://booking.example.com:8443/v1/me",
        "https://booking.example.com@evil.example/",
        "https://dana@booking.example.com/",
        "https://booking.example.com.evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "ht\ttps://evil.example/",
        "/\r\nX: y",
        "javascript:alert(1)",
        "https://[::1/",
    ],
)
def test_links_out_of_the_origin_are_refused(link: str) -> None:
    with pytest.raises(PlatformMisbehaved):
        read_address("booking.example.com").target(link)


def test_short_names_are_plain() -> None:
    assert slug_of("Harbour & Reef Tours") == "harbour-reef-tours"
    assert slug_of("Café: Zürich") == "cafe-zurich"
    assert slug_of("东京") == ""
    assert len(slug_of("x" * 100)) == 40
    assert read_address("booking.example.com").slug == "booking-example-com"
    assert read_address("127.0.0.1:8000").slug == "127-0-0-1-8000"
    assert read_address(f"{'long.' * 20}example:8443").slug.endswith("-8443")
