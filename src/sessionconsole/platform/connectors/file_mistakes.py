"""The places of a connector file, and how they are written."""

from __future__ import annotations

import re

from sessionconsole.domain.connectors import ConnectorMistakes, FileMistake

__all__ = ["ConnectorMistakes", "FileMistake", "KeyPath", "dotted"]

KeyPath = tuple[str | int, ...]
"""Keys and positions from the top of the file, such as ("sign_in", "steps", 0, "call")."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dotted(path: KeyPath) -> str:
    """The key path as TOML would write it, with positions in brackets: `a.b[0]."odd key"`."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step if _BARE.fullmatch(step) else _quoted(step)}")
    return "".join(parts).removeprefix(".")


def _quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
