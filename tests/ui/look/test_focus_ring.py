"""Who goes by the keyboard sees where they are."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.theme import Theme, set_role


class Page(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.field, self.first, self.second = QLineEdit(), QPushButton("Undo"), QPushButton("End")
        set_role(self.first, "strong")
        column = QVBoxLayout(self)
        for widget in (self.field, self.first, self.second):
            column.addWidget(widget)

    @property
    def ring(self) -> QRect | None:
        """Where the visible ring lies."""
        found = [w for w in self.findChildren(QWidget, "focus-ring") if w.isVisible()]
        assert len(found) <= 1
        return found[0].geometry() if found else None


@pytest.fixture
def page(theme: Theme, qtbot: QtBot) -> Page:
    made = Page()
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.field.setFocus()
    return made


def around(widget: QWidget) -> QRect:
    return widget.geometry().adjusted(-4, -4, 4, 4)


def test_the_ring_goes_with_the_focus_and_leaves_a_gap(page: Page) -> None:
    assert page.ring is None
    page.first.setFocus()
    assert page.ring == around(page.first)
    page.second.setFocus(Qt.FocusReason.TabFocusReason)
    assert page.ring == around(page.second)
    page.field.setFocus()
    assert page.ring is None


def test_the_ring_follows_its_button(page: Page) -> None:
    page.first.setFocus()
    page.resize(500, 300)
    assert page.ring == around(page.first)
    page.first.hide()
    assert page.ring != around(page.first)


def test_where_the_parent_is_too_tight_the_ring_lies_on_what_is_around_it(page: Page) -> None:
    row, more = QWidget(page), QPushButton("More")
    inside = QVBoxLayout(row)
    inside.setContentsMargins(0, 0, 0, 0)
    inside.addWidget(more)
    layout = page.layout()
    assert layout is not None
    layout.addWidget(row)
    row.show()
    QApplication.processEvents()
    more.setFocus()

    def lies_around() -> bool:
        spot = QRect(more.mapTo(page, QPoint(0, 0)), more.size())
        return page.ring == spot.adjusted(-4, -4, 4, 4)

    assert lies_around()
    page.resize(500, 400)
    assert lies_around()
    row.hide()
    assert not lies_around()


def test_the_ring_wears_the_theme(page: Page, theme: Theme) -> None:
    page.first.setFocus()
    theme.wear(Appearance.HIGH_CONTRAST)
    ring = page.ring
    assert ring is not None
    image = page.grab().toImage()
    assert image.pixelColor(ring.center().x(), ring.top()).name().upper() == theme.tokens.focus


def test_a_button_that_is_deleted_takes_its_ring_along(page: Page, qtbot: QtBot) -> None:
    page.first.setFocus()
    page.first.deleteLater()
    qtbot.waitUntil(lambda: page.ring != around(page.second) or page.second.hasFocus())
    page.field.setFocus()
    assert page.ring is None
