"""Everything that can go wrong, grouped by what can be done about it.

SessionConsoleError
├── TryLater                  nothing to mend here: the order or list waits
│   ├── Unreachable           no connection was made, so nothing was sent
│   ├── AnswerLost            it was sent and the answer did not arrive: it may have been done
│   └── RateLimited           the platform asks to wait
├── SignInNeeded              the user has to prove who they are
│   ├── BadCredentials
│   ├── SecondFactorRefused
│   ├── TooManyTries
│   ├── SignInExpired         the stored sign-in is dead: sign in again
│   └── ReauthenticationNeeded
├── AskAdministrator          somebody else has to change something
│   ├── CertificateProblem
│   ├── NotAPlatform          the address answers, but not as a booking platform that we can speak to
│   ├── NotAllowed            this account may look only
│   ├── JournalBroken         what was written down is not all there any more
│   └── PlatformMisbehaved    an answer that makes no sense; for an end it counts as a lost answer
├── KeyringProblem            missing, locked, full, hanging, forgetful or another one
│   ├── KeyringMissing
│   ├── KeyringLocked
│   ├── KeyringFull
│   ├── KeyringHangs
│   ├── KeyringForgets
│   └── KeyringReplaced       another kind is in use than the one that has the entries of this home
├── StoreProblem
│   ├── StoreDamaged          set aside and rebuilt
│   │   └── StoreKeyGone      because the keyring works and has no key for it
│   ├── StoreTooNew           written by a newer program: opened by nobody
│   ├── StoreNotWritable      disk full, or folder read-only
│   └── NothingStored
└── WrongUse                  the caller can mend the call
    └── ConnectorMistakes     a connector file with all its mistakes, in domain/connectors.py

What is not of this tree is a bug.
"""

from __future__ import annotations

from typing import ClassVar

from sessionconsole.domain.credentials import FactorMethod


class SessionConsoleError(Exception):
    """What happened and what it means (`message`), and what to do next (`advice`); `code` is stable."""

    code: ClassVar[str] = "failed"
    default_message: ClassVar[str] = "Something went wrong."
    default_advice: ClassVar[str] = "Try again."

    def __init__(self, message: str | None = None, advice: str | None = None) -> None:
        self.message = message or self.default_message
        self.advice = advice or self.default_advice
        super().__init__(f"{self.message} {self.advice}")


class TryLater(SessionConsoleError):
    """Nothing to mend here."""

    code = "try-later"
    default_message = "It cannot be done just now."
    default_advice = "Try again in a moment."


class Unreachable(TryLater):
    """No connection was made, so nothing was sent."""

    code = "unreachable"
    default_message = "The booking platform cannot be reached. Nothing was sent."
    default_advice = "Check the network cable or Wi-Fi. The program tries again by itself."


class AnswerLost(TryLater):
    """The request went out and the answer did not arrive: it may have been done."""

    code = "answer-lost"
    default_message = "The booking platform did not answer, so it is not known whether it was done."
    default_advice = "The list is read again before anything is sent a second time."


class RateLimited(TryLater):
    """The platform asks to wait; `retry_after` is in seconds, None where it does not say how long."""

    code = "rate-limited"
    default_message = "The booking platform asks to wait, because it was asked too often."
    default_advice = "The program tries again by itself."

    def __init__(
        self, message: str | None = None, advice: str | None = None, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message, advice)
        self.retry_after = retry_after


class SignInNeeded(SessionConsoleError):
    """The user has to prove who they are."""

    code = "sign-in-needed"
    default_message = "You are not signed in."
    default_advice = "Sign in first."


class BadCredentials(SignInNeeded):
    """Wrong user name or password; the platform does not say which."""

    code = "bad-credentials"
    default_message = "User name or password is wrong."
    default_advice = "Check that Caps Lock is off, then try again."


class SecondFactorRefused(SignInNeeded):
    """The code was wrong, used before, or too old."""

    code = "second-factor-refused"
    default_message = "The code was not accepted."
    default_advice = (
        "Wait for the next code in your authenticator app and enter that one. Each code works only once."
    )


class TooManyTries(SignInNeeded):
    """The platform has closed the door for a while; `retry_after` is in seconds."""

    code = "too-many-tries"
    default_message = "There were too many failed tries, so the platform lets nobody in for a while."
    default_advice = "Wait a few minutes, then try again with the right password."

    def __init__(
        self, message: str | None = None, advice: str | None = None, *, retry_after: float | None = None
    ) -> None:
        super().__init__(message, advice)
        self.retry_after = retry_after


class SignInExpired(SignInNeeded):
    """The stored sign-in is not accepted any more."""

    code = "sign-in-expired"
    default_message = "Your sign-in has ended on the booking platform."
    default_advice = "Sign in again. Orders that wait are kept."


class ReauthenticationNeeded(SignInNeeded):
    """The platform wants a fresh proof before it ends anything; `methods` says which it takes."""

    code = "reauthentication-needed"
    default_message = "The booking platform wants to be sure that it is you before it ends a session."
    default_advice = "Enter your code or password once more."

    def __init__(
        self,
        message: str | None = None,
        advice: str | None = None,
        *,
        methods: tuple[FactorMethod, ...] = (FactorMethod.PASSWORD,),
    ) -> None:
        super().__init__(message, advice)
        self.methods = methods


class AskAdministrator(SessionConsoleError):
    """Somebody else has to change something."""

    code = "ask-administrator"
    default_message = "This program cannot mend it by itself."
    default_advice = "Ask the administrator of the booking platform, or your IT support."


class CertificateProblem(AskAdministrator):
    """The server could not prove that it is the platform; there is no way to go on regardless."""

    code = "certificate"
    default_message = (
        "The booking platform could not prove that it is the right one, so nothing was sent to it."
    )
    default_advice = (
        "Check the address and this computer's date and time. If both are right, tell your IT support "
        "that the certificate is not valid."
    )


class NotAPlatform(AskAdministrator):
    """The address answers, but not as a booking platform that this program can speak to."""

    code = "not-a-platform"
    default_message = "There is no booking platform that this program knows at this address."
    default_advice = "Check the address, or ask the platform's support for the address of its Console API."


class NotAllowed(AskAdministrator):
    """This account may look, not act."""

    code = "not-allowed"
    default_message = "Your account may see sessions but not end this one."
    default_advice = "Ask the administrator of the booking platform for the right to end sessions."


class JournalBroken(AskAdministrator):
    """The journal does not have what the password store knows of it: the file was cut, put back or replaced."""

    code = "journal-broken"
    default_message = (
        "The journal on this computer is not the one that was written here: its last entries are missing, or it was "
        "replaced."
    )
    default_advice = (
        "The page Journal says more. Ask who manages this computer whether an older copy of its files was put back, "
        "and when."
    )


class PlatformMisbehaved(AskAdministrator):
    """An answer that makes no sense, such as a web page where a list was asked for."""

    code = "platform-misbehaved"
    default_message = "The booking platform gave an answer that makes no sense."
    default_advice = (
        "If you are on a hotel or guest Wi-Fi, open a web page and sign in there first. "
        "Otherwise try again, and tell the platform's support if it stays so."
    )


class KeyringProblem(SessionConsoleError):
    """The keyring cannot be used: signing in works, but only until the program is closed."""

    code = "keyring"
    default_message = "The password store of this computer cannot be used."
    default_advice = "You can sign in, but will be asked again after the program is closed."


class KeyringMissing(KeyringProblem):
    """This computer has no keyring."""

    code = "keyring-missing"
    default_message = "This computer has no password store that the program may use."
    default_advice = (
        "You can sign in, but will be asked again after the program is closed. On Linux, install and "
        "start GNOME Keyring or KWallet."
    )


class KeyringLocked(KeyringProblem):
    """The keyring is locked, and the question to unlock it was dismissed."""

    code = "keyring-locked"
    default_message = "The password store of this computer is locked."
    default_advice = "Unlock it and try again, or sign in for this time only."


class KeyringFull(KeyringProblem):
    """The keyring takes nothing more."""

    code = "keyring-full"
    default_message = "The password store of this computer is full."
    default_advice = (
        "Remove entries that are no longer needed (on Windows: Credential Manager), then sign in again."
    )


class KeyringHangs(KeyringProblem):
    """The keyring did not answer in time."""

    code = "keyring-hangs"
    default_message = "The password store of this computer does not answer."
    default_advice = "You can sign in for this time only. Restart the computer to mend the password store."


class KeyringForgets(KeyringProblem):
    """The keyring did not give back what it was given."""

    code = "keyring-forgets"
    default_message = "The password store of this computer did not keep what it was given."
    default_advice = "You can sign in for this time only. Tell your IT support."


class KeyringReplaced(KeyringProblem):
    """The keyring that has this home's entries is not there, and another kind is in use."""

    code = "keyring-replaced"
    default_message = (
        "Another password store is in use on this computer than the one that locks the saved data."
    )
    default_advice = (
        "The saved lists and orders are kept and left alone. Start the password store that was used before, then try "
        "again. Until then you can sign in for this time only."
    )


class StoreProblem(SessionConsoleError):
    """The file with lists and orders cannot be used."""

    code = "store"


class StoreDamaged(StoreProblem):
    """The file was damaged, or its key is gone: it was set aside and a new one was begun."""

    code = "store-damaged"
    default_message = (
        "The file with the saved lists could not be read, so it was set aside and a new one begun."
    )
    default_advice = "Orders that were not sent yet may be missing: look through the list once more."


class StoreKeyGone(StoreDamaged):
    """The keyring works, and does not have the key any more: the file was set aside and a new one begun."""

    code = "store-key-gone"
    default_message = (
        "The key to the saved lists is gone from the password store of this computer, so the lists could not be "
        "read. Their file was set aside and a new one begun."
    )
    default_advice = (
        "Sign in again. Orders that were not sent yet may be missing: look through the list once more."
    )


class StoreTooNew(StoreProblem):
    """A newer program wrote the file."""

    code = "store-too-new"
    default_message = "The saved lists were written by a newer version of this program."
    default_advice = "Install the newer version. The file was left as it is."


class StoreNotWritable(StoreProblem):
    """Nothing can be written: the disk is full or the folder read-only."""

    code = "store-not-writable"
    default_message = "Nothing can be saved, because the disk is full or the folder is read-only."
    default_advice = "Make room on the disk or ask your IT support for write access, then try again."


class NothingStored(StoreProblem):
    """No list was saved yet."""

    code = "nothing-stored"
    default_message = "No list was saved on this computer yet."
    default_advice = "Connect to the network and read the list once."


class WrongUse(SessionConsoleError):
    """The caller can mend the call."""

    code = "usage"
