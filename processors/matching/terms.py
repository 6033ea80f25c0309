"""The words inside a query's term: cut by the rule that cuts texts (tokenise.py), so that what is asked for can be there.

`AT&T` is two words in a text, so it is the phrase `"AT T"` in a query; `COVID-19`, `l'OTAN`, `U.S.` and `130.000` are
one. What neither is a letter or digit nor joins two of them (`,` `+` `/` `!`, emoji) is never searched.
"""

from collections.abc import Callable, Iterable

from processors.matching.limits import MAX_STARS, MIN_WILDCARD_LETTERS, refusal, short
from processors.matching.tokenise import word_places
from processors.matching.tree import Exact, Wildcard, Word

ESCAPABLE = '"\\:*()'
QUOTES = '"“”„‟«»'

# Stand in for an escaped character, which is no part of a word, and for a *, which is, while words are cut.
_CUT = "\x00"
_STAR = "x"

SimpleTerm = Word | Wildcard | Exact
Column = Callable[[int], int]


def simple_terms(raw: str, start: int, column: Column, *, exact: bool = False) -> list[SimpleTerm]:
    """The terms of one written word of a query (no white space), in order; none where it has no letter or digit.

    `start` is its 0-based place in the query's text. Raises QueryError for a wildcard or an escape that can't be.
    """
    if raw.startswith("=") and not exact:
        exact, raw, start = True, raw[1:], start + 1
    text = _unescaped(raw, start, column) if "\\" in raw else raw
    found: list[SimpleTerm] = []
    for first, last in _word_places(text):
        written, place = text[first:last], column(start + first)
        if "*" not in written:
            found.append(Exact(written, place) if exact else Word(written, place))
        elif exact:
            raise refusal(
                "bad_wildcard",
                f"“{short(raw)}”: = asks for one very form, * for many",
                column=place,
                suggestion="Leave out the = or the *",
            )
        else:
            found.append(Wildcard(_checked_pattern(written, place), place))
    return found


def unescaped(raw: str, start: int, column: Column) -> str:
    """The characters that a value stands for, its escapes resolved. Raises QueryError for a wrong escape."""
    if "\\" not in raw:
        return raw
    out: list[str] = []
    position = 0
    while position < len(raw):
        if raw[position] == "\\":
            _check_escape(raw, position, start, column)
            position += 1
        out.append(raw[position])
        position += 1
    return "".join(out)


def _unescaped(raw: str, start: int, column: Column) -> str:
    """`raw` with each escape as cuts of the same length."""
    out = list(raw)
    position = 0
    while position < len(raw):
        if raw[position] == "\\":
            _check_escape(raw, position, start, column)
            out[position : position + 2] = _CUT * 2
            position += 1
        position += 1
    return "".join(out)


def _check_escape(raw: str, position: int, start: int, column: Column) -> None:
    if raw[position + 1 : position + 2] not in (*ESCAPABLE, *QUOTES):
        raise refusal(
            "bad_escape",
            f"\\ before {short(raw[position + 1 : position + 2]) or 'the end'} means nothing",
            column=column(start + position),
            expected=(f"one of {' '.join(ESCAPABLE)} after the \\",),
            suggestion="Write \\\\ for a \\ itself",
        )


def _word_places(text: str) -> Iterable[tuple[int, int]]:
    """Where the words of `text` are, each with a letter or digit (or a wildcard's `*`)."""
    if text.isalnum() and text.isascii():
        return ((0, len(text)),)
    return word_places(text.replace("*", _STAR))


def _checked_pattern(pattern: str, column: int) -> str:
    while "**" in pattern:
        pattern = pattern.replace("**", "*")
    letters = sum(character.isalnum() for character in pattern)
    if letters < MIN_WILDCARD_LETTERS:
        raise refusal(
            "bad_wildcard",
            f"“{short(pattern)}” gives {letters} {'letter' if letters == 1 else 'letters'}; a wildcard needs at least three",
            column=column,
            suggestion="Give more letters" if letters else 'For any words between, use NEAR/n or "…"~n',
        )
    if pattern.count("*") > MAX_STARS:
        raise refusal(
            "bad_wildcard",
            f"“{short(pattern)}” has more than {MAX_STARS} *",
            column=column,
            suggestion="Write the words out, or several wildcards with OR",
        )
    return pattern
