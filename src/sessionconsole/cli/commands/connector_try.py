"""`sessionconsole connector try`: a dry run of a connector file against the platform, call by call."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

from sessionconsole.cli.entering import entered
from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.json_out import session_facts
from sessionconsole.cli.opening import ask_username
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.table_out import facts_table
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.connectors import is_file
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TrialWish, TriedCall, TriedList

_MARKS = {Remark.GOOD: "ok", Remark.NOTE: "note", Remark.WRONG: "WRONG"}


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Sign in, list, sign out, and tell what each call did; 1 where something is wrong with the file."""
    secrets = Secrets(terminal, otp=args.otp, from_stdin=args.password_stdin)
    username = args.username or ask_username(terminal)
    about = (
        home.connectors.check(Path(args.source))
        if is_file(args.source)
        else home.connectors.about(args.source)
    )
    password = secrets.password(f"{about.password_label or 'Password'} for {username}:")
    variables = entered(args.var, about.asks, terminal, secrets)
    wish = TrialWish(args.url, username, password, variables, args.end_own_test_session)
    seen: list[Trial] = []

    def tell(trial: Trial) -> None:
        again = isinstance(trial, TriedCall) and any(_is_alike(trial, earlier) for earlier in seen)
        seen.append(trial)
        if not args.json:
            terminal.put(_again(trial) if isinstance(trial, TriedCall) and again else _text(trial, home.zone))

    async def code_for(methods: Sequence[FactorMethod]) -> tuple[FactorMethod, str] | None:
        return secrets.proof(methods)

    good = await home.try_connector(args.source, wish, code_for, tell)
    if args.json:
        terminal.put_json({"good": good, "seen": [_document(trial) for trial in seen]})
    if good:
        terminal.say("Nothing is wrong with it, as far as this run can tell.")
    else:
        terminal.say("Something is wrong; see the lines that begin with WRONG.")
    return ExitCode.DONE if good else ExitCode.FAILED


def _text(trial: Trial, zone: tzinfo) -> str:
    match trial:
        case TriedCall():
            return _call(trial)
        case TrialRemark():
            line = f"{_MARKS[trial.remark]}: {trial.text}"
            return f"{line}\n    {trial.advice}" if trial.advice else line
        case TriedList():
            return _list(trial, zone)


def _call(call: TriedCall) -> str:
    lines = [f"{call.call}  {call.request}"]
    if call.status is not None:
        lines.append(f"    answered {call.status}{f': {call.answer}' if call.answer else ''}")
    if call.word is not None:
        which = "common outcome" if call.common else "outcome"
        lines.append(f"    {which} {call.row} ({call.why}) -> {call.word}")
    if call.taken:
        lines.append("    took " + ", ".join(f"{name} = {value}" for name, value in call.taken.items()))
    if call.problem is not None:
        lines.append(f"    {call.problem}")
    return "\n".join(lines)


def _is_alike(call: TriedCall, other: Trial) -> bool:
    """Whether nothing is to be learned from the call that the other one did not show."""
    if not isinstance(other, TriedCall) or call.problem is not None:
        return False
    return (call.call, call.status, call.word, call.row) == (other.call, other.status, other.word, other.row)


def _again(call: TriedCall) -> str:
    return f"{call.call}  again {call.status} -> {call.word}"


def _list(listed: TriedList, zone: tzinfo) -> str:
    told = ", ".join(f"{fact} {count}" for fact, count in listed.told.items())
    heading = f"{listed.count} session{'' if listed.count == 1 else 's'}; of these tell: {told}"
    return f"{heading}\n\n{facts_table(listed.first, zone)}\n" if listed.first else heading


def _document(trial: Trial) -> dict[str, Any]:
    match trial:
        case TriedCall():
            return {
                "kind": "call",
                "call": trial.call,
                "request": trial.request,
                "status": trial.status,
                "answer": trial.answer,
                "outcome": None
                if trial.word is None
                else {"row": trial.row, "common": trial.common, "why": trial.why, "is": trial.word},
                "taken": dict(trial.taken),
                "problem": trial.problem,
            }
        case TrialRemark():
            return {
                "kind": "remark",
                "remark": trial.remark.value,
                "text": trial.text,
                "advice": trial.advice,
            }
        case TriedList():
            return {
                "kind": "list",
                "count": trial.count,
                "told": dict(trial.told),
                "first": [session_facts(session) for session in trial.first],
            }
