"""The journal in a list, for tests to tear lines out of."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace

from sessionconsole.domain.errors import StoreProblem
from sessionconsole.domain.journal import (
    BEGINNING,
    Act,
    Head,
    Line,
    names_of,
    numbers_text,
    read_line,
    write_line,
)


class FakeJournal:
    """`ports.Journal`; while `problem` is set every write raises it, and while `gate` is its answer waits."""

    def __init__(self) -> None:
        self.kept: list[Line] = []
        self.problem: StoreProblem | None = None
        self.gate: asyncio.Event | None = None
        self._marks: set[str] = set()

    async def append(self, acts: Sequence[Act]) -> Head | None:
        if self.problem is not None:
            raise self.problem
        for act in acts:
            if act.once is None or act.once not in await self.known():
                self._write(act)
                self._marks |= {act.mark} if act.mark else set()
        if self.gate is not None:
            await self.gate.wait()
        return await self.head()

    async def forget(self, platform: str, account: str, act: Act, *, signed_in: bool) -> int:
        if self.problem is not None:
            raise self.problem
        theirs = set()
        for place, line in enumerate(self.kept):
            for part in ("about",) if signed_in else ("about", "by"):
                if names_of(line, part, account, platform):
                    theirs.add(line.number)
                    kept = self.kept[place]
                    self.kept[place] = replace(kept, by=None) if part == "by" else replace(kept, about=None)
        self._write(replace(act, erased=numbers_text(theirs) or None))
        return len(theirs)

    async def lines(self) -> Sequence[Line]:
        return list(self.kept)

    async def known(self) -> Collection[str]:
        return self._marks | {once for line in self.kept if (once := read_line(line).act.once) is not None}

    async def head(self) -> Head | None:
        return Head(self.kept[-1].number, self.kept[-1].hash) if self.kept else None

    async def holds(self, head: Head) -> bool:
        return any((line.number, line.hash) == (head.number, head.hash) for line in self.kept)

    def _write(self, act: Act) -> None:
        before = self.kept[-1].hash if self.kept else BEGINNING
        self.kept.append(write_line(act, len(self.kept) + 1, before, lambda: secrets.token_hex(16)))
