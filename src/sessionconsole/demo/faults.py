"""Faults on order: the next requests of a kind go wrong in a chosen way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sessionconsole.demo import problems


class Fault(StrEnum):
    """What can go wrong; all but drop-after and slow-drip leave the request undone."""

    DROP_BEFORE = "drop-before"
    DROP_AFTER = "drop-after"
    SERVER_ERROR = "500"
    BUSY = "429"
    WEB_PAGE = "html-200"
    SLOW_DRIP = "slow-drip"
    REFUSED = "403"


@dataclass(slots=True)
class _Planned:
    match: str
    fault: Fault
    times: int


class FaultPlan:
    """Faults to come, each for so many requests; `match` is the beginning of "METHOD /path?query"."""

    def __init__(self) -> None:
        self._planned: list[_Planned] = []

    def __len__(self) -> int:
        return sum(each.times for each in self._planned)

    def plan(self, wishes: object) -> None:
        """Add these; an empty list forgets all. Raises Problem where they make no sense."""
        if not isinstance(wishes, list):
            raise problems.invalid_request("next must be a list.")
        try:
            planned = [
                _Planned(str(w["match"]), Fault(str(w["fault"])), int(w.get("times", 1))) for w in wishes
            ]
        except (KeyError, TypeError, ValueError, AttributeError):
            raise problems.invalid_request("Each fault needs match, fault and, if wished, times.") from None
        self._planned = self._planned + planned if planned else []

    def take(self, request_line: str) -> Fault | None:
        """The fault for this request, used up once."""
        for each in self._planned:
            if request_line.startswith(each.match):
                each.times -= 1
                self._planned = [planned for planned in self._planned if planned.times > 0]
                return each.fault
        return None

    def refused_ids(self) -> set[str]:
        """Sessions whose end is refused one by one: matches of the form "END id", used up at once."""
        ids = {each.match.removeprefix("END ") for each in self._planned if each.match.startswith("END ")}
        self._planned = [each for each in self._planned if not each.match.startswith("END ")]
        return ids
