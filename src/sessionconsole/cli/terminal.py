"""Where a command reads and writes: results on standard output, everything for people on standard error."""

from __future__ import annotations

import contextlib
import getpass
import io
import json
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TextIO

from sessionconsole.domain.text import inert

_LINE_LIMIT = 2000
"""Characters of one line for people; a sentence that quotes a platform may be long, not endless."""


class OutputFailed(Exception):
    """The result could not be written to standard output; the text says why."""


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise OutputFailed(problem.strerror or type(problem).__name__) from problem


@dataclass(frozen=True, slots=True)
class Terminal:
    """The three streams; `interactive` where a person can be asked, `ask_secret` asks without showing the answer."""

    out: TextIO
    err: TextIO
    stdin: TextIO
    interactive: bool
    ask_secret: Callable[[str], str]

    def put(self, text: str) -> None:
        """A result, one line or many, on standard output; no character of it can steer the terminal."""
        self.put_raw("".join(f"{_safe(line)}\n" for line in text.split("\n")))

    def put_raw(self, text: str) -> None:
        """A result for programs, as it is."""
        with _told():
            self.out.write(text)

    def put_json(self, document: object) -> None:
        """The one JSON document of this run: ASCII only, so that neither a code page nor a terminal can spoil it."""
        self.put_raw(json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n")

    def finish(self) -> None:
        """Let everything that was put be on its way; raises `OutputFailed`."""
        with _told():
            self.out.flush()

    def say(self, text: str) -> None:
        """A sentence for people, on standard error."""
        self.err.write("".join(f"{_safe(line)}\n" for line in text.split("\n")))
        self.err.flush()

    def ask(self, question: str) -> str:
        """One line of an answer that may be seen; empty where there is none."""
        with _interruptible():
            self.err.write(_safe(question) + " ")
            self.err.flush()
            return self.stdin.readline().strip()

    def next_line(self) -> str | None:
        """The next line of standard input without its end; None where there is no more."""
        with _interruptible():
            line = self.stdin.readline()
        return line.rstrip("\r\n") if line else None

    def ask_yes(self, question: str) -> bool:
        """Whether a person says yes; anything else is no."""
        return self.ask(f"{question} [y/N]").casefold() in ("y", "yes")

    def ask_hidden(self, question: str) -> str:
        """One line of an answer that nobody may see."""
        with _interruptible():
            return self.ask_secret(_safe(question) + " ")


def this_terminal() -> Terminal:
    """The streams of this process: UTF-8 wherever a program is at the other end, whatever the code page."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that a terminal cannot show must not end the command.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # PowerShell pipes a byte order mark
    # A program without a console, such as pythonw, has no streams at all.
    stdin = sys.stdin or io.StringIO()
    return Terminal(
        out=sys.stdout or io.StringIO(),
        err=sys.stderr or io.StringIO(),
        stdin=stdin,
        interactive=stdin.isatty(),
        ask_secret=lambda question: getpass.getpass(question, stream=sys.stderr),
    )


def _safe(line: str) -> str:
    return inert(line, _LINE_LIMIT)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end a question at once: asyncio would only note it until the answer is typed."""
    try:
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
    except ValueError:  # not the main thread: nobody can press Ctrl-C there
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
