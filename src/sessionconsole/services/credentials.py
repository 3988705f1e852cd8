"""The sign-in as it is kept in the vault."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace

from sessionconsole.domain.credentials import Credential, SignInRecord
from sessionconsole.domain.errors import KeyringProblem, TryLater
from sessionconsole.services.ports import Locks, Vault

SIGN_IN = "sign-in"

_RENEWAL_WAIT = 60.0
"""Seconds: longer than one slow answer of a platform, so that nobody renews beside a renewal under way."""


def encode_record(record: SignInRecord) -> str:
    """The record as JSON, secrets included: for the vault only."""
    return json.dumps(record_to_json(record))


def decode_record(text: str) -> SignInRecord | None:
    """The record read back, None where the text is none of ours."""
    try:
        return record_from_json(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def record_to_json(record: SignInRecord) -> dict[str, object]:
    """The record as a JSON object, secrets included."""
    return {
        "address": record.address,
        "connector": record.connector,
        "username": record.username,
        "platform": record.platform,
        "title": record.title,
        "account": record.account,
        "name": record.name,
        "variables": dict(record.variables),
        "credential": dict(record.credential.values),
    }


def record_from_json(data: dict[str, object]) -> SignInRecord:
    """The record of such an object; raises `KeyError`, `TypeError` and `AttributeError` where it is none."""
    credential = data["credential"]
    if not isinstance(credential, dict):
        raise TypeError("no credential")
    name = data.get("name")
    variables = data.get("variables")  # what was written before there were any has none
    return SignInRecord(
        address=str(data["address"]),
        connector=str(data["connector"]),
        username=str(data["username"]),
        platform=str(data["platform"]),
        title=str(data["title"]),
        account=str(data["account"]),
        name=None if name is None else str(name),
        credential=Credential({str(k): str(v) for k, v in credential.items()}),
        variables={str(k): str(v) for k, v in variables.items()} if isinstance(variables, dict) else {},
    )


class VaultKeeper:
    """Keeps one sign-in's credential in the vault; where the vault fails, in memory, and says so once."""

    def __init__(
        self, vault: Vault, locks: Locks, record: SignInRecord, tell: Callable[[KeyringProblem], None]
    ) -> None:
        self._vault = vault
        self._locks = locks
        self._record = record
        self._tell = tell
        self._memory_only = False
        self._renewing = False
        """Whether a renewal has begun and nothing of it can have been sent: the spent credential goes first."""

    async def load(self) -> Credential | None:
        """The credential as the vault has it now; the one in memory where the vault does not answer.

        Raises `KeyringProblem` for a renewal: another process may have used up what is in memory.
        """
        if self._memory_only:
            return self._record.credential
        try:
            text = await self._vault.read(SIGN_IN)
        except KeyringProblem as problem:
            if self._renewing:
                raise _cannot_renew(problem) from None
            return self._record.credential
        record = decode_record(text) if text else None
        if record is None or record.identity != self._record.identity:
            return None
        self._record = record
        return record.credential

    async def save(self, credential: Credential) -> None:
        """Keep a renewed credential; a vault that fails never costs the sign-in that is under way.

        Raises `KeyringProblem` for the first one of a renewal: while the vault still has the one that is about to be
        used up, another process would use it again.
        """
        # Where somebody signed out while it was renewed, keeping it would sign them in again.
        signed_out = not self._memory_only and await self.load() is None
        changed = replace(self._record, credential=credential)
        if not self._memory_only and not signed_out:
            try:
                await self._vault.write(SIGN_IN, encode_record(changed))
            except KeyringProblem as problem:
                if self._renewing:
                    raise _cannot_renew(problem) from None
                self._memory_only = True
                self._tell(problem)
        self._record = changed
        self._renewing = False

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Hold off every other process while the credential is renewed; raises `TryLater` where one never lets go."""
        async with self._locks.exclusive("renewal", _RENEWAL_WAIT) as mine:
            if not mine:
                raise TryLater(
                    "Another window or command is renewing the sign-in and does not finish.",
                    "Close other sessionconsole windows, then try again.",
                )
            self._renewing = True
            try:
                yield
            finally:
                self._renewing = False


def _cannot_renew(problem: KeyringProblem) -> KeyringProblem:
    return type(problem)(
        f"{problem.message} Without it the sign-in cannot be renewed, so nothing was sent.",
        "Unlock or mend it: the program tries again by itself. Or sign out, then sign in for this time only.",
    )


class MemoryKeeper:
    """Keeps a credential as long as this object lives, and nowhere else."""

    def __init__(self, credential: Credential) -> None:
        self.credential = credential

    async def load(self) -> Credential | None:
        """The credential."""
        return self.credential

    async def save(self, credential: Credential) -> None:
        """Take a renewed one."""
        self.credential = credential

    def exclusive(self) -> AbstractAsyncContextManager[None]:
        """Nobody else has it, so there is nobody to hold off."""
        return nullcontext()
