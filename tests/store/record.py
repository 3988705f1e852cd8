"""Writes `data/version-N.db`, a store as this version of the program makes it, for the tests of all later versions.

Run once per version of the store, before it is released: python -m tests.store.record
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from sessionconsole.domain.assessments import Answer, Verdict
from sessionconsole.domain.journal import Act, By, Kind, acts_of
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import Device, DeviceType, Place, Snapshot
from sessionconsole.domain.sparing import SparedDevice
from sessionconsole.store.migrations import STEPS
from sessionconsole.store.opening import open_store
from tests.builders import NOW, PLATFORM, a_handle, a_session, an_about, an_order
from tests.fakes.clock import FakeClock

DATA = Path(__file__).parent / "data"
KEY = bytes(range(32))

QUEUED = an_order(a_session(2), OrderState.QUEUED)
SETTLED = an_order(
    a_session(3), OrderState.SETTLED, attempts=1, settled_at=NOW, outcome=Outcome.PROVED_GONE, confirmed=True
)
LATER = NOW + timedelta(hours=2)
EARLIER = Snapshot(PLATFORM, "dana.whitlock", NOW, (a_session(1), a_session(3, place=Place("Manaus", "BR"))))
NEWEST = Snapshot(PLATFORM, "dana.whitlock", LATER, (a_session(1), a_session(2)))
VERDICT = Verdict(a_handle(1), Answer.OURS, NOW, "AU", "desktop/Windows")
ACTS = (
    Act(Kind.SIGN_IN, NOW, PLATFORM, "https://booking.example", By("dana.whitlock", "frontdesk")),
    *acts_of(SETTLED, "frontdesk"),
)
SPARED = SparedDevice.of(a_session(2), an_about(), NOW)
AGENT, DEVICE = "Mozilla/5.0 (iPad)", Device(DeviceType.TABLET, "iPadOS 17", "Safari")


async def record(path: Path) -> None:
    """A store with one of everything."""
    clock = FakeClock(NOW)
    store, _ = await open_store(path, KEY, clock)
    for order in (QUEUED, SETTLED):
        await store.outbox.add(order)
    for snapshot in (EARLIER, NEWEST):
        await store.lists.keep(an_about(), snapshot)
    await store.verdicts.say(VERDICT)
    await store.devices.learn("1", {AGENT: DEVICE})
    await store.journal.append(ACTS)
    await store.spared.spare(SPARED)
    await store.close()


if __name__ == "__main__":
    asyncio.run(record(DATA / f"version-{len(STEPS)}.db"))
