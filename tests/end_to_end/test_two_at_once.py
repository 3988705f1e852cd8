"""Two processes at once on one home: one order and one renewal, by the platform's own count, whoever is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sessionconsole.demo.accounts import FIXED_PASSWORDS, SECOND_MANAGER
from tests.end_to_end.processes import Process, effects, home_with_keyring, signed_in, twins
from tests.servers import STILL, DemoServer

PERSON = "maria.santos"
TOKEN_LIFE = 301.0  # world seconds after which an access token of the demo platform is too old

pytestmark = pytest.mark.needs("dbus-daemon", "gnome-keyring-daemon")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    with home_with_keyring(tmp_path) as environment:
        yield environment


def sign_in(process: Process, server: DemoServer) -> dict[str, object]:
    return process.does("sign-in", server.url, server.username, server.password, server.recovery_code())


# -------------------------------------------------------------------------------------------- sending


def test_the_same_order_is_sent_by_one_of_two(home: dict[str, str]) -> None:
    with DemoServer("--latency", "100", *STILL) as server:
        signed_in(home, server)
        with twins(home) as (one, other):
            assert one.does("refresh")["link"] == other.does("refresh")["link"] == "live"
            one.does("order", PERSON)
            assert other.does("look")["open"] == 1

            for each in (one, other):
                each.asked("work-off", "20")
            told = [each.done("work-off") for each in (one, other)]

            assert [line["problem"] for line in told] == [None, None]
            assert [line["outcomes"] for line in told] == [["proved-gone"]] * 2
            assert effects(server) == [1]
            assert server.effects()["end_requests"] == 1


@pytest.mark.slow
def test_while_both_run_each_says_what_became_of_an_order_of_either(home: dict[str, str]) -> None:
    with DemoServer("--latency", "50", *STILL) as server:
        signed_in(home, server)
        with twins(home) as (one, other):
            for each in (one, other):
                each.does("run")
                each.until(lambda line: line.get("link") == "live")
            one.does("order", PERSON)
            other.does("order", "tom.breuer")

            for each in (one, other):
                each.until(lambda line: line.get("outcomes") == ["proved-gone"] * 2)

            assert effects(server) == [1, 1]
            assert server.effects()["end_requests"] in (1, 2), "two that wait at once go together"


def test_killed_while_it_sends_the_other_goes_on(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (sender, other):
            for each in (sender, other):
                each.does("refresh")
            server.fault("DELETE /v1/sessions", "slow-drip")
            sender.does("order", PERSON)
            sender.asked("work-off", "0")
            while not effects(server):
                pass  # done on the platform, and the answer is still on its way
            other.asked("work-off", "20")  # waits for the lock
            sender.killed()

            assert other.done("work-off")["outcomes"] == ["proved-gone"]
            assert other.does("refresh")["link"] == "live"
            assert effects(server) == [1]
            assert server.effects()["end_requests"] == 1


# ------------------------------------------------------------------------------------------- renewing


def test_with_a_token_too_old_two_renew_it_once(home: dict[str, str]) -> None:
    with DemoServer("--latency", "50", *STILL) as server:
        signed_in(home, server)
        with twins(home) as both:
            for each in both:
                assert each.does("refresh")["link"] == "live"
            for renewals in (1, 2, 3):
                server.advance(TOKEN_LIFE)
                for each in both:
                    each.asked("refresh")

                assert [each.done("refresh")["link"] for each in both] == ["live", "live"]
                assert server.effects()["refreshes"] == renewals


@pytest.mark.slow
def test_killed_before_its_renewal_was_sent_the_other_renews(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (first, other):
            other.does("refresh")
            server.advance(TOKEN_LIFE)
            first.does("hold-renewal")
            other.asked("refresh")  # waits for the lock
            first.killed()

            assert other.done("refresh")["link"] == "live"
            assert server.effects()["refreshes"] == 1


def test_killed_while_it_renews_its_refresh_token_is_not_sent_again(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (first, other):
            for each in (first, other):
                each.does("refresh")
            server.advance(TOKEN_LIFE)
            server.fault("POST /v1/token", "slow-drip")
            first.asked("refresh")
            while not server.effects()["refreshes"]:
                pass  # renewed on the platform; the new tokens are still on their way
            first.killed()

            told = other.does("refresh")

            # The new tokens died with the process. To send the old one again would have the platform end the session
            # as stolen, so one has to sign in anew, and is told so.
            assert (told["link"], told["problem"]) == ("sign-in-needed", "sign-in-expired")
            assert server.effects() == {"ended": {}, "end_requests": 0, "refreshes": 1}
            sign_in(other, server)
            assert other.does("refresh")["link"] == "live"


# ------------------------------------------------------------------------------- signing out and in


def test_signed_out_in_one_the_other_says_so_and_loses_no_order(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (one, other):
            for each in (one, other):
                each.does("refresh")
            other.does("order", PERSON)  # nobody sends yet

            assert one.does("sign-out")["revoked"] is True

            told = other.does("refresh")
            assert (told["link"], told["problem"]) == ("sign-in-needed", "sign-in-expired")
            assert other.does("look")["open"] == 1
            assert effects(server) == [1], "that is the sign-out"

            sign_in(other, server)
            other.does("refresh")
            assert other.does("work-off", "5")["outcomes"] == ["proved-gone"]


@pytest.mark.slow
def test_signed_in_anew_in_one_the_other_goes_on_with_it(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (one, other):
            for each in (one, other):
                each.does("refresh")
            sign_in(one, server)

            assert other.does("refresh")["link"] == "live"
            assert one.does("refresh")["link"] == "live"


@pytest.mark.slow
def test_signed_out_and_in_again_in_one_the_other_comes_back_by_itself(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (one, other):
            for each in (one, other):
                each.does("refresh")
            one.does("sign-out")
            assert other.does("refresh")["link"] == "sign-in-needed"
            sign_in(one, server)

            assert other.does("refresh")["link"] == "live"


def test_signed_in_as_a_colleague_in_one_the_other_shows_and_sends_nothing_in_their_name(
    home: dict[str, str],
) -> None:
    with DemoServer(*STILL) as server:
        signed_in(home, server)
        with twins(home) as (one, other):
            for each in (one, other):
                each.does("refresh")
            other.does("order", PERSON)
            one.does("sign-out")
            colleague = FIXED_PASSWORDS[SECOND_MANAGER]
            assert "error" not in one.does("sign-in", server.url, SECOND_MANAGER, colleague, "")
            assert one.does("refresh")["link"] == "live"
            ended = effects(server)

            assert other.does("refresh")["link"] == "sign-in-needed"
            assert one.does("work-off", "5")["outcomes"] == [], "the order is the other manager's"
            assert other.does("work-off", "5")["outcomes"] == []
            assert other.does("look")["open"] == 1
            assert effects(server) == ended


@pytest.mark.slow
def test_signed_in_as_somebody_else_in_one_the_other_shows_nothing_of_it(home: dict[str, str]) -> None:
    with DemoServer(*STILL) as server, DemoServer(*STILL) as elsewhere:
        signed_in(home, server)
        with twins(home) as (one, other):
            for each in (one, other):
                each.does("refresh")
            other.does("order", PERSON)
            one.does("sign-out")
            sign_in(one, elsewhere)
            assert one.does("refresh")["link"] == "live"

            told = other.does("refresh")
            assert (told["link"], told["problem"]) == ("sign-in-needed", "sign-in-expired")
            assert one.does("work-off", "5")["outcomes"] == [], "an order never moves to another platform"
            assert other.does("look")["open"] == 1
            assert effects(elsewhere) == []
