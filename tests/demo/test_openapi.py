"""The contract, turned into requests sensible and senseless; the server must answer each as the contract says."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.demo.client import CONTRACT
from tests.servers import STILL, DemoServer

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of the libraries that it loads
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

# Passwords, codes, cursors and ids that fit the schema are refused all the same where they are not the right ones.
UNDECIDABLE: list[Any] = [positive_data_acceptance]
# Who calls is the test's to say, not to be generated.
OURS = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
# A stream has no end that could be waited for: tests/demo/test_events.py listens to it.
CALLS = schemathesis.openapi.from_path(CONTRACT, config=OURS).exclude(operation_id="listenToEvents")


@pytest.fixture(scope="module")
def target() -> Iterator[DemoServer]:
    with DemoServer(*STILL, "--rate-limit", "0") as running:
        yield running
    assert running.errors == ""


@CALLS.parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_call_is_answered_as_the_contract_says(
    case: schemathesis.Case[Any], target: DemoServer
) -> None:
    # A sign-in for each, because some of them end it.
    token = target.client("graham.pell")["access_token"]
    case.call_and_validate(
        base_url=target.url, headers={"Authorization": f"Bearer {token}"}, excluded_checks=UNDECIDABLE
    )
