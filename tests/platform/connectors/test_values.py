"""Variables never change, know what is secret, and tell nobody."""

from __future__ import annotations

import json
import traceback

import pytest
from hypothesis import given

from sessionconsole.domain.errors import PlatformMisbehaved
from sessionconsole.platform.connectors.mistakes import NotTaken
from sessionconsole.platform.connectors.replies import Reply
from sessionconsole.platform.connectors.values import Variables
from tests.platform.connectors.made import ANY_SECRET, deep


def test_a_layer_is_put_on_top_and_the_one_below_stays() -> None:
    first = Variables({"username": "dana", "origin": "https://reef.example"}, {"password": "coral-7"})
    second = first.with_({"username": "sam"}, {"token": "t-1234"})

    assert (first["username"], second["username"]) == ("dana", "sam")
    assert "token" not in first
    assert second["token"] == "t-1234"
    assert set(second) == {"username", "origin", "password", "token"}
    assert dict(second.secrets) == {"password": "coral-7", "token": "t-1234"}
    assert dict(second.shown) == {"username": "sam", "origin": "https://reef.example"}
    assert first.with_()["password"] == "coral-7"


def test_a_name_is_as_secret_as_it_was_given_last() -> None:
    variables = Variables({"id": "open-one"}).with_(secret={"id": "secret-one"})
    assert variables.is_secret("id")
    again = variables.with_({"id": "open-two"})
    assert not again.is_secret("id")
    assert again["id"] == "open-two"


def test_what_was_never_taken_is_told_by_its_name() -> None:
    variables = Variables({"nothing": None})

    assert variables["nothing"] is None
    assert variables.get("token") is None
    with pytest.raises(NotTaken, match="token") as caught:
        variables["token"]
    assert caught.value.name == "token"
    assert isinstance(caught.value, PlatformMisbehaved)
    assert caught.value.__cause__ is None


def test_sessions_are_known_one_by_one_and_as_lists() -> None:
    variables = Variables({"a": 1}).with_sessions([{"id": 8, "key": "k-eight"}, {"id": 9}], secret={"key"})

    assert variables["sessions.id"] == [8, 9]
    assert variables["sessions.key"] == ["k-eight", None]
    assert variables.is_secret("sessions.key")
    assert not variables.is_secret("sessions.id")
    each = list(variables.each())
    assert [one["session.id"] for one in each] == [8, 9]
    assert each[0]["session.key"] == "k-eight"
    assert each[0].is_secret("session.key")
    assert "session.key" not in each[1]
    assert each[1]["a"] == 1
    assert list(Variables().each()) == []
    assert variables.mask("k-eight is told") == "••• is told"


def test_one_session_is_known_by_its_names() -> None:
    variables = Variables().with_session({"id": "s-1234", "kind": "web"}, secret={"id"})

    assert variables.is_secret("session.id")
    assert variables["session.kind"] == "web"
    assert variables.mask("end s-1234 (web)") == "end ••• (web)"


def test_numbers_lists_and_tables_are_masked_and_former_secrets_too() -> None:
    variables = Variables(
        {}, {"pin": 48213, "all": ["first-key", {"in": "second-key"}], "yes": True, "deep": deep()}
    )
    later = variables.with_(secret={"pin": 99177, "all": None})

    assert variables.mask("48213 first-key second-key true 99177") == "••• ••• ••• true 99177"
    assert later.mask("48213 first-key second-key true 99177") == "••• ••• ••• true •••"


def test_few_former_secrets_are_kept() -> None:
    variables = Variables()
    for number in range(200):
        variables = variables.with_(secret={"token": f"token-{number}-x"})
    assert variables.mask("token-198-x") == "•••"
    assert variables.mask("token-2-x") == "token-2-x"


@given(ANY_SECRET)
def test_no_secret_is_in_a_repr_or_a_traceback(chosen: str) -> None:
    secret = f"⟦{chosen}⟧"
    variables = Variables({"open": f"as {secret}"}, {"token": secret}).with_session({"id": secret}, {"id"})
    reply = Reply(200, {"set-auth-token": secret}, {"sid": secret}, {"token": secret}, f'"{secret}"')

    assert repr(variables) == str(variables) == f"{variables}" == "Variables(open, session.id, token)"
    assert repr(reply) == "Reply(status=200)"
    with pytest.raises(NotTaken) as caught:
        variables["other"]
    problem = caught.value
    assert "⟦" not in "".join(traceback.format_exception(problem)).replace('"⟦{', "") + repr(problem.args)


def test_what_is_shown_cannot_be_changed_from_outside() -> None:
    variables = Variables({"a": 1}, {"b": 2})
    for view in (variables.secrets, variables.shown):
        with pytest.raises(TypeError):
            view["c"] = 3  # type: ignore[index]
    with pytest.raises(AttributeError):
        variables.c = 3  # type: ignore[attr-defined]


def test_variables_are_of_json_values() -> None:
    values = {"a": 1, "b": [True, None, {"c": "d"}], "e": 1.5}
    assert json.loads(json.dumps(dict(Variables(values).shown))) == values
