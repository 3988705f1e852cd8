"""Reading who is logged in by the calls of a connector file."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.domain.platforms import Listing as SessionListing
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.platform.connectors.calling import OK, Caller, Layer
from sessionconsole.platform.connectors.conditions import compile_keep
from sessionconsole.platform.connectors.details import Details
from sessionconsole.platform.connectors.format.listing import ForEach, Listing
from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.known import KnownSession, KnownSessions
from sessionconsole.platform.connectors.mapping import Mapper, beside, compile_fields, compile_list
from sessionconsole.platform.connectors.mistakes import under
from sessionconsole.platform.connectors.paging import Pager
from sessionconsole.platform.connectors.paths import compile_items, compile_path
from sessionconsole.platform.connectors.values import Variables

OFF_THE_LOOP = 200
"""Items from which on they are mapped in a thread."""

_FREED_AT_ONCE = 1000

_PARENT_IS_GONE: Final[frozenset[Word]] = frozenset({"ok", "gone"})

HandleOf = Callable[[str], Handle]
Items = list[object]


@dataclass(frozen=True, slots=True)
class _Mapped:
    sessions: dict[Handle, LoginSession]
    known: dict[Handle, KnownSession]
    etag: str
    hides: bool
    """Whether several sessions have one id, so that one stands for all of them."""


class Lister:
    """Reads the whole list: every page, of every parent, with every detail that the file asks for."""

    def __init__(self, caller: Caller, listing: Listing, known: KnownSessions, handle_of: HandleOf) -> None:
        self._caller = caller
        self._listing = listing
        self._known = known
        self._handle_of = handle_of
        self._call = caller.compiled(listing, "list")
        self._pager = Pager(listing.paging, compile_list(listing), listing.most_pages)
        self._keep = compile_keep(listing.keep) if listing.keep else None
        self._mapper: Mapper = compile_fields(listing)
        self._same_as = listing.current.same_as if listing.current else None
        self._own_is_told = listing.current is not None and listing.own is None
        self._own = compile_path(listing.own) if listing.own else None
        self._parents = _Parents(caller, listing, listing.for_each) if listing.for_each else None
        self._details = Details(caller, listing, self._mapper) if listing.detail else None

    async def read(self, me: Person, whoami: object, etag: str | None) -> SessionListing | None:
        """The list as the platform gives it now, or None where it is the one of that `etag`.

        `me` is whose a session is where the list does not tell; `whoami` is the body of the answer to whoami, None
        where there is no such call. Raises as `ports.Platform.list_sessions` does.
        """
        items, complete = await self._gathered()
        if self._own is not None:
            self._add_own(items, whoami)
        if self._details is not None:
            items = await self._details.added(items)
        own = await self._value_to_compare()
        map_all = self._mapping(items, me, own)
        try:
            mapped = map_all() if len(items) < OFF_THE_LOOP else await asyncio.to_thread(map_all)
        except (
            RecursionError
        ):  # a list in a list in a list: as deep as may be read, and deeper than can be told apart
            raise PlatformMisbehaved from None
        complete = complete and not mapped.hides
        current = next((handle for handle, session in mapped.sessions.items() if session.is_current), None)
        self._known.listed(mapped.known, current, complete=complete)
        if mapped.etag == etag and complete:
            return None
        return SessionListing(tuple(mapped.sessions.values()), mapped.etag, complete)

    async def _gathered(self) -> tuple[Items, bool]:
        """The items of all pages of all parents, and whether those are all."""
        parents: Sequence[Mapping[str, Any] | None] = [None]
        complete = True
        if self._parents is not None:
            parents, complete = await self._parents.read()
        items: Items = []
        none_kept = False
        # For all parents together, and for each of them a page and the empty one that some platforms end with.
        pages_left = self._listing.most_pages + 2 * len(parents)
        for parent in parents:
            layer = _as_parent(parent) if parent is not None else None
            wanted = _PARENT_IS_GONE if parent is not None else OK
            async with aclosing(self._pager.pages(self._caller, self._call, layer, wanted)) as pages:
                async for page in pages:
                    items += self._kept(page.items, parent)
                    none_kept = (none_kept or bool(page.items)) and not items
                    pages_left -= 1
                    if len(items) > self._listing.most_sessions or pages_left < 0:
                        return items, False
            complete = complete and self._pager.complete
        # The session that asks lives. Where the list should tell it and nothing is left, what is left out is wrong, and
        # says of no session that it has gone: platforms rename what [list.keep] looks at.
        return items, complete and not (none_kept and self._own_is_told)

    def _kept(self, items: Items, parent: Mapping[str, Any] | None) -> Items:
        kept = items if self._keep is None else [item for item in items if self._keep(item)]
        return kept if parent is None else [beside(item, "@parent", dict(parent)) for item in kept]

    def _add_own(self, items: Items, whoami: object) -> None:
        assert self._own is not None
        own = self._own(whoami)
        if own is None:
            raise PlatformMisbehaved
        native = self._mapper.native(own)
        if all(self._mapper.native(item) != native for item in items):
            items.append(own)

    async def _value_to_compare(self) -> object:
        if self._same_as is None:
            return None
        await self._caller.make_ready({self._same_as})
        return (await self._caller.variables()).get(self._same_as)

    def _mapping(self, items: Items, me: Person, own: object) -> Callable[[], _Mapped]:
        session_of = self._mapper.bind(self._handle_of, me, own)
        values_of = self._mapper.values
        comes_once = self._listing.paging is None and self._parents is None

        def map_all() -> _Mapped:
            sessions: dict[Handle, LoginSession] = {}
            known: dict[Handle, KnownSession] = {}
            hides = False
            for item in items:
                session = session_of(item)
                # A row that moves between pages while they are read comes twice.
                if session.handle not in sessions:
                    sessions[session.handle] = session
                    known[session.handle] = KnownSession(values_of(item))
                elif comes_once and session != sessions[session.handle]:
                    hides = True
            etag = _etag(items, me, own)
            # Freed here and little by little: in one go, no other thread could run meanwhile.
            while items:
                del items[-_FREED_AT_ONCE:]
            return _Mapped(sessions, known, etag, hides)

        return map_all


class _Parents:
    """Those for each of which the list is asked, such as all accounts."""

    def __init__(self, caller: Caller, listing: Listing, for_each: ForEach) -> None:
        self._caller = caller
        self._most = listing.most_sessions
        with under("for_each"):
            self._call = caller.compiled(for_each, "list.for_each")
            self._pager = Pager(for_each.paging, compile_items(for_each.items), listing.most_pages)
            self._keep = compile_keep(for_each.keep)
            self._values = {name: compile_path(path) for name, path in for_each.values.items()}

    async def read(self) -> tuple[Sequence[Mapping[str, Any]], bool]:
        """What of each parent is used, and whether those are all of them."""
        parents: list[Mapping[str, Any]] = []
        async with aclosing(self._pager.pages(self._caller, self._call)) as pages:
            async for page in pages:
                kept = filter(self._keep, page.items)
                parents += [{name: path(item) for name, path in self._values.items()} for item in kept]
                if len(parents) > self._most:
                    return parents[: self._most], False
        return parents, self._pager.complete


def _as_parent(parent: Mapping[str, Any]) -> Layer:
    def layer(variables: Variables) -> Variables:
        return variables.with_({f"parent.{name}": value for name, value in parent.items()})

    return layer


def _etag(items: Sequence[object], me: Person, own: object) -> str:
    """Tells two lists apart; the platform gives none that would hold for all pages and details."""
    digest = hashlib.sha256()
    for part in (me.account, own, *items):  # one by one, because all in one go would let no other thread run
        digest.update(json.dumps(part, sort_keys=True, ensure_ascii=True).encode("ascii"))
        digest.update(b"\n")
    return digest.hexdigest()
