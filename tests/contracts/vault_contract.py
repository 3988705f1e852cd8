"""What every vault keeps to."""

from __future__ import annotations

import pytest

from sessionconsole.services.ports import VAULT_NAMES, Vault
from tests.helpers import run

LONG = "".join(chr(33 + number * 7 % 90) for number in range(20_000))


class VaultContract:
    """Subclass it and make an empty vault in `vault`."""

    def vault(self) -> Vault:
        raise NotImplementedError

    def test_what_was_never_written_is_none(self) -> None:
        assert run(self.vault().read("sign-in")) is None

    @pytest.mark.parametrize(
        "secret",
        ["", "short", "x" * 999, "x" * 1000, "x" * 1001, "x" * 2000, LONG, "é🗝\n=+" * 700, "=+[]"],
        ids=["empty", "short", "999", "1000", "1001", "2000", "20000", "keys", "marks"],
    )
    def test_what_is_written_is_read_back(self, secret: str) -> None:
        async def story() -> None:
            vault = self.vault()
            await vault.write("sign-in", secret)
            assert await vault.read("sign-in") == secret

        run(story())

    def test_a_later_secret_replaces_the_earlier_whatever_their_lengths(self) -> None:
        async def story() -> None:
            vault = self.vault()
            for secret in (LONG, "short", LONG[:3000], LONG[::-1], "", LONG):
                await vault.write("sign-in", secret)
                assert await vault.read("sign-in") == secret

        run(story())

    def test_names_do_not_touch_each_other(self) -> None:
        async def story() -> None:
            vault = self.vault()
            for name in VAULT_NAMES:
                await vault.write(name, name * 900)
            await vault.delete("sign-in")
            assert await vault.read("sign-in") is None
            assert await vault.read("store-key") == "store-key" * 900
            assert await vault.read("to-revoke") == "to-revoke" * 900

        run(story())

    def test_deleting_what_is_not_there_is_a_success(self) -> None:
        run(self.vault().delete("sign-in"))

    def test_everything_can_be_forgotten(self) -> None:
        async def story() -> None:
            vault = self.vault()
            for name in VAULT_NAMES:
                await vault.write(name, LONG)
            await vault.forget_everything()
            assert [await vault.read(name) for name in VAULT_NAMES] == [None] * len(VAULT_NAMES)

        run(story())

    def test_a_name_that_would_not_be_forgotten_is_not_taken(self) -> None:
        with pytest.raises(ValueError, match="VAULT_NAMES"):
            run(self.vault().write("another", "secret"))
