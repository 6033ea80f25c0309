"""What other query languages mean something by, and what would quietly be something else here: refused."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from processors.matching.limits import refusal, short
from processors.matching.source import Source

BOOLEAN = frozenset({"AND", "OR", "NOT"})
_NUMBERED = ("NEAR", "BEFORE", "UNLESS", "ATLEAST")
RESERVED = BOOLEAN | frozenset(_NUMBERED)
"""Words that must be quoted to be looked for."""
# As other languages write them (`near5`, `w/5`), or mistyped (`NAER/5`).
_LIKE_NUMBERED = re.compile(r"([a-z]{1,8})[/~]([0-9]{1,4})", re.IGNORECASE)
_LIKE_NUMBERED_AT_ONCE = re.compile(r"(near|before|unless|atleast|adj)([0-9]{1,3})", re.IGNORECASE)
_FOREIGN = {"&&": "AND", "&": "AND", "||": "OR", "|": "OR", "!": "NOT"}
EXCLUDING = "-!\u2212\u2013"
"""What stands before a word that other query languages exclude; also the minus and the dash that editors make of it."""
_MISLEADING = {
    "~": '~ stands behind a phrase only: "a b"~3',
    "^": "There is no boosting: a query rings or it doesn't",
    "?": "Only * is a wildcard",
    "[": "Square brackets belong to published:[… TO …]",
    "]": "Square brackets belong to published:[… TO …]",
    "{": "Use round brackets",
    "}": "Use round brackets",
    "|": "Write OR",
    **{wide: f"Write {chr(ord(wide) - 0xFEE0)}" for wide in "（）：＊＝＂"},
}
_MISLEADING_CHARACTER = re.compile(r"[~^\[\]{}|（）：＊＝＂]|\?(?=[^\W_])")
_SINGLE_QUOTES = "'‘’‚‛`´"
_OPENING = re.compile(rf"[{_SINGLE_QUOTES}](?![stnmkr](?:\W|\Z))(?=[^\W_])", re.IGNORECASE)
"""Not of Dutch *'s avonds*, *'t Gooi*, *rock 'n roll*."""


def no_letters(raw: str, column: int) -> Exception:
    """The refusal of what no text can have."""
    return refusal(
        "no_letters",
        f"“{short(raw)}” holds no letter or digit, so no text can have it",
        column=column,
        expected=("a word",),
        suggestion="Write the word right behind the =, or take it out" if raw == "=" else "Take it out",
    )


def refuse_misleading(raw: str, start: int, given: Source) -> None:
    """Refuse what other query languages mean something by, and what would quietly be something else here."""
    column = given.column(start)
    if raw in _FOREIGN:
        raise refusal("syntax", f"{raw} is no operator", column=column, suggestion=f"Write {_FOREIGN[raw]}")
    if raw[0] in EXCLUDING:
        rest = raw.lstrip(EXCLUDING)
        if not rest and not given.text[start + len(raw) : start + len(raw) + 1].strip():
            raise no_letters(raw, column)
        raise refusal(
            "minus",
            f"{raw[0]} before a word excludes nothing here",
            column=column,
            expected=("NOT",),
            suggestion=f"Write NOT {short(rest)}" if rest else f"Write NOT where the {raw[0]} is",
        )
    if raw[0] == "+" and raw != "+" * len(raw):
        raise refusal(
            "syntax",
            "+ before a word says nothing: words side by side are all needed",
            column=column,
            suggestion=f"Write {short(raw.lstrip('+'))}",
        )
    operator, is_exact, rest = raw.partition("=")
    if is_exact and rest and operator in BOOLEAN:
        remedy = f"Write {operator} ={short(rest)}"
        raise refusal("syntax", f"{operator} is an operator only between spaces", column=column, suggestion=remedy)
    if like := _LIKE_NUMBERED.fullmatch(raw):
        _refuse_like_numbered(like, column)
    if raw.partition("/")[0] in RESERVED and "/" in raw:
        raise refusal("syntax", f"{short(raw)} is no operator", column=column, suggestion=f'Quote it: "{short(raw)}"')
    _refuse_characters(raw, start, given)


def refuse_single_quotes(terms: Iterable[tuple[str, int] | None]) -> None:
    """Refuse `'massing of troops'`: words, where a phrase was meant. Each term as written with its column; None between runs."""
    opened: list[tuple[str, int]] = []
    for term in terms:
        if term is None:
            opened = []
        elif opened:
            opened.append(term)
            if term[0][-1] in _SINGLE_QUOTES:
                inside = short(" ".join(written for written, _ in opened)[1:-1])
                raise refusal(
                    "syntax",
                    "single quotes make no phrase",
                    column=opened[0][1],
                    expected=("double quotes",),
                    suggestion=f'Write "{inside}"',
                )
        elif _OPENING.match(term[0]) and term[0][-1] not in _SINGLE_QUOTES:
            opened = [term]


def refuse_operator_with_number(word: str, column: int) -> None:
    """Refuse `near5`, which no text has."""
    if like := _LIKE_NUMBERED_AT_ONCE.fullmatch(word):
        _refuse_like_numbered(like, column)


def _refuse_like_numbered(like: re.Match[str], column: int) -> None:
    name, number = like[1].upper(), like[2]
    near = ["NEAR"] if name in ("W", "ADJ", "WITHIN") else get_close_matches(name, _NUMBERED, 1, 0.7)
    if near:
        raise refusal(
            "syntax",
            f"{like[0]} is no operator",
            column=column,
            expected=(f"{near[0]}/{number}",),
            suggestion=f'Write {near[0]}/{number}, or quote it: "{like[0]}"',
        )


def _refuse_characters(raw: str, start: int, given: Source) -> None:
    if (place := _unescaped_colon(raw)) >= 0:
        raise refusal(
            "unknown_field",
            f"the colon in “{short(raw)}” follows no field's name",
            column=given.column(start + place),
            suggestion=f'Quote it: "{short(raw)}"',
        )
    if misleading := _MISLEADING_CHARACTER.search(raw):
        raise refusal(
            "syntax",
            f"{misleading[0]} in “{short(raw)}” means nothing here",
            column=given.column(start + misleading.start()),
            suggestion=f'{_MISLEADING[misleading[0]]}; or quote it: "{short(raw)}"',
        )


def _unescaped_colon(raw: str) -> int:
    if ":" not in raw:
        return -1
    found = re.search(r"(?<!\\)(?:\\\\)*+(:)", raw)
    return found.start(1) if found else -1
