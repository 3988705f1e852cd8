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

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")] = Field(description="Its own short name.")
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

    label: str = Field(min_length=1, max_length=60)
    help: str | None = Field(None, max_length=300)
    example: str | None = Field(None, max_length=100)
    default: str | None = Field(None, max_length=200)
    pattern: PatternText | None = Field(None, description="What it must look like, as a whole.")
    secret: bool = False


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

    message: PathText | None = None
    code: PathText | None = None


class Connector(Part):
    """One kind of booking platform, and how it is spoken to."""

    format: Literal[1] = Field(description="The version of this format.")
    connector: About
    base: dict[Name, Template] = Field(
        {"main": "{address}"}, description="Where the calls go. {address} is what the user typed."
    )
    constants: dict[Name, Scalar] = Field({}, description="Values for templates that are always the same.")
    variables: dict[Name, Variable] = Field({}, description="What the user enters once, by name.")
    headers: dict[str, Template] = Field({}, description="Headers of every call.")
    credential: dict[Name, Attach] = Field(
        {}, description="How a request shows who sends it; `default` is the usual."
    )
    outcomes: list[Outcome] = Field([], description="Rows that stand behind the table of every call.")
    errors: Errors = Errors()
    rate_limit: RetryAfter | None = None
    capabilities: Capabilities = Capabilities()
    security_page: Template | None = Field(None, description="The page for password and second factor.")
    detect: Call | None = Field(
        None, description="A call without credential that tells whether it is this kind."
    )
    sign_in: SignIn | None = None
    second_factor: SecondFactor | None = None
    refresh: Refresh | None = None
    reauthenticate: Reauthenticate | None = None
    whoami: WhoAmI | None = None
    listing: Listing | None = Field(None, alias="list")
    end: End | None = None
    sign_out: Call | None = None
