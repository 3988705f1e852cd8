"""What every assessment engine takes and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Protocol

from sessionconsole.domain.assessments import Assessment, Verdict
from sessionconsole.domain.platforms import PlatformAbout
from sessionconsole.domain.sessions import Handle, Snapshot


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that may be known when a list is assessed: `history` is oldest first, without `current`."""

    current: Snapshot
    zone: tzinfo
    """The time zone of the reviewing computer."""
    about: PlatformAbout | None = None
    history: Sequence[Snapshot] = ()
    verdicts: Mapping[Handle, Verdict] = field(default_factory=dict)


class Assessor(Protocol):
    """Weighs a list: pure, deterministic, no I/O; runs off the GUI thread."""

    def assess(self, evidence: Evidence) -> Mapping[Handle, Assessment]:
        """An assessment for each session of the current list."""
        ...
