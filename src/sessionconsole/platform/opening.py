"""Finding out what answers at an address."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable

from sessionconsole.domain.errors import NotAPlatform, PlatformMisbehaved, WrongUse
from sessionconsole.platform import allauth, console_api_reading
from sessionconsole.platform.addresses import read_address
from sessionconsole.platform.console_api import ConsoleApi
from sessionconsole.platform.http import Http, Patience
from sessionconsole.services.ports import Platform

Probe = Callable[[Http, bytes], Awaitable[Platform]]


class HttpPlatforms:
    """`ports.Platforms` over HTTP; `verify` replaces the certificates that the operating system trusts."""

    def __init__(
        self, handle_key: bytes, verify: ssl.SSLContext | None = None, patience: Patience | None = None
    ) -> None:
        self._handle_key = handle_key
        self._verify = verify
        self._patience = patience

    async def open(self, address: str, connector: str | None = None) -> Platform:
        """The platform at the address, of that kind or of the first kind that answers."""
        if connector is not None and connector not in _PROBES:
            known = ", ".join(_PROBES)
            raise WrongUse(f"There is no connector of the name {connector!r}.", f"Use one of: {known}.")
        probes = _PROBES.values() if connector is None else (_PROBES[connector],)
        http = Http(read_address(address), verify=self._verify, patience=self._patience)
        try:
            return await _first_that_answers(http, tuple(probes), self._handle_key)
        except BaseException:
            await http.close()
            raise


async def _first_that_answers(http: Http, probes: tuple[Probe, ...], handle_key: bytes) -> Platform:
    refusals: list[NotAPlatform | PlatformMisbehaved] = []
    for probe in probes:
        try:
            return await probe(http, handle_key)
        except (NotAPlatform, PlatformMisbehaved) as refusal:
            refusals.append(refusal)
    # A web page wherever one asks is a captive portal rather than a platform of another kind.
    if all(isinstance(refusal, PlatformMisbehaved) for refusal in refusals):
        raise refusals[0]
    telling = (r for r in refusals if isinstance(r, NotAPlatform) and r.message != r.default_message)
    raise next(telling, NotAPlatform())


async def _console_api(http: Http, handle_key: bytes) -> Platform:
    answer = await http.send("GET", console_api_reading.DISCOVERY)
    if answer.status != 200:
        raise NotAPlatform
    return ConsoleApi(http, console_api_reading.discovery(answer.body, http.address), handle_key)


async def _allauth(http: Http, handle_key: bytes) -> Platform:
    base = f"{http.address.path}{allauth.BASE}"
    answer = await http.send("GET", f"{base}/config")
    if answer.status != 200:
        raise NotAPlatform
    return allauth.Allauth(http, base, allauth.about(answer.body, http.address), handle_key)


_PROBES: dict[str, Probe] = {console_api_reading.CONNECTOR: _console_api, allauth.CONNECTOR: _allauth}
