"""The calls of a connector file, and which variables they take and set, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sessionconsole.platform.connectors.file_mistakes import KeyPath
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call, Outcome
from sessionconsole.platform.connectors.format.signing_in import Step

FACTORS = ("totp", "recovery_code", "mailed_code")
PROOFS = ("password", "totp", "recovery_code")


@dataclass(frozen=True, slots=True)
class Taken:
    """One variable that is taken from an answer, or set by a step."""

    name: str
    place: KeyPath
    secret: bool


def steps_of_sign_in(connector: Connector) -> Iterator[tuple[KeyPath, Step]]:
    """The steps from user name and password on."""
    for position, step in enumerate(connector.sign_in.steps if connector.sign_in else ()):
        yield ("sign_in", "steps", position), step


def steps_of_factors(connector: Connector) -> Iterator[tuple[KeyPath, Step]]:
    """The steps of all second factors."""
    for key in FACTORS:
        way = getattr(connector.second_factor, key, None)
        if way is not None and way.send is not None:
            yield ("second_factor", key, "send"), way.send
        for position, step in enumerate(way.steps if way is not None else ()):
            yield ("second_factor", key, "steps", position), step


def steps_of_proofs(connector: Connector) -> Iterator[tuple[KeyPath, Step]]:
    """The steps of all ways to prove oneself again."""
    for key in PROOFS:
        way = getattr(connector.reauthenticate, key, None)
        for position, step in enumerate(way.steps if way is not None else ()):
            yield ("reauthenticate", key, "steps", position), step


def calls_of(connector: Connector) -> Iterator[tuple[KeyPath, Call]]:
    """Every call that stands in no step."""
    listing, end = connector.listing, connector.end
    calls: list[tuple[KeyPath, Call | None]] = [
        (("detect",), connector.detect),
        (("refresh", "call"), connector.refresh.call if connector.refresh else None),
        (("whoami",), connector.whoami),
        (("list", "for_each"), listing.for_each if listing else None),
        (("list",), listing),
        (("list", "detail"), listing.detail if listing else None),
        *((("end", key), getattr(end, key, None)) for key in ("one", "many", "others", "own")),
        (("sign_out",), connector.sign_out),
    ]
    yield from ((place, call) for place, call in calls if call is not None)


def all_calls(connector: Connector) -> Iterator[tuple[KeyPath, Call]]:
    """Every call, those of steps first."""
    for steps in (steps_of_sign_in, steps_of_factors, steps_of_proofs):
        for place, step in steps(connector):
            if step.call is not None:
                yield (*place, "call"), step.call
    yield from calls_of(connector)


def taken_by_call(place: KeyPath, call: Call | None) -> Iterator[Taken]:
    """By an answer to the call, whatever it means."""
    if call is None:
        return
    yield from _of((*place,), call)
    for position, row in enumerate(call.outcomes):
        yield from _of((*place, "outcomes", position), row)


def taken_by_steps(steps: Iterable[tuple[KeyPath, Step]]) -> Iterator[Taken]:
    """Set by the steps, and taken from the answers to their calls."""
    for place, step in steps:
        for name in step.set:
            yield Taken(name, (*place, "set", name), secret=False)
        for name in step.set_secret:
            yield Taken(name, (*place, "set_secret", name), secret=True)
        yield from taken_by_call((*place, "call"), step.call)


def taken_by_common_rows(connector: Connector) -> Iterator[Taken]:
    """In the rows that stand behind every table."""
    for position, row in enumerate(connector.outcomes):
        yield from _of(("outcomes", position), row)


def all_taken(connector: Connector) -> Iterator[Taken]:
    """Everything that is taken or set anywhere."""
    yield from taken_by_common_rows(connector)
    for steps in (steps_of_sign_in, steps_of_factors, steps_of_proofs):
        yield from taken_by_steps(steps(connector))
    for place, call in calls_of(connector):
        yield from taken_by_call(place, call)


def open_names(taken: Iterable[Taken]) -> set[str]:
    """Those that may be shown."""
    return {one.name for one in taken if not one.secret}


def secret_names(taken: Iterable[Taken]) -> set[str]:
    """Those that may not."""
    return {one.name for one in taken if one.secret}


def _of(place: KeyPath, part: Call | Outcome) -> Iterator[Taken]:
    for name in part.take:
        yield Taken(name, (*place, "take", name), secret=False)
    for name in part.take_secret:
        yield Taken(name, (*place, "take_secret", name), secret=True)
