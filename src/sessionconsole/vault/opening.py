"""The vault of this computer."""

from __future__ import annotations

from sessionconsole.vault.keyring_vault import KeyringVault


def open_vault(store_id: str) -> KeyringVault:
    """The keyring entries of that home; nothing is asked of the keyring, or imported, before the first call."""
    return KeyringVault(store_id)
