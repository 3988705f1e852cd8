"""What a platform answered, as the parts of a connector read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: header names are lower-case, `cookies` are those it sets; nothing of its content is in its repr.

    `body` is the parsed JSON, or the text itself where the call asks for text; None where it is empty or not read.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)
    text: str = field(default="", repr=False)
    document: str = field(default="/", repr=False)
    """The path that was asked for: the links of the answer are read against it."""
