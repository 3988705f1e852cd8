"""The helpers of the tests fail when they should."""

from __future__ import annotations

import asyncio

import pytest

from tests.helpers import run, until


def test_run_hands_back_the_result() -> None:
    async def answer() -> int:
        return 42

    assert run(answer()) == 42


def test_an_error_that_nobody_awaited_fails_the_test() -> None:
    async def forgetful() -> None:
        def stumble() -> None:
            raise ValueError("lost")

        asyncio.get_running_loop().call_soon(stumble)
        await until(lambda: True)
        await asyncio.sleep(0)

    with pytest.raises(AssertionError, match="lost"):
        run(forgetful())


def test_waiting_for_what_never_comes_says_so() -> None:
    with pytest.raises(AssertionError, match=r"the parcel"):
        run(until(lambda: False, timeout=0.02, what="the parcel"))
