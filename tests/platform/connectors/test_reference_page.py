"""docs/connector-format.md: its tables are those of the program."""

from __future__ import annotations

import re
import tomllib
from typing import get_args

from sessionconsole.platform.connectors.format.parts import Word
from sessionconsole.platform.connectors.templates import FILTERS
from sessionconsole.platform.connectors.words import ALLOWED, MEANING
from tools.connector_reference import PAGE, models, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_its_tables_are_current() -> None:
    """Made anew by: python -m tools.connector_reference"""
    assert page() == TEXT


def test_it_has_every_table_of_a_file() -> None:
    assert [name for name in models() if f"<!-- {name} -->" not in TEXT] == []


def test_it_has_every_word_and_filter() -> None:
    assert set(get_args(Word)) == set(ALLOWED) == set(MEANING)
    assert [name for name in FILTERS if f"| `{name}` |" not in TEXT] == []


def test_every_link_in_it_leads_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    places = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    places |= set(re.findall(r'<a id="(\w+)">', TEXT))
    files = {path.name for path in PAGE.parent.iterdir()}

    links = re.findall(r"\]\(([^)]+)\)", TEXT)

    assert [link for link in links if link.startswith("#") and link[1:] not in places] == []
    assert [link for link in links if not link.startswith(("#", "https:")) and link not in files] == []


def test_its_examples_are_toml() -> None:
    for example in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL):
        lines = [
            f"c{n} = {line}" if line.startswith("{") else line for n, line in enumerate(example.splitlines())
        ]
        assert tomllib.loads("\n".join(lines))
