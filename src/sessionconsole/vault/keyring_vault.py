"""The vault in the operating system's keyring."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sessionconsole.domain.errors import KeyringForgets, KeyringHangs, KeyringProblem, KeyringReplaced
from sessionconsole.own_thread import OwnThread, StillBusy
from sessionconsole.services.ports import VAULT_NAMES
from sessionconsole.vault.backends import SERVICE, Backend, Chosen, Memory, choose
from sessionconsole.vault.names import STORE_KEY, check_name
from sessionconsole.vault.problems import in_our_words

T = TypeVar("T")

PART = 1000
"""Characters in one entry: Windows takes 2,560 bytes of UTF-16 (jaraco/keyring#355)."""

_SETS = ("a", "b")
_WHOLE = "="
_SPLIT = "+"
_READS = 5


class KeyringVault:
    """`ports.Vault` over one back end; every call of it is made on a thread of its own and has a time limit.

    An entry `<store id>/<name>` holds "=" and the secret, or "+" and a pointer to the set "a" or "b" of numbered
    entries `<store id>/<name>/<set>/<n>`, n from 1. A new secret goes into the set that is not in use, then the entry
    turns to it, then the old set goes: whenever the program dies, the old secret or the new one is whole. Sets are
    written upwards and deleted downwards, so that what a crash left behind is found by counting from 1.

    The home remembers which back end has its entries. Where only another one is there, which has none of them, every
    call raises `KeyringReplaced`: to read "no key" from the wrong one would cost a good store.
    """

    kept = True

    def __init__(
        self,
        store_id: str,
        memory: Memory,
        choose: Callable[[str | None], Chosen] = choose,
        limit: float = 5.0,
    ) -> None:
        self._store_id = store_id
        self._memory = memory
        self._choose = choose
        self._limit = limit
        self._thread = OwnThread("keyring")
        self._one_at_a_time = asyncio.Lock()
        self._chosen: Chosen | None = None
        self._remembered = False

    @property
    def title(self) -> str:
        """The back end's name for people; known after the first call."""
        return self._chosen.title if self._chosen else "not asked yet"

    async def read(self, name: str) -> str | None:
        """The secret of that name, None where there is none; raises `KeyringForgets` where parts of it are gone."""
        check_name(name)
        async with self._one_at_a_time:
            return await self._read(name)

    async def write(self, name: str, secret: str) -> None:
        """Keep a secret of any length; raises `KeyringForgets` where it does not read back."""
        check_name(name)
        async with self._one_at_a_time:
            old = _Pointer.parsed(await self._get(name))
            in_use = old.set if old else None
            parts = _split(secret)
            if len(parts) == 1:
                new = None
                head = _WHOLE + secret
            else:
                new = _Pointer("b" if in_use == "a" else "a", len(parts), _digest(secret))
                for number, part in enumerate(parts, 1):
                    await self._put(new.part(name, number), part)
                head = str(new)
            await self._put(name, head)
            await self._tidy(name, new)

    async def delete(self, name: str) -> None:
        """Forget the secret, and see that it is gone."""
        check_name(name)
        async with self._one_at_a_time:
            await self._remove(name)
            for letter in _SETS:
                await self._remove_from(name, letter, 1)

    async def forget_everything(self) -> None:
        """Delete every entry of this store id, and see that they are gone."""
        for name in VAULT_NAMES:
            await self.delete(name)

    async def _read(self, name: str) -> str | None:
        for _ in range(_READS):
            head = await self._get(name)
            if head is None:
                return None
            if head.startswith(_WHOLE):
                return head.removeprefix(_WHOLE)
            pointer = _Pointer.parsed(head)
            if pointer is None:
                raise KeyringForgets
            parts = [await self._get(pointer.part(name, number)) for number in range(1, pointer.parts + 1)]
            secret = "".join(part or "" for part in parts)
            if _digest(secret) == pointer.digest:
                return secret
            # Another process wrote it anew between our calls: then the entry points elsewhere by now.
            if await self._get(name) == head:
                break
        raise KeyringForgets

    async def _tidy(self, name: str, used: _Pointer | None) -> None:
        """Remove what the secret just written does not use; it is kept already, so nothing here may fail the write."""
        try:
            for letter in _SETS:
                first = used.parts + 1 if used and used.set == letter else 1
                await self._remove_from(name, letter, first)
        except KeyringProblem:
            return  # the next write or delete finds it

    async def _remove_from(self, name: str, letter: str, first: int) -> None:
        last = first - 1
        while await self._get(f"{name}/{letter}/{last + 1}") is not None:
            last += 1
        for number in range(last, first - 1, -1):
            await self._remove(f"{name}/{letter}/{number}")

    async def _remove(self, entry: str) -> None:
        for _ in range(_READS):  # a Secret Service may hold an entry twice and deletes one at a time
            if await self._get(entry) is None:
                return
            await self._call(lambda backend: backend.delete_password(SERVICE, self._full(entry)))
        if await self._get(entry) is not None:
            raise KeyringProblem("The password store of this computer did not delete an entry.")

    async def _put(self, entry: str, text: str) -> None:
        await self._call(lambda backend: backend.set_password(SERVICE, self._full(entry), text))
        if await self._get(entry) != text:
            raise KeyringForgets

    async def _get(self, entry: str) -> str | None:
        text = await self._call(lambda backend: backend.get_password(SERVICE, self._full(entry)))
        if text is not None and not self._remembered:
            await self._call(lambda _: self._remember())
        return text

    def _remember(self) -> None:
        assert self._chosen is not None
        self._memory.keep(self._chosen.id)
        self._remembered = True

    def _full(self, entry: str) -> str:
        return f"{self._store_id}/{entry}"

    async def _call(self, use: Callable[[Backend], T]) -> T:
        try:
            return await self._thread.call(in_our_words, self._with_backend, use, limit=self._limit)
        except StillBusy:
            raise KeyringHangs(
                "The password store of this computer does not answer. It may be asking to be unlocked, in a window "
                "behind this one.",
                "Look for that question, answer it and try again, or sign in for this time only.",
            ) from None

    def _with_backend(self, use: Callable[[Backend], T]) -> T:
        if self._chosen is None:
            self._chosen = self._found()
        return use(self._chosen.backend)

    def _found(self) -> Chosen:
        chosen = self._choose(self._memory.recall())
        if chosen.instead_of is None:
            return chosen
        if chosen.backend.get_password(SERVICE, self._full(STORE_KEY)) is None:
            raise KeyringReplaced(
                f"The saved data of this program is locked with {chosen.instead_of}, which is not there now. "
                f"{chosen.title} is in use instead."
            )
        return chosen  # somebody moved the entries


@dataclass(frozen=True, slots=True)
class _Pointer:
    set: str
    parts: int
    digest: str

    @classmethod
    def parsed(cls, head: str | None) -> _Pointer | None:
        if head is None or not head.startswith(_SPLIT):
            return None
        try:
            letter, parts, digest = json.loads(head.removeprefix(_SPLIT))
            return cls(str(letter), int(parts), str(digest))
        except (ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return _SPLIT + json.dumps([self.set, self.parts, self.digest])

    def part(self, name: str, number: int) -> str:
        return f"{name}/{self.set}/{number}"


def _split(secret: str) -> list[str]:
    # A character outside of the Basic Multilingual Plane is two units of UTF-16.
    size = PART if max(secret, default="") <= "\uffff" else PART // 2
    if len(secret) < size:
        return [secret]
    return [secret[start : start + size] for start in range(0, len(secret), size)]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:16]
