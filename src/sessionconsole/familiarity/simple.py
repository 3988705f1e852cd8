"""A first, plain engine: new country, new place, new kind of device, two places too far apart.

Each rule is true by itself, says so in a sentence, and is silent where data are missing. The weights are judgement, not
measurement; a later engine takes this one's place behind the same interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sessionconsole.domain.assessments import Answer, Assessment, Level, Reason, Verdict
from sessionconsole.domain.countries import in_sentence
from sessionconsole.domain.sessions import DeviceType, Handle, LoginSession
from sessionconsole.familiarity.distance import kilometres, rounded
from sessionconsole.familiarity.interface import Evidence
from sessionconsole.familiarity.past import Past

ALARM = 0.7
CHECK = 0.35

_FAR_KM = 200.0
_SPEED_KMH = 900.0
_SHORT_GAP = timedelta(minutes=10)
_TOLERANCE_KM = {DeviceType.PHONE: 300.0, DeviceType.TABLET: 300.0}
_DESK_TOLERANCE_KM = 80.0
_MOST_REASONS = 4
_SHORT_LIMIT = 24


@dataclass(frozen=True, slots=True)
class _Finding:
    weight: float
    reason: Reason


@dataclass(slots=True)
class _Case:
    """One session with what may vouch for it, looked up once."""

    session: LoginSession
    evidence: Evidence
    own: list[LoginSession] = field(default_factory=list)
    others: list[LoginSession] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.session.person.shown.split()[0]


class SimpleAssessor:
    """Implements `Assessor` by rules; the same evidence always gives the same assessment."""

    def assess(self, evidence: Evidence) -> Mapping[Handle, Assessment]:
        """An assessment for each session of the current list."""
        past = Past.of(evidence)
        return {s.handle: self._one(s, evidence, past) for s in evidence.current.sessions}

    def _one(self, session: LoginSession, evidence: Evidence, past: Past) -> Assessment:
        if session.is_current:
            return Assessment(speaks_for=("This is the console that you are using.",))
        verdict = evidence.verdicts.get(session.handle)
        if verdict is not None and _holds(verdict, session):
            if verdict.answer is Answer.OURS:
                return Assessment(speaks_for=("You said that this session is ours.",))
            reason = Reason("said-not-ours", "You said that this session is not ours.", "you said: not ours")
            return Assessment(Level.ALARM, 1.0, (reason,))
        account = session.person.account
        case = _Case(
            session,
            evidence,
            [e.session for e in past.vouchers(session, evidence.current, account)],
            [e.session for e in past.vouchers(session, evidence.current, None)],
        )
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
        score = min(1.0, sum(finding.weight for finding in findings))
        level = Level.ALARM if score >= ALARM else Level.CHECK if score >= CHECK else Level.FAMILIAR
        reasons = tuple(finding.reason for finding in findings[:_MOST_REASONS])
        return Assessment(
            level,
            round(score, 3),
            reasons if level is not Level.FAMILIAR else (),
            tuple(_speaks_for(case)),
        )


def _holds(verdict: Verdict, session: LoginSession) -> bool:
    country = session.place.country if session.place else None
    return verdict.country == country and verdict.device_family == session.device.family


def _place(case: _Case) -> Iterator[_Finding]:
    session = case.session
    about = case.evidence.about
    if about is not None and about.office_of(session.ip) is not None:
        return
    country = session.place.country if session.place else None
    if country is None:
        return
    home = about.home_country if about else None
    mine = {s.place.country for s in case.own if s.place and s.place.country}
    everybody = {s.place.country for s in case.others if s.place and s.place.country}
    if home:
        everybody.add(home)
    where = in_sentence(country)
    short = _short(f"first time from {where}", f"from {where}", "first time abroad")
    if country not in everybody and everybody:
        only = f" Everyone else is in {in_sentence(next(iter(everybody)))}." if len(everybody) == 1 else ""
        yield _Finding(
            0.75, Reason("new-country", f"First time anyone here signs in from {where}.{only}", short)
        )
    elif mine and country not in mine and country != home:
        yield _Finding(
            0.5, Reason("new-country-for-person", f"First time {case.name} signs in from {where}.", short)
        )
    else:
        yield from _new_city(case)


def _new_city(case: _Case) -> Iterator[_Finding]:
    session = case.session
    city = session.place.city if session.place else None
    if city is None or not case.own:
        return
    known = {s.place.city for s in case.others if s.place}
    if city in known or not any(known):
        return
    near = [
        km
        for other in case.own
        if (km := kilometres(session.place, other.place)) is not None and km <= _tolerance(session)
    ]
    if not near:
        yield _Finding(
            0.2,
            Reason(
                "new-place",
                f"Nobody here signed in from {city} before.",
                _short(f"first time from {city}", "new place"),
            ),
        )


def _distance(case: _Case) -> Iterator[_Finding]:
    """Two places too far apart for the time between the last sign of life there and this sign-in."""
    session = case.session
    if session.signed_in_at is None:
        return
    worst: tuple[float, LoginSession, timedelta] | None = None
    for other in case.evidence.current.sessions:
        if other.person.account != session.person.account or other.handle == session.handle:
            continue
        times = [t for t in (other.last_active_at, other.signed_in_at) if t is not None]
        older = other.signed_in_at is None or other.signed_in_at < session.signed_in_at
        km = kilometres(session.place, other.place)
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


def _device(case: _Case) -> Iterator[_Finding]:
    session = case.session
    if not case.own or session.device.type is DeviceType.UNKNOWN:
        return
    families = {s.device.family for s in case.own}
    what = session.device.model or session.device.shown
    if session.device.family not in families:
        yield _Finding(
            0.4,
            Reason(
                "new-device",
                f"First time {case.name} uses this kind of device: {what}.",
                _short(f"new device: {what}", "new kind of device"),
            ),
        )
        return
    browser = session.device.browser
    browsers = {s.device.browser for s in case.own if s.device.family == session.device.family}
    if browser is not None and browser not in browsers and None not in browsers:
        yield _Finding(
            0.15,
            Reason(
                "new-browser",
                f"{case.name} was not seen with {browser} before.",
                _short(f"new browser: {browser}", "new browser"),
            ),
        )


def _speaks_for(case: _Case) -> Iterator[str]:
    session = case.session
    about = case.evidence.about
    office = about.office_of(session.ip) if about else None
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
