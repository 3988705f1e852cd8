"""What is said of a session, in words: pure functions for the table and for the details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from PySide6.QtCore import QLocale

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Device, LoginSession, Network
from sessionconsole.services.states import Presence, Row
from sessionconsole.ui.sessions.times import (
    ACTIVE_NOW,
    ago,
    ahead,
    capital,
    exact,
    moment,
    short_moment,
)

NOT_PROVIDED = "Not provided"
THIS_CONSOLE = "This console"
NEVER_IN_BULK = "Never in bulk"


class Tone(StrEnum):
    """How words are meant; the painter turns it into a colour, and the words never rely on it."""

    TEXT = "text"
    QUIET = "text2"
    ACCENT = "accent"
    ALARM = "alarm"
    CHECK = "check"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Lines:
    """Two lines of a cell; `more` is for the tooltip."""

    first: str = ""
    second: str = ""
    first_tone: Tone = Tone.TEXT
    second_tone: Tone = Tone.QUIET
    strong: bool = False
    second_strong: bool = False
    more: str = ""
    second_icon: str = ""

    @property
    def spoken(self) -> str:
        """Both lines for a screen reader."""
        return ", ".join(part for part in (self.first, self.second) if part)


@dataclass(frozen=True, slots=True)
class Setting:
    """In which time and zone the words are said; `offline` where the list is an old one, read at `as_of`."""

    now: datetime
    zone: tzinfo
    offline: bool = False
    as_of: datetime | None = None


_MISSING = Lines(NOT_PROVIDED, first_tone=Tone.QUIET)


def person(row: Row, *, gone: bool = False) -> Lines:
    """The name; below, why the row is marked, or that it is this console, or the person's job.

    Of a session that is gone the mark is no longer news: `gone` shows the job again.
    """
    name = row.session.person.shown
    account = row.session.person.account
    level = row.assessment.level
    if not gone and level is not Level.FAMILIAR:
        tone = Tone.ALARM if level is Level.ALARM else Tone.CHECK
        why = row.assessment.reasons[0].short if row.assessment.reasons else ""
        words = f"{level_word(level)}: {why}" if why else level_word(level)
        return Lines(name, words, second_tone=tone, strong=True, more=account)
    if not gone and row.session.is_current and row.presence is not Presence.DEPARTED:
        return Lines(
            name, THIS_CONSOLE, second_tone=Tone.ACCENT, strong=True, second_strong=True, more=account
        )
    tone = Tone.QUIET if gone else Tone.TEXT
    return Lines(name, row.session.person.role or "", first_tone=tone, more=account)


def level_word(level: Level) -> str:
    """The word beside the mark."""
    return {Level.ALARM: "Alarm", Level.CHECK: "Check", Level.FAMILIAR: "Familiar"}[level]


def device(shown: Device, user_agent: str | None = None, *, spared: bool = False) -> Lines:
    """The name given here or what it is; below, the system and the browser or app, saying nothing twice.

    Before that, with an icon, that it is `spared` where many are ended at once.
    """
    first = shown.shown
    with_what = shown.browser or shown.app
    # "Windows 10/11" says no more than "Windows", and takes the room of the browser's name
    system = shown.os.split()[0] if shown.os and "/" in shown.os else shown.os
    parts = [
        part for part in (system, with_what) if part and not first.casefold().startswith(part.casefold())
    ]
    if spared:
        return Lines(first, ", ".join([NEVER_IN_BULK, *parts]), more=user_agent or "", second_icon="spared")
    return Lines(first, ", ".join(parts), more=user_agent or "")


def device_parts(shown: Device) -> tuple[str, ...]:
    """What it is, and with what it is used where that says more."""
    with_what = shown.browser or shown.app
    return (shown.shown, with_what) if with_what and with_what != shown.shown else (shown.shown,)


def device_in_words(shown: Device) -> str:
    """One line for messages and headings: "Windows 10 PC, Firefox"."""
    return ", ".join(device_parts(shown))


def place_name(session: LoginSession, about: PlatformAbout | None) -> str | None:
    """The own office by its name, else the city, with the country only where it is a foreign one; None if unknown."""
    office = about.office_of(session.ip) if about else None
    if office:
        return office
    if session.place is None:
        return None
    country = session.place.country
    home = about.home_country if about else None
    if country and home and country.casefold() == home.casefold():
        return session.place.city or country_name(country)
    parts = [part for part in (session.place.city, country_name(country) if country else None) if part]
    return ", ".join(parts) or None


def place(session: LoginSession, about: PlatformAbout | None) -> Lines:
    """Where it is, with the IP address always below."""
    name = place_name(session, about)
    ip = session.ip or ("" if name is None else "IP not provided")
    return Lines(name, ip) if name else Lines(NOT_PROVIDED, ip, first_tone=Tone.QUIET)


def country_name(code: str) -> str:
    """The English name of an ISO 3166-1 alpha-2 code; what is no such code is passed through."""
    if len(code) != 2:
        return code
    territory = QLocale.codeToTerritory(code.upper())
    return code if territory is QLocale.Country.AnyTerritory else QLocale.territoryToString(territory)


_NETWORK_TYPES = {
    "hosting": "hosting company",
    "residential": "home internet",
    "business": "business line",
    "mobile": "mobile",
    "vpn": "VPN",
}


def network(shown: Network | None, *, office: bool = False) -> Lines:
    """Who runs the line; below, of what kind it is, or that it is the office's own."""
    if shown is None:
        return _MISSING
    first = shown.name or (f"AS{shown.asn}" if shown.asn is not None else "")
    kind = "your office" if office else _NETWORK_TYPES.get(shown.type or "", shown.type or "")
    if not first:
        return Lines(capital(kind)) if kind else _MISSING
    return Lines(first, kind, more=f"AS{shown.asn}" if shown.asn is not None else "")


def last_active(at: datetime | None, setting: Setting) -> Lines:
    """How long ago, and when; of an old list first when, for "3 min ago" would be a lie."""
    if at is None:
        return _MISSING
    now, zone = setting.now, setting.zone
    when, since = moment(at, now, zone), ago(at, now, zone)
    if setting.offline:
        return Lines(when, since, more=exact(at, zone))
    first = "Active now" if now - at < ACTIVE_NOW else capital(since)
    return Lines(first, when, more=exact(at, zone))


def signed_in(at: datetime | None, setting: Setting) -> Lines:
    """When, and how long ago."""
    if at is None:
        return _MISSING
    return Lines(
        moment(at, setting.now, setting.zone),
        ago(at, setting.now, setting.zone),
        more=exact(at, setting.zone),
    )


def expiry_sentences(session: LoginSession, setting: Setting) -> tuple[str, ...]:
    """Up to two: "Tonight 02:00 if not used", "Thu 13:48 at the latest"; none where the platform tells nothing."""
    told = (
        (session.idle_expires_at, "if not used"),
        (session.expires_at, "at the latest"),
    )
    return tuple(f"{moment(at, setting.now, setting.zone)} {how}" for at, how in told if at is not None)


def expires(session: LoginSession, setting: Setting) -> Lines:
    """The limit for not being used and the last one, apart."""
    now, zone = setting.now, setting.zone
    idle, last = session.idle_expires_at, session.expires_at
    if idle is None and last is None:
        return _MISSING
    more = ", ".join(expiry_sentences(session, setting))
    limit, how = _next_limit(idle, last)
    if setting.offline:
        return Lines(moment(limit, now, zone), how, more=more)
    if limit <= now:
        return Lines("Expired", moment(limit, now, zone), more=more)
    first = capital(ahead(limit, now, zone))
    if last is not None and limit < last:
        return Lines(f"{first} if unused", f"latest {moment(last, now, zone)}", more=more)
    return Lines(first, how, more=more)


def _next_limit(idle: datetime | None, last: datetime | None) -> tuple[datetime, str]:
    """The limit that comes first, and what it is."""
    if idle is not None and (last is None or idle < last):
        return idle, "if not used"
    assert last is not None
    return last, "at the latest"


def is_past_its_limit(session: LoginSession, now: datetime) -> bool:
    """Whether one of its limits has passed."""
    return any(at is not None and at <= now for at in (session.idle_expires_at, session.expires_at))


def ordinary_state(row: Row, setting: Setting) -> Lines:
    """The state of a row without an order: quiet, unless the row has just come, changed or gone."""
    session = row.session
    if row.presence_at is not None and row.presence is not Presence.LISTED:
        when = short_moment(row.presence_at, setting.now, setting.zone)
        if row.presence is Presence.DEPARTED:
            return Lines("Gone", f"since {when}", first_tone=Tone.QUIET)
        if row.presence is Presence.NEW:
            return Lines("New", f"since {when}")
        return Lines("Changed", f"at {when}")
    if setting.offline:
        if is_past_its_limit(session, setting.now):
            return Lines("Should be expired", first_tone=Tone.QUIET)
        if session.last_active_at is None:
            return Lines("Was listed", first_tone=Tone.QUIET)
        was_idle = session.is_idle(setting.as_of or setting.now)
        return Lines("Was idle" if was_idle else "Was active", first_tone=Tone.QUIET)
    if session.last_active_at is None:
        return Lines("Listed", first_tone=Tone.QUIET)
    return Lines("Idle" if session.is_idle(setting.now) else "Active", first_tone=Tone.QUIET)
