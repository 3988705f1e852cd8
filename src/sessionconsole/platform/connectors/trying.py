"""Opening a platform for a dry run: each call is told as it happens, and nothing of it is kept."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from sessionconsole.domain.trials import TrialWish, TriedCall
from sessionconsole.platform.connectors.calling import Seen
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.opening import HttpPlatforms
from sessionconsole.services.ports import Platform

Heard = Callable[[TriedCall], None]


def open_observed(connector: Connector, wish: TrialWish) -> Callable[[Heard], Awaitable[Platform]]:
    """The function that opens the platform anew and tells each call; it raises as `HttpPlatforms.open_as`."""

    key = secrets.token_bytes(32)  # one for all openings, so that each knows the handles of the others

    async def open_platform(heard: Heard) -> Platform:
        platforms = HttpPlatforms(key, observer=lambda seen: heard(_tried(seen)))
        return await platforms.open_as(connector, wish.address, wish.variables)

    return open_platform


def _tried(seen: Seen) -> TriedCall:
    own = seen.own_rows if seen.common else 0
    return TriedCall(
        call=seen.call,
        request=seen.request,
        status=seen.status,
        word=seen.word,
        row=None if seen.row is None else seen.row - own + 1,
        common=seen.common,
        why=seen.why,
        taken=seen.taken,
        answer=seen.answer,
        problem=seen.problem,
    )
