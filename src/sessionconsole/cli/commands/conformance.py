"""`sessionconsole conformance`: for who builds a booking platform, whether it keeps the contract of the Console API."""

from __future__ import annotations

import argparse
from collections import Counter

from sessionconsole.cli.exit_codes import ExitCode
from sessionconsole.cli.opening import ask_username
from sessionconsole.cli.prompts import Secrets
from sessionconsole.cli.surroundings import Surroundings
from sessionconsole.cli.terminal import Terminal
from sessionconsole.domain.conformance import Conforms, Finding

PAGE = "docs/implement-the-console-api.md"


async def run(args: argparse.Namespace, home: Surroundings, terminal: Terminal) -> int:
    """Sign in there, look at everything, and end nothing but a second session of our own; 1 where a check failed."""
    secrets = Secrets(terminal, otp=args.otp, from_stdin=args.password_stdin)
    username = args.username or ask_username(terminal)
    password = secrets.password(f"Password for {username}:")
    findings: list[Finding] = []

    def tell(finding: Finding) -> None:
        findings.append(finding)
        if not args.json:
            terminal.put(_line(finding))

    await home.examine(args.url, username, password, secrets.proof, tell)
    count = Counter(finding.outcome for finding in findings)
    passed, failed, skipped = (count[outcome] for outcome in (Conforms.PASS, Conforms.FAIL, Conforms.SKIP))
    if args.json:
        terminal.put_json(
            {
                "checks": [_document(finding) for finding in findings],
                "passed": passed,
                "failed": failed,
                "skipped": skipped,
            }
        )
    terminal.say(f"{passed} passed, {failed} failed, {skipped} skipped. What is asked for: {PAGE}")
    return ExitCode.FAILED if failed else ExitCode.DONE


def _line(finding: Finding) -> str:
    why = f": {finding.reason}" if finding.reason else ""
    return f"{finding.outcome.upper()}  {finding.section}: {finding.check}{why}"


def _document(finding: Finding) -> dict[str, str | None]:
    return {
        "section": finding.section,
        "check": finding.check,
        "outcome": finding.outcome.value,
        "reason": finding.reason,
    }
