"""Server-sent events, read as they come and bounded (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

from dataclasses import dataclass

from sessionconsole.domain.errors import PlatformMisbehaved

LONGEST_LINE = 8 * 1024
LARGEST_EVENT = 64 * 1024
"""Bytes; a stream that has more in one is no stream of events."""
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, by name; `id` is the newest that the stream gave, and fit to be sent back in a header."""

    name: str
    id: str | None


class EventReader:
    """Takes the stream in pieces of any size; what events carry as data is passed over, for it is never proof."""

    def __init__(self) -> None:
        self._line = bytearray()
        self._after_cr = False
        self._first = True
        self._size = 0
        self._name = ""
        self._has_data = False
        self._id: str | None = None

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that end in this piece; raises `PlatformMisbehaved` where one has no end."""
        events = []
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        self._after_cr = self._after_cr or chunk.endswith(b"\r")
        for piece in chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n").splitlines(keepends=True):
            self._line += piece
            if len(self._line) > LONGEST_LINE:
                raise PlatformMisbehaved
            if piece.endswith(b"\n"):
                line = bytes(self._line[:-1])
                self._line.clear()
                event = self._take(line)
                if event is not None:
                    events.append(event)
        return events

    def _take(self, line: bytes) -> Event | None:
        if self._first:
            line = line.removeprefix(b"\xef\xbb\xbf")
            self._first = False
        if not line:
            event = Event(self._name or "message", self._id) if self._has_data else None
            self._name, self._has_data, self._size = "", False, 0
            return event
        self._size += len(line)
        if self._size > LARGEST_EVENT:
            raise PlatformMisbehaved
        field, _, value = line.partition(b":")
        text = value.removeprefix(b" ").decode("utf-8", "replace")
        match field:
            case b"event":
                self._name = text
            case b"data":
                self._has_data = True
            case b"id":
                fits = text.isascii() and text.isprintable() and len(text) <= LONGEST_ID
                self._id = text if fits else self._id
        return None
