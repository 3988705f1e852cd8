"""Reading a list page after page, until the platform says that it ends, or a cap is reached."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.platform.connectors.calling import OK, Caller, Done, Layer
from sessionconsole.platform.connectors.conditions import Subject, compile_conditions
from sessionconsole.platform.connectors.format.listing import (
    ByCursor,
    ByLink,
    ByOffset,
    ByPage,
    Paging,
)
from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.paths import compile_path
from sessionconsole.platform.connectors.sources import compile_source

if TYPE_CHECKING:
    from sessionconsole.platform.connectors.requests import CompiledCall

_ENDLESS = "The pages of the list do not come to an end."


@dataclass(frozen=True, slots=True)
class Step:
    """What one page is asked with: parameters over those of query or body, or a link of the page at `document`.

    `promised` where the platform itself said that there is such a page.
    """

    query: Mapping[str, object] | None = None
    into_body: Mapping[str, object] | None = None
    link: str | None = None
    document: str | None = None
    promised: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its answer, the rows on it, and how many pages and rows were read with it."""

    done: Done
    items: list[object]
    pages: int
    rows: int


_Next = Callable[[Page], Step | None]
"""What to ask for after that page; None where it was the last."""


class Pager:
    """The pages of one list, at most `most_pages`.

    A page shorter than was asked for is not taken for the last one, since platforms cap the length of a page: what the
    connector names ends the list, and without that an empty page, or one that comes twice. What was not read can prove
    nothing gone: neither beyond the cap, nor where the platform tells of rows that it does not give.
    """

    def __init__(self, paging: Paging | None, items: Callable[[object], object], most_pages: int) -> None:
        self._first, self._next = _ways(paging)
        self._items = items
        self._most_pages = most_pages
        self.complete = True
        """Whether the pages that were read last were all of them."""

    async def pages(
        self, caller: Caller, call: CompiledCall, layer: Layer | None = None, wanted: frozenset[Word] = OK
    ) -> AsyncGenerator[Page, None]:
        """Each page; one whose word is another `wanted` one has no items and is the last.

        Raises what `Caller.send` raises, and `PlatformMisbehaved` where a page has no list or the pages go in a circle.
        """
        self.complete = True
        asked: list[Step] = []
        step: Step | None = self._first
        last: list[object] | None = None
        rows = 0
        while step is not None:
            if step in asked and not last:
                self.complete = False
                return
            if len(asked) >= self._most_pages:
                self.complete = False
                return
            if step in asked:
                raise PlatformMisbehaved(_ENDLESS)
            asked.append(step)
            done = await caller.send(
                call,
                layer,
                wanted=wanted | {"end-of-list"},
                query=step.query,
                into_body=step.into_body,
                link=step.link,
                document=step.document,
                large=True,
            )
            if done.word != "ok":
                if done.word != "end-of-list":
                    yield Page(done, [], len(asked), rows)
                return
            items = self._items(done.reply.body)
            if not isinstance(items, list):
                raise PlatformMisbehaved
            if items and items == last:
                # The platform gives its last page again, or pays no heed to the parameter.
                self.complete = not step.promised
                return
            last = items
            rows += len(items)
            page = Page(done, items, len(asked), rows)
            yield page
            step = self._next(page)


def _ways(paging: Paging | None) -> tuple[Step, _Next]:
    match paging:
        case None:
            return Step(), lambda _: None
        case ByPage():
            return _by_page(paging)
        case ByOffset():
            return _by_offset(paging)
        case ByCursor():
            return _by_cursor(paging)
        case ByLink():
            return _by_link(paging)


def _by_page(paging: ByPage) -> tuple[Step, _Next]:
    sized = _sized(paging.size_parameter, paging.size)
    total = compile_path(paging.total_pages) if paging.total_pages else None
    more = compile_conditions([paging.more]) if paging.more else None

    def following(page: Page) -> Step | None:
        known = _count(total(page.done.reply.body)) if total else None
        if known is not None and page.pages >= known:
            return None
        if more is not None and not more(Subject.of(page.done.reply, page.done.variables)):
            return None
        promised = known is not None or more is not None
        if not promised and not page.items:
            return None
        return _asking(paging, {**sized, paging.parameter: paging.first + page.pages}, promised=promised)

    return _asking(paging, {**sized, paging.parameter: paging.first}), following


def _by_offset(paging: ByOffset) -> tuple[Step, _Next]:
    sized = _sized(paging.size_parameter, paging.size)
    total = compile_path(paging.total) if paging.total else None

    def following(page: Page) -> Step | None:
        known = _count(total(page.done.reply.body)) if total else None
        if not page.items if known is None else page.rows >= known:
            return None
        return _asking(paging, {**sized, paging.parameter: page.rows}, promised=known is not None)

    return _asking(paging, {**sized, paging.parameter: 0}), following


def _by_cursor(paging: ByCursor) -> tuple[Step, _Next]:
    sized = _sized(paging.size_parameter, paging.size)
    cursor = compile_source(paging.cursor)

    def following(page: Page) -> Step | None:
        found = cursor(page.done.reply)
        if isinstance(found, bool) or not isinstance(found, str | int) or found in ("", 0):
            return None
        return _asking(paging, {**sized, paging.parameter: found}, promised=True)

    return _asking(paging, sized), following


def _by_link(paging: ByLink) -> tuple[Step, _Next]:
    link = compile_source(paging.next)

    def following(page: Page) -> Step | None:
        found = link(page.done.reply)
        if not isinstance(found, str) or not found:
            return None
        return Step(link=found, document=page.done.reply.document, promised=True)

    return Step(), following


def _asking(
    paging: ByPage | ByOffset | ByCursor, given: Mapping[str, object], *, promised: bool = False
) -> Step:
    if paging.into == "body":
        return Step(into_body=given, promised=promised)
    return Step(given, promised=promised)


def _sized(parameter: str | None, size: int | None) -> dict[str, object]:
    return {parameter: size} if parameter is not None and size is not None else {}


def _count(value: object) -> int | None:
    """A number of pages or rows; some platforms send it as 3.0 or "3"."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:12])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    return None
