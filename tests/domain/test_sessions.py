"""Devices in a few words, and what stays the same of them."""

from __future__ import annotations

import pytest

from sessionconsole.domain.sessions import Device, DeviceType, Person


@pytest.mark.parametrize(
    ("device", "shown"),
    [
        (Device(DeviceType.DESKTOP, "Windows 11", "Chrome", name="Reservations PC"), "Reservations PC"),
        (Device(DeviceType.TABLET, "iPadOS 18", model="iPad"), "iPad"),
        (Device(DeviceType.DESKTOP, "Windows 11"), "Windows 11 PC"),
        (Device(DeviceType.DESKTOP, "macOS"), "Mac"),
        (Device(DeviceType.DESKTOP, "Windows 10/11"), "Windows PC"),
        (Device(DeviceType.DESKTOP), "Computer"),
        (Device(DeviceType.PHONE, "Android 14"), "Android phone"),
        (Device(DeviceType.PHONE), "Phone"),
        (Device(DeviceType.TABLET, "Android 14"), "Android tablet"),
        (Device(DeviceType.PROGRAM, app="Channel manager"), "Channel manager"),
        (Device(DeviceType.PROGRAM), "Program"),
        (Device(), "Unknown device"),
    ],
)
def test_a_device_is_shown_in_the_words_that_are_known(device: Device, shown: str) -> None:
    assert device.shown == shown


def test_a_browser_or_system_that_updates_itself_stays_in_its_family() -> None:
    assert (
        Device(DeviceType.PHONE, "iOS 18.6", "Safari 18").family
        == Device(DeviceType.PHONE, "iOS 26.1").family
    )
    assert Device(DeviceType.PHONE, "iOS 18").family != Device(DeviceType.PHONE, "Android 14").family
    assert Device(DeviceType.PHONE, "Android 14").family != Device(DeviceType.TABLET, "Android 14").family


@pytest.mark.parametrize("kind", DeviceType)
@pytest.mark.parametrize("system", [None, "", " ", "\t"])
def test_a_system_of_blanks_is_no_system(kind: DeviceType, system: str | None) -> None:
    device = Device(kind, system)

    assert device.shown.strip()
    assert device.family == f"{kind}/"


def test_a_person_without_a_name_is_shown_by_account() -> None:
    assert Person("maria.santos").shown == "maria.santos"
    assert Person("maria.santos", " ").shown == "maria.santos"
