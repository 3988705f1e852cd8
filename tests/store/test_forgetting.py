"""What was forgotten is gone from the bytes of the file, not only from what is shown."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import apsw

from sessionconsole.domain.assessments import Answer, Verdict
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.sessions import Device, Person, Snapshot
from sessionconsole.store.opening import SqliteStore, open_store
from tests.builders import DANA, NOW, PLATFORM, a_handle, a_session, an_about, an_order
from tests.fakes.clock import FakeClock
from tests.helpers import run

KEY = bytes(range(32))
CANARY = "Canary-Wharf"
HER = Person(CANARY, CANARY)


async def fill(store: SqliteStore, clock: FakeClock) -> None:
    """Lists, orders, a verdict and a browser string of her and of others."""
    for number in range(120):
        hers = a_session(f"{CANARY}-{number}", person=HER, user_agent=f"{CANARY}/{number}", ip=CANARY)
        await store.lists.keep(
            an_about(), Snapshot(PLATFORM, DANA.account, clock.now(), (hers, a_session(number % 7)))
        )
        await store.devices.learn("1", {f"{CANARY}/{number}": Device()})
        await store.verdicts.say(Verdict(a_handle(f"{CANARY}-{number}"), Answer.OURS, NOW))
        clock.advance(4000)
    settled = an_order(a_session(CANARY, person=HER), OrderState.SETTLED, detail=CANARY * 500)
    await store.outbox.add(replace(settled, outcome=Outcome.REFUSED, settled_at=clock.now()))


def in_clear(path: Path) -> bytes:
    """Every byte that somebody with the key could read, of the file and of its log."""
    copy = path.with_name("copy.db")
    for suffix in ("", "-wal"):
        if path.with_name(path.name + suffix).exists():
            shutil.copyfile(path.with_name(path.name + suffix), copy.with_name(copy.name + suffix))
    log = copy.with_name(copy.name + "-wal")
    assert not log.exists() or log.stat().st_size == 0, "an earlier page may lie in the log"
    connection = apsw.Connection(str(copy))
    connection.pragma("cipher", "chacha20")
    connection.pragma("key", f"raw:{KEY.hex()}")
    connection.pragma("journal_mode", "delete")
    connection.pragma("rekey", "")  # the pages as they are, only in clear
    connection.close()
    return copy.read_bytes()


def bodies(connection: apsw.Connection) -> list[bytes]:
    """The compressed lists."""
    rows = connection.execute("SELECT body FROM earlier UNION ALL SELECT body FROM newest")
    return [bytes(body) for (body,) in rows]


def test_nothing_of_a_forgotten_person_is_left_in_the_file(tmp_path: Path) -> None:
    async def story() -> None:
        path, clock = tmp_path / "console.db", FakeClock(NOW)
        store, _ = await open_store(path, KEY, clock)
        await fill(store, clock)
        before = await store._database.read(bodies)
        assert len(before) == 120
        other, _ = await open_store(path, KEY, clock)  # a window that is open meanwhile
        assert len(await other.outbox.orders()) == 1

        forgotten = await store.people.forget(PLATFORM, HER.account, signed_in=False)

        assert forgotten == Forgotten(lists=120, orders=1, verdicts=120)
        left = in_clear(path)
        assert b"CREATE TABLE" in left, "it is in clear"
        assert CANARY.encode() not in left
        assert not any(body[8:40] in left for body in before)
        history = await other.lists.history(PLATFORM)
        assert history
        assert all(session.person != HER for snapshot in history for session in snapshot.sessions)
        await other.close()
        await store.close()

    run(story())
