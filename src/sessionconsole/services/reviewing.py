"""What the manager says of a session."""

from __future__ import annotations

from sessionconsole.domain.assessments import Answer, Verdict
from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.journal import Kind
from sessionconsole.domain.sessions import Handle, LoginSession
from sessionconsole.services.journaling import Journaling
from sessionconsole.services.ports import Clock, Verdicts
from sessionconsole.services.watching import Watching


class Reviewing:
    """Keeps verdicts and has the list weighed again."""

    def __init__(self, verdicts: Verdicts, watching: Watching, clock: Clock, journaling: Journaling) -> None:
        self._verdicts = verdicts
        self._watching = watching
        self._clock = clock
        self._journaling = journaling

    async def say_ours(self, handle: Handle) -> None:
        """The session is one of ours; that lapses when its country or kind of device changes."""
        (session,) = self._watching.sessions([handle])
        await self._verdicts.say(
            Verdict(
                handle=session.handle,
                answer=Answer.OURS,
                said_at=self._clock.now(),
                country=session.place.country if session.place else None,
                device_family=session.device.family,
            )
        )
        await self._journaling.judged(Kind.VERDICT, session, handle)
        await self._watching.assess_again()

    async def take_back(self, handle: Handle) -> None:
        """Nothing was said of that session after all."""
        await self._verdicts.take_back(handle)
        await self._journaling.judged(Kind.VERDICT_TAKEN_BACK, self._listed(handle), handle)
        await self._watching.assess_again()

    def _listed(self, handle: Handle) -> LoginSession | None:
        try:
            (session,) = self._watching.sessions([handle])
        except WrongUse:
            return None
        return session
