r"""Regular expressions that cannot run away: every repetition has a bound, and so has the work of one search.

Python's engine tries one way after the other, so hostile text can make a careless pattern run for years. What is
allowed here is a language in which the steps can be counted beforehand: no `*`, `+` or `{n,}`, no back-references, no
looking ahead or behind, and no repetition or alternative inside of what is repeated. A repetition that ends where the
next character cannot belong to it, such as `[^;]{1,80};`, hardly counts; `.{1,80};` counts 80 ways.
"""

from __future__ import annotations

import re

from sessionconsole.platform.connectors.mistakes import Mistake
from sessionconsole.platform.connectors.pattern_reading import begins_at_the_start, read_pattern, steps

LONGEST_PATTERN = 200
LONGEST_TEXT = 2000
"""Characters of a text that are searched."""
LONGEST_PAGE = 200_000
"""The same of a web page, for a pattern that takes few steps."""
MOST_WORK = 300_000_000
"""Steps of one search in the very worst case, which is about a second; all usual patterns are far below."""


def bounded_pattern(text: str) -> re.Pattern[str]:
    r"""The compiled pattern (`re.ASCII`: `\d` and `\w` are the plain ones); raises `Mistake` where it is unsafe."""
    if (needed := work(text)) > MOST_WORK:
        raise Mistake(
            f"This pattern may take {needed:,} steps for one text, and {MOST_WORK:,} are the most. Begin it with ^,"
            " or let a repetition end where the next character cannot belong to it: [^;]{1,80}; and not .{1,80};"
        )
    try:
        return re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        raise Mistake("This is no regular expression.") from None


def work(text: str, longest: int = LONGEST_TEXT) -> int:
    """The steps of a search through so many characters, at most; raises `Mistake` for what is not a bounded pattern."""
    if len(text) > LONGEST_PATTERN:
        raise Mistake(f"This pattern is longer than {LONGEST_PATTERN} characters.")
    tree = read_pattern(text)
    return steps(tree) * (1 if begins_at_the_start(tree) else longest + 1)


def reach(text: str) -> int:
    """How many characters of a web page a search for this pattern may go through; raises `Mistake`."""
    return max(LONGEST_TEXT, min(LONGEST_PAGE, LONGEST_TEXT * MOST_WORK // work(text)))


def search(pattern: re.Pattern[str], text: str, longest: int = LONGEST_TEXT) -> re.Match[str] | None:
    """Where the pattern is found first, in the first `longest` characters."""
    return pattern.search(text[:longest])


def pick(pattern: re.Pattern[str], text: str, longest: int = LONGEST_TEXT) -> str | None:
    """What the first group caught (all of it where there is no group); None where the pattern is not found."""
    found = search(pattern, text, longest)
    if found is None:
        return None
    caught: str | None = found[1] if pattern.groups else found[0]
    return caught


def fits(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the text as a whole looks so; one of more than 2,000 characters never does."""
    return len(text) <= LONGEST_TEXT and pattern.fullmatch(text) is not None
