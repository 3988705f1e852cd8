"""The sign-in as it is kept in the vault."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import datetime

from sessionconsole.domain.credentials import Credential, SignInRecord
from sessionconsole.domain.errors import KeyringProblem, TryLater
from sessionconsole.services.ports import Locks, Vault

SIGN_IN = "sign-in"
TO_REVOKE = "to-revoke"

_RENEWAL_WAIT = 60.0
"""Seconds: longer than one slow answer of a platform, so that nobody renews beside a renewal under way."""


def encode_record(record: SignInRecord) -> str:
    """The record as JSON, secrets included: for the vault only."""
    return json.dumps(_record_to_json(record))


def decode_record(text: str) -> SignInRecord | None:
    """The record read back, None where the text is none of ours."""
    try:
        return _record_from_json(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def encode_leftover(record: SignInRecord, since: datetime) -> str:
    """A sign-in that could not be revoked yet, with the moment it was given up."""
    return json.dumps({"since": since.isoformat(), "record": _record_to_json(record)})


def decode_leftover(text: str) -> tuple[SignInRecord, datetime] | None:
    """The leftover read back, None where the text is none of ours."""
    try:
        data = json.loads(text)
        return _record_from_json(data["record"]), datetime.fromisoformat(data["since"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _record_to_json(record: SignInRecord) -> dict[str, object]:
    return {
        "address": record.address,
        "connector": record.connector,
        "username": record.username,
        "platform": record.platform,
        "title": record.title,
        "account": record.account,
        "name": record.name,
        "credential": dict(record.credential.values),
    }


def _record_from_json(data: dict[str, object]) -> SignInRecord:
    credential = data["credential"]
    if not isinstance(credential, dict):
        raise TypeError("no credential")
    name = data.get("name")
    return SignInRecord(
        address=str(data["address"]),
        connector=str(data["connector"]),
        username=str(data["username"]),
        platform=str(data["platform"]),
        title=str(data["title"]),
        account=str(data["account"]),
        name=None if name is None else str(name),
        credential=Credential({str(k): str(v) for k, v in credential.items()}),
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

    async def load(self) -> Credential | None:
        """The credential as the vault has it now; the one in memory where the vault does not answer."""
        if self._memory_only:
            return self._record.credential
        try:
            text = await self._vault.read(SIGN_IN)
        except KeyringProblem:
            return self._record.credential
        record = decode_record(text) if text else None
        if record is None or record.identity != self._record.identity:
            return None
        self._record = record
        return record.credential

    async def save(self, credential: Credential) -> None:
        """Keep a renewed credential; a vault that fails never costs the sign-in that is under way."""
        # Where somebody signed out while it was renewed, keeping it would sign them in again.
        signed_out = not self._memory_only and await self.load() is None
        self._record = replace(self._record, credential=credential)
        if self._memory_only or signed_out:
            return
        try:
            await self._vault.write(SIGN_IN, encode_record(self._record))
        except KeyringProblem as problem:
            self._memory_only = True
            self._tell(problem)

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        """Hold off every other process while the credential is renewed; raises `TryLater` where one never lets go."""
        async with self._locks.exclusive("renewal", _RENEWAL_WAIT) as mine:
            if not mine:
                raise TryLater(
                    "Another window or command is renewing the sign-in and does not finish.",
                    "Close other sessionconsole windows, then try again.",
                )
            yield


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
