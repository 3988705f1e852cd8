"""`sessionconsole doctor`: what this computer has and lacks; nothing secret, nobody's name."""

from __future__ import annotations

import argparse
import os
import platform
import secrets
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sessionconsole import __version__
from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.telling import advice_for
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.errors import KeyringForgets, KeyringProblem, SessionConsoleError
from sessionconsole.services.console import Console
from sessionconsole.services.ports import Vault

_PACKAGES = ("PySide6-Essentials", "apsw-sqlite3mc", "httpx2", "keyring", "pydantic", "qasync", "ua-parser")

_CLEAR = b"SQLite format 3\0"
"""How an unencrypted file begins (https://www.sqlite.org/fileformat.html#the_database_header)."""

_PROBE = "probe"


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Look at everything that the program needs, and say it."""
    console = await home.open_console()
    try:
        document = await _findings(console, home.places)
    finally:
        await console.close()
    if args.json:
        terminal.put_json(document)
    else:
        terminal.put("\n".join(_lines(document)))
    return ExitCode.DONE


async def _findings(console: Console, places: Mapping[str, Path]) -> dict[str, Any]:
    problems: list[SessionConsoleError] = list(console.notices.value)
    if console.vault.kept and (problem := await _try(console.vault)):
        problems.append(problem)
    usable = console.vault.kept and not any(isinstance(p, KeyringProblem) for p in problems)
    return {
        "versions": {
            "sessionconsole": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            **{name: _version(name) for name in _PACKAGES},
        },
        "keyring": {"back_end": console.vault.title if console.vault.kept else None, "usable": usable},
        "encryption": {
            "cipher": "ChaCha20-Poly1305 (SQLite3 Multiple Ciphers)",
            "store_is_encrypted": _encrypted(places["store"]),
        },
        "folders": {name: {"path": str(path), "exists": path.exists()} for name, path in places.items()},
        "display": _display(),
        "problems": [{"code": p.code, "message": p.message, "advice": advice_for(p)} for p in problems],
    }


async def _try(vault: Vault) -> KeyringProblem | None:
    """Write, read and delete an entry that nothing depends on."""
    written = secrets.token_hex(8)
    try:
        await vault.write(_PROBE, written)
        read = await vault.read(_PROBE)
        await vault.delete(_PROBE)
    except KeyringProblem as problem:
        return problem
    return None if read == written else KeyringForgets()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _encrypted(store: Path) -> bool | None:
    """None where there is no file, or it cannot be read."""
    try:
        with store.open("rb") as file:
            return not file.read(len(_CLEAR)).startswith(_CLEAR)
    except OSError:
        return None


def _display(env: Mapping[str, str] = os.environ, system: str = sys.platform) -> str | None:
    if system in ("win32", "darwin"):
        return system
    if wayland := env.get("WAYLAND_DISPLAY"):
        return f"Wayland {wayland}"
    return f"X11 {env['DISPLAY']}" if env.get("DISPLAY") else None


def _lines(document: Mapping[str, Any]) -> list[str]:
    keyring, encryption = document["keyring"], document["encryption"]
    encrypted = {True: "encrypted", False: "NOT encrypted", None: "not there yet"}
    return [
        "Versions",
        *(f"  {name}: {number or 'not installed'}" for name, number in document["versions"].items()),
        "Password store",
        f"  {keyring['back_end'] or 'none'}: {'usable' if keyring['usable'] else 'not usable'}",
        "Encryption",
        f"  {encryption['cipher']}: the store is {encrypted[encryption['store_is_encrypted']]}",
        "Folders",
        *(
            f"  {name}: {place['path']}{'' if place['exists'] else ' (not there yet)'}"
            for name, place in document["folders"].items()
        ),
        "Display",
        f"  {document['display'] or 'none'}",
        "Problems",
        *([f"  {p['message']} {p['advice']}" for p in document["problems"]] or ["  none"]),
    ]
