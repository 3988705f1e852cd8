"""What every journal keeps to; a part of the contract of stores."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from sessionconsole.domain.journal import About, Act, By, Entry, Head, Kind, acts_of, read_line
from sessionconsole.domain.journal_proof import prove
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.services.ports import Clock, Journal, Store
from tests.builders import ADDRESS, DANA, MARIA, NOW, PLATFORM, a_session, an_order
from tests.fakes.clock import FakeClock
from tests.helpers import run

SIGN_IN = Act(Kind.SIGN_IN, NOW.replace(microsecond=0), PLATFORM, ADDRESS, By(DANA.account, "frontdesk"))
FORGET = Act(Kind.PERSON_FORGOTTEN, SIGN_IN.at, PLATFORM, ADDRESS, By(DANA.account, "frontdesk"))
GIVEN = replace(acts_of(an_order(), "frontdesk")[0], at=SIGN_IN.at)

Story = Callable[[Journal], Awaitable[None]]


class JournalContract:
    """Subclass it and open an empty store in `open`."""

    async def open(self, clock: Clock) -> Store:
        raise NotImplementedError

    def tell(self, story: Story) -> None:
        async def told() -> None:
            store = await self.open(FakeClock(NOW))
            try:
                await story(store.journal)
            finally:
                await store.close()

        run(told())

    def test_an_empty_journal_has_no_head(self) -> None:
        async def story(journal: Journal) -> None:
            assert list(await journal.lines()) == []
            assert await journal.head() is None
            assert await journal.append([]) is None
            assert not await journal.holds(Head(1, "0" * 64))

        self.tell(story)

    def test_what_is_appended_is_read_back_in_order_and_holds(self) -> None:
        async def story(journal: Journal) -> None:
            first = await journal.append([SIGN_IN])
            last = await journal.append([GIVEN, SIGN_IN])

            assert [entry.act for entry in await _entries(journal)] == [SIGN_IN, GIVEN, SIGN_IN]
            assert first is not None
            assert last is not None
            assert (first.number, last.number) == (1, 3)
            assert await journal.head() == last
            assert await journal.holds(first)
            assert await journal.holds(last)
            assert not await journal.holds(Head(1, last.hash))
            assert prove(await journal.lines(), first).is_sound

        self.tell(story)

    def test_an_act_of_an_order_is_written_down_once(self) -> None:
        async def story(journal: Journal) -> None:
            settled = an_order(state=OrderState.SETTLED, settled_at=NOW, outcome=Outcome.PROVED_GONE)
            await journal.append([GIVEN])
            await journal.append(acts_of(settled, "frontdesk"))
            await journal.append(acts_of(settled, "somebody.else"))

            assert [entry.act.kind for entry in await _entries(journal)] == [Kind.ORDER, Kind.RESULT]
            assert set(await journal.known()) == {f"{settled.id}/order", f"{settled.id}/result"}

        self.tell(story)

    def test_names_of_a_forgotten_person_are_erased_and_the_chain_holds(self) -> None:
        async def story(journal: Journal) -> None:
            other = acts_of(an_order(a_session(2, person=replace(MARIA, account="tom.breuer"))), None)
            elsewhere = replace(GIVEN, platform="reef-cruises", order="another")
            await journal.append([SIGN_IN, GIVEN, *other, elsewhere])

            assert await journal.forget(PLATFORM, MARIA.account, FORGET, signed_in=False) == 1

            entries = await _entries(journal)
            assert [entry.act.about for entry in entries] == [
                None,
                None,
                About("tom.breuer", "Reservations PC"),
                GIVEN.about,
                None,
            ]
            assert [entry.nameless for entry in entries] == [False, True, False, False, False]
            assert entries[-1].act == replace(FORGET, erased="2")
            assert all(entry.act.by for entry in entries[:2]), "who did it is known as before"
            assert prove(await journal.lines(), None).is_sound
            assert prove(await journal.lines(), None).nameless == 1

        self.tell(story)

    def test_what_the_forgotten_did_is_nameless_too_unless_they_are_signed_in(self) -> None:
        async def story(journal: Journal) -> None:
            await journal.append([SIGN_IN, GIVEN])
            assert await journal.forget(PLATFORM, DANA.account, FORGET, signed_in=True) == 0
            assert [entry.act.by for entry in await _entries(journal)] == [SIGN_IN.by, GIVEN.by, FORGET.by]

            await journal.forget(PLATFORM, DANA.account, replace(FORGET, by=None), signed_in=False)

            entries = await _entries(journal)
            assert [entry.act.by for entry in entries] == [None] * 4
            assert entries[1].act.about == GIVEN.about
            assert entries[-1].act.erased == "1-3"
            assert prove(await journal.lines(), await journal.head()).is_sound

        self.tell(story)


async def _entries(journal: Journal) -> list[Entry]:
    return [read_line(line) for line in await journal.lines()]
