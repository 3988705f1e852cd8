"""What a command advises can be done in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sessionconsole.cli.telling import advice_for
from sessionconsole.domain import errors
from sessionconsole.domain.errors import SessionConsoleError, Unreachable


def _kinds(kind: type[SessionConsoleError] = SessionConsoleError) -> Iterator[type[SessionConsoleError]]:
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from _kinds(child)


@pytest.mark.parametrize("kind", sorted(_kinds(), key=repr))
def test_no_advice_promises_what_only_the_window_does(kind: type[SessionConsoleError]) -> None:
    advice = advice_for(kind())

    assert "by itself" not in advice
    assert "will be asked again" not in advice
    assert "for this time only" not in advice


def test_advice_of_the_moment_is_kept() -> None:
    assert advice_for(Unreachable(advice="Ask Sam.")) == "Ask Sam."
