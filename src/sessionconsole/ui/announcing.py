"""What a screen reader is told without the focus moving."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from sessionconsole.ui.look.plain import shown

_SOON = 50
"""Milliseconds: what it takes is imported behind the paint of what is told."""


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have the text read out, after what is being read now, or at once where it is urgent."""
    if text:
        QTimer.singleShot(_SOON, widget, partial(_announce, widget, shown(text), urgent))


def _announce(widget: QWidget, text: str, urgent: bool) -> None:
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

    event = QAccessibleAnnouncementEvent(widget, text)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
