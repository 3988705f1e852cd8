"""Whether a journal is as it was written, and if not, where that shows first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sessionconsole.domain.journal import (
    BEGINNING,
    Entry,
    Head,
    Kind,
    Line,
    chain_hash,
    commitment,
    numbers_of,
    read_line,
)


class Fault(StrEnum):
    """What is wrong with an entry."""

    MISSING = "missing"
    OUT_OF_PLACE = "out-of-place"
    CHANGED = "changed"
    NAMES_CHANGED = "names-changed"
    NAMES_MISSING = "names-missing"
    CUT = "cut"
    ANOTHER = "another"


_WORDS: Mapping[Fault, str] = {
    Fault.MISSING: "Entry {number} is missing.",
    Fault.OUT_OF_PLACE: "Entry {number} stands where entry {expected} belongs.",
    Fault.CHANGED: "Entry {number} was changed, or stands in the place of another one.",
    Fault.NAMES_CHANGED: "The names in entry {number} were changed.",
    Fault.NAMES_MISSING: "The names in entry {number} are missing, and no entry says that they were forgotten.",
    Fault.CUT: "Entry {number} and what followed it are missing: the password store of this computer knows of "
    "{known} entries.",
    Fault.ANOTHER: "Entry {number} is another one than the password store of this computer knows: the journal was "
    "replaced.",
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found; `head` is what is kept apart, None where nothing is.

    `number` is the first broken entry. `since` is when the first entry was made.
    """

    count: int
    since: datetime | None = None
    nameless: int = 0
    head: Head | None = None
    fault: Fault | None = None
    number: int = 0
    expected: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether every entry is as it was written and none is missing."""
        return self.fault is None

    @property
    def lacks_its_end(self) -> bool:
        """Whether the only fault is that it does not end where it did; for that there may be a good reason."""
        return self.fault in (Fault.CUT, Fault.ANOTHER)

    @property
    def text(self) -> str:
        """It in words, without a date."""
        if self.fault is not None:
            known = self.head.number if self.head else 0
            return _WORDS[self.fault].format(number=self.number, expected=self.expected, known=known)
        if not self.count:
            return "The journal is empty."
        what = "1 entry, and it is" if self.count == 1 else f"{self.count:,} entries, and all are"
        return f"{what} as they were written." if self.count > 1 else f"{what} as it was written."


def prove(lines: Sequence[Line], head: Head | None) -> Proof:
    """Whether the chain holds from the first line to the last, and the head that was kept apart occurs in it.

    A head that is behind the last line is no fault: the program may have been killed between the two writes.
    """
    entries = [_read(line) for line in lines]
    nameless = [entry.number for entry in entries if entry is not None and entry.erased_parts]
    since = entries[0].act.at if entries and entries[0] is not None else None
    found = _walk(lines, entries) or _compare(lines, head) or _unexplained(entries, nameless)
    fault, number, expected = found or (None, 0, 0)
    return Proof(len(lines), since, len(nameless), head, fault, number, expected)


_Found = tuple[Fault, int, int]


def _read(line: Line) -> Entry | None:
    try:
        return read_line(line)
    except ValueError:
        return None


def _walk(lines: Sequence[Line], entries: Sequence[Entry | None]) -> _Found | None:
    before = BEGINNING
    for expected, (line, entry) in enumerate(zip(lines, entries, strict=True), 1):
        if line.number != expected:
            later = line.number > expected and all(each.number != expected for each in lines)
            return (
                (Fault.MISSING, expected, expected) if later else (Fault.OUT_OF_PLACE, line.number, expected)
            )
        if entry is None or chain_hash(before, line.number, line.text) != line.hash:
            return Fault.CHANGED, line.number, expected
        before = line.hash
        for part, names in (("by", line.by), ("about", line.about)):
            if names is not None and commitment(names) != entry.sealed.get(part):
                return Fault.NAMES_CHANGED, line.number, expected
    return None


def _compare(lines: Sequence[Line], head: Head | None) -> _Found | None:
    if head is None:
        return None
    if head.number > len(lines):
        return Fault.CUT, len(lines) + 1, len(lines) + 1
    if head.number < 1 or lines[head.number - 1].hash != head.hash:
        return Fault.ANOTHER, head.number, head.number
    return None


def _unexplained(entries: Sequence[Entry | None], nameless: Sequence[int]) -> _Found | None:
    """Names that are missing although no entry says that they were erased."""
    erased: list[range] = []
    for entry in entries if nameless else ():
        if entry is None:
            continue
        with suppress(ValueError):
            erased += numbers_of(entry.act.erased or "")
        if entry.act.kind is Kind.GAP_ACCEPTED:
            # What said so may have been among the entries that were lost.
            erased.append(range(1, entry.number))
    left = [number for number in nameless if not any(number in run for run in erased)]
    return (Fault.NAMES_MISSING, left[0], left[0]) if left else None
