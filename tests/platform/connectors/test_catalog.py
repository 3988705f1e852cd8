"""The connectors that there are: built in, and the user's own."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from sessionconsole.desktop.files import write_whole
from sessionconsole.domain.connectors import ConnectorMistakes
from sessionconsole.domain.errors import StoreNotWritable, WrongUse
from sessionconsole.domain.platforms import Field
from sessionconsole.platform.connectors.catalog import Catalog

GOOD = (Path(__file__).parent / "good.toml").read_text(encoding="utf-8")
BUILT_IN = {
    "console-api",
    "django-allauth",
    "better-auth",
    "synapse",
    "jupyterhub",
    "mattermost",
    "ory-kratos",
    "authentik",
    "keycloak-account",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where this home keeps the user's own files; not there yet."""
    return tmp_path / "home" / "connectors"


@pytest.fixture
def catalog(folder: Path) -> Catalog:
    """Of that home."""
    return Catalog(folder, write_whole)


def given(tmp_path: Path, text: str = GOOD) -> Path:
    """A file that somebody sent to the user."""
    path = tmp_path / "from support.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nine_come_with_the_program(catalog: Catalog) -> None:
    assert set(catalog.names()) == BUILT_IN
    assert all(catalog.about(name).problem is None for name in catalog.names())


def test_a_file_that_was_added_is_there_at_the_next_start(
    catalog: Catalog, folder: Path, tmp_path: Path
) -> None:
    assert catalog.add(given(tmp_path)) == "harbour"
    (tmp_path / "from support.toml").unlink()

    later = Catalog(folder)

    assert later.names()[-1] == "harbour"
    assert later.load("harbour").connector.title == "Harbour & Reef"
    assert later.about("harbour").own
    assert later.text("harbour") == GOOD


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_what_was_added_is_for_this_user_only(catalog: Catalog, folder: Path, tmp_path: Path) -> None:
    catalog.add(given(tmp_path))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "harbour.toml").stat().st_mode) == 0o600


def test_a_newer_file_replaces_the_older_one(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(given(tmp_path))
    catalog.add(given(tmp_path, GOOD.replace("Harbour & Reef", "Harbour, newer")))

    assert catalog.load("harbour").connector.title == "Harbour, newer"


def test_a_broken_file_is_not_added(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(given(tmp_path))

    with pytest.raises(ConnectorMistakes) as told:
        catalog.add(given(tmp_path, GOOD.replace("{session.id}", "{session.idd}")))

    assert told.value.message.startswith("The connector file from support.toml has a mistake: end.one.path: ")
    assert catalog.load("harbour").connector.title == "Harbour & Reef"


def test_no_file_takes_the_place_of_a_built_in_one(catalog: Catalog, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="The connector synapse comes with the program"):
        catalog.add(given(tmp_path, GOOD.replace('"harbour"', '"synapse"')))

    folder.mkdir(parents=True)
    (folder / "synapse.toml").write_text(GOOD.replace('"harbour"', '"synapse"'), encoding="utf-8")

    assert catalog.load("synapse").connector.title == "Synapse (Matrix)"
    assert catalog.names().count("synapse") == 1


def test_one_broken_file_hides_no_other(catalog: Catalog, folder: Path, tmp_path: Path) -> None:
    catalog.add(given(tmp_path))
    (folder / "broken.toml").write_text("format = ", encoding="utf-8")
    (folder / "renamed.toml").write_text(GOOD, encoding="utf-8")
    (folder / "notes.txt").write_text("nothing", encoding="utf-8")
    (folder / "folder.toml").mkdir()

    assert set(catalog.names()) == BUILT_IN | {"harbour", "broken", "renamed", "folder"}
    assert catalog.about("harbour").problem is None
    for name, said in {
        "broken": "line 1: expected a value",
        "renamed": "says that its name is harbour",
        "folder": "this is a folder",
    }.items():
        problem = catalog.about(name).problem
        assert problem is not None
        assert said in problem.message
        with pytest.raises(WrongUse):
            catalog.load(name)


def test_a_name_that_nobody_knows(catalog: Catalog) -> None:
    for name in ("nothing", "../synapse", "synapse.toml", ""):
        with pytest.raises(WrongUse, match="There is no connector of the name") as told:
            catalog.load(name)
        assert "synapse" in told.value.advice


def test_a_folder_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "connectors").write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(StoreNotWritable):
        Catalog(tmp_path / "connectors", write_whole).add(given(tmp_path))


def test_a_home_that_keeps_nothing_has_the_built_in_ones(tmp_path: Path) -> None:
    assert set(Catalog().names()) == BUILT_IN
    with pytest.raises(WrongUse):
        Catalog().add(given(tmp_path))


def test_what_a_file_says_of_its_platform(catalog: Catalog) -> None:
    synapse = catalog.about("synapse")

    assert synapse.verified == "real-server"
    assert synapse.capabilities.provides == {Field.LAST_ACTIVE}
    assert synapse.ends == ("one", "many")
    assert synapse.proofs == ("password",)
    assert synapse.tells_own_session
    assert not synapse.own
    assert catalog.about("console-api").found_by_discovery
    assert catalog.about("keycloak-account").capabilities.revocation_delay.total_seconds() == 300


def test_a_file_says_where_its_calls_go_besides_the_typed_address(catalog: Catalog) -> None:
    assert catalog.about("mattermost").elsewhere == ()
    odd = Path(__file__).parent / "good" / "booking_devices.toml"
    assert catalog.check(odd).elsewhere == ("https://accounts.shop.example/{organizer}",)
