"""What every store keeps to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.domain.assessments import Answer, Level, Verdict
from sessionconsole.domain.orders import Order, OrderState, Outcome
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.platforms import Capabilities, Field
from sessionconsole.domain.sessions import (
    Device,
    DeviceType,
    Handle,
    LoginSession,
    Network,
    Person,
    Place,
    Snapshot,
)
from sessionconsole.domain.sparing import SparedDevice
from sessionconsole.services.ports import Clock, Store
from tests.builders import DANA, MARIA, NOW, PLATFORM, a_handle, a_session, an_about, an_assessment, an_order
from tests.fakes.clock import FakeClock
from tests.helpers import run

TOM = Person("tom.breuer", "Tom Breuer")

Story = Callable[[Store, FakeClock], Awaitable[None]]


def a_list(clock: Clock, *sessions: LoginSession) -> Snapshot:
    """The list as it is now."""
    return Snapshot(PLATFORM, "dana.whitlock", clock.now(), sessions)


class StoreContract:
    """Subclass it and open an empty store in `open`."""

    async def open(self, clock: Clock) -> Store:
        raise NotImplementedError

    def tell(self, story: Story) -> None:
        async def told() -> None:
            clock = FakeClock(NOW)
            store = await self.open(clock)
            try:
                await story(store, clock)
            finally:
                await store.close()

        run(told())

    # ------------------------------------------------------------------------------------------ orders

    @pytest.mark.parametrize(
        "order",
        [
            an_order(),
            an_order(
                a_session(device=Device(), signed_in_at=None, user_agent=None, is_current=None),
                OrderState.UNKNOWN,
                confirmed=True,
                attempts=2,
                sent_at=NOW,
                accepted_at=NOW + timedelta(microseconds=1),
                code="busy",
                detail="\ud800 \x00 “quoted” 👩‍💻",
            ),
            an_order(
                state=OrderState.SETTLED,
                settled_at=NOW,
                outcome=Outcome.GONE_LINGERING,
                may_work_until=NOW + timedelta(minutes=5),
            ),
        ],
        ids=["held", "unknown", "settled"],
    )
    def test_an_order_comes_back_as_it_was(self, order: Order) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            await store.outbox.add(order)
            assert list(await store.outbox.orders()) == [order]

        self.tell(story)

    def test_an_order_id_is_written_once(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            await store.outbox.add(an_order())
            with pytest.raises(ValueError, match="already"):
                await store.outbox.add(an_order(detail="a second one"))
            assert list(await store.outbox.orders()) == [an_order()]

        self.tell(story)

    def test_an_order_changes_only_from_the_expected_state(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            held = an_order()
            queued = replace(held, state=OrderState.QUEUED)
            withdrawn = replace(held, state=OrderState.WITHDRAWN)
            await store.outbox.add(held)

            assert await store.outbox.change(queued, expected=OrderState.HELD)
            assert not await store.outbox.change(withdrawn, expected=OrderState.HELD)
            assert list(await store.outbox.orders()) == [queued]

        self.tell(story)

    def test_several_orders_are_written_all_or_none(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            first, second = an_order(a_session(1)), an_order(a_session(2))
            await store.outbox.add(second)
            with pytest.raises(ValueError, match="already"):
                await store.outbox.add(first, second)
            assert list(await store.outbox.orders()) == [second]

        self.tell(story)

    def test_of_several_orders_only_those_in_the_expected_state_change(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            held, gone_on = an_order(a_session(1)), an_order(a_session(2), OrderState.QUEUED)
            await store.outbox.add(held, gone_on)
            queued = [replace(order, state=OrderState.QUEUED, attempts=1) for order in (held, gone_on)]

            changed = await store.outbox.change_all(queued, expected=OrderState.HELD)

            assert list(changed) == queued[:1]
            assert list(await store.outbox.orders()) == [queued[0], gone_on]

        self.tell(story)

    def test_an_order_that_is_not_there_does_not_change(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            assert not await store.outbox.change(an_order(), expected=OrderState.HELD)
            assert not await store.outbox.orders()

        self.tell(story)

    def test_orders_are_listed_in_the_order_in_which_they_were_given(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            first, second, third = (an_order(a_session(number)) for number in (3, 1, 2))
            await store.outbox.add(first)
            clock.set_back()
            await store.outbox.add(second)
            await store.outbox.add(third)
            changed = replace(first, state=OrderState.QUEUED)
            await store.outbox.change(changed, expected=OrderState.HELD)

            assert list(await store.outbox.orders()) == [changed, second, third]

        self.tell(story)

    def test_what_is_done_is_listed_for_30_days_and_what_is_open_for_ever(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            waiting = an_order(a_session(1), OrderState.QUEUED)
            withdrawn = an_order(a_session(2), OrderState.WITHDRAWN)
            settled = an_order(a_session(3), OrderState.SETTLED, settled_at=NOW, outcome=Outcome.PROVED_GONE)
            for order in (waiting, withdrawn, settled):
                await store.outbox.add(order)

            clock.advance(timedelta(days=29, hours=23).total_seconds())
            assert list(await store.outbox.orders()) == [waiting, withdrawn, settled]
            clock.advance(timedelta(hours=2).total_seconds())
            assert list(await store.outbox.orders()) == [waiting]

        self.tell(story)

    def test_the_revision_tells_of_every_change(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            seen = [await store.outbox.revision()]
            await store.outbox.add(an_order())
            seen.append(await store.outbox.revision())
            await store.outbox.change(replace(an_order(), state=OrderState.QUEUED), expected=OrderState.HELD)
            seen.append(await store.outbox.revision())

            assert len(set(seen)) == 3
            assert await store.outbox.revision() == seen[-1]

        self.tell(story)

    # ------------------------------------------------------------------------------------------- lists

    def test_no_list_was_seen_yet(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            assert await store.lists.latest(PLATFORM) is None
            assert not await store.lists.history(PLATFORM)
            await store.lists.touch(PLATFORM, clock.now())
            assert await store.lists.latest(PLATFORM) is None

        self.tell(story)

    def test_the_newest_list_comes_back_as_it_was(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            about = an_about(
                capabilities=Capabilities(
                    provides=frozenset({Field.PLACE, Field.EXPIRES}),
                    revocation_delay=timedelta(minutes=5),
                    hides_only=True,
                    last_active_note="rounded to the hour",
                ),
                security_page="https://booking.example/security",
            )
            bare = LoginSession(a_handle(2), Person("guide", None))
            full = a_session(
                1,
                person=Person("zoë", "\ud800\u202e", "Guide"),
                device=Device(
                    DeviceType.TABLET, "iPadOS 26", "Safari", "Guide app", "Zoë’s iPad", "iPad Pro"
                ),
                place=Place("Zürich", "CH", 47.37, 8.54),
                network=Network(3303, "Bluewin", "mobile"),
                is_current=True,
            )
            snapshot = a_list(clock, full, bare)
            await store.lists.keep(about, snapshot)

            assert await store.lists.latest(PLATFORM) == (about, snapshot)

        self.tell(story)

    def test_a_list_that_still_holds_is_as_of_now(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            snapshot = a_list(clock, a_session())
            await store.lists.keep(an_about(), snapshot)
            clock.advance(30)
            await store.lists.touch(PLATFORM, clock.now())

            latest = await store.lists.latest(PLATFORM)
            assert latest == (an_about(), replace(snapshot, taken_at=clock.now()))

        self.tell(story)

    def test_what_was_thought_of_a_list_is_kept_until_another_list_comes(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            thought = {
                a_handle(1): an_assessment(Level.ALARM),
                a_handle(2): an_assessment(),
                a_handle(3): an_assessment(),
            }
            await store.lists.judge(PLATFORM, thought)
            assert await store.lists.judged(PLATFORM) == {}
            await store.lists.keep(an_about(), a_list(clock, *(a_session(number) for number in (1, 2, 3))))
            assert await store.lists.judged(PLATFORM) == {}

            await store.lists.judge(PLATFORM, thought)
            await store.lists.touch(PLATFORM, clock.now())
            assert await store.lists.judged(PLATFORM) == thought
            assert await store.lists.judged("other") == {}

            await store.lists.keep(an_about(), a_list(clock, a_session(1)))
            assert await store.lists.judged(PLATFORM) == {}

        self.tell(story)

    def test_platforms_do_not_touch_each_other(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            other = replace(a_list(clock), platform="other")
            for snapshot in (a_list(clock, a_session(1)), a_list(clock, a_session(2)), other):
                await store.lists.keep(an_about(name=snapshot.platform), snapshot)
            await store.lists.forget(PLATFORM)

            assert await store.lists.latest(PLATFORM) is None
            assert not await store.lists.history(PLATFORM)
            assert await store.lists.latest("other") == (an_about(name="other"), other)

        self.tell(story)

    def test_the_newest_list_is_not_history(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            await store.lists.keep(an_about(), a_list(clock, a_session()))
            assert not await store.lists.history(PLATFORM)

        self.tell(story)

    def test_a_session_that_lived_only_minutes_stays_in_history(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            staying = a_session(1)
            for sessions in ([staying], [staying], [staying, a_session("brief")], [staying], [staying]):
                await store.lists.keep(an_about(), a_list(clock, *sessions))
                clock.advance(30)

            history = await store.lists.history(PLATFORM)
            assert any(snapshot.find(a_handle("brief")) for snapshot in history)
            assert [snapshot.taken_at for snapshot in history] == sorted(s.taken_at for s in history)

        self.tell(story)

    def test_history_goes_back_60_days(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            for name in ("old", "newer", "newest"):
                await store.lists.keep(an_about(), a_list(clock, a_session(name)))
                clock.advance(timedelta(days=40).total_seconds())
            clock.advance(-timedelta(days=40).total_seconds())

            (kept,) = await store.lists.history(PLATFORM)
            assert kept.find(a_handle("newer"))

        self.tell(story)

    # ------------------------------------------------------------------------------- verdicts and devices

    def test_the_last_verdict_counts(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            not_ours = Verdict(a_handle(1), Answer.NOT_OURS, clock.now())
            ours = Verdict(a_handle(1), Answer.OURS, clock.now(), "AU", "desktop/Windows")
            other = Verdict(a_handle(2), Answer.NOT_OURS, clock.now())
            for verdict in (not_ours, other, ours):
                await store.verdicts.say(verdict)

            assert await store.verdicts.verdicts() == {a_handle(1): ours, a_handle(2): other}

            await store.verdicts.take_back(a_handle(1))
            await store.verdicts.take_back(a_handle(3))
            assert await store.verdicts.verdicts() == {a_handle(2): other}

        self.tell(story)

    def test_a_spared_device_is_known_until_that_is_taken_back(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            first, second = (SparedDevice.of(a_session(number), an_about(), NOW) for number in (1, 2))
            for mark in (first, second, replace(first, user_agent="another")):
                await store.spared.spare(mark)
            assert await store.spared.spared() == {
                first.handle: replace(first, user_agent="another"),
                second.handle: second,
            }

            await store.spared.take_back(first.handle)
            await store.spared.take_back(a_handle(3))
            assert await store.spared.spared() == {second.handle: second}

        self.tell(story)

    def test_a_mark_goes_over_to_another_session_only_while_it_is_there(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            first, second = (SparedDevice.of(a_session(number), an_about(), NOW) for number in (1, 2))
            await store.spared.spare(first)
            await store.spared.spare(second, instead_of=first.handle)
            assert await store.spared.spared() == {second.handle: second}

            await store.spared.take_back(second.handle)
            await store.spared.spare(first, instead_of=second.handle)
            assert await store.spared.spared() == {}, "whoever took it back meanwhile has the last word"

        self.tell(story)

    def test_browser_strings_are_known_to_the_version_that_read_them(self) -> None:
        async def story(store: Store, _: FakeClock) -> None:
            phone, odd = Device(DeviceType.PHONE, "Android 16"), Device(app="\ud800")
            await store.devices.learn("1", {"Mozilla/5.0": phone})
            await store.devices.learn("1", {"\ud800\x00'": odd})
            assert await store.devices.known("1") == {"Mozilla/5.0": phone, "\ud800\x00'": odd}
            assert await store.devices.known("2") == {}

            await store.devices.learn("2", {"Mozilla/5.0": odd})
            assert await store.devices.known("1") == {}
            assert await store.devices.known("2") == {"Mozilla/5.0": odd}

        self.tell(story)

    # ------------------------------------------------------------------------------------------ people

    def test_everybody_in_a_list_or_an_order_is_known_by_platform(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            assert await store.people.stored() == {}
            for person in (DANA, MARIA):
                await store.lists.keep(an_about(), a_list(clock, a_session(person.account, person=person)))
                clock.advance(4000)
            elsewhere = an_order(a_session(person=TOM), platform="other")
            await store.outbox.add(elsewhere)
            for mark in (a_handle("maria"), Handle("other:ruby")):
                account = MARIA.account if mark.startswith(PLATFORM) else "ruby.costello"
                await store.spared.spare(SparedDevice(mark, account, NOW))

            stored = await store.people.stored()
            assert {name: set(people) for name, people in stored.items()} == {
                PLATFORM: {DANA, MARIA},
                "other": {TOM, Person("ruby.costello")},
            }

        self.tell(story)

    def test_a_person_is_forgotten_everywhere_and_others_stay_as_they_were(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            theirs = a_session("theirs", person=TOM, user_agent="Tom/1")
            others = a_session("others", user_agent="Maria/1")
            settled = [
                an_order(each, OrderState.SETTLED, settled_at=NOW, outcome=Outcome.PROVED_GONE)
                for each in (theirs, others)
            ]
            waiting = an_order(theirs, OrderState.QUEUED, id="waiting")
            for order in (*settled, waiting):
                await store.outbox.add(order)
            for sessions in ((theirs,), (theirs, others), (others, theirs)):
                await store.lists.keep(an_about(), a_list(clock, *sessions))
                clock.advance(4000)
            for handle in (theirs.handle, others.handle):
                await store.verdicts.say(Verdict(handle, Answer.OURS, NOW))
                await store.spared.spare(SparedDevice(handle, TOM.account, NOW))
            marks = (
                SparedDevice(others.handle, MARIA.account, NOW),
                SparedDevice(Handle("o:1"), "tom.breuer", NOW),
            )
            for mark in marks:
                await store.spared.spare(mark)
            await store.devices.learn("1", {"Tom/1": Device(), "Maria/1": Device()})

            revision = await store.outbox.revision()
            forgotten = await store.people.forget(PLATFORM, TOM.account, signed_in=False)
            assert await store.outbox.revision() != revision, "whoever shows the orders reads them again"

            assert forgotten == Forgotten(lists=3, orders=1, verdicts=1, waiting=1)
            assert list(await store.outbox.orders()) == [settled[1], waiting]
            latest = await store.lists.latest(PLATFORM)
            assert latest is not None
            assert latest[1].sessions == (others,)
            assert [snapshot.sessions for snapshot in await store.lists.history(PLATFORM)] == [(others,)]
            assert set(await store.verdicts.verdicts()) == {others.handle}
            assert await store.spared.spared() == {mark.handle: mark for mark in marks}
            assert await store.devices.known("1") == {"Maria/1": Device()}

            again = await store.people.forget(PLATFORM, TOM.account, signed_in=False)
            assert again == Forgotten(waiting=1)

        self.tell(story)

    def test_whoever_is_signed_in_stays_known_as_the_reader_of_the_list(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            snapshot = a_list(clock, a_session(1), a_session(2, person=DANA))
            given = an_order(a_session(1), OrderState.SETTLED, settled_at=NOW, outcome=Outcome.PROVED_GONE)
            await store.outbox.add(given)
            await store.lists.keep(an_about(), snapshot)

            forgotten = await store.people.forget(PLATFORM, DANA.account, signed_in=True)
            assert forgotten == Forgotten(lists=1)
            latest = await store.lists.latest(PLATFORM)
            assert latest == (an_about(), replace(snapshot, sessions=snapshot.sessions[:1]))
            assert list(await store.outbox.orders()) == [given]

            await store.people.forget(PLATFORM, DANA.account, signed_in=False)
            latest = await store.lists.latest(PLATFORM)
            assert latest is not None
            assert latest[1].account == ""
            assert not await store.outbox.orders()

        self.tell(story)

    def test_a_verdict_of_which_nobody_can_tell_any_more_whose_it_was_goes_too(self) -> None:
        async def story(store: Store, clock: FakeClock) -> None:
            await store.lists.keep(an_about(), a_list(clock, a_session("others")))
            for handle in (a_handle("long gone"), a_handle("others"), Handle("other:1")):
                await store.verdicts.say(Verdict(handle, Answer.OURS, NOW))

            assert await store.people.forget(PLATFORM, TOM.account, signed_in=False) == Forgotten()
            assert set(await store.verdicts.verdicts()) == {a_handle("others"), "other:1"}

        self.tell(story)
