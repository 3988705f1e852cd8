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

    account: PathText | None = Field(
        None, description="The account's name: `{whoami.account}`. Without it the typed user name is shown."
    )
    name: PathText | None = Field(None, description="The person's name.")
    session: PathText | None = Field(
        None, description="What tells the console's own session apart: `{whoami.session}`."
    )
    may_end: Condition | None = Field(
        None, description="Holds where the account may end sessions; without it all may."
    )


class TextField(Part):
    """A fact of a session that is text."""

    path: PathText | None = Field(None, description="Where it stands in the item.")
    value: Scalar | None = Field(None, description="The same for every session.")
    pattern: PatternText | None = Field(
        None, description="Takes the first group of this (all of it without a group) out of the text there."
    )
    map: dict[str, str] = Field(
        {},
        description="What the platform says, and what to show for it; other values stay as they are. True, false and "
        'numbers are written as text: { "true" = "phone" }.',
    )


class TimeField(Part):
    """A fact of a session that is a time."""

    path: PathText = Field(description="Where it stands in the item.")
    time: str = Field(
        "iso",
        max_length=60,
        description='"iso", "epoch-s", "epoch-ms", "epoch-us" (numbers or text), or a pattern such as '
        '"%d.%m.%Y %H:%M".',
    )
    zone: str = Field("UTC", max_length=60, description="The zone of times that name none (IANA name).")
    plus_s: int = Field(0, description="Seconds to add, such as the known length of life of a session.")


AnyText = PathText | TextField
AnyTime = PathText | TimeField


class Fields(Part):
    """Which fact of a session stands where; what is left out is shown as not provided."""

    id: AnyText = Field(description="What the platform knows the session by. Text, or a whole number.")
    account: AnyText | None = Field(
        None, description="The account's name; without it all sessions are those of who is signed in."
    )
    name: AnyText | None = Field(None, description="The person's name, for people.")
    role: AnyText | None = Field(None, description="What the person is there, such as manager.")
    user_agent: AnyText | None = Field(
        None,
        description="The user agent of the browser; system, browser and kind of device are read from it.",
    )
    device_name: AnyText | None = Field(
        None, description="What the user calls the device, such as Dana's phone."
    )
    device_type: AnyText | None = Field(
        None, description="desktop, phone, tablet or program; `map` brings other words to these."
    )
    model: AnyText | None = Field(None, description="The model of the device.")
    os: AnyText | None = Field(None, description="The operating system, where there is no user agent.")
    browser: AnyText | None = Field(None, description="The browser, where there is no user agent.")
    app: AnyText | None = Field(None, description="The app or program, where it is no browser.")
    ip: AnyText | None = Field(None, description="The IP address.")
    city: AnyText | None = Field(None, description="The city, where the platform tells it.")
    country: AnyText | None = Field(None, description="The country, best by its code (ISO 3166-1 alpha-2).")
    latitude: AnyText | None = Field(None, description="Degrees north, as a number or text.")
    longitude: AnyText | None = Field(None, description="Degrees east, as a number or text.")
    asn: AnyText | None = Field(
        None, description='The number of the network (AS), such as 64500 or "AS64500".'
    )
    network_name: AnyText | None = Field(None, description="Who runs the network.")
    network_type: AnyText | None = Field(None, description='Its kind, such as "mobile", "hosting" or "vpn".')
    signed_in_at: AnyTime | None = Field(None, description="When the session began.")
    last_active_at: AnyTime | None = Field(None, description="When it was used last.")
    idle_expires_at: AnyTime | None = Field(None, description="When it ends if it is not used.")
    expires_at: AnyTime | None = Field(None, description="When it ends in any case.")


class Current(Part):
    """How the console's own session is told: by a flag of the item, or by comparing it with a variable."""

    path: PathText = Field(description="Where the flag stands in the item (true or 1), or what is compared.")
    same_as: str | None = Field(
        None,
        description="The variable that it is the same as, without braces: `whoami.session`, or one that was taken.",
    )


Into = Annotated[
    Literal["query", "body"],
    Field(
        description='Where the parameters go: "query", or "body", which is the `json` or `form` of the call. In JSON a '
        "dot leads into a table, such as `search.offset`."
    ),
]


class ByPage(Part):
    """Pages are counted."""

    kind: Literal["page"] = Field(description="Pages are counted.")
    parameter: str = Field("page", description="The parameter that names the page.")
    into: Into = "query"
    first: int = Field(1, ge=0, le=1000, description="The number of the first page.")
    size_parameter: str | None = Field(None, description="The parameter for the length of a page.")
    size: int | None = Field(None, ge=1, le=1000, description="How many rows a page shall have.")
    total_pages: PathText | None = Field(None, description="How many pages there are.")
    more: Condition | None = Field(None, description="Holds where another page follows.")


class ByOffset(Part):
    """Rows are counted."""

    kind: Literal["offset"] = Field(description="Rows are counted.")
    parameter: str = Field("offset", description="The parameter for the rows to pass over.")
    into: Into = "query"
    size_parameter: str | None = Field("limit", description="The parameter for the length of a page.")
    size: int = Field(100, ge=1, le=1000, description="How many rows a page shall have.")
    total: PathText | None = Field(None, description="How many rows there are.")


class ByCursor(Part):
    """Each page names the next one by a token."""

    kind: Literal["cursor"] = Field(description="Each page names the next one by a token.")
    parameter: str = Field(description="The parameter that takes the token.")
    into: Into = "query"
    cursor: Source = Field(description="Where the token of the next page stands; the last page has none.")
    size_parameter: str | None = Field(None, description="The parameter for the length of a page.")
    size: int | None = Field(None, ge=1, le=1000, description="How many rows a page shall have.")


class ByLink(Part):
    """Each page has the address of the next one, which must be of the same origin."""

    kind: Literal["link"] = Field(description="Each page has the address of the next one.")
    next: Source = Field(description='Where it stands; "header:link" reads rel="next" (RFC 8288).')


Paging = Annotated[ByPage | ByOffset | ByCursor | ByLink, Field(discriminator="kind")]


class ForEach(Call):
    """Parents, such as all accounts, for each of which the list is asked; an item is known as `{parent.NAME}`."""

    items: PathText = Field(".", description="The list of parents.")
    paging: Paging | None = Field(None, description="How the next page is found, where there are pages.")
    keep: list[Condition] = Field([], description="Only parents of which all of these hold.")
    values: dict[Name, PathText] = Field(
        description="What of the parent is used: `{parent.NAME}` in [list], `@parent.NAME` in its fields."
    )


class Listing(Call):
    """The call that tells who is logged in."""

    items: PathText = Field(
        ".",
        description="The list of sessions; `[]` on the way flattens lists of lists; of an item of "
        "`devices[].sessions[]` the device is known as `@group`.",
    )
    keyed: bool = Field(False, description="It is a table; each item knows its key as `@key`.")
    keep: list[Condition] = Field([], description="Only items of which all of these hold are sessions.")
    fields: Fields = Field(description="Which fact of a session stands where in its item.")
    id_is_secret: bool = Field(
        False,
        description="The id is a live credential: it is never shown, stored or put into a URL, only sent to end it.",
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
    paging: Paging | None = Field(None, description="How the next page is found, where there are pages.")
    most_pages: int = Field(
        1000, ge=1, le=10_000, description="Where reading stops; a list that is cut proves nothing gone."
    )
    most_sessions: int = Field(100_000, ge=1, le=1_000_000, description="The same for sessions.")


class Results(Part):
    """The result for each session, inside the answer to a batch."""

    items: PathText = Field(".", description="The list of results.")
    id: PathText | None = Field(None, description="Whose result it is; by position where it is left out.")
    ok: list[Condition] = Field([], description="All hold where the session was ended.")
    gone: list[Condition] = Field([], description="All hold where it was gone already.")
    message: PathText | None = Field(None, description="Where a result says why it was not done, for people.")
    code: PathText | None = Field(None, description="Where a result says why it was not done, for programs.")


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

    one: EndOne | None = Field(None, description="Ends one session, known as `{session.id}`.")
    many: EndMany | None = Field(None, description="Ends several at once, where the platform can.")
    others: Call | None = Field(None, description="Ends all but the console's own.")
    own: Call | None = Field(
        None, description="Ends the console's own session, where that is another call or has another answer."
    )
