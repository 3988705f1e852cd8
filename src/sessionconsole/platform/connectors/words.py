"""The words of outcome tables: what each means, and at which calls it may stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sessionconsole.platform.connectors.format.parts import Word


class Kind(StrEnum):
    """What a call is for; the value is what the reference page calls it."""

    COMMON = "[[outcomes]]"
    DETECT = "[detect]"
    SIGN_IN = "[sign_in] steps"
    SEND = "send of a second factor"
    FACTOR = "[second_factor] steps"
    REFRESH = "[refresh]"
    PROOF = "[reauthenticate] steps"
    WHOAMI = "[whoami]"
    LIST = "[list]"
    LIST_OF_EACH = "[list] with for_each"
    PARENTS = "[list.for_each]"
    DETAIL = "[list.detail]"
    END = "[end]"
    SIGN_OUT = "[sign_out]"


_SIGNING_IN: Final = frozenset({Kind.SIGN_IN, Kind.SEND, Kind.FACTOR})
_SIGNED_IN: Final = frozenset(
    {
        Kind.COMMON,
        Kind.PROOF,
        Kind.WHOAMI,
        Kind.LIST,
        Kind.LIST_OF_EACH,
        Kind.PARENTS,
        Kind.DETAIL,
        Kind.END,
        Kind.SIGN_OUT,
    }
)
_ALL: Final = frozenset(Kind)
_OWN: Final = _ALL - {Kind.COMMON}

ALLOWED: Final[Mapping[Word, frozenset[Kind]]] = {
    "ok": _OWN,
    "second-factor": frozenset({Kind.SIGN_IN, Kind.FACTOR, Kind.WHOAMI}),
    "bad-credentials": frozenset({Kind.SIGN_IN, Kind.FACTOR, Kind.PROOF, Kind.END}),
    "second-factor-refused": frozenset({Kind.SIGN_IN, Kind.FACTOR, Kind.PROOF, Kind.END}),
    "sign-in-expired": _SIGNING_IN | {Kind.PROOF},
    "too-many-tries": _SIGNING_IN | {Kind.PROOF, Kind.COMMON},
    "rate-limited": _ALL,
    "reauthenticate": _SIGNED_IN - {Kind.PROOF, Kind.DETAIL},
    "reauthenticate-or-dead": _SIGNED_IN - {Kind.PROOF, Kind.WHOAMI},
    "dead": _SIGNED_IN | {Kind.REFRESH},
    "gone": frozenset({Kind.END, Kind.LIST_OF_EACH, Kind.DETAIL, Kind.SIGN_OUT}),
    "refused": _SIGNING_IN | {Kind.PROOF, Kind.END, Kind.SIGN_OUT, Kind.COMMON},
    "not-allowed": _ALL - {Kind.DETECT},
    "end-of-list": frozenset({Kind.LIST, Kind.LIST_OF_EACH, Kind.PARENTS}),
    "try-later": _ALL,
    "not-known": frozenset({Kind.END, Kind.SIGN_OUT, Kind.COMMON}),
    "not-this-kind": frozenset({Kind.DETECT}),
}
"""Where each word may stand in a table of the call's own."""

MEANING: Final[Mapping[Word, str]] = {
    "ok": "It was done. What [take] and [take_secret] of the call name is taken from the answer.",
    "second-factor": "The password is right, and a code is wanted. `methods` names the ways that are offered.",
    "bad-credentials": "User name or password is wrong. At [end]: the password of the fresh proof is.",
    "second-factor-refused": "The code is wrong, used before, or too old; another one can be tried.",
    "sign-in-expired": "The half-done sign-in is not known any more; it begins anew.",
    "too-many-tries": "The platform lets nobody try for a while.",
    "rate-limited": "The platform asks to wait; the program asks again by itself.",
    "reauthenticate": "The credential is good, and a fresh proof is wanted; see [reauthenticate].",
    "reauthenticate-or-dead": "One of the two: [whoami] is asked, and decides.",
    "dead": "The credential is not accepted any more. It is renewed once where there is [refresh], else one signs in.",
    "gone": "There is no such session (any more). At [list]: whose sessions were asked for is not there any more.",
    "refused": "The platform does not do it, and says why.",
    "not-allowed": "The account may not do this.",
    "end-of-list": "There is no such page: the list has ended.",
    "try-later": "The platform cannot do it now. For an end it may have been done, so the list is read again.",
    "not-known": "Nobody can say whether it was done, so the list is read again.",
    "not-this-kind": "It is this kind of platform, but one that cannot be used; `message` says why.",
}
"""What each word means, and what is done then."""
