"""A tiny client of the Console API that holds every answer against the contract."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.servers import DemoServer

CONTRACT = Path(__file__).parents[2] / "docs" / "console-api-v1.yaml"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, headers (names in lower case) and the JSON of the body, None where there is none."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def code(self) -> str:
        """The code of a problem."""
        code: str = self.body["code"]
        return code


class Client:
    """One program that speaks to the platform, signed in or not."""

    def __init__(
        self, server: DemoServer, access_token: str | None = None, user_agent: str = "Tests/1"
    ) -> None:
        self.server = server
        self.access_token = access_token
        self.refresh_token = ""
        self.user_agent = user_agent

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One call; AssertionError where the answer is not as the contract says."""
        answer = self.raw(method, path, body, **headers)
        if not path.startswith("/demo/"):
            hold_against_contract(method, path, answer)
        return answer

    def raw(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """One call, unchecked; http.client's exceptions where no answer comes."""
        sent = {
            "User-Agent": self.user_agent,
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        if self.access_token:
            sent.setdefault("Authorization", f"Bearer {self.access_token}")
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=20)
        try:
            data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            connection.request(method, path, data, sent)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        is_json = response.headers.get_content_type().endswith("json")
        return Answer(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            json.loads(text) if text and is_json else (text or None),
        )

    def password(self, username: str, password: str, **more: str) -> Answer:
        """The first step of signing in."""
        return self.take(
            self.call("POST", "/v1/sign-in", {"username": username, "password": password, **more})
        )

    def second_factor(self, challenge: str, code: str, method: str = "totp") -> Answer:
        """The second step."""
        body = {"challenge": challenge, "method": method, "code": code}
        return self.take(self.call("POST", "/v1/sign-in/second-factor", body))

    def refresh(self, token: str | None = None) -> Answer:
        """The next pair of tokens."""
        return self.take(self.call("POST", "/v1/token", {"refresh_token": token or self.refresh_token}))

    def take(self, answer: Answer) -> Answer:
        """Keep the tokens of an answer that has some."""
        if answer.status == 200:
            self.access_token = answer.body["access_token"]
            self.refresh_token = answer.body["refresh_token"]
        return answer

    def me(self) -> Answer:
        """Who am I?"""
        return self.call("GET", "/v1/me")

    def sessions(self, limit: int = 1000) -> list[dict[str, Any]]:
        """The whole list, all pages."""
        found: list[dict[str, Any]] = []
        path: str | None = f"/v1/sessions?limit={limit}"
        while path:
            page = self.call("GET", path)
            assert page.status == 200, page
            found += page.body["sessions"]
            path = following(path, page.body["next"])
        return found

    def ids(self) -> set[str]:
        """The ids of the whole list."""
        return {session["id"] for session in self.sessions()}

    def end(self, session_id: str) -> Answer:
        """End one session."""
        return self.call("DELETE", f"/v1/sessions/{session_id}")

    def end_all(self, *ids: str) -> Answer:
        """End several."""
        return self.call("POST", "/v1/sessions/end", {"ids": list(ids)})


def manager(server: DemoServer) -> Client:
    """Dana's console, signed in with password and second factor."""
    client = Client(server, user_agent="SessionConsole/1 (Tests)")
    asked = client.password(server.username, server.password)
    # A recovery code leaves the codes of this half minute to the tests that are about them.
    assert (
        client.second_factor(asked.body["challenge"], server.recovery_code(), "recovery_code").status == 200
    )
    return client


def second_manager(server: DemoServer) -> Client:
    """Graham's, who has no second factor."""
    client = Client(server)
    assert client.password("graham.pell", "tides-and-timetables").status == 200
    return client


def following(path: str, link: str | None) -> str | None:
    """The path of the next page, whose link is relative to the page that has it."""
    return None if link is None else urljoin(path, link)


def hold_against_contract(method: str, path: str, answer: Answer) -> None:
    """AssertionError where status, media type or body of the answer is not in the contract."""
    operation = _operation(method, path)
    if operation is None:
        assert answer.status in (404, 405), f"{method} {path} is not in the contract"
        responses: dict[str, Any] = {"default": {"$ref": "#/components/responses/Problem"}}
    else:
        responses = operation["responses"]
    declared = responses.get(str(answer.status), responses.get("default") if answer.status >= 400 else None)
    assert declared is not None, f"{method} {path}: {answer.status} is not in the contract"
    if "$ref" in declared:
        declared = contract()["components"]["responses"][declared["$ref"].rpartition("/")[2]]
    content = declared.get("content")
    if content is None:
        assert answer.body is None, f"{method} {path}: a body where the contract has none"
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    assert media_type in content, f"{method} {path}: {media_type} is not in the contract"
    validator(json.dumps(content[media_type]["schema"])).validate(answer.body)


@cache
def contract() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = yaml.safe_load(CONTRACT.read_text(encoding="utf-8"))
    return document


@cache
def validator(schema: str) -> Draft202012Validator:
    """A validator of one of the contract's schemas, which sees the others."""
    return Draft202012Validator(
        {**json.loads(schema), "components": contract()["components"]}, format_checker=FormatChecker()
    )


def _operation(method: str, path: str) -> dict[str, Any] | None:
    given = urlsplit(path).path.split("/")
    for template, item in contract()["paths"].items():
        parts = template.split("/")
        fits = len(parts) == len(given) and all(
            part == there or part.startswith("{") for part, there in zip(parts, given, strict=True)
        )
        if fits and method.lower() in item:
            found: dict[str, Any] = item[method.lower()]
            return found
    return None
