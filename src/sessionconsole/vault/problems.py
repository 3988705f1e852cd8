"""What a back end raised, in our words; nothing of its text goes on, because it may quote the secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sessionconsole.domain.errors import KeyringFull, KeyringLocked, KeyringMissing, KeyringProblem

T = TypeVar("T")

_FULL = {8, 1783}
"""ERROR_NOT_ENOUGH_MEMORY: the store is full; RPC_X_BAD_STUB_DATA: the entry is too long for it."""
_MISSING = {"NoKeyringError", "SecretServiceNotAvailableException"}
_LOCKED = {"InitError", "KeyringLocked", "LockedException", "PromptDismissedException"}


def in_our_words(function: Callable[..., T], *args: object) -> T:
    """Call a back end; raises `KeyringProblem`s only."""
    try:
        return function(*args)
    except KeyringProblem:
        raise
    except Exception as problem:  # noqa: BLE001 - back ends raise what their system raises
        told = _told(problem)
    # Outside of the except clause: the original, which may carry the secret, is not chained to ours.
    raise told


def _told(problem: Exception) -> KeyringProblem:
    names = {kind.__name__ for kind in type(problem).__mro__}
    if names & _MISSING:
        return KeyringMissing()
    # KWallet has no type of its own for a dismissed question.
    if names & _LOCKED or "Cancelled by user" in str(problem):
        return KeyringLocked()
    if getattr(problem, "winerror", None) in _FULL:
        return KeyringFull()
    return KeyringProblem(f"The password store of this computer cannot be used ({type(problem).__name__}).")
