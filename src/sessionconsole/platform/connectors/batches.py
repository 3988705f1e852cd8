"""The result for each session, inside the answer to a batch."""

from __future__ import annotations

from collections.abc import Mapping

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.domain.platforms import EndAnswer, EndStatus
from sessionconsole.domain.sessions import Handle
from sessionconsole.platform import json_fields as read
from sessionconsole.platform.connectors.calling import Done
from sessionconsole.platform.connectors.conditions import compile_keep
from sessionconsole.platform.connectors.format.listing import Results
from sessionconsole.platform.connectors.known import KnownSession
from sessionconsole.platform.connectors.mistakes import Mistake, under
from sessionconsole.platform.connectors.paths import compile_items, compile_path

_LONGEST_CODE = 60


class BatchResults:
    """Finds each session's result by its id, or by its place where results have none."""

    def __init__(self, results: Results) -> None:
        with under("items"):
            self._items = compile_items(results.items)
        with under("id"):
            self._id = compile_path(results.id) if results.id else None
        with under("ok"):
            if not results.ok:
                raise Mistake("It has to say when a session was ended.")
            self._ok = compile_keep(results.ok)
        with under("gone"):
            self._gone = compile_keep(results.gone) if results.gone else None
        with under("message"):
            self._message = compile_path(results.message) if results.message else None
        with under("code"):
            self._code = compile_path(results.code) if results.code else None

    def read(self, done: Done, wanted: Mapping[Handle, KnownSession]) -> dict[Handle, EndAnswer]:
        """One answer for each of the `wanted`, which are in the order of the request.

        Raises `PlatformMisbehaved` where one has no result: it may have been ended.
        """
        items = self._items(done.reply.body)
        if items is None:
            raise PlatformMisbehaved
        if self._id is None:
            if len(items) != len(wanted):
                raise PlatformMisbehaved
            return {
                handle: self._answer(handle, item, done) for handle, item in zip(wanted, items, strict=True)
            }
        by_id = {str(self._id(item)): item for item in items}
        answers = {}
        for handle, session in wanted.items():
            native = str(session.values["id"])
            if native not in by_id:
                raise PlatformMisbehaved
            answers[handle] = self._answer(handle, by_id[native], done)
        return answers

    def _answer(self, handle: Handle, item: object, done: Done) -> EndAnswer:
        if self._ok(item):
            return EndAnswer(handle, EndStatus.ACCEPTED)
        gone = self._gone is not None and self._gone(item)
        status = EndStatus.ALREADY_GONE if gone else EndStatus.REFUSED
        code = self._code(item) if self._code else None
        message = self._message(item) if self._message else None
        mask = done.variables.mask
        return EndAnswer(
            handle,
            status,
            read.text(mask(str(code)), _LONGEST_CODE) if isinstance(code, str | int) else None,
            read.text(mask(message)) if isinstance(message, str) else None,
        )
