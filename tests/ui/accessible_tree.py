"""What assistive technology is told of a window, and the way of the Tab key through it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

Role = QAccessible.Role
CLICKABLE = (Role.Button, Role.CheckBox, Role.RadioButton, Role.MenuItem, Role.Link, Role.ComboBox)


@dataclass(frozen=True, slots=True)
class Told:
    """One control as it is told; its widget to act on it."""

    role: QAccessible.Role
    name: str
    description: str
    takes_focus: bool
    widget: QObject | None

    @property
    def can_be_used(self) -> bool:
        """Whether somebody would want to know what it is before using it."""
        return self.takes_focus or self.role in CLICKABLE


def told(root: QWidget) -> list[Told]:
    """All that is visible below a window or dialog, in the order of reading, with the cells of tables."""
    interface = QAccessible.queryAccessibleInterface(root)
    return [_said_of(each) for each in _walk(interface)]


def controls(root: QWidget) -> list[Told]:
    """What can be focused or clicked."""
    return [each for each in told(root) if each.can_be_used]


def name_of(widget: QWidget) -> str:
    """How a widget is called."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def tab_order(start: QWidget, *, back: bool = False) -> list[str]:
    """The names where Tab stops, from `start` until it comes round; with `back` where Shift+Tab does."""
    modifier = Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    start.setFocus()
    window, names, focus = start.window(), [], start
    for _ in range(60):
        names.append(name_of(focus))
        QTest.keyClick(focus, key, modifier)
        following = window.focusWidget()
        assert following is not None
        focus = following
        if focus is start:
            return names
    raise AssertionError(f"Tab does not come round: {names}")


def popup() -> QWidget:
    """The menu that is open."""
    open_now = QApplication.activePopupWidget()
    assert open_now is not None, "no menu is open"
    return open_now


def _walk(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield interface
    for place in range(interface.childCount()):
        child = interface.child(place)
        if not child.state().invisible:
            yield from _walk(child)


def _said_of(interface: QAccessibleInterface) -> Told:
    return Told(
        interface.role(),
        interface.text(QAccessible.Text.Name),
        interface.text(QAccessible.Text.Description),
        bool(interface.state().focusable),
        interface.object(),
    )
