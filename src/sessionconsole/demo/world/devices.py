"""What people use: kinds of devices with the user agents that they really send, and how long sign-ins on them last."""

from __future__ import annotations

from dataclasses import dataclass, replace

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds until a session ends unused, and at the latest; None is never."""

    idle: float | None
    absolute: float | None


SHARED = Lifetime(12 * HOUR, 7 * DAY)
OWN = Lifetime(60 * DAY, 180 * DAY)
FOR_GOOD = Lifetime(None, None)


@dataclass(frozen=True, slots=True)
class Device:
    """One device; `name` is what people here call it."""

    user_agent: str | None
    app: str | None = None
    name: str | None = None
    lifetime: Lifetime = SHARED

    def called(self, name: str) -> Device:
        """The same kind of device, with a name."""
        return replace(self, name=name)

    def kept(self) -> Device:
        """The same, on which its owner stays signed in."""
        return replace(self, lifetime=OWN)


_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"

WINDOWS_CHROME = Device(f"{_WINDOWS}) {_WEBKIT} Chrome/154.0.0.0 Safari/537.36")
WINDOWS_EDGE = Device(f"{_WINDOWS}) {_WEBKIT} Chrome/154.0.0.0 Safari/537.36 Edg/154.0.0.0")
WINDOWS_FIREFOX = Device(f"{_WINDOWS}; rv:157.0) Gecko/20100101 Firefox/157.0")
MAC_SAFARI = Device(f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Safari/605.1.15")
MAC_CHROME = Device(
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Chrome/154.0.0.0 Safari/537.36"
)
LINUX_CHROME = Device(f"Mozilla/5.0 (X11; Linux x86_64) {_WEBKIT} Chrome/151.0.0.0 Safari/537.36")
IPHONE = Device(
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1",
    lifetime=OWN,
)
IPAD = Device(f"Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) {_SAFARI} Mobile/15E148 Safari/604.1")
ANDROID_CHROME = Device(
    f"Mozilla/5.0 (Linux; Android 10; K) {_WEBKIT} Chrome/154.0.0.0 Mobile Safari/537.36", lifetime=OWN
)
APP_PIXEL = Device("HarbourBooking/4.12 (Android 14; Pixel 8)", "HarbourBooking 4.12", lifetime=OWN)
APP_GALAXY = Device("HarbourBooking/4.11 (Android 15; SM-A556B)", "HarbourBooking 4.11", lifetime=OWN)
APP_IPHONE = Device("HarbourBooking/4.12 (iOS 26.1; iPhone16,2)", "HarbourBooking 4.12", lifetime=OWN)
PROGRAM = Device("okhttp/4.12.0", "Channel manager", lifetime=FOR_GOOD)
UNTOLD = Device(None, lifetime=OWN)
