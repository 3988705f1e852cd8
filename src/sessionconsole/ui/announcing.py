"""What a screen reader is told without the focus moving."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from sessionconsole.ui.look.plain import shown


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have the text read out, after what is being read now, or at once where it is urgent."""
    if not text:
        return
    event = QAccessibleAnnouncementEvent(widget, shown(text))
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
