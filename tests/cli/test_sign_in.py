"""`sign-in` and `sign-out`."""

from __future__ import annotations

import pytest

from sessionconsole.cli.prompts import code_of
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import KeyringFull, KeyringLocked, KeyringMissing, TooManyTries, Unreachable
from sessionconsole.vault.memory_vault import MemoryVault
from tests.cli.desk import Desk
from tests.fakes.platform import ABOUT
from tests.fakes.vault import FakeVault

SIGN_IN = ("sign-in", "--url", ABOUT.address, "--username", "dana.whitlock")


def test_a_person_is_asked_for_user_name_password_and_code() -> None:
    desk = Desk()

    ran = desk.run("sign-in", "--url", ABOUT.address, person=["dana.whitlock", "Reef-2026", "123456"])

    assert ran.code == 0
    assert "Signed in to Harbour & Reef Tours as Dana Whitlock." in ran.err
    assert ran.out == ""
    assert desk.asked == ["Password for dana.whitlock: ", "Code: "]


def test_a_script_writes_one_line_for_each_secret() -> None:
    ran = Desk().run(*SIGN_IN, "--password-stdin", stdin="Reef-2026\n123456\n")

    assert ran.code == 0


def test_a_code_that_is_not_six_digits_is_a_recovery_code() -> None:
    desk = Desk()
    desk.operator.code = "k3x9-22fq"

    assert desk.run(*SIGN_IN, "--password-stdin", "--otp", "k3x9-22fq", stdin="Reef-2026\n").code == 0


def test_a_person_may_have_a_code_sent() -> None:
    desk = Desk()
    desk.operator.factors = (FactorMethod.TOTP, FactorMethod.MAILED_CODE)

    ran = desk.run(*SIGN_IN, person=["Reef-2026", "", "123456"])

    assert ran.code == 0
    assert "press Enter without one" in ran.err
    assert desk.operator.calls.count("send_code") == 1


def test_a_code_is_of_a_kind_that_the_platform_takes() -> None:
    desk = Desk()
    desk.operator.factors = (FactorMethod.MAILED_CODE,)

    assert desk.run(*SIGN_IN, person=["Reef-2026", "123456"]).code == 0
    assert desk.operator.calls.count("send_code") == 1


def test_secrets_are_never_shown() -> None:
    ran = Desk().run(*SIGN_IN, "--password-stdin", "--otp", "999999", stdin="Reef-2026\n")

    assert ran.code == 3
    assert "999999" not in ran.out + ran.err
    assert "Reef-2026" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("wrong\n123456\n", "User name or password is wrong."),
        ("Reef-2026\n000000\n", "The code was not accepted."),
        ("Reef-2026\n", "asks for a code"),
        ("", "Standard input ended"),
    ],
)
def test_what_the_platform_does_not_accept_is_exit_3(stdin: str, told: str) -> None:
    ran = Desk().run(*SIGN_IN, "--password-stdin", stdin=stdin)

    assert ran.code == 3
    assert told in ran.err


def test_too_many_tries_is_exit_3_and_no_network_exit_4() -> None:
    desk = Desk()
    desk.operator.fail("sign_in", TooManyTries())
    desk.operator.fail("open", Unreachable())

    assert desk.run(*SIGN_IN, "--password-stdin", stdin="Reef-2026\n").code == 4
    assert desk.run(*SIGN_IN, "--password-stdin", stdin="Reef-2026\n").code == 3


def test_another_address_has_no_platform() -> None:
    ran = Desk().run(
        "sign-in", "--url", "https://other.example", "--username", "d", "--password-stdin", stdin="x\n"
    )

    assert ran.code == 1
    assert "no booking platform" in ran.err


def test_without_a_terminal_the_password_has_to_be_written_to_standard_input() -> None:
    ran = Desk().run(*SIGN_IN)

    assert ran.code == 2
    assert "--password-stdin" in ran.err


def test_without_a_keyring_nothing_is_sent_and_the_way_out_is_named() -> None:
    desk = Desk(vault=MemoryVault())
    desk.notices = (KeyringMissing(),)

    ran = desk.run(*SIGN_IN, "--password-stdin", "--otp", "123456", stdin="Reef-2026\n")

    assert ran.code == 1
    assert "no password store" in ran.err
    assert "--url, --username and --password-stdin with list or end" in ran.err
    assert desk.operator.calls == []


def test_a_keyring_that_takes_nothing_more_ends_the_sign_in_again() -> None:
    class Full(MemoryVault):
        kept = True

        async def write(self, name: str, secret: str) -> None:
            raise KeyringFull

    desk = Desk(vault=Full())

    ran = desk.run(*SIGN_IN, "--password-stdin", "--otp", "123456", stdin="Reef-2026\n")

    assert ran.code == 1
    assert desk.operator.sessions == {}, "the sign-in is revoked"


def test_a_password_alone_is_enough_where_the_platform_asks_no_more() -> None:
    desk = Desk()
    desk.operator.factors = ()

    assert desk.run(*SIGN_IN, "--password-stdin", stdin="Reef-2026\n").code == 0


def test_one_kind_of_code_is_taken_for_that_kind() -> None:
    desk = Desk()
    desk.operator.factors = (FactorMethod.RECOVERY_CODE,)

    assert desk.run(*SIGN_IN, "--password-stdin", "--otp", "123456", stdin="Reef-2026\n").code == 0


def test_signing_out_revokes_and_the_next_list_needs_a_sign_in(desk: Desk) -> None:
    before = len(desk.operator.sessions)

    ran = desk.run("sign-out")

    assert ran.code == 0
    assert len(desk.operator.sessions) == before - 1
    assert desk.run("list").code == 3
    assert desk.run("sign-out").code == 3


def test_signing_out_without_network_says_that_it_is_revoked_later_and_does_so(desk: Desk) -> None:
    before = len(desk.operator.sessions)
    desk.operator.fail("open", Unreachable())

    ran = desk.run("sign-out")

    assert ran.code == 4
    assert "within 7 days" in ran.err
    assert len(desk.operator.sessions) == before
    desk.sign_in()
    assert len(desk.operator.sessions) == before, "the new one is there, the old one is revoked"


def test_a_keyring_that_does_not_let_go_of_the_sign_in_is_told_and_fails() -> None:
    class Jammed(FakeVault):
        jammed = False

        async def delete(self, name: str) -> None:
            if self.jammed:
                raise KeyringLocked
            await super().delete(name)

    vault = Jammed()
    desk = Desk(vault=vault)
    desk.sign_in()
    vault.jammed = True

    ran = desk.run("sign-out")

    assert ran.code == 1
    assert "could not be removed" in ran.err


def test_sign_out_may_forget_the_stored_list(desk: Desk) -> None:
    desk.run("list")

    assert desk.run("sign-out", "--forget").code == 0

    desk.sign_in()
    assert desk.run("list", "--offline").code == 1


def test_another_platform_is_not_signed_out_of(desk: Desk) -> None:
    ran = desk.run("sign-out", "--platform", "elsewhere")

    assert ran.code == 2
    assert "signed in to harbour" in ran.err


def test_a_locked_keyring_is_told_by_every_command() -> None:
    desk = Desk(vault=MemoryVault())
    desk.notices = (KeyringLocked(),)

    ran = desk.run("list")

    assert ran.code == 3
    assert "is locked" in ran.err


@pytest.mark.parametrize(
    ("typed", "methods", "meant"),
    [
        ("123456", "both", (FactorMethod.TOTP, "123456")),
        (" 123 456 ", "both", (FactorMethod.TOTP, "123456")),
        ("1234567", "both", (FactorMethod.RECOVERY_CODE, "1234567")),
        ("١٢٣٤٥٦", "both", (FactorMethod.RECOVERY_CODE, "١٢٣٤٥٦")),
        ("123456", "recovery", (FactorMethod.RECOVERY_CODE, "123456")),
    ],
)
def test_what_a_code_is_taken_for(typed: str, methods: str, meant: tuple[FactorMethod, str]) -> None:
    both = (FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)

    assert code_of(typed, both if methods == "both" else both[1:]) == meant
