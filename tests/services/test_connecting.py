"""Choosing, checking and keeping connector files, over the real catalog and real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.desktop.files import write_whole
from sessionconsole.domain.connectors import ConnectorMistakes
from sessionconsole.domain.errors import WrongUse
from sessionconsole.platform.connectors.catalog import Catalog
from sessionconsole.services.connecting import Connecting
from tests.helpers import run

GOOD = Path(__file__).parent.parent / "platform" / "connectors" / "good.toml"


@pytest.fixture
def connecting(tmp_path: Path) -> Connecting:
    async def try_nothing(*_: object) -> bool:
        return True

    return Connecting(Catalog(tmp_path / "own", write_whole), try_nothing)


def test_a_file_that_is_kept_is_one_of_the_kinds_from_then_on(connecting: Connecting) -> None:
    assert "harbour" not in [kind.name for kind in run(connecting.kinds())]

    assert run(connecting.keep(GOOD)) == "harbour"

    (kind,) = [kind for kind in run(connecting.kinds()) if kind.name == "harbour"]
    assert (kind.own, kind.title) == (True, "Harbour & Reef")


def test_a_broken_file_of_the_folder_is_in_nobodys_way(connecting: Connecting, tmp_path: Path) -> None:
    run(connecting.keep(GOOD))
    (tmp_path / "own" / "broken.toml").write_text("nothing = [")

    names = [kind.name for kind in run(connecting.kinds())]
    assert "harbour" in names
    assert "broken" not in names


def test_a_file_of_a_taken_name_is_told_before_anything_is_tried(
    connecting: Connecting, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.toml"
    taken.write_text(GOOD.read_text().replace('name = "harbour"', 'name = "synapse"'))

    with pytest.raises(WrongUse, match="comes with the program"):
        run(connecting.check(taken))


def test_all_mistakes_of_a_file_are_told_at_once(connecting: Connecting, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text(GOOD.read_text().replace("[whoami]", "[who]").replace('"DELETE"', '"REMOVE"'))

    with pytest.raises(ConnectorMistakes) as told:
        run(connecting.check(broken))
    assert {mistake.key for mistake in told.value.mistakes} >= {"who", "end.one.method"}
