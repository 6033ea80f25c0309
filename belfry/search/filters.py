"""What narrows a query down from outside it (`--lang nl --from 2022-01-01`): said in the alert language itself.

So the matcher verifies the filters as it verifies the query, and search has no second notion of what they mean.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from belfry.search.instants import published_between
from processors.matching.meanings import Meanings, check_meanings
from processors.matching.parse import parse
from processors.matching.show import show
from processors.matching.tree import And, ConceptTerm, EntityTerm, Filter, Node, Or
from schemas.errors import QueryError, UsageError


@dataclass(frozen=True, slots=True)
class Filters:
    """Of several languages or sources one will do; of several entities and concepts each must be there.

    `since` and `until` are days or instants (UTC), both included; they mean `published_at`.
    """

    languages: Sequence[str] = ()
    sources: Sequence[str] = ()
    entities: Sequence[str] = ()
    concepts: Sequence[str] = ()
    since: str | None = None
    until: str | None = None


def wanted(query: str, filters: Filters, meanings: Meanings) -> Node:
    """The tree of a query and its filters.

    Raises QueryError with the column in `query` for what is wrong with the query, UsageError that names the option for
    a filter that can't be used.
    """
    tree = parse(query)
    check_meanings(tree, meanings)
    narrowed = tuple(_nodes(filters, meanings))
    return And((*(tree.operands if isinstance(tree, And) else (tree,)), *narrowed)) if narrowed else tree


def _nodes(filters: Filters, meanings: Meanings) -> Iterator[Node]:
    def each(option: str, values: Sequence[str], make: Callable[[str], Node]) -> list[Node]:
        return [_checked(option, value, make(value.strip()), meanings) for value in values]

    for nodes in (
        each("--lang", filters.languages, lambda value: Filter("lang", value.lower())),
        each("--source", filters.sources, lambda value: Filter("source", value)),
    ):
        if nodes:
            yield nodes[0] if len(nodes) == 1 else Or(tuple(nodes))
    yield from each("--entity", filters.entities, EntityTerm)
    yield from each("--concept", filters.concepts, ConceptTerm)
    if filters.since is not None or filters.until is not None:
        yield published_between(filters.since, filters.until)


def _checked(option: str, value: str, node: Node, meanings: Meanings) -> Node:
    """The filter as the language reads it. Raises UsageError where it can't, or reads something else."""
    try:
        read = parse(show(node))
        check_meanings(read, meanings)
    except QueryError as error:
        remedy = f". {error.suggestion}" if error.suggestion else ""
        raise UsageError(f"{option} {value}: {error.message}{remedy}") from error
    if type(read) is not type(node):
        raise UsageError(f"{option} {value}: takes one value")
    return read
