"""One call more for each item of a list, where a platform tells the rest of a session only there."""

from __future__ import annotations

from typing import Any, Final

from sessionconsole.platform.connectors.calling import Caller
from sessionconsole.platform.connectors.format.listing import Listing
from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.mapping import Mapper, beside

_TOLD: Final[frozenset[Word]] = frozenset({"ok", "gone", "not-allowed"})
_SESSION: Final = "session."


class Details:
    """Adds to each item the body of its own call, as `@detail`; one that may not be read leaves the item as it is.

    Items that are asked for by the same values, such as two sessions of one person, share one call.
    """

    def __init__(self, caller: Caller, listing: Listing, mapper: Mapper) -> None:
        assert listing.detail is not None
        self._caller = caller
        self._call = caller.compiled(listing.detail, "list.detail")
        self._mapper = mapper
        self._secret = frozenset(listing.secret_values) | ({"id"} if listing.id_is_secret else set())
        self._used = sorted(name[len(_SESSION) :] for name in self._call.names if name.startswith(_SESSION))

    async def added(self, items: list[object]) -> list[object]:
        """The items with their details; raises as `Caller.send` does."""
        bodies: dict[str, Any] = {}
        detailed: list[object] = []
        for item in items:
            values = self._mapper.values(item)
            asked_by = repr([values.get(name) for name in self._used])
            if asked_by not in bodies:
                done = await self._caller.send(
                    self._call,
                    lambda variables, values=values: variables.with_session(values, self._secret),  # type: ignore[misc]
                    wanted=_TOLD,
                )
                bodies[asked_by] = done.reply.body if done.word == "ok" else None
            body = bodies[asked_by]
            detailed.append(item if body is None else beside(item, "@detail", body))
        return detailed
