"""Which earlier lists are kept."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sessionconsole.domain.sessions import Place, Snapshot
from sessionconsole.store.thinning import MOST, Kept, fingerprints, seen_on, too_many, worth_keeping
from tests.builders import NOW, PLATFORM, a_session

HOUR = 3600.0


def kept(number: int, at: float, seen: str) -> Kept:
    return Kept(number, at, frozenset(letter.encode() for letter in seen))


def test_where_nobody_came_or_went_one_an_hour_is_enough() -> None:
    last = kept(1, 0, "ab")

    assert not worth_keeping(kept(0, HOUR - 1, "ab"), last, kept(0, 0, "ab").seen)
    assert worth_keeping(kept(0, HOUR, "ab"), last, kept(0, 0, "ab").seen)
    assert worth_keeping(kept(0, 0, "ab"), None, kept(0, 0, "ab").seen)


def test_a_session_in_no_other_list_is_worth_one() -> None:
    last = kept(1, 0, "ab")

    assert worth_keeping(kept(0, 30, "abc"), last, kept(0, 0, "ab").seen)
    assert not worth_keeping(kept(0, 30, "abc"), last, kept(0, 0, "abc").seen)
    assert not worth_keeping(kept(0, 30, "a"), last, kept(0, 0, "").seen)


def test_the_session_is_another_where_its_place_or_device_changed() -> None:
    def seen(**changes: Any) -> bytes:
        return seen_on(Snapshot(PLATFORM, "dana", NOW, (a_session(**changes),)))

    assert seen() == seen(last_active_at=None, user_agent="Chrome/142", expires_at=None)
    assert seen() != seen(ip="198.51.100.7")
    assert seen() != seen(place=Place("Manaus", "BR"))
    assert len(fingerprints(seen())) == 1


def test_of_too_many_the_covered_and_closest_go_first() -> None:
    lists = [kept(number, number * HOUR, "ab") for number in range(MOST)]
    lists[50] = kept(50, 50 * HOUR, "abz")
    lists.insert(61, kept(1000, 60.5 * HOUR, "ab"))

    assert list(too_many(lists)) in ([60], [1000], [61])


@given(st.lists(st.sets(st.integers(0, 30)), min_size=MOST, max_size=MOST + 20))
@settings(max_examples=10, deadline=None)
def test_first_and_last_stay_and_the_number_is_right(seen: list[set[int]]) -> None:
    lists = [Kept(n, n * 60.0, frozenset(bytes([i]) for i in ids)) for n, ids in enumerate(seen)]

    dropped = set(too_many(lists))

    assert len(lists) - len(dropped) == MOST
    assert not dropped & {0, len(lists) - 1}
