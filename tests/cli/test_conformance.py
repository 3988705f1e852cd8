"""`sessionconsole conformance` against the demo platform, which keeps the contract or breaks it as it is told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessionconsole.cli.main import main
from sessionconsole.cli.terminal import Terminal
from sessionconsole.desktop.folders import Folders
from sessionconsole.wiring import HomeSurroundings
from tests.cli.desk import Ran
from tests.demo.client import Client
from tests.helpers import free_port
from tests.servers import ROOT, STILL, DemoServer

GRAHAM = ("graham.pell", "tides-and-timetables")
VIEWER = ("viewer", "look-but-do-not-touch")


@pytest.fixture
def platform() -> Iterator[DemoServer]:
    with DemoServer(*STILL) as running:
        yield running
    assert running.errors == ""


def check(url: str, who: tuple[str, str], *more: str, home: Path, codes: str = "") -> Ran:
    """Examine the platform at that address."""
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err, io.StringIO(f"{who[1]}\n{codes}"), False, str)
    argv = ["conformance", "--url", url, "--username", who[0], "--password-stdin", *more]
    code = main(argv, HomeSurroundings(Folders.for_home({"SESSIONCONSOLE_HOME": str(home)})), terminal)
    return Ran(code, out.getvalue(), err.getvalue())


def lines(ran: Ran, outcome: str) -> list[str]:
    return [line for line in ran.out.splitlines() if line.startswith(outcome)]


def test_the_demo_platform_keeps_the_contract(platform: DemoServer, tmp_path: Path) -> None:
    ran = check(platform.url, GRAHAM, home=tmp_path)

    assert (ran.code, lines(ran, "FAIL"), lines(ran, "SKIP")) == (0, [], [])
    assert "24 passed, 0 failed, 0 skipped." in ran.err
    assert "tides" not in ran.out + ran.err
    assert list(tmp_path.iterdir()) == [], "nothing is kept"


def test_it_ends_nothing_but_sessions_of_its_own(platform: DemoServer, tmp_path: Path) -> None:
    witness = platform.client("graham.pell")
    before = _ids(platform, witness["access_token"])

    check(platform.url, GRAHAM, home=tmp_path)

    assert _ids(platform, witness["access_token"]) == before


def test_an_account_with_second_factor_needs_two_codes(platform: DemoServer, tmp_path: Path) -> None:
    dana = (platform.username, platform.password)
    first, second = platform.totp_code(), platform.totp_code()
    assert check(platform.url, dana, "--otp", first, home=tmp_path, codes=f"{second}\n").code == 0

    ran = check(platform.url, dana, "--otp", platform.recovery_code(), home=tmp_path)
    assert ran.code == 0
    assert any("a code of its own" in line for line in lines(ran, "SKIP"))


def test_who_may_only_look_is_no_fault_of_the_platform(platform: DemoServer, tmp_path: Path) -> None:
    ran = check(platform.url, VIEWER, home=tmp_path)
    assert (ran.code, lines(ran, "FAIL")) == (0, [])
    assert "PASS  Ending: its access token is refused" in ran.out


@pytest.mark.parametrize(
    ("breach", "failed"),
    [
        ("ended-still-listed", "FAIL  Ending: it is missing from the next list"),
        ("ended-token-works", "FAIL  Ending: its access token is refused: it works although"),
        ("refresh-twice", "FAIL  Renewal: a refresh token that is used twice ends the session"),
        ("etag-never-changes", "FAIL  Ending: it is missing from the next list, whose ETag is another"),
        (
            "pages-without-end",
            "FAIL  The list: it has what is required, and marks the caller's own: the pages do not come to",
        ),
    ],
)
def test_a_broken_promise_is_found(platform: DemoServer, breach: str, failed: str, tmp_path: Path) -> None:
    platform.breach(breach)

    ran = check(platform.url, GRAHAM, home=tmp_path)

    assert ran.code == 1
    assert any(line.startswith(failed) for line in lines(ran, "FAIL")), ran.out
    assert lines(ran, "PASS"), "the rest is looked at all the same"


@pytest.mark.parametrize(
    ("match", "fault", "section"),
    [
        ("GET /v1/sessions", "500", "The list"),
        ("GET /v1/sessions", "html-200", "The list"),
        ("POST /v1/token", "html-200", "Renewal"),
        ("DELETE /v1/sessions", "403", "Ending"),
        ("GET /.well-known", "html-200", "Discovery"),
        ("GET /v1/me", "html-200", "Signing in"),
        ("POST /v1/sign-in", "html-200", "Signing in"),
        ("GET /v1/events", "500", "Live events"),
        ("GET /v1/people", "html-200", "People"),
        ("POST /v1/sessions/end", "500", "Ending"),
    ],
)
def test_a_platform_that_fails_is_told_where(
    platform: DemoServer, match: str, fault: str, section: str, tmp_path: Path
) -> None:
    platform.fault(match, fault, times=1000)

    ran = check(platform.url, GRAHAM, "--json", home=tmp_path)

    assert ran.code == 1
    told = json.loads(ran.out)
    assert section in {each["section"] for each in told["checks"] if each["outcome"] == "fail"}
    assert told["failed"] == sum(each["outcome"] == "fail" for each in told["checks"])


def test_where_nothing_can_be_said_the_exit_code_says_why(platform: DemoServer, tmp_path: Path) -> None:
    assert check(platform.url, ("graham.pell", "wrong"), home=tmp_path).code == 3
    assert check(f"http://127.0.0.1:{free_port()}", GRAHAM, home=tmp_path).code == 4


def test_each_section_is_a_heading_of_the_page(platform: DemoServer, tmp_path: Path) -> None:
    checks = json.loads(check(platform.url, GRAHAM, "--json", home=tmp_path).out)["checks"]
    page = (ROOT / "docs" / "implement-the-console-api.md").read_text(encoding="utf-8")
    assert all(f"\n## {each['section']}\n" in page for each in checks)


def _ids(platform: DemoServer, token: str) -> set[str]:
    return {session["id"] for session in Client(platform, token).sessions()}
