"""How one list of rows becomes another: what goes, what comes, in as few steps as a view can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sessionconsole.domain.sessions import Handle

MANY_RUNS = 64
"""With more gaps than this it is cheaper to move what goes or comes to the end and cut it there in one piece."""


@dataclass(frozen=True, slots=True)
class Transition:
    """Steps in this order: arrange as `gathered`, remove, arrange as `kept`, insert up to `grown`, arrange as `target`.

    Runs are (first, last) with both ends included; removals are to be done from the last to the first, insertions
    from the first to the last, with the handles that stand there in `grown`.
    """

    gathered: tuple[Handle, ...]
    removed: tuple[tuple[int, int], ...]
    kept: tuple[Handle, ...]
    inserted: tuple[tuple[int, int], ...]
    grown: tuple[Handle, ...]
    target: tuple[Handle, ...]


def transition(before: Sequence[Handle], after: Sequence[Handle]) -> Transition:
    """The steps from one order of unique handles to another."""
    wanted, had = set(after), set(before)
    if wanted == had:
        return rearrangement(before, after)
    gathered, kept = tuple(before), tuple(handle for handle in before if handle in wanted)
    removed = _runs([row for row, handle in enumerate(before) if handle not in wanted])
    if len(removed) > MANY_RUNS:
        gathered = kept + tuple(handle for handle in before if handle not in wanted)
        removed = ((len(kept), len(before) - 1),)
    target = tuple(after)
    inserted = _runs([row for row, handle in enumerate(after) if handle not in had])
    if len(inserted) > MANY_RUNS:
        grown = kept + tuple(handle for handle in after if handle not in had)
        inserted = ((len(kept), len(after) - 1),)
    else:
        kept, grown = tuple(handle for handle in after if handle in had), target
    return Transition(gathered, removed, kept, inserted, grown, target)


def rearrangement(before: Sequence[Handle], after: Sequence[Handle]) -> Transition:
    """The steps from one order to another of the very same handles."""
    same, target = tuple(before), tuple(after)
    return Transition(same, (), same, (), same, target)


def in_known_order(wanted: Sequence[Handle], known: Sequence[Handle]) -> tuple[Handle, ...]:
    """`wanted`, with what was known in the order it had; each new one follows what it would have followed."""
    coming = set(wanted)
    staying = [handle for handle in known if handle in coming]
    if len(staying) == len(wanted):
        return tuple(staying)
    had = set(staying)
    followers: dict[Handle | None, list[Handle]] = {}
    leader: Handle | None = None
    for handle in wanted:
        if handle in had:
            leader = handle
        else:
            followers.setdefault(leader, []).append(handle)
    held = list(followers.get(None, ()))
    for handle in staying:
        held.append(handle)
        if handle in followers:
            held += followers[handle]
    return tuple(held)


def _runs(rows: Sequence[int]) -> tuple[tuple[int, int], ...]:
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return tuple(runs)
