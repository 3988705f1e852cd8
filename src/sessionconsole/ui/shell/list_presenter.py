"""Turns the states of list and orders into what the page of the list shows."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from sessionconsole.domain.assessments import Level
from sessionconsole.domain.errors import SessionConsoleError
from sessionconsole.domain.orders import OrderState
from sessionconsole.domain.sessions import Handle
from sessionconsole.services.states import Link, ListState, OrdersState, Row
from sessionconsole.ui.console import Console
from sessionconsole.ui.ending.presenter import EndingPresenter
from sessionconsole.ui.look.plain import isolated
from sessionconsole.ui.sessions.columns_build import Table, build
from sessionconsole.ui.sessions.letting_go import let_go
from sessionconsole.ui.sessions.orders import Action, ShownOrder, shown_orders
from sessionconsole.ui.sessions.passage import Passage, Showing, passage
from sessionconsole.ui.shell.census import Census, Tally, census
from sessionconsole.ui.shell.chips import Chip
from sessionconsole.ui.shell.details_presenter import DetailsPresenter
from sessionconsole.ui.shell.filters import NEEDS_A_LOOK, View, is_there, needs_a_look, offered, passed
from sessionconsole.ui.shell.list_page import ListPage
from sessionconsole.ui.shell.messages import (
    ANSWER,
    CANCEL,
    HIDE,
    MANY,
    NOT_GONE,
    SHOW,
    UNDO,
    Moment,
    counts,
    is_reading,
    message,
)
from sessionconsole.ui.shell.rail import Page
from sessionconsole.ui.shell.several_button import SeveralAction
from sessionconsole.ui.shell.telling import Answer, Telling
from sessionconsole.ui.shell.words import as_of, checked, why_offline
from sessionconsole.ui.tasks import Tasks

if TYPE_CHECKING:
    from sessionconsole.ui.shell.selection_bar import SelectionBar

_PREPARE, _REFRESH = "prepare the list", "refresh"
_WORDS_EVERY = 15
"""Seconds between two rounds of "3 min ago" becoming "4 min ago"; a countdown has its own second."""
_CLEAR_SEARCH, _CLEAR_FILTERS, _TRY_NOW, _SIGN_IN = "Clear search", "Clear filters", "Try now", "Sign in"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A list made ready off the GUI thread: its table, its counts, and the rows that need a look."""

    state: ListState = ListState()
    table: Table = Table()
    census: Census = Census()
    marked: Sequence[Row] = ()


def prepare(state: ListState, zone: tzinfo, now: datetime, showing: Showing) -> tuple[Prepared, Passage]:
    """All that takes time with many rows, and the way there; an old list keeps the counts that it had when taken."""
    offline = state.link in (Link.OFFLINE, Link.SIGN_IN_NEEDED, Link.CONNECTING)
    seen_at = state.taken_at if offline and state.taken_at else now
    table = build(
        state.rows,
        state.about,
        zone,
        offline=offline,
        as_of=state.taken_at,
        before=showing.table,
        order=(showing.wish.column, showing.wish.descending),
        passes=partial(passed, view=View(seen_at, state.about)),
    )
    marked = [row for row in table.rows if needs_a_look(row)]
    return Prepared(state, table, census(table), marked), passage(showing, table)


class ListPresenter(QObject):
    """One for the life of the window; `sign_in_again` is called when the banner's button asks for it."""

    shown = Signal()
    """The stored list, or one that was read, is on its way to the screen."""

    def __init__(self, console: Console, tasks: Tasks, page: ListPage, ending: EndingPresenter) -> None:
        super().__init__(page)
        self._console, self._tasks, self._page, self._ending = console, tasks, page, ending
        self.details = DetailsPresenter(console, tasks, page)
        self._prepared = Prepared()
        self._shown: dict[Handle, ShownOrder] = {}
        self._there = Tally()
        self._place = Page.ALL_SESSIONS
        self._telling = Telling(console.clock)
        self._picked_once = False
        self._seconds = 0
        self.sign_in_again = _nothing
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._connect()
        self._stops = (
            console.watching.state.subscribe(self._list_changed),
            console.ending.state.subscribe(self._orders_changed),
            console.notices.subscribe(self._notices_changed),
        )
        if console.watching.state.value.link is not Link.SIGNED_OUT:
            self._list_changed(console.watching.state.value)

    # ------------------------------------------------------------------------------------- beginning

    def _connect(self) -> None:
        page = self._page
        page.rail.page_asked.connect(self.go_to)
        page.top.search.textChanged.connect(self._filter)
        page.top.chips.changed.connect(self._filter)
        page.top.freshness.refresh_asked.connect(self.refresh)
        page.refresh_asked.connect(self.refresh)
        page.banner.pressed.connect(self._banner_pressed)
        page.bar.pressed.connect(self._bar_pressed)
        page.empty.pressed.connect(self._empty_pressed)
        page.table.action_asked.connect(self._act)
        page.table.current_changed.connect(self._current_changed)
        page.table.painted.connect(self._pick_first, Qt.ConnectionType.QueuedConnection)
        self.details.acted.connect(self._act)
        self.details.told.connect(self.tell)
        self._ending.refused.connect(self.tell)
        self._ending.several.changed.connect(self._show_message)
        page.table.selection_changed.connect(self._selection_changed)
        page.table.several_asked.connect(self._end_picked)
        page.top.several_asked.connect(self._several_asked)
        page.selection_made.connect(self._selection_made)
        self._tasks.failed.connect(self._failed)

    def close(self) -> None:
        """Hear nothing more."""
        self._timer.stop()
        for stop in self._stops:
            stop()

    def run_clock(self, *, running: bool) -> None:
        """Let the words follow the time only while somebody can see them."""
        if running and not self._timer.isActive():
            if self._prepared.state.link is not Link.SIGNED_OUT:
                self._render()
            self._timer.start()
        elif not running:
            self._timer.stop()

    # ---------------------------------------------------------------------------------------- wishes

    @Slot(object)
    def go_to(self, place: Page) -> None:
        """Show another page of the list; the filters of the one that is left are off."""
        if place is Page.JOURNAL:
            return
        self._page.show_instead(None)
        self._place = place
        self._page.rail.show_page(place)
        self._page.top.search.clear()
        self._page.top.chips.clear()
        self._render()
        self._page.table.scrollToTop()
        self._page.table.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Read the list now."""
        self._tasks.start(_REFRESH, self._console.watching.refresh, if_idle=True)

    @Slot(object)
    def tell(self, what: Answer) -> None:
        """Show a sentence at the bottom until it is hidden or something else is done; a Message for ten seconds."""
        self._telling.answer(what)
        self._show_message()

    @Slot(str, object)
    def _act(self, handle: Handle, action: Action) -> None:
        self._telling.answer(None)
        self._ending.several.put_away()
        row = self._page.model.session_row(handle)
        if row is not None:
            self._page.table.pick(handle)
            self._ending.act(action, row, self._shown.get(handle))

    @Slot(str)
    def _banner_pressed(self, action: str) -> None:
        if action == _SIGN_IN:
            self.sign_in_again()
        else:
            self.refresh()

    @Slot(str, str)
    def _bar_pressed(self, action: str, order_id: str) -> None:
        marked = self._page.model.session_row(Handle(order_id))
        if order_id == MANY:
            self._work_pressed(action)
        elif action == SHOW:
            self._show_news()
        elif action == UNDO and marked is not None:
            self.details.review(marked, ours=False)
        elif action == UNDO:
            self._ending.undo(order_id)
        elif action == ANSWER:
            self._ending.ask_again()
        elif action == HIDE:
            self._telling.hide(self._console.notices.value)
            self._show_message()

    def _work_pressed(self, action: str) -> None:
        several = self._ending.several
        if action in (UNDO, CANCEL):
            several.take_back()
        elif action == NOT_GONE:
            several.show_not_gone()
        elif action == HIDE:
            several.put_away()

    @Slot(object)
    def _several_asked(self, action: SeveralAction) -> None:
        several = self._ending.several
        match action:
            case SeveralAction.SELECTED:
                self._end_picked()
            case SeveralAction.OTHERS:
                several.ask_others()
            case SeveralAction.IDLE:
                several.ask_idle()

    @Slot()
    def _end_picked(self) -> None:
        self._ending.several.ask_picked(self._page.table.picked())

    @Slot(int)
    def _selection_changed(self, count: int) -> None:
        self._page.show_selection(count)
        self._page.top.several.show_picked(count)

    @Slot(object)
    def _selection_made(self, bar: SelectionBar) -> None:
        bar.end_asked.connect(self._end_picked)
        bar.clear_asked.connect(self._page.table.pick_current_only)

    def _show_news(self) -> None:
        """Pick the first of the marked rows that came, whatever is searched, chosen or scrolled."""
        page, handle = self._page, self._telling.first_news()
        if handle is None:
            return
        if page.is_elsewhere:
            page.rail.page_asked.emit(Page.ALL_SESSIONS)
        if page.model.row_of(handle) is None:
            page.top.search.clear()
            page.top.chips.clear()
        page.table.pick(handle)
        page.table.scrollTo(page.table.currentIndex())
        page.table.setFocus()
        self._show_message()

    @Slot()
    def _empty_pressed(self) -> None:
        if self._page.empty.button.text() == _TRY_NOW:
            self.refresh()
            return
        self._page.top.search.clear()
        self._page.top.chips.clear()

    @Slot(str, object)
    def _failed(self, key: str, error: SessionConsoleError) -> None:
        if key == _REFRESH:
            self.tell(error)

    # ---------------------------------------------------------------------------------------- states

    def _list_changed(self, state: ListState) -> None:
        # Of two lists that are being prepared only the newer one is ever shown: the older work is cancelled.
        self._tasks.start(_PREPARE, partial(self._prepare, state))

    async def _prepare(self, state: ListState) -> None:
        now = self._console.clock.now()
        before, model = self._prepared, self._page.model
        found, way = await asyncio.to_thread(prepare, state, self._console.zone, now, model.showing)
        while way.start is not model.showing:  # the user has sorted or searched meanwhile
            way = await asyncio.to_thread(passage, model.showing, found.table)
        self._prepared = found
        self.details.take(state, offline=self._prepared.table.offline)
        self._hear_news(before)
        self._page.model.set_may_end(state.may_end)
        self._take_orders(self._console.ending.state.value)
        self._page.table.follow(way, self._console.clock.now())
        self._render()
        if self._page.model.rowCount() and not self._picked_once:
            self._page.keep_room()
        if state.link is not Link.SIGNED_OUT:
            self.shown.emit()
        leaving: list[Table | Sequence[Row]] = [before.table, before.state.rows]
        del before, way
        await asyncio.to_thread(let_go, leaving)

    def _hear_news(self, before: Prepared) -> None:
        """Marked rows that were not on the list before, or no alarm, are told; those that go are forgotten."""
        same = before.state.taken_at is not None and before.table.about == self._prepared.table.about
        marked = (row for row in self._prepared.marked if is_there(row, self._shown))
        alarms = {row.session.handle for row in before.marked if row.assessment.level is Level.ALARM}
        self._telling.hear(marked, before.table.place_of if same else None, alarms)

    def _orders_changed(self, state: OrdersState) -> None:
        self._take_orders(state)
        self._render()

    def _notices_changed(self, _notices: object) -> None:
        self._show_message()

    def _take_orders(self, state: OrdersState) -> None:
        clock = self._console.clock
        self._shown = shown_orders(
            state, clock.monotonic(), self._prepared.state.link, self._prepared.state.problem
        )
        self._there = self._prepared.census.tally(self._shown)
        self._page.model.show_orders(self._shown)

    @Slot()
    def tick(self) -> None:
        """One second has passed."""
        self._seconds += 1
        orders = self._console.ending.state.value
        if any(order.state is OrderState.HELD for order in orders.orders.values()):
            self._take_orders(orders)
            self.details.show_details()
        if self._seconds % _WORDS_EVERY == 0:
            self._page.model.tick(self._console.clock.now())
            self.details.show_details()
            self._show_banner()
        if not self._page.model.rowCount():
            self._show_empty()
        self._show_freshness()
        self._show_message()

    # --------------------------------------------------------------------------------------- showing

    def _render(self) -> None:
        self._show_rail()
        self._show_top()
        self._filter()
        self._show_banner()
        self._show_freshness()
        self._show_message()
        self.details.show_details()

    def _show_rail(self) -> None:
        state = self._prepared.state
        flagged = self._there.passing(NEEDS_A_LOOK)
        told = "1 session needs a look" if flagged == 1 else f"{flagged:,} sessions need a look"
        self._page.rail.needs_a_look.set_count(flagged, told)
        record = self._console.signing_in.state.value.record
        title = state.about.title if state.about else record.title if record else ""
        person = state.me.shown if state.me else (record.name or record.username) if record else ""
        self._page.rail.show_who(title, person)

    def _show_top(self) -> None:
        there = self._there.passing(*self._page_filters)
        has_list = self._prepared.state.taken_at is not None
        marked_only = self._place is Page.NEEDS_A_LOOK
        self._page.top.show_title(str(self._place), there if has_list else None)
        self._page.top.show_filters(visible=bool(there if marked_only else self._prepared.table.rows))
        names = offered(self._prepared.state.about, on_needs_a_look=marked_only)
        self._page.top.chips.offer(
            [Chip(name, name, self._there.passing(name, *self._page_filters)) for name in names]
        )

    @property
    def _page_filters(self) -> frozenset[str]:
        return frozenset({NEEDS_A_LOOK} if self._place is Page.NEEDS_A_LOOK else ())

    @Slot()
    def _filter(self) -> None:
        chosen = self._page.top.chips.chosen
        text = self._page.top.search.text()
        self._page.model.set_filter(text, chosen | self._page_filters)
        self._page.top.show_left(self._page.model.rowCount() if chosen or text.strip() else None)
        self._show_empty()

    def _show_empty(self) -> None:
        page, state = self._page, self._prepared.state
        text = page.top.search.text().strip()
        now, zone = self._console.clock.now(), self._console.zone
        if page.model.rowCount():
            page.show_list(there=True)
            return
        if text:
            where = f"Person, device, place and IP were searched, in {counts(self._there)}."
            page.empty.tell(f"No session matches “{isolated(text)}”.", where, action=_CLEAR_SEARCH)
        elif page.top.chips.chosen:
            on = ", ".join(sorted(page.top.chips.chosen))
            page.empty.tell("No session passes these filters.", f"Chosen: {on}.", action=_CLEAR_FILTERS)
        elif state.taken_at is None:
            self._show_no_list(state)
        elif self._place is Page.NEEDS_A_LOOK:
            fresh = checked(state, now, zone).removeprefix("Live, ") or as_of(state, now, zone).lower()
            page.empty.tell("Everything looks familiar", f"{counts(self._there)}, {fresh}.", icon="done")
        else:
            page.empty.tell(
                "The list is empty",
                "The booking platform names nobody, not even you. Ask its administrator what your account may see.",
            )
        page.show_list(there=False)

    def _show_no_list(self, state: ListState) -> None:
        if state.link is Link.OFFLINE:
            line = f"{why_offline(state.problem)} No list was saved on this computer yet."
            self._page.empty.tell("The list cannot be read", line, action=_TRY_NOW)
        elif is_reading(state):
            self._page.empty.tell("Reading the list…")
        else:
            self._page.empty.tell("The list could not be read yet")

    def _show_banner(self) -> None:
        state = self._prepared.state
        since = as_of(state, self._console.clock.now(), self._console.zone)
        if state.link is Link.SIGN_IN_NEEDED:
            why = "Your sign-in has ended on the booking platform. Orders that wait are kept."
            self._page.banner.tell(since, why, _SIGN_IN)
        elif state.link is Link.OFFLINE and since:
            self._page.banner.tell(since, why_offline(state.problem), _TRY_NOW)
        elif state.link is Link.CONNECTING and since:
            self._page.banner.tell(since, "Connecting to the booking platform…", "")
        else:
            self._page.banner.put_away()

    def _show_freshness(self) -> None:
        state = self._prepared.state
        words = checked(state, self._console.clock.now(), self._console.zone)
        # an old list says in the banner that it is being read anew
        old = self._prepared.table.offline and state.taken_at is not None
        self._page.top.freshness.setVisible(bool(words) and not old)
        self._page.top.freshness.show_live(words, live=state.link is Link.LIVE)

    def _show_message(self) -> None:
        clock = self._console.clock
        model, telling = self._page.model, self._telling
        news = [row for handle in telling.news if (row := model.session_row(handle)) is not None]
        at = Moment(clock.now(), clock.monotonic(), self._console.zone, self.details.undo_seconds)
        orders = self._console.ending.state.value
        self._page.bar.tell(
            message(
                self._prepared.state,
                self._there,
                orders,
                at,
                told=telling.told,
                news=[row for row in news if is_there(row, self._shown)],
                risen=telling.risen,
                notices=telling.unread(self._console.notices.value),
                work=self._ending.several.progress(orders),
            )
        )

    # --------------------------------------------------------------------------------------- picking

    @Slot()
    def _pick_first(self) -> None:
        """Once the first list is painted the first row is picked, where the details take no room from it."""
        self._picked_once = True
        if not self._page.is_narrow:
            self._page.table.selectRow(0)
        self._page.table.setFocus()

    @Slot(object)
    def _current_changed(self, handle: object) -> None:
        if self._telling.seen(Handle(str(handle))):
            self._show_message()
        self.details.show_details()


def _nothing() -> None:
    """Nobody listens yet."""
