"""Distances on the globe."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from sessionconsole.domain.sessions import Place

_EARTH_RADIUS_KM = 6371.0


def kilometres(one: Place | None, other: Place | None) -> float | None:
    """The great-circle distance (haversine), None where either place has no coordinates."""
    if one is None or other is None:
        return None
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    half = (
        sin((lat2 - lat1) / 2) ** 2
        + cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    )
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def rounded(km: float) -> int:
    """A distance as exact as anybody believes it: two figures below 1,000 km, three above."""
    step = 10 if km < 1000 else 100
    return max(step, round(km / step) * step)
