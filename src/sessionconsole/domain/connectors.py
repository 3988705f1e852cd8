"""Connector files, as the window and the commands speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sessionconsole.domain.errors import WrongUse
from sessionconsole.domain.platforms import Capabilities

FILE_SUFFIX = ".toml"


def is_file(source: str) -> bool:
    """Whether a connector is given as a file rather than by its name."""
    return source.endswith(FILE_SUFFIX) or "/" in source or "\\" in source


@dataclass(frozen=True, slots=True)
class FileMistake:
    """One mistake: `key` is its place ("sign_in.steps[0].call.path"), empty where it is about the whole file.

    `line` counts from 1; it is known of what is not valid TOML.
    """

    key: str
    text: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.key if self.line is None else f"line {self.line}"
        return f"{place}: {self.text}" if place else self.text


class ConnectorMistakes(WrongUse):
    """A connector file that cannot be used; `mistakes` are all that were found."""

    code = "connector-file"

    def __init__(self, name: str, mistakes: Sequence[FileMistake]) -> None:
        self.name = name
        self.mistakes = tuple(mistakes)
        count = "a mistake" if len(self.mistakes) == 1 else f"{len(self.mistakes)} mistakes"
        super().__init__(
            f"The connector file {name} has {count}: {self.mistakes[0]}.",
            "Mend the file. To see every mistake of it, run: sessionconsole connector check FILE",
        )


@dataclass(frozen=True, slots=True)
class AskedVariable:
    """Something that the user enters once for a platform, such as the name of the organizer."""

    name: str
    label: str
    help: str | None = None
    example: str | None = None
    default: str | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class AboutConnector:
    """What a connector is and can do; of a broken one only `name`, `own` and `problem` are known.

    `own` tells that the user added it. `verified` is "real-server", "specification" or "no". `ends` has "one", "many"
    and "others", `second_factors` and `proofs` the methods as the file calls them. Where `found_by_discovery`, the
    platform itself tells what it can do. Where `found_by_address`, nobody needs to choose it. `asks`, the labels and
    `help` are for the page on which one signs in. `keeps_password` where the platform knows its people by nothing else.
    `elsewhere` are the addresses that its calls go to, whatever address is typed, as the file has them.
    """

    name: str
    own: bool
    title: str = ""
    written_from: tuple[str, ...] = ()
    verified: str = "no"
    found_by_discovery: bool = False
    found_by_address: bool = False
    capabilities: Capabilities = Capabilities()
    ends: tuple[str, ...] = ()
    second_factors: tuple[str, ...] = ()
    proofs: tuple[str, ...] = ()
    tells_own_session: bool = False
    notes: tuple[str, ...] = ()
    asks: tuple[AskedVariable, ...] = ()
    username_label: str | None = None
    password_label: str | None = None
    help: str | None = None
    keeps_password: bool = False
    elsewhere: tuple[str, ...] = ()
    problem: WrongUse | None = None
