"""What the services ask of the outside, in the words of the domain.

Each port has one contract test class in `tests/contracts/`, run against the real thing and its in-memory fake.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from sessionconsole.domain.assessments import Assessment, Verdict
from sessionconsole.domain.credentials import Credential, FactorMethod, SecondFactorAsked
from sessionconsole.domain.journal import Act, Head, Line
from sessionconsole.domain.orders import Order, OrderState
from sessionconsole.domain.people import Forgotten
from sessionconsole.domain.platforms import EndAnswer, Listing, PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Device, Handle, Person, Snapshot
from sessionconsole.domain.settings import Settings
from sessionconsole.domain.sparing import SparedDevice


class Clock(Protocol):
    """The only way in which time enters."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run backwards; for spans within one process only."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        ...


class CredentialKeeper(Protocol):
    """Where one sign-in's credential lives between calls, so that two processes never use a refresh token twice."""

    async def load(self) -> Credential | None:
        """The credential as it is now, also where another process changed it."""
        ...

    async def save(self, credential: Credential) -> None:
        """Keep a changed credential; it is kept when this returns."""
        ...

    def exclusive(self) -> AbstractAsyncContextManager[None]:
        """Hold off every other process while the credential is renewed."""
        ...


class Platform(Protocol):
    """One booking platform, spoken to as one account.

    Every call may raise `Unreachable` (nothing was sent), `AnswerLost`, `RateLimited`, `CertificateProblem` and
    `PlatformMisbehaved`. The platform's own session ids never leave it: it knows them again by handle, from the
    lists that it read since it was opened. Not for use from two tasks at once, except `listen` and `close`.
    """

    @property
    def about(self) -> PlatformAbout:
        """What it is and can do."""
        ...

    def use(self, keeper: CredentialKeeper) -> None:
        """Take the credential from there from now on, and keep changed ones there."""
        ...

    async def sign_in(self, username: str, password: str) -> Credential | SecondFactorAsked:
        """Prove who one is; raises `BadCredentials`, `TooManyTries`."""
        ...

    async def send_code(self, asked: SecondFactorAsked, method: FactorMethod) -> SecondFactorAsked:
        """Have a code sent, where the platform waits to be asked for it; what is asked from now on.

        Raises `TooManyTries`, and `SignInExpired` where it took too long.
        """
        ...

    async def answer_second_factor(
        self, asked: SecondFactorAsked, method: FactorMethod, code: str
    ) -> Credential | SecondFactorAsked:
        """The second step, after which some platforms ask for one more.

        Raises `SecondFactorRefused`, `TooManyTries`, and `SignInExpired` where it took too long.
        """
        ...

    async def who_am_i(self) -> WhoAmI:
        """The account signed in as; raises `SignInExpired`."""
        ...

    async def list_sessions(self, etag: str | None = None) -> Listing | None:
        """The whole list, or None where nothing changed since `etag`; raises `SignInExpired`, `NotAllowed`."""
        ...

    async def end(self, handles: Sequence[Handle]) -> Mapping[Handle, EndAnswer]:
        """End sessions of the last list; one answer for each that was sent, `LOST` where none came for it.

        What is left out of the mapping was not sent: something stopped the work, and the next call meets it.
        Raises `ReauthenticationNeeded`, `SignInExpired`, `NotAllowed`, `RateLimited` and `Unreachable` where nothing
        was ended at all, and `AnswerLost` or `PlatformMisbehaved` where each of them may have been.
        """
        ...

    async def reauthenticate(self, method: FactorMethod, secret: str) -> None:
        """Give the fresh proof that `ReauthenticationNeeded` asked for.

        Raises `BadCredentials`, `SecondFactorRefused`, `TooManyTries`, and `ReauthenticationNeeded` again where one
        proof more is wanted, such as a code after the password.
        """
        ...

    async def listen(self, heard: Callable[[], Awaitable[None]]) -> None:
        """Call `heard` once the platform's live events are open, and whenever its list may have changed since.

        It is a hint only, and several may be one. Returns when the platform ends the events, as it does from time to
        time, or has none; raises `SignInExpired` and `NotAllowed`. May run beside every other call.
        """
        ...

    async def sign_out(self) -> None:
        """Revoke the credential on the platform; one that is dead already is a success."""
        ...

    async def close(self) -> None:
        """Let go of all connections."""
        ...


class Platforms(Protocol):
    """Finds out what answers at an address."""

    async def open(
        self, address: str, connector: str | None = None, variables: Mapping[str, str] | None = None
    ) -> Platform:
        """The platform at the address, spoken to as that connector says, or as the first that fits.

        `variables` are what the user entered for the connector. Raises `NotAPlatform`, `Unreachable`,
        `CertificateProblem`, `WrongUse`.
        """
        ...


class UserAgents(Protocol):
    """Reads browser strings."""

    @property
    def version(self) -> str:
        """Changes whenever the same string may be read differently."""
        ...

    def parse(self, user_agent: str) -> Device:
        """What the string says; never raises. Slow (milliseconds): call it off the GUI thread."""
        ...


VAULT_NAMES = ("store-key", "sign-in", "to-revoke", "journal-head", "probe")
"""All that a vault keeps: a fixed list, so that everything of a home can be found again and forgotten."""


class Vault(Protocol):
    """The one place that all keys and credentials pass through, under `VAULT_NAMES`; raises `KeyringProblem`s."""

    @property
    def kept(self) -> bool:
        """Whether what is written is still there at the next start."""
        ...

    @property
    def title(self) -> str:
        """The back end's name for people and `doctor`."""
        ...

    async def read(self, name: str) -> str | None:
        """The secret of that name, None where there is none."""
        ...

    async def write(self, name: str, secret: str) -> None:
        """Keep a secret of any length; the old one stays readable until the new one is whole."""
        ...

    async def delete(self, name: str) -> None:
        """Forget the secret; one that is not there is a success."""
        ...

    async def forget_everything(self) -> None:
        """Delete every entry of this home, also what a crash left behind."""
        ...


class Outbox(Protocol):
    """The orders, written to disk before this returns; raises `StoreNotWritable`."""

    async def add(self, *orders: Order) -> None:
        """Write new orders, all or none."""
        ...

    async def change(self, order: Order, *, expected: OrderState) -> bool:
        """Replace the stored order of that id if its state is still `expected`; False where it was not."""
        ...

    async def change_all(self, orders: Sequence[Order], *, expected: OrderState) -> Sequence[Order]:
        """The same for many at once, with one write to the disk; those of them that were replaced."""
        ...

    async def orders(self) -> Sequence[Order]:
        """All open orders and those settled or withdrawn in the last 30 days, oldest first."""
        ...

    async def revision(self) -> int:
        """A number that differs when anybody, also another process, changed the file since the last call."""
        ...


class Lists(Protocol):
    """The lists that were seen."""

    async def keep(self, about: PlatformAbout, snapshot: Snapshot) -> None:
        """Keep the newest list of that platform."""
        ...

    async def latest(self, platform: str) -> tuple[PlatformAbout, Snapshot] | None:
        """The newest list and what was known of its platform then."""
        ...

    async def judge(self, platform: str, assessments: Mapping[Handle, Assessment]) -> None:
        """Keep what is thought of the newest list, until another one takes its place."""
        ...

    async def judged(self, platform: str) -> Mapping[Handle, Assessment]:
        """What was thought of the newest list when it was last weighed; empty where it never was."""
        ...

    async def touch(self, platform: str, checked_at: datetime) -> None:
        """The platform said that the newest list still holds: it is as of then."""
        ...

    async def history(self, platform: str) -> Sequence[Snapshot]:
        """Earlier lists, oldest first, thinned; without the newest."""
        ...

    async def forget(self, platform: str) -> None:
        """Remove every list of that platform."""
        ...


class Verdicts(Protocol):
    """What the manager said."""

    async def say(self, verdict: Verdict) -> None:
        """Keep a verdict; a later one for the same session replaces it."""
        ...

    async def take_back(self, handle: Handle) -> None:
        """Forget what was said of that session; nothing said is a success."""
        ...

    async def verdicts(self) -> Mapping[Handle, Verdict]:
        """All of them."""
        ...


class SparedDevices(Protocol):
    """Devices that are never ended in bulk."""

    async def spare(self, mark: SparedDevice, *, instead_of: Handle | None = None) -> None:
        """Keep a mark; a later one for the same session replaces it.

        With `instead_of` it takes the place of the mark of that session; where that one is gone, nothing is kept.
        """
        ...

    async def take_back(self, handle: Handle) -> None:
        """Forget the mark of that session; none is a success."""
        ...

    async def spared(self) -> Mapping[Handle, SparedDevice]:
        """All of them."""
        ...


class DeviceCache(Protocol):
    """Browser strings that were read before."""

    async def known(self, version: str) -> Mapping[str, Device]:
        """What that version of the parser read."""
        ...

    async def learn(self, version: str, devices: Mapping[str, Device]) -> None:
        """Keep what was read."""
        ...


class People(Protocol):
    """Whose data is stored, over all parts of the store."""

    async def stored(self) -> Mapping[str, Collection[Person]]:
        """Everybody who is in a list or an order, by platform."""
        ...

    async def forget(self, platform: str, account: str, *, signed_in: bool) -> Forgotten:
        """Remove the person from all lists, and settled orders, verdicts, marks and browser strings of theirs.

        Where the person is the one `signed_in`, it stays known to whom lists were shown and who gave orders.
        """
        ...


class Journal(Protocol):
    """Who did what: lines are only ever added. Raises `StoreNotWritable`."""

    async def append(self, acts: Sequence[Act]) -> Head | None:
        """Write down those that are not there yet (`Act.once`), all or none; the last line then."""
        ...

    async def forget(self, platform: str, account: str, act: Act, *, signed_in: bool) -> int:
        """Erase the names of that person, and write `act` down with the numbers of those lines, together.

        Gives how many lines that were. Where the person is the one `signed_in`, it stays known what they did.
        """
        ...

    async def lines(self) -> Sequence[Line]:
        """All lines in the order in which they stand."""
        ...

    async def known(self) -> Collection[str]:
        """Of all `Act.once`, those that are written down."""
        ...

    async def head(self) -> Head | None:
        """The last line, None where there is none."""
        ...

    async def holds(self, head: Head) -> bool:
        """Whether that line is in the chain."""
        ...


class Store(Protocol):
    """The encrypted file, all of it."""

    @property
    def outbox(self) -> Outbox: ...
    @property
    def lists(self) -> Lists: ...
    @property
    def verdicts(self) -> Verdicts: ...
    @property
    def spared(self) -> SparedDevices: ...
    @property
    def devices(self) -> DeviceCache: ...
    @property
    def people(self) -> People: ...
    @property
    def journal(self) -> Journal: ...

    async def close(self) -> None:
        """Write what is open and let go of the file."""
        ...


class Locks(Protocol):
    """Locks between the processes of one home; each lapses with the process that holds it."""

    def exclusive(self, name: str, timeout: float) -> AbstractAsyncContextManager[bool]:
        """Hold the lock; False where another process kept it for `timeout` seconds (0: do not wait)."""
        ...


class SettingsFile(Protocol):
    """`settings.json`: unknown keys are kept, wrong values read as the default."""

    def load(self) -> Settings:
        """The settings as they are now."""
        ...

    def save(self, settings: Settings) -> None:
        """Write them at once and whole."""
        ...
