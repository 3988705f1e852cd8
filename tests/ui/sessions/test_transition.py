"""From one list to another by steps that a view can follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.sessions import Handle
from sessionconsole.ui.sessions import transition as module
from sessionconsole.ui.sessions.transition import Transition, transition


def walk(before: list[Handle], steps: Transition) -> list[Handle]:
    """What a view would have after following the steps; it complains about a step that moves and changes at once."""
    assert sorted(steps.gathered) == sorted(before)
    shown = list(steps.gathered)
    for first, last in reversed(steps.removed):
        del shown[first : last + 1]
    assert sorted(steps.kept) == sorted(shown)
    shown = list(steps.kept)
    for first, last in steps.inserted:
        assert first <= len(shown)
        shown[first:first] = steps.grown[first : last + 1]
    assert sorted(shown) == sorted(steps.target)
    assert shown == list(steps.grown)
    return list(steps.target)


lists = st.lists(st.integers(0, 400).map(lambda n: Handle(f"p:{n}")), unique=True, max_size=300)


@given(lists, lists)
def test_the_steps_lead_from_any_list_to_any_other(before: list[Handle], after: list[Handle]) -> None:
    assert walk(before, transition(before, after)) == after


def test_one_new_row_is_one_insertion_and_moves_nothing() -> None:
    before = [Handle(c) for c in "abcd"]
    steps = transition(before, [Handle(c) for c in "abxcd"])
    assert steps.inserted == ((2, 2),)
    assert steps.removed == ()
    assert steps.gathered == steps.kept == tuple(before)


def test_one_gone_row_is_one_removal_where_it_was() -> None:
    steps = transition([Handle(c) for c in "abcd"], [Handle(c) for c in "acd"])
    assert (steps.removed, steps.inserted) == (((1, 1),), ())


@pytest.mark.parametrize("growing", [True, False])
def test_very_many_gaps_become_one_piece(growing: bool) -> None:
    many = [Handle(str(n)) for n in range(4 * module.MANY_RUNS)]
    few = many[::2]
    before, after = (few, many) if growing else (many, few)
    steps = transition(before, after)
    assert len(steps.removed) + len(steps.inserted) == 1
    assert walk(before, steps) == after
