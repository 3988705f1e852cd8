"""A vault that a test can break."""

from __future__ import annotations

from sessionconsole.domain.errors import KeyringProblem
from sessionconsole.vault.memory_vault import MemoryVault


class FakeVault(MemoryVault):
    """`ports.Vault` that says it keeps what it is given; while `problem` is set, every call raises it."""

    kept = True
    title = "fake keyring"

    def __init__(self, problem: KeyringProblem | None = None) -> None:
        super().__init__()
        self.problem = problem

    async def read(self, name: str) -> str | None:
        self._break()
        return await super().read(name)

    async def write(self, name: str, secret: str) -> None:
        self._break()
        await super().write(name, secret)

    async def delete(self, name: str) -> None:
        self._break()
        await super().delete(name)

    async def forget_everything(self) -> None:
        self._break()
        await super().forget_everything()

    def _break(self) -> None:
        if self.problem is not None:
            raise self.problem
