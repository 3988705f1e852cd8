"""Reads the journal off the GUI thread, proves it, filters it, and writes it to a file that is asked for."""

from __future__ import annotations

import asyncio
import json
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.journal import Entry, Head
from sessionconsole.domain.journal_export import journal_csv, journal_document
from sessionconsole.services.journaling import Checked
from sessionconsole.ui.announcing import announce
from sessionconsole.ui.console import Console
from sessionconsole.ui.journal.page import JournalPage
from sessionconsole.ui.journal.words import FILTERS, OTHER, Shown, counts, left, proof, rows
from sessionconsole.ui.look.plain import isolated
from sessionconsole.ui.look.theme import Theme
from sessionconsole.ui.shell.chips import Chip
from sessionconsole.ui.tasks import Tasks

_ASK = "ask about going on with the journal"
_READ, _EXPORT = "prepare the journal", "prepare a file of the journal"
_CLEAR = "Clear search"
_CSV, _JSON = "Table for spreadsheets (*.csv)", "Everything, to be proved elsewhere (*.json)"


class JournalPresenter(QObject):
    """One for the life of the page; it reads again whenever something was written down while it is open."""

    def __init__(self, console: Console, tasks: Tasks, theme: Theme, page: JournalPage) -> None:
        super().__init__(page)
        self._theme = theme
        self.page = self._page = page
        self._console, self._tasks = console, tasks
        self._entries: tuple[Entry, ...] = ()
        self._rows: tuple[Shown, ...] = ()
        self._open = False
        page.search.textChanged.connect(self._filter)
        page.chips.changed.connect(self._filter)
        page.empty.pressed.connect(self._clear)
        page.export.clicked.connect(self._ask_for_file)
        page.accept.clicked.connect(self._ask_to_go_on)
        tasks.failed.connect(self._failed)
        self._stop = console.journaling.length.subscribe(self._longer)

    def open(self) -> None:
        """The page is shown now."""
        self._open = True
        self._page.tell("")
        if not self._rows:
            self._page.empty.tell("Reading the journal…")
            self._page.show_entries(there=False)
            self._page.show_tools(visible=False)
        self._tasks.start(_READ, self._read)

    def leave(self) -> None:
        """Another page is shown."""
        self._open = False
        self._tasks.cancel(_READ)

    def close(self) -> None:
        """Hear nothing more."""
        self._stop()

    def _longer(self, _length: int) -> None:
        if self._open:
            self._tasks.start(_READ, self._read)

    async def _read(self) -> None:
        checked = await self._console.journaling.check()
        now, zone = self._console.clock.now(), self._console.zone
        self._show(checked, await asyncio.to_thread(rows, checked.entries, now, zone))

    def _show(self, checked: Checked, shown: tuple[Shown, ...]) -> None:
        page = self._page
        self._entries, self._rows = checked.entries, shown
        words, good = proof(checked, self._console.zone)
        page.show_proof(words, good=good, may_go_on=checked.proof.lacks_its_end)
        page.show_tools(visible=bool(shown) or not good)
        number = counts(shown)
        there = [name for name in (*FILTERS, OTHER) if number[name]]
        page.chips.offer([Chip(name, name, number[name], _entries(number[name])) for name in there])
        page.export.setEnabled(bool(shown))
        self._filter()

    @Slot()
    def _filter(self) -> None:
        page = self._page
        shown = left(self._rows, page.search.text(), page.chips.chosen)
        page.model.show_rows(shown)
        all_of_them = len(shown) == len(self._rows)
        page.count.setText(
            f"{len(shown):,}"
            if all_of_them
            else f"{len(shown):,} of {len(self._rows):,}"
            if self._rows
            else ""
        )
        page.count.setAccessibleName(_entries(len(shown)) if self._rows else "")
        if self._rows and not shown:
            page.empty.tell("No entry is like that", action=_CLEAR)
        elif not shown:
            page.empty.tell(
                "Nothing has been written down yet", "Every sign-in, answer and order will be here."
            )
        page.show_entries(there=bool(shown))

    @Slot()
    def _clear(self) -> None:
        self._page.search.clear()
        self._page.chips.clear()
        self._page.table.setFocus()

    @Slot()
    def _ask_to_go_on(self) -> None:
        self._tasks.start(_ASK, self._go_on, if_idle=True)

    async def _go_on(self) -> None:
        from sessionconsole.ui.ending.question import Question, answered

        question = Question(
            self._theme,
            self._page.window(),
            "Go on with this journal?",
            "Do so only where you know why its end is missing, such as a backup that was put back. What is missing "
            "stays missing, and an entry says that you went on.",
            "Go on",
            "Cancel",
            alarming=True,
        )
        if await answered(question) == Question.DialogCode.Accepted:
            await self._console.journaling.accept_gap()
            self._tasks.start(_READ, self._read)

    @Slot()
    def _ask_for_file(self) -> None:
        dialog = QFileDialog(self._page, "Export the journal")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([_CSV, _JSON])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"journal-{self._console.clock.now():%Y-%m-%d}")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if chosen == _JSON else "csv")
        )
        dialog.fileSelected.connect(self.export_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def export_to(self, path: str) -> None:
        """Write all of it to that file, as its ending says."""
        self._tasks.start(_EXPORT, partial(self._export, Path(path), self._entries), finish=True)

    async def _export(self, path: Path, entries: tuple[Entry, ...]) -> None:
        try:
            await asyncio.to_thread(_write, path, entries)
        except OSError as problem:
            self._tell(f"The journal could not be written to {isolated(path.name)}: {problem.strerror}.")
        else:
            self._tell(f"Wrote {_entries(len(entries))} to {isolated(path.name)}.")

    def _tell(self, sentence: str) -> None:
        self._page.tell(sentence)
        announce(self._page.told, sentence)

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key == _ASK:
            self._tell(f"{error.message} {error.advice}")
        elif key == _READ:
            self._page.empty.tell("The journal cannot be read", f"{error.message} {error.advice}")
            self._page.show_entries(there=False)


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _write(path: Path, entries: tuple[Entry, ...]) -> None:
    if path.suffix.lower() == ".json":
        last = entries[-1].line if entries else None
        head = Head(last.number, last.hash) if last else None
        text = json.dumps(journal_document(entries, head), indent=2)
    else:
        text = journal_csv(entries)
    path.write_text(text, encoding="utf-8", newline="")
