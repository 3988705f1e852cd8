"""What is kept between starts so that the list is there without asking; never the password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Credential:
    """The secrets by which a platform knows this console again; its repr shows none of them."""

    values: Mapping[str, str] = field(repr=False)


Identity = tuple[str, str, str]
"""Address, platform and account. A platform names itself, so without the address its name tells nothing."""


@dataclass(frozen=True, slots=True)
class SignInRecord:
    """One sign-in: where, as whom, and the credential; `variables` are the open ones that the user entered."""

    address: str
    connector: str
    username: str
    platform: str
    title: str
    account: str
    name: str | None
    credential: Credential
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        """Who is signed in, and where."""
        return self.address, self.platform, self.account


class FactorMethod(StrEnum):
    """The ways to prove oneself a second time."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    MAILED_CODE = "mailed_code"
    PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class SecondFactorAsked:
    """The password was right and one more step is asked; `challenge` carries the half sign-in and is secret."""

    methods: tuple[FactorMethod, ...]
    challenge: Mapping[str, str] = field(repr=False)
