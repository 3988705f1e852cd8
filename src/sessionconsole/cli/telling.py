"""What to do next, said for somebody at a terminal: nothing of a command runs on, and there are no buttons."""

from __future__ import annotations

from collections.abc import Mapping

from sessionconsole.domain.errors import (
    AnswerLost,
    KeyringForgets,
    KeyringHangs,
    KeyringLocked,
    KeyringMissing,
    KeyringProblem,
    KeyringReplaced,
    RateLimited,
    ReauthenticationNeeded,
    SessionConsoleError,
    SignInExpired,
    SignInNeeded,
    Unreachable,
)

_ONE_CALL = "Nothing can be kept until it works; list and end take --url, --username and --password-stdin for one call."

_ADVICE: Mapping[type[SessionConsoleError], str] = {
    Unreachable: "Check the network cable or Wi-Fi, then give the command again.",
    AnswerLost: "Give the command again: the list is read before anything is sent a second time.",
    RateLimited: "Wait a little, then give the command again.",
    SignInNeeded: "Run: sessionconsole sign-in --url ADDRESS. Without a password store, give --url, --username and "
    "--password-stdin with list or end.",
    SignInExpired: "Run: sessionconsole sign-in --url ADDRESS. Orders that wait are kept.",
    ReauthenticationNeeded: "Give a fresh code with --otp, or the password with --password-stdin.",
    KeyringProblem: _ONE_CALL,
    KeyringMissing: f"On Linux, install and start GNOME Keyring or KWallet. {_ONE_CALL}",
    KeyringLocked: f"Unlock it, then give the command again. {_ONE_CALL}",
    KeyringReplaced: "The saved lists and orders are kept and left alone. Start the password store that was used "
    f"before, then give the command again. {_ONE_CALL}",
    KeyringHangs: f"Restart the computer to mend it. {_ONE_CALL}",
    KeyringForgets: f"Tell your IT support. {_ONE_CALL}",
}


def advice_for(problem: SessionConsoleError) -> str:
    """The problem's own advice where it has one, else what helps in a terminal."""
    if problem.advice != problem.default_advice:
        return problem.advice
    return _ADVICE.get(type(problem), problem.advice)


def sentence(problem: SessionConsoleError) -> str:
    """What happened and what to do next."""
    return f"{problem.message} {advice_for(problem)}"
