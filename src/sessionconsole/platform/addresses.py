"""What a user types as the address of the platform, made into one origin that everything stays within."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from sessionconsole.domain.errors import PlatformMisbehaved, WrongUse

LONGEST_ADDRESS = 500
LONGEST_LINK = 4000
LONGEST_SLUG = 40

_ADVICE = "Type it as the platform's own web address, such as booking.example.com."
_PATH = "/%:@!$&'()*+,;=~-._"  # what stands for itself in a path (RFC 3986, section 3.3)
_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a platform lives; `path` is "" or begins with a slash and ends without one."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port as a URL without path; the usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _USUAL_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def base(self) -> str:
        """The origin with the path that was typed."""
        return self.origin + self.path

    @property
    def slug(self) -> str:
        """Host and, where it is not the usual one, port: lower-case letters, digits and hyphens."""
        port = "" if self.port == _USUAL_PORTS[self.scheme] else f"-{self.port}"
        return (slug_of(self.host) or "platform")[: LONGEST_SLUG - len(port)].rstrip("-") + port

    def target(self, link: str, document: str = "/") -> str:
        """Path and query of a link that was found in the document at that path.

        Raises `PlatformMisbehaved` where it leads to any other origin, so that the token goes to one origin only
        (reference resolution: RFC 3986, section 5).
        """
        if not _is_clean(link) or "\\" in link or len(link) > LONGEST_LINK:
            raise PlatformMisbehaved(_STRANGE_LINK)
        try:
            found = urlsplit(urljoin(self.origin + document, link))
            same = "@" not in found.netloc and _origin_of(found) == (self.scheme, self.host, self.port)
        except ValueError:
            same, found = False, None
        if not same or found is None:
            raise PlatformMisbehaved(_STRANGE_LINK)
        return (found.path or "/") + (f"?{found.query}" if found.query else "")


_STRANGE_LINK = "The booking platform pointed to another address, where this program sends nothing."


def read_address(typed: str) -> Address:
    """The address that a user typed: https where no scheme is given, http on this computer's own loopback.

    Raises `WrongUse` where it is not one, or where it would send the password unprotected.
    """
    text = typed.strip()
    if not text:
        raise WrongUse("The address is missing.", _ADVICE)
    if not _is_clean(text) or "\\" in text or len(text) > LONGEST_ADDRESS:
        raise WrongUse("The address has characters that no web address has.", _ADVICE)
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    parts = _split(f"//{rest}")
    host = _host_of(parts)
    scheme = scheme.lower() or ("http" if is_loopback(host) else "https")
    if scheme not in _USUAL_PORTS:
        raise WrongUse("The address must begin with https://.", _ADVICE)
    if scheme == "http" and not is_loopback(host):
        raise WrongUse(
            "The address needs https, because http would send your password readable for everybody on the way.",
            "Begin it with https://, or leave that out.",
        )
    try:
        port = parts.port or _USUAL_PORTS[scheme]
    except ValueError:
        raise WrongUse("The number after the colon is not a port.", _ADVICE) from None
    return Address(scheme, host, port, quote(parts.path.rstrip("/"), safe=_PATH))


def is_loopback(host: str) -> bool:
    """Whether the host is this very computer."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def slug_of(text: str) -> str:
    """Lower-case ASCII letters and digits with single hyphens between, at most `LONGEST_SLUG`; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].rstrip("-")


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
    except ValueError:
        raise WrongUse("This is not a web address.", _ADVICE) from None
    if "@" in parts.netloc:
        raise WrongUse("The address has a user name in it.", "Type the user name in its own field.")
    if parts.query or parts.fragment:
        parts = parts._replace(query="", fragment="")
    return parts


def _host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        if ":" in host:
            return str(IPv6Address(host))
        host = host.rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError:
        host = ""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", host):
        raise WrongUse("This is not a web address.", _ADVICE)
    return host


def _origin_of(parts: SplitResult) -> tuple[str, str, int | None]:
    return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _USUAL_PORTS.get(parts.scheme)


def _is_clean(text: str) -> bool:
    return not any(char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text)
