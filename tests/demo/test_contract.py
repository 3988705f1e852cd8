"""The contract itself, and the one-time passwords that it names."""

from __future__ import annotations

import base64

import pytest
from openapi_spec_validator import validate

from sessionconsole.demo.totp import code_at, matching_counter
from tests.demo.client import contract

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


def test_the_contract_is_valid_openapi() -> None:
    validate(contract())


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, the last six digits."""
    assert code_at(RFC_SECRET, seconds // 30) == code


def test_a_code_counts_one_step_early_or_late() -> None:
    code = code_at(RFC_SECRET, 100)

    accepted = [step for step in range(95, 106) if matching_counter(RFC_SECRET, code, step * 30) is not None]

    assert accepted == [99, 100, 101]
