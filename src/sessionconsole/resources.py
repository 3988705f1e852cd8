"""Where the data files are: icons, translations, map, styles, connectors."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_THE_WHEEL = _PACKAGE / "resources"
_IN_THE_SOURCE_TREE = _PACKAGE.parents[1] / "resources"


def resource_path(*parts: str) -> Path:
    """The path of a data file below resources/, e.g. resource_path("icons", "phone.svg").

    Works from a source tree and from an installed wheel. Raises FileNotFoundError when there is no such file:
    that is a broken installation, never something the user did.
    """
    root = _IN_THE_WHEEL if _IN_THE_WHEEL.is_dir() else _IN_THE_SOURCE_TREE
    path = root.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"no data file {'/'.join(parts)}")
    return path
