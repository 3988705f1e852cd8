"""Checking that a connector file has the sections that it needs, and none that is never used."""

from __future__ import annotations

from collections.abc import Iterator

from sessionconsole.platform.connectors.checked_parts import Report
from sessionconsole.platform.connectors.file_mistakes import KeyPath
from sessionconsole.platform.connectors.format.connector import Connector
from sessionconsole.platform.connectors.format.parts import Outcome
from sessionconsole.platform.connectors.taken import FACTORS, all_calls

_NEEDED = ("sign_in", "list")


def check_unused(report: Report, file: Connector) -> None:
    """A connector whose protocol the program has by itself says nothing more."""
    for name in sorted(file.model_fields_set - {"format", "connector", "capabilities", "detect"}):
        key = type(file).model_fields[name].alias or name
        report.add((key,), 'nothing of this is used where the protocol is "console-api"')


def check_sections(report: Report, file: Connector) -> None:
    """Sections that are missing, and those that words need or that no word leads to."""
    for key in _NEEDED:
        if getattr(file, "listing" if key == "list" else key) is None:
            report.lacks((key,), "missing: a connector says how one signs in, and how the list is read")
    shown = {call.credential for place, call in all_calls(file) if place != ("detect",)}
    if "default" in shown - file.credential.keys():
        report.lacks(
            ("credential", "default"),
            "missing: calls that name no credential show this one, and there is none",
        )
    end = file.end
    if end is not None and end.one is None and end.many is None and end.others is None:
        report.lacks(("end",), "there is no way to end a session: name one, many or others, or leave it out")
    if end is not None and not file.capabilities.may_end:
        report.add(("end",), "capabilities.may_end says that nobody may end sessions")
    _check_words(report, file)


def _check_words(report: Report, file: Connector) -> None:
    rows = list(_rows(file))
    said = {row.means for _, row in rows}
    for word, key, section in (
        ("second-factor", "second_factor", file.second_factor),
        ("reauthenticate", "reauthenticate", file.reauthenticate),
        ("reauthenticate-or-dead", "whoami", file.whoami),
    ):
        if section is None:
            for place, row in rows:
                if row.means == word:
                    report.lacks((*place, "is"), f'"{word}" needs a [{key}], and there is none')
    if file.second_factor is not None:
        if "second-factor" not in said:
            report.lacks(("second_factor",), 'no row means "second-factor", so it is never asked for')
        if not any(getattr(file.second_factor, key) for key in FACTORS):
            report.lacks(("second_factor",), f"name a way: {', '.join(FACTORS)}")
    if file.reauthenticate is not None and not said & {"reauthenticate", "reauthenticate-or-dead"}:
        report.lacks(("reauthenticate",), 'no row means "reauthenticate", so it is never asked for')


def _rows(file: Connector) -> Iterator[tuple[KeyPath, Outcome]]:
    for position, row in enumerate(file.outcomes):
        yield ("outcomes", position), row
    for place, call in all_calls(file):
        for position, row in enumerate(call.outcomes):
            yield (*place, "outcomes", position), row
