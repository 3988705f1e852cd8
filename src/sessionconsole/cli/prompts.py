"""Secrets of one call: by prompt, or one line each on standard input; never as arguments, a one-time code excepted."""

from __future__ import annotations

from collections.abc import Sequence

from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import SignInNeeded, WrongUse

_TOTP_DIGITS = 6


class Secrets:
    """Gives each secret once, in the order asked for; its repr shows none of them."""

    def __init__(self, terminal: Terminal, *, otp: str | None, from_stdin: bool) -> None:
        self._terminal = terminal
        self._otp = otp
        self._from_stdin = from_stdin

    def password(self, question: str) -> str:
        """The password; raises `WrongUse` where nobody can be asked, `SignInNeeded` where no line is left."""
        if self._from_stdin:
            return self._line()
        if not self._terminal.interactive:
            raise WrongUse(
                "A password is needed, and there is no terminal to ask for it.",
                "Give --password-stdin and write the password to standard input.",
            )
        return self._terminal.ask_hidden(question)

    def proof(self, methods: Sequence[FactorMethod]) -> tuple[FactorMethod, str] | None:
        """A second factor or password of one of these kinds; None where there is no way to get one."""
        if self._otp and set(methods) != {FactorMethod.PASSWORD}:
            code, self._otp = self._otp, None
            return code_of(code, methods)
        password_first = FactorMethod.PASSWORD in methods
        if self._from_stdin:
            line = self._terminal.next_line()
        elif self._terminal.interactive:
            line = self._terminal.ask_hidden("Password:" if password_first else "Code:")
        else:
            line = None
        if not line:
            return None
        return (FactorMethod.PASSWORD, line) if password_first else code_of(line, methods)

    def _line(self) -> str:
        line = self._terminal.next_line()
        if line is None:
            raise SignInNeeded(
                "Standard input ended before the secret that was asked for.",
                "Write one line for each secret: the password, then the code where one is asked.",
            )
        return line


def code_of(text: str, methods: Sequence[FactorMethod]) -> tuple[FactorMethod, str]:
    """Six digits are a code of the authenticator app, anything else a recovery code, where the platform takes both.

    Where it does not take that kind, the code is of the first kind that it does take.
    """
    bare = "".join(text.split())
    is_totp = len(bare) == _TOTP_DIGITS and bare.isascii() and bare.isdigit()
    kind = FactorMethod.TOTP if is_totp else FactorMethod.RECOVERY_CODE
    codes: list[FactorMethod] = [method for method in methods if method is not FactorMethod.PASSWORD] or [
        kind
    ]
    return (kind if kind in codes else codes[0]), (bare if is_totp else text.strip())
