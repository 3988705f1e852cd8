"""What a connector file says of its platform, for people and for the rest of the program."""

from __future__ import annotations

import re
from datetime import timedelta

from sessionconsole.domain.connectors import AboutConnector, AskedVariable
from sessionconsole.domain.platforms import Capabilities, Field
from sessionconsole.platform.connectors.checked_names import names_in, names_shown
from sessionconsole.platform.connectors.format.connector import Connector, Variable
from sessionconsole.platform.connectors.format.listing import Fields
from sessionconsole.platform.connectors.taken import FACTORS, PROOFS, steps_of_sign_in

_TYPED = re.compile(r"\{(?:address|origin)\}(?:/|\Z)")
_ENDS = ("one", "many", "others")

_PROVIDED_BY: dict[Field, tuple[str, ...]] = {
    Field.PLACE: ("city", "country", "latitude"),
    Field.NETWORK: ("asn", "network_name", "network_type"),
    Field.LAST_ACTIVE: ("last_active_at",),
    Field.SIGNED_IN: ("signed_in_at",),
    Field.IDLE_EXPIRES: ("idle_expires_at",),
    Field.EXPIRES: ("expires_at",),
}


def about(connector: Connector, *, own: bool) -> AboutConnector:
    """What the file says; `own` tells that the user added it."""
    head, end, listing, sign_in = connector.connector, connector.end, connector.listing, connector.sign_in
    return AboutConnector(
        name=head.name,
        own=own,
        title=head.title,
        written_from=tuple(head.written_from),
        verified=head.verified,
        found_by_discovery=head.protocol == "console-api",
        found_by_address=not own and is_found_by_address(connector),
        capabilities=capabilities_of(connector),
        ends=tuple(key for key in _ENDS if end is not None and getattr(end, key) is not None),
        second_factors=_given(connector.second_factor, FACTORS),
        proofs=_given(connector.reauthenticate, PROOFS),
        tells_own_session=listing is not None and listing.current is not None,
        notes=tuple(connector.capabilities.notes),
        asks=tuple(_asked(name, variable) for name, variable in connector.variables.items()),
        username_label=sign_in.username_label if sign_in is not None else None,
        password_label=sign_in.password_label if sign_in is not None else None,
        help=sign_in.help if sign_in is not None else None,
        keeps_password=_keeps_password(connector),
        elsewhere=tuple(text for text in connector.base.values() if not _TYPED.match(text)),
    )


def is_found_by_address(connector: Connector) -> bool:
    """Whether an address tells that a platform is of this kind, and nothing else has to be entered first."""
    if connector.connector.protocol == "console-api":
        return True
    # What needs something entered is chosen by name.
    return connector.detect is not None and all(
        variable.default is not None or variable.secret for variable in connector.variables.values()
    )


def _keeps_password(connector: Connector) -> bool:
    """Whether what is kept between starts is the password itself, or made of nothing else."""
    shown = frozenset().union(*(names_shown(attach) for attach in connector.credential.values()))
    made = {
        name
        for _, step in steps_of_sign_in(connector)
        for name, text in step.set_secret.items()
        if "password" in names_in(text)
    }
    return bool(shown & (made | {"password"}))


def _asked(name: str, variable: Variable) -> AskedVariable:
    return AskedVariable(
        name, variable.label, variable.help, variable.example, variable.default, variable.secret
    )


def capabilities_of(connector: Connector) -> Capabilities:
    """What the platform can do, as far as its file declares it."""
    told = connector.capabilities
    return Capabilities(
        provides=_provided(connector.listing.fields) if connector.listing is not None else frozenset(Field),
        revocation_delay=timedelta(seconds=told.revocation_delay_s),
        hides_only=told.ends == "listing-only",
        verify_within=timedelta(seconds=told.verify_within_s),
        last_active_note=told.last_active_note,
        live_events=connector.connector.protocol == "console-api",
    )


def _provided(fields: Fields) -> frozenset[Field]:
    return frozenset(
        fact for fact, keys in _PROVIDED_BY.items() if any(getattr(fields, key) is not None for key in keys)
    )


def _given(section: object, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if getattr(section, key, None) is not None)
