"""What the details say: facts with their gaps, the next step, and what an outcome means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from sessionconsole.domain.assessments import Assessment, Level
from sessionconsole.domain.orders import Order, OrderState, Outcome, SessionFacts
from sessionconsole.domain.sessions import Handle, LoginSession, Person
from sessionconsole.services.states import Row
from sessionconsole.ui.details.words import facts, next_step, order_line, order_note
from sessionconsole.ui.sessions.orders import ShownOrder
from sessionconsole.ui.sessions.wording import Setting
from tests.fakes.clock import START
from tests.fakes.console import ABOUT, sample_rows

NOW = Setting(START, UTC)
ROW = sample_rows()[0]


def _order(state: OrderState, outcome: Outcome | None = None, **changes: object) -> ShownOrder:
    order = Order("1", "p", "a", ROW.session.handle, SessionFacts.of(ROW.session), START, state, address="a")
    return ShownOrder(replace(order, outcome=outcome, settled_at=START, **changes))  # type: ignore[arg-type]


def test_all_facts_are_told_and_a_place_is_called_approximate() -> None:
    told = {fact.label: fact.value for fact in facts(ROW.session, ABOUT, NOW)}

    assert told == {
        "Account": "maria.santos",
        "Place": "São Paulo, Brazil (approximate)",
        "IP address": "198.51.100.77",
        "Network": "Serverloft, hosting company",
        "Signed in": "Today 08:45",
        "Last active": "Today 08:57, 3 min ago",
        "Expires": "Tonight 20:57 if not used, Thu 09:00 at the latest",
        "App": None,
    }


def test_what_is_not_provided_is_a_gap_and_no_guess() -> None:
    bare = LoginSession(Handle("p:1"), Person("someone"))
    told = {fact.label: fact.value for fact in facts(bare, None, NOW)}

    assert told.pop("Account") == "someone"
    assert set(told.values()) == {None}


def test_an_own_office_is_not_approximate() -> None:
    office = sample_rows()[2].session
    told = {fact.label: fact.value for fact in facts(office, ABOUT, NOW)}

    assert told["Place"] == "Cairns office"


@pytest.mark.parametrize(
    ("level", "step"),
    [
        (Level.ALARM, "Ask Maria now. If nobody knows it, end it and change the password."),
        (Level.CHECK, "Not urgent. Ask Maria when you next speak."),
        (Level.FAMILIAR, ""),
    ],
)
def test_the_next_step_fits_the_level(level: Level, step: str) -> None:
    assert next_step(replace(ROW, assessment=Assessment(level))) == step


def test_a_person_without_a_name_is_called_by_the_account() -> None:
    nameless = Row(LoginSession(Handle("p:1"), Person("m.santos")), Assessment(Level.CHECK))

    assert "Ask m.santos when" in next_step(nameless)


def test_the_line_above_the_button() -> None:
    held = ShownOrder(_order(OrderState.HELD).order, seconds_left=1)

    assert order_line(held, NOW).first == "Ending in 1 second"
    assert order_line(_order(OrderState.SENT), NOW).first == "Ending: asking the platform"
    assert order_line(_order(OrderState.SETTLED, Outcome.PROVED_GONE), NOW).first == "Ended, gone at 09:00:00"
    assert order_line(_order(OrderState.SETTLED, Outcome.REFUSED), NOW).first == "Refused"


@pytest.mark.parametrize(
    "outcome", [Outcome.REFUSED, Outcome.STILL_LISTED, Outcome.HIDDEN_ONLY, Outcome.UNKNOWN]
)
def test_what_did_not_work_out_is_explained(outcome: Outcome) -> None:
    assert order_note(_order(OrderState.SETTLED, outcome)).endswith(".")


def test_the_platforms_own_reason_is_told() -> None:
    assert order_note(_order(OrderState.SETTLED, Outcome.REFUSED, detail="Owners only.")) == "Owners only."


def test_a_proof_needs_no_explanation() -> None:
    assert order_note(_order(OrderState.SETTLED, Outcome.PROVED_GONE)) == ""


def test_a_lingering_credential_is_explained() -> None:
    lingering = _order(
        OrderState.SETTLED, Outcome.GONE_LINGERING, may_work_until=START + timedelta(minutes=5)
    )

    assert order_line(lingering, NOW).first == "Ended, may work until 09:05"
    assert "still go on working" in order_note(lingering)
