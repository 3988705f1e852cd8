"""A whole connector file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sessionconsole.platform.connectors.format.listing import End, Listing, WhoAmI
from sessionconsole.platform.connectors.format.parts import (
    Call,
    Name,
    Outcome,
    Part,
    PathText,
    PatternText,
    RetryAfter,
    Scalar,
    Seconds,
    Template,
)
from sessionconsole.platform.connectors.format.signing_in import (
    Attach,
    Reauthenticate,
    Refresh,
    SecondFactor,
    SignIn,
)


class About(Part):
    """What the file is and where its knowledge comes from."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")] = Field(
        description="Its own short name, which no other connector has; the file is kept under it."
    )
    title: str = Field(min_length=1, max_length=60, description="The platform's name for people.")
    written_from: list[str] = Field(min_length=1, description="Versions and pages that it was written from.")
    verified: Literal["real-server", "specification", "no"] = Field(
        "no", description="Run against the real server, written from a published specification, or neither."
    )
    protocol: Literal["declared", "console-api"] = Field(
        "declared", description="What carries it out: this file, or the program's own Console API."
    )


class Variable(Part):
    """Something that the user enters once, such as the name of the organizer."""

    label: str = Field(min_length=1, max_length=60, description="The field's name in the window.")
    help: str | None = Field(None, max_length=300, description="Where the user finds it.")
    example: str | None = Field(None, max_length=100, description="What it may look like.")
    default: str | None = Field(None, max_length=200, description="What is taken where nothing is entered.")
    pattern: PatternText | None = Field(None, description="What it must look like, as a whole.")
    secret: bool = Field(False, description="It is typed unseen, kept in the keyring, and never in a URL.")


class Capabilities(Part):
    """What the platform cannot do, told to the user."""

    ends: Literal["session", "listing-only"] = Field(
        "session",
        description='"listing-only": ending takes the session off the list, its credential lives on.',
    )
    revocation_delay_s: Seconds = Field(
        0, description="How long an ended session's credential may still work."
    )
    verify_within_s: Seconds = Field(6, description="How long an ended session may still be listed.")
    may_end: bool = Field(True, description="Whether accounts may end sessions at all.")
    last_active_note: str | None = Field(None, max_length=100, description="How exact the last use is told.")
    notes: list[Annotated[str, Field(max_length=300)]] = Field(
        [], description="More that the user should know."
    )


class Errors(Part):
    """Where the platform's refusals say why."""

    message: PathText | None = Field(None, description="Where a refusal says why, for people.")
    code: PathText | None = Field(None, description="Where a refusal says why, for programs.")


class Connector(Part):
    """One kind of booking platform, and how it is spoken to."""

    format: Literal[1] = Field(description="The version of this format.")
    connector: About = Field(description="What the file is and where its knowledge comes from.")
    base: dict[Name, Template] = Field(
        {"main": "{address}"},
        description="Where the calls go, by name; calls that name none go to `main`. {address} is what the user typed, "
        "{origin} the beginning of it without any path.",
    )
    constants: dict[Name, Scalar] = Field({}, description="Values for templates that are always the same.")
    variables: dict[Name, Variable] = Field({}, description="What the user enters once, by name.")
    headers: dict[str, Template] = Field(
        {}, description="Headers of every call, such as the Accept that names a version."
    )
    credential: dict[Name, Attach] = Field(
        {},
        description="How a request shows who sends it, by name. Calls that name none show [credential.default].",
    )
    outcomes: list[Outcome] = Field([], description="Common rows: they stand behind the table of every call.")
    errors: Errors = Field(Errors(), description="Where the refusals of the platform say why.")
    rate_limit: RetryAfter | None = Field(
        None, description="Where answers say how long to wait, if rows do not."
    )
    capabilities: Capabilities = Field(
        Capabilities(), description="What the platform cannot do, told to the user."
    )
    security_page: Template | None = Field(
        None,
        description="The page where the user changes password and second factor; the window has a link to it.",
    )
    detect: Call | None = Field(
        None, description="A call without credential that tells whether it is this kind."
    )
    sign_in: SignIn | None = Field(None, description="How one signs in.")
    second_factor: SecondFactor | None = Field(None, description="The ways to give a second factor.")
    refresh: Refresh | None = Field(None, description="How an access token is renewed.")
    reauthenticate: Reauthenticate | None = Field(
        None, description="What to do where the platform wants a fresh proof before it ends a session."
    )
    whoami: WhoAmI | None = Field(None, description="The call that tells who is signed in.")
    listing: Listing | None = Field(
        None,
        alias="list",
        description="The call that tells who is logged in, and what of its answer is what.",
    )
    end: End | None = Field(None, description="How sessions are ended.")
    sign_out: Call | None = Field(None, description="The call that revokes the sign-in of this program.")
