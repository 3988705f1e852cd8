"""Browser strings: each is read once, and a platform that never stops sending new ones fills no memory."""

from __future__ import annotations

from dataclasses import replace

from sessionconsole.domain.sessions import Device, DeviceType, LoginSession
from sessionconsole.services.reading_devices import MOST_KNOWN, DeviceReader
from tests.builders import a_session
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.helpers import run


class Parser:
    version = "1"

    def __init__(self) -> None:
        self.read: list[str] = []

    def parse(self, user_agent: str) -> Device:
        self.read.append(user_agent)
        return Device(DeviceType.PHONE, "Android")


def sessions(*strings: str) -> list[LoginSession]:
    return [replace(a_session(), user_agent=text) for text in strings]


def test_each_string_is_read_once_also_by_the_next_run() -> None:
    async def story() -> None:
        parser, store = Parser(), FakeStore(FakeClock())
        reader = DeviceReader(parser, store.devices)
        await reader.read(sessions("one", "two", "one"))
        await reader.read(sessions("two", "three"))
        await DeviceReader(parser, store.devices).read(sessions("one", "two", "three"))
        assert sorted(parser.read) == ["one", "three", "two"]

    run(story())


def test_more_strings_than_can_be_remembered_are_read_anew() -> None:
    async def story() -> None:
        parser = Parser()
        reader = DeviceReader(parser, FakeStore(FakeClock()).devices)
        await reader.read(sessions(*(str(number) for number in range(MOST_KNOWN + 1))))
        parser.read.clear()

        await reader.read(sessions("0"))

        assert parser.read == ["0"]

    run(story())
