"""What a dry run of a connector shows, one thing at a time; every secret in it is masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sessionconsole.domain.sessions import LoginSession


@dataclass(frozen=True, slots=True)
class TriedCall:
    """One request: `call` is its key path in the file, `row` counts from 1 within its table or, if `common`, theirs."""

    call: str
    request: str
    status: int | None
    word: str | None
    row: int | None
    common: bool
    why: str | None
    taken: Mapping[str, str]
    answer: str
    problem: str | None


class Remark(StrEnum):
    """How much a remark matters."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class TrialRemark:
    """Something that was found out; `advice` says what to change, and where."""

    remark: Remark
    text: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class TriedList:
    """The list as it was read: the first sessions, how many there are, and for how many each fact was told."""

    first: tuple[LoginSession, ...]
    count: int
    told: Mapping[str, int] = field(default_factory=dict)


Trial = TriedCall | TrialRemark | TriedList


@dataclass(frozen=True, slots=True)
class TrialWish:
    """What is to be tried: as whom, and whether a second sign-in may be made and ended to measure how it ends."""

    address: str
    username: str
    password: str = field(repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    end_own_test_session: bool = False
