"""Which names a vault takes."""

from __future__ import annotations

from sessionconsole.services.ports import VAULT_NAMES

STORE_KEY = "store-key"
"""The entry that every home has that keeps anything."""


def check_name(name: str) -> None:
    """Raises ValueError for a name that `forget_everything` would not find again."""
    if name not in VAULT_NAMES:
        raise ValueError(f"{name!r} is not among VAULT_NAMES in services/ports.py")
