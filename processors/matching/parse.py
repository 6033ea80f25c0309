"""Text to syntax tree.

In order: what was given is bounded and cleaned (source.py), cut into lexemes (scan.py), grouped by the grammar
(grammar.lark), and what groups well but means nothing is refused (checks.py). Plain shapes, which most subscriptions
have, don't need the grammar; a property test holds that they get the tree that it would give.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Transformer, UnexpectedToken
from lark.lexer import Lexer

from processors.matching.checks import refuse_meaningless
from processors.matching.limits import refusal, short
from processors.matching.scan import Lexeme, Proximity, scan
from processors.matching.source import source
from processors.matching.tree import And, AtLeast, Exact, Node, Not, Or, Phrase, Scoped, Wildcard, Word

_OPERAND = ("a word", "a phrase in quotes", "an opening bracket")


def parse(query: str) -> Node:
    """The syntax tree of a query; `parse(show(tree)) == tree`.

    Raises QueryError with the column, what could stand there and a remedy, in less than 50 ms whatever is given.
    """
    given = source(query)
    lexemes = scan(given)
    if not lexemes:
        raise refusal(
            "empty", "the query is empty", expected=_OPERAND, suggestion="Write a word that articles should have"
        )
    tree = plain_shape(lexemes)
    if tree is None:
        tree = grouped(lexemes, given.column(len(given.text)))
        refuse_meaningless(tree)
    return tree


def plain_shape(lexemes: list[Lexeme]) -> Node | None:
    """The tree of terms side by side, or of two words or phrases by NEAR and its kin; None for any other shape."""
    if len(lexemes) == 3 and lexemes[1].kind == "PROXIMITY":
        left, right = lexemes[0].value, lexemes[2].value
        if isinstance(left, Word | Wildcard | Exact | Phrase) and isinstance(right, Word | Wildcard | Exact | Phrase):
            make, distance = cast("Proximity", lexemes[1].value)
            return make(left, right, distance, left.column)
        return None
    for lexeme in lexemes:
        if lexeme.kind != "TERM":
            return None
    first = cast("Node", lexemes[0].value)
    if len(lexemes) == 1:
        return first
    return And(tuple(cast("Node", lexeme.value) for lexeme in lexemes), first.column)


def grouped(lexemes: list[Lexeme], end: int) -> Node:
    """The tree that the grammar gives; `end` is the column after the query's last character. Raises QueryError."""
    try:
        return cast("Node", _grammar().parse(lexemes))
    except UnexpectedToken as error:
        raise _syntax_error(lexemes, cast("Token", error.token), end) from None


class _Lexemes(Lexer):
    """Hands the scanner's lexemes to lark."""

    def __init__(self, _conf: object) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Token]:
        """The lexemes as lark's tokens; `start_pos` is the place in the list."""
        del parser_state  # for lexers that depend on what the grammar expects
        for place, lexeme in enumerate(cast("list[Lexeme]", lexer_state)):
            token = Token(lexeme.kind, "", place)
            token.value = cast("str", lexeme)
            yield token


class _Trees(Transformer[Token, Node]):
    """What each rule of the grammar makes."""

    def term(self, items: list[Any]) -> Node:
        return items[0].value.value

    def group(self, items: list[Any]) -> Node:
        return items[1]

    def either(self, items: list[Any]) -> Node:
        return Or(_flat(Or, items), _nodes(items)[0].column)

    def both(self, items: list[Any]) -> Node:
        return And(_flat(And, items), _nodes(items)[0].column)

    def negated(self, items: list[Any]) -> Node:
        return Not(items[1], items[0].value.column)

    def near(self, items: list[Any]) -> Node:
        left, token, right = items
        make, distance = token.value.value
        return make(left, right, distance, left.column)

    def at_least(self, items: list[Any]) -> Node:
        return AtLeast(items[1], items[0].value.value, items[0].value.column)

    def scoped(self, items: list[Any]) -> Node:
        return Scoped(items[0].value.value, items[1], items[0].value.column)


def _nodes(items: list[Any]) -> list[Node]:
    return [item for item in items if item is not None and not isinstance(item, Token)]


def _flat(kind: type[And] | type[Or], items: list[Any]) -> tuple[Node, ...]:
    operands: list[Node] = []
    for node in _nodes(items):
        if isinstance(node, kind):
            operands += node.operands
        else:
            operands.append(node)
    return tuple(operands)


@cache
def _grammar() -> Any:  # lark's own types are partly unknown
    text = files("processors.matching").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", lexer=_Lexemes, transformer=_Trees(), maybe_placeholders=False)


def _syntax_error(lexemes: list[Lexeme], token: Token, end: int) -> Exception:
    """The grammar takes an operand or, behind one, an operator; brackets are paired: so an operand is missing."""
    at_end = token.type == "$END"
    place = len(lexemes) if at_end else cast("int", token.start_pos)
    before = lexemes[place - 1] if place else None
    found = "the end of the query" if at_end else f"“{short(lexemes[place].text)}”"
    message = f"{found} stands where a word should" if before is None else f"{found} right after “{short(before.text)}”"
    return refusal(
        "syntax",
        message,
        column=end if at_end else lexemes[place].column,
        expected=_OPERAND if before and before.kind in ("PROXIMITY", "ATLEAST", "SCOPE") else (*_OPERAND, "NOT"),
        suggestion=_remedy(before, None if at_end else lexemes[place]),
    )


def _remedy(before: Lexeme | None, found: Lexeme | None) -> str:
    operators = ("AND", "OR", "PROXIMITY")
    if found is not None and found.kind == "NOT" and before is not None and before.kind == "PROXIMITY":
        return "To exclude words nearby, write a UNLESS/5 b; to exclude them anywhere, put NOT after the whole"
    if found is not None and before is not None and before.kind == "OPEN" and found.kind == "CLOSE":
        return "Take the empty brackets out, or write \\( and \\) where a text has them"
    if found is not None and found.kind in operators:
        return f'Give {found.text} something on its left, or quote it: "{found.text}"'
    if before is not None and before.kind in (*operators, "NOT", "ATLEAST", "SCOPE"):
        return f"Give {before.text} something on its right, or take it out"
    return "Give a word, a phrase or a bracket here"
