"""The keyring of the system: what is kept in it, and what happens where it does not keep its word."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import traceback
from pathlib import Path

import keyring.errors
import pytest
import secretstorage.exceptions

from sessionconsole.domain.errors import (
    KeyringForgets,
    KeyringFull,
    KeyringHangs,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringReplaced,
)
from sessionconsole.services.ports import VAULT_NAMES, Vault
from sessionconsole.vault.backends import Backend, Chosen, allowed_on, choose
from sessionconsole.vault.keyring_vault import PART, KeyringVault
from tests.contracts.vault_contract import LONG, VaultContract
from tests.helpers import run, until
from tests.vault.backends import (
    ClingingKeyring,
    Died,
    DoublingKeyring,
    DyingKeyring,
    FakeKeyring,
    FakeMemory,
    ForgetfulKeyring,
    HangingKeyring,
    RaisingKeyring,
    RefusingKeyring,
)

CANARY = "c4n4ry-secret"


def vault_on(backend: Backend, store_id: str = "home-1", limit: float = 5.0) -> KeyringVault:
    return KeyringVault(store_id, FakeMemory(), lambda _: Chosen(backend, "fake", "Fake"), limit)


class TestContract(VaultContract):
    def vault(self) -> Vault:
        return vault_on(FakeKeyring())


class TestContractWhereEntriesAreDoubled(VaultContract):
    def vault(self) -> Vault:
        return vault_on(DoublingKeyring())


# --------------------------------------------------------------------------------------------- entries


def test_entries_are_named_by_service_and_home() -> None:
    backend = FakeKeyring()

    run(vault_on(backend).write("sign-in", "secret"))

    assert list(backend.entries) == [("sessionconsole", "home-1/sign-in")]


def test_two_homes_do_not_touch_each_other() -> None:
    async def story() -> None:
        backend = FakeKeyring()
        one, other = vault_on(backend, "home-1"), vault_on(backend, "home-2")
        await one.write("sign-in", LONG)
        await other.write("sign-in", "other")
        await one.forget_everything()
        assert await other.read("sign-in") == "other"
        assert len(backend.entries) == 1

    run(story())


def test_no_entry_is_longer_than_windows_takes() -> None:
    backend = FakeKeyring()

    run(vault_on(backend).write("sign-in", LONG))
    run(vault_on(backend).write("store-key", "🗝" * 5000))

    assert max(len(text) for text in backend.entries.values()) <= PART
    assert max(len(text.encode("utf-16")) for text in backend.entries.values()) < 2560


@pytest.mark.parametrize("old", [None, "old", LONG[:2500], LONG])
@pytest.mark.parametrize("new", ["new", LONG[::-1][:2500], LONG[::-1]])
def test_whenever_the_program_dies_the_old_secret_or_the_new_one_is_whole(old: str | None, new: str) -> None:
    async def story() -> None:
        backend = FakeKeyring()
        if old is not None:
            await vault_on(backend).write("sign-in", old)
        before = dict(backend.entries)
        for changes in range(100):
            dying = DyingKeyring(dict(before), changes)
            try:
                await vault_on(dying).write("sign-in", new)
                died = False
            except Died:
                died = True
            after = FakeKeyring()
            after.entries = dying.entries
            assert await vault_on(after).read("sign-in") in (old, new)

            await vault_on(after).forget_everything()
            assert not after.entries, f"left behind after a death at change {changes}"
            if not died:
                return
        raise AssertionError("the write never came to its end")

    run(story())


def test_what_a_crash_left_behind_goes_with_the_next_write() -> None:
    async def story() -> None:
        dying = DyingKeyring({}, 5)
        with pytest.raises(Died):
            await vault_on(dying).write("sign-in", LONG)
        dying.changes = 1000
        await vault_on(dying).write("sign-in", "short")
        assert list(dying.entries.values()) == ["=short"]

    run(story())


def test_a_part_that_was_lost_is_told() -> None:
    async def story() -> None:
        backend = FakeKeyring()
        await vault_on(backend).write("sign-in", LONG)
        del backend.entries["sessionconsole", "home-1/sign-in/a/7"]
        with pytest.raises(KeyringForgets):
            await vault_on(backend).read("sign-in")

    run(story())


def test_a_reader_beside_a_writer_sees_the_old_secret_or_the_new() -> None:
    class Meanwhile(FakeKeyring):
        """Another process writes the secret anew between two calls of the reader."""

        moment = 4

        def get_password(self, service: str, username: str, /) -> str | None:
            answer = super().get_password(service, username)
            if self.calls == self.moment:
                other = FakeKeyring()
                other.entries = self.entries
                asyncio.run(vault_on(other).write("sign-in", LONG[::-1]))
            return answer

    async def story() -> None:
        filled = FakeKeyring()
        await vault_on(filled).write("sign-in", LONG)
        backend = Meanwhile()
        backend.entries = filled.entries
        assert await vault_on(backend).read("sign-in") == LONG[::-1]

    run(story())


# -------------------------------------------------------------------------------------------- problems


class WindowsError8(Exception):
    winerror = 8


class WindowsError1783(Exception):
    winerror = 1783


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (keyring.errors.NoKeyringError(CANARY), KeyringMissing),
        (secretstorage.exceptions.SecretServiceNotAvailableException(CANARY), KeyringMissing),
        (keyring.errors.InitError(CANARY), KeyringLocked),
        (keyring.errors.KeyringLocked(CANARY), KeyringLocked),
        (secretstorage.exceptions.PromptDismissedException(CANARY), KeyringLocked),
        (keyring.errors.PasswordSetError("Cancelled by user"), KeyringLocked),
        (WindowsError8(CANARY), KeyringFull),
        (WindowsError1783(CANARY), KeyringFull),
        (OSError(CANARY), KeyringProblem),
        (UnicodeEncodeError("utf-8", CANARY, 0, 1, "no"), KeyringProblem),
    ],
)
def test_what_a_back_end_raises_is_told_in_our_words_without_the_secret(
    raised: Exception, told: type[KeyringProblem]
) -> None:
    with pytest.raises(KeyringProblem) as caught:
        run(vault_on(RaisingKeyring(raised)).write("sign-in", CANARY))

    assert type(caught.value) is told
    assert CANARY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


def test_a_keyring_that_is_full_leaves_the_old_secret() -> None:
    async def story() -> None:
        backend = RefusingKeyring(WindowsError8())
        backend.entries["sessionconsole", "home-1/sign-in"] = "=old"
        with pytest.raises(KeyringFull):
            await vault_on(backend).write("sign-in", LONG)
        assert await vault_on(backend).read("sign-in") == "old"

    run(story())


def test_a_keyring_that_keeps_nothing_is_noticed_at_once() -> None:
    with pytest.raises(KeyringForgets):
        run(vault_on(ForgetfulKeyring()).write("sign-in", "secret"))


def test_a_keyring_that_does_not_delete_is_noticed() -> None:
    async def story() -> None:
        vault = vault_on(ClingingKeyring())
        await vault.write("sign-in", "secret")
        with pytest.raises(KeyringProblem):
            await vault.delete("sign-in")

    run(story())


def test_a_keyring_that_hangs_is_not_waited_for_and_its_late_answer_loses() -> None:
    async def story() -> None:
        backend = HangingKeyring()
        backend.entries["sessionconsole", "home-1/sign-in"] = "=old"
        vault = vault_on(backend, limit=0.1)
        with pytest.raises(KeyringHangs):
            await vault.read("sign-in")
        # Nothing queues up behind the call that hangs.
        for name in VAULT_NAMES:
            with pytest.raises(KeyringHangs):
                await asyncio.wait_for(vault.write(name, "new"), 0.05)

        backend.mended.set()
        await until(lambda: backend.calls == 1)
        while True:
            try:
                assert await vault.read("sign-in") == "old"
                return
            except KeyringHangs:
                await asyncio.sleep(0)

    run(story())


def test_a_keyring_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    script = """
import asyncio, threading
from sessionconsole.domain.errors import KeyringHangs
from sessionconsole.vault.keyring_vault import KeyringVault
class Nothing:
    def recall(self): return None
async def story():
    try:
        await KeyringVault("home", Nothing(), lambda _: threading.Event().wait(), 0.05).read("sign-in")
    except KeyringHangs:
        print("hangs")
asyncio.run(story())
"""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2] / "src",
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    assert ended.stdout == "hangs\n"


# ----------------------------------------------------------------------------- one in another's place


class Computer:
    """Which keyrings run on it today, best first."""

    def __init__(self, **running: Backend) -> None:
        self.running = running

    def choose(self, remembered: str | None) -> Chosen:
        for name in sorted(self.running, key=lambda name: name != remembered):
            missed = remembered if remembered not in (None, name) else None
            return Chosen(self.running[name], name, name.title(), missed and missed.title())
        raise KeyringMissing


def test_the_home_remembers_which_keyring_has_its_entries_and_stays_with_it() -> None:
    async def story() -> None:
        memory, wallet = FakeMemory(), FakeKeyring()
        computer = Computer(wallet=wallet)
        assert await KeyringVault("home", memory, computer.choose).read("sign-in") is None
        assert memory.recall() is None, "nothing is kept there yet"
        await KeyringVault("home", memory, computer.choose).write("sign-in", "secret")
        assert memory.recall() == "wallet"

        computer.running = {"better": FakeKeyring(), "wallet": wallet}
        assert await KeyringVault("home", memory, computer.choose).read("sign-in") == "secret"

    run(story())


def test_another_keyring_in_its_place_is_told_and_neither_read_nor_written() -> None:
    async def story() -> None:
        memory, gnome, wallet = FakeMemory(), FakeKeyring(), FakeKeyring()
        computer = Computer(gnome=gnome)
        await KeyringVault("home", memory, computer.choose).write("store-key", "key")

        computer.running = {"wallet": wallet}
        vault = KeyringVault("home", memory, computer.choose)
        for use in (vault.read("store-key"), vault.write("sign-in", "secret"), vault.forget_everything()):
            with pytest.raises(KeyringReplaced, match="locked with Gnome, which is not there now"):
                await use
        assert wallet.entries == {}
        assert memory.recall() == "gnome"

        computer.running = {"wallet": wallet, "gnome": gnome}  # it is back
        assert await vault.read("store-key") == "key"

    run(story())


def test_entries_that_somebody_moved_to_another_keyring_are_taken_from_there() -> None:
    async def story() -> None:
        memory, gnome, wallet = FakeMemory(), FakeKeyring(), FakeKeyring()
        computer = Computer(gnome=gnome)
        await KeyringVault("home", memory, computer.choose).write("store-key", "key")
        wallet.entries = dict(gnome.entries)

        computer.running = {"wallet": wallet}
        assert await KeyringVault("home", memory, computer.choose).read("store-key") == "key"
        assert memory.recall() == "wallet"

    run(story())


def test_of_those_that_run_the_remembered_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wallet(FakeKeyring):
        priority = 4

    class Service(Wallet):
        priority = 5

    for allowed, kind in (("SecretService", Service), ("kwallet", Wallet)):
        module = type(sys)(f"keyring.backends.{allowed}")
        module.Keyring = module.DBusKeyring = kind  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"keyring.backends.{allowed}", module)
    both, only_wallet = allowed_on("linux"), allowed_on("linux")[1:]

    assert (choose(None, both).id, choose(None, both).instead_of) == ("secret-service", None)
    assert (choose("kwallet", both).id, choose("kwallet", both).instead_of) == ("kwallet", None)
    assert (choose("gone", both).id, choose("gone", both).instead_of) == ("secret-service", "gone")
    with_service_gone = choose("secret-service", only_wallet)
    assert (with_service_gone.id, with_service_gone.instead_of) == ("kwallet", "secret-service")


# -------------------------------------------------------------------------------------------- back ends


@pytest.mark.parametrize("platform", ["win32", "darwin", "linux", "freebsd14"])
def test_only_keyrings_of_the_system_are_allowed(platform: str) -> None:
    modules = {allowed.module for allowed in allowed_on(platform)}

    assert modules
    assert modules <= {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
    }


def test_windows_entries_stay_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    class WinVaultKeyring(FakeKeyring):
        priority = 5
        persist: object = "enterprise"

    module = type(sys)("keyring.backends.Windows")
    module.WinVaultKeyring = WinVaultKeyring  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring.backends.Windows", module)

    chosen = choose(None, allowed_on("win32"))

    assert isinstance(chosen.backend, WinVaultKeyring)
    assert chosen.backend.persist == "local machine"
    assert (chosen.id, chosen.title) == ("windows", "Windows Credential Manager")


def test_without_a_keyring_that_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")
    # Neither may bring in a back end that is not allowed.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")

    with pytest.raises(KeyringMissing):
        run(KeyringVault("home", FakeMemory(), lambda _: choose(None, allowed_on("linux"))).read("sign-in"))


def test_nothing_is_imported_before_the_first_call() -> None:
    script = "import sys, sessionconsole.vault.opening as o; o.open_vault('x', None); print('keyring' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2] / "src",
        capture_output=True,
        text=True,
        timeout=10,
        check=True,
    )
    assert ended.stdout == "False\n"
