"""Finding out what answers at an address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sessionconsole.domain.errors import (
    NotAPlatform,
    PlatformMisbehaved,
    SessionConsoleError,
    WrongUse,
)
from sessionconsole.platform import console_api_reading
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.console_api import ConsoleApi
from sessionconsole.platform.http import Http, Patience, PlatformFails
from sessionconsole.services.ports import Platform

if TYPE_CHECKING:  # what reads connector files is slow to import, and the Console API needs none of it
    from sessionconsole.platform.connectors.calling import Observer
    from sessionconsole.platform.connectors.format.connector import Connector

_CONSOLE_API = console_api_reading.CONNECTOR


class HttpPlatforms:
    """`ports.Platforms` over HTTP, with the connectors that come with the program and those in the user's folder.

    `verify` replaces the certificates that the operating system trusts; `observer` sees every call of a connector.
    """

    def __init__(
        self,
        handle_key: bytes,
        connectors: Path | None = None,
        *,
        verify: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._handle_key = handle_key
        self._connectors = connectors
        self._verify = verify
        self._patience = patience
        self._observer = observer

    async def open(
        self, address: str, connector: str | None = None, variables: Mapping[str, str] | None = None
    ) -> Platform:
        """The platform at the address, of that kind or of the first kind that answers."""
        if connector == _CONSOLE_API:
            _nothing_to_enter(variables)
            return await self._console_api(address)
        if connector is not None:
            return await self.open_as(await asyncio.to_thread(self._load, connector), address, variables)
        return await self._first_that_answers(address, variables)

    async def open_as(
        self, connector: Connector, address: str, variables: Mapping[str, str] | None = None
    ) -> Platform:
        """The platform at the address, of the kind that the connector describes.

        A call that tells the kind is made first, where the connector has one. Raises as `open`.
        """
        if connector.connector.protocol == _CONSOLE_API:
            _nothing_to_enter(variables)
            return await self._console_api(address)
        from sessionconsole.platform.connectors.calling import open_caller
        from sessionconsole.platform.connectors.platform import ConnectorPlatform

        caller = open_caller(
            connector,
            address,
            variables,
            home=_console_id(self._handle_key),
            verify=self._verify,
            patience=self._patience,
            observer=self._observer,
        )
        try:
            if connector.detect is not None:
                await caller.recognise(connector.detect)
            return ConnectorPlatform(caller, self._handle_key)
        except BaseException:
            await caller.close()
            raise

    def _load(self, name: str) -> Connector:
        from sessionconsole.platform.connectors.catalog import Catalog

        return Catalog(self._connectors).load(name)

    def _that_tell(self) -> Sequence[Connector]:
        """The built-in connectors that can tell whether a platform is theirs."""
        from sessionconsole.platform.connectors.about import is_found_by_address
        from sessionconsole.platform.connectors.catalog import Catalog

        catalog = Catalog(self._connectors)
        found = (catalog.load(name) for name in catalog.built_in() if name != _CONSOLE_API)
        return [each for each in found if is_found_by_address(each)]

    async def _console_api(self, address: str) -> Platform:
        http = Http(read_address(address), verify=self._verify, patience=self._patience)
        try:
            answer = await http.send("GET", console_api_reading.DISCOVERY)
            if answer.status != 200:
                raise NotAPlatform
            discovery = console_api_reading.discovery(answer.body, http.address)
            return ConsoleApi(http, discovery, self._handle_key)
        except BaseException:
            await http.close()
            raise

    async def _first_that_answers(self, address: str, variables: Mapping[str, str] | None) -> Platform:
        refusals: list[SessionConsoleError] = []
        try:
            _nothing_to_enter(variables)
            return await self._console_api(address)
        except (NotAPlatform, PlatformMisbehaved) as refusal:
            refusals.append(refusal)
        for connector in await asyncio.to_thread(self._that_tell):
            try:
                return await self.open_as(connector, address)
            except (NotAPlatform, PlatformMisbehaved, PlatformFails) as refusal:
                refusals.append(refusal)
        raise _why(refusals)


def _why(refusals: Sequence[SessionConsoleError]) -> SessionConsoleError:
    # A web page wherever one asks is a captive portal rather than a platform of another kind.
    if all(isinstance(refusal, PlatformMisbehaved) for refusal in refusals):
        return refusals[0]
    telling = (r for r in refusals if isinstance(r, NotAPlatform) and r.message != r.default_message)
    return next(telling, NotAPlatform())


def _nothing_to_enter(variables: Mapping[str, str] | None) -> None:
    if variables:
        raise WrongUse(
            "What was entered besides address, user name and password belongs to no connector.",
            "Name the connector as well: --connector NAME.",
        )


def _console_id(handle_key: bytes) -> str:
    """The same in every run of one home, and nothing of its key can be learned from it."""
    return hmac.new(handle_key, b"console.id", hashlib.sha256).hexdigest()[:16]
