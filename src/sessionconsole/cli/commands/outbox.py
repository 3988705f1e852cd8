"""`sessionconsole outbox`: the orders that wait, and what became of those of the last 30 days."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from sessionconsole.cli.commands.end import Declined, show_results
from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.json_out import orders_document
from sessionconsole.cli.opening import home_console, signed_in_as
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.results import result_of
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.table_out import orders_table
from sessionconsole.cli.terminal import Terminal
from sessionconsole.cli.working_off import Work
from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.orders import MAY_BE_WITHDRAWN, Order, OrderState
from sessionconsole.services.console import Console


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Show, send or take back orders."""
    if args.action == "send" and not args.yes and not terminal.interactive:
        raise WrongUse("Sending asks first, and there is no terminal to ask in.", "Give --yes.")
    async with home_console(home, terminal) as console:
        console.check_kept()
        match args.action:
            case "send":
                return await _send(args, console, terminal)
            case "withdraw":
                return await _withdraw(args, console, terminal)
            case _:
                _show(args, console, _orders(console), terminal)
                return ExitCode.DONE


async def _send(args: argparse.Namespace, console: Console, terminal: Terminal) -> int:
    record = signed_in_as(console)
    ours = [order for order in _orders(console) if order.is_open and order.identity == record.identity]
    if left := sum(order.is_open for order in _orders(console)) - len(ours):
        terminal.say(f"{left} of the orders that wait were given under another sign-in and are left alone.")
    if ours and not args.yes:
        terminal.say(orders_table(ours, console.zone))
        if not terminal.ask_yes(
            f"Send {'this order' if len(ours) == 1 else f'these {len(ours)} orders'} now?"
        ):
            raise Declined("Nothing was sent.")
    for order in ours:
        if order.state is OrderState.HELD:
            await console.ending.release(order.id)
        await console.ending.confirm(order.id)
    secrets = Secrets(terminal, otp=args.otp, from_stdin=args.password_stdin)
    work = Work(console, secrets, terminal, keep_queued=True)
    ids = [order.id for order in ours]
    problem = await work.send(ids, args.timeout)
    orders = console.ending.state.value.orders
    results = [result_of(orders[order_id], problem) for order_id in ids]
    return show_results(results, problem, console, terminal, as_json=args.json)


async def _withdraw(args: argparse.Namespace, console: Console, terminal: Terminal) -> int:
    known = console.ending.state.value.orders
    if strange := [order_id for order_id in args.orders if order_id not in known]:
        raise WrongUse(
            f"There is no order {', '.join(strange)}.", "Take orders as sessionconsole outbox shows them."
        )
    ids = list(dict.fromkeys(args.orders))
    taken_back = [await _taken_back(console, known[order_id]) for order_id in ids]
    now = console.ending.state.value.orders
    _show(args, console, [now[order_id] for order_id in ids], terminal)
    if all(taken_back):
        return ExitCode.DONE
    terminal.say("An order that was sent already cannot be taken back.")
    return ExitCode.PARTLY_DONE if any(taken_back) else ExitCode.FAILED


async def _taken_back(console: Console, order: Order) -> bool:
    if order.state in MAY_BE_WITHDRAWN:
        return await console.ending.withdraw(order.id)
    return order.state is OrderState.WITHDRAWN


def _orders(console: Console) -> list[Order]:
    return sorted(console.ending.state.value.orders.values(), key=lambda order: order.ordered_at)


def _show(args: argparse.Namespace, console: Console, orders: Sequence[Order], terminal: Terminal) -> None:
    if args.json:
        terminal.put_json(orders_document(orders))
    else:
        terminal.put(orders_table(orders, console.zone))
