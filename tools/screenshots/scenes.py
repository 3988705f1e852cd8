"""Every state that the window can be in, played on a console that answers as told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest

from sessionconsole.domain.credentials import FactorMethod
from sessionconsole.domain.errors import (
    BadCredentials,
    CertificateProblem,
    KeyringMissing,
    PlatformMisbehaved,
    SessionConsoleError,
    SignInExpired,
    StoreDamaged,
    Unreachable,
)
from sessionconsole.domain.orders import OrderState, Outcome
from sessionconsole.domain.sessions import DeviceType, Handle
from sessionconsole.domain.sparing import Spared
from sessionconsole.services.states import Link, ListState
from sessionconsole.ui.shell.rail import Page
from tests.fakes.console import PASSWORD, FakeConsole
from tools.screenshots import people

if TYPE_CHECKING:
    from tools.screenshots.camera import Set

Play = Callable[["Set"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who is on the list when the window opens, and what happens then."""

    play: Play
    console: Callable[[], FakeConsole]


SCENES: dict[str, Scene] = {}


def _morning() -> FakeConsole:
    return FakeConsole(people.morning())


def _nobody() -> FakeConsole:
    return FakeConsole(signed_in=False)


def scene(name: str, console: Callable[[], FakeConsole] = _morning) -> Callable[[Play], Play]:
    """Keep the function as the scene of that name."""

    def keep(play: Play) -> Play:
        SCENES[name] = Scene(play, console)
        return play

    return keep


def _pick(stage: Set, person: str, device: str | None = None) -> Handle:
    handle = stage.console.handle_of(person, device)
    stage.shell.list.table.pick(handle)
    return handle


async def _order(stage: Set, person: str, device: str | None = None) -> Handle:
    handle = stage.console.handle_of(person, device)
    await stage.console.ending.order([handle])
    return handle


async def _passes(stage: Set, seconds: int) -> None:
    for _ in range(seconds):
        stage.console.clock.advance(1)
        stage.shell.listing.tick()
    await stage.settles()


# -------------------------------------------------------------------------------------------- the list


@scene("main")
async def _main(stage: Set) -> None:
    await _passes(stage, 12)


@scene("details")
async def _details(stage: Set) -> None:
    _pick(stage, "Ruby Costello", "iPad")
    if stage.shell.list.is_very_narrow:
        QTest.keyClick(stage.shell.list.table, Qt.Key.Key_Return)
    await stage.settles()


@scene("details-familiar")
async def _details_familiar(stage: Set) -> None:
    _pick(stage, "Kirra Bancroft")
    await stage.settles()


@scene("details-own")
async def _details_own(stage: Set) -> None:
    _pick(stage, "Dana Whitlock", "Office PC")
    await stage.settles()


@scene("focus")
async def _focus(stage: Set) -> None:
    give = stage.shell.list.details.foot.end
    give.setFocus(Qt.FocusReason.TabFocusReason)
    await stage.settles()


@scene("hover")
async def _hover(stage: Set) -> None:
    table = stage.shell.list.table
    QTest.mouseMove(table.viewport(), table.button_rect(6).center())
    await stage.settles()


@scene("needs-a-look")
async def _needs_a_look(stage: Set) -> None:
    stage.shell.listing.go_to(Page.NEEDS_A_LOOK)
    await _passes(stage, 5)


@scene("search")
async def _search(stage: Set) -> None:
    stage.shell.list.top.search.setText("phone")
    stage.shell.list.top.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
    stage.shell.list.top.chips.toggle("Phones")
    await stage.settles()


@scene("no-hit")
async def _no_hit(stage: Set) -> None:
    stage.shell.list.top.search.setFocus()
    stage.shell.list.top.search.setText("brasil")
    await stage.settles()


@scene("no-hit-filters")
async def _no_hit_filters(stage: Set) -> None:
    stage.shell.list.top.chips.toggle("Phones")
    stage.shell.list.top.chips.toggle("Needs a look")
    await stage.settles()


@scene("menu")
async def _menu(stage: Set) -> None:
    stage.shell.list.rail.account.click()
    await stage.settles()


@scene("row-menu")
async def _row_menu(stage: Set) -> None:
    table = stage.shell.list.table
    _pick(stage, "Dana Whitlock", "Office PC")
    by_key = QContextMenuEvent.Reason.Keyboard
    table.contextMenuEvent(QContextMenuEvent(by_key, QPoint(), table.mapToGlobal(QPoint())))
    await stage.settles()


@scene("forget")
async def _forget(stage: Set) -> None:
    _pick(stage, "Ruby Costello", "iPad")
    await stage.settles()
    stage.shell.list.details.forget.click()
    await stage.until(lambda: stage.dialog)


@scene("familiar", lambda: FakeConsole(people.familiar()))
async def _familiar(stage: Set) -> None:
    stage.shell.listing.go_to(Page.NEEDS_A_LOOK)
    await _passes(stage, 12)


@scene("none", lambda: FakeConsole([]))
async def _none(stage: Set) -> None:
    await _passes(stage, 3)


@scene("one", lambda: FakeConsole([row for row in people.morning() if row.session.is_current]))
async def _one(stage: Set) -> None:
    await _passes(stage, 3)


@scene("many", lambda: FakeConsole(people.many()))
async def _many(stage: Set) -> None:
    stage.shell.list.table.verticalScrollBar().setValue(9000)
    await _passes(stage, 3)


@scene("long-names", lambda: FakeConsole(people.long_names()))
async def _long_names(stage: Set) -> None:
    stage.shell.list.table.selectRow(0)
    state = stage.console.watching.state.value
    assert state.about is not None
    assert state.me is not None
    about = replace(state.about, title="Harbour, Reef, Rainforest & Hinterland Adventure Tours of Queensland")
    me = replace(state.me, name="Dana Whitlock-Fotheringham-Cholmondeley")
    stage.console.watching.state.set(replace(state, about=about, me=me))
    handle = stage.console.watching.state.value.rows[1].session.handle
    await stage.console.ending.order([handle])
    await stage.settles()


@scene("right-to-left-names", lambda: FakeConsole(people.named(people.ALIEN)))
async def _right_to_left(stage: Set) -> None:
    stage.shell.list.table.selectRow(0)
    await stage.settles()


@scene("hostile", lambda: FakeConsole(people.hostile()))
async def _hostile(stage: Set) -> None:
    stage.shell.list.table.selectRow(0)
    await stage.settles()


@scene("hostile-bidi", lambda: FakeConsole(people.hostile()))
async def _hostile_bidi(stage: Set) -> None:
    stage.shell.list.table.pick(stage.console.watching.state.value.rows[3].session.handle)
    await stage.settles()


@scene("connecting")
async def _connecting(stage: Set) -> None:
    stage.console.watching.state.set(ListState(link=Link.CONNECTING))
    await stage.settles()


# ------------------------------------------------------------------------------------------- the orders


@scene("ending")
async def _ending(stage: Set) -> None:
    _pick(stage, "Maria Santos", "Windows 10 PC")
    await _order(stage, "Maria Santos", "Windows 10 PC")
    await _passes(stage, 1)


@scene("sent")
async def _sent(stage: Set) -> None:
    _pick(stage, "Maria Santos", "Windows 10 PC")
    handle = await _order(stage, "Maria Santos", "Windows 10 PC")
    stage.console.ending.become(stage.console.ending.order_for(handle).id, OrderState.SENT)
    await _passes(stage, 1)


@scene("ended")
async def _ended(stage: Set) -> None:
    _pick(stage, "Maria Santos", "Windows 10 PC")
    handle = await _order(stage, "Maria Santos", "Windows 10 PC")
    stage.console.ending.settle(handle, Outcome.PROVED_GONE)
    await _passes(stage, 1)


@scene("outcomes")
async def _outcomes(stage: Set) -> None:
    """All that may become of an order, at once; the one that is picked was refused."""
    ending, clock = stage.console.ending, stage.console.clock
    done: dict[str, tuple[Outcome, dict[str, object]]] = {
        "Maria Santos": (Outcome.PROVED_GONE, {}),
        "Ruby Costello": (Outcome.STILL_LISTED, {}),
        "Sam Okafor": (Outcome.GONE_LINGERING, {"may_work_until": clock.now() + timedelta(minutes=5)}),
        "Priya Nair": (Outcome.UNKNOWN, {}),
        "Lani Kepa": (Outcome.HIDDEN_ONLY, {}),
        "Jack Doolan": (Outcome.ALREADY_GONE, {}),
        "Channel manager": (
            Outcome.REFUSED,
            {"detail": "Sessions of programs are ended by the platform’s support only."},
        ),
    }
    for person, (outcome, changes) in done.items():
        ending.settle(await _order(stage, person), outcome, **changes)
    for person, state in (
        ("Mei-Ling Zhang", OrderState.QUEUED),
        ("Oliver Hartnett", OrderState.UNKNOWN),
        ("Tom Breuer", OrderState.SENT),
    ):
        ending.become(ending.order_for(await _order(stage, person)).id, state)
    await _order(stage, "Ahmed El-Sayed")
    _pick(stage, "Channel manager")
    await _passes(stage, 1)


async def _one_outcome(stage: Set, outcome: Outcome, **changes: str) -> None:
    _pick(stage, "Ruby Costello", "iPad")
    stage.console.ending.settle(await _order(stage, "Ruby Costello", "iPad"), outcome, **changes)
    await _passes(stage, 1)


@scene("still-listed")
async def _still_listed(stage: Set) -> None:
    await _one_outcome(stage, Outcome.STILL_LISTED)


@scene("refused")
async def _refused(stage: Set) -> None:
    why = "The account ruby.costello is managed by head office. Only they may end its sessions."
    await _one_outcome(stage, Outcome.REFUSED, detail=why)


@scene("unknown")
async def _unknown(stage: Set) -> None:
    _pick(stage, "Ruby Costello", "iPad")
    handle = await _order(stage, "Ruby Costello", "iPad")
    stage.console.ending.become(stage.console.ending.order_for(handle).id, OrderState.UNKNOWN)
    await _passes(stage, 1)


@scene("own-question")
async def _own_question(stage: Set) -> None:
    _pick(stage, "Dana Whitlock", "Office PC")
    stage.shell.list.details.foot.end.click()
    await stage.until(lambda: stage.dialog)


@scene("proof")
async def _proof(stage: Set) -> None:
    await _order(stage, "Maria Santos", "Windows 10 PC")
    stage.console.ending.want_reauthentication(FactorMethod.TOTP, FactorMethod.PASSWORD)
    await stage.until(lambda: stage.dialog)


@scene("proof-refused")
async def _proof_refused(stage: Set) -> None:
    from sessionconsole.ui.ending.proof_dialog import ProofDialog

    await _proof(stage)
    dialog = stage.dialog
    assert isinstance(dialog, ProofDialog)
    dialog.secret.setText("000000")
    dialog.go_on.click()
    await stage.until(dialog.error.isVisible)


@scene("old-order")
async def _old_order(stage: Set) -> None:
    handle = stage.console.handle_of("Ruby Costello", "iPad")
    stage.console.ending.wait_since(handle, timedelta(minutes=20), ask=True)
    await stage.until(lambda: stage.dialog)


# ------------------------------------------------------------------------------------- many at once


def _with_a_wall_tablet() -> FakeConsole:
    rows = people.morning()
    tablets = [row.session.handle for row in rows if row.session.device.type is DeviceType.TABLET]
    return FakeConsole(
        [replace(row, spared=Spared.YES) if row.session.handle in tablets[-1:] else row for row in rows]
    )


def _tablet(stage: Set) -> Handle:
    rows = stage.console.watching.state.value.rows
    return next(row.session.handle for row in rows if row.spared is Spared.YES)


@scene("spared", _with_a_wall_tablet)
async def _spared(stage: Set) -> None:
    stage.shell.list.table.pick(_tablet(stage))
    await stage.settles()


@scene("several-picked", _with_a_wall_tablet)
async def _several_picked(stage: Set) -> None:
    table = stage.shell.list.table
    table.selectRow(4)
    for _ in range(3):
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    await stage.settles()


@scene("several-menu")
async def _several_menu(stage: Set) -> None:
    stage.shell.list.top.several.click()
    await stage.settles()


@scene("preview-others", _with_a_wall_tablet)
async def _preview_others(stage: Set) -> None:
    stage.shell.ending.several.ask_others()
    await stage.until(lambda: stage.dialog)


@scene("preview-idle", _with_a_wall_tablet)
async def _preview_idle(stage: Set) -> None:
    stage.shell.ending.several.ask_idle()
    await stage.until(lambda: stage.dialog)


async def _end_all_others(stage: Set) -> list[str]:
    stage.shell.ending.several.ask_others()
    await stage.until(lambda: stage.dialog)
    assert stage.dialog is not None
    stage.dialog.yes.click()
    await stage.until(lambda: stage.console.ending.state.value.orders)
    return list(stage.console.ending.state.value.orders)


@scene("many-held")
async def _many_held(stage: Set) -> None:
    await _end_all_others(stage)
    await _passes(stage, 1)


@scene("many-under-way", lambda: FakeConsole(people.many()))
async def _many_under_way(stage: Set) -> None:
    orders = await _end_all_others(stage)
    ending, sent = stage.console.ending, len(orders) * 2 // 5
    ending.become_all(orders[sent:], OrderState.QUEUED)
    ending.become_all(orders[3:sent], OrderState.SENT)
    ending.become_all(orders[:3], OrderState.SETTLED, Outcome.REFUSED)
    await _passes(stage, 1)


def _settle_many(stage: Set, orders: list[str]) -> None:
    for outcome, few in (
        (Outcome.REFUSED, orders[:4]),
        (Outcome.UNKNOWN, orders[4:7]),
        (Outcome.ALREADY_GONE, orders[7:12]),
        (Outcome.PROVED_GONE, orders[12:]),
    ):
        stage.console.ending.become_all(few, OrderState.SETTLED, outcome)


@scene("many-summary")
async def _many_summary(stage: Set) -> None:
    _settle_many(stage, await _end_all_others(stage))
    await _passes(stage, 1)


@scene("many-not-gone")
async def _many_not_gone(stage: Set) -> None:
    _settle_many(stage, await _end_all_others(stage))
    await stage.settles()
    stage.shell.ending.several.show_not_gone()
    await stage.until(lambda: stage.dialog)


@scene("look-only")
async def _look_only(stage: Set) -> None:
    stage.console.watching.state.set(replace(stage.console.watching.state.value, may_end=False))
    await stage.settles()


# ------------------------------------------------------------------------------------- without network


async def _lose_network(stage: Set, ago: timedelta) -> None:
    """The list is of then, and time has passed since."""
    stage.console.clock.advance(ago.total_seconds())
    stage.console.watching.lose_network(ago)
    await stage.settles()


@scene("offline")
async def _offline(stage: Set) -> None:
    await _lose_network(stage, timedelta(hours=11))
    handle = stage.console.handle_of("Ruby Costello", "iPad")
    stage.console.ending.wait_since(handle, timedelta(minutes=2))
    _pick(stage, "Maria Santos", "Windows 10 PC")
    await stage.settles()


@scene("not-sent-yet")
async def _not_sent(stage: Set) -> None:
    await _offline(stage)
    _pick(stage, "Ruby Costello", "iPad")
    await stage.settles()


async def _offline_because(stage: Set, problem: SessionConsoleError) -> None:
    await _lose_network(stage, timedelta(minutes=3))
    state = stage.console.watching.state
    state.set(replace(state.value, problem=problem))
    await stage.settles()


@scene("offline-certificate")
async def _offline_certificate(stage: Set) -> None:
    await _offline_because(stage, CertificateProblem())


@scene("offline-nonsense")
async def _offline_nonsense(stage: Set) -> None:
    await _offline_because(stage, PlatformMisbehaved())


@scene("offline-no-list")
async def _offline_no_list(stage: Set) -> None:
    stage.console.watching.state.set(ListState(link=Link.OFFLINE, problem=Unreachable()))
    await stage.settles()


@scene("sign-in-needed")
async def _sign_in_needed(stage: Set) -> None:
    state = stage.console.watching.state
    state.set(replace(state.value, link=Link.SIGN_IN_NEEDED, problem=SignInExpired()))
    await stage.settles()


@scene("keyring-missing")
async def _keyring_missing(stage: Set) -> None:
    stage.console.notices.set((KeyringMissing(),))
    await stage.settles()


@scene("store-set-aside")
async def _store_set_aside(stage: Set) -> None:
    stage.console.notices.set((StoreDamaged(),))
    await stage.settles()


# ------------------------------------------------------------------------------------------- signing in


@scene("first-start", _nobody)
async def _first_start(stage: Set) -> None:
    await stage.until(stage.shell.sign_in.isVisible)


def _fill_in(stage: Set, password: str) -> None:
    page = stage.shell.sign_in
    page.address.setText("booking.harbourreef.com.au")
    page.username.setText("dana.whitlock")
    page.password.setText(password)
    page.send.click()


async def _fails(stage: Set, problem: SessionConsoleError) -> None:
    stage.console.signing_in.trouble = problem
    _fill_in(stage, PASSWORD)
    await stage.until(stage.shell.sign_in.error.isVisible)


@scene("sign-in-error", _nobody)
async def _sign_in_error(stage: Set) -> None:
    await _fails(stage, BadCredentials())


@scene("sign-in-unreachable", _nobody)
async def _sign_in_unreachable(stage: Set) -> None:
    await _fails(stage, Unreachable())


@scene("sign-in-certificate", _nobody)
async def _sign_in_certificate(stage: Set) -> None:
    await _fails(stage, CertificateProblem())


@scene("sign-in-busy", _nobody)
async def _sign_in_busy(stage: Set) -> None:
    stage.console.signing_in.gate.clear()
    _fill_in(stage, PASSWORD)
    await stage.until(lambda: not stage.shell.sign_in.send.isEnabled())


@scene("code", _nobody)
async def _code(stage: Set) -> None:
    _fill_in(stage, PASSWORD)
    await stage.until(stage.shell.code.isVisible)
    stage.shell.code.code.setText("482 91")


@scene("code-error", _nobody)
async def _code_error(stage: Set) -> None:
    await _code(stage)
    stage.shell.code.code.setText("000000")
    stage.shell.code.send.click()
    await stage.until(stage.shell.code.error.isVisible)


@scene("signed-out")
async def _signed_out(stage: Set) -> None:
    await stage.console.signing_in.sign_out()
    await stage.until(stage.shell.sign_in.isVisible)


@scene("opening", _nobody)
async def _opening(stage: Set) -> None:
    stage.window.show_page(stage.window.opening)
