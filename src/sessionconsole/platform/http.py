"""One origin over HTTP/1.1: bounded, without redirects, and with errors that say whether anything was sent.

This is the only module that knows the HTTP library; it imports it when the first request is made.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import ssl
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from sessionconsole import __version__
from sessionconsole.domain.errors import (
    AnswerLost,
    CertificateProblem,
    PlatformMisbehaved,
    SessionConsoleError,
    Unreachable,
    WrongUse,
)
from sessionconsole.platform.addresses import Address, is_loopback

if TYPE_CHECKING:
    import httpx2 as httpx

MEGABYTE = 1024 * 1024
LARGE = 64 * MEGABYTE
"""Decoded bytes that a list may have."""
SMALL = MEGABYTE
"""Decoded bytes that any other answer may have."""

_OFF_THE_LOOP = 128 * 1024
"""From this size on a body is decoded in a thread, so that the window does not stand still."""
LONGEST_WAIT = 24 * 3600.0
"""Seconds that a platform may ask to wait."""
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
_EVENTS = "text/event-stream"
_SYSTEMS = {"win32": "Windows", "darwin": "macOS", "linux": "Linux"}

USER_AGENT = f"sessionconsole/{__version__} ({_SYSTEMS.get(sys.platform, sys.platform)})"


class PlatformFails(AnswerLost):
    """The platform answered that it failed (500 to 599); `may_be_done` where a gateway merely lost sight of it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"The booking platform has a fault of its own (status {status}).")
        self.may_be_done = status in (502, 504)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, without a byte, for one answer as a whole, and without a byte of a stream."""

    connect: float = 10.0
    read: float = 20.0
    whole: float = 45.0
    silent: float = 45.0


Read = Literal["json", "text", "none"]
"""How a body is read: as strict JSON, as text whatever it is, or not at all."""

Take = Callable[[bytes], Awaitable[None]]
"""Gets a stream's bytes as they come; b"" says that it is open."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: header names are lower-case; `body` is the JSON, or the text where that was asked for.

    It is None where there is none; `set_cookies` has the headers Set-Cookie one by one. `is_garbled` where JSON was
    asked for and something else came with a status below 300.
    """

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(default=None, repr=False)
    set_cookies: tuple[str, ...] = field(default=(), repr=False)
    is_garbled: bool = False

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait as the platform says (RFC 9110, section 10.2.3), None where it does not."""
        return self.wait_in("retry-after")

    def wait_in(self, header: str) -> float | None:
        """Seconds to wait as a header of that name says, in seconds or as a date; None where it does not."""
        value = self.headers.get(header, "").strip()
        if value.isascii() and value.isdigit():
            return min(float(value[:9]), LONGEST_WAIT)
        until = http_date(value)
        if until is None:
            return None
        return min(max((until - self.sent_at).total_seconds(), 0.0), LONGEST_WAIT)

    @property
    def sent_at(self) -> datetime:
        """The platform's own Date, where it sends one: the clock of a front-desk PC may be wrong."""
        return http_date(self.headers.get("date", "")) or datetime.now(UTC)


@dataclass(slots=True)
class _Request:
    """One request and what became of it: `found_stale` is a kept connection that the server had let go already."""

    method: str
    target: str = field(repr=False)
    content: bytes | None = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    largest: int
    about_to_send: Callable[[], Awaitable[None]] | None = None
    take: Take | None = None
    kind: str = _JSON
    read: Read = "json"
    hands_back_all: bool = False
    connected_anew: bool = False
    found_stale: bool = False

    async def trace(self, event: str, _: Mapping[str, Any]) -> None:
        """Take notice of new connections and of the first byte (the `trace` extension of the HTTP library)."""
        if event == "connection.connect_tcp.started":
            self.connected_anew = True
        elif event == "http11.send_request_headers.started" and self.about_to_send is not None:
            await self.about_to_send()


class Http:
    """Requests to one origin; nothing is imported or opened before the first."""

    def __init__(
        self, address: Address, *, verify: ssl.SSLContext | None = None, patience: Patience | None = None
    ) -> None:
        if address.scheme != "https" and not is_loopback(address.host):
            raise WrongUse("The address needs https.", "Begin it with https://.")
        self.address = address
        self._verify = verify
        self._patience = patience or Patience()
        self._made: httpx.AsyncClient | None = None
        self._making = asyncio.Lock()
        self._closed = False

    async def send(
        self,
        method: str,
        link: str,
        *,
        document: str = "/",
        body: object = None,
        form: str | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int = SMALL,
        read: Read = "json",
        hands_back_all: bool = False,
        about_to_send: Callable[[], Awaitable[None]] | None = None,
    ) -> Answer:
        """Send one request to `link`, as found in the document at that path, and take the answer whole.

        `body` is sent as JSON, `form` as it is (urlencoded). `about_to_send` is awaited when the connection is there
        and before anything of the request goes out. Returns any answer below 300, from 400 to 499, and 304;
        `hands_back_all` returns the others too, follows no redirect either, and lets the caller say what a body means
        that is no JSON. Raises `Unreachable` and
        `CertificateProblem` (nothing was sent), `AnswerLost` (it may have been done), `PlatformMisbehaved` (redirects,
        and bodies below 300 that are no JSON).
        """
        content = None if body is None else json.dumps(body).encode()
        request = _Request(
            method,
            self.address.target(link, document),
            content if form is None else form.encode(),
            dict(headers or {}),
            largest,
            about_to_send,
            kind=_JSON if form is None else _FORM,
            read=read,
            hands_back_all=hands_back_all,
        )
        return await self._outcome(request)

    async def stream(
        self, link: str, take: Take, *, document: str = "/", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Open the event stream at `link` and hand on what comes, until the platform ends it or is silent for long.

        Returns the answer without body at the stream's own end, and any refusal as `send` does. Raises as `send`,
        `AnswerLost` where the line broke, and whatever `take` raises of the tree.
        """
        accepting = {**(headers or {}), "Accept": _EVENTS, "Accept-Encoding": "identity"}
        target = self.address.target(link, document)
        return await self._outcome(_Request("GET", target, None, accepting, SMALL, take=take))

    async def close(self) -> None:
        """Let go of all connections; a request under way ends as a lost answer."""
        self._closed = True
        client, self._made = self._made, None
        if client is not None:
            await client.aclose()

    async def _outcome(self, request: _Request) -> Answer:
        client = await self._client()
        outcome = await self._attempt(client, request)
        if request.found_stale and request.method == "GET":
            outcome = await self._attempt(client, request)
        # Raised out here, so that no foreign exception hangs on it: one may carry what was sent.
        if isinstance(outcome, SessionConsoleError):
            raise outcome
        return outcome

    async def _attempt(self, client: httpx.AsyncClient, request: _Request) -> Answer | SessionConsoleError:
        import httpx2 as httpx

        request.connected_anew = request.found_stale = False
        try:
            async with asyncio.timeout(None if request.take else self._patience.whole):
                return await self._exchange(client, request)
        except TimeoutError:
            return _lost(request.method)
        except SessionConsoleError as error:
            return error
        except RuntimeError:  # what the library says of a client that was closed meanwhile
            if self._closed:
                return _lost(request.method)
            raise
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            return _never_connected(error)
        except (httpx.DecodingError, httpx.InvalidURL, httpx.LocalProtocolError):
            return PlatformMisbehaved()
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            request.found_stale = not request.connected_anew
            return _lost(request.method)
        except (httpx.TransportError, OSError):
            return _lost(request.method)

    async def _exchange(self, client: httpx.AsyncClient, request: _Request) -> Answer:
        headers = request.headers
        if request.content is not None and not any(name.lower() == "content-type" for name in headers):
            headers = {**headers, "Content-Type": request.kind}
        async with client.stream(
            request.method,
            self.address.origin + request.target,
            content=request.content,
            headers=headers,
            extensions={"trace": request.trace},
            timeout=_timeouts(self._patience, self._patience.silent if request.take else self._patience.read),
        ) as response:
            status = response.status_code
            got = {name.lower(): value for name, value in response.headers.items()}
            failure = None if request.hands_back_all else failure_of(status)
            if failure is not None:
                raise failure
            if request.take is not None and status == 200:
                request.connected_anew = True  # the server answered, so what breaks now was not stale
                if got.get("content-type", "").partition(";")[0].strip().lower() != _EVENTS:
                    raise PlatformMisbehaved
                await request.take(b"")
                # Closed by us: what is left to the garbage collector is closed when the loop is gone.
                async with aclosing(response.aiter_bytes()) as chunks:
                    async for chunk in chunks:
                        await request.take(chunk)
                return Answer(status, got)
            raw = bytearray()
            async with aclosing(response.aiter_bytes()) as chunks:
                async for chunk in chunks:
                    raw += chunk
                    if len(raw) > request.largest:
                        raise PlatformMisbehaved("The booking platform sent far more than fits an answer.")
            cookies = tuple(response.headers.get_list("set-cookie"))
        if status == 304 or not raw or request.read == "none":
            return Answer(status, got, None, cookies)
        if request.read == "text":
            return Answer(status, got, raw.decode("utf-8", "replace"), cookies)
        try:
            return Answer(status, got, await _decoded(bytes(raw), status), cookies)
        except PlatformMisbehaved:
            if not request.hands_back_all:
                raise
        return Answer(status, got, None, cookies, is_garbled=True)

    async def _client(self) -> httpx.AsyncClient:
        async with self._making:
            if self._closed:
                raise Unreachable("The connection to the booking platform is closed. Nothing was sent.")
            if self._made is None:
                self._made = await asyncio.to_thread(_make_client, self._verify, self._patience)
            return self._made


def failure_of(status: int) -> SessionConsoleError | None:
    """What a status means that no platform answers a request with: redirects, its own faults, a network's own wish."""
    if status >= 500 and status != 511:
        return PlatformFails(status)
    if 300 <= status < 400 and status != 304:
        return PlatformMisbehaved(
            "The booking platform sent this program on to another address, where it sends nothing."
        )
    if status in (407, 511):
        return PlatformMisbehaved("The network wants to be signed in to before it lets anything through.")
    return None


def _make_client(verify: ssl.SSLContext | None, patience: Patience) -> httpx.AsyncClient:
    from http.cookiejar import DefaultCookiePolicy

    import httpx2 as httpx

    for library in ("httpx2", "httpcore2"):  # their messages hold the platform's own ids of sessions
        logging.getLogger(library).setLevel(logging.WARNING)
    client = httpx.AsyncClient(
        verify=True if verify is None else verify,
        http1=True,
        http2=False,
        trust_env=False,
        follow_redirects=False,
        timeout=_timeouts(patience, patience.read),
        limits=httpx.Limits(max_connections=10, max_keepalive_connections=10, keepalive_expiry=5.0),
        headers={"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
    )
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return client


def _timeouts(patience: Patience, read: float) -> httpx.Timeout:
    import httpx2 as httpx

    return httpx.Timeout(read, connect=patience.connect, pool=patience.connect)


async def _decoded(raw: bytes, status: int) -> Any:
    try:
        if len(raw) < _OFF_THE_LOOP:
            return _strict_json(raw)
        return await asyncio.to_thread(_strict_json, raw)
    except (ValueError, RecursionError):
        if status >= 300:
            return None  # a proxy's web page: the status says what there is to know
    raise PlatformMisbehaved


def _strict_json(raw: bytes) -> Any:
    return json.loads(
        raw.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite, object_hook=_giving_way
    )


def _giving_way(found: dict[str, Any]) -> dict[str, Any]:
    """The object that was read: without a call into Python for each, no other thread could run until all are read."""
    return found


def _refuse(_: str) -> NoReturn:
    raise ValueError


def _finite(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise ValueError
    return found


def _never_connected(error: BaseException) -> SessionConsoleError:
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return _certificate_problem(link)
        if isinstance(link, ssl.SSLError) and not isinstance(link, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            return CertificateProblem(
                "No safe connection to the booking platform could be made, so nothing was sent to it.",
                "Check the address. If it is right, tell your IT support.",
            )
        link = link.__cause__ or link.__context__
    return Unreachable()


def _certificate_problem(error: ssl.SSLCertVerificationError) -> CertificateProblem:
    match getattr(error, "verify_code", None):
        case 9 | 10:  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED (OpenSSL, x509_vfy.h)
            return CertificateProblem(
                "The certificate of the booking platform is not valid on today's date, so nothing was sent to it.",
                "Check this computer's date and time. If they are right, tell your IT support.",
            )
        case 62 | 64:  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
            return CertificateProblem(
                "The certificate at this address belongs to another name, so nothing was sent to it.",
                "Check the address. If it is right, tell your IT support.",
            )
        case _:
            return CertificateProblem()


def _lost(method: str) -> AnswerLost:
    if method == "GET":
        return AnswerLost("The booking platform did not answer.", "The program tries again by itself.")
    return AnswerLost()


def http_date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
