"""The command line: names and options as `docs/command-line.md` promises them."""

from __future__ import annotations

import argparse
from typing import NoReturn

from sessionconsole import __version__
from sessionconsole.domain.bulk import MOST_IDLE_DAYS
from sessionconsole.domain.errors import WrongUse

PROGRAM = "sessionconsole"


def parse(argv: list[str]) -> argparse.Namespace:
    """The arguments, `command` among them; raises `WrongUse`, and `SystemExit` for --help and --version."""
    return parser().parse_args(argv)


class _Parser(argparse.ArgumentParser):
    """Takes no shortened options, so that a new one can never change what an old script means."""

    def __init__(self, **settings: object) -> None:
        super().__init__(allow_abbrev=False, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        what, colon, words = message.partition(": ")
        if what == "unrecognized arguments":
            # Only the names: a value beside an option that does not exist may well be a password.
            names = " ".join(word.partition("=")[0] for word in words.split() if word.startswith("-"))
            message = f"{what}{colon}{names or 'too many words'}"
        raise WrongUse(f"{message[:1].upper()}{message[1:]}.", f"See: {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    top = _Parser(
        prog=PROGRAM,
        description="See who is logged in to the booking platform, end what does not belong, and know it is gone. "
        "Without a command the window opens.",
        epilog="Exit codes: 0 done, 1 failed, 2 usage, 3 sign-in needed, 4 platform unreachable, 5 partly done.",
    )
    top.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _add_sign_in(commands)
    _add_list(commands)
    _add_end(commands)
    _add_outbox(commands)
    _add_journal(commands)
    _add_sign_out(commands)
    _add_forget(commands)
    _add_connector(commands)
    _add_conformance(commands)
    doctor = _command(commands, "doctor", "say what this computer has and lacks; nothing secret")
    _json(doctor)
    commands.add_parser(
        "demo",
        help="try it on a demo platform; --serve runs that platform alone",
        description="Open the window on a demo platform of its own. With --serve, run that platform alone: "
        f"see {PROGRAM} demo --serve --help.",
    )
    return top


def _add_sign_in(commands: argparse._SubParsersAction[_Parser]) -> None:
    sign_in = _command(commands, "sign-in", "sign in to a booking platform and stay signed in")
    sign_in.add_argument("--url", required=True, metavar="ADDRESS", help="the platform's address")
    _who(sign_in)


def _add_list(commands: argparse._SubParsersAction[_Parser]) -> None:
    listing = _command(commands, "list", "show who is logged in")
    form = listing.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document on standard output")
    form.add_argument("--csv", action="store_true", help="a line per session for spreadsheets")
    listing.add_argument("--offline", action="store_true", help="the stored list, without asking the network")
    listing.add_argument("--unfamiliar", action="store_true", help="only sessions that want a look")
    listing.add_argument("--person", metavar="P", help="only sessions of this account or person")
    _platform(listing)
    _one_call(listing)


def _add_end(commands: argparse._SubParsersAction[_Parser]) -> None:
    end = _command(commands, "end", "end sessions, and wait for the proof that they are gone")
    end.add_argument("handles", nargs="*", metavar="HANDLE", help="as `list` shows it")
    end.add_argument("--person", metavar="P", help="every session of this account or person")
    end.add_argument("--others", action="store_true", help="every session but this console's own")
    end.add_argument(
        "--idle-days",
        type=_days,
        metavar="N",
        help="every session whose last use is more than N days ago; one whose last use is not told is left",
    )
    _platform(end)
    _yes(end)
    _json(end)
    _timeout(end)
    end.add_argument(
        "--offline-queue",
        action="store_true",
        help="where the platform cannot be reached, leave the orders queued instead of taking them back",
    )
    _one_call(end)


def _add_outbox(commands: argparse._SubParsersAction[_Parser]) -> None:
    outbox = _command(commands, "outbox", "show, send or take back orders that wait")
    _json(outbox)
    actions = outbox.add_subparsers(dest="action", metavar="ACTION", parser_class=_Parser)
    send = _command(actions, "send", "send every order that waits")
    _yes(send)
    _json(send, default=argparse.SUPPRESS)
    _timeout(send)
    _proof(send)
    withdraw = _command(actions, "withdraw", "take orders back that were not sent yet")
    withdraw.add_argument("orders", nargs="+", metavar="ORDER", help="as `outbox` shows it")
    _json(withdraw, default=argparse.SUPPRESS)


def _add_journal(commands: argparse._SubParsersAction[_Parser]) -> None:
    journal = _command(commands, "journal", "show who did what, and prove that nothing of it was changed")
    form = journal.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document on standard output")
    form.add_argument("--csv", action="store_true", help="a line per entry for spreadsheets")
    journal.add_argument("--since", metavar="DATE", help="only entries from that day or moment on")
    journal.add_argument("--person", metavar="P", help="only entries about or by this account")
    actions = journal.add_subparsers(dest="action", metavar="ACTION", parser_class=_Parser)
    _command(actions, "verify", "prove the journal; where it does not hold, name the first broken entry")
    accept = _command(actions, "accept", "go on with a journal whose end is missing, and write that down")
    _yes(accept)


def _add_sign_out(commands: argparse._SubParsersAction[_Parser]) -> None:
    sign_out = _command(commands, "sign-out", "revoke the sign-in on the platform and forget it here")
    _platform(sign_out)
    sign_out.add_argument("--forget", action="store_true", help="remove the platform's stored lists too")


def _add_forget(commands: argparse._SubParsersAction[_Parser]) -> None:
    forget = _command(commands, "forget", "remove what is stored of one person, or everything of this home")
    what = forget.add_mutually_exclusive_group()
    what.add_argument("--all", action="store_true", help="everything, keyring entries included")
    what.add_argument("--person", metavar="P", help="what is stored of this account or person")
    _platform(forget)
    _yes(forget)


def _add_connector(commands: argparse._SubParsersAction[_Parser]) -> None:
    connector = _command(commands, "connector", "check, list, show and try connector files")
    actions = connector.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=_Parser)
    check = _command(actions, "check", "find every mistake in connector files, without asking the network")
    check.add_argument("files", nargs="+", metavar="FILE", help="a connector file")
    _json(check)
    _json(_command(actions, "list", "list the connectors that there are"))
    show = _command(actions, "show", "print a connector file, and say what it can do")
    show.add_argument("name", metavar="NAME", help="as `connector list` shows it")
    _command(actions, "schema", "print the JSON Schema of connector files")
    trying = _command(actions, "try", "make a dry run of a connector against its platform, call by call")
    trying.add_argument("source", metavar="FILE", help="a connector file, or the name of a connector")
    trying.add_argument("--url", required=True, metavar="ADDRESS", help="the platform's address")
    trying.add_argument("--username", metavar="N", help="asked for where it is not given")
    _variables(trying)
    _proof(trying)
    trying.add_argument(
        "--end-own-test-session",
        action="store_true",
        help="sign in a second time, end that session, and measure how long its credential lives on",
    )
    _json(trying)


def _add_conformance(commands: argparse._SubParsersAction[_Parser]) -> None:
    conformance = _command(
        commands, "conformance", "check whether a platform keeps the contract of the Console API"
    )
    conformance.add_argument("--url", required=True, metavar="ADDRESS", help="the platform's address")
    conformance.add_argument("--username", metavar="N", help="asked for where it is not given")
    _proof(conformance)
    _json(conformance)


def _command(commands: argparse._SubParsersAction[_Parser], name: str, help_text: str) -> _Parser:
    return commands.add_parser(name, help=help_text, description=f"{help_text[:1].upper()}{help_text[1:]}.")


def _who(parser: _Parser) -> None:
    parser.add_argument("--username", metavar="N", help="asked for where it is not given")
    parser.add_argument(
        "--connector",
        metavar="NAME|FILE",
        help="the kind of platform; found out where not given. A file is kept for later starts",
    )
    _variables(parser)
    _proof(parser)


def _variables(parser: _Parser) -> None:
    parser.add_argument(
        "--var",
        action="append",
        default=[],
        metavar="K=V",
        help="what the connector asks for besides, such as --var realm=bookings; secret ones are asked for",
    )


def _one_call(parser: _Parser) -> None:
    parser.add_argument("--url", metavar="ADDRESS", help="sign in there for this one call; nothing is stored")
    _who(parser)


def _proof(parser: _Parser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read secrets from standard input, one line each in the order asked for",
    )
    parser.add_argument(
        "--otp", metavar="CODE", help="six digits of the authenticator app, or a recovery code"
    )


def _platform(parser: _Parser) -> None:
    parser.add_argument("--platform", metavar="NAME", help="the part of a handle before the colon")


def _yes(parser: _Parser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _json(parser: _Parser, default: object = False) -> None:
    parser.add_argument(
        "--json", action="store_true", default=default, help="one JSON document on standard output"
    )


def _timeout(parser: _Parser) -> None:
    parser.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="S", help="wait so long for the proof (30)"
    )


def _days(text: str) -> int:
    days = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= days <= MOST_IDLE_DAYS:
        raise argparse.ArgumentTypeError(f"days must be a whole number from 1 to {MOST_IDLE_DAYS}")
    return days


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError("seconds must be more than 0 and at most 86400")
    return seconds
