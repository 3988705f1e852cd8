"""What became of each session that was asked to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sessionconsole.cli.exit_codes import ExitCode, exit_code_of
from sessionconsole.domain.errors import SessionConsoleError, SignInNeeded
from sessionconsole.domain.orders import GONE, Order, OrderState, Outcome
from sessionconsole.domain.sessions import Handle

TIMED_OUT = "timed-out"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of `end --json`; `about` says for people whose session it was."""

    handle: Handle
    outcome: Outcome
    at: datetime | None = None
    code: str | None = None
    detail: str | None = None
    may_work_until: datetime | None = None
    about: str = ""


def result_of(order: Order, problem: SessionConsoleError | None) -> Result:
    """What is known of the order now; `problem` is what stopped the work, None where only the time ran out."""
    about = f"{order.facts.person.shown}, {order.facts.device.shown}"
    if order.state is OrderState.SETTLED and order.outcome is not None:
        return Result(
            order.handle,
            order.outcome,
            order.settled_at,
            order.code,
            order.detail,
            order.may_work_until,
            about,
        )
    code = problem.code if problem else TIMED_OUT
    detail = problem.message if problem else "It took longer than --timeout allows."
    match order.state:
        case OrderState.WITHDRAWN:
            return Result(
                order.handle, Outcome.WITHDRAWN, order.settled_at, code=code, detail=detail, about=about
            )
        case OrderState.HELD | OrderState.QUEUED:
            return Result(order.handle, Outcome.QUEUED, code=code, detail=detail, about=about)
        case _:
            return Result(
                order.handle,
                Outcome.UNKNOWN,
                code=order.code or code,
                detail=order.detail or detail,
                about=about,
            )


def exit_code_for(results: Sequence[Result], problem: SessionConsoleError | None) -> ExitCode:
    """0 only if every session is gone; what stopped the work counts where nothing was done at all."""
    outcomes = {result.outcome for result in results}
    if outcomes <= GONE:
        return ExitCode.DONE
    if outcomes & GONE:
        return ExitCode.PARTLY_DONE
    if outcomes == {Outcome.QUEUED}:
        return ExitCode.UNREACHABLE
    if isinstance(problem, SignInNeeded):
        return ExitCode.SIGN_IN_NEEDED
    if Outcome.QUEUED in outcomes:
        return ExitCode.PARTLY_DONE
    if outcomes == {Outcome.WITHDRAWN} and problem is not None:
        return exit_code_of(problem)
    return ExitCode.FAILED
