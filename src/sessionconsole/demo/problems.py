"""Errors as problem details (RFC 9457); the codes are those of docs/console-api-v1.yaml."""

from __future__ import annotations

from starlette.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A refusal on its way to the client; `members` are added to the document as they are."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        *,
        retry_after: int | None = None,
        **members: object,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.retry_after = retry_after
        self.members = members

    def response(self) -> JSONResponse:
        """The answer that carries it."""
        document: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
        }
        if self.detail:
            document["detail"] = self.detail
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return JSONResponse(
            {**document, **self.members}, status_code=self.status, headers=headers, media_type=MEDIA_TYPE
        )


def invalid_request(detail: str) -> Problem:
    """The request itself is malformed."""
    return Problem(400, "invalid-request", "The request cannot be understood.", detail)


def bad_credentials() -> Problem:
    """Wrong user name or password."""
    return Problem(401, "bad-credentials", "User name or password is wrong.")


def second_factor_required(challenge: str, methods: list[str]) -> Problem:
    """The password was right; one more step."""
    return Problem(
        401,
        "second-factor-required",
        "One more step is needed.",
        "Send a code together with the challenge.",
        challenge=challenge,
        methods=methods,
    )


def second_factor_refused() -> Problem:
    """Wrong, too old, or used before."""
    return Problem(
        401,
        "second-factor-refused",
        "The code was not accepted.",
        "Each code works once, for about 30 seconds.",
    )


def challenge_expired() -> Problem:
    """The half sign-in is too old, or used up."""
    return Problem(410, "challenge-expired", "This sign-in took too long.", "Begin again with the password.")


def token_missing() -> Problem:
    """No bearer token was sent."""
    return Problem(401, "token-missing", "Sign in first.")


def token_invalid() -> Problem:
    """Not a token of this platform."""
    return Problem(401, "token-invalid", "The token is not known here.")


def token_expired() -> Problem:
    """The access token is too old."""
    return Problem(401, "token-expired", "The access token is too old.", "Ask for a new pair of tokens.")


def token_reused() -> Problem:
    """A refresh token was used twice."""
    return Problem(
        401,
        "token-reused",
        "The refresh token was used before.",
        "Two parties hold it, so the whole session was ended. Sign in again.",
    )


def session_ended() -> Problem:
    """The session of the token is gone."""
    return Problem(401, "session-ended", "This session has ended.", "Sign in again.")


def not_allowed(detail: str) -> Problem:
    """The account may not do that."""
    return Problem(403, "not-allowed", "This account may not do that.", detail)


def reauthentication_required(methods: list[str]) -> Problem:
    """The last proof of identity is too old."""
    return Problem(
        403,
        "reauthentication-required",
        "Please prove once more that it is you.",
        "Nothing was ended.",
        methods=methods,
    )


def not_found(detail: str = "") -> Problem:
    """Unknown, or already gone."""
    return Problem(404, "not-found", "There is nothing here by that name.", detail)


def too_large() -> Problem:
    """The body is over the limit."""
    return Problem(413, "too-large", "The request is too large.")


def too_many_attempts(seconds: int) -> Problem:
    """Nothing is looked at until the time is over."""
    return Problem(
        429,
        "too-many-attempts",
        "There were too many failed tries.",
        f"Wait {seconds} seconds, then try again.",
        retry_after=seconds,
    )


def rate_limited(seconds: int) -> Problem:
    """This client asks too often; nothing was done."""
    return Problem(
        429,
        "rate-limited",
        "That was asked too often.",
        f"Wait {seconds} seconds, then try again.",
        retry_after=seconds,
    )


def internal_error() -> Problem:
    """The platform failed."""
    return Problem(500, "internal-error", "The platform failed.")
