"""What locks between processes keep to."""

from __future__ import annotations

import asyncio

from sessionconsole.services.ports import Locks
from tests.helpers import run


class LocksContract:
    """Subclass it and make locks of a new home in `locks`."""

    def locks(self) -> Locks:
        raise NotImplementedError

    def test_one_holds_it_and_a_second_does_not(self) -> None:
        async def story() -> None:
            locks = self.locks()
            async with locks.exclusive("sending", 0) as first, locks.exclusive("sending", 0) as second:
                assert (first, second) == (True, False)

        run(story())

    def test_it_is_free_again_afterwards_also_after_an_error(self) -> None:
        async def story() -> None:
            locks = self.locks()
            for _ in range(2):
                try:
                    async with locks.exclusive("sending", 0) as held:
                        assert held
                        raise LookupError
                except LookupError:
                    pass

        run(story())

    def test_who_did_not_get_it_does_not_free_it(self) -> None:
        async def story() -> None:
            locks = self.locks()
            async with locks.exclusive("sending", 0):
                async with locks.exclusive("sending", 0):
                    pass
                async with locks.exclusive("sending", 0) as third:
                    assert not third

        run(story())

    def test_different_names_are_different_locks(self) -> None:
        async def story() -> None:
            locks = self.locks()
            async with locks.exclusive("sending", 0) as one, locks.exclusive("renewing", 0) as other:
                assert one
                assert other

        run(story())

    def test_who_waits_gets_it_when_it_becomes_free(self) -> None:
        async def story() -> None:
            locks, order = self.locks(), []
            taken, free = asyncio.Event(), asyncio.Event()

            async def first() -> None:
                async with locks.exclusive("sending", 0):
                    taken.set()
                    await free.wait()
                    order.append("first lets go")

            async def second() -> None:
                await taken.wait()
                asyncio.get_running_loop().call_soon(free.set)
                async with locks.exclusive("sending", 10) as held:
                    assert held
                    order.append("second holds")

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(first())
                tasks.create_task(second())
            assert order == ["first lets go", "second holds"]

        run(story())
