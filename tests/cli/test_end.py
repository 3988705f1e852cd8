"""`end`: choosing, asking, proving, and every way in which it may not work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from sessionconsole.cli.choosing import without_this_console
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import AnswerLost, RateLimited, SignInExpired, Unreachable, WrongUse
from sessionconsole.domain.orders import Order, OrderState, Outcome
from sessionconsole.domain.sessions import Device, DeviceType, Handle, Person
from sessionconsole.services.ending import SENDING
from sessionconsole.vault.memory_vault import MemoryVault
from tests.builders import a_row, a_session, an_order
from tests.cli.desk import Desk
from tests.fakes.locks import FakeLocks
from tests.fakes.platform import DANA, MARIA, SAM, START, session
from tests.helpers import run

STRANGER = session("stranger").handle
PC = session("pc").handle
OWN = Handle("harbour:own1")
ONE_CALL = (
    "--url",
    "https://booking.example",
    "--username",
    "dana.whitlock",
    "--password-stdin",
    "--otp",
    "123456",
)


def test_one_session_is_ended_and_proved_gone(desk: Desk) -> None:
    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert ran.code == 0
    assert ran.json == {
        "results": [
            {
                "id": STRANGER,
                "outcome": "proved-gone",
                "at": "2026-11-24T09:00:00Z",
                "code": None,
                "detail": None,
                "may_work_until": None,
            }
        ]
    }
    assert desk.operator.effects == {STRANGER: 1}


def test_a_handle_under_which_the_platform_lists_somebody_else_now_is_left_alone(desk: Desk) -> None:
    desk.run("list")
    desk.operator.vanish(STRANGER)
    desk.operator.appear(session("stranger", SAM, signed_in_at=START))

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert ran.code == 1
    (result,) = ran.json["results"]
    assert (result["outcome"], result["code"]) == ("refused", "another-session")
    assert "another session under this id" in result["detail"]
    assert desk.operator.effects == {}


def test_people_are_asked_first_and_shown_what_will_end(desk: Desk) -> None:
    ran = desk.run("end", STRANGER, person=["y"])

    assert ran.code == 0
    assert "Maria Santos, Windows 11 PC, Chrome, Cairns, Australia" in ran.err
    assert "End this session? [y/N]" in ran.err
    assert "Maria Santos, Windows 11 PC: ended, gone at 09:00:00" in ran.out


@pytest.mark.parametrize("answer", ["n", "", "yep"])
def test_anything_but_yes_ends_nothing(desk: Desk, answer: str) -> None:
    ran = desk.run("end", STRANGER, person=[answer])

    assert ran.code == 1
    assert desk.operator.effects == {}
    assert desk.run("outbox", "--json").json == {"orders": []}


def test_without_a_terminal_and_without_yes_is_exit_2(desk: Desk) -> None:
    ran = desk.run("end", STRANGER, "--json")

    assert ran.code == 2
    assert "--yes" in ran.json["error"]["advice"]
    assert desk.operator.effects == {}


@pytest.mark.parametrize("which", [(), (STRANGER, "--others"), ("--person", "sam.okafor", "--others")])
def test_exactly_one_way_to_choose(desk: Desk, which: tuple[str, ...]) -> None:
    assert desk.run("end", *which, "--yes").code == 2


def test_person_by_account_or_name(desk: Desk) -> None:
    assert desk.run("end", "--person", "Maria Santos", "--yes", "--json").outcomes == ["proved-gone"] * 2
    assert desk.run("end", "--person", "sam.okafor", "--yes", "--json").outcomes == ["proved-gone"]


def test_person_prefers_the_exact_account_to_a_name(desk: Desk) -> None:
    desk.operator.appear(session("other", Person("someone", "sam.okafor")))

    desk.run("end", "--person", "sam.okafor", "--yes")

    assert desk.operator.effects == {session("sam").handle: 1}


def test_two_people_of_one_name_are_told_apart_first(desk: Desk) -> None:
    desk.operator.appear(session("other", Person("maria.2", "Maria Santos")))

    ran = desk.run("end", "--person", "Maria Santos", "--yes", "--json")

    assert ran.code == 2
    assert "maria.2, maria.santos" in ran.json["error"]["message"]
    assert desk.operator.effects == {}


def test_person_never_ends_the_session_of_this_console(desk: Desk) -> None:
    desk.operator.appear(session("phone", DANA))

    ran = desk.run("end", "--person", "dana.whitlock", "--yes", "--json")

    assert [result["id"] for result in ran.json["results"]] == ["harbour:phone"]
    assert desk.run("list").code == 0


def test_a_person_with_nothing_to_end_is_no_failure(desk: Desk) -> None:
    ran = desk.run("end", "--person", "dana.whitlock", "--yes", "--json")

    assert (ran.code, ran.json) == (0, {"results": []})


def test_others_are_all_but_this_console(desk: Desk) -> None:
    ran = desk.run("end", "--others", "--yes", "--json")

    assert ran.code == 0
    assert ran.outcomes == ["proved-gone"] * 3
    assert list(desk.operator.sessions) == [OWN]


def test_its_own_session_is_ended_when_its_handle_is_given(desk: Desk) -> None:
    ran = desk.run("end", OWN, STRANGER, "--yes", "--json")

    assert ran.code == 0
    assert ran.outcomes == ["proved-gone", "proved-gone"]
    assert desk.run("list").code == 3


def test_where_the_platform_does_not_say_which_is_this_console_others_are_not_guessed() -> None:
    rows = [a_row(a_session(n, person=p, is_current=None)) for n, p in enumerate((DANA, MARIA))]

    with pytest.raises(WrongUse, match="does not say which"):
        without_this_console(rows, rows, DANA.account)
    assert without_this_console(rows[1:], rows, DANA.account) == rows[1:]


def test_a_handle_that_was_never_ours_is_exit_2(desk: Desk) -> None:
    ran = desk.run("end", "harbour:typo", STRANGER, "--yes", "--json")

    assert ran.code == 2
    assert "harbour:typo" in ran.json["error"]["message"]
    assert desk.operator.effects == {}


def test_a_session_that_left_by_itself_was_gone_already(desk: Desk) -> None:
    desk.run("list")
    desk.operator.vanish(STRANGER)

    assert desk.run("end", STRANGER, "--yes", "--json").outcomes == ["already-gone"]
    again = desk.run("end", STRANGER, "--yes", "--json")
    assert (again.code, again.outcomes) == (0, ["already-gone"])
    assert desk.operator.effects == {}


def test_a_session_of_an_earlier_list_was_gone_already(desk: Desk) -> None:
    desk.run("list")
    desk.operator.vanish(STRANGER)
    desk.run("list")

    assert desk.run("end", STRANGER, "--yes", "--json").outcomes == ["already-gone"]


def test_a_handle_given_twice_is_one_order(desk: Desk) -> None:
    assert desk.run("end", STRANGER, STRANGER, "--yes", "--json").outcomes == ["proved-gone"]


def test_a_platform_that_lets_credentials_live_on_is_believed(desk: Desk) -> None:
    about = desk.operator.about
    desk.operator.about = replace(
        about, capabilities=replace(about.capabilities, revocation_delay=timedelta(minutes=5))
    )

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (0, ["gone-lingering"])
    assert ran.json["results"][0]["may_work_until"] == "2026-11-24T09:05:00Z"


def test_still_listed_is_exit_1(desk: Desk) -> None:
    desk.operator.never_gone.add(STRANGER)

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (1, ["still-listed"])


def test_a_refusal_is_exit_1_and_beside_a_success_exit_5(desk: Desk) -> None:
    desk.operator.refused.add(STRANGER)

    assert desk.run("end", STRANGER, "--yes", "--json").code == 1
    ran = desk.run("end", STRANGER, PC, "--yes", "--json")
    assert (ran.code, ran.outcomes) == (5, ["refused", "proved-gone"])


def test_unreachable_takes_the_order_back(desk: Desk) -> None:
    desk.run("list")
    desk.operator.fail("open", Unreachable(), times=9)

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (4, ["withdrawn"])
    assert ran.json["error"]["code"] == "unreachable"
    (order,) = desk.run("outbox", "--json").json["orders"]
    assert order["state"] == "withdrawn"


def test_unreachable_keeps_the_order_where_that_is_wanted(desk: Desk) -> None:
    desk.run("list")
    desk.operator.fail("open", Unreachable(), times=9)

    ran = desk.run("end", STRANGER, PC, "--yes", "--json", "--offline-queue")

    assert (ran.code, ran.outcomes) == (4, ["queued", "queued"])
    assert "error" not in ran.json
    listed = desk.run("list", "--offline", "--json").json["sessions"]
    assert {s["id"]: s["state"] for s in listed}[STRANGER] == "queued"


def test_unreachable_leaves_the_orders_of_others_as_they_are(desk: Desk) -> None:
    desk.run("list")
    run(desk.store.outbox.add(_waiting(OrderState.HELD)))
    desk.operator.fail("open", Unreachable(), times=9)
    desk.run("end", PC, "--yes", "--offline-queue")

    ran = desk.run("end", STRANGER, PC, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (4, ["queued", "queued"])
    orders = desk.run("outbox", "--json").json["orders"]
    assert {order["session"]: order["state"] for order in orders} == {STRANGER: "held", PC: "queued"}


def test_an_order_that_was_there_before_outlives_a_command_that_fails(desk: Desk) -> None:
    desk.run("list")
    run(desk.store.outbox.add(_waiting(OrderState.QUEUED)))
    desk.operator.fail("end", Unreachable(), times=9)

    ran = desk.run("end", STRANGER, PC, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (5, ["queued", "withdrawn"])


def test_unreachable_puts_no_order_where_a_window_could_send_it_unasked(desk: Desk) -> None:
    desk.run("list")
    desk.operator.fail("open", Unreachable(), times=9)

    ran = desk.run("end", STRANGER, "--json", person=[])

    assert (ran.code, ran.outcomes) == (4, ["withdrawn"])
    assert [order.state for order in desk.store.outbox.written] == [OrderState.HELD, OrderState.WITHDRAWN]


def test_unreachable_in_between_is_exit_5_where_something_was_done(desk: Desk) -> None:
    desk.operator.fail("end", Unreachable(), times=1)

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (4, ["withdrawn"])


def test_unreachable_without_a_stored_list_is_only_an_error(desk: Desk) -> None:
    desk.operator.fail("open", Unreachable())

    ran = desk.run("end", STRANGER, "--yes", "--json", "--offline-queue")

    assert ran.code == 4
    assert ran.json["error"]["code"] == "unreachable"


def test_a_lost_answer_is_looked_up_and_has_one_effect(desk: Desk) -> None:
    desk.operator.fail("end", AnswerLost(), after=True)

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (0, ["proved-gone"])
    assert desk.operator.effects == {STRANGER: 1}


def test_a_lost_answer_and_no_list_afterwards_is_not_known(desk: Desk) -> None:
    desk.run("list")
    desk.operator.fail("end", AnswerLost(), after=True)
    lost = desk.operator.hold("end")
    lost.set()
    _fail_lists_after_the_end(desk)

    ran = desk.run("end", STRANGER, "--yes", "--json", "--timeout", "20")

    assert (ran.code, ran.outcomes) == (1, ["unknown"])
    (order,) = desk.run("outbox", "--json").json["orders"]
    assert order["state"] == "unknown"
    listed = desk.run("list", "--offline", "--json").json["sessions"]
    assert {s["id"]: s["state"] for s in listed}[STRANGER] == "ending"


def _fail_lists_after_the_end(desk: Desk) -> None:
    """The network goes while the answer to the end is on its way."""
    meet = desk.operator.meet

    def watched(call: str) -> None:
        if call == "end":
            desk.operator.fail("list_sessions", Unreachable(), times=10_000)
        meet(call)

    desk.operator.meet = watched  # type: ignore[method-assign]


def test_a_platform_that_asks_to_wait_is_waited_for(desk: Desk) -> None:
    desk.operator.fail("end", RateLimited(retry_after=5))

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (0, ["proved-gone"])


def test_a_platform_that_asks_to_wait_too_long_gets_the_order_back(desk: Desk) -> None:
    desk.operator.fail("end", RateLimited(retry_after=120))

    ran = desk.run("end", STRANGER, "--yes", "--json", "--timeout", "10")

    assert (ran.code, ran.outcomes) == (4, ["withdrawn"])


@pytest.mark.parametrize(
    ("options", "stdin"), [(("--otp", "123456"), ""), (("--password-stdin",), "123456\n")]
)
def test_a_fresh_proof_is_given_once_and_then_it_goes_on(
    desk: Desk, options: tuple[str, ...], stdin: str
) -> None:
    desk.operator.reauthentication = (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)

    ran = desk.run("end", STRANGER, "--yes", "--json", *options, stdin=stdin)

    assert (ran.code, ran.outcomes) == (0, ["proved-gone"])


def test_a_person_is_asked_for_the_password_where_the_platform_wants_it(desk: Desk) -> None:
    desk.operator.reauthentication = (FactorMethod.PASSWORD,)

    ran = desk.run("end", STRANGER, person=["y", "Reef-2026"])

    assert ran.code == 0
    assert desk.asked == ["Password: "]


def test_a_code_that_is_wanted_after_the_password_is_asked_for_too(desk: Desk) -> None:
    desk.operator.reauthentication = (FactorMethod.PASSWORD,)
    desk.operator.more_proofs = [(FactorMethod.TOTP,)]

    ran = desk.run("end", STRANGER, person=["y", "Reef-2026", "123456"])

    assert ran.code == 0
    assert desk.asked == ["Password: ", "Code: "]


@pytest.mark.parametrize(
    ("options", "code"), [((), "reauthentication-needed"), (("--otp", "000000"), "second-factor-refused")]
)
def test_without_the_proof_the_order_is_taken_back_and_exit_3(
    desk: Desk, options: tuple[str, ...], code: str
) -> None:
    desk.operator.reauthentication = (FactorMethod.TOTP,)

    ran = desk.run("end", STRANGER, "--yes", "--json", *options)

    assert (ran.code, ran.outcomes) == (3, ["withdrawn"])
    assert ran.json["error"]["code"] == code
    assert desk.operator.effects == {}


def test_a_sign_in_that_ended_is_exit_3(desk: Desk) -> None:
    desk.operator.fail("end", SignInExpired())

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (3, ["withdrawn"])


def test_not_signed_in_is_exit_3() -> None:
    ran = Desk().run("end", STRANGER, "--yes", "--json")

    assert ran.code == 3
    assert ran.json["error"]["code"] == "sign-in-needed"


def test_an_order_that_the_window_still_holds_is_let_go_at_once(desk: Desk) -> None:
    desk.run("list")
    run(desk.store.outbox.add(_waiting(OrderState.HELD)))

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert ran.outcomes == ["proved-gone"]
    assert [order["order"] for order in desk.run("outbox", "--json").json["orders"]] == ["earlier"]


def test_an_order_that_waited_for_long_needs_no_second_question(desk: Desk) -> None:
    desk.run("list")
    run(desk.store.outbox.add(_waiting(OrderState.QUEUED)))
    desk.clock.advance(3600)

    assert desk.run("end", STRANGER, "--yes", "--json").outcomes == ["proved-gone"]
    assert desk.operator.effects == {STRANGER: 1}


def test_while_the_window_sends_the_command_waits_no_longer_than_it_may(desk: Desk) -> None:
    desk.locks.held_elsewhere.add(SENDING)

    ran = desk.run("end", STRANGER, "--yes", "--json", "--timeout", "5")

    assert (ran.code, ran.outcomes) == (1, ["withdrawn"])
    assert ran.json["results"][0]["code"] == "timed-out"
    assert desk.operator.effects == {}


def test_an_order_that_the_window_carries_out_meanwhile_counts(desk: Desk) -> None:
    class Window(FakeLocks):
        """Another process: while a command waits for the lock, it sends what is in the outbox."""

        @asynccontextmanager
        async def exclusive(self, name: str, timeout: float) -> AsyncIterator[bool]:
            if name == SENDING:
                for order in await desk.store.outbox.orders():
                    gone = replace(
                        order,
                        state=OrderState.SETTLED,
                        outcome=Outcome.PROVED_GONE,
                        settled_at=desk.clock.now(),
                    )
                    await desk.store.outbox.change(gone, expected=OrderState.QUEUED)
                yield False
                return
            async with super().exclusive(name, timeout) as mine:
                yield mine

    desk.locks = Window()

    ran = desk.run("end", STRANGER, "--yes", "--json")

    assert (ran.code, ran.outcomes) == (0, ["proved-gone"])
    assert "end" not in desk.operator.calls


def test_a_platform_that_does_not_answer_in_time_leaves_a_sent_order(desk: Desk) -> None:
    gate: asyncio.Event = desk.operator.hold("end")

    ran = desk.run("end", STRANGER, "--yes", "--json", "--timeout", "0.2")

    assert not gate.is_set()
    assert (ran.code, ran.outcomes) == (1, ["unknown"])
    (order,) = desk.run("outbox", "--json").json["orders"]
    assert order["state"] == "sent", "the list is read before it is ever sent again"


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "soon"])
def test_a_timeout_is_a_time(desk: Desk, seconds: str) -> None:
    assert desk.run("end", STRANGER, "--yes", "--timeout", seconds).code == 2


def test_without_a_keyring_one_call_signs_in_ends_and_signs_out_again() -> None:
    desk = Desk(session("stranger"), session("sam", SAM), vault=MemoryVault())

    ran = desk.run("end", STRANGER, "--yes", "--json", *ONE_CALL, stdin="Reef-2026\n")

    assert (ran.code, ran.outcomes) == (0, ["proved-gone"])
    assert list(desk.operator.sessions) == [session("sam").handle]
    assert desk.store.outbox.written == []


def test_another_platform_is_exit_2(desk: Desk) -> None:
    assert desk.run("end", STRANGER, "--yes", "--platform", "elsewhere").code == 2
    assert desk.run("end", STRANGER, "--yes", "--platform", "harbour").code == 0


def _waiting(state: OrderState) -> Order:
    stranger = session("stranger", MARIA, device=Device(DeviceType.DESKTOP, "Windows 11", "Chrome"))
    return an_order(stranger, state, id="earlier", platform="harbour", account=DANA.account, ordered_at=START)
