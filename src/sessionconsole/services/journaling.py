"""Writing down who did what, and whether all of it is still there."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from sessionconsole.domain.credentials import SignInRecord
from sessionconsole.domain.errors import (
    JournalBroken,
    KeyringProblem,
    SessionConsoleError,
    StoreProblem,
    WrongUse,
)
from sessionconsole.domain.journal import (
    About,
    Act,
    By,
    Entry,
    Head,
    Kind,
    Line,
    accounts,
    acts_of,
    is_written,
    read_line,
)
from sessionconsole.domain.journal_proof import Proof, prove
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.services.observable import Observable
from sessionconsole.services.ports import Clock, Journal, Vault
from sessionconsole.services.states import OrdersState
from sessionconsole.services.waiting import wait_for_wake

HEAD = "journal-head"
"""The entry of the vault that has the last line of the chain."""

HEAD_SECONDS = 1.0
"""How long nothing was written before the head is put into the vault; also until a write that failed is tried again."""

LATE = timedelta(minutes=1)
"""Written down this long after it happened, an act is marked: the program was not there to do it at once."""

LAST_WORD = 1.5
"""Seconds that the vault may take when the program ends."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The journal as it is, and whether it is as it was written.

    `unasked` is why the vault could not say where the chain ends, None where it could.
    """

    entries: tuple[Entry, ...]
    proof: Proof
    unasked: SessionConsoleError | None = None


class Journaling:
    """Hears of acts and appends them; `length` is told whenever there is more to read.

    Orders are compared with the outbox: whatever is settled there and not written down yet is written down, also what
    a crash or another process left. So an order is first in the outbox and then in the journal, and in it once.
    """

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        orders: Observable[OrdersState],
        clock: Clock,
        user: str | None,
        signed_in: Callable[[], SignInRecord | None],
        check_kept: Callable[[], None],
        tell: Callable[[SessionConsoleError], None],
    ) -> None:
        self._journal = journal
        self._vault = vault
        self._orders = orders
        self._clock = clock
        self._user = user
        self._signed_in = signed_in
        self._check_kept = check_kept
        self._tell = tell
        self._pending: list[Act] = []
        self._known: set[str] | None = None
        self._behind = False
        self._appended_at = 0.0
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()
        self._stop = orders.subscribe(self._orders_changed)
        self.length: Observable[int] = Observable(0)

    async def signed_in_or_out(self, kind: Kind, record: SignInRecord) -> None:
        """Somebody signed in or out."""
        by = By(record.account, self._user)
        await self._note(Act(kind, self._clock.now(), record.platform, record.address, by))

    async def judged(self, kind: Kind, session: LoginSession | None, handle: Handle) -> None:
        """A verdict was said of a session or taken back; None where the list does not have it any more."""
        about = About(session.person.account, session.device.shown) if session else None
        act = replace(self._act(kind), about=about, session=handle)
        await self._note(act if act.platform else replace(act, platform=handle.partition(":")[0]))

    async def connector_added(self, name: str) -> None:
        """A connector file was kept for later starts."""
        await self._note(Act(Kind.CONNECTOR_ADDED, self._clock.now(), by=By(user=self._user), code=name))

    async def forget(self, platform: str, account: str, *, signed_in: bool) -> int:
        """Erase the names of that person and write down that it was done; of how many entries that were.

        Raises `StoreNotWritable`; nothing was erased then.
        """
        act = self._act(Kind.PERSON_FORGOTTEN)
        if act.platform != platform:
            # An account of another platform, written down under this one, would be found by nobody who forgets it.
            act = Act(act.kind, act.at, platform, by=By(user=self._user))
        async with self._writing:
            count = await self._journal.forget(platform, account, act, signed_in=signed_in)
            self._appended(await self._journal.head())
        return count

    async def people(self) -> Mapping[str, frozenset[str]]:
        """Whose accounts are in the journal, by platform."""
        return accounts(await self._journal.lines())

    async def check(self) -> Checked:
        """Read all of it and prove it; raises `StoreDamaged`."""
        with suppress(StoreProblem):
            await self._write_down()
        # The head first: what another process appends meanwhile is only after it.
        head, unasked = await self._asked_head()
        lines = await self._journal.lines()
        return Checked(*await asyncio.to_thread(_read_and_prove, lines, head), unasked)

    async def accept_gap(self) -> None:
        """Go on with the journal as it is, although its end is not the one that was kept apart, and write that down.

        Raises `WrongUse` where nothing of that kind is wrong, `KeyringProblem`, `StoreNotWritable`.
        """
        checked = await self.check()
        head = checked.proof.head
        if not checked.proof.lacks_its_end or head is None:
            raise WrongUse(
                "There is no gap in the journal that could be accepted.",
                "See: sessionconsole journal verify.",
            )
        act = replace(self._act(Kind.GAP_ACCEPTED), code=f"{head.number}.{head.hash[:40]}")
        async with self._writing:
            new = await self._journal.append([act])
            assert new is not None
            await self._vault.write(HEAD, _head_text(new))
            self._appended(new)
            self._behind = False

    async def start(self) -> None:
        """Append what the last run left; never raises what the tree of errors knows."""
        with suppress(StoreProblem):
            await self._write_down()

    async def run(self) -> None:
        """Append what happens and keep the head apart, until cancelled."""
        # The head is looked at in a second: what is shown at a start comes first.
        self._behind, self._appended_at = True, self._clock.monotonic()
        while True:
            if self._behind:
                await wait_for_wake(self._wake, self._clock, HEAD_SECONDS)
            else:
                await self._wake.wait()
                self._wake.clear()
            try:
                await self._write_down()
                if self._behind and self._clock.monotonic() - self._appended_at >= HEAD_SECONDS:
                    await self._keep_head()
            except StoreProblem:
                self._behind = True  # tried again in a moment; whoever acts is told by the outbox

    async def close(self) -> None:
        """Append what is left and keep the head apart, as far as that can be done quickly."""
        self._stop()
        with suppress(StoreProblem, TimeoutError):
            await self._write_down()
            if self._behind:
                async with asyncio.timeout(LAST_WORD):
                    await self._keep_head()

    def _act(self, kind: Kind) -> Act:
        record = self._signed_in()
        if record is None:
            return Act(kind, self._clock.now(), by=By(user=self._user))
        by = By(record.account, self._user)
        return Act(kind, self._clock.now(), record.platform, record.address, by)

    async def _note(self, act: Act) -> None:
        """Written down when this returns, unless the store cannot be written: then as soon as it can."""
        # Whoever waits may be cancelled while it is being written: it is written again then, and is not there twice.
        self._pending.append(replace(act, mark=secrets.token_hex(8)))
        try:
            await self._write_down()
        except StoreProblem:
            self._behind = True
            self._wake.set()

    def _orders_changed(self, _state: OrdersState) -> None:
        self._wake.set()

    async def _write_down(self) -> None:
        """Append what is not there yet; raises `StoreProblem`."""
        async with self._writing:
            if not self._pending and not self._orders.value.orders:
                return
            if self._known is None:
                self._known = set(await self._journal.known())
            noted = tuple(self._pending)
            acts = [*noted, *self._missing(self._known)]
            if not acts:
                return
            now = self._clock.now()
            head = await self._journal.append([replace(act, late=now - act.at > LATE) for act in acts])
            del self._pending[: len(noted)]
            self._known.update(act.once for act in acts if act.once)
            self._appended(head)

    def _missing(self, known: set[str]) -> list[Act]:
        orders = [order for order in self._orders.value.orders.values() if not is_written(order, known)]
        missing = [act for order in orders for act in acts_of(order, self._user) if act.once not in known]
        return sorted(missing, key=lambda act: act.at)

    def _appended(self, head: Head | None) -> None:
        self._behind, self._appended_at = True, self._clock.monotonic()
        self._wake.set()
        if head is not None:
            self.length.set(head.number)

    async def _asked_head(self) -> tuple[Head | None, SessionConsoleError | None]:
        try:
            self._check_kept()
            return _head_of(await self._vault.read(HEAD)), None
        except SessionConsoleError as problem:
            return None, problem

    async def _look_at_head(self) -> bool:
        """Whether the head that was kept apart occurs in the chain; told where it does not."""
        kept, unasked = await self._asked_head()
        if unasked is not None:
            return False
        with suppress(StoreProblem):
            if kept is None or await self._journal.holds(kept):
                return True
            self._tell(JournalBroken())
        return False

    async def _keep_head(self) -> None:
        """A head that does not occur in the chain is left where it is: it is the proof that something is missing."""
        self._behind = False
        if not self._vault.kept or not await self._look_at_head():
            return
        head = await self._journal.head()
        with suppress(KeyringProblem):
            kept = _head_of(await self._vault.read(HEAD))
            if head is not None and (kept is None or kept.number < head.number):
                await self._vault.write(HEAD, _head_text(head))


def _read_and_prove(lines: Sequence[Line], head: Head | None) -> tuple[tuple[Entry, ...], Proof]:
    entries = []
    for line in lines:
        with suppress(ValueError):
            entries.append(read_line(line))
    return tuple(entries), prove(lines, head)


def _head_text(head: Head) -> str:
    return json.dumps({"number": head.number, "hash": head.hash})


def _head_of(text: str | None) -> Head | None:
    """What `_head_text` wrote; None where it makes no sense."""
    try:
        told = json.loads(text or "")
        return Head(int(told["number"]), str(told["hash"]))
    except (ValueError, TypeError, LookupError):
        return None
