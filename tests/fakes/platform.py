"""A booking platform in memory, as fickle as a test wants it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.errors import (
    BadCredentials,
    NotAllowed,
    NotAPlatform,
    ReauthenticationNeeded,
    SecondFactorRefused,
    SignInExpired,
    SignInNeeded,
    Unreachable,
    WrongUse,
)
from sessionconsole.domain.platforms import EndAnswer, EndStatus, Listing, Office, PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession, Network, Person, Place
from sessionconsole.services.ports import CredentialKeeper

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ABOUT = PlatformAbout(
    name="harbour",
    title="Harbour & Reef Tours",
    address="https://booking.example",
    connector="fake",
    offices=(Office("Cairns office", ("203.0.113.8/29",)),),
    home_country="AU",
)
DANA = Person("dana.whitlock", "Dana Whitlock", "Office manager")
MARIA = Person("maria.santos", "Maria Santos", "Reservations")
SAM = Person("sam.okafor", "Sam Okafor", "Reception")

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0 Safari/537.36"
IPAD = "Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 Version/26.1 Mobile/15E148 Safari/604.1"


def session(name: str, person: Person = MARIA, **facts: object) -> LoginSession:
    """A session whose handle ends in `name`; facts replace those of an office PC."""
    usual = LoginSession(
        handle=Handle(f"{ABOUT.name}:{name}"),
        person=person,
        device=Device(DeviceType.UNKNOWN),
        user_agent=WINDOWS,
        ip="203.0.113.10",
        place=Place("Cairns", "AU", -16.92, 145.77),
        network=Network(64500, "Reef Telecom", "business"),
        signed_in_at=START - timedelta(hours=3),
        last_active_at=START - timedelta(minutes=2),
        idle_expires_at=START + timedelta(hours=9),
        expires_at=START + timedelta(days=4),
        is_current=False,
    )
    return replace(usual, **facts)  # type: ignore[arg-type]


class Fate(StrEnum):
    """What becomes of one of many."""

    DONE = "done"
    DONE_AND_ANSWER_LOST = "done, and its answer lost"
    LOST_ON_THE_WAY = "lost on the way"
    REFUSED = "refused"
    UNSENT = "unsent"


@dataclass(slots=True)
class _Fault:
    call: str
    error: Exception
    after: bool
    times: int


class FakeOperator:
    """The platform's own side: who is signed in, what really happened, and what shall go wrong.

    `effects` counts how often each end took effect, `calls` has every call by the name of the port's method.
    """

    def __init__(self, *sessions: LoginSession, about: PlatformAbout = ABOUT) -> None:
        self.about = about
        self.me = DANA
        self.may_end = True
        self.username, self.password, self.code = DANA.account, "Reef-2026", "123456"
        self.factors: tuple[FactorMethod, ...] = (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
        self.more_factors: list[tuple[FactorMethod, ...]] = []
        """What is asked after the first code."""
        self.sessions: dict[Handle, LoginSession] = {each.handle: each for each in sessions}
        self.complete = True
        self.refused: set[Handle] = set()
        self.spoilers: set[Handle] = set()
        """Sessions for which a call that has one of them among many is refused as a whole."""
        self.fates: list[Fate] = []
        """What becomes of the next ones that are to be ended, one after the other."""
        self.never_gone: set[Handle] = set()
        """Sessions that an end is accepted for, and that stay listed all the same."""
        self.reauthentication: tuple[FactorMethod, ...] = ()
        """The methods that are asked for before anything is ended; a right answer empties it."""
        self.more_proofs: list[tuple[FactorMethod, ...]] = []
        """What is asked for after the first right answer."""
        self.effects: Counter[Handle] = Counter()
        self.calls: list[str] = []
        self._faults: list[_Fault] = []
        self._gates: dict[str, asyncio.Event] = {}
        self._tokens: dict[str, Handle] = {}
        self._given = 0
        self._ears: set[asyncio.Event] = set()

    def announce(self) -> None:
        """Say that the list has changed to whoever listens."""
        for ear in self._ears:
            ear.set()

    def end_events(self) -> None:
        """End the live events of everybody, as the platform does from time to time."""
        self._ears, ears = set(), self._ears
        for ear in ears:
            ear.set()

    @property
    def listeners(self) -> int:
        """How many listen to live events now."""
        return len(self._ears)

    async def tell(self, heard: Callable[[], Awaitable[None]], closed: Callable[[], bool]) -> None:
        """Tell one listener of every change until its events end."""
        ear = asyncio.Event()
        self._ears.add(ear)
        try:
            while ear in self._ears and not closed():
                await heard()
                await ear.wait()
                ear.clear()
        finally:
            self._ears.discard(ear)

    def fail(self, call: str, error: Exception, *, after: bool = False, times: int = 1) -> None:
        """The next calls of that name raise `error`: before anything is done, or after it was done."""
        self._faults.append(_Fault(call, error, after, times))

    def no_faults(self) -> None:
        """Forget the faults that have not happened yet."""
        self._faults.clear()

    def hold(self, call: str) -> asyncio.Event:
        """Hold the answers to calls of that name, which is done by then, until the event is set."""
        return self._gates.setdefault(call, asyncio.Event())

    def let_go(self, call: str) -> None:
        """Answer what was held, and hold no more."""
        self._gates.pop(call, asyncio.Event()).set()

    def appear(self, newcomer: LoginSession) -> None:
        """Somebody signs in."""
        self.sessions[newcomer.handle] = newcomer

    def vanish(self, handle: Handle) -> None:
        """A session ends by itself, or by somebody else's hand."""
        self.sessions.pop(handle, None)

    def end_sign_ins(self) -> None:
        """Everybody who holds a credential is signed out from elsewhere."""
        for handle in self._tokens.values():
            self.vanish(handle)

    def admit(self) -> Credential:
        """A credential without asking anything, as of a sign-in before the test."""
        self._given += 1
        handle = Handle(f"{self.about.name}:own{self._given}")
        agent = "sessionconsole/0.1.0 (Linux)"
        self.sessions[handle] = session("", self.me, handle=handle, user_agent=agent)
        token = f"token-{self._given}"
        self._tokens[token] = handle
        return Credential({"token": token})

    def own(self, credential: Credential) -> Handle:
        """The session of that credential; raises `SignInExpired` where it has ended."""
        handle = self._tokens.get(credential.values.get("token", ""))
        if handle is None or handle not in self.sessions:
            raise SignInExpired
        return handle

    def end(self, handle: Handle) -> EndAnswer:
        """End one, or say why not."""
        if handle in self.refused:
            return EndAnswer(handle, EndStatus.REFUSED, "not-allowed", "This one may not be ended.")
        if handle not in self.sessions:
            return EndAnswer(handle, EndStatus.ALREADY_GONE, "not-found")
        self.effects[handle] += 1
        if handle not in self.never_gone:
            del self.sessions[handle]
        return EndAnswer(handle, EndStatus.ACCEPTED)

    def end_as_fated(self, handle: Handle) -> EndAnswer | None:
        """End one of many, unless something else is to become of it; None where it was not sent."""
        match self.fates.pop(0) if self.fates else Fate.DONE:
            case Fate.DONE:
                return self.end(handle)
            case Fate.DONE_AND_ANSWER_LOST:
                self.end(handle)
                return EndAnswer(handle, EndStatus.LOST)
            case Fate.LOST_ON_THE_WAY:
                return EndAnswer(handle, EndStatus.LOST)
            case Fate.REFUSED:
                return EndAnswer(handle, EndStatus.REFUSED, "not-allowed", "Not now.")
            case Fate.UNSENT:
                return None

    def listed(self) -> Sequence[LoginSession]:
        """What the list has."""
        return tuple(self.sessions.values())

    def meet(self, call: str) -> None:
        """A call arrives; raises the fault that was ordered for it."""
        self.calls.append(call)
        self._fault(call, after=False)

    async def part(self, call: str) -> None:
        """The answer leaves, unless it is held or lost."""
        if call in self._gates:
            await self._gates[call].wait()
        self._fault(call, after=True)

    def _fault(self, call: str, *, after: bool) -> None:
        for fault in self._faults:
            if fault.call == call and fault.after == after:
                fault.times -= 1
                self._faults = [each for each in self._faults if each.times > 0]
                raise fault.error


class FakePlatform:
    """`ports.Platform`: one client of a FakeOperator."""

    def __init__(self, operator: FakeOperator | None = None) -> None:
        self.operator = operator or FakeOperator()
        self.closed = False
        self._keeper: CredentialKeeper | None = None
        self._credential: Credential | None = None
        self._seen: set[Handle] = set()

    @property
    def about(self) -> PlatformAbout:
        """What it is and can do."""
        return self.operator.about

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on."""
        self._keeper, self._credential = keeper, None

    async def sign_in(self, username: str, password: str) -> Credential | SecondFactorAsked:
        """Let in who knows the password."""
        operator = self._meet("sign_in")
        if (username, password) != (operator.username, operator.password):
            raise BadCredentials
        answer = (
            SecondFactorAsked(operator.factors, {"half": "way"}) if operator.factors else operator.admit()
        )
        await operator.part("sign_in")
        return answer

    async def send_code(self, asked: SecondFactorAsked, method: FactorMethod) -> SecondFactorAsked:
        """Send the operator's code, which is always the same."""
        operator = self._meet("send_code")
        assert method in asked.methods
        await operator.part("send_code")
        return asked

    async def answer_second_factor(
        self, asked: SecondFactorAsked, method: FactorMethod, code: str
    ) -> Credential | SecondFactorAsked:
        """Let in who knows the code, once for each of `operator.more_factors` and once more."""
        operator = self._meet("answer_second_factor")
        if code != operator.code:
            raise SecondFactorRefused
        if operator.more_factors:
            return SecondFactorAsked(operator.more_factors.pop(0), asked.challenge)
        credential = operator.admit()
        await operator.part("answer_second_factor")
        return credential

    async def who_am_i(self) -> WhoAmI:
        """The account signed in as."""
        operator = self._meet("who_am_i")
        await self._own()
        await operator.part("who_am_i")
        return WhoAmI(operator.me, operator.may_end)

    async def list_sessions(self, etag: str | None = None) -> Listing | None:
        """The whole list, or None where nothing changed."""
        operator = self._meet("list_sessions")
        own = await self._own()
        listed = tuple(replace(s, is_current=s.handle == own) for s in operator.listed())
        complete = operator.complete
        await operator.part("list_sessions")
        self._seen |= {each.handle for each in listed}
        new = f'"{hash(listed)}"'
        return None if new == etag else Listing(listed, new, complete)

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """End sessions of the last list."""
        operator = self._meet("end")
        own = await self._own()
        wanted = sorted(dict.fromkeys(handles), key=lambda handle: handle == own)
        if not self._seen.issuperset(wanted):
            raise WrongUse("This session is not in the list that was read last.", "Read the list again.")
        if wanted != [own]:
            if not operator.may_end:
                raise NotAllowed
            if operator.reauthentication:
                raise ReauthenticationNeeded(methods=operator.reauthentication)
            if operator.spoilers.intersection(wanted):
                raise NotAllowed
        told = {handle: operator.end_as_fated(handle) for handle in wanted}
        answers = {handle: answer for handle, answer in told.items() if answer is not None}
        await operator.part("end")
        if len(wanted) == 1 and any(answer.status is EndStatus.REFUSED for answer in answers.values()):
            raise NotAllowed
        return answers

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Take the fresh proof."""
        operator = self._meet("reauthenticate")
        await self._own()
        by_password = method is FactorMethod.PASSWORD
        if secret != (operator.password if by_password else operator.code):
            raise BadCredentials if by_password else SecondFactorRefused
        if operator.more_proofs:
            raise ReauthenticationNeeded(methods=operator.more_proofs.pop(0))
        operator.reauthentication = ()
        await operator.part("reauthenticate")

    async def listen(self, heard: Callable[[], Awaitable[None]]) -> None:
        """Tell of every `announce` of the operator."""
        operator = self._meet("listen")
        await self._own()
        await operator.tell(heard, lambda: self.closed)

    async def sign_out(self) -> None:
        """Revoke the credential; one that is dead already is a success."""
        operator = self._meet("sign_out")
        with suppress(SignInExpired):
            operator.vanish(await self._own())
        await operator.part("sign_out")

    async def close(self) -> None:
        """Let go."""
        self.closed = True
        self.operator.announce()

    def _meet(self, call: str) -> FakeOperator:
        if self.closed:
            raise Unreachable
        self.operator.meet(call)
        return self.operator

    async def _own(self) -> Handle:
        if self._credential is None:
            self._credential = await self._keeper.load() if self._keeper else None
        if self._credential is None:
            raise SignInNeeded
        return self.operator.own(self._credential)


class FakePlatforms:
    """`ports.Platforms`: one operator at its address, nobody anywhere else; `opened` has every client.

    `variables` has what was entered for the last one.
    """

    def __init__(self, operator: FakeOperator | None = None) -> None:
        self.operator = operator or FakeOperator()
        self.opened: list[FakePlatform] = []
        self.variables: dict[str, str] = {}

    async def open(
        self, address: str, connector: str | None = None, variables: Mapping[str, str] | None = None
    ) -> FakePlatform:
        """The operator's platform; a fault of the name "open" goes first."""
        self.variables = dict(variables or {})
        about = self.operator.about
        self.operator.meet("open")
        if connector not in (None, about.connector):
            raise WrongUse(f"There is no connector of the name {connector!r}.")
        if address.removeprefix("https://").rstrip("/") != about.address.removeprefix("https://"):
            raise NotAPlatform
        platform = FakePlatform(self.operator)
        self.opened.append(platform)
        await self.operator.part("open")
        return platform
