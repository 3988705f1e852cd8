"""What a screen reader knows and can do, through AT-SPI alone; runs on the system's Python, which has the bindings.

Reads one JSON list per line, `[verb, argument, ...]`, and answers each with one line: `{"ok": value}` or
`{"error": text}`. Every wait is bounded and turns the bindings' own loop, so nothing sleeps.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

_Found = TypeVar("_Found")

PATIENCE = 10.0
"""Seconds for any one thing to come."""

TURN = 50
"""Milliseconds after which a condition is looked at again where no event woke us."""

SAID_ANEW = "object:property-change:accessible-description"
EVENTS = (
    "object:announcement",
    SAID_ANEW,
    "object:state-changed:focused",
    "object:active-descendant-changed",
)


class Reader:
    """Finds controls by role and accessible name, as a person hears them; its methods are the verbs."""

    def __init__(self) -> None:
        self._heard: list[dict[str, str]] = []
        self._listener = Atspi.EventListener.new(self._hear)
        for event in EVENTS:
            self._listener.register(event)

    def waits_for(self, role: str, name: str) -> dict[str, Any]:
        """Wait until a control of that role and name is shown; what is said of it."""
        return said_of(self._wait(lambda: self._find(role, name), f"no {role} {name!r}"))

    def types(self, role: str, name: str, text: str) -> None:
        """Set the text of a field."""
        field = self._wait(lambda: self._find(role, name), f"no {role} {name!r}")
        if not Atspi.EditableText.set_text_contents(field, text):
            raise LookupError(f"{name!r} cannot be filled in")

    def presses(self, name: str, description: str = "") -> None:
        """Press a button; of several with that name the one that is described so."""
        button = self._wait(lambda: self._find("push button", name, description), f"no button {name!r}")
        if not any(
            Atspi.Action.do_action(button, at)
            for at in range(Atspi.Action.get_n_actions(button))
            if Atspi.Action.get_action_name(button, at) == "Press"
        ):
            raise LookupError(f"{name!r} cannot be pressed")

    def picks(self, table: str, *words: str) -> list[dict[str, Any]]:
        """Select the first row whose cells say all the words; what is said of its cells."""
        return self._wait(lambda: self._pick(table, words), f"no row of {table!r} says {words}")

    def hears(self, text: str, kind: str = "announcement") -> list[dict[str, str]]:
        """Wait for an event of that kind with that text; all that was told until then, which is then forgotten."""

        def find() -> list[dict[str, str]]:
            for place, event in enumerate(self._heard):
                if event["event"] == kind and text in event["text"]:
                    told, self._heard = self._heard[: place + 1], self._heard[place + 1 :]
                    return told
            return []

        try:
            return self._wait(find, "")
        except LookupError:
            raise LookupError(f"{text!r} is no {kind} among {self._heard}") from None

    def sees(self) -> list[dict[str, Any]]:
        """Everything that is shown, in the order of reading; of a table only itself."""
        program = self._program()
        return [] if program is None else [said_of(node) for node in walk(program)]

    # --------------------------------------------------------------------------------------- inside

    def _pick(self, name: str, words: tuple[str, ...]) -> list[dict[str, Any]]:
        table = self._find("table", name)
        for row in range(Atspi.Table.get_n_rows(table) if table is not None else 0):
            columns = range(Atspi.Table.get_n_columns(table))
            cells = [said_of(Atspi.Table.get_accessible_at(table, row, column)) for column in columns]
            if all(any(word in cell["name"] for cell in cells) for word in words):
                if not Atspi.Table.add_row_selection(table, row):
                    raise LookupError(f"row {row} cannot be selected")
                return cells
        return []

    def _find(self, role: str, name: str, description: str = "") -> Any:
        program = self._program()
        for node in walk(program) if program is not None else ():
            described = description in ("", node.get_description())
            if described and (node.get_role_name(), node.get_name()) == (role, name):
                return node
        return None

    def _program(self) -> Any:
        desktop = Atspi.get_desktop(0)
        programs = [desktop.get_child_at_index(place) for place in range(desktop.get_child_count())]
        return next(
            (each for each in programs if each is not None and each.get_name() == "sessionconsole"), None
        )

    def _hear(self, event: Any) -> None:
        try:
            name, description = event.source.get_name(), event.source.get_description()
        except (GLib.Error, AttributeError):
            return  # it is gone again
        if event.type.startswith("object:state-changed:focused"):
            if event.detail1:
                self._heard.append({"event": "focus", "source": name, "text": f"{name}. {description}"})
        elif isinstance(event.any_data, str):
            kind = "description" if event.type == SAID_ANEW else "announcement"
            self._heard.append({"event": kind, "source": name, "text": event.any_data})

    def _wait(self, condition: Callable[[], _Found], complaint: str) -> _Found:
        until = GLib.get_monotonic_time() + PATIENCE * 1_000_000
        while GLib.get_monotonic_time() < until:
            with suppress(GLib.Error):  # it went away while it was looked at
                found = condition()
                if found:
                    return found
            self._turn()
        raise LookupError(complaint)

    def _turn(self) -> None:
        """Take what has come, or wait a moment for it."""
        over: list[bool] = []
        GLib.timeout_add(TURN, lambda: over.append(True))
        while not over:
            GLib.MainContext.default().iteration(True)


def said_of(node: Any) -> dict[str, Any]:
    """Role, name and description of a control, and the states that are read out."""
    return {
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "states": [state.value_nick for state in node.get_state_set().get_states()],
    }


def walk(node: Any) -> Iterator[Any]:
    """All that is shown below a control; of a table only itself, for it may have 2,000 rows."""
    yield node
    if node.get_role_name() == "table":
        return
    for place in range(node.get_child_count()):
        child = node.get_child_at_index(place)
        if child is not None and child.get_state_set().contains(Atspi.StateType.SHOWING):
            yield from walk(child)


def main() -> None:
    """Answer until the standard input is closed."""
    Atspi.init()
    reader = Reader()
    verbs = {verb: getattr(reader, verb) for verb in dir(reader) if not verb.startswith("_")}
    for line in sys.stdin:
        verb, *arguments = json.loads(line)
        try:
            answer = {"ok": verbs[verb](*arguments)}
        except (LookupError, GLib.Error) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)  # noqa: T201 - its output is what the test reads


if __name__ == "__main__":
    main()
