"""`sessionconsole end`: end sessions and wait for the proof that they are gone."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sessionconsole.cli.choosing import listed, rows_of_person, without_this_console
from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.json_out import results_document
from sessionconsole.cli.opening import chosen_console, signed_in_as
from sessionconsole.cli.progress import telling_progress
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.results import Result, exit_code_for, result_of
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.table_out import ending_text, results_text, staying_text
from sessionconsole.cli.telling import sentence
from sessionconsole.cli.terminal import Terminal
from sessionconsole.cli.working_off import Work
from sessionconsole.domain.bulk import Candidate, IdleLonger, Left, OfPerson, Others, Wish, choose
from sessionconsole.domain.errors import SessionConsoleError, TryLater, WrongUse
from sessionconsole.domain.orders import Outcome, SessionFacts
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.console import Console
from sessionconsole.services.order_steps import ANOTHER_SESSION, ANOTHER_SESSION_DETAIL
from sessionconsole.services.states import Row


class Declined(SessionConsoleError):
    """The question was answered with no."""

    code = "declined"
    default_message = "Nothing was ended."
    default_advice = "Answer y to go on, or give --yes."


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What was meant: rows to be ended, and handles that were ours and are not listed any more."""

    rows: Sequence[Row]
    gone: Sequence[Handle] = ()
    others: Sequence[Handle] = ()
    """Handles under which the platform lists another session than the list that the user chose from."""
    left: Sequence[tuple[Row, Left]] = ()
    """Rows that were meant and stay, each for a reason."""


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Order, send, and prove; every order is written before it is sent."""
    _check(args, terminal)
    secrets = Secrets(terminal, otp=args.otp, from_stdin=args.password_stdin)
    async with chosen_console(args, home, terminal, secrets) as console:
        signed_in_as(console)
        seen = {row.session.handle: SessionFacts.of(row.session) for row in console.watching.state.value.rows}
        unreachable = await _look(console)
        chosen = await _choose(args, console, seen, offline=unreachable is not None)
        if chosen.left:
            terminal.say(staying_text(chosen.left))
        # Where nothing will be sent there is nothing to ask: the orders are taken back at once.
        will_send = unreachable is None or args.offline_queue
        if chosen.rows and will_send and not args.yes and not _agreed(chosen.rows, terminal):
            raise Declined
        work = Work(console, secrets, terminal, keep_queued=args.offline_queue)
        orders = await work.order([row.session.handle for row in chosen.rows], to_send=will_send)
        with telling_progress(console, terminal, orders):
            problem = unreachable or await work.send(orders, args.timeout)
        results = [
            *(result_of(order, problem) for order in await work.leave(orders, problem)),
            *(Result(h, Outcome.ALREADY_GONE, console.clock.now()) for h in chosen.gone),
            *(_left_alone(h, console.clock.now()) for h in chosen.others),
        ]
        return show_results(results, problem, console, terminal, as_json=args.json)


def show_results(
    results: Sequence[Result],
    problem: SessionConsoleError | None,
    console: Console,
    terminal: Terminal,
    *,
    as_json: bool,
) -> int:
    """Print what became of each session and give the exit code for all of them."""
    code = exit_code_for(results, problem)
    if problem is not None:
        terminal.say(sentence(problem))
    if as_json:
        queued = all(result.outcome is Outcome.QUEUED for result in results)
        terminal.put_json(results_document(results, None if queued or code is ExitCode.DONE else problem))
    elif results:
        terminal.put(results_text(results, console.zone))
    else:
        terminal.say("There is no session to end.")
    return code


def _check(args: argparse.Namespace, terminal: Terminal) -> None:
    ways = [bool(args.handles), args.person is not None, args.others, args.idle_days is not None]
    if sum(ways) != 1:
        raise WrongUse(
            "It is not clear which sessions are meant.",
            "Give handles as sessionconsole list shows them, or --person, or --others, or --idle-days.",
        )
    if not args.yes and not terminal.interactive:
        raise WrongUse("Ending a session asks first, and there is no terminal to ask in.", "Give --yes.")


async def _look(console: Console) -> SessionConsoleError | None:
    """Read the list; what kept it from being read where the stored one has to do, None where it is fresh."""
    try:
        await console.watching.read_now()
    except TryLater as problem:
        if console.watching.state.value.taken_at is None:
            raise
        return problem
    return None


async def _choose(
    args: argparse.Namespace, console: Console, seen: Mapping[Handle, SessionFacts], *, offline: bool
) -> _Chosen:
    rows = console.watching.state.value.rows
    here = listed(rows)
    account = signed_in_as(console).account
    if args.person is not None:
        about = without_this_console(rows_of_person(here, args.person), here, account)
        return _in_bulk(console, about, OfPerson(about[0].session.person.account if about else ""))
    if args.others:
        return _in_bulk(console, without_this_console(here, here, account), Others())
    if args.idle_days is not None:
        return _in_bulk(console, without_this_console(here, here, account), IdleLonger(args.idle_days))
    by_handle = {row.session.handle: row for row in rows}
    handles = [Handle(handle) for handle in dict.fromkeys(args.handles)]
    missing = [handle for handle in handles if handle not in by_handle]
    known = await _seen_before(console, missing) if missing and not offline else set()
    strange = [handle for handle in missing if handle not in known]
    if strange:
        raise WrongUse(
            f"There is no session {', '.join(strange)} on the list{' that is stored here' if offline else ''}.",
            "Take handles as sessionconsole list shows them.",
        )
    others = [h for h in handles if h in by_handle and h in seen and not seen[h].match(by_handle[h].session)]
    meant = [by_handle[handle] for handle in handles if handle in by_handle and handle not in others]
    return _Chosen(meant, missing, others)


def _in_bulk(console: Console, rows: Sequence[Row], wish: Wish) -> _Chosen:
    """Of rows among which this console's own is not, those that the wish ends and those that it leaves."""
    seen_at = console.watching.state.value.taken_at or console.clock.now()
    bulk = choose(
        [Candidate(row.session, row.spared) for row in rows],
        wish,
        seen_at,
        own_account="",  # its own is not among them
    )
    ends = {row.session.handle for row in bulk.to_end}
    left = {row.session.handle: why for row, why in bulk.left}
    return _Chosen(
        [row for row in rows if row.session.handle in ends],
        left=[(row, left[row.session.handle]) for row in rows if row.session.handle in left],
    )


def _left_alone(handle: Handle, now: datetime) -> Result:
    return Result(handle, Outcome.REFUSED, now, ANOTHER_SESSION, ANOTHER_SESSION_DETAIL)


async def _seen_before(console: Console, handles: Sequence[Handle]) -> set[Handle]:
    """Those that an order or an earlier list knows, and that a complete list does not have any more."""
    if not console.watching.complete:
        return set()
    known = {order.handle for order in console.ending.state.value.orders.values()}
    for snapshot in await console.store.lists.history(signed_in_as(console).platform):
        known |= {session.handle for session in snapshot.sessions}
    return known & set(handles)


def _agreed(rows: Sequence[Row], terminal: Terminal) -> bool:
    terminal.say(f"This will end:\n{ending_text(rows)}")
    count = "this session" if len(rows) == 1 else f"these {len(rows)} sessions"
    return terminal.ask_yes(f"End {count}?")
