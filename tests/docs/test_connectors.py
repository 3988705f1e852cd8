"""docs/connectors.md: it says of the built-in connectors what their files say."""

from __future__ import annotations

from tools.connector_table import PAGE, page


def test_it_is_current() -> None:
    """Made anew by: python -m tools.connector_table"""
    assert page() == PAGE.read_text(encoding="utf-8")
