"""Sits at the window and speaks like a user; it knows widgets by their accessible names only."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from sessionconsole.ui.look.labels import PlainLabel
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.sessions.columns import Col
from sessionconsole.ui.shell.presenter import Shell
from sessionconsole.ui.shell.window import MainWindow
from sessionconsole.ui.tasks import Tasks
from tests.fakes.console import FakeConsole

PATIENCE = 3000  # milliseconds


class Robot:
    """One user at one window on one fake console."""

    def __init__(
        self, qtbot: QtBot, theme: Theme, console: FakeConsole, size: tuple[int, int] = (1366, 768)
    ) -> None:
        self.qtbot, self.console = qtbot, console
        self.window = MainWindow(theme)
        self.window.resize(*size)
        self.tasks = Tasks()
        self.window.show()
        self.shell = Shell(console, self.tasks, theme, self.window)
        self.tasks.start("start", console.start)
        qtbot.waitUntil(lambda: not self.tasks.is_running("start"), timeout=PATIENCE)
        self.settles()

    # --------------------------------------------------------------------------------------- acting

    def signs_in(self, address: str, username: str, password: str) -> None:
        """Fill in the first step and press the button."""
        self.types("Address", address)
        self.types("User name", username)
        self.types("Password", password)
        self.presses("Sign in")

    def gives_code(self, code: str) -> None:
        """Fill in the second step and press the button."""
        self.sees("One more step")
        self.types("Code", code)
        self.presses("Sign in")

    def types(self, field: str, text: str) -> None:
        """Replace what is in the field of that name."""
        widget = self.field(field)
        widget.setFocus()
        widget.selectAll()
        if text:
            QTest.keyClicks(widget, text)
        else:
            widget.clear()

    def chooses(self, box: str, item: str) -> None:
        """Choose from the box of that name."""
        found = [each for each in self._shown(QComboBox) if each.accessibleName() == box]
        assert found, f"no box {box!r}"
        chosen = found[-1].findText(item)  # type: ignore[attr-defined]
        assert chosen >= 0, f"no {item!r} in {box!r}"
        found[-1].setCurrentIndex(chosen)  # type: ignore[attr-defined]
        self.settles()

    def drops(self, path: Path) -> None:
        """Drag that file from elsewhere onto the page that is shown."""
        page = self.window.page
        assert page is not None
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        spot, copy, left = page.rect().center(), Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        none = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(spot, copy, data, left, none)
        QApplication.sendEvent(page, enter)
        if enter.isAccepted():
            QApplication.sendEvent(page, QDropEvent(QPointF(spot), copy, data, left, none))
        self.settles()

    def presses(self, name: str) -> None:
        """Click the button of that name."""
        self.qtbot.waitUntil(lambda: self._button(name) is not None, timeout=PATIENCE)
        button = self._button(name)
        assert button is not None
        assert button.isEnabled(), f"{name} cannot be pressed"
        self.clicks(button)

    def clicks(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click a widget, in its middle unless told otherwise."""
        spot = at if at is not None else widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)
        self.settles()

    def key(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        on: QWidget | None = None,
    ) -> None:
        """Press a key where the focus is, or on that widget."""
        QTest.keyClick(on or self.focus, key, modifier)
        self.settles()

    @property
    def focus(self) -> QWidget:
        """What has the focus."""
        focus: QWidget | None = self.window.focusWidget()
        return self.window if focus is None else focus

    def picks(self, person: str, device: str | None = None) -> None:
        """Click a row."""
        self._click(person, device, Col.PERSON)

    def ends(self, person: str, device: str | None = None) -> None:
        """Click the button in the row of that person."""
        row = self._row(person, device)
        table = self.shell.list.table
        table.scrollTo(table.model().index(row, Col.PERSON))
        self.clicks(table.viewport(), table.button_rect(row).center())

    def waits(self, seconds: int) -> None:
        """Let the clock and the window's own second pass."""
        for _ in range(seconds):
            self.console.clock.advance(1)
            self.shell.listing.tick()
        self.settles()

    def comes_back(self) -> None:
        """Turn to another window, and to this one again."""
        other = QWidget()
        self.qtbot.addWidget(other)
        for turned_to in (other, self.window):
            turned_to.show()
            turned_to.activateWindow()
            self.qtbot.waitUntil(turned_to.isActiveWindow, timeout=PATIENCE)
        other.hide()
        self.settles()

    def settles(self) -> None:
        """Let the window finish what it was told."""
        quick: tuple[str, ...] = (
            *(
                "prepare",
                "refresh",
                "start",
                "wish",
                "say ours",
                "sign out",
                "look whether",
                "forget a",
                "spare",
                "choose many",
            ),
            *("kinds", "check a connector", "keep a connector"),
        )
        asking = ("end this console", "ask about", "prove", "preview of many", "what did not go")

        def settled() -> bool:
            awaited = quick if self.dialog else quick + asking
            return not any(key.startswith(awaited) for key in self.tasks.running)

        self.qtbot.waitUntil(settled, timeout=PATIENCE)

    def leaves(self) -> None:
        """Go away and leave nothing running."""
        self.shell.close()
        closing = asyncio.get_running_loop().create_task(self.tasks.close())
        self.qtbot.waitUntil(closing.done, timeout=PATIENCE)
        self.window.hide()
        self.window.deleteLater()
        QApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete)

    # --------------------------------------------------------------------------------------- seeing

    def sees(self, *texts: str) -> None:
        """Wait until each text stands somewhere on the window or on the dialog before it."""
        for text in texts:
            try:
                self.qtbot.waitUntil(lambda text=text: self.can_see(text), timeout=PATIENCE)  # type: ignore[misc]
            except Exception as waited:
                raise AssertionError(f"{text!r} is not among {sorted(self.texts())}") from waited

    def waits_for_question(self, *texts: str) -> None:
        """Wait until a dialog asks that."""
        self.qtbot.waitUntil(lambda: self.dialog is not None, timeout=PATIENCE)
        self.sees(*texts)

    def does_not_see(self, text: str) -> None:
        """Wait until the text stands nowhere."""
        self.qtbot.waitUntil(lambda: not self.can_see(text), timeout=PATIENCE)

    def can_see(self, text: str) -> bool:
        """Whether the text is part of anything shown."""
        return any(text in shown for shown in self.texts())

    def sees_in_row(self, person: str, *texts: str, device: str | None = None) -> None:
        """Wait until the row of that person says it."""
        self.qtbot.waitUntil(
            lambda: all(text in " ".join(self.row(person, device)) for text in texts), timeout=PATIENCE
        )

    def row(self, person: str, device: str | None = None) -> list[str]:
        """All words of a row."""
        model = self.shell.list.model
        row = self._row(person, device)
        return [
            part
            for col in Col
            for part in (model.lines(row, col).first, model.lines(row, col).second)
            if part
        ]

    def people(self) -> list[str]:
        """The names in the list, from the top."""
        model = self.shell.list.model
        return [model.lines(row, Col.PERSON).first for row in range(model.rowCount())]

    @property
    def status(self) -> str:
        """The sentence at the bottom."""
        return self.shell.list.bar.words.full_text

    def says(self, text: str) -> None:
        """Wait until the sentence at the bottom has that text."""
        self.qtbot.waitUntil(lambda: text in self.status, timeout=PATIENCE)

    def texts(self) -> Iterator[str]:
        """Everything that can be read now."""
        for widget in self._shown(QWidget):
            if isinstance(widget, PlainLabel):
                yield widget.full_text
            elif isinstance(widget, QLabel | QAbstractButton):
                yield widget.text().strip().replace("&&", "&")
            elif isinstance(widget, QLineEdit):
                yield widget.text()
        if self.shell.list.table.isVisible():
            model = self.shell.list.model
            for row in range(model.rowCount()):
                for col in Col:
                    lines = model.lines(row, col)
                    yield lines.first
                    yield lines.second

    def field(self, name: str) -> QLineEdit:
        """The field of that name."""
        found = [field for field in self._shown(QLineEdit) if field.accessibleName() == name]
        assert found, f"no field {name!r}"
        return found[-1]  # type: ignore[return-value]

    def button(self, name: str) -> QAbstractButton:
        """The button of that name."""
        found = self._button(name)
        assert found is not None, f"no button {name!r}"
        return found

    @property
    def dialog(self) -> QDialog | None:
        """The question before the window."""
        shown = [child for child in self.window.findChildren(QDialog) if child.isVisible()]
        return shown[-1] if shown else None

    # --------------------------------------------------------------------------------------- inside

    def _button(self, name: str) -> QAbstractButton | None:
        found = [b for b in self._shown(QAbstractButton) if b.accessibleName() == name]
        return found[-1] if found else None  # type: ignore[return-value]

    def _shown(self, kind: type[QWidget]) -> list[QWidget]:
        """Visible ones; while a question is asked only its own, for the window behind it takes no click."""
        root: QWidget = self.dialog or self.window
        return [child for child in root.findChildren(kind) if child.isVisible()]

    def _row(self, person: str, device: str | None) -> int:
        model = self.shell.list.model
        for row in range(model.rowCount()):
            name, what = model.lines(row, Col.PERSON).first, model.lines(row, Col.DEVICE).first
            if name == person and device in (None, what):
                return row
        raise AssertionError(f"no row of {person} on {device} among {self.people()}")

    def _click(self, person: str, device: str | None, column: Col) -> None:
        table = self.shell.list.table
        index = table.model().index(self._row(person, device), column)
        table.scrollTo(index)
        self.clicks(table.viewport(), table.visualRect(index).center())
