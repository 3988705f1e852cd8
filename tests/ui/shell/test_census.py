"""The counts, against counting anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import Device, DeviceType, Handle, Person
from sessionconsole.services.states import Presence, Row
from sessionconsole.ui.sessions.columns_build import build
from sessionconsole.ui.sessions.orders import ShownOrder
from sessionconsole.ui.shell.census import census
from sessionconsole.ui.shell.filters import NEEDS_A_LOOK, View, is_there, needs_a_look, passed
from tests.builders import NOW, a_row, a_session, an_order

GONE = an_order(state=OrderState.SETTLED, outcome=Outcome.PROVED_GONE, settled_at=NOW)
REFUSED = replace(GONE, outcome=Outcome.REFUSED)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    made = []
    for number in range(draw(st.integers(0, 12))):
        account = draw(st.sampled_from("abc"))
        kind = draw(st.sampled_from([DeviceType.PHONE, DeviceType.DESKTOP, DeviceType.PROGRAM]))
        session = a_session(number, person=Person(account), device=Device(kind))
        made.append(
            replace(
                a_row(session, draw(st.sampled_from(Level))),
                presence=draw(st.sampled_from([Presence.LISTED, Presence.DEPARTED])),
                order=draw(st.sampled_from([None, GONE, REFUSED])),
            )
        )
    return made


known = st.dictionaries(
    st.integers(0, 14), st.sampled_from([ShownOrder(an_order(), 4), ShownOrder(GONE), ShownOrder(REFUSED)])
)


@given(rows(), known)
def test_what_the_orders_have_changed_since_is_put_right(
    rows: list[Row], known: dict[int, ShownOrder]
) -> None:
    orders = {a_session(number).handle: order for number, order in known.items()} | {
        Handle("x:1"): ShownOrder(GONE)
    }
    table = build(rows, None, UTC, passes=partial(passed, view=View(NOW)))

    tally = census(table).tally(orders)

    there = [row for row in rows if is_there(row, orders)]
    programs = {r.session.person.account for r in there if r.session.device.type is DeviceType.PROGRAM}
    assert tally.sessions == tally.passing() == len(there)
    assert tally.programs == len(programs)
    assert tally.people == len({row.session.person.account for row in there} - programs)
    assert tally.passing(NEEDS_A_LOOK) == sum(map(needs_a_look, there))
    phones = [row for row in there if row.session.device.type is DeviceType.PHONE]
    assert tally.passing("Phones", NEEDS_A_LOOK) == sum(map(needs_a_look, phones))
