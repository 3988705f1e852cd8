"""The vault that keeps nothing, and the one that tests break."""

from __future__ import annotations

from sessionconsole.services.ports import Vault
from sessionconsole.vault.memory_vault import MemoryVault
from tests.contracts.vault_contract import VaultContract
from tests.fakes.vault import FakeVault


class TestMemoryVault(VaultContract):
    def vault(self) -> Vault:
        return MemoryVault()

    def test_it_says_that_it_keeps_nothing(self) -> None:
        assert not MemoryVault().kept


class TestFakeVault(VaultContract):
    def vault(self) -> Vault:
        return FakeVault()
