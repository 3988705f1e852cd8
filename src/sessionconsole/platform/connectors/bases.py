"""Where the calls of a connector go: each [base] is one origin and a path, and origins share their connections."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass

from sessionconsole.platform.addresses import Address, read_address
from sessionconsole.platform.connectors.templates import compile_template
from sessionconsole.platform.connectors.values import Variables
from sessionconsole.platform.http import Http, Patience


@dataclass(frozen=True, slots=True)
class Base:
    """One entry of [base]."""

    address: Address
    http: Http


class Bases:
    """All of a connector; nothing is opened before the first request.

    Raises `WrongUse` where one of them is no web address, or is not protected.
    """

    def __init__(
        self,
        templates: Mapping[str, str],
        variables: Variables,
        verify: ssl.SSLContext | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._https: dict[str, Http] = {}
        self._bases: dict[str, Base] = {}
        for name, template in templates.items():
            address = read_address(str(compile_template(template).render(variables)))
            if address.origin not in self._https:
                self._https[address.origin] = Http(address, verify=verify, patience=patience)
            self._bases[name] = Base(address, self._https[address.origin])

    def __getitem__(self, name: str) -> Base:
        return self._bases[name]

    async def close(self) -> None:
        """Let go of all connections."""
        for http in self._https.values():
            await http.close()
