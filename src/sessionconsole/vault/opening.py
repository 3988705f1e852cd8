"""The vault of this computer."""

from __future__ import annotations

from sessionconsole.vault.backends import Memory
from sessionconsole.vault.keyring_vault import KeyringVault


def open_vault(store_id: str, memory: Memory) -> KeyringVault:
    """The keyring entries of that home; nothing is asked of the keyring, or imported, before the first call."""
    return KeyringVault(store_id, memory)
