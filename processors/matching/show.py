"""Syntax tree to text: one canonical way to write a query, with no bracket that isn't needed."""

from processors.matching.misleading import RESERVED
from processors.matching.tree import (
    And,
    AtLeast,
    Before,
    ConceptTerm,
    EntityTerm,
    Exact,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Published,
    Scoped,
    Unless,
    Wildcard,
    Word,
)

_OR, _AND, _NOT, _NEAR, _ITEM = range(5)


def show(node: Node) -> str:
    """The canonical text of a tree: `parse(show(tree)) == tree` for every tree that obeys tree.py's rules."""
    return _shown(node, _OR)


def _shown(node: Node, least: int) -> str:
    """The text of a node where only what binds as tight as `least` can stand without brackets."""
    text, binds = _text(node)
    return text if binds >= least else f"({text})"


def _text(node: Node) -> tuple[str, int]:
    match node:
        case Or():
            return " OR ".join(_shown(operand, _AND) for operand in node.operands), _OR
        case And():
            return " AND ".join(_shown(operand, _NOT) for operand in node.operands), _AND
        case Not():
            return f"NOT {_shown(node.operand, _NOT)}", _NOT
        case Near() | Before() | Unless():
            operator = f"{type(node).__name__.upper()}/{node.distance}"
            return f"{_shown(node.left, _NEAR)} {operator} {_shown(node.right, _ITEM)}", _NEAR
        case AtLeast():
            return f"ATLEAST/{node.count} {_shown(node.operand, _ITEM)}", _ITEM
        case Scoped():
            return f"{node.scope}:{_shown(node.operand, _ITEM)}", _ITEM
        case _:
            return _leaf(node), _ITEM


def _leaf(node: Node) -> str:
    match node:
        case Phrase():
            return _phrase(node)
        case EntityTerm():
            return f"entity:{_value(node.name)}"
        case ConceptTerm():
            return f"concept:{_value(node.id)}"
        case Filter():
            return f"{node.key}:{_value(node.value)}"
        case Published():
            return f"published:[{node.text}]"
        case Word():
            return f'"{node.text}"' if node.text in RESERVED else node.text
        case Wildcard():
            return node.pattern
        case Exact():
            return f"={node.text}"
        case _:
            raise TypeError(f"not a node of the alert language: {node!r}")


def _phrase(node: Phrase) -> str:
    slop = f"~{node.slop}" if node.slop else ""
    if all(isinstance(term, Exact) for term in node.terms):
        return f'="{" ".join(term.text for term in node.terms if isinstance(term, Exact))}"{slop}'
    words = (term.text if isinstance(term, Word) else _leaf(term) for term in node.terms)
    return f'"{" ".join(words)}"{slop}'


def _value(text: str) -> str:
    if all(character.isalnum() or character in "-_." for character in text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")
    return f'"{escaped}"'
