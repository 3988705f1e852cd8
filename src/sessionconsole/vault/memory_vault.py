"""A vault for one run of the program: where there is no keyring, and for the demo."""

from __future__ import annotations

from sessionconsole.vault.names import check_name


class MemoryVault:
    """`ports.Vault` that keeps nothing after the program is closed."""

    kept = False
    title = "memory only"

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    async def read(self, name: str) -> str | None:
        """The secret of that name, None where there is none."""
        check_name(name)
        return self._secrets.get(name)

    async def write(self, name: str, secret: str) -> None:
        """Keep a secret of any length."""
        check_name(name)
        self._secrets[name] = secret

    async def delete(self, name: str) -> None:
        """Forget the secret; one that is not there is a success."""
        check_name(name)
        self._secrets.pop(name, None)

    async def forget_everything(self) -> None:
        """Delete every entry."""
        self._secrets.clear()
