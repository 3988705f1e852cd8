"""Checking how a connector file reads a list: fields, values, paging, and results of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sessionconsole.domain.sessions import DeviceType
from sessionconsole.platform.connectors.checked_parts import Report
from sessionconsole.platform.connectors.file_mistakes import KeyPath
from sessionconsole.platform.connectors.format.listing import (
    ByCursor,
    ByLink,
    ByOffset,
    ByPage,
    Fields,
    Listing,
    Paging,
    Results,
    TextField,
    TimeField,
)
from sessionconsole.platform.connectors.format.parts import Call
from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.paths import split_fallbacks, steps_of
from sessionconsole.platform.connectors.scopes import Scope

_TIMES = ("signed_in_at", "last_active_at", "idle_expires_at", "expires_at")
_KINDS = frozenset(DeviceType)

_BESIDE: Mapping[str, tuple[Callable[[Listing], bool], str]] = {
    "@key": (lambda listing: listing.keyed, "is known only of a table: say keyed = true"),
    "@value": (lambda _: True, ""),
    "@group": (
        lambda listing: listing.items.count("[]") > 1 and not listing.keyed,
        'is known only of lists in a list, such as items = "devices[].sessions[]"',
    ),
    "@parent": (
        lambda listing: listing.for_each is not None,
        "is known only where [list.for_each] goes through parents",
    ),
    "@detail": (
        lambda listing: listing.detail is not None,
        "is known only where there is a [list.detail]",
    ),
}
"""What may stand beside the keys of an item, whether it does, and what to say where it does not."""


def check_listing(report: Report, place: KeyPath, listing: Listing, scope: Scope) -> None:
    """What is read of the answers to [list], its calls aside; scope is what its conditions know."""
    report.path((*place, "items"), listing.items)
    report.path((*place, "own"), listing.own)
    report.conditions((*place, "keep"), listing.keep, ("path",), scope)
    _fields((*place, "fields"), listing.fields, report)
    for key, values in (("values", listing.values), ("secret_values", listing.secret_values)):
        for name, path in values.items():
            report.path((*place, key, name), path)
            if name == "id" or (key == "values" and name in listing.secret_values):
                report.add((*place, key, name), f'there is a "{name}" already; take another name')
    if listing.current is not None:
        report.path((*place, "current", "path"), listing.current.path)
        same_as = listing.current.same_as
        if same_as is not None and same_as not in scope:
            report.lacks((*place, "current", "same_as"), report.unknown(same_as, scope))
    check_paging(report, place, listing, listing.paging, scope)
    if listing.for_each is not None:
        parents = (*place, "for_each")
        report.path((*parents, "items"), listing.for_each.items)
        report.conditions((*parents, "keep"), listing.for_each.keep, ("path",), scope)
        for name, path in listing.for_each.values.items():
            report.path((*parents, "values", name), path)
        check_paging(report, parents, listing.for_each, listing.for_each.paging, scope)
    _beside(report, place, listing)
    _secrets_in_the_open(report, place, listing)


def check_paging(report: Report, place: KeyPath, call: Call, paging: Paging | None, scope: Scope) -> None:
    """How the next page of that call is found."""
    place = (*place, "paging")
    in_body = isinstance(paging, ByPage | ByOffset | ByCursor) and paging.into == "body"
    if in_body and not isinstance(call.json_body, dict) and call.form is None:
        report.add((*place, "into"), "the call has no body that is a table: give it json or form")
    match paging:
        case ByPage():
            report.path((*place, "total_pages"), paging.total_pages)
            if paging.more is not None:
                report.condition((*place, "more"), paging.more, ("path", "header"), scope)
        case ByOffset():
            report.path((*place, "total"), paging.total)
        case ByCursor():
            report.source((*place, "cursor"), paging.cursor)
        case ByLink():
            report.source((*place, "next"), paging.next)
    if isinstance(paging, ByPage | ByCursor) and (paging.size is None) is not (paging.size_parameter is None):
        missing = "size" if paging.size is None else "size_parameter"
        report.lacks((*place, missing), "missing: size and size_parameter belong together")


def check_results(report: Report, place: KeyPath, results: Results, scope: Scope) -> None:
    """The result for each session of a batch."""
    for key in ("items", "id", "message", "code"):
        report.path((*place, key), getattr(results, key))
    report.conditions((*place, "ok"), results.ok, ("path",), scope)
    report.conditions((*place, "gone"), results.gone, ("path",), scope)
    if not results.ok:
        report.lacks((*place, "ok"), "empty: say what holds where a session was ended")


def _fields(place: KeyPath, fields: Fields, report: Report) -> None:
    for name in Fields.model_fields:
        field = getattr(fields, name)
        here = (*place, name)
        if field is None:
            continue
        if name in _TIMES:
            report.time(here, field)
        elif isinstance(field, TextField):
            _text(here, field, report, is_id=name == "id")
        else:
            report.path(here, field)
    kinds = fields.device_type
    if isinstance(kinds, TextField):
        for key, kind in {**kinds.map, **({"value": kinds.value} if kinds.value is not None else {})}.items():
            if kind not in _KINDS:
                here = (*place, "device_type", *(("map",) if key in kinds.map else ()), key)
                report.add(here, "expected desktop, phone, tablet, program or unknown")


def _text(place: KeyPath, field: TextField, report: Report, *, is_id: bool) -> None:
    report.path((*place, "path"), field.path)
    report.pattern((*place, "pattern"), field.pattern)
    if (field.path is None) is (field.value is None):
        report.lacks(place, "name either a path or a value")
    elif field.path is None and (field.pattern is not None or field.map):
        report.add(place, "a value that is always the same needs neither pattern nor map")
    if is_id and (field.value is not None or field.map):
        report.add(place, "an id has a path, and maybe a pattern, and nothing else")


def _beside(report: Report, place: KeyPath, listing: Listing) -> None:
    for here, path in _item_paths(place, listing):
        for first, second in _beginnings(path):
            if not first.startswith("@"):
                continue
            if first not in _BESIDE:
                report.add(here, f"there is no {first}; there are {', '.join(_BESIDE)}")
            elif not _BESIDE[first][0](listing):
                report.lacks(here, f"{first} {_BESIDE[first][1]}")
            elif first == "@parent" and listing.for_each and second not in listing.for_each.values:
                known = ", ".join(f"@parent.{name}" for name in listing.for_each.values)
                report.lacks(here, f"of a parent is known what [list.for_each] names under `values`: {known}")


def _secrets_in_the_open(report: Report, place: KeyPath, listing: Listing) -> None:
    """A secret that also stands somewhere in the open would be shown and stored."""
    secret = {path: f"secret_values.{name}" for name, path in listing.secret_values.items()}
    if listing.id_is_secret:
        id_path = listing.fields.id if isinstance(listing.fields.id, str) else listing.fields.id.path
        secret |= dict.fromkeys(_parts(id_path or ""), "fields.id")
    for here, path in _item_paths(place, listing):
        if here[len(place)] in ("keep", "secret_values"):
            continue
        for part in _parts(path):
            if part in secret and here[len(place) : len(place) + 2] != ("fields", "id"):
                report.add(
                    here, f"this is the same as list.{secret[part]}, which is secret; leave it out here"
                )


def _item_paths(place: KeyPath, listing: Listing) -> Iterator[tuple[KeyPath, str]]:
    """Every path that is read in an item, with its place."""
    for name in Fields.model_fields:
        field = getattr(listing.fields, name)
        if isinstance(field, str):
            yield (*place, "fields", name), field
        elif isinstance(field, TextField | TimeField) and field.path is not None:
            yield (*place, "fields", name, "path"), field.path
    for key, values in (("values", listing.values), ("secret_values", listing.secret_values)):
        for name, path in values.items():
            yield (*place, key, name), path
    for position, condition in enumerate(listing.keep):
        if condition.path is not None:
            yield (*place, "keep", position, "path"), condition.path


def _parts(path: str) -> list[str]:
    try:
        return split_fallbacks(path)
    except Mistake:  # told where the path is checked
        return []


def _beginnings(path: str) -> Iterator[tuple[str, object]]:
    """The first two steps of each part that begins with a name."""
    for part in _parts(path):
        try:
            first, second, *_ = (*steps_of(part), None, None)
        except Mistake:
            continue
        if isinstance(first, str):
            yield first, second
