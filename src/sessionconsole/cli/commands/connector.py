"""`sessionconsole connector`: check, list and show connector files; for who connects a booking platform."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.surroundings import Connectors, Surroundings
from sessionconsole.cli.table_out import columns
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.connectors import AboutConnector, ConnectorMistakes, FileMistake
from sessionconsole.domain.platforms import Field

_VERIFIED = {
    "real-server": "run against the real server",
    "specification": "written from the vendor's published specification, not run against a server",
    "no": "neither run against a server nor written from a published specification",
}
_FACTS = {
    Field.PLACE: "the place",
    Field.NETWORK: "the network",
    Field.LAST_ACTIVE: "when a session was used last",
    Field.SIGNED_IN: "when it was signed in",
    Field.IDLE_EXPIRES: "when it expires unused",
    Field.EXPIRES: "when it expires",
}
_ENDS = {"one": "one session", "many": "several at once", "others": "all others"}
_METHODS = {
    "password": "the password",
    "totp": "a code of an authenticator app",
    "recovery_code": "a recovery code",
    "mailed_code": "a mailed code",
}


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Carry out one action; the exit code."""
    match args.action:
        case "check":
            return _check(args.files, home.connectors, terminal, as_json=args.json)
        case "list":
            return _list(home.connectors, terminal, as_json=args.json)
        case "show":
            return _show(args.name, home.connectors, terminal)
    terminal.put_raw(home.connectors.schema())
    return ExitCode.DONE


def _check(files: Sequence[str], connectors: Connectors, terminal: Terminal, *, as_json: bool) -> int:
    results: list[dict[str, Any]] = []
    for file in files:
        name, mistakes = _mistakes(file, connectors)
        results.append({"file": file, "name": name, "mistakes": [_mistake(found) for found in mistakes]})
        for mistake in mistakes:
            terminal.say(f"{file}: {mistake}")
        if not mistakes and not as_json:
            terminal.put(f"{file}: no mistakes")
    if as_json:
        terminal.put_json({"files": results})
    return ExitCode.FAILED if any(result["mistakes"] for result in results) else ExitCode.DONE


def _mistakes(file: str, connectors: Connectors) -> tuple[str | None, Sequence[FileMistake]]:
    try:
        return connectors.check(Path(file)).name, ()
    except ConnectorMistakes as found:
        return None, found.mistakes


def _mistake(mistake: FileMistake) -> dict[str, Any]:
    return {"key": mistake.key or None, "line": mistake.line, "text": mistake.text}


def _list(connectors: Connectors, terminal: Terminal, *, as_json: bool) -> int:
    found = [connectors.about(name) for name in connectors.names()]
    if as_json:
        terminal.put_json({"connectors": [_document(about) for about in found]})
        return ExitCode.DONE
    lines = [
        (
            about.name,
            about.title if about.problem is None else "(broken)",
            "own file" if about.own else "built in",
            "" if about.problem else about.verified,
            _ends(about),
        )
        for about in found
    ]
    terminal.put(columns([("NAME", "PLATFORM", "FROM", "VERIFIED", "ENDS"), *lines]))
    for about in found:
        if about.problem is not None:
            terminal.say(f"{about.problem.message} {about.problem.advice}")
    return ExitCode.DONE


def _ends(about: AboutConnector) -> str:
    if about.problem is not None:
        return ""
    if about.found_by_discovery:
        return "as the platform says"
    ways = ", ".join(about.ends) or "nothing"
    return f"{ways} (listing only)" if about.ends and about.capabilities.hides_only else ways


def _document(about: AboutConnector) -> dict[str, Any]:
    problem = about.problem
    document: dict[str, Any] = {
        "name": about.name,
        "own": about.own,
        "problem": None
        if problem is None
        else {"code": problem.code, "message": problem.message, "advice": problem.advice},
    }
    if problem is not None:
        nothing: dict[str, Any] = {
            "title": None,
            "verified": None,
            "written_from": [],
            "capabilities": None,
            "asks": [],
        }
        return document | nothing
    can = about.capabilities
    return document | {
        "title": about.title,
        "verified": about.verified,
        "written_from": list(about.written_from),
        "capabilities": None
        if about.found_by_discovery
        else {
            "end": list(about.ends),
            "ends": "listing-only" if can.hides_only else "session",
            "second_factor": list(about.second_factors),
            "reauthenticate": list(about.proofs),
            "tells_own_session": about.tells_own_session,
            "provides": [fact.value for fact in Field if fact in can.provides],
            "last_active_note": can.last_active_note,
            "revocation_delay_s": can.revocation_delay.total_seconds(),
            "verify_within_s": can.verify_within.total_seconds(),
            "notes": list(about.notes),
        },
        "asks": [
            {"name": asked.name, "label": asked.label, "default": asked.default, "secret": asked.secret}
            for asked in about.asks
        ],
    }


def _show(name: str, connectors: Connectors, terminal: Terminal) -> int:
    """The file on standard output, so that it can be the beginning of another one; the rest beside it."""
    about = connectors.about(name)
    text = connectors.text(name)
    if all(char.isprintable() or char in "\n\t" for char in text):
        terminal.put_raw(text if text.endswith("\n") else f"{text}\n")
    else:
        terminal.put(text)
    terminal.say("\n".join(_told(about)))
    return ExitCode.DONE


def _told(about: AboutConnector) -> Iterator[str]:
    if about.problem is not None:
        yield f"{about.problem.message} {about.problem.advice}"
        return
    yield f"{about.title}: {'your own file' if about.own else 'built in'}, {_VERIFIED[about.verified]}."
    yield f"Written from: {'; '.join(about.written_from)}."
    if about.elsewhere:
        yield f"Whatever address is typed, its calls go to {' and '.join(about.elsewhere)} too."
    if about.found_by_discovery:
        yield "What it can do, the platform itself says."
        return
    yield f"Ends: {_listed(about.ends, _ENDS) or 'nothing: it can only be looked at'}."
    if about.ends and about.capabilities.hides_only:
        yield "Ending only takes a session off the list: its credential lives on."
    if about.second_factors:
        yield f"Second factor: {_listed(about.second_factors, _METHODS)}."
    if about.proofs:
        yield f"Asks once more, before it ends a session, for: {_listed(about.proofs, _METHODS)}."
    missing = [words for fact, words in _FACTS.items() if fact not in about.capabilities.provides]
    if not about.tells_own_session:
        missing.append("which session is this program's own")
    if missing:
        yield f"Does not tell: {'; '.join(missing)}."
    if about.capabilities.last_active_note:
        yield f"The last use is told {about.capabilities.last_active_note}."
    if delay := about.capabilities.revocation_delay.total_seconds():
        yield f"An ended session's credential may work for {delay:g} seconds more."
    yield from about.notes


def _listed(keys: Sequence[str], words: dict[str, str]) -> str:
    return ", ".join(words[key] for key in keys)
