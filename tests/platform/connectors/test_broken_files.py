"""Files with a mistake each, and the exact words that their writer is told: they stand at the top of each file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessionconsole.domain.connectors import ConnectorMistakes
from sessionconsole.platform.connectors.loading import load_file

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.toml"))
ODD = sorted((HERE / "good").glob("*.toml"))
EXPECT = "# expect: "


def test_the_file_that_the_broken_ones_were_made_of_is_good() -> None:
    assert load_file(HERE / "good.toml").connector.name == "harbour"


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_told_what_is_wrong_with_it(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    expected = [line.removeprefix(EXPECT) for line in lines if line.startswith(EXPECT)]

    with pytest.raises(ConnectorMistakes) as told:
        load_file(path)

    assert [str(mistake) for mistake in told.value.mistakes] == expected


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.stem)
def test_what_is_odd_but_makes_sense_is_let_through(path: Path) -> None:
    assert load_file(path).listing is not None


def test_the_corpus_has_every_kind_of_mistake() -> None:
    assert len(BROKEN) >= 100
