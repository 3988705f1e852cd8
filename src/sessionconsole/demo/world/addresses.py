"""Where addresses are: only ranges kept for documentation (RFC 5737, RFC 3849) and their AS numbers (RFC 5398)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Place:
    """City, country (ISO 3166-1 alpha-2) and degrees."""

    city: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Network:
    """Who runs a network, and of what type it is."""

    asn: int
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Office:
    """One of the operator's own places."""

    name: str
    networks: tuple[str, ...]


HOME_COUNTRY = "AU"
CAIRNS_LINE = "203.0.113.10"
PORT_DOUGLAS_LINE = "203.0.113.40"
OFFICES = (
    Office("Cairns office", ("203.0.113.8/29",)),
    Office("Port Douglas office", (f"{PORT_DOUGLAS_LINE}/32",)),
)

CAIRNS = Place("Cairns", "AU", -16.92, 145.77)
TRINITY_BEACH = Place("Trinity Beach", "AU", -16.79, 145.70)
PORT_DOUGLAS = Place("Port Douglas", "AU", -16.48, 145.46)
TOWNSVILLE = Place("Townsville", "AU", -19.26, 146.82)
BRISBANE = Place("Brisbane", "AU", -27.47, 153.03)
SYDNEY = Place("Sydney", "AU", -33.87, 151.21)
SAO_PAULO = Place("São Paulo", "BR", -23.55, -46.63)
AMSTERDAM = Place("Amsterdam", "NL", 52.37, 4.90)
LAGOS = Place("Lagos", "NG", 6.52, 3.38)
SINGAPORE = Place("Singapore", "SG", 1.35, 103.82)
CHICAGO = Place("Chicago", "US", 41.88, -87.63)

_LINE = Network(64496, "Coral Sea Business Fibre", "business")
_HOME = Network(64497, "Tropic Broadband", "residential")
_CARRIER = Network(64498, "Southern Mobile", "mobile")
_CLOUD = Network(64499, "Harbour City Cloud", "hosting")
_SERVERLOFT = Network(64500, "Serverloft", "hosting")
_LAGOS_MOBILE = Network(64501, "Lagoon Mobile", "mobile")
_TUNNEL = Network(64502, "Quietway VPN", "vpn")

_WHERE: tuple[tuple[str, Place | None, Network], ...] = (
    ("203.0.113.8/29", CAIRNS, _LINE),
    ("203.0.113.40/32", PORT_DOUGLAS, _LINE),
    ("203.0.113.41/32", PORT_DOUGLAS, _HOME),
    ("203.0.113.42/32", PORT_DOUGLAS, _CARRIER),
    ("203.0.113.48/28", TRINITY_BEACH, _HOME),
    ("203.0.113.64/26", CAIRNS, _HOME),
    ("203.0.113.130/32", TOWNSVILLE, _CARRIER),
    ("203.0.113.160/28", BRISBANE, _HOME),
    ("203.0.113.192/27", SYDNEY, _CLOUD),
    ("192.0.2.0/24", None, _CARRIER),
    ("2001:db8:40::/48", CAIRNS, _HOME),
    ("2001:db8:50::/48", None, _CARRIER),
    ("198.51.100.64/27", SAO_PAULO, _SERVERLOFT),
    ("198.51.100.96/28", AMSTERDAM, _TUNNEL),
    ("198.51.100.112/28", LAGOS, _LAGOS_MOBILE),
    ("198.51.100.128/28", SINGAPORE, _SERVERLOFT),
    ("198.51.100.144/28", CHICAGO, _TUNNEL),
)
_TABLE = tuple((ip_network(prefix), place, network) for prefix, place, network in _WHERE)


@lru_cache(maxsize=4096)
def look_up(ip: str) -> tuple[Place | None, Network | None]:
    """Place and network of an address; carriers tell no place, and of a strange address nothing is known."""
    try:
        address = ip_address(ip)
    except ValueError:
        return None, None
    for network, place, operator in _TABLE:
        if address in network:
            return place, operator
    return None, None


def as_seen(ip: str) -> str:
    """The address as the platform sees it: loopback is the line of the Cairns office, where the console stands."""
    try:
        return CAIRNS_LINE if ip_address(ip).is_loopback else ip
    except ValueError:
        return CAIRNS_LINE
