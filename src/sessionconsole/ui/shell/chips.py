"""The row of filters; those that find no room go under "More", so that they never widen the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from sessionconsole.ui.look.theme import Theme, set_role
from sessionconsole.ui.parts import PushButton


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter: its key, its words, and how many rows it would leave; `told` says that to screen readers."""

    key: str
    words: str
    count: int
    told: str = ""


class ChipButton(PushButton):
    """Words and, quieter, the count."""

    def __init__(self, theme: Theme, chip: Chip, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.chip = chip
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        set_role(self, "chip")
        self.set_chip(chip)

    def set_chip(self, chip: Chip) -> None:
        """Take a new count."""
        self.chip = chip
        self.setAccessibleName(f"Filter: {chip.words}")  # the rail has a page of the same words
        sessions = "1 session" if chip.count == 1 else f"{chip.count:,} sessions"
        self.setAccessibleDescription(chip.told or sessions)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.px
        return QSize(self._words_width() + self._count_width() + px(8) + px(26), px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setFont(self.font())
        tokens, px = self._theme.tokens, self._theme.sizes.px
        on_fill = self.isChecked() and not tokens.tints
        width = self._words_width() + px(8) + self._count_width()
        left = (self.width() - width) // 2
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        base = (self.height() + painter.fontMetrics().ascent() - painter.fontMetrics().descent()) // 2
        words_at = left + (self._count_width() + px(8) if mirrored else 0)
        count_at = left + (0 if mirrored else self._words_width() + px(8))
        painter.setPen(QColor(tokens.on_accent if on_fill else tokens.text))
        painter.drawText(QPoint(words_at, base), self.chip.words)
        painter.setPen(QColor(tokens.on_accent if on_fill else tokens.text2))
        painter.drawText(QPoint(count_at, base), f"{self.chip.count:,}")
        painter.end()

    def _words_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self.chip.words)

    def _count_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(f"{self.chip.count:,}")


class ChipRow(QWidget):
    """`changed` is told when a filter was switched; `chosen` says which are on."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._buttons: dict[str, ChipButton] = {}
        self._chosen: set[str] = set()
        self.comes_after: QWidget | None = None
        """What has the focus before the filters where one goes by Tab; they are made late, so Qt has them last."""
        self._more = PushButton("More", self)
        self._more.setAccessibleName("More filters")
        self._more.setCursor(Qt.CursorShape.PointingHandCursor)
        set_role(self._more, "chip")
        self._menu = QMenu(self)
        self._menu.triggered.connect(self._from_menu)
        self._more.clicked.connect(self._open_menu)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.sizes.px(28))

    @property
    def chosen(self) -> frozenset[str]:
        """The keys of the filters that are on."""
        return frozenset(self._chosen)

    def offer(self, chips: Sequence[Chip]) -> None:
        """Show these, in this order; a filter that is no longer offered is off."""
        keys = [chip.key for chip in chips]
        for key in [key for key in self._buttons if key not in keys]:
            self._buttons.pop(key).deleteLater()
        gone = self._chosen - set(keys)
        self._chosen -= gone
        for chip in chips:
            if chip.key in self._buttons:
                self._buttons[chip.key].set_chip(chip)
            else:
                made = self._buttons[chip.key] = ChipButton(self._theme, chip, self)
                made.clicked.connect(self._clicked)
        self._more.raise_()  # the last one, also for who goes from child to child
        self._buttons = {key: self._buttons[key] for key in keys}
        self._place()
        if gone:
            self.changed.emit()

    def clear(self) -> None:
        """Switch all off."""
        self._chosen.clear()
        self._place()
        self.changed.emit()

    def toggle(self, key: str) -> None:
        """Switch one on or off."""
        self._chosen ^= {key}
        self._place()
        self.changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        gap = self._theme.sizes.px(8)
        shown = self._fitting(gap)
        hidden = [button.chip for key, button in self._buttons.items() if key not in shown]
        row: list[PushButton] = []
        for key, button in self._buttons.items():
            button.setChecked(key in self._chosen)
            button.setVisible(key in shown)
            if key in shown:
                row.append(button)
        self._more.setVisible(bool(hidden))
        on = sum(chip.key in self._chosen for chip in hidden)
        set_role(self._more, "on" if on else "", "level")  # not checkable, for it opens a menu
        self._more.setAccessibleDescription(f"Menu: {len(hidden)} more, {on} on")
        if hidden:
            row.append(self._more)
        self._line_up(row, gap)
        self._fill_menu(hidden)

    def _line_up(self, row: Sequence[PushButton], gap: int) -> None:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        at, before = 0, self.comes_after
        for button in row:
            width = button.sizeHint().width()
            button.setGeometry(self.width() - at - width if mirrored else at, 0, width, self.height())
            at += width + gap
            if before is not None and before.window() is self.window():
                QWidget.setTabOrder(before, button)
            before = button

    def _fitting(self, gap: int) -> list[str]:
        widths = {key: button.sizeHint().width() for key, button in self._buttons.items()}
        if sum(widths.values()) + gap * (len(widths) - 1) <= self.width():
            return list(widths)
        room = self.width() - self._more.sizeHint().width()
        shown = []
        for key, width in widths.items():
            room -= width + gap
            if room < 0:
                break
            shown.append(key)
        return shown

    def _fill_menu(self, chips: Sequence[Chip]) -> None:
        self._menu.clear()
        for chip in chips:
            action = self._menu.addAction(f"{chip.words}  {chip.count:,}")
            action.setCheckable(True)
            action.setChecked(chip.key in self._chosen)
            action.setData(chip.key)

    @Slot()
    def _clicked(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, ChipButton):
            self.toggle(pressed.chip.key)

    @Slot(QAction)
    def _from_menu(self, action: QAction) -> None:
        self.toggle(str(action.data()))

    @Slot()
    def _open_menu(self) -> None:
        self._place()
        self._menu.popup(self._more.mapToGlobal(QPoint(0, self._more.height() + self._theme.sizes.px(4))))
