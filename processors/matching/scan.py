"""Text to lexemes: where the alert language's words, quotes, fields and operators begin and end.

The grammar sees nine kinds of lexemes; a TERM's value is a finished leaf of the tree. The scanner goes through the
text once, counts terms, wildcards and brackets as it goes, and stops at the first that is too many.
"""

import re
from typing import NamedTuple

from processors.matching.fields import FIELDS, field_term, is_scope, refuse_unknown
from processors.matching.limits import (
    MAX_BRACKETS,
    MAX_DISTANCE,
    MAX_NOTS,
    MAX_TERMS,
    MAX_WILDCARDS,
    refusal,
    short,
)
from processors.matching.misleading import (
    BOOLEAN,
    EXCLUDING,
    RESERVED,
    no_letters,
    refuse_misleading,
    refuse_operator_with_number,
    refuse_single_quotes,
)
from processors.matching.source import Source
from processors.matching.terms import QUOTES, SimpleTerm, simple_terms
from processors.matching.tokenise import NARROW_SPACES
from processors.matching.tree import Before, Near, Node, Phrase, Unless, Wildcard, Word

_STOP = rf"\s(){QUOTES}"
# A no-break or thin space between groups of three digits belongs to the number.
_THOUSANDS = rf"(?<=[0-9])[{NARROW_SPACES}](?=[0-9]{{3}}(?![0-9]))"
_BARE = rf"(?:\\.|[^{_STOP}\\]|{_THOUSANDS})++"
# A run of these is one word in any text: no joiners, none of the scripts that are written without spaces.
_LATIN = r"0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
_NEXT = re.compile(
    rf"""\s*+(?:
      (?P<simple>[{_LATIN}]++)(?=[\s()]|\Z)(?!{_THOUSANDS})
    | (?P<open>\()
    | (?P<close>\))
    | (?P<quote>=?[{QUOTES}])
    | (?P<field>[^{_STOP}\\:]*+):
    | (?P<bare>{_BARE})
    | (?P<end>\Z)
    )""",
    re.DOTALL | re.VERBOSE,
)
_VALUE = re.compile(rf"\s*+(?:(?P<quote>[{QUOTES}])|(?P<range>\[[^\]]*+\])|(?P<bare>{_BARE}))?", re.DOTALL)
_CLOSED_BY = {
    '"': re.compile(r'((?:\\.|[^"\\])*+)"', re.DOTALL),
    "“": re.compile(rf"((?:\\.|[^{QUOTES}\\])*+)[{QUOTES}]", re.DOTALL),
}
_WORD_IN_QUOTES = re.compile(rf"(?:\S|{_THOUSANDS})++")
_SLOP = re.compile(r"~([0-9]*+)")
_PLAIN_PHRASE = re.compile(rf"[{_LATIN}]++(?: [{_LATIN}]++)++")
_NUMBERED = re.compile(r"(NEAR|BEFORE|UNLESS|ATLEAST)/(.*)", re.DOTALL)

_PROXIMITY = {"NEAR": Near, "BEFORE": Before, "UNLESS": Unless}
_USUAL = {"NEAR": 5, "BEFORE": 5, "UNLESS": 5, "ATLEAST": 2}


class Lexeme(NamedTuple):
    """`kind`: TERM, PROXIMITY, ATLEAST, SCOPE, AND, OR, NOT, OPEN or CLOSE; `text` is as written, for messages."""

    kind: str
    value: object
    column: int
    text: str


class Proximity(NamedTuple):
    """What NEAR/n, BEFORE/n and UNLESS/n stand for."""

    make: type[Near] | type[Before] | type[Unless]
    distance: int


def scan(given: Source) -> list[Lexeme]:
    """The lexemes of a query, in order. Raises QueryError with the column in the query as given."""
    return _Scanner(given).run()


class _Scanner:
    """One pass over one query; `opened` are the places of brackets not closed yet."""

    def __init__(self, given: Source) -> None:
        self.source = given
        self.lexemes: list[Lexeme] = []
        self.opened: list[int] = []
        self.terms = self.wildcards = self.nots = 0

    def run(self) -> list[Lexeme]:
        text, position, match_next = self.source.text, 0, _NEXT.match
        while (found := match_next(text, position)) is not None:
            kind = found.lastgroup
            start, position = found.span(kind or 0)
            if kind == "simple":
                self.simple(found["simple"], start)
            elif kind == "quote":
                position = self.quoted(start, position)
            elif kind == "open":
                self.open(start)
            elif kind == "close":
                self.close(start)
            elif kind == "field":
                position = self.field(found["field"], start, position + 1)
            elif kind == "bare":
                self.bare(found["bare"], start)
            else:
                break
        if position < len(text.rstrip()):
            raise refusal(
                "bad_escape",
                "\\ at the very end means nothing",
                column=self.source.column(len(text.rstrip()) - 1),
                suggestion="Take it out",
            )
        if self.opened:
            raise refusal(
                "unclosed_bracket",
                "this bracket is never closed",
                column=self.source.column(self.opened[-1]),
                expected=("a closing bracket",),
                suggestion="Close it, or write \\( where a text has one",
            )
        refuse_single_quotes((each.text, each.column) if each.kind == "TERM" else None for each in self.lexemes)
        return self.lexemes

    def add(self, kind: str, value: object, start: int, text: str) -> None:
        self.lexemes.append(Lexeme(kind, value, self.source.column(start), text))
        if kind != "NOT":
            self.nots = 0

    def add_term(self, leaf: Node, start: int, text: str) -> None:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise refusal(
                "too_many_terms",
                f"more than {MAX_TERMS:,} terms",
                column=self.source.column(start),
                suggestion="Split the query into several subscriptions, or make a concept of its word lists",
            )
        if isinstance(leaf, Wildcard):
            self.wildcards += 1
        elif isinstance(leaf, Phrase):
            self.wildcards += sum(isinstance(term, Wildcard) for term in leaf.terms)
        if self.wildcards > MAX_WILDCARDS:
            raise refusal(
                "too_many_wildcards",
                f"more than {MAX_WILDCARDS} wildcards",
                column=self.source.column(start),
                suggestion="Write words instead: each finds all its inflections",
            )
        self.add("TERM", leaf, start, text)

    def simple(self, word: str, start: int) -> None:
        """A run of letters and digits between spaces or brackets: a word or an operator."""
        if word not in RESERVED:
            if word[-1] in "0123456789":
                refuse_operator_with_number(word, self.source.column(start))
            self.add_term(Word(word, self.source.column(start)), start, word)
        elif word in BOOLEAN:
            self.add(word, None, start, word)
            if word == "NOT":
                self.nots += 1
                if self.nots > MAX_NOTS:
                    raise refusal(
                        "too_deep",
                        f"more than {MAX_NOTS} NOT in a row",
                        column=self.source.column(start),
                        suggestion="Leave out every two: NOT NOT a is a",
                    )
        else:
            raise refusal(
                "bad_number",
                f"{word} needs a number",
                column=self.source.column(start),
                expected=(f"{word}/{_USUAL[word]}",),
                suggestion=f'Write "{word}" in quotes if you look for the word itself',
            )

    def open(self, start: int) -> None:
        self.opened.append(start)
        if len(self.opened) > MAX_BRACKETS:
            raise refusal(
                "too_deep",
                f"brackets are more than {MAX_BRACKETS} deep",
                column=self.source.column(start),
                suggestion="Leave out brackets that say nothing, or split the query",
            )
        self.add("OPEN", None, start, "(")

    def close(self, start: int) -> None:
        if not self.opened:
            raise refusal(
                "unopened_bracket",
                "this closing bracket was never opened",
                column=self.source.column(start),
                suggestion="Take it out, or open it where the group begins",
            )
        self.opened.pop()
        self.add("CLOSE", None, start, ")")

    def inside_quotes(self, start: int, position: int) -> tuple[str, int]:
        """What stands between the quote before `position` and its closing one, and where that one ends."""
        opening = self.source.text[position - 1]
        found = _CLOSED_BY.get(opening, _CLOSED_BY["“"]).match(self.source.text, position)
        if found is None:
            raise refusal(
                "unclosed_quote",
                "this quote is never closed",
                column=self.source.column(start),
                expected=("a closing quote",),
                suggestion='Close it, or write \\" where a text has one',
            )
        return found[1], found.end()

    def quoted(self, start: int, position: int) -> int:
        """A phrase, its `=` and its `~n`; where it ends."""
        inside, end = self.inside_quotes(start, position)
        exact = self.source.text[start] == "="
        slop = 0
        if slop_found := _SLOP.match(self.source.text, end):
            slop = self.number(slop_found[1], end, '"a b"~3', least=0)
            end = slop_found.end()
        terms: list[SimpleTerm] = []
        if not exact and _PLAIN_PHRASE.fullmatch(inside):
            place = position
            for word in inside.split(" "):
                terms.append(Word(word, self.source.column(place)))
                place += len(word) + 1
        else:
            for word in _WORD_IN_QUOTES.finditer(inside):
                terms += self.word_in_quotes(word[0], position + word.start(), exact=exact)
        column = self.source.column(start)
        if not terms:
            raise refusal(
                "no_letters" if inside.strip() else "empty",
                f"the quotes hold no word: {short(inside)}" if inside.strip() else "nothing stands between the quotes",
                column=column,
                expected=("a word",),
                suggestion="Only letters and digits can be found in a text",
            )
        if len(terms) == 1:
            only = terms[0]
            leaf: Node = type(only)(only.pattern if isinstance(only, Wildcard) else only.text, column)
        else:
            leaf = Phrase(tuple(terms), slop, column)
        self.add_term(leaf, start, self.source.text[start:end])
        return end

    def word_in_quotes(self, raw: str, start: int, *, exact: bool) -> list[SimpleTerm]:
        if raw.strip("*") == "":
            raise refusal(
                "bad_wildcard",
                "a * by itself stands for any word, and that can't be looked for",
                column=self.source.column(start),
                suggestion='For words between, write "…"~n',
            )
        return simple_terms(raw, start, self.source.column, exact=exact)

    def number(self, digits: str, start: int, expected: str, *, least: int) -> int:
        """The number that the digits are; `expected` is what a right one looks like."""
        if digits.isascii() and digits.isdigit() and len(digits) < 10 and least <= int(digits) <= MAX_DISTANCE:
            return int(digits)
        raise refusal(
            "bad_number",
            f"“{short(digits)}” is no number from {least} to {MAX_DISTANCE:,}" if digits else "a number is missing",
            column=self.source.column(start),
            expected=(expected,),
            suggestion=f"Write {expected}",
        )

    def field(self, name: str, start: int, position: int) -> int:
        """`name:` and, unless it is a scope, its value; where that ends."""
        if is_scope(name):
            self.add("SCOPE", name, start, f"{name}:")
            return position
        if name[:1] in (*EXCLUDING, "+") and name[1:] in FIELDS:
            refuse_misleading(self.source.text[start:].split(maxsplit=1)[0], start, self.source)
        refuse_unknown(name, self.source, start)
        value = _VALUE.match(self.source.text, position)
        kind = value.lastgroup if value else None
        if value is None or kind is None:
            raise refusal(
                "bad_value",
                f"{name}: is followed by nothing that it could take",
                column=self.source.column(position),
                expected=("a value right after the colon",),
                suggestion=f"Write ({name}:a OR {name}:b) for several" if "(" in self.source.text[position:] else "",
            )
        place, end = value.span(kind)
        raw = value[kind]
        if kind == "quote":
            raw, end = self.inside_quotes(place, end)
            place += 1
        if name == "published" and raw.startswith("[") and kind == "bare":
            raise refusal(
                "unclosed_bracket",
                "this range is never closed",
                column=self.source.column(place),
                expected=("a ] after the range",),
                suggestion="Write published:[2022-01-01 TO 2022-02-01]; * leaves an end open",
            )
        leaf = field_term(name, raw, kind, self.source.column(start), place, self.source)
        if end < len(self.source.text) and self.source.text[end] in f"({QUOTES}":
            raise refusal(
                "syntax",
                f"{name}: takes one value, and something stands right behind it",
                column=self.source.column(end),
                expected=("a space", "the end of the query"),
                suggestion="Quote the value if this belongs to it",
            )
        self.add_term(leaf, start, self.source.text[start:end])
        return end

    def bare(self, raw: str, start: int) -> None:
        """Whatever else stands between spaces: a word with a hyphen, a wildcard, `=form`, NEAR/5, or a mistake."""
        if numbered := _NUMBERED.fullmatch(raw):
            name = numbered[1]
            least = 1 if name == "ATLEAST" else 0
            count = self.number(
                numbered[2], start + len(name) + 1, f"a number, such as {name}/{_USUAL[name]}", least=least
            )
            if name == "ATLEAST":
                self.add("ATLEAST", count, start, raw)
            else:
                self.add("PROXIMITY", Proximity(_PROXIMITY[name], count), start, raw)
            return
        refuse_misleading(raw, start, self.source)
        found = simple_terms(raw, start, self.source.column)
        if not found:
            raise no_letters(raw, self.source.column(start))
        leaf = found[0] if len(found) == 1 else Phrase(tuple(found), 0, self.source.column(start))
        self.add_term(leaf, start, raw)
