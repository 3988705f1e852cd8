"""Who one is, who is logged in, and how a session is ended."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sessionconsole.platform.connectors.format.parts import (
    Call,
    Condition,
    Name,
    Part,
    PathText,
    PatternText,
    Scalar,
    Source,
)


class WhoAmI(Call):
    """The call that tells for sure whether the credential is alive, and whose it is."""

    account: PathText | None = Field(None, description="The account's name; the typed user name without it.")
    name: PathText | None = Field(None, description="The person's name.")
    session: PathText | None = Field(
        None, description="What tells the console's own session apart: `{whoami.session}`."
    )
    may_end: Condition | None = Field(None, description="Holds where the account may end sessions.")


class TextField(Part):
    """A fact of a session that is text."""

    path: PathText | None = None
    value: Scalar | None = Field(None, description="The same for every session.")
    pattern: PatternText | None = Field(None, description="Takes the first group of this.")
    map: dict[str, str] = Field({}, description="What the platform says, and what it means here.")


class TimeField(Part):
    """A fact of a session that is a time."""

    path: PathText
    time: str = Field(
        "iso",
        max_length=60,
        description='"iso", "epoch-s", "epoch-ms" (numbers or text), or a pattern such as "%d.%m.%Y %H:%M".',
    )
    zone: str = Field("UTC", max_length=60, description="The zone of times that name none (IANA name).")
    plus_s: int = Field(0, description="Seconds to add, such as a known length of life.")


AnyText = PathText | TextField
AnyTime = PathText | TimeField


class Fields(Part):
    """Which fact of a session stands where; what is left out is shown as not provided."""

    id: AnyText = Field(description="What the platform knows the session by. Text, or a whole number.")
    account: AnyText | None = Field(None, description="Whose session; the signed-in account's without it.")
    name: AnyText | None = None
    role: AnyText | None = None
    user_agent: AnyText | None = None
    device_name: AnyText | None = None
    device_type: AnyText | None = Field(None, description="desktop, phone, tablet or program.")
    model: AnyText | None = None
    os: AnyText | None = None
    browser: AnyText | None = None
    app: AnyText | None = None
    ip: AnyText | None = None
    city: AnyText | None = None
    country: AnyText | None = None
    latitude: AnyText | None = None
    longitude: AnyText | None = None
    asn: AnyText | None = None
    network_name: AnyText | None = None
    network_type: AnyText | None = None
    signed_in_at: AnyTime | None = None
    last_active_at: AnyTime | None = None
    idle_expires_at: AnyTime | None = None
    expires_at: AnyTime | None = None


class Current(Part):
    """How the console's own session is told: by a flag of the item, or by comparing it with a variable."""

    path: PathText
    same_as: str | None = Field(None, description="A variable, such as whoami.session.")


class ByPage(Part):
    """Pages are counted."""

    kind: Literal["page"]
    parameter: str = "page"
    first: int = 1
    size_parameter: str | None = None
    size: int | None = Field(None, ge=1, le=1000)
    total_pages: PathText | None = Field(None, description="How many pages there are.")
    more: Condition | None = Field(None, description="Holds where another page follows.")


class ByOffset(Part):
    """Rows are counted."""

    kind: Literal["offset"]
    parameter: str = "offset"
    size_parameter: str | None = "limit"
    size: int = Field(100, ge=1, le=1000)
    total: PathText | None = Field(None, description="How many rows there are.")


class ByCursor(Part):
    """Each page names the next one by a token."""

    kind: Literal["cursor"]
    parameter: str
    cursor: Source = Field(description="Where the token of the next page stands; the last page has none.")
    size_parameter: str | None = None
    size: int | None = Field(None, ge=1, le=1000)


class ByLink(Part):
    """Each page has the address of the next one, which must be of the same origin."""

    kind: Literal["link"]
    next: Source = Field(description='Where it stands; "header:link" reads rel="next" (RFC 8288).')


Paging = Annotated[ByPage | ByOffset | ByCursor | ByLink, Field(discriminator="kind")]


class ForEach(Call):
    """Parents, such as all accounts, for each of which the list is asked; an item is known as `{parent.NAME}`."""

    items: PathText = "."
    paging: Paging | None = None
    keep: list[Condition] = Field([], description="Only parents of which all of these hold.")
    values: dict[Name, PathText] = Field(description="What of the parent is used.")


class Listing(Call):
    """The call that tells who is logged in."""

    items: PathText = Field(".", description="The list of sessions; `[]` on the way flattens lists of lists.")
    keyed: bool = Field(False, description="It is a table; each item knows its key as `@key`.")
    keep: list[Condition] = Field([], description="Only items of which all of these hold are sessions.")
    fields: Fields
    id_is_secret: bool = Field(
        False, description="The id is a live credential: never shown, stored or in a URL."
    )
    values: dict[Name, PathText] = Field({}, description="More of an item, for [end]: `{session.NAME}`.")
    secret_values: dict[Name, PathText] = Field({}, description="The same, where it is secret.")
    detail: Call | None = Field(
        None, description="One call for each item; its body is `@detail` of the item."
    )
    for_each: ForEach | None = Field(None, description="Ask the list once for each of these.")
    own: PathText | None = Field(
        None,
        description="Where the answer to whoami has the console's own session, if the list leaves it out.",
    )
    current: Current | None = Field(None, description="How the console's own session is told, if it can be.")
    paging: Paging | None = None
    most_pages: int = Field(1000, ge=1, le=10_000)
    most_sessions: int = Field(100_000, ge=1, le=1_000_000)


class Results(Part):
    """The result for each session, inside the answer to a batch."""

    items: PathText = Field(".", description="The list of results.")
    id: PathText | None = Field(None, description="Whose result it is; by position where it is left out.")
    ok: list[Condition] = Field([], description="All hold where the session was ended.")
    gone: list[Condition] = Field([], description="All hold where it was gone already.")
    message: PathText | None = None
    code: PathText | None = None


class EndOne(Call):
    """Ending one session, known as `{session.id}` and `{session.NAME}`."""


class EndMany(Call):
    """Ending several at once.

    `{sessions.id}` alone is the list of their ids; a table `{ for_each = "sessions", as = ... }` makes one entry each.
    """

    most: int = Field(100, ge=2, le=1000, description="How many at once.")
    results: Results | None = Field(None, description="Where the answer has a result for each.")


class End(Part):
    """How sessions are ended; without it the platform can only be looked at."""

    one: EndOne | None = None
    many: EndMany | None = None
    others: Call | None = Field(None, description="Ends all but the console's own.")
    own: Call | None = Field(None, description="Ends the console's own, where that is another call.")
