"""The one style sheet of the application, written from the tokens."""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from sessionconsole.resources import resource_path
from sessionconsole.ui.look.tokens import RADIUS, RADIUS_CARD, RADIUS_CHIP, RADIUS_PANEL, Sizes, Tokens


def style_sheet(tokens: Tokens, sizes: Sizes) -> str:
    """resources/style/application.qss with the tokens, and `$pxN` for every measure, filled in."""
    template = Template(resource_path("style", "application.qss").read_text("utf-8"))
    values = {name: value for name, value in asdict(tokens).items() if isinstance(value, str)}
    values |= {f"px{measure}": f"{sizes.px(measure)}px" for measure in range(65)}
    values |= {f"size_{name}": f"{getattr(sizes, name)}px" for name in _TYPE}
    values |= {
        "radius": f"{sizes.px(RADIUS)}px",
        "radius_panel": f"{sizes.px(RADIUS_PANEL)}px",
        "radius_card": f"{sizes.px(RADIUS_CARD)}px",
        # half the height at most, or Qt draws corners
        "radius_chip": f"{min(sizes.px(RADIUS_CHIP), (sizes.px(26) + 2) // 2)}px",
        "current": tokens.selected if tokens.tints else tokens.accent_fill,
        "on_current": tokens.text if tokens.tints else tokens.on_accent,
        "panel_line": tokens.raised if tokens.tints else tokens.edge,
        "unusable": "solid" if tokens.tints else "dashed",  # where all lines are white nothing else tells it
        "alarm_line": tokens.alarm_row if tokens.tints else tokens.alarm,
        "check_line": tokens.check_row if tokens.tints else tokens.check,
        "good_line": tokens.good_row if tokens.tints else tokens.good,
    }
    return template.substitute(values)


_TYPE = ("body", "small", "name", "title", "sign_in_title")
