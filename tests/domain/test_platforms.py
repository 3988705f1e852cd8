"""Which office an address belongs to, and what a country is called."""

from __future__ import annotations

import pytest

from sessionconsole.domain.countries import country_name, in_sentence
from sessionconsole.domain.platforms import Listing, Office
from tests.builders import a_handle, a_session, an_about


@pytest.mark.parametrize(
    ("ip", "office"),
    [
        ("203.0.113.10", "Cairns office"),
        ("203.0.113.60", "Port Douglas office"),
        ("203.0.113.61", None),
        ("2001:db8::1", None),
        ("not an address", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_belongs_to_the_office_whose_line_it_is(ip: str | None, office: str | None) -> None:
    assert an_about().office_of(ip) == office


def test_a_network_that_makes_no_sense_holds_nobody_and_hides_no_other() -> None:
    office = Office("Cairns office", ("nonsense", "203.0.113.0/28"))

    assert office.holds("203.0.113.10")


def test_a_listing_finds_a_session_by_handle() -> None:
    listing = Listing((a_session(1), a_session(2)))

    assert listing.find(a_handle(2)) == a_session(2)
    assert listing.find(a_handle(3)) is None


def test_countries_have_names() -> None:
    assert country_name("BR") == "Brazil"
    assert country_name("br") == "Brazil"
    assert country_name("Brazil") == "Brazil"
    assert country_name("ZZ") == "ZZ"
    assert in_sentence("NL") == "the Netherlands"
    assert in_sentence("AU") == "Australia"
