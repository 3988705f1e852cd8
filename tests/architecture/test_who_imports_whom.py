"""The house rules on imports hold (the contracts themselves are in pyproject.toml)."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

SOURCE = Path(__file__).parents[2] / "src" / "sessionconsole"


def test_every_import_contract_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code = lint_imports(config_filename=str(SOURCE.parents[1] / "pyproject.toml"), no_cache=True)

    assert exit_code == 0, capsys.readouterr().out
