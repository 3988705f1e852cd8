"""No form of a secret stays in a text that is masked."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.platform.connectors.masking import HIDDEN, mask, texts_in
from tests.platform.connectors.made import ANY_SECRET, deep

PASSWORD = 'Korall+riff/?"7'


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        f"the password {PASSWORD} was refused",
        json.dumps({"password": PASSWORD, "other": [PASSWORD]}),
        json.dumps({"password": PASSWORD}).replace("/", "\\/"),
        repr({"password": PASSWORD}),
        urlencode({"password": PASSWORD, "b": "c"}),
        f"https://reef.example/{quote(PASSWORD, safe='')}/x",
        f"https://reef.example/{quote(PASSWORD)}/x",
        f"https://reef.example/{quote(PASSWORD, safe='').lower()}/x",
        quote_plus(PASSWORD),
        html.escape(f"<b>{PASSWORD}</b>"),
        f"Basic {b64('dana:' + PASSWORD)}",
        f"Basic {b64('dana2:' + PASSWORD + ':more')}",
        f"Basic {b64('dan:' + PASSWORD)}",
        quote(b64(PASSWORD), safe=""),
        base64.urlsafe_b64encode(f"x{PASSWORD}".encode()).decode().rstrip("="),
        f"{PASSWORD}{PASSWORD}",
        PASSWORD.lower(),
    ],
)
def test_a_password_is_hidden_in_every_form(text: str) -> None:
    masked = mask(text, [PASSWORD])

    assert HIDDEN in masked
    for form in (PASSWORD, PASSWORD.lower(), "Korall", "korall", "riff", b64(PASSWORD)[:8]):
        assert form not in masked


def test_nothing_of_a_base64_text_with_a_secret_inside_is_left() -> None:
    assert (
        mask(f"Authorization: Basic {b64('dana:' + PASSWORD)}, ok", [PASSWORD])
        == f"Authorization: Basic {HIDDEN}, ok"
    )


def test_what_is_no_secret_stays() -> None:
    text = "status 401 for dana at https://reef.example/login?next=%2Fhome"
    assert mask(text, [PASSWORD, "", "401", "log"]) == text


def test_the_longer_of_two_secrets_is_hidden_first() -> None:
    assert mask("token-long-tail and token", ["token", "token-long-tail"]) == f"{HIDDEN} and {HIDDEN}"


@given(ANY_SECRET, st.text(max_size=10), st.text(max_size=10))
def test_any_secret_is_hidden_in_any_place(chosen: str, before: str, after: str) -> None:
    secret = f"⟦{chosen}⟧"
    percent = quote(secret, safe="", errors="surrogatepass")
    for form in (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], html.escape(secret), percent):
        masked = mask(f"{before}{form}{after}", [secret])
        assert HIDDEN in masked
        assert form not in masked


@given(ANY_SECRET, st.binary(max_size=7), st.binary(max_size=7))
def test_any_secret_is_hidden_in_any_base64(secret: str, before: bytes, after: bytes) -> None:
    raw = before + secret.encode("utf-8", "surrogatepass") + after
    for encoded in (base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        assert mask(f"Basic {encoded}.", [secret]) == f"Basic {HIDDEN}."
        assert mask(quote(encoded, safe=""), [secret]) == HIDDEN


def test_hiding_takes_time_in_step_with_the_text() -> None:
    masked = mask("A" * 200_000 + PASSWORD + "AAAA" * 50_000, [PASSWORD, "AAAAAAAA"])
    assert PASSWORD not in masked
    assert len(masked) < 400_000


def test_secrets_are_found_in_values_of_any_depth() -> None:
    value = {"a": ["first", 12345, True, None, {"b": [[["inner"]], 1.5]}], "deep": [deep(), "last"]}
    assert set(texts_in(value)) == {"first", "12345", "inner", "1.5", "last"}
