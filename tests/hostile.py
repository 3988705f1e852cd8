"""Text that wants to be obeyed instead of shown, and rows that carry it wherever a platform may put a text."""

from __future__ import annotations

from dataclasses import replace

from sessionconsole.domain.sessions import Device, Network, Person, Place
from sessionconsole.services.states import Row

MARKUP = '<img src="file:///etc/hostname"><b>Bold</b> &lt;x'
SHARE = "<img src='//host/share/x.png'>"
BIDI = "abc\u202edcba\u2066 gnp.exe\u200b\u2028next"
CONTROL = "NUL\x00 BEL\x07 ESC\x1b[31m DEL\x7f"
MARKS = "e" + "\u0301" * 5000 + " marks"
HUGE = "A" * 1_000_000
BROKEN = "two\nlines\r\nand\ttabs"
AMPERSANDS = "&Ampersand && _underscore_"

HOSTILE = (MARKUP, SHARE, BIDI, MARKS, CONTROL, HUGE, BROKEN, AMPERSANDS)


def in_every_field(row: Row, text: str) -> Row:
    """That text wherever a platform may put one."""
    session = replace(
        row.session,
        person=Person(text, text, text),
        device=Device(row.session.device.type, text, text, text, text, text),
        user_agent=text,
        ip=text,
        place=Place(text, text),
        network=Network(64500, text, text),
    )
    reasons = tuple(
        replace(reason, text=f"{reason.text} {text}", short=text) for reason in row.assessment.reasons
    )
    speaks_for = tuple(text for _ in row.assessment.speaks_for)
    return replace(
        row, session=session, assessment=replace(row.assessment, reasons=reasons, speaks_for=speaks_for)
    )
