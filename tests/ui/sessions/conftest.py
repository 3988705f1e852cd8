"""The look, worn by the one application of the test run."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from sessionconsole.domain.settings import Appearance
from sessionconsole.ui.look.theme import Theme, apply


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return apply(qapp, Appearance.LIGHT)
