"""Whom somebody means who types an account or a name."""

from __future__ import annotations

import pytest

from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.people import account_meant
from sessionconsole.domain.sessions import Person

STAFF = {
    Person("maria.santos", "Maria Santos"),
    Person("m.santos", "Maria Santos"),
    Person("tom.breuer", "Tom Breuer"),
    Person("Tom Breuer", "Somebody Else"),
    Person("lee", "Lee"),
    Person("lee", "Lee Wong"),
    Person("nameless"),
}


@pytest.mark.parametrize(
    ("typed", "account"),
    [
        ("tom.breuer", "tom.breuer"),
        ("Tom Breuer", "Tom Breuer"),  # an account is meant before a name
        ("tom BREUER", "tom.breuer"),
        ("lee wong", "lee"),
        ("nameless", "nameless"),
    ],
)
def test_an_account_is_meant_exactly_and_a_name_in_any_case(typed: str, account: str) -> None:
    assert account_meant(typed, STAFF) == account


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("maria santos", "Several people are called maria santos: m.santos, maria.santos"),
        ("TOM", "Nobody on the list has the account or name TOM. Give one of: Tom Breuer, tom.breuer"),
        ("Sam", "Give one of: Tom Breuer, lee, m.santos, maria.santos, nameless, tom.breuer"),
    ],
)
def test_who_cannot_be_told_apart_is_named(typed: str, told: str) -> None:
    with pytest.raises(WrongUse) as caught:
        account_meant(typed, STAFF)
    assert told in str(caught.value)


def test_of_many_only_some_are_named() -> None:
    with pytest.raises(WrongUse, match="and 88 more"):
        account_meant("x", {Person(f"guide{number}") for number in range(100)})
