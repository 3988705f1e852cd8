"""The rows of the list on screen: pure, so that those of a long list can be made off the event loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from sessionconsole.domain.assessments import Answer, Assessment, Level, Verdict
from sessionconsole.domain.orders import Order
from sessionconsole.domain.returning import weighed
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.comparing import Movements
from sessionconsole.services.states import Presence, Row

_NOTHING = Assessment()


@dataclass(frozen=True, slots=True)
class Said:
    """All that is said of the sessions of a list, by their handles."""

    movements: Movements
    assessments: Mapping[Handle, Assessment]
    verdicts: Mapping[Handle, Verdict]
    spared: Mapping[Handle, Spared]
    order_of: Callable[[Handle], Order | None]


def rows_of(listed: Sequence[LoginSession], said: Said, before: Sequence[Row] = ()) -> tuple[Row, ...]:
    """Each listed session, then each departed one; rows that say the same as `before` are its very objects."""
    known = {row.session.handle: row for row in before}
    rows = []
    for session in chain(listed, said.movements.departed.values()):
        row = _row(session, said)
        same = known.get(session.handle)
        rows.append(same if same is not None and same == row else row)
    return tuple(rows)


def _row(session: LoginSession, said: Said) -> Row:
    handle = session.handle
    since = said.movements.presence.get(handle)
    order = said.order_of(handle)
    assessment = weighed(session, order, said.assessments.get(handle, _NOTHING))
    verdict = said.verdicts.get(handle)
    said_ours = verdict is not None and verdict.answer is Answer.OURS
    return Row(
        session=session,
        assessment=assessment,
        presence=since.kind if since else Presence.LISTED,
        presence_at=since.at if since else None,
        order=order,
        # marked all the same: what was said has lapsed
        ours=said_ours and assessment.level is Level.FAMILIAR,
        spared=said.spared.get(handle, Spared.NO),
    )
