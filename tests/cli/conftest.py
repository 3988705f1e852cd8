"""A desk where somebody is signed in."""

from __future__ import annotations

import pytest

from tests.cli.desk import Desk
from tests.fakes.platform import MARIA, SAM, session


@pytest.fixture
def desk() -> Desk:
    """Signed in as Dana; Maria is logged in twice and Sam once."""
    desk = Desk(session("pc", MARIA), session("stranger", MARIA, ip="198.51.100.77"), session("sam", SAM))
    desk.sign_in()
    return desk
