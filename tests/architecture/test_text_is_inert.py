"""Text from a platform has one door to the screen: whoever adds another way fails here, not in a review."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "src" / "sessionconsole" / "ui"

DOOR = "look/labels.py"
"""The door: it may use what obeys markup, because it makes the text inert first."""

PICTURES = "parts.py"
"""`IconLabel` is a QLabel that shows a picture and never a text."""

OBEYING_CLASSES = frozenset(
    {
        "QLabel",
        "QMessageBox",
        "QToolTip",
        "QWhatsThis",
        "QErrorMessage",
        "QInputDialog",
        "QProgressDialog",
        "QSplashScreen",
        "QStatusBar",
        "QSystemTrayIcon",
        "QTextBrowser",
        "QTextDocument",
        "QTextEdit",
        "QStaticText",
    }
)
OBEYING_CALLS = frozenset(
    {"setHtml", "insertHtml", "appendHtml", "setMarkdown", "setStatusTip", "setWhatsThis", "setTextFormat"}
)
MAKERS = {"setToolTip": "tooltip", "setWindowTitle": "shown"}
"""What takes a text, and the function that it has to come from."""

OBEYING_VALUES = frozenset({"RichText", "AutoText", "MarkdownText", "StatusTipRole", "WhatsThisRole"})


def test_nothing_in_the_window_obeys_a_text() -> None:
    found = [
        f"{path.relative_to(UI)}:{line}: {what}"
        for path in sorted(UI.rglob("*.py"))
        for line, what in ways_around(path.read_text("utf-8"), path.relative_to(UI).as_posix())
    ]

    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "from PySide6.QtWidgets import QLabel",
        "from PySide6.QtWidgets import QMessageBox as Box",
        "from PySide6 import QtWidgets\nQtWidgets.QLabel('x')",
        "from PySide6.QtWidgets import *",
        "box.setToolTip(name)",
        "box.setToolTip(f'<b>{name}</b>')",
        "box.setToolTip(tooltip(name) if name else name)",
        "box.setStatusTip(name)",
        "box.setHtml(name)",
        "box.setTextFormat(Qt.TextFormat.RichText)",
        "window.setWindowTitle(name)",
        "match role:\n    case Qt.ItemDataRole.ToolTipRole:\n        return name",
        "if role == Qt.ItemDataRole.ToolTipRole:\n    return name",
    ],
)
def test_the_rule_sees_a_way_around_the_door(code: str) -> None:
    assert list(ways_around(code, "shell/new.py"))


@pytest.mark.parametrize(
    "code",
    [
        "box.setToolTip(tooltip(name))",
        "box.setToolTip('')",
        "box.setToolTip(tooltip(name) if name else '')",
        "window.setWindowTitle('Is it you?')",
        "window.setWindowTitle(shown(name))",
        "match role:\n    case Qt.ItemDataRole.ToolTipRole:\n        return tooltip(name)",
    ],
)
def test_the_rule_lets_the_door_be_used(code: str) -> None:
    assert not list(ways_around(code, "shell/new.py"))


def ways_around(code: str, path: str) -> Iterator[tuple[int, str]]:
    """Line and name of everything that may obey a text instead of showing it."""
    if path == DOOR:
        return
    for node in ast.walk(ast.parse(code)):
        yield from _obeying_names(node, path)
        yield from _unmade_texts(node)


def _obeying_names(node: ast.AST, path: str) -> Iterator[tuple[int, str]]:
    match node:
        case ast.ImportFrom(names=names):
            for alias in names:
                if alias.name == "*" or (alias.name in OBEYING_CLASSES and path != PICTURES):
                    yield node.lineno, alias.name
        case ast.Attribute(attr=name) if name in OBEYING_CLASSES | OBEYING_VALUES:
            yield node.lineno, name
        case ast.Call(func=ast.Attribute(attr=name)) if name in OBEYING_CALLS:
            yield node.lineno, name


def _unmade_texts(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Call(func=ast.Attribute(attr=name), args=[text]) if name in MAKERS:
            if not _made_by(text, MAKERS[name]):
                yield node.lineno, f"{name} without {MAKERS[name]}()"
        case ast.If(test=test, body=body) | ast.match_case(pattern=test, body=body) if _names_tooltip(test):
            for told in (inner for statement in body for inner in ast.walk(statement)):
                if isinstance(told, ast.Return) and not _made_by(told.value, "tooltip"):
                    yield told.lineno, "ToolTipRole without tooltip()"


def _made_by(text: ast.expr | None, maker: str) -> bool:
    """Whether the text comes from that function, or stands in the code."""
    match text:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name == maker
        case ast.IfExp(body=one, orelse=other):
            return _made_by(one, maker) and _made_by(other, maker)
        case ast.Name(id=name):
            return name.isupper()  # a constant of ours
        case _:
            return False


def _names_tooltip(test: ast.AST) -> bool:
    return any(isinstance(node, ast.Attribute) and node.attr == "ToolTipRole" for node in ast.walk(test))
