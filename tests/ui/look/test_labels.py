"""Text from a platform is shown, never obeyed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from sessionconsole.ui.look.labels import PlainLabel, Side, tooltip
from sessionconsole.ui.look.plain import breakable, unbroken

HOSTILE = '<img src="file:///etc/hostname"> &lt;b&gt;'


def test_a_label_never_reads_markup(qtbot: QtBot) -> None:
    label = PlainLabel(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == HOSTILE


@pytest.mark.parametrize("text", [HOSTILE, "a & b", "<qt>x</qt>"])
def test_a_tooltip_holds_no_tag_but_its_own(text: str) -> None:
    inner = tooltip(text).removeprefix("<qt>").removesuffix("</qt>")
    assert "<" not in inner
    assert ">" not in inner


def test_no_text_has_no_tooltip() -> None:
    assert tooltip("") == ""


def test_what_is_cut_stands_in_full_in_the_tooltip(qtbot: QtBot) -> None:
    label = PlainLabel("Noah Fitzgerald-Abernathy’s phone & tablet", elide=True)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.toolTip() == "<qt>Noah Fitzgerald-Abernathy’s phone &amp; tablet</qt>"
    assert label.accessibleName() == label.full_text == "Noah Fitzgerald-Abernathy’s phone & tablet"
    label.resize(600, 20)
    assert label.text() == label.full_text
    assert label.toolTip() == ""


def test_a_word_that_is_longer_than_its_line_is_broken_and_not_pushed_out(qtbot: QtBot) -> None:
    label = PlainLabel("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh", elide=3)
    qtbot.addWidget(label)
    label.resize(120, 80)
    label.show()
    lines = label.text().split("\n")

    assert len(lines) == 3
    assert all(label.fontMetrics().horizontalAdvance(line) <= 120 for line in lines)


def test_a_day_keeps_its_time_and_neither_is_read_out_or_copied_otherwise() -> None:
    told = "Tonight 20:57 if not used, 8 Dec at the latest, Thu 09:00 and 15 km away"
    broken = breakable(told)

    assert [part for part in broken.split(" ") if "\u00a0" in part] == [
        "Tonight\u00a020:57",
        "8\u00a0Dec",
        "Thu\u00a009:00",
    ]
    assert unbroken(broken) == told


def test_a_label_that_says_something_else_is_not_read_out_as_what_it_said_before(qtbot: QtBot) -> None:
    label = PlainLabel("Thu 09:00 at the latest", wrap=True)
    qtbot.addWidget(label)
    assert label.accessibleName() == "Thu 09:00 at the latest"
    label.setText("Not provided")

    assert label.accessibleName() in ("", "Not provided")


@pytest.mark.parametrize(
    ("direction", "side", "expected"),
    [
        (Qt.LayoutDirection.LeftToRight, Side.LEADING, Qt.AlignmentFlag.AlignLeft),
        (Qt.LayoutDirection.LeftToRight, Side.TRAILING, Qt.AlignmentFlag.AlignRight),
        (Qt.LayoutDirection.RightToLeft, Side.LEADING, Qt.AlignmentFlag.AlignRight),
        (Qt.LayoutDirection.RightToLeft, Side.TRAILING, Qt.AlignmentFlag.AlignLeft),
        (Qt.LayoutDirection.RightToLeft, Side.CENTRE, Qt.AlignmentFlag.AlignHCenter),
    ],
)
def test_the_side_is_the_window_s_and_not_the_text_s(
    qtbot: QtBot, direction: Qt.LayoutDirection, side: Side, expected: Qt.AlignmentFlag
) -> None:
    label = PlainLabel("שלום", side=side)
    qtbot.addWidget(label)
    label.setLayoutDirection(direction)
    assert (
        label.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask == expected | Qt.AlignmentFlag.AlignAbsolute
    )
