"""Times in words: relative to `now`, in the manager's time zone, 24-hour. All datetimes are aware."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

ACTIVE_NOW = timedelta(minutes=2)

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAME_NIGHT = timedelta(hours=16)
"""Up to this a gap reads as hours; beyond it, the day before is "yesterday"."""
_EVENING, _MORNING = 18, 6


def clock_time(at: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """ "14:03", or "14:03:12"."""
    return at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def exact(at: datetime, zone: tzinfo) -> str:
    """ "Wed 25 Nov 2026, 14:03:12": nothing left to guess, for tooltips and reports."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M:%S}"


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """When it was or will be: "Today 14:00", "Tonight 02:00", "Fri 17:37" within a week, then "3 Nov", "3 Nov 2025"."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    days = (local.date() - today.date()).days
    if at > now and _is_tonight(local, days):
        return f"Tonight {local:%H:%M}"
    if days == 0:
        return f"Today {local:%H:%M}"
    if abs(days) < 7:
        return f"{_DAYS[local.weekday()]} {local:%H:%M}"
    day = f"{local.day} {_MONTHS[local.month - 1]}"
    return day if local.year == today.year else f"{day} {local.year}"


def short_moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """As moment(), with the time alone for today: "14:02", "Fri 14:02", "3 Nov"."""
    words = moment(at, now, zone)
    return words.removeprefix("Today ").removeprefix("Tonight ")


def ago(at: datetime, now: datetime, zone: tzinfo) -> str:
    """How long it is over: "just now", "3 min ago", "6 h ago", "yesterday", "46 days ago".

    Hours are counted as they pass, days by the calendar; what lies ahead (a clock that is wrong) is "just now".
    """
    passed = now.astimezone(UTC) - at.astimezone(UTC)
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(hours=1):
        return f"{passed // timedelta(minutes=1)} min ago"
    if passed < _SAME_NIGHT:
        return f"{passed // timedelta(hours=1)} h ago"
    days = (now.astimezone(zone).date() - at.astimezone(zone).date()).days
    if days <= 0:
        return f"{passed // timedelta(hours=1)} h ago"
    return "yesterday" if days == 1 else f"{days} days ago"


def ahead(at: datetime, now: datetime, zone: tzinfo) -> str:
    """How long it still takes: "in 5 min", "in 12 h", "tomorrow", "in 4 days"; "now" where it is not ahead."""
    left = at.astimezone(UTC) - now.astimezone(UTC)
    if left <= timedelta(0):
        return "now"
    if left < timedelta(hours=1):
        return f"in {max(1, left // timedelta(minutes=1))} min"
    if left < timedelta(hours=24):
        return f"in {left // timedelta(hours=1)} h"
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    return "tomorrow" if days == 1 else f"in {days} days"


def capital(words: str) -> str:
    """With its first letter large, for a first line."""
    return words[:1].upper() + words[1:]


def _is_tonight(local: datetime, days: int) -> bool:
    return (days == 0 and (local.hour >= _EVENING or local.hour < _MORNING)) or (
        days == 1 and local.hour < _MORNING
    )
