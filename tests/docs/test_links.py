"""Every link between the pages of docs/, and from the pages beside it, leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS

PAGES = sorted((*DOCS.glob("*.md"), *DOCS.parent.glob("*.md")))
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]

    assert [link for link in links if not _leads_somewhere(page, *link.partition("#")[::2])] == []


def _leads_somewhere(page: Path, file: str, place: str) -> bool:
    target = page.parent / file if file else page
    if not target.exists():
        return False
    return not place or target.suffix != ".md" or place in _places(target.read_text(encoding="utf-8"))


def _places(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    named = re.findall(r'<a id="([\w-]+)">', text)
    return {*named, *(re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings)}
