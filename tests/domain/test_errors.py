"""Every error says what happened and what to do, under a code of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sessionconsole.domain import errors
from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked, SignInRecord
from sessionconsole.domain.errors import SessionConsoleError


def _tree(kind: type[SessionConsoleError] = SessionConsoleError) -> Iterator[type[SessionConsoleError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from _tree(child)


KINDS = tuple(_tree())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_it_tells_what_happened_and_what_to_do_next(kind: type[SessionConsoleError]) -> None:
    error = kind()

    assert error.message.endswith((".", "?"))
    assert error.advice.endswith((".", "?"))
    assert "!" not in error.message + error.advice
    assert str(error) == f"{error.message} {error.advice}"


def test_no_two_share_a_code() -> None:
    codes = [kind.code for kind in KINDS]

    assert len(set(codes)) == len(codes)


def test_the_drawing_at_the_top_of_the_file_has_them_all() -> None:
    assert errors.__doc__ is not None
    drawn = {word for word in errors.__doc__.split() if word.isidentifier()}

    assert {kind.__name__ for kind in KINDS} <= drawn


def test_words_of_their_own_replace_the_usual_ones() -> None:
    error = errors.Unreachable("The line is cut.", "Mend it.")

    assert (error.message, error.advice, error.code) == ("The line is cut.", "Mend it.", "unreachable")


def test_secrets_are_never_in_a_repr() -> None:
    credential = Credential({"refresh_token": "s3cr3t"})
    record = SignInRecord("https://b.example", "console-api", "dana", "b", "B", "dana", None, credential)
    asked = SecondFactorAsked((FactorMethod.TOTP,), {"challenge": "s3cr3t"})

    assert "s3cr3t" not in f"{credential!r} {record!r} {asked!r} {credential} {record} {asked}"
