"""Choosing of which kind a platform is, where its address does not tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from sessionconsole.domain.connectors import AboutConnector
from sessionconsole.ui.connecting.asked import AskedFields
from sessionconsole.ui.look.plain import shown
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.parts import label

BY_ADDRESS = "Found by its address"
_OWN = "your file"


class KindBox(QComboBox):
    """With an arrow of our own."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Kind of platform")
        self.setAccessibleDescription("Kind of platform")  # where Qt tells what is chosen as the name
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.setMaxVisibleItems(20)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side, inset = self._theme.sizes.px(16), self._theme.sizes.px(8)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = inset if mirrored else self.width() - side - inset
        painter = QPainter(self)
        painter.drawPixmap(
            left,
            (self.height() - side) // 2,
            self._theme.pixmap("chevron-down", "text2", 16, self.devicePixelRatioF()),
        )
        painter.end()


class KindChooser(QWidget):
    """A list of the kinds, what the chosen one says of signing in, and the fields for what it asks; hidden at first.

    `chosen` tells that another kind is chosen.
    """

    chosen = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        px = theme.sizes.px
        self._theme = theme
        self._kinds: tuple[AboutConnector, ...] = ()
        self._wanted: str | None = None
        self._known: Mapping[str, str] = {}
        self.box = KindBox(theme)
        self.box.addItem(BY_ADDRESS)
        heading = label("Kind of platform", "heading")
        heading.setBuddy(self.box)
        self.help = label("", "small", wrap=True)
        self.help.hide()
        self.asked = AskedFields(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(16), 0, 0)
        column.setSpacing(px(4))
        column.addWidget(heading)
        column.addWidget(self.box)
        column.addWidget(self.help)
        column.addWidget(self.asked)
        self.box.currentIndexChanged.connect(self._show)
        self.hide()

    @property
    def kind(self) -> AboutConnector | None:
        """The chosen one; None where the address is to tell it."""
        at = self.box.currentIndex() - 1
        return self._kinds[at] if 0 <= at < len(self._kinds) else None

    @property
    def wanted(self) -> str | None:
        """The name of the chosen one, also while it is not known yet what that is."""
        return self.kind.name if self.kind is not None else self._wanted

    def want(self, name: str | None, known: Mapping[str, str]) -> None:
        """Choose that one as soon as the kinds are there, with what was entered for it before."""
        self._wanted, self._known = name, known

    def take(self, kinds: Sequence[AboutConnector]) -> None:
        """These are the kinds; the one that was chosen stays chosen."""
        name = self._wanted or (self.kind.name if self.kind is not None else None)
        known = {**self._known, **self.asked.values}
        self._wanted, self._kinds = None, tuple(kinds)
        self.box.blockSignals(True)
        self.box.clear()
        self.box.addItem(BY_ADDRESS)
        for kind in kinds:
            title = shown(kind.title, 100)
            self.box.addItem(f"{title} ({_OWN})" if kind.own else title)
        names = [kind.name for kind in kinds]
        self.box.setCurrentIndex(names.index(name) + 1 if name in names else 0)
        self.box.blockSignals(False)
        self._known = known
        self._show()

    @Slot()
    def _show(self) -> None:
        kind = self.kind
        told = (kind.help if kind is not None else None) or ""
        self.help.setText(told)
        self.help.setVisible(bool(told))
        self.asked.ask(kind.asks if kind is not None else (), self._known)
        if (layout := self.asked.layout()) is not None:
            layout.setContentsMargins(0, self._theme.sizes.px(12) if self.asked.fields else 0, 0, 0)
        self.chosen.emit()
