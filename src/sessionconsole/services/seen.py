"""What this run knows of the platform that it is signed in to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sessionconsole.domain.assessments import Assessment, Verdict
from sessionconsole.domain.platforms import PlatformAbout, WhoAmI
from sessionconsole.domain.sessions import Handle, Snapshot
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.comparing import Movements


@dataclass(slots=True, eq=False)
class Seen:
    """What is known of one platform; another one takes its place when another platform or account is signed in to.

    Each value in it is replaced as a whole, never changed: a thread may be looking at the one before.
    """

    about: PlatformAbout | None = None
    snapshot: Snapshot | None = None
    complete: bool = True
    etag: str | None = None
    me: WhoAmI | None = None
    movements: Movements = field(default_factory=Movements)
    assessments: Mapping[Handle, Assessment] = field(default_factory=dict)
    history: Sequence[Snapshot] | None = None
    history_read_at: float = 0.0
    weighed: bool = False
    """Whether the shown assessments are of this run; until then they are those of the last one."""
    verdicts: Mapping[Handle, Verdict] = field(default_factory=dict)
    spared: Mapping[Handle, Spared] = field(default_factory=dict)
