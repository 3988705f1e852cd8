"""Times by a pattern such as "%d.%m.%Y %H:%M", the same in every language.

The directives are those of Python's `strptime`, which is not used: what it takes for the name of a month depends on the
language of the computer, and a platform's answer does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from sessionconsole.platform.connectors.mistakes import Mistake

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DAY = "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_MEANT: Mapping[str, tuple[str, str]] = {
    "d": ("day", r"\d{1,2}"),
    "m": ("month", r"\d{1,2}"),
    "b": ("name", _MONTH),
    "B": ("name", _MONTH),
    "Y": ("year", r"\d{4}"),
    "y": ("short_year", r"\d{2}"),
    "H": ("hour", r"\d{1,2}"),
    "I": ("hour", r"\d{1,2}"),
    "p": ("half", "am|pm"),
    "M": ("minute", r"\d{1,2}"),
    "S": ("second", r"\d{1,2}"),
    "f": ("fraction", r"\d{1,9}"),
    "z": ("offset", r"z|[+-]\d{2}:?\d{2}"),
    "Z": ("zone", "utc|gmt|z"),
    "a": ("weekday", _DAY),
    "A": ("weekday", _DAY),
}
_LONGEST = 100


def compile_time_pattern(pattern: str, zone: tzinfo) -> Callable[[str], datetime | None]:
    """The function that reads such a text as an aware time; `zone` is that of times that name none.

    Returns None for a text that is not of the pattern or no date. Raises `Mistake` for a pattern without a whole date.
    """
    form = _compiled(pattern)

    def read(text: str) -> datetime | None:
        found = form.fullmatch(text.strip()) if len(text) <= _LONGEST else None
        return None if found is None else _time(found.groupdict(), zone)

    return read


def _compiled(pattern: str) -> re.Pattern[str]:
    pieces: list[str] = []
    known: set[str] = set()
    for token in re.findall(r"%.?|\s+|[^%\s]+", pattern, re.DOTALL):
        if token == "%%":
            pieces.append("%")
        elif token.startswith("%"):
            if token[1:] not in _MEANT:
                raise Mistake(
                    f"A time pattern can have {', '.join(f'%{letter}' for letter in _MEANT)} and %%."
                )
            name, digits = _MEANT[token[1:]]
            if name in known:
                raise Mistake("This time pattern says one thing twice.")
            known.add(name)
            pieces.append(f"(?P<{name}>{digits})")
        else:
            pieces.append(r"\s{1,5}" if token.isspace() else re.escape(token))
    if "day" not in known or not known & {"month", "name"} or not known & {"year", "short_year"}:
        raise Mistake(
            'This is neither "iso", "epoch-s", "epoch-ms" or "epoch-us" nor a pattern with day, month and year,'
            ' such as "%d.%m.%Y %H:%M".'
        )
    return re.compile("".join(pieces), re.ASCII | re.IGNORECASE)


def _time(found: Mapping[str, str], zone: tzinfo) -> datetime | None:
    year = int(found["year"]) if "year" in found else 2000 + int(found["short_year"])
    month = int(found["month"]) if "month" in found else 1 + _MONTHS.index(found["name"][:3].lower())
    hour = int(found.get("hour", "0"))
    if "half" in found:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    try:
        return datetime(
            year,
            month,
            int(found["day"]),
            hour,
            int(found.get("minute", "0")),
            int(found.get("second", "0")),
            int(found.get("fraction", "0")[:6].ljust(6, "0")),
            _offset(found["offset"]) if "offset" in found else UTC if "zone" in found else zone,
        )
    except ValueError:
        return None


def _offset(text: str) -> tzinfo:
    if text in ("z", "Z"):
        return UTC
    away = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-away if text[0] == "-" else away)
