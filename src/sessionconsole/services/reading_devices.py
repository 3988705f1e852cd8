"""Turning browser strings into devices: each distinct string once, and never again for the same parser."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from sessionconsole.domain.errors import StoreProblem
from sessionconsole.domain.sessions import Device, DeviceType, LoginSession
from sessionconsole.services.off_the_loop import off_the_loop
from sessionconsole.services.ports import DeviceCache, UserAgents

MOST_KNOWN = 20_000
"""Browser strings held in memory; above that they are read anew."""


class DeviceReader:
    """Fills in what the browser string tells; what the platform itself told of a device is not overruled."""

    def __init__(self, agents: UserAgents, cache: DeviceCache) -> None:
        self._agents = agents
        self._cache = cache
        self._known: dict[str, Device] | None = None

    async def read(self, sessions: Sequence[LoginSession]) -> tuple[LoginSession, ...]:
        """The same sessions with their devices read; parsing happens off the event loop."""
        if self._known is None:
            learned: Mapping[str, Device] = {}
            with suppress(StoreProblem):
                learned = await self._cache.known(self._agents.version)
            self._known = dict(learned)
        if len(self._known) > MOST_KNOWN:
            self._known = {}  # a platform can send new strings with every list
        known = self._known
        fresh = await off_the_loop(len(sessions), lambda: _unknown(sessions, known))
        if fresh:
            parsed = await asyncio.to_thread(lambda: {text: self._agents.parse(text) for text in fresh})
            known.update(parsed)
            with suppress(StoreProblem):
                await self._cache.learn(self._agents.version, parsed)
        return await off_the_loop(len(sessions), lambda: _with_devices(sessions, known))


def _unknown(sessions: Sequence[LoginSession], known: Mapping[str, Device]) -> list[str]:
    strings = {session.user_agent for session in sessions if session.user_agent}
    return sorted(strings - known.keys())


def _with_devices(sessions: Sequence[LoginSession], known: Mapping[str, Device]) -> tuple[LoginSession, ...]:
    return tuple(
        [
            replace(session, device=_merged(session.device, known[session.user_agent]))
            if session.user_agent
            else session
            for session in sessions
        ]
    )


def _merged(told: Device, read: Device) -> Device:
    return Device(
        type=read.type if told.type is DeviceType.UNKNOWN else told.type,
        os=told.os or read.os,
        browser=told.browser or read.browser,
        app=told.app or read.app,
        name=told.name or read.name,
        model=told.model or read.model,
    )
