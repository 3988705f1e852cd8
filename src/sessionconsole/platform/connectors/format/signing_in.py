"""How one signs in, proves oneself again, and stays signed in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sessionconsole.platform.connectors.format.parts import (
    Call,
    Condition,
    Name,
    Part,
    Seconds,
    Template,
    TemplateValue,
)


class Basic(Part):
    """User name and password of HTTP Basic authentication (RFC 7617)."""

    username: Template = Field(description="Mostly {username}.")
    password: Template = Field(
        description="Mostly {password}, which is kept in the keyring then, or a token."
    )


class Csrf(Part):
    """A cookie whose value goes back as a header with each request that writes."""

    cookie: str = Field(description="The cookie that has the value.")
    header: str = Field(description="The header that sends it back.")


class Attach(Part):
    """How a request shows who sends it."""

    headers: dict[str, Template] = Field(
        {}, description='Headers with the secret in them, such as { Authorization = "Bearer {token}" }.'
    )
    basic: Basic | None = Field(
        None, description='HTTP Basic, such as { username = "{username}", password = "{token}" }.'
    )
    cookies: bool = Field(False, description="Send the cookies that this base has set, and keep new ones.")
    csrf: Csrf | None = Field(
        None, description="A cookie whose value goes back in a header with each request that writes."
    )
    origin: bool = Field(False, description="Send the header Origin with the base's own origin.")


class Step(Part):
    """One step of signing in: a request, or variables that are set without one."""

    name: str | None = Field(None, description="What `connector try` calls the step.")
    only_if: Condition | None = Field(None, description="Leave the step out unless this holds of a variable.")
    set: dict[Name, Template] = Field({}, description="Open variables to set before the request.")
    set_secret: dict[Name, Template] = Field({}, description="Secret variables to set before the request.")
    call: Call | None = Field(None, description="The request, where there is one.")


class SignIn(Part):
    """The steps from user name and password to a credential."""

    username_label: str | None = Field(None, max_length=60, description="What the platform calls it.")
    password_label: str | None = Field(None, max_length=60, description='Such as "API token".')
    help: str | None = Field(None, max_length=300, description="A hint under the fields.")
    steps: list[Step] = Field(
        min_length=1, description="One after the other; each answer has to be ok before the next one."
    )


class FactorWay(Part):
    """One way to give a second factor; the steps know the typed code as `{code}`."""

    offered_as: list[str] = Field(
        [],
        description="The words for it in the list that `methods` points at; without any it is always offered.",
    )
    label: str | None = Field(None, max_length=60, description="What the platform calls it.")
    send: Step | None = Field(None, description="The request that makes the platform send a code.")
    steps: list[Step] = Field(min_length=1, description="After them the rest of the sign-in goes on.")


class SecondFactor(Part):
    """The ways to give a second factor; `second-factor` in an outcome table asks for one."""

    totp: FactorWay | None = Field(None, description="A code of an authenticator app.")
    recovery_code: FactorWay | None = Field(None, description="A code of a list that was saved once.")
    mailed_code: FactorWay | None = Field(None, description="A code that the platform sends.")


class ProofWay(Part):
    """One way to prove oneself again; the steps know what was typed as `{password}` or `{code}`."""

    offered_as: list[str] = Field(
        [],
        description="The words for it in the list that `methods` points at; without any it is always offered.",
    )
    steps: list[Step] = Field([], description='For way = "step": done once, then the refused request again.')
    merge: dict[str, TemplateValue] = Field(
        {}, description='For way = "merge": put into the body of the refused request, which is sent again.'
    )


class Reauthenticate(Part):
    """What to do where the platform wants a fresh proof."""

    way: Literal["step", "merge", "sign-in"] = Field(
        description='"step": by a request of its own; "merge": by the refused request with more in its body; '
        '"sign-in": by signing in once more.'
    )
    reuse_s: Seconds = Field(
        300,
        description="Seconds for which a password that was typed is kept in memory for the next question.",
    )
    password: ProofWay | None = Field(None, description="The password of the account.")
    totp: ProofWay | None = Field(None, description="A code of an authenticator app.")
    recovery_code: ProofWay | None = Field(None, description="A code of a list that was saved once.")


class Refresh(Part):
    """How an access token is renewed."""

    call: Call = Field(description="The request that brings a new token.")
    token: Name = Field(description="The secret variable with the refresh token.")
    rotates: bool = Field(True, description="Each refresh token works once; a lost answer costs the sign-in.")
    expires_in: Name | None = Field(None, description="The open variable that says how long the token lives.")
    unit: Literal["s", "ms"] = Field("s", description="What `expires_in` counts.")
    before_s: Seconds = Field(20, description="Seconds of life left from which a token is renewed.")
