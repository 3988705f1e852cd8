"""Mistakes of a connector file, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sessionconsole.domain.errors import WrongUse

KeyPath = tuple[str | int, ...]
"""Keys and positions from the top of the file, such as ("sign_in", "steps", 0, "call")."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class FileMistake:
    """One mistake: `key` is its place ("sign_in.steps[0].call.path"), empty where it is about the whole file.

    `line` counts from 1; it is known of what is not valid TOML.
    """

    key: str
    text: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.key if self.line is None else f"line {self.line}"
        return f"{place}: {self.text}" if place else self.text


class ConnectorMistakes(WrongUse):
    """A connector file that cannot be used; `mistakes` are all that were found, in the order of the file."""

    code = "connector-file"

    def __init__(self, name: str, mistakes: Sequence[FileMistake]) -> None:
        self.name = name
        self.mistakes = tuple(mistakes)
        count = "a mistake" if len(self.mistakes) == 1 else f"{len(self.mistakes)} mistakes"
        super().__init__(
            f"The connector file {name} has {count}: {self.mistakes[0]}",
            "Mend the file. To see every mistake of it, run: sessionconsole connector check FILE",
        )


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
