"""A keyring that is a file in a temporary home: for measuring only, nothing in it is secret."""

from __future__ import annotations

import json
from pathlib import Path

from sessionconsole.vault.memory_vault import MemoryVault


class FileVault(MemoryVault):
    """`ports.Vault` on a JSON file."""

    kept = True
    title = "a file"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        if path.exists():
            self._secrets.update(json.loads(path.read_text()))

    async def write(self, name: str, secret: str) -> None:
        """Keep it in the file too."""
        await super().write(name, secret)
        self._path.write_text(json.dumps(self._secrets))
