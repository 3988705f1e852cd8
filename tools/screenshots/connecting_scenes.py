"""Connecting a platform of another kind, and what a platform cannot do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sessionconsole.domain.connectors import ConnectorMistakes, FileMistake
from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import NotAPlatform
from sessionconsole.domain.platforms import Capabilities, Field
from sessionconsole.domain.trials import Remark, Trial, TrialRemark, TriedCall, TriedList
from sessionconsole.services.trial_remarks import has_device
from tests.fakes.connecting import REEF_PASS
from tests.fakes.console import FakeConsole
from tools.screenshots import people
from tools.screenshots.scenes import Scene

if TYPE_CHECKING:
    from tools.screenshots.camera import Set

FILE = "/home/dana/Downloads/reef-pass.toml"

MISTAKES = (
    FileMistake("connector.titel", "This key is not known. Did you mean title?"),
    FileMistake("sign_in.steps[0].call.path", "The variable password is secret and would stand in a URL."),
    FileMistake("list.fields.signed_in_at.time", "It has to be one of: iso, epoch-s, epoch-ms."),
    FileMistake("end.one.outcomes[2]", "This row is never reached: row 1 matches every answer."),
)

_SIGN_IN = TriedCall(
    call="sign_in.steps[0].call",
    request="POST https://api.reefpass.example/v1/organizers/harbour/login",
    status=200,
    word="ok",
    row=1,
    common=False,
    why="status 200, token is there",
    taken={"token": "•••", "account_id": "4711"},
    answer='{"token": "•••", "account": {"id": 4711, "name": "Dana Whitlock"}}',
    problem=None,
)
_WHOAMI = replace(
    _SIGN_IN,
    call="whoami",
    request="GET https://api.reefpass.example/v1/me",
    why="status 200",
    taken={"whoami.session": "s-1998"},
    answer='{"id": 4711, "login": "dana.whitlock", "session": "s-1998"}',
)
_LIST = replace(
    _SIGN_IN,
    call="list",
    request="GET https://api.reefpass.example/v1/sessions?page=1&per_page=100",
    why="status 200",
    taken={},
    answer='{"items": [{"id": "s-1998", "user": "dana.whitlock", "agent": "Mozilla/5.0 (Windows NT 10.0; Win64; '
    'x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", "last": 1764046800}, …',
)
_LOST = replace(
    _SIGN_IN,
    call="whoami",
    request="GET https://api.reefpass.example/v1/me",
    status=418,
    word=None,
    row=None,
    why=None,
    taken={},
    answer='{"error": "teapot"}',
    problem="No row of whoami.outcomes and none of outcomes matches this answer.",
)


def _listed() -> TriedList:
    sessions = tuple(row.session for row in people.morning())
    told = {
        "device": sum(map(has_device, sessions)),
        "ip": sum(each.ip is not None for each in sessions),
        "place": sum(each.place is not None for each in sessions),
        "signed_in_at": sum(each.signed_in_at is not None for each in sessions),
        "last_active_at": sum(each.last_active_at is not None for each in sessions),
    }
    own = (each for each in sessions if each.is_current)
    return TriedList((*own, *sessions[:2]), len(sessions), told)


def _nobody() -> FakeConsole:
    return FakeConsole(signed_in=False)


async def _kinds(stage: Set) -> None:
    await stage.until(stage.shell.sign_in.isVisible)
    stage.shell.sign_in.address.setText("tickets.harbourreef.com.au")
    stage.shell.sign_in.other_kind.click()
    await stage.settles()


async def _kind(stage: Set) -> None:
    await _kinds(stage)
    box = stage.shell.sign_in.kinds.box
    box.setCurrentIndex(2)
    await stage.settles()


async def _kind_list(stage: Set) -> None:
    await _kinds(stage)
    stage.shell.sign_in.kinds.box.showPopup()
    await stage.settles()


async def _no_kind(stage: Set) -> None:
    stage.console.signing_in.trouble = NotAPlatform()
    page = stage.shell.sign_in
    page.address.setText("tickets.harbourreef.com.au")
    page.username.setText("dana.whitlock")
    page.password.setText("secret")
    page.send.click()
    await stage.until(page.error.isVisible)
    await stage.settles()


async def _connect(stage: Set) -> None:
    await _kinds(stage)
    stage.shell.sign_in.connect_another.click()
    await stage.settles()


async def _mistakes(stage: Set) -> None:
    await _connect(stage)
    stage.console.connecting.says = ConnectorMistakes("reef-pass.toml", MISTAKES)
    stage.shell.connecting.take_file(FILE)
    await stage.settles()


async def _file(stage: Set) -> None:
    await _connect(stage)
    stage.shell.connecting.take_file(FILE)
    await stage.settles()


async def _trial(stage: Set, *seen: Trial, ends: bool = False) -> None:
    await _file(stage)
    page = stage.shell.connecting.file
    page.address.setText("tickets.harbourreef.com.au")
    page.username.setText("dana.whitlock")
    page.password.setText("secret")
    for field in page.asked.fields:
        field.setText("harbour")
    page.measure.setChecked(ends)
    page.send.click()
    await stage.until(lambda: stage.console.connecting.running)
    await _tells(stage, seen)


async def _tells(stage: Set, seen: Sequence[Trial]) -> None:
    for trial in seen:
        stage.console.connecting.tell(trial)
    await stage.settles()


_SO_FAR = (_SIGN_IN, _WHOAMI, TrialRemark(Remark.GOOD, "Signed in as dana.whitlock."), _LIST)
_NOTE = TrialRemark(
    Remark.NOTE,
    "expires_at is told for none of the sessions.",
    "Look at list.fields.expires_at: its path, and whether its `time` is iso, epoch-s or epoch-ms.",
)


async def _running(stage: Set) -> None:
    await _trial(stage, *_SO_FAR)


async def _code(stage: Set) -> None:
    await _trial(stage, _SIGN_IN, ends=True)
    stage.console.connecting.ask(FactorMethod.TOTP, FactorMethod.RECOVERY_CODE)
    await stage.until(stage.shell.connecting.trial.code.isVisible)


async def _wrong(stage: Set) -> None:
    listed = _listed()
    all_own = tuple(replace(each, is_current=True) for each in listed.first)
    await _trial(stage, *_SO_FAR, replace(listed, first=all_own))
    wrong = TrialRemark(
        Remark.WRONG,
        "3 sessions are told to be this program's own.",
        "Only one can be. Look at list.current: its path must differ from session to session.",
    )
    await _tells(
        stage,
        [
            wrong,
            _NOTE,
            replace(_LIST),
            TrialRemark(Remark.GOOD, "Signed out; the credential is refused now."),
        ],
    )
    stage.console.connecting.end(good=False)
    await stage.until(stage.shell.connecting.trial.again.isVisible)


async def _no_row(stage: Set) -> None:
    wrong = TrialRemark(
        Remark.WRONG,
        "The booking platform gave an answer that its connector file does not know.",
        "Add a row to the outcomes of whoami that says what this answer means.",
    )
    await _trial(stage, _SIGN_IN, _LOST, wrong)
    stage.console.connecting.end(good=False)
    await stage.until(stage.shell.connecting.trial.again.isVisible)


async def _good(stage: Set) -> None:
    await _trial(
        stage,
        *_SO_FAR,
        _listed(),
        TrialRemark(Remark.GOOD, "This program's own session is told apart."),
        TrialRemark(Remark.GOOD, "Signed out; the credential is refused now."),
    )
    stage.console.connecting.end()
    await stage.until(stage.shell.connecting.trial.use.isVisible)


async def _about(stage: Set) -> None:
    state = stage.console.watching.state
    assert state.value.about is not None
    about = replace(
        state.value.about,
        address="https://tickets.harbourreef.com.au",
        connector="reef-pass",
        capabilities=Capabilities(
            provides=frozenset({Field.SIGNED_IN, Field.LAST_ACTIVE, Field.EXPIRES}),
            revocation_delay=timedelta(minutes=5),
            last_active_note="within the last hour",
        ),
        notes=REEF_PASS.notes,
        security_page="https://tickets.harbourreef.com.au/account/security",
    )
    state.set(replace(state.value, about=about))
    await stage.settles()
    stage.shell.list.rail.about.click()
    await stage.until(lambda: stage.dialog)


SCENES: dict[str, Scene] = {
    "kinds": Scene(_kinds, _nobody),
    "kinds-list": Scene(_kind_list, _nobody),
    "kind-chosen": Scene(_kind, _nobody),
    "kind-needed": Scene(_no_kind, _nobody),
    "connect": Scene(_connect, _nobody),
    "connect-mistakes": Scene(_mistakes, _nobody),
    "connect-file": Scene(_file, _nobody),
    "trial": Scene(_running, _nobody),
    "trial-code": Scene(_code, _nobody),
    "trial-wrong": Scene(_wrong, _nobody),
    "trial-no-row": Scene(_no_row, _nobody),
    "trial-good": Scene(_good, _nobody),
    "about-platform": Scene(_about, lambda: FakeConsole(people.morning())),
}
