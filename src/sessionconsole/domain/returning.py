"""What is thought of a session that is listed again after it was proved gone."""

from __future__ import annotations

from sessionconsole.domain.assessments import Assessment, Level, Reason
from sessionconsole.domain.orders import CAME_BACK, Order
from sessionconsole.domain.sessions import LoginSession

_REASON = Reason(
    CAME_BACK, "It was ended and proved gone, and it is listed again.", "came back after its end"
)


def weighed(session: LoginSession, order: Order | None, assessment: Assessment) -> Assessment:
    """What is thought of it in the light of its newest order: an alarm, where it came back."""
    if order is None or order.code != CAME_BACK or not order.facts.match(session):
        return assessment
    return Assessment(Level.ALARM, 1.0, (_REASON, *assessment.reasons), assessment.speaks_for)
