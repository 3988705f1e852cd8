"""What the tests of connectors are made of: any JSON, secrets with any characters, and a few shapes of a platform."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs", "Cf", "Cc", "Mn"]), max_size=30)
ANY_NUMBER = st.integers() | st.integers(10**30, 10**35) | st.floats()
ANY_JSON = st.recursive(
    st.none() | st.booleans() | ANY_NUMBER | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
"""Also not a number and infinite ones: what no JSON may have, in case that some reader lets it through."""

NASTY = "\"'\\/?#&=%+ {}[]<>:;,.\r\n\t\x00äß🙂\ud800"
ANY_SECRET = st.text(st.sampled_from(NASTY + "aZ09-_~") | st.characters(), min_size=4, max_size=24)
"""Passwords and tokens as people and platforms choose them."""


def deep(depth: int = 50_000) -> Any:
    """Lists in each other, deeper than any call may go."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value
