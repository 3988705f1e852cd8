"""The window's loop and theme, for stories that are told through the window."""

from __future__ import annotations

from tests.ui.conftest import loop, theme, worn

__all__ = ["loop", "theme", "worn"]
