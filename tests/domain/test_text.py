"""Text from a platform is made inert before anybody sees it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessionconsole.domain.text import NAME_LIMIT, inert

_INVISIBLE = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0})
_JOINERS = ("\u200c", "\u200d")
HOSTILE = st.lists(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from([chr(code) for code in _INVISIBLE]),
        st.sampled_from(
            "\u202a\u202e\u2066\u2069\u200b\u200d\u200e\u061c\ufeff\x00\x1b\x7f\U000e0041\u0301\u20dd"
        ),
        st.sampled_from(["\u0301" * 50, "A" * 300]),
    ),
    max_size=60,
).map("".join)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("Dana\u202enimda", "Dana[U+202E]nimda"),
        ("\u2066Dana\u2069", "[U+2066]Dana[U+2069]"),
        ("Dana\x00", "Dana[U+0000]"),
        ("one\r\ntwo\tthree", "one[U+000D][U+000A]two[U+0009]three"),
        ("a\u2028b", "a[U+2028]b"),
        ("half \ud83d", "half \ufffd"),
        ("no\u00a0break", "no break"),
        ("\U000e0041", "[U+E0041]"),
        ("Maria\u3164", "Maria[U+3164]"),
        ("Ma\u200dria", "Ma[U+200D]ria"),
        ("\u200c\u0645", "[U+200C]\u0645"),
        ("\u0645\u200d\u200d\u0645", "\u0645[U+200D][U+200D]\u0645"),
    ],
)
def test_what_is_invisible_or_reorders_is_written_out(hostile: str, shown: str) -> None:
    assert inert(hostile) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Chloé",
        "São Paulo",
        "Nguyễn Văn Ánh",
        "王小明",
        "יעל",
        "नमस्ते",
        "Zoe\u0308",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
        "\U0001f469\u200d\U0001f33e",  # a farmer: woman and ear of rice, joined
    ],
)
def test_names_of_living_scripts_stay_as_they_are(name: str) -> None:
    assert inert(name) == name


def test_a_tower_of_marks_is_cut_down() -> None:
    shown = inert("Z" + "\u0301" * 5000 + "oe", limit=50)

    assert shown.count("\u0301") == 4
    assert shown.startswith("Z")
    assert shown.endswith("…"), "what is cut ends in an ellipsis"


def test_a_text_of_the_limit_is_kept_and_a_longer_one_ends_in_an_ellipsis() -> None:
    assert inert("x" * NAME_LIMIT) == "x" * NAME_LIMIT
    assert inert("x" * (NAME_LIMIT + 1)) == "x" * (NAME_LIMIT - 1) + "…"
    assert inert("x" * 1_000_000, limit=10) == "x" * 9 + "…"


@given(HOSTILE, st.integers(1, 300))
def test_nothing_hostile_comes_through(text: str, limit: int) -> None:
    shown = inert(text, limit)

    assert len(shown) <= limit
    shown.encode()
    assert not shown.startswith(_JOINERS)
    assert not shown.endswith(_JOINERS)
    plain = shown.translate(dict.fromkeys(map(ord, _JOINERS)))
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn") for char in plain)
    assert not any(ord(char) in _INVISIBLE for char in shown)
    run = 0
    for char in shown:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        assert run <= 4


@given(HOSTILE)
def test_what_was_made_inert_once_is_not_changed_by_a_second_time(text: str) -> None:
    assert inert(inert(text)) == inert(text)
