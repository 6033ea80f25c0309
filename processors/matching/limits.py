"""How big a query may be, and the bounded codes of refusals.

What is promised: 20,000 characters, 1,000 terms, brackets 30 deep and 100 wildcards are accepted, each alone and all
together. Each bound is a little above where that lets the canonical text of an accepted query (`AND` written out) be
read back.
"""

import sys
from typing import Literal

from schemas.errors import QueryError

MAX_CHARACTERS = 30_000
MAX_TERMS = 1_000
"""Leaves of the tree; a phrase is one."""
MAX_WILDCARDS = 100
MAX_STARS = 4
"""In one wildcard: what tests a pattern needn't defend itself against `*a*a*a*a*a*…`."""
MAX_BRACKETS = 40
MAX_NOTS = 40
"""In a row."""
MAX_DEPTH = 1_100
"""Of the tree: a chain of 1,000 terms by NEAR groups from the left, so it is 1,000 deep."""
MAX_DISTANCE = 1_000
"""Of NEAR/n and its kin, `~n` and ATLEAST/n."""
MIN_WILDCARD_LETTERS = 3

# Trees are walked by recursion, with up to four Python frames a level; Python alone would stop at 1,000 frames. Those
# frames are on the heap (3.11), so that the thread's stack doesn't limit them.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 4 * MAX_DEPTH + 1_000))

Code = Literal[
    "bad_escape",
    "bad_number",
    "bad_value",
    "bad_wildcard",
    "control_character",
    "different_fields",
    "empty",
    "minus",
    "nested_scope",
    "no_letters",
    "not_a_mention",
    "only_not",
    "or_needs_positive",
    "syntax",
    "too_deep",
    "too_long",
    "too_many_terms",
    "too_many_wildcards",
    "unclosed_bracket",
    "unclosed_quote",
    "unknown_concept",
    "unknown_entity",
    "unknown_field",
    "unopened_bracket",
]
"""Why a query is refused; `QueryError.code` is one of these."""


def refusal(
    code: Code, message: str, *, column: int = 1, expected: tuple[str, ...] = (), suggestion: str = ""
) -> QueryError:
    """The error for a query that can't be used, its code one of the bounded ones."""
    return QueryError(message, column=column, expected=expected, suggestion=suggestion, code=code)


def short(text: str, limit: int = 60) -> str:
    """`text` to be quoted in a message: cut to `limit` characters, on one line, what a terminal would obey or not show as ·."""
    line = " ".join(text.split())
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return line if line.isprintable() else "".join(each if each.isprintable() else "·" for each in line)
