"""What a browser string says of a device, in the words of people: no version noise, no guesses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessionconsole.domain.sessions import Device, DeviceType
from sessionconsole.domain.text import USER_AGENT_LIMIT, inert

if TYPE_CHECKING:
    from ua_parser import Result

_OUR_RULES = "1"
"""Raised with every change to this file that reads any string differently."""

_APP = re.compile(r"([A-Za-z][\w.+ -]{0,40})/(\d[\w.]{0,20}) \(([^()]{2,100})\)$", re.ASCII)
"""Name/1.2 (system; device), as apps say it (RFC 9110, section 10.1.5): the whole string."""

_PROGRAM = re.compile(r"([A-Za-z][\w.+-]{0,40})(?:/[\w.+-]{1,40})?$", re.ASCII)
"""A bare product, as tools and libraries say it: curl/8.5.0, okhttp/4.12.0, Go-http-client/1.1."""

_PRODUCT = re.compile(r"([A-Za-z][\w.+-]{0,40})/\d", re.ASCII)

_OUR_OWN = "sessionconsole"

_SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS"}
_WITH_VERSION = frozenset({"iOS", "iPadOS", "Android"})
_LINUXES = frozenset(
    {"Linux", "Ubuntu", "Debian", "Fedora", "Red Hat", "CentOS", "SUSE", "Arch Linux", "Mint"}
)
_UNTOLD_MODELS = frozenset({"K", "Mac", "Other", "Smartphone", "Tablet", "Desktop", "Generic Smartphone"})
"""What stands for a model where there is none; K is what Chrome puts there since it hides it (user-agent reduction)."""

_BROWSER_NOISE = re.compile(r" (Mobile|WebView|Frame|iOS)\b|^Mobile |^HeadlessChrome$|UI/WKWebView")
_TABLETS = re.compile(r"SM-[TX]\d|iPad|.*\b(?:Tab|Tablet)\b")
"""Models of apps that are tablets: Samsung's numbers, Apple's and everybody's names."""
_PHONE_FAMILIES = frozenset({"iPhone", "iPod"})


class UaParser:
    """`ports.UserAgents` on the ua-parser regexes, which are loaded with the first string."""

    @property
    def version(self) -> str:
        """Of these rules and of the regexes."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            regexes = version("ua-parser-builtins")
        except PackageNotFoundError:
            regexes = "none"
        return f"{_OUR_RULES}+{regexes}"

    def parse(self, user_agent: str) -> Device:
        """What the string says; what it does not say stays unknown."""
        from ua_parser import parse

        # The parser encodes it, which half of a surrogate pair would not let it.
        text = user_agent[:USER_AGENT_LIMIT].encode("utf-8", "replace").decode().strip()
        return _told_by_its_shape(text) or _told_by(parse(text), text)


def _told_by_its_shape(text: str) -> Device | None:
    if app := _APP.match(text):
        name, release, told = app.groups()
        if name == _OUR_OWN:
            return Device(DeviceType.DESKTOP, os=_plain(told.split(";")[0]), app=name)
        return _app_device(f"{name} {release}", [part.strip() for part in told.split(";")])
    if (program := _PROGRAM.match(text)) and program[1] != "Mozilla":
        return Device(DeviceType.PROGRAM, app=program[1])
    return None


def _app_device(app: str, told: list[str]) -> Device | None:
    """The device of an app that names its system first; None where that is no system we know."""
    system, _, number = told[0].partition(" ")
    model = told[1] if len(told) > 1 else ""
    kind = DeviceType.TABLET if _TABLETS.match(model) else DeviceType.PHONE
    release = number.split(".")[0]
    match system:
        case "Android":
            return Device(kind, _named("Android", release), app=app, model=_model(model))
        case "iOS" | "iPadOS":
            family = re.match(r"iPhone|iPad|iPod", model)
            return Device(kind, _named(system, release), app=app, model=family[0] if family else None)
        case "Windows" | "macOS":
            return Device(DeviceType.DESKTOP, _plain(told[0] if system == "Windows" else system), app=app)
        case _:
            return None


def _told_by(found: Result, text: str) -> Device:
    device, system = found.device, found.os
    if device is not None and device.family == "Spider":
        return Device(DeviceType.PROGRAM, app=_plain(found.user_agent.family if found.user_agent else text))
    product = _PRODUCT.match(text)
    if system is None and product is not None and product[1] != "Mozilla":
        return Device(DeviceType.PROGRAM, app=product[1])
    os = _system(found)
    model = _model(device.model or "") if device is not None else None
    family = system.family if system is not None else ""
    return Device(
        type=_type(found, family, text),
        os=os,
        browser=_browser(found, text),
        model=model if family in ("Android", "iOS") else None,
    )


def _type(found: Result, family: str, text: str) -> DeviceType:
    device = found.device.family if found.device is not None else ""
    brand = (found.device.brand or "") if found.device is not None else ""
    if device == "iPad" or "Tablet" in brand or "Tablet" in text:
        return DeviceType.TABLET
    if device in _PHONE_FAMILIES or family == "iOS":
        return DeviceType.PHONE
    if family == "Android":
        # Browsers say Mobile on a phone and not on a tablet (developer.chrome.com, user agent strings).
        small = "Mobile" in text or not text.startswith("Mozilla")
        return DeviceType.PHONE if small else DeviceType.TABLET
    if family in ("Windows", "Mac OS X", "Chrome OS") or family in _LINUXES:
        return DeviceType.DESKTOP
    return DeviceType.UNKNOWN


def _system(found: Result) -> str | None:
    if found.os is None:
        return None
    family = _SYSTEMS.get(found.os.family, found.os.family)
    if family == "Windows":
        # Windows 11 still says NT 10.0, so the string cannot tell them apart.
        return "Windows 10/11" if found.os.major == "10" else _named(family, found.os.major)
    if family == "iOS" and found.device is not None and found.device.family == "iPad":
        family = "iPadOS"
    if family == "Android" and found.device is not None and found.device.model == "K":
        return family  # the reduced string says Android 10 whatever it runs on
    return _named(family, found.os.major if family in _WITH_VERSION else None)


def _browser(found: Result, text: str) -> str | None:
    if found.user_agent is None or not text.startswith(("Mozilla", "Opera")):
        return None
    name = _BROWSER_NOISE.sub("", found.user_agent.family).strip()
    return _plain("Internet Explorer" if name == "IE" else name) or (
        "Chrome" if found.user_agent.family == "HeadlessChrome" else None
    )


def _model(told: str) -> str | None:
    return None if told in _UNTOLD_MODELS else _plain(told)


def _named(family: str, release: str | None) -> str | None:
    return _plain(f"{family} {release}" if release else family)


def _plain(text: str) -> str | None:
    return inert(text.strip(), 60) or None
