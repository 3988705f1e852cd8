"""The house rules on imports and calls hold (the import contracts themselves are in pyproject.toml)."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "sessionconsole"


CHECK = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_every_import_contract_is_kept() -> None:
    # In a process of its own: it silences the loggers of the one that it runs in.
    checked = subprocess.run(
        [sys.executable, "-c", CHECK], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("layer", ["domain", "familiarity", "services"])
def test_the_inner_layers_need_the_standard_library_only(layer: str) -> None:
    foreign = [
        f"{path.relative_to(SOURCE)} imports {name}"
        for path in _modules(SOURCE / layer)
        for name in _imported(path)
        if name not in sys.stdlib_module_names and name != "sessionconsole"
    ]

    assert foreign == []


def test_no_dialog_blocks_the_window() -> None:
    """exec() runs an event loop inside the event loop: the background work stops until the dialog closes.

    Only the start waits so, for the first paint: there is no loop yet that it could stop.
    """
    blocking = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in _modules(SOURCE / "ui")
        if path != SOURCE / "ui" / "start.py"
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"exec", "exec_", "processEvents"}
    ]

    assert blocking == []


def _modules(folder: Path) -> list[Path]:
    modules = sorted(folder.rglob("*.py"))
    assert modules, f"no modules in {folder}: has it moved?"
    return modules


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
