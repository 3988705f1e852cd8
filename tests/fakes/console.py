"""A console without services: it answers as told, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo

from sessionconsole.domain.assessments import Assessment, Level, Reason
from sessionconsole.domain.credentials import Credential, FactorMethod, SignInRecord
from sessionconsole.domain.errors import (
    BadCredentials,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SessionConsoleError,
    Unreachable,
)
from sessionconsole.domain.journal import BEGINNING, Act, Head, Line, read_line, write_line
from sessionconsole.domain.journal_proof import prove
from sessionconsole.domain.orders import MAY_BE_WITHDRAWN, Order, OrderState, Outcome, SessionFacts
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.platforms import Office, PlatformAbout
from sessionconsole.domain.sessions import (
    Device,
    DeviceType,
    Handle,
    LoginSession,
    Network,
    Person,
    Place,
)
from sessionconsole.domain.settings import Settings
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.forgetting import Stored
from sessionconsole.services.journaling import Checked
from sessionconsole.services.observable import Observable
from sessionconsole.services.signing_in import SignInState, Stage
from sessionconsole.services.states import Link, ListState, OrdersState, Presence, Row
from tests.fakes.clock import START, FakeClock
from tests.fakes.connecting import FakeConnecting

ABOUT = PlatformAbout(
    name="harbour-reef",
    title="Harbour & Reef Tours",
    address="https://booking.example",
    connector="console-api-v1",
    offices=(Office("Cairns office", ("203.0.113.10/32",)),),
    home_country="Australia",
)
PASSWORD, CODE, RECOVERY_CODE = "correct horse", "123456", "aaaa-bbbb-cccc"
ME = Person("dana.whitlock", "Dana Whitlock", "Office manager")


class FakeConsole:
    """`services.Console` by hand; the clock stands still until a test moves it."""

    def __init__(self, rows: Sequence[Row] | None = None, *, signed_in: bool = True) -> None:
        self.clock = FakeClock()
        self.zone: tzinfo = UTC
        self.settings_file = FakeSettingsFile()
        self.notices: Observable[tuple[SessionConsoleError, ...]] = Observable(())
        self.watching = FakeWatching(self, tuple(sample_rows() if rows is None else rows))
        self.ending = FakeEnding(self)
        self.reviewing = FakeReviewing(self)
        self.sparing = FakeSparing(self)
        self.forgetting = FakeForgetting(self)
        self.journaling = FakeJournaling()
        self.connecting = FakeConnecting()
        self.signing_in = FakeSigningIn(self)
        self.signed_in_before = signed_in
        self.closed = False

    async def start(self) -> None:
        """As at the second start of a home: signed in already, or not."""
        if self.signed_in_before:
            self.signing_in.enter()
        else:
            self.signing_in.state.set(SignInState(Stage.SIGNED_OUT))

    async def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def handle_of(self, person: str, device: str | None = None) -> Handle:
        """The handle of the first row of that person, and of that device where it is named."""
        for row in self.watching.state.value.rows:
            session = row.session
            if session.person.shown == person and device in (None, session.device.shown):
                return session.handle
        raise AssertionError(f"no session of {person} on {device}")


class FakeSigningIn:
    """Knows one password, one code and one recovery code."""

    def __init__(self, console: FakeConsole) -> None:
        self._console = console
        self.state: Observable[SignInState] = Observable(SignInState())
        self.wants_code = True
        self.methods: tuple[FactorMethod, ...] = (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
        self.sent: list[FactorMethod] = []
        self.trouble: SessionConsoleError | None = None
        self.gate = asyncio.Event()
        self.gate.set()
        self.asked: list[str] = []
        self.chosen: list[tuple[str | None, dict[str, str]]] = []
        self.revoking = False
        self.command_signed_in = False

    async def begin(
        self,
        address: str,
        username: str,
        password: str,
        connector: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> object:
        """Let in who knows the password."""
        self.asked.append(address)
        self.chosen.append((connector, dict(variables or {})))
        await self.gate.wait()
        if self.trouble is not None:
            raise self.trouble
        if password != PASSWORD:
            raise BadCredentials
        if self.wants_code:
            self.state.set(
                SignInState(
                    Stage.SECOND_FACTOR,
                    methods=self.methods,
                    last_address=address,
                    last_username=username,
                )
            )
        else:
            self.enter()
        return None

    async def send_code(self, method: FactorMethod) -> None:
        """Send the code, or say why not."""
        self.sent.append(method)
        if self.trouble is not None:
            raise self.trouble

    async def answer(self, method: FactorMethod, code: str) -> object:
        """Take the code that fits the method."""
        right = {
            FactorMethod.TOTP: CODE,
            FactorMethod.RECOVERY_CODE: RECOVERY_CODE,
            FactorMethod.MAILED_CODE: CODE if self.sent else None,
        }
        if right.get(method) != code:
            raise SecondFactorRefused
        self.enter()
        return None

    async def back(self) -> None:
        """One step back."""
        state = self.state.value
        self.state.set(
            SignInState(Stage.SIGNED_OUT, last_address=state.last_address, last_username=state.last_username)
        )

    async def sign_out(self) -> None:
        """Out at once."""
        self.state.set(
            SignInState(
                Stage.SIGNED_OUT, last_address="https://booking.example", last_username="dana.whitlock"
            )
        )

    async def look_again(self) -> None:
        """Whether a command has signed in: `command_signed_in` is what a test says."""
        if self.command_signed_in:
            self.enter()

    async def leave(self) -> None:
        """The platform has ended this console's own session."""
        await self.sign_out()

    async def run(self) -> None:
        """Revokes what is left over, until cancelled."""
        self.revoking = True
        try:
            await asyncio.Event().wait()
        finally:
            self.revoking = False

    def enter(self) -> None:
        """Be signed in as Dana, who is shown the list."""
        record = SignInRecord(
            address=ABOUT.address,
            connector=ABOUT.connector,
            username=ME.account,
            platform=ABOUT.name,
            title=ABOUT.title,
            account=ME.account,
            name=ME.name,
            credential=Credential({}),
        )
        self.state.set(
            SignInState(Stage.SIGNED_IN, record=record, last_address=ABOUT.address, last_username=ME.account)
        )
        self._console.watching.show()


class FakeWatching:
    """A list that changes when a test says so."""

    def __init__(self, console: FakeConsole, rows: tuple[Row, ...]) -> None:
        self._console = console
        self._rows = rows
        self.state: Observable[ListState] = Observable(ListState())
        self.refreshed = 0
        self.running = False

    async def refresh(self) -> None:
        """Count, and vouch for the list again."""
        self.refreshed += 1
        if self.state.value.link is Link.LIVE:
            self.state.set(replace(self.state.value, taken_at=self._console.clock.now()))

    async def run(self) -> None:
        """Until it is cancelled."""
        self.running = True
        try:
            await asyncio.Event().wait()
        finally:
            self.running = False

    def show(self, rows: Sequence[Row] | None = None) -> None:
        """The platform tells this list now."""
        self._rows = self._rows if rows is None else tuple(rows)
        self.state.set(
            ListState(
                link=Link.LIVE,
                about=ABOUT,
                me=ME,
                rows=self._rows,
                taken_at=self._console.clock.now(),
            )
        )

    def connect(self, ago: timedelta = timedelta(days=2)) -> None:
        """The stored list is shown while the platform is asked for the first time."""
        self._show_stored(Link.CONNECTING, ago, None)

    def lose_network(
        self, ago: timedelta = timedelta(days=2), problem: SessionConsoleError | None = None
    ) -> None:
        """Only the stored list is left."""
        self._show_stored(Link.OFFLINE, ago, problem or Unreachable())

    def _show_stored(self, link: Link, ago: timedelta, problem: SessionConsoleError | None) -> None:
        self.state.set(
            replace(
                self.state.value,
                link=link,
                about=ABOUT,
                me=ME,
                rows=self._rows,
                taken_at=self._console.clock.now() - ago,
                problem=problem,
            )
        )

    def drop(self, handle: Handle) -> None:
        """That session is not listed any more; its row stays for a while."""
        now = self._console.clock.now()
        self.show(
            [
                replace(row, presence=Presence.DEPARTED, presence_at=now)
                if row.session.handle == handle
                else row
                for row in self._rows
            ]
        )


class FakeEnding:
    """Holds orders until a test says what becomes of them."""

    def __init__(self, console: FakeConsole) -> None:
        self._console = console
        self.state: Observable[OrdersState] = Observable(OrdersState())
        self.undo_seconds = 5.0
        self.said: list[str] = []
        self.more_proofs: list[FactorMethod] = []
        self.confirmed: list[str] = []
        self.problem: SessionConsoleError | None = None
        self._count = 0

    async def order(self, handles: Iterable[Handle], *, pass_over_gone: bool = False) -> Sequence[Order]:
        """Hold one order for each."""
        if self.problem is not None:
            raise self.problem
        given = []
        orders, due = dict(self.state.value.orders), dict(self.state.value.due)
        clock = self._console.clock
        for handle in handles:
            self._count += 1
            order = self._order(handle, f"order-{self._count}", OrderState.HELD)
            orders[order.id] = order
            due[order.id] = clock.monotonic() + self.undo_seconds
            given.append(order)
        self.state.set(replace(self.state.value, orders=orders, due=due))
        return given

    async def take_back(self, order_ids: Collection[str]) -> int:
        """Take back what was not sent."""
        ids = [key for key in order_ids if self.state.value.orders[key].state in MAY_BE_WITHDRAWN]
        self.become_all(ids, OrderState.WITHDRAWN, Outcome.WITHDRAWN)
        return len(ids)

    async def undo(self, order_id: str) -> object:
        """Take it back."""
        self.become(order_id, OrderState.WITHDRAWN)
        return None

    async def withdraw(self, order_id: str) -> object:
        """Take it back."""
        self.become(order_id, OrderState.WITHDRAWN)
        self.state.set(
            replace(self.state.value, asks=tuple(o for o in self.state.value.asks if o.id != order_id))
        )
        return None

    async def confirm(self, order_id: str) -> object:
        """A yes to the question."""
        self.confirmed.append(order_id)
        self.state.set(
            replace(self.state.value, asks=tuple(o for o in self.state.value.asks if o.id != order_id))
        )
        return None

    async def reauthenticate(self, method: FactorMethod, secret: str) -> object:
        """Take the code or the password."""
        self.said.append(method)
        if secret not in (CODE, PASSWORD):
            raise SecondFactorRefused
        if self.more_proofs:
            raise ReauthenticationNeeded(
                "The booking platform wants a code as well.", methods=(self.more_proofs.pop(0),)
            )
        self.state.set(replace(self.state.value, reauthentication=None))
        return None

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.Event().wait()

    def order_for(self, handle: Handle) -> Order:
        """The newest order for that session."""
        order = self.state.value.of(handle)
        assert order is not None, f"nothing was ordered for {handle}"
        return order

    def become(
        self, order_id: str, state: OrderState, outcome: Outcome | None = None, **changes: object
    ) -> None:
        """Move an order on."""
        now = self._console.clock.now()
        orders, due = dict(self.state.value.orders), dict(self.state.value.due)
        settled = now if state is OrderState.SETTLED else None
        orders[order_id] = replace(
            orders[order_id],
            state=state,
            outcome=outcome,
            settled_at=settled,
            **changes,  # type: ignore[arg-type]
        )
        due.pop(order_id, None)
        self.state.set(replace(self.state.value, orders=orders, due=due))

    def become_all(
        self, order_ids: Collection[str], state: OrderState, outcome: Outcome | None = None
    ) -> None:
        """Move many on with one word about it."""
        now, value = self._console.clock.now(), self.state.value
        settled = now if state is OrderState.SETTLED else None
        moved = {
            key: replace(value.orders[key], state=state, outcome=outcome, settled_at=settled)
            for key in order_ids
        }
        due = {key: at for key, at in value.due.items() if key not in moved}
        self.state.set(replace(value, orders={**value.orders, **moved}, due=due))

    def settle(self, handle: Handle, outcome: Outcome, **changes: object) -> None:
        """The newest order for that session ends so."""
        self.become(self.order_for(handle).id, OrderState.SETTLED, outcome, **changes)

    def want_reauthentication(self, *methods: FactorMethod) -> None:
        """The platform wants a fresh proof."""
        self.state.set(replace(self.state.value, reauthentication=ReauthenticationNeeded(methods=methods)))

    def wait_since(self, handle: Handle, age: timedelta, *, ask: bool = False) -> Order:
        """An order from an earlier run that was not sent."""
        self._count += 1
        order = replace(
            self._order(handle, f"order-{self._count}", OrderState.QUEUED),
            ordered_at=self._console.clock.now() - age,
        )
        state = self.state.value
        self.state.set(
            replace(
                state,
                orders={**state.orders, order.id: order},
                asks=(*state.asks, order) if ask else state.asks,
            )
        )
        return order

    def _order(self, handle: Handle, order_id: str, state: OrderState) -> Order:
        session = next(
            row.session for row in self._console.watching.state.value.rows if row.session.handle == handle
        )
        return Order(
            id=order_id,
            address=ABOUT.address,
            platform=ABOUT.name,
            account=ME.account,
            handle=handle,
            facts=SessionFacts.of(session),
            ordered_at=self._console.clock.now(),
            state=state,
        )


class FakeSparing:
    """What was marked, and a list that shows it."""

    def __init__(self, console: FakeConsole) -> None:
        self._console = console
        self.problem: SessionConsoleError | None = None

    async def spare(self, handle: Handle) -> object:
        """Mark it."""
        self._become(handle, Spared.YES)
        return None

    async def take_back(self, handle: Handle) -> object:
        """Mark it no more."""
        self._become(handle, Spared.NO)
        return None

    def _become(self, handle: Handle, spared: Spared) -> None:
        if self.problem is not None:
            raise self.problem
        watching = self._console.watching
        watching.show(
            [
                replace(row, spared=spared) if row.session.handle == handle else row
                for row in watching.state.value.rows
            ]
        )


class FakeReviewing:
    """What is ours is familiar from then on."""

    def __init__(self, console: FakeConsole) -> None:
        self._console = console
        self.ours: dict[Handle, Row] = {}
        """How each row was before it was said to be ours."""

    async def say_ours(self, handle: Handle) -> object:
        """Remember it, and let the list say so."""
        before = next(r for r in self._console.watching.state.value.rows if r.session.handle == handle)
        self.ours[handle] = before
        self._show(replace(before, assessment=Assessment(), ours=True))
        return None

    async def take_back(self, handle: Handle) -> object:
        """Nothing was said."""
        self._show(self.ours.pop(handle))
        return None

    def _show(self, changed: Row) -> None:
        rows = self._console.watching.state.value.rows
        handle = changed.session.handle
        self._console.watching.show([changed if row.session.handle == handle else row for row in rows])


class FakeForgetting:
    """What was forgotten, by platform and account; the rows of who is listed now stay."""

    def __init__(self, console: FakeConsole) -> None:
        self._console = console
        self.gone: list[tuple[str, str]] = []
        self.finds = Forgotten(lists=3, orders=1, verdicts=0, waiting=0)
        self.problem: SessionConsoleError | None = None

    async def forget(self, stored: Stored) -> Forgotten:
        """Remember whom, unless there is a problem."""
        if self.problem is not None:
            raise self.problem
        self.gone.append((stored.platform, stored.person.account))
        return self.finds


class FakeJournaling:
    """What was written down is what a test says; entries of the numbers in `torn` are missing."""

    def __init__(self) -> None:
        self.length: Observable[int] = Observable(0)
        self.acts: list[Act] = []
        self.torn: frozenset[int] = frozenset()
        self.keeps_head = True
        self.problem: SessionConsoleError | None = None
        self.writing = False

    async def check(self) -> Checked:
        """The acts as entries, proved without those that were torn out."""
        if self.problem is not None:
            raise self.problem
        lines: list[Line] = []
        for number, act in enumerate(self.acts, 1):
            before = lines[-1].hash if lines else BEGINNING
            lines.append(write_line(act, number, before, lambda: "0" * 32))
        head = Head(lines[-1].number, lines[-1].hash) if lines and self.keeps_head else None
        left = [line for line in lines if line.number not in self.torn]
        return Checked(tuple(map(read_line, left)), prove(left, head))

    async def accept_gap(self) -> None:
        """What is torn out stays so, and is no fault any more."""
        self.acts = [act for number, act in enumerate(self.acts, 1) if number not in self.torn]
        self.torn = frozenset()

    def happens(self, *acts: Act) -> None:
        """More is written down."""
        self.acts += acts
        self.length.set(len(self.acts))

    async def run(self) -> None:
        """Writes down what happens, until cancelled."""
        self.writing = True
        try:
            await asyncio.Event().wait()
        finally:
            self.writing = False


class FakeSettingsFile:
    """Settings in memory."""

    def __init__(self) -> None:
        self.kept = Settings()
        self.problem: SessionConsoleError | None = None

    def load(self) -> Settings:
        """As saved last."""
        return self.kept

    def save(self, settings: Settings) -> None:
        """Keep them, unless there is a problem."""
        if self.problem is not None:
            raise self.problem
        self.kept = settings


def sample_rows() -> list[Row]:
    """A small operator's morning: one alarm, one to check, this console, and nine familiar ones."""
    firefox = Device(DeviceType.DESKTOP, os="Windows 10", browser="Firefox")
    chrome = Device(DeviceType.DESKTOP, os="Windows 11", browser="Chrome", name="Reservations PC")
    cairns = Place("Cairns", "Australia")
    telstra = Network(1221, "Telstra", "your office")
    alarm = Assessment(
        Level.ALARM,
        0.96,
        (
            Reason(
                "new-country",
                "First time from Brazil. Everyone else here is in Queensland.",
                "first time from Brazil",
            ),
            Reason(
                "too-far",
                "Maria was active on Reservations PC in Cairns 12 minutes earlier, 15,300 km away.",
                "too far, too fast",
            ),
        ),
        ("Maria has used Firefox before, in March.",),
    )
    check = Assessment(
        Level.CHECK,
        0.6,
        (
            Reason(
                "new-device",
                "First time on an iPad. Ruby has only used Reception PC 1.",
                "new device, at night",
            ),
        ),
    )
    ipad = Device(DeviceType.TABLET, os="iPadOS 17", browser="Safari", model="iPad")
    edge = Device(DeviceType.DESKTOP, os="Windows 11", browser="Edge", name="Office PC")
    rows = [
        _row(
            1,
            Person("maria.santos", "Maria Santos", "Reservations"),
            firefox,
            Place("São Paulo", "Brazil"),
            "198.51.100.77",
            Network(64500, "Serverloft", "hosting company"),
            minutes=3,
            assessment=alarm,
        ),
        _row(
            2,
            Person("ruby.costello", "Ruby Costello", "Seasonal, until 31 Jan"),
            ipad,
            Place("Brisbane", "Australia"),
            "203.0.113.164",
            Network(7545, "TPG", "home internet"),
            minutes=380,
            assessment=check,
        ),
        _row(3, ME, edge, cairns, "203.0.113.10", telstra, minutes=0, is_current=True),
        _row(
            4,
            Person("maria.santos", "Maria Santos", "Reservations"),
            chrome,
            cairns,
            "203.0.113.10",
            telstra,
            minutes=27,
        ),
        _row(
            5,
            Person("channel", "Channel manager", "Program"),
            Device(DeviceType.PROGRAM, app="Bookings import"),
            None,
            "192.0.2.14",
            None,
            minutes=1,
        ),
    ]
    others = [
        "Sam Okafor",
        "Priya Nair",
        "Lani Kepa",
        "Jack Doolan",
        "Mei-Ling Zhang",
        "Oliver Hartnett",
        "Tom Breuer",
    ]
    for number, name in enumerate(others, start=6):
        phone = Device(
            DeviceType.PHONE, os="iOS 17", browser="Safari", model="iPhone", name=f"{name.split()[0]}’s phone"
        )
        rows.append(
            _row(
                number,
                Person(name.lower().replace(" ", "."), name, "Guide"),
                phone,
                Place("Port Douglas", "Australia"),
                f"203.0.113.{40 + number}",
                Network(4804, "Optus", "mobile"),
                minutes=60 * 24 * 40 if name == "Tom Breuer" else 9 * number,
            )
        )
    return rows


def _row(
    number: int,
    person: Person,
    device: Device,
    place: Place | None,
    ip: str,
    network: Network | None,
    *,
    minutes: int,
    assessment: Assessment = Assessment(),
    is_current: bool = False,
) -> Row:
    active = START - timedelta(minutes=minutes)
    return Row(
        LoginSession(
            handle=Handle(f"harbour-reef:{number:03d}"),
            person=person,
            device=device,
            ip=ip,
            place=place,
            network=network,
            signed_in_at=active - timedelta(minutes=12),
            last_active_at=active,
            idle_expires_at=active + timedelta(hours=12) if number % 2 else None,
            expires_at=START + timedelta(days=2),
            is_current=is_current,
        ),
        assessment,
    )
