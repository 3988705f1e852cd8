"""What all parts of a connector file are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True, slots=True)
class Sort:
    """What the reference page calls a sort of text; it means nothing to pydantic."""

    name: str


Template = Annotated[str, Field(max_length=4000), Sort("template")]
"""Text with placeholders: `{name}`, `{name|filter}`; `{{` and `}}` stand for braces."""

TemplateValue = Annotated[Any, Sort("templates")]
"""Any TOML value with templates in its texts; a text that is one placeholder alone takes the value's own type."""

PathText = Annotated[str, Field(min_length=1, max_length=500), Sort("path")]
"""Where a value stands: `a.b[0].c`, `[]` for each of a list, `||` between fallbacks, `.` for the whole."""

Source = Annotated[str, Field(min_length=1, max_length=500), Sort("source")]
"""Where a value of an answer is taken from: `body:PATH`, `header:NAME`, `cookie:NAME`, `text`; `||` for fallbacks."""

PatternText = Annotated[str, Field(min_length=1, max_length=200), Sort("pattern")]
"""A regular expression whose every repetition has a bound; its first group is what is taken."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$"), Sort("name")]
Scalar = str | int | float | bool
Seconds = Annotated[float, Field(ge=0, le=30 * 24 * 3600), Sort("seconds")]


class Part(BaseModel):
    """A table of the file; a key that it does not have is a mistake."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=False, protected_namespaces=(), allow_inf_nan=False
    )


class Condition(Part):
    """Something that holds or does not hold: one subject and one test; without subject it is about the whole body."""

    path: PathText | None = Field(None, description="The value at this place of the body, item or answer.")
    header: str | None = Field(None, description="A header of the answer.")
    cookie: str | None = Field(None, description="A cookie that the answer sets.")
    variable: str | None = Field(None, description="A variable, such as one taken by an earlier step.")

    exists: bool | None = Field(None, description="There is a value, and it is not null.")
    equals: Scalar | None = Field(None, description="It is exactly this, type included.")
    one_of: list[Scalar] | None = Field(None, description="It is exactly one of these.")
    differs: Scalar | None = Field(None, description="It is missing, or not this.")
    contains: Scalar | None = Field(
        None, description="It is a list that has this, or a text that has it in it."
    )
    lacks: Scalar | None = Field(None, description="It is no list or text that has this.")
    matches: PatternText | None = Field(
        None,
        description="It is a text in which this pattern is found somewhere; ^ and $ hold it to the whole.",
    )
    empty: bool | None = Field(None, description="It is missing, null, or an empty text, list or table.")


class RetryAfter(Part):
    """Where the platform says how long to wait. Without this, the header Retry-After is read (seconds or a date)."""

    header: str | None = Field(None, description="Another header that says it.")
    path: PathText | None = Field(None, description="A place of the body that says it.")
    unit: Literal["s", "ms", "epoch-s"] = Field(
        "s",
        description='What the number counts; "epoch-s" is the moment from which on one may ask again, in seconds since '
        "1970.",
    )
    default_s: Seconds | None = Field(None, description="Seconds to wait where the platform does not say.")


Word = Literal[
    "ok",
    "second-factor",
    "bad-credentials",
    "second-factor-refused",
    "sign-in-expired",
    "too-many-tries",
    "rate-limited",
    "reauthenticate",
    "reauthenticate-or-dead",
    "dead",
    "gone",
    "refused",
    "not-allowed",
    "end-of-list",
    "try-later",
    "not-known",
    "not-this-kind",
]
"""What an answer means; docs/connector-format.md says of each which calls it may stand at and what is done then."""


class TakeFrom(Part):
    """A value to take from an answer, with a pattern that picks a part of it."""

    source: Source = Field(
        alias="from", description="Where it stands, such as `body:session.url` or `header:location`."
    )
    pattern: PatternText | None = Field(
        None, description="Takes the first group of this (all of it without a group) out of the text there."
    )


Takes = dict[Name, Source | TakeFrom]


class Outcome(Condition):
    """One row of an outcome table: the first row whose status and conditions hold says what the answer means."""

    status: int | str | list[int | str] | None = Field(
        None, description='A status, a class such as "2xx", or a list of them; any where it is left out.'
    )
    also: list[Condition] = Field([], alias="and", description="More conditions that must hold.")
    means: Word = Field(alias="is", description="What the answer means, in one of the words of this format.")
    take: Takes = Field(
        {}, description="Variables to take where this row holds, by name, each with its source."
    )
    take_secret: Takes = Field({}, description="The same for what is secret.")
    methods: PathText | None = Field(
        None, description="The list of words that names the ways that the platform offers (see `offered_as`)."
    )
    message: str | None = Field(
        None,
        max_length=300,
        description="What happened, for people to read, in place of the program's own words.",
    )
    advice: str | None = Field(
        None,
        max_length=300,
        description="What to do next, for people to read, in place of the program's own words.",
    )
    retry_after: RetryAfter | None = Field(None, description="Where the answer says how long to wait.")


class Call(Part):
    """One request and what its answers mean."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(
        "GET", description="The method of HTTP. Only a GET may be sent twice without asking."
    )
    base: Name = Field("main", description="The entry of [base] that the path is put behind.")
    path: Template = Field(
        description="Path below the base, such as `users/{username}/sessions`; each placeholder is percent-encoded "
        'as one segment. "{name|link}" alone is a link that the platform gave.'
    )
    query: dict[str, TemplateValue] = Field(
        {},
        description="What stands behind the ? of the URL, by name; nothing secret. Tables and lists go as JSON text.",
    )
    headers: dict[str, Template] = Field(
        {}, description="Headers of this call alone; they replace those of [headers]."
    )
    json_body: TemplateValue | None = Field(
        None,
        alias="json",
        description="A JSON body: a table or list with templates in its texts. A text that is one placeholder alone "
        "keeps the type of its value, and is left out of its table where there is none.",
    )
    form: dict[str, TemplateValue] | None = Field(
        None, description="A form as body (application/x-www-form-urlencoded), by name."
    )
    credential: str = Field(
        "default",
        description='The entry of [credential] that shows who sends it, or "none". [detect] shows none in any case.',
    )
    answer: Literal["json", "text", "none"] = Field(
        "json", description='How the body is read: "text" for web pages, "none" where it does not matter.'
    )
    take: Takes = Field(
        {},
        description="Variables to take from an answer that is ok, by name, each with its source. They may be shown and "
        "stand in a URL. Where the answer has none, the variable stays as it was.",
    )
    take_secret: Takes = Field(
        {}, description="The same for what is secret: tokens, keys, and what carries a half-done sign-in."
    )
    outcomes: list[Outcome] = Field(
        min_length=1,
        description="What the answers mean: the first row that holds counts. Behind them stand the common rows of "
        "[[outcomes]]. An answer that no row knows is told as such, and nothing is guessed.",
    )
