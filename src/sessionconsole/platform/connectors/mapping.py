"""From one item of a platform's list to a `LoginSession`, as the fields of a connector say.

All compiled once and pure: it may run in a thread. Facts of a wrong type are None ("not provided") and all text is
inert, as everywhere (`json_fields`); only an item without a usable id raises, for a session left out would count as
gone. Not expressible, on purpose: text put together of several fields, arithmetic, units other than those of `times`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.domain.sessions import Device, DeviceType, Handle, LoginSession, Network, Person, Place
from sessionconsole.domain.text import NAME_LIMIT, USER_AGENT_LIMIT
from sessionconsole.platform.connectors.facts import (
    Native,
    ReadText,
    compile_asn,
    compile_current,
    compile_id,
    compile_number,
    compile_text,
    nothing,
)
from sessionconsole.platform.connectors.format.listing import AnyTime, Fields, Listing
from sessionconsole.platform.connectors.mistakes import Mistake, under
from sessionconsole.platform.connectors.paths import Path, compile_items, compile_path
from sessionconsole.platform.connectors.times import ReadTime, compile_time

NO_ACCOUNT = "(no account)"
"""Stands for the account of a session where the list should tell one and does not."""

_LONGEST_CODE = 60


class Mapper:
    """The compiled fields of a connector's list."""

    def __init__(self, listing: Listing) -> None:
        with under("fields"):
            self._fields = _CompiledFields(listing.fields)
        with under("current"):
            self._current = compile_current(listing.current) if listing.current is not None else None
        self._values = _compile_values(listing)

    def bind(
        self, handle_of: Callable[[str], Handle], me: Person, own: object = None
    ) -> Callable[[object], LoginSession]:
        """The function that maps one item; it raises `PlatformMisbehaved` for an item without id, and nothing else.

        `me` stands for whose session it is where the fields do not tell; `own` is the value of the variable that
        `current.same_as` names, None where it is not known.
        """
        return self._fields.bind(handle_of, me, self._current(own) if self._current is not None else None)

    def native(self, item: object) -> Native:
        """The platform's own id of the item, in its own type; raises `PlatformMisbehaved` where there is none."""
        return self._fields.native(item)

    def values(self, item: object) -> dict[str, Any]:
        """What the calls of [end] may need of the item, by name: its `id`, `values` and `secret_values`.

        Raises `PlatformMisbehaved` where there is no id.
        """
        return {"id": self._fields.native(item), **{name: path(item) for name, path in self._values.items()}}


def compile_fields(listing: Listing) -> Mapper:
    """The mapper of a list; raises `Mistake`, with the place below [list]."""
    return Mapper(listing)


def compile_list(listing: Listing) -> Callable[[object], list[object] | None]:
    """The function that takes all items out of an answer, before any is left out; None where there is no list.

    The items of a keyed table know their key as `@key`; where an item is no table itself, it is its `@value`. Items of
    a list in a list know as `@group` what the inner one is a part of. Raises `Mistake`.
    """
    with under("items"):
        if not listing.keyed:
            # Asked for, because it costs as much as all the rest.
            return compile_items(listing.items, _in_group if "@group" in listing.model_dump_json() else None)
        table = compile_path(listing.items)
    return lambda body: keyed_items(table(body))


def keyed_items(table: object) -> list[object] | None:
    """The items of a table, each with its key; None where it is no table."""
    if not isinstance(table, dict):
        return None
    return [beside(item, "@key", key) for key, item in table.items()]


def _in_group(item: object, group: object) -> object:
    # Without its lists: with all other items of the group beside each, a large list would grow without bound.
    facts = {k: v for k, v in group.items() if not isinstance(v, list)} if isinstance(group, dict) else None
    return beside(item, "@group", facts)


def beside(item: object, name: str, value: object) -> dict[str, object]:
    """The item with something beside it, such as "@parent" or "@detail"; what is no table becomes `@value` of one."""
    return {**item, name: value} if isinstance(item, dict) else {"@value": item, name: value}


class _CompiledFields:
    """Compiles with the places of mistakes, and gives one function for each fact."""

    def __init__(self, fields: Fields) -> None:
        self._id = compile_id(fields.id)
        texts = {name: getattr(fields, name) for name in _LIMITS}
        self._texts = {
            name: compile_text(name, field, limit)
            for name, limit in _LIMITS.items()
            if (field := texts[name]) is not None
        }
        self._times: dict[str, ReadTime] = {
            name: _compile_time(name, field)
            for name in ("signed_in_at", "last_active_at", "idle_expires_at", "expires_at")
            if (field := getattr(fields, name)) is not None
        }
        self._place = _compile_place(fields, self._texts)
        self._network = _compile_network(fields, self._texts)

    def native(self, item: object) -> Native:
        native = self._id(item)
        if native is None:
            raise PlatformMisbehaved
        return native

    def bind(
        self,
        handle_of: Callable[[str], Handle],
        me: Person,
        is_current: Callable[[object], bool | None] | None,
    ) -> Callable[[object], LoginSession]:
        id_of = self._id
        person, device = _person(self._texts, me), _device(self._texts)
        place, network = self._place, self._network
        user_agent, ip = self._texts.get("user_agent", nothing), self._texts.get("ip", nothing)
        signed_in_at = self._times.get("signed_in_at", nothing)
        last_active_at = self._times.get("last_active_at", nothing)
        idle_expires_at = self._times.get("idle_expires_at", nothing)
        expires_at = self._times.get("expires_at", nothing)
        current = is_current or nothing

        def session(item: object) -> LoginSession:
            native = id_of(item)
            if native is None:
                raise PlatformMisbehaved
            return LoginSession(
                handle_of(native if isinstance(native, str) else str(native)),
                person(item),
                device(item),
                user_agent(item),
                ip(item),
                place(item),
                network(item),
                signed_in_at(item),
                last_active_at(item),
                idle_expires_at(item),
                expires_at(item),
                current(item),
            )

        return session


_LIMITS: Mapping[str, int] = {
    "account": NAME_LIMIT,
    "name": NAME_LIMIT,
    "role": NAME_LIMIT,
    "user_agent": USER_AGENT_LIMIT,
    "device_name": NAME_LIMIT,
    "device_type": _LONGEST_CODE,
    "model": NAME_LIMIT,
    "os": NAME_LIMIT,
    "browser": NAME_LIMIT,
    "app": NAME_LIMIT,
    "ip": _LONGEST_CODE,
    "city": NAME_LIMIT,
    "country": _LONGEST_CODE,
    "network_name": NAME_LIMIT,
    "network_type": _LONGEST_CODE,
}
"""The facts that are text, and how much of each is shown."""


def _compile_values(listing: Listing) -> dict[str, Path]:
    compiled: dict[str, Path] = {}
    for key, values in (("values", listing.values), ("secret_values", listing.secret_values)):
        for name, path in values.items():
            with under(key, name):
                if name == "id" or name in compiled:
                    raise Mistake(f'"{name}" is there already.')
                compiled[name] = compile_path(path)
    return compiled


def _compile_time(name: str, field: AnyTime) -> ReadTime:
    with under(name):
        return compile_time(field)


def _person(texts: Mapping[str, ReadText], me: Person) -> Callable[[object], Person]:
    account, name, role = (texts.get(key) for key in ("account", "name", "role"))
    if account is None and name is None and role is None:
        return lambda _: me
    name_of, role_of = name or nothing, role or nothing
    if account is None:
        return lambda item: Person(me.account, name_of(item) or me.name, role_of(item) or me.role)
    account_of = account
    return lambda item: Person(account_of(item) or NO_ACCOUNT, name_of(item), role_of(item))


def _device(texts: Mapping[str, ReadText]) -> Callable[[object], Device]:
    if not texts.keys() & {"device_type", "os", "browser", "app", "device_name", "model"}:
        unknown = Device()
        return lambda _: unknown
    os, browser, app, name, model = (
        texts.get(key, nothing) for key in ("os", "browser", "app", "device_name", "model")
    )
    kind = texts.get("device_type")
    if kind is None:
        return lambda item: Device(
            DeviceType.UNKNOWN, os(item), browser(item), app(item), name(item), model(item)
        )
    kind_of = kind
    return lambda item: Device(
        _KINDS.get((kind_of(item) or "").lower(), DeviceType.UNKNOWN),
        os(item), browser(item), app(item), name(item), model(item),
    )  # fmt: skip


_KINDS: Mapping[str, DeviceType] = {kind.value: kind for kind in DeviceType}


def _compile_place(fields: Fields, texts: Mapping[str, ReadText]) -> Callable[[object], Place | None]:
    city, country = texts.get("city"), texts.get("country")
    latitude = compile_number("latitude", fields.latitude, 90)
    longitude = compile_number("longitude", fields.longitude, 180)
    if city is None and country is None and (latitude is None or longitude is None):
        return nothing
    city_of, country_of = city or nothing, country or nothing
    latitude_of, longitude_of = latitude or nothing, longitude or nothing

    def place(item: object) -> Place | None:
        town, land, north, east = city_of(item), country_of(item), latitude_of(item), longitude_of(item)
        if north is None or east is None:
            if town is None and land is None:
                return None
            north = east = None
        return Place(town, land, north, east)

    return place


def _compile_network(fields: Fields, texts: Mapping[str, ReadText]) -> Callable[[object], Network | None]:
    name, kind = texts.get("network_name"), texts.get("network_type")
    asn = compile_asn(fields.asn)
    if name is None and kind is None and asn is None:
        return nothing
    name_of, kind_of, asn_of = name or nothing, kind or nothing, asn or nothing

    def network(item: object) -> Network | None:
        number, called, sort = asn_of(item), name_of(item), kind_of(item)
        return None if number is None and called is None and sort is None else Network(number, called, sort)

    return network
