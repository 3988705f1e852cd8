"""Ways in which a platform can break the contract, so that a check of it can be checked."""

from __future__ import annotations

from enum import StrEnum

from sessionconsole.demo import problems


class Breach(StrEnum):
    """One broken promise each."""

    ENDED_STILL_LISTED = "ended-still-listed"
    ENDED_TOKEN_WORKS = "ended-token-works"
    REFRESH_TWICE = "refresh-twice"
    ETAG_NEVER_CHANGES = "etag-never-changes"
    PAGES_WITHOUT_END = "pages-without-end"


def read(value: object) -> frozenset[Breach]:
    """The breaches of a list of their names; raises Problem."""
    try:
        return frozenset(Breach(each) for each in value) if isinstance(value, list) else frozenset()
    except ValueError:
        raise problems.invalid_request(f"breaches are: {', '.join(Breach)}.") from None
