"""A first, plain engine: new country, new place, new kind of device, two places too far apart.

Each rule is true by itself, says so in a sentence, and is silent where data are missing. The weights are judgement, not
measurement; a later engine takes this one's place behind the same interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sessionconsole.domain.assessments import Answer, Assessment, Level, Reason, Verdict
from sessionconsole.domain.countries import in_sentence
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession
from sessionconsole.familiarity.distance import kilometres, rounded
from sessionconsole.familiarity.interface import Evidence
from sessionconsole.familiarity.past import MOST_EARLIER, VOUCHES_AFTER, Past, Sightings, began

ALARM = 0.75
CHECK = 0.35

_FAR_KM = 200.0
_SPEED_KMH = 900.0
_SHORT_GAP = timedelta(minutes=10)
_TOLERANCE_KM = {DeviceType.PHONE: 300.0, DeviceType.TABLET: 300.0}
_DESK_TOLERANCE_KM = 80.0
_MOST_REASONS = 4
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_OLD_NEWS = timedelta(days=7)
"""What began this long before the first list cannot be called new: what it followed upon is not known."""
_SHORT_LIMIT = 24


@dataclass(frozen=True, slots=True)
class _Finding:
    weight: float
    reason: Reason


class _World:
    """What every session of one list is held against, gathered once."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.about = evidence.about
        self.home = evidence.about.home_country if evidence.about else None
        self.past = Past.of(evidence)
        self.now_by_account: dict[str, list[LoginSession]] = {}
        self._accounts_in: dict[str | None, set[str]] = {}
        for session in evidence.current.sessions:
            account = session.person.account
            self.now_by_account.setdefault(account, []).append(session)
            country = session.place.country if session.place else None
            self._accounts_in.setdefault(country, set()).add(account)

        for account, sessions in self.now_by_account.items():
            if len(sessions) > MOST_EARLIER:
                latest = sorted(
                    sessions, key=lambda s: (s.last_active_at or _LONG_AGO, s.handle), reverse=True
                )
                self.now_by_account[account] = latest[:MOST_EARLIER]

    def office_of(self, session: LoginSession) -> str | None:
        """The own office from whose line the session comes."""
        return self.about.office_of(session.ip) if self.about else None

    def everyone_else(self, account: str) -> str:
        """A sentence on the country of all other people who are signed in now, empty where it is not one."""
        countries = {country for country, accounts in self._accounts_in.items() if accounts - {account}}
        told = countries - {None}
        if len(told) != 1:
            return ""
        who = "Everyone else" if told == countries else "Everyone else whose place is known"
        return f" {who} is in {in_sentence(str(told.pop()))}."


class _Case:
    """One session with what may vouch for it, looked up once."""

    def __init__(self, session: LoginSession, world: _World) -> None:
        self.session = session
        self.world = world
        self.before = began(session, world.evidence.current) - VOUCHES_AFTER
        others = list(world.past.others_of(session))
        self.own = [earlier.session for earlier in others if earlier.known_since <= self.before]
        """The same person's sessions that may vouch."""
        self.seen = [earlier.session for earlier in others]
        """All the same person's sessions, also those too young to vouch."""
        self.all_seen = session.person.account not in world.past.cut

    @property
    def name(self) -> str:
        return next(iter(self.session.person.shown.split()), "This person")

    @property
    def watched(self) -> bool:
        """Whether lists were kept already when it began: only then can anything be called the first time, or new."""
        return self.before + VOUCHES_AFTER >= self.world.past.watched_since

    @property
    def old_news(self) -> bool:
        """Whether it began so long before the first list that nobody can say what was new then."""
        return self.before + VOUCHES_AFTER < self.world.past.watched_since - _OLD_NEWS

    def vouched(self, places: Mapping[str, Sightings], place: str) -> bool:
        """Whether anybody's earlier session vouches for that place."""
        return place in places and places[place].vouch_for(self.session, self.before)

    def first(self, places: Mapping[str, Sightings], place: str) -> bool:
        """Whether nobody else was ever seen at that place, so that a sentence may say "first time"."""
        return place not in places or not places[place].others_than(self.session)


class SimpleAssessor:
    """Implements `Assessor` by rules; the same evidence always gives the same assessment."""

    def assess(self, evidence: Evidence) -> Mapping[Handle, Assessment]:
        """An assessment for each session of the current list."""
        world = _World(evidence)
        return {s.handle: self._one(s, world) for s in evidence.current.sessions}

    def _one(self, session: LoginSession, world: _World) -> Assessment:
        if session.is_current:
            return Assessment(speaks_for=("This is the console that you are using.",))
        verdict = world.evidence.verdicts.get(session.handle)
        if verdict is not None and _holds(verdict, session):
            if verdict.answer is Answer.OURS:
                return Assessment(speaks_for=("You said that this session is ours.",))
            reason = Reason("said-not-ours", "You said that this session is not ours.", "you said: not ours")
            return Assessment(Level.ALARM, 1.0, (reason,))
        case = _Case(session, world)
        findings = sorted(
            (*_place(case), *_distance(case), *_device(case)), key=lambda f: f.weight, reverse=True
        )
        if findings and session.network is not None and session.network.type == "hosting":
            findings.append(
                _Finding(
                    0.2,
                    Reason(
                        "hosting-network",
                        "The address belongs to a hosting company, not to a home or an office.",
                        "hosting company",
                    ),
                )
            )
        score = min(1.0, round(sum(finding.weight for finding in findings), 3))
        level = Level.ALARM if score >= ALARM else Level.CHECK if score >= CHECK else Level.FAMILIAR
        reasons = tuple(finding.reason for finding in findings[:_MOST_REASONS])
        return Assessment(
            level,
            score,
            reasons if level is not Level.FAMILIAR else (),
            tuple(_speaks_for(case)),
        )


def _holds(verdict: Verdict, session: LoginSession) -> bool:
    """ "Ours" lapses when the session moves or changes its device; "not ours" stays true wherever it goes."""
    if verdict.answer is Answer.NOT_OURS:
        return True
    country = session.place.country if session.place else None
    return verdict.country == country and verdict.device_family == session.device.family


def _place(case: _Case) -> Iterator[_Finding]:
    session, world = case.session, case.world
    country = session.place.country if session.place else None
    if country is None or world.office_of(session) is not None:
        return
    countries = world.past.countries
    where = in_sentence(country)
    mine = {s.place.country for s in case.own if s.place and s.place.country}
    if country != world.home and not case.vouched(countries, country):
        if world.home or any(case.vouched(countries, other) for other in countries):
            yield _Finding(0.75, _new_country(case, country, where))
            return
    elif mine and country not in mine and country != world.home:
        here = not case.all_seen or any(s.place and s.place.country == country for s in case.seen)
        yield _Finding(
            0.5,
            Reason(
                "new-country-for-person",
                f"{case.name} is signed in from elsewhere too, and rarely from {where}."
                if not case.watched
                else f"Sign-ins from {where} are new for {case.name}."
                if here
                else f"First time {case.name} signs in from {where}.",
                _short(
                    f"from {where}"
                    if not case.watched
                    else f"new: from {where}"
                    if here
                    else f"first time from {where}",
                    f"from {where}",
                    "another country",
                ),
            ),
        )
        return
    yield from _new_city(case)


def _new_country(case: _Case, country: str, where: str) -> Reason:
    everyone_else = case.world.everyone_else(case.session.person.account)
    first = case.first(case.world.past.countries, country)
    if not case.watched:
        text = (
            f"Nobody else here is signed in from {where}.{everyone_else}"
            if first
            else f"Few here are signed in from {where}."
        )
        return Reason("new-country", text, _short(f"from {where}", "another country"))
    if not first:
        return Reason(
            "new-country",
            f"Sign-ins from {where} are new here.",
            _short(f"new here: {where}", f"from {where}", "new country"),
        )
    return Reason(
        "new-country",
        f"First time anyone here signs in from {where}.{everyone_else}",
        _short(f"first time from {where}", f"from {where}", "new country"),
    )


def _new_city(case: _Case) -> Iterator[_Finding]:
    session = case.session
    city = session.place.city if session.place else None
    cities = case.world.past.cities
    if city is None or case.old_news or case.vouched(cities, city):
        return
    known = [sightings.place for other, sightings in cities.items() if case.vouched(cities, other)]
    away = [kilometres(session.place, place) for place in known]
    if known and not any(km is not None and km <= _tolerance(session) for km in away):
        first = case.first(cities, city)
        yield _Finding(
            0.2 if None in away else 0.35,
            Reason(
                "new-place",
                (
                    f"Nobody here signed in from {city} before."
                    if first
                    else f"Sign-ins from {city} are new here."
                )
                if case.watched
                else f"{'Nobody' if first else 'Hardly anybody'} else here is signed in from {city}.",
                _short(f"new place: {city}", "new place")
                if case.watched
                else _short(f"from {city}", "far away"),
            ),
        )


def _distance(case: _Case) -> Iterator[_Finding]:
    """Two places too far apart for the time between the last sign of life there and this sign-in."""
    session = case.session
    if session.signed_in_at is None or case.world.office_of(session) is not None:
        return
    worst: tuple[float, LoginSession, timedelta] | None = None
    for other in case.world.now_by_account[session.person.account]:
        if other.handle == session.handle:
            continue
        older = other.signed_in_at is None or other.signed_in_at < session.signed_in_at
        km = kilometres(session.place, other.place)
        times = _there(other)
        if not times or km is None or not older:
            continue
        gap = min(abs(session.signed_in_at - t) for t in times)
        beyond = km - _tolerance(session) - _tolerance(other)
        hours = max(gap, _SHORT_GAP).total_seconds() / 3600
        if beyond > _FAR_KM and beyond / hours > _SPEED_KMH and (worst is None or km > worst[0]):
            worst = (km, other, gap)
    if worst is None:
        return
    km, other, gap = worst
    city = other.place.city if other.place and other.place.city else None
    where = f"in {city}" if city else "elsewhere"
    yield _Finding(
        0.5,
        Reason(
            "too-far-apart",
            f"{case.name} was active {where} within {_span(gap)} of this sign-in, about {rounded(km):,} km away.",
            "too far for the time",
        ),
    )


def _there(session: LoginSession) -> list[datetime]:
    """When a session was surely at its place: what moves may have signed in elsewhere."""
    stays = session.device.type is DeviceType.DESKTOP
    times = (session.last_active_at, session.signed_in_at if stays else None)
    return [time for time in times if time is not None]


def _device(case: _Case) -> Iterator[_Finding]:
    session = case.session
    device = session.device
    own = [s.device for s in case.own if s.device.type is not DeviceType.UNKNOWN]
    if not own or device.type is DeviceType.UNKNOWN or case.old_news:
        return
    if case.world.office_of(session) is not None:
        # Desks are shared: whoever stands in the office may sit down at another one.
        return
    what = device.model or device.shown
    if not any(_same_kind(device, other) for other in own):
        first = case.all_seen and not any(_same_kind(device, s.device) for s in case.seen)
        yield _Finding(
            0.35,
            Reason(
                "new-device",
                f"{case.name} is otherwise signed in on another kind of device than this: {what}."
                if not case.watched
                else f"First time {case.name} uses this kind of device: {what}."
                if first
                else f"This kind of device is new for {case.name}: {what}.",
                _short(f"new device: {what}", "new kind of device")
                if case.watched
                else _short(f"other device: {what}", "other kind of device"),
            ),
        )
        return
    browser = device.browser
    browsers = {other.browser for other in own if other.family == device.family}
    if browser is not None and browsers and browser not in browsers and None not in browsers:
        first = case.all_seen and all(s.device.browser != browser for s in case.seen)
        yield _Finding(
            0.15,
            Reason(
                "new-browser",
                f"{case.name} otherwise uses another browser than {browser}."
                if not case.watched
                else f"{case.name} was not seen with {browser} before."
                if first
                else f"{browser} is new for {case.name}.",
                _short(f"new browser: {browser}", "new browser") if case.watched else "other browser",
            ),
        )


def _same_kind(one: Device, other: Device) -> bool:
    """Whether two devices may be of one family; a system that is not told is no difference."""
    return one.family == other.family or (one.type is other.type and not (one.os and other.os))


def _speaks_for(case: _Case) -> Iterator[str]:
    session = case.session
    office = case.world.office_of(session)
    if office is not None:
        yield f"It comes from the line of {office}."
    elif session.ip and any(other.ip == session.ip for other in case.own):
        yield f"{case.name} used the same address before."
    device = session.device
    if device.browser and any(
        other.device.family == device.family and other.device.browser == device.browser for other in case.own
    ):
        yield f"{case.name} has used {device.browser} on this kind of device before."


def _tolerance(session: LoginSession) -> float:
    return _TOLERANCE_KM.get(session.device.type, _DESK_TOLERANCE_KM)


def _span(gap: timedelta) -> str:
    minutes = max(1, round(gap.total_seconds() / 60))
    if minutes < 90:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    return f"{round(minutes / 60)} hours"


def _short(*candidates: str) -> str:
    """The first candidate that fits a row, else the last one cut."""
    return next((text for text in candidates if len(text) <= _SHORT_LIMIT), candidates[-1][:_SHORT_LIMIT])
