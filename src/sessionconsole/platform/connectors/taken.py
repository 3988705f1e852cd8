"""Which variables a connector file takes and sets, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sessionconsole.platform.connectors.file_mistakes import KeyPath
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Call
from sessionconsole.platform.connectors.format.signing_in import Step

FACTORS = ("totp", "recovery_code", "mailed_code")
PROOFS = ("password", "totp", "recovery_code")


@dataclass(frozen=True, slots=True)
class Taken:
    """One variable that is taken from an answer, or set by a step."""

    name: str
    place: KeyPath
    secret: bool


def taken_by_call(place: KeyPath, call: Call | None) -> Iterator[Taken]:
    """By an answer to the call, whatever it means."""
    if call is None:
        return
    yield from _of((*place,), call)
    for position, row in enumerate(call.outcomes):
        yield from _of((*place, "outcomes", position), row)


def taken_by_step(place: KeyPath, step: Step | None) -> Iterator[Taken]:
    """Set by the step, and taken from the answer to its call."""
    if step is None:
        return
    for name in step.set:
        yield Taken(name, (*place, "set", name), secret=False)
    for name in step.set_secret:
        yield Taken(name, (*place, "set_secret", name), secret=True)
    yield from taken_by_call((*place, "call"), step.call)


def taken_by_factors(connector: Connector) -> Iterator[Taken]:
    """In the steps of all second factors."""
    for key in FACTORS:
        way = getattr(connector.second_factor, key, None)
        if way is not None:
            yield from taken_by_step(("second_factor", key, "send"), way.send)
            for position, step in enumerate(way.steps):
                yield from taken_by_step(("second_factor", key, "steps", position), step)


def taken_by_proofs(connector: Connector) -> Iterator[Taken]:
    """In the steps of all ways to prove oneself again."""
    for key in PROOFS:
        way = getattr(connector.reauthenticate, key, None)
        for position, step in enumerate(way.steps if way is not None else ()):
            yield from taken_by_step(("reauthenticate", key, "steps", position), step)


def taken_by_common_rows(connector: Connector) -> Iterator[Taken]:
    """In the rows that stand behind every table."""
    for position, row in enumerate(connector.outcomes):
        yield from _of(("outcomes", position), row)


def all_taken(connector: Connector) -> Iterator[Taken]:
    """Everything, in the order of the calls."""
    yield from taken_by_common_rows(connector)
    yield from taken_by_call(("detect",), connector.detect)
    for position, step in enumerate(connector.sign_in.steps if connector.sign_in else ()):
        yield from taken_by_step(("sign_in", "steps", position), step)
    yield from taken_by_factors(connector)
    yield from taken_by_call(("refresh", "call"), connector.refresh.call if connector.refresh else None)
    yield from taken_by_proofs(connector)
    yield from taken_by_call(("whoami",), connector.whoami)
    listing, end = connector.listing, connector.end
    if listing is not None:
        yield from taken_by_call(("list", "for_each"), listing.for_each)
        yield from taken_by_call(("list",), listing)
        yield from taken_by_call(("list", "detail"), listing.detail)
    if end is not None:
        for key in ("one", "many", "others", "own"):
            yield from taken_by_call(("end", key), getattr(end, key))
    yield from taken_by_call(("sign_out",), connector.sign_out)


def _of(place: KeyPath, part: object) -> Iterator[Taken]:
    for name in getattr(part, "take", {}):
        yield Taken(name, (*place, "take", name), secret=False)
    for name in getattr(part, "take_secret", {}):
        yield Taken(name, (*place, "take_secret", name), secret=True)
