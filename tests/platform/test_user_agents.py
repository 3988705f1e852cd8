"""Browser strings become devices in the words of people."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sessionconsole.domain.sessions import Device, DeviceType
from sessionconsole.platform.http import USER_AGENT
from sessionconsole.platform.user_agents import UaParser

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1"
DESKTOP, PHONE, TABLET, PROGRAM = DeviceType.DESKTOP, DeviceType.PHONE, DeviceType.TABLET, DeviceType.PROGRAM


@pytest.mark.parametrize(
    ("string", "device", "shown"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Safari/537.36",
            Device(DESKTOP, "Windows 10/11", "Chrome"),
            "Windows PC",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Safari/537.36 Edg/154.0.0.0",
            Device(DESKTOP, "Windows 10/11", "Edge"),
            "Windows PC",
        ),
        (
            "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:115.0) Gecko/20100101 Firefox/115.0",
            Device(DESKTOP, "Windows 7", "Firefox"),
            "Windows 7 PC",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Safari/605.1.15",
            Device(DESKTOP, "macOS", "Safari"),
            "Mac",
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            Device(DESKTOP, "Linux", "Firefox"),
            "Linux PC",
        ),
        (
            f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {WEBKIT} Safari/537.36",
            Device(DESKTOP, "ChromeOS", "Chrome"),
            "ChromeOS PC",
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1",
            Device(PHONE, "iOS 17", "Safari", model="iPhone"),
            "iPhone",
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) {SAFARI} Mobile/15E148 Safari/604.1",
            Device(TABLET, "iPadOS 18", "Safari", model="iPad"),
            "iPad",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {WEBKIT} Mobile Safari/537.36",
            Device(PHONE, "Android", "Chrome"),
            "Android phone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {WEBKIT} Mobile Safari/537.36",
            Device(PHONE, "Android 14", "Chrome", model="Pixel 8"),
            "Pixel 8",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 13; SM-T870) {WEBKIT} Safari/537.36",
            Device(TABLET, "Android 13", "Chrome", model="SM-T870"),
            "SM-T870",
        ),
        (
            "HarbourBooking/4.12 (Android 14; Pixel 8)",
            Device(PHONE, "Android 14", app="HarbourBooking 4.12", model="Pixel 8"),
            "Pixel 8",
        ),
        (
            "HarbourBooking/4.12 (iOS 26.1; iPhone16,2)",
            Device(PHONE, "iOS 26", app="HarbourBooking 4.12", model="iPhone"),
            "iPhone",
        ),
        ("curl/8.5.0", Device(PROGRAM, app="curl"), "curl"),
        ("python-requests/2.31.0", Device(PROGRAM, app="python-requests"), "python-requests"),
        ("okhttp/4.12.0", Device(PROGRAM, app="okhttp"), "okhttp"),
        ("Go-http-client/1.1", Device(PROGRAM, app="Go-http-client"), "Go-http-client"),
        (
            "Apache-HttpClient/4.5.14 (Java/17.0.9)",
            Device(PROGRAM, app="Apache-HttpClient"),
            "Apache-HttpClient",
        ),
        ("sessionconsole/0.1.0 (Windows)", Device(DESKTOP, "Windows", app="sessionconsole"), "Windows PC"),
        ("Mozilla/5.0", Device(), "Unknown device"),
        ("<b>hi</b>", Device(), "Unknown device"),
        ("", Device(), "Unknown device"),
    ],
)
def test_what_a_string_says(string: str, device: Device, shown: str) -> None:
    read = UaParser().parse(string)
    assert read == device
    assert read.shown == shown


def test_the_family_stays_when_a_browser_or_system_updates_itself() -> None:
    def family(string: str) -> str:
        return UaParser().parse(string).family

    chrome = "Mozilla/5.0 (Linux; Android {0}; Pixel 8) AppleWebKit/537.36 Chrome/{1} Mobile Safari/537.36"
    assert family(chrome.format(14, "126.0.0.0")) == family(chrome.format(15, "154.0.0.0"))
    app = "HarbourBooking/{0} (iOS {1}; iPhone16,2)"
    assert family(app.format("4.11", "18.7")) == family(app.format("4.12", "26.1"))
    assert family("curl/8.5.0") == family("curl/8.6.0")


def test_our_own_string_is_a_computer() -> None:
    assert UaParser().parse(USER_AGENT).type is DESKTOP


@settings(max_examples=60)
@example("\ud800")
@given(st.text(st.characters() | st.characters(categories=["Cs"]), max_size=700))
def test_no_string_breaks_it(string: str) -> None:
    device = UaParser().parse(string)
    for told in (device.os, device.browser, device.app, device.model, device.shown):
        assert told is None or (told.encode() and len(told) <= 70)


def test_the_version_names_rules_and_regexes() -> None:
    assert UaParser().version == UaParser().version
    assert "+" in UaParser().version
