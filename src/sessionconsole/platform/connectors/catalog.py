"""The connectors that there are: those that come with the program, and the user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.domain.connectors import FILE_SUFFIX, AboutConnector, is_file
from sessionconsole.domain.errors import WrongUse
from sessionconsole.resources import resource_path

if TYPE_CHECKING:  # what reads files is slow to import, and most starts open one connector or none
    from sessionconsole.platform.connectors.format.connector import Connector

_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")

Writer = Callable[[Path, bytes], None]
"""Writes a file whole or not at all, for this user only; raises `StoreNotWritable`."""


class Catalog:
    """The built-in connectors and those of the user's folder, where there is one.

    Nothing is read before it is asked for, and a broken file of the user's is in nobody's way.
    """

    def __init__(self, folder: Path | None = None, write: Writer | None = None) -> None:
        self._folder = folder
        self._write = write
        self._built_in_folder = resource_path("connectors")

    def names(self) -> tuple[str, ...]:
        """All names, the built-in ones first; a file of the user's never takes a built-in one's place."""
        built_in = self.built_in()
        return (*built_in, *(name for name in _names_in(self._folder) if name not in built_in))

    def built_in(self) -> tuple[str, ...]:
        """The names of those that come with the program."""
        return _names_in(self._built_in_folder)

    def load(self, name: str) -> Connector:
        """The connector of that name; raises `WrongUse` where there is none, `ConnectorMistakes` where it is broken."""
        from sessionconsole.platform.connectors.loading import load_file

        connector = load_file(self.path(name))
        if connector.connector.name != name:
            raise WrongUse(
                f"The connector file {name}{FILE_SUFFIX} says that its name is {connector.connector.name}.",
                f"Call the file {connector.connector.name}{FILE_SUFFIX}, or change the name in it.",
            )
        return connector

    def load_source(self, source: str) -> Connector:
        """The connector of that name, or of that file without keeping it; raises as `load`."""
        if is_file(source):
            from sessionconsole.platform.connectors.loading import load_file

            return load_file(Path(source))
        return self.load(source)

    def about(self, name: str) -> AboutConnector:
        """What there is to say of one; a broken file is told in it. Raises `WrongUse` where there is none."""
        own = name not in self.built_in()
        self.path(name)
        try:
            connector = self.load(name)
        except WrongUse as problem:
            return AboutConnector(name, own, problem=problem)
        from sessionconsole.platform.connectors.about import about

        return about(connector, own=own)

    def check(self, path: Path) -> AboutConnector:
        """What there is to say of a file anywhere; raises `ConnectorMistakes` with all mistakes in it."""
        from sessionconsole.platform.connectors.about import about
        from sessionconsole.platform.connectors.loading import load_file

        return about(load_file(path), own=True)

    def schema(self) -> str:
        """The JSON Schema of the format, as text."""
        from sessionconsole.platform.connectors.schema import schema_text

        return schema_text()

    def text(self, name: str) -> str:
        """The file itself; raises as `load`, except that mistakes in it do not matter."""
        from sessionconsole.platform.connectors.loading import read_text

        return read_text(self.path(name))

    def path(self, name: str) -> Path:
        """Where its file is; raises `WrongUse` where there is none."""
        for folder in (self._built_in_folder, self._folder):
            if name in _names_in(folder) and folder is not None:
                return folder / f"{name}{FILE_SUFFIX}"
        raise _unknown(name, self.names())

    def must_be_free(self, name: str) -> None:
        """Raises `WrongUse` where the name is a built-in one's."""
        if name in self.built_in():
            raise WrongUse(
                f"The connector {name} comes with the program, and a file cannot take its place.",
                "Give it another name, under [connector] in the file.",
            )

    def add(self, path: Path) -> str:
        """Check a file and keep a copy of it for later starts; its name.

        A file of the user's of the same name is replaced. Raises `ConnectorMistakes`, `WrongUse` where the name is
        a built-in one's, and `StoreNotWritable`.
        """
        from sessionconsole.platform.connectors.loading import load, read_text

        text = read_text(path)
        name = load(text, path.name).connector.name
        self.must_be_free(name)
        if self._folder is None or self._write is None:
            raise WrongUse("Connector files cannot be kept here.")
        with suppress(OSError):  # the writer says why it cannot be used
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._write(self._folder / f"{name}{FILE_SUFFIX}", text.encode())
        return name


def _names_in(folder: Path | None) -> tuple[str, ...]:
    if folder is None:
        return ()
    try:
        files = sorted(folder.iterdir())
    except OSError:  # it is not there yet, or cannot be read: then there are none
        return ()
    return tuple(file.stem for file in files if file.suffix == FILE_SUFFIX and _NAME.fullmatch(file.stem))


def _unknown(name: str, names: Iterable[str]) -> WrongUse:
    return WrongUse(
        f"There is no connector of the name {name!r}.",
        f"Use one of: {', '.join(names)}; or give a file: sessionconsole connector check FILE",
    )
