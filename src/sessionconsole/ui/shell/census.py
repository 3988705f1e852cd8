"""How many are on the list: counted once off the GUI thread, put right for the orders in a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sessionconsole.domain.sessions import DeviceType, Handle
from sessionconsole.services.states import Row
from sessionconsole.ui.sessions.columns_build import Table
from sessionconsole.ui.sessions.orders import ShownOrder
from sessionconsole.ui.shell.filters import is_there


@dataclass(frozen=True, slots=True)
class Tally:
    """Sessions, people and programs that are there; `by_filters` counts the rows that pass exactly those filters."""

    sessions: int = 0
    people: int = 0
    programs: int = 0
    by_filters: Mapping[frozenset[str], int] = field(default_factory=dict)

    def passing(self, *names: str) -> int:
        """How many sessions pass all of these filters."""
        return sum(count for passed, count in self.by_filters.items() if passed.issuperset(names))


@dataclass(frozen=True, slots=True)
class Census:
    """The rows of a table that are there as long as no order is known; `accounts` and `programs` count sessions."""

    table: Table = Table()
    by_filters: Mapping[frozenset[str], int] = field(default_factory=dict)
    accounts: Mapping[str, int] = field(default_factory=dict)
    programs: Mapping[str, int] = field(default_factory=dict)

    def tally(self, orders: Mapping[Handle, ShownOrder]) -> Tally:
        """Who is there now; it takes time with the number of orders, not of rows."""
        by_filters, accounts, programs = Counter(self.by_filters), Counter[str](), Counter[str]()
        for handle in orders:
            place = self.table.place_of.get(handle)
            if place is None:
                continue
            row = self.table.rows[place]
            more = is_there(row, orders) - is_there(row, {})
            by_filters[self.table.passed[place]] += more
            accounts[row.session.person.account] += more
            programs[row.session.person.account] += more * _is_program(row)
        known, of_programs = len(self.accounts), len(self.programs)
        for account in accounts:
            sessions, by_program = self.accounts.get(account, 0), self.programs.get(account, 0)
            known += (sessions + accounts[account] > 0) - (sessions > 0)
            of_programs += (by_program + programs[account] > 0) - (by_program > 0)
        return Tally(by_filters.total(), known - of_programs, of_programs, by_filters)


def census(table: Table) -> Census:
    """Count the rows of the table."""
    by_filters, accounts, programs = Counter[frozenset[str]](), Counter[str](), Counter[str]()
    for row, passed in zip(table.rows, table.passed, strict=True):
        if is_there(row, {}):
            by_filters[passed] += 1
            accounts[row.session.person.account] += 1
            if _is_program(row):
                programs[row.session.person.account] += 1
    return Census(table, by_filters, accounts, programs)


def _is_program(row: Row) -> bool:
    return row.session.device.type is DeviceType.PROGRAM
