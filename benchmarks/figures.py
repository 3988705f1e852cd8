"""How a measurement is told: the median, the spread, and the ratio to the rival of the same run."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def line(name: str, times: Sequence[float], rival: Sequence[float]) -> str:
    """One row of a table; times are in milliseconds, and each is held against the rival's of the same round."""
    ratios = sorted(ours / theirs for ours, theirs in zip(times, rival, strict=True))
    return (
        f"{name:<44}{_shown(statistics.median(times)):>8} ms  ({_shown(min(times))} to {_shown(max(times))})".ljust(
            82
        )
        + f"ratio {_ratio(statistics.median(ratios))}  ({_ratio(ratios[0])} to {_ratio(ratios[-1])})"
    )


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:,.0f}" if milliseconds >= 20 else f"{milliseconds:.2f}"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.1 else f"{ratio:.4f}"
