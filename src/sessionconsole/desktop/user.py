"""Who uses this computer."""

from __future__ import annotations

import getpass


def user_of_this_computer() -> str | None:
    """The name that the operating system knows the user by; None where it knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a number without a name, as in a container
        return None
