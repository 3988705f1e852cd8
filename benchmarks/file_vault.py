"""A keyring that is a file in a temporary home: for measuring only, nothing in it is secret."""

from __future__ import annotations

import json
import os
from pathlib import Path

from sessionconsole.vault.memory_vault import MemoryVault


class FileVault(MemoryVault):
    """`ports.Vault` on a JSON file that several processes share, and that a killed one leaves whole."""

    kept = True
    title = "a file"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    async def read(self, name: str) -> str | None:
        """What is in the file now."""
        if self._path.exists():
            self._secrets = json.loads(self._path.read_text())
        return await super().read(name)

    async def write(self, name: str, secret: str) -> None:
        """Keep it in the file too."""
        await self.read(name)
        await super().write(name, secret)
        own = self._path.with_suffix(f".{os.getpid()}")
        own.write_text(json.dumps(self._secrets))
        own.replace(self._path)
